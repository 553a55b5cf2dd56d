//! A CSV file becomes a [`Roster`]: what can be read, and what cannot, line by line.

use std::collections::HashMap;

use csv::{Reader, ReaderBuilder, StringRecord};

use super::column::{Column, Left, Mapping, Use};
use super::date::{self, DateOrder};
use super::decode::{self, FileError, MOST_COLUMNS};
use super::roster::{Child, Entry, Note, Refused, Roster};
use crate::people::relation::{Bond, Held, Kinship};
use crate::people::text::{Email, NotShort, Short};
use crate::people::{Membership, Role, YearGroup};

/// How a file is to be read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// What columns mean, where the guess is wrong: meaning and heading.
    pub mapping: Vec<(String, String)>,
    /// What everybody in the file is to the school, where no column says it.
    pub membership: Option<Membership>,
    /// What each column means, in their order, whatever was guessed and said.
    pub columns: Option<Vec<Option<Column>>>,
    /// Which number is the day, where the file does not show it.
    pub dates: Option<DateOrder>,
}

/// Most letters of a cell that are said back.
const SAID: usize = 40;

/// Reads a file: up to 64 MiB and 250 columns, in UTF-8, UTF-16 with a mark, or Windows-1252, with commas, semicolons or tabs.
///
/// # Errors
/// Where nothing of it can be read. What is wrong with a line is in the roster.
pub fn read(bytes: &[u8], reading: &Reading) -> Result<(Mapping, Roster), FileError> {
    let (text, guessed) = decode::decode(bytes)?;
    let (mut reader, headings) = open(&text)?;
    let mut mapping = Mapping::guess(&headings);
    for (word, heading) in &reading.mapping {
        mapping.set(word, heading)?;
    }
    if let Some(columns) = &reading.columns {
        mapping.choose(columns);
    }
    let has = |column| mapping.position(column).is_some();
    if !has(Column::Id) {
        return Err(FileError::NoKey);
    }
    let has_names = has(Column::Name) || (has(Column::Given) && has(Column::Family));
    if !has_names {
        return Err(FileError::NoName);
    }
    let mut roster = Roster::default();
    let note = |text: String| Note { line: None, text };
    roster.notes.extend(
        guessed.map(|name| note(format!("the file is not in UTF-8; it was read as {name}: look whether names with accents are right"))),
    );
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    let mut rows = Vec::new();
    for row in reader.records() {
        match row {
            Ok(row) if row.iter().all(|cell| cell.trim().is_empty()) => {}
            Ok(row) => rows.push((lines.of(&row), row)),
            // The text is whole, and rows may have any length: nothing is left that could fail.
            Err(error) => roster.notes.push(note(format!("reading stopped: {error}"))),
        }
    }
    let orders = orders(&mapping, &rows, reading, &mut roster.notes);
    let rules = Rules { mapping: &mapping, reading, orders, width: headings.len() };
    let mut places = HashMap::new();
    for (line, row) in &rows {
        take(&rules, *line, row, &mut roster, &mut places);
    }
    Ok((mapping, roster))
}

/// The rows of a table, and its headings.
fn open(text: &str) -> Result<(Reader<&[u8]>, StringRecord), FileError> {
    let mut reader = ReaderBuilder::new().has_headers(true).flexible(true).delimiter(decode::delimiter(text)).from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|_| FileError::NotText)?.clone();
    if headings.len() > MOST_COLUMNS { Err(FileError::TooManyColumns { has: headings.len() }) } else { Ok((reader, headings)) }
}

/// How a file begins, for somebody who says what its columns mean.
#[derive(Debug, Clone)]
pub struct Preview {
    /// What they seem to mean.
    pub mapping: Mapping,
    /// The first cells of each column that are not empty; none of one that is not kept.
    pub samples: Vec<Vec<String>>,
}

/// Rows that a preview looks into, and cells of each column that it shows.
const LOOKED_INTO: (usize, usize) = (20, 3);

/// Looks at how a file begins.
///
/// # Errors
/// Where nothing of it can be read.
pub fn preview(bytes: &[u8]) -> Result<Preview, FileError> {
    let (text, _) = decode::decode(bytes)?;
    let (mut reader, headings) = open(&text)?;
    let mapping = Mapping::guess(&headings);
    let is_kept = |used: &Use| matches!(used, Use::Take(_) | Use::Leave(Left::Unknown));
    let mut samples = vec![Vec::new(); headings.len()];
    for row in reader.records().take(LOOKED_INTO.0).filter_map(Result::ok) {
        let cells = row.iter().map(str::trim).zip(mapping.columns()).zip(&mut samples);
        for ((cell, (_, used)), samples) in cells {
            if is_kept(used) && !cell.is_empty() && samples.len() < LOOKED_INTO.1 {
                samples.push(said(cell));
            }
        }
    }
    Ok(Preview { mapping, samples })
}

/// What all rows are read by.
struct Rules<'a> {
    mapping: &'a Mapping,
    reading: &'a Reading,
    /// Of the first and the last day.
    orders: [DateOrder; 2],
    width: usize,
}

/// Counts the lines of a file as its rows go by.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

/// One row.
struct Row<'a> {
    rules: &'a Rules<'a>,
    cells: &'a StringRecord,
    line: u64,
}

/// In which order the days of both columns are written; says so where nobody can tell.
fn orders(mapping: &Mapping, rows: &[(u64, StringRecord)], reading: &Reading, notes: &mut Vec<Note>) -> [DateOrder; 2] {
    [Column::Started, Column::Ended].map(|column| {
        let days = rows.iter().filter_map(|(line, row)| Some((*line, date::read(row.get(mapping.position(column)?)?)?)));
        let (order, is_certain) = date::order_of(&days.clone().map(|(_, day)| day));
        let mut ambiguous = days.filter(|(_, day)| day.is_ambiguous());
        if let (None, false, Some((line, _))) = (reading.dates, is_certain, ambiguous.next()) {
            let count = 1 + ambiguous.count();
            let text = format!(
                "{count} days in the column \"{}\" could be read both ways; the day was taken to stand first. If the month does, say so (--dates month-first)",
                column.as_str()
            );
            notes.push(Note { line: Some(line), text });
        }
        reading.dates.unwrap_or(order)
    })
}

/// Takes a row into the roster, as an entry, as more of one, or as refused. `places`: where each key stands.
fn take(rules: &Rules<'_>, line: u64, cells: &StringRecord, roster: &mut Roster, places: &mut HashMap<Short, usize>) {
    let row = Row { rules, cells, line };
    let entry = match row.entry(&mut roster.notes) {
        Ok(entry) => entry,
        Err(why) => {
            let source = row.cell(Column::Id).and_then(|text| Short::parse(&text).ok());
            roster.refused.push(Refused { line: row.line, source, why });
            return;
        }
    };
    let Some(known) = places.get(&entry.source).and_then(|at| roster.entries.get_mut(*at)) else {
        places.insert(entry.source.clone(), roster.entries.len());
        roster.entries.push(entry);
        return;
    };
    // Files of contacts have a line for each child of an adult.
    let same = (&known.given, &known.family, known.membership) == (&entry.given, &entry.family, entry.membership);
    if same && entry.membership == Membership::Parent && !entry.children.is_empty() {
        let new = entry.children.into_iter().filter(|child| known.children.iter().all(|other| other.source != child.source));
        known.children.extend(new.collect::<Vec<_>>());
        return;
    }
    let why = format!(
        "the key \"{}\" stands at line {} already; each person has their own, so take one of the two lines out",
        said(entry.source.as_str()),
        known.line
    );
    roster.refused.push(Refused { line: entry.line, source: Some(entry.source), why });
}

// === impl Lines ===

impl Lines<'_> {
    /// The line of a row, as an editor counts. `csv` counts a row's line before it has passed the end of the one before, so with the line
    /// ends of Windows it is one too few.
    fn of(&mut self, row: &StringRecord) -> u64 {
        let start = row.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(self.at);
        // The row begins behind whatever ends of lines stand here.
        let ends = self.text.get(start..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let before = self.text.get(self.at..start + ends).unwrap_or_default();
        let mut last = if self.at == 0 { b' ' } else { *self.text.get(self.at - 1).unwrap_or(&b' ') };
        for byte in before {
            // CR, LF, or both as one.
            self.line += u64::from(*byte == b'\r' || (*byte == b'\n' && last != b'\r'));
            last = *byte;
        }
        self.at = (start + ends).max(self.at);
        self.line
    }
}

// === impl Row ===

impl Row<'_> {
    fn entry(&self, notes: &mut Vec<Note>) -> Result<Entry, String> {
        if self.cells.len() > self.rules.width {
            return Err(format!(
                "it has {} cells and the heading {}: a name with a comma needs quotes round it",
                self.cells.len(),
                self.rules.width
            ));
        }
        let source = self.short(Column::Id)?.ok_or("it has no key, so nobody can tell who it is")?;
        let (given, family) = self.names()?;
        let membership = self.membership()?;
        let year = self.read(Column::Year, YearGroup::parse, "is no year group: write 3, Year 3, R or N1")?;
        let email = self.read(Column::Email, |text| Email::parse(text).ok(), "is not a mail address")?;
        let [first, last] = self.rules.orders;
        let started = self.day(Column::Started, first)?;
        let ended = self.day(Column::Ended, last)?;
        if let (Some(started), Some(ended)) = (started, ended)
            && ended < started
        {
            return Err(format!("the last day, {ended}, lies before the first one, {started}"));
        }
        Ok(Entry {
            line: self.line,
            source,
            given,
            family,
            known_as: self.short(Column::KnownAs)?,
            membership,
            roles: self.roles(membership, notes),
            email,
            language: self.short(Column::Language)?,
            year: year.filter(|_| membership == Membership::Pupil),
            class: self.short(Column::Class)?,
            tutor: self.short(Column::Tutor)?,
            started,
            ended,
            children: if membership == Membership::Parent { self.children()? } else { Vec::new() },
        })
    }

    /// What stands in a cell; nothing where it is empty. A quote that an export put before a formula is taken off again.
    fn cell(&self, column: Column) -> Option<String> {
        let text = self.cells.get(self.rules.mapping.position(column)?)?.trim();
        let is_formula = |rest: &&str| rest.trim_start_matches('\'').starts_with(['=', '+', '-', '@']);
        let text = text.strip_prefix('\'').filter(is_formula).unwrap_or(text);
        if text.is_empty() { None } else { Some(text.to_owned()) }
    }

    fn short(&self, column: Column) -> Result<Option<Short>, String> {
        match self.cell(column).map(|text| Short::parse(&text)) {
            None | Some(Err(NotShort::Empty)) => Ok(None),
            Some(Ok(short)) => Ok(Some(short)),
            Some(Err(why)) => Err(format!("the column \"{}\" cannot be kept: {why}", column.as_str())),
        }
    }

    fn read<T>(&self, column: Column, read: impl Fn(&str) -> Option<T>, why: &str) -> Result<Option<T>, String> {
        let Some(text) = self.cell(column) else { return Ok(None) };
        read(&text).map(Some).ok_or_else(|| format!("\"{}\" in the column \"{}\" {why}", said(&text), column.as_str()))
    }

    fn day(&self, column: Column, order: DateOrder) -> Result<Option<calendar::Date>, String> {
        self.read(column, |text| date::read(text)?.day(order), "is no day: write 2026-09-01 or 01/09/2026, and a day that exists")
    }

    fn names(&self) -> Result<(Short, Short), String> {
        let (mut given, mut family) = (self.short(Column::Given)?, self.short(Column::Family)?);
        if let (None, None, Some(whole)) = (&given, &family, self.cell(Column::Name)) {
            let (first, last) = match whole.split_once(',') {
                Some((family, given)) => (given, family),
                None => whole.rsplit_once(' ').unwrap_or((whole.as_str(), "")),
            };
            (given, family) = (Short::parse(first).ok(), Short::parse(last).ok());
        }
        Ok((given.ok_or("the first name is missing")?, family.ok_or("the family name is missing")?))
    }

    fn membership(&self) -> Result<Membership, String> {
        let word = |text: &str| match text.to_lowercase().as_str() {
            "student" | "learner" | "child" => Some(Membership::Pupil),
            "teacher" | "employee" | "teaching staff" | "support staff" => Some(Membership::Staff),
            "guardian" | "carer" | "contact" | "parent or carer" => Some(Membership::Parent),
            "guest" => Some(Membership::Visitor),
            other => other.parse().ok(),
        };
        let why = "is none of staff, pupil, governor, parent, volunteer, contractor and visitor";
        let told = self.read(Column::Membership, word, why)?.or(self.rules.reading.membership);
        // A file of OneRoster says it in the column of roles.
        let told = told.or_else(|| self.cell(Column::Roles).and_then(|text| word(text.trim())));
        told.ok_or_else(|| "nothing says what this person is to the school; say which column does (--columns membership=HEADING), or what everybody in the file is (--membership pupil)".to_owned())
    }

    /// The roles that a file may give; says of the others why not.
    fn roles(&self, membership: Membership, notes: &mut Vec<Note>) -> Vec<Role> {
        let mut roles = Vec::new();
        for word in self.cell(Column::Roles).unwrap_or_default().split([';', '|']).map(str::trim).filter(|word| !word.is_empty()) {
            let is_it =
                |role: &&Role| role.title().eq_ignore_ascii_case(word) || role.as_str() == word.to_lowercase().replace([' ', '-'], "_");
            let mut note = |text| notes.push(Note { line: Some(self.line), text });
            match Role::ALL.iter().find(is_it) {
                Some(role) if role.sees_safeguarding() => {
                    note(format!(
                        "the role \"{role}\" is given by the headteacher or the DSL, never by a file; the person is taken without it"
                    ));
                }
                Some(role) if !role.of().contains(&membership) => {
                    note(format!("the role \"{role}\" is not for a {membership}; the person is taken without it"))
                }
                Some(role) if *role == membership.role() => {}
                Some(role) => roles.push(*role),
                None => {}
            }
        }
        roles.sort();
        roles.dedup();
        roles
    }

    fn children(&self) -> Result<Vec<Child>, String> {
        let yes = |column| match self.cell(column).map(|text| text.to_lowercase()).as_deref() {
            Some("y" | "yes" | "true" | "1" | "x") => Held::Yes,
            _ => Held::No,
        };
        let kinship = match self.cell(Column::Kinship).map(|text| text.to_lowercase()).as_deref() {
            Some("mother" | "father" | "mum" | "dad" | "parent") | None => Kinship::Parent,
            Some("guardian") => Kinship::Guardian,
            Some("carer" | "foster carer" | "foster parent") => Kinship::Carer,
            Some("grandmother" | "grandfather" | "grandparent" | "aunt" | "uncle" | "sister" | "brother" | "step-parent" | "relative") => {
                Kinship::Relative
            }
            Some(_) => Kinship::Other,
        };
        let bond = Bond { kinship, responsibility: yes(Column::Responsibility), lives_with: yes(Column::LivesWith) };
        let keys = self.cell(Column::Child).unwrap_or_default();
        let keys = keys.split([';', '|']).map(str::trim).filter(|key| !key.is_empty());
        keys.map(|key| Short::parse(key).map(|source| Child { source, bond }).map_err(|why| format!("a child's key cannot be read: {why}")))
            .collect()
    }
}

/// The start of a cell, to be said back.
pub(super) fn said(text: &str) -> String {
    let start: String = text.chars().filter(|letter| !letter.is_control()).take(SAID).collect();
    if text.chars().count() > SAID { format!("{start}...") } else { start }
}
