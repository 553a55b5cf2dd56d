//! A list of people shows exactly those whom the policies let the viewer see: generated schools, every role, both databases.

use std::collections::BTreeSet;

use fastrand::Rng;
use ids::PersonId;
use office::access::{Action, Need, Policies, Proof, Thing, Who};
use office::people::{self, Bond, Find, GroupKind, Held, Kinship, Member, Membership, Part, Role, SchoolYear, SecondFactor, Slice, Ties};

use crate::world::{School, day, on_both, scope, short};

const TODAY: &str = "2026-11-24";
const DAYS: [&str; 5] = ["2026-09-01", "2026-11-23", "2026-11-24", "2026-11-25", "2027-07-20"];

/// Puts some people, groups and families into the school, tied to each other by chance, over and not yet begun as well.
async fn generate(school: &School, chance: &mut Rng) -> Vec<PersonId> {
    let mut unit = school.unit().await;
    let (mut all, mut pupils) = (Vec::new(), Vec::new());
    for number in 0..9 {
        let membership = if number < 4 { Membership::Pupil } else { Membership::ALL[chance.usize(..Membership::ALL.len())] };
        let details = crate::world::details(&format!("Sam Sedge{number}"), membership);
        let id = people::add(&mut unit, &details, day("2026-09-01")).await.expect("added");
        all.push(id);
        if membership == Membership::Pupil {
            pupils.push(id);
        }
    }
    let year = SchoolYear::of(day(TODAY)).expect("a year");
    for _ in 0..3 {
        let group = people::make_group(&mut unit, GroupKind::Class, &short("Owls"), year, None).await.expect("made");
        let mut members = Vec::new();
        for person in &all {
            if chance.bool() {
                let part = [Part::Pupil, Part::Teacher, Part::Tutor, Part::Assistant][chance.usize(..4)];
                let (started, ended) = (chance.usize(..DAYS.len()), chance.usize(..=DAYS.len()));
                let ended = DAYS.get(ended.max(started)).map(|text| day(text));
                members.push(Member { group, person: *person, part, started: day(DAYS[started]), ended });
            }
        }
        people::enrol(&mut unit, &members).await.expect("enrolled");
    }
    for adult in &all {
        for child in pupils.iter().filter(|child| *child != adult) {
            if chance.u8(..3) == 0 {
                let held = |yes| if yes { Held::Yes } else { Held::No };
                let bond = Bond { kinship: Kinship::Parent, responsibility: held(chance.u8(..4) > 0), lives_with: held(chance.bool()) };
                people::relate(&mut unit, *adult, *child, bond, day(DAYS[chance.usize(..DAYS.len())])).await.expect("related");
            }
        }
    }
    unit.commit().await.expect("committed");
    for child in &pupils {
        for relation in people::responsible_for(school.ledger.reader(), scope(), *child).await.expect("read") {
            let choice = chance.u8(..5);
            if choice == 0 {
                continue;
            }
            let mut unit = school.unit().await;
            match choice {
                1 => people::end_relation(&mut unit, &school.keys, &relation, relation.started).await.expect("ended"),
                _ => people::confirm_contact(&mut unit, &school.keys, &relation).await.expect("confirmed"),
            }
            unit.commit().await.expect("committed");
        }
    }
    all
}

on_both! {
    async fn a_list_shows_exactly_whom_the_policies_let_the_viewer_see(school) {
        school.unlock().await;
        let policies = Policies::shipped().expect("the policies");
        let mut chance = Rng::with_seed(7);
        let (reader, today) = (school.ledger.reader(), day(TODAY));
        let (mut all, mut some, mut everybody) = (Vec::new(), 0, 0);
        for _ in 0..3 {
            let new = generate(&school, &mut chance).await;
            all.extend(new.iter().copied());
            let ties = people::ties(reader, scope(), &all, today).await.expect("read");
            let none = Ties::default();
            for role in Role::ALL {
                // Where a password is enough, a code beside it changes nothing.
                let proofs: &[Proof] =
                    if role.second_factor() == SecondFactor::Needed { &[Proof::Password, Proof::SecondFactor] } else { &[Proof::Password] };
                for viewer in new.iter().step_by(2) {
                    for proof in proofs.iter().copied() {
                        let who = Who { person: *viewer, role: *role, proof, need: Need::Ordinary };
                      for action in [Action::SeePerson, Action::SeeAgreement, Action::EnterSignature] {
                        let thing = |id: PersonId| {
                            let Ties { teachers, carers } = ties.get(&id).unwrap_or(&none).clone();
                            Thing::Person { who: id, teachers, carers }
                        };
                        let may: BTreeSet<PersonId> =
                            all.iter().copied().filter(|id| policies.decide(&who, action, &thing(*id)).is_allowed()).collect();
                        let sight = policies.sight_of(&who, action);
                        let shown = people::all_seen(reader, scope(), &sight, &Find::default(), today).await.expect("read");
                        let shown: BTreeSet<PersonId> = shown.iter().map(|person| person.id).collect();
                        assert_eq!(shown, may, "{role} with {proof:?}, {action:?}: {sight:?}");
                        some += usize::from(shown.len() > 1 && shown.len() < all.len());
                        everybody += usize::from(shown.len() == all.len());
                      }
                    }
                }
            }
        }
        assert!(some > 0 && everybody > 0, "the schools that were made up tie nobody: {some}, {everybody}");
    }

    async fn a_list_that_is_cut_is_paged_counted_and_searched_within_the_cut(school) {
        let policies = Policies::shipped().expect("the policies");
        let teacher = school.add("Ada Kingfisher", Membership::Staff).await;
        let mut own = Vec::new();
        for name in ["Pip Ash", "Kit Birch", "Sam Cedar", "Lou Dill"] {
            own.push(school.add(name, Membership::Pupil).await);
        }
        school.add("Ned Elsewhere", Membership::Pupil).await;
        let mut unit = school.unit().await;
        let year = SchoolYear::of(day(TODAY)).expect("a year");
        let group = people::make_group(&mut unit, GroupKind::Class, &short("5 Kites"), year, None).await.expect("made");
        let member = |person, part| Member { group, person, part, started: day("2026-09-01"), ended: None };
        let members: Vec<Member> =
            own.iter().map(|pupil| member(*pupil, Part::Pupil)).chain([member(teacher, Part::Teacher)]).collect();
        people::enrol(&mut unit, &members).await.expect("enrolled");
        unit.commit().await.expect("committed");

        let who = Who { person: teacher, role: Role::Teacher, proof: Proof::Password, need: Need::Ordinary };
        let (sight, today, reader) = (policies.sight(&who), day(TODAY), school.ledger.reader());
        assert!(!sight.is_blind());
        let page = async |from, words: &str| {
            let find = Find { words: words.to_owned(), ..Find::default() };
            let found = people::seen(reader, scope(), &sight, &find, Slice { from, most: 2 }, today).await.expect("read");
            (found.people.iter().map(|person| person.details.family.to_string()).collect::<Vec<_>>(), found.total)
        };
        assert_eq!(page(0, "").await, (vec!["Ash".to_owned(), "Birch".to_owned()], 5));
        assert_eq!(page(4, "").await, (vec!["Kingfisher".to_owned()], 5), "and oneself");
        assert_eq!(page(0, "cedar").await, (vec!["Cedar".to_owned()], 1));
        assert_eq!(page(0, "elsewhere").await, (Vec::new(), 0), "a search finds nobody whom one may not see");
    }
}
