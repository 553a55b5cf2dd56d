//! Work that is done later: committed together with what asked for it, tried again when it fails, never two at once of the same.
//!
//! A job is a row. [`put()`] writes it in the unit that needs it, so that it is there exactly when the change is. A [`Worker`] claims
//! what is due, runs it and tells the row how it went; [`list()`] shows what waits, runs and has failed. `docs/adr/0011` has why it
//! is done so, and what is promised: a job runs at least once, however the process ends, so what it does must bear being done twice.
//!
//! Nothing personal is in a row: a job is named by words of the program and ids, and an error is a sentence of the program.

mod claim;
pub(crate) mod entity;
mod list;
mod put;
mod retry;
mod worker;

pub(crate) use claim::release_all;
pub use list::{Listed, State, again, list};
pub(crate) use put::new_id;
pub use put::{NewJob, put};
pub use retry::{Failure, Retry};
pub use worker::{Job, Kind, Next, Run, Worker, WorkerSettings, Working};
