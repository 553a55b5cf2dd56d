//! `schoolgate users`: who may sign in at the proxy, until people sign in at the console.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use super::Place;
use crate::config::Config;
use crate::terminal;
use crate::users::{self, Entry};
use crate::world::World;

/// What to do with the users file.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Let a person sign in at the proxy, and print the password once
    Add(Args),
    /// Let a person sign in no more
    Remove(Args),
    /// Print who may sign in
    List(File),
}

/// Arguments of `users add` and `users remove`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The name of a person of the configuration
    name: String,
    #[command(flatten)]
    file: File,
}

/// Which users file.
#[derive(Debug, clap::Args)]
pub struct File {
    /// The users file [default: as the configuration says]
    #[arg(long, value_name = "FILE")]
    users: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

/// Runs it.
pub fn run(command: &Command, _world: &World) -> Result<ExitCode> {
    match command {
        Command::Add(args) => add(args),
        Command::Remove(args) => remove(args),
        Command::List(file) => list(file),
    }?;
    Ok(ExitCode::SUCCESS)
}

fn add(args: &Args) -> Result<()> {
    let config = args.file.place.load()?;
    let path = args.file.path(&config)?;
    if !config.people.iter().any(|person| person.name == args.name) {
        bail!("adding a user: the configuration has no [[person]] of that name; add one first, since the person's profile is there");
    }
    let mut entries = users::read(&path)?;
    let (password, hash) = users::new_password()?;
    let is_new = entries.iter().all(|entry| entry.name != args.name);
    entries.retain(|entry| entry.name != args.name);
    entries.push(Entry { name: args.name.clone(), password: hash });
    users::write(&path, &entries)?;
    let said = if is_new { "may sign in at the proxy with" } else { "has a new password for the proxy, and the old one no more:" };
    terminal::print(&format!(
        "{} {said}\n\n  {password}\n\nIt is shown this once and kept nowhere. A running Schoolgate takes it within seconds.\n\
         This stands in until people sign in at the console. The password goes over the school's network as it is: use it nowhere else.\n",
        terminal::harmless(&args.name)
    ))
}

fn remove(args: &Args) -> Result<()> {
    let path = args.file.path(&args.file.place.load()?)?;
    let mut entries = users::read(&path)?;
    let before = entries.len();
    entries.retain(|entry| entry.name != args.name);
    if entries.len() == before {
        bail!("removing a user: nobody of that name is in {}", path.display());
    }
    users::write(&path, &entries)?;
    terminal::print(&format!("{} may sign in at the proxy no more.\n", terminal::harmless(&args.name)))
}

fn list(file: &File) -> Result<()> {
    let config = file.place.load()?;
    let text: String = users::read(&file.path(&config)?)?
        .iter()
        .map(|entry| {
            let is_known = config.people.iter().any(|person| person.name == entry.name);
            let remark = if is_known { "" } else { "  (no [[person]] of that name, so cannot sign in)" };
            format!("{}{remark}\n", terminal::harmless(&entry.name))
        })
        .collect();
    terminal::print(&text)
}

// === impl File ===

impl File {
    fn path(&self, config: &Config) -> Result<PathBuf> {
        let path = self.users.clone().or_else(|| config.gateway.users_file.clone());
        path.context("finding the users file: name it with --users, or set users_file in the configuration and name that with --config")
    }
}
