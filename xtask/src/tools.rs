//! What the tests need on the machine, and how it gets there: by name, from the ordinary registries.

use std::path::Path;

use anyhow::{Context, bail};

use crate::shell;

/// A cargo sub-command, built from crates.io into our own tools folder. A newer one already on the path is used.
struct CargoTool {
    name: &'static str,
    /// Installed when none is found that is new enough.
    version: &'static str,
    oldest: &'static str,
    features: &'static [&'static str],
    why: &'static str,
}

/// A Debian package and the program that shows whether it is there.
struct DebianPackage {
    name: &'static str,
    program: &'static str,
    why: &'static str,
}

const CARGO_TOOLS: &[CargoTool] = &[
    CargoTool {
        name: "cargo-nextest",
        version: "0.9.151",
        oldest: "0.9.100",
        // Without its self-update, which only a downloaded binary needs.
        features: &["--no-default-features", "--features", "default-no-update"],
        why: "runs the tests, one process each",
    },
    CargoTool {
        name: "cargo-deny",
        version: "0.20.2",
        oldest: "0.20.0",
        features: &[],
        why: "checks licences, banned crates and where crates come from",
    },
];

const DEBIAN_PACKAGES: &[DebianPackage] = &[
    DebianPackage { name: "npm", program: "npm", why: "the stylesheet and icons of our pages, fetched when `ui` is built" },
    DebianPackage { name: "chromium", program: "chromium", why: "the browser of the end-to-end tests" },
    DebianPackage { name: "chromium-driver", program: "chromedriver", why: "steers that browser" },
    DebianPackage { name: "freeradius-utils", program: "radclient", why: "says, as a school's network does, who has which address" },
    DebianPackage { name: POSTGRESQL, program: "initdb", why: "the large database, of which the tests start one for themselves" },
];

const POSTGRESQL: &str = "postgresql";

/// What makes the Debian package, and tries it on a clean Debian.
const CARGO_DEB: CargoTool =
    CargoTool { name: "cargo-deb", version: "3.8.0", oldest: "3.0.0", features: &[], why: "makes the Debian package" };

const DEB_PACKAGES: &[DebianPackage] = &[
    DebianPackage { name: "dpkg-dev", program: "dpkg-shlibdeps", why: "finds which libraries the Debian package needs" },
    DebianPackage { name: "debootstrap", program: "debootstrap", why: "makes a clean Debian, on which the package is tried" },
    DebianPackage { name: "iproute2", program: "ip", why: "gives that Debian a network of its own" },
    DebianPackage { name: "curl", program: "curl", why: "asks the console and the proxy there" },
];

/// Tells Debian's package to make no cluster of its own, which would start as a service; there only while we install.
const NO_CLUSTER: (&str, &str) = ("/etc/postgresql-common/createcluster.d/schoolgate.conf", "create_main_cluster = false\n");

/// What `cargo xtask bench` measures beside ours, and with what.
const PEERS: &[DebianPackage] = &[
    DebianPackage { name: "wrk", program: "wrk", why: "the load generator for plain HTTP" },
    DebianPackage { name: "nginx-light", program: "nginx", why: "the origin, and the ceiling of what a proxy may reach" },
    DebianPackage { name: "squid", program: "squid", why: "a peer" },
    DebianPackage { name: "squidguard", program: "squidGuard", why: "a peer" },
    DebianPackage { name: "e2guardian", program: "e2guardian", why: "a peer" },
];

/// Installs whatever the tests lack, saying what it does.
pub(crate) fn install_missing() -> anyhow::Result<()> {
    install_debian_packages(DEBIAN_PACKAGES)?;
    CARGO_TOOLS.iter().try_for_each(install_cargo_tool)
}

/// Installs what makes and tries the Debian package.
pub(crate) fn install_packagers() -> anyhow::Result<()> {
    install_debian_packages(DEB_PACKAGES)?;
    install_cargo_tool(&CARGO_DEB)
}

/// Installs whatever the measurements beside peers lack. No service is started by it.
pub(crate) fn install_peers() -> anyhow::Result<()> {
    if !is_root()? {
        bail!("measuring beside peers needs root: they give up that right themselves, and some get a hosts file of their own");
    }
    if missing(PEERS)?.is_empty() {
        return Ok(());
    }
    let _still = NoServices::begin()?;
    install_debian_packages(PEERS)
}

/// Keeps Debian from starting the services that it installs, as long as the value lives: a program `policy-rc.d` that answers 101
/// forbids each (Debian Policy, 9.3.3.1 and `invoke-rc.d(8)`). What stood there before is put back.
struct NoServices {
    before: Option<Vec<u8>>,
}

const POLICY: &str = "/usr/sbin/policy-rc.d";

impl NoServices {
    fn begin() -> anyhow::Result<Self> {
        use std::os::unix::fs::PermissionsExt;
        let still = Self { before: std::fs::read(POLICY).ok() };
        let write = || {
            std::fs::write(POLICY, "#!/bin/sh\nexit 101\n")?;
            std::fs::set_permissions(POLICY, std::fs::Permissions::from_mode(0o755))
        };
        write().with_context(|| format!("forbid services to start, by {POLICY}"))?;
        Ok(still)
    }
}

impl Drop for NoServices {
    fn drop(&mut self) {
        let put_back = self.before.as_ref().map_or_else(|| std::fs::remove_file(POLICY), |text| std::fs::write(POLICY, text));
        if let Err(error) = put_back {
            eprintln!("{POLICY} could not be put back as it was: {error}");
        }
    }
}

fn install_debian_packages(packages: &[DebianPackage]) -> anyhow::Result<()> {
    let missing = missing(packages)?;
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("apt-get update && apt-get install --no-install-recommends {}", missing.join(" "));
    if !is_root()? || shell::find("apt-get")?.is_none() {
        bail!("not installed: {}. On Debian, as root: {by_hand}", missing.join(", "));
    }
    let apt = |arguments: &[&str]| -> anyhow::Result<()> {
        let mut command = shell::command("apt-get")?;
        shell::run(command.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet").args(arguments))
    };
    apt(&["update"])?;
    let arguments = [&["install", "--yes", "--no-install-recommends"], missing.as_slice()].concat();
    let install = || apt(&arguments).with_context(|| format!("install Debian packages; by hand: {by_hand}"));
    if missing.contains(&POSTGRESQL) { without_cluster(install) } else { install() }
}

/// Names what is not there, and says so.
fn missing(packages: &[DebianPackage]) -> anyhow::Result<Vec<&'static str>> {
    let mut missing = Vec::new();
    for package in packages {
        if shell::find(package.program)?.is_none() {
            println!("missing: {} ({})", package.name, package.why);
            missing.push(package.name);
        }
    }
    Ok(missing)
}

/// Installs while [`NO_CLUSTER`] is in force.
fn without_cluster(install: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
    let (path, text) = NO_CLUSTER;
    let folder = Path::new(path).parent().context("find the folder for PostgreSQL's settings")?;
    std::fs::create_dir_all(folder).and_then(|()| std::fs::write(path, text)).with_context(|| format!("write {path}"))?;
    let installed = install();
    std::fs::remove_file(path).with_context(|| format!("remove {path}"))?;
    installed
}

fn install_cargo_tool(tool: &CargoTool) -> anyhow::Result<()> {
    if let Some(file) = shell::find(tool.name)? {
        let found = shell::output(shell::command(&file.to_string_lossy())?.arg("--version"))?;
        if is_new_enough(&found, tool.oldest) {
            return Ok(());
        }
        println!("too old: {} ({})", tool.name, found.lines().next().unwrap_or("no version"));
    }
    let folder = shell::tools_dir()?;
    println!("installing {} {} into {} ({}; some minutes)", tool.name, tool.version, folder.display(), tool.why);
    // A target folder of its own: nothing of the workspace is rebuilt by it, and it can be thrown away.
    let scratch = folder.join("build");
    let mut command = shell::cargo(&["install", "--locked", "--debug", "--root"])?;
    command.arg(&folder).args(tool.features).arg(format!("{}@{}", tool.name, tool.version));
    shell::run(command.env("CARGO_TARGET_DIR", &scratch)).with_context(|| format!("install {}", tool.name))?;
    std::fs::remove_dir_all(&scratch).with_context(|| format!("remove {}", scratch.display()))
}

/// Whether a `--version` line (`cargo-deny 0.20.2`, perhaps with more behind it) names at least `oldest`.
fn is_new_enough(printed: &str, oldest: &str) -> bool {
    let number = |text: &str| -> Option<Vec<u64>> {
        let text = text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
        text.split('.').map(|part| part.parse().ok()).collect()
    };
    number(printed).is_some_and(|found| Some(found) >= number(oldest))
}

/// Whether this process may install packages, and change into another root. The owner of our own entry in /proc is who we are.
pub(crate) fn is_root() -> anyhow::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let entry = Path::new("/proc/self");
    Ok(std::fs::metadata(entry).with_context(|| format!("ask who owns {}", entry.display()))?.uid() == 0)
}

#[cfg(test)]
mod tests {
    use super::is_new_enough;

    #[test]
    fn versions_are_compared_by_number() {
        assert!(is_new_enough("cargo-deny 0.20.2", "0.20.2"));
        assert!(is_new_enough("cargo-nextest 0.9.151 (abc 2026-01-01)\nrelease: 0.9.151", "0.9.99"));
        assert!(!is_new_enough("cargo-deny 0.9.9", "0.20.2"));
        assert!(!is_new_enough("cargo-deny unknown", "0.20.2"));
    }
}
