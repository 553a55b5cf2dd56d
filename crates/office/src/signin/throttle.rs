//! What slows down somebody who guesses, without letting them lock anybody out.
//!
//! A wrong try counts in a bucket: that of the device, if it has signed in to this account before and brings the word that it was given
//! then; else that of the account on devices never seen. Ten wrong ones in five minutes (Cyber Essentials, user access control) close the
//! bucket until the oldest is five minutes old. So an outsider can close an account to devices never seen, and the person goes on
//! at their own. Beside it each address has a bucket, so that nobody tries one password on all names. Within the school each device is one
//! address; of what comes from outside by IPv6 a whole household is one, since each of its devices has as many addresses as it likes.
//!
//! The counts are in memory: a start forgets them, and five minutes later nobody would know them anyway.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use calendar::Instant;
use jiff::SignedDuration;

use super::account::UserName;
use super::error::SignInError;
use super::key::MachineKey;
use super::token::{Hash, Token, hash};

/// How long a wrong try counts.
const WHILE: SignedDuration = SignedDuration::from_mins(5);
/// How many of an account, on one device or on all that were never seen.
const OF_AN_ACCOUNT: usize = 10;
/// How many from an address: a class behind one.
const OF_AN_ADDRESS: usize = 50;
/// How many buckets are kept. When it is more, those whose last wrong try is the longest ago go.
const MOST: usize = 65_536;

/// Whether an address is on one of the school's networks, those for guests too.
pub type Near = Arc<dyn Fn(IpAddr) -> bool + Send + Sync>;

/// From where somebody tries, as far as it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot(Vec<u8>);

/// Wrong tries of the last minutes.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<HashMap<Hash, VecDeque<Instant>>>);

/// How many words a device keeps, the one used last first: a trolley of tablets goes round more classes than a primary school has, and
/// all words together stay within half of what a browser keeps in a cookie.
const WORDS: usize = 24;

/// The words that a device gets when somebody has signed in on it, in a cookie of its own: one for each account, or for each class. They
/// open nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device(String);

/// Where a try counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Buckets {
    account: Hash,
    address: Hash,
    right: Right,
}

/// What a right try does to the first bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Right {
    /// It is one person's, who has shown that it is them: the wrong ones were theirs.
    Empties,
    /// All who try from one address share it: who brings something right has made that one try, and none of the others.
    TakesBack,
}

/// The how-manieth wrong try in its bucket it is, counted before it is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Try(pub(super) usize);

/// In which cookie a device keeps its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Somebody has signed in there with a password.
    Account,
    /// Somebody of a class has.
    Class,
}

// === impl Mark ===

impl Mark {
    /// The name of the cookie.
    pub const fn cookie(self) -> &'static str {
        match self {
            Self::Account => "__Host-schoolgate-device",
            Self::Class => "__Host-schoolgate-class",
        }
    }
}

// === impl Device ===

impl Device {
    /// What a device keeps when somebody has signed in to the account called `name`, or somebody of a class: the words that it `brought`,
    /// and one for this name before them, the same if it had one.
    pub(super) fn marked(key: &MachineKey, name: &str, brought: Option<&Self>) -> Result<Self, SignInError> {
        let own = match brought {
            Some(brought) => brought.word_of(key, name)?.map(str::to_owned),
            None => None,
        };
        let own = match own {
            Some(own) => own,
            None => new_word(key, name)?,
        };
        let others = brought.into_iter().flat_map(Self::words).filter(|word| *word != own);
        let words: Vec<&str> = [own.as_str()].into_iter().chain(others).take(WORDS).collect();
        Ok(Self(words.join("~")))
    }

    /// What came in the cookie. It goes back into one, so whatever cannot be a word is left out.
    pub fn read(text: &str) -> Self {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let words = text.split('~').filter(|word| (1..=128).contains(&word.len()) && word.chars().all(plain));
        Self(words.take(WORDS).collect::<Vec<_>>().join("~"))
    }

    /// The words, for the cookie.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The cookie, whole; kept for a year.
    pub fn cookie(&self, mark: Mark) -> String {
        format!("{}={}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000", mark.cookie(), self.0)
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.0.split('~').filter(|word| !word.is_empty())
    }

    /// The word that we gave out for that name.
    fn word_of(&self, key: &MachineKey, name: &str) -> Result<Option<&str>, SignInError> {
        for word in self.words() {
            let Some((chance, mark)) = word.split_once('.') else { continue };
            let expected = URL_SAFE_NO_PAD.encode(key.mark("device", &[name.as_bytes(), chance.as_bytes()])?);
            if aws_lc_rs::constant_time::verify_slices_are_equal(expected.as_bytes(), mark.as_bytes()).is_ok() {
                return Ok(Some(word));
            }
        }
        Ok(None)
    }
}

fn new_word(key: &MachineKey, name: &str) -> Result<String, SignInError> {
    let chance = Token::random()?;
    let mark = key.mark("device", &[name.as_bytes(), chance.expose().as_bytes()])?;
    Ok(format!("{}.{}", chance.expose(), URL_SAFE_NO_PAD.encode(mark)))
}

// === impl Buckets ===

impl Buckets {
    pub(super) fn of(key: &MachineKey, name: &UserName, device: Option<&Device>, from: &Spot) -> Result<Self, SignInError> {
        let known = match device {
            Some(device) => device.word_of(key, name.as_str())?.unwrap_or_default(),
            None => "",
        };
        let account = hash(&[b"account", name.as_str().as_bytes(), known.as_bytes()]);
        Ok(Self { account, address: from.hash(), right: Right::Empties })
    }

    /// Of a child of a class. At a device at which somebody of the class has signed in before, those of the child and the address, so that one
    /// who guesses there shuts nobody out elsewhere; and not of the device's word, since whoever has pictures of their own could get a new
    /// one each time. All other devices share one.
    pub(super) fn of_child(key: &MachineKey, class: &str, child: &[u8], device: Option<&Device>, from: &Spot) -> Result<Self, SignInError> {
        let known = match device {
            Some(device) if device.word_of(key, class)?.is_some() => from.0.as_slice(),
            _ => &[],
        };
        Ok(Self { account: hash(&[b"child", child, known]), address: from.hash(), right: Right::Empties })
    }

    /// Of whoever types or brings something that is no account's: the code of a class, a guest's, a mail address.
    pub(super) fn of_address(what: &str, from: &Spot) -> Self {
        Self { account: hash(&[b"at", what.as_bytes(), &from.0]), address: from.hash(), right: Right::TakesBack }
    }
}

// === impl Spot ===

impl Spot {
    /// An IPv4 address is one. Of IPv6 a household has 64 bits to choose from, and so have all the devices of a school together: there each
    /// is told from the next, so that one who guesses shuts nobody out at another.
    pub(super) fn of(address: IpAddr, near: &Near) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(address.octets().to_vec()),
            IpAddr::V6(address) if near(address.into()) => Self(address.octets().to_vec()),
            IpAddr::V6(address) => Self(address.octets().into_iter().take(8).collect()),
        }
    }

    fn hash(&self) -> Hash {
        hash(&[b"address", &self.0])
    }
}

// === impl Try ===

impl Try {
    /// Whether it is to stand in the audit trail if it was wrong: the first of a row, and the one that closes the bucket. So somebody who
    /// guesses is seen, and fills no trail.
    pub(super) const fn is_told(self) -> bool {
        self.0 == 1 || self.0 == OF_AN_ACCOUNT
    }
}

// === impl Throttle ===

impl Throttle {
    /// Counts a try as wrong before it is judged, so that many at once are no way round; or says until when to wait, and counts nothing.
    pub(super) fn begin(&self, buckets: Buckets, now: Instant) -> Result<Try, Instant> {
        let mut all = self.all();
        for (bucket, most) in [(buckets.account, OF_AN_ACCOUNT), (buckets.address, OF_AN_ADDRESS)] {
            let Some(tries) = all.get_mut(&bucket) else { continue };
            tries.retain(|at| counts(*at, now));
            if let Some(oldest) = tries.front().filter(|_| tries.len() >= most) {
                return Err(oldest.checked_add(WHILE).unwrap_or(now));
            }
        }
        all.entry(buckets.address).or_default().push_back(now);
        let tries = all.entry(buckets.account).or_default();
        tries.push_back(now);
        let number = Try(tries.len());
        if all.len() > MOST {
            prune(&mut all, now);
        }
        Ok(number)
    }

    /// The try that was counted at `at` was right after all: the account's bucket is emptied, and the address gets back this one try only,
    /// since else somebody with an account, or a code, of their own could empty it at will.
    pub(super) fn was_right(&self, buckets: Buckets, at: Instant) {
        let mut all = self.all();
        match buckets.right {
            Right::Empties => drop(all.remove(&buckets.account)),
            Right::TakesBack => take_back(&mut all, &buckets.account, at),
        }
        take_back(&mut all, &buckets.address, at);
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Hash, VecDeque<Instant>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One try of that moment counts no more; those of others do.
fn take_back(all: &mut HashMap<Hash, VecDeque<Instant>>, bucket: &Hash, at: Instant) {
    let Some(tries) = all.get_mut(bucket) else { return };
    if let Some(place) = tries.iter().rposition(|counted| *counted == at) {
        tries.remove(place);
    }
    if tries.is_empty() {
        all.remove(bucket);
    }
}

fn counts(at: Instant, now: Instant) -> bool {
    at.checked_add(WHILE).is_ok_and(|until| until > now)
}

fn prune(all: &mut HashMap<Hash, VecDeque<Instant>>, now: Instant) {
    all.retain(|_, tries| tries.back().is_some_and(|at| counts(*at, now)));
    if all.len() > MOST {
        let mut last: Vec<Instant> = all.values().filter_map(|tries| tries.back().copied()).collect();
        last.sort_unstable();
        let middle = last.get(last.len() / 2).copied().unwrap_or(now);
        // A full bucket stays: whoever fills the table must not open one by it.
        all.retain(|_, tries| tries.len() >= OF_AN_ACCOUNT || tries.back().is_some_and(|at| *at > middle));
    }
}
