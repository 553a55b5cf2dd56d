//! Ask why: the question, the answer in one sentence, and every step that led to it.

use maud::{Markup, Render, html};
use ui::Href;
use ui::components::button::Button;
use ui::components::details::Details;
use ui::components::error_summary::{ErrorSummary, FieldError};
use ui::components::select::Select;
use ui::components::summary_list::{Row, SummaryList};
use ui::components::table::{Column, Table};
use ui::components::tag::{Mood, Tag};
use ui::components::text_input::{Kind, TextInput};

use super::Content;
use crate::answer::{Answer, ListingAnswer};

/// What was entered.
#[derive(Debug, Clone, Default)]
pub(in crate::console) struct Form {
    pub(in crate::console) address: String,
    pub(in crate::console) who: String,
    pub(in crate::console) at: String,
}

/// What is wrong with one field.
#[derive(Debug)]
pub(in crate::console) struct FieldMistake {
    /// `address`, `who` or `at`.
    pub(in crate::console) field: &'static str,
    pub(in crate::console) message: String,
}

/// The page.
#[derive(Debug)]
pub(in crate::console) struct WhyPage<'a> {
    pub(in crate::console) form: Form,
    /// Name and title of each profile.
    pub(in crate::console) profiles: &'a [(String, String)],
    /// Nothing before the first question.
    pub(in crate::console) outcome: Option<Result<Answer, FieldMistake>>,
    /// The page that a pupil would see in place of the site, where it does not open at once.
    pub(in crate::console) block_page: Option<Href>,
}

impl Content for WhyPage<'_> {
    fn title(&self) -> String {
        "Ask why".to_owned()
    }

    fn place(&self) -> &'static str {
        "/why"
    }

    fn has_errors(&self) -> bool {
        matches!(self.outcome, Some(Err(_)))
    }

    fn content(&self) -> Markup {
        let mistake = self.outcome.as_ref().and_then(|outcome| outcome.as_ref().err());
        html! {
            @if let Some(mistake) = mistake {
                (ErrorSummary { errors: &[FieldError { field: mistake.field, message: &mistake.message }] })
            }
            @if let Some(Ok(answer)) = &self.outcome {
                (self.answer(answer))
                h2.govuk-heading-l { "Ask again" }
            } @else {
                h1.govuk-heading-xl { "What happens to an address?" }
            }
            (question(&self.form, self.profiles, mistake))
        }
    }
}

impl WhyPage<'_> {
    fn answer(&self, answer: &Answer) -> Markup {
        let (text, mood, look) = action(&answer.action);
        html! {
            div class={ "sg-answer sg-answer--" (look) } {
                p.sg-answer__tag { (Tag { text, mood }) }
                h1.govuk-heading-l { (answer.sentence) }
                @if let Some(href) = &self.block_page { p.govuk-body { a.govuk-link href=(href) { "See the page that they get instead" } } }
            }
            (facts(answer))
            @if let Some(host_only) = &answer.host_only { p.govuk-inset-text.sg-inset { (host_only.sentence) } }
            @if let Some(limits) = &answer.limits { p.govuk-inset-text.sg-inset { (limits) } }
            h2.govuk-heading-l { "How this was decided" }
            p.govuk-body { "The steps are always taken in this order. The first one that decides ends it." }
            (steps(answer))
            @if answer.listings.is_empty() {
                h2.govuk-heading-m { "Where it is listed" }
                p.govuk-body { "No entry of any list is shown for this address." }
            } @else {
                (listings(&answer.listings))
            }
        }
    }
}

/// The question as it stands on the overview, empty.
pub(in crate::console) fn search(profiles: &[(String, String)]) -> Markup {
    question(&Form::default(), profiles, None)
}

/// Word, mood and look of an action.
fn action(action: &str) -> (&'static str, Mood, &'static str) {
    match action {
        "allow" => ("Opens", Mood::Good, "open"),
        "warn" => ("Warns first", Mood::Soon, "warn"),
        "ask" => ("Ask a teacher", Mood::Soon, "warn"),
        "gate" => ("Agreement first", Mood::Soon, "warn"),
        // Whatever is not known here does not open.
        _ => ("Blocked", Mood::Bad, "closed"),
    }
}

fn question(form: &Form, profiles: &[(String, String)], mistake: Option<&FieldMistake>) -> Markup {
    let error = |field| mistake.filter(|mistake| mistake.field == field).map(|mistake| mistake.message.as_str());
    let mut options = vec![("", "Somebody who is not known")];
    options.extend(profiles.iter().map(|(name, title)| (name.as_str(), title.as_str())));
    let address = TextInput {
        name: "address",
        label: "Web address",
        hint: Some("As in a browser, such as bbc.co.uk or https://www.bbc.co.uk/news"),
        error: error("address"),
        value: &form.address,
        kind: Kind::Url,
        autocomplete: None,
    };
    let who = Select { name: "who", label: "For whom?", hint: None, error: error("who"), options: &options, chosen: Some(&form.who) };
    let at = TextInput {
        name: "at",
        label: "When? (optional)",
        hint: Some("Leave empty for now, or write 12:30 for today, or 2026-11-24 12:30."),
        error: error("at"),
        value: &form.at,
        kind: Kind::Text,
        autocomplete: None,
    };
    html! {
        form.sg-question method="get" action="/why" novalidate {
            (address)
            div.sg-question__more { (who) (at) }
            (Button { text: "Ask why", weight: Default::default(), action: Default::default() })
        }
    }
}

fn facts(answer: &Answer) -> Markup {
    let address = html! { @match &answer.address { Some(address) => (address), None => "Not shown: suspected illegal material" } };
    let mut rows = vec![
        Row { key: "Address", value: address, change: None },
        Row { key: "For", value: html! { (answer.who) }, change: None },
        Row { key: "At", value: html! { (answer.at) }, change: None },
    ];
    if let Some(category) = &answer.category {
        rows.push(Row { key: "Category", value: html! { (category.title) }, change: None });
    }
    SummaryList { rows: &rows }.render()
}

fn steps(answer: &Answer) -> Markup {
    let order = html! {
        ol.govuk-list.govuk-list--number.govuk-list--spaced {
            @for step in &answer.steps { li { strong { (step.title) } ": " (step.place_reason) "." } }
        }
    };
    html! {
        ol.sg-steps {
            @for step in &answer.steps {
                li.sg-steps__step.sg-steps__step--decided[step.decided] {
                    h3.govuk-heading-s { (step.title) @if step.decided { " " (Tag { text: "This decided", mood: Mood::Plain }) } }
                    p.govuk-body { (step.finding) }
                }
            }
        }
        (Details { summary: "Why the steps stand in this order", open: false, content: order })
    }
}

fn listings(listings: &[ListingAnswer]) -> Markup {
    let column = |text| Column { text, numeric: false };
    let columns = [column("Entry"), column("Category"), column("List"), column("File"), Column { text: "Line", numeric: true }];
    let mut rows = Vec::new();
    for listing in listings {
        for origin in &listing.origins {
            let lifted = listing.lifted.contains(&origin.category.title);
            rows.push(vec![
                html! { (listing.pattern) },
                html! { (origin.category.title) @if lifted { " (taken away by a list of good sites)" } },
                html! { (origin.list) },
                html! { (origin.file) },
                html! { (origin.line) },
            ]);
        }
    }
    Table { caption: "Where it is listed", columns: &columns, rows: &rows }.render()
}
