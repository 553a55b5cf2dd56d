//! What would happen to whom, and why: worked out from what a source says and what is known. Nothing is changed here.

use std::collections::HashSet;

use calendar::{Date, Instant};
use ids::PersonId;
use ledger::LedgerError;

use super::index::{Index, children, ended, index, new_ids};
use super::read::said;
use super::roster::{Entry, Note, Roster};
use crate::people::group::{Group, GroupKind, Member, Part};
use crate::people::person::{Details, Person};
use crate::people::relation::Bond;
use crate::people::store::{Known, NewPerson};
use crate::people::text::Short;
use crate::people::{Membership, Role, YearGroup};

/// How to plan.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Now, for new ids.
    pub now: Instant,
    /// Today, by the school's clock.
    pub today: Date,
    /// The source gives everybody who is this to the school: whoever came from a source and is in it no more leaves today.
    pub complete: Option<Membership>,
    /// What if that would be many.
    pub many_leavers: ManyLeavers,
}

/// What if more than one in five would leave: a file cut short looks the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ManyLeavers {
    /// Nobody leaves, and it is said.
    #[default]
    Refuse,
    /// They leave.
    Take,
}

/// What would happen, line by line.
#[derive(Debug)]
pub struct Plan {
    /// Each line of the source in order, then whoever leaves because they are not in it.
    pub steps: Vec<Step>,
    /// What should be known beside that.
    pub notes: Vec<Note>,
    pub(super) today: Date,
    pub(super) groups: Vec<Group>,
}

/// What would happen to one person.
#[derive(Debug)]
pub struct Step {
    /// The line; none for whoever is not in the source.
    pub line: Option<u64>,
    /// Who it is about, if they are known already.
    pub person: Option<PersonId>,
    /// The person's name, or nothing where it could not be read.
    pub name: String,
    /// What.
    pub outcome: Outcome,
    pub(super) work: Option<Work>,
}

/// What would happen, or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Added.
    Added,
    /// Changed: these fields.
    Changed(Vec<String>),
    /// Left as is: nothing is new.
    Left,
    /// Leaves, with this last day.
    Ends(Date),
    /// Comes back.
    Returns,
    /// Not taken.
    Refused(String),
}

/// What is to be done for one person.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) person: PersonId,
    pub(super) add: Option<NewPerson>,
    /// As seen, and as it is to be.
    pub(super) change: Option<(Person, Details)>,
    pub(super) returns: Option<Date>,
    pub(super) ends: Option<Date>,
    pub(super) joins: Vec<(GroupKind, Short, Part)>,
    pub(super) quits: Vec<Member>,
    pub(super) roles: Vec<Role>,
    pub(super) children: Vec<(PersonId, Bond)>,
    pub(super) from: Date,
    /// Of a pupil: that of a class which is made for them.
    pub(super) year: Option<YearGroup>,
}

/// Plans what a roster would do.
///
/// # Errors
/// Where the system has no chance to give.
pub fn plan(known: &Known, roster: &Roster, options: &Options) -> Result<Plan, LedgerError> {
    let ids = new_ids(known, roster, options)?;
    let index = index(known, roster, &ids);
    let mut steps = Vec::with_capacity(roster.entries.len() + roster.refused.len());
    for (entry, new) in roster.entries.iter().zip(&ids) {
        steps.push(match index.people.get(entry.source.as_str()) {
            None => added(&index, entry, *new, options),
            Some(person) => compared(&index, entry, person, options),
        });
    }
    steps.extend(roster.refused.iter().map(|refused| Step {
        line: Some(refused.line),
        person: None,
        name: String::new(),
        outcome: Outcome::Refused(refused.why.clone()),
        work: None,
    }));
    steps.sort_by_key(|step| step.line);
    let mut notes = roster.notes.clone();
    notes.extend(roster.entries.iter().zip(&ids).filter_map(|(entry, id)| ended(&index, entry, *id)));
    if let Some(membership) = options.complete {
        absent(known, roster, membership, options, &mut steps, &mut notes);
    }
    Ok(Plan { steps, notes, today: options.today, groups: known.groups.clone() })
}

fn added(index: &Index<'_>, entry: &Entry, id: PersonId, options: &Options) -> Step {
    let started = entry.started.unwrap_or_else(|| entry.ended.map_or(options.today, |ended| ended.min(options.today)));
    let mut details = Details::new(entry.given.clone(), entry.family.clone(), entry.membership);
    details.source = Some(entry.source.clone());
    let details = with(details, entry);
    let children = match children(index, entry, id) {
        Ok(children) => children,
        Err(why) => return Step { line: Some(entry.line), person: None, name: details.name(), outcome: Outcome::Refused(why), work: None },
    };
    let (name, year) = (details.name(), details.year);
    let work = Work {
        person: id,
        add: Some(NewPerson { id, details, started, ended: entry.ended }),
        change: None,
        returns: None,
        ends: None,
        joins: joins(entry, &[]),
        quits: Vec::new(),
        roles: entry.roles.clone(),
        children,
        from: started.max(options.today),
        year,
    };
    Step { line: Some(entry.line), person: None, name, outcome: Outcome::Added, work: Some(work) }
}

fn compared(index: &Index<'_>, entry: &Entry, person: &Person, options: &Options) -> Step {
    let details = Details { given: entry.given.clone(), family: entry.family.clone(), ..person.details.clone() };
    let details = with(details, entry);
    let step = |outcome, work| Step { line: Some(entry.line), person: Some(person.id), name: details.name(), outcome, work };
    if let Some(why) = of_another(entry, person) {
        return step(Outcome::Refused(why), None);
    }
    let children = match children(index, entry, person.id) {
        Ok(children) => children,
        Err(why) => return step(Outcome::Refused(why), None),
    };
    let has_left = person.ended.is_some_and(|ended| ended < options.today);
    let returns = (has_left && entry.ended.is_none_or(|ended| ended >= options.today))
        .then(|| entry.started.unwrap_or(options.today).max(person.ended.unwrap_or(options.today)));
    if returns.is_none() && entry.ended.is_some_and(|ended| ended < person.started) {
        let why = format!(
            "the last day lies before the first one that is known here, {}; if they have left, end them by hand with that day",
            person.started
        );
        return step(Outcome::Refused(why), None);
    }
    let ends = entry.ended.filter(|ended| person.ended != Some(*ended) || returns.is_some());
    let none = Vec::new();
    let current = index.members.get(&person.id).unwrap_or(&none);
    let joins = joins(entry, current);
    let quits = current.iter().filter(|(group, member)| moves(entry, group, member)).map(|(_, member)| **member).collect::<Vec<_>>();
    // Whoever comes back holds nothing any more.
    let holds = |role: Role| returns.is_none() && index.held.contains(&(person.id, role));
    let roles: Vec<Role> = entry.roles.iter().copied().filter(|role| !holds(*role)).collect();
    let mut fields: Vec<String> =
        person.details.differences(&details).into_iter().map(|(field, _, _)| field.as_str().replace('_', " ")).collect();
    let changes = !fields.is_empty();
    fields.extend(
        [(!joins.is_empty() || !quits.is_empty(), "class"), (!roles.is_empty(), "role"), (!children.is_empty(), "child")]
            .iter()
            .filter(|(is_so, _)| *is_so)
            .map(|(_, field)| (*field).to_owned()),
    );
    let outcome = match (returns, ends) {
        (Some(_), _) => Outcome::Returns,
        (None, Some(day)) => Outcome::Ends(day),
        (None, None) if fields.is_empty() => Outcome::Left,
        (None, None) => Outcome::Changed(fields),
    };
    if outcome == Outcome::Left {
        return step(outcome, None);
    }
    let change = (changes || returns.is_some() || ends.is_some()).then(|| (person.clone(), details.clone()));
    let (year, from) = (details.year, options.today);
    let work = Work { person: person.id, add: None, change, returns, ends, joins, quits, roles, children, from, year };
    step(outcome, Some(work))
}

/// Why a line is not taken for somebody who has its key. Lists of different kinds of people often count alike, so a key that is known of somebody
/// who is something else to the school may be anybody's: nobody is taken for another, whatever their name, and nobody gets to see a child by it.
fn of_another(entry: &Entry, person: &Person) -> Option<String> {
    let own = person.details.memberships;
    (!own.has(entry.membership)).then(|| {
        format!(
            "the key \"{}\" is that of somebody who is known here as {own}, and this line is about a {}: if it is the same person, say on their page first that they are both; if not, give the people in this file keys of their own",
            said(entry.source.as_str()),
            entry.membership
        )
    })
}

/// Whoever came from a source, is this to the school today, and is not in the source.
fn absent(known: &Known, roster: &Roster, membership: Membership, options: &Options, steps: &mut Vec<Step>, notes: &mut Vec<Note>) {
    let mut named: HashSet<&Short> = roster.entries.iter().map(|entry| &entry.source).collect();
    named.extend(roster.refused.iter().filter_map(|refused| refused.source.as_ref()));
    let is_of =
        |person: &&Person| person.details.memberships.has(membership) && person.details.source.is_some() && person.is_here(options.today);
    let here: Vec<&Person> = known.people.iter().filter(is_of).collect();
    let gone: Vec<&Person> =
        here.iter().copied().filter(|person| person.details.source.as_ref().is_some_and(|source| !named.contains(source))).collect();
    // A line whose key could not be read may be anybody's.
    let unread = roster.refused.iter().filter(|refused| refused.source.is_none()).count();
    let note = |text| Note { line: None, text };
    if unread > 0 && !gone.is_empty() {
        notes.push(note(format!(
            "{} would leave, since they are not in the file; nobody does as long as {unread} lines have no key that can be read",
            gone.len()
        )));
        return;
    }
    if gone.len() * 5 > here.len() && options.many_leavers == ManyLeavers::Refuse {
        notes.push(note(format!(
            "{} of {} would leave, since they are not in the file. That is more than one in five, so nobody does: look whether the file is whole, and say then that it is so (--many-leavers)",
            gone.len(),
            here.len()
        )));
        return;
    }
    steps.extend(gone.into_iter().map(|person| leaves(person, membership, options)));
}

/// Whoever is something else to the school as well stays, without this.
fn leaves(person: &Person, membership: Membership, options: &Options) -> Step {
    let memberships = person.details.memberships.without(membership);
    let details = if memberships.is_empty() { person.details.clone() } else { Details { memberships, ..person.details.clone() } };
    let ends = memberships.is_empty().then_some(options.today);
    let outcome = ends.map_or_else(|| Outcome::Changed(vec!["memberships".to_owned()]), Outcome::Ends);
    let (name, change) = (details.name(), Some((person.clone(), details)));
    let (joins, quits, roles, children) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (from, year) = (options.today, None);
    let work = Work { person: person.id, add: None, change, returns: None, ends, joins, quits, roles, children, from, year };
    Step { line: None, person: Some(person.id), name, outcome, work: Some(work) }
}

/// What the source says, over what is known.
fn with(details: Details, entry: &Entry) -> Details {
    Details {
        known_as: entry.known_as.clone().or(details.known_as),
        email: entry.email.clone().or(details.email),
        language: entry.language.clone().or(details.language),
        year: entry.year.or(details.year),
        ..details
    }
}

/// The groups that the source names and the person is not in yet.
fn joins(entry: &Entry, current: &[(&Group, &Member)]) -> Vec<(GroupKind, Short, Part)> {
    let named = [(GroupKind::Class, &entry.class), (GroupKind::Tutor, &entry.tutor)];
    let named = named.into_iter().filter_map(|(kind, name)| Some((kind, name.clone()?)));
    let part = |kind| match (entry.membership, kind) {
        (Membership::Pupil, _) => Some(Part::Pupil),
        (Membership::Staff, GroupKind::Tutor) => Some(Part::Tutor),
        (Membership::Staff, _) => Some(Part::Teacher),
        (Membership::Volunteer, _) => Some(Part::Assistant),
        (Membership::Governor | Membership::Parent | Membership::Contractor | Membership::Visitor, _) => None,
    };
    let named = named.filter_map(|(kind, name)| Some((kind, part(kind)?, name)));
    let is_new =
        |(kind, _, name): &(GroupKind, Part, Short)| current.iter().all(|(group, _)| group.kind != *kind || !is_called(group, name));
    named.filter(is_new).map(|(kind, part, name)| (kind, name, part)).collect()
}

/// Whether a pupil is in another group of the kind than the source says: a mover.
fn moves(entry: &Entry, group: &Group, member: &Member) -> bool {
    let named = match group.kind {
        GroupKind::Class => &entry.class,
        GroupKind::Tutor => &entry.tutor,
        GroupKind::Club => &None,
    };
    member.part == Part::Pupil && named.as_ref().is_some_and(|name| !is_called(group, name))
}

fn is_called(group: &Group, name: &Short) -> bool {
    group.name.as_str().to_lowercase() == name.as_str().to_lowercase()
}

// === impl Plan ===

impl Plan {
    /// Whether anything would change.
    pub fn does_something(&self) -> bool {
        self.steps.iter().any(|step| step.work.is_some())
    }

    /// How many lines would be added, changed (leavers and returners with them), left and refused.
    pub fn counts(&self) -> [usize; 4] {
        let mut counts = [0; 4];
        for step in &self.steps {
            let at = match step.outcome {
                Outcome::Added => 0,
                Outcome::Changed(_) | Outcome::Ends(_) | Outcome::Returns => 1,
                Outcome::Left => 2,
                Outcome::Refused(_) => 3,
            };
            if let Some(count) = counts.get_mut(at) {
                *count += 1;
            }
        }
        counts
    }
}
