//! Lists of the v2fly domain-list-community: rules with attributes, and lists that include each other.
//!
//! This file reads one list; `source` follows the includes, since only it knows the other files.

use std::collections::BTreeSet;
use std::io::{self, BufRead};

use super::{Nowhere, Pattern, Sink, Skip, expression, lines};

/// One line that says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// All rules of another list that meet the conditions.
    Include(Include),
    /// A rule.
    Rule(Rule),
}

/// `include:name @has @-has-not`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Include {
    /// Name of the list, which is the name of its file.
    pub list: String,
    /// What its rules must meet.
    pub conditions: BTreeSet<Condition>,
}

/// What a rule must meet to be included.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// Has this attribute.
    Has(String),
    /// Has it not.
    HasNot(String),
    /// Says that it belongs to this list as well (`&list`).
    BelongsTo(String),
}

/// A rule with its remarks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What it names.
    pub pattern: Pattern,
    /// `@attribute`.
    pub attributes: Vec<String>,
    /// `&list`: other lists that it belongs to.
    pub lists: Vec<String>,
}

impl Rule {
    /// Whether the rule meets all of them.
    pub fn meets(&self, conditions: &BTreeSet<Condition>) -> bool {
        conditions.iter().all(|condition| match condition {
            Condition::Has(name) => self.attributes.contains(name),
            Condition::HasNot(name) => !self.attributes.contains(name),
            Condition::BelongsTo(list) => self.lists.contains(list),
        })
    }
}

/// Reads one list by itself: its includes are reported as left out.
///
/// # Errors
/// Only what `input` itself returns.
pub fn read(input: &mut dyn BufRead, sink: &mut dyn Sink) -> io::Result<()> {
    read_list(input, sink, &BTreeSet::new(), |_| Err(Skip::NotTaken("includes another list")))
}

/// Reads the rules of one list that meet the conditions; `include` is asked about each list that this one includes.
///
/// # Errors
/// Only what `input` itself returns.
pub fn read_list(
    input: &mut dyn BufRead,
    sink: &mut dyn Sink,
    conditions: &BTreeSet<Condition>,
    mut include: impl FnMut(Include) -> Result<(), Skip>,
) -> io::Result<()> {
    lines::each(input, sink, |sink, number, text| match parse_line(text) {
        Ok(None) => {}
        Ok(Some(Line::Rule(rule))) if rule.meets(conditions) => sink.entry(number, None, rule.pattern),
        Ok(Some(Line::Rule(_))) => {}
        Ok(Some(Line::Include(found))) => {
            if let Err(why) = include(found) {
                sink.skip(number, why, text);
            }
        }
        Err(why) => sink.skip(number, why, text),
    })
}

/// The lists to which rules of this file say that they belong as well.
///
/// # Errors
/// Only what `input` itself returns.
pub fn other_lists(input: &mut dyn BufRead) -> io::Result<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    lines::each(input, &mut Nowhere, |_, _, text| {
        all.extend(words(text).filter_map(|word| word.strip_prefix('&')).map(str::to_ascii_lowercase));
    })?;
    Ok(all)
}

/// Reads one line; nothing for a remark.
///
/// # Errors
/// Why it is left out.
pub fn parse_line(text: &str) -> Result<Option<Line>, Skip> {
    let mut words = words(text);
    let Some(rule) = words.next() else { return Ok(None) };
    let (mut attributes, mut lists) = (Vec::new(), Vec::new());
    for word in words {
        match (word.strip_prefix('@'), word.strip_prefix('&')) {
            (Some(name), _) if !name.is_empty() => attributes.push(name.to_ascii_lowercase()),
            (_, Some(list)) if !list.is_empty() => lists.push(list.to_ascii_lowercase()),
            _ => return Err(Skip::Syntax("a second word that is neither @attribute nor &list")),
        }
    }
    let (kind, value) = rule.split_once(':').unwrap_or(("domain", rule));
    if value.is_empty() {
        return Err(Skip::Syntax("nothing after the colon"));
    }
    let pattern = match kind {
        "include" => return Ok(Some(Line::Include(Include { list: value.to_ascii_lowercase(), conditions: conditions(attributes) }))),
        "domain" => Pattern::below(value)?,
        "full" => Pattern::exact(value)?,
        "keyword" => Pattern::HostExpression(regex::escape(&value.to_lowercase())),
        "regexp" => {
            expression::check(value)?;
            Pattern::HostExpression(value.to_owned())
        }
        _ => return Err(Skip::Syntax("a kind of rule that is not known")),
    };
    Ok(Some(Line::Rule(Rule { pattern, attributes, lists })))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split('#').next().unwrap_or_default().split_whitespace()
}

fn conditions(attributes: Vec<String>) -> BTreeSet<Condition> {
    let condition = |name: String| name.strip_prefix('-').map(str::to_owned).map_or(Condition::Has(name), Condition::HasNot);
    attributes.into_iter().map(condition).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::testing::Found;

    #[test]
    fn every_kind_of_rule() {
        let mut found = Found::default();
        let text = "# remark\nplain.example @ads # why\ndomain:Long.example\nfull:only.example @a @!cn\nkeyword:c++casino\n\
                    regexp:(^|\\.)bet[0-9]+\\.example$\nregexp:(?=x)\ninclude:other @ads\nnew:x.example\nfull:\ntwo words\nshared.example &other\n";
        read(&mut text.as_bytes(), &mut found).expect("reading");
        assert_eq!(
            found.entries(),
            [
                "2 *.plain.example",
                "3 *.long.example",
                "4 =only.example",
                r"5 host~c\+\+casino",
                r"6 host~(^|\.)bet[0-9]+\.example$",
                "12 *.shared.example",
            ]
        );
        assert_eq!(
            found.skips(),
            [
                "7 not understood: not an expression that can be run safely: regexp:(?=x)",
                "8 not taken: includes another list: include:other @ads",
                "9 not understood: a kind of rule that is not known: new:x.example",
                "10 not understood: nothing after the colon: full:",
                "11 not understood: a second word that is neither @attribute nor &list: two words",
            ]
        );
    }

    #[test]
    fn conditions_choose_by_attribute_and_list() {
        for (conditions, expected) in [
            ("", &["1 *.none.example", "2 *.ads.example", "3 *.both.example", "4 *.shared.example"][..]),
            ("@ads", &["2 *.ads.example", "3 *.both.example"]),
            ("@-ads", &["1 *.none.example", "4 *.shared.example"]),
            ("@ads @-cn", &["2 *.ads.example"]),
            ("@ads @cn", &["3 *.both.example"]),
        ] {
            let Ok(Some(Line::Include(include))) = parse_line(&format!("include:list {conditions}")) else { panic!("an include") };
            check(&include.conditions, expected);
        }
        check(&BTreeSet::from([Condition::BelongsTo("other".to_owned())]), &["4 *.shared.example"]);
    }

    fn check(conditions: &BTreeSet<Condition>, expected: &[&str]) {
        let text = "none.example\nads.example @ads\nboth.example @ads @cn\nshared.example &other\n";
        let mut found = Found::default();
        read_list(&mut text.as_bytes(), &mut found, conditions, |_| Ok(())).expect("reading");
        assert_eq!(found.entries(), expected);
    }
}
