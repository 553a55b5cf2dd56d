//! The school goes into its next year on a page, whatever is there already.

use office::people::import::{self, NextYear, Plan};
use office::people::{self, GroupKind, Role, SchoolYear, YearGroup};

use super::{Browser, Pages};
use crate::world::{HEADTEACHER, act, day, on_both, scope, short};

/// What going into 2027/28 would do, as far as the first of its lines go.
async fn half(pages: &Pages, lines: usize) -> Plan {
    let known = async |on: &str| people::known(pages.office().ledger.reader(), scope(), day(on)).await.expect("read");
    let wish = NextYear { to: SchoolYear::beginning(2027).expect("a year"), last: YearGroup::SIX, classes: Vec::new() };
    let mut plan = import::next_year(&known("2027-08-31").await, &known("2027-09-01").await, &wish).expect("a plan");
    plan.steps.truncate(lines);
    plan
}

/// Does what the page offers, and gives what it says in the end.
async fn go(head: &Browser<'_>) -> String {
    let begun = head.form("/people/year", "do=apply&last=6").await;
    assert_eq!(begun.status, 303, "{}", begun.body);
    head.finished(&begun.to).await
}

on_both! {
    async fn new_classes_that_are_there_already_lock_nobody_out(school) {
        let pages = Pages::of(school).await;
        let mut unit = pages.school.unit().await;
        let year = SchoolYear::beginning(2027).expect("a year");
        people::make_group(&mut unit, GroupKind::Class, &short("1 Robins"), year, YearGroup::new(1)).await.expect("made");
        unit.commit().await.expect("committed");
        pages.at("2027-08-31T09:00:00Z");
        let head = pages.signed_in(Role::Headteacher).await;
        let early = head.page("/people/year").await;
        assert!(early.contains("Into the school year 2027/28") && !early.contains("Go into the new year"), "{early}");
        assert_eq!(head.form("/people/year", "do=apply&last=6").await.status, 200, "not before its day");
        pages.at("2027-09-02T09:00:00Z");
        let head = pages.signed_in_as(pages.person_of(Role::DeputyHeadteacher), "deputy").await;
        let page = head.page("/people/year").await;
        assert!(page.contains("Into the school year 2027/28") && page.contains("Go into the new year"), "{page}");
        assert!(go(&head).await.contains("It is done"));
        let year = async |given: &str, family: &str| {
            pages.school.person(pages.larkfield.person(given, family).expect("a pupil")).await.details.year.map(YearGroup::number)
        };
        assert_eq!((year("Rowan", "Ragwort").await, year("Pip", "Mallow").await), (Some(6), Some(2)));
        let next = head.page("/people/year").await;
        assert!(next.contains("Into the school year 2028/29") && !next.contains("Go into the new year"), "{next}");
        assert_eq!(head.form("/people/year", "do=apply&last=6").await.status, 200);
        assert_eq!(year("Rowan", "Ragwort").await, Some(6), "nobody goes up twice");
    }

    async fn a_roll_over_that_stopped_half_way_goes_on_from_the_page(school) {
        let pages = Pages::of(school).await;
        import::apply(&pages.office().ledger, &pages.office().keys, &act(&HEADTEACHER), half(&pages, 40).await, &|_, _| {}).await.expect("done");
        pages.at("2027-09-02T09:00:00Z");
        let head = pages.signed_in(Role::Headteacher).await;
        assert!(go(&head).await.contains("It is done"));
        let years = async |given: &str, family: &str| {
            pages.school.person(pages.larkfield.person(given, family).expect("a pupil")).await.details.year.map(YearGroup::number)
        };
        for (given, family, year) in [("Zuri", "Abara", 1), ("Kelechi", "Abara", 6), ("Pip", "Mallow", 2), ("Defne", "Yilmaz", 4)] {
            assert_eq!(years(given, family).await, Some(year), "{given} went up once");
        }
        assert!(head.page("/people/year").await.contains("Into the school year 2028/29"));
    }

    /// In a class of the new year since its fifth day: nobody goes up again for having been in none on its first.
    async fn whoever_came_into_a_class_of_the_new_year_later_has_gone_up_as_well(school) {
        let pages = Pages::of(school).await;
        pages.at("2027-09-06T09:00:00Z");
        let head = pages.signed_in(Role::Headteacher).await;
        let mut unit = pages.school.unit().await;
        let year = SchoolYear::beginning(2027).expect("a year");
        let herons = people::make_group(&mut unit, GroupKind::Class, &short("6 Herons"), year, Some(YearGroup::SIX)).await.expect("made");
        let rowan = pages.larkfield.person("Rowan", "Ragwort").expect("a pupil");
        let member = people::Member { group: herons, person: rowan, part: people::Part::Pupil, started: day("2027-09-05"), ended: None };
        people::enrol(&mut unit, &[member]).await.expect("enrolled");
        let seen = pages.school.person(rowan).await;
        let details = people::Details { year: Some(YearGroup::SIX), ..seen.details.clone() };
        people::change(&mut unit, &pages.office().keys, &seen, &details).await.expect("changed");
        unit.commit().await.expect("committed");
        assert!(go(&head).await.contains("It is done"));
        let rowan = pages.school.person(rowan).await;
        assert_eq!((rowan.details.year, rowan.ended), (Some(YearGroup::SIX), None), "not sent away as one of year 6");
    }
}
