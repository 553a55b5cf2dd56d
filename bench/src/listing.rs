//! The list that every peer gets: made-up domains, one a line.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::domains::name;

/// A list on disk.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) path: PathBuf,
    /// Some of its names, to ask for: half of them one label below.
    pub(crate) asked: Vec<String>,
}

/// Names asked for.
const ASKED: usize = 1_000;

impl Listing {
    /// Writes a list of `size` names.
    pub(crate) fn write(folder: &Path, size: usize) -> anyhow::Result<Self> {
        let path = folder.join("domains.txt");
        let names = names(size);
        let text: String = names.iter().map(|name| format!("{name}\n")).collect();
        std::fs::write(&path, text).context("write the list")?;
        let some = names.iter().step_by((size / ASKED).max(1)).take(ASKED).enumerate();
        let asked = some.map(|(at, name)| if at % 2 == 0 { name.clone() } else { format!("www.{name}") }).collect();
        Ok(Self { path, asked })
    }
}

/// Different names, none below another: Squid does not start with such a list.
fn names(size: usize) -> Vec<String> {
    // Hardly one in a thousand is left out.
    let many: Vec<String> = (0..size + size / 100 + 10).map(name).collect();
    let all: HashSet<&str> = many.iter().map(String::as_str).collect();
    let mut seen = HashSet::new();
    let is_below = |name: &str| name.match_indices('.').any(|(at, _)| all.contains(&name[at + 1..]));
    many.iter().filter(|name| !is_below(name) && seen.insert(name.as_str())).take(size).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_many_as_asked_for_and_stand_beside_each_other() {
        let names = names(20_000);
        let all: HashSet<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(all.len(), 20_000);
        assert!(!names.iter().any(|name| name.match_indices('.').any(|(at, _)| all.contains(&name[at + 1..]))));
    }
}
