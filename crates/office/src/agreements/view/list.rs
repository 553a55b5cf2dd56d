//! Who has signed, and who is without the internet.

use std::collections::HashMap;

use calendar::Date;
use ids::PersonId;
use maud::{Markup, Render, html};
use ui::Href;
use ui::components::button::{Action, Button, Weight};
use ui::components::empty_state::EmptyState;
use ui::components::notification::{Kind as Tone, Notification};
use ui::components::pagination::Pagination;
use ui::components::select::Select;
use ui::components::table::{Column, Table};
use ui::components::tag::{Mood, Tag};
use ui::components::text_input::{Kind, TextInput};

use super::{day, sentence};
use crate::agreements::pages::{Done, Look, word};
use crate::agreements::{Access, Audience, Reminded};
use crate::control::Signed;
use crate::settings::Mode;
use crate::web::Content;

/// Those who are looked for.
pub(in crate::agreements) struct ListPage<'a> {
    pub(in crate::agreements) word: &'a str,
    pub(in crate::agreements) look: &'a Look,
    /// What came of reminding, where that was just asked for.
    pub(in crate::agreements) done: &'a Done,
    /// Of everybody whom the reader may see.
    pub(in crate::agreements) counted: &'a [Signed],
    /// Those on this part, of all.
    pub(in crate::agreements) part: &'a [&'a Access],
    pub(in crate::agreements) reminded: &'a HashMap<PersonId, Reminded>,
    /// Where the part before begins, if this is not the first.
    pub(in crate::agreements) before: usize,
    pub(in crate::agreements) total: usize,
    /// For how many of them something is to be signed, and the reader may enter it.
    pub(in crate::agreements) to_remind: usize,
    pub(in crate::agreements) sends_mail: bool,
    pub(in crate::agreements) classes: &'a [ClassLink],
    pub(in crate::agreements) may_change_gate: bool,
}

/// A class whose paper may be entered.
pub(in crate::agreements) struct ClassLink {
    pub(in crate::agreements) id: String,
    pub(in crate::agreements) name: String,
}

/// Why somebody is without the internet, or is to sign, and since when.
pub(in crate::agreements) fn why(access: &Access) -> (Option<Date>, String) {
    if let Some(suspension) = &access.suspension {
        return (Some(suspension.from), format!("Suspended by the headteacher until {}.", day(suspension.until)));
    }
    let open: Vec<_> = access.needs.iter().filter(|(_, standing)| standing.asks()).collect();
    let since = open.iter().filter_map(|(_, standing)| standing.since()).min();
    (since, open.iter().map(|(need, standing)| sentence(need, *standing)).collect::<Vec<_>>().join(" "))
}

/// When somebody was reminded last, and how often.
pub(in crate::agreements) fn often(reminded: Reminded) -> String {
    let times = match reminded.times {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    };
    format!("{times}, last on {}", day(reminded.last))
}

impl Content for ListPage<'_> {
    fn title(&self) -> String {
        "Who has signed".to_owned()
    }

    fn place(&self) -> &'static str {
        "/agreements"
    }

    fn content(&self) -> Markup {
        html! {
            (self.done())
            h1.govuk-heading-l { "Who has signed" }
            p.govuk-body-l { "Who has the internet at school, who is without it, since when and why." }
            (self.counted())
            (self.form())
            p.govuk-body { a.govuk-link href="/agreements/starters" { "New starters, and what they were given" } }
            @if self.may_change_gate { p.govuk-body { a.govuk-link href="/agreements/gate" { "How strictly the internet hangs on the signature" } } }
            @if !self.classes.is_empty() {
                h2.govuk-heading-m { "Paper that comes back" }
                p.govuk-body { "Print the forms of a class, or enter what has come back:" }
                ul.govuk-list.sg-actions { @for class in self.classes { li { a.govuk-link href=(Href::path(&format!("agreements/class/{}", class.id))) { (class.name) } } } }
            }
            @if self.part.is_empty() {
                (EmptyState { title: "Nobody is found", text: "Nobody of those you may see is as you have chosen.", action: Some(("Show everybody", Href::path("agreements"))) })
            } @else {
                (self.remind())
                (self.table())
                (self.parts())
                p.govuk-body { a.govuk-link href=(Href::path(&format!("agreements.csv?{}", self.look.query(0)))) { "All " (self.total) " as a table for spreadsheets (CSV)" } }
            }
        }
    }
}

impl ListPage<'_> {
    /// What came of reminding.
    fn done(&self) -> Markup {
        let Some(letters) = self.done.letters else { return html! {} };
        let of = |count: usize, one: &str, many: &str| if count == 1 { one.to_owned() } else { format!("{count} {many}") };
        let heading = match letters {
            0 => "No letter has left".to_owned(),
            _ => format!("{} for {}", of(letters, "1 letter leaves", "letters leave"), of(self.done.people, "1 person", "people")),
        };
        let rest = [
            (self.done.told, "was reminded today already.", "were reminded today already."),
            (
                self.done.paper,
                "needs paper: no mail address is known that somebody has made sure of.",
                "need paper: no mail address is known that somebody has made sure of.",
            ),
            (self.done.answered, "has answered no, and is not asked again.", "have answered no, and are not asked again."),
            (self.done.own, "needs only the own mark: ask the pupil in class.", "need only their own mark: ask these pupils in class."),
        ];
        let said: Vec<String> =
            rest.iter().filter(|(count, ..)| *count > 0).map(|(count, one, many)| of(*count, &format!("1 {one}"), many)).collect();
        let text = if said.is_empty() { None } else { Some(said.join(" ")) };
        Notification { id: "done", kind: Tone::Success, heading: &heading, text: text.as_deref() }.render()
    }

    /// How many of how many, for each audience.
    fn counted(&self) -> Markup {
        let one = |found: &Signed| {
            let Signed { audience, all, grace, has_text, .. } = found;
            let time = if *grace == 0 { String::new() } else { format!(" There is time left for {grace} to sign a new text.") };
            let share = format!("{}: {} of {all}, {} per cent.{time}", audience.title(), found.signed(), found.per_cent());
            if *has_text { share } else { format!("{}: no text is in force for all {all} to sign.", audience.title()) }
        };
        html! {
            h2.govuk-heading-m { "How many have signed all that is theirs" }
            ul.govuk-list { @for found in self.counted { li { (one(found)) } } }
        }
    }

    /// Letters to those who are found.
    fn remind(&self) -> Markup {
        let people = if self.to_remind == 1 { "1 person".to_owned() } else { format!("{} people", self.to_remind) };
        html! {
            @if self.to_remind > 0 { h2.govuk-heading-m { "Letters that remind" } }
            @if self.to_remind > 0 && self.sends_mail {
                p.govuk-body { "Something is still to be signed for " (people) " of those found here. A letter by mail says that something waits, and neither what nor for whom. Nobody gets two on one day." }
                form method="post" action="/agreements/remind" {
                    input type="hidden" name="word" value=(self.word);
                    @for (name, value) in [("show", &self.look.show), ("who", &self.look.who), ("find", &self.look.find)] {
                        input type="hidden" name=(name) value=(value);
                    }
                    (Button { text: "Remind these now", weight: Weight::Secondary, action: Action::Send })
                }
            } @else if self.to_remind > 0 {
                p.govuk-body { "Something is still to be signed for " (people) " of those found here. No letters remind them, since no mail server is set up." }
            }
        }
    }

    fn form(&self) -> Markup {
        let show =
            [("", "Everybody"), ("asks", "Still to sign"), ("paper", "Still to sign, needs paper"), ("without", "Without the internet")];
        let mut who = vec![("", "All")];
        who.extend(Audience::ALL.map(|audience| (word(audience), audience.title())));
        html! {
            form.sg-filter method="get" action="/agreements" role="search" {
                (TextInput { name: "find", label: "Name", hint: None, error: None, value: &self.look.find, kind: Kind::Search, autocomplete: None })
                (Select { name: "show", label: "Show", hint: None, error: None, options: &show, chosen: Some(&self.look.show) })
                (Select { name: "who", label: "Who", hint: None, error: None, options: &who, chosen: Some(&self.look.who) })
                (Button { text: "Show", weight: Weight::Secondary, action: Action::Send })
            }
        }
    }

    fn table(&self) -> Markup {
        let columns = ["Name", "Who", "Internet", "Since", "Why", "Reminded"].map(|text| Column { text, numeric: false });
        let row = |access: &Access| {
            let (since, why) = why(access);
            let tag = match (access.is_gated(), access.is_unsigned() && access.mode != Mode::Off) {
                (true, _) => Tag { text: "Shut", mood: Mood::Bad },
                (false, true) => Tag { text: "Open, unsigned", mood: Mood::Soon },
                (false, false) => Tag { text: "Open", mood: Mood::Good },
            };
            let year = access.person.details.year.map(|year| format!(", {year}")).unwrap_or_default();
            vec![
                html! { a.govuk-link href=(Href::path(&format!("agreements/person/{}", access.person.id))) { (access.person.details.name()) } },
                html! { (access.audience.title()) (year) },
                html! { (tag) },
                html! { @if let Some(since) = since { (day(since)) } },
                html! { (why) },
                html! { @if let Some(reminded) = self.reminded.get(&access.person.id) { (often(*reminded)) } },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.part.iter().map(|access| row(access)).collect();
        let caption = if self.total == 1 { "1 person".to_owned() } else { format!("{} people", self.total) };
        Table { caption: &caption, columns: &columns, rows: &rows }.render()
    }

    fn parts(&self) -> Markup {
        let from = self.look.from;
        let last = from + self.part.len();
        if from == 0 && last >= self.total {
            return html! {};
        }
        let place = format!("{} to {last} of {}", from + 1, self.total);
        let part = |from: usize| Href::path(&format!("agreements?{}", self.look.query(from)));
        let (previous, next) = ((from > 0).then(|| part(self.before)), (last < self.total).then(|| part(last)));
        Pagination { label: "People", place: &place, previous, next }.render()
    }
}
