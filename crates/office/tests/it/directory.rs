//! The records compiled for the wire, while they are locked.

use std::collections::HashMap;

use filter::profile::shipped::Shipped;
use ids::{OrganisationId, PersonId};
use ledger::store::revision;
use office::gate::{self, Directory, NamedBy};
use office::people::{self, Details, Email, GroupKind, Member, Membership, Part, SchoolYear, Scope, YearGroup};

use crate::world::{School, day, details, on_both, scope, short};

/// A pupil of year 5 in 5 Kites from September, with a mail address and a key.
async fn ada(school: &School) -> PersonId {
    let mut unit = school.unit().await;
    let mail = Some(Email::parse("Ada@hill.example").expect("an address"));
    let pupil = Details { year: YearGroup::new(5), email: mail, source: Some(short("P-17")), ..details("Ada Teasel", Membership::Pupil) };
    let ada = people::add(&mut unit, &pupil, day("2026-09-01")).await.expect("added");
    let year = SchoolYear::beginning(2026).expect("a year");
    let class = people::make_group(&mut unit, GroupKind::Class, &short("5 Kites"), year, YearGroup::new(5)).await.expect("made");
    let member = Member { group: class, person: ada, part: Part::Pupil, started: day("2026-09-01"), ended: Some(day("2026-12-18")) };
    people::enrol(&mut unit, &[member]).await.expect("enrolled");
    unit.commit().await.expect("committed");
    ada
}

async fn on(school: &School, today: &str) -> Directory {
    gate::directory(school.ledger.reader(), scope(), day(today), &HashMap::new()).await.expect("compiled")
}

on_both! {
    async fn who_is_here_is_known_with_profile_groups_and_names(school) {
        let ada = ada(&school).await;
        let teacher = school.add("Bo Adeyemi", Membership::Staff).await;
        let directory = on(&school, "2026-11-24").await;
        let known = |person| directory.people().iter().find(|somebody| somebody.person == person).expect("known");
        assert_eq!(known(ada).profile, Some(Shipped::Ks2));
        assert_eq!(known(ada).groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>(), ["5 Kites"]);
        assert_eq!((known(teacher).profile, known(teacher).groups.len()), (Some(Shipped::Staff), 0));
        assert_eq!(directory.find(NamedBy::Mail, "ada@HILL.example"), Some(ada));
        assert_eq!(directory.find(NamedBy::Source, "p-17"), Some(ada));
        assert_eq!(directory.find(NamedBy::UserName, "ada"), None, "there is no account");
    }

    async fn who_has_left_or_is_of_another_school_is_not_known(school) {
        let ada = ada(&school).await;
        let mut unit = school.unit().await;
        people::end(&mut unit, &school.keys, &school.person(ada).await, day("2026-11-24")).await.expect("ended");
        unit.commit().await.expect("committed");
        assert_eq!(on(&school, "2026-11-24").await.people().len(), 1, "the last day counts");
        let after = on(&school, "2026-11-25").await;
        assert_eq!((after.people().len(), after.find(NamedBy::Source, "P-17")), (0, None));
        let other = Scope::of(OrganisationId::named("Another School"));
        assert!(gate::directory(school.ledger.reader(), other, day("2026-11-24"), &HashMap::new()).await.expect("compiled") == Directory::default());
    }

    async fn a_class_counts_while_somebody_is_in_it(school) {
        ada(&school).await;
        let groups = async |today| on(&school, today).await.people().first().map(|somebody| somebody.groups.len());
        assert_eq!((groups("2026-12-18").await, groups("2026-12-19").await), (Some(1), Some(0)));
    }

    async fn the_revision_moves_with_each_change(school) {
        let now = async || revision(school.ledger.reader(), scope().organisation).await.expect("asked");
        let before = now().await;
        assert_eq!(now().await, before);
        school.add("Bo Adeyemi", Membership::Staff).await;
        assert!(now().await > before);
        assert_eq!(revision(school.ledger.reader(), OrganisationId::named("Another School")).await.expect("asked"), 0);
    }
}
