//! Each control looks at the roles as they are held today.

use futures_util::FutureExt as _;
use futures_util::future::ready;

use super::{Gap, Role};
use crate::control::{Answered, Basis, Context, Control, Counted, Finding, Leading, Owned as Duties, State, Users};

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
        clauses: &["A-034", "A-052", "A-059", "A-060"],
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
        title: "The DSL leads online safety, monitoring and what becomes of concerns, and somebody is the DSL.",
        clauses: &["A-055", "A-091"],
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
        clauses: &["A-164", "A-166"],
        basis: Basis::Measured,
        check: |context| ready(suppliers(context)).boxed(),
    },
    Control {
        id: "people.users-are-known",
        title: "Everybody who is here is known by what they are to the school, and somebody who is here answers for each helper.",
        clauses: &["A-004", "B-005", "B-006"],
        basis: Basis::Measured,
        check: |context| ready(users(context)).boxed(),
    },
    Control {
        id: "people.dsl-is-of-the-leadership",
        title: "The DSL is of the school’s leadership.",
        clauses: &["A-056"],
        basis: Basis::Measured,
        check: |context| ready(dsl_leads(context)).boxed(),
    },
    Control {
        id: "people.headteacher-is-dsl",
        title: "The headteacher is the DSL too, where the school promises it.",
        clauses: &["A-087"],
        basis: Basis::Measured,
        check: |context| ready(both(context, |leading| leading.headteacher_is_dsl, "The headteacher is the DSL")).boxed(),
    },
    Control {
        id: "people.deputy-is-ddsl",
        title: "A deputy headteacher is one of the deputy DSLs, where the school promises it.",
        clauses: &["A-089"],
        basis: Basis::Measured,
        check: |context| ready(both(context, |leading| leading.deputy_is_ddsl, "A deputy headteacher is a deputy DSL")).boxed(),
    },
];

/// What the DSL leads, unless the school says otherwise.
const LED: [&str; 3] = ["online_safety", "monitoring", "concerns"];

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
    let theirs: Vec<&Duties> = duties.iter().filter(|duty| LED.contains(&duty.word)).collect();
    let other: Vec<String> = theirs
        .iter()
        .filter(|duty| duty.roles.lead != Role::Dsl)
        .map(|duty| format!("{}: led by the role {}.", duty.title, duty.roles.lead.title()))
        .collect();
    match other.as_slice() {
        _ if theirs.is_empty() => Finding::unknown("There are no such duties."),
        [] if theirs.iter().any(|duty| duty.vacant.contains(&Role::Dsl)) => Finding::breached("Nobody is the DSL."),
        [] => Finding::met("The DSL leads all three, and somebody is the DSL."),
        other => Finding::breached(other.join(" ")),
    }
}

fn users(context: &Context<'_>) -> Finding {
    match &context.records {
        Err(why) => Finding::unknown(format!("Who is here is not known: {why}.")),
        Ok(recorded) => match recorded.users {
            Users { all: 0, .. } => Finding::unknown("Nobody is in the records yet."),
            Users { all, helpers: Counted { all: helpers, without: 0 } } => Finding::met(format!(
                "{all} people, each with what they are to the school; among them {helpers} volunteers and contractors, and somebody who is here answers for each."
            )),
            Users { helpers: Counted { all, without }, .. } => Finding::breached(format!(
                "For {without} of {all} volunteers and contractors nobody answers who is here; their pages say who did."
            )),
        },
    }
}

fn dsl_leads(context: &Context<'_>) -> Finding {
    match &context.records {
        Err(why) => Finding::unknown(format!("Who holds which role is not known: {why}.")),
        Ok(recorded) => match recorded.leading.dsl {
            Counted { all: 0, .. } => Finding::breached("Nobody is the DSL."),
            Counted { without: 0, .. } => Finding::met("Whoever is the DSL is headteacher, deputy headteacher or a senior leader as well."),
            Counted { .. } => Finding::breached("Whoever is the DSL is neither headteacher nor deputy headteacher nor a senior leader."),
        },
    }
}

/// Whether one person holds both roles, where that is promised.
fn both(context: &Context<'_>, promised: fn(&Leading) -> Option<bool>, said: &str) -> Finding {
    match &context.records {
        Err(why) => Finding::unknown(format!("Who holds which role is not known: {why}.")),
        Ok(recorded) => match promised(&recorded.leading) {
            None => Finding { state: State::NotInUse, sentence: "The school has not set that it promises this; see Settings.".to_owned() },
            Some(true) => Finding::met(format!("{said}.")),
            Some(false) => Finding::breached(format!("{said}: nobody holds both roles.")),
        },
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
    use crate::control::Recorded;
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
    fn what_the_dsl_leads_and_another_does_is_found() {
        let duty = |word, lead| Duties {
            word,
            title: "A duty",
            roles: Roles { accountable: Role::Headteacher, lead, day_to_day: Role::Ddsl },
            vacant: Vec::new(),
        };
        for other in LED {
            let duties = LED.map(|word| duty(word, if word == other { Role::Ddsl } else { Role::Dsl })).to_vec();
            assert_eq!(context_with(Ok(Recorded { duties, ..Recorded::default() }), led).state, State::Breached(None), "{other}");
        }
    }

    #[test]
    fn a_helper_for_whom_nobody_answers_is_found() {
        let look = |all, helpers, without| {
            let users = Users { all, helpers: Counted { all: helpers, without } };
            context_with(Ok(Recorded { users, ..Recorded::default() }), self::users).state
        };
        assert_eq!((look(0, 0, 0), look(9, 0, 0), look(9, 2, 0)), (State::Unknown, State::Met, State::Met));
        assert_eq!(look(9, 2, 1), State::Breached(None));
    }

    #[test]
    fn a_dsl_outside_the_leadership_is_found_and_so_is_a_promise_of_two_roles_that_is_not_kept() {
        let look = |leading, check: fn(&Context<'_>) -> Finding| context_with(Ok(Recorded { leading, ..Recorded::default() }), check).state;
        let dsl = |all, without| look(Leading { dsl: Counted { all, without }, ..Leading::default() }, dsl_leads);
        assert_eq!((dsl(0, 0), dsl(1, 0), dsl(1, 1)), (State::Breached(None), State::Met, State::Breached(None)));
        let head =
            |is| look(Leading { headteacher_is_dsl: is, ..Leading::default() }, |context| both(context, |it| it.headteacher_is_dsl, ""));
        let deputy = |is| look(Leading { deputy_is_ddsl: is, ..Leading::default() }, |context| both(context, |it| it.deputy_is_ddsl, ""));
        assert_eq!([head(None), head(Some(true)), head(Some(false))], [State::NotInUse, State::Met, State::Breached(None)]);
        assert_eq!([deputy(None), deputy(Some(true)), deputy(Some(false))], [State::NotInUse, State::Met, State::Breached(None)]);
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
