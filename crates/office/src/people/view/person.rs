//! One person.

use calendar::Date;
use ids::PersonId;
use maud::{Markup, Render, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::button::{Action, Button, Weight};
use ui::components::error_summary::{ErrorSummary, FieldError};
use ui::components::select::Select;
use ui::components::summary_list::{Row, SummaryList};
use ui::components::table::{Column, Table};

use super::{Holding, Person, Role, day};
use crate::web::Content;

/// One person, as far as the reader may see.
pub(in crate::people) struct PersonPage<'a> {
    pub(in crate::people) word: &'a str,
    pub(in crate::people) person: &'a Person,
    pub(in crate::people) today: Date,
    pub(in crate::people) teachers: &'a [(PersonId, String)],
    pub(in crate::people) adults: &'a [(PersonId, String)],
    pub(in crate::people) children: &'a [(PersonId, String)],
    pub(in crate::people) holdings: &'a [Holding],
    /// Whether the reader may end each of them.
    pub(in crate::people) ends: &'a [bool],
    /// What the reader may give.
    pub(in crate::people) given: &'a [Role],
    pub(in crate::people) error: Option<&'a str>,
}

impl Content for PersonPage<'_> {
    fn title(&self) -> String {
        self.person.details.name()
    }

    fn place(&self) -> &'static str {
        "/people"
    }

    fn has_errors(&self) -> bool {
        self.error.is_some()
    }

    fn content(&self) -> Markup {
        html! {
            (BackLink { text: "All people", href: Href::path("people") })
            @if let Some(message) = self.error { (ErrorSummary { errors: &[FieldError { field: "role", message }] }) }
            h1.govuk-heading-l { (self.person.details.name()) }
            (self.facts())
            @if !self.holdings.is_empty() { (self.roles()) }
            @if !self.given.is_empty() { (self.give()) }
        }
    }
}

impl PersonPage<'_> {
    fn facts(&self) -> Markup {
        let details = &self.person.details;
        let mut rows = vec![Row { key: "Is", value: html! { (details.memberships) }, change: None }];
        let mut fact = |key: &'static str, value: Markup, is_there: bool| {
            if is_there {
                rows.push(Row { key, value, change: None });
            }
        };
        let year = details.year.map(|year| year.to_string());
        fact("Year group", html! { @if let Some(year) = &year { (year) } }, year.is_some());
        fact("Class teachers", people(self.teachers), !self.teachers.is_empty());
        fact("Responsible adults", people(self.adults), !self.adults.is_empty());
        fact("Answers for", people(self.children), !self.children.is_empty());
        let language = details.language.as_ref().map(ToString::to_string);
        fact("Language at home", html! { @if let Some(language) = &language { (language) } }, language.is_some());
        fact("Here since", html! { (day(self.person.started)) }, true);
        let ended = self.person.ended;
        fact("Last day", html! { @if let Some(ended) = ended { (day(ended)) } }, ended.is_some());
        SummaryList { rows: &rows }.render()
    }

    fn roles(&self) -> Markup {
        let cell = |(holding, ends): (&Holding, &bool)| {
            vec![
                html! { (holding.role.title()) },
                html! { (day(holding.started)) },
                html! { @match holding.ended { Some(ended) if ended < holding.started => "Taken back", Some(ended) => (day(ended)), None => "No end set" } },
                html! {
                    @if *ends {
                        form method="post" action={ "/people/" (self.person.id) "/role/end" } {
                            input type="hidden" name="word" value=(self.word);
                            input type="hidden" name="holding" value=(holding.id);
                            (Button { text: "End this role", weight: Weight::Secondary, action: Action::Send })
                        }
                    } @else if !holding.holds(self.today) { "Ended" }
                },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.holdings.iter().zip(self.ends).map(cell).collect();
        let columns = ["Role", "From", "Until", "Do"].map(|text| Column { text, numeric: false });
        Table { caption: "Roles", columns: &columns, rows: &rows }.render()
    }

    fn give(&self) -> Markup {
        let mut options = vec![("", "Choose a role")];
        options.extend(self.given.iter().map(|role| (role.as_str(), role.title())));
        html! {
            h2.govuk-heading-m { "Give a role" }
            form method="post" action={ "/people/" (self.person.id) "/role" } {
                input type="hidden" name="word" value=(self.word);
                (Select { name: "role", label: "Role", hint: Some("From today, until somebody ends it."), error: self.error, options: &options, chosen: None })
                (Button { text: "Give this role", weight: Weight::Main, action: Action::Send })
            }
        }
    }
}

fn people(people: &[(PersonId, String)]) -> Markup {
    html! {
        ul.govuk-list {
            @for (id, name) in people { li { a.govuk-link href={ "/people/" (id) } { (name) } } }
        }
    }
}
