//! Copies that were asked for, and what new starters were given, on pages.

use office::people::Role;
use office::policies::ONLINE_SAFETY;

use super::{Pages, hidden};
use crate::policies::in_force;
use crate::world::on_both;

on_both! {
    async fn a_copy_is_asked_for_sent_and_taken_back(school) {
        let pages = Pages::of(school).await;
        in_force(&pages.school, ONLINE_SAFETY, "# Policy\n\nWe say. {{clauses A-001}}", "2026-11-20").await;
        let office = pages.signed_in(Role::SupportStaff).await;
        assert!(office.page("/policies").await.contains("href=\"/policies/copies\""));
        let empty = office.page("/policies/copies").await;
        assert!(empty.contains("Nobody has asked yet") && empty.contains("within 5 school days"), "{empty}");
        let wrong = office.form("/policies/copies", "policy=&form=&asked-day=31&asked-month=12&asked-year=2026").await;
        assert_eq!(wrong.status, 422);
        for said in ["Choose what was asked for", "Choose in which form", "The day must not lie ahead"] {
            assert!(wrong.body.contains(said), "{said}: {}", wrong.body);
        }
        let asked = format!("policy={ONLINE_SAFETY}&form=large&note=Polish&asked-day=24&asked-month=11&asked-year=2026");
        assert_eq!(office.form("/policies/copies", &asked).await.status, 303);
        let open = office.page("/policies/copies").await;
        assert!(open.contains("1 is to be sent") && open.contains("29 November 2026") && open.contains("Polish"), "{open}");
        assert!(office.page("/").await.contains("Online safety policy: a copy is to be sent"));
        let about = |page: &str, what: &str| format!("request={}&seen={}&do={what}", hidden(page, "request"), hidden(page, "seen"));
        assert_eq!(office.form("/policies/copies/sent", &about(&open, "sent")).await.status, 303);
        assert_eq!(office.form("/policies/copies/sent", &about(&open, "sent")).await.status, 409, "an old page");
        let done = office.page("/policies/copies").await;
        assert!(done.contains("All have left") && done.contains("Not sent after all"), "{done}");
        assert_eq!(office.form("/policies/copies/sent", &about(&done, "undo")).await.status, 303);
        assert!(office.page("/policies/copies").await.contains("1 is to be sent"));
        let teacher = pages.signed_in(Role::Teacher).await;
        assert_eq!(teacher.get("/policies/copies").await.status, 404);
        assert!(!teacher.page("/policies").await.contains("/policies/copies"));
    }

    async fn new_starters_are_ticked_and_taken_back(school) {
        let pages = Pages::of(school).await;
        in_force(&pages.school, ONLINE_SAFETY, "# Policy\n\nWe say. {{clauses A-001}}", "2026-11-20").await;
        let head = pages.signed_in(Role::Headteacher).await;
        assert!(head.page("/agreements").await.contains("href=\"/agreements/starters\""));
        let page = head.page("/agreements/starters").await;
        let who = page.split("name=\"given\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a new starter").to_owned();
        let none = head.form("/agreements/starters", "on-day=24&on-month=11&on-year=2026").await;
        assert!(none.status == 422 && none.body.contains("Choose who was given it"), "{}", none.body);
        let ahead = head.form("/agreements/starters", &format!("given={who}&on-day=25&on-month=11&on-year=2026")).await;
        assert!(ahead.status == 422 && ahead.body.contains("neither ahead nor more than a year"), "{}", ahead.body);
        let given = format!("given={who}&on-day=24&on-month=11&on-year=2026");
        assert_eq!(head.form("/agreements/starters", &given).await.status, 303);
        assert_eq!(head.form("/agreements/starters", &given).await.status, 303, "sent twice");
        let all = head.page("/agreements/starters?show=all").await;
        assert!(all.contains("On 24 November 2026: Online safety policy, version 1") && !all.contains(&format!("name=\"given\" value=\"{who}\"")), "{all}");
        assert!(!head.page("/agreements/starters").await.contains(&who), "nothing is left to give");
        assert_eq!(head.form("/agreements/starters/undo", &format!("person={who}")).await.status, 303);
        assert!(head.page("/agreements/starters").await.contains(&who));
        let parent = pages.signed_in(Role::Parent).await;
        assert_eq!((parent.get("/agreements/starters").await.status, parent.form("/agreements/starters", &given).await.status), (404, 404));
    }
}
