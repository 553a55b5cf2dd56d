//! Starting the binary under test, as the tests of the product do.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The program under test, set once.
pub(crate) static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// The program with arguments, started from a folder.
pub(crate) fn schoolgate(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM.get().expect("the program is set before anything is started"));
    command.current_dir(folder).args(arguments).env_remove("XDG_DATA_HOME").env("HOME", folder).env_remove("SCHOOLGATE_LOG");
    command
}

/// Runs it to its end.
pub(crate) fn output(folder: &Path, arguments: &[&str]) -> Output {
    schoolgate(folder, arguments).output().expect("the binary starts")
}

/// What it printed, as text.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
