//! The backup of each night, while Schoolgate runs.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tracing::{error, info};

use super::keep::Stop;
use crate::answer::next_at;
use crate::backup::{self, Record};
use crate::live::Live;
use crate::world::World;

/// Between two looks at the clock. A clock that is set, or a machine that slept, is seen at once.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// After one that failed: a network folder is often back within the hour.
const TRY_AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// Makes a backup whenever one is due, until the order to stop.
pub(super) fn start(live: &Arc<Live>, world: &World, stop: &Stop) {
    let (live, world, ordered) = (Arc::clone(live), world.clone(), stop.ordered());
    let started = world.now();
    tokio::spawn(async move {
        tokio::pin!(ordered);
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK_AGAIN) => {}
                () = &mut ordered => return,
            }
            if due(&live, started).is_some_and(|due| due <= world.now()) {
                // Broken off with the order to stop: what is written is moved into place only when whole.
                tokio::select! {
                    () = one(&live, &world) => {}
                    () = &mut ordered => return,
                }
            }
        }
    });
}

/// When the next one is due; never where no folder is configured. One that was missed, since the machine was off, is due at once.
fn due(live: &Live, started: Timestamp) -> Option<Timestamp> {
    let in_force = live.in_force();
    let config = &in_force.config;
    config.backup.to.as_ref()?;
    let record = Record::read(live.data());
    let again = record.failure.and_then(|failure| failure.at.checked_add(TRY_AGAIN).ok());
    let last = record.good.map_or(started, |good| good.at);
    let night = next_at(last, config.backup.at, &config.time_zone);
    // After a failure an hour is waited, however long it has been due.
    again.max(night)
}

async fn one(live: &Arc<Live>, world: &World) {
    let in_force = live.in_force();
    let config = &in_force.config;
    let Some(to) = &config.backup.to else { return };
    let made = async {
        let recipients = backup::recipients(config, &[])?;
        backup::make(config, live.origin(), live.data(), &recipients, to, world.now(), &mut |_| {}).await
    };
    match made.await {
        Ok(done) => info!(bytes = done.size, rows = done.rows, files = done.files, removed = done.removed, "a backup was made"),
        Err(error) => error!(error = format!("{error:#}"), "no backup could be made; it is tried again in an hour"),
    }
}
