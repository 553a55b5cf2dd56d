//! What would happen to people, or did: line by line, as it is printed, answered in JSON and carried over the control socket.

use ids::PersonId;
use office::people::import::{Applied, Mapping, Outcome, Plan, Step};
use serde::{Deserialize, Serialize};

/// Most lines that an order gives back: an answer over the control socket has 8 MiB.
const MOST: usize = 20_000;

/// What would happen, or did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Whether it was done; else this is a dry run, and nothing was changed.
    pub applied: bool,
    /// How many are added.
    pub added: usize,
    /// How many are changed, leave or come back.
    pub changed: usize,
    /// How many are left as they are.
    pub left: usize,
    /// How many are refused.
    pub refused: usize,
    /// The headings of the file and what is done with each.
    pub columns: Vec<Column>,
    /// What should be known beside the lines.
    pub notes: Vec<Line>,
    /// Each line. Of what was done, only what was changed or refused.
    pub lines: Vec<Line>,
    /// How many lines are not shown.
    pub more: usize,
}

/// A heading of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The heading.
    pub heading: String,
    /// What is done with it.
    pub taken_as: String,
}

/// What would happen to one person, or did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The line of the file, from 1.
    pub line: Option<u64>,
    /// The person's name.
    pub name: String,
    /// `added`, `changed`, `ends`, `returns`, `left`, `refused`; `note` for what is about no person.
    pub outcome: String,
    /// What is changed, the last day, or why not.
    pub detail: String,
    /// Who it is about, if the school knows them already; it is not told.
    #[serde(skip)]
    pub person: Option<PersonId>,
}

// === impl Report ===

impl Report {
    /// What a plan would do.
    pub fn of(plan: &Plan, mapping: Option<&Mapping>) -> Self {
        let [added, changed, left, refused] = plan.counts();
        let columns = mapping.map(Mapping::columns).unwrap_or_default().iter();
        let columns = columns.map(|(heading, used)| Column { heading: heading.clone(), taken_as: used.to_string() }).collect();
        let note = |note: &office::people::import::Note| Line {
            line: note.line,
            outcome: "note".to_owned(),
            detail: note.text.clone(),
            ..Line::default()
        };
        let notes = plan.notes.iter().map(note).collect();
        let lines = plan.steps.iter().map(Line::of).collect();
        Self { applied: false, added, changed, left, refused, columns, notes, lines, more: 0 }
    }

    /// The same after it was done. Whoever was changed by somebody else meanwhile was left alone.
    #[must_use]
    pub fn done(mut self, applied: &Applied) -> Self {
        [self.added, self.changed, self.left, self.refused] = applied.counts;
        for line in self.lines.iter_mut().filter(|line| line.person.is_some_and(|person| applied.conflicts.contains(&person))) {
            "refused".clone_into(&mut line.outcome);
            "somebody else changed this person meanwhile; look at them, and do the same once more".clone_into(&mut line.detail);
        }
        self.lines.retain(|line| !matches!(line.outcome.as_str(), "added" | "left"));
        self.more = self.lines.len().saturating_sub(MOST);
        self.lines.truncate(MOST);
        self.applied = true;
        self
    }
}

// === impl Line ===

impl Line {
    fn of(step: &Step) -> Self {
        let (outcome, detail) = match &step.outcome {
            Outcome::Added => ("added", String::new()),
            Outcome::Changed(fields) => ("changed", fields.join(", ")),
            Outcome::Left => ("left", String::new()),
            Outcome::Ends(day) => ("ends", format!("last day {day}")),
            Outcome::Returns => ("returns", String::new()),
            Outcome::Refused(why) => ("refused", why.clone()),
        };
        Self { line: step.line, name: step.name.clone(), outcome: outcome.to_owned(), detail, person: step.person }
    }
}
