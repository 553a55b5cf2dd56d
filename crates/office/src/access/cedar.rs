//! Our values in Cedar's words.

use std::collections::{BTreeMap, HashSet};

use cedar_policy_core::ast::{
    ActionConstraint, Context, Eid, Entity, EntityType, EntityUID, EntityUIDEntry, Name, PolicySet, Request, RestrictedExpr, UnreservedId,
};
use cedar_policy_core::entities::{Entities, NoEntitiesSchema, TCComputation};
use cedar_policy_core::extensions::Extensions;
use cedar_policy_core::validator::ValidatorSchema;
use ids::PersonId;
use smol_str::SmolStr;

use super::action::{Action, Kind};
use super::thing::{Need, Proof, Thing, Who};
use crate::people::{Role, SecondFactor};

/// What is the same in every question, made once. A page asks some thirty questions; to read the names and to go through all policies for each
/// of them was 21 of the 30 ms that a page cost (`docs/adr/0015`).
#[derive(Debug)]
pub(super) struct Words {
    person: EntityType,
    role: EntityType,
    actions: BTreeMap<Action, Asked>,
}

/// An action with its groups, what it is done to, and the policies that say anything about it.
#[derive(Debug)]
struct Asked {
    entity: Entity,
    to: EntityType,
    policies: PolicySet,
}

/// A question, with all that is looked at for the answer.
pub(super) struct Question<'a> {
    pub(super) request: Request,
    pub(super) entities: Entities,
    pub(super) policies: &'a PolicySet,
}

// === impl Words ===

impl Words {
    /// Those of this schema and these policies. Nothing where the schema lacks an action.
    pub(super) fn of(schema: &ValidatorSchema, policies: &PolicySet) -> Option<Self> {
        let (known, kind) = (schema.action_entities().ok()?, named("Action")?);
        let mut actions = BTreeMap::new();
        for action in Action::ALL {
            let uid = uid(&kind, action.as_str());
            let entity = known.iter().find(|entity| *entity.uid() == uid)?.clone();
            let mut about = PolicySet::new();
            for policy in policies.policies().filter(|policy| is_about(policy.action_constraint(), &entity)) {
                about.add(policy.clone()).ok()?;
            }
            actions.insert(*action, Asked { entity, to: named(type_of(action.kind()))?, policies: about });
        }
        Some(Self { person: named("Person")?, role: named("Role")?, actions })
    }

    /// A question in Cedar's words. Nothing where that is not done to such a thing.
    pub(super) fn question(&self, who: &Who, action: Action, thing: &Thing) -> Option<Question<'_>> {
        if action.kind() != thing.kind() {
            return None;
        }
        let Asked { entity, to, policies } = self.actions.get(&action)?;
        let extensions = Extensions::none();
        let (principal, resource) = (self.person(who.person), uid(to, "it"));
        let circumstances = [
            ("second_factor".into(), RestrictedExpr::val(who.proof == Proof::SecondFactor)),
            ("emergency".into(), RestrictedExpr::val(who.need == Need::Emergency)),
        ];
        let context = Context::from_pairs(circumstances, extensions).ok()?;
        let part = |uid: &EntityUID| EntityUIDEntry::known(uid.clone(), None);
        let request = Request::new_unchecked(part(&principal), part(entity.uid()), part(&resource), Some(context));
        let actor = Entity::new(principal, [], HashSet::new(), self.roles(who.role), [], extensions).ok()?;
        let about = Entity::new(resource, self.attributes(thing), HashSet::new(), HashSet::new(), [], extensions).ok()?;
        // A role is one of nothing further, and the action comes with all its groups.
        let all = [actor, about, entity.clone()];
        let entities = Entities::from_entities(all, None::<&NoEntitiesSchema>, TCComputation::AssumeAlreadyComputed, extensions).ok()?;
        Some(Question { request, entities, policies })
    }

    /// The role itself, and what kinds of roles it is one of.
    fn roles(&self, role: Role) -> HashSet<EntityUID> {
        let needs = (role.second_factor() == SecondFactor::Needed).then_some("needs_second_factor");
        [Some(role.as_str()), needs].into_iter().flatten().map(|name| uid(&self.role, name)).collect()
    }

    fn attributes(&self, thing: &Thing) -> Vec<(SmolStr, RestrictedExpr)> {
        let one = |name: &str, who: &PersonId| (SmolStr::from(name), RestrictedExpr::val(self.person(*who)));
        let many = |name: &str, all: &[PersonId]| {
            (SmolStr::from(name), RestrictedExpr::set(all.iter().map(|who| RestrictedExpr::val(self.person(*who)))))
        };
        match thing {
            Thing::School => Vec::new(),
            Thing::Person { who, teachers, carers } => vec![one("who", who), many("teachers", teachers), many("carers", carers)],
            Thing::Holding { to, role } => vec![one("to", to), flag("sees_safeguarding", role.sees_safeguarding())],
            Thing::Class { teachers } => vec![many("teachers", teachers)],
            Thing::Account { owner, teachers, roles } => vec![
                one("owner", owner),
                many("teachers", teachers),
                flag("sees_safeguarding", roles.iter().any(|role| role.sees_safeguarding())),
            ],
            Thing::Report { author, alleged, online_safety } => {
                vec![many("author", author.as_slice()), many("alleged", alleged), flag("online_safety", *online_safety)]
            }
            Thing::Case { alleged, about_headteacher, online_safety } => {
                vec![many("alleged", alleged), flag("about_headteacher", *about_headteacher), flag("online_safety", *online_safety)]
            }
            Thing::FilterChange { proposer } => vec![one("proposer", proposer)],
            Thing::Draft { writers } => vec![many("writers", writers)],
            Thing::Permission { asker, matter, of_headteacher } => {
                let matter = ("matter".into(), RestrictedExpr::val(matter.word()));
                vec![one("asker", asker), matter, flag("of_headteacher", *of_headteacher)]
            }
        }
    }

    fn person(&self, who: PersonId) -> EntityUID {
        uid(&self.person, &who.to_string())
    }
}

/// Whether a policy with this in its head says anything about an action.
fn is_about(said: &ActionConstraint, action: &Entity) -> bool {
    let is = |known: &EntityUID| action.uid() == known || action.is_descendant_of(known);
    match said {
        ActionConstraint::Any => true,
        ActionConstraint::In(all) => all.iter().any(|known| is(known)),
        ActionConstraint::Eq(one) => is(one),
    }
}

fn flag(name: &str, value: bool) -> (SmolStr, RestrictedExpr) {
    (name.into(), RestrictedExpr::val(value))
}

/// Cedar reads names with its whole parser.
fn named(kind: &str) -> Option<EntityType> {
    let kind: UnreservedId = kind.parse().ok()?;
    Some(EntityType::from(Name::unqualified_name(kind)))
}

/// Never from text of outside: the types are ours, the ids are words of the program or typed ids.
fn uid(kind: &EntityType, id: &str) -> EntityUID {
    EntityUID::from_components(kind.clone(), Eid::new(id), None)
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
        Kind::Permission => "Permission",
    }
}
