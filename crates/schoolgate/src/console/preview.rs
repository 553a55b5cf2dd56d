//! The block page as each reader would see it, made from a query: to look at, and to show what a pupil gets for a real question.

use filter::category::Category;
use filter::profile::{Profile, Reader};
use filter::target::Target;
use jiff::Timestamp;
use lists::starter::{self, HelpLine};
use serde::Deserialize;
use ui::block_page::{self, BlockPage, CategoryWords, Outcome, Rendered, StaffDetail};
use ui::words::Term;
use ui::{Href, ReadingAge, Words};

use crate::answer::{Asker, Question};
use crate::live::InForce;

/// The versions that the overview of block pages links to: words, and query.
pub(super) const VERSIONS: [(&str, &str); 6] = [
    ("Closed: gambling", "outcome=blocked&category=gambling&address=casino.example"),
    ("Closed: self-harm", "outcome=blocked&category=self-harm"),
    ("Not checked yet", "outcome=ask&address=unknown.example"),
    ("Warning", "outcome=warn&category=social-media&address=chat.example"),
    ("Agreement", "outcome=gate"),
    ("Sealed list", "outcome=sealed"),
];

/// Who helps on a block page, by the hosts of the shipped help lines, best first.
const HELP: [&str; 3] = ["childline.org.uk", "giveusashout.org", "samaritans.org"];

/// The query of a preview.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Query {
    outcome: Option<String>,
    category: Option<String>,
    address: Option<String>,
    view: Option<String>,
}

impl Query {
    /// Whether the page as staff see it is wanted.
    pub(super) fn is_staff(&self) -> bool {
        self.view.as_deref() == Some("staff")
    }
}

/// Makes the page for a reader with `profile`; nothing where the query asks for something that there is not.
pub(super) fn page(in_force: &InForce, profile: &Profile, query: &Query, now: Timestamp) -> Option<Rendered> {
    let outcome = outcome(query.outcome.as_deref())?;
    let category = match query.category.as_deref().filter(|slug| !slug.is_empty()) {
        Some(slug) => Some(Category::from_slug(slug)?),
        None => None,
    };
    // Only what could have been asked for is shown, never just any text.
    let address = query.address.as_deref().filter(|address| !address.is_empty());
    let shown = match address {
        Some(address) => Some(Target::parse(address).ok()?.to_string()),
        None => None,
    };
    let reader = if query.is_staff() { Reader::Adult } else { profile.reader() };
    let words = Words::new(reading_age(reader), in_force.config.school.as_str());
    let missing: Vec<&str> = in_force.missing.iter().map(String::as_str).collect();
    let reasons = reasons(in_force, profile, address, now);
    let reasons: Vec<&str> = reasons.iter().map(String::as_str).collect();
    let known = starter::helplines().unwrap_or_default();
    let help_lines: Vec<_> = HELP.iter().filter_map(|host| known.iter().find(|line| line.host.as_str() == *host)).map(help).collect();
    let who = match reader {
        Reader::Young | Reader::Child | Reader::Teen => format!("your {} or another adult you trust", words.term(Term::Teacher)),
        Reader::Adult => format!("the {}", words.term(Term::Dsl)),
    };
    Some(block_page::render(&BlockPage {
        words: &words,
        outcome,
        category: category.map(|category| CategoryWords { title: category.title(), sentence: category.sentence() }),
        shown_address: shown.as_deref(),
        help_first: category == Some(Category::SelfHarm),
        help_lines: &help_lines,
        who_to_talk_to: &who,
        open_request_url: &Href::path("block-page#buttons"),
        worried_url: &Href::path("help-lines"),
        staff: query.is_staff().then_some(StaffDetail { reasons: &reasons, missing: &missing }),
    }))
}

fn outcome(word: Option<&str>) -> Option<Outcome> {
    match word {
        None | Some("blocked") => Some(Outcome::Blocked),
        Some("ask") => Some(Outcome::Ask),
        Some("warn") => Some(Outcome::Warn { continue_url: Href::path("block-page#buttons") }),
        Some("gate") => Some(Outcome::Gate { sign_url: Href::path("block-page#buttons") }),
        Some("sealed") => Some(Outcome::Sealed),
        Some(_) => None,
    }
}

fn reading_age(reader: Reader) -> ReadingAge {
    match reader {
        Reader::Young => ReadingAge::Young,
        Reader::Child => ReadingAge::Child,
        Reader::Teen => ReadingAge::Teen,
        Reader::Adult => ReadingAge::Adult,
    }
}

/// How the address is really judged now, step by step; nothing without one.
fn reasons(in_force: &InForce, profile: &Profile, address: Option<&str>, now: Timestamp) -> Vec<String> {
    let Some(address) = address else { return Vec::new() };
    let question = Question { address: address.to_owned(), who: Asker::Profile(profile.name().to_owned()), at: None };
    let answer = in_force.answer(&question, now);
    let steps = answer.map(|answer| answer.steps).unwrap_or_default();
    steps.iter().map(|step| format!("{}: {}", step.title, step.finding)).collect()
}

fn help(line: &HelpLine) -> block_page::HelpLine<'_> {
    let phone = line.contact.as_deref().filter(|contact| contact.chars().all(|letter| letter.is_ascii_digit() || letter == ' '));
    // What is no number ("text SHOUT to 85258") says all by itself.
    let what = match (phone, line.contact.as_deref()) {
        (None, Some(contact)) => contact,
        (Some(_), _) | (None, None) => &line.purpose,
    };
    block_page::HelpLine { name: &line.name, what, phone, url: Href::parse(&format!("https://{}/", line.host)).ok() }
}
