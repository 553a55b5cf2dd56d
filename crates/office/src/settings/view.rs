//! The markup of settings.

use maud::{Markup, html};
use ui::Href;
use ui::components::button::{Action, Button, Weight};
use ui::components::checkboxes::Checkboxes;
use ui::components::empty_state::EmptyState;
use ui::components::error_summary::{ErrorSummary, FieldError};
use ui::components::radios::{Choice, Radios};
use ui::components::select::Select;
use ui::components::summary_list::{Row, SummaryList};
use ui::components::table::{Column, Table};
use ui::components::text_input::{Kind as Text, TextInput};

use super::{ALL, Kind, Setting, Settings, Theme};
use crate::web::Content;

/// All settings.
pub(super) struct ListPage<'a> {
    pub(super) settings: &'a Settings,
}

/// One of them.
pub(super) struct SettingPage<'a> {
    pub(super) word: &'a str,
    pub(super) setting: &'a Setting,
    pub(super) now: i64,
    pub(super) seen: i64,
    pub(super) typed: Option<&'a str>,
    pub(super) reason: &'a str,
    pub(super) past: &'a [Past],
    pub(super) may_change: bool,
    /// To how many more what was typed would shut the internet.
    pub(super) shut: usize,
    pub(super) error: Option<&'a str>,
}

/// What held once.
pub(super) struct Past {
    pub(super) value: String,
    pub(super) reason: String,
    pub(super) by: String,
    pub(super) at: String,
}

impl Content for ListPage<'_> {
    fn title(&self) -> String {
        "Settings".to_owned()
    }

    fn place(&self) -> &'static str {
        "/settings"
    }

    fn content(&self) -> Markup {
        let columns = ["What", "Holds now", "Usual", "Clauses"].map(|text| Column { text, numeric: false });
        let row = |setting: &Setting| {
            let path = Href::path(&format!("settings/{}", setting.word));
            vec![
                html! { a.govuk-link href=(path) { (setting.title) } },
                html! { @if self.settings.changed(setting).is_some() { strong { (self.settings.words(setting)) } } @else { (self.settings.words(setting)) } },
                html! { (setting.words(setting.usual)) },
                html! { (setting.clauses.join(", ")) },
            ]
        };
        html! {
            h1.govuk-heading-l { "Settings" }
            p.govuk-body-l { "The periods and numbers of the policy. Its text takes them from here, so that what it says is what is done." }
            @for theme in Theme::ALL {
                @let rows: Vec<Vec<Markup>> = ALL.iter().filter(|setting| setting.theme == theme).map(row).collect();
                (Table { caption: theme.title(), columns: &columns, rows: &rows })
            }
        }
    }
}

impl Content for SettingPage<'_> {
    fn title(&self) -> String {
        self.setting.title.to_owned()
    }

    fn place(&self) -> &'static str {
        "/settings"
    }

    fn has_errors(&self) -> bool {
        self.error.is_some()
    }

    fn content(&self) -> Markup {
        let setting = self.setting;
        let clauses = setting.clauses.join(", ");
        let value = setting.words(self.now);
        let usual = setting.words(setting.usual);
        let acts = if setting.acts {
            "What Schoolgate does, and the text of the policy"
        } else {
            "The text of the policy. Nothing else in Schoolgate goes by it yet"
        };
        let row = |key, text: &str| Row { key, value: html! { (text) }, change: None };
        let rows = [row("Holds now", &value), row("Usual", &usual), row("Goes by it", acts), row("Clauses", &clauses)];
        html! {
            @if let Some(error) = self.error { (ErrorSummary { errors: &[FieldError { field: if error.starts_with("Say why") { "reason" } else { "value" }, message: error }] }) }
            h1.govuk-heading-l { (setting.title) }
            (SummaryList { rows: &rows })
            @if (setting.shuts() || setting.is_gate()) && !self.may_change { p.govuk-body { "The headteacher changes it, since the internet of people hangs on it." } }
            @if self.may_change && setting.is_gate() {
                p.govuk-body { a.govuk-link href="/agreements/gate" { "Try out and change how the internet hangs on the agreement" } }
            } @else if self.may_change { (self.form()) }
            h2.govuk-heading-m { "What held before" }
            @if self.past.is_empty() {
                (EmptyState { title: "It was never changed", text: "It holds as it is shipped.", action: None })
            } @else {
                @let columns = ["Value", "From", "Why", "By"].map(|text| Column { text, numeric: false });
                @let rows: Vec<Vec<Markup>> = self.past.iter().map(|past| vec![html! { (past.value) }, html! { (past.at) }, html! { (past.reason) }, html! { (past.by) }]).collect();
                (Table { caption: "Each value that was set, the newest first", columns: &columns, rows: &rows })
            }
        }
    }
}

impl SettingPage<'_> {
    fn form(&self) -> Markup {
        let setting = self.setting;
        let now = self.now.to_string();
        let value = self.typed.unwrap_or(&now);
        let hint = format!("From {} to {}", setting.words(setting.least), setting.words(setting.most));
        let (value_error, reason_error) = match self.error {
            Some(error) if error.starts_with("Say why") => (None, Some(error)),
            error => (error, None),
        };
        html! {
            h2.govuk-heading-m { "Change it" }
            form method="post" action=(Href::path(&format!("settings/{}", setting.word))) novalidate {
                input type="hidden" name="word" value=(self.word);
                input type="hidden" name="seen" value=(self.seen);
                @match setting.kind {
                    Kind::YesNo => {
                        (Radios { name: "value", legend: setting.title, hint: None, error: value_error, choices: &[Choice { value: "1", label: "Yes", hint: None }, Choice { value: "0", label: "No", hint: None }], chosen: Some(value) })
                    }
                    Kind::Year | Kind::Weekday => {
                        @let years: Vec<(String, String)> = (setting.least..=setting.most).map(|year| (year.to_string(), setting.words(year))).collect();
                        @let options: Vec<(&str, &str)> = years.iter().map(|(value, text)| (value.as_str(), text.as_str())).collect();
                        (Select { name: "value", label: if setting.kind == Kind::Year { "Year group" } else { "Day" }, hint: None, error: value_error, options: &options, chosen: Some(value) })
                    }
                    kind => {
                        @let label = if kind == Kind::DayOfYear { "Month and day: 630 is 30 June".to_owned() } else if kind.unit().is_empty() { "New value".to_owned() } else { format!("New value, in {}", kind.unit()) };
                        (TextInput { name: "value", label: &label, hint: Some(&hint), error: value_error, value, kind: Text::Number, autocomplete: None })
                    }
                }
                (TextInput { name: "reason", label: "Why is it changed?", hint: Some("Kept for as long as the records are. No names of people."), error: reason_error, value: self.reason, kind: Text::Text, autocomplete: None })
                @if self.shut > 0 {
                    @let value = self.shut.to_string();
                    @let label = if self.shut == 1 { "It is meant, though 1 more person is without".to_owned() } else { format!("It is meant, though {value} more people are without") };
                    (Checkboxes { name: "shut", legend: "Without the internet", hint: None, error: None, choices: &[Choice { value: &value, label: &label, hint: None }], ticked: &[] })
                }
                (Button { text: "Change it", weight: Weight::Main, action: Action::Send })
            }
        }
    }
}
