//! The people of the records, compiled for the gate: at the start, on each change within a second, and when a day begins.
//!
//! Records that cannot be had take nobody away: those who were known last stay known.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use calendar::Date;
use ids::PersonId;
use jiff::Timestamp;
use ledger::store;
use office::agreements;
use office::gate::{self, Directory};
use office::people::Scope;
use tracing::{info, warn};

use crate::keys::Protected;
use crate::live::Live;
use crate::records::Records;
use crate::world::World;

/// Between two looks at whether the records have changed: a question for one row.
const LOOK_AGAIN: Duration = Duration::from_millis(400);

/// What was compiled last: at which revision of the records, on which day.
type Compiled = Option<(i64, Date)>;

/// Compiles the records again and again until `ordered` ends.
pub fn start(live: &Arc<Live>, world: &World, records: &Arc<Records>, ordered: impl Future<Output = ()> + Send + 'static) {
    let (live, world, records) = (Arc::clone(live), world.clone(), Arc::clone(records));
    tokio::spawn(async move {
        tokio::pin!(ordered);
        let (mut compiled, mut is_failing) = (None, false);
        loop {
            if let Ok(protected) = records.get() {
                match compile(&live, protected, world.now(), compiled).await {
                    Ok(now) => (compiled, is_failing) = (now, false),
                    Err(error) if !is_failing => {
                        warn!(error = format!("{error:#}"), "the people of the records cannot be read; those known before stay known");
                        is_failing = true;
                    }
                    Err(_) => {}
                }
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_AGAIN) => {}
                () = &mut ordered => return,
            }
        }
    });
}

/// Compiles the records if they have changed since, or the day has.
async fn compile(live: &Live, protected: &Protected, now: Timestamp, compiled: Compiled) -> Result<Compiled> {
    let (reader, organisation) = (protected.ledger().reader(), protected.organisation());
    let today = live.in_force().config.time_zone.to_datetime(now).date();
    let today = Date::try_from(today).context("reading today's date")?;
    // Before the rest is read: what changes meanwhile is read again.
    let revision = store::revision(reader, organisation).await?;
    if compiled == Some((revision, today)) {
        return Ok(compiled);
    }
    let scope = Scope::of(organisation);
    let gated = agreements::gated(reader, scope, today).await?;
    let people = gate::directory(reader, scope, today, &gated).await?;
    let before = live.people();
    if people != *before {
        let count = people.people().len();
        live.take_people(people)?;
        let after = live.people();
        // Who has left is signed in nowhere.
        live.presence().end(now, |_, sign_in| has(&before, sign_in.person) && !has(&after, sign_in.person));
        info!(people = count, "the people of the records are in force");
    }
    Ok(Some((revision, today)))
}

fn has(people: &Directory, person: PersonId) -> bool {
    people.people().binary_search_by_key(&person, |somebody| somebody.person).is_ok()
}
