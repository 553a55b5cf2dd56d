//! From what is in force to the plain words that pages show.

use std::collections::BTreeMap;

use activity::journal::Health;
use filter::profile::Profile;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ledger::jobs::State as JobState;
use ledger::keys::Standing;
use ledger::outbox::State as MessageState;
use ledger::waiting;
use lists::build::ListReport;
use lists::starter;

use super::view::{GateFacts, HelpLinesPage, HomePage, ListFacts, ListState, ListsPage, RecordsFacts};
use crate::answer::school_time;
use crate::config::Config;
use crate::gateway::{OpenListener, Status};
use crate::live::{InForce, Live, Origin, PackFrom};
use crate::records::Records;
use crate::{demo, refresh};

/// Name and title of each profile.
pub(super) fn profiles(config: &Config) -> Vec<(String, String)> {
    config.profiles.iter().map(|profile| (profile.name().to_owned(), profile.title().to_owned())).collect()
}

/// The profile of this name.
pub(super) fn profile<'a>(config: &'a Config, name: &str) -> Option<&'a Profile> {
    config.profiles.iter().find(|profile| profile.name() == name)
}

/// The overview.
pub(super) fn home<'a>(
    live: &Live,
    in_force: &'a InForce,
    profiles: &'a [(String, String)],
    gate: GateFacts,
    records: RecordsFacts,
) -> HomePage<'a> {
    let zone = &in_force.config.time_zone;
    let state = live.refresh.load();
    let built = in_force.report.as_ref().filter(|_| in_force.pack == PackFrom::Lists).map(|(built, _)| *built);
    let refresh = match (&state.last, state.running, built) {
        (_, true, _) => "under way now".to_owned(),
        (Some((at, said)), false, _) => format!("{said} {}", school_time(*at, zone)),
        (None, false, Some(built)) => format!("The lists in force were put together on {}", school_time(built, zone)),
        (None, false, None) => "never".to_owned(),
    };
    let next_refresh = match state.next {
        Some(next) => school_time(next, zone),
        None if state.running => "when this one has ended".to_owned(),
        None => "none: no list is configured, so there is nothing to fetch".to_owned(),
    };
    let rules = match live.origin() {
        Origin::BuiltIn => "the built-in settings".to_owned(),
        Origin::File(path) => path.display().to_string(),
        Origin::Demo(_) => "an invented school".to_owned(),
    };
    HomePage {
        entries: in_force.entries(),
        only_starter: in_force.pack == PackFrom::Starter || in_force.config.sources.is_empty(),
        rules,
        since: school_time(in_force.since, zone),
        refresh,
        next_refresh,
        people: in_force.config.people.len(),
        exceptions: in_force.config.overrides.len(),
        windows: in_force.config.windows.len(),
        profiles,
        missing: &in_force.missing,
        data: live.data().root().display().to_string(),
        gate,
        records,
    }
}

/// The records, and what has not left them.
pub(super) async fn records(records: &Records, config: &Config) -> RecordsFacts {
    let found = match records.get() {
        Ok(protected) => match waiting(protected.ledger().reader()).await {
            Ok(waiting) => Ok((protected.standing(), waiting)),
            Err(error) => Err(error.to_string()),
        },
        Err(why) => Err(why),
    };
    let has_server = config.mail.server.is_some();
    match found {
        Ok((standing, waiting)) => {
            let count = |state: fn(&MessageState) -> bool| waiting.messages.iter().filter(|message| state(&message.state)).count();
            let failed = waiting.jobs.iter().filter(|job| job.state == JobState::Failed || job.error.is_some()).count();
            RecordsFacts {
                standing: Ok(match standing {
                    Standing::NotMade => "No keys yet, so nothing protected can be written (schoolgate keys init)",
                    Standing::Locked => "Locked: can be written, read by nobody",
                    Standing::Unlocked => "Unlocked",
                }),
                has_server,
                waiting: count(|state| matches!(state, MessageState::Waiting(_))),
                given_up: count(|state| matches!(state, MessageState::Failed)),
                held: count(|state| matches!(state, MessageState::Held)),
                failed,
            }
        }
        Err(why) => RecordsFacts { standing: Err(why), has_server, waiting: 0, given_up: 0, held: 0, failed: 0 },
    }
}

/// The proxy and its journal.
pub(super) fn gate(status: &Status, config: &Config, now: Timestamp) -> GateFacts {
    let open = |it: &OpenListener| format!("{} at {}{}", it.name, it.address, if it.sign_in { ", people sign in" } else { "" });
    let zone = &config.time_zone;
    let today = now.to_zoned(zone.clone()).date();
    let journal = match (status.journal(), status.events(today)) {
        (Health::Failing { since, error }, _) => {
            Err(format!("cannot be written since {} ({error}); no request goes on until it can", school_time(since, zone)))
        }
        (Health::Healthy, Ok(events)) => Ok(events),
        (Health::Healthy, Err(error)) => Err(format!("cannot be read ({error})")),
    };
    GateFacts {
        listeners: status.listeners().iter().map(open).collect(),
        root: status.root().map(|root| (root.fingerprint(), school_time(root.ends(), zone))),
        journal,
    }
}

/// The lists, as they stand now: a failed refresh changes their state without changing what is in force.
pub(super) fn lists(live: &Live, in_force: &InForce, now: Timestamp) -> ListsPage {
    let states = refresh::states(&in_force.config, live.data());
    let empty = Vec::new();
    let reports = in_force.report.as_ref().map_or(&empty, |(_, report)| &report.lists);
    let of = |name: &str| reports.iter().find(|report| report.name == name);
    let configured = states.iter().map(|state| list(state, of(&state.name), &in_force.config, now));
    let others = reports.iter().filter(|report| states.iter().all(|state| state.name != report.name)).map(|report| {
        let age = if [lists::import::STARTER, demo::LIST.0].contains(&report.name.as_str()) {
            "comes with Schoolgate"
        } else {
            "not configured any more"
        };
        facts(&report.name, ListState::InForce, age.to_owned(), Some(report.taken()), Some(report))
    });
    let (unknown, ignored) = match &in_force.report {
        Some((_, report)) => (report.unknown_labels.clone(), report.ignored_labels.clone()),
        None => Default::default(),
    };
    let built = in_force.report.as_ref().filter(|_| in_force.pack == PackFrom::Lists);
    ListsPage {
        built: built.map(|(built, _)| school_time(*built, &in_force.config.time_zone)),
        entries: in_force.entries(),
        lists: configured.chain(others).collect(),
        unknown: unknown.into_iter().collect(),
        ignored: ignored.into_iter().collect(),
    }
}

/// The help lines and the school's own pages.
pub(super) fn help_lines(config: &Config) -> HelpLinesPage {
    let own = config.protect.hosts.iter().map(|host| host.as_str().to_owned()).collect();
    HelpLinesPage { lines: starter::helplines().unwrap_or_default(), own }
}

/// All profiles with the reasons, as a table that spreadsheets read.
pub(super) fn csv(profiles: &[Profile]) -> String {
    let mut text = String::from("category");
    for profile in profiles {
        text.push(',');
        text.push_str(profile.name());
    }
    text.push_str(",why,source\r\n");
    for row in &filter::profile::matrix::ROWS {
        text.push_str(row.category.slug());
        for profile in profiles {
            let action = match profile.action(row.category) {
                filter::profile::Action::Allow => ",allow",
                filter::profile::Action::Warn => ",warn",
                filter::profile::Action::Block => ",block",
            };
            text.push_str(action);
        }
        for field in [row.why, row.source] {
            text.push_str(&format!(",\"{}\"", field.replace('"', "\"\"")));
        }
        text.push_str("\r\n");
    }
    text
}

fn list(state: &refresh::ListState, report: Option<&ListReport>, config: &Config, now: Timestamp) -> ListFacts {
    let days = state.checked_at.map(|checked| now.duration_since(checked).as_hours() / 24);
    let stale = days.is_some_and(|days| days >= i64::from(config.lists.stale_after_days));
    let stands = match (state.entries, &state.failure) {
        (None, _) => ListState::Absent,
        (Some(_), _) if stale => ListState::Stale,
        (Some(_), Some(_)) => ListState::Kept,
        (Some(_), None) => ListState::InForce,
    };
    let mut facts = facts(&state.name, stands, age(state, days, &config.time_zone), state.entries, report);
    if let Some(failure) = &state.failure {
        facts.trouble.push(format!("{} ({})", failure.text, school_time(failure.at, &config.time_zone)));
    }
    if let Some(before) = state.shrunk_from {
        facts.trouble.push(format!("It had {before} entries before, more than twice as many. Look whether its publisher changed it."));
    }
    facts
}

fn age(state: &refresh::ListState, days: Option<i64>, zone: &TimeZone) -> String {
    match (&state.path, days) {
        (Some(path), _) => format!("read from {}", path.display()),
        (None, Some(0)) => "confirmed by its publisher within a day".to_owned(),
        (None, Some(1)) => "confirmed by its publisher a day ago".to_owned(),
        (None, Some(days)) => format!("confirmed by its publisher {days} days ago"),
        (None, None) => match &state.failure {
            Some(failure) => format!("never fetched; last tried {}", school_time(failure.at, zone)),
            None => "not fetched yet".to_owned(),
        },
    }
}

fn facts(name: &str, state: ListState, age: String, taken: Option<u64>, report: Option<&ListReport>) -> ListFacts {
    let mut left_out: BTreeMap<String, u64> = BTreeMap::new();
    for file in report.iter().flat_map(|report| &report.files) {
        for (why, count) in &file.skipped {
            *left_out.entry(why.clone()).or_default() += count.lines;
        }
        for (why, lines) in [("category left out on purpose", file.ignored), ("category nobody has mapped", file.unmapped)] {
            if lines > 0 {
                *left_out.entry(why.to_owned()).or_default() += lines;
            }
        }
    }
    let mut left_out: Vec<_> = left_out.into_iter().collect();
    left_out.sort_by_key(|(_, lines)| std::cmp::Reverse(*lines));
    let notes = report.map(|report| report.notes.clone()).unwrap_or_default();
    ListFacts { name: name.to_owned(), state, age, taken, trouble: Vec::new(), left_out, notes }
}
