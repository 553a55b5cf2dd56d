//! Each control looks at the roles as they are held today.

use futures_util::FutureExt as _;
use futures_util::future::ready;

use super::{Gap, Role};
use crate::control::{Basis, Context, Control, Finding};

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
];

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
