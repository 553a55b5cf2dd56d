//! Somebody guesses.

use std::net::IpAddr;
use std::time::Instant as Watch;

use office::signin::{Attempt, Cost, Device, MachineKey, Outcome, SignIns};
use zeroize::Zeroizing;

use crate::world::{PASSWORD, code_of, home, is_in, is_wrong, must_wait, on_both, school, session};

fn elsewhere(last: u8) -> IpAddr {
    [198, 51, 100, last].into()
}

fn device(outcome: Outcome) -> Device {
    match outcome {
        Outcome::In { device, .. } => Device::read(device.expose()),
        _ => panic!("in"),
    }
}

on_both! {
    async fn after_ten_wrong_tries_the_next_waits_and_after_five_minutes_no_more(world) {
        world.make("ada").await;
        for _ in 0..10 {
            assert!(is_wrong(&world.try_in("ada", "wrong", "", home(), None).await));
        }
        let Outcome::Wait { until } = world.sign_in("ada", "").await else { panic!("to wait, even with the right password") };
        assert_eq!((until.micros() - world.now().micros()) / 1_000_000, 300);
        world.later(299);
        assert!(must_wait(&world.sign_in("ada", "").await));
        world.later(1);
        assert!(is_in(&world.sign_in("ada", "").await));
    }

    async fn an_outsider_who_guesses_from_everywhere_does_not_lock_out_the_person_at_their_own_device(world) {
        world.make("ada").await;
        let own = device(world.sign_in("ada", "").await);
        for last in 0..20 {
            world.try_in("ada", "wrong", "", elsewhere(last), None).await;
        }
        assert!(must_wait(&world.try_in("ada", PASSWORD, "", elsewhere(99), None).await), "a device never seen");
        assert!(is_in(&world.try_in("ada", PASSWORD, "", elsewhere(99), Some(&own)).await));
        assert!(is_in(&world.try_in("ada", PASSWORD, "", home(), Some(&own)).await));
    }

    async fn a_device_of_somebody_else_or_one_made_up_is_as_one_never_seen(world) {
        world.make("ada").await;
        world.make("bea").await;
        let of_bea = device(world.sign_in("bea", "").await);
        let made_up = Device::read(&format!("{}x", of_bea.expose()));
        for last in 0..10 {
            assert!(is_wrong(&world.try_in("ada", "wrong", "", elsewhere(last), Some(&of_bea)).await));
        }
        assert!(must_wait(&world.try_in("ada", PASSWORD, "", home(), Some(&of_bea)).await));
        assert!(must_wait(&world.try_in("ada", PASSWORD, "", home(), Some(&made_up)).await));
        assert!(is_in(&world.try_in("bea", PASSWORD, "", home(), Some(&of_bea)).await));
    }

    async fn a_computer_that_two_share_is_known_to_both(world) {
        world.make("ada").await;
        world.make("bea").await;
        let of_ada = device(world.sign_in("ada", "").await);
        let shared = device(world.try_in("bea", PASSWORD, "", home(), Some(&of_ada)).await);
        for last in 0..20 {
            world.try_in("ada", "wrong", "", elsewhere(last), None).await;
        }
        assert!(must_wait(&world.try_in("ada", PASSWORD, "", home(), None).await));
        assert!(is_in(&world.try_in("ada", PASSWORD, "", home(), Some(&shared)).await));
    }

    async fn whoever_knows_the_password_cannot_try_all_codes(world) {
        world.make("ada").await;
        let (seed, _, _) = world.turn_on(&session(world.sign_in("ada", "").await)).await;
        world.later(30);
        let right = code_of(&seed, world.now());
        for _ in 0..10 {
            assert!(is_wrong(&world.sign_in("ada", "12345").await));
        }
        assert!(must_wait(&world.sign_in("ada", &right).await));
    }

    async fn one_address_that_tries_all_names_waits_too(world) {
        for number in 0..50 {
            assert!(is_wrong(&world.try_in(&format!("teacher{number}"), "Summer2026!!", "", home(), None).await));
        }
        assert!(must_wait(&world.try_in("teacher50", "Summer2026!!", "", home(), None).await));
        assert!(is_wrong(&world.try_in("teacher50", "Summer2026!!", "", elsewhere(1), None).await), "others go on");
    }

    async fn many_tries_at_once_are_no_way_round(world) {
        world.make("ada").await;
        let tries = (0..30).map(|_| world.try_in("ada", "wrong", "", home(), None));
        let outcomes = futures_util::future::join_all(tries).await;
        assert_eq!(outcomes.iter().filter(|outcome| is_wrong(outcome)).count(), 10);
    }

    async fn an_unknown_name_or_none_at_all_is_wrong_and_waits_like_a_known_one(world) {
        for name in ["nobody", "", "-", "a b", "ädä"] {
            assert!(is_wrong(&world.try_in(name, PASSWORD, "", home(), None).await), "{name:?}");
        }
        for last in 0..9 {
            assert!(is_wrong(&world.try_in("nobody", "wrong", "", elsewhere(last), None).await));
        }
        assert!(must_wait(&world.try_in("nobody", "wrong", "", elsewhere(10), None).await));
    }
}

/// At the cost that people get. Were nothing checked for a name that nobody has, it would take a thousandth.
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_name_takes_as_long_as_a_wrong_password() {
    let world = crate::world::World::on_sqlite().await;
    let key = MachineKey::new(&[7; 32]);
    let signins = SignIns::new(&world.ledger, school(), key, Cost::STANDARD);
    let link = signins.make(crate::world::act("Head"), crate::world::person("ada"), &"ada".parse().expect("a name")).await.expect("made");
    let chosen = signins.choose(&link, Zeroizing::new(PASSWORD.to_owned()), home(), world.now()).await;
    chosen.expect("the link is good").expect("the password is good");
    let mut shortest = [u128::MAX; 2];
    for _ in 0..3 {
        for (name, shortest) in ["ada", "nobody"].into_iter().zip(&mut shortest) {
            let watch = Watch::now();
            let attempt = Attempt { name, password: Zeroizing::new("wrong".to_owned()), code: "", from: home(), device: None };
            assert!(is_wrong(&signins.sign_in(attempt, world.now()).await.expect("judged")));
            *shortest = watch.elapsed().as_micros().min(*shortest);
        }
    }
    let [known, unknown] = shortest;
    println!("a wrong password {known} us, an unknown name {unknown} us");
    assert!(unknown * 3 > known, "a wrong password {known} us, an unknown name {unknown} us");
}
