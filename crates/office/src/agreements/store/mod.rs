//! Agreements in the database. A signature is only ever added; a suspension is changed in a [`Unit`](ledger::Unit) and has its entry.

mod access;
mod copy;
mod entity;
mod opened;
mod reminder;
mod signature;
mod suspension;

use calendar::Date;

pub use access::{Access, access, access_kept, access_of, access_of_all, access_with, counted, counted_of, gated, has_text, waiting};
pub use copy::{give_copies, started, starters, take_back_copies};
pub use opened::{has_opened, open_text, opened};
pub use reminder::reminded;
pub(super) use reminder::{Due, Plan, keep_reminded, plan};
pub use signature::{history_of, sign, signature, signatures_for};
pub use suspension::{end_suspension, reason_of, suspend, suspensions_of};

use super::AgreementsError;

fn day(text: &str) -> Result<Date, AgreementsError> {
    text.parse().map_err(|_| AgreementsError::Stored { what: "a day of an agreement" })
}
