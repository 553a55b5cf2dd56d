//! An entry: what it says, and how it becomes a row.

use calendar::Instant;
use ids::EntryId;
use sea_orm::ActiveValue::Set;

use super::entity::entry;
use crate::{Act, Code, Id, LedgerError, Subject};

/// What an entry tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i16)]
pub enum Kind {
    /// Somebody looked at a record.
    View = 0,
    /// Something was made or changed.
    Change = 1,
}

/// Whether a text is what a field said before a change, or what it says since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i16)]
pub enum Side {
    /// Before.
    Before = 0,
    /// After.
    After = 1,
}

/// An entry that is not written yet.
#[derive(Debug)]
pub(crate) struct NewEntry {
    pub(crate) id: EntryId,
    pub(crate) kind: Kind,
    pub(crate) subject: Subject,
    pub(crate) action: Code,
    /// Over the entry's texts as they are stored, if it has any.
    pub(crate) text_hash: Option<[u8; 32]>,
}

// === impl Kind ===

impl Kind {
    /// As it is stored.
    pub(crate) const fn number(self) -> i16 {
        self as i16
    }
}

// === impl Side ===

impl Side {
    /// As it is stored.
    pub(crate) const fn number(self) -> i16 {
        self as i16
    }
}

// === impl NewEntry ===

impl NewEntry {
    /// An entry without texts.
    pub(crate) fn new(act: &Act, kind: Kind, subject: Subject, action: Code) -> Result<Self, LedgerError> {
        Ok(Self { id: EntryId::new(millis(act.at), random()?), kind, subject, action, text_hash: None })
    }
}

/// The rows of entries of one act.
pub(crate) fn rows<'a>(act: &'a Act, entries: impl IntoIterator<Item = NewEntry> + 'a) -> impl Iterator<Item = entry::ActiveModel> + 'a {
    entries.into_iter().map(move |new| entry::ActiveModel {
        organisation_id: Set(act.organisation.into()),
        id: Set(new.id.into()),
        site_id: Set(act.site.map(Id::from)),
        kind: Set(new.kind.number()),
        at: Set(act.at.micros()),
        actor_id: Set(act.actor.person().map(Id::from)),
        role: Set(act.role.as_str().to_owned()),
        behalf_id: Set(act.on_behalf_of.map(Id::from)),
        purpose: Set(act.purpose.as_str().to_owned()),
        origin: Set(act.origin.to_string()),
        subject_kind: Set(new.subject.kind.as_str().to_owned()),
        subject_id: Set(new.subject.id.into()),
        action: Set(new.action.as_str().to_owned()),
        text_hash: Set(new.text_hash.map(Vec::from)),
    })
}

/// For the time in an id.
pub(crate) fn millis(at: Instant) -> u64 {
    u64::try_from(at.micros() / 1000).unwrap_or(0)
}

/// For the chance in an id.
pub(crate) fn random() -> Result<[u8; 10], LedgerError> {
    let mut random = [0; 10];
    getrandom::fill(&mut random).map_err(|_| LedgerError::Random)?;
    Ok(random)
}
