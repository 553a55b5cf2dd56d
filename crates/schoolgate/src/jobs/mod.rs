//! Work that Schoolgate does by itself on the records: what waits is sent, each day the head of the audit trail is written down, each
//! night the vault is compared with its rows and the file of the records is looked through, and on school days letters remind whoever has
//! something to sign.

mod heads;
mod letters;
mod order;
mod reminders;
#[cfg(test)]
mod tests;
mod vault;
mod whole;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use calendar::{Clock, Instant};
use jiff::civil::{Time, time};
use ledger::jobs::{Kind, Next, Retry, Worker, WorkerSettings, Working};
use ledger::outbox;
use ledger::{Place, code};

pub use order::{Order, carry_out};

use crate::keys::Protected;
use crate::live::{Live, Origin};
use crate::master::MasterKey;
use crate::records;
use crate::world::World;

/// When the vault is compared, in the school's time: after the backup.
const VAULT_AT: Time = time(4, 20, 0, 0);
/// When the file of the records is looked through.
const WHOLE_AT: Time = time(4, 30, 0, 0);
/// When the head of the trail is written down.
const HEADS_AT: Time = time(4, 40, 0, 0);
/// When people are reminded: school is over, and nobody is woken.
const REMINDERS_AT: Time = time(16, 0, 0, 0);
/// Messages are tried for some two days, as mail servers do.
const MESSAGES: Retry = Retry { first: Duration::from_secs(30), cap: Duration::from_secs(3600), attempts: 54 };

/// What the jobs work on.
#[derive(Clone)]
struct Site {
    live: Arc<Live>,
    clock: Clock,
    protected: Protected,
    key: Arc<outbox::OutboxKey>,
}

/// Begins the work. Must be called within a runtime.
///
/// # Errors
/// Where the machine's key or the login of the mail server cannot be read, or the database refuses.
pub async fn start(live: &Arc<Live>, world: &World, protected: &Protected) -> Result<Working> {
    let master = MasterKey::of(live.data())?;
    let time = world.clone();
    let clock = Clock::new(move || time.now());
    let site = Site { live: Arc::clone(live), clock: clock.clone(), protected: protected.clone(), key: Arc::new(master.outbox()?) };
    let mut kinds = vec![
        daily(&site, code!("audit.head"), HEADS_AT, heads::run),
        daily(&site, code!("vault.compare"), VAULT_AT, vault::run),
        daily(&site, code!("agreements.remind"), REMINDERS_AT, reminders::run),
    ];
    let in_force = live.in_force();
    // PostgreSQL looks after its own files.
    if matches!(records::place(&in_force.config, live.data()), Place::Sqlite(_)) {
        whole::remember(&site, &ledger::jobs::list(protected.ledger().reader()).await?);
        kinds.push(daily(&site, whole::KIND, WHOLE_AT, whole::run));
    }
    let carrier = match (&in_force.config.mail.server, live.origin()) {
        (Some(server), _) => Some(letters::to(server, &in_force.config.school, live.data().credentials())?),
        (None, Origin::Demo(_)) => Some(letters::into_folder(live.data().letters())?),
        (None, _) => None,
    };
    if let Some(carrier) = carrier.map(Arc::new) {
        kinds.push(outbox::delivery(protected.ledger(), master.outbox()?, carrier, clock.clone(), MESSAGES));
    }
    Ok(Worker::new(protected.ledger(), clock, kinds, WorkerSettings::default()).await?.start())
}

/// Work of each day, at `at` in the school's time.
fn daily<F>(site: &Site, code: ledger::Code, at: Time, run: fn(Site) -> F) -> Kind
where
    F: Future<Output = Result<(), ledger::jobs::Failure>> + Send + 'static,
{
    let (working, live) = (site.clone(), Arc::clone(&site.live));
    let kind = Kind::new(code, move |_| {
        let done = run(working.clone());
        async move { done.await.map(|()| Next::Done) }
    });
    kind.recurring(move |after: Instant| Some(next_at(after, at, &live)?.into()))
}

fn next_at(after: Instant, at: Time, live: &Live) -> Option<jiff::Timestamp> {
    crate::answer::next_at(after.timestamp(), at, &live.in_force().config.time_zone)
}
