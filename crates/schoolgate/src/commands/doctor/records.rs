//! Whether the records can be had, and what in them was not done or not sent.

use ledger::jobs::State as JobState;
use ledger::outbox::State as MessageState;
use ledger::{Waiting, waiting};

use super::Facts;
use super::finding::{Look, Told, Unknown};
use crate::config::Config;
use crate::data::DataFolder;
use crate::master::MasterKey;
use crate::records;

/// What is still to be done and sent; none where there are no records yet. The error says why they cannot be had.
pub(super) fn gather(config: &Config, data: &DataFolder) -> Result<Option<Waiting>, String> {
    let found = async {
        match records::read(config, data).await? {
            Some(reading) => Ok(Some(waiting(&reading).await?)),
            None => Ok(None),
        }
    };
    records::runtime().and_then(|runtime| runtime.block_on(found)).map_err(|error| format!("{error:#}"))
}

pub(super) fn open(facts: &Facts) -> Look {
    match facts.records()? {
        Ok(Some(_)) => Told::good("The records can be read.").into(),
        Ok(None) => Told::good("There are none yet: `schoolgate run` makes them.").into(),
        Err(why) => {
            let says = format!("They cannot be had: {why}.\nSites are filtered all the same; what people do is not recorded.");
            Told::bad(says, "put that right; Schoolgate that is running takes them up by itself").into()
        }
    }
}

pub(super) fn master_key(facts: &Facts) -> Look {
    match MasterKey::existing(facts.data()?) {
        Ok(Some(_)) => Told::good("It is there, and it is the one that this folder had.").into(),
        Ok(None) => Told::good("There is none yet: `schoolgate run` makes it.").into(),
        Err(error) => {
            let says = format!("{error:#}.\nUntil then no message leaves, and nobody signs in with a second factor.");
            Told::bad(says, "put that right, then start Schoolgate again if it is running").into()
        }
    }
}

pub(super) fn messages(facts: &Facts) -> Look {
    let waiting = readable(facts)?;
    let count = |state: fn(&MessageState) -> bool| waiting.messages.iter().filter(|message| state(&message.state)).count();
    let (held, given_up) = (count(|state| *state == MessageState::Held), count(|state| *state == MessageState::Failed));
    let waits = waiting.messages.len() - held - given_up;
    let mut told = Vec::new();
    if given_up > 0 {
        told.push(Told::bad(
            format!("{given_up} could not be sent."),
            "`schoolgate jobs` says why; put that right, then `schoolgate jobs retry --all`, or tell the people in another way",
        ));
    }
    if held > 0 {
        told.push(Told::warn(
            format!("{held} came back with a backup and may have been sent since."),
            "`schoolgate jobs` shows them; `schoolgate jobs release --all` sends them",
        ));
    }
    if facts.config()?.mail.server.is_none() {
        let says = format!("No mail server is set up, so no message leaves; {waits} wait.");
        told.push(Told::warn(says, "set server = ... and from = ... under [mail]; docs/config.toml shows how"));
    } else if told.is_empty() {
        told.push(Told::good(format!("{waits} wait to be sent.")));
    }
    Ok(told)
}

pub(super) fn jobs(facts: &Facts) -> Look {
    let waiting = readable(facts)?;
    let failing = waiting.jobs.iter().filter(|job| job.state == JobState::Failed || job.error.is_some());
    let failing: Vec<String> = failing.map(|job| format!("{}: {}.", job.kind, job.error.as_deref().unwrap_or("it was given up"))).collect();
    if failing.is_empty() {
        return Told::good("None has failed.").into();
    }
    Told::bad(failing.join("\n"), "put that right; it is tried again by itself, or at once with `schoolgate jobs retry --all`").into()
}

fn readable(facts: &Facts) -> Result<Waiting, Unknown> {
    match facts.records()? {
        Ok(found) => Ok(found.clone().unwrap_or_default()),
        Err(_) => Err(Unknown::new("the records cannot be had")),
    }
}
