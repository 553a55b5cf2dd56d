//! What has its day soon, on the first page.

use office::agreements::{self, NewSuspension};
use office::people::{self, Duties, NewHolding, Role, SupplierDetails};
use office::policies::ONLINE_SAFETY;

use super::Pages;
use crate::policies::in_force;
use crate::world::{day, on_both, short};

/// The part of the first page that says what comes up; empty where there is none.
fn part(page: &str) -> &str {
    page.split("Coming up</h2>").nth(1).and_then(|rest| rest.split("<h2").next()).unwrap_or_default()
}

on_both! {
    async fn what_has_its_day_soon_stands_on_the_first_page_of_whom_it_concerns(school) {
        let pages = Pages::of(school).await;
        // Reviewed again by 24 November 2027.
        in_force(&pages.school, ONLINE_SAFETY, "# Policy\n\nWe say. {{clauses A-001}}", "2026-11-24").await;
        let governor = pages.person_of(Role::SupportStaff);
        let mut unit = pages.school.unit().await;
        let term = NewHolding {
            person: governor,
            role: Role::OnlineSafetyLead,
            duties: Duties::NONE,
            authority: None,
            started: day("2026-09-01"),
            ended: Some(day("2026-12-31")),
        };
        people::give_role(&mut unit, &term).await.expect("given");
        let details = SupplierDetails {
            name: short("Hedge IT"),
            services: short("IT support"),
            contact: None,
            policy: None,
            accepted: None,
            review: Some(day("2026-11-20")),
            owner: None,
        };
        people::add_supplier(&mut unit, &details, day("2026-09-01")).await.expect("added");
        unit.commit().await.expect("committed");
        let name = pages.school.person(governor).await.details.name();
        let head = pages.signed_in(Role::Headteacher).await.page("/").await;
        let head = part(&head).to_owned();
        let (supplier, rest) = head.split_once("Hedge IT: the arrangement is looked at again").expect("the supplier");
        assert!(!supplier.contains(&name) && rest.contains("Overdue") && rest.contains("By 20 November 2026"), "the earliest first: {head}");
        assert!(rest.contains(&format!("{name}: the last day as online safety lead")) && rest.contains("By 31 December 2026"), "{head}");
        assert!(!head.contains("its review"), "it has a year: {head}");
        let governor = pages.signed_in(Role::Governor).await.page("/").await;
        assert!(part(&governor).contains("Somebody: the last day as online safety lead") && !part(&governor).contains(&name), "{governor}");
        let rowan = pages.larkfield.person("Rowan", "Ragwort").expect("a pupil");
        let mut unit = pages.school.unit().await;
        let suspension = NewSuspension { person: rowan, reason: "x", from: day("2026-11-24"), until: day("2026-12-04"), review: day("2026-11-27") };
        agreements::suspend(&mut unit, &pages.school.keys, &suspension).await.expect("suspended");
        unit.commit().await.expect("committed");
        let line = "Rowan Ragwort: whether the internet comes back";
        let seen_by = async |role| part(&pages.signed_in(role).await.page("/").await).to_owned();
        let head = seen_by(Role::Headteacher).await;
        assert!(head.contains(line) && head.contains("By 27 November 2026"), "{head}");
        assert!(!seen_by(Role::Teacher).await.contains(line) && !seen_by(Role::Governor).await.contains(line), "no matter of theirs");
        let parent = pages.signed_in(Role::Parent).await.page("/").await;
        assert_eq!(part(&parent), "", "nothing of it concerns parents");

        pages.at("2027-11-15T09:00:00Z");
        let later = pages.signed_in(Role::Headteacher).await.page("/").await;
        assert!(part(&later).contains("Online safety policy: its review") && part(&later).contains("Soon"), "{}", part(&later));
        assert!(!part(&later).contains(&name), "the term is over");
    }
}
