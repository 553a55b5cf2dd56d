//! `schoolgate why`: the verdict on an address, with every step that led to it.
//!
//! The Schoolgate that is running on the data folder is asked, because what it has in force is what happens. Where none runs, the
//! configuration and the lists in the folder are judged by, or one pack alone (`--pack`).

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use filter::{Pack, Target};
use jiff::Timestamp;
use lists::pack_file;

use super::Place;
use crate::answer::{self, Answer, Asker, ListingAnswer, Question, QuestionError, StepAnswer};
use crate::config::Config;
use crate::data::DataFolder;
use crate::terminal::{self, Ink, Paint, harmless};
use crate::world::World;
use crate::{control, policy, sealed};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The address, such as bbc.co.uk or bbc.co.uk/news
    #[arg(value_name = "URL")]
    address: String,
    /// For whom: the name of a profile, or of a person; user:NAME and profile:NAME say which [default: somebody unknown]
    #[arg(long = "as", value_name = "PROFILE|USER")]
    who: Option<String>,
    /// When, in the school's time: 2026-11-23T10:30, 2026-11-23 or 10:30 [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Judge by this pack alone and the built-in settings
    #[arg(long, value_name = "FILE", conflicts_with_all = ["config", "data"])]
    pack: Option<PathBuf>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// Runs it.
pub fn run(args: &Args, world: &World) -> Result<ExitCode> {
    let config = args.place.load()?;
    let now = world.now();
    // An address that cannot be judged need not travel to whoever runs.
    Target::parse(args.address.trim()).map_err(QuestionError::Address)?;
    let question = Question {
        address: args.address.clone(),
        who: args.who.as_deref().map_or(Asker::Unknown, Asker::parse),
        at: args.at.as_deref().map(|at| answer::time(at, &config.time_zone, now)).transpose()?,
    };
    let answer = match &args.pack {
        Some(pack) => by_pack(pack, &question, now)?,
        None => by_folder(&config, &world.data_folder(args.place.data.as_deref(), &config), &question, now)?,
    };
    let text = if args.json { format!("{}\n", serde_json::to_string_pretty(&answer)?) } else { written(&answer, world.paint) };
    terminal::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// By whoever runs on the data folder, else by what lies there.
fn by_folder(config: &Config, data: &DataFolder, question: &Question, now: Timestamp) -> Result<Answer> {
    if let Some(answer) = control::ask(&data.socket(), question)? {
        return Ok(Answer { judged_by: "the Schoolgate that is running".to_owned(), ..answer });
    }
    let folder = data.root().display();
    let (pack, judged_by) = if data.pack().exists() {
        let pack = open(&data.pack())
            .context("no Schoolgate is running, so its lists were to be read; `schoolgate lists update` makes them anew")?;
        (pack, format!("the configuration and the lists in {folder}; no Schoolgate is running there"))
    } else {
        (policy::starter_pack()?, format!("the configuration and the small starter list; there are no lists in {folder} yet"))
    };
    let snapshot = policy::snapshot(config, vec![Arc::new(pack)], sealed::load(config, data)?)?;
    Ok(Answer { judged_by, ..answer::answer(config, &snapshot, question, now)? })
}

/// By one pack, with the built-in settings.
fn by_pack(path: &Path, question: &Question, now: Timestamp) -> Result<Answer> {
    let config = Config::default();
    let snapshot = policy::snapshot(&config, vec![Arc::new(open(path)?)], Vec::new())?;
    let judged_by = format!("the pack {} alone, with the built-in settings", path.display());
    let missing = vec!["This is what one pack says by itself, not what the school's own filter does.".to_owned()];
    Ok(Answer { judged_by, missing, not_only_filter: true, ..answer::answer(&config, &snapshot, question, now)? })
}

fn open(path: &Path) -> Result<Pack> {
    Ok(pack_file::open(path)?)
}

// === Words ===

/// The answer as a person reads it.
fn written(answer: &Answer, paint: Paint) -> String {
    let mut text = vec![paint.with(Ink::Bold, &answer.sentence)];
    text.push(format!("On {}, by {}.", answer.at, answer.judged_by));
    text.push("\nHow this was decided:".to_owned());
    text.extend((1..).zip(&answer.steps).map(|(number, step)| step_line(number, step, paint)));
    if !answer.listings.is_empty() {
        text.push("\nOn these lists (list:file:line):".to_owned());
        text.extend(answer.listings.iter().map(listing_lines));
    }
    let limits: Vec<&str> =
        answer.limits.as_deref().into_iter().chain(answer.host_only.as_ref().map(|only| only.sentence.as_str())).collect();
    if !limits.is_empty() {
        text.push(format!("\n{}", limits.join("\n")));
    }
    if answer.not_only_filter {
        let missing: String = answer.missing.iter().map(|missing| format!("\n  - {missing}")).collect();
        text.push(format!("\n{}", paint.with(Ink::Red, &format!("Warning: this must not be your school's only filter.{missing}"))));
    }
    text.push(String::new());
    text.join("\n")
}

fn step_line(number: usize, step: &StepAnswer, paint: Paint) -> String {
    let StepAnswer { title, finding, place_reason, .. } = step;
    if step.decided {
        let line = paint.with(Ink::Bold, &format!("> {number}. {title}: {finding} (This decided.)"));
        format!("{line}\n     Why this step is here: {place_reason}.")
    } else if finding.is_empty() {
        format!("  {number}. {title}")
    } else {
        format!("  {number}. {title}: {finding}")
    }
}

/// What stands in a list was written by strangers.
fn listing_lines(listing: &ListingAnswer) -> String {
    let mut lines = vec![format!("  {}", listing.pattern)];
    lines.extend(
        listing.origins.iter().map(|origin| format!("    {}: {}:{}:{}", origin.category.title, origin.list, origin.file, origin.line)),
    );
    if !listing.lifted.is_empty() {
        lines.push(format!("    taken away by a list of good sites: {}", listing.lifted.join(", ")));
    }
    harmless(&lines.join("\n"))
}
