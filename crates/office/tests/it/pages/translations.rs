//! A text in the language of those who sign it: written, checked, read, kept with the signature and printed.

use ids::PersonId;
use office::agreements;
use office::people::Role;
use office::policies::{self, ONLINE_SAFETY, PARENT, Version};

use super::{Browser, Pages, hidden, published};
use crate::policies::in_force;
use crate::world::{on_both, scope};

const ENGLISH: &str = "# Rules of {{school}}\n\nWe ask first. {{clauses B-093}}";
const POLISH: &str = "# Zasady: {{school}}\n\nNajpierw pytamy. {{clauses B-093}}";
const URDU: &str = "# قواعد\n\nہم پہلے پوچھتے ہیں۔";

/// Where the version of a policy that has been written is seen.
async fn written(by: &Browser<'_>, version: &Version, language: &str, source: &str) -> String {
    let path = format!("/policies/{}/translate", version.policy);
    let number = version.number.to_string();
    let form = by.page(&format!("{path}?version={number}&language={language}")).await;
    let seen = hidden(&form, "seen").replace("%20", " ");
    let answer = by.upload(&path, &[("version", &number), ("language", language), ("source", source), ("seen", &seen)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.to
}

async fn step(by: &Browser<'_>, page: &str, what: &str) -> u16 {
    let seen = hidden(&by.page(page).await, "seen");
    by.form(&format!("{page}/{what}"), &format!("seen={seen}")).await.status
}

/// A translation that somebody has written and somebody else has checked.
async fn checked(pages: &Pages, version: &Version, language: &str, source: &str) -> String {
    let page = written(&pages.signed_in(Role::OnlineSafetyLead).await, version, language, source).await;
    assert_eq!(step(&pages.signed_in(Role::Headteacher).await, &page, "check").await, 303);
    page
}

/// Anna Dabrowski, who speaks Polish, and where she signs for Zofia.
async fn anna(pages: &Pages) -> (Browser<'_>, String) {
    let (anna, zofia) = (somebody(pages, "Anna", "Dabrowski"), somebody(pages, "Zofia", "Dabrowski"));
    (pages.signed_in_as(anna, "anna").await, format!("/my/agreements/{PARENT}/{zofia}"))
}

fn somebody(pages: &Pages, given: &str, family: &str) -> PersonId {
    pages.larkfield.person(given, family).expect("somebody")
}

/// What is sent when the text of this page is signed.
fn signed(page: &str) -> String {
    let translation = if page.contains("name=\"translation\"") { hidden(page, "translation") } else { String::new() };
    format!("version={}&translation={translation}&read=yes&name=Anna+Dabrowski&answer=yes", hidden(page, "version"))
}

on_both! {
    async fn nobody_is_shown_a_translation_that_nobody_else_has_checked(school) {
        let pages = Pages::of(school).await;
        let version = in_force(&pages.school, PARENT, ENGLISH, "2026-11-20").await;
        let lead = pages.signed_in(Role::OnlineSafetyLead).await;
        let form = format!("/policies/{PARENT}/translate");
        assert!(lead.page(&format!("/policies/{PARENT}")).await.contains(&format!("href=\"{form}?version=1\"")));
        assert!(lead.page(&format!("{form}?version=1")).await.contains("value=\"pl\""));
        let empty = lead.page(&format!("{form}?version=1&language=ur")).await;
        assert!(empty.contains("lang=\"ur\" dir=\"rtl\"") && empty.contains("We ask first. {{clauses B-093}}"), "it begins with the English: {empty}");
        for (source, told) in [
            ("# T\n\n<b>x</b>", "Line 3: HTML"),
            ("x", "one heading"),
            ("# T\n\nx {{clauses B-093 B-094}}", "does not state B-094"),
            ("# T\n\n{{holder.dsl}}", "has no {{holder.dsl}}"),
        ] {
            let wrong = lead.upload(&form, &[("version", "1"), ("language", "pl"), ("source", source), ("seen", "")]).await;
            assert!(wrong.status == 422 && wrong.body.contains(told), "{source}: {}", wrong.body);
        }
        let page = written(&lead, &version, "pl", POLISH).await;
        let stale = lead.upload(&form, &[("version", "1"), ("language", "pl"), ("source", POLISH), ("seen", "")]).await;
        assert!(stale.status == 409 && stale.body.contains("Yours is kept below"), "{}", stale.body);
        let unchecked = lead.page(&page).await;
        assert!(unchecked.contains("Nobody has checked it") && unchecked.contains("somebody else checks it"), "{unchecked}");
        let (anna, sign) = anna(&pages).await;
        for asked in ["", "?lang=pl"] {
            let shown = anna.page(&format!("{sign}{asked}")).await;
            assert!(shown.contains("We ask first.") && !shown.contains("pytamy") && !shown.contains("Polski"), "{shown}");
        }
        let refused = lead.form(&format!("{page}/check"), "seen=0").await;
        assert!(refused.status == 422 && refused.body.contains("does not check it"), "{}", refused.body);
        let teacher = pages.signed_in(Role::Teacher).await;
        assert!(!teacher.page(&page).await.contains("<form"), "whoever works here sees it, and no more");
        for what in ["check", "withdraw"] {
            assert_eq!(teacher.form(&format!("{page}/{what}"), "seen=0").await.status, 404, "{what}");
        }
        assert_eq!(teacher.get(&format!("{form}?version=1")).await.status, 404);
        let head = pages.signed_in(Role::Headteacher).await;
        assert!(head.page(&page).await.contains("Najpierw pytamy."));
        assert_eq!((step(&head, &page, "check").await, head.form(&format!("{page}/check"), "seen=0").await.status), (303, 409));
        assert!(anna.page(&sign).await.contains("Najpierw pytamy."));
    }

    async fn the_home_language_opens_first_and_english_is_a_link_away(school) {
        let pages = Pages::of(school).await;
        let version = in_force(&pages.school, PARENT, ENGLISH, "2026-11-20").await;
        checked(&pages, &version, "pl", POLISH).await;
        checked(&pages, &version, "ur", URDU).await;
        let (anna, sign) = anna(&pages).await;
        let home = anna.page(&sign).await;
        assert!(home.contains("<article class=\"sg-document\" lang=\"pl\" dir=\"ltr\">") && home.contains("Zasady: Hill School"), "{home}");
        assert!(home.contains("?lang=en\"") && home.contains("The English text is the one that counts") && home.contains("read in Polish"), "{home}");
        assert!(home.contains("<title>Parent and carer agreement</title>"), "the title of a window has no language");
        let english = anna.page(&format!("{sign}?lang=en")).await;
        assert!(english.contains("We ask first.") && english.contains("<span lang=\"pl\" dir=\"ltr\">Polski</span>"), "{english}");
        assert!(!english.contains("name=\"translation\"") && !english.contains("There is no translation"), "{english}");
        let urdu = anna.page(&format!("{sign}?lang=ur")).await;
        assert!(urdu.contains("<article class=\"sg-document\" lang=\"ur\" dir=\"rtl\">") && urdu.contains("ہم پہلے"), "{urdu}");
        for (asked, told) in [("so", "into Somali of this text now"), ("x-klingon", "into that language of this text")] {
            let fallen = anna.page(&format!("{sign}?lang={asked}")).await;
            assert!(fallen.contains(told) && fallen.contains("We ask first."), "{asked}: {fallen}");
        }
        // Nobody knows who reads what is published.
        let open = published(&pages, &format!("/published/{PARENT}")).await.body;
        assert!(open.contains("We ask first.") && open.contains("اردو") && open.contains("Polski"), "{open}");
        let large = published(&pages, &format!("/published/{PARENT}?lang=ur&large=yes")).await.body;
        assert!(large.contains("lang=\"ur\" dir=\"rtl\"") && large.contains("sg-large") && large.contains("?lang=pl&amp;large=yes"), "{large}");
        let list = published(&pages, "/published").await.body;
        assert!(list.contains(&format!("href=\"/published/{PARENT}?lang=pl\"")), "{list}");
    }

    async fn what_was_read_is_kept_with_the_signature_and_printed_when_another_text_holds(school) {
        let pages = Pages::of(school).await;
        let version = in_force(&pages.school, PARENT, ENGLISH, "2026-11-20").await;
        let page = checked(&pages, &version, "pl", POLISH).await;
        let (anna, sign) = anna(&pages).await;
        assert_eq!(anna.form(&sign, &signed(&anna.page(&sign).await)).await.status, 303);
        let zofia = somebody(&pages, "Zofia", "Dabrowski");
        let (reader, organisation) = (pages.office().ledger.reader(), scope().organisation);
        let kept = agreements::signatures_for(reader, organisation, zofia).await.expect("read").pop().expect("signed");
        let (translation, hash) = kept.translation.clone().expect("a translation");
        assert_eq!((kept.language.tag, page.ends_with(&translation.to_string())), ("pl", true));
        let known = policies::translation(reader, organisation, translation).await.expect("read").expect("kept");
        assert_eq!(known.wording.as_ref().map(|wording| wording.hash.to_vec()), Some(hash));
        assert_eq!(Some(kept.hash.clone()), version.publication.as_ref().map(|publication| publication.hash.to_vec()), "of the English");

        in_force(&pages.school, PARENT, "# Rules\n\nWe ask always. {{clauses B-093}}", "2026-11-24").await;
        let anew = anna.page(&sign).await;
        assert!(anew.contains("We ask always.") && !anew.contains("Polski"), "a new version begins without any: {anew}");
        let mine = anna.page("/my/agreements").await;
        let print = format!("/agreements/signature/{}", kept.id);
        assert!(mine.contains(&print), "{mine}");
        let printed = anna.page(&print).await;
        for said in ["Najpierw pytamy.", "lang=\"pl\"", "Anna Dabrowski, Parent or carer", "Zofia Dabrowski", "version 1", "Polski", "24 November 2026", "Signed in here"] {
            assert!(printed.contains(said), "{said}: {printed}");
        }
        assert!(!printed.contains("This is not the text that was signed"), "{printed}");
        for (who, status) in [(Role::Headteacher, 200), (Role::SupportStaff, 200), (Role::Teacher, 404), (Role::Parent, 404), (Role::Pupil, 404), (Role::Governor, 404)] {
            assert_eq!(pages.signed_in(who).await.get(&print).await.status, status, "{who}");
        }
        let piotr = pages.signed_in_as(somebody(&pages, "Piotr", "Dabrowski"), "piotr").await;
        let other = piotr.page(&print).await;
        assert!(other.contains("Another adult") && !other.contains("Anna"), "how another adult signs is not theirs: {other}");
        let head = pages.signed_in(Role::Headteacher).await;
        assert!(head.page(&format!("/agreements/person/{zofia}")).await.contains(&print));
        assert_eq!(head.get(&format!("/agreements/signature/{zofia}")).await.status, 404, "there is none");
    }

    async fn a_governor_who_sees_nobodys_answers_has_the_own_one(school) {
        let pages = Pages::of(school).await;
        in_force(&pages.school, ONLINE_SAFETY, "# Policy\n\nWe say. {{clauses A-001}}", "2026-11-20").await;
        let (governor, me) = (pages.signed_in(Role::Governor).await, pages.person_of(Role::Governor));
        let sign = format!("/my/agreements/{ONLINE_SAFETY}/{me}");
        assert_eq!(governor.form(&sign, &signed(&governor.page(&sign).await)).await.status, 303);
        let mine = governor.page("/my/agreements").await;
        let print = mine.split("href=\"").find(|part| part.starts_with("/agreements/signature/")).and_then(|part| part.split('"').next());
        let print = print.expect("a link").to_owned();
        assert!(governor.page(&print).await.contains("We say."));
        let other = pages.signed_in(Role::ResponsibleGovernor).await;
        assert_eq!(other.get(&print).await.status, 404, "another governor's");
    }

    async fn a_translation_that_was_withdrawn_or_replaced_meanwhile_is_told_and_not_signed(school) {
        let pages = Pages::of(school).await;
        let version = in_force(&pages.school, PARENT, ENGLISH, "2026-11-20").await;
        let first = checked(&pages, &version, "pl", POLISH).await;
        let (anna, sign) = anna(&pages).await;
        let read_first = signed(&anna.page(&sign).await);
        let lead = pages.signed_in(Role::OnlineSafetyLead).await;
        let second = written(&lead, &version, "pl", &POLISH.replace("Najpierw", "Zawsze najpierw")).await;
        assert_ne!(first, second, "what families were shown is never written over");
        assert!(anna.page(&sign).await.contains("Najpierw pytamy."), "until the other is checked");
        let head = pages.signed_in(Role::Headteacher).await;
        assert_eq!(step(&head, &second, "check").await, 303);
        let told = anna.form(&sign, &read_first).await;
        assert!(told.status == 422 && told.body.contains("The text has changed since") && told.body.contains("Zawsze najpierw"), "{}", told.body);
        assert_eq!(step(&head, &second, "withdraw").await, 303);
        let told = anna.form(&sign, &signed(&told.body)).await;
        assert!(told.status == 422 && told.body.contains("We ask first.") && told.body.contains("no translation into Polish"), "{}", told.body);
        assert!(head.page(&first).await.contains("Withdrawn by"), "it stays");
        assert_eq!(anna.form(&sign, &signed(&told.body)).await.status, 303, "in English");
        let zofia = somebody(&pages, "Zofia", "Dabrowski");
        let kept = agreements::signatures_for(pages.office().ledger.reader(), scope().organisation, zofia).await.expect("read");
        assert_eq!(kept.iter().map(|one| (one.language.tag, one.translation.is_none())).collect::<Vec<_>>(), [("en", true)]);
        assert!(anna.page(&format!("/agreements/signature/{}", kept[0].id)).await.contains("We ask first."));
    }

    async fn paper_is_printed_in_a_language_and_entered_in_it(school) {
        let pages = Pages::of(school).await;
        let version = in_force(&pages.school, PARENT, ENGLISH, "2026-11-20").await;
        checked(&pages, &version, "pl", POLISH).await;
        let office = pages.signed_in(Role::SupportStaff).await;
        let class = format!("/agreements/class/{}", pages.larkfield.class("R Robins").expect("a class"));
        let sheets = office.page(&format!("{class}/paper?lang=pl")).await;
        assert!(sheets.contains("Najpierw pytamy.") && sheets.contains("Version 1, in Polish, text 1"), "{sheets}");
        assert!(office.page(&format!("{class}/paper")).await.contains("We ask first."));
        let form = office.page(&class).await;
        let text = form.split("<option value=\"").filter(|part| part.contains("in Polish")).find_map(|part| part.split('"').next()).expect("a text");
        let (anna, zofia) = (somebody(&pages, "Anna", "Dabrowski"), somebody(&pages, "Zofia", "Dabrowski"));
        let entered = office.form(&class, &format!("on-day=23&on-month=11&on-year=2026&version={text}&by-{zofia}={anna}")).await;
        assert_eq!(entered.status, 303, "{}", entered.body);
        let kept = agreements::signatures_for(pages.office().ledger.reader(), scope().organisation, zofia).await.expect("read");
        assert_eq!(kept.iter().map(|one| (one.language.tag, one.version)).collect::<Vec<_>>(), [("pl", version.id)]);
        let unknown = office.form(&class, &format!("on-day=23&on-month=11&on-year=2026&version=x&by-{zofia}={anna}")).await;
        assert!(unknown.status == 422 && unknown.body.contains("Choose which text"), "{}", unknown.body);
    }
}
