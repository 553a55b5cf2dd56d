//! Roles, who may give them, what is vacant, who has which duty, suppliers.

use ids::PersonId;
use ledger::code;
use office::people::{self, Duties, Gap, Membership, NewHolding, PeopleError, Role, Roles, SupplierDetails};
use office::settings;

use crate::world::{HEADTEACHER, School, Who, act, day, on_both, scope, short};

const TECHNICIAN: Who = ("Ash Sedge", code!("it_technician"));

fn holding(person: PersonId, role: Role) -> NewHolding {
    NewHolding { person, role, duties: Duties::NONE, authority: None, started: day("2026-09-01"), ended: None }
}

async fn give(school: &School, by: &Who, new: &NewHolding) -> Result<(), PeopleError> {
    let mut unit = school.ledger.begin(act(by)).await.expect("a unit");
    people::give_role(&mut unit, new).await?;
    unit.commit().await.expect("committed");
    Ok(())
}

on_both! {
    async fn nobody_gives_themselves_a_role_and_few_give_those_that_see_safeguarding(school) {
        let ash = school.add("Ash Sedge", Membership::Staff).await;
        let refused = give(&school, &TECHNICIAN, &holding(ash, Role::Dsl)).await;
        assert!(matches!(refused, Err(PeopleError::NotYoursToGive { role: Role::Dsl })));
        give(&school, &TECHNICIAN, &holding(ash, Role::Teacher)).await.expect("given");
        give(&school, &HEADTEACHER, &holding(ash, Role::Dsl)).await.expect("given");
        let held = people::holdings_of(school.ledger.reader(), scope(), ash).await.expect("read");
        let of = |role| held.iter().find(|holding| holding.role == role).expect("held").clone();
        let mut unit = school.ledger.begin(act(&TECHNICIAN)).await.expect("a unit");
        let refused = people::end_role(&mut unit, &of(Role::Dsl), day("2026-12-01")).await;
        assert!(matches!(refused, Err(PeopleError::NotYoursToGive { role: Role::Dsl })), "who sees safeguarding is not theirs to end");
        people::end_role(&mut unit, &of(Role::Teacher), day("2026-12-01")).await.expect("ended");
        unit.commit().await.expect("committed");
        let own = holding(PersonId::named(HEADTEACHER.0), Role::Publisher);
        assert!(matches!(give(&school, &HEADTEACHER, &own).await, Err(PeopleError::OwnRole)));
        let not_theirs = give(&school, &HEADTEACHER, &holding(ash, Role::ChairOfGovernors)).await;
        assert!(matches!(not_theirs, Err(PeopleError::NotForThem { .. })));
        let roles = people::roles_of(school.ledger.reader(), scope(), ash, day("2026-11-24")).await.expect("read");
        assert_eq!(roles, [Role::Dsl, Role::Teacher, Role::SupportStaff], "one person, several roles");
    }

    async fn a_role_lapses_when_its_time_or_its_holder_ends(school) {
        let gap = async |on: &str| -> Option<Gap> {
            people::gaps(school.ledger.reader(), scope(), day(on)).await.expect("read").into_iter().find(|gap| gap.role == Role::Ddsl)
        };
        assert_eq!(gap("2026-11-24").await.map(|gap| (gap.held, gap.least, gap.lapsed)), Some((0, 1, None)));
        let ash = school.add("Ash Sedge", Membership::Staff).await;
        give(&school, &HEADTEACHER, &NewHolding { ended: Some(day("2026-12-31")), ..holding(ash, Role::Ddsl) }).await.expect("given");
        assert_eq!(gap("2026-11-24").await, None);
        assert_eq!(gap("2027-01-01").await.and_then(|gap| gap.lapsed), Some(day("2026-12-31")));
        let mut unit = school.unit().await;
        people::end(&mut unit, &school.keys, &school.person(ash).await, day("2026-11-30")).await.expect("ended");
        people::set_minimum(&mut unit, Role::Ddsl, 1, 3).await.expect("set");
        assert!(people::set_minimum(&mut unit, Role::Ddsl, 1, 5).await.expect_err("stale").is_conflict());
        people::set_minimum(&mut unit, Role::Ddsl, 3, 2).await.expect("set again");
        unit.commit().await.expect("committed");
        assert_eq!(gap("2026-12-01").await.map(|gap| (gap.least, gap.lapsed)), Some((2, Some(day("2026-11-30")))), "gone with the person");
        let holdings = people::holdings_of(school.ledger.reader(), scope(), ash).await.expect("read");
        assert_eq!(holdings.len(), 1, "the history stays");
        let mut unit = school.unit().await;
        people::end_role(&mut unit, &holdings[0], day("2026-10-01")).await.expect("ended");
        assert!(people::end_role(&mut unit, &holdings[0], day("2026-10-02")).await.expect_err("stale").is_conflict());
        unit.commit().await.expect("committed");
    }

    async fn each_duty_shows_who_has_it_or_that_nobody_does(school) {
        let head = school.add("Wren Teasel", Membership::Staff).await;
        for role in [Role::Headteacher, Role::Dsl] {
            give(&school, &HEADTEACHER, &NewHolding { duties: Duties { accountable: true, lead: true, day_to_day: false }, ..holding(head, role) }).await.expect("given");
        }
        let row = async |word: &str| {
            let rows = people::matrix(school.ledger.reader(), scope(), day("2026-11-24")).await.expect("read");
            rows.into_iter().find(|row| row.duty.word == word).expect("a row")
        };
        let filtering = row("filtering").await;
        assert_eq!(filtering.holders.iter().map(|holding| holding.person).collect::<Vec<_>>(), [head]);
        assert_eq!(filtering.vacant(), [Role::FilteringLead, Role::ItTechnician], "unowned duties are listed");
        let mut unit = school.unit().await;
        let roles = Roles { accountable: Role::Headteacher, lead: Role::Dsl, day_to_day: Role::Dsl };
        people::set_duty(&mut unit, "filtering", filtering.roles, roles).await.expect("set");
        assert!(people::set_duty(&mut unit, "juggling", roles, roles).await.is_err());
        let other = Roles { day_to_day: Role::OnlineSafetyLead, ..roles };
        assert!(people::set_duty(&mut unit, "filtering", filtering.roles, other).await.expect_err("stale").is_conflict());
        people::set_duty(&mut unit, "filtering", roles, other).await.expect("set again");
        assert!(people::set_duty(&mut unit, "filtering", roles, other).await.expect_err("stale").is_conflict());
        people::set_duty(&mut unit, "filtering", other, roles).await.expect("and back");
        unit.commit().await.expect("committed");
        assert_eq!((row("filtering").await.vacant(), row("filtering").await.roles), (vec![], roles));
    }

    async fn a_school_has_its_own_words(school) {
        let mut unit = school.unit().await;
        let (first, second) = (short("e-Safety Officer"), short("Online Safety Officer"));
        people::set_alias(&mut unit, "online_safety_lead", None, &first).await.expect("set");
        people::set_alias(&mut unit, "pupil", None, &short("Learner")).await.expect("set");
        for seen in [None, Some("Another")] {
            let late = people::set_alias(&mut unit, "online_safety_lead", seen, &second).await;
            assert!(late.expect_err("somebody was faster").is_conflict(), "{seen:?}");
        }
        people::set_alias(&mut unit, "online_safety_lead", Some("e-Safety Officer"), &second).await.expect("set again");
        assert!(people::clear_alias(&mut unit, "online_safety_lead", "e-Safety Officer").await.expect_err("stale").is_conflict());
        assert!(matches!(people::set_alias(&mut unit, "wizard", None, &short("W")).await, Err(PeopleError::NoSuchWord)));
        unit.commit().await.expect("committed");
        let pair = |word: &str, title: &str| (word.to_owned(), title.to_owned());
        let aliases = people::aliases(school.ledger.reader(), scope()).await.expect("read");
        assert_eq!(aliases, [pair("online_safety_lead", "Online Safety Officer"), pair("pupil", "Learner")]);
    }

    async fn a_supplier_whose_review_is_past_is_shown_as_late(school) {
        let owner = school.add("Ash Sedge", Membership::Staff).await;
        let mut details = SupplierDetails { name: short("Fenland IT"), services: short("IT support, filtering"), contact: None, policy: None, accepted: None, review: None, owner: None };
        let mut unit = school.unit().await;
        people::add_supplier(&mut unit, &details, day("2020-04-01")).await.expect("added");
        unit.commit().await.expect("committed");
        let read = async || people::suppliers(school.ledger.reader(), scope()).await.expect("read").remove(0);
        let seen = read().await;
        assert_eq!(seen.wants(day("2026-11-24")).len(), 3);
        details = SupplierDetails { policy: Some(short("Online safety policy 2026")), accepted: Some(day("2026-09-01")), review: Some(day("2026-11-23")), owner: Some(owner), ..details };
        let mut unit = school.unit().await;
        people::change_supplier(&mut unit, &school.keys, &seen, &details).await.expect("changed");
        assert!(people::change_supplier(&mut unit, &school.keys, &seen, &details).await.expect_err("stale").is_conflict());
        unit.commit().await.expect("committed");
        assert_eq!(read().await.wants(day("2026-11-23")), Vec::<&str>::new());
        assert_eq!(read().await.wants(day("2026-11-24")).len(), 1);
        let mut unit = school.unit().await;
        people::end_supplier(&mut unit, &read().await, day("2026-11-30")).await.expect("ended");
        unit.commit().await.expect("committed");
        assert_eq!(read().await.wants(day("2026-12-01")).len(), 0, "ended, not late");
    }

    async fn what_the_controls_count_is_what_the_records_say(school) {
        school.unlock().await;
        let (reader, today) = (school.ledger.reader(), day("2026-11-24"));
        let before = people::users(reader, scope(), today).await.expect("read");
        let ash = school.add("Ash Sedge", Membership::Staff).await;
        let helper = people::Details { sponsor: Some(ash), ..crate::world::details("Pat Rush", Membership::Contractor) };
        let alone = crate::world::details("Sal Reed", Membership::Volunteer);
        let mut unit = school.unit().await;
        for details in [&helper, &alone] {
            people::add(&mut unit, details, day("2026-09-01")).await.expect("added");
        }
        unit.commit().await.expect("committed");
        let users = people::users(reader, scope(), today).await.expect("read");
        assert_eq!((users.all - before.all, users.helpers.all - before.helpers.all), (3, 2));
        assert_eq!(users.helpers.without - before.helpers.without, 1, "nobody answers for the volunteer");
        let mut unit = school.unit().await;
        let seen = school.person(ash).await;
        people::end(&mut unit, &school.keys, &seen, day("2026-11-20")).await.expect("ended");
        unit.commit().await.expect("committed");
        let users = people::users(reader, scope(), today).await.expect("read");
        assert_eq!(users.helpers.without - before.helpers.without, 2, "whoever answered for the contractor has left");

        let set = async |word: &str| {
            let mut unit = school.unit().await;
            settings::set(&mut unit, settings::find(word).expect("a setting"), 0, 1, "We promise it.").await.expect("set");
            unit.commit().await.expect("committed");
        };
        let leading = async || {
            let settings = settings::read(reader, scope().organisation).await.expect("read");
            people::leading(reader, scope(), &settings, today).await.expect("read")
        };
        let none = leading().await;
        assert_eq!((none.dsl.all, none.headteacher_is_dsl, none.deputy_is_ddsl), (0, None, None), "nothing is promised");
        let (una, ivo) = (school.add("Una Flag", Membership::Staff).await, school.add("Ivo Rush", Membership::Staff).await);
        give(&school, &HEADTEACHER, &holding(una, Role::Dsl)).await.expect("given");
        set("headteacher_is_dsl").await;
        set("deputy_is_ddsl").await;
        let outside = leading().await;
        assert_eq!((outside.dsl.all, outside.dsl.without), (1, 1), "of no leadership");
        assert_eq!((outside.headteacher_is_dsl, outside.deputy_is_ddsl), (Some(false), Some(false)));
        for (person, role) in [(una, Role::Headteacher), (ivo, Role::DeputyHeadteacher), (ivo, Role::Ddsl)] {
            give(&school, &HEADTEACHER, &holding(person, role)).await.expect("given");
        }
        let both = leading().await;
        assert_eq!((both.dsl.without, both.headteacher_is_dsl, both.deputy_is_ddsl), (0, Some(true), Some(true)));
    }
}
