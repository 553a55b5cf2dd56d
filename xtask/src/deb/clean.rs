//! A clean Debian 12, made once and kept, from which each trial takes a copy.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::shell;

/// Which Debian.
const RELEASE: &str = "bookworm";
/// What is on it beside the least that Debian needs: what our package depends on, since the trial has no network to get it from, and
/// what starts services on every Debian that somebody installs.
const MORE: &str = "adduser,ca-certificates,systemd";

/// Copies it to `to`.
pub(super) fn copy(to: &Path) -> anyhow::Result<()> {
    let kept = kept()?;
    if !kept.is_dir() {
        make(&kept)?;
    }
    shell::run(shell::command("cp")?.args(["--archive", "--reflink=auto"]).arg(&kept).arg(to))
}

/// Its name says what is in it, so that another choice makes another.
fn kept() -> anyhow::Result<PathBuf> {
    Ok(shell::tools_dir()?.join(format!("debian-{RELEASE}-{}", MORE.replace(',', "-"))))
}

fn make(kept: &Path) -> anyhow::Result<()> {
    let mirror = mirror()?;
    println!("making a clean Debian in {} (once; a minute or two)", kept.display());
    let unfinished = kept.with_extension("unfinished");
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished).with_context(|| format!("remove {}", unfinished.display()))?;
    }
    let mut command = shell::command("debootstrap")?;
    command.args(["--variant=minbase", &format!("--include={MORE}"), RELEASE]).arg(&unfinished).arg(&mirror);
    shell::output(&mut command).context("make a clean Debian")?;
    std::fs::rename(&unfinished, kept).with_context(|| format!("move it to {}", kept.display()))
}

/// Where this machine's own Debian comes from, as apt knows it.
fn mirror() -> anyhow::Result<String> {
    let mut command = shell::command("apt-get")?;
    let known = shell::output(command.args(["indextargets", "--format", "$(LABEL) $(COMPONENT) $(SITE)", "Created-By: Packages"]))?;
    let site = known.lines().find_map(|line| line.strip_prefix("Debian main "));
    site.map(str::to_owned).context("find a Debian mirror in what `apt-get indextargets` says; `apt-get update` may help")
}
