//! `bench proxy`: plain HTTP and tunnels through every peer, each started afresh for each run, in turn.

use std::time::Duration;

use anyhow::{Context, ensure};

use crate::facts;
use crate::listing::Listing;
use crate::load::{Hosts, Load, Wrk};
use crate::machine;
use crate::options::Options;
use crate::origin::{self, NAMES, Origin};
use crate::peers::{OURS, Peer, Place, Running, Tunnels};
use crate::probe::{self, Answer};
use crate::report::{self, Above, Column, Row};
use crate::tunnel;

/// Listed domains, unless said otherwise.
const DOMAINS: usize = 100_000;
/// Connections of the load.
const CONNECTIONS: usize = 64;
/// Tunnels at once, and bytes through each.
const TUNNELS: usize = 4;
const TUNNEL_BYTES: u64 = 512 << 20;
/// Load before anything is counted, and the shortest window.
const WARM_UP: Duration = Duration::from_secs(1);

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

/// Measures and prints.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let scratch = origin::scratch()?;
    let folder = scratch.path();
    let domains = options.domains.unwrap_or(DOMAINS);
    let list = Listing::write(folder, domains)?;
    let origin = Origin::start(&folder.join("origin"))?;
    let open: Vec<String> = (0..NAMES).map(origin::name).collect();
    let wrk = Wrk::new(folder, origin.web.port(), &open, &list.asked)?;
    let peers = options.peers().into_iter().map(|peer| (peer, peer.title.to_owned())).collect();
    let (rows, watch) = report::in_turn(options, peers, |peer| {
        let place = Place::new(folder, peer.name, &list.path, &origin, &options.schoolgate)?;
        let mut running = (peer.start)(&place).with_context(|| format!("start {}", peer.title))?;
        measure(peer, &mut running, &wrk, &list, &origin, options).with_context(|| format!("measure {}", peer.title))
    })?;
    println!("\n## Proxy, {domains} listed domains, {} runs of {} s\n", options.runs, options.window.as_secs());
    println!("{}\n{}", facts::of_the_run()?, watch.remark());
    println!("1 KiB page, {CONNECTIONS} kept connections; tunnels: {TUNNELS} at once, {} MiB each.", TUNNEL_BYTES >> 20);
    print!("{}{}", report::table(&rows, HTTP), report::table(&rows, BLOCKED));
    compare(&rows);
    Ok(())
}

fn measure(peer: &Peer, running: &mut Running, wrk: &Wrk, list: &Listing, origin: &Origin, options: &Options) -> anyhow::Result<Figures> {
    let (port, host) = (origin.web.port(), origin::name(0));
    running.wait_until_open(&host, port)?;
    if peer.filters {
        for listed in list.asked.iter().take(4) {
            ensure!(probe::ask(running.address, listed, port)? == Answer::Other, "{listed} is on the list and comes through");
        }
    }
    wrk.run(running.address, Hosts::Open, CONNECTIONS, WARM_UP).context("warm up")?;
    let loaded = |hosts, connections, window| -> anyhow::Result<Loaded> {
        let before = machine::used_seconds(running.pid());
        let load = wrk.run(running.address, hosts, connections, window)?;
        Ok(Loaded { load, cpu_us: (machine::used_seconds(running.pid()) - before) / load.requests * 1e6 })
    };
    Ok(Figures {
        open: loaded(Hosts::Open, CONNECTIONS, options.window).context("open hosts")?,
        alone: loaded(Hosts::Open, 1, (options.window / 2).max(WARM_UP)).context("one connection")?,
        blocked: peer.filters.then(|| loaded(Hosts::Listed, CONNECTIONS, options.window)).transpose().context("listed hosts")?,
        tunnels: (peer.tunnels != Tunnels::None).then(|| bulk(running, &host, origin)).transpose().context("tunnels")?,
    })
}

fn bulk(running: &Running, host: &str, origin: &Origin) -> anyhow::Result<Bulk> {
    let before = machine::used_seconds(running.pid());
    let seconds = tunnel::bulk(running.address, host, origin.tunnels.port(), TUNNELS, TUNNEL_BYTES)?;
    let cpu = machine::used_seconds(running.pid()) - before;
    let bytes = TUNNELS as f64 * TUNNEL_BYTES as f64;
    Ok(Bulk { megabytes_per_second: bytes / 1e6 / seconds, cpu_seconds_per_gigabyte: cpu / (bytes / 1e9) })
}

const RATE: Column<Figures> = ("requests/s", |run| Some(run.open.load.per_second()));
const CPU: Column<Figures> = ("CPU us/request", |run| Some(run.open.cpu_us));
const P99: Column<Figures> = ("p99 ms", |run| Some(run.open.load.p99_us / 1e3));
const BLOCKED_RATE: Column<Figures> = ("blocked requests/s", |run| Some(run.blocked.as_ref()?.load.per_second()));
const TUNNEL_RATE: Column<Figures> = ("tunnels: MB/s", |run| Some(run.tunnels.as_ref()?.megabytes_per_second));
const TUNNEL_CPU: Column<Figures> = ("tunnels: CPU s/GB", |run| Some(run.tunnels.as_ref()?.cpu_seconds_per_gigabyte));

const HTTP: &[Column<Figures>] =
    &[RATE, CPU, ("p50 ms", |run| Some(run.open.load.p50_us / 1e3)), P99, ("one connection: p50 us", |run| Some(run.alone.load.p50_us))];

const BLOCKED: &[Column<Figures>] = &[
    BLOCKED_RATE,
    ("blocked: CPU us/request", |run| Some(run.blocked.as_ref()?.cpu_us)),
    ("blocked: p99 ms", |run| Some(run.blocked.as_ref()?.load.p99_us / 1e3)),
    TUNNEL_RATE,
    TUNNEL_CPU,
];

/// Ours beside each of the others.
fn compare(rows: &[Row<&Peer, Figures>]) {
    let (ours, others): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.subject.name == OURS);
    let Some(ours) = ours.first() else { return };
    println!("\nHow many times better ours was in the same run (above 1: ours is better):");
    let columns = [
        ("requests/s", Above::Ours, RATE),
        ("CPU a request", Above::Peers, CPU),
        ("p99", Above::Peers, P99),
        ("blocked requests/s", Above::Ours, BLOCKED_RATE),
        ("tunnels, MB/s", Above::Ours, TUNNEL_RATE),
        ("tunnels, CPU", Above::Peers, TUNNEL_CPU),
    ];
    print!("{}", report::ratios(ours, &others, &columns));
}
