//! A person, and how persons are looked for.

use std::borrow::Cow;

use calendar::Date;
use ids::{GroupId, OrganisationId, PersonId, SiteId};
use ledger::{Code, code};

use super::text::{Email, Short};
use super::{KeyStage, Membership, Memberships, YearGroup};

/// What is known about a person, in clear (docs/adr/0014). No date of birth: the year group says what the filter needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// First name, as in the register.
    pub given: Short,
    /// Family name.
    pub family: Short,
    /// What they are called, if not by their first name.
    pub known_as: Option<Short>,
    /// What they are to the school; at least one.
    pub memberships: Memberships,
    /// Mail address; parents sign in with it.
    pub email: Option<Email>,
    /// Language spoken at home, so that letters can be understood.
    pub language: Option<Short>,
    /// The year group of a pupil.
    pub year: Option<YearGroup>,
    /// The site, if the person belongs to one only.
    pub site: Option<SiteId>,
    /// Who answers for a contractor or visitor (B-006).
    pub sponsor: Option<PersonId>,
    /// The person's key in the system that they are imported from; unique in the organisation.
    pub source: Option<Short>,
}

/// A person of the school. Never deleted, only ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// What is known.
    pub details: Details,
    /// The first day here.
    pub started: Date,
    /// The last day here; from the day after, and at the latest when it is entered, every account of theirs is closed.
    pub ended: Option<Date>,
    /// Of the record: give it back with a change.
    pub version: i64,
}

/// Somebody leaves. Whoever keeps accounts, loans or consents acts on it; `people::leavers` gives all of a span of days again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaver {
    /// Who.
    pub person: PersonId,
    /// The last day.
    pub on: Date,
}

/// Whose records are looked at. Nothing of another organisation or site is ever found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// The organisation.
    pub organisation: OrganisationId,
    /// One site only: its people, and those who belong to none in particular.
    pub site: Option<SiteId>,
}

/// What is looked for. The default is everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Find {
    /// Words that stand in a name, a mail address or a key, all of them, in small or capital letters.
    pub words: String,
    /// Only these.
    pub membership: Option<Membership>,
    /// Only pupils of this year.
    pub year: Option<YearGroup>,
    /// Only who is in this group on the day of `state`.
    pub group: Option<GroupId>,
    /// Who is here, who has left, or both.
    pub state: Standing,
    /// In which order.
    pub order: Order,
}

/// In which order people stand. Those who have nothing in the column stand last, and equals by their names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// By family name, first name.
    #[default]
    Name,
    /// The same from the end.
    NameDown,
    /// By year group, the youngest first.
    Year,
    /// The oldest first.
    YearDown,
}

/// Who is here, who has left, or both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Standing {
    /// Both.
    #[default]
    All,
    /// Here on this day.
    Here(Date),
    /// Left before this day.
    Left(Date),
}

/// A part of a long list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// How many to leave out.
    pub from: u64,
    /// How many to give, 500 at most.
    pub most: u64,
}

/// A part of the people found, by family name, and how many there are in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// These.
    pub people: Vec<Person>,
    /// Of so many.
    pub total: u64,
}

// === impl Details ===

impl Details {
    /// Of somebody of whom nothing else is known.
    pub fn new(given: Short, family: Short, membership: Membership) -> Self {
        Self {
            given,
            family,
            known_as: None,
            memberships: membership.into(),
            email: None,
            language: None,
            year: None,
            site: None,
            sponsor: None,
            source: None,
        }
    }

    /// As a person is called: "Robin Teasel".
    pub fn name(&self) -> String {
        format!("{} {}", self.known_as.as_ref().unwrap_or(&self.given), self.family)
    }

    /// The key stage of a pupil.
    pub fn key_stage(&self) -> Option<KeyStage> {
        self.year.map(YearGroup::key_stage)
    }

    /// What a search looks through, in small letters.
    pub(super) fn sought(&self) -> String {
        let parts = [Some(self.given.as_str()), Some(self.family.as_str())];
        let more =
            [self.known_as.as_ref().map(Short::as_str), self.email.as_ref().map(Email::as_str), self.source.as_ref().map(Short::as_str)];
        parts.iter().chain(&more).flatten().map(|part| part.to_lowercase()).collect::<Vec<_>>().join(" ")
    }

    /// Each field under its name, as text: for the audit trail, and to see what changes.
    pub fn fields(&self) -> [(Code, String); 10] {
        let short = |text: &Option<Short>| text.as_ref().map(ToString::to_string).unwrap_or_default();
        [
            (code!("given"), self.given.to_string()),
            (code!("family"), self.family.to_string()),
            (code!("known_as"), short(&self.known_as)),
            (code!("memberships"), self.memberships.to_string()),
            (code!("email"), self.email.as_ref().map(ToString::to_string).unwrap_or_default()),
            (code!("language"), short(&self.language)),
            (code!("year"), self.year.map(|year| year.to_string()).unwrap_or_default()),
            (code!("site"), self.site.map(|site| site.to_string()).unwrap_or_default()),
            (code!("sponsor"), self.sponsor.map(|sponsor| sponsor.to_string()).unwrap_or_default()),
            (code!("source"), short(&self.source)),
        ]
    }

    /// What is another in `after`: the field, before and after.
    pub fn differences(&self, after: &Self) -> Vec<(Code, String, String)> {
        let pairs = self.fields().into_iter().zip(after.fields());
        pairs.filter(|((_, before), (_, after))| before != after).map(|((field, before), (_, after))| (field, before, after)).collect()
    }
}

// === impl Person ===

impl Person {
    /// By what a file knows them: their key in the source, or their own id if they were typed in. Export and import say the same.
    pub fn key(&self) -> Cow<'_, str> {
        self.details.source.as_ref().map_or_else(|| Cow::Owned(self.id.to_string()), |source| Cow::Borrowed(source.as_str()))
    }

    /// Whether the person is here on a day, and may have an account that is open.
    pub fn is_here(&self, on: Date) -> bool {
        self.started <= on && self.ended.is_none_or(|ended| on <= ended)
    }
}

// === impl Slice ===

impl Slice {
    /// Most that is given at once.
    pub const MOST: u64 = 500;
    /// The first 50.
    pub const FIRST: Self = Self { from: 0, most: 50 };
}

// === impl Scope ===

impl Scope {
    /// All sites.
    pub const fn of(organisation: OrganisationId) -> Self {
        Self { organisation, site: None }
    }
}
