//! `schoolgate jobs`: what waits, what has failed and what has not been sent; and how it goes on.

use std::process::ExitCode;

use anyhow::{Result, bail};
use ids::RecordId;
use jiff::tz::TimeZone;
use ledger::jobs::{Listed as Job, State as JobState};
use ledger::outbox::{Listed as Message, State as MessageState};
use ledger::{Waiting, waiting};

use super::Place;
use super::lists::counted;
use crate::answer::school_time;
use crate::config::Config;
use crate::control;
use crate::data::DataFolder;
use crate::jobs::{Order, carry_out};
use crate::keys::Protected;
use crate::records;
use crate::terminal;
use crate::world::World;

/// Arguments.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    place: Place,
}

/// What else there is to do.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Try again what was given up: a job, a message, or all of them
    Retry(Which),
    /// Send messages that are held since they came back with a backup: one, or all of them
    Release(Which),
}

/// Arguments of `jobs retry` and `jobs release`.
#[derive(Debug, clap::Args)]
pub struct Which {
    /// Its id, as `schoolgate jobs` shows it
    #[arg(required_unless_present = "all")]
    id: Option<RecordId>,
    /// All of them
    #[arg(long, conflicts_with = "id")]
    all: bool,
    #[command(flatten)]
    place: Place,
}

impl Which {
    fn id_text(&self) -> Option<String> {
        self.id.map(|id| id.to_string())
    }
}

/// Runs it.
///
/// # Errors
/// Where the records cannot be read, or there is nothing of that id.
pub fn run(args: &Args, world: &World) -> Result<ExitCode> {
    match &args.command {
        None => list(&args.place, world),
        Some(Command::Retry(which)) => order(which, Order::Retry { id: which.id_text() }, ["is tried again", "are tried again"], world),
        Some(Command::Release(which)) => order(which, Order::Release { id: which.id_text() }, ["is let go", "are let go"], world),
    }?;
    Ok(ExitCode::SUCCESS)
}

fn list(place: &Place, world: &World) -> Result<()> {
    let config = place.load()?;
    let data = world.data_folder(place.data.as_deref(), &config);
    match records::runtime()?.block_on(found(&config, &data))? {
        Some(found) => terminal::print(&written(&found, &config)),
        None => terminal::print(&format!("Nothing waits: {}.\n", none_yet(&config, &data))),
    }
}

/// `done`: what is said of one, and of more.
fn order(which: &Which, order: Order, done: [&str; 2], world: &World) -> Result<()> {
    let config = which.place.load()?;
    let data = world.data_folder(which.place.data.as_deref(), &config);
    let count = match control::order_jobs(&data.socket(), &order)? {
        Some(count) => count,
        None => records::runtime()?.block_on(async {
            if records::read(&config, &data).await?.is_none() {
                bail!("nothing was changed: {}", none_yet(&config, &data));
            }
            let now = world.now().into();
            let protected = Protected::open(&config, &data, now).await?;
            let count = carry_out(&protected, order, now).await.map_err(anyhow::Error::msg);
            protected.close().await?;
            count
        })?,
    };
    match (count, &which.id) {
        (0, Some(id)) => bail!("nothing was changed: {id} is not among those; `schoolgate jobs` shows them"),
        (count, _) => terminal::print(&format!("{}.\n", counted(count, done[0], done[1]))),
    }
}

async fn found(config: &Config, data: &DataFolder) -> Result<Option<Waiting>> {
    match records::read(config, data).await? {
        Some(reading) => Ok(Some(waiting(&reading).await?)),
        None => Ok(None),
    }
}

fn none_yet(config: &Config, data: &DataFolder) -> String {
    format!("there are no records in {} yet (`schoolgate run` makes them)", records::place(config, data))
}

fn written(found: &Waiting, config: &Config) -> String {
    let zone = &config.time_zone;
    let mut text = String::new();
    if found.messages.is_empty() {
        text.push_str("Nothing waits to be sent.\n");
    } else {
        text.push_str(&format!("{} not left yet:\n", counted(found.messages.len() as u64, "message has", "messages have")));
        text.extend(found.messages.iter().map(|message| self::message(message, zone)));
        if config.mail.server.is_none() {
            text.push_str("  No mail server is set up, so they wait: [mail] in the configuration.\n");
        }
    }
    text.push_str("Jobs:\n");
    text.extend(found.jobs.iter().map(|job| self::job(job, zone)));
    if found.jobs.is_empty() {
        text.push_str("  none; `schoolgate run` puts in what is done each day\n");
    }
    text
}

fn message(message: &Message, zone: &TimeZone) -> String {
    let stands = match message.state {
        MessageState::Held => {
            "held: it came back with a backup and may have been sent since; `schoolgate jobs release` sends it".to_owned()
        }
        MessageState::Failed => format!("given up after {}", counted(message.attempts.into(), "attempt", "attempts")),
        MessageState::Waiting(due) => format!("waits, next attempt {}", school_time(due.timestamp(), zone)),
    };
    let channel = message.channel.map_or("of a later version", ledger::outbox::Channel::as_str);
    let written = school_time(message.made.timestamp(), zone);
    let purpose = terminal::harmless(&message.purpose);
    format!("  {}  {channel}, {purpose}, written {written}\n    {stands}{}\n", message.id, because(message.error.as_deref()))
}

fn job(job: &Job, zone: &TimeZone) -> String {
    let stands = match job.state {
        JobState::Failed => format!("given up after {}", counted(job.attempts.into(), "attempt", "attempts")),
        JobState::Running => "runs now".to_owned(),
        JobState::Waiting(due) => format!("next on {}", school_time(due.timestamp(), zone)),
    };
    let done = job.done.map(|done| format!("; last went well {}", school_time(done.timestamp(), zone))).unwrap_or_default();
    format!("  {}  {}\n    {stands}{done}{}\n", job.id, terminal::harmless(&job.kind), because(job.error.as_deref()))
}

fn because(error: Option<&str>) -> String {
    error.map(|error| format!("\n    last attempt: {}", terminal::harmless(error))).unwrap_or_default()
}
