//! Whoever has begun lately, and what they were given.

use calendar::Date;
use maud::{Markup, Render, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::button::{Action, Button, Weight};
use ui::components::empty_state::EmptyState;
use ui::components::pagination::Pagination;
use ui::components::select::Select;
use ui::components::table::{Column, Table};
use ui::components::tag::{Mood, Tag};

use super::{day, opened_on, title};
use crate::agreements::pages::{PART, StarterLook, word};
use crate::agreements::{Audience, Opened, Starter};
use crate::web::{Content, Fields, Form};

/// Those who are new.
pub(in crate::agreements) struct StartersPage<'a> {
    pub(in crate::agreements) word: &'a str,
    pub(in crate::agreements) look: &'a StarterLook,
    /// Those on this part, of all.
    pub(in crate::agreements) rows: &'a [StarterRow<'a>],
    pub(in crate::agreements) total: usize,
    pub(in crate::agreements) today: Date,
    pub(in crate::agreements) fields: &'a Fields,
}

/// One of them, and whether the reader may say what they were given.
pub(in crate::agreements) struct StarterRow<'a> {
    pub(in crate::agreements) starter: &'a Starter,
    /// The texts that were opened to sign them.
    pub(in crate::agreements) opened: &'a [Opened],
    pub(in crate::agreements) may_enter: bool,
}

/// What they were given, day by day.
fn given(starter: &Starter) -> Markup {
    let mut days: Vec<Date> = starter.given.iter().map(|copy| copy.on).collect();
    days.sort();
    days.dedup();
    let texts = |on: Date| {
        let texts =
            starter.given.iter().filter(|copy| copy.on == on).map(|copy| format!("{}, version {}", title(&copy.policy), copy.number));
        texts.collect::<Vec<_>>().join("; ")
    };
    html! { @for on in days { div { "On " (day(on)) ": " (texts(on)) } } }
}

impl Content for StartersPage<'_> {
    fn title(&self) -> String {
        "New starters".to_owned()
    }

    fn place(&self) -> &'static str {
        "/agreements"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        let may_enter = self.rows.iter().any(|row| row.may_enter && !row.starter.missing().is_empty());
        html! {
            (form.summary())
            (BackLink { text: "Who has signed", href: Href::path("agreements") })
            h1.govuk-heading-l { "New starters" }
            p.govuk-body-l { "Whoever began in the last 90 days is given the online safety policy and the agreement: staff when they begin, families in the bag of the child. It should be with them within two weeks." }
            (self.filter())
            @if self.rows.is_empty() {
                (EmptyState { title: "Nobody waits", text: "Everybody who began lately, and whom you may see, has been given what is theirs.", action: Some(("Show all new starters", Href::path("agreements/starters?show=all"))) })
            } @else if may_enter {
                form method="post" action="/agreements/starters" novalidate {
                    (form.word())
                    input type="hidden" name="show" value=(self.look.show);
                    input type="hidden" name="who" value=(self.look.who);
                    @if let Some((_, message)) = self.fields.errors().iter().find(|(field, _)| field.starts_with("given-")) {
                        p.govuk-error-message { span.govuk-visually-hidden { "Error: " } (message) }
                    }
                    (self.table(form))
                    (form.day("on", "On which day was it given?", None))
                    (form.send("Those I have ticked were given it"))
                }
                (self.parts())
            } @else {
                (self.table(form))
                (self.parts())
            }
            (self.undo())
        }
    }
}

impl StartersPage<'_> {
    fn filter(&self) -> Markup {
        let show = [("", "Still to be given something"), ("all", "Everybody")];
        let mut who = vec![("", "All")];
        who.extend(Audience::ALL.map(|audience| (word(audience), audience.title())));
        html! {
            form.sg-filter method="get" action="/agreements/starters" role="search" {
                (Select { name: "show", label: "Show", hint: None, error: None, options: &show, chosen: Some(&self.look.show) })
                (Select { name: "who", label: "Who", hint: None, error: None, options: &who, chosen: Some(&self.look.who) })
                (Button { text: "Show", weight: Weight::Secondary, action: Action::Send })
            }
        }
    }

    fn table(&self, form: Form<'_>) -> Markup {
        let columns = ["Name", "Who", "Began", "Was given", "Still to be given", "Signed"].map(|text| Column { text, numeric: false });
        let row = |row: &StarterRow<'_>| {
            let access = &row.starter.access;
            let year = access.person.details.year.map(|year| format!(", {year}")).unwrap_or_default();
            let is_signed = !access.needs.iter().any(|(_, standing)| standing.asks());
            vec![
                self.name(row, form),
                html! { (access.audience.title()) (year) },
                html! { (day(access.person.started)) },
                given(row.starter),
                html! {
                    @for (policy, _) in row.starter.missing() { div { (title(policy)) } }
                    @if row.starter.is_late(self.today) { (Tag { text: "Late", mood: Mood::Bad }) }
                },
                html! {
                    @if is_signed { (Tag { text: "Signed", mood: Mood::Good }) } @else { (Tag { text: "Still to sign", mood: Mood::Soon }) }
                    @for (need, _) in &access.needs {
                        @if let Some(opened) = opened_on(row.opened, need.policy) { div { (title(need.policy)) ". " (opened) } }
                    }
                },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.rows.iter().map(row).collect();
        let caption = if self.total == 1 { "1 person".to_owned() } else { format!("{} people", self.total) };
        Table { caption: &caption, columns: &columns, rows: &rows }.render()
    }

    /// The name, with a box before it where something is to be ticked.
    fn name(&self, row: &StarterRow<'_>, form: Form<'_>) -> Markup {
        let (id, name) = (row.starter.access.person.id.to_string(), row.starter.access.person.details.name());
        let field = format!("given-{id}");
        let is_ticked = form.fields.all("given").any(|ticked| ticked == id);
        html! {
            @if row.may_enter && !row.starter.missing().is_empty() {
                div.govuk-checkboxes.govuk-checkboxes--small {
                    div.govuk-checkboxes__item {
                        input.govuk-checkboxes__input id=(field) type="checkbox" name="given" value=(id) checked[is_ticked];
                        label.govuk-label.govuk-checkboxes__label for=(field) { (name) }
                    }
                }
            } @else { (name) }
        }
    }

    /// What was entered by mistake is taken back.
    fn undo(&self) -> Markup {
        let entered = || self.rows.iter().filter(|row| row.may_enter && !row.starter.given.is_empty());
        html! {
            @if entered().next().is_some() {
                details.govuk-details {
                    summary.govuk-details__summary { span.govuk-details__summary-text { "Somebody was not given it after all" } }
                    div.govuk-details__text {
                        @for row in entered() {
                            form method="post" action="/agreements/starters/undo" {
                                input type="hidden" name="word" value=(self.word);
                                input type="hidden" name="person" value=(row.starter.access.person.id);
                                (Button { text: &format!("Not given: {}", row.starter.access.person.details.name()), weight: Weight::Secondary, action: Action::Send })
                            }
                        }
                    }
                }
            }
        }
    }

    fn parts(&self) -> Markup {
        let from = self.look.from;
        let last = from + self.rows.len();
        if from == 0 && last >= self.total {
            return html! {};
        }
        let place = format!("{} to {last} of {}", from + 1, self.total);
        let part = |from: usize| Href::path(&format!("agreements/starters?show={}&who={}&from={from}", self.look.show, self.look.who));
        let (previous, next) = ((from > 0).then(|| part(from.saturating_sub(PART))), (last < self.total).then(|| part(last)));
        Pagination { label: "People", place: &place, previous, next }.render()
    }
}
