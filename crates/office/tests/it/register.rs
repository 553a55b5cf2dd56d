//! What the pages keep beside people: runs of imports, emergencies, who was told; orders of lists; what the trail shows of a person.

use ids::{PersonId, RecordId};
use ledger::audit::{changes_of, looks_of, texts_of};
use ledger::{Act, Actor, Subject, code};
use office::emergency;
use office::people::import::{RunKind, RunState};
use office::people::{self, Details, Duties, Find, Membership, NewHolding, Order, Role, Slice, YearGroup};

use crate::world::{HEADTEACHER, act, day, details, morning, on_both, scope, short};

fn later(minutes: i64) -> calendar::Instant {
    morning().checked_add(jiff::SignedDuration::from_mins(minutes)).expect("a moment")
}

/// An act of somebody in a role.
fn by(person: PersonId, role: Role, minutes: i64) -> Act {
    Act { actor: Actor::Person(person), role: role.code(), at: later(minutes), ..act(&HEADTEACHER) }
}

on_both! {
    /// A run says how far it is, how it ended, and stands first in the list.
    async fn a_run_is_kept_with_how_far_it_came(school) {
        let mut unit = school.unit().await;
        let run = people::begin_run(&mut unit, RunKind::Import, 1_200).await.expect("begun");
        unit.commit().await.expect("committed");
        let read = async || people::run(school.ledger.reader(), scope(), run).await.expect("read").expect("a run");
        assert_eq!((read().await.state, read().await.done, read().await.steps), (RunState::Begun, 0, 1_200));
        let mut unit = school.unit().await;
        people::end_run(&mut unit, run, RunState::Done, [3, 2, 1, 0], later(1)).await.expect("ended");
        unit.commit().await.expect("committed");
        let ended = read().await;
        assert_eq!((ended.state, ended.done, ended.counts), (RunState::Done, 1_200, [3, 2, 1, 0]));
        assert_eq!(people::runs(school.ledger.reader(), scope(), 5).await.expect("read"), [ended]);
        assert_eq!(people::run(school.ledger.reader(), scope(), RecordId::named("another")).await.expect("read"), None);
    }

    /// It is open for an hour, for one person in one role, until it is said to be over; its reason is sealed; and who has seen it is known.
    async fn an_emergency_is_open_for_an_hour_and_seen_by_others(school) {
        let teacher = school.add("Ada Kingfisher", Membership::Staff).await;
        let open = async |person, role, minutes| {
            let organisation = scope().organisation;
            emergency::open_for(school.ledger.reader(), organisation, person, role, later(minutes)).await.expect("read").is_some()
        };
        let mut unit = school.ledger.begin(by(teacher, Role::Teacher, 0)).await.expect("a unit");
        let id = emergency::declare(&mut unit, &school.keys, Role::Teacher, "a child is hurt").await.expect("declared").expect("the first");
        unit.commit().await.expect("committed");
        assert!(open(teacher, Role::Teacher, 0).await && open(teacher, Role::Teacher, 59).await);
        assert!(!open(teacher, Role::Teacher, 60).await, "an hour");
        assert!(!open(teacher, Role::SupportStaff, 1).await && !open(PersonId::named("other"), Role::Teacher, 1).await);
        assert!(!school.bytes().windows(15).any(|bytes| bytes == b"a child is hurt"), "the reason lies open");
        let all = emergency::all(school.ledger.reader(), scope().organisation, 9).await.expect("read");
        assert!(all.len() == 1 && all[0].id == id && all[0].is_open(later(5)) && !all[0].is_open(later(60)));

        let witness = PersonId::named("Mx Teasel");
        for _ in 0..2 {
            let mut unit = school.unit().await;
            emergency::told(&mut unit, Subject { kind: code!("emergency"), id }).await.expect("seen, and again");
            unit.commit().await.expect("committed");
        }
        let told = emergency::told_of(school.ledger.reader(), scope().organisation, &[id]).await.expect("read");
        assert_eq!(told.get(&id), Some(&vec![witness]));

        let mut unit = school.ledger.begin(by(teacher, Role::Teacher, 10)).await.expect("a unit");
        emergency::end(&mut unit, id).await.expect("over");
        unit.commit().await.expect("committed");
        assert!(!open(teacher, Role::Teacher, 11).await);
    }

    /// Whoever holds such a role is told of those who get one later, until they have said that they have seen it.
    async fn a_role_that_sees_safeguarding_is_announced_to_those_who_hold_one(school) {
        let (dsl, deputy) = (school.add("Amara Bloom", Membership::Staff).await, school.add("Callum Reedmace", Membership::Staff).await);
        let teacher = school.add("Ada Kingfisher", Membership::Staff).await;
        for (minutes, person, role) in [(0, dsl, Role::Dsl), (5, deputy, Role::Ddsl), (6, teacher, Role::Teacher)] {
            let mut unit = school.ledger.begin(Act { at: later(minutes), ..act(&HEADTEACHER) }).await.expect("a unit");
            let new = NewHolding { person, role, duties: Duties::NONE, authority: None, started: day("2026-11-24"), ended: None };
            people::give_role(&mut unit, &new).await.expect("given");
            unit.commit().await.expect("committed");
        }
        let told = async |to| emergency::announced(school.ledger.reader(), scope(), to).await.expect("read");
        let new = told(dsl).await;
        assert_eq!(new.iter().map(|new| (new.person, new.role)).collect::<Vec<_>>(), [(deputy, Role::Ddsl)]);
        assert!(told(deputy).await.is_empty(), "what was before is no news");
        assert!(told(teacher).await.is_empty(), "it is not for them");
        let mut unit = school.ledger.begin(by(dsl, Role::Dsl, 7)).await.expect("a unit");
        emergency::told(&mut unit, Subject { kind: code!("role"), id: new[0].record }).await.expect("seen");
        unit.commit().await.expect("committed");
        assert!(told(dsl).await.is_empty());
    }

    /// Whoever has no year group stands last, whichever way round.
    async fn a_list_is_sorted_alike_on_both_databases(school) {
        for (name, year) in [("A Adder", Some(2)), ("B Boar", None), ("C Crane", Some(1))] {
            let mut unit = school.unit().await;
            let details = Details { year: year.and_then(YearGroup::new), ..details(name, Membership::Pupil) };
            people::add(&mut unit, &details, day("2026-09-01")).await.expect("added");
            unit.commit().await.expect("committed");
        }
        for (order, names) in [
            (Order::Name, ["Adder", "Boar", "Crane"]),
            (Order::NameDown, ["Crane", "Boar", "Adder"]),
            (Order::Year, ["Crane", "Adder", "Boar"]),
            (Order::YearDown, ["Adder", "Crane", "Boar"]),
        ] {
            let find = Find { order, ..Find::default() };
            let found = people::find(school.ledger.reader(), scope(), &find, Slice::FIRST).await.expect("found");
            assert_eq!(found.people.iter().map(|person| person.details.family.as_str()).collect::<Vec<_>>(), names, "{order:?}");
        }
    }

    /// A school's own name for a role can be taken back.
    async fn a_name_of_ones_own_is_given_and_taken_back(school) {
        let aliases = async || people::aliases(school.ledger.reader(), scope()).await.expect("read");
        let mut unit = school.unit().await;
        people::set_alias(&mut unit, "online_safety_lead", None, &short("Online Safety Officer")).await.expect("set");
        unit.commit().await.expect("committed");
        assert_eq!(aliases().await, [("online_safety_lead".to_owned(), "Online Safety Officer".to_owned())]);
        let mut unit = school.unit().await;
        people::clear_alias(&mut unit, "online_safety_lead", "Online Safety Officer").await.expect("cleared");
        unit.commit().await.expect("committed");
        assert!(aliases().await.is_empty());
    }

    /// What was changed is read from the trail, the newest first, with what each field said; and what somebody looked at in a span of time.
    async fn the_trail_shows_what_was_changed_and_looked_at(school) {
        let person = school.add("Pip Mallow", Membership::Pupil).await;
        let seen = school.person(person).await;
        let mut unit = school.ledger.begin(Act { at: later(3), ..act(&HEADTEACHER) }).await.expect("a unit");
        people::end_for(&mut unit, &school.keys, &seen, day("2026-12-18"), "moved away").await.expect("ended");
        unit.commit().await.expect("committed");
        let subject = Subject { kind: code!("person"), id: RecordId::from_bytes(person.to_bytes()) };
        let entries = changes_of(school.ledger.reader(), scope().organisation, subject, 10).await.expect("read");
        let told: Vec<(&str, Option<PersonId>, bool)> =
            entries.iter().map(|entry| (entry.action.as_str(), entry.actor, entry.has_texts)).collect();
        let head = Some(PersonId::named("Mx Teasel"));
        assert_eq!(told, [("ended", head, true), ("added", head, false)]);
        school.unlock().await;
        let texts = school.keys.texts(school.ledger.reader(), &[subject.id]).await.expect("unlocked");
        let sealed = texts_of(school.ledger.reader(), scope().organisation, entries[0].id).await.expect("read");
        let said: Vec<String> = sealed
            .iter()
            .map(|text| String::from_utf8_lossy(texts[&subject.id].open(&text.field, &text.sealed).expect("opened").as_bytes()).into_owned())
            .collect();
        assert_eq!(said, ["2026-12-18", "moved away"]);

        let looked = by(PersonId::named("teacher"), Role::Teacher, 5);
        school.ledger.view(&Act { purpose: code!("emergency"), ..looked.clone() }, code!("see_person"), &[subject]).await.expect("recorded");
        school.ledger.view(&Act { purpose: code!("see_person"), ..looked }, code!("see_person"), &[subject]).await.expect("recorded");
        let looks = async |from, until| {
            let (organisation, teacher) = (scope().organisation, PersonId::named("teacher"));
            let span = (later(from), later(until));
            looks_of(school.ledger.reader(), organisation, teacher, "emergency", span, 10).await.expect("read").len()
        };
        assert_eq!((looks(4, 6).await, looks(6, 60).await, looks(0, 5).await), (1, 0, 0));
    }
}
