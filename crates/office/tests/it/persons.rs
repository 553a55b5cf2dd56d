//! Persons: found, changed, ended, never deleted.

use ids::{OrganisationId, SiteId};
use ledger::audit;
use office::people::{self, Find, Membership, Memberships, PeopleError, Scope, Slice, Standing, YearGroup};

use crate::world::{HEADTEACHER, act, day, details, on_both, scope, short};

on_both! {
    async fn a_person_is_found_by_any_part_of_a_name_and_in_no_other_school(school) {
        let zoe = school.add("Zoë O'Neill", Membership::Pupil).await;
        school.add("Max Percent%", Membership::Staff).await;
        let look = async |scope: Scope, words: &str| {
            let find = Find { words: words.to_owned(), ..Find::default() };
            people::find(school.ledger.reader(), scope, &find, Slice::FIRST).await.expect("looked").people
        };
        for words in ["zoë", "NEILL zo", "o'n"] {
            assert_eq!(look(scope(), words).await.iter().map(|person| person.id).collect::<Vec<_>>(), [zoe], "{words}");
        }
        assert_eq!(look(scope(), "%").await.len(), 1, "a percent sign is a letter like others");
        assert_eq!(look(scope(), "_").await.len(), 0);
        assert_eq!(look(scope(), "zoë percent").await.len(), 0);
        let other = Scope::of(OrganisationId::named("Another School"));
        assert_eq!(look(other, "").await.len(), 0);
        assert!(people::person(school.ledger.reader(), other, zoe).await.expect("looked").is_none());
    }

    async fn a_site_sees_its_own_people_and_those_of_no_site(school) {
        let (north, south) = (SiteId::named("north"), SiteId::named("south"));
        let mut unit = school.unit().await;
        for (name, site) in [("A North", Some(north)), ("B South", Some(south)), ("C Both", None)] {
            people::add(&mut unit, &people::Details { site, ..details(name, Membership::Staff) }, day("2026-09-01")).await.expect("added");
        }
        unit.commit().await.expect("committed");
        let of_north = Scope { site: Some(north), ..scope() };
        let seen = people::find(school.ledger.reader(), of_north, &Find::default(), Slice::FIRST).await.expect("looked");
        assert_eq!(seen.people.iter().map(|person| person.details.given.as_str()).collect::<Vec<_>>(), ["C", "A"]);
        let south_person = people::find(school.ledger.reader(), scope(), &Find { words: "south".to_owned(), ..Find::default() }, Slice::FIRST)
            .await.expect("looked").people.remove(0);
        let mut unit = school.ledger.begin(ledger::Act { site: Some(north), ..act(&HEADTEACHER) }).await.expect("a unit");
        let refused = people::end(&mut unit, &school.keys, &south_person, day("2026-12-01")).await;
        assert!(matches!(refused, Err(PeopleError::NotThere)), "not yours looks like not there");
        let own = seen.people.into_iter().find(|person| person.details.site == Some(north)).expect("one of the north");
        let moved = people::Details { site: Some(south), ..own.details.clone() };
        let refused = people::change(&mut unit, &school.keys, &own, &moved).await;
        assert!(matches!(refused, Err(PeopleError::NotThere)), "who works for one site moves nobody to another");
    }

    async fn pages_miss_nobody_and_filters_count_what_they_show(school) {
        let mut unit = school.unit().await;
        for number in 0..120_u8 {
            let mut pupil = details(&format!("Same Name{}", number % 3), Membership::Pupil);
            pupil.year = YearGroup::new(i8::try_from(number % 4).expect("small"));
            people::add(&mut unit, &pupil, day("2026-09-01")).await.expect("added");
        }
        unit.commit().await.expect("committed");
        let mut seen = Vec::new();
        for from in [0, 50, 100, 150] {
            let found = people::find(school.ledger.reader(), scope(), &Find::default(), Slice { from, most: 50 }).await.expect("looked");
            assert_eq!(found.total, 120);
            seen.extend(found.people.into_iter().map(|person| person.id));
        }
        assert_eq!(seen.len(), 120);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 120, "each of them once");
        let year = Find { year: YearGroup::new(2), membership: Some(Membership::Pupil), ..Find::default() };
        let found = people::find(school.ledger.reader(), scope(), &year, Slice { from: 0, most: u64::MAX }).await.expect("looked");
        assert_eq!((found.total, found.people.len()), (30, 30));
        let staff = Find { membership: Some(Membership::Staff), ..Find::default() };
        assert_eq!(people::find(school.ledger.reader(), scope(), &staff, Slice::FIRST).await.expect("looked").total, 0);
    }

    async fn the_second_of_two_who_change_the_same_is_told(school) {
        let id = school.add("Robin Teasel", Membership::Staff).await;
        let seen = school.person(id).await;
        let mut first = seen.details.clone();
        first.known_as = Some(short("Rob"));
        let mut unit = school.unit().await;
        people::change(&mut unit, &school.keys, &seen, &first).await.expect("changed");
        unit.commit().await.expect("committed");
        let mut second = seen.details.clone();
        second.family = short("Sedge");
        let mut unit = school.unit().await;
        let refused = people::change(&mut unit, &school.keys, &seen, &second).await.expect_err("refused");
        assert!(refused.is_conflict(), "{refused}");
        drop(unit);
        let now = school.person(id).await;
        assert_eq!((now.details.name().as_str(), now.version), ("Rob Teasel", 1));
    }

    async fn what_was_said_before_is_kept_and_sealed(school) {
        let id = school.add("Formerly Ragwort", Membership::Parent).await;
        let seen = school.person(id).await;
        let after = people::Details { family: short("Yarrow"), ..seen.details.clone() };
        let mut unit = school.unit().await;
        people::change(&mut unit, &school.keys, &seen, &after).await.expect("changed");
        unit.commit().await.expect("committed");
        assert_eq!(people::find(school.ledger.reader(), scope(), &Find { words: "ragwort".to_owned(), ..Find::default() }, Slice::FIRST)
            .await.expect("looked").total, 0);
        school.unlock().await;
        let entries = texts(&school, id).await;
        assert_eq!(entries, [("family".to_owned(), audit::Side::Before, "Ragwort".to_owned()), ("family".to_owned(), audit::Side::After, "Yarrow".to_owned())]);
    }

    async fn a_leaver_has_no_role_from_the_day_after_the_last_one(school) {
        let id = school.add("Robin Teasel", Membership::Staff).await;
        let mut unit = school.unit().await;
        let leaver = people::end(&mut unit, &school.keys, &school.person(id).await, day("2026-11-30")).await.expect("ended");
        unit.commit().await.expect("committed");
        assert_eq!((leaver.person, leaver.on), (id, day("2026-11-30")));
        let reader = school.ledger.reader();
        assert_eq!(people::roles_of(reader, scope(), id, day("2026-11-30")).await.expect("read"), [people::Role::SupportStaff]);
        assert_eq!(people::roles_of(reader, scope(), id, day("2026-12-01")).await.expect("read"), []);
        let leavers = |first, last| people::leavers(reader, scope(), day(first), day(last));
        assert_eq!(leavers("2026-11-24", "2026-11-30").await.expect("read"), [leaver]);
        assert_eq!(leavers("2026-12-01", "2026-12-31").await.expect("read"), []);
        let here = |on| Find { state: Standing::Here(day(on)), ..Find::default() };
        assert_eq!(people::find(reader, scope(), &here("2026-11-30"), Slice::FIRST).await.expect("read").total, 1);
        assert_eq!(people::find(reader, scope(), &here("2026-12-01"), Slice::FIRST).await.expect("read").total, 0);
        assert_eq!(people::find(reader, scope(), &Find::default(), Slice::FIRST).await.expect("read").total, 1, "ended, not deleted");
        let mut unit = school.unit().await;
        people::rejoin(&mut unit, &school.keys, &school.person(id).await, day("2027-01-04")).await.expect("back");
        unit.commit().await.expect("committed");
        assert!(school.person(id).await.is_here(day("2027-01-04")));
    }

    async fn what_cannot_be_is_refused(school) {
        let mut unit = school.unit().await;
        let nothing = people::Details { memberships: Memberships::NONE, ..details("A B", Membership::Staff) };
        assert!(matches!(people::add(&mut unit, &nothing, day("2026-09-01")).await, Err(PeopleError::NoMembership)));
        drop(unit);
        let id = school.add("Robin Teasel", Membership::Staff).await;
        let mut unit = school.unit().await;
        let early = people::end(&mut unit, &school.keys, &school.person(id).await, day("2026-08-31")).await;
        assert!(matches!(early, Err(PeopleError::EndsBeforeStart)));
    }
}

/// What the trail says about a person, opened.
pub(crate) async fn texts(school: &crate::world::School, id: ids::PersonId) -> Vec<(String, audit::Side, String)> {
    let record = ids::RecordId::from_bytes(id.to_bytes());
    let opener = school.keys.texts(school.ledger.reader(), &[record]).await.expect("unlocked").remove(&record).expect("its texts");
    let mut all = Vec::new();
    for entry in crate::store::entries(school, record).await {
        for text in audit::texts_of(school.ledger.reader(), scope().organisation, entry).await.expect("read") {
            let opened = opener.open(&text.field, &text.sealed).expect("opened");
            all.push((text.field, text.side, opened.as_str().expect("text").to_owned()));
        }
    }
    all
}
