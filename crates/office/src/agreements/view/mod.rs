//! The markup of agreements.

mod class;
mod gate;
mod kept;
mod list;
mod mine;
mod person;
mod sign;
mod starters;

pub(super) use class::{Adult, ClassPage, PaperPage, Row};
pub(super) use gate::{GatePage, GateRow};
pub(super) use kept::{KeptPage, ShownText};
pub(super) use list::{ClassLink, ListPage, why};
pub(super) use mine::MinePage;
pub(super) use person::PersonPage;
pub(super) use sign::SignPage;
pub(super) use starters::{StarterRow, StartersPage};

use calendar::Date;
use ui::components::tag::{Mood, Tag};

use super::{Need, Opened, Part, Standing};
use crate::policies;

/// A day as it is written.
fn day(day: Date) -> String {
    day.civil().strftime("%-d %B %Y").to_string()
}

/// What a policy is called.
fn title(policy: &str) -> &'static str {
    policies::find(policy).map_or("", |policy| policy.title)
}

/// When the text of a policy was opened, where it was.
fn opened_on(opened: &[Opened], policy: &str) -> Option<String> {
    let Opened { number, on, .. } = opened.iter().find(|opened| opened.policy == policy)?;
    Some(format!("Version {number} was opened on {}.", day(*on)))
}

/// How a need stands, in a word.
const fn tag(standing: Standing) -> Tag<'static> {
    let (text, mood) = match standing {
        Standing::Signed { .. } => ("Signed", Mood::Good),
        Standing::Grace { .. } => ("Sign again", Mood::Soon),
        Standing::Lapsed { .. } => ("Time is over", Mood::Bad),
        Standing::Missing { .. } => ("Not signed", Mood::Bad),
        Standing::Declined { .. } => ("Said no", Mood::Bad),
        Standing::Withdrawn { .. } => ("Taken back", Mood::Bad),
        Standing::NoText => ("Nothing to sign yet", Mood::Plain),
    };
    Tag { text, mood }
}

/// How a need stands, in a sentence.
fn sentence(need: &Need, standing: Standing) -> String {
    let what = title(need.policy);
    let who = if need.part == Part::Adult { "an adult who answers for the child" } else { "the person" };
    match standing {
        Standing::Signed { on } => format!("{what}: signed on {}.", day(on)),
        Standing::Grace { last } => format!("{what}: to be signed again by {}, by the end of {}.", who, day(last)),
        Standing::Lapsed { since } => format!("{what}: signed once, and the time to sign again ended before {}.", day(since)),
        Standing::Missing { since } => format!("{what}: waits for {who} since {}.", day(since)),
        Standing::Declined { on } => format!("{what}: the answer on {} was no.", day(on)),
        Standing::Withdrawn { on } => format!("{what}: taken back on {}.", day(on)),
        Standing::NoText => format!("{what}: the school has not put a text into force yet."),
    }
}
