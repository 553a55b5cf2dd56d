//! `docs/config.toml` is true: it is read as it stands, and with every example in it.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

const DOCUMENT: &str = include_str!("../../../../../docs/config.toml");
/// Before an example of a setting without a default.
const EXAMPLE: &str = "#: ";

/// The document with every example in force.
fn with_examples() -> String {
    DOCUMENT.lines().map(|line| line.strip_prefix(EXAMPLE).unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_it_shows_as_defaults_are_the_defaults() {
    assert_eq!(parse(DOCUMENT), Config::default());
}

#[test]
fn its_examples_are_right() {
    // The examples of [illegal_content] belong to two sources at once, so each is tried with its own.
    let sealed = with_examples().replace("source = \"none\"", "source = \"sealed\"").replace("upstream_provider =", "#");
    let upstream = with_examples().replace("source = \"none\"", "source = \"upstream\"").replace("sealed_file =", "#");
    for text in [sealed, upstream] {
        let config = parse(&text);
        assert_eq!((config.sources.len(), config.people.len(), config.overrides.len(), config.windows.len()), (3, 1, 1, 1));
    }
}

#[test]
fn every_key_is_in_it_and_every_key_in_it_is_known() {
    let text = with_examples();
    let notes = Notes::new(&text, "config.toml");
    let root = toml_span::parse(&text).expect("TOML");
    Config::from_root(&Section::root(&notes, &root));
    let known = notes.asked();

    let mut shown: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut heading = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with('[') {
            heading = line.to_owned();
            shown.entry(String::new()).or_default().insert(line.trim_matches(['[', ']']).to_owned());
        } else if let Some((key, _)) = line.split_once(" = ") {
            shown.entry(heading.clone()).or_default().insert(key.to_owned());
        }
    }
    let known: BTreeMap<String, BTreeSet<String>> =
        known.into_iter().map(|(heading, keys)| (heading, keys.into_iter().map(str::to_owned).collect())).collect();
    assert_eq!(shown, known);
}

#[test]
fn it_explains_each_setting_and_lists_each_category() {
    let mut before = "";
    for line in DOCUMENT.lines() {
        let setting = line.strip_prefix(EXAMPLE).unwrap_or(line);
        if setting.contains(" = ") && !setting.starts_with('#') {
            assert!(before.starts_with('#'), "{line:?} has no explanation above it");
        }
        before = line;
    }
    for category in Category::ALL {
        assert!(DOCUMENT.contains(category.slug()), "{category:?}");
    }
}
