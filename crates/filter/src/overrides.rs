//! A school's own exceptions: open this site, close that one, for whom, why, by whom and until when.

use ids::{GroupId, PersonId};
use jiff::Timestamp;

use crate::host::Host;
use crate::pack::format::is_path_edge;
use crate::snapshot::ProfileIndex;
use crate::target::Target;

/// What an exception does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Opens the site.
    Allow,
    /// Closes the site.
    Block,
}

/// For whom an exception holds. The order is the rank: the later, the more particular, and the particular wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The whole school.
    Everyone,
    /// Everybody with this profile.
    Profile(ProfileIndex),
    /// Everybody in this group.
    Group(GroupId),
    /// One person.
    Person(PersonId),
}

/// One exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// What it does.
    pub effect: Effect,
    /// For whom.
    pub scope: Scope,
    /// The host; everything below it is covered too.
    pub host: Host,
    /// The beginning of the path in matching form, where only part of the site is meant.
    pub path: Option<Box<str>>,
    /// Why, in the author's words.
    pub reason: Box<str>,
    /// Who made it, as recorded.
    pub author: Box<str>,
    /// When it ends. An opening that ends is a lift (a lesson, a day) and stands above the lasting ones.
    pub until: Option<Timestamp>,
}

/// For whom a request is judged, for matching a [`Scope`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) person: Option<PersonId>,
    pub(crate) groups: &'a [GroupId],
    pub(crate) profile: ProfileIndex,
}

// === impl Override ===

impl Override {
    /// Whether this is a lift: an opening with an end.
    pub fn is_lift(&self) -> bool {
        self.effect == Effect::Allow && self.until.is_some()
    }

    /// Whether the exception holds for `subject` at `target`, of whose host the caller knows that it is covered.
    pub(crate) fn holds(&self, subject: Subject<'_>, target: &Target, when: Timestamp) -> bool {
        self.is_in_force(when) && subject.is_in(self.scope) && self.covers_path(target.path())
    }

    fn is_in_force(&self, when: Timestamp) -> bool {
        self.until.is_none_or(|until| when < until)
    }

    fn covers_path(&self, path: Option<&str>) -> bool {
        match (self.path.as_deref(), path) {
            (None, _) => true,
            // Only the host is seen: a page's exception cannot be known to apply.
            (Some(_), None) => false,
            (Some(prefix), Some(path)) => path
                .strip_prefix(prefix)
                .is_some_and(|rest| rest.is_empty() || prefix.ends_with('/') || rest.bytes().next().is_some_and(is_path_edge)),
        }
    }

    /// The order in which exceptions win: whom it is for, then how exactly it names the site, then closing over opening.
    pub(crate) fn rank(&self) -> (u8, usize, usize, Effect) {
        let scope = match self.scope {
            Scope::Everyone => 0,
            Scope::Profile(_) => 1,
            Scope::Group(_) => 2,
            Scope::Person(_) => 3,
        };
        (scope, self.host.as_str().len(), self.path.as_deref().map_or(0, str::len), self.effect)
    }
}

// === impl Subject ===

impl Subject<'_> {
    fn is_in(&self, scope: Scope) -> bool {
        match scope {
            Scope::Everyone => true,
            Scope::Profile(profile) => self.profile == profile,
            Scope::Group(group) => self.groups.contains(&group),
            Scope::Person(person) => self.person == Some(person),
        }
    }
}
