//! `bench memory`: how long a start takes with a million domains, what it holds when nobody asks, and what each idle tunnel adds.

use std::time::Duration;

use anyhow::Context;
use rustix::process::{Resource, getrlimit};

use crate::facts;
use crate::listing::Listing;
use crate::machine;
use crate::options::Options;
use crate::origin::{self, Origin};
use crate::peers::{Peer, Place, Running, Tunnels};
use crate::report::{self, Column};
use crate::tunnel;

/// Listed domains, unless said otherwise.
const DOMAINS: usize = 1_000_000;
/// Idle tunnels, where the system lets a process open two files for each.
const TUNNELS: u64 = 10_000;
/// Files that a proxy needs for other things.
const SPARE: u64 = 400;
/// Before memory is read.
const SETTLE: Duration = Duration::from_secs(2);

/// What one run of one peer gave. Memory in bytes.
#[derive(Debug)]
struct Figures {
    start: Duration,
    idle: u64,
    /// With all tunnels open, and the tunnels.
    crowd: Option<(u64, usize)>,
}

/// Measures and prints.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let scratch = origin::scratch()?;
    let folder = scratch.path();
    let domains = options.domains.unwrap_or(DOMAINS);
    let list = Listing::write(folder, domains)?;
    let allowed = getrlimit(Resource::Nofile).maximum.map_or(TUNNELS, |files| files.saturating_sub(SPARE) / 2);
    let tunnels = usize::try_from(TUNNELS.min(allowed)).context("count the tunnels")?;
    let peers = options.peers().into_iter().filter(|peer| peer.filters).map(|peer| (peer, peer.title.to_owned())).collect();
    let (rows, watch) = report::in_turn(options, peers, |peer| {
        // A new one each time: it keeps what is left of tunnels.
        let origin = Origin::start(&folder.join("origin"))?;
        let place = Place::new(folder, peer.name, &list.path, &origin, &options.schoolgate)?;
        let mut running = (peer.start)(&place).with_context(|| format!("start {}", peer.title))?;
        measure(peer, &mut running, &origin, tunnels).with_context(|| format!("measure {}", peer.title))
    })?;
    println!("\n## Memory with {domains} listed domains, {} runs\n", options.runs);
    println!("{}\n{}", facts::of_the_run()?, watch.remark());
    println!("PSS of all processes of each; {tunnels} idle tunnels; what the kernel holds for connections is not in it.");
    print!("{}", report::table(&rows, COLUMNS));
    Ok(())
}

fn measure(peer: &Peer, running: &mut Running, origin: &Origin, tunnels: usize) -> anyhow::Result<Figures> {
    let host = origin::name(0);
    let start = running.wait_until_open(&host, origin.web.port())?;
    let memory = || {
        machine::pause(SETTLE);
        machine::memory_bytes_but(&origin.pids())
    };
    let idle = memory();
    let crowd = if peer.tunnels == Tunnels::Many {
        let opened = tunnel::idle(running.address, &host, origin.tunnels.port(), tunnels).context("open idle tunnels")?;
        Some((memory(), opened.len()))
    } else {
        None
    };
    Ok(Figures { start, idle, crowd })
}

const COLUMNS: &[Column<Figures>] = &[
    ("start to the first page, s", |run| Some(run.start.as_secs_f64())),
    ("idle, MiB", |run| Some(mib(run.idle))),
    ("with the tunnels, MiB", |run| Some(mib(run.crowd?.0))),
    ("KiB a tunnel", |run| run.crowd.map(|(bytes, tunnels)| bytes.saturating_sub(run.idle) as f64 / 1024.0 / tunnels as f64)),
];

fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}
