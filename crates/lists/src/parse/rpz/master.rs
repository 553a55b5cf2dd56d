//! Master files (RFC 1035, 5.1): directives, records over several lines, names relative to an origin.

use std::io::{self, BufRead};

use crate::parse::{Sink, Skip, lines};

/// Lines that one record may span. A bracket that is never closed must not swallow the rest of a zone.
const MAX_RECORD_LINES: u32 = 1_000;
/// Words of one record that are kept: owner, TTL, class, type and target are among the first.
const MAX_WORDS: usize = 8;
/// Longest origin, in bytes: a name of 253 with every byte escaped, and some.
const MAX_ORIGIN: usize = 1_024;
/// The origin where a file names none. It ends as no real name does, and is cut off with the zone's own name.
const NO_ORIGIN: &str = "zone.invalid";

/// One record.
pub(super) struct Record {
    /// Line on which it begins.
    pub line: u32,
    /// That line.
    pub text: String,
    /// Absolute name without its last dot, in lower case.
    pub owner: String,
    /// In capitals.
    pub kind: String,
    /// First word of the data as an absolute name; `""` for the root.
    pub target: String,
    /// What names were relative to.
    pub origin: String,
}

/// Calls `each` for every record; what is none is reported to `sink`.
pub(super) fn records(input: &mut dyn BufRead, sink: &mut dyn Sink, mut each: impl FnMut(&mut dyn Sink, Record)) -> io::Result<()> {
    let mut state = State { origin: NO_ORIGIN.to_owned(), owner: None };
    let mut open: Option<Draft> = None;
    lines::each(input, sink, |sink, number, text| {
        let mut draft = open.take().unwrap_or_else(|| Draft::new(number, text));
        let closed = draft.add(text);
        if closed == Ok(false) && number - draft.line < MAX_RECORD_LINES {
            open = Some(draft);
            return;
        }
        let parsed = closed.and_then(|closed| if closed { state.record(&draft) } else { Err(UNCLOSED) });
        match parsed {
            Ok(Some(record)) => each(sink, record),
            Ok(None) => {}
            Err(why) => sink.skip(draft.line, why, &draft.text),
        }
    })?;
    if let Some(draft) = open {
        sink.skip(draft.line, UNCLOSED, &draft.text);
    }
    Ok(())
}

const UNCLOSED: Skip = Skip::Syntax("a bracket that is never closed");

/// The words of a record so far.
struct Draft {
    line: u32,
    text: String,
    words: Vec<String>,
    depth: u32,
}

impl Draft {
    fn new(line: u32, text: &str) -> Self {
        Self { line, text: text.to_owned(), words: Vec::new(), depth: 0 }
    }

    /// Adds the words of a line; says whether the record is complete.
    fn add(&mut self, text: &str) -> Result<bool, Skip> {
        let mut word = String::new();
        let mut quoted = false;
        let mut escaped = false;
        for sign in text.chars() {
            let plain = escaped || quoted && sign != '"';
            escaped = sign == '\\' && !escaped;
            match sign {
                _ if plain => word.push(sign),
                ';' => break,
                '"' => quoted = !quoted,
                '(' | ')' | ' ' | '\t' => {
                    self.push(&mut word);
                    match sign {
                        '(' => self.depth = self.depth.saturating_add(1),
                        ')' => self.depth = self.depth.checked_sub(1).ok_or(Skip::Syntax("a bracket that was never opened"))?,
                        _ => {}
                    }
                }
                _ => word.push(sign),
            }
        }
        self.push(&mut word);
        Ok(self.depth == 0)
    }

    fn push(&mut self, word: &mut String) {
        let word = std::mem::take(word);
        if !word.is_empty() && self.words.len() < MAX_WORDS {
            self.words.push(word);
        }
    }
}

/// What a line takes over from those before it.
struct State {
    origin: String,
    owner: Option<String>,
}

impl State {
    fn record(&mut self, draft: &Draft) -> Result<Option<Record>, Skip> {
        let mut words = draft.words.iter().map(String::as_str).peekable();
        let Some(first) = words.peek().copied() else { return Ok(None) };
        if first.starts_with('$') {
            return self.directive(first, draft.words.get(1));
        }
        if !draft.text.starts_with([' ', '\t', '(']) {
            self.owner = Some(self.absolute(first));
            words.next();
        }
        while words.next_if(|word| is_ttl(word) || is_class(word)).is_some() {}
        let owner = self.owner.clone().ok_or(Skip::Syntax("no name before the first record"))?;
        let kind = words.next().ok_or(Skip::Syntax("a record without a type"))?.to_ascii_uppercase();
        let target = words.next().ok_or(Skip::Syntax("a record without an answer"))?;
        let target = self.absolute(target);
        Ok(Some(Record { line: draft.line, text: draft.text.clone(), owner, kind, target, origin: self.origin.clone() }))
    }

    fn directive(&mut self, name: &str, value: Option<&String>) -> Result<Option<Record>, Skip> {
        match (name.to_ascii_uppercase().as_str(), value) {
            // A relative origin is added to the last one, so that a hostile file could make it grow without end.
            ("$ORIGIN", Some(value)) if value.len() + self.origin.len() > MAX_ORIGIN => {
                return Err(Skip::Syntax("an origin that is too long"));
            }
            ("$ORIGIN", Some(value)) => self.origin = self.absolute(value),
            ("$TTL", _) => {}
            ("$INCLUDE" | "$GENERATE", _) => return Err(Skip::NotTaken("a directive that names other records")),
            _ => return Err(Skip::Syntax("a directive that is not known")),
        }
        Ok(None)
    }

    fn absolute(&self, name: &str) -> String {
        let name = name.to_lowercase();
        match name.strip_suffix('.') {
            Some(absolute) => absolute.to_owned(),
            None if name == "@" => self.origin.clone(),
            None if self.origin.is_empty() => name,
            None => format!("{name}.{}", self.origin),
        }
    }
}

/// Seconds, or numbers with units (`1h30m`).
fn is_ttl(word: &str) -> bool {
    word.starts_with(|sign: char| sign.is_ascii_digit()) && word.bytes().all(|byte| byte.is_ascii_digit() || b"smhdwSMHDW".contains(&byte))
}

fn is_class(word: &str) -> bool {
    ["IN", "CH", "HS", "CS"].iter().any(|class| word.eq_ignore_ascii_case(class))
}
