//! Who answers for a child: nobody is taken for another, who was ended comes back, and what was lifted is not hidden.

use ids::PersonId;
use office::people::{self, Held, Role};

use super::{Browser, Pages, choice, hidden};
use crate::mailed;
use crate::world::{morning, on_both, scope};

const BOND: &str = "kinship=relative&responsibility=yes&lives_with=no";

/// The adults who answer for a child, ended ones too.
async fn adults(pages: &Pages, child: PersonId) -> Vec<people::Relation> {
    people::responsible_for(pages.office().ledger.reader(), scope(), child).await.expect("read")
}

/// What is sealed about a child and an adult is said.
async fn heed(browser: &Browser<'_>, path: &str, order: &str) -> u16 {
    let version = hidden(&browser.page(path).await, "version");
    let care = format!("court_order={order}&do_not_contact=&address_withheld=");
    browser.form(path, &format!("version={version}&kinship=parent&responsibility=no&lives_with=no&{care}")).await.status
}

on_both! {
    async fn a_namesake_is_not_taken_for_the_adult_who_was_meant(school) {
        let pages = Pages::of(school).await;
        let dsl = pages.signed_in(Role::Dsl).await;
        let (rowan, tess) = (pages.larkfield.person("Rowan", "Ragwort").expect("a pupil"), pages.larkfield.person("Tess", "Mallow").expect("a parent"));
        let path = format!("/people/{rowan}/contacts/new");
        let before = adults(&pages, rowan).await.len();
        let told = dsl.form(&path, &format!("given=tess&family=MALLOW&{BOND}")).await;
        assert_eq!(told.status, 422, "{}", told.body);
        assert!(told.body.contains("Choose whether it is the same person") && told.body.contains("answers for Pip Mallow"), "{}", told.body);
        assert_eq!(adults(&pages, rowan).await.len(), before, "nobody was guessed");
        let looks = pages.office().ledger.reader();
        let looked = crate::store::looks(looks, rowan, "see_contact").await;
        assert!(looked > 0 && crate::store::looks(looks, tess, "see_contact").await > 0, "whoever was shown was looked at");
        assert_eq!(choice(&told.body, "answers for Pip Mallow"), tess.to_string());
        let new = dsl.form(&path, &format!("given=Tess&family=Mallow&who=new&{BOND}")).await;
        assert_eq!(new.status, 303, "{}", new.body);
        let all = adults(&pages, rowan).await;
        assert!(all.len() == before + 1 && all.iter().all(|relation| relation.adult != tess), "another person of the same name");
        assert_eq!(dsl.form(&path, &format!("given=Tess&family=Mallow&who={tess}&{BOND}")).await.status, 303);
        assert!(adults(&pages, rowan).await.iter().any(|relation| relation.adult == tess), "it was said that it is her");
        let nobody = dsl.form(&path, &format!("given=No&family=Body&{BOND}")).await;
        assert!(nobody.status == 422 && nobody.body.contains("Nobody here is called so"), "{}", nobody.body);
    }

    async fn an_adult_is_ended_after_a_question_and_comes_back_unconfirmed(school) {
        let pages = Pages::of(school).await;
        let dsl = pages.signed_in(Role::Dsl).await;
        let pip = pages.larkfield.person("Pip", "Mallow").expect("a pupil");
        let adult = adults(&pages, pip).await[0].adult;
        let (contacts, end) = (format!("/people/{pip}/contacts"), format!("/people/{pip}/contacts/{adult}/end"));
        let asked = dsl.page(&end).await;
        assert!(asked.contains("From now on they see nothing of the child"), "{asked}");
        assert_eq!(dsl.form(&end, "").await.status, 409, "nobody was asked");
        let version = hidden(&asked, "version");
        assert_eq!(dsl.form(&end, &format!("version={version}")).await.status, 303);
        let name = pages.school.person(adult).await.details;
        let link = format!("href=\"/people/{adult}\"");
        assert!(asked.contains(&name.name()) && !dsl.page(&contacts).await.contains(&link));
        assert_eq!(dsl.form(&end, &format!("version={version}")).await.status, 404, "once");

        let fields = format!("given={}&family={}&{BOND}", name.given, name.family);
        let told = dsl.form(&format!("{contacts}/new"), &fields).await;
        assert_eq!(told.status, 422, "{}", told.body);
        let back = dsl.form(&format!("{contacts}/new"), &format!("{fields}&who={adult}")).await;
        assert_eq!(back.status, 303, "{}", back.body);
        let relation = adults(&pages, pip).await.into_iter().find(|relation| relation.adult == adult).expect("the two");
        assert_eq!((relation.ended, relation.may_message), (None, Held::No), "confirmed anew first");
        let again = dsl.form(&format!("{contacts}/new"), &format!("{fields}&who={adult}")).await;
        assert!(again.status == 422 && again.body.contains("stands with the child already"), "{}", again.body);
        let history = dsl.page(&format!("/people/{pip}/history")).await;
        for part in ["An adult answers for them no longer", "An adult answers for them again", &format!("Adult</strong>: {}", name.name())] {
            assert!(history.contains(part), "{part}: {history}");
        }
        // Added and ended on one day: it does not hold for the rest of the day.
        let version = hidden(&dsl.page(&end).await, "version");
        assert_eq!(dsl.form(&end, &format!("version={version}")).await.status, 303);
        assert!(!dsl.page(&contacts).await.contains(&link), "at once");
    }

    async fn an_order_that_was_lifted_stands_in_the_history_with_whom_it_was_about(school) {
        let pages = Pages::of(school).await;
        let dsl = pages.signed_in(Role::Dsl).await;
        let pip = pages.larkfield.person("Pip", "Mallow").expect("a pupil");
        let adult = adults(&pages, pip).await[0].adult;
        let path = format!("/people/{pip}/contacts/{adult}");
        assert_eq!(heed(&dsl, &path, "Must+not+collect").await, 303);
        assert_eq!(heed(&dsl, &path, "").await, 303);
        let history = dsl.page(&format!("/people/{pip}/history")).await;
        assert!(history.contains("Court order</strong>: nothing any more, before: Must not collect"), "{history}");
        let name = pages.school.person(adult).await.details.name();
        assert_eq!(history.matches(&format!("Adult</strong>: {name}")).count(), 2, "{history}");
        let telephone = async |number: &str| {
            let version = pages.school.person(pip).await.version;
            dsl.form(&format!("/people/{pip}/phone"), &format!("version={version}&phone={number}")).await.status
        };
        assert_eq!((telephone("01632+960111").await, telephone("").await), (303, 303));
        let history = dsl.page(&format!("/people/{pip}/history")).await;
        assert!(history.contains("nothing any more, before: 01632 960111"), "{history}");
    }

    async fn a_contact_is_confirmed_as_it_was_seen(school) {
        let pages = Pages::of(school).await;
        let dsl = pages.signed_in(Role::Dsl).await;
        let pip = pages.larkfield.person("Pip", "Mallow").expect("a pupil");
        let seen = adults(&pages, pip).await[0];
        let path = format!("/people/{pip}/contacts/{}", seen.adult);
        assert_eq!(heed(&dsl, &path, "Supervised+contact").await, 303, "somebody else, meanwhile");
        let confirm = async |version: i64| dsl.form(&format!("{path}/confirm"), &format!("version={version}")).await.status;
        assert_eq!((confirm(seen.version).await, confirm(seen.version + 1).await), (409, 303));
    }

    async fn a_letters_session_is_over_at_the_next_page_once_the_address_is_anothers(school) {
        let pages = Pages::of(school).await;
        let (sign_ins, now) = (&pages.office().sign_ins, morning());
        let tom = pages.larkfield.person("Tom", "Alder").expect("a parent");
        assert_eq!(mailed::ask(sign_ins, "tom.alder@home.example", now).await, 1);
        let link = mailed::links(&mailed::letters(&pages.school).await.pop().expect("a letter").1).remove(0);
        let session = mailed::open(sign_ins, &link, now).await.expect("in");
        let parent = Browser { pages: &pages, session };
        assert_eq!(parent.get("/my/agreements").await.status, 200);
        let seen = pages.school.person(tom).await;
        let email = Some(people::Email::parse("tom@elsewhere.example").expect("an address"));
        let mut unit = pages.school.unit().await;
        people::change(&mut unit, &pages.school.keys, &seen, &people::Details { email, ..seen.details.clone() }).await.expect("changed");
        unit.commit().await.expect("committed");
        let out = parent.get("/my/agreements").await;
        assert!(out.status == 303 && out.to.starts_with("/sign-in"), "{} {}", out.status, out.to);
    }
}
