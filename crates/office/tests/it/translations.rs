//! Translations of a version that comes into force, that is opened again, and whose numbers have changed.

use ids::RecordId;
use ledger::{LedgerError, Unit};
use office::document::{Language, Values};
use office::policies::{self, NewText, NewTranslation, PARENT, PoliciesError, Publish, Translation, Version, values_of};

use crate::policies::{approved, in_force};
use crate::world::{HEADTEACHER, School, Who, act, day, on_both, scope};

const WRITER: Who = ("Wren Teasel", ledger::code!("online_safety_lead"));
const CHECKER: Who = ("Ash Sedge", ledger::code!("deputy_headteacher"));
const ENGLISH: &str = "# Rules of {{school}}\n\nYou have {{setting.agreement_grace}}. {{clauses B-093}}";
const POLISH: &str = "# Zasady: {{school}}\n\nTo jest {{setting.agreement_grace}}. {{clauses B-093}}";

fn values(grace: &str) -> Values {
    let mut values = Values::default();
    values.set("school", "Hill School");
    values.set("setting.agreement_grace", grace);
    values
}

async fn unit(school: &School, who: &Who) -> Unit {
    school.ledger.begin(act(who)).await.expect("a unit")
}

async fn translate(
    school: &School,
    version: &Version,
    source: &str,
    values: &Values,
    seen: Option<&Translation>,
) -> Result<Translation, PoliciesError> {
    let language = Language::find("pl").expect("a language");
    let mut writer = unit(school, &WRITER).await;
    let id = policies::translate(&mut writer, version, NewTranslation { language, source, values, today: day("2026-11-24"), seen }).await?;
    writer.commit().await.expect("committed");
    Ok(translation(school, id).await)
}

async fn translation(school: &School, id: RecordId) -> Translation {
    policies::translation(school.ledger.reader(), scope().organisation, id).await.expect("read").expect("a translation")
}

async fn check(school: &School, version: &Version, seen: &Translation) -> Result<Translation, PoliciesError> {
    let mut checker = unit(school, &CHECKER).await;
    policies::check_translation(&mut checker, version, seen, day("2026-11-24")).await?;
    checker.commit().await.expect("committed");
    Ok(translation(school, seen.id).await)
}

async fn version(school: &School, id: RecordId) -> Version {
    policies::version(school.ledger.reader(), scope().organisation, id).await.expect("read").expect("a version")
}

on_both! {
    async fn a_translation_of_what_is_approved_is_shown_from_the_day_it_holds(school) {
        let mut first = unit(&school, &HEADTEACHER).await;
        let text = NewText { source: ENGLISH, change: "All of it.", today: day("2026-11-20") };
        let id = policies::begin(&mut first, PARENT, text).await.expect("begun");
        first.commit().await.expect("committed");
        let early = translate(&school, &version(&school, id).await, POLISH, &values("14 days"), None).await;
        assert!(matches!(early, Err(PoliciesError::NotNow)), "its text may still change: {early:?}");
        let seen = approved(&school, id).await;
        let written = translate(&school, &seen, POLISH, &values("14 days"), None).await.expect("written");
        let checked = check(&school, &seen, &written).await.expect("checked");
        assert!(checked.checked.is_some() && checked.wording.is_none() && !checked.is_offered(), "nobody reads it yet");
        // Opened again, and approved again: what said the same may not any more.
        let mut back = unit(&school, &HEADTEACHER).await;
        policies::reopen(&mut back, &seen).await.expect("opened");
        back.commit().await.expect("committed");
        let seen = approved(&school, id).await;
        let again = translation(&school, written.id).await;
        assert!(again.is_unchecked(), "somebody looks again");
        let checked = check(&school, &seen, &again).await.expect("checked");
        let mut publish = unit(&school, &HEADTEACHER).await;
        let how = Publish { values: values("7 days"), today: day("2026-11-24"), review_months: 12, must_sign: true, seen: &seen };
        policies::publish(&mut publish, how).await.expect("in force");
        publish.commit().await.expect("committed");
        let shown = translation(&school, checked.id).await;
        assert!(shown.is_offered());
        assert_eq!(shown.text(), "# Zasady: Hill School\n\nTo jest 7 days. {{clauses B-093}}", "as the English says it");
    }

    async fn what_was_shown_is_not_written_over_and_the_last_text_alone_is_shown(school) {
        let held = in_force(&school, PARENT, "# Rules of {{school}}\n\nWe ask.", "2026-11-20").await;
        let filled = values_of(values("14 days"), &held);
        let open = translate(&school, &held, "# Zasady\n\nPytamy", &filled, None).await.expect("written");
        let second = translate(&school, &held, "# Zasady", &filled, None).await;
        assert!(matches!(second, Err(PoliciesError::Records(LedgerError::Conflict))), "one is under way: {second:?}");
        let mended = translate(&school, &held, "# Zasady\n\nPytamy.", &filled, Some(&open)).await.expect("mended");
        assert_eq!((mended.id, mended.number, mended.text()), (open.id, 1, "# Zasady\n\nPytamy."));
        let shown = check(&school, &held, &mended).await.expect("checked");
        let over = translate(&school, &held, "# Inne", &filled, Some(&shown)).await;
        assert!(matches!(over, Err(PoliciesError::NotNow)), "families were shown it: {over:?}");
        let next = translate(&school, &held, "# Nowe zasady", &filled, None).await.expect("written");
        assert_eq!(next.number, 2);
        let stale = check(&school, &held, &open).await;
        assert!(stale.is_err(), "as it was before: {stale:?}");
        let next = check(&school, &held, &next).await.expect("checked");
        let before = translation(&school, shown.id).await;
        assert!(next.is_offered() && !before.is_offered() && before.wording == shown.wording, "{before:?}");
        let later = in_force(&school, PARENT, "# Other rules\n\nWe ask.", "2026-11-24").await;
        let late = translate(&school, &version(&school, held.id).await, "# Za późno", &filled, None).await;
        assert!(matches!(late, Err(PoliciesError::NotNow)), "it holds no longer: {late:?}");
        let of = policies::translations_of(school.ledger.reader(), scope().organisation, &[later.id]).await.expect("read");
        assert_eq!(of, [], "a new version begins without any");
        assert_eq!(translation(&school, next.id).await.wording, next.wording, "and the old one keeps its own");
    }

    async fn a_number_that_has_changed_since_is_not_put_into_a_translation(school) {
        let held = in_force(&school, PARENT, "# Rules of {{school}}\n\nWe ask.", "2026-11-20").await;
        let mut other = values("14 days");
        other.set("school", "Dale School");
        let other = values_of(other, &held);
        let drifted = translate(&school, &held, "# Zasady: {{school}}", &other, None).await;
        assert!(matches!(drifted, Err(PoliciesError::Drifted)), "the English says Hill School: {drifted:?}");
        let plain = translate(&school, &held, "# Zasady: Hill School", &other, None).await.expect("as the English reads");
        assert_eq!(plain.text(), "# Zasady: Hill School");
    }
}
