//! The clean Debian of a trial: a folder that is entered as root of its own.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use anyhow::{Context, bail, ensure};

use crate::shell;

/// The settings that the package brings.
pub(super) const CONFIG: &str = "/etc/schoolgate/schoolgate.toml";
const UNIT: &str = "/usr/lib/systemd/system/schoolgate.service";
/// The socket at which the trial stands in for the service manager.
const NOTIFY: &str = "/run/schoolgate-notify";
/// Makes a folder the root of a machine of its own, and hands it to systemd. What systemd mounts for a service must reach the others, as on a
/// machine; and the folder must be the root in earnest, since in a changed root nobody may make a namespace of users.
const BOOT: &str = r#"
    set -e
    mount --bind "$1" "$1"
    cd "$1"
    mkdir -p old
    mount -t proc proc proc
    mount -t sysfs sysfs sys
    mount -t tmpfs tmpfs run
    mount -t tmpfs tmpfs sys/fs/cgroup
    mount -t cgroup2 cgroup2 sys/fs/cgroup
    ip link set lo up
    pivot_root . old
    umount --lazy old
    mount --make-rshared /
    exec env -i container=other PATH=/usr/sbin:/usr/bin /lib/systemd/systemd --log-target=null
"#;

/// What systemd starts after the service: it writes down how that stands, and ends the machine.
const WITNESS: &str = r#"[Unit]
After=schoolgate.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'systemctl show --property=ActiveState,StatusText schoolgate >/told; systemctl reload schoolgate; \
    for second in 1 2 3 4 5 6 7 8 9 10; do journalctl --unit=schoolgate | grep "is in force" >>/told && break; sleep 1; done; \
    journalctl --unit=schoolgate --lines=20 >>/told; systemctl exit 0'
[Install]
WantedBy=multi-user.target
"#;

/// Longest wait for a start, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The machine.
pub(super) struct Machine {
    root: PathBuf,
    manager: UnixDatagram,
}

/// The service while it runs.
pub(super) struct Service<'m> {
    machine: &'m Machine,
    child: Child,
}

// === impl Machine ===

impl Machine {
    /// Switches its network on, which leads nowhere.
    pub(super) fn start(root: PathBuf) -> anyhow::Result<Self> {
        shell::run(shell::command("ip")?.args(["link", "set", "lo", "up"]))?;
        shell::run(shell::command("mount")?.args(["-t", "proc", "proc"]).arg(root.join("proc")))?;
        let socket = root.join(NOTIFY.trim_start_matches('/'));
        let manager = UnixDatagram::bind(&socket).with_context(|| format!("listen at {}", socket.display()))?;
        fs::set_permissions(&socket, fs::Permissions::from_mode(0o666)).context("open that socket to the service")?;
        manager.set_read_timeout(Some(PATIENCE)).context("set how long is waited")?;
        Ok(Self { root, manager })
    }

    /// Where a path of it lies for us.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// A command on it, as this account.
    fn command(&self, account: &str) -> Command {
        let mut command = Command::new("chroot");
        command.arg(format!("--userspec={account}:{account}")).arg(&self.root).env_clear();
        command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("LC_ALL", "C").env("DEBIAN_FRONTEND", "noninteractive");
        command.stdin(Stdio::null());
        command
    }

    /// Runs a command as root; gives what it printed to both streams.
    pub(super) fn ask(&self, words: &[&str]) -> anyhow::Result<String> {
        let output = self.command("root").args(words).output().with_context(|| format!("start {}", words.join(" ")))?;
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        ensure!(output.status.success(), "`{}` ended with {}: {said}", words.join(" "), output.status);
        Ok(said)
    }

    /// Runs the program as its own account, with the settings that the package brings.
    pub(super) fn schoolgate(&self, words: &[&str]) -> anyhow::Result<Output> {
        self.program("/usr/bin/schoolgate", words)
    }

    /// The same with a program that lies elsewhere.
    pub(super) fn program(&self, path: &str, words: &[&str]) -> anyhow::Result<Output> {
        let mut command = self.command("schoolgate");
        command.arg(path).args(words).args(["--config", CONFIG]);
        command.output().with_context(|| format!("start {path}"))
    }

    /// Starts the service by what its unit says, and returns when it has told its manager that it serves.
    pub(super) fn serve(&self) -> anyhow::Result<Service<'_>> {
        let unit = fs::read_to_string(self.path(UNIT)).context("read the unit")?;
        let setting = |name: &str| unit.lines().find_map(|line| line.strip_prefix(name)).with_context(|| format!("{name} in the unit"));
        let mut command = self.command(setting("User=")?);
        command.args(setting("ExecStart=")?.split(' ')).env("NOTIFY_SOCKET", NOTIFY);
        let child = command.stdout(Stdio::null()).spawn().context("start the service")?;
        let service = Service { machine: self, child };
        service.hear("READY=1").context("wait until the service says that it serves")?;
        Ok(service)
    }

    /// Starts systemd on it, in namespaces of its own, and gives what the service then says of itself.
    pub(super) fn boot(&self) -> anyhow::Result<String> {
        fs::write(self.path("/etc/systemd/system/witness.service"), WITNESS).context("write the unit of the witness")?;
        self.ask(&["systemctl", "enable", "witness"])?;
        let mut command = shell::command("timeout")?;
        command.args(["--kill-after=5", "120", "unshare", "--mount", "--net", "--pid", "--cgroup", "--fork", "--kill-child"]);
        command.args(["sh", "-c", BOOT, "boot"]).arg(&self.root).stdout(Stdio::null());
        // How it ends says nothing: the last process of a namespace is ended by others.
        command.status().context("start systemd")?;
        fs::read_to_string(self.path("/told")).context("read what the witness wrote: systemd did not come so far")
    }

    /// What the web gives for these words to `curl`.
    pub(super) fn fetch(&self, words: &[&str]) -> anyhow::Result<String> {
        let mut command = shell::command("curl")?;
        shell::output(command.args(["--silent", "--show-error", "--max-time", "30"]).args(words))
    }

    /// A page of the console, under the school's own root.
    pub(super) fn console(&self, path: &str) -> anyhow::Result<String> {
        let trust = self.path("/var/lib/schoolgate/page-root/page-root.pem");
        self.fetch(&["--fail", "--cacert", &trust.to_string_lossy(), &format!("https://127.0.0.1:8480{path}")])
    }

    /// Status and body of what a browser behind the proxy gets.
    pub(super) fn proxied(&self, url: &str) -> anyhow::Result<String> {
        let said = self.fetch(&["--proxy", "http://127.0.0.1:8080", "--write-out", "\n%{http_code}", url])?;
        let (body, status) = said.rsplit_once('\n').context("read what curl says")?;
        Ok(format!("{status} {body}"))
    }
}

// === impl Service ===

impl Service<'_> {
    /// Its process id.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a power cut would.
    pub(super) fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill().and_then(|()| self.child.wait()).context("kill the service")?;
        Ok(())
    }

    /// Ends it as its manager does, and sees that it ends in good order.
    pub(super) fn stop(mut self) -> anyhow::Result<()> {
        shell::run(shell::command("kill")?.args(["-TERM", &self.id().to_string()]))?;
        self.hear("STOPPING=1")?;
        let ended = self.child.wait().context("wait until the service has ended")?;
        ensure!(ended.success(), "the service ended with {ended}");
        Ok(())
    }

    /// Waits until it tells its manager this.
    fn hear(&self, what: &str) -> anyhow::Result<()> {
        let mut text = [0; 512];
        loop {
            let length = match self.machine.manager.recv(&mut text) {
                Ok(length) => length,
                Err(error) => bail!("the service does not say {what}: {error}"),
            };
            if String::from_utf8_lossy(text.get(..length).unwrap_or_default()).lines().any(|line| line == what) {
                return Ok(());
            }
        }
    }
}

impl Drop for Service<'_> {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
