//! Any bytes as what is inside a backup, or as what is kept beside it.

use ledger::backup::{Kept, verify_inside};

/// The first byte picks the form, the rest is one of it.
pub fn backup(bytes: &[u8]) {
    let Some((form, rest)) = bytes.split_first() else { return };
    if form % 2 == 0 { kept(rest) } else { inside(rest) }
}

/// What is taken is written in one form, which is taken too and says the same.
fn kept(bytes: &[u8]) {
    let Some(kept) = Kept::parse(bytes) else { return };
    let text = kept.text();
    let again = Kept::parse(&text);
    assert!(again.is_some_and(|again| again.text() == text), "it is not read as it was written");
}

/// Refused in words, or whole: as many rows and files as it says, each row in the form of its table, each sum right.
fn inside(bytes: &[u8]) {
    match verify_inside(bytes) {
        Ok(seen) => {
            assert_eq!(seen.closing.rows.len(), seen.opening.tables.len());
            assert!(seen.closing.rows.iter().sum::<u64>() <= bytes.len() as u64, "more rows than there are bytes");
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
