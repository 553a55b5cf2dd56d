//! Questions, checks with a class and the declaration, on pages.

use office::people::Role;
use office::policies::{PARENT, PUPIL_KS1};

use super::Pages;
use crate::policies::in_force;
use crate::world::on_both;

const RULES: &str = "# Rules\n\nWe agree. {{clauses B-221}}";

on_both! {
    async fn a_parent_asks_and_the_officer_answers(school) {
        let pages = Pages::of(school).await;
        let parent = pages.signed_in(Role::Parent).await;
        assert!(parent.page("/questions").await.contains("There is nothing to ask about yet"));
        in_force(&pages.school, PARENT, RULES, "2026-11-20").await;
        assert!(parent.page("/my/agreements").await.contains("href=\"/questions\""));
        let wrong = parent.form("/questions", "policy=&question=").await;
        assert!(wrong.status == 422 && wrong.body.contains("Choose what you ask about") && wrong.body.contains("Write your question"));
        let asked = parent.form("/questions", &format!("policy={PARENT}&question=And+at+the+fair%3F+%3Cb%3E")).await;
        assert_eq!(asked.status, 303, "{}", asked.body);
        let own = parent.page("/questions").await;
        assert!(own.contains("And at the fair? &lt;b&gt;") && own.contains("Waits for an answer") && !own.contains("Your answer"), "{own}");

        let teacher = pages.signed_in(Role::Teacher).await;
        assert!(!teacher.page("/questions").await.contains("And at the fair"), "not what another asked");
        let lead = pages.signed_in(Role::OnlineSafetyLead).await;
        assert!(lead.page("/").await.contains("Somebody asks about the rules"));
        let page = lead.page("/questions").await;
        let id = page.split("/questions/").nth(1).and_then(|rest| rest.split('/').next()).expect("a question").to_owned();
        let answer = format!("answer-{id}=There+too.");
        assert_eq!(teacher.form(&format!("/questions/{id}/answer"), &answer).await.status, 404);
        let empty = lead.form(&format!("/questions/{id}/answer"), "").await;
        assert!(empty.status == 422 && empty.body.contains("Write what you want to say"), "{}", empty.body);
        assert_eq!(lead.form(&format!("/questions/{id}/answer"), &answer).await.status, 303);
        assert!(lead.form(&format!("/questions/{id}/answer"), &answer).await.body.contains("answered it meanwhile"), "sent twice");
        assert!(parent.page("/questions").await.contains("There too."));
        assert!(!lead.page("/").await.contains("Somebody asks about the rules"));
        assert_eq!(pages.signed_in(Role::Pupil).await.get("/questions").await.status, 404, "a pupil asks the teacher");
    }

    async fn a_teacher_says_who_of_the_class_has_understood(school) {
        let pages = Pages::of(school).await;
        in_force(&pages.school, PUPIL_KS1, RULES, "2026-11-20").await;
        let head = pages.signed_in(Role::Headteacher).await;
        let list = head.page("/agreements").await;
        let wrens = list.split("/agreements/class/").find(|rest| rest.contains(">1 Wrens<")).expect("the class");
        let class = format!("/agreements/class/{}", wrens.split('"').next().expect("an id"));
        assert!(head.page(&class).await.contains(&format!("href=\"{class}/understood\"")));
        let page = head.page(&format!("{class}/understood")).await;
        let who = page.split("name=\"understood\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a pupil").to_owned();
        let nobody = head.form(&format!("{class}/understood"), "on-day=24&on-month=11&on-year=2026").await;
        assert!(nobody.status == 422 && nobody.body.contains("Choose at least one pupil"), "{}", nobody.body);
        let ahead = head.form(&format!("{class}/understood"), &format!("understood={who}&on-day=25&on-month=11&on-year=2026")).await;
        assert!(ahead.status == 422 && ahead.body.contains("neither ahead nor before"), "{}", ahead.body);
        let good = format!("understood={who}&on-day=24&on-month=11&on-year=2026");
        assert_eq!(head.form(&format!("{class}/understood"), &good).await.status, 303);
        let done = head.page(&format!("{class}/understood")).await;
        assert!(done.contains("24 November 2026") && !done.contains(&format!("name=\"understood\" value=\"{who}\"")), "{done}");
        assert_eq!(head.form(&format!("{class}/understood"), &good).await.status, 422, "sent twice");
        assert_eq!(head.form(&format!("{class}/understood/undo"), &format!("person={who}")).await.status, 303);
        assert!(head.page(&format!("{class}/understood")).await.contains(&format!("name=\"understood\" value=\"{who}\"")));
        for outside in [Role::Parent, Role::Governor, Role::ItTechnician] {
            let other = pages.signed_in(outside).await;
            assert_eq!(other.get(&format!("{class}/understood")).await.status, 404, "{outside:?}");
            assert_eq!(other.form(&format!("{class}/understood"), &good).await.status, 404, "{outside:?}");
        }
    }

    async fn staff_say_once_a_year_that_their_accounts_are_private(school) {
        let pages = Pages::of(school).await;
        let teacher = pages.signed_in(Role::Teacher).await;
        assert!(teacher.page("/").await.contains("own accounts on social media are private"));
        let unsaid = teacher.form("/my/declaration", "").await;
        assert!(unsaid.status == 422 && unsaid.body.contains("Tick the box to say so"), "{}", unsaid.body);
        assert_eq!(teacher.form("/my/declaration", "private=yes").await.status, 303);
        assert_eq!(teacher.form("/my/declaration", "private=yes").await.status, 303, "sent twice");
        let said = teacher.page("/my/declaration").await;
        assert!(said.contains("Said this school year") && said.contains("on 24 November 2026"), "{said}");
        assert!(!teacher.page("/").await.contains("own accounts on social media are private"));
        let parent = pages.signed_in(Role::Parent).await;
        assert_eq!((parent.get("/my/declaration").await.status, parent.form("/my/declaration", "private=yes").await.status), (404, 404));
    }
}
