//! `schoolgate doctor`: looks at everything that must be right on this machine and says in plain words what to do.

mod backups;
mod finding;
mod folder;
mod gate;
mod lists;
mod machine;
mod records;
mod rules;

use std::process::ExitCode;

use anyhow::Result;
use jiff::Timestamp;
use serde::Serialize;

use self::finding::{Finding, Look, Part, State, Unknown};
use self::records::Found;
use super::Place;
use crate::config::{Config, ConfigErrors};
use crate::control::{self, ControlError};
use crate::data::DataFolder;
use crate::terminal::{self, Ink, Paint};
use crate::world::World;

/// Exit code where something is bad.
const BAD: u8 = 2;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    /// Look at this machine only, and not at what the school has to choose
    #[arg(long)]
    machine: bool,
    #[command(flatten)]
    place: Place,
}

/// What there is to look at.
struct Facts {
    config: Result<Config, ConfigErrors>,
    /// Nothing where the configuration would have to say it and has mistakes.
    data: Option<DataFolder>,
    /// Nothing where nobody is known to run.
    running: Result<Option<String>, ControlError>,
    /// What is in the records; nothing where the configuration has mistakes.
    records: Option<Result<Option<Found>, String>>,
    place: Place,
    now: Timestamp,
}

/// One thing that is looked at.
struct Check {
    part: Part,
    title: &'static str,
    look: fn(&Facts) -> Look,
}

/// All of them, from the ground up: whoever puts things right from top to bottom does nothing twice.
const CHECKS: [Check; 25] = [
    Check { part: Part::Machine, title: "Configuration", look: folder::configuration },
    Check { part: Part::Machine, title: "Data folder", look: folder::data_folder },
    Check { part: Part::Machine, title: "Disk", look: machine::disk },
    Check { part: Part::Machine, title: "Memory", look: machine::memory },
    Check { part: Part::Machine, title: "Clock", look: machine::clock },
    Check { part: Part::Machine, title: "Time zone", look: machine::time_zone },
    Check { part: Part::Machine, title: "Console address", look: folder::console },
    Check { part: Part::Machine, title: "Running", look: folder::running },
    Check { part: Part::Machine, title: "Proxy", look: gate::listeners },
    Check { part: Part::Machine, title: "Page root", look: gate::page_root },
    Check { part: Part::Machine, title: "Journal", look: gate::journal },
    Check { part: Part::Machine, title: "Records", look: records::open },
    Check { part: Part::Machine, title: "Machine's key", look: records::master_key },
    Check { part: Part::Machine, title: "Messages", look: records::messages },
    Check { part: Part::Machine, title: "Jobs", look: records::jobs },
    Check { part: Part::Machine, title: "Each list", look: lists::each },
    Check { part: Part::Machine, title: "Pack", look: lists::pack },
    Check { part: Part::Machine, title: "Build report", look: lists::report },
    Check { part: Part::Machine, title: "Help lines", look: rules::help_lines },
    Check { part: Part::School, title: "Accounts", look: records::accounts },
    Check { part: Part::School, title: "Mail server", look: records::mail_server },
    Check { part: Part::School, title: "Backup", look: backups::last },
    Check { part: Part::School, title: "Direct route", look: gate::direct_route },
    Check { part: Part::School, title: "Illegal material", look: rules::illegal_content },
    Check { part: Part::School, title: "Full lists", look: lists::full_set },
];

/// The answer in JSON.
#[derive(Serialize)]
struct Report<'a> {
    version: &'static str,
    at: Timestamp,
    worst: Option<State>,
    findings: &'a [Finding],
}

/// Runs it.
pub fn run(args: &Args, world: &World) -> Result<ExitCode> {
    let facts = Facts::gather(&args.place, world);
    let checks = CHECKS.iter().filter(|check| check.part == Part::Machine || !args.machine);
    let findings: Vec<Finding> = checks.flat_map(|check| Finding::of(check.part, check.title, (check.look)(&facts))).collect();
    let worst = findings.iter().map(|finding| finding.state).max();
    let text = if args.json {
        let report = Report { version: env!("CARGO_PKG_VERSION"), at: facts.now, worst, findings: &findings };
        format!("{}\n", serde_json::to_string_pretty(&report)?)
    } else {
        written(&findings, world.paint)
    };
    terminal::print(&text)?;
    Ok(if worst == Some(State::Bad) { ExitCode::from(BAD) } else { ExitCode::SUCCESS })
}

fn written(findings: &[Finding], paint: Paint) -> String {
    let mut text = String::new();
    for (part, heading) in [(Part::Machine, "This machine"), (Part::School, "What the school has to set up")] {
        let of_part: Vec<_> = findings.iter().filter(|finding| finding.part == part).collect();
        if !of_part.is_empty() {
            let before = if text.is_empty() { "" } else { "\n" };
            text.push_str(&format!("{before}{}\n", paint.with(Ink::Bold, heading)));
            text.extend(of_part.iter().map(|finding| finding.written(paint)));
        }
    }
    let count = |state| findings.iter().filter(|finding| finding.state == state).count();
    let (good, unknown, warn, bad) = (count(State::Good), count(State::Unknown), count(State::Warn), count(State::Bad));
    text.push_str(&format!("\n{good} good, {warn} to look at, {bad} bad, {unknown} not known.\n"));
    text
}

// === impl Facts ===

impl Facts {
    fn gather(place: &Place, world: &World) -> Self {
        let config = place.config.as_deref().map_or_else(|| Ok(Config::default()), Config::load);
        let given = place.data.as_deref();
        let data = match &config {
            Ok(config) => Some(world.data_folder(given, config)),
            Err(_) => given.map(DataFolder::new),
        };
        let running = data.as_ref().map_or(Ok(None), |data| control::running(&data.socket()));
        let records = config.as_ref().ok().zip(data.as_ref()).map(|(config, data)| records::gather(config, data));
        Self { config, data, running, records, place: place.clone(), now: world.now() }
    }

    fn config(&self) -> Result<&Config, Unknown> {
        self.config.as_ref().map_err(|_| Unknown::new("the configuration must be put right first"))
    }

    fn data(&self) -> Result<&DataFolder, Unknown> {
        self.data.as_ref().ok_or_else(|| Unknown::new("the configuration, which says where the data folder is, must be put right first"))
    }

    fn records(&self) -> Result<&Result<Option<Found>, String>, Unknown> {
        self.records.as_ref().ok_or_else(|| Unknown::new("the configuration must be put right first"))
    }

    fn is_running(&self) -> bool {
        matches!(self.running, Ok(Some(_)))
    }
}
