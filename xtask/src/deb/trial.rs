//! The package on a clean Debian, as a school has it: installed, started by what its unit says, killed, upgraded, removed, purged. It
//! runs in namespaces of its own ([`test`](super::test) makes them), so its ports are nobody else's.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use super::machine::{CONFIG, Machine};
use super::{VERSIONS, package, root};

/// What the technician has set before the upgrade, and must not lose by it.
const SET_UP: &str = r#"
[[host]]
name = "museum.example"
address = "127.0.0.1"
port = 8000

[[override]]
action = "allow"
for = "everyone"
site = "museum.example"
reason = "Trial"
author = "Technician"
"#;

/// Most that `systemd-analyze security` may give, in tenths: 0 is a service that may nothing, 100 one that may everything.
const EXPOSURE: &str = "--threshold=15";

/// Tries the packages that lie in `scratch`.
pub(crate) fn run(scratch: &Path) -> anyhow::Result<()> {
    let machine = Machine::start(root(scratch))?;
    for version in VERSIONS {
        let name = package(scratch, version);
        fs::copy(&name, machine.path("/").join(format!("{version}.deb"))).with_context(|| format!("copy {}", name.display()))?;
    }
    install(&machine)?;
    unit(&machine)?;
    museum()?;
    first_start(&machine)?;
    look_ahead(&machine)?;
    upgrade(&machine)?;
    remove(&machine)?;
    again(&machine)?;
    step("started by systemd, under everything that its unit forbids, it serves and takes new settings");
    let told = machine.boot()?;
    for expected in ["ActiveState=active", "StatusText=Filtering for 1 listeners", "is in force"] {
        ensure!(told.contains(expected), "systemd does not say {expected:?}: {told}");
    }
    Ok(())
}

fn step(what: &str) {
    println!("  {what}");
}

fn install(machine: &Machine) -> anyhow::Result<()> {
    step("it is installed, says what to do next, and belongs to an account of its own");
    let said = machine.ask(&["dpkg", "--install", &format!("/{}.deb", VERSIONS[0])])?;
    ensure!(said.contains("listens on this machine only") && said.contains("install.md"), "nobody is told what to do next: {said}");
    for (path, expected) in [
        ("/var/lib/schoolgate", "700 schoolgate:schoolgate"),
        ("/etc/schoolgate", "750 root:schoolgate"),
        (CONFIG, "640 root:schoolgate"),
        ("/usr/bin/schoolgate", "755 root:root"),
    ] {
        let found = machine.ask(&["stat", "--format", "%a %U:%G", path])?;
        ensure!(found.trim() == expected, "{path} is {found}and not {expected}");
    }
    for path in ["/usr/share/man/man1/schoolgate.1.gz", "/usr/share/doc/schoolgate/install.md", "/usr/share/doc/schoolgate/copyright"] {
        ensure!(machine.path(path).is_file(), "{path} is not in the package");
    }
    let shell = machine.ask(&["getent", "passwd", "schoolgate"])?;
    ensure!(shell.trim().ends_with("/usr/sbin/nologin"), "somebody could sign in as schoolgate: {shell}");
    Ok(())
}

fn unit(machine: &Machine) -> anyhow::Result<()> {
    step("its unit has no mistake, starts with the machine and may do little");
    let said = machine.ask(&["systemd-analyze", "verify", "--man=no", "schoolgate.service"])?;
    ensure!(said.trim().is_empty(), "the unit has mistakes: {said}");
    ensure!(machine.ask(&["systemctl", "is-enabled", "schoolgate"])?.trim() == "enabled", "it does not start with the machine");
    machine.ask(&["systemd-analyze", "security", "--offline=yes", EXPOSURE, "--no-pager", "schoolgate.service"])?;
    Ok(())
}

/// A site on this machine, which says the same to everybody.
fn museum() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:8000").context("open the museum")?;
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 4096];
            // Whatever is asked, and whether it is taken: the trial looks at what the proxy gives.
            let _ = stream.read(&mut request);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\ndinosaur");
        }
    });
    Ok(())
}

fn first_start(machine: &Machine) -> anyhow::Result<()> {
    step("it starts as its own account, answers at both ports, and doctor finds this machine in order");
    let service = machine.serve()?;
    let who = machine.ask(&["stat", "--format", "%U", &format!("/proc/{}", service.id())])?;
    ensure!(who.trim() == "schoolgate", "it runs as {who}");
    ensure!(machine.console("/sign-in")?.contains("Our school"), "the console does not answer under the school's own root");
    ensure!(machine.proxied("http://bet365.com/")?.starts_with("403"), "a betting site is not closed");
    ensure!(machine.fetch(&["http://127.0.0.1:8080/proxy.pac"])?.contains("FindProxyForURL"), "there are no settings for browsers");
    doctor(machine)?;
    let made = machine.schoolgate(&["accounts", "first", "--head", "Hazel Marsh", "--technician", "Ash Patel"])?;
    ensure!(made.status.success(), "no accounts: {}", String::from_utf8_lossy(&made.stderr));
    service.kill()
}

/// Everything that an install can bring is in order, and what it cannot bring is named.
fn doctor(machine: &Machine) -> anyhow::Result<()> {
    let said = machine.schoolgate(&["doctor", "--json"])?.stdout;
    let report: serde_json::Value = serde_json::from_slice(&said).context("read what doctor says")?;
    let findings = report.get("findings").and_then(|findings| findings.as_array()).context("find what doctor found")?;
    let word = |finding: &serde_json::Value, key: &str| finding.get(key).and_then(|word| word.as_str()).unwrap_or_default().to_owned();
    let of_machine: Vec<_> = findings.iter().filter(|finding| word(finding, "part") == "machine").collect();
    let wrong: Vec<_> = of_machine.iter().filter(|finding| word(finding, "state") != "good").collect();
    ensure!(of_machine.len() > 10 && wrong.is_empty(), "doctor finds fault with a fresh install: {wrong:?}");
    let red: Vec<_> = findings.iter().filter(|finding| word(finding, "state") == "bad").map(|finding| word(finding, "check")).collect();
    ensure!(red == ["Backup", "Illegal material", "Full lists"], "doctor is red about {red:?}");
    Ok(())
}

/// By the lines of `docs/install.md`.
fn look_ahead(machine: &Machine) -> anyhow::Result<()> {
    step("while it runs, the new program says what an upgrade will do, straight out of its package");
    let service = machine.serve()?;
    machine.ask(&["dpkg-deb", "--extract", &format!("/{}.deb", VERSIONS[1]), "/opt/schoolgate-newer"])?;
    let said = machine.program("/opt/schoolgate-newer/usr/bin/schoolgate", &["upgrade", "--check"])?;
    let said = String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned();
    ensure!(said.contains("Nothing is to be done to the records"), "the new program does not say what it will do: {said}");
    machine.ask(&["rm", "-r", "/opt/schoolgate-newer"])?;
    service.stop()
}

fn upgrade(machine: &Machine) -> anyhow::Result<()> {
    step("killed, set up and upgraded, it has its data and its settings");
    let path = machine.path(CONFIG);
    let text = fs::read_to_string(&path).context("read the settings")?.replace("Our school", "Larkfield Primary School");
    fs::write(&path, format!("{text}{SET_UP}")).context("write the settings")?;
    machine.ask(&["dpkg", "--install", &format!("/{}.deb", VERSIONS[1])])?;
    let version = machine.ask(&["dpkg-query", "--show", "--showformat", "${Version}", "schoolgate"])?;
    ensure!(version == VERSIONS[1], "it is {version} after the upgrade");
    let service = machine.serve()?;
    ensure!(machine.console("/sign-in")?.contains("Larkfield Primary School"), "the school's name is gone");
    ensure!(machine.proxied("http://museum.example/")? == "200 dinosaur", "an exception of the school's is gone");
    keeps_its_data(machine)?;
    service.stop()
}

fn keeps_its_data(machine: &Machine) -> anyhow::Result<()> {
    let again = machine.schoolgate(&["accounts", "first", "--head", "Hazel Marsh", "--technician", "Ash Patel"])?;
    let said = String::from_utf8_lossy(&again.stderr);
    ensure!(said.contains("there are accounts already"), "the accounts are gone: {said}");
    let trail = machine.schoolgate(&["audit", "verify"])?;
    ensure!(trail.status.success(), "the audit trail is not whole: {}", String::from_utf8_lossy(&trail.stdout));
    Ok(())
}

fn remove(machine: &Machine) -> anyhow::Result<()> {
    step("removed and purged, it leaves the school's data and says where");
    fs::create_dir_all(machine.path("/var/log/schoolgate")).context("make a log")?;
    let said = machine.ask(&["dpkg", "--remove", "schoolgate"])?;
    ensure!(said.contains("Its data stay in /var/lib/schoolgate"), "nobody is told where the data are: {said}");
    ensure!(!machine.path("/usr/bin/schoolgate").exists(), "the program is still there");
    ensure!(machine.path(CONFIG).is_file(), "the settings are gone before they were purged");
    let said = machine.ask(&["dpkg", "--purge", "schoolgate"])?;
    ensure!(said.contains("Left on purpose: the school's data in /var/lib/schoolgate"), "nobody is told what is left: {said}");
    ensure!(machine.path("/var/lib/schoolgate/records.sqlite").is_file(), "records of a school were deleted");
    let gone: [PathBuf; 3] = ["/etc/schoolgate", "/var/log/schoolgate", "/etc/systemd/system/multi-user.target.wants/schoolgate.service"]
        .map(|path| machine.path(path));
    for path in gone {
        // A link whose end is gone is there all the same.
        ensure!(path.symlink_metadata().is_err(), "{} is left after a purge", path.display());
    }
    Ok(())
}

fn again(machine: &Machine) -> anyhow::Result<()> {
    step("installed again, it goes on where it was");
    machine.ask(&["dpkg", "--install", &format!("/{}.deb", VERSIONS[1])])?;
    let service = machine.serve()?;
    keeps_its_data(machine)?;
    service.stop()
}
