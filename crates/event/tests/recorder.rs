//! The recorder: it waits, it refuses, and it promises no more than was written.
#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

use std::time::Duration;

use event::{Address, Entry, Event, Flags, Known, PATIENCE, Recorder, Refused, Seen, Unwritten, Via};
use filter::judge::Step;
use filter::{Action, Host};
use ids::{EventId, PersonId};
use jiff::Timestamp;
use tokio::time::Instant;

fn event(number: u64) -> Event {
    Event {
        id: EventId::new(number, [1; 10]),
        at: Timestamp::UNIX_EPOCH,
        via: Via::Http,
        source: "192.0.2.7".parse().expect("address"),
        device: None,
        person: Some(PersonId::named("ada")),
        known: Known::Own,
        profile: "ks2".into(),
        listener: "room-4".into(),
        method: "GET".into(),
        address: Address::Shown { host: Host::parse("museum.example").expect("host"), port: 80, path: Some("/dinosaurs".into()) },
        action: Action::Allow,
        step: Step::Unlisted,
        category: None,
        list: None,
        rule: None,
        seen: Seen::Plain,
        flags: Flags::default(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_full_recorder_waits_and_then_refuses() {
    let (recorder, _inbox) = Recorder::channel(2);
    let _first = recorder.record(event(1)).await.expect("room");
    let _second = recorder.record(event(2)).await.expect("room");
    let start = Instant::now();
    assert_eq!(recorder.record(event(3)).await.err(), Some(Refused::Full));
    assert!((PATIENCE..PATIENCE + Duration::from_millis(50)).contains(&start.elapsed()), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn room_made_in_time_lets_the_request_go_on() {
    let (recorder, mut inbox) = Recorder::channel(1);
    let _first = recorder.record(event(1)).await.expect("room");
    let waiting = tokio::spawn(async move { recorder.record(event(2)).await.map(drop) });
    tokio::time::sleep(PATIENCE - Duration::from_millis(1)).await;
    let mut batch = Vec::new();
    assert_eq!(inbox.take(&mut batch, 10).await, 1);
    assert_eq!(waiting.await.expect("task"), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn a_ticket_is_kept_only_by_an_acknowledgement() {
    let (recorder, mut inbox) = Recorder::channel(8);
    let ticket = recorder.record(event(1)).await.expect("room");
    let mut written = Box::pin(ticket.written());
    let mut batch = Vec::new();
    inbox.take(&mut batch, 10).await;
    let early = tokio::time::timeout(PATIENCE / 2, &mut written).await;
    assert!(early.is_err(), "taken is not written");
    batch.drain(..).for_each(Entry::acknowledge);
    assert_eq!(written.await, Ok(()));
}

#[tokio::test(start_paused = true)]
async fn an_event_that_is_taken_and_not_written_keeps_nobody_waiting_for_ever() {
    let (recorder, mut inbox) = Recorder::channel(8);
    let ticket = recorder.record(event(1)).await.expect("room");
    let mut batch = Vec::new();
    inbox.take(&mut batch, 10).await;
    let start = Instant::now();
    assert_eq!(ticket.written().await, Err(Unwritten::Late));
    assert!(start.elapsed() < PATIENCE + Duration::from_millis(50));
}

#[tokio::test]
async fn a_journal_that_is_gone_is_told_apart_from_a_full_one() {
    let (recorder, inbox) = Recorder::channel(8);
    let ticket = recorder.record(event(1)).await.expect("room");
    drop(inbox);
    assert_eq!(ticket.written().await, Err(Unwritten::Lost));
    assert_eq!(recorder.record(event(2)).await.err(), Some(Refused::Closed));
}

#[tokio::test]
async fn a_closed_inbox_still_gives_what_was_handed_over() {
    let (recorder, mut inbox) = Recorder::channel(8);
    for number in 0..5 {
        let _ticket = recorder.record(event(number)).await.expect("room");
    }
    inbox.close();
    assert_eq!(recorder.record(event(9)).await.err(), Some(Refused::Closed));
    let mut batch = Vec::new();
    assert_eq!([inbox.take(&mut batch, 3).await, inbox.take(&mut batch, 3).await, inbox.take(&mut batch, 3).await], [3, 2, 0]);
    let order: Vec<_> = batch.iter().map(|entry| entry.event.id).collect();
    assert!(order.is_sorted(), "events come in the order in which they were recorded");
}

#[tokio::test]
async fn debug_shows_nothing_personal() {
    let (recorder, mut inbox) = Recorder::channel(8);
    let _ticket = recorder.record(event(1)).await.expect("room");
    let mut batch = Vec::new();
    inbox.take(&mut batch, 1).await;
    let shown = format!("{:?} {batch:?} {:?}", event(1), event(1).address);
    for secret in ["museum", "dinosaurs", "192.0.2.7", &PersonId::named("ada").to_string(), &event(1).id.to_string()] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
