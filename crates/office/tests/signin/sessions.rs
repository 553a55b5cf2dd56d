//! Who is signed in, for how long, and how that ends.

use office::signin::guest::{NOTICE, NewGuest};

use crate::world::{home, on_both, person, session};

on_both! {
    async fn a_session_ends_when_nobody_uses_it_for_half_an_hour(world) {
        world.make("ada").await;
        let token = session(world.sign_in("ada", "").await);
        let sessions = world.signins.sessions();
        world.later(29 * 60);
        assert!(sessions.look(&token, world.now()).is_some());
        world.later(29 * 60);
        assert!(sessions.look(&token, world.now()).is_some(), "it was used meanwhile");
        world.later(30 * 60);
        assert_eq!(sessions.look(&token, world.now()), None);
    }

    async fn whoever_came_with_a_code_is_in_as_long_as_the_device_is_theirs_and_no_longer_than_a_day(world) {
        let until = world.now().checked_add(jiff::SignedDuration::from_hours(20)).expect("a moment");
        let short = |text| office::people::Short::parse(text).expect("a name");
        let reason = office::signin::guest::Reason::Visit;
        let guest = NewGuest { given: short("Miriam"), family: short("Stonecrop"), reason, until, host: None };
        let (_, code) = world.signins.let_guest_in(crate::world::act("Head"), &guest).await.expect("let in");
        let token = world.signins.guest_in(&code, &NOTICE, home(), world.now()).await.expect("in").session;
        world.later(11 * 3600);
        assert!(world.signins.sessions().look(&token, world.now()).is_some(), "the console was asked for nothing meanwhile");
        world.later(3600);
        assert_eq!(world.signins.sessions().look(&token, world.now()), None);
    }

    async fn a_session_ends_after_twelve_hours_however_much_it_is_used(world) {
        world.make("ada").await;
        let token = session(world.sign_in("ada", "").await);
        for _ in 0..(12 * 3 - 1) {
            world.later(20 * 60);
            assert!(world.signins.sessions().look(&token, world.now()).is_some());
        }
        world.later(20 * 60);
        assert_eq!(world.signins.sessions().look(&token, world.now()), None);
    }

    async fn sessions_are_listed_and_ended_one_by_one_and_all_together(world) {
        world.make("ada").await;
        world.make("bea").await;
        let [one, two] = [session(world.sign_in("ada", "").await), session(world.sign_in("ada", "").await)];
        let of_bea = session(world.sign_in("bea", "").await);
        let sessions = world.signins.sessions();
        let list = sessions.list(person("ada"), &one, world.now());
        assert_eq!(list.iter().map(|listed| listed.is_own).filter(|is_own| *is_own).count(), 1);
        let other = list.iter().find(|listed| !listed.is_own).expect("the other");
        assert_eq!(sessions.end_one(person("bea"), &other.id), None, "nobody ends somebody else's");
        assert_eq!(sessions.end_one(person("ada"), &other.id), Some(home()));
        assert_eq!((sessions.look(&two, world.now()), sessions.look(&one, world.now()).is_some()), (None, true));
        assert_eq!(sessions.end_all(person("ada")), 1);
        assert!(sessions.look(&of_bea, world.now()).is_some());
    }

    async fn somebody_signs_out_and_the_trail_says_so(world) {
        world.make("ada").await;
        let token = session(world.sign_in("ada", "").await);
        world.signins.sign_out(&token, home(), world.now()).await.expect("signed out");
        assert_eq!(world.signins.sessions().look(&token, world.now()), None);
        world.signins.sign_out(&token, home(), world.now()).await.expect("nothing to do");
        assert_eq!(world.entries("signed-out").await, 1);
    }

    async fn each_sign_in_has_a_session_of_its_own_and_there_are_no_more_than_twenty(world) {
        world.make("ada").await;
        let mut tokens = Vec::new();
        for _ in 0..21 {
            tokens.push(session(world.sign_in("ada", "").await));
            world.later(1);
        }
        let alive = tokens.iter().filter(|token| world.signins.sessions().look(token, world.now()).is_some()).count();
        assert_eq!(alive, 20);
        assert_eq!(world.signins.sessions().look(&tokens[0], world.now()), None, "the one used the longest ago made room");
    }
}

/// Byte for byte: whoever has the folder has no session, no code and no password.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_the_folder_signs_nobody_in() {
    let world = crate::world::World::on_sqlite().await;
    world.make("ada").await;
    let (seed, codes, token) = world.turn_on(&session(world.sign_in("ada", "").await)).await;
    let seed_bytes = totp_rs::Secret::Encoded(seed.expose()).to_bytes().expect("base 32");
    let secrets =
        [crate::world::PASSWORD.as_bytes(), codes[0].as_bytes(), token.expose().as_bytes(), seed.expose().as_bytes(), &seed_bytes]
            .map(<[u8]>::to_vec);
    let mut bytes = 0;
    for file in std::fs::read_dir(world.folder()).expect("the folder") {
        let content = std::fs::read(file.expect("a file").path()).expect("readable");
        bytes += content.len();
        for secret in &secrets {
            assert!(!content.windows(secret.len()).any(|window| window == secret));
        }
    }
    assert!(bytes > 10_000, "the rows are somewhere in {bytes} bytes");
}
