//! The trail: what was done and looked at, by whom, chained so that a change afterwards shows.

pub(crate) mod chain;
pub(crate) mod entity;
mod entry;
mod heads;
mod list;
mod sealer;
mod texts;
mod verify;
mod views;

pub use entry::{Kind, Side};
pub(crate) use entry::{NewEntry, rows};
pub use heads::{Head, HeadError, append, heads, parse};
pub use list::{Entry, changes_of, looks_of};
pub(crate) use sealer::Sealer;
pub use texts::{EntryText, texts_of};
pub use verify::{Broken, Chain, Progress, Report, verify};
pub(crate) use views::Views;
