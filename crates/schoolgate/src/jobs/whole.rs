//! Each night the file of the records is looked through: what a failing disk lost is noticed while there is still a backup that has it.

use ledger::damage;
use ledger::jobs::{Failure, Listed};
use tracing::error;

use super::Site;
use crate::live::Trouble;

/// What the job is called in the queue.
pub(super) const KIND: ledger::Code = ledger::code!("records.whole");

pub(super) const UNREAD: Failure = Failure::passing("the file of the records cannot be looked through");
pub(super) const DAMAGED: Failure = Failure::lasting(
    "the file of the records is damaged, so look at the disk and restore the newest backup that `schoolgate backup verify` finds whole; how \
     many faults were found",
);
/// What every page of the console says then.
const TROUBLE: &str = "The file of the records is damaged. Sites are filtered as before. Look at the disk, and restore the newest backup that \
                       `schoolgate backup verify` finds whole.";

pub(super) async fn run(site: Site) -> Result<(), Failure> {
    let faults = damage(site.protected.ledger().reader()).await.map_err(|_| UNREAD)?;
    if faults.is_empty() {
        site.live.tell_damage(None);
        return Ok(());
    }
    error!(faults = faults.join("; "), "the file of the records is damaged");
    let count = faults.len();
    site.live.tell_damage(Some(Trouble { what: TROUBLE, why: faults, at: site.clock.now().timestamp() }));
    Err(DAMAGED.numbered(i64::try_from(count).unwrap_or(i64::MAX)))
}

/// Damage that the last look found is told again after a start, until one finds the file whole. A look that could not be made found nothing.
pub(super) fn remember(site: &Site, queue: &[Listed]) {
    let damaged = DAMAGED.to_string();
    let mut errors = queue.iter().filter(|job| job.kind == KIND.as_str()).filter_map(|job| job.error.as_ref());
    let found = errors.find(|error| error.starts_with(&damaged)).cloned();
    if let Some(error) = found {
        site.live.tell_damage(Some(Trouble { what: TROUBLE, why: vec![error], at: site.clock.now().timestamp() }));
    }
}
