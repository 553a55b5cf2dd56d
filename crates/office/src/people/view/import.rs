//! People come in from a file.

use maud::{Markup, Render, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::button::{Action, Button, Weight};
use ui::components::filters::Filters;
use ui::components::notification::{Kind, Notification};
use ui::components::pagination::Pagination;
use ui::components::radios::Choice;
use ui::components::select::Select;
use ui::components::table::{self, Table};
use ui::components::tag::{Mood, Tag};
use ui::components::upload::Upload;

use super::{day, kinds, options};
use crate::people::import::{Column, Left, Line, Note, Outcome, Planned, Preview, Run, RunKind, RunState, Running, Use};
use crate::people::pages::{Part, told};
use crate::web::{Content, Fields, Form};

/// Where a file is given, and what was taken in before.
pub(in crate::people) struct ImportPage<'a> {
    pub(in crate::people) word: &'a str,
    pub(in crate::people) fields: &'a Fields,
    pub(in crate::people) runs: &'a [RunRow],
}

/// What was taken in before.
pub(in crate::people) struct RunRow {
    pub(in crate::people) run: Run,
    pub(in crate::people) by: String,
    pub(in crate::people) at: String,
    pub(in crate::people) is_on_its_way: bool,
}

/// What each column means.
pub(in crate::people) struct ColumnsPage<'a> {
    pub(in crate::people) word: &'a str,
    pub(in crate::people) fields: &'a Fields,
    pub(in crate::people) preview: &'a Preview,
}

/// What would happen.
pub(in crate::people) struct CheckPage<'a> {
    pub(in crate::people) word: &'a str,
    pub(in crate::people) planned: &'a Planned,
    pub(in crate::people) part: &'a Part,
    pub(in crate::people) shown: &'a [&'a Line],
    /// How many lines were chosen.
    pub(in crate::people) total: usize,
    /// How many stand on a part.
    pub(in crate::people) size: usize,
}

/// How far it is, and what came of it.
pub(in crate::people) struct RunPage<'a> {
    pub(in crate::people) at: String,
    pub(in crate::people) run: &'a Run,
    /// As long as the process knows of it.
    pub(in crate::people) running: Option<&'a Running>,
    /// Whether it was being done before `run` was read.
    pub(in crate::people) is_on_its_way: bool,
    pub(in crate::people) refused: Option<&'a [Line]>,
    /// How many lines are shown.
    pub(in crate::people) size: usize,
}

const fn column(text: &str) -> table::Column<'_> {
    table::Column { text, numeric: false }
}

impl Content for ImportPage<'_> {
    fn title(&self) -> String {
        "Take people in from a file".to_owned()
    }

    fn place(&self) -> &'static str {
        "/people"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        let kinds = kinds();
        let options = |none| options(Some(none), &kinds);
        let dates = [("", "The day first, such as 31/12/2026, or 2026-12-31"), ("month-first", "The month first, such as 12/31/2026")];
        let many = [Choice {
            value: "yes",
            label: "It is right that more than one in five leave",
            hint: Some("Without it nobody leaves then: a file cut short looks the same."),
        }];
        html! {
            (BackLink { text: "All people", href: Href::path("people") })
            (form.summary())
            h1.govuk-heading-l { "Take people in from a file" }
            p.govuk-body { "Give a table that your management system has exported. You see first, line by line, what would happen. Nothing changes before you say so." }
            form method="post" action="/people/import" enctype="multipart/form-data" novalidate {
                (form.word())
                (Upload {
                    name: "file", label: "File of people", hint: "A table saved as CSV, up to 16 MB. It is not kept: a column of passwords is never read.",
                    error: self.fields.error("file"), accept: ".csv,.txt,text/csv",
                })
                (form.select("membership", "Who is in it", Some("If no column says it."), &options("A column says it")))
                (form.select("dates", "How days are written", None, &dates))
                (form.select("complete", "Is it everybody?", Some("Whoever of these came from a file before and is not in this one leaves today."), &options("No, nobody leaves because of it")))
                (form.boxes("many", "If many would leave", None, &many))
                (form.send("Go on"))
            }
            p.govuk-body { a.govuk-link href="/people/year" { "Go into the next school year" } }
            @if !self.runs.is_empty() { (self.before()) }
        }
    }
}

impl ImportPage<'_> {
    fn before(&self) -> Markup {
        let row = |row: &RunRow| {
            let what = match row.run.kind {
                RunKind::Import => "File",
                RunKind::Year => "Next school year",
            };
            vec![
                html! { a.govuk-link href={ "/people/imports/" (row.run.id) } { (row.at) } },
                html! { (what) },
                html! { (row.by) },
                html! { (row.run.done) " of " (row.run.steps) },
                (stands(row.run.state, row.is_on_its_way)),
            ]
        };
        let rows: Vec<Vec<Markup>> = self.runs.iter().map(row).collect();
        let columns = ["When", "What", "By", "Lines done", "Stands"].map(column);
        Table { caption: "Taken in before", columns: &columns, rows: &rows }.render()
    }
}

fn stands(state: RunState, is_on_its_way: bool) -> Markup {
    let (text, mood) = match (state, is_on_its_way) {
        (_, true) => ("On its way", Mood::Plain),
        (RunState::Done, false) => ("Done", Mood::Good),
        (RunState::Begun, false) => ("Interrupted", Mood::Bad),
        (RunState::Stopped, false) => ("Stopped", Mood::Bad),
    };
    Tag { text, mood }.render()
}

impl Content for ColumnsPage<'_> {
    fn title(&self) -> String {
        "What each column means".to_owned()
    }

    fn place(&self) -> &'static str {
        "/people"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        let mut options = vec![("", "Leave it out")];
        options.extend(Column::ALL.iter().map(|column| (column.as_str(), meaning(*column))));
        let row = |(at, (heading, used)): (usize, &(String, Use))| {
            let name = format!("column-{at}");
            let samples = self.preview.samples.get(at).map(Vec::as_slice).unwrap_or_default();
            let choice = match used {
                Use::Leave(Left::Secret) => html! { "Never read: it looks like passwords" },
                Use::Take(_) | Use::Leave(_) => form.select(&name, &format!("Meaning of {heading}"), None, &options),
            };
            vec![html! { (heading) }, html! { (samples.join(", ")) }, choice]
        };
        let rows: Vec<Vec<Markup>> = self.preview.mapping.columns().iter().enumerate().map(row).collect();
        let columns = ["Column of the file", "Begins with", "Means"].map(column);
        html! {
            (BackLink { text: "Another file", href: Href::path("people/import") })
            (form.summary())
            h1.govuk-heading-l { "What each column means" }
            p.govuk-body { "It was guessed from the headings. Change what is wrong. What Schoolgate does not keep, such as dates of birth, is left out." }
            form method="post" action="/people/import/columns" novalidate {
                (form.word())
                (Table { caption: "Columns", columns: &columns, rows: &rows })
                (form.send("See what would happen"))
            }
        }
    }
}

/// What a column may mean, in words.
const fn meaning(column: Column) -> &'static str {
    match column {
        Column::Id => "Own key of the person (UPN, number, code)",
        Column::Given => "First name",
        Column::Family => "Family name",
        Column::Name => "First and family name in one",
        Column::KnownAs => "Known as",
        Column::Membership => "What they are to the school",
        Column::Roles => "Roles",
        Column::Email => "Mail address",
        Column::Language => "Language at home",
        Column::Year => "Year group",
        Column::Class => "Class",
        Column::Tutor => "Tutor group",
        Column::Started => "First day",
        Column::Ended => "Last day",
        Column::Child => "Keys of the children of an adult",
        Column::Kinship => "What the adult is to the child",
        Column::Responsibility => "Parental responsibility",
        Column::LivesWith => "Lives with the child",
    }
}

/// How many lines would do what, each leading to them.
const KINDS: [(&str, &str); 4] = [("added", "Added"), ("changed", "Changed"), ("left", "Left as they are"), ("refused", "Refused")];

impl Content for CheckPage<'_> {
    fn title(&self) -> String {
        "What would happen".to_owned()
    }

    fn place(&self) -> &'static str {
        "/people"
    }

    fn content(&self) -> Markup {
        let [added, changed, _, refused] = self.planned.counts;
        html! {
            (BackLink { text: "What each column means", href: Href::path("people/import/columns") })
            h1.govuk-heading-l { "What would happen" }
            p.govuk-body-l { "Nothing is changed yet." }
            (counts(self.planned.counts))
            (notes(&self.planned.notes))
            div.sg-actions {
                @if added + changed > 0 {
                    form method="post" action="/people/import/apply" {
                        input type="hidden" name="word" value=(self.word);
                        (Button { text: "Take these people in", weight: Weight::Main, action: Action::Send })
                    }
                }
                @if refused > 0 { a.govuk-link href="/people/import/faults.csv" { "The refused lines as a table (CSV)" } }
            }
            (self.filter())
            (self.lines())
            (self.parts())
        }
    }
}

impl CheckPage<'_> {
    fn filter(&self) -> Markup {
        let options = [("", "All lines")].into_iter().chain(KINDS).collect::<Vec<_>>();
        let fields =
            Select { name: "only", label: "Show", hint: None, error: None, options: &options, chosen: Some(&self.part.only) }.render();
        Filters { label: "Lines", path: "people/import/check", fields, clear: None }.render()
    }

    fn lines(&self) -> Markup {
        let rows: Vec<Vec<Markup>> = self.shown.iter().map(|line| row(line)).collect();
        let columns = ["Line", "Name", "Would be", "What"].map(column);
        html! {
            @if rows.is_empty() { p.govuk-body { "There are no such lines." } }
            @else { (Table { caption: "Line by line", columns: &columns, rows: &rows }) }
        }
    }

    fn parts(&self) -> Markup {
        let (from, last) = (self.part.from, self.part.from + self.shown.len());
        if from == 0 && last >= self.total {
            return html! {};
        }
        let part = |from: usize| Href::path(&format!("people/import/check?only={}&from={from}", self.part.only));
        let previous = (from > 0).then(|| part(from.saturating_sub(self.size)));
        let next = (last < self.total).then(|| part(last));
        Pagination { label: "Lines", place: &format!("{} to {last} of {}", from + 1, self.total), previous, next }.render()
    }
}

/// How many lines do what.
pub(super) fn counts(counts: [usize; 4]) -> Markup {
    let rows: Vec<Vec<Markup>> = KINDS.iter().zip(counts).map(|((_, text), count)| vec![html! { (text) }, html! { (count) }]).collect();
    let columns = [column("What"), table::Column { text: "People", numeric: true }];
    Table { caption: "In numbers", columns: &columns, rows: &rows }.render()
}

/// What should be known beside the lines.
pub(super) fn notes(notes: &[Note]) -> Markup {
    html! {
        @if !notes.is_empty() {
            h2.govuk-heading-m { "To know" }
            ul.govuk-list.govuk-list--bullet {
                @for note in notes.iter().take(50) {
                    li { @if let Some(line) = note.line { "Line " (line) ": " } (told(&note.text)) }
                }
                @if notes.len() > 50 { li { "And " (notes.len() - 50) " more of the kind." } }
            }
        }
    }
}

/// A line in a table.
pub(super) fn row(line: &Line) -> Vec<Markup> {
    let (what, detail) = match &line.outcome {
        Outcome::Added => ("Added", String::new()),
        Outcome::Changed(fields) => ("Changed", fields.join(", ")),
        Outcome::Left => ("Left as is", String::new()),
        Outcome::Ends(on) => ("Leaves", format!("last day {}", day(*on))),
        Outcome::Returns => ("Comes back", String::new()),
        Outcome::Refused(why) => ("Refused", told(why)),
    };
    let is_refused = matches!(line.outcome, Outcome::Refused(_));
    vec![
        html! { @match line.line { Some(line) => { span.sg-whole { (line) } }, None => "Not in the file" } },
        html! { (line.name) },
        html! { @if is_refused { (Tag { text: what, mood: Mood::Bad }) } @else { (what) } },
        html! { (detail) },
    ]
}

impl Content for RunPage<'_> {
    fn title(&self) -> String {
        match (self.run.state, self.is_on_its_way) {
            (_, true) => "It is being done".to_owned(),
            (RunState::Done, false) => "It is done".to_owned(),
            (RunState::Begun, false) => "It was interrupted".to_owned(),
            (RunState::Stopped, false) => "It stopped before its end".to_owned(),
        }
    }

    fn place(&self) -> &'static str {
        "/people"
    }

    fn content(&self) -> Markup {
        html! {
            (BackLink { text: "Take people in from a file", href: Href::path("people/import") })
            @if self.run.state == RunState::Done && !self.is_on_its_way {
                (Notification { id: "done", kind: Kind::Success, heading: "What the file says stands in the records.", text: None })
            }
            h1.govuk-heading-l { (self.title()) }
            p.govuk-body { "Begun " (self.at) "." }
            @if self.is_on_its_way { (self.progress()) }
            @else if self.run.state == RunState::Done { (self.result()) }
            @else { (self.broken()) }
        }
    }
}

impl RunPage<'_> {
    fn progress(&self) -> Markup {
        let (done, steps) = (self.running.map_or(self.run.done, Running::done), self.run.steps);
        html! {
            p.govuk-body-l role="status" { (done) " of " (steps) " lines are done." }
            progress.sg-progress max=(steps.max(1)) value=(done) aria-label="Lines done" { (done) " of " (steps) }
            p.govuk-body { "This page looks again by itself every two seconds. You may leave it; the work goes on." }
            p.govuk-body { a.govuk-link href={ "/people/imports/" (self.run.id) } { "Look again now" } }
        }
    }

    fn result(&self) -> Markup {
        let refused = self.refused.unwrap_or_default();
        let rows: Vec<Vec<Markup>> = refused.iter().take(self.size).map(row).collect();
        let columns = ["Line", "Name", "Was", "Why"].map(column);
        html! {
            (counts(self.run.counts))
            @if !rows.is_empty() {
                p.govuk-body { a.govuk-link href={ "/people/imports/" (self.run.id) "/faults.csv" } { "The refused lines as a table (CSV)" } }
                (Table { caption: "Refused", columns: &columns, rows: &rows })
                @if refused.len() > self.size { p.govuk-body { "And " (refused.len() - self.size) " more; all of them are in the table." } }
            }
            p.govuk-body { a.govuk-link href="/people" { "See all people" } }
        }
    }

    fn broken(&self) -> Markup {
        let (done, steps) = (self.run.done, self.run.steps);
        html! {
            p.govuk-body-l {
                @if done == 0 { "Nothing was done: none of the " (steps) " lines." }
                @else { "The first " (done) " of " (steps) " lines were done, each as a whole; of those after them, nothing." }
            }
            @if let Some(why) = self.running.and_then(|running| running.failed.get()) { p.govuk-body { (why) } }
            p.govuk-body { "Give the same again: what is done already is left as it is, and it goes on from there." }
        }
    }
}
