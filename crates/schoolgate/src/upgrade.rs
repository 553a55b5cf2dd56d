//! Bringing the records up to date with a new version of the program: rehearsed, backed up, done, in that order.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use ledger::upgrade::{self, Lock, Rehearsal, Version};

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

/// An error of an upgrade has this among its causes once the steps have begun; without it the records are as they were.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("bringing the records up to date after it was rehearsed; steps that were done hold, and `schoolgate upgrade` goes on from there")]
pub struct Begun;

/// Whether records of an earlier version are there.
///
/// # Errors
/// Where they are of a later version, or cannot be had.
pub async fn is_due(config: &Config, data: &DataFolder) -> Result<bool> {
    Ok(matches!(upgrade::version(&records::place(config, data)).await?, Version::Older(_)))
}

/// Tries what is to be done on records of an earlier version; nothing where they are of this one, or there are none. They stay as they are.
///
/// # Errors
/// Where they are of a later version, cannot be had, or the rehearsal failed.
pub async fn plan(config: &Config, data: &DataFolder, now: Timestamp) -> Result<Option<Plan>> {
    let place = records::place(config, data);
    let Version::Older(steps) = upgrade::version(&place).await? else { return Ok(None) };
    let tried = upgrade::rehearse(&place, data.root(), now.into()).await;
    let tried = tried.context("rehearsing the upgrade of the records; they are as they were")?;
    if !tried.wrong.is_empty() {
        bail!("after the rehearsal of the upgrade something is wrong, so the records were left as they are: {}", tried.wrong.join("; "));
    }
    Ok(Some(Plan { steps, tried }))
}

/// Does what was planned, after a backup. Gives the backup's file, if one was made. `held`: the records, by who planned it.
///
/// # Errors
/// Where no backup can be made, or a step fails: then with [`Begun`].
pub async fn carry_out(
    held: &Lock,
    config: &Config,
    origin: &Origin,
    data: &DataFolder,
    with: Backup,
    now: Timestamp,
) -> Result<Option<PathBuf>> {
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
    upgrade::carry_out(held, &records::place(config, data), now.into()).await.context(Begun)?;
    Ok(made)
}

#[cfg(test)]
mod tests {
    use testkit::folder::Folder;

    use super::*;

    #[tokio::test]
    async fn who_reads_an_error_knows_whether_the_records_were_touched() {
        let folder = Folder::new().expect("folder");
        folder.write("in-the-way", "a file").expect("file");
        let recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
        let backup = format!("[backup]\nto = \"{}\"\nrecipients = [\"{recipient}\"]\n", folder.join("in-the-way").display());
        // Nobody listens at port 1.
        let config = Config::parse(&format!("{backup}[records]\ndatabase_url = \"postgres://127.0.0.1:1/school\"\n"), "school.toml");
        let (config, data) = (config.expect("a configuration"), DataFolder::new(folder.path()));
        let held = upgrade::hold(data.root()).expect("held");
        let now = Timestamp::UNIX_EPOCH;
        let saving = carry_out(&held, &config, &Origin::BuiltIn, &data, Backup::Configured, now).await.expect_err("no backup");
        assert!(!saving.is::<Begun>() && format!("{saving:#}").contains("left as they are"), "{saving:#}");
        let changing = carry_out(&held, &config, &Origin::BuiltIn, &data, Backup::Without, now).await.expect_err("no database");
        assert!(changing.is::<Begun>() && !format!("{changing:#}").contains("left as they are"), "{changing:#}");
    }
}
