//! The order of judgement: one list, each place in it with its reason. The first step that decides ends it.

use crate::categories;
use crate::overrides::{Effect, Subject};
use crate::own::Rules;
use crate::profile::{Profile, Unlisted};
use crate::request::{Request, Who};
use crate::snapshot::{Gated, Person, ProfileIndex, Snapshot};
use crate::timetable::Table;
use crate::verdict::{Action, Ground, Verdict};

/// A step of the judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Suspected illegal material.
    Sealed,
    /// Help lines, report pages, the school's own sign-in.
    Protected,
    /// The agreement that opens the internet.
    Gate,
    /// Openings with an end.
    Lifts,
    /// The school's lasting exceptions.
    Overrides,
    /// The lists, by the profile's table.
    Categories,
    /// The profile's rule for sites on no list.
    Unlisted,
}

/// A step with its place.
#[derive(Debug)]
pub struct Place {
    /// Which.
    pub step: Step,
    /// As `why` prints it.
    pub title: &'static str,
    /// Why it stands here and not elsewhere.
    pub reason: &'static str,
    judge: fn(&Case<'_>) -> Option<(Action, Ground)>,
}

/// The order. `explain` prints it, `docs/adr/0003` discusses it.
pub const ORDER: [Place; 7] = [
    Place {
        step: Step::Sealed,
        title: "Sealed lists",
        reason: "first, because nothing and nobody may open suspected illegal material, not even a help line's own address",
        judge: sealed,
    },
    Place {
        step: Step::Protected,
        title: "Help lines and the school's own pages",
        reason: "before the gate and every list, because a child in need must get through whatever was signed or listed",
        judge: protected,
    },
    Place {
        step: Step::Gate,
        title: "Agreement",
        reason: "before any opening, because nobody uses the internet before the agreement is signed",
        judge: gate,
    },
    Place {
        step: Step::Lifts,
        title: "Lifts for a time",
        reason: "before the lasting rules, because a teacher opens for this lesson what is otherwise closed",
        judge: lifts,
    },
    Place {
        step: Step::Overrides,
        title: "The school's exceptions",
        reason: "before the lists, because the school knows its own sites better than a list's author",
        judge: overrides,
    },
    Place {
        step: Step::Categories,
        title: "Categories",
        reason: "what the lists say, weighed by the age of the reader",
        judge: by_category,
    },
    Place {
        step: Step::Unlisted,
        title: "Sites on no list",
        reason: "last, because only what nothing else decided is left: the youngest ask, the others go on and it is recorded",
        judge: unlisted,
    },
];

/// A request with what the snapshot knows of who asks.
pub(crate) struct Case<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) request: Request<'a>,
    pub(crate) person: Option<&'a Person>,
    pub(crate) index: ProfileIndex,
    pub(crate) profile: Option<&'a Profile>,
    /// Whether the school has any rule of its own for the host: three steps need not look again where it has none.
    has_own: bool,
}

/// Judges a request. There is always a verdict, the same for the same snapshot and request. Allocates nothing,
/// but a byte for each expression of a pack when one of them matches.
pub fn judge(snapshot: &Snapshot, request: Request<'_>) -> Verdict {
    Case::new(snapshot, request).judge()
}

/// The profile that applies to whoever asks: the person's own, else that of the place, else the one for unknown people. Somebody
/// signed in whom the snapshot does not know is nobody: the place they come from must not widen what they may.
pub fn profile_of(snapshot: &Snapshot, who: Who) -> Option<&Profile> {
    snapshot.profiles.get(usize::from(index_of(snapshot, who).0))
}

fn index_of(snapshot: &Snapshot, who: Who) -> ProfileIndex {
    let profile = match who.person {
        Some(person) => snapshot.person(person).map(|person| person.profile),
        None => who.profile,
    };
    profile.unwrap_or(snapshot.unknown)
}

// === impl Case ===

impl<'a> Case<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot, request: Request<'a>) -> Self {
        let person = request.who.person.and_then(|person| snapshot.person(person));
        let index = index_of(snapshot, request.who);
        let profile = snapshot.profiles.get(usize::from(index.0));
        let has_own = snapshot.own.find(&request.target.host).next().is_some();
        Self { snapshot, request, person, index, profile, has_own }
    }

    pub(crate) fn judge(&self) -> Verdict {
        ORDER.iter().find_map(|place| place.decide(self)).unwrap_or(CLOSED)
    }

    fn own_rules(&self) -> impl Iterator<Item = &'a Rules> {
        self.has_own.then(|| self.snapshot.own.find(&self.request.target.host)).into_iter().flatten()
    }

    pub(crate) fn subject(&self) -> Subject<'a> {
        let groups = self.person.map_or(&[][..], |person| person.groups.as_slice());
        Subject { person: self.request.who.person.filter(|_| self.person.is_some()), groups, profile: self.index }
    }

    pub(crate) fn table(&self) -> Option<Table> {
        let (snapshot, when) = (self.snapshot, self.request.when);
        self.profile.map(|profile| Table::at(profile, self.index, &snapshot.windows, &snapshot.zone, when))
    }
}

/// What is left when no step decides. The last step always does; were it ever changed, the answer is no.
const CLOSED: Verdict = Verdict { action: Action::Block, step: Step::Unlisted, ground: Ground::Unlisted };

impl Place {
    pub(crate) fn decide(&self, case: &Case<'_>) -> Option<Verdict> {
        (self.judge)(case).map(|(action, ground)| Verdict { action, step: self.step, ground })
    }
}

// === The steps ===

fn sealed(case: &Case<'_>) -> Option<(Action, Ground)> {
    let number = case.snapshot.sealed.iter().position(|list| list.covers(case.request.target))?;
    Some((Action::Block, Ground::Sealed(u16::try_from(number).unwrap_or(u16::MAX))))
}

fn protected(case: &Case<'_>) -> Option<(Action, Ground)> {
    case.own_rules().find_map(|rules| rules.protected).map(|number| (Action::Allow, Ground::Protected(number)))
}

fn gate(case: &Case<'_>) -> Option<(Action, Ground)> {
    match case.person?.gated? {
        Gated::UnsignedUnlessLed if case.request.who.is_led => None,
        Gated::Unsigned | Gated::UnsignedUnlessLed => Some((Action::Gate, Ground::Agreement)),
        // There is no step that the reader could take.
        Gated::Suspended => Some((Action::Block, Ground::Suspension)),
    }
}

fn lifts(case: &Case<'_>) -> Option<(Action, Ground)> {
    exception(case, true)
}

fn overrides(case: &Case<'_>) -> Option<(Action, Ground)> {
    exception(case, false)
}

fn exception(case: &Case<'_>, lifts: bool) -> Option<(Action, Ground)> {
    let (subject, Request { target, when, .. }) = (case.subject(), case.request);
    let candidates =
        case.own_rules().flat_map(|rules| &rules.overrides).filter_map(|number| Some((*number, case.snapshot.exception(*number)?)));
    let (number, item) = candidates
        .filter(|(_, item)| item.is_lift() == lifts && item.holds(subject, target, when))
        .max_by_key(|(number, item)| (item.rank(), *number))?;
    let action = match item.effect {
        Effect::Allow => Action::Allow,
        Effect::Block => Action::Block,
    };
    Some((action, Ground::Override(number)))
}

fn by_category(case: &Case<'_>) -> Option<(Action, Ground)> {
    let hits = categories::Hits::of(&case.snapshot.packs, case.request.target);
    let table = case.table()?;
    let profile = case.profile?;
    let listed = hits.categories();
    let (blocked, warned) = (listed.intersect(table.block), listed.intersect(table.warn));
    // On an allow-list only a list that was made to open sites opens one; otherwise any list that is not closed will do.
    let opening = match profile.unlisted() {
        Unlisted::Ask => listed.intersect(profile.opens()),
        Unlisted::Allow => listed,
    };
    let (action, deciding) = match (blocked.is_empty(), opening.is_empty(), warned.is_empty()) {
        (false, _, _) => (Action::Block, blocked),
        (true, true, _) => return None,
        (true, false, false) => (Action::Warn, warned),
        (true, false, true) => (Action::Allow, opening),
    };
    let (category, hit) = hits.cite(deciding)?;
    Some((action, Ground::Listed { category, pack: hit.pack, entry: hit.entry }))
}

fn unlisted(case: &Case<'_>) -> Option<(Action, Ground)> {
    let action = match case.profile?.unlisted() {
        Unlisted::Allow => Action::Allow,
        Unlisted::Ask => Action::Ask,
    };
    Some((action, Ground::Unlisted))
}
