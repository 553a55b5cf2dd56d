//! Guests with a code.

use ids::PersonId;
use jiff::SignedDuration;
use office::people::{self, Scope, Short};
use office::signin::SignInError;
use office::signin::guest::{GuestCode, NOTICE, NewGuest, Reason};

use crate::world::{World, act, home, on_both, person, school};

fn short(text: &str) -> Short {
    Short::parse(text).expect("a name")
}

fn guest(world: &World, minutes: i64) -> NewGuest {
    let until = world.now().checked_add(SignedDuration::from_mins(minutes)).expect("a moment");
    NewGuest { given: short("Miriam"), family: short("Stonecrop"), reason: Reason::Visit, until, host: Some(person("Head")) }
}

async fn let_in(world: &World, minutes: i64) -> (PersonId, GuestCode) {
    world.signins.let_guest_in(act("Head"), &guest(world, minutes)).await.expect("let in")
}

fn refused<T>(outcome: &Result<T, SignInError>) -> bool {
    matches!(outcome, Err(SignInError::Link))
}

on_both! {
    async fn a_guest_comes_in_with_the_code_and_what_they_accepted_is_kept(world) {
        let (guest, code) = let_in(&world, 60).await;
        let before = world.signins.guests(world.now()).await.expect("read");
        assert_eq!(before.iter().map(|known| (known.person, known.host, known.accepted.clone())).collect::<Vec<_>>(), [(guest, Some(person("Head")), None)]);
        let came = world.signins.guest_in(&code, &NOTICE, home(), world.now()).await.expect("in");
        assert_eq!(came.person, guest);
        assert!(world.signins.look(&came.session, world.now()).await.expect("looked").is_some());
        let after = world.signins.guests(world.now()).await.expect("read");
        assert_eq!(after[0].accepted, Some((world.now(), home().to_string())));
        assert_eq!(world.entries("guest.accepted").await, 1);
        let kept = crate::store::number(&world.ledger, "SELECT count(*) FROM guest_pass WHERE notice IS NOT NULL AND length(notice) = 32").await;
        assert_eq!(kept, 1);
        let person = people::person(world.ledger.reader(), Scope::of(school()), guest).await.expect("read").expect("a person");
        assert_eq!((person.details.name().as_str(), person.details.sponsor), ("Miriam Stonecrop", Some(crate::world::person("Head"))));
    }

    async fn a_pass_ends_with_its_time_or_before(world) {
        let (_, first) = let_in(&world, 60).await;
        let (second_guest, second) = let_in(&world, 600).await;
        let came = world.signins.guest_in(&second, &NOTICE, home(), world.now()).await.expect("in");
        world.later(3600);
        assert!(refused(&world.signins.guest_in(&first, &NOTICE, home(), world.now()).await));
        world.signins.end_guest(act_now(&world), second_guest).await.expect("ended");
        assert!(world.signins.look(&came.session, world.now()).await.expect("looked").is_none());
        assert!(refused(&world.signins.guest_in(&second, &NOTICE, home(), world.now()).await));
        assert!(world.signins.guests(world.now()).await.expect("read").is_empty());
        assert!(refused(&world.signins.end_guest(act_now(&world), second_guest).await), "it has ended");
        world.make("ada").await;
        let of_staff = crate::world::session(world.sign_in("ada", "").await);
        assert!(refused(&world.signins.end_guest(act_now(&world), person("ada")).await), "no guest");
        assert!(world.signins.sessions().look(&of_staff, world.now()).is_some(), "whoever lets guests in signs nobody else out");
        assert!(refused(&world.signins.let_guest_in(act_now(&world), &NewGuest { until: world.now(), ..guest(&world, 1) }).await));
    }

    async fn whoever_guesses_codes_is_stopped_and_others_go_on(world) {
        let (_, code) = let_in(&world, 60).await;
        let wrong: GuestCode = "bbbb bbbb".parse().expect("the form of one");
        for _ in 0..10 {
            assert!(refused(&world.signins.guest_in(&wrong, &NOTICE, home(), world.now()).await));
        }
        assert!(matches!(world.signins.guest_in(&code, &NOTICE, home(), world.now()).await, Err(SignInError::Wait { .. })));
        assert!(world.signins.guest_in(&code, &NOTICE, [10, 0, 0, 9].into(), world.now()).await.is_ok());
        assert_eq!(world.entries("sign-in.failed").await, 2);
    }
}

fn act_now(world: &World) -> ledger::Act {
    ledger::Act { at: world.now(), ..act("Head") }
}
