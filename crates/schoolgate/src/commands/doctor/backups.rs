//! Whether there is a copy of the records that outlives this machine, and how old it is.

use jiff::{SignedDuration, Timestamp};

use super::Facts;
use super::finding::{Look, Told};
use super::machine::size;
use crate::answer::school_time;
use crate::backup::{KEPT, Record, newest};
use crate::config::Config;

/// A night and some hours: older than that, one was missed.
const OLD: SignedDuration = SignedDuration::from_hours(30);

/// What sets one up.
const SET_UP: &str = "set to = ... and recipients = ... under [backup]; docs/backup.md shows how";

pub(super) fn last(facts: &Facts) -> Look {
    let (config, data) = (facts.config()?, facts.data()?);
    let Some(to) = &config.backup.to else {
        return Told::bad("No backup is set up: when this machine is lost, so are the records.", SET_UP).into();
    };
    let record = Record::read(data);
    let failure = record.failure.map(|failure| format!("\nOn {}: {}", school_time(failure.at, &config.time_zone), failure.text));
    let failure = failure.unwrap_or_default();
    let Some((at, path)) = newest(to) else {
        let says = format!("There is no backup in {}.{failure}", to.display());
        return Told::bad(says, "run `schoolgate backup` with the same --config, which says what is wrong").into();
    };
    let when = school_time(at, &config.time_zone);
    let bytes = path.metadata().map_or(0, |found| found.len());
    if !to.join(KEPT).is_file() {
        let says = format!("{} is not in {}: what was erased would come back with a restore.", KEPT, to.display());
        return Told::bad(says, "run `schoolgate backup` with the same --config, which writes it again").into();
    }
    if facts.now.duration_since(at) > OLD {
        return Told::bad(format!("The last good backup is of {when}.{failure}"), todo(facts.now, at, config)).into();
    }
    if !failure.is_empty() {
        let says = format!("The last good backup is of {when}; since then one failed.{failure}");
        return Told::warn(says, "put that right; it is tried again within the hour").into();
    }
    Told::good(format!("The last one is of {when}, {}.", size(bytes))).into()
}

fn todo(now: Timestamp, at: Timestamp, config: &Config) -> String {
    let days = now.duration_since(at).as_hours() / 24;
    let gone =
        if days >= i64::from(config.backup.keep_days) { "; it is kept although its time is over, since it is the newest" } else { "" };
    format!("keep `schoolgate run` running over night, or run `schoolgate backup` with the same --config now{gone}")
}
