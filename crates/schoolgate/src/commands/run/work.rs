//! The records while Schoolgate runs: opened, again and again where they cannot be had, and the work on them until the order to stop.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use ledger::LedgerError;
use ledger::jobs::Working;
use tokio::task::JoinHandle;
use tracing::{error, info, warn};

use super::LAST_WORK;
use super::keep::Stop;
use crate::jobs;
use crate::live::{Live, Origin, Trouble};
use crate::records::Records;
use crate::upgrade::{self, Backup, Begun};
use crate::world::World;

/// Between two attempts to open records that cannot be had.
const TRY_AGAIN: Duration = Duration::from_secs(10);
/// Longest time between two attempts to bring them up to date.
const LONGEST: Duration = Duration::from_secs(3600);

/// What is told while records of an earlier version are brought up to date.
pub(super) const UPGRADING: &str = "The records are being brought up to date with this version. Sites are filtered meanwhile; what people do is not \
                                    recorded until it is done.";
const BEFORE: &str = "The records are not up to date with this version, and were left as they are. Sites are filtered as before; what people do \
                      is not recorded, and no message leaves.";
const HALF_WAY: &str = "The records were brought up to date with this version in part. Sites are filtered as before; what people do is not recorded, \
                        and no message leaves.";

/// When records are next tried to be brought up to date: each attempt copies all of them, and may make a backup, so it is made ever more seldom.
#[derive(Debug, Default)]
struct Patience {
    failed: u32,
    until: Option<Instant>,
}

/// Opens the records for the first time. Those of an earlier version wait until the gate is open: [`start`] brings them up to date.
///
/// # Errors
/// Where another process has them.
pub(super) async fn open(live: &Live, world: &World, records: &Records) -> Result<()> {
    let in_force = live.in_force();
    // The demonstration's people are made before its gate opens, and what it brings up to date is small.
    let waits = !matches!(live.origin(), Origin::Demo(_));
    if waits && upgrade::is_due(&in_force.config, live.data()).await.unwrap_or(false) {
        drop(ledger::upgrade::hold(live.data().root())?);
        let why = vec!["they are being brought up to date with this version of Schoolgate; look again in a few minutes".to_owned()];
        records.tell(Some(Trouble { what: UPGRADING, why, at: world.now() }));
        return Ok(());
    }
    if !try_to_open(live, world, records, &mut Patience::default()).await? {
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
    let mut patience = Patience::default();
    loop {
        match attempt(live, world, records, &mut patience).await {
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

async fn attempt(live: &Arc<Live>, world: &World, records: &Records, patience: &mut Patience) -> Result<Option<Working>> {
    if records.get().is_err() {
        if !try_to_open(live, world, records, patience).await? {
            return Ok(None);
        }
        info!("the records can be had again");
    }
    let protected = records.get().map_err(anyhow::Error::msg)?;
    jobs::start(live, world, protected).await.map(Some)
}

async fn try_to_open(live: &Live, world: &World, records: &Records, patience: &mut Patience) -> Result<bool> {
    let config = &live.in_force().config;
    // Records that cannot be had at all are told of by who opens them; it opens none of an earlier version.
    if upgrade::is_due(config, live.data()).await.unwrap_or(false) {
        if !patience.is_over() {
            return Ok(false);
        }
        if let Err(error) = bring_up_to_date(live, world).await {
            patience.grow();
            if matches!(error.downcast_ref(), Some(LedgerError::InUse { .. })) {
                return Err(error);
            }
            let trouble = Trouble::new(told_of(&error), &error, world.now());
            // The same again is not said again.
            if records.tell(Some(trouble)) {
                let error = format!("{error:#}");
                error!(
                    error,
                    "the records could not be brought up to date; sites are filtered as before, and it is tried again, ever more seldom"
                );
            }
            return Ok(false);
        }
    }
    records.open(config, live.data(), world.now()).await
}

/// Records of an earlier version: rehearsed, backed up where a backup is configured, and changed.
async fn bring_up_to_date(live: &Live, world: &World) -> Result<()> {
    let (config, data) = (&live.in_force().config, live.data());
    let held = ledger::upgrade::hold(data.root())?;
    let Some(plan) = upgrade::plan(config, data, world.now()).await? else { return Ok(()) };
    let made = upgrade::carry_out(&held, config, live.origin(), data, Backup::Configured, world.now()).await?;
    if made.is_none() {
        warn!("no backup was made before the records were brought up to date, since none is configured");
    }
    info!(steps = plan.steps.len(), rows = plan.tried.rows, "the records are up to date with this version");
    Ok(())
}

fn told_of(error: &anyhow::Error) -> &'static str {
    if error.is::<Begun>() { HALF_WAY } else { BEFORE }
}

// === impl Patience ===

impl Patience {
    fn is_over(&self) -> bool {
        self.until.is_none_or(|until| until <= Instant::now())
    }

    /// After one more attempt that failed.
    fn grow(&mut self) {
        let pause = TRY_AGAIN.saturating_mul(2_u32.saturating_pow(self.failed)).min(LONGEST);
        self.failed = self.failed.saturating_add(1);
        self.until = Instant::now().checked_add(pause);
    }
}

#[cfg(test)]
mod tests {
    use ledger::Place;
    use testkit::folder::Folder;

    use super::*;
    use crate::config::Config;
    use crate::data::DataFolder;

    /// A school with records of an earlier version and a backup folder that cannot be one.
    async fn school(folder: &Folder) -> (Live, World) {
        let data = DataFolder::new(folder.path());
        let now = jiff::Timestamp::UNIX_EPOCH;
        ledger::upgrade::make_as_of(&Place::in_folder(data.root()), ledger::upgrade::steps() - 1, now.into()).await.expect("records");
        let to = folder.write("in-the-way", "a file").expect("file");
        let recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
        let config = format!("[backup]\nto = \"{}\"\nrecipients = [\"{recipient}\"]\n", to.display());
        let config = Config::parse(&config, "school.toml").expect("a configuration");
        (Live::start(Origin::BuiltIn, config, data, now).expect("live"), World::of_process())
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_upgrade_that_failed_is_tried_ever_more_seldom_and_one_by_hand_is_taken_up_at_once() {
        let folder = Folder::new().expect("folder");
        let (live, world) = school(&folder).await;
        let (records, mut patience) = (Records::default(), Patience::default());
        assert!(!try_to_open(&live, &world, &records, &mut patience).await.expect("tried"));
        assert!(records.trouble().is_some_and(|trouble| trouble.what == BEFORE), "{:?}", records.trouble());
        // Now it could be done, and its time has not come.
        std::fs::remove_file(folder.join("in-the-way")).expect("out of the way");
        for _ in 0..3 {
            assert!(!try_to_open(&live, &world, &records, &mut patience).await.expect("looked"), "it is tried at each look");
        }
        let (config, data) = (&live.in_force().config, live.data());
        let held = ledger::upgrade::hold(data.root()).expect("held");
        upgrade::carry_out(&held, config, live.origin(), data, Backup::Without, world.now()).await.expect("done by hand");
        drop(held);
        assert!(try_to_open(&live, &world, &records, &mut patience).await.expect("opened"), "it waits though nothing is to be done");
    }

    #[test]
    fn patience_grows_to_an_hour() {
        let mut patience = Patience::default();
        assert!(patience.is_over(), "the first attempt is made at once");
        let pauses: Vec<_> = (0..40)
            .map(|_| {
                let before = Instant::now();
                patience.grow();
                assert!(!patience.is_over());
                patience.until.expect("a moment").duration_since(before).as_secs()
            })
            .collect();
        assert!(pauses.iter().take(4).zip([10, 20, 40, 80]).all(|(pause, least)| (least..least + 5).contains(pause)), "{pauses:?}");
        assert!(pauses.last().is_some_and(|last| (3600..3605).contains(last)), "{pauses:?}");
    }

    #[test]
    fn what_is_told_says_whether_the_records_were_touched() {
        let error = || anyhow::anyhow!("the disk is full");
        assert_eq!(told_of(&error()), BEFORE);
        assert_eq!(told_of(&error().context(Begun)), HALF_WAY);
    }
}
