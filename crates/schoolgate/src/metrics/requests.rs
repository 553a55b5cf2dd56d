//! How many requests were answered how, since midnight: counted from the journal, which has every one of them before it goes on.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, ErrorKind, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use activity::journal::path_of;
use jiff::civil::Date;

/// What may have happened, as the journal says it (docs/journal.md).
pub(super) const ACTIONS: [&str; 5] = ["allow", "warn", "block", "ask", "gate"];
/// Before the word in a line. A quotation mark in what was asked for is written with a backslash, so it stands nowhere else.
const FIELD: &str = "\"action\":\"";

/// The counts of a day.
#[derive(Debug)]
pub(super) struct Requests {
    journal: PathBuf,
    counted: Mutex<Option<Counted>>,
}

/// As far as the journal was read.
#[derive(Debug, Clone, Copy)]
struct Counted {
    day: Date,
    upto: u64,
    counts: [u64; ACTIONS.len()],
}

// === impl Requests ===

impl Requests {
    pub(super) fn of(journal: PathBuf) -> Self {
        Self { journal, counted: Mutex::default() }
    }

    /// Those of `day`, in the order of [`ACTIONS`]. What was counted before is not read again.
    pub(super) fn on(&self, day: Date) -> io::Result<[u64; ACTIONS.len()]> {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let mut now = counted.filter(|known| known.day == day).unwrap_or(Counted { day, upto: 0, counts: [0; ACTIONS.len()] });
        let mut file = match File::open(path_of(&self.journal, day)) {
            Ok(file) => BufReader::new(file),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(now.counts),
            Err(error) => return Err(error),
        };
        file.seek(SeekFrom::Start(now.upto))?;
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = file.read_until(b'\n', &mut line)?;
            // One that is being written is for the next time.
            if line.last() != Some(&b'\n') {
                break;
            }
            now.upto += read as u64;
            let action = str::from_utf8(&line).ok().and_then(|line| line.split_once(FIELD)?.1.split('"').next());
            let place = action.and_then(|action| ACTIONS.iter().position(|known| *known == action));
            if let Some(count) = place.and_then(|place| now.counts.get_mut(place)) {
                *count += 1;
            }
        }
        *counted = Some(now);
        Ok(now.counts)
    }
}

#[cfg(test)]
mod tests {
    use testkit::folder::Folder;

    use super::*;

    #[test]
    fn each_action_is_counted_once_as_lines_come() {
        let folder = Folder::new().expect("folder");
        let day = jiff::civil::date(2026, 11, 24);
        let name = "2026-11-24.jsonl";
        let requests = Requests::of(folder.path().to_owned());
        assert_eq!(requests.on(day).expect("none"), [0; 5]);
        let head = "{\"format\":\"schoolgate-journal\",\"version\":1}\n";
        let one = "{\"path\":\"/\\\"action\\\":\\\"block\\\"\",\"action\":\"allow\"}\n";
        folder.write(name, format!("{head}{one}{{\"action\":\"blo")).expect("file");
        assert_eq!(requests.on(day).expect("one"), [1, 0, 0, 0, 0]);
        folder.write(name, format!("{head}{one}{{\"action\":\"block\"}}\n{{\"action\":\"ask\"}}\n")).expect("file");
        assert_eq!(requests.on(day).expect("three"), [1, 0, 1, 1, 0]);
        assert_eq!(requests.on(day.tomorrow().expect("a day")).expect("another day"), [0; 5]);
        assert_eq!(requests.on(day).expect("back again"), [1, 0, 1, 1, 0]);
    }
}
