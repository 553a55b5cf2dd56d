//! In an emergency: once, and all that was looked at is told, however much.

use office::emergency;
use office::people::{self, Details, Membership, Role};

use super::Pages;
use crate::world::{day, details, on_both, scope, short};

const REASON: &str = "reason=Pip+is+hurt+and+the+office+is+empty";

on_both! {
    async fn whoever_begins_twice_has_begun_once(school) {
        let pages = Pages::of(school).await;
        let teacher = pages.signed_in(Role::Teacher).await;
        let (one, other) = tokio::join!(teacher.form("/emergency", REASON), teacher.form("/emergency", REASON));
        assert_eq!((one.status, other.status), (303, 303), "{} {}", one.body, other.body);
        let all = emergency::all(pages.office().ledger.reader(), scope().organisation, 9).await.expect("read");
        assert_eq!(all.len(), 1);
        assert_eq!(teacher.form("/emergency/end", "").await.status, 303);
        pages.at("2026-11-24T09:10:00Z");
        assert_eq!(teacher.form("/emergency", REASON).await.status, 303, "another one, later");
        let all = emergency::all(pages.office().ledger.reader(), scope().organisation, 9).await.expect("read");
        assert_eq!(all.len(), 2);
    }

    async fn nobody_who_was_looked_at_is_left_out_however_many_there_were(school) {
        let pages = Pages::of(school).await;
        let mut unit = pages.school.unit().await;
        for number in 0..1_100 {
            let pupil = Details { family: short(&format!("Sedge{number}")), ..details("Sam X", Membership::Pupil) };
            people::add(&mut unit, &pupil, day("2026-09-01")).await.expect("added");
        }
        unit.commit().await.expect("committed");
        let teacher = pages.signed_in(Role::Teacher).await;
        assert_eq!(teacher.form("/emergency", REASON).await.status, 303);
        let file = teacher.page("/people.csv").await;
        let count = file.lines().count() - 1;
        assert!(count > 1_100, "{count}");
        let head = pages.signed_in(Role::Headteacher).await;
        let list = head.page("/emergencies").await;
        assert!(list.contains(&format!("and {} more", count - 10)), "{list}");
        let path = list.split("href=\"/emergencies/").nth(1).and_then(|rest| rest.split('"').next()).expect("the page of all of them");
        let all = head.page(&format!("/emergencies/{path}")).await;
        assert!(all.contains(&format!("{count} people.")), "{all}");
        for number in 0..1_100 {
            assert!(all.contains(&format!("Sam Sedge{number}<")), "{number} is left out");
        }
        assert_eq!(teacher.get(&format!("/emergencies/{path}")).await.status, 404);
        assert_eq!(head.get("/emergencies/another").await.status, 404);
    }
}
