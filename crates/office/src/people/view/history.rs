//! What was changed about a person.

use maud::{Markup, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::timeline::{Entry, Timeline};

use super::Person;
use crate::web::Content;

/// What was changed about a person, the newest first.
pub(in crate::people) struct HistoryPage<'a> {
    pub(in crate::people) person: &'a Person,
    pub(in crate::people) happenings: &'a [Happening],
}

/// One change.
pub(in crate::people) struct Happening {
    /// In the program's word.
    pub(in crate::people) action: String,
    pub(in crate::people) by: String,
    pub(in crate::people) at: String,
    pub(in crate::people) said: Vec<Said>,
    /// Whether it has texts that nobody has unlocked.
    pub(in crate::people) is_locked: bool,
}

/// What a field said, and says since.
pub(in crate::people) struct Said {
    pub(in crate::people) field: String,
    pub(in crate::people) before: String,
    pub(in crate::people) after: String,
}

impl Content for HistoryPage<'_> {
    fn title(&self) -> String {
        format!("What was changed about {}", self.person.details.name())
    }

    fn place(&self) -> &'static str {
        "/people"
    }

    fn content(&self) -> Markup {
        let entries: Vec<Entry> = self.happenings.iter().map(entry).collect();
        html! {
            (BackLink { text: "Back", href: Href::path(&format!("people/{}", self.person.id)) })
            h1.govuk-heading-l { (self.title()) }
            @if entries.is_empty() {
                p.govuk-body { "Nothing." }
            } @else {
                h2.govuk-visually-hidden { "The newest first" }
                (Timeline { label: "What was changed, the newest first", entries: &entries })
            }
        }
    }
}

fn entry(happening: &Happening) -> Entry {
    let inside = html! {
        @if happening.is_locked { p.govuk-body { "What was said before is locked." } }
        @for said in &happening.said {
            p.govuk-body {
                strong { (field(&said.field)) } ": "
                @if said.after.is_empty() { "nothing any more" } @else { (said.after) }
                @if !said.before.is_empty() { ", before: " (said.before) }
            }
        }
    };
    let has_inside = happening.is_locked || !happening.said.is_empty();
    Entry {
        title: what(&happening.action).to_owned(),
        by: happening.by.clone(),
        at: happening.at.clone(),
        inside: has_inside.then_some(inside),
    }
}

/// A program's word for what was done, in words.
fn what(action: &str) -> &str {
    match action {
        "added" => "Added",
        "changed" => "Changed",
        "ended" => "A last day was set",
        "rejoined" => "Came back",
        "phone.changed" => "Telephone number changed",
        "group.joined" => "Put into a class or group",
        "group.left" => "Taken out of a class or group",
        "role.given" => "Was given a role",
        "role.ended" => "A role ended",
        "adult.added" => "A responsible adult was added",
        "adult.changed" => "What is known about an adult was changed",
        "adult.again" => "An adult answers for them again",
        "adult.ended" => "An adult answers for them no longer",
        "contact.confirmed" => "A contact was confirmed",
        "household.joined" => "Lives in a home from then on",
        "household.left" => "Left a home",
        other => other,
    }
}

/// A field in words.
fn field(word: &str) -> String {
    let words = match word {
        "given" => "First name",
        "family" => "Family name",
        "ended" => "Last day",
        "started" => "First day",
        "responsibility" => "Parental responsibility",
        other => other,
    };
    let text = words.replace('_', " ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
