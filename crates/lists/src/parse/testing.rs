//! What a reader found, as lines that a test can compare.

use super::{Pattern, Sink, Skip};

/// A [`Sink`] that keeps everything.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Line, what is done (`+`, `-` or `?`), label, pattern or reason.
    rows: Vec<(char, u32, String)>,
}

impl Found {
    /// `line label: pattern` for each entry.
    pub(crate) fn entries(&self) -> Vec<String> {
        self.of('+')
    }

    /// The same for each exception.
    pub(crate) fn excepts(&self) -> Vec<String> {
        self.of('-')
    }

    /// `line reason: text` for each line left out.
    pub(crate) fn skips(&self) -> Vec<String> {
        self.of('?')
    }

    fn of(&self, kind: char) -> Vec<String> {
        self.rows.iter().filter(|row| row.0 == kind).map(|row| format!("{} {}", row.1, row.2)).collect()
    }
}

impl Sink for Found {
    fn entry(&mut self, line: u32, label: Option<&str>, pattern: Pattern) {
        self.rows.push(('+', line, labelled(label, &pattern)));
    }

    fn except(&mut self, line: u32, label: Option<&str>, pattern: Pattern) {
        self.rows.push(('-', line, labelled(label, &pattern)));
    }

    fn skip(&mut self, line: u32, why: Skip, text: &str) {
        self.rows.push(('?', line, format!("{why}: {text}")));
    }
}

fn labelled(label: Option<&str>, pattern: &Pattern) -> String {
    let pattern = match pattern {
        Pattern::Exact(host) => format!("={host}"),
        Pattern::Suffix(host) => format!("*.{host}"),
        Pattern::Url(url) => format!("={}{}", url.host, url.path),
        Pattern::UrlBelow(url) => format!("*.{}{}", url.host, url.path),
        Pattern::HostExpression(text) => format!("host~{text}"),
        Pattern::UrlExpression(text) => format!("url~{text}"),
    };
    label.map_or_else(|| pattern.clone(), |label| format!("{label}: {pattern}"))
}
