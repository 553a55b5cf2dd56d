//! A class's paper as a PDF, and the texts of the school as PDFs.

use office::demo;
use office::people::Role;

use super::Pages;
use crate::world::{School, morning, on_both};

/// Larkfield with its texts in force, most of them signed.
async fn in_force(school: School) -> Pages {
    let pages = Pages::of(school).await;
    let (ledger, organisation) = (&pages.office().ledger, pages.office().organisation);
    demo::sign(ledger, organisation, &pages.larkfield, morning()).await.expect("signed");
    pages
}

/// The names for which the page of a class has a form.
fn names(page: &str) -> Vec<String> {
    page.split("<strong>For ").skip(1).filter_map(|rest| rest.split_once("</strong>")).map(|(name, _)| name.to_owned()).collect()
}

on_both! {
    async fn a_class_gets_its_paper_as_one_pdf_with_each_child_found_by_name(school) {
        let pages = in_force(school).await;
        let secretary = pages.signed_in(Role::SupportStaff).await;
        let mut printed = 0;
        for (name, class) in pages.larkfield.classes() {
            let path = format!("/agreements/class/{class}/paper");
            let open = names(&secretary.page(&path).await);
            if open.is_empty() {
                continue;
            }
            let answer = secretary.get(&format!("{path}.pdf")).await;
            assert!(answer.status == 200 && answer.bytes.starts_with(b"%PDF-"), "{name}: {}", answer.body);
            for child in &open {
                // As a bookmark.
                assert_eq!(answer.body.matches(&format!("/Title({child})")).count(), 1, "{child} of {name}");
            }
            printed += open.len();
        }
        assert!(printed > 0, "somebody still has to sign");
    }

    async fn whoever_prints_a_class_has_looked_at_its_pupils_and_who_may_not_gets_nothing(school) {
        let pages = in_force(school).await;
        let secretary = pages.signed_in(Role::SupportStaff).await;
        let (pip, class) = (pages.larkfield.person("Pip", "Mallow").expect("a pupil"), pages.larkfield.class("1 Wrens").expect("a class"));
        let reader = pages.office().ledger.reader();
        let before = crate::store::looks(reader, pip, "enter_signature").await;
        let answer = secretary.get(&format!("/agreements/class/{class}/paper.pdf?large=yes")).await;
        assert!([200, 422].contains(&answer.status), "{}", answer.body);
        assert!(crate::store::looks(reader, pip, "enter_signature").await > before, "it is recorded");
        let governor = pages.signed_in(Role::ResponsibleGovernor).await;
        assert_eq!(governor.get(&format!("/agreements/class/{class}/paper.pdf")).await.status, 404);
        assert_eq!(secretary.get("/agreements/class/nothing/paper.pdf").await.status, 404);
    }

    async fn a_text_in_force_is_had_as_a_pdf_and_a_draft_is_not(school) {
        let pages = in_force(school).await;
        let lead = pages.signed_in(Role::OnlineSafetyLead).await;
        let own = lead.get("/policies/staff-agreement/1/text.pdf").await;
        assert!(own.status == 200 && own.bytes.starts_with(b"%PDF-"), "{}", own.body);
        let large = lead.get("/policies/staff-agreement/1/text.pdf?large=yes").await;
        assert!(large.status == 200 && large.bytes != own.bytes, "{}", large.body);
        assert!(lead.page("/policies/staff-agreement/1").await.contains("/policies/staff-agreement/1/text.pdf?large=yes"));
        assert_eq!(lead.get("/policies/staff-agreement/9/text.pdf").await.status, 404);
        assert_eq!(lead.get("/policies/nothing/1/text.pdf").await.status, 404);
    }
}
