//! Where PDFs are made: one at a time, apart from the threads that answer, with few waiting; and the last ones of what never changes are kept,
//! so that a crowd that asks for the same policy has it made once.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use ids::RecordId;
use reports::{ReportError, Size};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

use super::Problem;

/// How many may wait for one. Who comes then is told to come back.
const WAITING: usize = 24;
/// How many are kept.
const MOST: usize = 64;
/// How many bytes of them.
const BYTES: usize = 16 * 1024 * 1024;

/// Where PDFs are made.
#[derive(Debug)]
pub struct Press {
    one: Arc<Semaphore>,
    waiting: Semaphore,
    /// The last one asked for is the last.
    kept: Arc<Shelf>,
}

/// PDFs that are kept.
#[derive(Debug, Default)]
struct Shelf(Mutex<VecDeque<(Print, Bytes)>>);

/// Which print of which text: a text that is or was in force never changes, and what is said beside it changes with its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Print {
    pub(crate) version: RecordId,
    /// Of the record.
    pub(crate) revision: i64,
    pub(crate) size: Size,
}

// === impl Press ===

impl Default for Press {
    fn default() -> Self {
        Self { one: Arc::new(Semaphore::new(1)), waiting: Semaphore::new(WAITING), kept: Arc::default() }
    }
}

impl Press {
    /// Makes a PDF, and keeps none of it.
    ///
    /// # Errors
    /// Where too many wait, or it cannot be made.
    pub(crate) async fn make(&self, make: impl FnOnce() -> Result<Vec<u8>, ReportError> + Send + 'static) -> Result<Bytes, Problem> {
        let _waits = self.waiting.try_acquire().map_err(|_| Problem::Busy)?;
        run(self.turn().await?, move || make().map(Bytes::from)).await
    }

    /// The same for a text that never changes: made once, as long as it is kept.
    ///
    /// # Errors
    /// Where too many wait, or it cannot be made.
    pub(crate) async fn made(
        &self,
        print: Print,
        make: impl FnOnce() -> Result<Vec<u8>, ReportError> + Send + 'static,
    ) -> Result<Bytes, Problem> {
        if let Some(bytes) = self.kept.find(print) {
            return Ok(bytes);
        }
        let _waits = self.waiting.try_acquire().map_err(|_| Problem::Busy)?;
        let turn = self.turn().await?;
        // Whoever waited for the same one finds it.
        if let Some(bytes) = self.kept.find(print) {
            return Ok(bytes);
        }
        let kept = Arc::clone(&self.kept);
        let keep = move || {
            let bytes = Bytes::from(make()?);
            kept.keep(print, bytes.clone());
            Ok(bytes)
        };
        run(turn, keep).await
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.one).acquire_owned().await.map_err(|_: AcquireError| Problem::Broken)
    }
}

// === impl Shelf ===

impl Shelf {
    fn find(&self, print: Print) -> Option<Bytes> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(of, _)| *of == print)?;
        let found = kept.remove(at)?;
        let bytes = found.1.clone();
        kept.push_back(found);
        Some(bytes)
    }

    fn keep(&self, print: Print, bytes: Bytes) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back((print, bytes));
        while kept.len() > MOST || kept.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() > BYTES {
            kept.pop_front();
        }
    }
}

/// The turn goes with the work, also where whoever asked has gone; it ends when all is kept that is to be.
async fn run(turn: OwnedSemaphorePermit, make: impl FnOnce() -> Result<Bytes, ReportError> + Send + 'static) -> Result<Bytes, Problem> {
    let work = tokio::task::spawn_blocking(move || {
        let made = make();
        drop(turn);
        made
    });
    Ok(work.await.map_err(|error| ReportError::Made { what: error.to_string() }).and_then(|made| made)?)
}

/// A PDF as an answer, under a name that says what it is.
pub(crate) fn pdf(name: &str, bytes: Bytes) -> Response {
    let name: String = name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' }).collect();
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{}.pdf\"", name.trim_matches('-'))),
    ];
    (headers, bytes).into_response()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::http::StatusCode;

    use super::*;

    fn print(version: &str) -> Print {
        Print { version: RecordId::named(version), revision: 1, size: Size::Ordinary }
    }

    #[tokio::test]
    async fn the_same_print_is_made_once_and_another_size_anew() {
        let (press, made) = (Press::default(), Arc::new(AtomicUsize::new(0)));
        let make = || {
            let made = Arc::clone(&made);
            move || Ok(vec![u8::try_from(made.fetch_add(1, Ordering::SeqCst)).unwrap_or(u8::MAX)])
        };
        let ordinary = print("policy");
        let (one, other) = tokio::join!(press.made(ordinary, make()), press.made(ordinary, make()));
        assert_eq!((one.expect("made"), other.expect("kept")), (Bytes::from(vec![0]), Bytes::from(vec![0])));
        let large = Print { size: Size::Large, ..ordinary };
        assert_eq!(press.made(large, make()).await.expect("made"), vec![1]);
        let changed = Print { revision: 2, ..ordinary };
        assert_eq!(press.made(changed, make()).await.expect("made"), vec![2]);
    }

    #[tokio::test]
    async fn what_is_kept_is_bounded_and_what_is_asked_for_stays() {
        let press = Press::default();
        let large = || Ok(vec![0; BYTES / 4]);
        for name in ["a", "b", "c", "d"] {
            press.made(print(name), large).await.expect("made");
        }
        assert!(press.kept.find(print("a")).is_some(), "there is room for four");
        press.made(print("e"), large).await.expect("made");
        let kept = ["a", "b", "c", "d", "e"].map(|name| press.kept.find(print(name)).is_some());
        assert_eq!(kept, [true, false, true, true, true], "the one that nobody asked for went");
    }

    #[tokio::test]
    async fn a_crowd_is_told_to_come_back_and_what_is_kept_is_had_all_the_same() {
        let press = Press::default();
        press.made(print("policy"), || Ok(vec![1])).await.expect("made");
        let _crowd = press.waiting.acquire_many(u32::try_from(WAITING).expect("few")).await.expect("open");
        assert_eq!(press.make(|| Ok(vec![2])).await, Err(Problem::Busy));
        assert_eq!(press.made(print("other"), || Ok(vec![2])).await, Err(Problem::Busy));
        assert_eq!(press.made(print("policy"), || Ok(vec![2])).await.expect("kept"), vec![1]);
    }

    #[tokio::test]
    async fn a_fault_ends_its_own_print_and_none_after_it() {
        let press = Press::default();
        assert_eq!(press.make(|| panic!("of a test")).await, Err(Problem::Broken));
        assert_eq!(press.make(|| Err(ReportError::Long)).await.map_err(|problem| problem.words().0), Err(StatusCode::UNPROCESSABLE_ENTITY));
        assert_eq!(press.make(|| Ok(vec![1])).await.expect("made"), vec![1]);
    }

    #[test]
    fn a_file_has_a_name_that_every_machine_takes() {
        let answer = pdf("Forms of Ó\"wls\r\n2/3", Bytes::new());
        assert_eq!(answer.headers()[header::CONTENT_DISPOSITION], "inline; filename=\"forms-of---wls--2-3.pdf\"");
    }
}
