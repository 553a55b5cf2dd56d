//! What a person is to the school.

use std::fmt;
use std::str::FromStr;

/// A way to belong to the school. One person may belong in several ways: a teacher whose child is here, a parent who is a governor
/// (A-004, A-087, B-005, B-006).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Membership {
    /// Employed here.
    Staff,
    /// Learns here; "learner", "student" or "child" in some policies.
    Pupil,
    /// On the governing body.
    Governor,
    /// An adult with legal responsibility for a pupil, or who cares for one (B-007).
    Parent,
    /// Helps without pay.
    Volunteer,
    /// Works for the school and is employed elsewhere.
    Contractor,
    /// Is here for a day or two.
    Visitor,
}

/// A set of them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Memberships(i16);

/// A word that names no membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is none of staff, pupil, governor, parent, volunteer, contractor and visitor")]
pub struct NotAMembership;

// === impl Membership ===

impl Membership {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Staff, Self::Pupil, Self::Governor, Self::Parent, Self::Volunteer, Self::Contractor, Self::Visitor];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Pupil => "pupil",
            Self::Governor => "governor",
            Self::Parent => "parent",
            Self::Volunteer => "volunteer",
            Self::Contractor => "contractor",
            Self::Visitor => "visitor",
        }
    }

    /// Its bit as stored; never changes.
    const fn bit(self) -> i16 {
        1 << self as i16
    }
}

impl fmt::Display for Membership {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Membership {
    type Err = NotAMembership;

    fn from_str(word: &str) -> Result<Self, NotAMembership> {
        Self::ALL.into_iter().find(|membership| membership.as_str() == word).ok_or(NotAMembership)
    }
}

// === impl Memberships ===

impl Memberships {
    /// None of them.
    pub const NONE: Self = Self(0);

    /// Whether it is among them.
    pub const fn has(self, membership: Membership) -> bool {
        self.0 & membership.bit() != 0
    }

    /// With this one too.
    #[must_use]
    pub const fn with(self, membership: Membership) -> Self {
        Self(self.0 | membership.bit())
    }

    /// Without this one.
    #[must_use]
    pub const fn without(self, membership: Membership) -> Self {
        Self(self.0 & !membership.bit())
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Membership> {
        Membership::ALL.into_iter().filter(move |membership| self.has(*membership))
    }

    /// As stored.
    pub const fn bits(self) -> i16 {
        self.0
    }

    /// From what is stored.
    pub const fn of_bits(bits: i16) -> Self {
        Self(bits & 0x7f)
    }
}

impl From<Membership> for Memberships {
    fn from(membership: Membership) -> Self {
        Self::NONE.with(membership)
    }
}

impl fmt::Display for Memberships {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, membership) in self.iter().enumerate() {
            write!(formatter, "{}{membership}", if at == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Memberships {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_may_belong_in_several_ways() {
        let both = Memberships::from(Membership::Staff).with(Membership::Parent);
        assert_eq!(both.to_string(), "staff, parent");
        assert_eq!(Memberships::of_bits(both.bits()), both);
        assert!(both.has(Membership::Parent) && !both.has(Membership::Pupil) && !both.is_empty());
        for membership in Membership::ALL {
            assert_eq!(membership.as_str().parse(), Ok(membership));
        }
    }
}
