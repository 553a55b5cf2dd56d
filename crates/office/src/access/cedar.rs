//! Our values in Cedar's words.

use std::collections::HashSet;

use cedar_policy_core::ast::{Context, Eid, Entity, EntityType, EntityUID, Name, Request, RestrictedExpr, UnreservedId};
use cedar_policy_core::entities::{Entities, TCComputation};
use cedar_policy_core::extensions::Extensions;
use cedar_policy_core::validator::{CoreSchema, ValidatorSchema};
use ids::PersonId;

use super::action::{Action, Kind};
use super::thing::{Need, Proof, Thing, Who};
use crate::people::{Role, SecondFactor};

/// A question in Cedar's words, with all it may look at. Nothing where it does not fit the schema.
pub(super) fn question(schema: &ValidatorSchema, who: &Who, action: Action, thing: &Thing) -> Option<(Request, Entities)> {
    let extensions = Extensions::none();
    let principal = person(who.person)?;
    let resource = uid(type_of(thing.kind()), "it")?;
    let action = uid("Action", action.as_str())?;
    let circumstances = [
        ("second_factor".into(), RestrictedExpr::val(who.proof == Proof::SecondFactor)),
        ("emergency".into(), RestrictedExpr::val(who.need == Need::Emergency)),
    ];
    let context = Context::from_pairs(circumstances, extensions).ok()?;
    let schema = CoreSchema::new(schema);
    let request =
        Request::new((principal.clone(), None), (action, None), (resource.clone(), None), context, Some(&schema), extensions).ok()?;
    let actor = Entity::new(principal, [], HashSet::new(), roles(who.role)?, [], extensions).ok()?;
    let about = Entity::new(resource, attributes(thing)?, HashSet::new(), HashSet::new(), [], extensions).ok()?;
    // The schema's own entities are the actions with their groups; those of the question are checked against it.
    let entities = Entities::from_entities([actor, about], Some(&schema), TCComputation::ComputeNow, extensions).ok()?;
    Some((request, entities))
}

/// The role itself, and what kinds of roles it is one of.
fn roles(role: Role) -> Option<HashSet<EntityUID>> {
    let mut parents = HashSet::from([uid("Role", role.as_str())?]);
    if role.second_factor() == SecondFactor::Needed {
        parents.insert(uid("Role", "needs_second_factor")?);
    }
    Some(parents)
}

fn attributes(thing: &Thing) -> Option<Vec<(smol_str::SmolStr, RestrictedExpr)>> {
    Some(match thing {
        Thing::School => Vec::new(),
        Thing::Person { who, teachers, carers } => vec![one("who", *who)?, many("teachers", teachers)?, many("carers", carers)?],
        Thing::Holding { to, role } => vec![one("to", *to)?, flag("sees_safeguarding", role.sees_safeguarding())],
        Thing::Class { teachers } => vec![many("teachers", teachers)?],
        Thing::Account { owner, teachers, roles } => vec![
            one("owner", *owner)?,
            many("teachers", teachers)?,
            flag("sees_safeguarding", roles.iter().any(|role| role.sees_safeguarding())),
        ],
        Thing::Report { author, alleged, online_safety } => {
            vec![many("author", author.as_slice())?, many("alleged", alleged)?, flag("online_safety", *online_safety)]
        }
        Thing::Case { alleged, about_headteacher, online_safety } => {
            vec![many("alleged", alleged)?, flag("about_headteacher", *about_headteacher), flag("online_safety", *online_safety)]
        }
        Thing::FilterChange { proposer } => vec![one("proposer", *proposer)?],
        Thing::Draft { writers } => vec![many("writers", writers)?],
    })
}

fn flag(name: &str, value: bool) -> (smol_str::SmolStr, RestrictedExpr) {
    (name.into(), RestrictedExpr::val(value))
}

fn one(name: &str, who: PersonId) -> Option<(smol_str::SmolStr, RestrictedExpr)> {
    Some((name.into(), RestrictedExpr::val(person(who)?)))
}

fn many(name: &str, all: &[PersonId]) -> Option<(smol_str::SmolStr, RestrictedExpr)> {
    let all = all.iter().map(|who| person(*who).map(RestrictedExpr::val)).collect::<Option<Vec<_>>>()?;
    Some((name.into(), RestrictedExpr::set(all)))
}

fn person(who: PersonId) -> Option<EntityUID> {
    uid("Person", &who.to_string())
}

/// Never from text of outside: the types are ours, the ids are words of the program or typed ids.
fn uid(kind: &str, id: &str) -> Option<EntityUID> {
    let kind: UnreservedId = kind.parse().ok()?;
    Some(EntityUID::from_components(EntityType::from(Name::unqualified_name(kind)), Eid::new(id), None))
}

const fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::School => "School",
        Kind::Person => "PersonRecord",
        Kind::Holding => "Holding",
        Kind::Class => "Class",
        Kind::Account => "Account",
        Kind::Report => "Report",
        Kind::Case => "Case",
        Kind::FilterChange => "FilterChange",
        Kind::Draft => "Draft",
    }
}
