//! The markup of signing in. A word on tone: whoever stands here is in a hurry, and may be seven.

mod accounts;
mod door;
mod own;

use jiff::tz::TimeZone;
use maud::{Markup, Render, html};
use ui::components::button::{Action, Button, Weight};
use ui::components::error_summary::{ErrorSummary, FieldError};
use ui::components::table::Column;
use ui::components::text_input::{Kind, TextInput};

pub(super) use accounts::{AccountRow, AccountsPage, Candidate, LinkPage};
pub(super) use door::{ChoosePage, ChosenPage, SignInPage};
pub(super) use own::{CodesPage, OwnPage, SecondFactorPage, SessionRow};

/// A password to be typed.
fn password<'a>(name: &'a str, label: &'a str, hint: Option<&'a str>, autocomplete: &'a str) -> Markup {
    TextInput { name, label, hint, error: None, value: "", kind: Kind::Password, autocomplete: Some(autocomplete) }.render()
}

pub(in crate::signin) fn word(word: &str) -> Markup {
    html! { input type="hidden" name="word" value=(word); }
}

pub(in crate::signin) fn send(text: &str, weight: Weight) -> Markup {
    Button { text, weight, action: Action::Send }.render()
}

pub(in crate::signin) fn summary(field: &str, error: Option<&str>) -> Markup {
    html! { @if let Some(message) = error { (ErrorSummary { errors: &[FieldError { field, message }] }) } }
}

fn at(instant: calendar::Instant, zone: &TimeZone) -> String {
    instant.timestamp().to_zoned(zone.clone()).strftime("%-d %B %Y, %H:%M").to_string()
}

const COLUMNS: fn(&'static str) -> Column<'static> = |text| Column { text, numeric: false };
const PASSWORD_HINT: &str = "12 letters or more. Three or four words that do not belong together are good and easy to keep in mind.";
