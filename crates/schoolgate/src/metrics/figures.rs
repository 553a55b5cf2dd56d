//! The figures, in the text form of Prometheus.

use std::fmt::Write as _;
use std::fs;

use activity::journal::Health;
use jiff::Timestamp;
use ledger::audit;
use ledger::jobs::State as JobState;
use ledger::outbox::State as MessageState;
use ledger::{Waiting, waiting};

use super::Watched;
use super::requests::ACTIONS;
use crate::backup::newest;
use crate::records::{self, Records};

/// What waits in the records; none where they cannot be asked.
pub(super) async fn waiting_in(records: &Records) -> Option<Waiting> {
    waiting(records.get().ok()?.ledger().reader()).await.ok()
}

/// All of them. What is not known has no line.
pub(super) fn text(watched: &Watched, waiting: Option<&Waiting>) -> String {
    let (in_force, now) = (watched.live.in_force(), watched.world.now());
    let config = &in_force.config;
    let mut page = Page(String::new());
    page.one("schoolgate_up", "Whether Schoolgate runs; its version", &format!("{{version=\"{}\"}}", env!("CARGO_PKG_VERSION")), 1);
    page.one("schoolgate_listeners", "Addresses at which browsers are served", "", watched.gate.listeners().len());
    page.one("schoolgate_journal_healthy", "Whether events can be written", "", u8::from(watched.gate.journal() == Health::Healthy));
    if let Ok(counts) = watched.requests.on(now.to_zoned(config.time_zone.clone()).date()) {
        page.about("schoolgate_requests_today", "Requests since midnight, by what happened");
        for (action, count) in ACTIONS.iter().zip(counts) {
            page.line("schoolgate_requests_today", &format!("{{action=\"{action}\"}}"), count);
        }
    }
    page.one("schoolgate_list_entries", "Entries in the lists in force", "", in_force.entries());
    page.age("schoolgate_lists_age_seconds", "Since the lists in force were built", in_force.report.as_ref().map(|(at, _)| *at), now);
    page.one("schoolgate_records_open", "Whether the records can be had", "", u8::from(waiting.is_some()));
    if let Some(waiting) = waiting {
        of_records(&mut page, waiting);
    }
    let backup = config.backup.to.as_deref().and_then(newest).map(|(at, _)| at);
    page.age("schoolgate_backup_age_seconds", "Since the newest backup was made", backup, now);
    let heads = fs::read_to_string(records::heads_file(config, watched.live.data())).unwrap_or_default();
    let head = audit::parse(&heads).0.last().map(|head| head.at.timestamp());
    page.age("schoolgate_trail_head_age_seconds", "Since the head of the audit trail was written down", head, now);
    page.0
}

fn of_records(page: &mut Page, waiting: &Waiting) {
    let count = |state: fn(&MessageState) -> bool| waiting.messages.iter().filter(|message| state(&message.state)).count();
    page.about("schoolgate_messages", "Messages that have not left");
    page.line("schoolgate_messages", "{state=\"waiting\"}", count(|state| matches!(state, MessageState::Waiting(_))));
    page.line("schoolgate_messages", "{state=\"held\"}", count(|state| *state == MessageState::Held));
    page.line("schoolgate_messages", "{state=\"failed\"}", count(|state| *state == MessageState::Failed));
    let failed = waiting.jobs.iter().filter(|job| job.state == JobState::Failed || job.error.is_some()).count();
    page.one("schoolgate_jobs_failed", "Jobs that failed and were not done since", "", failed);
}

/// What is written so far.
struct Page(String);

// === impl Page ===

impl Page {
    fn about(&mut self, name: &str, help: &str) {
        // Writing into memory does not fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} gauge");
    }

    fn line(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }

    fn one(&mut self, name: &str, help: &str, labels: &str, value: impl std::fmt::Display) {
        self.about(name, help);
        self.line(name, labels, value);
    }

    fn age(&mut self, name: &str, help: &str, since: Option<Timestamp>, now: Timestamp) {
        if let Some(since) = since {
            self.one(name, help, "", now.duration_since(since).as_secs());
        }
    }
}
