//! What is known, by the keys by which a source knows it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use ids::PersonId;
use ledger::LedgerError;

use super::plan::Options;
use super::read::said;
use super::roster::{Child, Entry, Note, Roster};
use crate::people::group::{Group, Member};
use crate::people::person::Person;
use crate::people::relation::{Bond, Relation};
use crate::people::store::{Known, new_person_id};
use crate::people::text::Short;
use crate::people::{Holding, Membership, Role};

/// What is known, by key.
pub(super) struct Index<'a> {
    pub(super) people: HashMap<Cow<'a, str>, &'a Person>,
    pub(super) members: HashMap<PersonId, Vec<(&'a Group, &'a Member)>>,
    pub(super) related: HashSet<(PersonId, PersonId)>,
    /// Those of them that somebody has ended.
    pub(super) ended: HashSet<(PersonId, PersonId)>,
    pub(super) held: HashSet<(PersonId, Role)>,
    /// Pupils of the source that are added by this plan.
    pub(super) coming: HashMap<&'a Short, PersonId>,
}

/// An id for each entry; used by those that are new.
pub(super) fn new_ids(known: &Known, roster: &Roster, options: &Options) -> Result<Vec<PersonId>, LedgerError> {
    let by_key: HashMap<Cow<'_, str>, PersonId> = known.people.iter().map(|person| (person.key(), person.id)).collect();
    let id = |entry: &Entry| by_key.get(entry.source.as_str()).map_or_else(|| new_person_id(options.now), |id| Ok(*id));
    roster.entries.iter().map(id).collect()
}

/// Sorts what is known. `ids`: one for each entry, as [`new_ids`] gives them.
pub(super) fn index<'a>(known: &'a Known, roster: &'a Roster, ids: &[PersonId]) -> Index<'a> {
    let pair = |relation: &Relation| (relation.adult, relation.child);
    let groups: HashMap<_, _> = known.groups.iter().map(|group| (group.id, group)).collect();
    let mut members: HashMap<_, Vec<_>> = HashMap::new();
    for member in &known.members {
        if let Some(group) = groups.get(&member.group) {
            members.entry(member.person).or_default().push((*group, member));
        }
    }
    let people: HashMap<Cow<'_, str>, &Person> = known.people.iter().map(|person| (person.key(), person)).collect();
    // Whoever has a key that is known is not new, and may be no pupil.
    let is_new = |entry: &Entry| entry.membership == Membership::Pupil && !people.contains_key(entry.source.as_str());
    Index {
        members,
        related: known.relations.iter().map(pair).collect(),
        ended: known.relations.iter().filter(|relation| relation.ended.is_some()).map(pair).collect(),
        held: known.holdings.iter().map(|holding: &Holding| (holding.person, holding.role)).collect(),
        coming: roster.entries.iter().zip(ids).filter(|(entry, _)| is_new(entry)).map(|(entry, id)| (&entry.source, *id)).collect(),
        people,
    }
}

/// What a line says again that somebody has ended. Why they did is sealed, so a file does not undo it.
pub(super) fn ended(index: &Index<'_>, entry: &Entry, adult: PersonId) -> Option<Note> {
    let children = entry.children.iter().filter_map(|child| index.people.get(child.source.as_str()));
    let count = children.filter(|child| index.ended.contains(&(adult, child.id))).count();
    let text = format!(
        "this adult answers no longer for {count} of the children that stand here; a file does not bring that back: add them on the child's page"
    );
    (count > 0).then_some(Note { line: Some(entry.line), text })
}

/// The children of an adult that are not theirs yet.
pub(super) fn children(index: &Index<'_>, entry: &Entry, adult: PersonId) -> Result<Vec<(PersonId, Bond)>, String> {
    let find = |child: &Child| {
        let known = index
            .people
            .get(child.source.as_str())
            .filter(|person| person.details.memberships.has(Membership::Pupil))
            .map(|person| person.id);
        let id = known.or_else(|| index.coming.get(&child.source).copied());
        id.map(|id| (id, child.bond)).ok_or_else(|| {
            format!("there is no pupil with the key \"{}\"; bring in the pupils first, with the same keys", said(child.source.as_str()))
        })
    };
    let all: Vec<(PersonId, Bond)> = entry.children.iter().map(find).collect::<Result<_, _>>()?;
    Ok(all.into_iter().filter(|(child, _)| *child != adult && !index.related.contains(&(adult, *child))).collect())
}
