//! Adults, children, and what few may see.

use ledger::audit::Side;
use office::people::{self, Bond, Care, Held, Kinship, Membership, PeopleError};

use crate::world::{School, day, on_both, scope};

const ORDER: &str = "Prohibited steps order of 3 May 2026: must not collect";
const ADDRESS: &str = "7 Osier Lane, Larkfield";
const BOND: Bond = Bond { kinship: Kinship::Parent, responsibility: Held::Yes, lives_with: Held::No };

async fn family(school: &School) -> (ids::PersonId, ids::PersonId) {
    let (adult, child) = (school.add("Kit Ragwort", Membership::Parent).await, school.add("Pip Ragwort", Membership::Pupil).await);
    let mut unit = school.unit().await;
    people::relate(&mut unit, adult, child, BOND, day("2026-09-01")).await.expect("related");
    unit.commit().await.expect("committed");
    (adult, child)
}

on_both! {
    async fn a_court_order_is_read_only_while_unlocked_and_lies_nowhere_in_clear(school) {
        let (adult, child) = family(&school).await;
        let seen = people::responsible_for(school.ledger.reader(), scope(), child).await.expect("read").remove(0);
        let care = Care { court_order: ORDER.to_owned(), do_not_contact: "Order of the court".to_owned(), address_withheld: "Refuge".to_owned() };
        let mut unit = school.unit().await;
        people::change_relation(&mut unit, &school.keys, &seen, BOND, &care).await.expect("written while locked");
        unit.commit().await.expect("committed");
        let read = people::care(school.ledger.reader(), &school.keys, scope(), adult, child).await;
        assert!(matches!(read, Err(PeopleError::Keys(ledger::keys::KeysError::Locked))));
        school.unlock().await;
        assert_eq!(people::care(school.ledger.reader(), &school.keys, scope(), adult, child).await.expect("read"), care);
        let said = crate::persons::texts(&school, child).await;
        for (field, text) in [("court_order", ORDER), ("do_not_contact", "Order of the court"), ("address_withheld", "Refuge")] {
            assert!(said.contains(&(field.to_owned(), Side::After, text.to_owned())), "{field} is not in the trail");
        }
        let bytes = school.bytes();
        for text in [ORDER, "Order of the court", "Refuge"] {
            assert!(!bytes.windows(text.len()).any(|window| window == text.as_bytes()), "{text} lies in clear");
        }
    }

    async fn no_message_leaves_before_the_contact_is_confirmed_nor_where_it_must_not(school) {
        let (adult, child) = family(&school).await;
        let relation = async || people::children_of(school.ledger.reader(), scope(), adult).await.expect("read").remove(0);
        assert_eq!(relation().await.may_message, Held::No);
        let mut unit = school.unit().await;
        let locked = people::confirm_contact(&mut unit, &school.keys, &relation().await).await;
        assert!(matches!(locked, Err(PeopleError::Keys(ledger::keys::KeysError::Locked))), "nobody knows what was ordered");
        drop(unit);
        school.unlock().await;
        let mut unit = school.unit().await;
        people::confirm_contact(&mut unit, &school.keys, &relation().await).await.expect("confirmed");
        unit.commit().await.expect("committed");
        assert_eq!(relation().await.may_message, Held::Yes);
        let care = Care { do_not_contact: "Order of the court".to_owned(), ..Care::default() };
        let mut unit = school.unit().await;
        people::change_relation(&mut unit, &school.keys, &relation().await, BOND, &care).await.expect("changed");
        unit.commit().await.expect("committed");
        assert_eq!(relation().await.may_message, Held::No, "from the same moment on");
        let mut unit = school.unit().await;
        let refused = people::confirm_contact(&mut unit, &school.keys, &relation().await).await;
        assert!(matches!(refused, Err(PeopleError::NotToConfirm)), "whatever the caller knows");
        drop(unit);
        assert!(relation().await.may_sign(day("2026-10-01")));
        let mut unit = school.unit().await;
        people::end_relation(&mut unit, &school.keys, &relation().await, day("2026-11-01")).await.expect("ended");
        unit.commit().await.expect("committed");
        assert!(!relation().await.may_sign(day("2026-11-02")));
        assert_eq!(people::responsible_for(school.ledger.reader(), scope(), child).await.expect("read").len(), 1, "ended, not deleted");
    }

    async fn only_an_adult_and_a_pupil_are_related(school) {
        let (adult, child) = family(&school).await;
        let mut unit = school.unit().await;
        assert!(matches!(people::relate(&mut unit, child, child, BOND, day("2026-09-01")).await, Err(PeopleError::NotAdultAndChild)));
        assert!(matches!(people::relate(&mut unit, child, adult, BOND, day("2026-09-01")).await, Err(PeopleError::NotAdultAndChild)));
        let nobody = ids::PersonId::named("nobody");
        assert!(matches!(people::relate(&mut unit, nobody, child, BOND, day("2026-09-01")).await, Err(PeopleError::NotThere)));
    }

    async fn a_household_has_people_and_a_sealed_address(school) {
        let (adult, child) = family(&school).await;
        let mut unit = school.unit().await;
        let home = people::make_household(&mut unit).await.expect("made");
        for person in [adult, child] {
            people::join_household(&mut unit, home, person, day("2026-09-01")).await.expect("joined");
        }
        people::set_address(&mut unit, &school.keys, home, 0, ADDRESS).await.expect("set");
        let late = people::set_address(&mut unit, &school.keys, home, 0, "elsewhere").await.expect_err("somebody was faster");
        assert!(late.is_conflict(), "{late}");
        people::leave_household(&mut unit, home, adult, day("2026-10-31")).await.expect("left");
        unit.commit().await.expect("committed");
        let reader = school.ledger.reader();
        let lives = |on| people::household_of(reader, scope(), child, day(on));
        assert_eq!(lives("2026-10-31").await.expect("read").first().map(|(id, who)| (*id, who.len())), Some((home, 2)));
        assert_eq!(lives("2026-11-01").await.expect("read").first().map(|(_, who)| who.clone()), Some(vec![child]));
        assert!(people::address(reader, &school.keys, scope(), home).await.is_err(), "locked");
        school.unlock().await;
        let (address, version) = people::address(reader, &school.keys, scope(), home).await.expect("read");
        assert_eq!((address.expect("one").as_str().expect("text"), version), (ADDRESS, 1));
        assert!(!school.bytes().windows(ADDRESS.len()).any(|window| window == ADDRESS.as_bytes()));
    }

    async fn a_phone_number_is_sealed(school) {
        let id = school.add("Kit Ragwort", Membership::Parent).await;
        let mut unit = school.unit().await;
        people::set_phone(&mut unit, &school.keys, &school.person(id).await, " +441632960123 ").await.expect("set");
        unit.commit().await.expect("committed");
        school.unlock().await;
        let phone = people::phone(school.ledger.reader(), &school.keys, scope(), id).await.expect("read").expect("one");
        assert_eq!(phone.as_str().expect("text"), "+441632960123");
        assert!(!school.bytes().windows(10).any(|window| window == b"1632960123"));
    }
}
