//! Starting other programs, and the few paths that every command shares.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, bail};

/// The root of the checkout that this runs for. Cargo says so at each start; what it said at the build may be another checkout, since
/// several may share one target folder.
pub(crate) fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let here = variable("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        here.parent().map_or_else(|| here.clone(), Path::to_path_buf)
    })
}

/// Where tools that we install ourselves live: `$XDG_CACHE_HOME/schoolgate/tools`, by default under `~/.cache`.
pub(crate) fn tools_dir() -> anyhow::Result<PathBuf> {
    let cache = match variable("XDG_CACHE_HOME") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(variable("HOME").context("HOME is not set, so there is no folder to keep tools in")?).join(".cache"),
    };
    Ok(cache.join("schoolgate").join("tools"))
}

/// The search path, our own tools first.
pub(crate) fn search_path() -> anyhow::Result<OsString> {
    let mut folders = vec![tools_dir()?.join("bin")];
    if let Some(path) = variable("PATH") {
        folders.extend(std::env::split_paths(&path));
    }
    std::env::join_paths(folders).context("put our tools on the search path")
}

/// The file that `program` would start, if any.
pub(crate) fn find(program: &str) -> anyhow::Result<Option<PathBuf>> {
    let path = search_path()?;
    // Debian keeps the programs of PostgreSQL off the search path.
    let folders = std::env::split_paths(&path).chain(private_postgres::program_folders());
    Ok(folders.map(|folder| folder.join(program)).find(|file| file.is_file()))
}

/// A command that starts in the root of the checkout with our tools on its path.
///
/// What `cargo run` told this process about the package xtask is taken away again, so that the cargo below behaves, and finds
/// everything as fresh, as if a person had called it.
pub(crate) fn command(program: &str) -> anyhow::Result<Command> {
    let mut command = Command::new(program);
    command.current_dir(root()).env("PATH", search_path()?);
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_about_xtask(name)) {
        command.env_remove(name);
    }
    Ok(command)
}

/// [`command`] for cargo, with its arguments.
pub(crate) fn cargo(arguments: &[&str]) -> anyhow::Result<Command> {
    let mut command = command("cargo")?;
    command.args(arguments);
    Ok(command)
}

/// Runs to the end; the streams are this process's own, so that nothing of the output is lost or changed.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("start `{}`", line(command)))?;
    if !status.success() {
        bail!("`{}` ended with {status}", line(command));
    }
    Ok(())
}

/// Runs to the end and gives what was written to standard output; standard error passes through.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    command.stderr(std::process::Stdio::inherit());
    let output = command.output().with_context(|| format!("start `{}`", line(command)))?;
    if !output.status.success() {
        bail!("`{}` ended with {}", line(command), output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("read what `{}` printed", line(command)))
}

/// The command as a person would type it.
pub(crate) fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// Builds the program with these arguments beside, and says where it lies.
pub(crate) fn built(arguments: &[&str]) -> anyhow::Result<PathBuf> {
    let mut build = cargo(&["build", "--package", "schoolgate", "--message-format", "json-render-diagnostics"])?;
    let messages = output(build.args(arguments))?;
    executable(&messages, "schoolgate").context("find the program that was built in what cargo said")
}

/// Where a program lies that cargo has built, from its messages (the Cargo book, "External tools"), one a line.
fn executable(messages: &str, name: &str) -> Option<PathBuf> {
    let artifacts = messages.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let of_program = |message: serde_json::Value| {
        let is_program = message.get("target")?.get("name")?.as_str()? == name;
        is_program.then(|| message.get("executable")?.as_str().map(PathBuf::from))?
    };
    artifacts.filter_map(of_program).next_back()
}

#[expect(clippy::disallowed_methods, reason = "xtask is a binary of its own: paths to tools come from its environment")]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

fn is_about_xtask(name: &std::ffi::OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_among_cargos_messages() {
        let messages = "not json\n\
            {\"reason\":\"compiler-artifact\",\"target\":{\"name\":\"ids\"},\"executable\":null}\n\
            {\"reason\":\"compiler-artifact\",\"target\":{\"name\":\"schoolgate\"},\"executable\":null}\n\
            {\"reason\":\"compiler-artifact\",\"target\":{\"name\":\"schoolgate\"},\"executable\":\"/t/release/schoolgate\"}\n\
            {\"reason\":\"build-finished\",\"success\":true}\n";
        assert_eq!(executable(messages, "schoolgate").as_deref(), Some(Path::new("/t/release/schoolgate")));
        assert_eq!(executable(messages, "other"), None);
    }
}
