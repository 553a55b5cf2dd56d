//! Who is signed in. In memory alone: no copy of the database or a backup holds anything that opens a session, and a start ends all.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use calendar::Instant;
use ids::PersonId;
use jiff::SignedDuration;

use super::error::SignInError;
use super::second::Seed;
use super::token::{Hash, Token};
use crate::access::Proof;
use crate::people::Role;

/// Without a request, a session ends after this long; but for those of pictures, whose clock is the device's.
const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// And at the latest after this long: a school day.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// How many one person may have; the one used the longest ago makes room.
const OF_A_PERSON: usize = 20;

/// All sessions.
#[derive(Default)]
#[expect(missing_debug_implementations, reason = "it holds seeds")]
pub struct Sessions(Mutex<HashMap<Hash, Session>>);

struct Session {
    person: PersonId,
    proof: Proof,
    /// In which role they have chosen to act.
    role: Option<Role>,
    /// What is being set up on their telephone, until a code proves it.
    seed: Option<Arc<Seed>>,
    /// To which mail address the link went, if they came by one.
    mail: Option<Hash>,
    from: IpAddr,
    made: Instant,
    seen: Instant,
}

/// Who is signed in, and with what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed {
    /// Who.
    pub person: PersonId,
    /// With what.
    pub proof: Proof,
    /// In which role they have chosen to act, if they have. That they hold it today is the caller's to know.
    pub role: Option<Role>,
    /// To which mail address the link went, if they came by one.
    pub(super) mail: Option<Hash>,
}

/// A session as its person sees it in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// By this one it can be ended. It opens nothing.
    pub id: String,
    /// From where it was begun.
    pub from: IpAddr,
    /// When it was begun.
    pub made: Instant,
    /// When it was last used.
    pub seen: Instant,
    /// Whether it is the one that asks.
    pub is_own: bool,
}

// === impl Sessions ===

impl Sessions {
    pub(super) fn begin(&self, person: PersonId, proof: Proof, from: IpAddr, now: Instant) -> Result<Token, SignInError> {
        self.keep(Session { person, proof, role: None, seed: None, mail: None, from, made: now, seen: now })
    }

    /// The same with a link that went to this mail address.
    pub(super) fn begin_mailed(&self, person: PersonId, mail: Hash, from: IpAddr, now: Instant) -> Result<Token, SignInError> {
        self.keep(Session { person, proof: Proof::Mailed, role: None, seed: None, mail: Some(mail), from, made: now, seen: now })
    }

    fn keep(&self, new: Session) -> Result<Token, SignInError> {
        let (person, now) = (new.person, new.made);
        let token = Token::random()?;
        let mut all = self.all();
        all.retain(|_, session| session.lives(now));
        let mut own: Vec<(Instant, Hash)> =
            all.iter().filter(|(_, session)| session.person == person).map(|(hash, session)| (session.seen, *hash)).collect();
        own.sort_unstable();
        for (_, oldest) in own.iter().take((own.len() + 1).saturating_sub(OF_A_PERSON)) {
            all.remove(oldest);
        }
        all.insert(token.hash(), new);
        Ok(token)
    }

    /// Who is signed in with `token`, if the session lives; and it lives on.
    pub fn look(&self, token: &Token, now: Instant) -> Option<Signed> {
        let mut all = self.all();
        let session = all.get_mut(&token.hash())?;
        if !session.lives(now) {
            all.remove(&token.hash());
            return None;
        }
        session.seen = now;
        Some(Signed { person: session.person, proof: session.proof, role: session.role, mail: session.mail })
    }

    /// Whether `person` is signed in anywhere.
    pub(super) fn is_in(&self, person: PersonId, now: Instant) -> bool {
        self.all().values().any(|session| session.person == person && session.lives(now))
    }

    /// From now on the person acts in this role, until another is chosen.
    pub fn act_as(&self, token: &Token, role: Role) {
        if let Some(session) = self.all().get_mut(&token.hash()) {
            session.role = Some(role);
        }
    }

    /// What is being set up on the telephone: the same until the session ends or a code has proved it.
    ///
    /// # Errors
    /// Where the system has no chance to give, or nobody is signed in.
    pub(super) fn seed(&self, token: &Token) -> Result<Arc<Seed>, SignInError> {
        let mut all = self.all();
        let session = all.get_mut(&token.hash()).ok_or(SignInError::NoAccount)?;
        match &session.seed {
            Some(seed) => Ok(Arc::clone(seed)),
            None => Ok(Arc::clone(session.seed.insert(Arc::new(Seed::random()?)))),
        }
    }

    /// Signs out. Says whether there was a session.
    pub fn end(&self, token: &Token) -> bool {
        self.all().remove(&token.hash()).is_some()
    }

    /// Ends the one of `person` that the list calls `id`. Says from where it was begun.
    pub fn end_one(&self, person: PersonId, id: &str) -> Option<IpAddr> {
        let mut all = self.all();
        let found = all.iter().find(|(hash, session)| session.person == person && name(hash) == id).map(|(hash, _)| *hash);
        found.and_then(|hash| all.remove(&hash)).map(|session| session.from)
    }

    /// Signs `person` out everywhere: at a reset, at the end of an account, at their own wish. Says how many there were.
    pub fn end_all(&self, person: PersonId) -> usize {
        let mut all = self.all();
        let before = all.len();
        all.retain(|_, session| session.person != person);
        before - all.len()
    }

    /// Those of `person` that live, the one used last first.
    pub fn list(&self, person: PersonId, asking: &Token, now: Instant) -> Vec<Listed> {
        let own = asking.hash();
        let all = self.all();
        let of_person = all.iter().filter(|(_, session)| session.person == person && session.lives(now));
        let listed = |(hash, session): (&Hash, &Session)| Listed {
            id: name(hash),
            from: session.from,
            made: session.made,
            seen: session.seen,
            is_own: *hash == own,
        };
        let mut list: Vec<Listed> = of_person.map(listed).collect();
        list.sort_by(|a, b| b.seen.cmp(&a.seen).then_with(|| a.id.cmp(&b.id)));
        list
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Hash, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Half the hash names a session; a token cannot be made from it.
fn name(hash: &Hash) -> String {
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

// === impl Session ===

impl Session {
    fn lives(&self, now: Instant) -> bool {
        let before = |start: Instant, length| start.checked_add(length).is_ok_and(|end| now < end);
        // A child who reads for an hour asks the console for nothing, and must be able to sign out: whoever came by pictures, a card or a
        // guest's code is in as long as the device is theirs, which whoever lets them in asks each time (docs/adr/0020).
        let is_used = self.proof == Proof::Picture || before(self.seen, IDLE);
        is_used && before(self.made, LONGEST)
    }
}
