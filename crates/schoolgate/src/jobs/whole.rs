//! Each night the file of the records is looked through: what a failing disk lost is noticed while there is still a backup that has it.

use ledger::damage;
use ledger::jobs::Failure;
use tracing::error;

use super::Site;

const UNREAD: Failure = Failure::passing("the file of the records cannot be looked through");
const DAMAGED: Failure = Failure::lasting(
    "the file of the records is damaged, so look at the disk and restore the newest backup that `schoolgate backup verify` finds whole; how \
     many faults were found",
);

pub(super) async fn run(site: Site) -> Result<(), Failure> {
    let faults = damage(site.protected.ledger().reader()).await.map_err(|_| UNREAD)?;
    if faults.is_empty() {
        return Ok(());
    }
    error!(faults = faults.join("; "), "the file of the records is damaged");
    Err(DAMAGED.numbered(i64::try_from(faults.len()).unwrap_or(i64::MAX)))
}
