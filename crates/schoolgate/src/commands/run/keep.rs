//! What goes on beside the console: the order to stop, the reload of a changed configuration, the daily refresh of lists.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use jiff::Timestamp;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};
use tokio::task::spawn_blocking;
use tracing::{error, info, warn};

use crate::answer::next_at;
use crate::config::Config;
use crate::live::{InForce, Live, Origin, PackFrom, RefreshState, Trouble};
use crate::refresh::{self, FetchOutcome, Options, PackOutcome, Refreshed};
use crate::world::World;

/// Between two looks at the configuration file and at the clock. A clock that is set, or a machine that slept, is seen at once.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// After a refresh that failed in part. Publishers are often back within the hour, and should not be asked more often.
const TRY_AGAIN: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);

/// The order to stop: SIGINT or SIGTERM.
#[derive(Debug, Clone)]
pub(super) struct Stop(watch::Receiver<bool>);

/// How the configuration file and the users file were last written, as far as they are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    config: Option<Stamp>,
    users: Option<Stamp>,
}

/// When a file was last written, and how long it is.
type Stamp = (SystemTime, u64);

/// Starts the reload and the refresh; both end with the order to stop. `seen` is how the files were written that are in force.
pub(super) fn start(live: &Arc<Live>, world: &World, stop: &Stop, seen: Written) -> Result<()> {
    let mut hangup = signal(SignalKind::hangup()).context("listening for SIGHUP")?;
    let refresh_now = Arc::new(Notify::new());
    let (reloading, notify, clock) = (Arc::clone(live), Arc::clone(&refresh_now), world.clone());
    let ordered = stop.clone().ordered();
    tokio::spawn(async move {
        tokio::pin!(ordered);
        let mut seen = seen;
        loop {
            let asked = tokio::select! {
                _ = hangup.recv() => true,
                () = tokio::time::sleep(LOOK_AGAIN) => false,
                () = &mut ordered => return,
            };
            let now = Written::of(reloading.origin()).with_users(&reloading.in_force().config);
            if asked || now != seen {
                seen = now;
                reload(&reloading, &clock, &notify).await;
            }
        }
    });
    tokio::spawn(keep_fresh(Arc::clone(live), world.clone(), refresh_now, stop.clone()));
    Ok(())
}

async fn reload(live: &Arc<Live>, world: &World, refresh_now: &Notify) {
    let before = live.in_force();
    let (loading, now) = (Arc::clone(live), world.now());
    match spawn_blocking(move || loading.reload(now)).await {
        Ok(Ok(after)) => taken(&before, &after, refresh_now),
        Ok(Err(error)) => error!(error = format!("{error:#}"), "the configuration was not taken; the rules from before still hold"),
        Err(fault) => error!(error = %fault, "reading the configuration broke off; the rules from before still hold"),
    }
}

/// Says what of a new configuration is in force and what is not, and sees to the lists.
fn taken(before: &InForce, after: &InForce, refresh_now: &Notify) {
    info!(entries = after.entries(), "the configuration was read again and is in force");
    for settings in at_the_start_only(&before.config, &after.config) {
        warn!(settings, "these are read at the start only: start Schoolgate again to change them");
    }
    if after.config.sources != before.config.sources || after.config.lists != before.config.lists {
        refresh_now.notify_one();
    }
}

/// What was changed that only a new start takes.
fn at_the_start_only(before: &Config, after: &Config) -> Vec<&'static str> {
    const GATE: &str = "listeners, [proxy], [parent_proxy], [[host]], [journal], [pages] https";
    let changed = [
        (after.console != before.console || after.data != before.data, "[console], data"),
        (after.gateway.needs_restart(&before.gateway), GATE),
        (after.radius != before.radius, "[radius], [[radius_client]]"),
        (after.records != before.records || after.mail.server != before.mail.server, "[records], [mail] server"),
        (after.metrics != before.metrics || after.log != before.log, "[metrics], [log]"),
    ];
    changed.into_iter().filter_map(|(is_changed, settings)| is_changed.then_some(settings)).collect()
}

/// Refreshes the lists whenever that is due, until the order to stop.
async fn keep_fresh(live: Arc<Live>, world: World, refresh_now: Arc<Notify>, stop: Stop) {
    let ordered = stop.ordered();
    tokio::pin!(ordered);
    set_next(&live, first_due(&live, world.now()));
    loop {
        tokio::select! {
            () = refresh_now.notified() => set_next(&live, Some(world.now())),
            () = tokio::time::sleep(LOOK_AGAIN) => {}
            () = &mut ordered => return,
        }
        if live.refresh.load().next.is_some_and(|next| next <= world.now()) {
            refresh(&live, &world).await;
        }
    }
}

fn set_next(live: &Live, next: Option<Timestamp>) {
    live.refresh.store(Arc::new(RefreshState { next, ..(**live.refresh.load()).clone() }));
}

/// When the first refresh is due: at once if something was never fetched or the hour passed while the machine was off.
fn first_due(live: &Live, now: Timestamp) -> Option<Timestamp> {
    let in_force = live.in_force();
    if in_force.config.sources.is_empty() {
        return None;
    }
    let never = in_force.pack == PackFrom::Starter || in_force.lists.iter().any(|list| list.entries.is_none());
    let oldest = in_force.lists.iter().filter(|list| list.path.is_none()).map(|list| list.checked_at).min();
    match oldest {
        _ if never => Some(now),
        Some(None) => Some(now),
        Some(Some(checked)) => next_at(checked, in_force.config.lists.refresh_at, &in_force.config.time_zone),
        None => next_at(now, in_force.config.lists.refresh_at, &in_force.config.time_zone),
    }
}

async fn refresh(live: &Arc<Live>, world: &World) {
    let running = RefreshState { running: true, next: None, ..(**live.refresh.load()).clone() };
    live.refresh.store(Arc::new(running));
    let in_force = live.in_force();
    let (working, now) = (Arc::clone(live), world.now());
    let done = spawn_blocking(move || {
        let refreshed = refresh::refresh(&working.in_force().config, working.data(), now, Options::default(), &mut |_| {})?;
        working.take_pack(now)?;
        Ok(refreshed)
    });
    let done = done.await.unwrap_or_else(|fault| Err(anyhow::Error::new(fault).context("the refresh broke off")));
    let now = world.now();
    let trouble = match &done {
        Ok(refreshed) => trouble(refreshed, now),
        Err(error) => {
            error!(error = format!("{error:#}"), "the lists could not be refreshed; the old ones stay in force");
            Some(Trouble::new("The lists could not be refreshed. The old ones stay in force.", error, now))
        }
    };
    let said = match &done {
        Ok(refreshed) => outcome(refreshed),
        Err(_) => "Failed; the old lists stay in force.".to_owned(),
    };
    let due = next_at(now, in_force.config.lists.refresh_at, &in_force.config.time_zone);
    let soon = trouble.is_some().then(|| now.checked_add(TRY_AGAIN).ok()).flatten();
    let next = if live.in_force().config.sources.is_empty() { None } else { soon.into_iter().chain(due).min() };
    live.refresh.store(Arc::new(RefreshState { running: false, last: Some((now, said)), next, trouble }));
}

/// What a refresh did, in a sentence.
fn outcome(refreshed: &Refreshed) -> String {
    let updated = refreshed.lists.iter().filter(|list| matches!(list.fetched, FetchOutcome::Updated { .. })).count();
    match &refreshed.pack {
        PackOutcome::Replaced(report) => {
            info!(entries = report.entries, lists = refreshed.lists.len(), updated, "new lists are in force");
            format!("New lists are in force: {} entries.", report.entries)
        }
        PackOutcome::Unchanged => {
            info!(lists = refreshed.lists.len(), "the lists are unchanged");
            "Nothing had changed.".to_owned()
        }
    }
}

/// The lists that gave nothing new although they should have, or much less than before.
fn trouble(refreshed: &Refreshed, now: Timestamp) -> Option<Trouble> {
    let mut why = Vec::new();
    for list in &refreshed.lists {
        if let FetchOutcome::KeptLast(reason) | FetchOutcome::Missing(reason) = &list.fetched {
            warn!(list = list.name, reason, "a list could not be refreshed");
            why.push(format!("{}: {reason}", list.name));
        }
        if let Some(before) = list.shrunk_from {
            warn!(list = list.name, entries = list.entries, before, "a list has shrunk to less than half");
            why.push(format!(
                "{}: it has {} entries now and had {before} before; look whether its publisher changed it",
                list.name, list.entries
            ));
        }
    }
    (!why.is_empty()).then_some(Trouble { what: "Not every list could be refreshed. What was there before stays in force.", why, at: now })
}

// === impl Written ===

impl Written {
    /// Of the file that the configuration comes from.
    pub(super) fn of(origin: &Origin) -> Self {
        let config = if let Origin::File(path) = origin { stamp(path) } else { None };
        Self { config, users: None }
    }

    /// And of the users file.
    pub(super) fn with_users(self, config: &Config) -> Self {
        Self { users: config.gateway.users_file.as_deref().and_then(stamp), ..self }
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let file = path.metadata().ok()?;
    Some((file.modified().ok()?, file.len()))
}

// === impl Stop ===

impl Stop {
    /// Listens for the order from now on.
    pub(super) fn listen() -> Result<Self> {
        let mut interrupt = signal(SignalKind::interrupt()).context("listening for SIGINT")?;
        let mut terminate = signal(SignalKind::terminate()).context("listening for SIGTERM")?;
        let (sender, receiver) = watch::channel(false);
        tokio::spawn(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            info!("stopping");
            // Nobody is left to tell when every receiver is gone.
            let _ = sender.send(true);
        });
        Ok(Self(receiver))
    }

    /// Says `true` when the order comes.
    pub(super) fn watch(&self) -> watch::Receiver<bool> {
        self.0.clone()
    }

    /// Ends when the order comes.
    pub(super) fn ordered(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut receiver = self.0.clone();
        async move {
            // An error means that the sender is gone, which happens after the order only.
            drop(receiver.wait_for(|stop| *stop).await);
        }
    }
}
