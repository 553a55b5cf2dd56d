//! The page that stands in place of one that does not open: kind, short, and complete in itself.
//!
//! It is shown in the name of other sites, to anyone, perhaps on a classroom screen. So it holds no script, loads nothing, carries
//! its style inside (allowed by its hash alone), and what it tells depends on the reader's age:
//!
//! | reader | picture | category | address | how it was decided |
//! | --- | --- | --- | --- | --- |
//! | young | yes | no | no | no |
//! | child | no | in one sentence | no | no |
//! | teen | no | yes | yes | no |
//! | adult | no | yes | yes | if given |

mod parts;
mod wording;

#[cfg(test)]
mod tests;

pub(crate) use self::parts::help;
use crate::complete;
use crate::components::not_only_filter::NotOnlyFilter;
use crate::words::ReadingAge;
use crate::{Href, Words};

/// All that a block page may tell. What does not fit the reader or the outcome is left out, whatever is given here.
#[derive(Debug, Clone)]
pub struct BlockPage<'a> {
    /// For whom it is worded.
    pub words: &'a Words,
    /// What happened.
    pub outcome: Outcome,
    /// What kind of page it was. Never shown to young readers, for sealed hits, or where only an agreement is missing.
    pub category: Option<CategoryWords<'a>>,
    /// The address asked for. Shown to teenagers and adults only, and never for sealed hits.
    pub shown_address: Option<&'a str>,
    /// The page was about self-harm, abuse or the like: help comes before everything else. Young readers see no difference, since
    /// others may be looking on.
    pub help_first: bool,
    /// Whom one may ring or write to outside the school, best first. Not shown to young readers: a grown-up helps them.
    pub help_lines: &'a [HelpLine<'a>],
    /// Inside a sentence: "your teacher or Mrs Lane". Young readers are sent to their teacher, without a name.
    pub who_to_talk_to: &'a str,
    /// Where "I think this should be open" leads.
    pub open_request_url: &'a Href,
    /// Where "I am worried about something" leads.
    pub worried_url: &'a Href,
    /// More for staff. Shown to adult readers only.
    pub staff: Option<StaffDetail<'a>>,
}

/// What happened to the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The rules for this reader close it.
    Blocked,
    /// Nobody has looked at it yet, and this reader goes only where somebody has.
    Ask,
    /// It opens after a moment's thought. Young readers are not offered to go on.
    Warn {
        /// Goes on to the page.
        continue_url: Href,
    },
    /// An agreement has to be signed before anything opens.
    Gate {
        /// Where it is read and signed.
        sign_url: Href,
    },
    /// The internet was taken from the reader for a time. Young readers are told no more than that the page is closed.
    Suspended {
        /// Where they read until when.
        read_url: Href,
    },
    /// It is on a sealed list. The page looks like `Blocked` with nothing known: it must not tell the reader which list was hit,
    /// nor show the address, category, help or reasons (design.md 5).
    Sealed,
}

/// A category in words.
#[derive(Debug, Clone, Copy)]
pub struct CategoryWords<'a> {
    /// Its name: "Gambling".
    pub title: &'a str,
    /// What it holds: "Betting and games for money."
    pub sentence: &'a str,
}

/// Help from outside the school.
#[derive(Debug, Clone)]
pub struct HelpLine<'a> {
    /// "Childline".
    pub name: &'a str,
    /// For whom and when, in a sentence.
    pub what: &'a str,
    /// The number as it is written for people.
    pub phone: Option<&'a str>,
    /// Its site.
    pub url: Option<Href>,
}

/// What staff are told besides.
#[derive(Debug, Clone)]
pub struct StaffDetail<'a> {
    /// Each step of the decision, in order.
    pub reasons: &'a [&'a str],
    /// What keeps this from being a school's only filter, a sentence each. Empty: nothing, and no red banner.
    pub missing: &'a [&'a str],
}

/// A page ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The whole page, UTF-8.
    pub html: String,
    /// Of its style, as a `Content-Security-Policy` names it: `sha256-...`, without quotes.
    pub style_hash: String,
}

impl Rendered {
    /// The policy to send with the page: its own style and pictures written inside it, and nothing else.
    #[must_use]
    pub fn content_security_policy(&self) -> String {
        format!("default-src 'none'; style-src '{}'; img-src data:; base-uri 'none'; form-action 'none'", self.style_hash)
    }
}

/// Makes the page. It cannot fail.
#[must_use]
pub fn render(page: &BlockPage<'_>) -> Rendered {
    let page = &page.fit();
    let heading = wording::heading(page);
    let young = page.words.reading_age == ReadingAge::Young;
    let content = if young { parts::young(page, heading) } else { parts::other(page, heading) };
    complete::page(page.words, heading, young, &content)
}

impl<'a> BlockPage<'a> {
    /// The same page without what this reader, or anyone, must not see: one place, so that no part has to remember it.
    fn fit(&self) -> Self {
        let age = self.words.reading_age;
        let sealed = self.outcome == Outcome::Sealed;
        let mut page = self.clone();
        if sealed {
            page.outcome = Outcome::Blocked;
            page.help_first = false;
        }
        // Without anyone to ring, the usual words are the better ones.
        page.help_first &= !page.help_lines.is_empty();
        // Before an agreement is signed, or while the internet is taken, nothing opens, whatever kind of page it is.
        let gated = matches!(page.outcome, Outcome::Gate { .. } | Outcome::Suspended { .. });
        if sealed || gated || age == ReadingAge::Young {
            page.category = None;
        }
        if sealed || age < ReadingAge::Teen {
            page.shown_address = None;
        }
        if age == ReadingAge::Young {
            page.help_first = false;
            page.help_lines = &[];
        }
        if age != ReadingAge::Adult {
            page.staff = None;
        }
        if let (true, Some(staff)) = (sealed, &mut page.staff) {
            staff.reasons = &[];
        }
        page
    }

    fn banner(&self) -> Option<NotOnlyFilter<'a>> {
        let missing = self.staff.as_ref()?.missing;
        (!missing.is_empty()).then_some(NotOnlyFilter { words: self.words, missing, what_to_do: None })
    }
}
