//! Each control looks at the accounts as they are.

use std::collections::HashSet;

use calendar::Date;
use futures_util::FutureExt as _;
use futures_util::future::ready;
use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::control::{Able, Administrators, Basis, Context, Control, Finding, State};

/// What this capability keeps.
pub(crate) const CONTROLS: &[Control] = &[
    Control {
        id: "signin.every-account-has-a-password",
        title: "Everybody of any age who works or learns here has a password of their own, of letters or of pictures.",
        clauses: &["B-071"],
        basis: Basis::Measured,
        check: |context| ready(passwords(context)).boxed(),
    },
    Control {
        id: "signin.user-names-are-unique",
        title: "No two people share a user name.",
        clauses: &["B-129"],
        basis: Basis::Measured,
        check: |context| ready(names(context)).boxed(),
    },
    Control {
        id: "signin.administrators-change-passwords",
        title: "Whoever keeps the machines changes the password as often as the school has set.",
        clauses: &["B-072"],
        basis: Basis::Measured,
        check: |context| ready(administrators(context)).boxed(),
    },
];

fn passwords(context: &Context<'_>) -> Finding {
    let (accounts, Able { staff, pupils }) = match &context.records {
        Ok(recorded) => (&recorded.accounts, recorded.able),
        Err(why) => return Finding::unknown(format!("The accounts are not known: {why}.")),
    };
    let open: Vec<_> = accounts.iter().filter(|account| !account.is_ended).collect();
    let waiting: Vec<_> = open.iter().filter(|account| !account.has_password).collect();
    let all = open.len();
    if staff.without + pupils.without > 0 {
        return Finding::breached(format!(
            "{} of {} who work here, and {} of {} pupils, have neither an account nor pictures.",
            staff.without, staff.all, pupils.without, pupils.all
        ));
    }
    match (all + staff.all + pupils.all, waiting.iter().map(|account| account.made).min()) {
        (0, _) => Finding::unknown("There are no accounts yet."),
        (_, None) => Finding::met(format!(
            "All {all} accounts have a password; {} who work here and {} pupils, and each has an account or pictures.",
            staff.all, pupils.all
        )),
        (_, Some(oldest)) => {
            let count = waiting.len();
            let due = oldest.timestamp().checked_add(super::LINK).unwrap_or(context.now);
            let sentence =
                format!("Of {all} accounts {count} have no password yet; they open nothing until their holders have chosen one.");
            let day = Date::try_from(due.to_zoned(TimeZone::UTC).date()).ok().filter(|_| due > context.now);
            Finding { state: day.map_or(State::Breached(Some(due)), State::Due), sentence }
        }
    }
}

/// How many days before the day it is said that a password is to be changed (clauses-notes 75).
const WARNED: i64 = 5;

fn administrators(context: &Context<'_>) -> Finding {
    let Administrators { chosen, days } = match &context.records {
        Ok(recorded) => &recorded.administrators,
        Err(why) => return Finding::unknown(format!("The accounts are not known: {why}.")),
    };
    let Some(oldest) = chosen.iter().min() else { return Finding::unknown("No administrator has an account with a password yet.") };
    let late = |days: i64| oldest.timestamp().checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(context.now);
    let (due, count) = (late(*days), chosen.len());
    let sentence = format!("Of {count} who keep the machines the oldest password is to be another {days} days after it was chosen.");
    let day = Date::try_from(due.to_zoned(TimeZone::UTC).date()).ok();
    match day {
        Some(_) if due <= context.now => Finding { state: State::Breached(Some(due)), sentence },
        Some(day) if late(days - WARNED) <= context.now => Finding { state: State::Due(day), sentence },
        _ => Finding::met(sentence),
    }
}

fn names(context: &Context<'_>) -> Finding {
    let accounts = match &context.records {
        Ok(recorded) => &recorded.accounts,
        Err(why) => return Finding::unknown(format!("The accounts are not known: {why}.")),
    };
    let different: HashSet<&str> = accounts.iter().map(|account| account.user_name.as_str()).collect();
    match (accounts.len(), accounts.len() - different.len()) {
        (0, _) => Finding::unknown("There are no accounts yet."),
        (all, 0) => Finding::met(format!("{all} accounts, and as many user names; one that has ended keeps its own for ever.")),
        (_, shared) => Finding::breached(format!("{shared} user names are shared.")),
    }
}

#[cfg(test)]
mod tests {
    use calendar::Instant;
    use ids::PersonId;
    use jiff::ToSpan as _;

    use super::*;
    use crate::control::{Counted, Recorded};
    use crate::filtering::controls_testing::{context_with, now};
    use crate::signin::Standing;

    fn account(user_name: &str, has_password: bool, days_ago: i64) -> Standing {
        let made = Instant::from(now().checked_sub((days_ago * 24).hours()).expect("a time"));
        let person = PersonId::named(user_name);
        let user_name = user_name.to_owned();
        Standing { person, user_name, has_password, has_second_factor: false, chosen: None, signed_in: None, is_ended: false, made }
    }

    fn state(accounts: Vec<Standing>, check: fn(&Context<'_>) -> Finding) -> State {
        context_with(Ok(Recorded { accounts, ..Recorded::default() }), check).state
    }

    #[test]
    fn an_account_without_a_password_is_found() {
        assert_eq!(state(vec![], passwords), State::Unknown);
        assert_eq!(state(vec![account("ada", true, 9)], passwords), State::Met);
        assert!(matches!(state(vec![account("ada", true, 9), account("bea", false, 1)], passwords), State::Due(_)));
        assert!(matches!(state(vec![account("bea", false, 4)], passwords), State::Breached(Some(_))));
        let ended = Standing { is_ended: true, ..account("bea", false, 4) };
        assert_eq!(state(vec![ended, account("ada", true, 9)], passwords), State::Met, "it opens nothing any more");
    }

    #[test]
    fn somebody_who_has_nothing_to_sign_in_with_is_found_and_not_named() {
        let look = |staff, pupils| {
            let able = Able { staff: Counted { all: 4, without: staff }, pupils: Counted { all: 90, without: pupils } };
            context_with(Ok(Recorded { able, accounts: vec![account("ada", true, 9)], ..Recorded::default() }), passwords)
        };
        assert_eq!(look(0, 0).state, State::Met);
        for (staff, pupils) in [(1, 0), (0, 30)] {
            let Finding { state, sentence } = look(staff, pupils);
            assert_eq!(state, State::Breached(None));
            assert!(sentence.contains(&format!("{staff} of 4")) && sentence.contains(&format!("{pupils} of 90")), "{sentence}");
        }
    }

    #[test]
    fn an_administrators_password_that_is_too_old_is_found_and_told_before() {
        let look = |ages: &[i64]| {
            let age = |days: &i64| Instant::from(now().checked_sub(SignedDuration::from_hours(24 * days)).expect("a moment"));
            let administrators = Administrators { chosen: ages.iter().map(age).collect(), days: 30 };
            context_with(Ok(Recorded { administrators, ..Recorded::default() }), super::administrators).state
        };
        assert_eq!((look(&[]), look(&[1, 24])), (State::Unknown, State::Met));
        assert!(matches!(look(&[1, 26]), State::Due(_)) && matches!(look(&[1, 30]), State::Breached(Some(_))));
    }

    #[test]
    fn a_shared_user_name_is_found() {
        assert_eq!(state(vec![account("ada", true, 1), account("bea", true, 1)], names), State::Met);
        assert_eq!(state(vec![account("ada", true, 1), account("ada", true, 2)], names), State::Breached(None));
        assert_eq!(context_with(Err("no".to_owned()), names).state, State::Unknown);
    }
}
