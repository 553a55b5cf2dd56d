//! Each control looks at who has signed, and at whether the gate goes by it.

use futures_util::FutureExt as _;
use futures_util::future::ready;

use crate::agreements::Audience;
use crate::control::{Basis, Context, Control, Finding, Signed, Started, State};
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
    Control {
        id: "agreements.new-staff-have-the-policy",
        title: "Staff, governors and helpers are given the policy and the agreement within two weeks of their beginning.",
        clauses: &["A-047"],
        basis: Basis::Measured,
        check: |context| ready(given(context, &[Audience::Staff, Audience::Governors, Audience::Helpers])).boxed(),
    },
    Control {
        id: "agreements.new-families-have-the-rules",
        title: "The policy, the agreement and the child’s rules go home with each new child within two weeks.",
        clauses: &["A-216", "B-022", "B-023"],
        basis: Basis::Measured,
        check: |context| ready(given(context, &[Audience::Pupils])).boxed(),
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
        Ok(Signed { has_text: false, .. }) => Finding::breached(format!("{}: no text is in force that could be signed.", audience.title())),
        Ok(found) => {
            let Signed { all, unsigned, grace, .. } = found;
            let mut sentence =
                format!("{}: for {} of {all} all is signed, {} per cent", audience.title(), found.signed(), found.per_cent());
            if *grace > 0 {
                sentence.push_str(&format!("; for {grace} there is time left to sign a new text"));
            }
            match unsigned {
                0 => Finding::met(format!("{sentence}.")),
                _ => Finding::breached(format!("{sentence}; for {unsigned} something is not signed.")),
            }
        }
    }
}

fn given(context: &Context<'_>, audiences: &[Audience]) -> Finding {
    let recorded = match &context.records {
        Ok(recorded) => recorded,
        Err(why) => return Finding::unknown(format!("What new starters were given is not known: {why}.")),
    };
    let sum = |count: fn(&Started) -> usize| {
        recorded.starters.iter().filter(|started| audiences.contains(&started.audience)).map(count).sum::<usize>()
    };
    match (sum(|it| it.all), sum(|it| it.late), sum(|it| it.waiting)) {
        (0, ..) => Finding::unknown("Nobody has begun in the last 90 days, so there was nothing to look at."),
        (all, 0, 0) => Finding::met(format!("{all} began in the last 90 days, and each was given what is theirs.")),
        (all, 0, waiting) => {
            Finding::met(format!("{all} began in the last 90 days; {waiting} of them are still to be given something, within two weeks."))
        }
        (all, late, _) => Finding::breached(format!(
            "{late} of {all} who began in the last 90 days were not given everything within two weeks; see New starters."
        )),
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
    fn new_starters_who_were_not_given_what_is_theirs_are_found() {
        let look = |all, late, waiting| {
            let of = |audience| Started { audience, all, late, waiting };
            let starters = vec![of(Audience::Governors), of(Audience::Pupils)];
            context_with(Ok(Recorded { starters, ..Recorded::default() }), |context| {
                [Audience::Governors, Audience::Pupils].map(|audience| given(context, &[audience]).state)
            })
        };
        assert_eq!(look(0, 0, 0), [State::Unknown, State::Unknown]);
        assert_eq!((look(3, 0, 0), look(3, 0, 3)), ([State::Met, State::Met], [State::Met, State::Met]));
        assert_eq!(look(3, 1, 0), [State::Breached(None), State::Breached(None)]);
    }

    #[test]
    fn how_many_of_how_many_have_signed_is_said_in_per_cent() {
        let look = |unsigned, grace| {
            let found = Signed { audience: Audience::Staff, all: 200, unsigned, grace, has_text: true, mode: Mode::Enforce };
            context_with(Ok(Recorded { signed: vec![found], ..Recorded::default() }), |context| {
                let Finding { state, sentence } = signed(context, Audience::Staff);
                (state, sentence)
            })
        };
        let time = "there is time left to sign a new text";
        for (unsigned, grace, state, sentence) in [
            (0, 0, State::Met, "Staff: for 200 of 200 all is signed, 100 per cent.".to_owned()),
            (0, 50, State::Met, format!("Staff: for 150 of 200 all is signed, 75 per cent; for 50 {time}.")),
            (1, 0, State::Breached(None), "Staff: for 199 of 200 all is signed, 99 per cent; for 1 something is not signed.".to_owned()),
            (
                2,
                8,
                State::Breached(None),
                format!("Staff: for 190 of 200 all is signed, 95 per cent; for 8 {time}; for 2 something is not signed."),
            ),
        ] {
            assert_eq!(look(unsigned, grace), (state, sentence));
        }
    }

    #[test]
    fn one_who_has_not_signed_is_found_and_so_is_a_gate_that_stands_open() {
        let pupils = |unsigned, has_text, mode| Signed { audience: Audience::Pupils, all: 30, unsigned, grace: 0, has_text, mode };
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
