//! The markup of policies.

mod compare;
mod copies;
mod early;
mod languages;
mod list;
mod policy;
mod text;
mod translations;
mod write;

pub(super) use compare::ComparePage;
pub(super) use copies::CopiesPage;
pub(crate) use languages::Languages;
pub(super) use list::{ListPage, PublishedPage, RowOfList};
pub(super) use policy::PolicyPage;
pub(super) use text::{PublicTextPage, TextPage};
pub(super) use translations::{Begins, TranslatePage, TranslationPage};
pub(super) use write::WritePage;

use calendar::Date;
use maud::{Markup, Render, html};
use ui::components::tag::{Mood, Tag};

use super::{Comment, State, Version};

/// A day as it is written.
fn day(day: Date) -> String {
    day.civil().strftime("%-d %B %Y").to_string()
}

/// How far a version is, in a word.
const fn tag(version: &Version) -> Tag<'static> {
    let mood = match version.state {
        State::Current => Mood::Good,
        State::Approved | State::Consulting => Mood::Soon,
        State::Draft | State::Superseded | State::Dropped => Mood::Plain,
    };
    Tag { text: version.state.title(), mood }
}

impl Render for Comment {
    fn render(&self) -> Markup {
        html! {
            p.govuk-body { strong { (self.who) } ": " (self.said) }
            @if let Some(answer) = &self.answer { p.govuk-body { strong { "What became of it" } ": " (answer) } }
        }
    }
}
