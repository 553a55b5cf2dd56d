//! Lists: what is in force of each, how old it is, and what was left out.

use maud::{Markup, Render, html};
use ui::components::details::Details;
use ui::components::summary_list::{Row, SummaryList};
use ui::components::table::{Column, Table};
use ui::components::tag::{Mood, Tag};

use super::{Content, number};

/// The page.
#[derive(Debug)]
pub(in crate::console) struct ListsPage {
    /// When the pack was built; nothing where it was put there by hand.
    pub(in crate::console) built: Option<String>,
    pub(in crate::console) entries: u64,
    pub(in crate::console) lists: Vec<ListFacts>,
    /// Categories of sources that nobody has mapped, with the lines they cost.
    pub(in crate::console) unknown: Vec<(String, u64)>,
    /// Categories of sources that are left out on purpose, with the reason.
    pub(in crate::console) ignored: Vec<(String, String)>,
}

/// One list.
#[derive(Debug)]
pub(in crate::console) struct ListFacts {
    pub(in crate::console) name: String,
    pub(in crate::console) state: ListState,
    /// Where it comes from and how old it is.
    pub(in crate::console) age: String,
    pub(in crate::console) taken: Option<u64>,
    /// What is wrong with it.
    pub(in crate::console) trouble: Vec<String>,
    /// Lines left out by reason, the most frequent first.
    pub(in crate::console) left_out: Vec<(String, u64)>,
    /// What is no list of sites, with the reason.
    pub(in crate::console) notes: Vec<(String, String)>,
}

/// How a list stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::console) enum ListState {
    /// In force and new enough.
    InForce,
    /// In force, but old.
    Stale,
    /// In force, but the last refresh of it failed.
    Kept,
    /// Not in the pack.
    Absent,
}

impl Content for ListsPage {
    fn title(&self) -> String {
        "Lists".to_owned()
    }

    fn place(&self) -> &'static str {
        "/lists"
    }

    fn content(&self) -> Markup {
        let columns = [
            Column { text: "List", numeric: false },
            Column { text: "State", numeric: false },
            Column { text: "Age", numeric: false },
            Column { text: "Entries taken", numeric: true },
            Column { text: "Lines left out", numeric: true },
        ];
        let rows: Vec<_> = self.lists.iter().map(row).collect();
        html! {
            h1.govuk-heading-xl { "Lists" }
            p.govuk-body-l {
                (number(self.entries)) " different entries are in force."
                @if let Some(built) = &self.built { " They were put together on " (built) "." }
            }
            (Table { caption: "Each list", columns: &columns, rows: &rows })
            @for list in &self.lists { (more(list)) }
            (self.categories())
        }
    }
}

impl ListsPage {
    fn categories(&self) -> Markup {
        html! {
            h2.govuk-heading-l { "Categories of the lists" }
            @if self.unknown.is_empty() && self.ignored.is_empty() {
                p.govuk-body { "Every category that the lists use is mapped onto one of ours. Nothing was lost that way." }
            }
            @if !self.unknown.is_empty() {
                p.govuk-body {
                    "Nobody has said what these mean, so their lines are not used. A mapping of the school’s own ("
                    code { "mapping" } " in the configuration) can."
                }
                (table("Categories nobody has mapped", "Lines", self.unknown.iter().map(|(label, lines)| (label.as_str(), number(*lines)))))
            }
            @if !self.ignored.is_empty() {
                (table("Categories left out on purpose", "Why", self.ignored.iter().map(|(label, why)| (label.as_str(), why.clone()))))
            }
        }
    }
}

fn row(list: &ListFacts) -> Vec<Markup> {
    let left_out: u64 = list.left_out.iter().map(|(_, lines)| lines).sum();
    vec![
        html! { (list.name) },
        state(list.state),
        html! { (list.age) },
        html! { @match list.taken { Some(taken) => (number(taken)), None => "none" } },
        html! { (number(left_out)) },
    ]
}

fn state(state: ListState) -> Markup {
    let (text, mood) = match state {
        ListState::InForce => ("In force", Mood::Good),
        ListState::Stale => ("Old", Mood::Soon),
        ListState::Kept => ("Last good one kept", Mood::Soon),
        ListState::Absent => ("Not there", Mood::Bad),
    };
    Tag { text, mood }.render()
}

/// What else is known of a list, if anything.
fn more(list: &ListFacts) -> Markup {
    let rows: Vec<_> = list.trouble.iter().map(|text| Row { key: "To look at", value: html! { (text) }, change: None }).collect();
    let left_out = list.left_out.iter().map(|(why, lines)| (why.as_str(), number(*lines)));
    let notes = list.notes.iter().map(|(name, why)| (name.as_str(), why.clone()));
    html! {
        @if !rows.is_empty() { h2.govuk-heading-m { (list.name) } (SummaryList { rows: &rows }) }
        @if !list.left_out.is_empty() {
            (Details { summary: &format!("What was left out of {}", list.name), open: false, content: table("By reason", "Lines", left_out) })
        }
        @if !list.notes.is_empty() {
            (Details { summary: &format!("Files of {} that are no lists", list.name), open: false, content: table("Files", "Why", notes) })
        }
    }
}

fn table<'a>(caption: &str, second: &str, rows: impl Iterator<Item = (&'a str, String)>) -> Markup {
    let columns = [Column { text: "What", numeric: false }, Column { text: second, numeric: second == "Lines" }];
    let rows: Vec<_> = rows.map(|(what, value)| vec![html! { (what) }, html! { (value) }]).collect();
    Table { caption, columns: &columns, rows: &rows }.render()
}
