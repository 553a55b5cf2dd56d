//! A permission, and how it stands on a day.

use std::fmt;

use calendar::Date;
use ids::{PersonId, RecordId};
use ledger::keys::SealedText;

use super::Matter;

/// Longest time for which something is allowed, in days.
pub(super) const LONGEST: i32 = 366;

/// Something that somebody asked to be allowed.
#[derive(Clone, PartialEq, Eq)]
pub struct Permission {
    /// Which.
    pub id: RecordId,
    /// What it is about.
    pub matter: Matter,
    /// Who asked.
    pub asked_by: PersonId,
    /// What exactly, and what for; nothing where it is sealed.
    pub about: Option<String>,
    /// The same, sealed.
    pub sealed: Option<SealedText>,
    /// From this day.
    pub from: Date,
    /// To the end of this day.
    pub until: Date,
    /// When it was asked for.
    pub asked: Date,
    /// By when it is answered.
    pub due: Date,
    /// Whether whoever asked takes it back.
    pub is_withdrawn: bool,
    /// What was decided.
    pub decision: Option<Decision>,
    /// When it was over before its time, or what had left was back.
    pub ended: Option<Date>,
    /// Of the record: give it back with a change.
    pub version: i64,
}

/// What was decided on it.
#[derive(Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether it is allowed.
    pub is_yes: bool,
    /// Under which conditions, or why not.
    pub why: String,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub on: Date,
}

/// How it stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Somebody is to decide.
    Asked,
    /// The day for the answer is past.
    Late,
    /// It is allowed.
    Holds,
    /// It will be.
    Ahead,
    /// Its time is over, and what had left is to be back.
    NotBack,
    /// It is over.
    Over,
    /// It was refused.
    Refused,
    /// Whoever asked has taken it back.
    Withdrawn,
}

// === impl Permission ===

impl Permission {
    /// How it stands on a day.
    pub fn stands(&self, today: Date) -> Standing {
        match &self.decision {
            _ if self.is_withdrawn => Standing::Withdrawn,
            None if self.due < today => Standing::Late,
            None => Standing::Asked,
            Some(Decision { is_yes: false, .. }) => Standing::Refused,
            Some(_) if self.ended.is_some() => Standing::Over,
            Some(_) if today < self.from => Standing::Ahead,
            Some(_) if today <= self.until => Standing::Holds,
            Some(_) if self.matter.comes_back() => Standing::NotBack,
            Some(_) => Standing::Over,
        }
    }
}

impl fmt::Debug for Permission {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, matter, from, until, .. } = self;
        let mut debug = formatter.debug_struct("Permission");
        debug.field("id", id).field("matter", matter).field("from", from).field("until", until).finish_non_exhaustive()
    }
}

impl fmt::Debug for Decision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Decision").field("is_yes", &self.is_yes).field("on", &self.on).finish_non_exhaustive()
    }
}

// === impl Standing ===

impl Standing {
    /// All of them, what needs somebody first.
    pub const ALL: [Self; 8] =
        [Self::Late, Self::Asked, Self::NotBack, Self::Holds, Self::Ahead, Self::Refused, Self::Withdrawn, Self::Over];

    /// Whether somebody is to decide.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Asked | Self::Late)
    }

    /// Whether something is to happen yet, or it holds.
    pub const fn is_alive(self) -> bool {
        matches!(self, Self::Asked | Self::Late | Self::Holds | Self::Ahead | Self::NotBack)
    }

    /// Whether it can be ended before its time, or be said to be back.
    pub const fn can_end(self) -> bool {
        matches!(self, Self::Holds | Self::Ahead | Self::NotBack)
    }

    /// In words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Asked => "Waits for an answer",
            Self::Late => "Waits too long",
            Self::Holds => "Allowed",
            Self::Ahead => "Allowed, begins later",
            Self::NotBack => "Should be back",
            Self::Over => "Over",
            Self::Refused => "Not allowed",
            Self::Withdrawn => "Taken back",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn asked(matter: Matter) -> Permission {
        Permission {
            id: RecordId::from_bytes([1; 16]),
            matter,
            asked_by: PersonId::named("asker"),
            about: None,
            sealed: None,
            from: day("2026-11-10"),
            until: day("2026-11-20"),
            asked: day("2026-11-02"),
            due: day("2026-11-06"),
            is_withdrawn: false,
            decision: None,
            ended: None,
            version: 0,
        }
    }

    fn decided(matter: Matter, is_yes: bool) -> Permission {
        let decision = Decision { is_yes, why: String::new(), by: PersonId::named("head"), on: day("2026-11-03") };
        Permission { decision: Some(decision), ..asked(matter) }
    }

    #[test]
    fn each_day_has_one_answer() {
        let at = |permission: &Permission, days: [&str; 2]| days.map(|on| permission.stands(day(on)));
        assert_eq!(at(&asked(Matter::Use), ["2026-11-06", "2026-11-07"]), [Standing::Asked, Standing::Late]);
        let yes = decided(Matter::Use, true);
        assert_eq!(at(&yes, ["2026-11-09", "2026-11-10"]), [Standing::Ahead, Standing::Holds]);
        assert_eq!(at(&yes, ["2026-11-20", "2026-11-21"]), [Standing::Holds, Standing::Over]);
        assert_eq!(decided(Matter::Use, false).stands(day("2026-11-10")), Standing::Refused);
        let away = decided(Matter::OffSite, true);
        assert_eq!(at(&away, ["2026-11-20", "2026-11-21"]), [Standing::Holds, Standing::NotBack], "data that left is asked after");
        let back = Permission { ended: Some(day("2026-11-22")), ..away };
        assert_eq!(back.stands(day("2026-11-23")), Standing::Over);
        let taken_back = Permission { is_withdrawn: true, ..asked(Matter::Logs) };
        assert_eq!(taken_back.stands(day("2026-12-01")), Standing::Withdrawn);
    }
}
