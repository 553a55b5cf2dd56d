//! Files of people.

use std::collections::HashSet;

use office::people::Membership;
use office::people::import::{DateOrder, Reading, read};

/// A first byte that says how it is read, then a file: refused in words, or each row is one person or is refused at its line; no key twice, no
/// last day before a first one; the same again when read again.
pub fn people(bytes: &[u8]) {
    let Some((choice, file)) = bytes.split_first() else { return };
    let reading = Reading {
        mapping: if choice & 1 == 0 { Vec::new() } else { vec![("id".to_owned(), "key".to_owned())] },
        membership: Membership::ALL.get(usize::from(choice >> 1 & 7)).copied(),
        dates: [None, Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst), None][usize::from(choice >> 4 & 3)],
        columns: None,
    };
    let (mapping, roster) = match read(file, &reading) {
        Ok(found) => found,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let lines = 1 + file.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64;
    let all = roster.entries.iter().map(|entry| entry.line).chain(roster.refused.iter().map(|refused| refused.line));
    assert!(all.clone().all(|line| (1..=lines).contains(&line)), "a line that the file does not have");
    let mut keys = HashSet::new();
    for entry in &roster.entries {
        assert!(keys.insert(&entry.source), "a key stands twice");
        assert!(entry.started.zip(entry.ended).is_none_or(|(started, ended)| started <= ended), "ends before it begins");
        assert!(entry.roles.iter().all(|role| !role.sees_safeguarding()), "a file gives a role that sees safeguarding data");
    }
    assert!(roster.refused.iter().all(|refused| !refused.why.is_empty()));
    let (again, same) = read(file, &reading).expect("it was read a moment ago");
    assert_eq!((again, same), (mapping, roster));
}
