//! Each control looks at what was asked to be allowed, and at what became of it.

use futures_util::FutureExt as _;
use futures_util::future::ready;

use crate::control::{Basis, Context, Control, Finding, Permitted};

/// What this capability keeps.
pub(crate) const CONTROLS: &[Control] = &[
    Control {
        id: "permissions.answered",
        title: "What the agreement forbids without leave is asked for, and somebody else answers in time.",
        clauses: &["A-007", "B-183", "B-190", "B-191", "B-193", "B-200"],
        basis: Basis::Measured,
        check: |context| ready(look(context, answered)).boxed(),
    },
    Control {
        id: "permissions.off-site-is-back",
        title: "Personal data leaves the site with leave and under a promise of encryption, and is back by its day.",
        clauses: &["B-190", "B-192"],
        basis: Basis::SelfReported,
        check: |context| ready(look(context, back)).boxed(),
    },
];

fn look(context: &Context<'_>, found: fn(&Permitted) -> Finding) -> Finding {
    match &context.records {
        Ok(recorded) => found(&recorded.permitted),
        Err(why) => Finding::unknown(format!("What was asked to be allowed is not known: {why}.")),
    }
}

fn answered(permitted: &Permitted) -> Finding {
    match *permitted {
        Permitted { all: 0, .. } => Finding::unknown("Nobody has asked for a permission yet, so there was nothing to look at."),
        Permitted { late: 0, all, waiting, .. } => {
            Finding::met(format!("{all} were asked for so far; {waiting} wait for an answer, none of them too long."))
        }
        Permitted { late, .. } => Finding::breached(format!("{late} wait for an answer for too long; see Permissions.")),
    }
}

fn back(permitted: &Permitted) -> Finding {
    match *permitted {
        Permitted { off_site: 0, .. } => {
            Finding::unknown("Nobody has asked to take personal data off site, so there was nothing to look at.")
        }
        Permitted { not_back: 0, off_site, away, .. } => Finding::met(format!(
            "{off_site} were asked for so far; {away} are off site now, and the rest is back, as those who took it say."
        )),
        Permitted { not_back, .. } => {
            Finding::breached(format!("{not_back} should be back, and nobody has said that they are; see Permissions."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::{Recorded, State};
    use crate::filtering::controls_testing::context_with;

    #[test]
    fn what_waits_too_long_and_what_is_not_back_is_found() {
        let state =
            |permitted, found| context_with(Ok(Recorded { permitted, ..Recorded::default() }), |context| look(context, found).state);
        assert_eq!(state(Permitted::default(), answered), State::Unknown);
        let some = Permitted { all: 4, waiting: 1, off_site: 2, away: 1, ..Permitted::default() };
        assert_eq!((state(some, answered), state(some, back)), (State::Met, State::Met));
        assert_eq!(state(Permitted { late: 1, ..some }, answered), State::Breached(None));
        assert_eq!(state(Permitted { not_back: 1, ..some }, back), State::Breached(None));
        assert_eq!(state(Permitted { off_site: 0, ..some }, back), State::Unknown);
        let locked = context_with(Err("they are locked away".to_owned()), |context| look(context, answered).state);
        assert_eq!(locked, State::Unknown);
    }
}
