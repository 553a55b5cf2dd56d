//! Each night the files of the vault are compared with their rows: an attachment whose file is gone is noticed while there is still a
//! backup that has it.

use ledger::jobs::Failure;
use ledger::vault::{self, Folder};
use tokio::task::spawn_blocking;
use tracing::warn;

use super::Site;

const UNREAD: Failure = Failure::passing("the vault cannot be looked through");
pub(super) const LOST: Failure =
    Failure::lasting("attachments have lost their files, so restore those of the vault from a backup; how many");

pub(super) async fn run(site: Site) -> Result<(), Failure> {
    let path = site.live.data().vault();
    if !path.is_dir() && rows(&site).await?.is_empty() {
        return Ok(());
    }
    let folder = Folder::open(&path).map_err(|_| UNREAD)?;
    let before = rows(&site).await?;
    let look = folder.clone();
    let compared = spawn_blocking(move || look.compare(&before)).await.map_err(|_| UNREAD)?.map_err(|_| UNREAD)?;
    if !compared.without_row.is_empty() || !compared.strange.is_empty() {
        warn!(
            without_row = compared.without_row.len(),
            strange = compared.strange.len(),
            "files lie in the vault that belong to no record; nothing can open them"
        );
    }
    // What was erased while we looked has lost its file as it should.
    let after = rows(&site).await?;
    let lost = compared.without_file.iter().filter(|object| after.contains(*object) && !folder.path(**object).exists()).count();
    if lost == 0 { Ok(()) } else { Err(LOST.numbered(i64::try_from(lost).unwrap_or(i64::MAX))) }
}

async fn rows(site: &Site) -> Result<std::collections::BTreeSet<ids::RecordId>, Failure> {
    vault::all(site.protected.ledger().reader(), site.protected.organisation()).await.map_err(|_| UNREAD)
}
