//! The canonical roles, one table. A school may call them what it likes on its screens; this is the one word inside.
//!
//! What each may see and do is the business of `access`; here stands what is true of the role itself.

use std::fmt;
use std::str::FromStr;

use ledger::{Code, code};

use super::model::Membership;

/// Whether a password alone is enough to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactor {
    /// A code or a passkey beside it, always.
    Needed,
    /// A password is enough.
    Optional,
}

/// How much of what is identified and about a child's safety the role may ever see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Safeguarding {
    /// All of it, but what is about themselves.
    Sees,
    /// A part: cases about the headteacher (chair), online safety incidents, alerts of the filter.
    Part,
    /// Totals at most, or what they reported themselves.
    Never,
}

/// How somebody holds a role. One person may be all three (A-055, A-087, B-033, B-046).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Duties {
    /// Answers for it in the end.
    pub accountable: bool,
    /// Leads it.
    pub lead: bool,
    /// Does it from day to day.
    pub day_to_day: bool,
}

/// What stands in the table below.
struct Facts {
    code: Code,
    title: &'static str,
    of: &'static [Membership],
    second_factor: SecondFactor,
    safeguarding: Safeguarding,
    least: u8,
    most: Option<u8>,
}

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $title:literal, of $of:expr, $factor:ident, $sight:ident, $least:literal to $most:expr;)+) => {
        /// A role in the school.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Role { $($(#[$doc])* $name,)+ }

        impl Role {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            fn facts(self) -> Facts {
                match self {
                    $(Self::$name => Facts {
                        code: code!($code),
                        title: $title,
                        of: &$of,
                        second_factor: SecondFactor::$factor,
                        safeguarding: Safeguarding::$sight,
                        least: $least,
                        most: $most,
                    },)+
                }
            }
        }
    };
}

use Membership::{Contractor, Governor, Parent, Pupil, Staff, Visitor, Volunteer};

roles! {
    /// Overall responsibility, exactly one at a time (A-053, B-033).
    Headteacher, "headteacher", "Headteacher", of [Staff], Needed, Sees, 1 to Some(1);
    /// Receives reports and oversees the deputy leads.
    DeputyHeadteacher, "deputy_headteacher", "Deputy headteacher", of [Staff], Needed, Sees, 0 to None;
    /// Lead responsibility for safeguarding (KCSIE part two and annex C; ).
    Dsl, "dsl", "Designated safeguarding lead", of [Staff], Needed, Sees, 1 to Some(1);
    /// Trained as the DSL is. How many there must be is the school's setting: one policy names three, one names one.
    Ddsl, "ddsl", "Deputy designated safeguarding lead", of [Staff], Needed, Sees, 1 to None;
    /// Day-to-day online safety; called Online Safety Officer in some policies (A-090, B-046).
    OnlineSafetyLead, "online_safety_lead", "Online safety lead", of [Staff], Needed, Part, 1 to None;
    /// Filtering and monitoring from day to day (KCSIE part two; B-057, B-111).
    FilteringLead, "filtering_lead", "Filtering and monitoring lead", of [Staff], Needed, Part, 1 to Some(1);
    /// The one governor for online safety: zero and two are both wrong (A-067, B-027). Sees totals, never names.
    ResponsibleGovernor, "responsible_governor", "Governor responsible for online safety", of [Governor], Needed, Never, 1 to Some(1);
    /// A member of the governing body.
    Governor, "governor", "Governor", of [Governor], Optional, Never, 0 to None;
    /// Sees cases about the headteacher, and no others (KCSIE part four).
    ChairOfGovernors, "chair_of_governors", "Chair of governors", of [Governor], Needed, Part, 1 to Some(1);
    /// A member of the online safety group.
    OnlineSafetyGroup, "online_safety_group", "Online safety group", of [Staff, Governor, Parent, Pupil, Volunteer], Optional, Never, 0 to None;
    /// Agrees what is provided and which reports may be seen (A-184, B-062).
    SeniorLeader, "senior_leader", "Senior leader", of [Staff], Needed, Never, 0 to None;
    /// Keeps the systems, in the school or at a supplier (A-164, B-071, B-072). Sees no person's record.
    ItTechnician, "it_technician", "IT technician", of [Staff, Contractor], Needed, Never, 1 to None;
    /// Teaches a class and sees that class.
    Teacher, "teacher", "Teacher", of [Staff], Optional, Never, 0 to None;
    /// Works in the school without a class of their own.
    SupportStaff, "support_staff", "Support staff", of [Staff], Optional, Never, 0 to None;
    /// Publishes for the school (B-153).
    Publisher, "publisher", "Publisher", of [Staff], Optional, Never, 0 to None;
    /// An adult with legal responsibility for a pupil, or who cares for one (B-007).
    Parent, "parent", "Parent or carer", of [Parent], Optional, Never, 0 to None;
    /// Learns here.
    Pupil, "pupil", "Pupil", of [Pupil], Optional, Never, 0 to None;
    /// Helps without pay (B-005).
    Volunteer, "volunteer", "Volunteer", of [Volunteer], Optional, Never, 0 to None;
    /// Works for the school and is employed elsewhere (B-006).
    Contractor, "contractor", "Contractor", of [Contractor], Optional, Never, 0 to None;
    /// Is here for a day or two.
    Visitor, "visitor", "Visitor", of [Visitor], Optional, Never, 0 to None;
    /// Checks that the audit trail is whole, and can read nothing else.
    SystemAuditor, "system_auditor", "System auditor", of [Staff, Governor, Contractor], Needed, Never, 0 to None;
    /// Advises on data protection; a public body has one (UK GDPR article 37(1)(a)). May serve several schools.
    DataProtectionOfficer, "data_protection_officer", "Data protection officer", of [Staff, Governor, Contractor], Needed, Never, 1 to None;
}

/// A word that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no such role; the roles are {}", Role::ALL.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", "))]
pub struct NotARole;

// === impl Role ===

impl Role {
    /// Its word: in the audit trail, in the database and in files.
    pub fn code(self) -> Code {
        self.facts().code
    }

    /// The same word as text.
    pub fn as_str(self) -> &'static str {
        self.facts().code.as_str()
    }

    /// What it is called where the school has no name of its own for it (B-010).
    pub fn title(self) -> &'static str {
        self.facts().title
    }

    /// Who can hold it: anybody who belongs to the school in one of these ways.
    pub fn of(self) -> &'static [Membership] {
        self.facts().of
    }

    /// Whether a password alone is enough to sign in.
    pub fn second_factor(self) -> SecondFactor {
        self.facts().second_factor
    }

    /// How much it may ever see of what is identified and about a child's safety.
    pub fn safeguarding(self) -> Safeguarding {
        self.facts().safeguarding
    }

    /// Whether it may see any of that. Such a role is given by the headteacher or the DSL and never by a file.
    pub fn sees_safeguarding(self) -> bool {
        self.facts().safeguarding != Safeguarding::Never
    }

    /// How many must hold it at any time, unless the school has set another number. 0 where it may be vacant.
    pub fn least(self) -> u8 {
        self.facts().least
    }

    /// How many may hold it at a time, if that is limited.
    pub fn most(self) -> Option<u8> {
        self.facts().most
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.title())
    }
}

impl FromStr for Role {
    type Err = NotARole;

    /// From its word. What a school calls it is looked up among its aliases first.
    fn from_str(word: &str) -> Result<Self, NotARole> {
        Self::ALL.iter().copied().find(|role| role.as_str() == word).ok_or(NotARole)
    }
}

// === impl Duties ===

impl Duties {
    /// None of the three.
    pub const NONE: Self = Self { accountable: false, lead: false, day_to_day: false };

    /// As stored: bits 0 to 2.
    pub const fn bits(self) -> i16 {
        self.accountable as i16 | (self.lead as i16) << 1 | (self.day_to_day as i16) << 2
    }

    /// From its stored bits.
    pub const fn of_bits(bits: i16) -> Self {
        Self { accountable: bits & 1 != 0, lead: bits & 2 != 0, day_to_day: bits & 4 != 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_has_a_word_of_its_own_and_somebody_who_can_hold_it() {
        for (at, role) in Role::ALL.iter().enumerate() {
            assert_eq!(role.as_str().parse(), Ok(*role));
            assert!(Role::ALL[..at].iter().all(|other| other.as_str() != role.as_str() && other.title() != role.title()), "{role}");
            assert!(!role.of().is_empty() && role.most().is_none_or(|most| most >= role.least().max(1)), "{role}");
        }
        assert!("head".parse::<Role>().is_err());
    }

    #[test]
    fn whoever_sees_safeguarding_data_needs_a_second_factor() {
        for role in Role::ALL.iter().filter(|role| role.sees_safeguarding()) {
            assert_eq!(role.second_factor(), SecondFactor::Needed, "{role}");
        }
    }

    #[test]
    fn governors_but_for_the_chair_never_see_safeguarding_data() {
        let governors = Role::ALL.iter().filter(|role| role.of() == [Governor]);
        let seeing: Vec<_> = governors.filter(|role| role.sees_safeguarding()).collect();
        assert_eq!(seeing, [&Role::ChairOfGovernors]);
    }

    #[test]
    fn duties_go_to_bits_and_back() {
        for bits in 0..8 {
            assert_eq!(Duties::of_bits(bits).bits(), bits);
        }
    }
}
