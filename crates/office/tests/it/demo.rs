//! The invented school: whole, and the same each time.

use std::collections::HashSet;

use ids::OrganisationId;
use ledger::store;
use office::demo::{self, DemoError};
use office::people::{self, Find, Held, Membership, Part, Role, SchoolYear, Scope, Standing};

use crate::world::{School, act, day, morning, on_both};

const TODAY: &str = "2026-11-24";

/// An organisation of its own beside that of the test.
async fn larkfield(school: &School) -> OrganisationId {
    let organisation = OrganisationId::named(demo::NAME);
    let act = ledger::Act { organisation, ..act(&crate::world::HEADTEACHER) };
    let mut unit = school.ledger.begin(act).await.expect("a unit");
    store::make_organisation(&mut unit, demo::NAME).await.expect("the school");
    unit.commit().await.expect("committed");
    organisation
}

on_both! {
    async fn every_role_of_the_invented_school_is_held_and_none_lapses(school) {
        let organisation = larkfield(&school).await;
        let (reader, scope, today) = (school.ledger.reader(), Scope::of(organisation), day(TODAY));
        let larkfield = demo::fill(&school.ledger, organisation, None, morning()).await.expect("filled");
        let mut shown = HashSet::new();
        for role in Role::ALL {
            let person = larkfield.person_of(*role).expect("somebody in each role");
            let roles = people::roles_of(reader, scope, person, today).await.expect("read");
            assert!(roles.contains(role), "{role}: {roles:?}");
            assert!(shown.insert(person), "{role} is shown by somebody who shows another role");
        }
        assert_eq!(larkfield.roles().count(), Role::ALL.len());
        assert_eq!(people::gaps(reader, scope, today).await.expect("read"), []);
        for row in people::matrix(reader, scope, today).await.expect("read") {
            assert_eq!(row.vacant(), [], "{}", row.duty.word);
        }
    }

    async fn the_classes_are_full_and_each_pupil_has_somebody_to_answer_for_them(school) {
        let organisation = larkfield(&school).await;
        let (reader, scope, today) = (school.ledger.reader(), Scope::of(organisation), day(TODAY));
        let larkfield = demo::fill(&school.ledger, organisation, None, morning()).await.expect("filled");
        let members = people::members(reader, scope, None, today).await.expect("read");
        let groups = people::groups(reader, scope, SchoolYear::of(today).expect("a year")).await.expect("read");
        assert_eq!(groups.len(), 7);
        for group in &groups {
            let of = |part| members.iter().filter(|member| member.group == group.id && member.part == part).count();
            let wanted = if ["R Robins", "2 Larks"].contains(&group.name.as_str()) { 30..=30 } else { 10..=12 };
            assert!(wanted.contains(&of(Part::Pupil)), "{} pupils in {}", of(Part::Pupil), group.name);
            assert_eq!((of(Part::Teacher), larkfield.class(group.name.as_str())), (1, Some(group.id)), "{}", group.name);
        }
        let pupils = Find { membership: Some(Membership::Pupil), state: Standing::Here(today), ..Find::default() };
        for pupil in people::all(reader, scope, &pupils).await.expect("read") {
            let adults = people::responsible_for(reader, scope, pupil.id).await.expect("read");
            let is_sure = |adult: &people::Relation| adult.bond.lives_with == Held::Yes && adult.bond.responsibility == Held::Yes;
            let as_told = |adult: &people::Relation| (adult.may_message == Held::Yes) == is_sure(adult);
            assert!(!adults.is_empty() && adults.iter().all(as_told), "{}", pupil.details.name());
            let homes = people::household_of(reader, scope, pupil.id, today).await.expect("read");
            let at_home = |adult: &people::Relation| homes.iter().any(|(_, who)| who.contains(&adult.adult));
            assert!(adults.iter().all(|adult| at_home(adult) == (adult.bond.lives_with == Held::Yes)), "{}", pupil.details.name());
        }
        let two_homes = larkfield.person("Kit", "Quince").expect("a pupil");
        assert_eq!(people::household_of(reader, scope, two_homes, today).await.expect("read").len(), 2);
        for (given, family) in [("Pip", "Mallow"), ("Rowan", "Ragwort"), ("Juniper", "Yarrow")] {
            assert!(larkfield.person(given, family).is_some(), "{given} {family}");
        }
    }

    async fn a_school_that_is_there_is_found_and_a_real_one_is_left_alone(school) {
        let organisation = larkfield(&school).await;
        assert_eq!(demo::find(&school.ledger, organisation, None).await.expect("read"), None);
        let first = demo::fill(&school.ledger, organisation, None, morning()).await.expect("filled");
        let again = demo::fill(&school.ledger, organisation, None, morning()).await.expect("found");
        assert_eq!(first, again);
        let all = people::all(school.ledger.reader(), Scope::of(organisation), &Find::default()).await.expect("read");
        assert_eq!(all.len(), first.size());
        assert_eq!(demo::find(&school.ledger, organisation, None).await.expect("read"), Some(first));

        school.add("Ash Sedge", Membership::Staff).await;
        let real = OrganisationId::named("Hill School");
        let refused = demo::fill(&school.ledger, real, None, morning()).await;
        assert!(matches!(refused, Err(DemoError::NotEmpty)), "invented people beside real ones");
    }
}
