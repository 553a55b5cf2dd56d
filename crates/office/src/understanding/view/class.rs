//! Who of a class has understood the rules.

use maud::{Markup, Render, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::button::{Action, Button, Weight};
use ui::components::empty_state::EmptyState;
use ui::components::table::{Column, Table};

use crate::agreements::Access;
use crate::policies;
use crate::understanding::Understood;
use crate::web::{Content, Fields, Form, long};

/// Each pupil of a class, and whether they have understood their rules.
pub(in crate::understanding) struct ClassPage<'a> {
    pub(in crate::understanding) word: &'a str,
    pub(in crate::understanding) id: &'a str,
    pub(in crate::understanding) name: &'a str,
    pub(in crate::understanding) rows: &'a [(&'a Access, &'a Understood)],
    pub(in crate::understanding) fields: &'a Fields,
}

impl Content for ClassPage<'_> {
    fn title(&self) -> String {
        format!("Who has understood the rules: {}", self.name)
    }

    fn place(&self) -> &'static str {
        "/agreements"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        let open: Vec<_> = self.rows.iter().filter(|(_, found)| found.rules.is_some() && found.on.is_none()).collect();
        html! {
            (form.summary())
            (BackLink { text: "Who has signed", href: Href::path("agreements") })
            h1.govuk-heading-l { "Who has understood the rules: " (self.name) }
            p.govuk-body-l { "Go through the rules with the class: read them aloud, ask what each means, let the children give examples. Then tick those who know what they mean." }
            @if self.rows.iter().all(|(_, found)| found.rules.is_none()) {
                (EmptyState { title: "No rules are in force", text: "When the school puts the pupils’ rules into force, they are gone through here.", action: None })
            } @else if open.is_empty() {
                (EmptyState { title: "All have understood", text: "When the rules change so that they are signed again, the class goes through them again.", action: None })
            } @else {
                form method="post" action=(self.path("")) novalidate {
                    (form.word())
                    (self.boxes(&open))
                    (form.day("on", "On which day?", None))
                    (form.send("Those I have ticked have understood"))
                }
            }
            (self.done())
        }
    }
}

impl ClassPage<'_> {
    fn path(&self, rest: &str) -> Href {
        Href::path(&format!("agreements/class/{}/understood{rest}", self.id))
    }

    fn boxes(&self, open: &[&(&Access, &Understood)]) -> Markup {
        let error = self.fields.error("understood");
        html! {
            fieldset.govuk-fieldset.govuk-form-group id="understood" aria-describedby=[error.map(|_| "understood-error")] {
                legend.govuk-fieldset__legend.govuk-fieldset__legend--m { "Who has understood them?" }
                @if let Some(error) = error { p.govuk-error-message id="understood-error" { span.govuk-visually-hidden { "Error: " } (error) } }
                div.govuk-checkboxes.govuk-checkboxes--small {
                    @for (access, found) in open {
                        @let id = access.person.id.to_string();
                        @let field = format!("understood-{id}");
                        div.govuk-checkboxes__item {
                            input.govuk-checkboxes__input id=(field) type="checkbox" name="understood" value=(id) checked[self.fields.all("understood").any(|ticked| ticked == id)];
                            label.govuk-label.govuk-checkboxes__label for=(field) { (access.person.details.name()) span.govuk-visually-hidden { ", " (title(found)) } }
                        }
                    }
                }
            }
        }
    }

    /// Those who have, and the way to say that it was a mistake.
    fn done(&self) -> Markup {
        let done: Vec<_> = self.rows.iter().filter_map(|(access, found)| Some((access.person.details.name(), found, found.on?))).collect();
        if done.is_empty() {
            return html! {};
        }
        let columns = ["Name", "Rules", "Understood on", ""].map(|text| Column { text, numeric: false });
        let row = |(name, found, on): &(String, &&Understood, calendar::Date)| {
            vec![
                html! { (name) },
                html! { (title(found)) },
                html! { (long(*on)) },
                html! {
                    form method="post" action=(self.path("/undo")) {
                        input type="hidden" name="word" value=(self.word);
                        input type="hidden" name="person" value=(found.person);
                        (Button { text: &format!("Not yet: {name}"), weight: Weight::Secondary, action: Action::Send })
                    }
                },
            ]
        };
        let rows: Vec<Vec<Markup>> = done.iter().map(row).collect();
        Table { caption: "Who has understood them", columns: &columns, rows: &rows }.render()
    }
}

fn title(found: &Understood) -> &'static str {
    policies::find(found.policy).map_or("", |policy| policy.title)
}
