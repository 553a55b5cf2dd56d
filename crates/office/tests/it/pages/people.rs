//! Somebody leaves and comes back, and the trail of the roles they held.

use office::people::{self, Role};

use super::{Pages, hidden};
use crate::world::{day, on_both, scope};

on_both! {
    async fn whoever_comes_back_holds_no_role_again(school) {
        let pages = Pages::of(school).await;
        let head = pages.signed_in(Role::Headteacher).await;
        let today = day("2026-11-24");
        let roles = async |person| people::roles_of(pages.office().ledger.reader(), scope(), person, today).await.expect("read");
        let left = "on-day=20&on-month=11&on-year=2026&why=Moved+away";
        let back = [("return", "on-day=24&on-month=11&on-year=2026"), ("end", "on-day=20&on-month=7&on-year=2027&why=Stays+after+all")];
        for (role, (way, fields)) in [Role::Dsl, Role::FilteringLead].into_iter().zip(back) {
            let person = pages.person_of(role);
            assert!(roles(person).await.contains(&role));
            let path = format!("/people/{person}");
            let version = hidden(&head.page(&format!("{path}/end")).await, "version");
            assert_eq!(head.form(&format!("{path}/end"), &format!("version={version}&{left}")).await.status, 303);
            assert_eq!(roles(person).await, [], "they have left");
            let page = head.page(&format!("{path}/end")).await;
            assert!(page.contains("They come back to no role"), "{page}");
            let early = format!("version={}&on-day=1&on-month=11&on-year=2026", hidden(&page, "version"));
            assert_eq!(head.form(&format!("{path}/return"), &early).await.status, 422, "before they left");
            let answer = head.form(&format!("{path}/{way}"), &format!("version={}&{fields}", hidden(&page, "version"))).await;
            assert_eq!(answer.status, 303, "{}", answer.body);
            assert_eq!(roles(person).await, [Role::SupportStaff], "{role} by {way}: what comes with being here, and nothing that was given");
            let held = people::holdings_of(pages.office().ledger.reader(), scope(), person).await.expect("read");
            let ended = held.iter().find(|holding| holding.role == role).and_then(|holding| holding.ended);
            assert_eq!(ended, Some(day("2026-11-20")), "the history stays");
            let history = head.page(&format!("{path}/history")).await;
            assert!(history.contains("A role ended"), "{history}");
        }
        let here = pages.person_of(Role::Ddsl);
        let version = pages.school.person(here).await.version;
        let answer = head.form(&format!("/people/{here}/return"), &format!("version={version}&on-day=24&on-month=11&on-year=2026")).await;
        assert!(answer.status == 422 && answer.body.contains("has not left"), "{}", answer.body);
        assert!(roles(here).await.contains(&Role::Ddsl));
    }
}
