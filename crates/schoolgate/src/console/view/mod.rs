//! The markup of the console, a file for each page. What stands round the content is here.

mod help_lines;
mod home;
mod lists;
mod policy;
mod previews;
mod profiles;
mod why;

use maud::{Markup, Render, html};
use office::access::{Action, Thing};
use office::emergency;
use office::web::Caller;
pub(super) use office::web::Content;
use ui::components::not_only_filter::NotOnlyFilter;
use ui::components::notification::{Kind, Notification};
use ui::shell::{NavItem, Page, WhoAmI};
use ui::{Href, Words};

use crate::answer::school_time;
use crate::live::Trouble;

pub(super) use help_lines::HelpLinesPage;
pub(super) use home::{GateFacts, HomePage, RecordsFacts};
pub(super) use lists::{ListFacts, ListState, ListsPage};
pub(super) use policy::{CapabilityPage, PolicyPage};
pub(super) use previews::PreviewsPage;
pub(super) use profiles::{ProfilePage, ProfilesPage};
pub(super) use why::{FieldMistake, Form, WhyPage, search};

/// What every page has round its content.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    pub(super) words: &'a Words,
    /// Text and path of what the reader may open, in order.
    pub(super) menu: &'a [(&'static str, &'static str)],
    /// Who reads, if somebody is signed in.
    pub(super) caller: Option<&'a Caller>,
    pub(super) notice: Option<&'a str>,
    pub(super) missing: &'a [String],
    pub(super) troubles: &'a [Trouble],
    pub(super) zone: &'a jiff::tz::TimeZone,
}

// === impl Frame ===

impl Frame<'_> {
    /// The whole page.
    pub(super) fn page(&self, page: &dyn Content) -> String {
        let entry = |(text, path): &(&'static str, &'static str)| NavItem { text, href: Href::path(path), current: *path == page.place() };
        let navigation: Vec<_> = self.menu.iter().map(entry).collect();
        let word = self.caller.map(Caller::word).unwrap_or_default();
        // What exactly, is for those who look after the filter; that it is so, for everybody.
        let is_told = self.caller.is_some_and(|caller| caller.may(Action::SeeFilter, &Thing::School));
        let missing: Vec<&str> = match self.missing {
            [] => Vec::new(),
            _ if !is_told => vec!["Something that a school needs is not set up yet."],
            all => all.iter().map(String::as_str).collect(),
        };
        let what_to_do = self.menu.iter().any(|(_, path)| *path == "/overview").then(|| Href::path("/overview#what-to-do"));
        let shell = Page {
            words: self.words,
            title: &page.title(),
            has_errors: page.has_errors(),
            navigation: &navigation,
            who: self.caller.map(|caller| WhoAmI { name: caller.name(), role: caller.titles().of(caller.role()), word: &word }),
            search: self.caller.filter(|caller| !caller.needs_second_factor()).map(|_| page.sought()),
            notice: self.notice,
            not_only_filter: (!missing.is_empty()).then_some(NotOnlyFilter { words: self.words, missing: &missing, what_to_do }),
            before: None,
            content: html! {
                @for (number, trouble) in self.troubles.iter().enumerate() { (self.trouble(number, trouble)) }
                @if let Some(until) = self.caller.and_then(|caller| self.emergency(caller)) { (emergency::banner(&until)) }
                (page.content())
            },
        };
        shell.render().into_string()
    }

    /// Until when the reader sees what is otherwise not theirs.
    fn emergency(&self, caller: &Caller) -> Option<String> {
        let until = caller.emergency()?.until.timestamp().to_zoned(self.zone.clone());
        Some(until.strftime("%H:%M").to_string())
    }

    fn trouble(&self, number: usize, trouble: &Trouble) -> Markup {
        // Where things lie on the machine is told to those who look after it.
        let is_told = self.caller.is_some_and(|caller| caller.may(Action::SeeFilter, &Thing::School));
        let text = is_told.then(|| format!("{} ({})", trouble.why.join(" · "), school_time(trouble.at, self.zone)));
        let id = format!("trouble-{number}");
        Notification { id: &id, kind: Kind::Important, heading: trouble.what, text: text.as_deref() }.render()
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
