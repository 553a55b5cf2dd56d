//! Starting the binary that was just built.

use std::path::Path;
use std::process::{Command, Output};

/// The binary with arguments, in a folder of its own, with no variable of the developer's that matters to it.
pub(crate) fn schoolgate(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_schoolgate"));
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
