//! Each control looks at whether the rules are understood, and at whether whoever asks is answered.

use futures_util::FutureExt as _;
use futures_util::future::ready;

use crate::control::{Basis, Context, Control, Counted, Declared, Finding, Recorded, State};

/// What this capability keeps.
pub(crate) const CONTROLS: &[Control] = &[
    Control {
        id: "understanding.pupils-understand",
        title: "Each pupil has gone through the rules with a teacher, who found that they are understood.",
        clauses: &["A-143"],
        basis: Basis::SelfReported,
        check: |context| ready(look(context, |recorded| pupils(recorded.understood))).boxed(),
    },
    Control {
        id: "understanding.questions-answered",
        title: "Whoever asks about the policy or the agreement is answered in time, and the answer is kept.",
        clauses: &["B-181"],
        basis: Basis::Measured,
        check: |context| ready(look(context, |recorded| questions(recorded.questions))).boxed(),
    },
    Control {
        id: "understanding.accounts-are-private",
        title: "All staff and governors say once a year that their own accounts on social media are private.",
        clauses: &["B-203"],
        basis: Basis::SelfReported,
        check: |context| ready(look(context, |recorded| declared(&recorded.declared))).boxed(),
    },
];

fn look(context: &Context<'_>, found: impl Fn(&Recorded) -> Finding) -> Finding {
    match &context.records {
        Ok(recorded) => found(recorded),
        Err(why) => Finding::unknown(format!("What was understood, asked and said is not known: {why}.")),
    }
}

fn pupils(Counted { all, without }: Counted) -> Finding {
    match (all, without) {
        (0, _) => Finding::unknown("There are no pupils for whom rules are in force, so there was nothing to look at."),
        (all, 0) => Finding::met(format!("{all} pupils have gone through the rules that are in force, as their teachers say.")),
        (all, without) => {
            Finding::breached(format!("{without} of {all} pupils have not gone through the rules that are in force; see Who has signed."))
        }
    }
}

fn questions(Counted { all, without }: Counted) -> Finding {
    match (all, without) {
        (0, _) => Finding::unknown("Nobody has asked anything yet, so there was nothing to look at."),
        (all, 0) => Finding::met(format!("{all} were asked so far; none waits too long for its answer.")),
        (all, late) => Finding::breached(format!("{late} of {all} wait for an answer for too long; see Questions.")),
    }
}

fn declared(declared: &Declared) -> Finding {
    match *declared {
        Declared { all: 0, .. } => Finding::unknown("There are no staff and governors in the records."),
        Declared { without: 0, all, .. } => Finding::met(format!("All {all} staff and governors have said so this school year.")),
        Declared { without, all, is_over: false, by: Some(by) } => Finding {
            state: State::Due(by),
            sentence: format!("{without} of {all} staff and governors have not said so this school year yet; there is time until {by}."),
        },
        Declared { without, all, .. } => {
            Finding::breached(format!("{without} of {all} staff and governors have not said so this school year."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filtering::controls_testing::context_with;

    fn state(recorded: Recorded, found: impl Fn(&Recorded) -> Finding) -> State {
        context_with(Ok(recorded), |context| look(context, &found).state)
    }

    #[test]
    fn pupils_who_have_not_understood_and_questions_without_an_answer_are_found() {
        let of = |all, without| {
            let counted = Counted { all, without };
            let recorded = || Recorded { understood: counted, questions: counted, ..Recorded::default() };
            (state(recorded(), |recorded| pupils(recorded.understood)), state(recorded(), |recorded| questions(recorded.questions)))
        };
        assert_eq!(of(0, 0), (State::Unknown, State::Unknown));
        assert_eq!(of(30, 0), (State::Met, State::Met));
        assert_eq!(of(30, 1), (State::Breached(None), State::Breached(None)));
        let locked = context_with(Err("they are locked away".to_owned()), |context| look(context, |_| Finding::met("")).state);
        assert_eq!(locked, State::Unknown);
    }

    #[test]
    fn whoever_has_not_made_the_yearly_declaration_is_found_when_its_day_is_past() {
        let by = "2026-10-31".parse().ok();
        let of = |all, without, is_over| {
            let recorded = Recorded { declared: Declared { all, without, by, is_over }, ..Recorded::default() };
            state(recorded, |recorded| declared(&recorded.declared))
        };
        assert_eq!(of(0, 0, true), State::Unknown);
        assert_eq!((of(20, 0, false), of(20, 0, true)), (State::Met, State::Met));
        assert_eq!((of(20, 3, false), of(20, 3, true)), (State::Due(by.expect("a day")), State::Breached(None)));
    }
}
