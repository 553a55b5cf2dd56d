//! A process killed in the middle of its work loses nothing that it acknowledged, and what it leaves opens.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Write as _, stderr, stdin};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::str::FromStr as _;

use ids::EntryId;
use ledger::audit::verify;
use ledger::{Ledger, Place, code};
use sea_orm::{ConnectionTrait as _, Statement};

use crate::world::{World, act, change, found, make, morning, number, on_both, sealed, subject};

/// People who work at once.
const PEOPLE: usize = 8;

/// How often it is killed: 30 times, or as often as SCHOOLGATE_KILLS says.
#[expect(clippy::disallowed_methods, reason = "a test has no other way of being told")]
fn kills() -> usize {
    std::env::var("SCHOOLGATE_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(30)
}

/// Starts this program again, to do only `test`, on the records of `world`.
fn again(test: &str, world: &World) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args([test, "--exact", "--ignored", "--nocapture", "--test-threads=1"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("a process");
    let url = match world.place() {
        Place::Sqlite(path) => format!("sqlite:{}", path.display()),
        Place::Postgres(url) => url.clone(),
    };
    writeln!(child.stdin.take().expect("input"), "{url} {}", world.folder().display()).expect("told");
    child
}

/// What [`again`] said.
fn told() -> Option<(Place, String)> {
    let mut order = String::new();
    stdin().read_line(&mut order).expect("input");
    let (url, folder) = order.trim().split_once(' ')?;
    Some((Place::parse(url).expect("a place"), folder.to_owned()))
}

on_both! {
    async fn what_was_acknowledged_is_there_and_the_chain_holds(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        ledger.close().await.expect("closed");
        let mut acknowledged = HashSet::new();
        for kill in 0..kills() {
            acknowledged.extend(killed_after(&world, 1 + (kill * 7) % 60));
        }
        let ledger = world.open().await;
        let kept = entries(&ledger).await;
        let lost = acknowledged.difference(&kept).count();
        assert_eq!(lost, 0, "of {} acknowledged entries", acknowledged.len());
        sealed(&ledger).await;
        let report = verify(ledger.reader(), &[], morning(), &|_, _| {}).await.expect("walked");
        assert!(report.holds(), "{report:?}");
        assert!(acknowledged.len() > 10 * kills(), "only {} entries", acknowledged.len());
    }

    async fn a_start_killed_while_it_brings_the_records_up_to_date_has_not_begun(world) {
        let mut broken_off = 0;
        for millis in (0..30).step_by(3) {
            let world = world.bare();
            let mut child = again("killed::opens", &world);
            // The moment itself is the matter of the test, and any will do.
            tokio::time::sleep(std::time::Duration::from_millis(millis)).await;
            child.kill().expect("killed");
            child.wait().expect("ended");
            if Ledger::read(world.place()).await.is_err() {
                broken_off += 1;
            }
            let ledger = world.open().await;
            found(&ledger).await;
            make(&ledger, "a case").await;
            assert_eq!(number(&ledger, "SELECT count(*) FROM audit_entry").await, 2);
        }
        assert!(broken_off > 0, "each start had finished before it was killed");
    }
}

/// Starts a working process, kills it after so many acknowledgements, and gives every entry that it acknowledged.
fn killed_after(world: &World, moment: usize) -> Vec<EntryId> {
    let mut child = again("killed::works_until_killed", world);
    let mut lines = BufReader::new(child.stderr.take().expect("output")).lines();
    let mut ids = Vec::new();
    let mut take = |line: std::io::Result<String>| ids.extend(EntryId::from_str(&line.expect("a line")));
    lines.by_ref().take(moment).for_each(&mut take);
    child.kill().expect("killed");
    lines.for_each(&mut take);
    child.wait().expect("ended");
    assert!(ids.len() + 1 >= moment, "the process ended by itself after {} entries", ids.len());
    ids
}

async fn entries(ledger: &Ledger) -> HashSet<EntryId> {
    let sql = Statement::from_string(ledger.reader().get_database_backend(), "SELECT id FROM audit_entry");
    let rows = ledger.reader().query_all_raw(sql).await.expect("asked");
    rows.iter().map(|row| row.try_get_by_index::<ledger::Id>(0).expect("an id").into()).collect()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a process of its own, started by the test above, which says on its standard input where the records are"]
async fn works_until_killed() {
    let Some((place, folder)) = told() else { return };
    let ledger = Ledger::open(Path::new(&folder), &place, morning()).await.expect("opened");
    let people: Vec<_> = (0..PEOPLE).map(|person| tokio::spawn(works(ledger.clone(), person))).collect();
    for person in people {
        person.await.expect("a task");
    }
}

async fn works(ledger: Ledger, person: usize) {
    loop {
        let mut unit = ledger.begin(act()).await.expect("a unit");
        let changed = unit.record(&change(&format!("case {person}"))).expect("an entry");
        unit.commit().await.expect("committed");
        let looked = ledger.view(&act(), code!("read"), &[subject("a case")]).await.expect("recorded");
        let told: String = [changed].iter().chain(&looked).map(|id| format!("{id}\n")).collect();
        stderr().write_all(told.as_bytes()).expect("output");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a process of its own, started by the test above, which says on its standard input where the records are"]
async fn opens() {
    let Some((place, folder)) = told() else { return };
    drop(Ledger::open(Path::new(&folder), &place, morning()).await);
}
