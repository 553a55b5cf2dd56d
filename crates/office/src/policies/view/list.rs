//! All policies: for those who write them, and for everybody.

use calendar::Date;
use maud::{Markup, html};
use ui::Href;
use ui::components::empty_state::EmptyState;
use ui::components::table::{Column, Table};
use ui::components::tag::{Mood, Tag};

use super::day;
use crate::document::Named;
use crate::policies::{EarlyReview, Part, Policy, State, Translation, Version, find, review_by};
use crate::web::Content;

/// All policies, with what is missing and what is overdue.
pub(in crate::policies) struct ListPage<'a> {
    pub(in crate::policies) rows: &'a [RowOfList],
    /// Whether the reader keeps which copies were asked for.
    pub(in crate::policies) keeps_copies: bool,
}

/// A policy in the list.
pub(in crate::policies) struct RowOfList {
    policy: &'static Policy,
    current: Option<(i64, Date, Date)>,
    under_way: Option<State>,
    is_overdue: bool,
}

/// The policies in force, for everybody.
pub(in crate::policies) struct PublishedPage<'a> {
    pub(in crate::policies) school: &'a str,
    pub(in crate::policies) all: &'a [Version],
    /// What there is of them in other languages.
    pub(in crate::policies) translations: &'a [Translation],
}

// === impl RowOfList ===

impl RowOfList {
    pub(in crate::policies) fn of(policy: &'static Policy, all: &[Version], early: &[EarlyReview], today: Date) -> Self {
        let own = || all.iter().filter(|version| version.policy == policy.word);
        let published = own().find(|version| version.state == State::Current);
        let current = published.and_then(|version| {
            version.publication.as_ref().map(|it| (version.number, it.from, review_by(it.review_by, early, policy.word)))
        });
        let under_way = own().find(|version| version.state != State::Current).map(|version| version.state);
        Self { policy, current, under_way, is_overdue: current.is_some_and(|(_, _, review)| review < today) }
    }
}

impl Content for ListPage<'_> {
    fn title(&self) -> String {
        "Policies".to_owned()
    }

    fn place(&self) -> &'static str {
        "/policies"
    }

    fn content(&self) -> Markup {
        let columns = ["Policy", "In force", "Next review", "Under way"].map(|text| Column { text, numeric: false });
        let row = |row: &RowOfList| {
            vec![
                html! { a.govuk-link href=(Href::path(&format!("policies/{}", row.policy.word))) { (row.policy.title) } },
                html! {
                    @match row.current {
                        Some((number, from, _)) => { "Version " (number) ", since " (day(from)) },
                        None => (Tag { text: "Missing", mood: Mood::Bad }),
                    }
                },
                html! {
                    @if let Some((_, _, review)) = row.current {
                        (day(review)) @if row.is_overdue { " " (Tag { text: "Overdue", mood: Mood::Bad }) }
                    }
                },
                html! { @if let Some(state) = row.under_way { (state.title()) } },
            ]
        };
        html! {
            h1.govuk-heading-l { "Policies" }
            p.govuk-body-l { "What the school promises, in which version, and when it is looked at again. What is in force " a.govuk-link href="/published" { "everybody can read" } "." }
            @if self.keeps_copies { p.govuk-body { a.govuk-link href="/policies/copies" { "Copies that were asked for" } } }
            @for (title, parts) in [("Policies and agreements", &[Part::Policy, Part::Agreement, Part::Notice][..]), ("Policies it hangs on", &[Part::Related][..])] {
                @let rows: Vec<Vec<Markup>> = self.rows.iter().filter(|row| parts.contains(&row.policy.part)).map(row).collect();
                (Table { caption: title, columns: &columns, rows: &rows })
            }
        }
    }
}

impl Content for PublishedPage<'_> {
    fn title(&self) -> String {
        format!("Policies of {}", self.school)
    }

    fn place(&self) -> &'static str {
        "/published"
    }

    fn content(&self) -> Markup {
        let title = |version: &Version| find(&version.policy).map_or_else(String::new, |policy| policy.title.to_owned());
        html! {
            h1.govuk-heading-xl { "Policies of " (self.school) }
            @if self.all.is_empty() {
                (EmptyState { title: "No policy is published yet", text: "Ask the school’s office for a copy.", action: None })
            } @else {
                p.govuk-body-l { "If you need one on paper, in large print or in another language, ask the school’s office." }
                ul.govuk-list.govuk-list--spaced {
                    @for version in self.all {
                        li {
                            a.govuk-link href=(Href::path(&format!("published/{}", version.policy))) { (title(version)) }
                            @if let Some(publication) = &version.publication { ", in force since " (day(publication.from)) }
                            @for translation in self.translations.iter().filter(|translation| translation.of == version.id) {
                                ", " a.govuk-link href=(Href::path(&format!("published/{}?lang={}", version.policy, translation.language.tag))) hreflang=(translation.language.tag) { (Named(translation.language)) span.govuk-visually-hidden { ": " (title(version)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
