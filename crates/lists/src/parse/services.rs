//! AdGuard's catalogue of services: JSON with the rules of each app or site.

use std::io::{self, BufRead, Read};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::adblock::{self, Rule};
use super::{Sink, Skip};

/// Largest catalogue that is read, in bytes. It must be held whole; the real one has 60 kB, or 1 MB with pictures.
pub const MAX_CATALOGUE: u64 = 8 << 20;

/// The file of AdGuard's registry that holds the list; elsewhere the list stands alone.
#[derive(Deserialize)]
struct Registry<'a> {
    #[serde(borrow)]
    blocked_services: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Service<'a> {
    id: String,
    #[serde(default)]
    group: Option<String>,
    #[serde(borrow)]
    rules: Vec<&'a RawValue>,
}

/// Reads a catalogue. The label is `group/id` (`gaming/roblox`), or `id` where there is no group, so that a mapping may name the
/// service and else its group.
///
/// # Errors
/// Only what `input` itself returns.
pub fn read(input: &mut dyn BufRead, sink: &mut dyn Sink) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.take(MAX_CATALOGUE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_CATALOGUE {
        sink.skip(1, Skip::Syntax("a catalogue of services over 8 MiB"), "");
        return Ok(());
    }
    let text = super::lines::decode(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
    match services(&text) {
        Ok(services) => {
            let mut place = Place { text: &text, at: 0, line: 1 };
            for service in services {
                read_service(sink, &mut place, service);
            }
        }
        Err(error) => sink.skip(u32::try_from(error.line().max(1)).unwrap_or(u32::MAX), Skip::Syntax("not a catalogue of services"), ""),
    }
    Ok(())
}

fn services(text: &str) -> serde_json::Result<Vec<&RawValue>> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text);
    }
    serde_json::from_str::<Registry<'_>>(text).map(|registry| registry.blocked_services)
}

fn read_service<'a>(sink: &mut dyn Sink, place: &mut Place<'a>, raw: &'a RawValue) {
    let Ok(service) = serde_json::from_str::<Service<'a>>(raw.get()) else {
        return sink.skip(place.line_of(raw), Skip::Syntax("a service without id or rules"), "");
    };
    let label = service.group.map_or_else(|| service.id.clone(), |group| format!("{group}/{}", service.id));
    for raw in service.rules {
        let line = place.line_of(raw);
        let Ok(rule) = serde_json::from_str::<String>(raw.get()) else {
            sink.skip(line, Skip::Syntax("a rule that is not text"), raw.get());
            continue;
        };
        match adblock::parse_rule(rule.trim()) {
            Ok(Rule::Block(pattern)) => sink.entry(line, Some(&label), pattern),
            Ok(Rule::Except(pattern)) => sink.except(line, Some(&label), pattern),
            Err(why) => sink.skip(line, why, &rule),
        }
    }
}

/// Counts lines up to a value, going forward only.
struct Place<'a> {
    text: &'a str,
    at: usize,
    line: u32,
}

impl Place<'_> {
    /// Line on which a value begins that was borrowed from the text.
    fn line_of(&mut self, value: &RawValue) -> u32 {
        let at = value.get().as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        let passed = self.text.as_bytes().get(self.at..at).unwrap_or_default();
        let newlines = passed.iter().filter(|byte| **byte == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(newlines).unwrap_or(u32::MAX));
        self.at = self.at.max(at);
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::testing::Found;

    fn found(text: &str) -> Found {
        let mut found = Found::default();
        read(&mut text.as_bytes(), &mut found).expect("reading");
        found
    }

    #[test]
    fn rules_carry_their_service_group_and_line() {
        let text = r#"[
            {"id": "blocky", "name": "Blocky", "group": "gaming",
             "rules": ["||blocky.example^",
                       "||cdn.example^$denyallow=b.cdn.example",
                       "@@||help.blocky.example^", 7]},
            {"name": "Nameless"},
            {"id": "chatty", "rules": ["|chatty.example^"], "icon_svg": "eA=="}
        ]"#;
        let found_bare = found(text);
        assert_eq!(found_bare.entries(), ["3 gaming/blocky: *.blocky.example", "7 chatty: =chatty.example"]);
        assert_eq!(found_bare.excepts(), ["5 gaming/blocky: *.help.blocky.example"]);
        assert_eq!(
            found_bare.skips(),
            [
                "4 not taken: holds only on some sites: ||cdn.example^$denyallow=b.cdn.example",
                "5 not understood: a rule that is not text: 7",
                "6 not understood: a service without id or rules: ",
            ]
        );
        assert_eq!(found(&format!("{{\"groups\": [], \"blocked_services\": {text}}}")).entries(), found_bare.entries());
    }

    #[test]
    fn what_is_no_catalogue_is_refused_with_its_line() {
        assert_eq!(found("[\n{\"id\": \n").skips(), ["3 not understood: not a catalogue of services: "]);
        assert_eq!(found("").skips(), ["1 not understood: not a catalogue of services: "]);
        assert_eq!(found(&"[".repeat(9 << 20)).skips(), ["1 not understood: a catalogue of services over 8 MiB: "]);
        assert_eq!(found(&"[".repeat(1 << 20)).skips().len(), 1);
    }
}
