//! Each control looks at the policies that are in force.

use futures_util::FutureExt as _;
use futures_util::future::ready;

use super::{ONLINE_SAFETY, Part, SHELF};
use crate::control::{Basis, Context, Control, Counted, Finding, State};

/// What is in force of a policy, as controls look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// Which, by its word.
    pub policy: String,
    /// Whether another than its author entered the approval, with a day and a minute.
    pub is_approved: bool,
    /// When it is looked at again.
    pub review_by: calendar::Date,
    /// Whether that day is past, at the school.
    pub is_overdue: bool,
    /// Whether its placeholders would be filled otherwise today.
    pub drifts: bool,
    /// The clauses that it states.
    pub clauses: Vec<String>,
}

/// Clauses that a text must state, and whoever signs it has that text.
const STATED: &[&str] = &[
    "A-002", "A-003", "A-004", "A-005", "A-033", "A-036", "A-037", "A-038", "A-132", "A-143", "A-144", "A-152", "A-153", "A-177", "A-211",
    "A-216", "A-217", "A-221", "A-224", "B-004", "B-005", "B-006", "B-010", "B-022", "B-023", "B-049", "B-075", "B-087", "B-090", "B-091",
    "B-096", "B-097", "B-101", "B-102", "B-130", "B-156", "B-157", "B-177", "B-178", "B-180", "B-181", "B-182", "B-183", "B-184", "B-185",
    "B-202", "B-203", "B-204", "B-206", "B-213", "B-215", "B-216", "B-221", "B-222", "B-225", "B-228",
];

/// What this capability keeps.
pub(crate) const CONTROLS: &[Control] = &[
    Control {
        id: "policies.in-force",
        title: "The online safety policy is in force, with a version, a day and a page that everybody can read.",
        clauses: &["A-001", "A-048", "A-215", "B-001", "B-019", "B-214"],
        basis: Basis::Measured,
        check: |context| ready(in_force(context)).boxed(),
    },
    Control {
        id: "policies.copies-are-sent",
        title: "Whoever asks for a copy of a policy has it within the days that the school has set.",
        clauses: &["B-214"],
        basis: Basis::Measured,
        check: |context| ready(copies(context)).boxed(),
    },
    Control {
        id: "policies.approved",
        title: "The governing body has approved it, on a day and with a minute, and not its author.",
        clauses: &["A-010", "A-011", "A-065", "B-002"],
        basis: Basis::Measured,
        check: |context| ready(approved(context)).boxed(),
    },
    Control {
        id: "policies.reviewed",
        title: "No policy in force is past its review, usual or called for before its time.",
        clauses: &["A-017", "A-018", "A-019", "A-020", "A-021", "A-035", "B-003", "B-012", "B-013"],
        basis: Basis::Measured,
        check: |context| ready(reviewed(context)).boxed(),
    },
    Control {
        id: "policies.related",
        title: "Every policy that the online safety policy hangs on is in force.",
        clauses: &["A-008", "B-100", "B-204"],
        basis: Basis::Measured,
        check: |context| ready(related(context)).boxed(),
    },
    Control {
        id: "policies.say-what-holds",
        title: "Names and numbers in the texts in force are those that hold.",
        clauses: &["A-001"],
        basis: Basis::Measured,
        check: |context| ready(says_what_holds(context)).boxed(),
    },
    Control {
        id: "policies.state-their-clauses",
        title: "The texts in force state what they must.",
        clauses: STATED,
        basis: Basis::Measured,
        check: |context| ready(stated(context)).boxed(),
    },
];

fn all<'a>(context: &'a Context<'_>) -> Result<&'a [InForce], Finding> {
    match &context.records {
        Ok(recorded) => Ok(&recorded.policies),
        Err(why) => Err(Finding::unknown(format!("Which policies are in force is not known: {why}."))),
    }
}

fn policy<'a>(context: &'a Context<'_>) -> Result<&'a InForce, Finding> {
    let found = all(context)?.iter().find(|held| held.policy == ONLINE_SAFETY);
    found.ok_or_else(|| Finding::breached("No version of the online safety policy is in force."))
}

fn in_force(context: &Context<'_>) -> Finding {
    policy(context).map_or_else(|finding| finding, |_| Finding::met("A version is in force, and everybody can read it under /published."))
}

fn copies(context: &Context<'_>) -> Finding {
    match &context.records {
        Err(why) => Finding::unknown(format!("Which copies were asked for is not known: {why}.")),
        Ok(recorded) => match recorded.copies {
            Counted { all: 0, .. } => Finding::met("Every copy that was asked for has left."),
            Counted { without: 0, all } => Finding::met(format!("{all} copies are still to be sent, and there is time.")),
            Counted { without, all } => {
                Finding::breached(format!("{without} of {all} copies that are still to be sent should have left by now."))
            }
        },
    }
}

fn approved(context: &Context<'_>) -> Finding {
    match policy(context) {
        Err(finding) => finding,
        Ok(held) if held.is_approved => Finding::met("Another than its author entered the approval, with its day and minute."),
        Ok(_) => Finding::breached("The approval of the online safety policy was entered by whoever wrote it, or has no minute."),
    }
}

fn reviewed(context: &Context<'_>) -> Finding {
    let held = match (all(context), policy(context)) {
        (Ok(all), Ok(_)) => all,
        (Err(finding), _) | (_, Err(finding)) => return finding,
    };
    let overdue: Vec<&str> = held.iter().filter(|held| held.is_overdue).map(|held| title(&held.policy)).collect();
    let next = held.iter().map(|held| held.review_by).min();
    match (overdue.as_slice(), next) {
        ([], Some(next)) => Finding { state: State::Met, sentence: format!("The next review is due by {next}.") },
        ([], None) => Finding::breached("No policy is in force."),
        (overdue, _) => Finding::breached(format!("Past their review: {}.", overdue.join(", "))),
    }
}

fn related(context: &Context<'_>) -> Finding {
    let held = match all(context) {
        Ok(held) => held,
        Err(finding) => return finding,
    };
    let related = SHELF.iter().filter(|policy| policy.part == Part::Related);
    let missing: Vec<&str> =
        related.filter(|policy| held.iter().all(|held| held.policy != policy.word)).map(|policy| policy.title).collect();
    if missing.is_empty() { Finding::met("All are in force.") } else { Finding::breached(format!("Missing: {}.", missing.join(", "))) }
}

fn says_what_holds(context: &Context<'_>) -> Finding {
    let held = match all(context) {
        Ok(held) => held,
        Err(finding) => return finding,
    };
    let drifts: Vec<&str> = held.iter().filter(|held| held.drifts).map(|held| title(&held.policy)).collect();
    match (held.is_empty(), drifts.as_slice()) {
        (true, _) => Finding::breached("No policy is in force."),
        (false, []) => Finding::met("Each text says what the records say today."),
        (false, drifts) => {
            Finding::breached(format!("A name, a title or a number has changed since these were put into force: {}.", drifts.join(", ")))
        }
    }
}

fn stated(context: &Context<'_>) -> Finding {
    let held = match all(context) {
        Ok(held) => held,
        Err(finding) => return finding,
    };
    let says = |clause: &str| held.iter().any(|held| held.clauses.iter().any(|stated| stated == clause));
    let missing: Vec<&str> = STATED.iter().copied().filter(|clause| !says(clause)).collect();
    if missing.is_empty() {
        Finding::met(format!("All {} clauses are marked in a text in force.", STATED.len()))
    } else {
        Finding::breached(format!("No text in force states: {}.", missing.join(", ")))
    }
}

fn title(word: &str) -> &'static str {
    super::find(word).map_or("another policy", |policy| policy.title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::Recorded;
    use crate::filtering::controls_testing::context_with;

    fn held(policy: &str) -> InForce {
        let review_by = "2999-01-01".parse().expect("a day");
        InForce {
            policy: policy.to_owned(),
            is_approved: true,
            review_by,
            is_overdue: false,
            drifts: false,
            clauses: STATED.iter().map(ToString::to_string).collect(),
        }
    }

    fn states(policies: Vec<InForce>) -> Vec<(&'static str, State)> {
        context_with(Ok(Recorded { policies, ..Recorded::default() }), |context| {
            let checks: [fn(&Context<'_>) -> Finding; 6] = [in_force, approved, reviewed, related, says_what_holds, stated];
            CONTROLS
                .iter()
                .filter(|control| control.id != "policies.copies-are-sent")
                .zip(checks)
                .map(|(control, check)| (control.id, check(context).state))
                .collect()
        })
    }

    #[test]
    fn policies_in_force_approved_and_reviewed_are_met() {
        let all = SHELF.iter().map(|policy| held(policy.word)).collect();
        assert!(states(all).iter().all(|(_, state)| *state == State::Met));
    }

    #[test]
    fn the_texts_that_come_with_schoolgate_state_what_they_must_to_whom_they_must() {
        let of = |word: &str, reader: &str| {
            let template = crate::policies::find(word).and_then(|policy| policy.template).expect("a text");
            let text = crate::document::parse(template).expect("a text").for_audience(reader);
            text.clauses().into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        let all: Vec<String> =
            SHELF.iter().filter(|policy| policy.template.is_some()).flat_map(|policy| of(policy.word, "staff")).collect();
        for clause in STATED {
            assert!(all.iter().any(|stated| stated == clause), "no text states {clause}");
        }
        let (staff, governor) = (of(crate::policies::STAFF, "staff"), of(crate::policies::STAFF, "governor"));
        assert!(staff.contains(&"B-206".to_owned()) && !governor.contains(&"B-206".to_owned()), "the contract is not the governors'");
        for clause in ["B-177", "B-178", "B-182", "B-184", "B-202", "B-203", "B-215", "B-216"] {
            assert!(governor.iter().any(|stated| stated == clause), "{clause} binds governors too");
        }
        let parent = of(crate::policies::PARENT, "parent");
        for clause in ["A-211", "B-090", "B-091"] {
            assert!(parent.iter().any(|stated| stated == clause), "{clause} is for parents to sign");
        }
    }

    #[test]
    fn a_copy_that_should_have_left_is_found() {
        let look = |all, without| context_with(Ok(Recorded { copies: Counted { all, without }, ..Recorded::default() }), copies).state;
        assert_eq!((look(0, 0), look(3, 0), look(3, 1)), (State::Met, State::Met, State::Breached(None)));
    }

    #[test]
    fn each_clause_that_no_text_states_any_more_is_found() {
        for gone in STATED {
            let mut all: Vec<InForce> = SHELF.iter().map(|policy| held(policy.word)).collect();
            all.iter_mut().for_each(|held| held.clauses.retain(|clause| clause != gone));
            let found = context_with(Ok(Recorded { policies: all, ..Recorded::default() }), stated);
            assert_eq!(found.state, State::Breached(None), "{gone}");
            assert!(found.sentence.contains(gone), "{}", found.sentence);
        }
    }

    #[test]
    fn each_fault_of_a_policy_is_found_by_its_control() {
        let broken = |change: fn(&mut InForce)| {
            let mut all: Vec<InForce> = SHELF.iter().map(|policy| held(policy.word)).collect();
            all.iter_mut().for_each(change);
            let found = states(all).into_iter().filter(|(_, state)| *state != State::Met).map(|(id, _)| id);
            found.collect::<Vec<_>>()
        };
        assert_eq!(broken(|held| held.is_approved = false), ["policies.approved"]);
        assert_eq!(broken(|held| held.is_overdue = true), ["policies.reviewed"]);
        assert_eq!(broken(|held| held.drifts = true), ["policies.say-what-holds"]);
        assert_eq!(broken(|held| held.clauses.retain(|clause| clause != "B-206")), ["policies.state-their-clauses"]);
        assert_eq!(states(vec![held(ONLINE_SAFETY)])[3], ("policies.related", State::Breached(None)));
        assert!(states(vec![]).iter().all(|(_, state)| *state == State::Breached(None)), "an empty shelf keeps nothing");
    }
}
