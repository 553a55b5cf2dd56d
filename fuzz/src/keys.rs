//! Any bytes as what holds or is sealed by a key: read or refused, and what is read is written back the same.

use ledger::keys::{Code, Ring, SealedEpoch, SealedText, WrappedKey};
use ledger::vault::Header;
use sha2::{Digest, Sha256};

/// The first byte picks the form, the rest is one of it.
pub fn keys(bytes: &[u8]) {
    let Some((form, rest)) = bytes.split_first() else { return };
    match form % 6 {
        0 => code(rest),
        1 => ring(rest),
        2 => same(SealedText::parse(rest).map(|it| it.as_bytes().to_vec()).ok(), rest),
        3 => same(WrappedKey::parse(rest).map(|it| it.as_bytes().to_vec()).ok(), rest),
        4 => same(SealedEpoch::parse(rest).map(|it| it.as_bytes().to_vec()).ok(), rest),
        _ => header(rest),
    }
}

/// A code that is taken is printed in one form, which is taken too.
fn code(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Code::parse(text) {
        Ok(code) => {
            let printed = code.text();
            assert_eq!(printed.len(), 39, "eight groups of four");
            let again = Code::parse(&printed).map(|again| (again.kind(), again.text()));
            assert_eq!(again, Ok((code.kind(), printed)));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A ring, as it is and with a right checksum behind it, which chance never finds.
fn ring(bytes: &[u8]) {
    same(Ring::parse(bytes).map(|ring| ring.to_bytes()).ok(), bytes);
    let whole = [bytes, Sha256::digest(bytes).as_slice()].concat();
    same(Ring::parse(&whole).map(|ring| ring.to_bytes()).ok(), &whole);
}

fn header(bytes: &[u8]) {
    let Ok(bytes) = bytes.try_into() else { return };
    same(Header::parse(bytes).map(|header| header.to_bytes().to_vec()), bytes.as_slice());
}

fn same(written: Option<Vec<u8>>, bytes: &[u8]) {
    assert!(written.is_none_or(|written| written == bytes));
}
