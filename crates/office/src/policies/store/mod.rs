//! Policies in the database. Whatever is changed here is changed in a [`Unit`](ledger::Unit) and has its entry.

mod comment;
mod early;
mod entity;
mod look;
mod request;
mod translation;
mod values;
mod version;

pub use comment::{Comment, answer, comment, comments};
pub use early::{Call, call_for_review, early_reviews, leave_as_it_is};
pub use look::{Published, current, latest, published, version, versions};
pub use request::{NewRequest, ask_for_copy, copy_requests, copy_was_sent};
pub(super) use translation::unstated;
pub use translation::{NewTranslation, check_translation, translate, translation, translations_of, withdraw_translation};
pub(super) use values::values_now;
pub use values::{in_force, values, values_of};
pub use version::{NewText, Publish, approve, begin, consult, drop_version, publish, reopen, rewrite};
