//! A file of people is taken in once.

use office::people::{self, Role};

use super::{Pages, hidden};
use crate::world::{on_both, scope};

on_both! {
    async fn whoever_presses_twice_has_begun_once(school) {
        let pages = Pages::of(school).await;
        let head = pages.signed_in(Role::Headteacher).await;
        let file = "UPN,Forename,Surname,Year\nQ1,Juno,Sorrel,3\nQ2,Ivo,Dock,4\n";
        assert_eq!(head.give(&[("membership", "pupil")], file).await.status, 303);
        assert!(head.page("/people/import/check").await.contains("Juno Sorrel"));
        let (one, other) = tokio::join!(head.form("/people/import/apply", ""), head.form("/people/import/apply", ""));
        let begun: Vec<&str> = [&one, &other].into_iter().filter(|answer| answer.status == 303).map(|answer| answer.to.as_str()).collect();
        assert_eq!(begun.len(), 1, "{} {}", one.body, other.body);
        let run = head.finished(begun[0]).await;
        assert!(run.contains("It is done"), "{run}");
        assert_eq!(people::runs(pages.office().ledger.reader(), scope(), 10).await.expect("read").len(), 1);
        assert_eq!(pages.office().imports.files(), 0, "nothing of the file is left");
        let none = head.form("/people/import/apply", "").await;
        assert!(none.status == 422 && none.body.contains("Give it again"), "{}", none.body);
        assert_eq!(head.give(&[("membership", "pupil")], file).await.status, 303, "and the next one can be given");
        assert_eq!(head.form("/people/import/apply", "").await.status, 303);
    }

    async fn a_file_with_more_columns_than_a_page_can_ask_about_is_refused(school) {
        let pages = Pages::of(school).await;
        let head = pages.signed_in(Role::Headteacher).await;
        let columns: Vec<String> = (0..251).map(|number| format!("column{number}")).collect();
        let told = head.give(&[("membership", "pupil")], &format!("{}\n", columns.join(","))).await;
        assert!(told.status == 422 && told.body.contains("251 columns"), "{}", told.body);
    }

    async fn a_role_is_ended_once(school) {
        let pages = Pages::of(school).await;
        let head = pages.signed_in(Role::Headteacher).await;
        let path = format!("/people/{}", pages.person_of(Role::OnlineSafetyLead));
        let page = head.page(&path).await;
        let holding = hidden(&page, "holding");
        let end = async || head.form(&format!("{path}/role/end"), &format!("holding={holding}")).await.status;
        assert_eq!(end().await, 303);
        assert_eq!(end().await, 409, "it has ended, and its last day stays as it was set");
    }
}
