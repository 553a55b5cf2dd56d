//! `schoolgate lists build`: lists on this machine into one pack.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use lists::build::{Builder, Report};
use lists::import;
use lists::pack_file;
use lists::source::{Limits, SourceSpec};
use lists::whole_file;

use super::{counted, print, report, size, words};
use crate::commands::progress::Progress;
use crate::refresh::{self, Step};
use crate::world::World;

/// Endings of archives and lists that are no part of a name.
const ENDINGS: [&str; 7] = [".tar.gz", ".tgz", ".tar", ".gz", ".txt", ".csv", ".zone"];

/// Arguments of `lists build`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The sources.
    #[arg(value_name = "SOURCE", help = "A file, folder or archive: [FORMAT:]PATH[#CATEGORY]")]
    sources: Vec<String>,
    /// The pack to write; what is there is replaced whole or stays as it is
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// A mapping of the sources' categories onto ours, before the shipped one
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// The name of a list in reports and reasons, once for each source in turn [default: its file's name]
    #[arg(long = "name", value_name = "NAME")]
    names: Vec<String>,
    /// Take in the shipped starter list as well
    #[arg(long)]
    starter: bool,
    /// Also write the report as JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// No progress and no report, only errors and warnings
    #[arg(long)]
    quiet: bool,
}

/// Runs it.
pub(super) fn run(args: &Args, world: &World) -> Result<ExitCode> {
    let begun = Instant::now();
    let sources = sources(args)?;
    let folder = whole_file::folder_of(&args.out);
    whole_file::remove_leftovers(folder).with_context(|| format!("looking at the folder of the pack, {}", folder.display()))?;
    let mapping = refresh::mapping(args.mapping.as_deref())?;
    let mut builder = Builder::new(&mapping);
    let mut progress = Progress::new(world, args.quiet);
    if args.starter {
        import::add_starter(&mut builder)?;
    }
    let limits = Limits { scratch: Some(folder.to_owned()), ..Limits::default() };
    let mut empty = Vec::new();
    for (name, spec) in &sources {
        progress.say(|| words(Step::Reading { list: name, entries: builder.len() }));
        let taken =
            import::add(&mut builder, name, spec, &limits, &mut |entries| progress.say(|| words(Step::Reading { list: name, entries })))?;
        if taken == 0 {
            empty.push(name.as_str());
        }
    }
    refuse_empty(&empty, &sources, &builder)?;
    let built = builder.finish(&mut |what, done| progress.say(|| words(Step::Building { what, done })))?;
    drop(progress);
    pack_file::write(&args.out, &built.bytes).context("the pack is not written, and what was there before is as it was")?;
    if let Some(path) = &args.report {
        write_report(path, &built.report)?;
    }
    if !args.quiet {
        let head = format!("{}{}", report::text(&built.report), report::totals(&built.report));
        let bytes = size(built.bytes.len() as u64);
        print(&format!("{head}Written: {}, {bytes}, in {:.1} s\n", args.out.display(), begun.elapsed().as_secs_f32()))?;
    }
    warn(&empty);
    Ok(ExitCode::SUCCESS)
}

/// Each source with its name.
fn sources(args: &Args) -> Result<Vec<(String, SourceSpec)>> {
    if args.sources.is_empty() && !args.starter {
        bail!("building a pack: name a source, or --starter for the shipped list");
    }
    if args.names.len() > args.sources.len() {
        bail!("building a pack: there are more names than sources ({} and {})", args.names.len(), args.sources.len());
    }
    let mut sources: Vec<(String, SourceSpec)> = Vec::new();
    for (at, text) in args.sources.iter().enumerate() {
        let spec: SourceSpec = text.parse().context("reading the command line")?;
        let name = args.names.get(at).cloned().unwrap_or_else(|| name_of(&spec.path));
        let is_taken = |name: &str| sources.iter().any(|(known, _)| known == name) || name == import::STARTER;
        let name = if is_taken(&name) { (2..).map(|number| format!("{name}-{number}")).find(|name| !is_taken(name)) } else { Some(name) };
        sources.push((name.unwrap_or_default(), spec));
    }
    Ok(sources)
}

/// The last part of a path, without the ending of an archive or a list.
fn name_of(path: &Path) -> String {
    let name = path.file_name().map_or_else(|| "list".to_owned(), |name| name.to_string_lossy().into_owned());
    let stem = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)).filter(|stem| !stem.is_empty());
    stem.unwrap_or(&name).to_owned()
}

/// A list without an entry is a mistake: a sign-in page, a wrong format, a category nobody knows. Only beside others may it pass.
fn refuse_empty(empty: &[&str], sources: &[(String, SourceSpec)], builder: &Builder<'_>) -> Result<()> {
    match empty {
        [] => Ok(()),
        [one] if sources.len() == 1 => {
            bail!("the list \"{one}\" gives no entry, so nothing was written: {}", refresh::why_empty(builder.report()))
        }
        _ if empty.len() == sources.len() => {
            bail!("none of the {} lists gives an entry, so nothing was written: {}", empty.len(), refresh::why_empty(builder.report()))
        }
        _ => Ok(()),
    }
}

fn warn(empty: &[&str]) {
    if empty.is_empty() {
        return;
    }
    let names = empty.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    let what = counted(empty.len() as u64, "list gives", "lists give");
    // Nobody is left to tell when standard error is closed.
    drop(writeln!(std::io::stderr().lock(), "WARNING: {what} no entry at all: {names}. The pack is made of the others only."));
}

fn write_report(path: &Path, report: &Report) -> Result<()> {
    let doing = || format!("writing the report {}", path.display());
    let text = serde_json::to_vec_pretty(report).with_context(doing)?;
    whole_file::write(path, &text).with_context(doing)
}
