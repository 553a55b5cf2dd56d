//! Each control looks at who has signed, and at whether the gate goes by it.

use futures_util::FutureExt as _;
use futures_util::future::ready;

use crate::agreements::Audience;
use crate::control::{Basis, Context, Control, Finding, Signed, State};
use crate::settings::Mode;

/// What this capability keeps.
pub(crate) const CONTROLS: &[Control] = &[
    Control {
        id: "agreements.pupils-signed-for",
        title: "For each pupil an adult has signed the agreement, and the older ones have signed too.",
        clauses: &["A-046", "A-205", "A-207", "B-024", "B-025", "B-093", "B-237", "B-238", "B-239", "B-240"],
        basis: Basis::Measured,
        check: |context| ready(signed(context, Audience::Pupils)).boxed(),
    },
    Control {
        id: "agreements.staff-signed",
        title: "All staff have signed that they have read the policy, and the agreement.",
        clauses: &["A-046", "A-128", "A-130", "A-131", "B-020", "B-021", "B-137", "B-179", "B-217", "B-218", "B-219", "B-220"],
        basis: Basis::Measured,
        check: |context| ready(signed(context, Audience::Staff)).boxed(),
    },
    Control {
        id: "agreements.governors-signed",
        title: "All governors have signed too.",
        clauses: &["A-046", "B-176"],
        basis: Basis::Measured,
        check: |context| ready(signed(context, Audience::Governors)).boxed(),
    },
    Control {
        id: "agreements.gate-for-pupils",
        title: "No pupil has the internet before the agreement is signed.",
        clauses: &["B-094", "B-136", "B-138"],
        basis: Basis::Measured,
        check: |context| ready(enforced(context, Audience::Pupils)).boxed(),
    },
    Control {
        id: "agreements.gate-for-staff",
        title: "No member of staff has the internet before policy and agreement are signed.",
        clauses: &["B-137"],
        basis: Basis::Measured,
        check: |context| ready(enforced(context, Audience::Staff)).boxed(),
    },
];

fn of<'a>(context: &'a Context<'_>, audience: Audience) -> Result<&'a Signed, Finding> {
    let recorded = context.records.as_ref().map_err(|why| Finding::unknown(format!("Who has signed is not known: {why}.")))?;
    let none = || Finding { state: State::NotInUse, sentence: format!("{}: nobody is in the records.", audience.title()) };
    recorded.signed.iter().find(|signed| signed.audience == audience).ok_or_else(none)
}

fn signed(context: &Context<'_>, audience: Audience) -> Finding {
    match of(context, audience) {
        Err(finding) => finding,
        Ok(Signed { all, unsigned: 0, has_text: true, .. }) => {
            Finding::met(format!("{}: all {all} have what must be signed.", audience.title()))
        }
        Ok(Signed { has_text: false, .. }) => Finding::breached(format!("{}: no text is in force that could be signed.", audience.title())),
        Ok(Signed { all, unsigned, .. }) => {
            Finding::breached(format!("{}: for {unsigned} of {all} something is not signed.", audience.title()))
        }
    }
}

fn enforced(context: &Context<'_>, audience: Audience) -> Finding {
    match of(context, audience) {
        Err(finding) => finding,
        Ok(Signed { mode: Mode::Enforce, unsigned, .. }) => {
            Finding::met(format!("{}: enforced; {unsigned} are without the internet for want of a signature.", audience.title()))
        }
        Ok(Signed { mode, .. }) => Finding::breached(format!("{}: the gate is set to \"{}\".", audience.title(), mode.word())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::Recorded;
    use crate::filtering::controls_testing::context_with;

    #[test]
    fn one_who_has_not_signed_is_found_and_so_is_a_gate_that_stands_open() {
        let pupils = |unsigned, has_text, mode| Signed { audience: Audience::Pupils, all: 30, unsigned, has_text, mode };
        let look = |found: Signed| {
            context_with(Ok(Recorded { signed: vec![found], ..Recorded::default() }), |context| {
                (signed(context, Audience::Pupils).state, enforced(context, Audience::Pupils).state)
            })
        };
        assert_eq!(look(pupils(0, true, Mode::Enforce)), (State::Met, State::Met));
        assert_eq!(look(pupils(1, true, Mode::Enforce)), (State::Breached(None), State::Met));
        assert_eq!(look(pupils(0, true, Mode::Advise)), (State::Met, State::Breached(None)));
        assert_eq!(look(pupils(0, false, Mode::Off)), (State::Breached(None), State::Breached(None)));
        let nobody = context_with(Ok(Recorded::default()), |context| signed(context, Audience::Staff).state);
        assert_eq!(nobody, State::NotInUse);
        let locked = context_with(Err("they are locked away".to_owned()), |context| enforced(context, Audience::Staff).state);
        assert_eq!(locked, State::Unknown);
    }
}
