//! One permission.

use calendar::Date;
use maud::{Markup, Render, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::button::{Action, Button, Weight};
use ui::components::radios::Choice;
use ui::components::summary_list::{Row, SummaryList};

use super::tag;
use crate::permissions::{Permission, Standing};
use crate::web::{Content, Fields, Form, long};

/// What was asked for, and what became of it.
pub(in crate::permissions) struct OnePage<'a> {
    pub(in crate::permissions) word: &'a str,
    pub(in crate::permissions) permission: &'a Permission,
    /// What it says.
    pub(in crate::permissions) about: &'a str,
    /// Who asked.
    pub(in crate::permissions) asker: String,
    /// Who decided.
    pub(in crate::permissions) decider: Option<String>,
    pub(in crate::permissions) is_own: bool,
    pub(in crate::permissions) may_decide: bool,
    pub(in crate::permissions) today: Date,
    pub(in crate::permissions) fields: &'a Fields,
}

impl Content for OnePage<'_> {
    fn title(&self) -> String {
        self.permission.matter.title().to_owned()
    }

    fn place(&self) -> &'static str {
        "/permissions"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        let standing = self.permission.stands(self.today);
        html! {
            (form.summary())
            (BackLink { text: "Permissions", href: Href::path("permissions") })
            h1.govuk-heading-l { (self.permission.matter.title()) }
            p.govuk-body { (tag(standing)) }
            (self.facts(standing))
            @if standing.is_open() && self.may_decide { (self.deciding(form)) }
            @if standing.is_open() && self.is_own { (self.press("take-back", "Take the request back")) }
            @if standing.can_end() && (self.is_own || self.may_decide) { (self.press("end", self.ending(standing))) }
        }
    }
}

impl OnePage<'_> {
    fn facts(&self, standing: Standing) -> Markup {
        let permission = self.permission;
        let row = |key, value| Row { key, value, change: None };
        let mut rows = vec![
            row("Who asked", html! { (self.asker) ", on " (long(permission.asked)) }),
            row("What", html! { span.sg-typed { (self.about) } }),
            row("When", html! { (long(permission.from)) " to " (long(permission.until)) }),
        ];
        if let Some(promise) = permission.matter.promise() {
            rows.push(row("Promised", html! { (promise) }));
        }
        if standing.is_open() {
            rows.push(row("Answer", html! { (permission.matter.decider().sentence()) " By " (long(permission.due)) "." }));
        }
        if let (Some(decision), Some(decider)) = (&permission.decision, &self.decider) {
            let answer = if decision.is_yes { "Yes" } else { "No" };
            rows.push(row(
                "Answer",
                html! {
                    (answer) ", by " (decider) " on " (long(decision.on)) "."
                    @if !decision.why.is_empty() { " " span.sg-typed { (decision.why) } }
                },
            ));
        }
        if let Some(ended) = permission.ended {
            rows.push(row(if permission.matter.comes_back() { "Back" } else { "Ended" }, html! { (long(ended)) }));
        }
        SummaryList { rows: &rows }.render()
    }

    const fn ending(&self, standing: Standing) -> &'static str {
        match (self.permission.matter.comes_back(), standing) {
            (true, Standing::Holds | Standing::NotBack) => "It is all back",
            _ => "It is not needed any more",
        }
    }

    fn path(&self, what: &str) -> Href {
        Href::path(&format!("permissions/{}/{what}", self.permission.id))
    }

    fn press(&self, what: &str, text: &str) -> Markup {
        html! {
            form method="post" action=(self.path(what)) {
                input type="hidden" name="word" value=(self.word);
                input type="hidden" name="seen" value=(self.permission.version);
                (Button { text, weight: Weight::Secondary, action: Action::Send })
            }
        }
    }

    fn deciding(&self, form: Form<'_>) -> Markup {
        let choices = [Choice { value: "yes", label: "Yes, it is allowed", hint: None }, Choice { value: "no", label: "No", hint: None }];
        html! {
            h2.govuk-heading-m { "Decide" }
            form method="post" action=(self.path("decide")) novalidate {
                (form.word())
                input type="hidden" name="seen" value=(self.permission.version);
                (form.radios("answer", "Is it allowed?", None, &choices))
                (form.day("until", "If so, until which day?", Some("Not longer than was asked for.")))
                (form.area("why", "On what condition, or why not?", Some("Whoever asked reads it. If the governing body decided, say where it is minuted.")))
                (form.send("Keep the decision"))
            }
        }
    }
}
