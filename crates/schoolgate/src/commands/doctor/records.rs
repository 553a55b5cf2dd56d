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

/// What was found in the records.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    /// What is still to be done and sent.
    waiting: Waiting,
    /// How many people can sign in, or could until their account ended.
    accounts: usize,
}

/// What is in the records; none where there are no records yet. The error says why they cannot be had.
pub(super) fn gather(config: &Config, data: &DataFolder) -> Result<Option<Found>, String> {
    let found = async {
        let Some(reading) = records::read(config, data).await? else { return Ok(None) };
        let accounts = match ledger::organisation_of(&reading).await? {
            Some(organisation) => office::signin::accounts(&reading, organisation).await?.len(),
            None => 0,
        };
        anyhow::Ok(Some(Found { waiting: waiting(&reading).await?, accounts }))
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
    let Found { waiting, .. } = readable(facts)?;
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
    if told.is_empty() {
        told.push(Told::good(format!("{waits} wait to be sent.")));
    }
    Ok(told)
}

pub(super) fn mail_server(facts: &Facts) -> Look {
    if facts.config()?.mail.server.is_some() {
        return Told::good("One is set up.").into();
    }
    let waits = match readable(facts) {
        Ok(found) => found.waiting.messages.iter().filter(|message| matches!(message.state, MessageState::Waiting(_))).count(),
        // That they cannot be had is said where the records are looked at.
        Err(_) => 0,
    };
    let says = format!("No mail server is set up, so no message leaves; {waits} wait.");
    Told::warn(says, "set server = ... and from = ... under [mail]; docs/config.toml shows how").into()
}

pub(super) fn accounts(facts: &Facts) -> Look {
    match readable(facts)?.accounts {
        0 => Told::warn(
            "Nobody has an account, so nobody can sign in to the console.",
            "make the first two with `schoolgate accounts first`",
        )
        .into(),
        count => Told::good(format!("There are {count}.")).into(),
    }
}

pub(super) fn jobs(facts: &Facts) -> Look {
    let Found { waiting, .. } = readable(facts)?;
    let failing = waiting.jobs.iter().filter(|job| job.state == JobState::Failed || job.error.is_some());
    let failing: Vec<String> = failing.map(|job| format!("{}: {}.", job.kind, job.error.as_deref().unwrap_or("it was given up"))).collect();
    if failing.is_empty() {
        return Told::good("None has failed.").into();
    }
    Told::bad(failing.join("\n"), "put that right; it is tried again by itself, or at once with `schoolgate jobs retry --all`").into()
}

fn readable(facts: &Facts) -> Result<Found, Unknown> {
    match facts.records()? {
        Ok(found) => Ok(found.clone().unwrap_or_default()),
        Err(_) => Err(Unknown::new("the records cannot be had")),
    }
}
