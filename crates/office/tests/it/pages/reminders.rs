//! Whoever is to sign is reminded from the list, and when a text was opened is kept and shown.

use office::people::{self, Membership, Role, Short};
use office::policies::{ONLINE_SAFETY, PARENT, STAFF};

use super::{Pages, hidden};
use crate::mailed::letters;
use crate::policies::in_force;
use crate::world::{day, on_both, scope};

const TEXT: &str = "# Rules\n\nWe agree. {{clauses B-093}}";

on_both! {
    async fn those_found_are_reminded_and_the_page_says_who_needs_paper(school) {
        let pages = Pages::of(school).await;
        in_force(&pages.school, PARENT, TEXT, "2026-11-20").await;
        let head = pages.signed_in(Role::Headteacher).await;
        let list = "/agreements?show=asks&who=pupils&find=ragwort";
        let before = head.page(list).await;
        assert!(before.contains("Remind these now") && before.contains("for 1 person of those found"), "{before}");
        assert!(!before.contains("last on"), "{before}");
        let done = head.form("/agreements/remind", "show=asks&who=pupils&find=ragwort").await;
        assert_eq!(done.status, 303, "{}", done.body);
        let said = head.page(&done.to).await;
        assert!(said.contains("1 letter leaves for 1 person") && said.contains("once, last on 24 November 2026"), "{said}");
        let sent = letters(&pages.school).await;
        assert!(sent.len() == 1 && sent[0].0 == "kit.ragwort@home.example" && !sent[0].1.contains("Rowan"), "the parent with whom Rowan lives: {sent:?}");
        assert!(sent[0].1.contains("https://school.example/my/agreements"), "{sent:?}");
        let again = head.form("/agreements/remind", "show=asks&who=pupils&find=ragwort").await;
        let said = head.page(&again.to).await;
        assert!(said.contains("No letter has left") && said.contains("1 was reminded today already"), "{said}");
        assert!(letters(&pages.school).await.is_empty());
        let table = head.page(&format!("/agreements.csv?{}", list.split_once('?').expect("a query").1)).await;
        assert!(table.contains("2026-11-24") && table.contains("Times reminded"), "{table}");

        let rowan = pages.larkfield.person("Rowan", "Ragwort").expect("a pupil");
        assert!(head.page(&format!("/agreements/person/{rowan}")).await.contains("Reminded by mail once, last on 24 November 2026."));
        let parent = pages.signed_in(Role::Parent).await;
        assert!(!parent.page(&format!("/agreements/person/{rowan}")).await.contains("Reminded by mail"), "it may be another adult's letter");

        // A child for whom nobody can be written to.
        let mut unit = pages.school.unit().await;
        let name = |text| Short::parse(text).expect("a name");
        let alone = people::Details::new(name("Pim"), name("Zander"), Membership::Pupil);
        people::add(&mut unit, &alone, day("2026-09-01")).await.expect("added");
        unit.commit().await.expect("committed");
        let done = head.form("/agreements/remind", "find=zander").await;
        let said = head.page(&done.to).await;
        assert!(said.contains("No letter has left") && said.contains("1 needs paper"), "{said}");
        let paper = head.page("/agreements?show=paper&who=pupils").await;
        assert!(paper.contains("Pim Zander") && !paper.contains("Rowan Ragwort"), "{paper}");
    }

    async fn a_teacher_reminds_the_own_class_and_no_other_and_a_governor_nobody(school) {
        let pages = Pages::of(school).await;
        in_force(&pages.school, PARENT, TEXT, "2026-11-20").await;
        let teacher = pages.signed_in(Role::Teacher).await;
        let own = teacher.page("/agreements?show=asks").await;
        assert!(own.contains("Remind these now"), "{own}");
        assert_eq!(teacher.form("/agreements/remind", "show=asks").await.status, 303);
        let own = letters(&pages.school).await;
        let head = pages.signed_in(Role::Headteacher).await;
        assert_eq!(head.form("/agreements/remind", "show=asks").await.status, 303);
        let others = letters(&pages.school).await;
        assert!(!own.is_empty() && own.len() < others.len(), "{} {}", own.len(), others.len());
        assert!(others.iter().all(|(to, _)| own.iter().all(|(known, _)| known != to)), "nobody has two on one day");
        for role in [Role::Governor, Role::Parent, Role::Pupil, Role::OnlineSafetyLead] {
            let other = pages.signed_in(role).await;
            assert_eq!(other.form("/agreements/remind", "show=asks").await.status, 404, "{role}");
        }
    }

    async fn how_many_have_signed_is_shown_in_per_cent(school) {
        let pages = Pages::of(school).await;
        let head = pages.signed_in(Role::Headteacher).await;
        let none = head.page("/agreements").await;
        assert!(none.contains("Staff: no text is in force"), "{none}");
        office::demo::sign(&pages.school.ledger, scope().organisation, &pages.larkfield, crate::world::morning()).await.expect("signed");
        let page = head.page("/agreements").await;
        let row = |who: &str| {
            let (_, rest) = page.split_once(&format!("<li>{who}: ")).expect(who);
            let said = rest.split('.').next().expect("a sentence");
            said.split([' ', ',']).filter_map(|word| word.parse::<usize>().ok()).collect::<Vec<_>>()
        };
        let (staff, pupils, helpers) = (row("Staff"), row("Pupils"), row("Volunteers and contractors"));
        assert!(staff[0] == staff[1] && staff[2] == 100, "{staff:?}");
        assert!(pupils[0] < pupils[1] && pupils[2] == pupils[0] * 100 / pupils[1] && pupils[2] > 50, "{pupils:?}");
        assert!(helpers[0] < helpers[1], "the contractors have not: {helpers:?}");
        // Of the own class alone.
        let teacher = pages.signed_in(Role::Teacher).await.page("/agreements").await;
        assert!(teacher.contains("<li>Pupils: ") && !teacher.contains("<li>Governors: "), "{teacher}");
        assert!(!teacher.contains(&format!("Pupils: {} of {}", pupils[0], pupils[1])), "{teacher}");
    }

    async fn when_a_text_was_opened_is_kept_once_and_nobody_signs_what_they_have_not_opened(school) {
        let pages = Pages::of(school).await;
        for policy in [ONLINE_SAFETY, STAFF] {
            in_force(&pages.school, policy, TEXT, "2026-11-20").await;
        }
        let who = pages.school.add("Ash Newly", Membership::Staff).await;
        let mut unit = pages.school.unit().await;
        let holding = people::NewHolding { person: who, role: Role::Teacher, duties: people::Duties::NONE, authority: None, started: day("2026-09-01"), ended: None };
        people::give_role(&mut unit, &holding).await.expect("given");
        unit.commit().await.expect("committed");
        let (ash, head) = (pages.signed_in_as(who, "ash").await, pages.signed_in(Role::Headteacher).await);
        let (own, of_person) = (format!("/my/agreements/{STAFF}/{who}"), format!("/agreements/person/{who}"));
        assert!(!head.page(&of_person).await.contains("was opened on"));
        // A page that was never opened, and the number of its version from elsewhere.
        let version = office::policies::current(pages.school.ledger.reader(), scope().organisation, STAFF).await.expect("read").expect("a text");
        let yes = format!("version={}&read=yes&name=Ash+Newly&answer=yes", version.id);
        let unread = ash.form(&own, &yes).await;
        assert!(unread.status == 422 && unread.body.contains("You have not opened this text yet") && unread.body.contains("We agree"), "{}", unread.body);

        let page = ash.page(&format!("/my/agreements/{ONLINE_SAFETY}/{who}")).await;
        let count = async || ledger::store::revision(pages.school.ledger.reader(), scope().organisation).await.expect("read");
        let before = count().await;
        ash.page(&own).await;
        ash.page(&own).await;
        assert_eq!(count().await, before, "a page that is looked at again writes nothing");
        pages.at("2026-11-25T09:00:00Z");
        let (ash, head) = (pages.signed_in_as(who, "ash").await, pages.signed_in(Role::Headteacher).await);
        let other = format!("version={}&read=yes&name=Ash+Newly&answer=yes", hidden(&page, "version"));
        assert_eq!(ash.form(&format!("/my/agreements/{ONLINE_SAFETY}/{who}"), &other).await.status, 303);
        assert_eq!(ash.form(&own, &yes).await.status, 303, "it was read now");
        let seen = head.page(&of_person).await;
        assert_eq!(seen.matches("Version 1 was opened on 24 November 2026.").count(), 2, "{seen}");
        let new = head.page("/agreements/starters?show=all&who=staff").await;
        assert!(new.contains("Version 1 was opened on 24 November 2026."), "{new}");
    }

    async fn what_a_parent_opened_stands_with_the_child_and_not_for_the_other_parent(school) {
        let pages = Pages::of(school).await;
        in_force(&pages.school, PARENT, TEXT, "2026-11-20").await;
        let (tilly, of) = (pages.larkfield.person("Tilly", "Foxglove").expect("a pupil"), |given| pages.larkfield.person(given, "Foxglove").expect("a parent"));
        let (jess, nat) = (pages.signed_in_as(of("Jess"), "jess").await, pages.signed_in_as(of("Nat"), "nat").await);
        jess.page(&format!("/my/agreements/{PARENT}/{tilly}")).await;
        let (head, path) = (pages.signed_in(Role::Headteacher).await, format!("/agreements/person/{tilly}"));
        let is_shown = |page: String| page.contains("Version 1 was opened on 24 November 2026.");
        assert!(is_shown(head.page(&path).await) && is_shown(jess.page(&path).await));
        assert!(!is_shown(nat.page(&path).await), "when the other opened it is theirs");
    }
}
