//! Classes, tutor groups and other groups.

use calendar::Date;
use ids::{GroupId, PersonId, SiteId};

use super::text::Short;
use super::{SchoolYear, YearGroup};

/// What kind of group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GroupKind {
    /// Is taught together.
    Class,
    /// Has one tutor; "form" or "registration group" in some schools.
    Tutor,
    /// Meets beside lessons.
    Club,
}

/// What somebody is in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// Learns in it.
    Pupil,
    /// Teaches it: sees what the class does in a lesson.
    Teacher,
    /// Is its tutor.
    Tutor,
    /// Helps in it.
    Assistant,
}

/// A group of one school year; the next year has its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Which.
    pub id: GroupId,
    /// What kind.
    pub kind: GroupKind,
    /// As the school calls it: "5 Kites".
    pub name: Short,
    /// The school year.
    pub school_year: SchoolYear,
    /// The year group, where it has one only.
    pub year: Option<YearGroup>,
    /// The site, if it is at one only.
    pub site: Option<SiteId>,
}

/// Somebody in a group, from the first to the last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// In which.
    pub group: GroupId,
    /// Who.
    pub person: PersonId,
    /// As what.
    pub part: Part,
    /// The first day.
    pub started: Date,
    /// The last day.
    pub ended: Option<Date>,
}

/// A word for each, as stored.
macro_rules! words {
    ($name:ident: $($variant:ident $word:literal),+) => {
        impl $name {
            /// Its word.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            pub(in crate::people) fn of(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(super) use words;

words!(GroupKind: Class "class", Tutor "tutor", Club "club");
words!(Part: Pupil "pupil", Teacher "teacher", Tutor "tutor", Assistant "assistant");
