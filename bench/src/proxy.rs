//! `bench proxy`: plain HTTP and tunnels through every peer, each started afresh for each run, in turn.

use std::fmt::Write as _;

use anyhow::{Context, ensure};

use crate::figures::{Spread, ratio};
use crate::listing::Listing;
use crate::load::{Hosts, Load, Wrk};
use crate::machine;
use crate::options::Options;
use crate::origin::{self, NAMES, Origin};
use crate::peers::{OURS, Peer, Place, Running};
use crate::probe::{self, Answer};
use crate::quiet::Watch;
use crate::tunnel;

/// Listed domains, unless said otherwise.
const DOMAINS: usize = 100_000;
/// Connections of the load.
const CONNECTIONS: usize = 64;
/// Tunnels at once, and bytes through each.
const TUNNELS: usize = 4;
const TUNNEL_BYTES: u64 = 512 << 20;

/// What one run of one peer gave.
#[derive(Debug)]
struct Figures {
    open: Loaded,
    alone: Loaded,
    blocked: Option<Loaded>,
    tunnels: Option<Bulk>,
}

/// A window of load, and what it cost the peer.
#[derive(Debug)]
struct Loaded {
    load: Load,
    cpu_us: f64,
}

/// Tunnels that carry much.
#[derive(Debug)]
struct Bulk {
    megabytes_per_second: f64,
    cpu_seconds_per_gigabyte: f64,
}

/// All runs of one peer.
#[derive(Debug)]
struct Row {
    peer: &'static Peer,
    runs: Vec<Figures>,
}

/// Measures and prints.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let scratch = scratch()?;
    let folder = scratch.path();
    let domains = options.domains.unwrap_or(DOMAINS);
    let list = Listing::write(folder, domains)?;
    let origin = Origin::start(&folder.join("origin"))?;
    let open: Vec<String> = (0..NAMES).map(origin::name).collect();
    let wrk = Wrk::new(folder, origin.web.port(), &open, &list.asked)?;
    let mut rows: Vec<Row> = options.peers().into_iter().map(|peer| Row { peer, runs: Vec::new() }).collect();
    let mut watch = Watch::default();
    for run in 1..=options.runs {
        for row in &mut rows {
            let what = format!("run {run} of {}: {}", options.runs, row.peer.title);
            let cycle = || {
                let place = Place::new(folder, row.peer.name, &list.path, &origin, &options.schoolgate)?;
                let mut running = (row.peer.start)(&place).with_context(|| format!("start {}", row.peer.title))?;
                measure(row.peer, &mut running, &wrk, &list, &origin, options).with_context(|| what.clone())
            };
            row.runs.push(watch.cycle(options.busy, &what, cycle)?);
        }
    }
    print(&rows, domains, options, &watch);
    Ok(())
}

/// A folder for everything a run writes, which every user may enter: some peers give up being root.
pub(crate) fn scratch() -> anyhow::Result<tempfile::TempDir> {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().context("make a folder for the run")?;
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).context("open the folder of the run to the peers")?;
    Ok(folder)
}

fn measure(peer: &Peer, running: &mut Running, wrk: &Wrk, list: &Listing, origin: &Origin, options: &Options) -> anyhow::Result<Figures> {
    let (port, host) = (origin.web.port(), origin::name(0));
    running.wait_until_open(&host, port)?;
    if peer.filters {
        for listed in list.asked.iter().take(4) {
            ensure!(probe::ask(running.address, listed, port)? == Answer::Other, "{listed} is on the list and comes through");
        }
    }
    let second = std::time::Duration::from_secs(1);
    wrk.run(running.address, Hosts::Open, CONNECTIONS, second).context("warm up")?;
    let loaded = |hosts, connections, window| -> anyhow::Result<Loaded> {
        let before = machine::used_seconds(running.pid());
        let load = wrk.run(running.address, hosts, connections, window)?;
        Ok(Loaded { load, cpu_us: (machine::used_seconds(running.pid()) - before) / load.requests * 1e6 })
    };
    Ok(Figures {
        open: loaded(Hosts::Open, CONNECTIONS, options.window).context("open hosts")?,
        alone: loaded(Hosts::Open, 1, (options.window / 2).max(second)).context("one connection")?,
        blocked: peer.filters.then(|| loaded(Hosts::Listed, CONNECTIONS, options.window)).transpose().context("listed hosts")?,
        tunnels: peer.tunnels.then(|| bulk(running, &host, origin)).transpose().context("tunnels")?,
    })
}

fn bulk(running: &Running, host: &str, origin: &Origin) -> anyhow::Result<Bulk> {
    let before = machine::used_seconds(running.pid());
    let seconds = tunnel::bulk(running.address, host, origin.tunnels.port(), TUNNELS, TUNNEL_BYTES)?;
    let cpu = machine::used_seconds(running.pid()) - before;
    let bytes = TUNNELS as f64 * TUNNEL_BYTES as f64;
    Ok(Bulk { megabytes_per_second: bytes / 1e6 / seconds, cpu_seconds_per_gigabyte: cpu / (bytes / 1e9) })
}

/// A column: its title, and the figure of a run, where there is one.
type Column = (&'static str, fn(&Figures) -> Option<f64>);

const HTTP: &[Column] = &[
    ("requests/s", |run| Some(run.open.load.per_second())),
    ("CPU us/request", |run| Some(run.open.cpu_us)),
    ("p50 ms", |run| Some(run.open.load.p50_us / 1e3)),
    ("p99 ms", |run| Some(run.open.load.p99_us / 1e3)),
    ("one connection: p50 us", |run| Some(run.alone.load.p50_us)),
];

const BLOCKED: &[Column] = &[
    ("blocked requests/s", |run| Some(run.blocked.as_ref()?.load.per_second())),
    ("blocked: CPU us/request", |run| Some(run.blocked.as_ref()?.cpu_us)),
    ("blocked: p99 ms", |run| Some(run.blocked.as_ref()?.load.p99_us / 1e3)),
    ("tunnels: MB/s", |run| Some(run.tunnels.as_ref()?.megabytes_per_second)),
    ("tunnels: CPU s/GB", |run| Some(run.tunnels.as_ref()?.cpu_seconds_per_gigabyte)),
];

fn print(rows: &[Row], domains: usize, options: &Options, watch: &Watch) {
    println!("\n## Proxy, {domains} listed domains, {} runs of {} s\n", options.runs, options.window.as_secs());
    println!("{} Each cell: least / median / most.", watch.remark());
    println!("1 KiB page, {CONNECTIONS} kept connections; tunnels: {TUNNELS} at once, {} MiB each.", TUNNEL_BYTES >> 20);
    table(rows, HTTP);
    table(rows, BLOCKED);
    ratios(rows);
}

fn table(rows: &[Row], columns: &[Column]) {
    let mut text = String::from("\n| |");
    // Writing to a String cannot fail.
    for (title, _) in columns {
        let _ = write!(text, " {title} |");
    }
    let _ = write!(text, "\n| --- |{}", " --- |".repeat(columns.len()));
    for row in rows {
        let cells: Vec<Option<Spread>> = columns.iter().map(|(_, figure)| Spread::of(row.runs.iter().filter_map(figure))).collect();
        if cells.iter().all(Option::is_none) {
            continue;
        }
        let _ = write!(text, "\n| {} |", row.peer.title);
        for cell in cells {
            let _ = write!(text, " {} |", cell.map(|spread| spread.to_string()).unwrap_or_default());
        }
    }
    println!("{text}");
}

/// How many times more a peer costs than ours, run by run.
fn ratios(rows: &[Row]) {
    let Some(ours) = rows.iter().find(|row| row.peer.name == OURS) else { return };
    println!(
        "\n| beside ours, in the same run | requests/s, ours : peer | CPU, peer : ours | p99, peer : ours | blocked/s, ours : peer | tunnel MB/s, ours : peer | tunnel CPU, peer : ours |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for row in rows.iter().filter(|row| row.peer.name != OURS) {
        let compare = |figure: fn(&Figures) -> Option<f64>, upside_down: bool| {
            let pairs = ours.runs.iter().zip(&row.runs).filter_map(|(ours, peers)| Some((figure(ours)?, figure(peers)?)));
            let ratios = pairs.map(|(ours, peers)| if upside_down { peers / ours } else { ours / peers });
            Spread::of(ratios).map(ratio).unwrap_or_default()
        };
        println!(
            "| {} | {} | {} | {} | {} | {} | {} |",
            row.peer.title,
            compare(HTTP[0].1, false),
            compare(HTTP[1].1, true),
            compare(HTTP[3].1, true),
            compare(BLOCKED[0].1, false),
            compare(BLOCKED[3].1, false),
            compare(BLOCKED[4].1, true),
        );
    }
}
