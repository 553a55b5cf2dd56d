//! Passes: a reader who was warned and went on need not be asked again for a while.
//!
//! Going on needs a token that only the warning page holds, bound to the reader, the site and the hour, so that no
//! other page can send a reader past a warning.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Duration;

use filter::Host;
use ids::PersonId;
use jiff::Timestamp;
use siphasher::sip128::{Hasher128, SipHasher13};

/// How long a pass holds.
pub(crate) const HOLDS: Duration = Duration::from_secs(30 * 60);
/// How long a warning page's token may be used.
const TOKEN_HOLDS_S: i64 = 3600;
/// Passes kept at most; beyond that the oldest rule of all applies: ask again.
const MOST: usize = 100_000;

/// Who was warned: where from, and the person where one is signed in, since many may come from one address.
pub(crate) type Reader = (IpAddr, Option<PersonId>);

/// The passes of one running proxy.
#[derive(Debug)]
pub(crate) struct Passes {
    key: [u8; 16],
    until: Mutex<HashMap<(Reader, Host), Timestamp>>,
}

impl Passes {
    pub(crate) fn new(key: [u8; 16]) -> Self {
        Self { key, until: Mutex::new(HashMap::new()) }
    }

    /// The token for a warning page.
    pub(crate) fn token(&self, reader: Reader, host: &Host, now: Timestamp) -> String {
        let issued = now.as_second();
        format!("{issued:x}-{:032x}", self.mark(reader, host, issued))
    }

    /// Takes a token; says whether it was good.
    pub(crate) fn redeem(&self, reader: Reader, host: &Host, token: &str, now: Timestamp) -> bool {
        let Some((issued, mark)) = token.split_once('-') else { return false };
        let (Ok(issued), Ok(mark)) = (i64::from_str_radix(issued, 16), u128::from_str_radix(mark, 16)) else { return false };
        let age = now.as_second() - issued;
        if mark != self.mark(reader, host, issued) || !(0..=TOKEN_HOLDS_S).contains(&age) {
            return false;
        }
        let Ok(until) = now.checked_add(HOLDS) else { return false };
        let Ok(mut passes) = self.until.lock() else { return false };
        if passes.len() >= MOST {
            passes.retain(|_, until| *until > now);
        }
        if passes.len() < MOST {
            passes.insert((reader, host.clone()), until);
        }
        true
    }

    /// Whether the reader has gone on before.
    pub(crate) fn holds(&self, reader: Reader, host: &Host, now: Timestamp) -> bool {
        self.until.lock().is_ok_and(|passes| passes.get(&(reader, host.clone())).is_some_and(|until| *until > now))
    }

    fn mark(&self, reader: Reader, host: &Host, issued: i64) -> u128 {
        let mut hasher = SipHasher13::new_with_key(&self.key);
        let (source, person) = reader;
        let person = person.map(|person| person.to_string()).unwrap_or_default();
        std::hash::Hasher::write(&mut hasher, format!("{source} {person} {host} {issued}").as_bytes());
        hasher.finish128().as_u128()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_reader_site_and_hour() {
        let passes = Passes::new([3; 16]);
        let address: IpAddr = "192.0.2.1".parse().expect("address");
        let (ada, bob): (Reader, Reader) = ((address, None), ("192.0.2.2".parse().expect("address"), None));
        let eve = (address, Some(PersonId::named("eve")));
        let (site, other) = (Host::parse("a.example").expect("host"), Host::parse("b.example").expect("host"));
        let now = Timestamp::UNIX_EPOCH;
        let token = passes.token(ada, &site, now);
        assert!(!passes.redeem(bob, &site, &token, now) && !passes.redeem(eve, &site, &token, now));
        assert!(!passes.redeem(ada, &other, &token, now));
        assert!(!passes.redeem(ada, &site, "0-0", now));
        assert!(!passes.redeem(ada, &site, &token, now + Duration::from_secs(3601)));
        assert!(!passes.holds(ada, &site, now));
        assert!(passes.redeem(ada, &site, &token, now));
        assert!(passes.holds(ada, &site, now) && !passes.holds(bob, &site, now) && !passes.holds(eve, &site, now));
        assert!(!passes.holds(ada, &site, now + HOLDS));
    }
}
