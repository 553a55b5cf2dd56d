//! A guest, their code, and the notice.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::digest;
use calendar::Instant;
use ids::PersonId;

use crate::people::Short;
use crate::signin::error::SignInError;
use crate::signin::pupil::{is_letter, letters};

/// What a guest accepts. A changed text is another one: what was accepted is known by its hash.
pub const NOTICE: [&str; 4] = [
    "The school's network is filtered, and its use is recorded: which sites a device asks for and when. The record has your name beside it.",
    "Members of staff look at it to keep children safe. It is kept as long as the school's policy says.",
    "Do not look for, show or send anything that does not belong in a school, and do not photograph or film children.",
    "Your code is for you alone. If you see something that worries you, tell a member of staff at once.",
];

/// What a guest types: eight letters. Shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct GuestCode(String);

/// A text that is no code of a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the code of a guest has eight letters")]
pub struct NotAGuestCode;

/// Why a guest is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// To see somebody.
    Visit,
    /// To teach or help for a day.
    Teach,
    /// To mend or deliver something.
    Work,
    /// For a meeting, a training or an inspection.
    Meeting,
    /// For a fair, a play or an open day.
    Event,
}

/// Somebody who is to be let in.
#[derive(Debug, Clone)]
pub struct NewGuest {
    /// First name.
    pub given: Short,
    /// Family name.
    pub family: Short,
    /// Why they are here.
    pub reason: Reason,
    /// Until when.
    pub until: Instant,
    /// Who answers for them; nobody where they came in alone.
    pub host: Option<PersonId>,
}

/// A guest who is not gone yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// Who.
    pub person: PersonId,
    /// Why they are here.
    pub reason: Reason,
    /// Who let them in, if somebody did.
    pub host: Option<PersonId>,
    /// When they accepted the notice, and at which device; nothing until they have.
    pub accepted: Option<(Instant, String)>,
    /// Until when.
    pub until: Instant,
}

// === impl GuestCode ===

impl GuestCode {
    pub(super) fn random() -> Result<Self, SignInError> {
        letters(8).map(Self)
    }

    /// As it is compared.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people read it, in two halves.
    pub fn shown(&self) -> String {
        let (first, second) = self.0.split_at_checked(4).unwrap_or((&self.0, ""));
        format!("{first} {second}").to_uppercase()
    }
}

impl FromStr for GuestCode {
    type Err = NotAGuestCode;

    fn from_str(text: &str) -> Result<Self, NotAGuestCode> {
        let code: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_lowercase()).collect();
        if code.len() == 8 && code.bytes().all(is_letter) { Ok(Self(code)) } else { Err(NotAGuestCode) }
    }
}

/// It opens something, so no log gets it.
impl fmt::Debug for GuestCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("GuestCode(..)")
    }
}

// === impl Reason ===

impl Reason {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Visit, Self::Teach, Self::Work, Self::Meeting, Self::Event];

    /// Its word, as it is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Visit => "visit",
            Self::Teach => "teach",
            Self::Work => "work",
            Self::Meeting => "meeting",
            Self::Event => "event",
        }
    }

    /// As people read it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Visit => "To see somebody",
            Self::Teach => "To teach or help",
            Self::Work => "To mend or deliver something",
            Self::Meeting => "A meeting, a training or an inspection",
            Self::Event => "A fair, a play or an open day",
        }
    }

    /// From its word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// By which text the notice is known: SHA-256 over its lines.
pub(super) fn hash_of(notice: &[&str]) -> Vec<u8> {
    digest::digest(&digest::SHA256, notice.join("\n").as_bytes()).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_guests_type_it() {
        let code = GuestCode::random().expect("chance");
        assert_eq!(code.shown().parse(), Ok(code));
        for wrong in ["", "ktmrdn", "ktmrdnbba", "ktmrdnb1"] {
            assert!(wrong.parse::<GuestCode>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn another_notice_has_another_hash() {
        assert_eq!(hash_of(&NOTICE), hash_of(&NOTICE));
        assert_ne!(hash_of(&NOTICE), hash_of(&NOTICE[..3]));
    }
}
