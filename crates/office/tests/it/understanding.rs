//! Whether the rules are understood: checks with a class, questions, and the yearly declaration.

use ids::PersonId;
use ledger::code;
use office::agreements;
use office::control::{Counted, Declared};
use office::people::{self, Membership, YearGroup};
use office::policies::{PUPIL_KS1, PUPIL_KS2};
use office::understanding::{self, UnderstandingError, Understood};

use crate::policies::in_force;
use crate::world::{HEADTEACHER, School, Who, act, day, details, on_both, scope};

const TEACHER: Who = ("Ada Moss", code!("teacher"));
const TODAY: &str = "2026-11-24";
const RULES: &str = "# Rules\n\nWe agree. {{clauses B-221}}";

async fn pupil(school: &School, name: &str, year: i8) -> PersonId {
    let mut unit = school.unit().await;
    let pupil = people::Details { year: YearGroup::new(year), ..details(name, Membership::Pupil) };
    let id = people::add(&mut unit, &pupil, day("2026-09-01")).await.expect("added");
    unit.commit().await.expect("committed");
    id
}

async fn found(school: &School, on: &str) -> Vec<Understood> {
    let all = agreements::access(school.ledger.reader(), scope(), day(on)).await.expect("read");
    understanding::understood(school.ledger.reader(), scope(), &all).await.expect("read")
}

async fn counted(school: &School, on: &str) -> Counted {
    let all = agreements::access(school.ledger.reader(), scope(), day(on)).await.expect("read");
    understanding::counted_understood(school.ledger.reader(), scope(), &all).await.expect("counted")
}

async fn check(school: &School, whom: &[PersonId], on: &str) -> Result<(), UnderstandingError> {
    let all = found(school, TODAY).await;
    let pupils: Vec<&Understood> = all.iter().filter(|it| whom.contains(&it.person)).collect();
    let mut unit = school.ledger.begin(act(&TEACHER)).await.expect("a unit");
    understanding::check(&mut unit, &pupils, day(on), day(TODAY)).await?;
    unit.commit().await.expect("committed");
    Ok(())
}

on_both! {
    async fn a_class_goes_through_its_rules_and_again_when_they_change(school) {
        let (young, old) = (pupil(&school, "Kit Reed", 1).await, pupil(&school, "Sal Fern", 5).await);
        assert_eq!(counted(&school, TODAY).await, Counted::default(), "no rules are in force");
        assert!(matches!(check(&school, &[young], TODAY).await, Err(UnderstandingError::NoRules)));
        in_force(&school, PUPIL_KS1, RULES, "2026-11-20").await;
        in_force(&school, PUPIL_KS2, RULES, "2026-11-20").await;
        assert_eq!(counted(&school, TODAY).await, Counted { all: 2, without: 2 });
        for wrong in ["2026-11-19", "2026-11-25"] {
            assert!(matches!(check(&school, &[young], wrong).await, Err(UnderstandingError::Day)), "{wrong}");
        }
        check(&school, &[young, old], "2026-11-23").await.expect("kept");
        assert_eq!(counted(&school, TODAY).await, Counted { all: 2, without: 0 });
        assert!(matches!(check(&school, &[young, old], "2026-11-23").await, Err(UnderstandingError::Nobody)), "sent twice");

        in_force(&school, PUPIL_KS2, "# Rules\n\nWe agree, and ask. {{clauses B-221}}", TODAY).await;
        let open: Vec<_> = found(&school, TODAY).await.into_iter().filter(|it| it.on.is_none()).map(|it| it.person).collect();
        assert_eq!(open, [old], "what changed is gone through again");
        let back = async |who: PersonId| {
            let all = found(&school, TODAY).await;
            let one = all.iter().find(|it| it.person == who).expect("a pupil");
            let mut unit = school.ledger.begin(act(&TEACHER)).await.expect("a unit");
            understanding::take_back_check(&mut unit, one).await?;
            unit.commit().await.expect("committed");
            Ok::<(), UnderstandingError>(())
        };
        back(young).await.expect("taken back");
        assert!(matches!(back(young).await, Err(UnderstandingError::Records(_))), "nothing is left");
        assert_eq!(counted(&school, TODAY).await, Counted { all: 2, without: 2 });
    }

    async fn the_declaration_is_made_once_a_school_year(school) {
        let mut unit = school.unit().await;
        let ada = people::add(&mut unit, &details("Ada Moss", Membership::Staff), day("2026-09-01")).await.expect("added");
        people::add(&mut unit, &details("Ivo Rush", Membership::Governor), day("2026-09-01")).await.expect("added");
        people::add(&mut unit, &details("Kit Reed", Membership::Parent), day("2026-09-01")).await.expect("added");
        unit.commit().await.expect("committed");
        let by_ada = || ledger::Act { actor: ledger::Actor::Person(ada), ..act(&TEACHER) };
        let counted = async |on: &str| {
            let Declared { all, without, by, is_over } =
                understanding::counted_declared(school.ledger.reader(), scope(), day(on)).await.expect("counted");
            (all, without, by.expect("a day").to_string(), is_over)
        };
        assert_eq!(counted("2026-10-31").await, (2, 2, "2026-10-31".to_owned(), false));
        assert_eq!(counted("2027-01-10").await, (2, 2, "2026-10-31".to_owned(), true));
        let declare = async |on: &str| {
            let mut unit = school.ledger.begin(by_ada()).await.expect("a unit");
            understanding::declare(&mut unit, day(on)).await?;
            unit.commit().await.expect("committed");
            Ok::<(), UnderstandingError>(())
        };
        declare(TODAY).await.expect("declared");
        assert!(matches!(declare("2027-08-31").await, Err(UnderstandingError::Declared)), "the same school year");
        assert_eq!(counted(TODAY).await.1, 1);
        assert_eq!(counted("2027-09-01").await, (2, 2, "2027-10-31".to_owned(), false), "another school year");
        declare("2027-09-01").await.expect("declared");
        assert_eq!(understanding::declarations_of(school.ledger.reader(), scope().organisation, ada).await.expect("read").len(), 2);
    }

    async fn a_question_is_answered_once_and_kept(school) {
        let mut unit = school.ledger.begin(act(&TEACHER)).await.expect("a unit");
        assert!(matches!(understanding::ask(&mut unit, PUPIL_KS2, " ", day("2026-12-01"), day(TODAY)).await, Err(UnderstandingError::NoText)));
        understanding::ask(&mut unit, PUPIL_KS2, "May they print?", day("2026-12-01"), day(TODAY)).await.expect("asked");
        unit.commit().await.expect("committed");
        let read = async || understanding::questions(school.ledger.reader(), scope().organisation).await.expect("read");
        let seen = read().await.remove(0);
        assert!(!seen.is_late(day("2026-12-01")) && seen.is_late(day("2026-12-02")));
        let answer = async |text: &str| {
            let mut unit = school.ledger.begin(act(&HEADTEACHER)).await.expect("a unit");
            understanding::answer(&mut unit, &seen, text, day(TODAY)).await?;
            unit.commit().await.expect("committed");
            Ok::<(), UnderstandingError>(())
        };
        assert!(matches!(answer(&"x".repeat(1001)).await, Err(UnderstandingError::NoText)));
        answer("Yes, with leave.").await.expect("answered");
        assert!(matches!(answer("No.").await, Err(UnderstandingError::Answered)), "an old page");
        let kept = read().await.remove(0);
        assert_eq!(kept.answer.as_ref().map(|(text, _, on)| (text.as_str(), *on)), Some(("Yes, with leave.", day(TODAY))));
        assert!(!kept.is_late(day("2026-12-02")));
    }
}
