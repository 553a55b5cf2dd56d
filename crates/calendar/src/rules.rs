//! The periods that laws, guidance and policies name, with their sources. A school sets its own where it may; these are the defaults.
//! The table in `docs/deadlines.md` is made from this one, and a test keeps the two the same.

use std::fmt::Write as _;
use std::num::NonZeroU16;

use jiff::civil::{Weekday, time};

use crate::period::{At, Block, MonthDay, OffDay, Period, WorkingIn};

/// Whether a school may set another period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binds {
    /// Law or guidance of the state: a school may be quicker, not slower.
    Law,
    /// The school's policy says it: whoever changes it changes the policy.
    Policy,
    /// Our default where the policy says "promptly" or nothing.
    Default,
}

use Binds::{Default, Law, Policy};

const FIVE: NonZeroU16 = NonZeroU16::MIN.saturating_add(4);

macro_rules! rules {
    ($($rule:ident $key:literal $binds:ident, $period:expr, $what:literal, from $from:literal, $source:literal;)+) => {
        /// One promise with a period.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Rule {
            $(#[doc = concat!("To ", $what, ": ", $source, ".")] $rule,)+
        }

        impl Rule {
            /// All, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$rule),+];

            /// Its key in settings.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$rule => $key),+ }
            }

            /// What must be done: "tell the ICO of a personal data breach".
            pub const fn what(self) -> &'static str {
                match self { $(Self::$rule => $what),+ }
            }

            /// From when.
            pub const fn from(self) -> &'static str {
                match self { $(Self::$rule => $from),+ }
            }

            /// Whether a school may set another period.
            pub const fn binds(self) -> Binds {
                match self { $(Self::$rule => $binds),+ }
            }

            /// Law, guidance, or the numbers of policy clauses.
            pub const fn source(self) -> &'static str {
                match self { $(Self::$rule => $source),+ }
            }

            /// How long it may take, unless the school has set another.
            pub fn period(self) -> Period {
                match self { $(Self::$rule => $period),+ }
            }
        }
    };
}

rules! {
    BreachToIco "breach_to_ico" Law, Period::hours(72), "tell the ICO of a personal data breach",
        from "a member of staff becomes aware of it", "UK GDPR Article 33(1): hours, not working hours; B-127";
    AllegationToLado "allegation_to_lado" Law, working(1, At::SameTime), "tell the LADO of an allegation against an adult",
        from "the school knows of it", "Working Together to Safeguard Children; KCSIE part four; A-022";
    SubjectAccess "subject_access" Law, months(1), "answer a request for a person's own data",
        from "the request arrives", "UK GDPR Article 12(3); ICO on time limits, for the last day of a month and days off";
    SubjectAccessComplex "subject_access_complex" Law, months(3), "answer a complex request for a person's own data",
        from "the request arrives", "UK GDPR Article 12(3): two months more, of which the person is told within the first";
    FreedomOfInformation "freedom_of_information" Law, foi(), "answer a freedom of information request",
        from "the request arrives", "Freedom of Information Act 2000 s.10; SI 2010/2768 for schools";
    DataComplaint "data_complaint" Law, Period::Days(30), "acknowledge a complaint about personal data",
        from "the complaint arrives", "Data Protection Act 2018 s.164A";
    FileToNextSchool "file_to_next_school" Law, school(5), "pass the child protection file to the next school in mid-year",
        from "the pupil starts there", "KCSIE: within 5 days, read as school days";
    FileInNewTerm "file_in_new_term" Law, first_week(), "pass the child protection file to the next school at a new term",
        from "the pupil leaves", "KCSIE: within the first 5 days of the start of a new term";
    Takedown "takedown" Policy, working(1, At::SameTime), "take down what must not be online",
        from "any member of staff or the form first has the notice", "B-166";
    ConcernRecorded "concern_recorded" Policy, Period::SameDay, "write a concern down", from "it is noticed", "A-133; KCSIE part one";
    AlertOpened "alert_opened" Default, Period::Minutes(15), "open a critical alert", from "it is raised", "A-200";
    ReportOpened "report_opened" Default, Period::EndOfSchoolDay, "open a monitoring report", from "it is delivered", "A-200";
    Escalation "escalation" Default, Period::SchoolMinutes(30), "open a report, or the deputy is told", from "the DSL is told", "B-167";
    FirstAction "first_action" Default, school(1), "act on an incident for the first time", from "it is reported", "A-234, A-238";
    CaseClosed "case_closed" Default, school(10), "close an incident", from "it is reported", "B-043";
    ReviewAfterIncident "review_after_incident" Default, school(5), "decide whether policy or filter must be reviewed after an incident",
        from "it is closed", "B-013, B-110";
    ReviewAfterChange "review_after_change" Default, school(20), "decide whether a technology or threat asks for a review",
        from "it is noted", "A-018..A-020";
    ParentsTold "parents_told" Default, school(2), "tell the parents of a breach of the charter", from "it is confirmed", "A-009, B-236";
    GovernorsTold "governors_told" Default, school(5), "tell the governors of a filtering breach, without names",
        from "it is confirmed", "B-045";
    RequestAnswered "request_answered" Default, school(5), "hand out a policy or release a log", from "it is asked for", "B-200, B-214";
    SigningRound "signing_round" Default, Period::Days(14), "sign a new version before internet access ends",
        from "it is approved", "B-020, B-021";
    ParentRestriction "parent_restriction" Default, Period::Days(28), "look at a parent's restriction again",
        from "it begins", "B-097, B-098";
    LeaverImages "leaver_images" Default, Period::Days(30), "delete pictures of a pupil who has left",
        from "the pupil leaves", "B-207, B-208";
    LeaverAccount "leaver_account" Law, Period::SameDay, "switch off the account of who has left",
        from "the person leaves", "DfE filtering and monitoring standards";
    DeviceLoss "device_loss" Default, Period::hours(1), "acknowledge a lost or stolen device", from "it is reported", "B-125";
    Antivirus "antivirus" Policy, Period::hours(24), "update virus definitions", from "they were last updated", "B-132";
    Patch "patch" Law, Period::Days(14), "install a critical or high update", from "it is published", "DfE cyber security standards";
    DfeInstruction "dfe_instruction" Law, working(5, At::EndOfDay), "carry out a security instruction of the DfE",
        from "it is given", "DfE cyber security standards";
    AdminPassword "admin_password" Policy, Period::Days(30), "change an administrator's password", from "it was last changed", "B-072";
    MailKept "mail_kept" Policy, Period::Days(730), "delete staff mail", from "it was sent or received", "B-122";
    ListSelfTest "list_self_test" Default, Period::Months { months: 3, off_day: OffDay::Counts }, "try that the illegal list blocks",
        from "it was last tried", "IWF testing policy";
    WeeklyReport "weekly_report" Policy, Period::Weekly { day: Weekday::Monday, time: time(7, 0, 0, 0) },
        "report on monitoring, in an empty week and in holidays too", from "the last report", "A-199";
    LessonEntry "lesson_entry" Default, Period::OnceA(Block::HalfTerm), "enter an online safety lesson for each class",
        from "the last entry", "B-171";
    Checks "checks" Policy, Period::OnceA(Block::Term), "check filtering and monitoring by hand", from "the last check", "A-097, A-098";
    GovernorsUpdate "governors_update" Default, termly(), "update the governors",
        from "the last update", "A-068, A-075..A-077, B-029..B-031";
    FilteringReview "filtering_review" Law, Period::years(1), "review filtering and monitoring",
        from "the last review was finished", "KCSIE part two; DfE filtering and monitoring standards; A-078, A-169";
    PolicyReview "policy_review" Policy, Period::years(1), "review the policy", from "the last approval", "A-017, B-012";
    ImplementationReport "implementation_report" Policy, Period::years(1), "report to governors on how the policy is carried out",
        from "the last report", "A-013, A-015";
    Training "training" Law, Period::years(1), "refresh online safety training", from "the last training", "KCSIE part two; A-092, A-105";
    TrainingProposal "training_proposal" Default, june_30(), "propose the training of the next school year",
        from "this school year begins", "B-172";
}

impl Rule {
    /// The rule with this key.
    pub fn by_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.key() == key)
    }
}

/// The table of `docs/deadlines.md`.
pub fn table() -> String {
    let mut table = "| To | within | from when | who binds | source | key |\n| --- | --- | --- | --- | --- | --- |\n".to_owned();
    for rule in Rule::ALL {
        let binds = match rule.binds() {
            Law => "law",
            Policy => "policy",
            Default => "default",
        };
        let (what, period, from, source, key) = (rule.what(), rule.period(), rule.from(), rule.source(), rule.key());
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| {what} | {period} | {from} | {binds} | {source} | `{key}` |");
    }
    table
}

const fn working(days: u16, at: At) -> Period {
    Period::working_days(days, at)
}

const fn school(days: u16) -> Period {
    Period::school_days(days, At::EndOfDay)
}

const fn months(months: u16) -> Period {
    Period::Months { months, off_day: OffDay::MovesOn }
}

fn first_week() -> Period {
    Period::FirstDaysOfNext { days: FIVE, block: Block::Term }
}

/// 20 working days, of which those that are no school days do not count, and 60 at most.
fn foi() -> Period {
    let sixty = Period::WorkingDays { days: FIVE.saturating_add(55), of: WorkingIn::AnyOfUk, at: At::EndOfDay };
    Period::Sooner(Box::new((school(20), sixty)))
}

/// Three times a year, and 17 weeks at most.
fn termly() -> Period {
    Period::Sooner(Box::new((Period::OnceA(Block::Term), Period::Days(17 * 7))))
}

fn june_30() -> Period {
    MonthDay::new(6, 30).map_or(Period::SameDay, Period::Annual)
}
