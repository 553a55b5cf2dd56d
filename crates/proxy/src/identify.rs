//! Who asks, found anew for each request, in this order:
//!
//! 1. **Password** (Basic, RFC 7617), where the listener asks for it. First, since it comes with the request itself. The header never
//!    leaves the machine: `headers` takes it away.
//! 2. **Presence**: who is signed in at the device's address. It says who the person is, so it stands above all that says only where they
//!    are. An address where several people are signed in says nothing. On a listener that asks, it stands in for a password that was not
//!    offered, never for one that is wrong.
//! 3. **Range**: whose devices have such addresses. Narrower than a listener, by which all of a building may come.
//! 4. **Listener**.
//! 5. Nobody is known; the engine has a profile for that.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use event::Known;
use filter::Who;
use hyper::StatusCode;
use hyper::header::{HeaderMap, HeaderValue, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION};
use ids::PersonId;
use presence::{At, Source};
use sha2::{Digest, Sha256};

use crate::chain::Refusal;
use crate::gate::{Caller, Gate};
use crate::page;
use crate::rules::{PasswordHash, Rules};

/// Who asks, and how that is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Identity {
    pub(crate) who: Who,
    pub(crate) known: Known,
}

/// Who asks. Where the listener asks for a password, whoever is not known better is asked for one.
pub(crate) fn identify(gate: &Gate, rules: &Rules, caller: &mut Caller, headers: &HeaderMap) -> Result<Identity, Refusal> {
    if caller.asks && caller.inside.is_none() {
        caller.login = match headers.get(PROXY_AUTHORIZATION) {
            Some(offered) => Some(person(rules, offered).ok_or_else(ask)?),
            None => None,
        };
    }
    let identity = again(gate, rules, caller);
    if caller.asks && identity.who.person.is_none() { Err(ask()) } else { Ok(identity) }
}

/// Who asks now, on a connection whose password, if there was one, has been looked at.
pub(crate) fn again(gate: &Gate, rules: &Rules, caller: &Caller) -> Identity {
    match caller.login {
        Some(person) => Identity { who: Who::person(person), known: Known::Password },
        None => without_password(gate, rules, caller),
    }
}

/// The same where nobody asks: it is no use of the device.
pub(crate) fn unused(gate: &Gate, rules: &Rules, caller: &Caller) -> Identity {
    match caller.login {
        Some(person) => Identity { who: Who::person(person), known: Known::Password },
        None => by_place(gate, rules, caller, gate.presence.seen_at(caller.source, gate.now())),
    }
}

/// Who asks, from the second place on.
pub(crate) fn without_password(gate: &Gate, rules: &Rules, caller: &Caller) -> Identity {
    by_place(gate, rules, caller, gate.presence.at(caller.source, gate.now()))
}

fn by_place(gate: &Gate, rules: &Rules, caller: &Caller, present: At) -> Identity {
    if let At::One(person, source) = present {
        let is_led = source == Source::Class || gate.presence.is_led(caller.source, gate.now());
        let who = if is_led { Who::led(person) } else { Who::person(person) };
        return Identity { who, known: of_source(source) };
    }
    let profile = |profile, known| Identity { who: Who::profile(profile), known };
    let range = rules.of_range(caller.source).map(|range| profile(range, Known::Range));
    let listener = || rules.listeners.get(&*caller.listener).map(|listener| profile(*listener, Known::Listener));
    range.or_else(listener).unwrap_or(Identity::NOBODY)
}

const fn of_source(source: Source) -> Known {
    match source {
        Source::Own => Known::Own,
        Source::Card => Known::Card,
        Source::Class => Known::Class,
        Source::Network => Known::Network,
    }
}

fn person(rules: &Rules, offered: &HeaderValue) -> Option<PersonId> {
    let (name, password) = credentials(offered)?;
    let user = rules.users.get(name.as_str())?;
    user.password.fits(&password).then_some(user.person)
}

fn ask() -> Refusal {
    let mut answer = page::plain(StatusCode::PROXY_AUTHENTICATION_REQUIRED, "Please sign in to use the internet.");
    answer.headers_mut().insert(PROXY_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"Schoolgate\", charset=\"UTF-8\""));
    answer.into()
}

fn credentials(value: &HeaderValue) -> Option<(String, String)> {
    let (scheme, encoded) = value.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    text.split_once(':').map(|(name, password)| (name.to_owned(), password.to_owned()))
}

// === impl Identity ===

impl Identity {
    /// Nobody known.
    pub(crate) const NOBODY: Self = Self { who: Who::UNKNOWN, known: Known::Nothing };
}

// === impl PasswordHash ===

impl PasswordHash {
    /// The hash of a password under a salt.
    pub fn new(salt: [u8; 16], password: &str) -> Self {
        Self { salt, hash: Sha256::new().chain_update(salt).chain_update(password.as_bytes()).finalize().into() }
    }

    /// Compares without saying by its time where the difference is.
    fn fits(&self, password: &str) -> bool {
        let other = Self::new(self.salt, password);
        self.hash.iter().zip(other.hash).fold(0, |all, (left, right)| all | (left ^ right)) == 0
    }
}
