//! New starters, and what they were given.

use ids::PersonId;
use ledger::LedgerError;
use office::agreements::{self, AgreementsError, Starter};
use office::control::Started;
use office::people::{self, Membership, YearGroup};
use office::policies::{ONLINE_SAFETY, PARENT, PUPIL_KS1, STAFF};

use crate::policies::in_force;
use crate::world::{School, day, details, on_both, scope};

async fn starters(school: &School, on: &str) -> Vec<Starter> {
    let (reader, today) = (school.ledger.reader(), day(on));
    let all = agreements::access(reader, scope(), today).await.expect("read");
    agreements::starters(reader, scope(), &all, today).await.expect("read")
}

async fn of(school: &School, who: PersonId, on: &str) -> Option<Starter> {
    starters(school, on).await.into_iter().find(|starter| starter.access.person.id == who)
}

async fn give(school: &School, who: PersonId, given: &str, today: &str) -> Result<(), AgreementsError> {
    let starter = of(school, who, today).await.expect("a new starter");
    let mut unit = school.unit().await;
    agreements::give_copies(&mut unit, &[&starter], day(given), day(today)).await?;
    unit.commit().await.expect("committed");
    Ok(())
}

async fn began(school: &School, name: &str, membership: Membership, on: &str) -> PersonId {
    let year = YearGroup::new(1).filter(|_| membership == Membership::Pupil);
    let mut unit = school.unit().await;
    let who = people::add(&mut unit, &people::Details { year, ..details(name, membership) }, day(on)).await.expect("added");
    unit.commit().await.expect("committed");
    who
}

fn words(starter: &Starter) -> Vec<&'static str> {
    starter.missing().into_iter().map(|(policy, _)| policy).collect()
}

on_both! {
    async fn whoever_begins_is_given_the_policy_and_the_agreement(school) {
        let text = "# Rules\n\nWe agree. {{clauses B-093}}";
        for policy in [ONLINE_SAFETY, STAFF, PARENT, PUPIL_KS1] {
            in_force(&school, policy, text, "2026-10-01").await;
        }
        let teacher = began(&school, "Ada Moss", Membership::Staff, "2026-11-20").await;
        let pupil = began(&school, "Kit Reed", Membership::Pupil, "2026-11-02").await;
        let old = began(&school, "Ivo Rush", Membership::Staff, "2026-08-01").await;
        let ahead = began(&school, "Sal Fern", Membership::Staff, "2026-12-01").await;
        assert!(of(&school, old, "2026-11-24").await.is_none() && of(&school, ahead, "2026-11-24").await.is_none());
        assert_eq!(words(&of(&school, teacher, "2026-11-24").await.expect("new")), [ONLINE_SAFETY, STAFF]);
        let home = words(&of(&school, pupil, "2026-11-24").await.expect("new"));
        assert_eq!(home, [ONLINE_SAFETY, PARENT, PUPIL_KS1], "the rules go home with a child who does not sign them yet");
        let counted = async |on: &str| {
            let (reader, today) = (school.ledger.reader(), day(on));
            let all = agreements::access(reader, scope(), today).await.expect("read");
            let all = agreements::started(reader, scope(), &all, today).await.expect("read");
            let of = |audience| all.iter().find(|started: &&Started| started.audience == audience).map(|it| (it.all, it.waiting, it.late));
            (of(agreements::Audience::Staff), of(agreements::Audience::Pupils))
        };
        assert_eq!(counted("2026-11-16").await.1, Some((1, 1, 0)), "the fourteenth day");
        assert_eq!(counted("2026-11-24").await, (Some((1, 1, 0)), Some((1, 0, 1))), "the pupil's is late");
        for wrong in ["2026-11-25", "2025-11-01"] {
            assert!(matches!(give(&school, teacher, wrong, "2026-11-24").await, Err(AgreementsError::Given)), "{wrong}");
        }
        give(&school, teacher, "2026-11-23", "2026-11-24").await.expect("given");
        let given = of(&school, teacher, "2026-11-24").await.expect("new");
        assert!(given.missing().is_empty() && given.given.iter().all(|copy| copy.on == day("2026-11-23") && copy.number == 1), "{given:?}");
        assert!(matches!(give(&school, teacher, "2026-11-23", "2026-11-24").await, Err(AgreementsError::HaveAll)), "sent twice");
        in_force(&school, STAFF, "# Rules\n\nWe agree fully. {{clauses B-093}}", "2026-11-24").await;
        assert!(of(&school, teacher, "2026-11-24").await.expect("new").missing().is_empty(), "a new version is signed, and is no beginning");
        assert_eq!(counted("2026-11-24").await.0, Some((1, 0, 0)));

        let back = async || {
            let mut unit = school.unit().await;
            agreements::take_back_copies(&mut unit, teacher).await?;
            unit.commit().await.expect("committed");
            Ok::<(), AgreementsError>(())
        };
        back().await.expect("taken back");
        assert_eq!(words(&of(&school, teacher, "2026-11-24").await.expect("new")), [ONLINE_SAFETY, STAFF]);
        assert!(matches!(back().await, Err(AgreementsError::Records(LedgerError::Conflict))), "nothing is left");
    }
}
