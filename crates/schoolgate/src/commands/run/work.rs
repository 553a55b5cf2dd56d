//! The records while Schoolgate runs: opened, again and again where they cannot be had, and the work on them until the order to stop.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use ledger::LedgerError;
use ledger::jobs::Working;
use ledger::upgrade::Version;
use tokio::task::JoinHandle;
use tracing::{error, info, warn};

use super::LAST_WORK;
use super::keep::Stop;
use crate::config::Config;
use crate::live::{Live, Trouble};
use crate::records::Records;
use crate::upgrade::Backup;
use crate::world::World;
use crate::{jobs, records, upgrade};

/// Between two attempts to open records that cannot be had.
const TRY_AGAIN: Duration = Duration::from_secs(10);

/// Opens the records for the first time.
///
/// # Errors
/// Where another process has them.
pub(super) async fn open(live: &Live, world: &World, records: &Records) -> Result<()> {
    if !try_to_open(live, world, records).await? {
        let why = records.trouble().map(|trouble| trouble.why.join(": ")).unwrap_or_default();
        error!(error = why, "the records cannot be had; sites are filtered as before, and the records are tried again");
    }
    Ok(())
}

/// Works on the records until the order to stop, beginning when they can be had.
pub(super) fn start(live: &Arc<Live>, world: &World, records: &Arc<Records>, stop: &Stop) -> JoinHandle<()> {
    let (live, world, records, ordered) = (Arc::clone(live), world.clone(), Arc::clone(records), stop.ordered());
    tokio::spawn(async move {
        tokio::pin!(ordered);
        let working = tokio::select! {
            working = begin(&live, &world, &records) => working,
            () = &mut ordered => return,
        };
        ordered.await;
        working.stop(LAST_WORK).await;
    })
}

async fn begin(live: &Arc<Live>, world: &World, records: &Records) -> Working {
    loop {
        match attempt(live, world, records).await {
            Ok(Some(working)) => {
                records.tell(None);
                return working;
            }
            Ok(None) => {}
            Err(error) => {
                let what = "Nothing is done on the records by itself: no message leaves, and the audit trail's head is not written down.";
                // The same again is not said again.
                if records.tell(Some(Trouble::new(what, &error, world.now()))) {
                    error!(error = format!("{error:#}"), "jobs cannot be begun, so no message leaves; it is tried again");
                }
            }
        }
        tokio::time::sleep(TRY_AGAIN).await;
    }
}

async fn attempt(live: &Arc<Live>, world: &World, records: &Records) -> Result<Option<Working>> {
    if records.get().is_err() {
        if !try_to_open(live, world, records).await? {
            return Ok(None);
        }
        info!("the records can be had again");
    }
    let protected = records.get().map_err(anyhow::Error::msg)?;
    jobs::start(live, world, protected).await.map(Some)
}

async fn try_to_open(live: &Live, world: &World, records: &Records) -> Result<bool> {
    let in_force = live.in_force();
    if let Err(error) = bring_up_to_date(live, &in_force.config, world).await {
        if matches!(error.downcast_ref(), Some(LedgerError::InUse { .. })) {
            return Err(error);
        }
        let what = "The records are not up to date with this version, and were left as they are. Sites are filtered as before; what people do is \
                    not recorded, and no message leaves.";
        records.tell(Some(Trouble::new(what, &error, world.now())));
        return Ok(false);
    }
    records.open(&in_force.config, live.data(), world.now()).await
}

/// Records of an earlier version: rehearsed, backed up where a backup is configured, and changed.
async fn bring_up_to_date(live: &Live, config: &Config, world: &World) -> Result<()> {
    // Records that cannot be had at all are told of by who opens them.
    let Ok(Version::Older(_)) = ledger::upgrade::version(&records::place(config, live.data())).await else { return Ok(()) };
    let Some(plan) = upgrade::plan(config, live.data(), world.now()).await? else { return Ok(()) };
    let made = upgrade::carry_out(config, live.origin(), live.data(), Backup::Configured, world.now()).await?;
    if made.is_none() {
        warn!("no backup was made before the records were brought up to date, since none is configured");
    }
    info!(steps = plan.steps.len(), rows = plan.tried.rows, "the records are up to date with this version");
    Ok(())
}
