//! `bench reload`: a list of a million domains is replaced by one with a name more, while readers ask. Who notices, for how long, and what
//! does it cost?

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::facts;
use crate::listing::Listing;
use crate::machine;
use crate::options::Options;
use crate::origin::{self, NAMES, Origin};
use crate::peers::{Place, Reload, Running};
use crate::probe::{self, Answer};
use crate::report::{self, Column};
use crate::steady::{self, Seen};

/// Listed domains, unless said otherwise.
const DOMAINS: usize = 1_000_000;
/// Load before the list changes, and after the change counts.
const AROUND: Duration = Duration::from_secs(1);
/// Between two looks at the new name, and at memory.
const LOOK: Duration = Duration::from_millis(20);
/// How long a change may take until it counts.
const PATIENCE: Duration = Duration::from_secs(90);
/// After the load, before memory is read for the last time.
const SETTLE: Duration = Duration::from_secs(2);

/// What one run gave. Memory in bytes.
#[derive(Debug)]
struct Figures {
    seen: Seen,
    until_it_counts: Duration,
    before: u64,
    highest: u64,
    after: u64,
}

/// Measures and prints.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let scratch = origin::scratch()?;
    let folder = scratch.path();
    let domains = options.domains.unwrap_or(DOMAINS);
    let list = Listing::write(folder, domains)?;
    let origin = Origin::start(&folder.join("origin"))?;
    let ways =
        options.peers().into_iter().flat_map(|peer| peer.reloads.iter().map(move |reload| ((peer, reload), reload.title.to_owned())));
    let (rows, watch) = report::in_turn(options, ways.collect(), |(peer, reload)| {
        let place = Place::new(folder, peer.name, &list.path, &origin, &options.schoolgate)?;
        let mut running = (peer.start)(&place).with_context(|| format!("start {}", peer.title))?;
        running.wait_until_open(&origin::name(0), origin.web.port())?;
        measure(reload, &place, &running, &list, &origin).with_context(|| format!("measure {}", reload.title))
    })?;
    println!("\n## Reload of {domains} listed domains under load, {} runs\n", options.runs);
    println!("{}\n{}", facts::of_the_run()?, watch.remark());
    print!("{}{}", report::table(&rows, PEOPLE), report::table(&rows, COST));
    Ok(())
}

fn measure(reload: &Reload, place: &Place, running: &Running, list: &Listing, origin: &Origin) -> anyhow::Result<Figures> {
    let (port, proxy) = (origin.web.port(), running.address);
    let listed = list.asked.first().context("have a listed name")?;
    // Open until it is on the list; nobody else asks for it, so that nothing about it is remembered.
    let new = origin::name(NAMES);
    ensure!(probe::ask(proxy, &new, port)? == Answer::Origins, "{new} is not open before it is listed");
    let pids = origin.pids();
    (reload.prepare)(place, &new)?;
    let (figures, seen) = steady::during(proxy, port, listed, || -> anyhow::Result<_> {
        machine::pause(AROUND);
        let before = machine::memory_bytes_but(&pids);
        let highest = AtomicU64::new(before);
        let is_over = AtomicBool::new(false);
        let until_it_counts = std::thread::scope(|scope| {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    highest.fetch_max(machine::memory_bytes_but(&pids), Ordering::Relaxed);
                    machine::pause(LOOK);
                }
            });
            let start = Instant::now();
            let counts = (reload.take)(place, running).and_then(|()| until_closed(proxy, &new, port));
            let took = start.elapsed();
            machine::pause(AROUND);
            is_over.store(true, Ordering::Relaxed);
            counts.map(|()| took)
        })?;
        Ok((until_it_counts, before, highest.into_inner()))
    });
    let (until_it_counts, before, highest) = figures?;
    machine::pause(SETTLE);
    Ok(Figures { seen, until_it_counts, before, highest, after: machine::memory_bytes_but(&pids) })
}

/// Asks until a host does not come through any more. An answer that fails says nothing.
fn until_closed(proxy: std::net::SocketAddr, host: &str, port: u16) -> anyhow::Result<()> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if matches!(probe::ask(proxy, host, port), Ok(Answer::Other)) {
            return Ok(());
        }
        machine::pause(LOOK);
    }
    anyhow::bail!("{host} was added to the list and is still open after {} s", PATIENCE.as_secs())
}

const PEOPLE: &[Column<Figures>] = &[
    ("probes over new connections", |run| Some(run.seen.probes.asked as f64)),
    ("of these failed", |run| Some(run.seen.probes.failed as f64)),
    ("listed host came through", |run| Some(run.seen.probes.leaked as f64)),
    ("longest wait, new connection, ms", |run| Some(run.seen.probes.worst.as_secs_f64() * 1e3)),
    ("kept connections: failed", |run| Some(run.seen.kept.failed as f64)),
    ("longest wait, kept connection, ms", |run| Some(run.seen.kept.worst.as_secs_f64() * 1e3)),
];

const COST: &[Column<Figures>] = &[
    ("new entry counts after s", |run| Some(run.until_it_counts.as_secs_f64())),
    ("PSS before, MiB", |run| Some(mib(run.before))),
    ("highest", |run| Some(mib(run.highest))),
    ("after", |run| Some(mib(run.after))),
];

fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
