//! `schoolgate audit verify`.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ledger::Ledger;
use ledger::audit::{self, Chain, Head, Report};
use serde_json::{Value, json};

use super::super::Place;
use crate::records;
use crate::terminal::{self, Ink, Paint, harmless};
use crate::world::World;

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Heads that were kept elsewhere: a file of lines as `audit head` prints them [default: those in the data folder, if any]
    #[arg(long, value_name = "FILE")]
    heads: Option<PathBuf>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Place,
}

/// Runs it. Fails, with what it found on standard output, if something is not as it was written.
pub(super) fn run(args: &Args, world: &World) -> Result<ExitCode> {
    let config = args.place.load()?;
    let data = world.data_folder(args.place.data.as_deref(), &config);
    let place = records::place(&config, &data);
    let kept = match &args.heads {
        Some(path) => read(path)?.with_context(|| format!("reading heads: {} is not there", path.display()))?,
        None => read(&records::heads_file(&config, &data))?.unwrap_or_default(),
    };
    let bar = bar(world);
    let report = records::runtime()?.block_on(async {
        let reader = Ledger::read(&place).await?;
        let progress = |done: u64, all: u64| {
            bar.set_length(all);
            bar.set_position(done);
        };
        audit::verify(&reader, &kept, world.now().into(), &progress).await
    })?;
    bar.finish_and_clear();
    let text = if args.json { format!("{:#}\n", as_json(&report)) } else { written(&report, kept.len(), world.paint) };
    terminal::print(&text)?;
    Ok(if report.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The heads in a file; nothing where it is not there.
fn read(path: &Path) -> Result<Option<Vec<Head>>> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        text => text.with_context(|| format!("reading heads from {}", path.display()))?,
    };
    let (heads, errors) = audit::parse(&text);
    if errors.is_empty() {
        return Ok(Some(heads));
    }
    let lines: String = errors.iter().map(|error| format!("\n  {error}")).collect();
    bail!("reading heads from {}:{lines}", path.display());
}

fn bar(world: &World) -> ProgressBar {
    let target = if world.is_terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template("{elapsed} {wide_bar} {human_pos} of {human_len} entries, {eta} to go");
    ProgressBar::with_draw_target(None, target).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn written(report: &Report, kept: usize, paint: Paint) -> String {
    let mut text: String = report.chains.iter().map(|chain| of_chain(chain, paint)).collect();
    if report.chains.is_empty() {
        text.push_str("Nothing was recorded yet.\n");
    }
    match kept {
        0 => text.push_str(
            "No head was kept elsewhere to compare with: whether the whole database was exchanged for an old or a rewritten one does not \
             show.\nKeep the line of `schoolgate audit head` where nobody can change it, and give it with --heads.\n",
        ),
        1 => text.push_str("Compared with 1 head that was kept.\n"),
        _ => text.push_str(&format!("Compared with {kept} heads that were kept.\n")),
    }
    text
}

fn of_chain(chain: &Chain, paint: Paint) -> String {
    let whose = if chain.name.is_empty() { chain.organisation.to_string() } else { harmless(&chain.name) };
    let mut text = match &chain.broken {
        None => paint.with(Ink::Green, &format!("{whose}: the audit trail is as it was written, {} entries", chain.links)),
        Some(broken) => paint.with(Ink::Red, &format!("{whose}: THE AUDIT TRAIL IS BROKEN: {broken}")),
    };
    text.push('\n');
    if chain.broken.is_some() {
        text.push_str(&format!(
            "  {} entries before that are as they were written. Keep the database as it is and find out who can\n",
            chain.links
        ));
        text.push_str("  write to it; a backup from before has what stood there.\n");
    }
    let notes = [
        (chain.unsealed, "entries are not linked yet; a running Schoolgate links them within a second"),
        (chain.erased, "records were erased; their entries stand, and nobody can read their texts"),
        (chain.clock_went_back, "times an entry is earlier than the one before: the machine's clock was set back"),
    ];
    text.extend(notes.iter().filter(|(count, _)| *count > 0).map(|(count, note)| format!("  {count} {note}\n")));
    text.extend(chain.head.map(|head| format!("  head: {head}\n")));
    text
}

fn as_json(report: &Report) -> Value {
    let chains = report.chains.iter().map(|chain| {
        json!({
            "organisation": chain.organisation.to_string(),
            "name": chain.name,
            "holds": chain.broken.is_none(),
            "entries": chain.links,
            "unsealed": chain.unsealed,
            "erased": chain.erased,
            "clock_went_back": chain.clock_went_back,
            "head": chain.head.map(|head| head.to_string()),
            "broken": chain.broken.as_ref().map(ToString::to_string),
        })
    });
    json!({ "holds": report.holds(), "organisations": chains.collect::<Vec<_>>() })
}
