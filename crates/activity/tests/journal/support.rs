//! Events of our own invention, and a journal in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use activity::journal::{Journal, JournalError, Settings, path_of, read};
use event::{Address, Event, Flags, Known, Recorder, Seen, Via};
use filter::judge::Step;
use filter::{Action, Host};
use ids::{EventId, PersonId};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tempfile::TempDir;

/// A Monday morning.
pub(crate) const NOW: &str = "2026-11-23T10:00:00Z";

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().expect("time")
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().expect("day")
}

pub(crate) fn today() -> Date {
    day("2026-11-23")
}

pub(crate) fn shown(host: &str, port: u16, path: Option<&str>) -> Address {
    Address::Shown { host: Host::parse(host).expect("host"), port, path: path.map(Into::into) }
}

/// A pupil reads about dinosaurs.
pub(crate) fn event(number: u64) -> Event {
    Event {
        id: EventId::new(number, [1; 10]),
        at: time(NOW),
        via: Via::Http,
        source: "192.0.2.7".parse().expect("address"),
        device: None,
        person: Some(PersonId::named("ada")),
        known: Known::Own,
        profile: "ks2".into(),
        listener: "room-4".into(),
        method: "GET".into(),
        address: shown("museum.example", 80, Some("/dinosaurs")),
        action: Action::Allow,
        step: Step::Unlisted,
        category: None,
        list: None,
        rule: None,
        seen: Seen::Plain,
        flags: Flags::default(),
    }
}

pub(crate) fn event_at(number: u64, at: &str) -> Event {
    Event { at: time(at), ..event(number) }
}

/// A folder for a journal, not yet made.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("folder"))
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.0.path().join("journal")
    }

    pub(crate) fn file(&self) -> PathBuf {
        path_of(&self.folder(), today())
    }

    pub(crate) fn open(&self) -> (Recorder, Journal) {
        self.open_at(NOW).expect("journal")
    }

    pub(crate) fn open_at(&self, now: &str) -> Result<(Recorder, Journal), JournalError> {
        open(&self.folder(), now, 1024)
    }

    pub(crate) fn read(&self, day: Date) -> Vec<Event> {
        read(&self.folder(), day).expect("file").collect::<Result<_, _>>().expect("lines")
    }

    /// The ids of the events of today, in the order in which they stand.
    pub(crate) fn ids(&self) -> Vec<EventId> {
        self.read(today()).iter().map(|event| event.id).collect()
    }
}

pub(crate) fn open(folder: &Path, now: &str, capacity: usize) -> Result<(Recorder, Journal), JournalError> {
    let (recorder, inbox) = Recorder::channel(capacity);
    let now = time(now);
    let zone = TimeZone::get("Europe/London").expect("zone");
    Journal::open(folder, Settings::new(zone), move || now, inbox).map(|journal| (recorder, journal))
}

/// Records the events and waits until all are written.
pub(crate) async fn write(recorder: &Recorder, events: impl IntoIterator<Item = Event>) {
    let mut tickets = Vec::new();
    for event in events {
        tickets.push(recorder.record(event).await.expect("room"));
    }
    for ticket in tickets {
        ticket.written().await.expect("written");
    }
}

/// Leaves a journal of these events behind, closed.
pub(crate) async fn left_behind(events: impl IntoIterator<Item = Event>) -> Place {
    let place = Place::new();
    let (recorder, journal) = place.open();
    write(&recorder, events).await;
    journal.stop().expect("stop");
    place
}

pub(crate) fn append(path: &Path, bytes: &[u8]) {
    let mut text = fs::read(path).expect("file");
    text.extend_from_slice(bytes);
    fs::write(path, text).expect("file");
}

/// This test binary again, to run one of its ignored tests as a process of its own. A full disk shows as an error and not as a signal.
pub(crate) fn again(test: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(std::env::current_exe().expect("own path"));
    command.args(["--exact", test, "--ignored", "--nocapture"]).stdin(Stdio::piped()).stdout(Stdio::null());
    command
}
