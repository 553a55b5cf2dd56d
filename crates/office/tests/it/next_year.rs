//! The next school year: everybody goes up once, however often it is asked, and nobody is lost.

use calendar::Date;
use ids::{GroupId, OrganisationId, PersonId};
use office::demo::{self, DemoSchool};
use office::people::import::{self, Applied, NextYear, NextYearError, Outcome, Plan};
use office::people::{self, Membership, SchoolYear, YearGroup};

use crate::world::{HEADTEACHER, School, act, day, morning, on_both, scope, short};

fn next(to: i16, classes: &[(&str, &str)]) -> NextYear {
    let classes = classes.iter().map(|(before, after)| (short(before), short(after))).collect();
    NextYear { to: SchoolYear::beginning(to).expect("a year"), last: YearGroup::SIX, classes }
}

async fn plan(school: &School, wish: &NextYear) -> Result<Plan, NextYearError> {
    let known = async |on: Date| people::known(school.ledger.reader(), scope(), on).await.expect("read");
    let before = SchoolYear::beginning(wish.to.number() - 1).and_then(SchoolYear::last_day).expect("a day");
    import::next_year(&known(before).await, &known(wish.to.first_day().expect("a day")).await, wish)
}

async fn apply(school: &School, plan: Plan) -> Applied {
    import::apply(&school.ledger, &school.keys, &act(&HEADTEACHER), plan, &|_, _| {}).await.expect("done")
}

/// Larkfield in the organisation of the test, which has keys.
async fn larkfield(school: &School) -> DemoSchool {
    demo::fill(&school.ledger, OrganisationId::named("Hill School"), None, morning()).await.expect("filled")
}

/// The classes somebody is in on a day.
async fn classes(school: &School, person: PersonId, on: Date) -> Vec<String> {
    let year = SchoolYear::of(on).expect("a year");
    let groups = people::groups(school.ledger.reader(), scope(), year).await.expect("read");
    let name =
        |id: GroupId| groups.iter().find(|group| group.id == id).map_or("of another year".to_owned(), |group| group.name.to_string());
    people::members(school.ledger.reader(), scope(), Some(person), on)
        .await
        .expect("read")
        .iter()
        .map(|member| name(member.group))
        .collect()
}

on_both! {
    async fn everybody_goes_up_once_and_the_last_year_leaves(school) {
        let larkfield = larkfield(&school).await;
        let wish = next(2027, &[("5 Kites", "6 Herons")]);
        let planned = plan(&school, &wish).await.expect("a plan");
        let in_classes = people::members(school.ledger.reader(), scope(), None, day("2027-08-31")).await.expect("read").len();
        assert_eq!(planned.counts(), [0, in_classes, 0, 0]);
        let applied = apply(&school, planned).await;
        assert_eq!((applied.leavers.len(), applied.conflicts.len()), (10, 0));

        let (last, first) = (day("2027-08-31"), day("2027-09-01"));
        let who = |given, family| larkfield.person(given, family).expect("somebody");
        let cases = [("Pip", "Mallow", "1 Wrens", "2 Wrens"), ("Rowan", "Ragwort", "5 Kites", "6 Herons"), ("Fenna", "Achterberg", "R Robins", "1 Robins")];
        for (given, family, before, after) in cases {
            assert_eq!(classes(&school, who(given, family), last).await, [before], "{given}");
            assert_eq!(classes(&school, who(given, family), first).await, [after], "{given}");
        }
        let groups = people::groups(school.ledger.reader(), scope(), wish.to).await.expect("read");
        let herons = groups.iter().find(|group| group.name.as_str() == "6 Herons").expect("the class");
        assert_eq!(herons.year, Some(YearGroup::SIX));
        let gethin = school.person(who("Gethin", "Wren-Jones")).await;
        assert_eq!((gethin.ended, gethin.is_here(first)), (Some(last), false), "year 6 has left and is not deleted");
        assert_eq!(classes(&school, who("Ada", "Kingfisher"), first).await, [] as [String; 0], "teachers are told anew");

        let again = plan(&school, &wish).await.expect("a plan");
        let counts = again.counts();
        assert_eq!((counts[0], counts[1], counts[3]), (0, 0, 0), "twice does nothing");
        assert!(again.notes.is_empty());
        let later = plan(&school, &next(2028, &[])).await.expect("a plan");
        assert_eq!(later.steps.iter().filter(|step| matches!(step.outcome, Outcome::Ends(_))).count(), 10, "the year after, those of 5 Kites");
    }

    async fn what_was_interrupted_goes_on_where_it_stopped(school) {
        let larkfield = larkfield(&school).await;
        let wish = next(2027, &[]);
        let mut planned = plan(&school, &wish).await.expect("a plan");
        let all = planned.steps.len();
        planned.steps.truncate(40);
        apply(&school, planned).await;
        let rest = plan(&school, &wish).await.expect("a plan");
        assert_eq!(rest.steps.iter().filter(|step| step.outcome != Outcome::Left).count(), all - 40);
        apply(&school, rest).await;
        let years = async |given: &str, family: &str| school.person(larkfield.person(given, family).expect("a pupil")).await.details.year;
        for (given, family, year) in [("Zuri", "Abara", 1), ("Kelechi", "Abara", 6), ("Pip", "Mallow", 2), ("Defne", "Yilmaz", 4)] {
            assert_eq!(years(given, family).await, YearGroup::new(year), "{given} went up once");
        }
    }

    async fn whoever_is_in_no_class_is_named_and_a_class_that_is_not_there_too(school) {
        assert_eq!(plan(&school, &next(2027, &[])).await.err(), Some(NextYearError::NoClasses { to: SchoolYear::beginning(2027).expect("a year") }));
        larkfield(&school).await;
        let alone = school.add("Sam Loosestrife", Membership::Pupil).await;
        let planned = plan(&school, &next(2027, &[])).await.expect("a plan");
        assert_eq!(planned.counts()[3], 1);
        let refused = planned.steps.iter().find(|step| matches!(step.outcome, Outcome::Refused(_))).expect("refused");
        assert_eq!(refused.name, "Sam Loosestrife");
        apply(&school, planned).await;
        assert_eq!(school.person(alone).await.ended, None);
        let wrong = plan(&school, &next(2027, &[("9 Kites", "6 Kites")])).await.err();
        assert!(matches!(wrong, Some(NextYearError::NoClass { name, .. }) if name == "9 Kites"));
    }
}
