//! Lines of a calendar file: put together again where they were folded (RFC 5545, section 3.1), then name, parameters, value.

/// A whole line, with the number of the first line of the file that it stands on.
pub(super) struct Line {
    pub(super) number: usize,
    bytes: Vec<u8>,
    text: Option<String>,
}

/// A line taken apart.
pub(super) struct Parsed<'a> {
    /// In capital letters.
    pub(super) name: String,
    parameters: Vec<(String, &'a str)>,
    pub(super) value: &'a str,
}

/// The lines of a file; empty ones are left out.
pub(super) fn unfold(file: &[u8]) -> Vec<Line> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let mut lines: Vec<Line> = Vec::new();
    for (at, raw) in file.split(|byte| *byte == b'\n').enumerate() {
        let raw = raw.strip_suffix(b"\r").unwrap_or(raw);
        match (raw.split_first(), lines.last_mut()) {
            // A character of several bytes may be folded in its middle, so bytes are joined first and read as text after.
            (Some((b' ' | b'\t', rest)), Some(line)) => line.bytes.extend_from_slice(rest),
            (None, _) => {}
            _ => lines.push(Line { number: at + 1, bytes: raw.to_vec(), text: None }),
        }
    }
    for line in &mut lines {
        line.text = String::from_utf8(std::mem::take(&mut line.bytes)).map_err(|error| line.bytes = error.into_bytes()).ok();
    }
    lines
}

/// `\n`, `\,`, `\;` and `\\` of a text (section 3.3.11).
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => match signs.next() {
                Some('n' | 'N') => plain.push(' '),
                Some(other) => plain.push(other),
                None => {}
            },
            sign => plain.push(sign),
        }
    }
    plain
}

// === impl Line ===

impl Line {
    /// As text, for whoever looks at what was left.
    pub(super) fn text(&self) -> String {
        self.text.clone().unwrap_or_else(|| String::from_utf8_lossy(&self.bytes).into_owned())
    }

    /// `NAME;PARAMETER=value;OTHER="quoted":value`.
    pub(super) fn parse(&self) -> Option<Parsed<'_>> {
        let text = self.text.as_deref()?;
        let mut is_quoted = false;
        let is_end = |sign: char| {
            is_quoted ^= sign == '"';
            !is_quoted && sign == ':'
        };
        let (head, value) = text.split_once(is_end)?;
        let mut parts = split_outside_quotes(head, ';').into_iter();
        let name = parts.next().filter(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))?;
        let parameters = parts.map(|part| part.split_once('=').map(|(name, value)| (name.to_ascii_uppercase(), value.trim_matches('"'))));
        Some(Parsed { name: name.to_ascii_uppercase(), parameters: parameters.collect::<Option<_>>()?, value: value.trim_end() })
    }
}

fn split_outside_quotes(text: &str, at: char) -> Vec<&str> {
    let mut is_quoted = false;
    text.split(|sign: char| {
        is_quoted ^= sign == '"';
        !is_quoted && sign == at
    })
    .collect()
}

// === impl Parsed ===

impl Parsed<'_> {
    /// The value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }
}
