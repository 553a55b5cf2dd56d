//! The school goes into its next year.

use calendar::Date;
use maud::{Markup, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::button::{Action, Button, Weight};
use ui::components::notification::{Kind, Notification};
use ui::components::pagination::Pagination;
use ui::components::table::{Column, Table};

use super::import::{counts, notes, row};
use super::{day, options, years};
use crate::people::import::{Line, Planned};
use crate::people::{SchoolYear, Short};
use crate::web::{Content, Fields, Form};

/// What going into the next year would do.
pub(in crate::people) struct YearPage<'a> {
    pub(in crate::people) word: &'a str,
    pub(in crate::people) fields: &'a Fields,
    pub(in crate::people) to: SchoolYear,
    /// Its first day.
    pub(in crate::people) first: Date,
    pub(in crate::people) has_begun: bool,
    /// Of the year before.
    pub(in crate::people) classes: &'a [&'a Short],
    pub(in crate::people) planned: &'a Planned,
    pub(in crate::people) shown: &'a [&'a Line],
    pub(in crate::people) from: usize,
    pub(in crate::people) size: usize,
}

impl Content for YearPage<'_> {
    fn title(&self) -> String {
        format!("Into the school year {}", self.to)
    }

    fn place(&self) -> &'static str {
        "/people"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        let years = years();
        html! {
            (BackLink { text: "Take people in from a file", href: Href::path("people/import") })
            (form.summary())
            @if !self.has_begun {
                (Notification {
                    id: "not-yet", kind: Kind::Important, heading: &format!("It begins on {}.", day(self.first)),
                    text: Some("Until then you can look at what would happen. Done before, everybody would be a year too old."),
                })
            }
            h1.govuk-heading-l { (self.title()) }
            p.govuk-body { "Year groups go up by one, classes go on, and whoever is in the last year leaves. Nobody is deleted." }
            form method="post" action="/people/year" novalidate {
                (form.word())
                (form.select("last", "Who leaves", Some("Pupils of this year group and above."), &options(None, &years)))
                fieldset.govuk-fieldset {
                    legend.govuk-fieldset__legend.govuk-fieldset__legend--m { "What each class is called then" }
                    @for (at, name) in self.classes.iter().enumerate() { (form.text(&format!("class-{at}"), name.as_str(), None)) }
                }
                div.sg-actions {
                    (Button { text: "Look again", weight: Weight::Secondary, action: Action::SendAs { name: "do", value: "look" } })
                    @if self.has_begun {
                        (Button { text: "Go into the new year", weight: Weight::Main, action: Action::SendAs { name: "do", value: "apply" } })
                    }
                }
            }
            (counts(self.planned.counts))
            (notes(&self.planned.notes))
            (self.lines())
        }
    }
}

impl YearPage<'_> {
    fn lines(&self) -> Markup {
        // There is no file, and so no line.
        let rows: Vec<Vec<Markup>> = self.shown.iter().map(|line| row(line).into_iter().skip(1).collect()).collect();
        let columns = ["Name", "Would be", "What"].map(|text| Column { text, numeric: false });
        let (last, total) = (self.from + self.shown.len(), self.planned.lines.len());
        let part = |from: usize| Href::path(&format!("people/year?from={from}"));
        let previous = (self.from > 0).then(|| part(self.from.saturating_sub(self.size)));
        let next = (last < total).then(|| part(last));
        let place = format!("{} to {last} of {total}", self.from + 1);
        html! {
            @if !rows.is_empty() { (Table { caption: "Pupil by pupil", columns: &columns, rows: &rows }) }
            @if previous.is_some() || next.is_some() { (Pagination { label: "Pupils", place: &place, previous, next }) }
        }
    }
}
