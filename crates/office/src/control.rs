//! Controls: a promise of the policy as something that looks for itself whether it is kept.
//!
//! A control names the clauses that it enforces or evidences, and its check looks at the school as it is now. A finding is never "compliant":
//! it says what was looked at, what was found, and whether it was measured or is somebody's word.

use std::fmt;

use calendar::{Date, Instant};
use futures_util::future::BoxFuture;
use jiff::Timestamp;

use crate::agreements::Audience;
use crate::filtering;
use crate::people::{Gap, Role, Roles};
use crate::policies;
use crate::settings::Mode;
use crate::signin::Standing;
use crate::upkeep::Copies;

/// One control. Its id never changes: the register of clauses names it.
#[derive(Clone, Copy)]
pub struct Control {
    /// Capability and words with hyphens: `filtering.age-decides`.
    pub id: &'static str,
    /// What is so where it is met, as a sentence for a headteacher.
    pub title: &'static str,
    /// Ids of the clauses it enforces or evidences.
    pub clauses: &'static [&'static str],
    /// How it knows.
    pub basis: Basis,
    /// Looks. It changes nothing.
    pub check: for<'a> fn(&'a Context<'a>) -> BoxFuture<'a, Finding>,
}

/// How a control knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The program looked for itself.
    Measured,
    /// Somebody said so, and is on record with it.
    SelfReported,
}

/// What controls look at: the school at one moment.
#[derive(Debug)]
pub struct Context<'a> {
    /// That moment.
    pub now: Timestamp,
    /// The filter in force.
    pub filter: filtering::InForce<'a>,
    /// What the records say.
    pub records: Result<Recorded, String>,
    /// How their copies stand.
    pub copies: Copies,
}

/// What controls look at in the records, without anybody's name. Where they cannot be had, it is said why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recorded {
    /// The roles that are not held as they must be.
    pub gaps: Vec<Gap>,
    /// The duties of the policy, and which of their roles nobody holds.
    pub duties: Vec<Owned>,
    /// The suppliers that serve the school: what each is called, and what is missing or late.
    pub suppliers: Vec<(String, Vec<&'static str>)>,
    /// The pupils who are here, and those of them for whom no adult answers whom the school may tell.
    pub pupils: Answered,
    /// Those who are here, and those who work for the school without being its staff.
    pub users: Users,
    /// How the roles of safeguarding hang together with those of the leadership.
    pub leading: Leading,
    /// The accounts.
    pub accounts: Vec<Standing>,
    /// Of whoever keeps the machines: when each chose the password.
    pub administrators: Administrators,
    /// Who is here and has something to sign in with.
    pub able: Able,
    /// Of each audience, those who began lately, and what they were given.
    pub starters: Vec<Started>,
    /// How the agreements stand, for each audience with somebody in it.
    pub signed: Vec<Signed>,
    /// The copies that were asked for and have not left: how many, and how many of them should have.
    pub copies: Counted,
    /// The pupils for whom rules are in force, and those of them who have not understood them.
    pub understood: Counted,
    /// The questions about texts that were asked, and those that wait too long for an answer.
    pub questions: Counted,
    /// Who has made the yearly declaration.
    pub declared: Declared,
    /// What was asked to be allowed.
    pub permitted: Permitted,
    /// The policies in force.
    pub policies: Vec<policies::InForce>,
}

/// For how many pupils an adult answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Answered {
    /// The pupils who are here.
    pub pupils: usize,
    /// Those among them for whom nobody does.
    pub alone: usize,
}

/// How many of those who are here have something of their own to sign in with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Able {
    /// Those who work here.
    pub staff: Counted,
    /// Those who learn here.
    pub pupils: Counted,
}

/// How many there are, and how many of them have nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// All.
    pub all: usize,
    /// Those among them who have nothing.
    pub without: usize,
}

/// Those who are here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Users {
    /// All.
    pub all: usize,
    /// Volunteers and contractors, and those of them for whom nobody answers who is here.
    pub helpers: Counted,
}

/// How the roles of safeguarding hang together with those of the leadership.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Leading {
    /// Whoever is the DSL, and those of them who are not of the leadership.
    pub dsl: Counted,
    /// Whether the headteacher is the DSL; nothing where the school does not promise it.
    pub headteacher_is_dsl: Option<bool>,
    /// Whether a deputy headteacher is a deputy DSL; nothing where the school does not promise it.
    pub deputy_is_ddsl: Option<bool>,
}

/// How old the passwords are of whoever keeps the machines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Administrators {
    /// When each chose theirs.
    pub chosen: Vec<Instant>,
    /// After how many days it is to be another (B-072).
    pub days: i64,
}

/// How the agreements of an audience stand, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed {
    /// Whose.
    pub audience: Audience,
    /// How many there are.
    pub all: usize,
    /// For how many something is not signed.
    pub unsigned: usize,
    /// For how many others a new text is to be signed, and there is time left.
    pub grace: usize,
    /// Whether a text is in force for all that must be signed.
    pub has_text: bool,
    /// How strictly the internet hangs on it.
    pub mode: Mode,
}

/// Those of an audience who began lately, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Started {
    /// Whose.
    pub audience: Audience,
    /// How many there are.
    pub all: usize,
    /// How many of them have not been given everything, and should have by now.
    pub late: usize,
    /// How many have not, and have time left.
    pub waiting: usize,
}

/// Who has made the yearly declaration, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Declared {
    /// The staff and governors who are here.
    pub all: usize,
    /// Those of them who have not made it this school year.
    pub without: usize,
    /// By when it is to be made.
    pub by: Option<Date>,
    /// Whether that day is past.
    pub is_over: bool,
}

/// What was asked to be allowed, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Permitted {
    /// All that was ever asked for.
    pub all: usize,
    /// What waits for an answer, and not too long.
    pub waiting: usize,
    /// What waits too long.
    pub late: usize,
    /// What was asked for to be taken off site.
    pub off_site: usize,
    /// What is off site now, with leave.
    pub away: usize,
    /// What should be back.
    pub not_back: usize,
}

/// A duty as it is given here, without anybody's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned {
    /// Its word.
    pub word: &'static str,
    /// What is to be done.
    pub title: &'static str,
    /// Who has it.
    pub roles: Roles,
    /// The roles among them that nobody holds.
    pub vacant: Vec<Role>,
}

/// A control with what it found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The control.
    pub control: Control,
    /// What it found just now.
    pub finding: Finding,
}

/// What a control found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How it stands.
    pub state: State,
    /// What was looked at and found: whole sentences, no person's name.
    pub sentence: String,
}

/// How a promise stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Kept.
    Met,
    /// Kept, and something must be done by this day for it to stay so.
    Due(Date),
    /// Not kept; since when, where that is known.
    Breached(Option<Timestamp>),
    /// The school does not use what it is about.
    NotInUse,
    /// It could not be looked at. Never counted as met.
    Unknown,
}

/// Asks every control.
pub async fn look(context: &Context<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for control in crate::controls() {
        found.push(Found { control, finding: (control.check)(context).await });
    }
    found
}

// === impl Control ===

impl fmt::Debug for Control {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Control").field("id", &self.id).field("clauses", &self.clauses).finish_non_exhaustive()
    }
}

// === impl Basis ===

impl Basis {
    /// In a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::SelfReported => "self-reported",
        }
    }
}

// === impl Signed ===

impl Signed {
    /// For how many all that is in force is signed.
    pub const fn signed(&self) -> usize {
        self.all.saturating_sub(self.unsigned).saturating_sub(self.grace)
    }

    /// The same in whole per cent of all, rounded down, so that nothing less than all is 100.
    pub fn per_cent(&self) -> usize {
        (self.signed() * 100).checked_div(self.all).unwrap_or(100)
    }
}

// === impl Finding ===

impl Finding {
    /// It is kept.
    pub fn met(sentence: impl Into<String>) -> Self {
        Self { state: State::Met, sentence: sentence.into() }
    }

    /// It is not kept, and nobody knows since when.
    pub fn breached(sentence: impl Into<String>) -> Self {
        Self { state: State::Breached(None), sentence: sentence.into() }
    }

    /// It could not be looked at, and why.
    pub fn unknown(sentence: impl Into<String>) -> Self {
        Self { state: State::Unknown, sentence: sentence.into() }
    }
}

// === impl State ===

impl State {
    /// In a word, as JSON and pages have it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Due(_) => "due",
            Self::Breached(_) => "breached",
            Self::NotInUse => "not in use",
            Self::Unknown => "not known",
        }
    }
}
