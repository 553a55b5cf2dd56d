//! Overview: what is in force, what is missing and what to do about it, and the question.

use maud::{Markup, Render, html};
use ui::Href;
use ui::components::summary_list::{Row, SummaryList};
use ui::components::tag::{Mood, Tag};

use super::{Content, number, search};

/// Everything the overview shows, in words.
#[derive(Debug)]
pub(in crate::console) struct HomePage<'a> {
    pub(in crate::console) entries: u64,
    pub(in crate::console) only_starter: bool,
    pub(in crate::console) rules: String,
    pub(in crate::console) since: String,
    pub(in crate::console) refresh: String,
    pub(in crate::console) next_refresh: String,
    pub(in crate::console) people: usize,
    pub(in crate::console) exceptions: usize,
    pub(in crate::console) windows: usize,
    pub(in crate::console) profiles: &'a [(String, String)],
    pub(in crate::console) missing: &'a [String],
    pub(in crate::console) data: String,
    pub(in crate::console) gate: GateFacts,
    pub(in crate::console) records: RecordsFacts,
}

/// The records and what has not left them.
#[derive(Debug)]
pub(in crate::console) struct RecordsFacts {
    /// How the keys stand, or why the records cannot be had.
    pub(in crate::console) standing: Result<&'static str, String>,
    /// Whether a mail server is set up.
    pub(in crate::console) has_server: bool,
    /// Messages that wait for their next attempt, that were given up, and that are held since a restore.
    pub(in crate::console) waiting: usize,
    pub(in crate::console) given_up: usize,
    pub(in crate::console) held: usize,
    /// Jobs whose last attempt failed.
    pub(in crate::console) failed: usize,
}

/// The proxy and its journal, in words.
#[derive(Debug)]
pub(in crate::console) struct GateFacts {
    pub(in crate::console) listeners: Vec<String>,
    /// Fingerprint and last day.
    pub(in crate::console) root: Option<(String, String)>,
    /// Events of today, or what is wrong.
    pub(in crate::console) journal: Result<u64, String>,
}

impl Content for HomePage<'_> {
    fn title(&self) -> String {
        "Overview".to_owned()
    }

    fn place(&self) -> &'static str {
        "/overview"
    }

    fn content(&self) -> Markup {
        html! {
            h1.govuk-heading-xl { "What happens to an address?" }
            p.govuk-body-l { "Type any web address and choose an age. Schoolgate says whether it opens, and every step that led there." }
            (search(self.profiles))
            h2.govuk-heading-l { "In force now" }
            (self.in_force())
            (self.to_do())
        }
    }
}

impl HomePage<'_> {
    fn in_force(&self) -> Markup {
        let lists = html! {
            (number(self.entries)) " entries "
            @if self.only_starter { (Tag { text: "Starter list only", mood: Mood::Bad }) } @else { (Tag { text: "In force", mood: Mood::Good }) }
            br; a.govuk-link href="/lists" { "See each list" }
        };
        let own = html! {
            (counted(self.exceptions, "exception", "exceptions")) ", " (counted(self.windows, "timetable window", "timetable windows")) ", "
            (counted(self.people, "known person", "known people"))
        };
        let rows = [
            Row { key: "Proxy", value: self.gate.listeners(), change: None },
            Row { key: "Page root", value: self.gate.root(), change: None },
            Row { key: "Decisions today", value: self.gate.journal(), change: None },
            Row { key: "Records", value: self.records.standing(), change: None },
            Row { key: "Messages", value: self.records.messages(), change: None },
            Row { key: "Lists", value: lists, change: None },
            Row { key: "Last refresh", value: html! { (self.refresh) }, change: None },
            Row { key: "Next refresh", value: html! { (self.next_refresh) }, change: None },
            Row { key: "The school’s own rules", value: own, change: None },
            Row { key: "Configuration", value: html! { (self.rules) }, change: None },
            Row { key: "In force since", value: html! { (self.since) }, change: None },
            Row { key: "Data folder", value: html! { (self.data) }, change: None },
        ];
        SummaryList { rows: &rows }.render()
    }

    /// What the red banner's link leads to.
    fn to_do(&self) -> Markup {
        html! {
            h2.govuk-heading-l id="what-to-do" { "What to do" }
            @if self.missing.is_empty() {
                p.govuk-body { "A full list and a source for illegal material are set up. Run " code { "schoolgate doctor" } " to check the rest." }
            } @else {
                p.govuk-body {
                    "Until the points in the red box are put right, keep another filter in front of this one. Whoever looks after the \
                     machine does this, in the configuration file:"
                }
                ol.govuk-list.govuk-list--number.govuk-list--spaced {
                    li {
                        strong { "A full category list. " }
                        "Add a " code { "[[list]]" } " with the address of a list that the school may use. It is fetched every night."
                        (Sample("[[list]]\nname = \"toulouse\"\nurl = \"https://lists.example/blacklists.tar.gz\""))
                    }
                    li {
                        strong { "A source for illegal material. " }
                        "The lists of the Internet Watch Foundation and of counter-terrorism police are licensed, so they do not come with \
                         Schoolgate. Most schools have them through their provider’s filter. Ask the provider, have it checked, and write it down:"
                        (Sample("[illegal_content]\nsource = \"upstream\"\nupstream_provider = \"Example Broadband for Schools\"\n\
                                 confirmed_on = \"2026-09-01\"\nconfirmed_by = \"network manager\""))
                    }
                    li { "Run " code { "schoolgate doctor" } ". It checks everything and says what is left to do." }
                }
            }
            p.govuk-body { a.govuk-link href=(Href::path("profiles")) { "See what each age may open, and why" } }
        }
    }
}

// === impl GateFacts ===

impl GateFacts {
    fn listeners(&self) -> Markup {
        html! {
            @for listener in &self.listeners { (listener) br; }
            @if self.listeners.is_empty() {
                (Tag { text: "None", mood: Mood::Bad }) " No browser goes through Schoolgate. Add a " code { "[[listen]]" } " to the configuration."
            }
        }
    }

    fn root(&self) -> Markup {
        html! {
            @match &self.root {
                Some((fingerprint, ends)) => {
                    "Until " (ends) ". SHA-256: "
                    code { @for pair in fingerprint.split_inclusive(':') { (pair) wbr; } }
                }
                None => { "Not used: on blocked HTTPS sites browsers show only their own message." }
            }
        }
    }

    fn journal(&self) -> Markup {
        html! {
            @match &self.journal {
                Ok(events) => { (number(*events)) " " (Tag { text: "Recorded", mood: Mood::Good }) }
                Err(wrong) => { (Tag { text: "Failing", mood: Mood::Bad }) " The journal " (wrong) "." }
            }
        }
    }
}

// === impl RecordsFacts ===

impl RecordsFacts {
    fn standing(&self) -> Markup {
        html! {
            @match &self.standing {
                Ok(standing) => { (standing) }
                Err(why) => { (Tag { text: "Not available", mood: Mood::Bad }) " " (why) "." }
            }
            @if self.failed > 0 {
                br; (Tag { text: "Jobs failing", mood: Mood::Bad }) " " (counted(self.failed, "job has", "jobs have")) " failed: "
                code { "schoolgate jobs" } " says why."
            }
        }
    }

    fn messages(&self) -> Markup {
        let all = self.waiting + self.given_up + self.held;
        html! {
            @if self.standing.is_err() { "Not known." } @else if all == 0 { "None waits to be sent." }
            @if self.given_up > 0 {
                (Tag { text: "Not sent", mood: Mood::Bad }) " " (counted(self.given_up, "message", "messages")) " could not be sent: "
                code { "schoolgate jobs" } " says why." br;
            }
            @if self.held > 0 {
                (Tag { text: "Held", mood: Mood::Bad }) " " (counted(self.held, "message", "messages"))
                " came back with a backup and may have been sent since: " code { "schoolgate jobs release" } " sends them." br;
            }
            @if self.waiting > 0 { (counted(self.waiting, "message waits", "messages wait")) " to be sent. " }
            @if !self.has_server { " No mail server is set up, so no message leaves: " code { "[mail]" } " in the configuration." }
        }
    }
}

/// Lines of a configuration file.
struct Sample(&'static str);

impl Render for Sample {
    fn render(&self) -> Markup {
        html! { pre.sg-sample tabindex="0" role="region" aria-label="Example for the configuration file" { code { (self.0) } } }
    }
}

fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}
