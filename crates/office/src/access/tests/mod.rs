//! The policies by what follows from them.

mod matrix;

use ids::PersonId;

use crate::access::action::{Action, Kind};
use crate::access::policies::{Decision, Policies};
use crate::access::thing::{Need, Proof, Thing, Who};
use crate::people::{Role, SecondFactor};
use matrix::{TIES, acting, me, other, strange, text};

fn policies() -> Policies {
    Policies::shipped().expect("the shipped policies fit their schema")
}

/// Every role, action and tie there is.
fn each(mut check: impl FnMut(Role, Action, &str, Need, &Thing)) {
    for action in Action::ALL {
        for tie in TIES {
            let Some(thing) = (tie.thing)(action.kind(), me()) else { continue };
            Role::ALL.iter().for_each(|role| check(*role, *action, tie.name, tie.need, &thing));
        }
    }
}

#[test]
fn the_matrix_is_the_reviewed_one() {
    let path = std::path::Path::new("src/access/matrix.txt");
    let made = text(&policies());
    #[expect(clippy::disallowed_methods, reason = "whoever runs the test says by it that the file is to be written")]
    let bless = std::env::var_os("SCHOOLGATE_BLESS").is_some();
    if bless {
        std::fs::write(path, &made).expect("written");
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    let differs: Vec<String> = diff(&kept, &made);
    assert!(
        differs.is_empty(),
        "what a role may do has changed:\n{}\nif it is meant: SCHOOLGATE_BLESS=1 cargo xtask test matrix",
        differs.join("\n")
    );
}

fn diff(kept: &str, made: &str) -> Vec<String> {
    let gone = kept.lines().filter(|line| !made.lines().any(|other| other == *line)).map(|line| format!("- {line}"));
    let new = made.lines().filter(|line| !kept.lines().any(|other| other == *line)).map(|line| format!("+ {line}"));
    let moved = (kept.lines().count() != made.lines().count()).then(|| "  lines were added or taken away".to_owned());
    gone.chain(new).chain(moved).collect()
}

#[test]
fn every_policy_has_a_name_of_its_own() {
    let mut names = policies().names();
    let all = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), all);
    assert!(names.iter().all(|name| !name.starts_with("policy")), "an @id is missing: {names:?}");
}

#[test]
fn a_policy_about_what_does_not_exist_is_refused_at_the_start() {
    let schema = include_str!("../schema.cedarschema");
    for wrong in [
        "permit (principal, action == Action::\"see_everything\", resource);",
        "permit (principal, action == Action::\"see_person\", resource) when { resource.teacher.contains(principal) };",
        "permit (principal, action == Action::\"see_person\", resource",
    ] {
        assert!(Policies::parse(schema, wrong).is_err(), "{wrong}");
    }
}

#[test]
fn each_action_and_role_is_one_that_the_schema_or_the_table_knows() {
    // An action that the schema does not know cannot be judged; a role in a policy that the table does not know would match nobody.
    let policies = policies();
    for action in Action::ALL {
        let decision = policies.decide(&acting(Role::Visitor, Need::Ordinary), *action, &strange(action.kind()));
        assert_ne!(decision, Decision::Refused { by: vec!["cannot-be-judged".to_owned()] }, "{action:?}");
    }
    let files = ["never", "school", "people", "safeguarding"].map(|name| format!("src/access/{name}.cedar"));
    for file in files {
        let content = std::fs::read_to_string(&file).expect("the file");
        let code = content.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
        for word in code.split("Role::\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default()) {
            assert!(word == "needs_second_factor" || word.parse::<Role>().is_ok(), "{file}: {word}");
        }
    }
}

#[test]
fn an_action_on_another_kind_of_thing_is_refused() {
    let who = acting(Role::Headteacher, Need::Ordinary);
    let decision = policies().decide(&who, Action::SeeCase, &Thing::School);
    assert_eq!(decision, Decision::Refused { by: vec!["cannot-be-judged".to_owned()] });
}

#[test]
fn whoever_is_alleged_never_reads_of_it_the_headteacher_included() {
    let policies = policies();
    each(|role, action, tie, need, thing| {
        if tie == "alleged" {
            let decision = policies.decide(&acting(role, need), action, thing);
            assert!(!decision.is_allowed(), "{role} {action:?}");
        }
    });
    let case = Thing::Case { alleged: vec![me()], about_headteacher: true, online_safety: false };
    let decision = policies.decide(&acting(Role::Headteacher, Need::Emergency), Action::SeeCase, &case);
    assert_eq!(decision, Decision::Refused { by: vec!["never-the-alleged".to_owned()] });
}

#[test]
fn nobody_gives_themselves_a_role_and_only_two_give_sight_of_safeguarding() {
    let policies = policies();
    for giver in Role::ALL {
        for given in Role::ALL {
            let who = acting(*giver, Need::Emergency);
            assert!(!policies.decide(&who, Action::GiveRole, &Thing::Holding { to: me(), role: *given }).is_allowed(), "{giver} {given}");
            let to_another = Thing::Holding { to: other(), role: *given };
            let allowed = policies.decide(&who, Action::GiveRole, &to_another).is_allowed();
            let may = match giver {
                Role::Headteacher | Role::Dsl => true,
                Role::DeputyHeadteacher => !given.sees_safeguarding(),
                _ => false,
            };
            assert_eq!(allowed, may, "{giver} gives {given}");
        }
    }
}

#[test]
fn proposing_and_approving_are_two_people() {
    let policies = policies();
    for role in Role::ALL {
        let own = Thing::FilterChange { proposer: me() };
        assert!(!policies.decide(&acting(*role, Need::Emergency), Action::ApproveFilterChange, &own).is_allowed(), "{role}");
    }
    let decision = policies.decide(&acting(Role::Dsl, Need::Ordinary), Action::ApproveFilterChange, &strange(Kind::FilterChange));
    assert_eq!(decision, Decision::Allowed { by: vec!["who-answers-for-the-filter-approves".to_owned()] });
}

#[test]
fn governors_and_technicians_see_no_names_in_any_way() {
    let policies = policies();
    let identified = [Action::SeePeople, Action::ImportPeople, Action::SeePerson, Action::SeeContact, Action::ChangePerson];
    let identified: Vec<Action> = identified
        .into_iter()
        .chain([Action::SeeActivity, Action::SeeConsent, Action::SeeReport, Action::SeeCase, Action::ChangeCase])
        .collect();
    each(|role, action, tie, need, thing| {
        let blind = [Role::Governor, Role::ResponsibleGovernor, Role::OnlineSafetyGroup, Role::ItTechnician, Role::SystemAuditor];
        if blind.contains(&role) && identified.contains(&action) {
            assert!(!policies.decide(&acting(role, need), action, thing).is_allowed(), "{role} {action:?} {tie}");
        }
    });
}

#[test]
fn a_password_alone_opens_nothing_where_a_second_factor_is_needed() {
    let policies = policies();
    each(|role, action, tie, need, thing| {
        if role.second_factor() == SecondFactor::Needed && action != Action::ManageOwnSignIn {
            let who = Who { proof: Proof::Password, ..acting(role, need) };
            assert!(!policies.decide(&who, action, thing).is_allowed(), "{role} {action:?} {tie}");
        }
    });
    let own = Thing::Account { owner: me(), teachers: vec![], roles: vec![Role::Dsl] };
    let who = Who { proof: Proof::Password, ..acting(Role::Dsl, Need::Ordinary) };
    assert!(policies.decide(&who, Action::ManageOwnSignIn, &own).is_allowed());
}

#[test]
fn a_technician_cannot_reset_the_password_of_somebody_who_sees_more() {
    let policies = policies();
    let account = |roles: Vec<Role>| Thing::Account { owner: other(), teachers: vec![], roles };
    let technician = acting(Role::ItTechnician, Need::Ordinary);
    assert!(policies.decide(&technician, Action::ResetSignIn, &account(vec![Role::Teacher])).is_allowed());
    assert!(!policies.decide(&technician, Action::ResetSignIn, &account(vec![Role::Teacher, Role::Ddsl])).is_allowed());
    assert!(policies.decide(&acting(Role::Headteacher, Need::Ordinary), Action::ResetSignIn, &account(vec![Role::Dsl])).is_allowed());
    let own = Thing::Account { owner: me(), teachers: vec![], roles: vec![Role::Headteacher] };
    assert!(!policies.decide(&acting(Role::Headteacher, Need::Ordinary), Action::ResetSignIn, &own).is_allowed());
}

#[test]
fn a_teacher_of_another_class_and_a_parent_of_another_child_see_nothing() {
    let policies = policies();
    let pupil = Thing::Person { who: other(), teachers: vec![PersonId::named("Mr Okoro")], carers: vec![PersonId::named("Ms Lindqvist")] };
    for (role, action) in [(Role::Teacher, Action::SeePerson), (Role::Teacher, Action::SeeActivity), (Role::Parent, Action::SeePerson)] {
        assert!(!policies.decide(&acting(role, Need::Ordinary), action, &pupil).is_allowed(), "{role} {action:?}");
    }
}
