//! The category lists, the pack made of them and the report of its build.

use std::fs;

use lists::pack_file;

use super::Facts;
use super::finding::{Look, Told, Unknown};
use super::machine::size;
use crate::answer::school_time;
use crate::config::Config;
use crate::refresh::{self, ListState};

/// What puts lists right.
const UPDATE: &str = "run `schoolgate lists update` with the same --config, which says what is wrong";
/// The same, where what is wrong has just been said.
const AGAIN: &str = "put that right, then run `schoolgate lists update` with the same --config";

pub(super) fn full_set(facts: &Facts) -> Look {
    match facts.config()?.sources.len() {
        0 => Told::bad(
            "No full category list is set up: only the small starter list is used. This must not be your school's only filter.",
            "add at least one [[list]] to the configuration; docs/config.toml shows how",
        )
        .into(),
        1 => Told::good("One category list is set up.").into(),
        count => Told::good(format!("{count} category lists are set up.")).into(),
    }
}

pub(super) fn each(facts: &Facts) -> Look {
    let (config, data) = (facts.config()?, facts.data()?);
    Ok(refresh::states(config, data).iter().map(|state| list(facts, config, state)).collect())
}

fn list(facts: &Facts, config: &Config, state: &ListState) -> Told {
    let name = &state.name;
    let failure = state.failure.as_ref().map(|failure| format!("\nOn {}: {}", school_time(failure.at, &config.time_zone), failure.text));
    let failure = failure.unwrap_or_default();
    let update = if failure.is_empty() { UPDATE } else { AGAIN };
    if let Some(Err(error)) = state.path.as_ref().map(fs::metadata) {
        return Told::bad(
            format!("{name}: what it is read from is not there ({error}).{failure}"),
            "put the file back, or correct path = ... of the list",
        );
    }
    if state.path.is_none() && state.checked_at.is_none() {
        return Told::bad(format!("{name}: never fetched, so it closes nothing.{failure}"), update);
    }
    let Some(entries) = state.entries else {
        return Told::warn(format!("{name}: not in the pack in force, so it closes nothing yet.{failure}"), update);
    };
    if let Some(before) = state.shrunk_from {
        return Told::warn(
            format!("{name}: {entries} entries, where there were {before}."),
            "look whether the publisher means it; a list that shrinks so much is often broken",
        );
    }
    let days = state.checked_at.map(|checked| facts.now.duration_since(checked).as_hours() / 24);
    if let Some(days) = days.filter(|days| *days >= i64::from(config.lists.stale_after_days)) {
        return Told::warn(format!("{name}: no news from its publisher for {days} days.{failure}"), update);
    }
    if !failure.is_empty() {
        return Told::warn(format!("{name}: {entries} entries are in force, but the last attempt failed.{failure}"), AGAIN);
    }
    let when = state.checked_at.map(|checked| format!(", last checked on {}", school_time(checked, &config.time_zone)));
    Told::good(format!("{name}: {entries} entries{}.", when.unwrap_or_default()))
}

pub(super) fn pack(facts: &Facts) -> Look {
    let path = facts.data()?.pack();
    if !path.exists() {
        let has_lists = facts.config.as_ref().is_ok_and(|config| !config.sources.is_empty());
        return if has_lists {
            Told::bad("There is no pack, so only the small starter list is in force.", UPDATE).into()
        } else {
            Told::good("There is no pack; the starter list that comes with Schoolgate is in force.").into()
        };
    }
    match pack_file::open(&path) {
        Ok(pack) => {
            let memory = size(pack.resident_bytes() as u64);
            Told::good(format!("{} entries, checksum {:016x}, {memory} in memory.", pack.entries(), pack.checksum())).into()
        }
        Err(error) => {
            Told::bad(format!("{error}."), "run `schoolgate lists update` to make it anew; what is running keeps the pack it has").into()
        }
    }
}

/// What the build of the pack could not use, by the report that was written with it.
pub(super) fn report(facts: &Facts) -> Look {
    let (config, data) = (facts.config()?, facts.data()?);
    if !data.pack().exists() {
        return Ok(Vec::new());
    }
    let unknown = || Unknown::new("there is no report of the build that made the pack");
    let (built, report) = refresh::last_report(data).ok_or_else(unknown)?;
    let built = format!("The pack was built on {}", school_time(built, &config.time_zone));
    match report.unknown_labels.len() {
        0 => Told::good(format!("{built}, and every category of its lists is one of ours.")).into(),
        count => {
            let todo = "see which in what `schoolgate lists update` prints, and map them: mapping = ... under [lists]";
            Told::warn(format!("{built}; {count} categories of its lists are none of ours, so what they name is not closed."), todo).into()
        }
    }
}
