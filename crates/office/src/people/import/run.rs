//! An import that is on its way: what somebody has given and not done yet, and how far one came that is being done.
//!
//! A file is kept in memory only, for an hour, and never written anywhere: it may hold passwords, which nobody has asked for.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use calendar::Instant;
use ids::{PersonId, RecordId};
use jiff::SignedDuration;

use super::plan::{ManyLeavers, Outcome, Plan};
use super::roster::Note;
use super::{Applied, Mapping, Reading};
use crate::people::Membership;
use crate::people::group::words;

/// How long a file is kept that nobody takes in.
const KEPT: SignedDuration = SignedDuration::from_hours(1);
/// How many files are kept at once.
const MOST: usize = 8;

/// What is done by a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// People come from a file.
    Import,
    /// The school goes into its next year.
    Year,
}

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// It has begun. Where nothing runs any more, it was interrupted.
    Begun,
    /// All of it is done.
    Done,
    /// It stopped before its end.
    Stopped,
}

/// A run, as the records know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Which.
    pub id: RecordId,
    /// Who began it.
    pub by: PersonId,
    /// What it does.
    pub kind: RunKind,
    /// How it stands.
    pub state: RunState,
    /// Over how many lines it goes.
    pub steps: usize,
    /// How many of them are done.
    pub done: usize,
    /// How many were added, changed, left and refused, once it is done.
    pub counts: [usize; 4],
    /// When it began.
    pub began: Instant,
}

/// A file that somebody has given and not taken in yet.
#[derive(Clone)]
pub struct Draft {
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// How it is read.
    pub reading: Reading,
    /// The file gives everybody who is this to the school.
    pub complete: Option<Membership>,
    /// What if many would leave by that.
    pub many_leavers: ManyLeavers,
    /// What would happen, once that has been worked out.
    pub planned: Option<Arc<Planned>>,
    /// When it was given.
    pub given: Instant,
}

/// What would happen, or did, as it is shown.
#[derive(Debug, Default)]
pub struct Planned {
    /// What is done with each column.
    pub mapping: Option<Mapping>,
    /// How many would be added, changed, left and refused.
    pub counts: [usize; 4],
    /// What should be known beside that.
    pub notes: Vec<Note>,
    /// Each line.
    pub lines: Vec<Line>,
}

/// A line of it.
#[derive(Debug, Clone)]
pub struct Line {
    /// Of the file; none for who is not in it.
    pub line: Option<u64>,
    /// Who it is about, if the school knows them already.
    pub person: Option<PersonId>,
    /// The name, as the file has it.
    pub name: String,
    /// What.
    pub outcome: Outcome,
}

/// A run that is being done by this process.
#[derive(Debug)]
pub struct Running {
    /// How many lines are done.
    pub done: AtomicUsize,
    /// Over how many it goes.
    pub steps: usize,
    /// Lines that were refused, once it has ended.
    pub refused: OnceLock<Vec<Line>>,
    /// Why it stopped, if it did.
    pub failed: OnceLock<String>,
}

/// What is on its way in this process.
#[derive(Default)]
pub struct Imports {
    drafts: Mutex<HashMap<PersonId, Draft>>,
    running: Mutex<HashMap<RecordId, Arc<Running>>>,
}

words!(RunKind: Import "import", Year "year");

// === impl RunState ===

impl RunState {
    pub(in crate::people) const fn number(self) -> i16 {
        match self {
            Self::Begun => 0,
            Self::Done => 1,
            Self::Stopped => 2,
        }
    }

    pub(in crate::people) const fn of(number: i16) -> Option<Self> {
        match number {
            0 => Some(Self::Begun),
            1 => Some(Self::Done),
            2 => Some(Self::Stopped),
            _ => None,
        }
    }
}

// === impl Planned ===

impl Planned {
    /// What a plan would do.
    pub fn of(plan: &Plan, mapping: Option<Mapping>) -> Self {
        let line =
            |step: &super::Step| Line { line: step.line, person: step.person, name: step.name.clone(), outcome: step.outcome.clone() };
        Self { mapping, counts: plan.counts(), notes: plan.notes.clone(), lines: plan.steps.iter().map(line).collect() }
    }

    /// The lines that are refused, with those that were only when it was done.
    pub fn refused(&self, applied: Option<&Applied>) -> Vec<Line> {
        let conflicts = applied.map(|applied| applied.conflicts.as_slice()).unwrap_or_default();
        let overtaken = "somebody else changed this person meanwhile; take the file in again";
        self.lines
            .iter()
            .filter_map(|line| match &line.outcome {
                Outcome::Refused(_) => Some(line.clone()),
                _ if line.line.is_some_and(|line| conflicts.contains(&line)) => {
                    Some(Line { outcome: Outcome::Refused(overtaken.to_owned()), ..line.clone() })
                }
                _ => None,
            })
            .collect()
    }
}

// === impl Imports ===

impl Imports {
    /// Keeps a file for whoever has given it, in place of the one before.
    pub fn keep(&self, person: PersonId, draft: Draft) {
        let mut drafts = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
        let now = draft.given;
        drafts.retain(|_, draft| now.since(draft.given) < KEPT);
        drafts.remove(&person);
        while drafts.len() >= MOST {
            let oldest = drafts.iter().min_by_key(|(_, draft)| draft.given.micros()).map(|(person, _)| *person);
            let Some(oldest) = oldest else { break };
            drafts.remove(&oldest);
        }
        drafts.insert(person, draft);
    }

    /// The file that somebody has given, within the last hour.
    pub fn draft(&self, person: PersonId, now: Instant) -> Option<Draft> {
        let drafts = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
        drafts.get(&person).filter(|draft| now.since(draft.given) < KEPT).cloned()
    }

    /// Lets go of it.
    pub fn forget(&self, person: PersonId) {
        self.drafts.lock().unwrap_or_else(PoisonError::into_inner).remove(&person);
    }

    /// Whether something is being done: one at a time, since the next is planned by what the one before leaves.
    pub fn is_busy(&self) -> bool {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.values().any(|run| run.refused.get().is_none() && run.failed.get().is_none())
    }

    /// Notes that a run is being done.
    pub fn start(&self, run: RecordId, steps: usize) -> Arc<Running> {
        let running = Arc::new(Running { done: AtomicUsize::new(0), steps, refused: OnceLock::new(), failed: OnceLock::new() });
        self.running.lock().unwrap_or_else(PoisonError::into_inner).insert(run, Arc::clone(&running));
        running
    }

    /// A run of this process.
    pub fn running(&self, run: RecordId) -> Option<Arc<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).get(&run).cloned()
    }
}

// === impl Running ===

impl Running {
    /// How many lines are done.
    pub fn done(&self) -> usize {
        self.done.load(Ordering::Relaxed)
    }

    /// Whether it is being done still.
    pub fn is_on_its_way(&self) -> bool {
        self.refused.get().is_none() && self.failed.get().is_none()
    }
}

// A file of people: nothing of it in a log.
impl std::fmt::Debug for Draft {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Draft").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Imports {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Imports").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(at: &str) -> Draft {
        Draft {
            bytes: Arc::from(&b"id"[..]),
            reading: Reading::default(),
            complete: None,
            many_leavers: ManyLeavers::Refuse,
            planned: None,
            given: at.parse().expect("a moment"),
        }
    }

    #[test]
    fn a_file_is_kept_for_an_hour_and_for_whoever_gave_it() {
        let (imports, one, other) = (Imports::default(), PersonId::named("one"), PersonId::named("other"));
        imports.keep(one, draft("2026-11-24T09:00:00Z"));
        let at = |text: &str| text.parse().expect("a moment");
        assert!(imports.draft(one, at("2026-11-24T09:59:00Z")).is_some());
        assert!(imports.draft(one, at("2026-11-24T10:00:00Z")).is_none());
        assert!(imports.draft(other, at("2026-11-24T09:01:00Z")).is_none());
        imports.forget(one);
        assert!(imports.draft(one, at("2026-11-24T09:01:00Z")).is_none());
    }

    #[test]
    fn many_files_at_once_push_the_oldest_out() {
        let imports = Imports::default();
        for number in 0..10 {
            imports.keep(PersonId::named(&format!("{number}")), draft(&format!("2026-11-24T09:0{number}:00Z")));
        }
        let now = "2026-11-24T09:10:00Z".parse().expect("a moment");
        let kept = (0..10).filter(|number| imports.draft(PersonId::named(&format!("{number}")), now).is_some()).collect::<Vec<_>>();
        assert_eq!(kept, [2, 3, 4, 5, 6, 7, 8, 9]);
    }

    #[test]
    fn one_run_at_a_time() {
        let imports = Imports::default();
        assert!(!imports.is_busy());
        let run = imports.start(RecordId::named("run"), 2);
        assert!(imports.is_busy() && run.is_on_its_way());
        run.refused.set(Vec::new()).expect("once");
        assert!(!imports.is_busy());
    }
}
