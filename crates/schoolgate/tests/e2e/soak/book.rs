//! The book of what was asked: each request has a mark of its own, so that a line of the journal, and a request at the origin, belong
//! to exactly one of them, or to none, which is a fault.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::journal::{Line, Place};
use super::origin::Arrived;

/// More faults than this say nothing new.
const ENOUGH: usize = 20;

/// A request, as it must stand in the journal.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub(super) via: &'static str,
    pub(super) listener: &'static str,
    pub(super) source: IpAddr,
    pub(super) person: Option<String>,
    pub(super) method: &'static str,
    pub(super) host: String,
    pub(super) port: u16,
    /// The mark, where there is a path; else the host is.
    pub(super) path: Option<String>,
    /// What may be decided.
    pub(super) actions: &'static [&'static str],
    /// Whether the origin may see it.
    pub(super) may_arrive: bool,
}

/// What the reader got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// The origin's own answer.
    Passed,
    /// A page of the gate in its stead.
    Stopped,
    /// Something that shows that it was judged: an open tunnel, a fault on the way.
    Judged,
    /// Nothing, or not all of it.
    Nothing,
}

#[derive(Debug)]
struct Entry {
    ask: Ask,
    action: Option<String>,
    arrived: bool,
}

/// What was asked and is not settled yet.
#[derive(Debug, Default)]
pub(super) struct Book {
    open: Mutex<HashMap<String, Entry>>,
    told: Mutex<Vec<(String, Told)>>,
    /// Hosts whose mark is free.
    hosts: Mutex<HashMap<&'static str, Vec<String>>>,
    faults: Mutex<Vec<String>>,
    pub(super) asked: AtomicU64,
    pub(super) lines: AtomicU64,
    pub(super) arrived: AtomicU64,
    pub(super) sealed_asked: AtomicU64,
    pub(super) sealed_lines: AtomicU64,
}

// === impl Ask ===

impl Ask {
    fn mark(&self) -> &str {
        self.path.as_deref().unwrap_or(&self.host)
    }
}

// === impl Book ===

impl Book {
    /// Enters a request before it is sent, and gives its mark.
    pub(super) fn ask(&self, ask: Ask) -> String {
        let mark = ask.mark().to_owned();
        self.asked.fetch_add(1, Ordering::Relaxed);
        let before = lock(&self.open).insert(mark.clone(), Entry { ask, action: None, arrived: false });
        if before.is_some() {
            self.fault(format!("{mark} was asked for twice: the test is wrong"));
        }
        mark
    }

    /// What came of it.
    pub(super) fn told(&self, mark: String, told: Told) {
        lock(&self.told).push((mark, told));
    }

    /// Sets hosts aside, by the word that they end with.
    pub(super) fn put_hosts(&self, kind: &'static str, hosts: Vec<String>) {
        lock(&self.hosts).insert(kind, hosts);
    }

    /// A host for which nothing is under way; none while all are in use.
    pub(super) fn take_host(&self, kind: &'static str) -> Option<String> {
        lock(&self.hosts).get_mut(kind)?.pop()
    }

    /// Something that must not be.
    pub(super) fn fault(&self, what: String) {
        let mut faults = lock(&self.faults);
        if faults.len() < ENOUGH {
            faults.push(what);
        }
    }

    /// Whether there is a fault already.
    pub(super) fn has_faults(&self) -> bool {
        !lock(&self.faults).is_empty()
    }

    pub(super) fn faults(&self) -> Vec<String> {
        lock(&self.faults).clone()
    }

    /// Requests that are neither settled nor given up by their readers.
    pub(super) fn unsettled(&self) -> usize {
        lock(&self.open).len()
    }

    /// What readers were told until now: to be taken before the origin and the journal are looked at.
    pub(super) fn take_told(&self) -> Vec<(String, Told)> {
        std::mem::take(&mut lock(&self.told))
    }

    /// Compares. The order of the three matters: what was told was written before, and what arrived was written before.
    pub(super) fn settle(&self, told: Vec<(String, Told)>, arrived: Vec<Arrived>, lines: Vec<Line>) {
        let mut open = lock(&self.open);
        for line in lines {
            self.lines.fetch_add(1, Ordering::Relaxed);
            self.line(&mut open, line);
        }
        for request in arrived {
            self.arrived.fetch_add(1, Ordering::Relaxed);
            self.request(&mut open, &request);
        }
        for (mark, told) in told {
            self.finish(&mut open, &mark, told);
        }
    }

    fn line(&self, open: &mut HashMap<String, Entry>, line: Line) {
        let Place::Shown { host, port, path } = line.address else {
            self.sealed_lines.fetch_add(1, Ordering::Relaxed);
            return;
        };
        let mark = path.as_deref().unwrap_or(&host);
        let Some(entry) = open.get_mut(mark) else {
            return self.fault(format!("the journal has a line that nobody asked for, or twice: {} {host}:{port} {path:?}", line.via));
        };
        let ask = &entry.ask;
        let told = (line.via.as_str(), line.listener.as_str(), line.source, &line.person, line.method.as_str(), &host, port, &path);
        let asked = (ask.via, ask.listener, ask.source, &ask.person, ask.method, &ask.host, ask.port, &ask.path);
        let seen = if path.is_some() { "plain" } else { "host_only" };
        let profile = super::school::profile_of(ask.listener);
        if told != asked || line.seen != seen || line.profile != profile || !ask.actions.contains(&line.action.as_str()) {
            self.fault(format!("the journal says {told:?} {} {} of {asked:?} {:?}", line.profile, line.action, ask.actions));
        }
        if entry.action.replace(line.action).is_some() {
            self.fault(format!("the journal has {mark} twice"));
        }
    }

    fn request(&self, open: &mut HashMap<String, Entry>, request: &Arrived) {
        let Some(entry) = open.get_mut(&request.mark) else {
            return self.fault(format!("the origin received what nobody asked for, or what was stopped: {request:?}"));
        };
        let is_open = matches!(entry.action.as_deref(), Some("allow" | "warn"));
        let same = request.host == entry.ask.host && (entry.ask.path.is_none() || request.method == entry.ask.method);
        if !is_open || !same || !entry.ask.may_arrive || entry.arrived {
            self.fault(format!("the origin received {request:?}, and the journal says {:?} of {:?}", entry.action, entry.ask));
        }
        entry.arrived = true;
    }

    fn finish(&self, open: &mut HashMap<String, Entry>, mark: &str, told: Told) {
        let Some(entry) = open.get(mark) else { return self.fault(format!("{mark} was answered twice: the test is wrong")) };
        let fits = match (told, entry.action.as_deref()) {
            // Whether such a request came so far as to be judged nobody knows; should it, it has its line and may arrive.
            (Told::Nothing, _) => return,
            (_, None) => false,
            (Told::Passed, Some(action)) => entry.arrived && matches!(action, "allow" | "warn"),
            (Told::Stopped, Some(action)) => !entry.arrived && action != "allow",
            (Told::Judged, Some(_)) => true,
        };
        if !fits {
            let (action, arrived) = (&entry.action, entry.arrived);
            self.fault(format!("a reader was told {told:?}, and the journal says {action:?} (arrived: {arrived}): {:?}", entry.ask));
        }
        let Some(entry) = open.remove(mark) else { return };
        if entry.ask.path.is_none()
            && let Some((_, kind)) = entry.ask.host.split_once('.')
            && let Some(free) = lock(&self.hosts).get_mut(kind)
        {
            free.insert(0, entry.ask.host);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
