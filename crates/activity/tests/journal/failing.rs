//! A disk that takes nothing: no event is lost in silence, and nothing goes on unrecorded.

use std::fs;
use std::io::{Write as _, stdin};
use std::path::PathBuf;

use activity::journal::{Health, JournalError};
use event::{Refused, Unwritten};
use ids::EventId;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::support::{NOW, Place, again, event, open, time, today, write};

#[tokio::test]
async fn what_waits_is_written_once_the_disk_is_well() {
    let place = Place::new();
    let (recorder, journal) = place.open();
    let mut health = journal.watch_health();
    fs::create_dir(place.file()).expect("a folder in the file's place");
    let ticket = recorder.record(event(0)).await.expect("room");
    let failing = health.wait_for(|health| *health != Health::Healthy).await.expect("health").clone();
    assert!(matches!(failing, Health::Failing { since, .. } if since == time(NOW)), "{failing:?}");
    fs::remove_dir(place.file()).expect("folder");
    ticket.written().await.expect("written");
    health.wait_for(|health| *health == Health::Healthy).await.expect("health");
    journal.stop().expect("stop");
    assert_eq!(place.ids(), [event(0).id]);
}

#[tokio::test]
async fn a_stop_on_a_broken_disk_says_what_is_lost() {
    let place = Place::new();
    let (recorder, journal) = place.open();
    let mut health = journal.watch_health();
    fs::create_dir(place.file()).expect("a folder in the file's place");
    let mut tickets = Vec::new();
    for number in 0..5 {
        tickets.push(recorder.record(event(number)).await.expect("room"));
    }
    health.wait_for(|health| *health != Health::Healthy).await.expect("health");
    assert!(matches!(journal.stop(), Err(JournalError::Lost { events: 5 })));
    for ticket in tickets {
        assert_eq!(ticket.written().await, Err(Unwritten::Lost));
    }
}

#[tokio::test]
async fn a_stop_writes_all_that_was_handed_over() {
    let place = Place::new();
    let (recorder, journal) = place.open();
    let mut tickets = Vec::new();
    for number in 0..500 {
        tickets.push(recorder.record(event(number)).await.expect("room"));
    }
    journal.stop().expect("stop");
    for ticket in tickets {
        assert_eq!(ticket.written().await, Ok(()));
    }
    assert_eq!(place.ids().len(), 500);
    assert_eq!(recorder.record(event(500)).await.err(), Some(Refused::Closed));
}

#[tokio::test]
async fn a_file_deleted_by_hand_is_begun_again() {
    let place = Place::new();
    let (recorder, journal) = place.open();
    write(&recorder, [event(0)]).await;
    fs::remove_file(place.file()).expect("file");
    let mut number = 1;
    while !place.file().exists() {
        write(&recorder, [event(number)]).await;
        number += 1;
    }
    write(&recorder, [event(number)]).await;
    journal.stop().expect("stop");
    assert_eq!(place.ids().last(), Some(&event(number).id));
}

#[test]
fn a_full_disk_refuses_requests_and_loses_nothing() {
    let place = Place::new();
    let mut child = again("failing::writes_to_a_full_disk").spawn().expect("process");
    writeln!(child.stdin.take().expect("input"), "{}", place.folder().display()).expect("input");
    assert!(child.wait().expect("process").success());
    assert!(place.ids().len() > 10, "the process did its work");
}

/// Sets the largest size of a file, in bytes, for this process.
fn limit(bytes: Option<u64>) {
    setrlimit(Resource::Fsize, Rlimit { current: bytes, maximum: getrlimit(Resource::Fsize).maximum }).expect("limit");
}

#[tokio::test]
#[ignore = "a process of its own, started by the test above, which gives it a folder on its standard input"]
async fn writes_to_a_full_disk() {
    let mut folder = String::new();
    stdin().read_line(&mut folder).expect("input");
    let folder = PathBuf::from(folder.trim());
    limit(Some(8192));
    let (recorder, journal) = open(&folder, NOW, 4).expect("journal");
    let mut expected: Vec<EventId> = Vec::new();
    let refused = loop {
        let next = event(expected.len() as u64);
        match recorder.record(next).await {
            Ok(ticket) if journal.health() == Health::Healthy => assert_ne!(ticket.written().await, Err(Unwritten::Lost)),
            Ok(_) => {}
            Err(refused) => break refused,
        }
        expected.push(event(expected.len() as u64).id);
    };
    assert_eq!(refused, Refused::Full);
    let Health::Failing { error, .. } = journal.health() else { panic!("healthy on a full disk") };
    assert!(error.contains("os error"), "{error}");
    let file = fs::read(activity::journal::path_of(&folder, today())).expect("file");
    assert_eq!(file.last(), Some(&b'\n'), "nothing torn is left behind");
    assert!(file.len() > 7000);

    limit(None);
    journal.watch_health().wait_for(|health| *health == Health::Healthy).await.expect("health");
    write(&recorder, [event(expected.len() as u64)]).await;
    expected.push(event(expected.len() as u64).id);
    journal.stop().expect("stop");
    let kept = activity::journal::read(&folder, today()).expect("file").map(|line| line.expect("line").id).collect::<Vec<_>>();
    assert_eq!(kept, expected, "each exactly once");
}
