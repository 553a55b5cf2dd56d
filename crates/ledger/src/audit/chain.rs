//! The chain: each link is a hash over the one before, the place in the chain, and the entry with all its columns. Texts stand in it
//! as the hash of what is stored, which is sealed, so that a short text cannot be guessed from it, and the link holds when the text
//! was erased.

use aws_lc_rs::digest::{SHA256, digest};

use super::entity::entry;
use crate::Id;

/// SHA-256.
pub(crate) type Hash = [u8; 32];

/// An entry as the chain covers it: every column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    pub(crate) organisation_id: Id,
    pub(crate) id: Id,
    pub(crate) kind: i16,
    pub(crate) at: i64,
    pub(crate) subject_id: Id,
    pub(crate) site_id: Option<Id>,
    pub(crate) actor_id: Option<Id>,
    pub(crate) behalf_id: Option<Id>,
    pub(crate) role: &'a [u8],
    pub(crate) purpose: &'a [u8],
    pub(crate) origin: &'a [u8],
    pub(crate) subject_kind: &'a [u8],
    pub(crate) action: &'a [u8],
    pub(crate) text_hash: Option<&'a [u8]>,
}

impl<'a> From<&'a entry::Model> for Entry<'a> {
    fn from(row: &'a entry::Model) -> Self {
        Self {
            organisation_id: row.organisation_id,
            id: row.id,
            kind: row.kind,
            at: row.at,
            subject_id: row.subject_id,
            site_id: row.site_id,
            actor_id: row.actor_id,
            behalf_id: row.behalf_id,
            role: row.role.as_bytes(),
            purpose: row.purpose.as_bytes(),
            origin: row.origin.as_bytes(),
            subject_kind: row.subject_kind.as_bytes(),
            action: row.action.as_bytes(),
            text_hash: row.text_hash.as_deref(),
        }
    }
}

/// What stands before the first link of an organisation.
pub(crate) fn start(organisation: Id) -> Hash {
    let mut bytes = b"schoolgate audit chain v1".to_vec();
    bytes.extend_from_slice(&organisation.to_bytes());
    sha256(&bytes)
}

/// The link at place `seq` (from 1), after `before`. `buffer` is room to work in.
pub(crate) fn link(before: &Hash, seq: i64, row: &Entry<'_>, buffer: &mut Vec<u8>) -> Hash {
    buffer.clear();
    buffer.extend_from_slice(before);
    buffer.extend_from_slice(&seq.to_be_bytes());
    buffer.extend_from_slice(&row.organisation_id.to_bytes());
    buffer.extend_from_slice(&row.id.to_bytes());
    buffer.extend_from_slice(&row.kind.to_be_bytes());
    buffer.extend_from_slice(&row.at.to_be_bytes());
    buffer.extend_from_slice(&row.subject_id.to_bytes());
    for id in [row.site_id, row.actor_id, row.behalf_id] {
        put(buffer, id.map(Id::to_bytes).as_ref().map(<[u8; 16]>::as_slice));
    }
    for word in [row.role, row.purpose, row.origin, row.subject_kind, row.action] {
        put(buffer, Some(word));
    }
    put(buffer, row.text_hash);
    sha256(buffer)
}

/// Over the texts of an entry as they are stored, in their order.
pub(crate) fn texts<'a>(texts: impl IntoIterator<Item = (&'a str, i16, &'a [u8])>) -> Hash {
    let mut bytes = Vec::new();
    for (field, side, ciphertext) in texts {
        put(&mut bytes, Some(field.as_bytes()));
        bytes.extend_from_slice(&side.to_be_bytes());
        put(&mut bytes, Some(ciphertext));
    }
    sha256(&bytes)
}

/// With its length, and nothing different from empty, so that no two entries have the same bytes.
fn put(buffer: &mut Vec<u8>, bytes: Option<&[u8]>) {
    match bytes {
        None => buffer.push(0),
        Some(bytes) => {
            buffer.push(1);
            buffer.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
            buffer.extend_from_slice(bytes);
        }
    }
}

fn sha256(bytes: &[u8]) -> Hash {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> entry::Model {
        let id = |byte| Id::from([byte; 16]);
        entry::Model {
            organisation_id: id(1),
            id: id(2),
            site_id: None,
            kind: 1,
            at: 3,
            actor_id: Some(id(4)),
            role: "dsl".to_owned(),
            behalf_id: None,
            purpose: "care".to_owned(),
            origin: "job".to_owned(),
            subject_kind: "case".to_owned(),
            subject_id: id(5),
            action: "opened".to_owned(),
            text_hash: None,
        }
    }

    #[test]
    fn whatever_is_changed_changes_the_link() {
        type Edit = fn(&mut entry::Model);
        let edits: &[Edit] = &[
            |row| row.organisation_id = Id::from([9; 16]),
            |row| row.id = Id::from([9; 16]),
            |row| row.site_id = Some(Id::from([0; 16])),
            |row| row.kind = 0,
            |row| row.at = 4,
            |row| row.actor_id = None,
            // The same words, divided elsewhere.
            |row| (row.role, row.purpose) = ("dslc".to_owned(), "are".to_owned()),
            // The same id in the next column.
            |row| (row.actor_id, row.behalf_id) = (None, row.actor_id),
            |row| row.origin.clear(),
            |row| row.subject_kind.push('s'),
            |row| row.subject_id = Id::from([9; 16]),
            |row| row.action = "closed".to_owned(),
            |row| row.text_hash = Some(Vec::new()),
        ];
        let (before, mut buffer) = (start(Id::from([1; 16])), Vec::new());
        let link_of = |row: &entry::Model, buffer: &mut Vec<u8>| link(&before, 1, &row.into(), buffer);
        let mut seen = vec![link_of(&row(), &mut buffer), link(&before, 2, &(&row()).into(), &mut buffer)];
        for edit in edits {
            let mut edited = row();
            edit(&mut edited);
            let hash = link_of(&edited, &mut buffer);
            assert!(!seen.contains(&hash), "{edited:?}");
            seen.push(hash);
        }
    }

    #[test]
    fn texts_are_told_apart_by_field_side_and_length() {
        let all = [
            texts([("words", 0, b"ab".as_slice())]),
            texts([("words", 1, b"ab".as_slice())]),
            texts([("word", 0, b"ab".as_slice())]),
            texts([("words", 0, b"a".as_slice()), ("words", 0, b"b".as_slice())]),
            texts([]),
        ];
        assert!(all.iter().enumerate().all(|(at, hash)| !all[..at].contains(hash)));
    }
}
