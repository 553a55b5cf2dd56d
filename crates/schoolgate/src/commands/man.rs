//! `schoolgate man`: the page of the manual, made from the command line itself. For who makes a package; not in the help.

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::CommandFactory as _;

use crate::cli::Cli;
use crate::terminal;

/// Prints it, in the language of man(7).
///
/// # Errors
/// Where standard output cannot be written.
pub fn run() -> Result<ExitCode> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page).context("making the page of the manual")?;
    let page = String::from_utf8(page).context("making the page of the manual")?;
    terminal::print(&page)?;
    Ok(ExitCode::SUCCESS)
}
