//! The Debian package: made by cargo-deb from what stands under `[package.metadata.deb]` in `crates/schoolgate/Cargo.toml`, and tried on
//! a clean Debian.

mod clean;
mod machine;
mod trial;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::{shell, tools};

pub(crate) use trial::run as trial;

/// The versions that the trial installs, one after the other. The program in both is the same.
const VERSIONS: [&str; 2] = ["0.1~trial1", "0.1~trial2"];

/// Makes the package that schools install.
pub(crate) fn ship() -> anyhow::Result<()> {
    tools::install_packagers()?;
    let program = shell::built(&["--release"])?;
    manual(&program)?;
    let made = shell::output(&mut shell::cargo(&["deb", "--package", "schoolgate", "--no-build", "--strip", "--compress-system"])?)?;
    print!("{made}");
    Ok(())
}

/// Makes two versions of the package with the program that the tests ran, and tries them.
pub(crate) fn test() -> anyhow::Result<()> {
    if !tools::is_root()? {
        bail!("trying the Debian package needs root, since it is installed on a Debian of its own: sudo cargo xtask test deb");
    }
    tools::install_packagers()?;
    let built = shell::built(&[])?;
    let scratch = Scratch::new()?;
    // Where cargo-deb looks for what ships: so the program of the tests is packed, and none is built for it.
    let target = scratch.0.join("target");
    let program = target.join("release/schoolgate");
    std::fs::create_dir_all(target.join("release")).context("make a folder for the program")?;
    std::fs::copy(&built, &program).with_context(|| format!("copy {}", built.display()))?;
    manual(&program)?;
    for version in VERSIONS {
        let mut command = shell::cargo(&[
            "deb",
            "--package",
            "schoolgate",
            "--no-build",
            "--no-strip",
            "--fast",
            "--compress-type",
            "gz",
            "--compress-system",
        ])?;
        command.env("CARGO_TARGET_DIR", &target).args(["--deb-version", version, "--output"]).arg(package(&scratch.0, version));
        shell::output(&mut command)?;
    }
    clean::copy(&root(&scratch.0))?;
    // Namespaces of its own: its mounts, its processes and its network end with it, however that ends, and its ports are its own.
    let mut command = shell::command("unshare")?;
    command.args(["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]);
    command.arg(std::env::current_exe().context("find this program")?).arg("deb-trial").arg(&scratch.0);
    shell::run(&mut command)
}

/// A folder for one trial, removed with it.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("schoolgate-deb-{}", std::process::id()));
        std::fs::create_dir(&folder).with_context(|| format!("make the folder {}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("{} could not be removed: {error}", self.0.display());
        }
    }
}

/// Where the clean Debian of a trial is.
fn root(scratch: &Path) -> PathBuf {
    scratch.join("root")
}

/// Where the package of this version is.
fn package(scratch: &Path, version: &str) -> PathBuf {
    scratch.join(format!("schoolgate_{version}.deb"))
}

/// Writes the page of the manual beside the program, where the package's list of files looks for it.
fn manual(program: &Path) -> anyhow::Result<()> {
    let page = Command::new(program).arg("man").stderr(Stdio::inherit()).output();
    let page = page.with_context(|| format!("start {}", program.display()))?;
    if !page.status.success() || page.stdout.is_empty() {
        bail!("{} printed no page of the manual", program.display());
    }
    let path = program.with_extension("1");
    std::fs::write(&path, page.stdout).with_context(|| format!("write {}", path.display()))?;
    // As Debian asks (policy, 12.1), the same each time.
    shell::run(shell::command("gzip")?.args(["--best", "--no-name", "--force"]).arg(&path))
}
