//! The command line. Each command is a file of `commands/`.

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands::{
    accounts, audit, backup, controls, doctor, jobs, keys, lists, man, notices, people, restore, root, run, upgrade, users, why,
};
use crate::world::World;

/// Keeps what a school promises in its Online Safety Policy, and shows that it is kept.
#[derive(Debug, Parser)]
#[command(name = "schoolgate", version, about, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start Schoolgate
    Run(run::Args),
    /// Say what happens to an address, for whom, and why
    Why(why::Args),
    /// Check this installation and say in plain words what to do
    Doctor(doctor::Args),
    /// Say which promises of the policy are kept, as measured now
    Controls(controls::Args),
    /// Build, look into and refresh category lists
    #[command(subcommand)]
    Lists(lists::Command),
    /// Make the first accounts of the console, or give a new link
    #[command(subcommand)]
    Accounts(accounts::Command),
    /// Show who is in the school; take people in, give them out, go into the next school year
    #[command(subcommand)]
    People(people::Command),
    /// Write the privacy notices, the draft of the impact assessment and the lines for the record of processing
    Notices(notices::Args),
    /// Say who may sign in at the proxy
    #[command(subcommand)]
    Users(users::Command),
    /// Show or export the certificate for pages over HTTPS
    #[command(subcommand)]
    Root(root::Command),
    /// Show that the record of who did what is as it was written
    #[command(subcommand)]
    Audit(audit::Command),
    /// Say who can read what is protected: make keys, unlock, lock, recover, change
    #[command(subcommand)]
    Keys(keys::Command),
    /// Show what waits, what failed and what was not sent, and have it tried again
    Jobs(jobs::Args),
    /// Keep a copy of the records that outlives this machine
    Backup(backup::Args),
    /// Set up the records again from a backup
    Restore(restore::Args),
    /// Bring the records up to date with this version: tried on a copy, backed up, done
    Upgrade(upgrade::Args),
    /// Print the page of the manual
    #[command(hide = true)]
    Man,
}

impl Command {
    /// Runs it.
    pub fn run(&self, world: &World) -> anyhow::Result<ExitCode> {
        match self {
            Self::Run(args) => run::run(args, world),
            Self::Why(args) => why::run(args, world),
            Self::Doctor(args) => doctor::run(args, world),
            Self::Controls(args) => controls::run(args, world),
            Self::Lists(command) => lists::run(command, world),
            Self::Accounts(command) => accounts::run(command, world),
            Self::People(command) => people::run(command, world),
            Self::Notices(args) => notices::run(args, world),
            Self::Users(command) => users::run(command, world),
            Self::Root(command) => root::run(command, world),
            Self::Audit(command) => audit::run(command, world),
            Self::Keys(command) => keys::run(command, world),
            Self::Jobs(args) => jobs::run(args, world),
            Self::Backup(args) => backup::run(args, world),
            Self::Restore(args) => restore::run(args, world),
            Self::Upgrade(args) => upgrade::run(args, world),
            Self::Man => man::run(),
        }
    }
}

/// Prints an error with its causes to standard error, one a line.
pub fn report(error: &anyhow::Error) {
    let mut stderr = std::io::stderr().lock();
    // Nobody is left to tell when standard error is closed.
    drop(writeln!(stderr, "schoolgate: {error}"));
    for cause in error.chain().skip(1) {
        drop(writeln!(stderr, "  because: {cause}"));
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
