//! Each control looks at the roles as they are held today.

use futures_util::FutureExt as _;
use futures_util::future::ready;

use super::{Gap, Role};
use crate::control::{Answered, Basis, Context, Control, Finding, Owned as Duties};

/// What this capability keeps.
pub(crate) const CONTROLS: &[Control] = &[
    Control {
        id: "people.one-headteacher",
        title: "Exactly one person is the headteacher.",
        clauses: &["A-053"],
        basis: Basis::Measured,
        check: |context| ready(held(context, &[Role::Headteacher])).boxed(),
    },
    Control {
        id: "people.one-governor-for-safeguarding",
        title: "Exactly one governor is responsible for online safety.",
        clauses: &["A-067", "B-027"],
        basis: Basis::Measured,
        check: |context| ready(held(context, &[Role::ResponsibleGovernor])).boxed(),
    },
    Control {
        id: "people.one-lead-for-filtering",
        title: "Exactly one person leads filtering and monitoring.",
        clauses: &["B-057"],
        basis: Basis::Measured,
        check: |context| ready(held(context, &[Role::FilteringLead])).boxed(),
    },
    Control {
        id: "people.dsl-and-deputies",
        title: "There is one DSL, and there are as many deputies as the school has set.",
        clauses: &["A-088"],
        basis: Basis::Measured,
        check: |context| ready(held(context, &[Role::Dsl, Role::Ddsl])).boxed(),
    },
    Control {
        id: "people.online-safety-lead",
        title: "Somebody leads online safety from day to day.",
        clauses: &["A-090", "B-046"],
        basis: Basis::Measured,
        check: |context| ready(held(context, &[Role::OnlineSafetyLead])).boxed(),
    },
    Control {
        id: "people.every-duty-is-owned",
        title: "Each duty of the policy has somebody who answers for it, leads it and does it.",
        clauses: &["A-034", "A-052"],
        basis: Basis::Measured,
        check: |context| ready(owned(context)).boxed(),
    },
    Control {
        id: "people.headteacher-answers",
        title: "The headteacher answers for every duty but for what the governors do themselves.",
        clauses: &["B-033"],
        basis: Basis::Measured,
        check: |context| ready(answered(context)).boxed(),
    },
    Control {
        id: "people.dsl-leads-online-safety",
        title: "The DSL leads online safety in the school, and somebody is the DSL.",
        clauses: &["A-091"],
        basis: Basis::Measured,
        check: |context| ready(led(context)).boxed(),
    },
    Control {
        id: "people.an-adult-for-each-pupil",
        title: "For each pupil there is an adult who answers for them by law, and whom the school may tell.",
        clauses: &["B-007"],
        basis: Basis::Measured,
        check: |context| ready(answered_for(context)).boxed(),
    },
    Control {
        id: "people.suppliers-in-order",
        title: "Each supplier has accepted the school’s policy, is answered for, and is looked at again in time.",
        clauses: &["A-164"],
        basis: Basis::Measured,
        check: |context| ready(suppliers(context)).boxed(),
    },
];

/// Whether each duty has somebody in each of its roles.
fn owned(context: &Context<'_>) -> Finding {
    let duties = match duties(context) {
        Ok(duties) => duties,
        Err(finding) => return finding,
    };
    let vacant = |duty: &&Duties| !duty.vacant.is_empty();
    let unowned: Vec<String> =
        duties.iter().filter(vacant).map(|duty| format!("{}: nobody is {}.", duty.title, titles(&duty.vacant))).collect();
    match unowned.as_slice() {
        [] => Finding::met(format!("All {} duties are owned.", duties.len())),
        unowned => Finding::breached(unowned.join(" ")),
    }
}

fn answered(context: &Context<'_>) -> Finding {
    let duties = match duties(context) {
        Ok(duties) => duties,
        Err(finding) => return finding,
    };
    let is_other = |duty: &&Duties| duty.word != "oversight" && duty.roles.accountable != Role::Headteacher;
    let others: Vec<&str> = duties.iter().filter(is_other).map(|duty| duty.title).collect();
    match others.as_slice() {
        [] => Finding::met(format!("{} duties, and the headteacher answers for each but the governors’ own.", duties.len())),
        others => Finding::breached(format!("Another role answers for: {}.", others.join("; "))),
    }
}

fn led(context: &Context<'_>) -> Finding {
    let duties = match duties(context) {
        Ok(duties) => duties,
        Err(finding) => return finding,
    };
    match duties.iter().find(|duty| duty.word == "online_safety") {
        Some(duty) if duty.roles.lead != Role::Dsl => Finding::breached(format!("It is led by the role {}.", duty.roles.lead.title())),
        Some(duty) if duty.vacant.contains(&Role::Dsl) => Finding::breached("Nobody is the DSL."),
        Some(_) => Finding::met("The DSL leads it, and somebody is the DSL."),
        None => Finding::unknown("There is no such duty."),
    }
}

fn answered_for(context: &Context<'_>) -> Finding {
    match &context.records {
        Err(why) => Finding::unknown(format!("Who answers for whom is not known: {why}.")),
        Ok(recorded) => match recorded.pupils {
            Answered { pupils: 0, .. } => Finding::unknown("There is no pupil in the records yet."),
            Answered { pupils, alone: 0 } => Finding::met(format!("{pupils} pupils, and an adult who answers for each.")),
            Answered { pupils, alone } => Finding::breached(format!(
                "For {alone} of {pupils} pupils the records name no adult who answers for them and may be told; see Family and contacts of each."
            )),
        },
    }
}

fn suppliers(context: &Context<'_>) -> Finding {
    let recorded = match &context.records {
        Ok(recorded) => recorded,
        Err(why) => return Finding::unknown(format!("The suppliers are not known: {why}.")),
    };
    let wanting: Vec<String> = recorded
        .suppliers
        .iter()
        .filter(|(_, wants)| !wants.is_empty())
        .map(|(name, wants)| format!("{name}: {}.", wants.join("; ")))
        .collect();
    match (recorded.suppliers.len(), wanting.as_slice()) {
        (0, _) => Finding::breached("There is no supplier in the register; whoever supports the school’s IT belongs there."),
        (all, []) => Finding::met(format!("{all} suppliers, each in order.")),
        (_, wanting) => Finding::breached(wanting.join(" ")),
    }
}

/// What is known of the duties; why not, where nothing is.
fn duties<'a>(context: &'a Context<'_>) -> Result<&'a [Duties], Finding> {
    match &context.records {
        Ok(recorded) if recorded.duties.is_empty() => Err(Finding::unknown("The duties were not looked at.")),
        Ok(recorded) => Ok(&recorded.duties),
        Err(why) => Err(Finding::unknown(format!("Who has which duty is not known: {why}."))),
    }
}

/// Whether these roles are held as they must be.
fn held(context: &Context<'_>, roles: &[Role]) -> Finding {
    let recorded = match &context.records {
        Ok(recorded) => recorded,
        Err(why) => return Finding::unknown(format!("Who holds which role is not known: {why}.")),
    };
    let gaps: Vec<String> = recorded.gaps.iter().filter(|gap| roles.contains(&gap.role)).map(said).collect();
    match gaps.as_slice() {
        [] => Finding::met(format!("Held as it must be: {}.", titles(roles))),
        gaps => Finding::breached(gaps.join(" ")),
    }
}

fn titles(roles: &[Role]) -> String {
    roles.iter().map(|role| role.title()).collect::<Vec<_>>().join(", ")
}

fn said(gap: &Gap) -> String {
    let lapsed = gap.lapsed.map(|day| format!(" since {day}")).unwrap_or_default();
    match (gap.held, gap.most) {
        (0, _) => format!("{}: nobody{lapsed}.", gap.role.title()),
        (held, Some(most)) if held > u32::from(most) => format!("{}: {held} people, and only {most} may be.", gap.role.title()),
        (held, _) => format!("{}: {held} of {} needed.", gap.role.title(), gap.least),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::{Recorded, State};
    use crate::filtering::controls_testing::context_with;
    use crate::people::Roles;

    #[test]
    fn a_duty_that_nobody_owns_or_another_answers_for_is_found() {
        let duty = |word, accountable, lead, vacant: &[Role]| Duties {
            word,
            title: "A duty",
            roles: Roles { accountable, lead, day_to_day: Role::Ddsl },
            vacant: vacant.to_vec(),
        };
        let look = |duties: Vec<Duties>, check: fn(&Context<'_>) -> Finding| {
            context_with(Ok(Recorded { duties, ..Recorded::default() }), check).state
        };
        let right = || duty("online_safety", Role::Headteacher, Role::Dsl, &[]);
        for check in [owned, answered, led] {
            assert_eq!(look(vec![right()], check), State::Met);
            assert_eq!(look(vec![], check), State::Unknown);
        }
        assert_eq!(look(vec![duty("online_safety", Role::Headteacher, Role::Dsl, &[Role::Dsl])], owned), State::Breached(None));
        assert_eq!(look(vec![duty("online_safety", Role::Headteacher, Role::Dsl, &[Role::Dsl])], led), State::Breached(None));
        assert_eq!(look(vec![duty("online_safety", Role::Dsl, Role::Ddsl, &[])], answered), State::Breached(None));
        assert_eq!(look(vec![duty("online_safety", Role::Headteacher, Role::Ddsl, &[])], led), State::Breached(None));
        assert_eq!(look(vec![duty("oversight", Role::ChairOfGovernors, Role::Dsl, &[])], answered), State::Met, "the governors' own");
    }

    #[test]
    fn a_pupil_for_whom_nobody_answers_is_found() {
        let look =
            |pupils, alone| context_with(Ok(Recorded { pupils: Answered { pupils, alone }, ..Recorded::default() }), answered_for).state;
        assert_eq!((look(0, 0), look(3, 0), look(3, 1)), (State::Unknown, State::Met, State::Breached(None)));
    }

    #[test]
    fn a_supplier_that_is_not_in_order_is_found_and_so_is_that_there_is_none() {
        let look = |suppliers: Vec<(String, Vec<&'static str>)>| {
            context_with(Ok(Recorded { suppliers, ..Recorded::default() }), self::suppliers).state
        };
        assert_eq!(look(vec![]), State::Breached(None));
        assert_eq!(look(vec![("Broadmead IT".to_owned(), vec![])]), State::Met);
        assert_eq!(look(vec![("Broadmead IT".to_owned(), vec![]), ("Other".to_owned(), vec!["late"])]), State::Breached(None));
    }

    #[test]
    fn a_role_that_is_not_held_as_it_must_be_is_found() {
        let gap = |role, least, most, held| Gap { role, least, most, held, lapsed: None, next: None };
        let look =
            |gaps: Vec<Gap>, roles: &[Role]| context_with(Ok(Recorded { gaps, ..Recorded::default() }), |context| held(context, roles));
        assert_eq!(look(vec![], &[Role::Headteacher]).state, State::Met);
        let two = look(vec![gap(Role::ResponsibleGovernor, 1, Some(1), 2)], &[Role::ResponsibleGovernor]);
        assert_eq!((two.state, two.sentence.contains("2 people, and only 1 may be")), (State::Breached(None), true));
        let few = look(vec![gap(Role::Ddsl, 3, None, 1)], &[Role::Dsl, Role::Ddsl]);
        assert!(few.state == State::Breached(None) && few.sentence.contains("1 of 3 needed"), "{few:?}");
        assert_eq!(look(vec![gap(Role::Ddsl, 3, None, 1)], &[Role::Headteacher]).state, State::Met, "another role is another matter");
        let none = context_with(Err("they are locked away".to_owned()), |context| held(context, &[Role::Headteacher]));
        assert_eq!(none.state, State::Unknown);
    }
}
