//! How fast it is. Not a test: a figure, printed.

use std::time::Instant;

use crate::support::{NOW, Place, event, open};

const EVENTS: u64 = 1_000_000;

#[tokio::test]
#[ignore = "a measurement: run it with --release --ignored --nocapture"]
async fn events_a_second() {
    let place = Place::new();
    let (recorder, journal) = open(&place.folder(), NOW, 16_384).expect("journal");
    let events: Vec<_> = (0..EVENTS).map(event).collect();
    let start = Instant::now();
    let mut last = None;
    for event in events {
        last = Some(recorder.record(event).await.expect("room"));
    }
    last.expect("ticket").written().await.expect("written");
    let seconds = start.elapsed().as_secs_f64();
    journal.stop().expect("stop");
    let bytes = std::fs::metadata(place.file()).expect("file").len();
    println!("{:.0} events/s, {} bytes an event", EVENTS as f64 / seconds, bytes / EVENTS);
}
