//! Accounts: made, chosen for, with a second factor, reset, ended.

use office::access::Proof;
use office::signin::{Outcome, Seed, SignInError, WeakPassword, accounts};
use zeroize::Zeroizing;

use crate::world::{PASSWORD, act, code_of, home, is_in, is_wrong, on_both, person, school, session};

on_both! {
    async fn somebody_gets_a_link_chooses_a_password_and_is_in(world) {
        let link = world.signins.make(act("Head"), person("ada"), &"ada".parse().expect("a name")).await.expect("made");
        assert!(is_wrong(&world.sign_in("ada", "").await), "no password has been chosen yet");
        let weak = world.signins.choose(&link, Zeroizing::new("Password123456".to_owned()), home(), world.now()).await.expect("good");
        assert_eq!(weak, Err(WeakPassword::Common));
        world.choose(&link, PASSWORD).await;
        let Outcome::In { person: who, session, proof, .. } = world.sign_in(" ADA ", "").await else { panic!("in") };
        assert_eq!((who, proof), (person("ada"), Proof::Password));
        assert_eq!(world.signins.sessions().look(&session, world.now()).map(|signed| signed.person), Some(person("ada")));
        assert!(is_wrong(&world.try_in("ada", "lantern kettle mos", "", home(), None).await));
        let list = accounts(world.ledger.reader(), school()).await.expect("read");
        assert_eq!(list.len(), 1);
        assert_eq!((list[0].has_password, list[0].has_second_factor, list[0].signed_in), (true, false, Some(world.now())));
        for (action, times) in [("account.made", 1), ("account.password", 1), ("signed-in.password", 1)] {
            assert_eq!(world.entries(action).await, times, "{action}");
        }
    }

    async fn a_link_is_good_once_and_for_three_days(world) {
        let link = world.signins.make(act("Head"), person("ada"), &"ada".parse().expect("a name")).await.expect("made");
        world.choose(&link, PASSWORD).await;
        let other = || Zeroizing::new("nine grey herons wade".to_owned());
        let again = world.signins.choose(&link, other(), home(), world.now()).await;
        assert!(matches!(again, Err(SignInError::Link)));
        let late = world.signins.make(act("Head"), person("bea"), &"bea".parse().expect("a name")).await.expect("made");
        world.later(72 * 3600);
        assert!(matches!(world.signins.choose(&late, other(), home(), world.now()).await, Err(SignInError::Link)));
    }

    async fn two_who_use_one_link_at_once_do_not_both_choose(world) {
        let link = world.signins.make(act("Head"), person("ada"), &"ada".parse().expect("a name")).await.expect("made");
        let choose = |text: &str| world.signins.choose(&link, Zeroizing::new(text.to_owned()), home(), world.now());
        let (one, two) = tokio::join!(choose("nine grey herons wade"), choose("four blue kites climb"));
        assert_eq!([one.is_ok(), two.is_ok()].into_iter().filter(|is_ok| *is_ok).count(), 1);
    }

    async fn a_user_name_is_given_once_and_never_again(world) {
        world.make("ada").await;
        let taken = world.signins.make(act("Head"), person("bea"), &"Ada".parse().expect("a name")).await;
        assert!(matches!(taken, Err(SignInError::Taken)));
        world.signins.end(act("Head"), person("ada")).await.expect("ended");
        let taken = world.signins.make(act("Head"), person("bea"), &"ada".parse().expect("a name")).await;
        assert!(matches!(taken, Err(SignInError::Taken)));
    }

    async fn with_a_second_factor_the_password_alone_is_not_enough_and_no_code_is_good_twice(world) {
        world.make("ada").await;
        let first = session(world.sign_in("ada", "").await);
        let (seed, _, second) = world.turn_on(&first).await;
        assert_eq!(world.signins.sessions().look(&first, world.now()), None, "the session was replaced");
        let signed = world.signins.sessions().look(&second, world.now()).expect("signed in");
        assert_eq!(signed.proof, Proof::SecondFactor);
        assert!(is_wrong(&world.sign_in("ada", "").await));
        assert!(is_wrong(&world.sign_in("ada", &code_of(&seed, world.now())).await), "that one was used to turn it on");
        world.later(30);
        let code = code_of(&seed, world.now());
        assert!(matches!(world.sign_in("ada", &code).await, Outcome::In { proof: Proof::SecondFactor, .. }));
        assert!(is_wrong(&world.sign_in("ada", &code).await), "somebody looked over the shoulder");
        world.later(30);
        assert!(is_wrong(&world.sign_in("ada", &code).await), "nor in the next half minute");
        assert_eq!(world.entries("signed-in.code").await, 1);
    }

    async fn one_code_at_two_doors_at_once_opens_one(world) {
        world.make("ada").await;
        let (seed, _, _) = world.turn_on(&session(world.sign_in("ada", "").await)).await;
        world.later(30);
        let code = code_of(&seed, world.now());
        let (one, two) = tokio::join!(world.sign_in("ada", &code), world.sign_in("ada", &code));
        assert_eq!([is_in(&one), is_in(&two)].into_iter().filter(|is_in| *is_in).count(), 1);
    }

    async fn the_second_factor_is_not_turned_on_with_a_wrong_code(world) {
        world.make("ada").await;
        let session = session(world.sign_in("ada", "").await);
        let seed = Seed::random().expect("chance");
        let other = code_of(&Seed::random().expect("chance"), world.now());
        // One in a million times the two are the same: then there is nothing to see.
        if other != code_of(&seed, world.now()) {
            let outcome = world.signins.turn_on(&session, &seed, "000 00", home(), world.now()).await;
            assert!(matches!(outcome, Err(SignInError::Code)));
        }
        assert!(is_in(&world.sign_in("ada", "").await));
    }

    async fn a_code_from_paper_is_good_once(world) {
        world.make("ada").await;
        let (_, codes, _) = world.turn_on(&session(world.sign_in("ada", "").await)).await;
        assert_eq!(codes.len(), 10);
        assert!(is_in(&world.sign_in("ada", &codes[3].to_uppercase()).await));
        assert!(is_wrong(&world.sign_in("ada", &codes[3]).await));
        assert!(is_in(&world.sign_in("ada", &codes[4]).await));
        assert_eq!(world.entries("signed-in.recovery-code").await, 2);
    }

    async fn a_reset_is_by_a_second_person_and_ends_everything_that_was(world) {
        world.make("ada").await;
        let (_, codes, session) = world.turn_on(&session(world.sign_in("ada", "").await)).await;
        assert!(matches!(world.signins.reset(act("ada"), person("ada")).await, Err(SignInError::Oneself)));
        let link = world.signins.reset(act("Head"), person("ada")).await.expect("reset");
        assert_eq!(world.signins.sessions().look(&session, world.now()), None);
        assert!(is_wrong(&world.sign_in("ada", &codes[0]).await));
        world.choose(&link, "nine grey herons wade").await;
        let again = world.try_in("ada", "nine grey herons wade", "", home(), None).await;
        assert!(matches!(again, Outcome::In { proof: Proof::Password, .. }), "the telephone is forgotten too");
        assert_eq!(world.entries("account.reset").await, 1);
    }

    async fn whoever_has_left_is_signed_out_and_cannot_come_back(world) {
        world.make("ada").await;
        let session = session(world.sign_in("ada", "").await);
        world.signins.end(act("Head"), person("ada")).await.expect("ended");
        assert_eq!(world.signins.sessions().look(&session, world.now()), None);
        assert!(is_wrong(&world.sign_in("ada", "").await));
        assert!(matches!(world.signins.reset(act("Head"), person("ada")).await, Err(SignInError::NoAccount)));
        assert!(matches!(world.signins.end(act("Head"), person("nobody")).await, Err(SignInError::NoAccount)));
    }

    async fn another_machines_key_opens_no_second_factor_and_says_so(world) {
        world.make("ada").await;
        let (seed, _, _) = world.turn_on(&session(world.sign_in("ada", "").await)).await;
        world.later(30);
        let code = code_of(&seed, world.now());
        let attempt = || office::signin::Attempt {
            name: "ada", password: Zeroizing::new(PASSWORD.to_owned()), code: &code, from: home(), device: None,
        };
        let error = world.again(8).sign_in(attempt(), world.now()).await.err().expect("refused");
        assert!(error.to_string().contains("another machine's key"), "{error}");
        assert!(is_in(&world.again(7).sign_in(attempt(), world.now()).await.expect("judged")), "a start changes nothing");
    }

    async fn nobody_has_two_accounts(world) {
        world.make("ada").await;
        let again = async |name: &str| world.signins.make(act("Head"), person("ada"), &name.parse().expect("a name")).await;
        assert!(matches!(again("ada.two").await, Err(SignInError::HasOne)));
        world.signins.end(act("Head"), person("ada")).await.expect("ended");
        assert!(matches!(again("ada.three").await, Err(SignInError::HasOne)), "what was ended never comes back");
    }

    async fn when_a_password_was_chosen_is_known(world) {
        let chosen = async || accounts(world.ledger.reader(), school()).await.expect("read")[0].chosen;
        let link = world.signins.make(act("Head"), person("ada"), &"ada".parse().expect("a name")).await.expect("made");
        assert_eq!(chosen().await, None);
        world.later(60);
        world.choose(&link, PASSWORD).await;
        assert_eq!(chosen().await, Some(world.now()));
        let before = world.now();
        world.later(60);
        assert!(is_in(&world.sign_in("ada", "").await));
        assert_eq!(chosen().await, Some(before), "signing in is not choosing");
        world.signins.reset(act("Head"), person("ada")).await.expect("reset");
        assert_eq!(chosen().await, None, "there is none any more");
    }
}
