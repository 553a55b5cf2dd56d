//! `schoolgate controls`: what each control finds, and how far each clause of the policy is kept.

use std::process::ExitCode;

use anyhow::Result;
use office::clauses::{self, Clause, Kept};
use office::control::{Found, State};
use serde::Serialize;

use super::Place;
use crate::controls;
use crate::live::{Live, Origin};
use crate::records;
use crate::terminal::{self, Ink, Paint};
use crate::world::World;

/// Exit code where a promise is not kept.
const BREACHED: u8 = 2;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// The answer in JSON.
#[derive(Serialize)]
struct Report<'a> {
    at: jiff::Timestamp,
    judged_by: &'a str,
    controls: Vec<ControlReport<'a>>,
    clauses: Vec<ClauseReport<'a>>,
}

#[derive(Serialize)]
struct ControlReport<'a> {
    id: &'a str,
    title: &'a str,
    clauses: &'a [&'a str],
    basis: &'a str,
    state: &'a str,
    sentence: &'a str,
}

#[derive(Serialize)]
struct ClauseReport<'a> {
    id: &'a str,
    capability: &'a str,
    state: &'a str,
    controls: &'a [String],
    missing: &'a str,
}

/// Runs it.
pub fn run(args: &Args, world: &World) -> Result<ExitCode> {
    let config = args.place.load()?;
    let data = world.data_folder(args.place.data.as_deref(), &config);
    let by = match &args.place.config {
        Some(path) => format!("the configuration {} and the lists in {}", path.display(), data.root().display()),
        None => format!("the built-in settings and the lists in {}", data.root().display()),
    };
    let origin = args.place.config.clone().map_or(Origin::BuiltIn, Origin::File);
    let live = Live::start(origin, config, data, world.now())?;
    let (in_force, now) = (live.in_force(), world.now());
    let found = records::runtime()?.block_on(async {
        let recorded = controls::read(live.data(), &in_force, now).await;
        controls::look(&in_force, live.data(), recorded, now).await
    });
    let text = if args.json {
        format!("{}\n", serde_json::to_string_pretty(&report(&found, &by, world.now()))?)
    } else {
        written(&found, &by, world.paint)
    };
    terminal::print(&text)?;
    let breached = found.iter().any(|found| matches!(found.finding.state, State::Breached(_)));
    Ok(if breached { ExitCode::from(BREACHED) } else { ExitCode::SUCCESS })
}

fn report<'a>(found: &'a [Found], judged_by: &'a str, at: jiff::Timestamp) -> Report<'a> {
    fn control(Found { control, finding }: &Found) -> ControlReport<'_> {
        ControlReport {
            id: control.id,
            title: control.title,
            clauses: control.clauses,
            basis: control.basis.word(),
            state: finding.state.word(),
            sentence: &finding.sentence,
        }
    }
    let clause = |clause: &'static Clause| ClauseReport {
        id: &clause.id,
        capability: &clause.capability,
        state: clause.kept(found).word(),
        controls: &clause.controls,
        missing: &clause.missing,
    };
    Report { at, judged_by, controls: found.iter().map(control).collect(), clauses: clauses::all().iter().map(clause).collect() }
}

fn written(found: &[Found], by: &str, paint: Paint) -> String {
    let mut text = String::new();
    for Found { control, finding } in found {
        let ink = match finding.state {
            State::Met => Ink::Green,
            State::Due(_) | State::Unknown | State::NotInUse => Ink::Yellow,
            State::Breached(_) => Ink::Red,
        };
        let state = paint.with(ink, finding.state.word());
        text.push_str(&format!("{state}: {}\n    {}\n", control.title, finding.sentence));
        text.push_str(&format!("    {}, {}, for {}\n", control.id, control.basis.word(), control.clauses.join(", ")));
    }
    let counts = Kept::ALL.map(|kept| {
        let count = clauses::all().iter().filter(|clause| clause.kept(found) == kept).count();
        format!("{count} {}", kept.word())
    });
    text.push_str(&format!("\nOf {} clauses of the policy: {}.\nJudged by {by}.\n", clauses::all().len(), counts.join(", ")));
    text
}
