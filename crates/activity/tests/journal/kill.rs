//! A process killed in the middle of its work loses nothing that it acknowledged.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Write as _, stderr, stdin};
use std::path::Path;
use std::process::Stdio;
use std::str::FromStr as _;

use ids::EventId;

use crate::support::{NOW, Place, again, event, open};

const KILLS: u64 = 50;
const TASKS: u64 = 64;

#[test]
fn what_was_acknowledged_survives_fifty_kills() {
    let place = Place::new();
    let mut acknowledged = HashSet::new();
    for kill in 0..KILLS {
        acknowledged.extend(killed_after(&place.folder(), kill, 1 + (kill * 17) as usize));
    }
    let (_recorder, journal) = place.open();
    journal.stop().expect("stop");
    let kept: HashSet<EventId> = place.ids().into_iter().collect();
    let lost = acknowledged.difference(&kept).count();
    assert_eq!(lost, 0, "of {} acknowledged events", acknowledged.len());
    assert!(acknowledged.len() > 20_000, "only {} events", acknowledged.len());
}

/// Starts a writing process, kills it after `moment` acknowledgements, and gives every id that it acknowledged.
fn killed_after(folder: &Path, number: u64, moment: usize) -> Vec<EventId> {
    let mut child = again("kill::writes_until_killed").stderr(Stdio::piped()).spawn().expect("process");
    writeln!(child.stdin.take().expect("input"), "{number} {}", folder.display()).expect("input");
    let mut lines = BufReader::new(child.stderr.take().expect("output")).lines();
    let mut ids = Vec::new();
    let mut take = |line: std::io::Result<String>| ids.extend(EventId::from_str(&line.expect("line")));
    lines.by_ref().take(moment).for_each(&mut take);
    child.kill().expect("kill");
    lines.for_each(&mut take);
    child.wait().expect("process");
    assert!(ids.len() >= moment, "the process ended by itself after {} events", ids.len());
    ids
}

#[tokio::test]
#[ignore = "a process of its own, started by the test above, which gives it a number and a folder on its standard input"]
async fn writes_until_killed() {
    let mut order = String::new();
    stdin().read_line(&mut order).expect("input");
    let Some((number, folder)) = order.trim().split_once(' ') else { return };
    let first = number.parse::<u64>().expect("number") << 32;
    let (recorder, _journal) = open(Path::new(folder), NOW, 1024).expect("journal");
    let tasks: Vec<_> = (0..TASKS).map(|task| tokio::spawn(write_and_tell(recorder.clone(), first + task))).collect();
    for task in tasks {
        task.await.expect("task");
    }
}

async fn write_and_tell(recorder: event::Recorder, first: u64) {
    for number in (first..).step_by(TASKS as usize) {
        let event = event(number);
        let told = format!("{}\n", event.id);
        if !recorder.keep_at_once(&event) {
            recorder.record(event).await.expect("room").written().await.expect("written");
        }
        stderr().write_all(told.as_bytes()).expect("output");
        // What is kept at once never waits: the other tasks must have their turn too.
        tokio::task::yield_now().await;
    }
}
