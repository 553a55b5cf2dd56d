//! The engine: (snapshot, request) in, verdict with its reason out.
//!
//! Pure: no clock, no file, no network, no task. Given a [`Snapshot`] and a [`Request`] there is always a [`Verdict`].
//! Begin reading at [`judge::ORDER`].

mod categories;
pub mod category;
pub mod explain;
pub mod host;
pub mod judge;
pub mod overrides;
mod own;
pub mod pack;
pub mod profile;
pub mod request;
pub mod safesearch;
pub mod sealed;
pub mod snapshot;
pub mod target;
pub mod timetable;
pub mod verdict;

pub use self::explain::{Explanation, explain};
pub use self::host::Host;
pub use self::judge::judge;
pub use self::pack::Pack;
pub use self::request::{Request, Who};
pub use self::safesearch::{SafeSearch, enforcing_host};
pub use self::snapshot::{ProfileIndex, Snapshot};
pub use self::target::Target;
pub use self::verdict::{Action, Verdict};
