//! An import that is on its way: what somebody has given and not done yet, and how far one came that is being done.
//!
//! A file is kept in memory only, for an hour, and never written anywhere: it may hold passwords, which nobody has asked for.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
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
    /// Whether somebody holds the slot.
    taken: Arc<AtomicBool>,
}

/// The right to work out a plan and do it. There is one, free again when this is dropped.
#[derive(Debug)]
pub struct Slot(Arc<AtomicBool>);

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
        let overtaken = "somebody else changed this person meanwhile; look at them, and do the same once more";
        self.lines
            .iter()
            .filter_map(|line| match &line.outcome {
                Outcome::Refused(_) => Some(line.clone()),
                _ if line.person.is_some_and(|person| conflicts.contains(&person)) => {
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

    /// Keeps what would happen beside the file from which it was worked out, unless that was given anew or let go of meanwhile.
    pub fn keep_plan(&self, person: PersonId, of: &Draft, planned: &Arc<Planned>) {
        let mut drafts = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(draft) = drafts.get_mut(&person).filter(|draft| draft.is_as(of)) {
            draft.planned = Some(Arc::clone(planned));
        }
    }

    /// Waits until the time of a file has run out, and lets go of it then, whether anybody comes again or not.
    pub async fn run_out(&self, person: PersonId, given: Instant) {
        tokio::time::sleep(KEPT.unsigned_abs()).await;
        let mut drafts = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
        if drafts.get(&person).is_some_and(|draft| draft.given == given) {
            drafts.remove(&person);
        }
    }

    /// How many files are kept.
    pub fn files(&self) -> usize {
        self.drafts.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Lets go of it.
    pub fn forget(&self, person: PersonId) {
        self.drafts.lock().unwrap_or_else(PoisonError::into_inner).remove(&person);
    }

    /// Takes the slot, if nobody has it: one plan is done at a time, and none is worked out meanwhile that is to be done after it, since it would
    /// not know what that one leaves.
    pub fn slot(&self) -> Option<Slot> {
        self.taken.compare_exchange(false, true, Ordering::AcqRel, Ordering::Acquire).ok()?;
        Some(Slot(Arc::clone(&self.taken)))
    }

    /// Notes that a run is being done.
    pub fn start(&self, run: RecordId, steps: usize) -> Arc<Running> {
        let running = Arc::new(Running { done: AtomicUsize::new(0), steps, refused: OnceLock::new(), failed: OnceLock::new() });
        self.running.lock().unwrap_or_else(PoisonError::into_inner).insert(run, Arc::clone(&running));
        running
    }

    /// The runs that are being done. To be asked for before the records are read: a run that ends in between has its end there, and one that is
    /// neither here nor ended was interrupted.
    pub fn under_way(&self) -> HashSet<RecordId> {
        let all = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter(|(_, running)| running.is_on_its_way()).map(|(run, _)| *run).collect()
    }

    /// A run of this process.
    pub fn running(&self, run: RecordId) -> Option<Arc<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).get(&run).cloned()
    }
}

// === impl Slot ===

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

// === impl Draft ===

impl Draft {
    /// Whether it is the same file, read in the same way.
    fn is_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.bytes, &other.bytes) && self.given == other.given && self.reading.columns == other.reading.columns
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
        let slot = imports.slot().expect("nobody has it");
        let run = imports.start(RecordId::named("run"), 2);
        assert!(imports.slot().is_none() && run.is_on_its_way());
        drop(slot);
        assert!(imports.slot().is_some(), "however it ended");
    }

    #[test]
    fn what_was_worked_out_from_one_file_is_not_kept_beside_another() {
        let (imports, one) = (Imports::default(), PersonId::named("one"));
        let old = draft("2026-11-24T09:00:00Z");
        imports.keep(one, old.clone());
        imports.keep(one, draft("2026-11-24T09:01:00Z"));
        imports.keep_plan(one, &old, &Arc::new(Planned::default()));
        let now = "2026-11-24T09:02:00Z".parse().expect("a moment");
        assert!(imports.draft(one, now).expect("the new file").planned.is_none());
        imports.forget(one);
        imports.keep_plan(one, &old, &Arc::new(Planned::default()));
        assert!(imports.draft(one, now).is_none(), "what was let go of does not come back");
    }

    #[tokio::test(start_paused = true)]
    async fn a_file_that_nobody_takes_in_does_not_lie_in_memory_for_good() {
        let (imports, one) = (Imports::default(), PersonId::named("one"));
        let (old, new) = (draft("2026-11-24T09:00:00Z"), draft("2026-11-24T09:30:00Z"));
        imports.keep(one, new.clone());
        imports.run_out(one, old.given).await;
        assert_eq!(imports.files(), 1, "another file was given meanwhile");
        imports.run_out(one, new.given).await;
        assert_eq!(imports.files(), 0);
    }
}
