//! The markup of the console, a file for each page. What stands round the content is here.

mod help_lines;
mod home;
mod lists;
mod policy;
mod previews;
mod problem;
mod profiles;
mod why;

use maud::{Markup, Render, html};
use ui::components::not_only_filter::NotOnlyFilter;
use ui::components::notification::{Kind, Notification};
use ui::shell::{NavItem, Page};
use ui::{Href, Words};

use crate::answer::school_time;
use crate::live::Trouble;

pub(super) use help_lines::HelpLinesPage;
pub(super) use home::{GateFacts, HomePage, RecordsFacts};
pub(super) use lists::{ListFacts, ListState, ListsPage};
pub(super) use policy::{CapabilityPage, PolicyPage};
pub(super) use previews::PreviewsPage;
pub(super) use problem::ProblemPage;
pub(super) use profiles::{ProfilePage, ProfilesPage};
pub(super) use why::{FieldMistake, Form, WhyPage, search};

/// Where a page belongs in the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Home,
    Why,
    Profiles,
    Lists,
    HelpLines,
    BlockPage,
    Policy,
    Nowhere,
}

/// The menu, in its order.
const MENU: [(Place, &str, &str); 7] = [
    (Place::Home, "Overview", "/"),
    (Place::Why, "Ask why", "/why"),
    (Place::Profiles, "Profiles", "/profiles"),
    (Place::Lists, "Lists", "/lists"),
    (Place::HelpLines, "Help lines", "/help-lines"),
    (Place::BlockPage, "Block page", "/block-page"),
    (Place::Policy, "Our policy", "/policy"),
];

/// What every page has round its content.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    pub(super) words: &'a Words,
    pub(super) notice: Option<&'a str>,
    pub(super) missing: &'a [String],
    pub(super) troubles: &'a [Trouble],
    pub(super) zone: &'a jiff::tz::TimeZone,
}

/// One page of the console, without its frame.
pub(super) trait Content {
    /// First words of the window's title.
    fn title(&self) -> String;
    /// Where it belongs.
    fn place(&self) -> Place;
    /// The inside.
    fn content(&self) -> Markup;
    /// Whether something that was entered is wrong.
    fn has_errors(&self) -> bool {
        false
    }
}

// === impl Frame ===

impl Frame<'_> {
    /// The whole page.
    pub(super) fn page(&self, page: &dyn Content) -> String {
        let navigation = MENU.map(|(place, text, path)| NavItem { text, href: Href::path(path), current: place == page.place() });
        let missing: Vec<&str> = self.missing.iter().map(String::as_str).collect();
        let what_to_do = Some(Href::path("/#what-to-do"));
        let shell = Page {
            words: self.words,
            title: &page.title(),
            has_errors: page.has_errors(),
            navigation: &navigation,
            notice: self.notice,
            not_only_filter: (!missing.is_empty()).then_some(NotOnlyFilter { words: self.words, missing: &missing, what_to_do }),
            before: None,
            content: html! {
                @for (number, trouble) in self.troubles.iter().enumerate() { (self.trouble(number, trouble)) }
                (page.content())
            },
        };
        shell.render().into_string()
    }

    fn trouble(&self, number: usize, trouble: &Trouble) -> Markup {
        let text = format!("{} ({})", trouble.why.join(" · "), school_time(trouble.at, self.zone));
        let id = format!("trouble-{number}");
        Notification { id: &id, kind: Kind::Important, heading: trouble.what, text: Some(&text) }.render()
    }
}

/// A number as people read it: 1,204,388.
pub(super) fn number(number: u64) -> String {
    let digits = number.to_string();
    let lead = digits.len() % 3;
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && place % 3 == lead {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        for (given, shown) in [(0, "0"), (999, "999"), (1000, "1,000"), (12_345, "12,345"), (1_204_388, "1,204,388")] {
            assert_eq!(number(given), shown);
        }
    }
}
