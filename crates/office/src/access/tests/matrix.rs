//! The matrix of roles and actions, made by asking.

use std::fmt::Write as _;

use ids::PersonId;

use crate::access::action::{Action, Kind};
use crate::access::policies::Policies;
use crate::access::thing::{Need, Proof, Thing, Who};
use crate::people::Role;
use crate::permissions::Matter;

/// A way in which somebody may be tied to a thing.
pub(super) struct Tie {
    /// As the matrix says it.
    pub(super) name: &'static str,
    /// The thing, seen from the person. None where the tie does not exist for the kind.
    pub(super) thing: fn(Kind, PersonId) -> Option<Thing>,
    pub(super) need: Need,
}

pub(super) fn me() -> PersonId {
    PersonId::named("me")
}

pub(super) fn other() -> PersonId {
    PersonId::named("somebody else")
}

/// A thing with which the person has nothing to do.
pub(super) fn strange(kind: Kind) -> Thing {
    match kind {
        Kind::School => Thing::School,
        Kind::Person => Thing::Person { who: other(), teachers: vec![], carers: vec![] },
        Kind::Holding => Thing::Holding { to: other(), role: Role::Teacher },
        Kind::Class => Thing::Class { teachers: vec![] },
        Kind::Account => Thing::Account { owner: other(), teachers: vec![], roles: vec![Role::Pupil] },
        Kind::Report => Thing::Report { author: Some(other()), alleged: vec![], online_safety: false },
        Kind::Case => Thing::Case { alleged: vec![], about_headteacher: false, online_safety: false },
        Kind::FilterChange => Thing::FilterChange { proposer: other() },
        Kind::Draft => Thing::Draft { writers: vec![other()] },
        Kind::Permission => Thing::Permission { asker: other(), matter: Matter::Use, of_headteacher: false },
    }
}

/// All ties. Where a role may do something without any, the others are not looked at.
pub(super) const TIES: &[Tie] = &[
    Tie { name: "always", thing: |kind, _| Some(strange(kind)), need: Need::Ordinary },
    Tie {
        name: "own class",
        thing: |kind, me| match kind {
            Kind::Person => Some(Thing::Person { who: other(), teachers: vec![me], carers: vec![] }),
            Kind::Class => Some(Thing::Class { teachers: vec![me] }),
            Kind::Account => Some(Thing::Account { owner: other(), teachers: vec![me], roles: vec![Role::Pupil] }),
            _ => None,
        },
        need: Need::Ordinary,
    },
    Tie {
        name: "own child",
        thing: |kind, me| (kind == Kind::Person).then(|| Thing::Person { who: other(), teachers: vec![], carers: vec![me] }),
        need: Need::Ordinary,
    },
    Tie {
        name: "oneself, or one's own",
        thing: |kind, me| match kind {
            Kind::Person => Some(Thing::Person { who: me, teachers: vec![], carers: vec![] }),
            Kind::Account => Some(Thing::Account { owner: me, teachers: vec![], roles: vec![Role::Teacher] }),
            Kind::Report => Some(Thing::Report { author: Some(me), alleged: vec![], online_safety: false }),
            Kind::FilterChange => Some(Thing::FilterChange { proposer: me }),
            Kind::Draft => Some(Thing::Draft { writers: vec![other(), me] }),
            Kind::Holding => Some(Thing::Holding { to: me, role: Role::Teacher }),
            Kind::Permission => Some(Thing::Permission { asker: me, matter: Matter::Install, of_headteacher: true }),
            Kind::School | Kind::Class | Kind::Case => None,
        },
        need: Need::Ordinary,
    },
    Tie {
        name: "a role or account that sees safeguarding",
        thing: |kind, _| match kind {
            Kind::Holding => Some(Thing::Holding { to: other(), role: Role::Ddsl }),
            Kind::Account => Some(Thing::Account { owner: other(), teachers: vec![], roles: vec![Role::Ddsl] }),
            _ => None,
        },
        need: Need::Ordinary,
    },
    Tie {
        name: "online safety only",
        thing: |kind, _| match kind {
            Kind::Report => Some(Thing::Report { author: None, alleged: vec![], online_safety: true }),
            Kind::Case => Some(Thing::Case { alleged: vec![], about_headteacher: false, online_safety: true }),
            _ => None,
        },
        need: Need::Ordinary,
    },
    Tie {
        name: "about the machines",
        thing: |kind, _| {
            let install = || Thing::Permission { asker: other(), matter: Matter::Install, of_headteacher: false };
            (kind == Kind::Permission).then(install)
        },
        need: Need::Ordinary,
    },
    Tie {
        name: "about somebody's logs",
        thing: |kind, _| {
            let logs = || Thing::Permission { asker: other(), matter: Matter::Logs, of_headteacher: false };
            (kind == Kind::Permission).then(logs)
        },
        need: Need::Ordinary,
    },
    Tie {
        name: "about or of the headteacher",
        thing: |kind, _| match kind {
            Kind::Case => Some(Thing::Case { alleged: vec![other()], about_headteacher: true, online_safety: false }),
            Kind::Permission => Some(Thing::Permission { asker: other(), matter: Matter::Use, of_headteacher: true }),
            _ => None,
        },
        need: Need::Ordinary,
    },
    Tie {
        name: "alleged",
        thing: |kind, me| match kind {
            Kind::Report => Some(Thing::Report { author: Some(me), alleged: vec![me], online_safety: true }),
            Kind::Case => Some(Thing::Case { alleged: vec![me], about_headteacher: true, online_safety: true }),
            _ => None,
        },
        need: Need::Emergency,
    },
    Tie { name: "in an emergency", thing: |kind, _| Some(strange(kind)), need: Need::Emergency },
];

pub(super) fn acting(role: Role, need: Need) -> Who {
    Who { person: me(), role, proof: Proof::SecondFactor, need }
}

/// The whole matrix as text: for each action and tie, which roles may.
pub(super) fn text(policies: &Policies) -> String {
    let mut text = String::from(HEAD);
    for action in Action::ALL {
        write!(text, "\n{action}\n", action = action.as_str()).expect("text");
        let always = allowed(policies, *action, &TIES[0]).unwrap_or_default();
        for (place, tie) in TIES.iter().enumerate() {
            let Some(roles) = allowed(policies, *action, tie) else { continue };
            let more: Vec<Role> = roles.iter().copied().filter(|role| place == 0 || !always.contains(role)).collect();
            let less: Vec<Role> = always.iter().copied().filter(|role| !roles.contains(role)).collect();
            line(&mut text, tie.name, "", &more);
            line(&mut text, tie.name, "not ", &less);
        }
    }
    text
}

const HEAD: &str = "\
# Which role may do what: made from the policies of this folder by a test, to be read in review.
# `cargo xtask test matrix` says when it is out of date; SCHOOLGATE_BLESS=1 before it writes it anew.
# A line is a tie between person and thing. What stands under `always` needs none and holds for the others too, but for who stands after `not`.
# Signed in with a second factor. With a password alone, a role that needs one may do nothing but manage the own sign-in.
";

fn line(text: &mut String, tie: &str, not: &str, roles: &[Role]) {
    if !roles.is_empty() {
        let all: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
        let all = if roles.len() == Role::ALL.len() { "everybody".to_owned() } else { all.join(", ") };
        writeln!(text, "    {tie}: {not}{all}").expect("text");
    }
}

fn allowed(policies: &Policies, action: Action, tie: &Tie) -> Option<Vec<Role>> {
    let thing = (tie.thing)(action.kind(), me())?;
    let may = |role: &Role| policies.decide(&acting(*role, tie.need), action, &thing).is_allowed();
    Some(Role::ALL.iter().copied().filter(may).collect())
}
