//! "What happens to this address, for whom, and why?" answered in plain strings: what `schoolgate why` prints, the control socket
//! carries and the console shows.
//!
//! Nothing of a sealed hit is in an [`Answer`]: neither the address, nor the host, nor a list that names it.

mod who;

use filter::category::Category;
use filter::explain::{Listing, StepTaken};
use filter::judge::{ORDER, Step};
use filter::target::TargetError;
use filter::verdict::Ground;
use filter::{Action, Explanation, Request, Snapshot, Target, Verdict, explain, judge};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

pub use self::who::Asker;
use self::who::Known;
use crate::config::Config;
use crate::policy;

/// Letters of a wrong time that a message shows.
const MAX_TIME: usize = 40;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The address, with or without a scheme.
    pub address: String,
    /// For whom.
    #[serde(default)]
    pub who: Asker,
    /// When. Default: now.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuestionError {
    /// The text is no address that can be judged.
    #[error("the address cannot be judged: {0}; write it as in a browser, such as \"bbc.co.uk\" or \"https://www.bbc.co.uk/news\"")]
    Address(TargetError),
    /// Nobody and nothing has the name.
    #[error("there is no {what} {name:?}; {hint}")]
    NoSuch {
        /// "profile", "person" or "profile or person".
        what: &'static str,
        /// The name.
        name: String,
        /// The nearest name that there is, or where to look.
        hint: String,
    },
    /// The text is no time.
    #[error(
        "{0:?} is not a time: write \"2026-11-23T10:30\", \"2026-11-23\" or \"10:30\", in the school's time unless a zone is given (\"2026-11-23T10:30Z\")"
    )]
    Time(String),
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What happens: `allow`, `warn`, `block`, `ask` or `gate`.
    pub action: String,
    /// The answer in one line.
    pub sentence: String,
    /// The name of the profile that was applied, as in the configuration.
    pub profile: String,
    /// Its title, as people read it.
    pub profile_title: String,
    /// For whom, as people read it.
    pub who: String,
    /// When, as people read it, in the school's time.
    pub at: String,
    /// The same moment.
    pub instant: Timestamp,
    /// The address as it was judged; nothing for a sealed hit.
    pub address: Option<String>,
    /// The category that decided, where one did.
    pub category: Option<CategoryName>,
    /// The order of judgement, and what each place in it said.
    pub steps: Vec<StepAnswer>,
    /// Every list entry over the address, the closest first. Empty for a sealed hit.
    pub listings: Vec<ListingAnswer>,
    /// What could not be judged, in a sentence.
    pub limits: Option<String>,
    /// What happens where only the host is seen, if that is something else.
    pub host_only: Option<HostOnly>,
    /// What is missing before this may be a school's only filter, a sentence each.
    pub missing: Vec<String>,
    /// Whether this must not be the school's only filter.
    pub not_only_filter: bool,
    /// By which rules and lists this was judged, where whoever asked could not know.
    #[serde(default)]
    pub judged_by: String,
}

/// A category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryName {
    /// As in the configuration.
    pub slug: String,
    /// As people read it.
    pub title: String,
}

/// One place in the order of judgement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepAnswer {
    /// Its title.
    pub title: String,
    /// What it found.
    pub finding: String,
    /// Whether it decided.
    pub decided: bool,
    /// Why it stands in this place.
    pub place_reason: String,
}

/// An entry that covers the address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListingAnswer {
    /// What it covers, as the list has it.
    pub pattern: String,
    /// The titles of categories that a list of good sites took away from it.
    pub lifted: Vec<String>,
    /// Every place that names it.
    pub origins: Vec<OriginAnswer>,
}

/// A place in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginAnswer {
    /// The category that it gives.
    pub category: CategoryName,
    /// The list, as configured.
    pub list: String,
    /// The file in it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// What happens where only the host is seen: over HTTPS, until pages are decrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostOnly {
    /// As [`Answer::action`].
    pub action: String,
    /// The difference in a sentence.
    pub sentence: String,
}

/// Answers a question by `snapshot`, which was made from `config`. `now` is the time where the question names none.
///
/// # Errors
/// Where the address cannot be judged or nobody has the name.
pub fn answer(config: &Config, snapshot: &Snapshot, question: &Question, now: Timestamp) -> Result<Answer, QuestionError> {
    let address = question.address.trim();
    let target = Target::parse(address).map_err(QuestionError::Address)?;
    let known = Known::find(config, snapshot, &question.who)?;
    let request = Request { who: known.who, target: &target, when: question.at.unwrap_or(now) };
    let explanation = explain(snapshot, request);
    let verdict = explanation.verdict;
    let missing = policy::missing(config);
    let shown = (!verdict.is_sealed()).then(|| target.to_string().trim_end_matches('/').to_owned());
    Ok(Answer {
        action: word(verdict.action).to_owned(),
        sentence: sentence(shown.as_deref().unwrap_or("This address"), &known.name, &verdict, snapshot),
        profile: config.profile(known.index).map(|profile| profile.name().to_owned()).unwrap_or_default(),
        host_only: host_only(address, snapshot, request, &verdict, &known.name),
        who: known.name,
        at: school_time(request.when, &config.time_zone),
        instant: request.when,
        address: shown,
        category: verdict.category().map(CategoryName::of),
        steps: steps(&explanation),
        listings: explanation.listings.iter().map(listing).collect(),
        profile_title: explanation.profile,
        limits: explanation.limits,
        not_only_filter: !missing.is_empty(),
        missing,
        judged_by: String::new(),
    })
}

/// Reads a time as a person writes it: date and time, a date or a time alone (the other is as it is now), in `zone` unless the
/// text names another.
///
/// # Errors
/// Where the text is no such thing.
pub fn time(text: &str, zone: &TimeZone, now: Timestamp) -> Result<Timestamp, QuestionError> {
    let text = text.trim();
    let with_zone = text.parse::<jiff::Zoned>().map(|zoned| zoned.timestamp()).or_else(|_| text.parse::<Timestamp>());
    if let Ok(time) = with_zone {
        return Ok(time);
    }
    let now = zone.to_datetime(now);
    // The parsers take more forms than a person should have to know; the lengths keep to those that are promised.
    let parsed = match text.len() {
        5 | 8 if text.contains(':') => text.parse::<Time>().ok().map(|time| now.date().to_datetime(time)),
        10 => text.parse::<Date>().ok().map(|date| date.to_datetime(now.time())),
        16.. => text.parse::<DateTime>().ok(),
        _ => None,
    };
    let zoned = parsed.and_then(|time| time.to_zoned(zone.clone()).ok());
    zoned.map(|zoned| zoned.timestamp()).ok_or_else(|| QuestionError::Time(text.chars().take(MAX_TIME).collect()))
}

/// A moment as people at the school read it.
pub fn school_time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%A %-d %B %Y, %H:%M %Z").to_string()
}

/// The first moment after `after` at which clocks at the school show `time`.
pub fn next_at(after: Timestamp, time: Time, zone: &TimeZone) -> Option<Timestamp> {
    let today = after.to_zoned(zone.clone()).date();
    let at = |day: Date| Some(day.to_datetime(time).to_zoned(zone.clone()).ok()?.timestamp());
    at(today).filter(|moment| *moment > after).or_else(|| at(today.tomorrow().ok()?))
}

// === Words ===

fn word(action: Action) -> &'static str {
    match action {
        Action::Allow => "allow",
        Action::Warn => "warn",
        Action::Block => "block",
        Action::Ask => "ask",
        Action::Gate => "gate",
    }
}

/// What happens, for the middle of a sentence.
fn doing(action: Action) -> &'static str {
    match action {
        Action::Allow => "opens",
        Action::Warn => "opens after a warning",
        Action::Block => "is blocked",
        Action::Ask => "does not open without asking a teacher",
        Action::Gate => "does not open before the agreement is signed",
    }
}

fn sentence(subject: &str, whom: &str, verdict: &Verdict, snapshot: &Snapshot) -> String {
    let because = match verdict.ground {
        Ground::Sealed(_) => "it is on a sealed list, which nothing and nobody can open".to_owned(),
        Ground::Protected(number) => {
            let name = snapshot.protected(number).map_or("it", |item| &item.name);
            format!("{name} is open to everybody, always")
        }
        Ground::Agreement => "nobody uses the internet before that".to_owned(),
        Ground::Suspension => "the headteacher has taken it for a time".to_owned(),
        Ground::Override(number) => {
            let reason = snapshot.exception(number).map_or("", |item| &item.reason);
            format!("the school has decided so ({reason})")
        }
        Ground::Listed { category, .. } => format!("it is listed as {}", category.title()),
        Ground::Unlisted => match verdict.action {
            Action::Ask => "it is not among the sites chosen for them".to_owned(),
            Action::Allow | Action::Warn | Action::Block | Action::Gate => "no list closes it".to_owned(),
        },
    };
    format!("{subject} {} for {whom}: {because}.", doing(verdict.action))
}

/// Judged by the host alone, where that makes a difference. What is asked for without encryption is seen whole; an address without
/// a scheme may come either way.
fn host_only(address: &str, snapshot: &Snapshot, request: Request<'_>, verdict: &Verdict, whom: &str) -> Option<HostOnly> {
    let scheme = address.split_once(':').map_or("", |(scheme, _)| scheme);
    if ["http", "ws"].iter().any(|plain| scheme.eq_ignore_ascii_case(plain)) {
        return None;
    }
    let target = Target::of_host(request.target.host.clone(), request.target.port);
    let action = judge(snapshot, Request { target: &target, ..request }).action;
    (action != verdict.action).then(|| HostOnly {
        action: word(action).to_owned(),
        sentence: format!("Over HTTPS only the host is seen until pages are decrypted: then it {} for {whom}.", doing(action)),
    })
}

// === Steps and listings ===

fn steps(explanation: &Explanation) -> Vec<StepAnswer> {
    let reason = |step: Step| ORDER.iter().find(|place| place.step == step).map_or("", |place| place.reason);
    let step = |taken: &StepTaken| StepAnswer {
        title: taken.title.to_owned(),
        finding: taken.finding.clone(),
        decided: taken.decided,
        place_reason: reason(taken.step).to_owned(),
    };
    explanation.steps.iter().map(step).collect()
}

fn listing(listing: &Listing) -> ListingAnswer {
    let origins = listing.entry.origins.iter().map(|origin| OriginAnswer {
        category: CategoryName::of(origin.category),
        list: origin.list.clone(),
        file: origin.file.clone(),
        line: origin.line,
    });
    ListingAnswer {
        pattern: listing.entry.pattern.clone(),
        lifted: listing.lifted.iter().map(|category| category.title().to_owned()).collect(),
        origins: origins.collect(),
    }
}

// === impl CategoryName ===

impl CategoryName {
    fn of(category: Category) -> Self {
        Self { slug: category.slug().to_owned(), title: category.title().to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_time_is_at_the_schools_hour() {
        let zone = TimeZone::get("Europe/London").expect("zone");
        let check = |after: &str, expected: &str| {
            let after = after.parse().expect("time");
            let next = next_at(after, Time::constant(3, 15, 0, 0), &zone).map(|next| next.to_string());
            assert_eq!(next.as_deref(), Some(expected), "{after}");
        };
        check("2026-11-23T10:00:00Z", "2026-11-24T03:15:00Z");
        check("2026-11-23T03:14:59Z", "2026-11-23T03:15:00Z");
        check("2026-11-23T03:15:00Z", "2026-11-24T03:15:00Z");
        // In summer the school is an hour ahead of UTC.
        check("2026-07-01T01:00:00Z", "2026-07-01T02:15:00Z");
    }
}
