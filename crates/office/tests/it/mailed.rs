//! Parents sign in with a link from a letter.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use calendar::{Instant, SettableClock};
use ids::{PersonId, RecordId};
use jiff::SignedDuration;
use ledger::jobs::{Retry, Worker, WorkerSettings};
use ledger::outbox::{self, Carrier, Carrying, Message, OutboxKey};
use office::access::Proof;
use office::people::{self, Bond, Care, Email, Held, Kinship, Membership};
use office::signin::mailed::MailRequest;
use office::signin::{Cost, MachineKey, SignInError, SignIns, Token};

use crate::world::{School, day, details, morning, on_both, scope};

const BOND: Bond = Bond { kinship: Kinship::Parent, responsibility: Held::Yes, lives_with: Held::No };
const MAIL: &str = "kit@home.example";

/// Remembers to whom each letter goes and what it says.
#[derive(Debug, Default)]
struct Postman(Mutex<Vec<(String, String)>>);

impl Carrier for Postman {
    fn carry<'a>(&'a self, message: &'a Message, _: RecordId, _: Instant) -> Carrying<'a> {
        Box::pin(async move {
            if let Message::Mail(mail) = message {
                self.0.lock().expect("not poisoned").push((mail.to.as_str().to_owned(), mail.text.clone()));
            }
            Ok(())
        })
    }
}

fn key() -> OutboxKey {
    OutboxKey::new(&[1; 32]).expect("a key")
}

fn minute(minutes: i64) -> Instant {
    morning().checked_add(SignedDuration::from_mins(minutes)).expect("a moment")
}

fn sign_ins(school: &School) -> SignIns {
    SignIns::new(&school.ledger, scope().organisation, MachineKey::new(&[7; 32]), Cost::LEAST)
}

/// The letters that wait, handed over.
pub(crate) async fn letters(school: &School) -> Vec<(String, String)> {
    let (postman, clock) = (Arc::new(Postman::default()), SettableClock::at(minute(600)).clock());
    let retry = Retry { first: Duration::from_secs(30), cap: Duration::from_secs(3600), attempts: 3 };
    let kind = outbox::delivery(&school.ledger, key(), Arc::clone(&postman) as Arc<dyn Carrier>, clock.clone(), retry);
    let worker = Worker::new(&school.ledger, clock, vec![kind], WorkerSettings::default()).await.expect("a worker");
    worker.do_what_is_due().await.expect("done");
    let letters = postman.0.lock().expect("not poisoned");
    letters.clone()
}

pub(crate) fn links(letter: &str) -> Vec<Token> {
    let all = letter.split("https://gate.example/parents/").skip(1);
    all.filter_map(|rest| Token::read(rest.split_whitespace().next()?)).collect()
}

/// A parent with a child, whose contact nobody has confirmed.
async fn parent(school: &School, name: &str) -> PersonId {
    let child = school.add("Pip Ragwort", Membership::Pupil).await;
    let mut unit = school.unit().await;
    let mut details = details(name, Membership::Parent);
    details.email = Some(Email::parse(MAIL).expect("an address"));
    let adult = people::add(&mut unit, &details, day("2026-09-01")).await.expect("added");
    people::relate(&mut unit, adult, child, BOND, day("2026-09-01")).await.expect("related");
    unit.commit().await.expect("committed");
    adult
}

/// Somebody has made sure that the contact is right.
async fn confirm(school: &School, adult: PersonId) {
    school.unlock().await;
    let relation = people::children_of(school.ledger.reader(), scope(), adult).await.expect("read").remove(0);
    let mut unit = school.unit().await;
    people::confirm_contact(&mut unit, &school.keys, &relation).await.expect("confirmed");
    unit.commit().await.expect("committed");
}

/// Asks for a letter, and says to how many one goes.
pub(crate) async fn ask(sign_ins: &SignIns, email: &str, now: Instant) -> usize {
    let email = Email::parse(email).expect("an address");
    let request = MailRequest { email: &email, console: "https://gate.example", school: "Hill School", from: [192, 0, 2, 7].into() };
    sign_ins.mail_links(request, &key(), now).await.expect("asked")
}

pub(crate) async fn open(sign_ins: &SignIns, link: &Token, now: Instant) -> Result<Token, SignInError> {
    sign_ins.in_by_mail(link, [192, 0, 2, 7].into(), now).await
}

fn is_gone(outcome: &Result<Token, SignInError>) -> bool {
    matches!(outcome, Err(SignInError::Link))
}

on_both! {
    async fn a_parent_signs_in_once_with_the_link_of_a_letter(school) {
        let sign_ins = sign_ins(&school);
        let kit = parent(&school, "Kit Ragwort").await;
        confirm(&school, kit).await;
        assert_eq!(ask(&sign_ins, " Kit@Home.example ", minute(0)).await, 1);
        let letters = letters(&school).await;
        assert_eq!(letters.len(), 1);
        let (to, text) = &letters[0];
        assert!(to == MAIL && !text.contains("Kit") && !text.contains("Pip"), "no name in a letter: {text}");
        let link = &links(text)[0];
        assert!(sign_ins.is_good_mailed(link, minute(29)).await.expect("looked"));
        let session = open(&sign_ins, link, minute(29)).await.expect("in");
        let signed = sign_ins.look(&session, minute(29)).await.expect("looked").expect("signed in");
        assert_eq!((signed.person, signed.proof), (kit, Proof::Mailed));
        assert!(is_gone(&open(&sign_ins, link, minute(29)).await), "it was used");
        assert!(!sign_ins.is_good_mailed(link, minute(29)).await.expect("looked"));
        let bytes = school.bytes();
        assert!(!bytes.windows(43).any(|window| window == link.expose().as_bytes()), "it lies nowhere in clear");
    }

    async fn a_link_runs_out_after_half_an_hour(school) {
        let sign_ins = sign_ins(&school);
        let kit = parent(&school, "Kit Ragwort").await;
        confirm(&school, kit).await;
        assert_eq!(ask(&sign_ins, MAIL, minute(0)).await, 1);
        let link = links(&letters(&school).await[0].1).remove(0);
        assert!(is_gone(&open(&sign_ins, &link, minute(30)).await));
    }

    async fn no_letter_goes_to_a_stranger_nor_before_the_contact_is_confirmed_nor_to_whoever_is_barred(school) {
        let sign_ins = sign_ins(&school);
        let kit = parent(&school, "Kit Ragwort").await;
        assert_eq!(ask(&sign_ins, "stranger@home.example", minute(0)).await, 0);
        assert_eq!(ask(&sign_ins, MAIL, minute(0)).await, 0, "nobody has confirmed it");
        confirm(&school, kit).await;
        assert_eq!(ask(&sign_ins, MAIL, minute(1)).await, 1);
        let link = links(&letters(&school).await[0].1).remove(0);
        let relation = people::children_of(school.ledger.reader(), scope(), kit).await.expect("read").remove(0);
        let care = Care { do_not_contact: "Order of the court".to_owned(), ..Care::default() };
        let mut unit = school.unit().await;
        people::change_relation(&mut unit, &school.keys, &relation, BOND, &care).await.expect("changed");
        unit.commit().await.expect("committed");
        assert!(is_gone(&open(&sign_ins, &link, minute(2)).await), "barred after the letter went");
        assert_eq!(ask(&sign_ins, MAIL, minute(20)).await, 0);
        assert!(letters(&school).await.is_empty());
    }

    async fn nobodys_letter_box_is_filled_and_whoever_asks_for_many_waits(school) {
        let sign_ins = sign_ins(&school);
        let kit = parent(&school, "Kit Ragwort").await;
        confirm(&school, kit).await;
        assert_eq!(ask(&sign_ins, MAIL, minute(0)).await, 1);
        assert_eq!(ask(&sign_ins, MAIL, minute(4)).await, 0, "one has just gone");
        assert_eq!(ask(&sign_ins, MAIL, minute(6)).await, 1);
        for _ in 0..10 {
            sign_ins.may_ask_for_mail([192, 0, 2, 7].into(), minute(0)).expect("few");
        }
        assert!(matches!(sign_ins.may_ask_for_mail([192, 0, 2, 7].into(), minute(0)), Err(SignInError::Wait { .. })));
        assert!(sign_ins.may_ask_for_mail([192, 0, 2, 8].into(), minute(0)).is_ok());
    }

    async fn a_session_from_a_letter_ends_when_a_letter_may_not_go_there_any_more(school) {
        let sign_ins = sign_ins(&school);
        let kit = parent(&school, "Kit Ragwort").await;
        confirm(&school, kit).await;
        ask(&sign_ins, MAIL, minute(0)).await;
        ask(&sign_ins, MAIL, minute(6)).await;
        let letters = letters(&school).await;
        let links: Vec<Token> = letters.iter().flat_map(|(_, text)| links(text)).collect();
        let session = open(&sign_ins, &links[0], minute(7)).await.expect("in");
        let goes_on = async |minutes| {
            let signed = sign_ins.sessions().look(&session, minute(minutes)).expect("signed in");
            sign_ins.goes_on(&signed, minute(minutes)).await.expect("looked")
        };
        assert!(goes_on(8).await);
        let seen = people::person(school.ledger.reader(), scope(), kit).await.expect("read").expect("Kit");
        let other = people::Details { email: Some(Email::parse("kit@elsewhere.example").expect("an address")), ..seen.details.clone() };
        let mut unit = school.unit().await;
        people::change(&mut unit, &school.keys, &seen, &other).await.expect("changed");
        unit.commit().await.expect("committed");
        assert!(!goes_on(9).await, "the letter box may be another's");
        assert!(is_gone(&open(&sign_ins, &links[1], minute(9)).await), "so is the letter that lies in it");
        let seen = people::person(school.ledger.reader(), scope(), kit).await.expect("read").expect("Kit");
        let own = people::Details { email: Some(Email::parse(MAIL).expect("an address")), ..seen.details.clone() };
        let mut unit = school.unit().await;
        people::change(&mut unit, &school.keys, &seen, &own).await.expect("changed");
        unit.commit().await.expect("committed");
        assert!(goes_on(10).await);
        let relation = people::children_of(school.ledger.reader(), scope(), kit).await.expect("read").remove(0);
        let care = Care { do_not_contact: "Order of the court".to_owned(), ..Care::default() };
        let mut unit = school.unit().await;
        people::change_relation(&mut unit, &school.keys, &relation, BOND, &care).await.expect("changed");
        unit.commit().await.expect("committed");
        assert!(!goes_on(11).await, "barred in the middle of it");
    }

    async fn many_who_ask_at_once_are_sent_one_letter_and_few_in_an_hour(school) {
        let sign_ins = sign_ins(&school);
        let kit = parent(&school, "Kit Ragwort").await;
        confirm(&school, kit).await;
        let at_once = futures_util::future::join_all((0..8).map(|_| ask(&sign_ins, MAIL, minute(0)))).await;
        assert_eq!(at_once.iter().sum::<usize>(), 1, "{at_once:?}");
        let mut later = Vec::new();
        for asked in 1..10 {
            later.push(ask(&sign_ins, MAIL, minute(asked * 6)).await);
        }
        assert_eq!(later, [1, 1, 0, 0, 0, 0, 0, 0, 0], "three in an hour, whoever asks");
        assert_eq!(ask(&sign_ins, MAIL, minute(61)).await, 1);
    }

    async fn two_parents_with_one_address_have_a_link_each(school) {
        let sign_ins = sign_ins(&school);
        for name in ["Kit Ragwort", "Kim Ragwort"] {
            let adult = parent(&school, name).await;
            confirm(&school, adult).await;
        }
        assert_eq!(ask(&sign_ins, MAIL, minute(0)).await, 2);
        let letters = letters(&school).await;
        assert_eq!(letters.len(), 1, "one letter");
        let links = links(&letters[0].1);
        assert_eq!(links.len(), 2);
        let mut who = Vec::new();
        for link in &links {
            let session = open(&sign_ins, link, minute(1)).await.expect("in");
            who.push(sign_ins.look(&session, minute(1)).await.expect("looked").expect("signed in").person);
        }
        assert_ne!(who[0], who[1]);
    }

    async fn of_two_who_open_one_link_at_once_one_comes_in(school) {
        let sign_ins = sign_ins(&school);
        let kit = parent(&school, "Kit Ragwort").await;
        confirm(&school, kit).await;
        ask(&sign_ins, MAIL, minute(0)).await;
        let link = links(&letters(&school).await[0].1).remove(0);
        let both = futures_util::future::join(open(&sign_ins, &link, minute(1)), open(&sign_ins, &link, minute(1))).await;
        assert_eq!([both.0, both.1].iter().filter(|outcome| is_gone(outcome)).count(), 1);
    }
}
