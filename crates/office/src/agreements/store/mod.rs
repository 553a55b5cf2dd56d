//! Agreements in the database. A signature is only ever added; a suspension is changed in a [`Unit`](ledger::Unit) and has its entry.

mod access;
mod entity;
mod signature;
mod suspension;

use calendar::Date;
use ids::RecordId;
use ledger::{Act, LedgerError};

pub use access::{Access, access, access_of, counted, facts, gated, waiting};
pub use signature::{history_of, sign, signatures_for};
pub use suspension::{end_suspension, suspend, suspensions_of};

use super::AgreementsError;

fn new_id(act: &Act) -> Result<RecordId, LedgerError> {
    let mut random = [0; 10];
    getrandom::fill(&mut random).map_err(|_| LedgerError::Random)?;
    Ok(RecordId::new(u64::try_from(act.at.micros() / 1000).unwrap_or(0), random))
}

fn day(text: &str) -> Result<Date, AgreementsError> {
    text.parse().map_err(|_| AgreementsError::Stored { what: "a day of an agreement" })
}
