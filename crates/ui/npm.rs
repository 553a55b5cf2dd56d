//! Build-time help shared by the build scripts of `ui` and `testkit`: packages from npm, at the versions the lock file names.
//!
//! Nothing is written beside the sources: the packages land in the build folder of the crate. No install script of a package is
//! run, and optional packages (file watchers with compiled code) are left out.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

/// The oldest major version of Node that every package in the lock files runs on.
const OLDEST_NODE: u32 = 18;

/// The files that decide what is installed; a change to any of them installs again.
const INPUTS: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];

/// Installs what `crate_dir/package-lock.json` names below `out_dir`, and gives the folder of packages.
///
/// Does nothing when the same lock file was installed there before.
///
/// # Errors
/// A sentence for the person who builds: Node or npm missing or too old, or npm's own words when it failed.
pub(crate) fn install(crate_dir: &Path, out_dir: &Path) -> Result<PathBuf, String> {
    let modules = out_dir.join("node_modules");
    let stamp = out_dir.join("installed.lock");
    for name in INPUTS {
        println!("cargo::rerun-if-changed={}", crate_dir.join(name).display());
    }
    let lock = read(&crate_dir.join("package-lock.json"))?;
    if modules.is_dir() && fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(modules);
    }

    check_node()?;
    for name in INPUTS {
        write(&out_dir.join(name), &read(&crate_dir.join(name))?)?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"]).current_dir(out_dir);
    run(&mut npm, "npm ci")?;
    write(&stamp, &lock)?;
    Ok(modules)
}

/// Runs one command and gives what it printed.
///
/// # Errors
/// `what` could not be started, or failed: with what it wrote to its error stream.
pub(crate) fn run(command: &mut Command, what: &str) -> Result<Vec<u8>, String> {
    let output = command.output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => missing(what),
        _ => format!("{what} could not be started: {error}"),
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(format!("{what} failed ({}):\n{}", output.status, String::from_utf8_lossy(&output.stderr)))
}

/// Reads a file of the build.
///
/// # Errors
/// Names the file and the cause.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// Writes a file of the build.
///
/// # Errors
/// Names the file and the cause.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn check_node() -> Result<(), String> {
    let printed = run(Command::new("node").arg("--version"), "node --version")?;
    let version = String::from_utf8_lossy(&printed).trim().to_owned();
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        _ => Err(format!("Node {OLDEST_NODE} or newer is needed to build the pages; `node --version` says {version:?}.")),
    }
}

fn missing(what: &str) -> String {
    format!(
        "Node {OLDEST_NODE} or newer is needed to build the pages, and `{what}` was not found. \
         Install Node with npm (on Debian: apt install nodejs npm) and build again."
    )
}
