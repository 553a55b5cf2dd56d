//! Checks, questions and declarations in the database. Whatever is changed here is changed in a [`Unit`](ledger::Unit) and has its entry.

mod check;
mod declaration;
mod entity;
mod question;

use calendar::Date;

pub use check::{Check, Understood, check, counted_understood, take_back_check, understood};
pub use declaration::{Declaration, counted_declared, declarations_of, declare};
pub use question::{answer, ask, questions, unanswered};

use super::UnderstandingError;

fn day(text: &str) -> Result<Date, UnderstandingError> {
    text.parse().map_err(|_| UnderstandingError::Stored { what: "a day of a check, question or declaration" })
}
