//! Our policy, line by line: what was promised, what keeps it, and how that stands now.

use maud::{Markup, Render, html};
use office::clauses::{Clause, Kept};
use office::control::{Found, State};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::table::{Column, Table};
use ui::components::tag::{Mood, Tag};

use super::Content;

/// All clauses, counted by capability, and every control.
#[derive(Debug)]
pub(in crate::console) struct PolicyPage {
    pub(in crate::console) clauses: &'static [Clause],
    pub(in crate::console) found: Vec<Found>,
}

/// The clauses of one capability.
#[derive(Debug)]
pub(in crate::console) struct CapabilityPage {
    pub(in crate::console) capability: String,
    pub(in crate::console) clauses: Vec<&'static Clause>,
    pub(in crate::console) found: Vec<Found>,
}

impl Content for PolicyPage {
    fn title(&self) -> String {
        "Our policy, line by line".to_owned()
    }

    fn place(&self) -> &'static str {
        "/policy"
    }

    fn content(&self) -> Markup {
        let count = |kept| self.clauses.iter().filter(|clause| clause.kept(&self.found) == kept).count();
        let [met, partly, broken, unknown, not_yet] = Kept::ALL.map(count);
        html! {
            h1.govuk-heading-xl { "Our policy, line by line" }
            p.govuk-body-l {
                "The policy makes " (self.clauses.len()) " promises. Kept now, in full: " (met) "; in part: " (partly) ". "
                @if broken > 0 { strong { "Not kept: " (broken) ". " } }
                @if unknown > 0 { "Not known: " (unknown) ". " }
                "The other " (not_yet) " are not looked after by Schoolgate yet: until they are, the school keeps them by other means."
            }
            (self.controls())
            (self.capabilities())
        }
    }
}

impl PolicyPage {
    fn controls(&self) -> Markup {
        let columns = ["What is checked", "How it stands", "What was found"].map(|text| Column { text, numeric: false });
        let rows: Vec<Vec<Markup>> = self
            .found
            .iter()
            .map(|Found { control, finding }| {
                vec![
                    html! { (control.title) " (" (control.clauses.join(", ")) ")" },
                    tag(finding.state),
                    html! { (finding.sentence) " (" (control.basis.word()) ")" },
                ]
            })
            .collect();
        Table { caption: "Checked just now", columns: &columns, rows: &rows }.render()
    }

    fn capabilities(&self) -> Markup {
        let mut names: Vec<&str> = self.clauses.iter().map(|clause| clause.capability.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let columns: Vec<Column<'_>> = [Column { text: "Part", numeric: false }]
            .into_iter()
            .chain(Kept::ALL.map(|kept| Column { text: shown(kept).0, numeric: true }))
            .collect();
        let row = |name: &&str| {
            let of = |kept| self.clauses.iter().filter(|clause| clause.capability == **name && clause.kept(&self.found) == kept).count();
            let counts = Kept::ALL.map(|kept| html! { (of(kept)) });
            let link = html! { a.govuk-link href=(Href::path(&format!("policy/{name}"))) { (plain(name)) } };
            [link].into_iter().chain(counts).collect()
        };
        let rows: Vec<Vec<Markup>> = names.iter().map(row).collect();
        Table { caption: "Promises by part of school life", columns: &columns, rows: &rows }.render()
    }
}

impl Content for CapabilityPage {
    fn title(&self) -> String {
        format!("{}: our policy, line by line", plain(&self.capability))
    }

    fn place(&self) -> &'static str {
        "/policy"
    }

    fn content(&self) -> Markup {
        let columns = ["Clause", "Promise", "How far", "What shows it"].map(|text| Column { text, numeric: false });
        let rows: Vec<Vec<Markup>> = self
            .clauses
            .iter()
            .map(|clause| vec![html! { (clause.id) }, html! { (clause.duty) }, self.standing(clause), self.shows(clause)])
            .collect();
        html! {
            (BackLink { text: "All parts", href: Href::path("policy") })
            h1.govuk-heading-xl { (plain(&self.capability)) }
            (Table { caption: "Promises, what keeps them, and how that stands", columns: &columns, rows: &rows })
        }
    }
}

impl CapabilityPage {
    fn standing(&self, clause: &Clause) -> Markup {
        let (text, mood) = shown(clause.kept(&self.found));
        Tag { text, mood }.render()
    }

    fn shows(&self, clause: &Clause) -> Markup {
        html! {
            @for found in clause.findings(&self.found) {
                p.govuk-body { (found.finding.sentence) " (" (found.control.basis.word()) ")" }
            }
            @if !clause.missing.is_empty() { p.govuk-body { strong { "Still missing: " } (clause.missing) } }
            @if clause.kept(&self.found) == Kept::NotYet { p.govuk-body { "To be shown by: " (clause.evidence) } }
        }
    }
}

/// How a promise stands, in a word.
const fn shown(kept: Kept) -> (&'static str, Mood) {
    match kept {
        Kept::Met => ("Met", Mood::Good),
        Kept::Partly => ("Partly", Mood::Soon),
        Kept::Broken => ("Not kept", Mood::Bad),
        Kept::Unknown => ("Not known", Mood::Soon),
        Kept::NotYet => ("Not yet", Mood::Plain),
    }
}

fn tag(state: State) -> Markup {
    let (text, mood) = match state {
        State::Met => ("Met", Mood::Good),
        State::Due(_) => ("Due", Mood::Soon),
        State::Breached(_) => ("Not kept", Mood::Bad),
        State::NotInUse => ("Not in use", Mood::Plain),
        State::Unknown => ("Not known", Mood::Soon),
    };
    Tag { text, mood }.render()
}

/// The word of a capability as people write it.
fn plain(word: &str) -> String {
    let mut letters = word.replace('_', " ");
    if let Some(first) = letters.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    letters
}
