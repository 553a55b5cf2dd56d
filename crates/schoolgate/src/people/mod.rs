//! People from the command line: what a person at the machine orders, by a command that has the records to itself or over the control
//! socket, and what came of it, in plain strings.

mod order;
mod report;

use anyhow::{Context, Result, bail};
use calendar::{Date, Instant};
use jiff::tz::TimeZone;
use office::people::{Person, Short};

pub(crate) use order::days;
pub use order::{Order, Source, Wish, carry_out, plan_import, plan_year};
pub use report::{Column, Line, Report};

/// The day at a moment, by the school's clock.
///
/// # Errors
/// Where the clock shows a year that cannot be kept.
pub fn today(now: Instant, zone: &TimeZone) -> Result<Date> {
    Date::try_from(now.timestamp().to_zoned(zone.clone()).date()).context("reading today's date: look at the clock of this machine")
}

/// The one person whom a text names: by id, by key in the source, or by the whole name in small or capital letters.
///
/// # Errors
/// Where it is nobody, or more than one.
pub fn one<'a>(all: &'a [Person], said: &str) -> Result<&'a Person> {
    let said = said.trim();
    let is_name = |person: &Person| {
        let formal = format!("{} {}", person.details.given, person.details.family);
        [person.details.name(), formal].iter().any(|name| name.to_lowercase() == said.to_lowercase())
    };
    let is_key = |person: &&Person| person.id.to_string() == said || person.details.source.as_ref().map(Short::as_str) == Some(said);
    if let Some(person) = all.iter().find(is_key) {
        return Ok(person);
    }
    let found: Vec<&Person> = all.iter().filter(|person| is_name(person)).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => bail!("nobody here is called \"{}\"; `schoolgate people list` shows everybody with their id", said.escape_debug()),
        several => {
            let ids: Vec<String> = several.iter().map(|person| format!("{} ({})", person.id, person.details.memberships)).collect();
            bail!("{} people are called so; say which by the id: {}", several.len(), ids.join(", "))
        }
    }
}
