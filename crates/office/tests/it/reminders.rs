//! Letters that remind people to sign.

use calendar::Date;
use ids::PersonId;
use ledger::outbox::OutboxKey;
use ledger::{Act, LedgerError};
use office::agreements::{self, AgreementsError, Answer, Letters, Method, Reminded, Reminding, Signing, Whom};
use office::people::{self, Bond, Care, Email, Held, Kinship, Membership, YearGroup};
use office::policies::{PARENT, PUPIL_KS2, STAFF, Version};
use office::settings;

use crate::mailed::letters;
use crate::policies::in_force;
use crate::world::{HEADTEACHER, School, act, day, details, on_both, scope};

/// A Tuesday.
const TODAY: &str = "2026-11-24";
const BOND: Bond = Bond { kinship: Kinship::Parent, responsibility: Held::Yes, lives_with: Held::No };
const TEXT: &str = "# Rules\n\nWe agree. {{clauses B-093}}";

/// A school that is open from Monday to Friday.
fn school_days(from: Date, days: i64) -> Date {
    let (mut day, mut left) = (from.civil(), days);
    while left > 0 {
        day = day.tomorrow().expect("in range");
        left -= i64::from(day.weekday().to_monday_zero_offset() < 5);
    }
    day.try_into().expect("a day")
}

async fn remind(school: &School, whom: Whom<'_>, on: &str) -> Result<Reminding, AgreementsError> {
    let key = OutboxKey::new(&[1; 32]).expect("a key");
    let how = Letters { key: &key, school: "Hill School", console: "https://gate.example", school_days: &school_days };
    agreements::remind(&school.ledger, &act(&HEADTEACHER), how, whom, day(on)).await
}

/// To whom letters go on a day by themselves.
async fn sent(school: &School, on: &str) -> Vec<String> {
    remind(school, Whom::Due, on).await.expect("reminded");
    let mut to: Vec<String> = letters(school).await.into_iter().map(|(to, _)| to).collect();
    to.sort();
    to
}

async fn pupil(school: &School, name: &str) -> PersonId {
    pupil_of(school, name, 1).await
}

async fn pupil_of(school: &School, name: &str, year: i8) -> PersonId {
    let mut unit = school.unit().await;
    let pupil = people::Details { year: YearGroup::new(year), ..details(name, Membership::Pupil) };
    let id = people::add(&mut unit, &pupil, day("2026-09-01")).await.expect("added");
    unit.commit().await.expect("committed");
    id
}

async fn with_mail(school: &School, name: &str, membership: Membership, mail: &str) -> PersonId {
    let mut unit = school.unit().await;
    let email = Some(Email::parse(mail).expect("an address"));
    let who = people::Details { email, ..details(name, membership) };
    let id = people::add(&mut unit, &who, day("2026-09-01")).await.expect("added");
    unit.commit().await.expect("committed");
    id
}

/// Somebody who answers for these, and may be told.
async fn parent(school: &School, name: &str, mail: &str, of: &[PersonId]) -> PersonId {
    let adult = with_mail(school, name, Membership::Parent, mail).await;
    school.unlock().await;
    for child in of {
        let mut unit = school.unit().await;
        people::relate(&mut unit, adult, *child, BOND, day("2026-09-01")).await.expect("related");
        unit.commit().await.expect("committed");
        let seen = relation(school, adult, *child).await;
        let mut unit = school.unit().await;
        people::confirm_contact(&mut unit, &school.keys, &seen).await.expect("confirmed");
        unit.commit().await.expect("committed");
    }
    adult
}

async fn relation(school: &School, adult: PersonId, child: PersonId) -> people::Relation {
    let all = people::children_of(school.ledger.reader(), scope(), adult).await.expect("read");
    all.into_iter().find(|relation| relation.child == child).expect("related")
}

async fn set(school: &School, word: &str, value: i64) {
    let setting = settings::find(word).expect("a setting");
    let before = settings::history(school.ledger.reader(), scope().organisation, setting).await.expect("read");
    let mut unit = school.unit().await;
    settings::set(&mut unit, setting, before.first().map_or(0, |last| last.number), value, "We have talked about it.").await.expect("set");
    unit.commit().await.expect("committed");
}

async fn answer(school: &School, text: &Version, signer: PersonId, for_person: PersonId, answer: Answer) {
    answer_on(school, text, signer, for_person, answer, TODAY).await;
}

async fn answer_on(school: &School, text: &Version, signer: PersonId, for_person: PersonId, answer: Answer, on: &str) {
    let signing = Signing {
        policy: &text.policy,
        version: text.id,
        translation: None,
        signer,
        for_person,
        answer,
        method: Method::SignedIn,
        name: "Kit Moss",
        role: "Parent or carer",
        helper: None,
        on: day(on),
        today: day(on),
    };
    // The last answer counts, so each is given a second after the one before.
    let before = agreements::signatures_for(school.ledger.reader(), scope().organisation, for_person).await.expect("read").len();
    let at = act(&HEADTEACHER).at.checked_add(jiff::SignedDuration::from_secs(i64::try_from(before).expect("few") + 1)).expect("a moment");
    let mut unit = school.ledger.begin(Act { at, ..act(&HEADTEACHER) }).await.expect("a unit");
    agreements::sign(&mut unit, &signing).await.expect("kept");
    unit.commit().await.expect("committed");
}

async fn reminded(school: &School, who: PersonId) -> Option<(String, i64)> {
    let all = agreements::reminded(school.ledger.reader(), scope().organisation, &[who]).await.expect("read");
    all.get(&who).map(|Reminded { last, times }| (last.to_string(), *times))
}

on_both! {
    async fn one_letter_goes_for_two_children_and_it_holds_no_name(school) {
        in_force(&school, PARENT, TEXT, "2026-11-20").await;
        let (ada, ben) = (pupil(&school, "Ada Moss").await, pupil(&school, "Ben Moss").await);
        parent(&school, "Kit Moss", "kit@home.example", &[ada, ben]).await;
        let done = remind(&school, Whom::Due, TODAY).await.expect("reminded");
        assert_eq!((done.letters, done.people), (1, 2));
        let letters = letters(&school).await;
        let [(to, text)] = letters.as_slice() else { unreachable!("{letters:?}") };
        assert_eq!(to, "kit@home.example");
        for name in ["Ada", "Ben", "Kit", "Moss", "Rules", "parent", "internet"] {
            assert!(!text.contains(name), "{name}: {text}");
        }
        assert!(text.contains("https://gate.example/my/agreements") && text.contains("Hill School"), "{text}");
        assert_eq!((reminded(&school, ada).await, reminded(&school, ben).await), (Some((TODAY.to_owned(), 1)), Some((TODAY.to_owned(), 1))));
    }

    async fn two_adults_are_written_to_and_two_who_share_an_address_once(school) {
        in_force(&school, PARENT, TEXT, "2026-11-20").await;
        let ada = pupil(&school, "Ada Moss").await;
        for (name, mail) in [("Kit Moss", "kit@home.example"), ("Kim Moss", "us@home.example"), ("Gran Moss", "us@home.example")] {
            parent(&school, name, mail, &[ada]).await;
        }
        assert_eq!(sent(&school, TODAY).await, ["kit@home.example", "us@home.example"]);
        assert_eq!(reminded(&school, ada).await, Some((TODAY.to_owned(), 1)));
    }

    async fn whoever_is_barred_or_not_confirmed_or_answers_for_the_child_no_longer_gets_none(school) {
        in_force(&school, PARENT, TEXT, "2026-11-20").await;
        let ada = pupil(&school, "Ada Moss").await;
        let unsure = with_mail(&school, "Kim Moss", Membership::Parent, "kim@home.example").await;
        let mut unit = school.unit().await;
        people::relate(&mut unit, unsure, ada, BOND, day("2026-09-01")).await.expect("related");
        unit.commit().await.expect("committed");
        let done = remind(&school, Whom::These(&[ada]), TODAY).await.expect("asked");
        assert_eq!((done.letters, done.paper), (0, 1), "nobody has confirmed it");

        let barred = parent(&school, "Kit Moss", "kit@home.example", &[ada]).await;
        let care = Care { do_not_contact: "Order of the court".to_owned(), ..Care::default() };
        let mut unit = school.unit().await;
        people::change_relation(&mut unit, &school.keys, &relation(&school, barred, ada).await, BOND, &care).await.expect("changed");
        unit.commit().await.expect("committed");
        let gone = parent(&school, "Lee Moss", "lee@home.example", &[ada]).await;
        let mut unit = school.unit().await;
        people::end_relation(&mut unit, &school.keys, &relation(&school, gone, ada).await, day("2026-11-20")).await.expect("ended");
        unit.commit().await.expect("committed");
        let left = parent(&school, "Max Moss", "max@home.example", &[ada]).await;
        let mut unit = school.unit().await;
        people::end(&mut unit, &school.keys, &school.person(left).await, day("2026-11-20")).await.expect("ended");
        unit.commit().await.expect("committed");
        assert_eq!(sent(&school, TODAY).await, [""; 0]);
        let access = agreements::access(school.ledger.reader(), scope(), day(TODAY)).await.expect("read");
        let paper = agreements::need_paper(&school.ledger, scope(), &access, day(TODAY)).await.expect("read");
        assert!(paper.contains(&ada), "somebody must hand over paper");
    }

    async fn whoever_has_signed_or_said_no_is_left_in_peace(school) {
        let text = in_force(&school, PARENT, TEXT, "2026-11-20").await;
        let mut children = Vec::new();
        for (at, said) in [Some(Answer::Signed), Some(Answer::Declined), Some(Answer::Withdrawn), None].into_iter().enumerate() {
            let child = pupil(&school, &format!("Child{at} Moss")).await;
            let adult = parent(&school, &format!("Adult{at} Moss"), &format!("adult{at}@home.example"), &[child]).await;
            if said == Some(Answer::Withdrawn) {
                answer(&school, &text, adult, child, Answer::Signed).await;
            }
            if let Some(said) = said {
                answer(&school, &text, adult, child, said).await;
            }
            children.push((child, adult));
        }
        let ids: Vec<PersonId> = children.iter().map(|(child, _)| *child).collect();
        let done = remind(&school, Whom::These(&ids), TODAY).await.expect("reminded");
        assert_eq!((done.letters, done.people, done.answered, done.paper), (1, 1, 2, 0));
        assert_eq!(letters(&school).await.len(), 1);
        let (child, adult) = children[3];
        answer(&school, &text, adult, child, Answer::Signed).await;
        assert_eq!(sent(&school, "2026-11-25").await, [""; 0], "it is signed");
        assert_eq!(reminded(&school, child).await, Some((TODAY.to_owned(), 1)), "and stays known");
    }

    async fn of_two_adults_the_one_who_said_no_to_a_new_text_is_not_asked_again(school) {
        let first = in_force(&school, PARENT, TEXT, "2026-10-01").await;
        let ada = pupil(&school, "Ada Moss").await;
        let kit = parent(&school, "Kit Moss", "kit@home.example", &[ada]).await;
        let kim = parent(&school, "Kim Moss", "kim@home.example", &[ada]).await;
        answer_on(&school, &first, kit, ada, Answer::Signed, "2026-10-02").await;
        let second = in_force(&school, PARENT, "# Rules\n\nWe agree fully. {{clauses B-093}}", "2026-11-20").await;
        answer(&school, &second, kim, ada, Answer::Declined).await;
        assert_eq!(sent(&school, TODAY).await, ["kit@home.example"], "in the time of grace");
    }

    async fn staff_sign_for_themselves_and_nobody_is_asked_where_the_agreement_is_off(school) {
        for policy in [STAFF, PARENT] {
            in_force(&school, policy, TEXT, "2026-11-20").await;
        }
        let ada = pupil(&school, "Ada Moss").await;
        with_mail(&school, "Ash Sedge", Membership::Staff, "ash@school.example").await;
        // One who works here and has a child here gets one letter for both.
        parent(&school, "Ash Moss", "ash@school.example", &[ada]).await;
        set(&school, "gate_pupils", 0).await;
        assert_eq!(sent(&school, TODAY).await, ["ash@school.example"]);
        assert_eq!(reminded(&school, ada).await, None, "pupils are not asked");
        set(&school, "gate_pupils", 1).await;
        assert_eq!(sent(&school, TODAY).await, [""; 0], "that address had one today");
        set(&school, "gate_staff", 0).await;
        set(&school, "gate_pupils", 0).await;
        assert_eq!(sent(&school, "2026-11-25").await, [""; 0]);
    }

    async fn a_pupils_own_mark_is_asked_for_in_class(school) {
        let text = in_force(&school, PARENT, TEXT, "2026-11-20").await;
        in_force(&school, PUPIL_KS2, TEXT, "2026-11-20").await;
        let ada = pupil_of(&school, "Ada Moss", 4).await;
        let kit = parent(&school, "Kit Moss", "kit@home.example", &[ada]).await;
        answer(&school, &text, kit, ada, Answer::Signed).await;
        let done = remind(&school, Whom::These(&[ada]), TODAY).await.expect("asked");
        assert_eq!(done, Reminding { own: 1, ..Reminding::default() });
    }

    async fn a_letter_goes_once_a_day_on_school_days_as_often_as_is_set(school) {
        in_force(&school, PARENT, TEXT, "2026-11-20").await;
        let ada = pupil(&school, "Ada Moss").await;
        parent(&school, "Kit Moss", "kit@home.example", &[ada]).await;
        let is_sent = async |on: &str| !sent(&school, on).await.is_empty();
        assert!(is_sent(TODAY).await);
        assert!(!is_sent(TODAY).await, "twice on one day");
        let by_hand = remind(&school, Whom::These(&[ada]), TODAY).await.expect("asked");
        assert_eq!((by_hand.letters, by_hand.told), (0, 1), "not even by hand");
        assert!(is_sent("2026-11-27").await);
        assert!(!is_sent("2026-11-28").await, "a Saturday");
        assert!(is_sent("2026-11-30").await);
        set(&school, "agreement_reminders", 3).await;
        assert!(!is_sent("2026-12-02").await);
        assert!(is_sent("2026-12-03").await);
        set(&school, "agreement_reminders", 0).await;
        assert!(!is_sent("2027-01-11").await, "none by themselves");
        let by_hand = remind(&school, Whom::These(&[ada]), "2027-01-16").await.expect("asked");
        assert_eq!(by_hand.letters, 1, "at somebody's wish, on a Saturday too");
        assert_eq!(reminded(&school, ada).await, Some(("2027-01-16".to_owned(), 5)));
    }

    async fn after_ten_letters_one_a_week_goes_and_a_new_text_is_counted_anew(school) {
        let text = in_force(&school, PARENT, TEXT, "2026-11-01").await;
        let ada = pupil(&school, "Ada Moss").await;
        let kit = parent(&school, "Kit Moss", "kit@home.example", &[ada]).await;
        let mut on = day("2026-11-02");
        for _ in 0..10 {
            assert_eq!(sent(&school, &on.to_string()).await.len(), 1, "{on}");
            on = school_days(on, 1);
        }
        assert_eq!((on, sent(&school, "2026-11-16").await), (day("2026-11-16"), Vec::new()), "ten are enough");
        assert_eq!((sent(&school, "2026-11-19").await.len(), sent(&school, "2026-11-20").await.len()), (0, 1));
        answer_on(&school, &text, kit, ada, Answer::Signed, "2026-11-23").await;
        in_force(&school, PARENT, "# Rules\n\nWe agree fully. {{clauses B-093}}", "2026-11-24").await;
        assert_eq!(sent(&school, "2026-11-24").await.len(), 1);
        assert_eq!(reminded(&school, ada).await, Some(("2026-11-24".to_owned(), 1)));
    }

    async fn of_two_who_remind_at_once_one_writes(school) {
        in_force(&school, PARENT, TEXT, "2026-11-20").await;
        for at in 0..5 {
            let child = pupil(&school, &format!("Child{at} Moss")).await;
            parent(&school, &format!("Adult{at} Moss"), &format!("adult{at}@home.example"), &[child]).await;
        }
        let both = tokio::join!(remind(&school, Whom::Due, TODAY), remind(&school, Whom::Due, TODAY));
        let left = |done: &Result<Reminding, AgreementsError>| match done {
            Ok(done) => done.letters,
            Err(AgreementsError::Records(LedgerError::Conflict)) => 0,
            Err(other) => unreachable!("{other}"),
        };
        assert_eq!(left(&both.0) + left(&both.1), 5, "{both:?}");
        assert_eq!(letters(&school).await.len(), 5);
    }

    async fn many_are_reminded_and_each_child_is_kept_with_its_letter(school) {
        in_force(&school, PARENT, TEXT, "2026-11-20").await;
        let mut children = Vec::new();
        for at in 0..130 {
            children.push(pupil(&school, &format!("Child{at} Moss")).await);
        }
        // Neighbours share an adult, so that letters hang together across the units in which they are written.
        let mut unit = school.unit().await;
        let mut new = Vec::new();
        for (at, pair) in children.windows(2).enumerate() {
            let email = Some(Email::parse(&format!("adult{at}@home.example")).expect("an address"));
            let adult = people::Details { email, ..details(&format!("Adult{at} Moss"), Membership::Parent) };
            let adult = people::add(&mut unit, &adult, day("2026-09-01")).await.expect("added");
            for child in pair {
                people::relate(&mut unit, adult, *child, BOND, day("2026-09-01")).await.expect("related");
                new.push((adult, *child));
            }
        }
        unit.commit().await.expect("committed");
        school.unlock().await;
        for (adult, child) in new {
            let seen = relation(&school, adult, child).await;
            let mut unit = school.unit().await;
            people::confirm_contact(&mut unit, &school.keys, &seen).await.expect("confirmed");
            unit.commit().await.expect("committed");
        }
        let done = remind(&school, Whom::Due, TODAY).await.expect("reminded");
        assert_eq!((done.letters, done.people), (129, 130));
        let all = agreements::reminded(school.ledger.reader(), scope().organisation, &children).await.expect("read");
        assert!(all.len() == 130 && all.values().all(|reminded| reminded.times == 1));
        assert_eq!(remind(&school, Whom::Due, TODAY).await.expect("reminded").letters, 0);
    }
}
