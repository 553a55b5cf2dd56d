//! Children with pictures and cards.

use std::net::IpAddr;

use ids::{GroupId, PersonId};
use office::signin::pupil::{ClassDoor, PictureAttempt, Pictures, Way, young};
use office::signin::{Device, Near, Outcome, SignInError, Token};

use crate::world::{World, act, home, is_in, is_wrong, must_wait, on_both, person, school};

fn class() -> GroupId {
    GroupId::named("1 Wrens")
}

fn children() -> [PersonId; 3] {
    ["ada", "bob", "cy"].map(person)
}

fn tablet(last: u8) -> IpAddr {
    [10, 0, 0, last].into()
}

fn pictures() -> Pictures {
    Pictures::invented([3, 12, 0, 19])
}

async fn opened(world: &World) -> ClassDoor {
    let door = world.signins.open_class(act("Teacher"), class(), Way::Pictures).await.expect("opened");
    let given: Vec<_> = children().map(|child| (child, pictures())).into();
    world.signins.set_pictures(act("Teacher"), class(), &children(), &given).await.expect("given");
    door
}

async fn press(world: &World, child: PersonId, numbers: [u8; 4], from: IpAddr, device: Option<&Device>) -> Outcome {
    let pictures = Pictures::invented(numbers);
    let attempt = PictureAttempt { class: class(), child, pictures: &pictures, from, device };
    world.signins.in_by_pictures(attempt, world.now()).await.expect("judged")
}

const RIGHT: [u8; 4] = [3, 12, 0, 19];
const WRONG: [u8; 4] = [12, 3, 0, 19];

/// The word of a tablet at which this child has signed in.
async fn known(world: &World, child: PersonId, from: IpAddr) -> Device {
    match press(world, child, RIGHT, from, None).await {
        Outcome::In { device, .. } => device,
        Outcome::Wrong | Outcome::Wait { .. } => panic!("in"),
    }
}

async fn cards(world: &World, who: &[PersonId]) -> Vec<Token> {
    let made = world.signins.new_cards(act("Teacher"), class(), &children(), who).await.expect("made");
    made.into_iter().map(|(_, token)| token).collect()
}

on_both! {
    async fn a_child_signs_in_with_the_own_pictures_in_their_order_and_in_no_other(world) {
        opened(&world).await;
        let [ada, bob, _] = children();
        assert!(is_in(&press(&world, ada, RIGHT, tablet(1), None).await));
        for wrong in [WRONG, [3, 12, 0, 18], [3, 3, 3, 3]] {
            assert!(is_wrong(&press(&world, ada, wrong, tablet(1), None).await));
        }
        let mine = world.signins.new_pictures(act("Teacher"), class(), &children(), &[bob]).await.expect("given");
        assert_eq!(mine.len(), 1);
        assert!(is_wrong(&press(&world, bob, RIGHT, tablet(2), None).await), "the pictures from before");
        let numbers: Vec<u8> = mine[0].1.symbols().map(|symbol| symbol.number()).collect();
        assert!(is_in(&press(&world, bob, numbers.try_into().expect("four"), tablet(2), None).await));
        assert!(is_wrong(&press(&world, person("nobody"), RIGHT, tablet(2), None).await), "a child without any");
        assert_eq!((world.entries("signed-in.pictures").await, world.entries("pictures.given").await), (2, 6));
    }

    async fn other_pictures_sign_a_child_out_and_a_stolen_database_does_not_know_them(world) {
        opened(&world).await;
        let [ada, ..] = children();
        let Outcome::In { session, .. } = press(&world, ada, RIGHT, tablet(1), None).await else { panic!("in") };
        assert!(world.signins.look(&session, world.now()).await.expect("looked").is_some());
        world.signins.new_pictures(act("Teacher"), class(), &children(), &[ada]).await.expect("given");
        assert!(world.signins.look(&session, world.now()).await.expect("looked").is_none());
        // The same rows under another machine's key open nothing.
        let thief = world.again(8);
        let attempt = PictureAttempt { class: class(), child: children()[1], pictures: &pictures(), from: tablet(1), device: None };
        assert!(is_wrong(&thief.in_by_pictures(attempt, world.now()).await.expect("judged")));
    }

    async fn each_of_a_class_has_a_picture_of_their_own_and_keeps_it(world) {
        opened(&world).await;
        let symbols = async || {
            let mut all = young(world.ledger.reader(), school(), &children()).await.expect("read");
            all.sort_by_key(|young| young.person);
            all.into_iter().map(|young| (young.person, young.symbol)).collect::<Vec<_>>()
        };
        let before = symbols().await;
        let different: std::collections::HashSet<_> = before.iter().map(|(_, symbol)| *symbol).collect();
        assert_eq!((before.len(), different.len()), (3, 3));
        world.signins.new_pictures(act("Teacher"), class(), &children(), &children()).await.expect("given");
        assert_eq!(symbols().await, before);
    }

    async fn one_naughty_child_shuts_nobody_out_at_other_tablets(world) {
        opened(&world).await;
        let [ada, bob, cy] = children();
        let (here, there) = (known(&world, bob, tablet(1)).await, known(&world, ada, tablet(2)).await);
        for _ in 0..10 {
            assert!(is_wrong(&press(&world, ada, WRONG, tablet(1), Some(&here)).await));
        }
        assert!(must_wait(&press(&world, ada, RIGHT, tablet(1), Some(&here)).await), "at this tablet nobody is Ada for now");
        assert!(is_in(&press(&world, cy, RIGHT, tablet(1), Some(&here)).await), "the others are");
        assert!(is_in(&press(&world, ada, RIGHT, tablet(2), Some(&there)).await));
        // Pictures of one's own give no fresh start.
        let again = known(&world, bob, tablet(1)).await;
        assert!(must_wait(&press(&world, ada, WRONG, tablet(1), Some(&again)).await));
        world.later(301);
        assert!(is_in(&press(&world, ada, RIGHT, tablet(1), Some(&here)).await));
    }

    async fn one_naughty_child_shuts_nobody_out_at_other_tablets_of_a_network_by_ipv6(world) {
        opened(&world).await;
        let near: Near = std::sync::Arc::new(|address| matches!(address, IpAddr::V6(address) if address.is_unique_local()));
        let sign_ins = world.again(7).at_school(near);
        let [ada, bob, _] = children();
        let at = |last: u16| IpAddr::from([0xfd00, 0, 0, 1, 0, 0, 0, last]);
        let outside = |last: u16| IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, last]);
        let press = async |child, numbers, from, device: Option<&Device>| {
            let pictures = Pictures::invented(numbers);
            let attempt = PictureAttempt { class: class(), child, pictures: &pictures, from, device };
            sign_ins.in_by_pictures(attempt, world.now()).await.expect("judged")
        };
        let Outcome::In { device, .. } = press(bob, RIGHT, at(1), None).await else { panic!("in") };
        for _ in 0..10 {
            assert!(is_wrong(&press(ada, WRONG, at(1), Some(&device)).await));
        }
        assert!(must_wait(&press(ada, RIGHT, at(1), Some(&device)).await));
        assert!(is_in(&press(ada, RIGHT, at(2), Some(&device)).await), "at her own tablet");
        // Codes of a class, and everything together, are counted for each device too.
        let (code, wrong) = (sign_ins.class_door(class()).await.expect("read").expect("a door").code, "bcdfgh".parse().expect("a code"));
        for _ in 0..10 {
            assert_eq!(sign_ins.door_of(&wrong, at(1), world.now()).await.expect("looked"), None);
        }
        let waits = |outcome: Result<_, SignInError>| matches!(outcome, Err(SignInError::Wait { .. }));
        assert!(waits(sign_ins.door_of(&code, at(1), world.now()).await));
        assert!(sign_ins.door_of(&code, at(2), world.now()).await.expect("looked").is_some());
        for number in 0..40 {
            let name = format!("child {number}");
            press(person(&name), WRONG, at(1), Some(&device)).await;
        }
        assert!(must_wait(&press(bob, RIGHT, at(1), Some(&device)).await), "fifty wrong ones from one device");
        assert!(is_in(&press(bob, RIGHT, at(2), Some(&device)).await));
        // A household outside is one, whichever of its addresses it takes.
        for last in 1..=10 {
            assert_eq!(sign_ins.door_of(&wrong, outside(last), world.now()).await.expect("looked"), None);
        }
        assert!(waits(sign_ins.door_of(&code, outside(11), world.now()).await));
    }

    async fn an_outsider_who_guesses_from_everywhere_shuts_no_class_out_of_its_tablets(world) {
        opened(&world).await;
        let tablet_of_the_class = known(&world, children()[0], tablet(1)).await;
        for last in 10..40 {
            for child in children() {
                press(&world, child, WRONG, tablet(last), None).await;
            }
        }
        for child in children() {
            assert!(must_wait(&press(&world, child, RIGHT, tablet(99), None).await), "at a device that the class never had");
            assert!(is_in(&press(&world, child, RIGHT, tablet(1), Some(&tablet_of_the_class)).await));
        }
        let made_up = Device::read(&format!("{}x", tablet_of_the_class.expose()));
        assert!(must_wait(&press(&world, children()[0], RIGHT, tablet(1), Some(&made_up)).await));
    }

    async fn a_tablet_that_several_classes_share_is_known_to_each_of_them(world) {
        opened(&world).await;
        let [ada, bob, _] = children();
        let made = cards(&world, &[bob]).await;
        let (owls, dee) = (GroupId::named("2 Owls"), person("dee"));
        world.signins.open_class(act("Teacher"), owls, Way::Pictures).await.expect("opened");
        world.signins.set_pictures(act("Teacher"), owls, &[dee], &[(dee, pictures())]).await.expect("given");
        // The Wrens have it first, and then the Owls.
        let of_wrens = known(&world, ada, tablet(1)).await;
        let pictures = pictures();
        let attempt = PictureAttempt { class: owls, child: dee, pictures: &pictures, from: tablet(1), device: Some(&of_wrens) };
        let Outcome::In { device: shared, .. } = world.signins.in_by_pictures(attempt, world.now()).await.expect("judged") else { panic!("in") };
        // A cookie is read again as it was written.
        let shared = Device::read(shared.expose());
        let Outcome::In { device: again, .. } = world.signins.in_by_card(&made[0], tablet(1), Some(&shared), world.now()).await.expect("judged") else { panic!("in") };
        assert_eq!(again.expose().split('~').count(), 2, "one word for each class, however often somebody signs in");
        for last in 10..40 {
            press(&world, ada, WRONG, tablet(last), None).await;
        }
        assert!(must_wait(&press(&world, ada, RIGHT, tablet(99), None).await));
        assert!(is_in(&press(&world, ada, RIGHT, tablet(1), Some(&shared)).await), "the class from before has its tablet");
        assert!(is_in(&press(&world, ada, RIGHT, tablet(1), Some(&again)).await));
    }

    async fn a_tablet_keeps_so_many_words_and_no_more(world) {
        opened(&world).await;
        let (made, mut device) = (pictures(), None);
        for number in 0..30 {
            let (group, child) = (GroupId::named(&format!("class {number}")), person(&format!("child {number}")));
            world.signins.open_class(act("Teacher"), group, Way::Pictures).await.expect("opened");
            world.signins.set_pictures(act("Teacher"), group, &[child], &[(child, pictures())]).await.expect("given");
            let attempt = PictureAttempt { class: group, child, pictures: &made, from: tablet(1), device: device.as_ref() };
            let Outcome::In { device: next, .. } = world.signins.in_by_pictures(attempt, world.now()).await.expect("judged") else { panic!("in") };
            device = Some(next);
        }
        let device = device.expect("words");
        assert_eq!(device.expose().split('~').count(), 24);
        assert!(device.cookie(office::signin::Mark::Class).len() < 2300, "a browser keeps it");
    }

    async fn many_tries_at_once_are_no_way_round(world) {
        opened(&world).await;
        let tries = (0..30).map(|_| press(&world, children()[0], WRONG, tablet(1), None));
        let outcomes = futures_util::future::join_all(tries).await;
        assert_eq!(outcomes.iter().filter(|outcome| is_wrong(outcome)).count(), 10);
        assert_eq!(world.entries("sign-in.failed").await, 2, "the first, and the one that closed it");
    }

    async fn a_code_leads_to_one_class_and_guessing_codes_is_stopped(world) {
        let door = opened(&world).await;
        let found = world.signins.door_of(&door.code, tablet(1), world.now()).await.expect("looked");
        assert_eq!(found, Some(door.clone()));
        let again = world.signins.open_class(act("Teacher"), class(), Way::Pictures).await.expect("opened");
        assert_ne!(again.code, door.code);
        for _ in 0..10 {
            assert_eq!(world.signins.door_of(&door.code, tablet(1), world.now()).await.expect("looked"), None, "the code from before");
        }
        let waits = |outcome: Result<_, SignInError>| matches!(outcome, Err(SignInError::Wait { .. }));
        assert!(waits(world.signins.door_of(&again.code, tablet(1), world.now()).await));
        assert!(world.signins.door_of(&again.code, tablet(2), world.now()).await.expect("others go on").is_some());
    }

    async fn a_class_that_signs_in_with_words_takes_no_pictures(world) {
        opened(&world).await;
        world.signins.open_class(act("Teacher"), class(), Way::Words).await.expect("opened");
        assert!(is_wrong(&press(&world, children()[0], RIGHT, tablet(1), None).await));
        assert_eq!(world.signins.class_door(class()).await.expect("looked").map(|door| door.way), Some(Way::Words));
    }

    async fn a_card_is_good_until_it_is_ended_or_a_new_one_is_made(world) {
        opened(&world).await;
        let [ada, bob, _] = children();
        let made = cards(&world, &[ada, bob]).await;
        let card = world.signins.card(&made[0]).await.expect("looked").expect("good");
        assert_eq!((card.child, card.group), (ada, class()));
        assert!(is_in(&world.signins.in_by_card(&made[0], tablet(1), None, world.now()).await.expect("judged")));
        let new = cards(&world, &[ada]).await;
        let refused = |outcome: Result<Outcome, SignInError>| matches!(outcome, Err(SignInError::Link));
        assert!(refused(world.signins.in_by_card(&made[0], tablet(1), None, world.now()).await), "a new one was made");
        assert!(is_in(&world.signins.in_by_card(&made[1], tablet(1), None, world.now()).await.expect("others stay")));
        world.signins.end_cards(act("Teacher"), class(), &children(), &children()).await.expect("ended");
        assert!(world.entries("card.ended").await > 0, "each child's trail says that the card is good no more");
        for card in [&new[0], &made[1]] {
            assert!(refused(world.signins.in_by_card(card, tablet(1), None, world.now()).await));
        }
        let made_up = Token::read(&"A".repeat(43)).expect("the form of one");
        assert!(refused(world.signins.in_by_card(&made_up, tablet(1), None, world.now()).await));
        let kept = crate::store::number(&world.ledger, "SELECT count(*) FROM sign_in_card").await;
        assert_eq!(kept, 3, "nothing is deleted");
    }

    async fn nobody_of_another_class_is_given_anything(world) {
        opened(&world).await;
        let stranger = [person("stranger")];
        let refused = |outcome: Option<SignInError>| matches!(outcome, Some(SignInError::NotInClass));
        assert!(refused(world.signins.new_pictures(act("Teacher"), class(), &children(), &stranger).await.err()));
        assert!(refused(world.signins.new_cards(act("Teacher"), class(), &children(), &stranger).await.err()));
        assert!(refused(world.signins.end_cards(act("Teacher"), class(), &children(), &stranger).await.err()));
    }

    async fn an_older_child_gets_a_name_that_nobody_has(world) {
        let names = async |given: &str, family: &str, who: &str| {
            let link = world.signins.make_named(act("Teacher"), person(who), given, family).await.expect("made");
            world.signins.named_by(&link, world.now()).await.expect("a name").as_str().to_owned()
        };
        assert_eq!(names("Rowan", "Ragwort", "one").await, "rowan.r");
        assert_eq!(names("Rowan", "Reed", "two").await, "rowan.r2");
        assert_eq!(names("Лев", "Толстой", "three").await, "pupil.x");
    }

    async fn who_guesses_a_password_stands_in_the_trail_once_and_a_name_that_nobody_has_does_not(world) {
        world.make("ada").await;
        for _ in 0..9 {
            assert!(is_wrong(&world.try_in("ada", "wrong", "", home(), None).await));
        }
        assert_eq!(world.entries("sign-in.failed").await, 1);
        assert!(is_wrong(&world.try_in("ada", "wrong", "", home(), None).await));
        assert_eq!(world.entries("sign-in.failed").await, 2);
        for _ in 0..5 {
            assert!(is_wrong(&world.try_in("lantern kettle moss", "wrong", "", home(), None).await), "a password in the wrong field");
        }
        assert_eq!(world.entries("sign-in.failed").await, 3);
        let of_nobody = "SELECT count(*) FROM audit_entry WHERE action = 'sign-in.failed' AND subject_kind = 'organisation'";
        assert_eq!(crate::store::number(&world.ledger, of_nobody).await, 1);
    }
}
