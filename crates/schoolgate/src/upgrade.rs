//! Bringing the records up to date with a new version of the program: rehearsed, backed up, done, in that order.

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use ledger::upgrade::{self, Rehearsal, Version};
use ledger::{Ledger, Place};

use crate::backup;
use crate::config::Config;
use crate::data::DataFolder;
use crate::live::Origin;
use crate::records;

/// What is to be done, and what became of it when it was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The steps, in order.
    pub steps: Vec<&'static str>,
    /// How the rehearsal went.
    pub tried: Rehearsal,
}

/// Whether there has to be a backup first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backup {
    /// Where the configuration says where to.
    Configured,
    /// Without, because somebody said so.
    Without,
}

/// Tries what is to be done on records of an earlier version; nothing where they are of this one, or there are none. They stay as they are.
///
/// # Errors
/// Where they are of a later version, cannot be had, or the rehearsal failed.
pub async fn plan(config: &Config, data: &DataFolder, now: Timestamp) -> Result<Option<Plan>> {
    let place = records::place(config, data);
    let Version::Older(steps) = upgrade::version(&place).await? else { return Ok(None) };
    let folder = tempfile::Builder::new().prefix(".rehearsal-").tempdir_in(data.root());
    let folder = folder.with_context(|| format!("making a folder for the rehearsal in {}", data.root().display()))?;
    let tried = upgrade::rehearse(&place, folder.path(), now.into())
        .await
        .context("rehearsing the upgrade of the records; they are as they were")?;
    folder.close().context("removing the copy on which the upgrade was rehearsed")?;
    if !tried.wrong.is_empty() {
        bail!("after the rehearsal of the upgrade something is wrong, so the records were left as they are: {}", tried.wrong.join("; "));
    }
    Ok(Some(Plan { steps, tried }))
}

/// Does what was planned, after a backup. Gives the backup's file, if one was made.
///
/// # Errors
/// Where no backup can be made, another process has the records, or a step fails. They are as they were before that step.
pub async fn carry_out(
    config: &Config,
    origin: &Origin,
    data: &DataFolder,
    with: Backup,
    now: Timestamp,
) -> Result<Option<std::path::PathBuf>> {
    let place: Place = records::place(config, data);
    let made = match (&config.backup.to, with) {
        (Some(to), Backup::Configured) => {
            let recipients = backup::recipients(config, &[])?;
            let made = backup::make(config, origin, data, &recipients, to, now, &mut |_| {}).await;
            let made = made.context(
                "making a backup before the records are brought up to date, so they were left as they are; put that right, or go on without one \
                 by `schoolgate upgrade --without-backup`",
            )?;
            Some(made.path)
        }
        _ => None,
    };
    Ledger::open(data.root(), &place, now.into()).await?.close().await?;
    Ok(made)
}
