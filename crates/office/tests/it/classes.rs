//! A class is signed in with one press, while the records are locked.

use std::net::IpAddr;

use calendar::Instant;
use ids::{GroupId, PersonId};
use jiff::SignedDuration;
use ledger::{Act, audit};
use office::gate::{Class, GateError, Lesson, Seat};
use office::people::{self, GroupKind, Member, Membership, Part, SchoolYear};
use presence::{At, Before, Presence, SignIn, Source};

use crate::store::entries;
use crate::world::{HEADTEACHER, School, act, day, details, morning, on_both, scope, short};

const PUPILS: u8 = 30;

/// Thirty pupils and a teacher.
async fn class(school: &School) -> Class {
    let mut unit = school.unit().await;
    let year = SchoolYear::beginning(2026).expect("a year");
    let group = people::make_group(&mut unit, GroupKind::Class, &short("5 Kites"), year, None).await.expect("made");
    let mut members = Vec::new();
    for number in 0..=PUPILS {
        let (membership, part) = if number == PUPILS { (Membership::Staff, Part::Teacher) } else { (Membership::Pupil, Part::Pupil) };
        let started = day("2026-09-01");
        let person = people::add(&mut unit, &details(&format!("P{number} Teasel"), membership), started).await.expect("added");
        members.push(Member { group, person, part, started, ended: None });
    }
    people::enrol(&mut unit, &members).await.expect("enrolled");
    unit.commit().await.expect("committed");
    on(school, group, "2026-11-24").await
}

async fn on(school: &School, group: GroupId, today: &str) -> Class {
    Class::on(&school.ledger, scope(), group, day(today)).await.expect("a class")
}

fn device(number: usize) -> IpAddr {
    IpAddr::from([10, 0, 0, u8::try_from(number).expect("small")])
}

/// Each pupil at a device of their own.
fn seats(class: &Class) -> Vec<Seat> {
    class.pupils.iter().enumerate().map(|(number, person)| Seat { person: *person, address: device(number) }).collect()
}

fn at(minutes: i64) -> Instant {
    morning().checked_add(SignedDuration::from_mins(minutes)).expect("a moment")
}

fn lesson() -> Lesson {
    Lesson::until(at(50), at(0)).expect("a lesson")
}

fn now(minutes: i64) -> Act {
    Act { at: at(minutes), ..act(&HEADTEACHER) }
}

fn who(presence: &Presence, number: usize, minutes: i64) -> Option<PersonId> {
    match presence.at(device(number), at(minutes).timestamp()) {
        At::One(person, _) => Some(person),
        At::Nobody | At::Shared => None,
    }
}

on_both! {
    async fn everybody_is_known_at_their_own_device_until_the_lesson_ends(school) {
        let (class, presence) = (class(&school).await, Presence::default());
        class.seat(&school.ledger, now(0), &seats(&class)).await.expect("seated");
        assert_eq!(who(&presence, 0, 0), None, "to be seated is not to be signed in");
        let outcome = class.sign_in(&school.ledger, &presence, now(0), lesson()).await.expect("signed in");
        assert_eq!((outcome.known.len(), outcome.without_device.len(), outcome.on_one_device.len()), (30, 0, 0));
        for minute in [0, 15, 30, 49] {
            for (number, person) in class.pupils.iter().enumerate() {
                assert_eq!(who(&presence, number, minute), Some(*person), "device {number} at minute {minute}");
            }
        }
        assert_eq!(class.present(&presence, at(49)).len(), 30);
        assert_eq!(who(&presence, 0, 50), None);
        assert!(class.present(&presence, at(50)).is_empty());
        let group = ids::RecordId::from_bytes(class.group.to_bytes());
        assert_eq!(entries(&school, group).await.len(), 3, "made, seated, signed in");
        assert!(audit::verify(school.ledger.reader(), &[], at(60), &|_, _| {}).await.expect("walked").holds());
    }

    async fn seats_are_remembered_and_a_pupil_who_changes_places_moves(school) {
        let (class, presence) = (class(&school).await, Presence::default());
        class.seat(&school.ledger, now(0), &seats(&class)).await.expect("seated");
        class.sign_in(&school.ledger, &presence, now(0), lesson()).await.expect("signed in");
        let (first, second) = (class.pupils[0], class.pupils[1]);
        let swapped = [Seat { person: first, address: device(1) }, Seat { person: second, address: device(0) }];
        class.seat(&school.ledger, now(1), &swapped).await.expect("seated");
        class.sign_in(&school.ledger, &presence, now(1), lesson()).await.expect("signed in");
        assert_eq!((who(&presence, 0, 1), who(&presence, 1, 1), who(&presence, 2, 1)), (Some(second), Some(first), Some(class.pupils[2])));
        class.seat(&school.ledger, now(2), &[Seat { person: first, address: device(40) }]).await.expect("seated");
        class.sign_in(&school.ledger, &presence, now(2), lesson()).await.expect("signed in");
        assert_eq!((who(&presence, 1, 2), who(&presence, 40, 2)), (None, Some(first)), "nobody is at two devices of the class");
    }

    async fn two_on_one_device_and_those_without_are_told(school) {
        let (class, presence) = (class(&school).await, Presence::default());
        class.seat(&school.ledger, now(0), &seats(&class)[..3]).await.expect("seated");
        class.sign_in(&school.ledger, &presence, now(0), lesson()).await.expect("signed in");
        class.seat(&school.ledger, now(1), &[Seat { person: class.pupils[1], address: device(0) }]).await.expect("seated");
        let outcome = class.sign_in(&school.ledger, &presence, now(1), lesson()).await.expect("signed in");
        assert_eq!((outcome.known.len(), outcome.without_device.len(), outcome.on_one_device.len()), (1, 27, 2));
        assert_eq!((who(&presence, 0, 1), who(&presence, 1, 1), who(&presence, 2, 1)), (None, None, Some(class.pupils[2])));
    }

    async fn one_or_all_are_signed_out_and_what_the_network_says_stays(school) {
        let (class, presence) = (class(&school).await, Presence::default());
        class.seat(&school.ledger, now(0), &seats(&class)).await.expect("seated");
        class.sign_in(&school.ledger, &presence, now(0), lesson()).await.expect("signed in");
        let by_network = SignIn { person: class.pupils[5], source: Source::Network, until: at(90).timestamp(), idle: Lesson::LONGEST };
        presence.sign_in(&[(device(5), by_network)], Before::Ended, at(0).timestamp()).expect("room");
        class.sign_out(&school.ledger, &presence, now(1), &class.pupils[..1]).await.expect("signed out");
        assert_eq!((who(&presence, 0, 1), who(&presence, 1, 1)), (None, Some(class.pupils[1])));
        class.sign_out(&school.ledger, &presence, now(2), &[]).await.expect("signed out");
        assert_eq!((who(&presence, 1, 2), who(&presence, 5, 2)), (None, Some(class.pupils[5])));
    }

    async fn nobody_of_another_class_is_seated_or_signed_out(school) {
        let (class, presence, stranger) = (class(&school).await, Presence::default(), PersonId::named("stranger"));
        let wrong = class.seat(&school.ledger, now(0), &[Seat { person: stranger, address: device(0) }]).await;
        assert!(matches!(wrong, Err(GateError::NotInClass)));
        let wrong = class.sign_out(&school.ledger, &presence, now(0), &[stranger]).await;
        assert!(matches!(wrong, Err(GateError::NotInClass)));
        let twice = [Seat { person: class.pupils[0], address: device(0) }, Seat { person: class.pupils[0], address: device(1) }];
        assert!(matches!(class.seat(&school.ledger, now(0), &twice).await, Err(GateError::TwoDevices)));
        let nobody = Class::on(&school.ledger, scope(), GroupId::named("no such class"), day("2026-11-24")).await;
        assert!(matches!(nobody, Err(GateError::NoSuchClass)));
    }

    async fn who_has_left_is_not_signed_in(school) {
        let (class, presence) = (class(&school).await, Presence::default());
        class.seat(&school.ledger, now(0), &seats(&class)).await.expect("seated");
        let mut unit = school.unit().await;
        people::end(&mut unit, &school.keys, &school.person(class.pupils[0]).await, day("2026-11-23")).await.expect("ended");
        unit.commit().await.expect("committed");
        let class = on(&school, class.group, "2026-11-24").await;
        let outcome = class.sign_in(&school.ledger, &presence, now(0), lesson()).await.expect("signed in");
        assert_eq!((outcome.known.len(), who(&presence, 0, 0)), (29, None));
    }
}
