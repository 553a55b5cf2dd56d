//! Each control looks at the copies of the records.

use futures_util::FutureExt as _;
use futures_util::future::ready;
use jiff::{SignedDuration, Timestamp};

use super::Copies;
use crate::control::{Basis, Control, Finding};

/// What this capability keeps.
pub(crate) const CONTROLS: &[Control] = &[
    Control {
        id: "upkeep.copied-lately",
        title: "A copy of the records was made in the last three days.",
        clauses: &[],
        basis: Basis::Measured,
        check: |context| ready(copied(&context.copies, context.now)).boxed(),
    },
    Control {
        id: "upkeep.copies-come-back",
        title: "A copy was opened with its key and read from end to end in the last year.",
        clauses: &[],
        basis: Basis::Measured,
        check: |context| ready(come_back(&context.copies, context.now)).boxed(),
    },
];

/// A copy each night, and a long weekend.
const FRESH: SignedDuration = SignedDuration::from_hours(3 * 24);
/// The drill is yearly.
const DRILL: SignedDuration = SignedDuration::from_hours(365 * 24);

fn copied(copies: &Copies, now: Timestamp) -> Finding {
    match copies.made {
        Some(made) if now.duration_since(made) <= FRESH => Finding::met(format!("The last copy was made on {}.", day(made))),
        Some(made) => Finding::breached(format!("The last copy was made on {}, and nothing since.", day(made))),
        None if copies.is_set_up => Finding::breached("A copy is to be made each night, and there is none yet."),
        None => Finding::breached("No copy is set up: when this machine is lost, so are the records."),
    }
}

fn come_back(copies: &Copies, now: Timestamp) -> Finding {
    match copies.read {
        Some(read) if now.duration_since(read) <= DRILL => {
            Finding::met(format!("A copy was opened and read from end to end on {}.", day(read)))
        }
        Some(read) => Finding::breached(format!("The last time that a copy was opened and read was on {}.", day(read))),
        None => Finding::breached("No copy was ever opened; `schoolgate backup verify` does it, with the key from the safe."),
    }
}

fn day(at: Timestamp) -> String {
    at.strftime("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;

    use super::*;
    use crate::control::State;
    use crate::filtering::controls_testing::now;

    #[test]
    fn a_copy_that_is_old_or_was_never_opened_is_found() {
        let ago = |days: i64| now().checked_sub((days * 24).hours()).ok();
        let look = |made, read, check: fn(&Copies, Timestamp) -> Finding| check(&Copies { is_set_up: true, made, read }, now()).state;
        assert_eq!(look(ago(1), None, copied), State::Met);
        assert_eq!(look(ago(4), None, copied), State::Breached(None));
        assert_eq!(look(None, None, copied), State::Breached(None));
        assert_eq!(look(ago(1), ago(200), come_back), State::Met);
        assert_eq!(look(ago(1), ago(400), come_back), State::Breached(None));
        assert_eq!(look(ago(1), None, come_back), State::Breached(None));
    }
}
