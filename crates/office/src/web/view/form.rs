//! A form from what was typed into it and what is wrong with that.

use maud::{Markup, Render, html};
use ui::components::button::{Action, Button, Weight};
use ui::components::checkboxes::Checkboxes;
use ui::components::date_input::DateInput;
use ui::components::error_summary::{ErrorSummary, FieldError};
use ui::components::radios::{Choice, Radios};
use ui::components::select::Select;
use ui::components::text_area::TextArea;
use ui::components::text_input::{Kind, TextInput};

use crate::web::Fields;

/// A form: each field is filled with what was typed, and says what is wrong with it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form<'a> {
    /// What was typed, and what is wrong.
    pub(crate) fields: &'a Fields,
    /// The word of the session.
    pub(crate) word: &'a str,
}

impl Form<'_> {
    /// Everything that is wrong, to stand above the heading.
    pub(crate) fn summary(&self) -> Markup {
        let errors: Vec<FieldError<'_>> = self.fields.errors().iter().map(|(field, message)| FieldError { field, message }).collect();
        html! { @if !errors.is_empty() { (ErrorSummary { errors: &errors }) } }
    }

    /// The word, in every form.
    pub(crate) fn word(&self) -> Markup {
        html! { input type="hidden" name="word" value=(self.word); }
    }

    /// A field that is sent as it came.
    pub(crate) fn hidden(&self, name: &str) -> Markup {
        html! { input type="hidden" name=(name) value=(self.fields.get(name)); }
    }

    /// A line of text.
    pub(crate) fn text(&self, name: &str, label: &str, hint: Option<&str>) -> Markup {
        self.line(name, label, hint, Kind::Text)
    }

    /// A line of a kind.
    pub(crate) fn line(&self, name: &str, label: &str, hint: Option<&str>, kind: Kind) -> Markup {
        let (error, value) = (self.fields.error(name), self.fields.get(name));
        TextInput { name, label, hint, error, value, kind, autocomplete: None }.render()
    }

    /// Some lines of text.
    pub(crate) fn area(&self, name: &str, label: &str, hint: Option<&str>) -> Markup {
        TextArea { name, label, hint, error: self.fields.error(name), value: self.fields.get(name), rows: 3, language: None }.render()
    }

    /// A day.
    pub(crate) fn day(&self, name: &str, legend: &str, hint: Option<&str>) -> Markup {
        let parts = ["day", "month", "year"].map(|part| format!("{name}-{part}"));
        let [day, month, year] = &parts;
        let value = [day, month, year].map(|part| self.fields.get(part));
        // The error stands at the first of the three fields.
        DateInput { name, legend, hint, error: self.fields.error(day), value }.render()
    }

    /// One of many.
    pub(crate) fn select(&self, name: &str, label: &str, hint: Option<&str>, options: &[(&str, &str)]) -> Markup {
        let (error, chosen) = (self.fields.error(name), Some(self.fields.get(name)));
        Select { name, label, hint, error, options, chosen }.render()
    }

    /// One of a few.
    pub(crate) fn radios(&self, name: &str, legend: &str, hint: Option<&str>, choices: &[Choice<'_>]) -> Markup {
        let (error, chosen) = (self.fields.error(name), Some(self.fields.get(name)));
        Radios { name, legend, hint, error, choices, chosen }.render()
    }

    /// Any of a few.
    pub(crate) fn boxes(&self, name: &str, legend: &str, hint: Option<&str>, choices: &[Choice<'_>]) -> Markup {
        let ticked: Vec<&str> = self.fields.all(name).collect();
        Checkboxes { name, legend, hint, error: self.fields.error(name), choices, ticked: &ticked }.render()
    }

    /// The button that sends it.
    pub(crate) fn send(&self, text: &str) -> Markup {
        Button { text, weight: Weight::Main, action: Action::Send }.render()
    }
}
