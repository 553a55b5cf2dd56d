//! Policies: written, discussed, approved by another than the author, put into force with nothing left open.

use ids::RecordId;
use ledger::{Unit, code};
use office::document::Values;
use office::people::{self, Membership};
use office::policies::{self, NewText, PoliciesError, Publish, State, Version};

use crate::world::{HEADTEACHER, School, Who, act, day, on_both, scope};

const GOVERNOR: Who = ("Robin Quay", code!("governor"));
const TODAY: &str = "2026-11-24";
const TEXT: &str = "# Our policy of {{school}}\n\nWe ask first. {{clauses A-002}}\n\nReviewed {{date.review}}.";

fn values() -> Values {
    let mut values = Values::default();
    values.set("school", "Hill School");
    values
}

async fn unit(school: &School, who: &Who) -> Unit {
    school.ledger.begin(act(who)).await.expect("a unit")
}

async fn version(school: &School, id: RecordId) -> Version {
    policies::version(school.ledger.reader(), scope().organisation, id).await.expect("read").expect("a version")
}

async fn begin(school: &School, source: &str) -> Version {
    let mut unit = unit(school, &HEADTEACHER).await;
    let id = policies::begin(&mut unit, policies::ONLINE_SAFETY, NewText { source, change: "All of it." }).await.expect("begun");
    unit.commit().await.expect("committed");
    version(school, id).await
}

async fn approve(school: &School, seen: &Version) -> Result<(), PoliciesError> {
    let mut unit = unit(school, &GOVERNOR).await;
    policies::approve(&mut unit, seen, day("2026-11-23"), "Full governing body, item 7", day(TODAY)).await?;
    unit.commit().await.expect("committed");
    Ok(())
}

async fn publish(school: &School, seen: &Version, must_sign: bool) -> Result<(), PoliciesError> {
    let mut unit = unit(school, &HEADTEACHER).await;
    let how = Publish { values: values(), today: day(TODAY), review_months: 12, must_sign, seen };
    policies::publish(&mut unit, how).await?;
    unit.commit().await.expect("committed");
    Ok(())
}

/// A version in force.
pub(crate) async fn in_force(school: &School, policy: &str, source: &str, on: &str) -> Version {
    let mut first = unit(school, &HEADTEACHER).await;
    let id = policies::begin(&mut first, policy, NewText { source, change: "All of it." }).await.expect("begun");
    first.commit().await.expect("committed");
    approve(school, &version(school, id).await).await.expect("approved");
    let seen = version(school, id).await;
    let mut second = unit(school, &HEADTEACHER).await;
    let how = Publish { values: values(), today: day(on), review_months: 12, must_sign: true, seen: &seen };
    policies::publish(&mut second, how).await.expect("published");
    second.commit().await.expect("committed");
    version(school, id).await
}

on_both! {
    async fn a_version_comes_into_force_approved_by_another_and_its_text_stays(school) {
        let seen = begin(&school, TEXT).await;
        assert!(matches!(publish(&school, &seen, true).await, Err(PoliciesError::NotNow)), "nobody has approved it");
        let mut own = unit(&school, &HEADTEACHER).await;
        let refused = policies::approve(&mut own, &seen, day(TODAY), "item 7", day(TODAY)).await;
        assert!(matches!(refused, Err(PoliciesError::OwnText)));
        drop(own);
        let mut ahead = unit(&school, &GOVERNOR).await;
        let refused = policies::approve(&mut ahead, &seen, day("2026-11-25"), "item 7", day(TODAY)).await;
        assert!(matches!(refused, Err(PoliciesError::Approval)), "a meeting that has not been");
        assert!(matches!(policies::approve(&mut ahead, &seen, day(TODAY), " ", day(TODAY)).await, Err(PoliciesError::NoMinute)));
        drop(ahead);
        approve(&school, &seen).await.expect("approved");
        let seen = version(&school, seen.id).await;
        publish(&school, &seen, true).await.expect("in force");
        let stale = publish(&school, &seen, true).await;
        assert!(matches!(stale, Err(PoliciesError::Records(ledger::LedgerError::Conflict))), "twice at once: {stale:?}");
        let current = policies::current(school.ledger.reader(), scope().organisation, policies::ONLINE_SAFETY).await.expect("read").expect("one");
        assert_eq!((current.state, current.number, current.must_sign), (State::Current, 1, true));
        let publication = current.publication.as_ref().expect("published");
        assert_eq!(publication.text, "# Our policy of Hill School\n\nWe ask first. {{clauses A-002}}\n\nReviewed 23 November 2027.");
        assert_eq!((publication.from, publication.review_by), (day(TODAY), day("2027-11-23")));
        let mut late = unit(&school, &HEADTEACHER).await;
        let changed = policies::rewrite(&mut late, &current, NewText { source: "# Other", change: "x" }).await;
        assert!(matches!(changed, Err(PoliciesError::NotNow)), "what is in force is never rewritten");
    }

    async fn what_is_open_keeps_a_text_out_of_force(school) {
        for source in ["# T\n\n{{holder.dsl}}", "# T\n\nApproved on insert date."] {
            let seen = begin(&school, source).await;
            approve(&school, &seen).await.expect("approved");
            let seen = version(&school, seen.id).await;
            let refused = publish(&school, &seen, true).await;
            assert!(matches!(refused, Err(PoliciesError::Open(_))), "{source}: {refused:?}");
            let mut gone = unit(&school, &HEADTEACHER).await;
            policies::drop_version(&mut gone, &seen).await.expect("dropped");
            gone.commit().await.expect("committed");
        }
        let mut bad = unit(&school, &HEADTEACHER).await;
        let refused = policies::begin(&mut bad, policies::ONLINE_SAFETY, NewText { source: "# T\n\n<script>", change: "x" }).await;
        assert!(matches!(refused, Err(PoliciesError::Text(_))));
        let refused = policies::begin(&mut bad, "no-such", NewText { source: "# T", change: "x" }).await;
        assert!(matches!(refused, Err(PoliciesError::NotThere)));
    }

    async fn a_typing_mistake_needs_no_approval_and_a_changed_duty_always_does(school) {
        let first = in_force(&school, policies::ONLINE_SAFETY, TEXT, TODAY).await;
        let second = begin(&school, &TEXT.replace("# Our policy", "# The policy")).await;
        publish(&school, &second, false).await.expect("a mistake is put right");
        let second = version(&school, second.id).await;
        assert_eq!((second.number, second.state, second.must_sign), (2, State::Current, false));
        assert_eq!(second.approval, first.approval, "that of the one before");
        let review = |version: &Version| version.publication.as_ref().map(|publication| publication.review_by);
        assert_eq!(review(&second), review(&first), "the review is not moved by it");
        assert_eq!(version(&school, first.id).await.state, State::Superseded);
        let third = begin(&school, &TEXT.replace("We ask first", "We never ask")).await;
        assert!(matches!(publish(&school, &third, false).await, Err(PoliciesError::NotNow)), "a duty says something else");
        approve(&school, &third).await.expect("approved");
        publish(&school, &version(&school, third.id).await, false).await.expect("approved, it may");
        assert!(version(&school, third.id).await.must_sign, "and everybody signs anew, whatever was chosen");
    }

    async fn what_others_said_is_kept_and_answered_once(school) {
        let seen = begin(&school, TEXT).await;
        let mut asked = unit(&school, &HEADTEACHER).await;
        policies::consult(&mut asked, &seen).await.expect("asked");
        policies::comment(&mut asked, &seen, "School council", "Make it shorter.").await.expect("kept");
        assert!(matches!(policies::comment(&mut asked, &seen, "", "x").await, Err(PoliciesError::NoComment)));
        asked.commit().await.expect("committed");
        let said = policies::comments(school.ledger.reader(), scope().organisation, seen.id).await.expect("read");
        assert_eq!(said.iter().map(|comment| comment.said.as_str()).collect::<Vec<_>>(), ["Make it shorter."]);
        let mut answered = unit(&school, &HEADTEACHER).await;
        policies::answer(&mut answered, &seen, said[0].id, "It is now two pages.").await.expect("answered");
        answered.commit().await.expect("committed");
        let mut again = unit(&school, &HEADTEACHER).await;
        assert!(policies::answer(&mut again, &seen, said[0].id, "No.").await.is_err());
    }

    async fn placeholders_say_what_the_records_say(school) {
        let ash = school.add("Ash Sedge", Membership::Staff).await;
        let mut given = unit(&school, &HEADTEACHER).await;
        let new = people::NewHolding {
            person: ash, role: people::Role::Dsl, duties: people::Duties::NONE, authority: None, started: day("2026-09-01"), ended: None,
        };
        people::give_role(&mut given, &new).await.expect("given");
        people::set_alias(&mut given, "pupil", None, &crate::world::short("learner")).await.expect("set");
        given.commit().await.expect("committed");
        let values = policies::values(school.ledger.reader(), scope(), "Hill School", day(TODAY)).await.expect("read");
        let said = |word: &str| values.get(word).unwrap_or_default().to_owned();
        assert_eq!((said("holder.dsl"), said("role.dsl"), said("term.pupil")), ("Ash Sedge".into(), "Designated safeguarding lead".into(), "learner".into()));
        assert_eq!((said("setting.agreement_grace"), said("holder.headteacher")), ("14 days".into(), String::new()));
    }
}
