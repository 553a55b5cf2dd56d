//! Reading sections: every key asked for by name, every mistake noted with its place, whatever was not asked for refused.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use toml_span::value::{Table, Value, ValueInner};
use toml_span::{ErrorKind, Span};

use super::error::place;
use super::values::{kind_of, nearest};
use super::{Config, ConfigErrors, Mistake};

/// The text that is read, and what was found wrong with it so far.
pub(super) struct Notes<'t> {
    text: &'t str,
    file: String,
    base: PathBuf,
    mistakes: RefCell<Vec<Mistake>>,
    asked: RefCell<BTreeMap<String, BTreeSet<&'static str>>>,
}

/// A table of the file, or the empty one where the file has none.
pub(super) struct Section<'a> {
    notes: &'a Notes<'a>,
    /// As it stands in the file, such as `[lists]`; empty for the top.
    heading: String,
    table: Option<&'a Table<'a>>,
    span: Span,
}

// === impl Notes ===

impl<'t> Notes<'t> {
    pub(super) fn new(text: &'t str, file: &str) -> Self {
        let base = Path::new(file).parent().unwrap_or(Path::new("")).to_owned();
        Self { text, file: file.to_owned(), base, mistakes: RefCell::default(), asked: RefCell::default() }
    }

    /// Notes why the text is not TOML. The library's words suit programmers; the common slips get our own.
    pub(super) fn syntax(&self, error: &toml_span::Error) {
        let what = match &error.kind {
            ErrorKind::InvalidNumber | ErrorKind::UnquotedString | ErrorKind::Wanted { .. } => {
                format!("{error}; texts, dates, times and sizes stand in quotes, such as \"2026-12-18\"")
            }
            ErrorKind::DuplicateKey { key, first } => {
                format!("{key:?} stands twice in this section, first on line {}; keep one", self.line(*first))
            }
            ErrorKind::DuplicateTable { name, first } => {
                format!("the section {name:?} stands twice, first on line {}; put its keys together", self.line(*first))
            }
            ErrorKind::UnterminatedString => "a text begins here and its closing quote is missing on this line".to_owned(),
            _ => error.to_string(),
        };
        self.note(error.span, String::new(), format!("this is not TOML: {what}"));
    }

    /// The configuration, if there is nothing wrong with it.
    pub(super) fn into_result(self, config: Option<Config>) -> Result<Config, ConfigErrors> {
        let mut mistakes = self.mistakes.into_inner();
        match config {
            Some(config) if mistakes.is_empty() => Ok(config),
            _ => {
                mistakes.sort();
                Err(ConfigErrors::Mistakes { file: self.file, mistakes })
            }
        }
    }

    /// Every key that was asked for, by section.
    #[cfg(test)]
    pub(super) fn asked(&self) -> BTreeMap<String, BTreeSet<&'static str>> {
        self.asked.borrow().clone()
    }

    fn note(&self, span: Span, key: String, what: String) {
        let (line, column) = place(self.text, span.start);
        self.mistakes.borrow_mut().push(Mistake { line, column, key, what });
    }

    fn line(&self, span: Span) -> usize {
        place(self.text, span.start).0
    }
}

// === impl Section ===

impl<'a> Section<'a> {
    pub(super) fn root(notes: &'a Notes<'a>, root: &'a Value<'a>) -> Self {
        Self { notes, heading: String::new(), table: root.as_table(), span: Span::new(0, 0) }
    }

    /// The folder from which relative paths start.
    pub(super) fn base(&self) -> &'a Path {
        &self.notes.base
    }

    /// The line of a value, for messages that point to another place.
    pub(super) fn line(&self, value: &Value<'_>) -> usize {
        self.notes.line(value.span)
    }

    /// Whether the file sets `key`, rightly or wrongly.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.is_some_and(|table| table.contains_key(key))
    }

    /// The value of `key`, or nothing where it is absent or wrong; what is wrong is noted.
    pub(super) fn optional<T>(&self, key: &'static str, read: impl FnOnce(&Value<'_>) -> Result<T, String>) -> Option<T> {
        let value = self.get(key)?;
        read(value).map_err(|what| self.notes.note(value.span, self.full(key), what)).ok()
    }

    /// The same for a key that must be there.
    pub(super) fn required<T>(&self, key: &'static str, read: impl FnOnce(&Value<'_>) -> Result<T, String>) -> Option<T> {
        if !self.has(key) {
            self.mistake(key, "is missing");
        }
        self.optional(key, read)
    }

    /// The same with a default.
    pub(super) fn or<T>(&self, key: &'static str, default: T, read: impl FnOnce(&Value<'_>) -> Result<T, String>) -> T {
        self.optional(key, read).unwrap_or(default)
    }

    /// The values of an array, of which each wrong one is noted; none where the key is absent.
    pub(super) fn each<T>(&self, key: &'static str, read: impl Fn(&Value<'_>) -> Result<T, String>) -> Vec<T> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(items) = value.as_array() else {
            self.notes.note(
                value.span,
                self.full(key),
                format!("must be a list in square brackets, such as [\"one\", \"two\"], not {}", kind_of(value)),
            );
            return Vec::new();
        };
        let read_one = |item: &Value<'_>| read(item).map_err(|what| self.notes.note(item.span, self.full(key), what)).ok();
        items.iter().filter_map(read_one).collect()
    }

    /// The section `[key]`; an empty one where the file has none.
    pub(super) fn table(&self, key: &'static str) -> Self {
        let heading = format!("[{key}]");
        let value = self.get(key);
        if let Some(value) = value.filter(|value| value.as_table().is_none()) {
            self.notes.note(value.span, self.full(key), format!("must be a section that begins with {heading}, not {}", kind_of(value)));
        }
        let span = value.map_or(self.span, |value| value.span);
        Section { notes: self.notes, heading, table: value.and_then(Value::as_table), span }
    }

    /// The sections `[[key]]`, in the order of the file.
    pub(super) fn tables(&self, key: &'static str) -> Vec<Self> {
        let heading = format!("[[{key}]]");
        let Some(value) = self.get(key) else { return Vec::new() };
        let wrong = |value: &Value<'_>| {
            self.notes.note(value.span, self.full(key), format!("must be sections that each begin with {heading}, not {}", kind_of(value)));
        };
        let Some(items) = value.as_array() else {
            wrong(value);
            return Vec::new();
        };
        let section = |item: &'a Value<'a>| match item.as_ref() {
            ValueInner::Table(table) => Some(Section { notes: self.notes, heading: heading.clone(), table: Some(table), span: item.span }),
            _ => {
                wrong(item);
                None
            }
        };
        items.iter().filter_map(section).collect()
    }

    /// Notes a mistake at `key`, or at the head of the section where the key is absent.
    pub(super) fn mistake(&self, key: &'static str, what: impl Into<String>) {
        let span = self.table.and_then(|table| table.get(key)).map_or(self.span, |value| value.span);
        self.notes.note(span, self.full(key), what.into());
    }

    /// Refuses every key that was not asked for. To be called when all were.
    pub(super) fn finish(&self) {
        let asked = self.notes.asked.borrow();
        let Some(known) = asked.get(&self.heading) else { return };
        for key in self.table.into_iter().flat_map(|table| table.keys()).filter(|key| !known.contains(&*key.name)) {
            let hint = nearest(&key.name, known.iter().copied())
                .unwrap_or_else(|| format!("; known here: {}", known.iter().copied().collect::<Vec<_>>().join(", ")));
            // The key may be a name in the wrong place, so it is shown only as far as it could be one of ours.
            let shown: String = key.name.chars().filter(|letter| !letter.is_control()).take(40).collect();
            self.notes.note(key.span, self.full(&shown), format!("there is no such key{hint}"));
        }
    }

    fn get(&self, key: &'static str) -> Option<&'a Value<'a>> {
        self.notes.asked.borrow_mut().entry(self.heading.clone()).or_default().insert(key);
        self.table?.get(key)
    }

    fn full(&self, key: &str) -> String {
        if self.heading.is_empty() { key.to_owned() } else { format!("{} {key}", self.heading) }
    }
}
