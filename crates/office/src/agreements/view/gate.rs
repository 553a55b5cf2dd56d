//! How strictly the internet hangs on the signature.

use maud::{Markup, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::radios::Choice;
use ui::components::table::{Column, Table};
use ui::components::tag::{Mood, Tag};

use super::list::why;
use crate::agreements::{Access, Audience};
use crate::settings::Mode;
use crate::web::{Content, Fields, Form};

/// The gate.
pub(in crate::agreements) struct GatePage<'a> {
    pub(in crate::agreements) word: &'a str,
    pub(in crate::agreements) rows: &'a [GateRow],
    /// Who is tried out.
    pub(in crate::agreements) tried: Option<Audience>,
    /// Those of them who would be without the internet.
    pub(in crate::agreements) names: &'a [&'a Access],
    pub(in crate::agreements) fields: &'a Fields,
}

/// An audience.
pub(in crate::agreements) struct GateRow {
    pub(in crate::agreements) audience: Audience,
    pub(in crate::agreements) word: &'static str,
    pub(in crate::agreements) mode: Mode,
    /// The number of the setting as it was seen.
    pub(in crate::agreements) seen: i64,
    pub(in crate::agreements) all: usize,
    pub(in crate::agreements) without: usize,
    pub(in crate::agreements) has_text: bool,
}

impl Content for GatePage<'_> {
    fn title(&self) -> String {
        "The gate".to_owned()
    }

    fn place(&self) -> &'static str {
        "/agreements"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let columns = ["Who", "Now", "Would be without", ""].map(|text| Column { text, numeric: false });
        let row = |row: &GateRow| {
            vec![
                html! { (row.audience.title()) },
                html! { (Tag { text: row.mode.word(), mood: if row.mode == Mode::Enforce { Mood::Good } else { Mood::Plain } }) },
                html! { (row.without) " of " (row.all) },
                html! { a.govuk-link href=(Href::path(&format!("agreements/gate?who={}", row.word))) { "Try it out" span.govuk-visually-hidden { ": " (row.audience.title()) } } },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.rows.iter().map(row).collect();
        html! {
            (Form { fields: self.fields, word: self.word }.summary())
            (BackLink { text: "Who has signed", href: Href::path("agreements") })
            h1.govuk-heading-l { "The gate: no signature, no internet" }
            p.govuk-body-l { "Help lines, the page to report a concern, the policies and the school’s own sign-in are open to everybody, whatever stands here." }
            (Table { caption: "How strictly the internet hangs on the signature", columns: &columns, rows: &rows })
            @if let Some(row) = self.tried.and_then(|tried| self.rows.iter().find(|row| row.audience == tried)) { (self.attempt(row)) }
        }
    }
}

impl GatePage<'_> {
    fn attempt(&self, row: &GateRow) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        let shut = format!("{} of {} would be without the internet at once: those below.", row.without, row.all);
        let enforce = if row.has_text { shut.as_str() } else { "Not possible yet: no text is in force that they could sign." };
        let choices = [
            Choice { value: "off", label: "Off", hint: Some("Nobody is asked to sign.") },
            Choice { value: "advise", label: "Advise", hint: Some("Whoever has not signed is reminded, and has the internet.") },
            Choice { value: "enforce", label: "Enforce", hint: Some(enforce) },
        ];
        html! {
            h2.govuk-heading-m id="try" { (row.audience.title()) ": " (row.without) " of " (row.all) " would be without the internet" }
            @if self.names.is_empty() { p.govuk-body { "Everybody has signed." } }
            @else {
                @let columns = ["Name", "Year group", "Why"].map(|text| Column { text, numeric: false });
                @let rows: Vec<Vec<Markup>> = self.names.iter().map(|access| vec![
                    html! { a.govuk-link href=(Href::path(&format!("agreements/person/{}", access.person.id))) { (access.person.details.name()) } },
                    html! { (access.person.details.year.map(|year| year.to_string()).unwrap_or_default()) },
                    html! { (why(access).1) },
                ]).collect();
                (Table { caption: "Who would be without", columns: &columns, rows: &rows })
            }
            form method="post" action="/agreements/gate" novalidate {
                (form.word())
                input type="hidden" name="who" value=(row.word);
                input type="hidden" name="seen" value=(row.seen);
                input type="hidden" name="without" value=(row.without);
                (form.radios("mode", "How is it to be?", None, &choices))
                (form.text("reason", "Why?", Some("Kept with the setting. No names of people.")))
                (form.send("Set it"))
            }
        }
    }
}
