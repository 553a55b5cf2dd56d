//! The records: entries a second with everything acknowledged on the disk, on both databases; the walk over the trail; a backup; opening.

use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use calendar::Instant as At;
use ids::{EpochId, OrganisationId, RecordId};
use ledger::audit::{self, Side};
use ledger::backup::{self, Identity, Recipients, Source};
use ledger::keys::{PublicHalf, Writer};
use ledger::{Act, Actor, Change, Ledger, Origin, Place, Subject, Text, code, store};
use private_postgres::{ROLE, Server, sql, url};
use tokio::task::JoinSet;

use crate::figures::{RUNS, Spread};
use crate::machine::used_seconds;

/// How long each run lasts.
const LASTS: Duration = Duration::from_secs(2);
/// People who change something at once, and who look at something at once.
const WRITERS: usize = 64;
const READERS: usize = 256;
/// Entries that the trail has at least when it is walked.
const WALKED: usize = 300_000;
/// Bytes of attachments that a backup takes besides, and of each of them.
const VAULT: usize = 1 << 30;
const FILE: usize = 1 << 20;

/// Measures both databases.
pub(crate) fn run() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    println!("each {RUNS} runs of {} s: least / **median** / most; CPU is that of this program, without PostgreSQL's own", LASTS.as_secs());
    let folder = tempfile::tempdir()?;
    runtime.block_on(one("SQLite", folder.path(), &Place::in_folder(folder.path())))?;
    let server = Server::start(&std::env::temp_dir())?;
    sql(server.folder(), "postgres", &format!("CREATE DATABASE bench OWNER {ROLE}"))?;
    let folder = tempfile::tempdir()?;
    runtime.block_on(one("PostgreSQL", folder.path(), &Place::parse(&url(server.folder(), "bench"))?))
}

async fn one(name: &str, folder: &Path, place: &Place) -> anyhow::Result<()> {
    let ledger = Ledger::open(folder, place, At::from_micros(0)?).await?;
    let mut unit = ledger.begin(act()?).await?;
    store::make_organisation(&mut unit, "Hill School").await?;
    unit.commit().await?;
    let text = sealed()?;

    let changes = rates(WRITERS, || change(ledger.clone(), Vec::new())).await?;
    println!("{name}: changes, {WRITERS} at once: {changes}");
    let changes = rates(WRITERS, || change(ledger.clone(), vec![text.clone()])).await?;
    println!("{name}: changes with a text of 200 bytes, {WRITERS} at once: {changes}");
    let views = rates(READERS, || view(ledger.clone(), 1)).await?;
    println!("{name}: views, {READERS} at once: {views}");

    for _ in 0..WALKED / 1000 {
        view(ledger.clone(), 1000).await?;
    }
    let begun = Instant::now();
    ledger.close().await?;
    println!("{name}: closed with all sealed after {:.1} s", begun.elapsed().as_secs_f64());
    let reader = Ledger::read(place).await?;
    let mut walks = Rates::default();
    for _ in 0..RUNS {
        let begun = Begun::now();
        let report = audit::verify(&reader, &[], At::from_micros(0)?, &|_, _| {}).await?;
        anyhow::ensure!(report.holds(), "the trail is broken: {report:?}");
        let links: u64 = report.chains.iter().map(|chain| chain.links).sum();
        walks.add(&begun, links as usize);
    }
    reader.close().await?;
    println!("{name}: the walk over the trail: {}", walks.shown()?);
    backups(name, folder, place).await?;
    let mut opens = Vec::new();
    for _ in 0..RUNS {
        let begun = Instant::now();
        let ledger = Ledger::open(folder, place, At::from_micros(0)?).await?;
        opens.push(begun.elapsed().as_secs_f64() * 1000.0);
        ledger.close().await?;
    }
    println!("{name}: opening, locked: {} ms", spread(opens)?);
    Ok(())
}

/// A backup of the records and of [`VAULT`] bytes in the vault, onto the same disk, forced there.
async fn backups(name: &str, folder: &Path, place: &Place) -> anyhow::Result<()> {
    let vault = folder.join("vault/00");
    std::fs::create_dir_all(&vault)?;
    let mut drawing = vec![0; FILE];
    for number in 0..VAULT / FILE {
        // As good as sealed: no two files, and no two places in one, are the same.
        drawing.chunks_mut(8).enumerate().for_each(|(at, bytes)| {
            let mixed = ((number * FILE + at) as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            bytes.copy_from_slice(&(mixed ^ (mixed >> 29)).to_le_bytes());
        });
        std::fs::write(vault.join(format!("{number:032x}")), &drawing)?;
    }
    let recipients = Recipients::parse([Identity::generate().recipient().as_str()])?;
    let source = Source { place: place.clone(), folder: folder.to_owned(), files: Vec::new(), program: "bench" };
    let (mut seconds, mut bytes) = (Vec::new(), 0);
    for _ in 0..RUNS {
        let to = tempfile::tempfile()?;
        let begun = Instant::now();
        let made = backup::make(&source, &recipients, to, At::from_micros(0)?, &mut |_| {}).await?;
        made.to.sync_all()?;
        seconds.push(begun.elapsed().as_secs_f64());
        bytes = made.to.metadata()?.len();
    }
    println!("{name}: a backup of {:.2} GB: {} s", bytes as f64 / 1e9, spread(seconds)?);
    Ok(())
}

/// Entries a second when `many` do `work` one time after the other. `work` says how many entries were acknowledged.
async fn rates<F>(many: usize, work: impl Fn() -> F) -> anyhow::Result<String>
where
    F: Future<Output = anyhow::Result<usize>> + Send + 'static,
{
    let mut rates = Rates::default();
    for _ in 0..RUNS {
        let (begun, mut all, mut done) = (Begun::now(), JoinSet::new(), 0);
        for _ in 0..many {
            all.spawn(work());
        }
        while let Some(one) = all.join_next().await {
            done += one??;
            if begun.clock.elapsed() < LASTS {
                all.spawn(work());
            }
        }
        rates.add(&begun, done);
    }
    rates.shown()
}

/// When a run began, by the clock and by the processor time used so far.
struct Begun {
    clock: Instant,
    cpu: f64,
}

/// Entries a second, and microseconds of processor time for each.
#[derive(Default)]
struct Rates {
    entries: Vec<f64>,
    cpu: Vec<f64>,
}

// === impl Begun ===

impl Begun {
    fn now() -> Self {
        Self { clock: Instant::now(), cpu: used_seconds(std::process::id()) }
    }
}

// === impl Rates ===

impl Rates {
    fn add(&mut self, begun: &Begun, entries: usize) {
        self.entries.push(entries as f64 / begun.clock.elapsed().as_secs_f64());
        self.cpu.push((used_seconds(std::process::id()) - begun.cpu) * 1e6 / entries as f64);
    }

    fn shown(self) -> anyhow::Result<String> {
        Ok(format!("{} entries/s, {} us of CPU an entry", spread(self.entries)?, spread(self.cpu)?))
    }
}

fn spread(runs: Vec<f64>) -> anyhow::Result<Spread> {
    Spread::of(runs.into_iter()).ok_or_else(|| anyhow::anyhow!("no runs"))
}

async fn change(ledger: Ledger, texts: Vec<Text>) -> anyhow::Result<usize> {
    let mut unit = ledger.begin(act()?).await?;
    unit.record(&Change { subject: subject(0), action: code!("noted"), texts })?;
    unit.commit().await?;
    Ok(1)
}

async fn view(ledger: Ledger, count: usize) -> anyhow::Result<usize> {
    let subjects: Vec<Subject> = (0..count).map(|number| subject(number as u64)).collect();
    Ok(ledger.view(&act()?, code!("read"), &subjects).await?.len())
}

fn subject(number: u64) -> Subject {
    Subject { kind: code!("case"), id: RecordId::new(number, [0; 10]) }
}

/// A text as people write it. Sealing takes a microsecond and is left out of the rate.
fn sealed() -> anyhow::Result<Text> {
    let (writer, _) = Writer::begin(OrganisationId::named("school"), &PublicHalf::from_bytes([9; 32]), EpochId::new(0, [0; 10]))?;
    let (sealer, _) = writer.new_key(subject(0).id)?;
    Ok(Text { field: code!("words"), side: Side::After, sealed: sealer.seal("words", &[b'a'; 200])? })
}

fn act() -> anyhow::Result<Act> {
    Ok(Act {
        organisation: OrganisationId::named("school"),
        site: None,
        actor: Actor::Program,
        role: code!("dsl"),
        on_behalf_of: None,
        purpose: code!("measuring"),
        at: now()?,
        origin: Origin::Job,
    })
}

/// Ids sort by time, and so lie together: the clock must go on.
#[expect(clippy::disallowed_methods, reason = "the time is the machine's, as in the product")]
fn now() -> anyhow::Result<At> {
    Ok(At::from_micros(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros())?)?)
}
