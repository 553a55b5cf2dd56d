//! What has changed lately, on the first page: each role sees what concerns it and what it may see.

use calendar::Date;
use ids::PersonId;
use office::people::{self, Duties, NewHolding, Role};
use office::policies::{ONLINE_SAFETY, PARENT, STAFF, VOLUNTEER};
use office::settings;

use super::Pages;
use crate::policies::in_force;
use crate::world::{School, day, on_both, scope};

const NOTHING: &str = "Nothing has changed in the last 30 days";

/// The part of the first page that says what has changed.
fn part(page: &str) -> &str {
    page.split("What changed</h2>").nth(1).and_then(|rest| rest.split("<h2").next()).expect("what changed")
}

async fn seen_by(pages: &Pages, role: Role) -> String {
    part(&pages.signed_in(role).await.page("/").await).to_owned()
}

async fn set(school: &School, word: &str, value: i64) {
    let mut unit = school.unit().await;
    settings::set(&mut unit, settings::find(word).expect("a setting"), 0, value, "We promise it.").await.expect("set");
    unit.commit().await.expect("committed");
}

/// Somebody begins to lead online safety beside the other, and whoever leads filtering has ended.
async fn turn(pages: &Pages, began: Date, ended: Date) -> (PersonId, PersonId) {
    let (new, old) = (pages.person_of(Role::SupportStaff), pages.person_of(Role::FilteringLead));
    let held = people::holdings_of(pages.office().ledger.reader(), scope(), old).await.expect("read");
    let held = held.iter().find(|holding| holding.role == Role::FilteringLead).expect("it is held");
    let mut unit = pages.school.unit().await;
    let holding =
        NewHolding { person: new, role: Role::OnlineSafetyLead, duties: Duties::NONE, authority: None, started: began, ended: None };
    people::give_role(&mut unit, &holding).await.expect("given");
    people::end_role(&mut unit, held, ended).await.expect("ended");
    unit.commit().await.expect("committed");
    (new, old)
}

async fn name(pages: &Pages, person: PersonId) -> String {
    pages.school.person(person).await.details.name()
}

/// The links of a part, in order.
fn links(part: &str) -> Vec<&str> {
    part.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

on_both! {
    async fn each_role_sees_what_changed_for_it_and_a_governor_nobodys_name(school) {
        let pages = Pages::of(school).await;
        let all = [Role::Headteacher, Role::Governor, Role::Teacher, Role::Pupil, Role::Parent];
        for role in all {
            let part = seen_by(&pages, role).await;
            assert!(part.contains(NOTHING), "{role}: {part}");
        }
        for (policy, on) in [(PARENT, "2026-11-20"), (ONLINE_SAFETY, "2026-11-21"), (STAFF, "2026-11-19")] {
            in_force(&pages.school, policy, "# Rules\n\nWe agree. {{clauses B-093}}", on).await;
        }
        set(&pages.school, "gate_pupils", 2).await;
        let (new, old) = turn(&pages, day("2026-11-23"), day("2026-11-22")).await;
        let (new_name, old_name) = (name(&pages, new).await, name(&pages, old).await);
        let reader = pages.office().ledger.reader();
        let looked = async || crate::store::looks(reader, new, "see_holdings").await + crate::store::looks(reader, old, "see_holdings").await;

        let before = looked().await;
        let governor = seen_by(&pages, Role::Governor).await;
        assert!(governor.contains("1 person is now online safety lead") && governor.contains("1 person is no longer"), "{governor}");
        assert!(!governor.contains(&new_name) && !governor.contains(&old_name), "{governor}");
        assert_eq!(looked().await, before, "nobody was shown");

        let head = seen_by(&pages, Role::Headteacher).await;
        assert_eq!(
            links(&head),
            ["/settings/gate_pupils", "/roles", "/roles", "/policies/online-safety-policy", "/policies/parent-agreement", "/policies/staff-agreement"],
            "the newest first"
        );
        for said in [
            format!("{new_name} is now online safety lead"),
            format!("{old_name} is no longer"),
            "Pupils: the internet hangs on the agreement: now enforce".to_owned(),
            "Online safety policy: version 1 is in force".to_owned(),
            "24 November 2026".to_owned(),
        ] {
            assert!(head.contains(&said), "{said}: {head}");
        }
        assert_eq!(looked().await, before + 2, "whoever was named was looked at");

        let teacher = seen_by(&pages, Role::Teacher).await;
        assert!(links(&teacher).iter().all(|link| !link.starts_with("/settings")) && teacher.contains(&new_name), "{teacher}");
        let pupil = seen_by(&pages, Role::Pupil).await;
        assert_eq!(links(&pupil), ["/my/agreements", "/published/online-safety-policy", "/my/agreements"]);
        assert!(pupil.contains("You have the internet at school once the agreement is signed"), "{pupil}");
        let parent = seen_by(&pages, Role::Parent).await;
        assert_eq!(links(&parent), links(&pupil));
        assert!(parent.contains("Your child has the internet at school once the agreement is signed"), "{parent}");
        // What is published opens to anybody, and is not behind this router.
        for role in all {
            let browser = pages.signed_in(role).await;
            for link in links(part(&browser.page("/").await)).into_iter().filter(|link| !link.starts_with("/published/")) {
                assert_eq!(browser.get(link).await.status, 200, "{link} as {role}");
            }
        }
    }

    async fn what_is_older_than_thirty_days_is_gone_and_seven_lines_are_the_most(school) {
        let pages = Pages::of(school).await;
        turn(&pages, day("2026-11-23"), day("2026-11-22")).await;
        for (word, value) in [
            ("gate_pupils", 2), ("gate_staff", 2), ("policy_review", 6), ("patches", 7), ("traffic_logs", 6), ("takedown", 2), ("log_release", 4),
        ] {
            set(&pages.school, word, value).await;
        }
        let head = seen_by(&pages, Role::Headteacher).await;
        assert_eq!(links(&head).len(), 7);
        assert!(links(&head).iter().all(|link| link.starts_with("/settings/")), "the oldest are left out: {head}");
        pages.at("2026-12-24T09:00:00Z");
        assert_eq!(links(&seen_by(&pages, Role::Headteacher).await).len(), 7, "the thirtieth day");
        assert!(seen_by(&pages, Role::Teacher).await.contains("You have the internet at school once the agreement is signed"));
        pages.at("2026-12-25T09:00:00Z");
        assert!(seen_by(&pages, Role::Headteacher).await.contains(NOTHING));
    }

    async fn a_whole_shelf_that_comes_into_force_at_once_is_one_line(school) {
        let pages = Pages::of(school).await;
        for policy in [PARENT, ONLINE_SAFETY, STAFF, VOLUNTEER] {
            in_force(&pages.school, policy, "# Rules\n\nWe agree. {{clauses B-093}}", "2026-11-20").await;
        }
        let head = seen_by(&pages, Role::Headteacher).await;
        assert_eq!(links(&head), ["/policies"], "{head}");
        assert!(head.contains("Online safety policy, Staff and governor agreement and 2 other texts are in force"), "{head}");
        assert_eq!(links(&seen_by(&pages, Role::Parent).await).len(), 2, "what is theirs, each by itself");
    }
}
