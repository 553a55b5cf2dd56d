//! What each reader is told, and above all what nobody is told.

use super::*;
use crate::assets::BLOCK_STYLE;

const AGES: [ReadingAge; 4] = [ReadingAge::Young, ReadingAge::Child, ReadingAge::Teen, ReadingAge::Adult];
const ADDRESS: &str = "https://casino.example/win";

/// A page about a betting site with everything given, drawn for one reader.
fn draw(age: ReadingAge, outcome: Outcome, help_first: bool) -> String {
    let words = Words::new(age, "Hill Top School");
    let (open, worried) = (Href::path("ask"), Href::path("worried"));
    let help_lines = [HelpLine { name: "Childline", what: "For anyone under 19.", phone: Some("0800 1111"), url: None }];
    let page = BlockPage {
        words: &words,
        outcome,
        category: Some(CategoryWords { title: "Gambling", sentence: "Betting and games for money." }),
        shown_address: Some(ADDRESS),
        help_first,
        help_lines: &help_lines,
        who_to_talk_to: "Mrs Lane",
        open_request_url: &open,
        worried_url: &worried,
        staff: Some(StaffDetail { reasons: &["casino.example is on the starter list"], missing: &["No full list."] }),
    };
    let html = render(&page).html;
    // The style is the same for all, and its words are not the page's.
    html.split_once("</style>").map(|(_, body)| body.to_owned()).expect("a style")
}

#[test]
fn a_young_reader_gets_a_picture_and_two_sentences() {
    let page = draw(ReadingAge::Young, Outcome::Blocked, false);
    assert!(page.contains("<img ") && page.contains("you are not in trouble.") && page.contains("Please ask your teacher."), "{page}");
    for hidden in ["Gambling", "casino", "Mrs Lane", "Childline", "starter list"] {
        assert!(!page.contains(hidden), "{hidden}");
    }
}

#[test]
fn a_classroom_screen_gives_nothing_away() {
    let plain = draw(ReadingAge::Young, Outcome::Blocked, false);
    let warn = Outcome::Warn { continue_url: Href::path("on") };
    for (outcome, help_first) in [(Outcome::Ask, false), (Outcome::Sealed, false), (warn, false), (Outcome::Blocked, true)] {
        assert_eq!(draw(ReadingAge::Young, outcome, help_first), plain);
    }
}

#[test]
fn each_age_is_told_what_it_can_bear() {
    for (age, category, address, reasons) in
        [(ReadingAge::Child, true, false, false), (ReadingAge::Teen, true, true, false), (ReadingAge::Adult, true, true, true)]
    {
        let page = draw(age, Outcome::Blocked, false);
        assert_eq!(page.contains("Gambling"), category, "{age:?}");
        assert_eq!(page.contains(ADDRESS), address, "{age:?}");
        assert_eq!(page.contains("starter list"), reasons, "{age:?}");
        assert_eq!(page.contains("only filter"), reasons, "{age:?}");
    }
}

#[test]
fn every_page_blames_nobody_and_offers_both_buttons() {
    for age in AGES {
        let page = draw(age, Outcome::Ask, false);
        assert!(page.contains("nothing wrong") || page.contains("not in trouble"), "{age:?}");
        assert!(page.contains(r#"<a href="/ask">I think this should be open</a>"#), "{age:?}");
        assert!(page.contains(r#"<a href="/worried">I am worried about something</a>"#), "{age:?}");
    }
}

#[test]
fn help_comes_first_where_it_is_needed() {
    for age in [ReadingAge::Child, ReadingAge::Teen, ReadingAge::Adult] {
        let page = draw(age, Outcome::Blocked, true);
        let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{age:?}: no {text}"));
        assert!(at("0800 1111") < at("Gambling") && at("I am worried") < at("I think this should"), "{age:?}");
        assert!(page.contains(r#"href="tel:08001111""#) && page.contains(r#"href="tel:999""#));
        assert!(page.find("only filter").is_none_or(|banner| at("0800 1111") < banner), "{age:?}");
        let page = draw(age, Outcome::Blocked, false);
        assert!(page.find("Gambling") < page.find("0800 1111"), "{age:?}");
    }
}

#[test]
fn a_sealed_hit_shows_nothing_and_looks_like_any_other() {
    for age in AGES {
        let page = draw(age, Outcome::Sealed, true);
        for hidden in ["casino", "Gambling", "starter list", "ealed", "Help is here"] {
            assert!(!page.contains(hidden), "{age:?}: {hidden}");
        }
        assert!(page.contains("This page is closed"), "{age:?}");
    }
}

#[test]
fn the_way_on_is_offered_last_and_not_to_the_young() {
    let warn = Outcome::Warn { continue_url: Href::path("on") };
    let page = draw(ReadingAge::Teen, warn.clone(), false);
    assert!(page.find("I am worried") < page.find("Go on to the page"));
    assert!(!draw(ReadingAge::Young, warn, false).contains("Go on"));
    assert!(draw(ReadingAge::Child, Outcome::Gate { sign_url: Href::path("sign") }, false).contains("Read and sign"));
    let suspended = |age| draw(age, Outcome::Suspended { read_url: Href::path("mine") }, false);
    assert!(suspended(ReadingAge::Child).contains("See until when") && suspended(ReadingAge::Adult).contains("closed to you for a time"));
    assert!(!suspended(ReadingAge::Young).contains("See until when"));
}

#[test]
fn a_hostile_address_stays_text() {
    let words = Words::new(ReadingAge::Adult, "<b>School");
    let href = Href::path("x");
    let long = format!("https://x.example/\u{202e}<script>{}", "a".repeat(900));
    let page = BlockPage {
        words: &words,
        outcome: Outcome::Blocked,
        category: None,
        shown_address: Some(&long),
        help_first: false,
        help_lines: &[],
        who_to_talk_to: "Mrs Lane",
        open_request_url: &href,
        worried_url: &href,
        staff: None,
    };
    let html = render(&page).html;
    assert!(html.contains("x.example/&lt;script&gt;") && html.contains('…') && !html.contains("<script") && !html.contains("<b>"));
    assert!(!html.contains('\u{202e}') && html.len() < 20_000);
}

#[test]
fn the_whole_page_is_small_and_loads_nothing() {
    for age in AGES {
        let page = draw(age, Outcome::Blocked, true);
        assert!(page.len() + BLOCK_STYLE.len() < 60 * 1024);
        assert!(!page.contains("<script") && !page.contains(" style=") && !page.contains("src=\"/") && !page.contains("<link"));
    }
}
