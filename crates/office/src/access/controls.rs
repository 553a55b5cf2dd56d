//! The control asks the policies themselves, as every page does.

use std::sync::LazyLock;

use futures_util::FutureExt as _;
use futures_util::future::ready;
use ids::PersonId;

use super::action::{Action, Kind};
use super::policies::{Policies, PoliciesError};
use super::thing::{Need, Proof, Thing, Who};
use crate::control::{Basis, Context, Control, Finding};
use crate::people::Role;

/// What this capability keeps.
pub(crate) const CONTROLS: &[Control] = &[Control {
    id: "access.governors-see-no-names",
    title: "Governors see numbers, and no person, class, report or case.",
    clauses: &["A-070"],
    basis: Basis::Measured,
    check: |_: &Context<'_>| ready(names(&SHIPPED)).boxed(),
}];

static SHIPPED: LazyLock<Result<Policies, PoliciesError>> = LazyLock::new(Policies::shipped);

/// Whoever governs, but for the chair, who handles a case about the headteacher.
const GOVERNORS: [Role; 3] = [Role::Governor, Role::ResponsibleGovernor, Role::OnlineSafetyGroup];
/// What would name somebody.
const NAMES: [Action; 11] = [
    Action::SeePeople,
    Action::SeePerson,
    Action::SeeContact,
    Action::SeeHistory,
    Action::SeeActivity,
    Action::SeeConsent,
    Action::SeeAgreement,
    Action::SeeClass,
    Action::SeeReport,
    Action::SeeCase,
    Action::SeeEmergencies,
];

fn names(policies: &Result<Policies, PoliciesError>) -> Finding {
    let policies = match policies {
        Ok(policies) => policies,
        Err(why) => return Finding::unknown(format!("The rules of who may do what cannot be read: {why}.")),
    };
    let (governor, stranger) = (PersonId::from_bytes([1; 16]), PersonId::from_bytes([2; 16]));
    let opens = |role: Role, action: Action, need: Need| {
        let who = Who { person: governor, role, proof: Proof::SecondFactor, need };
        of_a_stranger(action.kind(), stranger).is_some_and(|thing| policies.decide(&who, action, &thing).is_allowed())
    };
    let mut open = Vec::new();
    for role in GOVERNORS {
        for action in NAMES {
            if opens(role, action, Need::Ordinary) || opens(role, action, Need::Emergency) {
                open.push(format!("{} may {}", role.title(), action.as_str()));
            }
        }
    }
    match open.as_slice() {
        [] => Finding::met(format!("{} ways to a name were tried as each of {} roles, and none opens.", NAMES.len(), GOVERNORS.len())),
        open => Finding::breached(format!("These open: {}.", open.join("; "))),
    }
}

/// A thing of this kind that is about somebody whom nothing ties to whoever asks.
fn of_a_stranger(kind: Kind, who: PersonId) -> Option<Thing> {
    Some(match kind {
        Kind::School => Thing::School,
        Kind::Person => Thing::Person { who, teachers: Vec::new(), carers: Vec::new() },
        Kind::Class => Thing::Class { teachers: Vec::new() },
        Kind::Report => Thing::Report { author: None, alleged: Vec::new(), online_safety: true },
        Kind::Case => Thing::Case { alleged: Vec::new(), about_headteacher: false, online_safety: true },
        Kind::Holding | Kind::Account | Kind::FilterChange | Kind::Draft | Kind::Permission => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::State;

    #[test]
    fn a_rule_that_opened_a_name_to_a_governor_would_be_found() {
        assert_eq!(names(&Policies::shipped()).state, State::Met);
        let schema = include_str!("schema.cedarschema");
        for action in NAMES {
            let rule =
                format!("@id(\"too-much\") permit (principal in Role::\"governor\", action == Action::\"{}\", resource);", action.as_str());
            let found = names(&Policies::parse(schema, &rule));
            assert_eq!(found.state, State::Breached(None), "{action:?}");
            assert!(found.sentence.contains(action.as_str()), "{}", found.sentence);
        }
    }
}
