//! Whoever leaves signs in no more, from the day after the last one, with nothing that has to run for it.

use calendar::{Date, Instant};
use ids::PersonId;
use jiff::tz::TimeZone;
use ledger::keys::{Cost, HolderName, Keys, Passphrase};
use office::people::{self, Details, Membership, Scope, Short};
use office::signin::{Attempt, Outcome, SignInError};
use zeroize::Zeroizing;

use crate::world::{PASSWORD, World, act, home, is_in, is_wrong, on_both, school};

fn at(text: &str) -> Instant {
    text.parse().expect("a moment")
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

/// Somebody who is here and has no end yet.
async fn somebody(world: &World) -> PersonId {
    let short = |text| Short::parse(text).expect("a name");
    let mut unit = world.ledger.begin(act("Head")).await.expect("a unit");
    let details = Details::new(short("Ash"), short("Sedge"), Membership::Staff);
    let person = people::add(&mut unit, &details, day("2020-09-01")).await.expect("added");
    unit.commit().await.expect("committed");
    person
}

async fn keys(world: &World) -> Keys {
    let keys = Keys::open(&world.ledger, act("Head")).await.expect("no keys yet");
    let name = |text: &str| HolderName::parse(text).expect("a name");
    let words = Passphrase::new(Zeroizing::new("correct zebra lantern quay".to_owned())).expect("a passphrase");
    let sheets = ["head", "dsl", "dpo"].map(name);
    keys.make(&world.ledger, act("Head"), vec![(name("head"), words)], sheets, Cost::LEAST).await.expect("keys");
    keys
}

async fn try_in(world: &World, now: &str) -> Outcome {
    let attempt = Attempt { name: "ash", password: Zeroizing::new(PASSWORD.to_owned()), code: "", from: home(), device: None };
    world.signins.sign_in(attempt, at(now)).await.expect("judged")
}

on_both! {
    async fn an_account_is_closed_from_the_day_after_the_last_one_and_open_again_for_whoever_returns(world) {
        let (person, keys) = (somebody(&world).await, keys(&world).await);
        // Two hours east of Greenwich.
        let mut world = world;
        world.signins = world.signins.in_zone(TimeZone::fixed(jiff::tz::offset(2)));
        let link = world.signins.make(act("Head"), person, &"ash".parse().expect("a name")).await.expect("made");
        world.choose(&link, PASSWORD).await;
        let read = async || people::person(world.ledger.reader(), Scope::of(school()), person).await.expect("read").expect("somebody");

        let mut unit = world.ledger.begin(act("Head")).await.expect("a unit");
        let leaver = people::end(&mut unit, &keys, &read().await, day("2026-11-24")).await.expect("ended");
        unit.commit().await.expect("committed");
        assert_eq!((leaver.person, leaver.on), (person, day("2026-11-24")));

        let Outcome::In { session, .. } = try_in(&world, "2026-11-24T21:30:00Z").await else { panic!("the last day is a day here") };
        assert!(world.signins.look(&session, at("2026-11-24T21:59:00Z")).await.expect("read").is_some());
        assert!(world.signins.look(&session, at("2026-11-24T22:00:00Z")).await.expect("read").is_none(), "midnight in the school");
        assert_eq!(world.signins.sessions().look(&session, at("2026-11-24T21:59:30Z")), None, "the session has ended, it is not only hidden");
        assert!(is_wrong(&try_in(&world, "2026-11-25T08:00:00Z").await));

        let link = world.signins.reset(act("Deputy"), person).await.expect("reset");
        let choose = async |now| world.signins.choose(&link, Zeroizing::new(PASSWORD.to_owned()), home(), at(now)).await;
        assert!(matches!(choose("2026-11-25T08:00:00Z").await, Err(SignInError::Link)), "a leaver chooses no password");

        let mut unit = world.ledger.begin(act("Head")).await.expect("a unit");
        people::rejoin(&mut unit, &keys, &read().await, day("2026-11-26")).await.expect("back");
        unit.commit().await.expect("committed");
        choose("2026-11-26T08:00:00Z").await.expect("the link is good").expect("the password is good");
        assert!(is_in(&try_in(&world, "2026-11-26T08:01:00Z").await));
    }
}
