//! Duties, names and numbers: whoever saves second is told, and writes over nothing.

use office::people::{self, Role};

use super::{Pages, hidden};
use crate::world::{day, on_both, scope};

on_both! {
    async fn whoever_gives_a_duty_second_is_told(school) {
        let pages = Pages::of(school).await;
        let head = pages.signed_in(Role::Headteacher).await;
        let path = "/duties/online_safety";
        let seen = hidden(&head.page(path).await, "seen").replace(' ', "+");
        let give = async |lead: &str| head.form(path, &format!("seen={seen}&accountable=headteacher&lead={lead}&day_to_day=dsl")).await.status;
        assert_eq!((give("ddsl").await, give("online_safety_lead").await), (303, 409));
        let rows = people::matrix(pages.office().ledger.reader(), scope(), day("2026-11-24")).await.expect("read");
        assert_eq!(rows.iter().find(|row| row.duty.word == "online_safety").map(|row| row.roles.lead), Some(Role::Ddsl));
        let now = hidden(&head.page(path).await, "seen").replace(' ', "+");
        let fields = format!("seen={now}&accountable=headteacher&lead=dsl&day_to_day=dsl");
        assert_eq!(head.form(path, &fields).await.status, 303, "whoever has looked again saves");
    }

    async fn whoever_names_a_role_second_is_told(school) {
        let pages = Pages::of(school).await;
        let head = pages.signed_in(Role::Headteacher).await;
        let path = "/names/ddsl";
        let look = async || hidden(&head.page(path).await, "seen").replace(' ', "+");
        let first = look().await;
        let name = async |seen: &str, fields: &str| head.form(path, &format!("seen={seen}&{fields}")).await.status;
        assert_eq!(name(&first, "own=Deputy+lead&least=1").await, 303);
        assert_eq!(name(&first, "own=&least=3").await, 409, "the number is of the same page");
        let second = look().await;
        assert_eq!(name(&second, "own=Deputy+lead&least=2").await, 303);
        assert_eq!(name(&second, "own=Second+lead&least=1").await, 409);
        assert_eq!(name(&second, "own=&least=1").await, 409, "nor is it taken back unseen");
        let reader = pages.office().ledger.reader();
        assert_eq!(people::aliases(reader, scope()).await.expect("read"), [("ddsl".to_owned(), "Deputy lead".to_owned())]);
        assert_eq!(people::minimums(reader, scope()).await.expect("read").get(&Role::Ddsl), Some(&2));
        assert_eq!(name(&look().await, "own=&least=2").await, 303);
        assert_eq!(people::aliases(reader, scope()).await.expect("read"), []);
        assert_eq!(name(&look().await, "own=&least=2").await, 303, "nothing is new, and nothing is changed");
    }
}
