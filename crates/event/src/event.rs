//! The event: one judged request, as it is kept.

use std::fmt;
use std::net::IpAddr;

use filter::category::Category;
use filter::judge::{Step, profile_of};
use filter::profile::Profile;
use filter::verdict::Ground;
use filter::{Action, Host, Request, Snapshot, Target, Verdict};
use ids::{DeviceId, EventId, PersonId};
use jiff::Timestamp;

/// Longest path that an event keeps, in bytes. Of a longer one the beginning is kept: nobody reads more, and a stranger must
/// not be able to fill the disk with long addresses.
pub const MAX_PATH: usize = 1024;
/// Longest method that an event keeps, in bytes. Of a longer one the beginning is kept.
pub const MAX_METHOD: usize = 32;
/// Longest rule that an event keeps, in bytes. Of a longer one the beginning is kept.
pub const MAX_RULE: usize = 1024;
/// What stands in [`Event::list`] for a sealed hit, whichever sealed list it was.
pub const SEALED: &str = "sealed";

/// One judged request. Made by [`Event::of_verdict`], which keeps the address of a sealed hit out; a literal is for whoever
/// reads kept events back.
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    /// Its own id.
    pub id: EventId,
    /// When the request was judged.
    pub at: Timestamp,
    /// What kind of question it was.
    pub via: Via,
    /// The address that the request came from.
    pub source: IpAddr,
    /// The device, where it is known.
    pub device: Option<DeviceId>,
    /// The person, where one was signed in.
    pub person: Option<PersonId>,
    /// How it was known who asked, or where the profile came from.
    pub known: Known,
    /// The name of the profile that was applied.
    pub profile: Box<str>,
    /// The name of the listener that the request came in by.
    pub listener: Box<str>,
    /// The HTTP method, at most [`MAX_METHOD`] bytes.
    pub method: Box<str>,
    /// What was asked for.
    pub address: Address,
    /// What happened to the request.
    pub action: Action,
    /// The step of the judgement that decided.
    pub step: Step,
    /// The category that decided, where one did.
    pub category: Option<Category>,
    /// The list that decided, where one did; [`SEALED`] for a sealed hit.
    pub list: Option<Box<str>>,
    /// What decided: a list's entry, the host of a help line, the site of an exception. At most [`MAX_RULE`] bytes; nothing for
    /// a sealed hit.
    pub rule: Option<Box<str>>,
    /// How much of the traffic could be seen.
    pub seen: Seen,
    /// What else was noticed.
    pub flags: Flags,
}

/// What was asked for. A sealed hit has no field that could hold its address.
#[derive(Clone, PartialEq, Eq)]
pub enum Address {
    /// An address as it was judged.
    Shown {
        /// The host.
        host: Host,
        /// The port.
        port: u16,
        /// The path in matching form, where it was seen: at most [`MAX_PATH`] bytes, never the query.
        path: Option<Box<str>>,
    },
    /// On a sealed list: nothing is kept.
    Sealed,
}

/// What kind of question was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Via {
    /// An HTTP request in clear.
    Http,
    /// The host of a CONNECT.
    Connect,
    /// The server name in a TLS greeting.
    Sni,
    /// A request inside a connection that was answered with a page of ours.
    Page,
}

/// How it was known who asked. What stands higher was asked first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Known {
    /// By name and password at the proxy.
    Password,
    /// The person signed in at the device.
    Own,
    /// A card was shown at the device.
    Card,
    /// A teacher signed the class in.
    Class,
    /// The school's network said who has the address.
    Network,
    /// Only the address range, which has a profile.
    Range,
    /// Only the listener, which has a profile.
    Listener,
    /// Nothing.
    Nothing,
}

/// How much of the traffic could be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Seen {
    /// The whole address.
    Plain,
    /// The host only.
    HostOnly,
    /// Not even a host that is sure: no TLS greeting, or one without a name.
    Opaque,
}

/// What else was noticed about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Flags {
    /// The TLS greeting had an encrypted part (ECH). Browsers send it at random too, so alone it proves nothing.
    pub ech: bool,
    /// The server name is neither the host of the CONNECT nor a known public name of ECH.
    pub name_mismatch: bool,
    /// Not a page that somebody opened, but a part of one, or a program.
    pub background: bool,
}

/// What only the place where the request came in knows of it.
#[derive(Clone)]
pub struct Circumstances {
    /// The id of the new event.
    pub id: EventId,
    /// What kind of question it is.
    pub via: Via,
    /// The address that the request came from.
    pub source: IpAddr,
    /// The device, where it is known.
    pub device: Option<DeviceId>,
    /// How it is known who asks.
    pub known: Known,
    /// The name of the listener.
    pub listener: Box<str>,
    /// The HTTP method.
    pub method: Box<str>,
    /// How much could be seen.
    pub seen: Seen,
    /// What else was noticed.
    pub flags: Flags,
}

// === impl Event ===

impl Event {
    /// The event of a verdict that `snapshot` gave for `request`. Category, list and rule are those the verdict rests on; of a
    /// sealed hit neither address nor category nor rule is kept.
    pub fn of_verdict(snapshot: &Snapshot, request: Request<'_>, verdict: Verdict, facts: Circumstances) -> Self {
        let (list, rule) = basis(snapshot, verdict);
        Self {
            id: facts.id,
            at: request.when,
            via: facts.via,
            source: facts.source,
            device: facts.device,
            person: request.who.person,
            known: facts.known,
            profile: profile_of(snapshot, request.who).map_or("", Profile::name).into(),
            listener: facts.listener,
            method: beginning(facts.method, MAX_METHOD),
            address: if verdict.is_sealed() { Address::Sealed } else { Address::of(request.target) },
            action: verdict.action,
            step: verdict.step,
            category: verdict.category(),
            list: list.map(Into::into),
            rule: rule.map(|rule| beginning(rule.into(), MAX_RULE)),
            seen: facts.seen,
            flags: facts.flags,
        }
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Event");
        shown.field("via", &self.via).field("action", &self.action).field("step", &self.step).finish_non_exhaustive()
    }
}

// === impl Address ===

impl Address {
    fn of(target: &Target) -> Self {
        let path = target.path().map(|path| path.split_once('?').map_or(path, |(path, _)| path));
        Self::Shown { host: target.host.clone(), port: target.port, path: path.map(|path| beginning(path.into(), MAX_PATH)) }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Shown { .. } => "Shown(..)",
            Self::Sealed => "Sealed",
        })
    }
}

// === impl Circumstances ===

impl fmt::Debug for Circumstances {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Circumstances").field("via", &self.via).field("seen", &self.seen).finish_non_exhaustive()
    }
}

/// The list and the rule that a verdict rests on.
fn basis(snapshot: &Snapshot, verdict: Verdict) -> (Option<String>, Option<String>) {
    match verdict.ground {
        Ground::Sealed(_) => (Some(SEALED.to_owned()), None),
        Ground::Protected(number) => (None, snapshot.protected(number).map(|item| item.host.to_string())),
        Ground::Override(number) => {
            let rule = |item: &filter::overrides::Override| format!("{}{}", item.host, item.path.as_deref().unwrap_or_default());
            (None, snapshot.exception(number).map(rule))
        }
        Ground::Listed { category, pack, entry } => {
            let Some(entry) = snapshot.packs().get(usize::from(pack)).and_then(|pack| pack.entry(entry)) else {
                return (None, None);
            };
            // Several lists may name the entry; the one that gives it the deciding category is the one to ask.
            let origin = entry.origins.into_iter().find(|origin| origin.category == category);
            (origin.map(|origin| origin.list), Some(entry.pattern))
        }
        Ground::Agreement | Ground::Suspension | Ground::Unlisted => (None, None),
    }
}

/// At most `most` bytes of `text`, from its beginning.
fn beginning(text: Box<str>, most: usize) -> Box<str> {
    if text.len() <= most { text } else { text.get(..text.floor_char_boundary(most)).unwrap_or_default().into() }
}
