//! Signatures and what hangs on them.

use std::collections::HashMap;

use calendar::Date;
use filter::snapshot::Gated;
use ids::PersonId;
use ledger::Act;
use office::agreements::{self, AgreementsError, Answer, Method, NewSuspension, Signing, Standing};
use office::people::{self, Bond, Held, Kinship, Membership, YearGroup};
use office::policies::{self, PARENT, PUPIL_KS2, Version};
use office::settings;

use crate::policies::in_force;
use crate::world::{HEADTEACHER, School, act, day, details, morning, on_both, scope};

const TODAY: &str = "2026-11-24";

struct Family {
    child: PersonId,
    adult: PersonId,
    text: Version,
}

/// A pupil of a year, with an adult; the gate is enforced, and the parents' text is in force since `since`.
async fn family(school: &School, year: i8, since: &str) -> Family {
    let mut unit = school.unit().await;
    let pupil = people::Details { year: YearGroup::new(year), ..details("Ada Moss", Membership::Pupil) };
    let child = people::add(&mut unit, &pupil, day("2026-09-01")).await.expect("added");
    let adult = people::add(&mut unit, &details("Bob Moss", Membership::Parent), day("2026-09-01")).await.expect("added");
    let bond = Bond { kinship: Kinship::Parent, responsibility: Held::Yes, lives_with: Held::Yes };
    people::relate(&mut unit, adult, child, bond, day("2026-09-01")).await.expect("related");
    settings::set(&mut unit, settings::find("gate_pupils").expect("a setting"), 0, 2, "We promise it.").await.expect("set");
    unit.commit().await.expect("committed");
    let text = in_force(school, PARENT, "# Rules\n\nWe agree. {{clauses B-093}}", since).await;
    Family { child, adult, text }
}

fn signing(family: &Family, answer: Answer, on: Date) -> Signing<'static> {
    Signing {
        policy: PARENT,
        version: family.text.id,
        translation: None,
        signer: family.adult,
        for_person: family.child,
        answer,
        method: Method::SignedIn,
        name: "Bob Moss",
        role: "Parent or carer",
        helper: None,
        on,
        today: day(TODAY),
    }
}

async fn sign(school: &School, signing: &Signing<'_>) -> Result<(), AgreementsError> {
    // The last answer counts, so each is given a second after the one before.
    let before = agreements::signatures_for(school.ledger.reader(), scope().organisation, signing.for_person).await?.len();
    let seconds = i64::try_from(before).expect("few") + 1;
    let at = morning().checked_add(jiff::SignedDuration::from_secs(seconds)).expect("a moment");
    let mut unit = school.ledger.begin(Act { at, ..act(&HEADTEACHER) }).await?;
    agreements::sign(&mut unit, signing).await?;
    unit.commit().await.expect("committed");
    Ok(())
}

async fn is_gated(school: &School, who: PersonId, on: &str) -> bool {
    agreements::gated(school.ledger.reader(), scope(), day(on)).await.expect("read").contains_key(&who)
}

async fn standings(school: &School, who: PersonId, on: &str) -> Vec<Standing> {
    let access = agreements::access_of(school.ledger.reader(), scope(), who, day(on)).await.expect("read").expect("somebody");
    access.needs.into_iter().map(|(_, standing)| standing).collect()
}

on_both! {
    async fn no_signature_no_internet_and_a_signature_opens_it(school) {
        let family = family(&school, 1, "2026-11-20").await;
        assert!(is_gated(&school, family.child, TODAY).await, "nobody has answered");
        sign(&school, &signing(&family, Answer::Declined, day(TODAY))).await.expect("kept");
        assert!(is_gated(&school, family.child, TODAY).await, "no is no yes");
        sign(&school, &signing(&family, Answer::Signed, day(TODAY))).await.expect("kept");
        assert!(!is_gated(&school, family.child, TODAY).await);
        sign(&school, &signing(&family, Answer::Signed, day(TODAY))).await.expect("sent twice");
        let all = agreements::signatures_for(school.ledger.reader(), scope().organisation, family.child).await.expect("read");
        assert_eq!(all.iter().map(|one| one.answer).collect::<Vec<_>>(), [Answer::Declined, Answer::Signed], "kept once");
        let hash = family.text.publication.as_ref().expect("published").hash;
        assert!(all.iter().all(|one| one.hash == hash && one.version == family.text.id && one.name == "Bob Moss"));
        sign(&school, &signing(&family, Answer::Withdrawn, day(TODAY))).await.expect("kept");
        assert!(is_gated(&school, family.child, TODAY).await, "taken back");
        assert_eq!(standings(&school, family.child, TODAY).await, [Standing::Withdrawn { on: day(TODAY) }]);
    }

    async fn a_new_text_asks_anew_with_grace_and_old_signatures_stay_with_the_old_text(school) {
        let family = family(&school, 1, "2026-10-01").await;
        sign(&school, &signing(&family, Answer::Signed, day("2026-10-02"))).await.expect("kept");
        let second = in_force(&school, PARENT, "# Rules\n\nWe agree fully. {{clauses B-093}}", "2026-11-10").await;
        assert_eq!(standings(&school, family.child, "2026-11-23").await, [Standing::Grace { last: day("2026-11-23") }]);
        assert!(!is_gated(&school, family.child, "2026-11-23").await, "the last day of grace");
        assert!(is_gated(&school, family.child, "2026-11-24").await, "the day after");
        let late = sign(&school, &signing(&family, Answer::Signed, day(TODAY))).await;
        assert!(matches!(late, Err(AgreementsError::OldText)), "the page was opened before: {late:?}");
        let anew = Signing { version: second.id, ..signing(&family, Answer::Signed, day(TODAY)) };
        sign(&school, &anew).await.expect("kept");
        assert!(!is_gated(&school, family.child, TODAY).await);
        let all = agreements::signatures_for(school.ledger.reader(), scope().organisation, family.child).await.expect("read");
        assert_eq!(all.iter().map(|one| one.version).collect::<Vec<_>>(), [family.text.id, second.id]);
        let old = policies::version(school.ledger.reader(), scope().organisation, family.text.id).await.expect("read").expect("kept");
        assert_eq!(old.publication, family.text.publication, "the text that was signed");
    }

    async fn from_year_3_the_pupil_signs_too_and_nobody_signs_for_them(school) {
        let family = family(&school, 3, "2026-11-20").await;
        sign(&school, &signing(&family, Answer::Signed, day(TODAY))).await.expect("kept");
        let rules = in_force(&school, PUPIL_KS2, "# Mine\n\nI agree. {{clauses B-238}}", "2026-11-20").await;
        assert!(is_gated(&school, family.child, TODAY).await, "the parent alone is not enough");
        let adult = Signing { policy: PUPIL_KS2, version: rules.id, ..signing(&family, Answer::Signed, day(TODAY)) };
        sign(&school, &adult).await.expect("kept");
        assert!(is_gated(&school, family.child, TODAY).await, "an adult's name is no promise of the child's");
        let own = Signing { signer: family.child, method: Method::Mark, helper: Some(family.adult), name: "ADA", role: "Pupil", ..adult };
        sign(&school, &own).await.expect("kept");
        assert!(!is_gated(&school, family.child, TODAY).await);
    }

    async fn the_same_text_is_signed_again_when_key_stage_2_begins(school) {
        let family = family(&school, 3, "2024-09-01").await;
        sign(&school, &signing(&family, Answer::Signed, day("2024-09-05"))).await.expect("kept");
        assert_eq!(standings(&school, family.child, "2026-09-10").await[0], Standing::Grace { last: day("2026-09-14") });
        sign(&school, &signing(&family, Answer::Signed, day("2026-09-12"))).await.expect("kept");
        assert_eq!(standings(&school, family.child, "2026-09-20").await[0], Standing::Signed { on: day("2026-09-12") });
    }

    async fn paper_counts_from_its_own_day_and_under_its_own_text(school) {
        let family = family(&school, 1, "2026-10-01").await;
        let paper = |on| Signing { method: Method::Paper, ..signing(&family, Answer::Signed, day(on)) };
        sign(&school, &signing(&family, Answer::Declined, day("2026-11-05"))).await.expect("kept");
        sign(&school, &paper("2026-11-03")).await.expect("kept");
        assert_eq!(standings(&school, family.child, TODAY).await, [Standing::Declined { on: day("2026-11-05") }], "the no came later");
        let second = in_force(&school, PARENT, "# Rules\n\nWe agree fully. {{clauses B-093}}", "2026-11-10").await;
        sign(&school, &paper("2026-11-12")).await.expect("the form was printed before");
        let all = agreements::signatures_for(school.ledger.reader(), scope().organisation, family.child).await.expect("read");
        let last = all.last().expect("the paper");
        assert_eq!((last.version, last.on, last.method), (family.text.id, day("2026-11-12"), Method::Paper));
        assert_eq!((last.role.as_str(), last.signer, last.for_person), ("Parent or carer", family.adult, family.child));
        assert_eq!(last.entered_by, PersonId::named(HEADTEACHER.0), "whoever entered it");
        assert_eq!(standings(&school, family.child, "2026-11-20").await, [Standing::Grace { last: day("2026-11-23") }], "under the earlier text");
        let online = Signing { version: family.text.id, ..signing(&family, Answer::Signed, day(TODAY)) };
        assert!(matches!(sign(&school, &online).await, Err(AgreementsError::OldText)), "on a screen only the text in force is signed");
        assert_ne!(second.id, family.text.id);
    }

    async fn staff_are_gated_until_policy_and_agreement_are_signed(school) {
        let ash = school.add("Ash Sedge", Membership::Staff).await;
        let mut unit = school.unit().await;
        settings::set(&mut unit, settings::find("gate_staff").expect("a setting"), 0, 2, "We promise it.").await.expect("set");
        unit.commit().await.expect("committed");
        assert!(!is_gated(&school, ash, TODAY).await, "there is nothing to sign yet");
        for policy in [policies::ONLINE_SAFETY, policies::STAFF] {
            let text = in_force(&school, policy, "# T\n\nWe agree. {{clauses B-179}}", "2026-11-20").await;
            assert!(is_gated(&school, ash, TODAY).await, "{policy} is not signed");
            let signing = Signing {
                policy,
                version: text.id,
                translation: None,
                signer: ash,
                for_person: ash,
                answer: Answer::Signed,
                method: Method::SignedIn,
                name: "Ash Sedge",
                role: "Teacher",
                helper: None,
                on: day(TODAY),
                today: day(TODAY),
            };
            sign(&school, &signing).await.expect("kept");
        }
        assert!(!is_gated(&school, ash, TODAY).await);
    }

    async fn paper_is_dated_and_a_day_that_cannot_be_is_refused(school) {
        let family = family(&school, 1, "2026-11-20").await;
        for wrong in ["2026-11-25", "2026-11-19"] {
            let refused = sign(&school, &Signing { method: Method::Paper, ..signing(&family, Answer::Signed, day(wrong)) }).await;
            assert!(matches!(refused, Err(AgreementsError::Day)), "{wrong}");
        }
        let refused = sign(&school, &Signing { name: "  ", ..signing(&family, Answer::Signed, day(TODAY)) }).await;
        assert!(matches!(refused, Err(AgreementsError::NoName)));
        assert!(is_gated(&school, family.child, TODAY).await);
    }

    async fn the_head_takes_the_internet_for_a_time_and_gives_it_back(school) {
        let family = family(&school, 1, "2026-11-20").await;
        sign(&school, &signing(&family, Answer::Signed, day(TODAY))).await.expect("kept");
        let new = |until: &str, reason: &'static str| NewSuspension {
            person: family.child, reason, from: day(TODAY), until: day(until), review: day("2026-11-27"),
        };
        let mut unit = school.unit().await;
        for (until, reason) in [("2026-11-20", "x"), ("2027-06-01", "x"), ("2026-12-04", " ")] {
            assert!(agreements::suspend(&mut unit, &school.keys, &new(until, reason)).await.is_err(), "{until} {reason:?}");
        }
        agreements::suspend(&mut unit, &school.keys, &new("2026-12-04", "zebra-crossing-reason")).await.expect("suspended");
        unit.commit().await.expect("committed");
        assert!(is_gated(&school, family.child, "2026-12-04").await && !is_gated(&school, family.child, "2026-12-05").await);
        let gated = agreements::gated(school.ledger.reader(), scope(), day(TODAY)).await.expect("read");
        assert_eq!(gated.get(&family.child), Some(&Gated::Suspended), "signed, and suspended all the same");
        let needle = b"zebra-crossing-reason";
        assert!(!school.bytes().windows(needle.len()).any(|window| window == needle), "the reason is sealed");
        let mut unit = school.unit().await;
        assert!(agreements::suspend(&mut unit, &school.keys, &new("2026-12-04", "again")).await.is_err(), "a form that was sent twice");
        drop(unit);
        let all = agreements::suspensions_of(school.ledger.reader(), scope().organisation, family.child).await.expect("read");
        let mut unit = school.unit().await;
        let late = agreements::end_suspension(&mut unit, &all[0], day("2026-12-05")).await;
        assert!(late.is_err(), "its time is over, and the day of its end stays");
        drop(unit);
        let mut unit = school.unit().await;
        agreements::end_suspension(&mut unit, &all[0], day(TODAY)).await.expect("given back");
        unit.commit().await.expect("committed");
        assert!(!is_gated(&school, family.child, TODAY).await, "at once");
        let mut unit = school.unit().await;
        assert!(agreements::end_suspension(&mut unit, &all[0], day(TODAY)).await.is_err(), "somebody else was faster");
    }

    async fn where_the_school_only_advises_nobody_is_gated(school) {
        family(&school, 1, "2026-11-20").await;
        let mut unit = school.unit().await;
        settings::set(&mut unit, settings::find("gate_pupils").expect("a setting"), 1, 1, "Not yet.").await.expect("set");
        unit.commit().await.expect("committed");
        assert_eq!(agreements::gated(school.ledger.reader(), scope(), day(TODAY)).await.expect("read"), HashMap::new());
        let counted = agreements::counted(school.ledger.reader(), scope(), day(TODAY)).await.expect("read");
        let numbers = |counted: &[office::control::Signed]| counted.iter().map(|one| (one.all, one.unsigned, one.has_text)).collect::<Vec<_>>();
        assert_eq!(numbers(&counted), [(1, 1, false)], "whoever comes into Year 3 finds no rules to sign");
        in_force(&school, PUPIL_KS2, "# Ours\n\nWe are kind.", "2026-11-20").await;
        let counted = agreements::counted(school.ledger.reader(), scope(), day(TODAY)).await.expect("read");
        assert_eq!(numbers(&counted), [(1, 1, true)], "the youngest sign nothing");
    }
}
