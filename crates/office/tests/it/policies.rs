//! Policies: written, discussed, approved by another than the author, put into force with nothing left open.

use ids::RecordId;
use ledger::{Unit, code};
use office::document::Values;
use office::people::{self, Membership};
use office::policies::{self, Call, Cause, CopyRequest, NewRequest, NewText, ONLINE_SAFETY, PoliciesError, Publish, State, Version, Wish};

use crate::world::{HEADTEACHER, School, Who, act, day, on_both, scope};

const GOVERNOR: Who = ("Robin Quay", code!("governor"));
const DEPUTY: Who = ("Ash Sedge", code!("deputy_headteacher"));
/// The day on which texts are written.
const WRITTEN: &str = "2026-11-20";
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
    let id = policies::begin(&mut unit, ONLINE_SAFETY, NewText { source, change: "All of it.", today: day(WRITTEN) }).await.expect("begun");
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
    publish_as(school, &DEPUTY, seen, must_sign).await
}

async fn publish_as(school: &School, who: &Who, seen: &Version, must_sign: bool) -> Result<(), PoliciesError> {
    let mut unit = unit(school, who).await;
    let how = Publish { values: values(), today: day(TODAY), review_months: 12, must_sign, seen };
    policies::publish(&mut unit, how).await?;
    unit.commit().await.expect("committed");
    Ok(())
}

/// A draft that the governing body has approved, as it is then.
pub(crate) async fn approved(school: &School, id: RecordId) -> Version {
    approve(school, &version(school, id).await).await.expect("approved");
    version(school, id).await
}

/// A version in force.
pub(crate) async fn in_force(school: &School, policy: &str, source: &str, on: &str) -> Version {
    let mut first = unit(school, &HEADTEACHER).await;
    let id = policies::begin(&mut first, policy, NewText { source, change: "All of it.", today: day(WRITTEN) }).await.expect("begun");
    first.commit().await.expect("committed");
    let seen = approved(school, id).await;
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
        let current = policies::current(school.ledger.reader(), scope().organisation, ONLINE_SAFETY).await.expect("read").expect("one");
        assert_eq!((current.state, current.number, current.must_sign), (State::Current, 1, true));
        let publication = current.publication.as_ref().expect("published");
        assert_eq!(publication.text, "# Our policy of Hill School\n\nWe ask first. {{clauses A-002}}\n\nReviewed 23 November 2027.");
        assert_eq!((publication.from, publication.review_by), (day(TODAY), day("2027-11-23")));
        let mut late = unit(&school, &HEADTEACHER).await;
        let changed = policies::rewrite(&mut late, &current, NewText { source: "# Other", change: "x", today: day(TODAY) }).await;
        assert!(matches!(changed, Err(PoliciesError::NotNow)), "what is in force is never rewritten");
    }

    async fn a_review_before_its_time_is_called_for_and_answered_by_a_new_version_or_a_reason(school) {
        let text = in_force(&school, ONLINE_SAFETY, TEXT, TODAY).await;
        let reader = school.ledger.reader();
        let call = |due: &str, happened| Call { cause: Cause::Incident, happened, due: day(due), today: day(TODAY) };
        let mut wrong = unit(&school, &HEADTEACHER).await;
        for due in ["2026-11-23", "2027-11-23"] {
            let refused = policies::call_for_review(&mut wrong, &text, call(due, "A link was passed on.")).await;
            assert!(matches!(refused, Err(PoliciesError::NotSooner(_))), "{due}: {refused:?}");
        }
        assert!(matches!(policies::call_for_review(&mut wrong, &text, call("2026-12-01", " ")).await, Err(PoliciesError::NoCause)));
        drop(wrong);
        for due in ["2026-12-01", "2026-12-15"] {
            let mut right = unit(&school, &HEADTEACHER).await;
            policies::call_for_review(&mut right, &text, call(due, "A link was passed on.")).await.expect("called for");
            right.commit().await.expect("committed");
        }
        let due = async |today: &str| {
            let held = policies::in_force(reader, scope(), "Hill School", day(today)).await.expect("read");
            held.iter().map(|held| (held.review_by.to_string(), held.is_overdue, held.drifts)).collect::<Vec<_>>()
        };
        assert_eq!(due(TODAY).await, [("2026-12-01".to_owned(), false, false)], "the earlier day governs, and the text is as it was");
        assert!(due("2026-12-02").await[0].1, "and runs out");
        let reviews = policies::early_reviews(reader, scope().organisation).await.expect("read");
        let first = reviews.iter().find(|review| review.due == day("2026-12-01")).expect("the first").clone();
        let mut stays = unit(&school, &DEPUTY).await;
        assert!(matches!(policies::leave_as_it_is(&mut stays, &first, "", day(TODAY)).await, Err(PoliciesError::NoCause)));
        policies::leave_as_it_is(&mut stays, &first, "The text covers it.", day(TODAY)).await.expect("decided");
        stays.commit().await.expect("committed");
        let mut twice = unit(&school, &DEPUTY).await;
        let again = policies::leave_as_it_is(&mut twice, &first, "Me too.", day(TODAY)).await;
        assert!(matches!(again, Err(PoliciesError::Records(ledger::LedgerError::Conflict))), "{again:?}");
        drop(twice);
        assert_eq!(due(TODAY).await[0].0, "2026-12-15");
        let mistake = begin(&school, &TEXT.replace("Reviewed", "Revewed")).await;
        publish(&school, &mistake, false).await.expect("a mistake is put right");
        assert_eq!(due(TODAY).await[0].0, "2026-12-15", "a typing mistake answers nothing");
        let second = begin(&school, &TEXT.replace("We ask first", "We ask first, and tell")).await;
        approve(&school, &second).await.expect("approved");
        publish(&school, &version(&school, second.id).await, true).await.expect("in force");
        assert_eq!(due("2026-12-24").await, [("2027-11-23".to_owned(), false, false)], "a new version answers it");
        let reviews = policies::early_reviews(reader, scope().organisation).await.expect("read");
        for review in reviews {
            let is_changed = review.decision.as_ref().map(|decision| decision.is_changed);
            assert_eq!(is_changed, Some(review.due == day("2026-12-15")), "each has its answer");
        }
    }

    async fn what_is_open_keeps_a_text_out_of_force(school) {
        for source in ["# T\n\n{{role.nobody}}", "# T\n\nApproved on insert date."] {
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
        let refused = policies::begin(&mut bad, ONLINE_SAFETY, NewText { source: "# T\n\n<script>", change: "x", today: day(TODAY) }).await;
        assert!(matches!(refused, Err(PoliciesError::Text(_))));
        let refused = policies::begin(&mut bad, "no-such", NewText { source: "# T", change: "x", today: day(TODAY) }).await;
        assert!(matches!(refused, Err(PoliciesError::NotThere)));
    }

    async fn a_typing_mistake_needs_no_approval_and_a_changed_duty_always_does(school) {
        let first = in_force(&school, ONLINE_SAFETY, TEXT, TODAY).await;
        let second = begin(&school, &TEXT.replace("Reviewed", "Revewed")).await;
        let alone = publish_as(&school, &HEADTEACHER, &second, false).await;
        assert!(matches!(alone, Err(PoliciesError::AloneAtIt)), "whoever wrote it does not let it through alone: {alone:?}");
        publish(&school, &second, false).await.expect("a mistake is put right");
        let second = version(&school, second.id).await;
        assert_eq!((second.number, second.state, second.must_sign), (2, State::Current, false));
        assert_eq!(second.approval, first.approval, "that of the one before");
        let review = |version: &Version| version.publication.as_ref().map(|publication| publication.review_by);
        assert_eq!(review(&second), review(&first), "the review is not moved by it");
        assert_eq!(version(&school, first.id).await.state, State::Superseded);
        for other in [TEXT.replace("We ask first", "We never ask"), format!("{TEXT}\n\nWe pay for what we break.")] {
            let third = begin(&school, &other).await;
            assert!(matches!(publish(&school, &third, false).await, Err(PoliciesError::NotNow)), "it says something else: {other}");
            let mut gone = unit(&school, &HEADTEACHER).await;
            policies::drop_version(&mut gone, &third).await.expect("dropped");
            gone.commit().await.expect("committed");
        }
        let third = begin(&school, &TEXT.replace("We ask first", "We never ask")).await;
        approve(&school, &third).await.expect("approved");
        publish(&school, &version(&school, third.id).await, false).await.expect("approved, it may");
        assert!(version(&school, third.id).await.must_sign, "and everybody signs anew, whatever was chosen");
    }

    async fn whoever_has_written_on_it_does_not_approve_it_and_an_approval_ends_with_the_text(school) {
        let mut first = unit(&school, &GOVERNOR).await;
        let text = |source| NewText { source, change: "All of it.", today: day(WRITTEN) };
        let id = policies::begin(&mut first, ONLINE_SAFETY, text(TEXT)).await.expect("begun");
        first.commit().await.expect("committed");
        let mut saved = unit(&school, &HEADTEACHER).await;
        policies::rewrite(&mut saved, &version(&school, id).await, text(TEXT)).await.expect("a colleague presses save");
        saved.commit().await.expect("committed");
        let seen = version(&school, id).await;
        assert!(matches!(approve(&school, &seen).await, Err(PoliciesError::OwnText)), "the first writer is one still");
        let mut yes = unit(&school, &DEPUTY).await;
        policies::approve(&mut yes, &seen, day("2026-11-23"), "item 7", day(TODAY)).await.expect("approved");
        yes.commit().await.expect("committed");
        let mut back = unit(&school, &HEADTEACHER).await;
        policies::reopen(&mut back, &version(&school, id).await).await.expect("open again");
        back.commit().await.expect("committed");
        let open = version(&school, id).await;
        assert_eq!((open.state, &open.approval), (State::Draft, &None));
        let mut later = unit(&school, &HEADTEACHER).await;
        policies::rewrite(&mut later, &open, NewText { today: day(TODAY), ..text(TEXT) }).await.expect("written on");
        later.commit().await.expect("committed");
        let mut early = unit(&school, &DEPUTY).await;
        let refused = policies::approve(&mut early, &version(&school, id).await, day("2026-11-23"), "item 7", day(TODAY)).await;
        assert!(matches!(refused, Err(PoliciesError::Approval)), "a meeting before it was written");
    }

    async fn what_everybody_can_read_names_nobody(school) {
        let seen = begin(&school, "# T\n\nAsk {{holder.dsl}}.").await;
        approve(&school, &seen).await.expect("approved");
        let refused = publish(&school, &version(&school, seen.id).await, true).await;
        assert!(matches!(refused, Err(PoliciesError::Names)), "{refused:?}");
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

    async fn a_copy_that_was_asked_for_is_open_until_it_has_left(school) {
        let all = async || policies::copy_requests(school.ledger.reader(), scope().organisation).await.expect("read");
        let (asked, due) = (day("2026-11-20"), day("2026-11-23"));
        let new = NewRequest { policy: ONLINE_SAFETY, form: Wish::Large, note: "Polish", asked, due };
        let mut first = unit(&school, &HEADTEACHER).await;
        let long = "x".repeat(201);
        let refused = policies::ask_for_copy(&mut first, NewRequest { note: &long, ..new }).await;
        assert!(matches!(refused, Err(PoliciesError::LongNote)));
        policies::ask_for_copy(&mut first, new).await.expect("kept");
        first.commit().await.expect("committed");
        let open = all().await.remove(0);
        assert_eq!((open.policy.as_str(), open.form, open.note.as_str(), open.sent), (ONLINE_SAFETY, Wish::Large, "Polish", None));
        assert!(open.is_late(day(TODAY)) && !open.is_late(due), "the last day is in time");
        let sent = async |seen: &CopyRequest, on: Option<&str>| {
            let mut unit = unit(&school, &HEADTEACHER).await;
            policies::copy_was_sent(&mut unit, seen, on.map(day), day(TODAY)).await?;
            unit.commit().await.expect("committed");
            Ok::<(), PoliciesError>(())
        };
        for wrong in ["2026-11-19", "2026-11-25"] {
            assert!(matches!(sent(&open, Some(wrong)).await, Err(PoliciesError::Sent)), "{wrong}");
        }
        sent(&open, Some(TODAY)).await.expect("kept");
        assert!(matches!(sent(&open, Some(TODAY)).await, Err(PoliciesError::Records(ledger::LedgerError::Conflict))), "twice");
        let done = all().await.remove(0);
        assert!(done.sent == Some(day(TODAY)) && !done.is_late(day("2027-01-01")));
        sent(&done, None).await.expect("taken back");
        assert!(all().await[0].is_late(day(TODAY)));
    }
}
