//! The red banner: this must not be a school's only filter, what is missing, and what to do.
//!
//! It shows on every face of the product until a full category list and a source of illegal-content addresses are both there.
//! The block page shows it to staff, with a style of its own for the same classes.

use maud::{Markup, Render, html};

use super::Example;
use crate::words::{ReadingAge, Term};
use crate::{Href, Words};

/// The banner.
#[derive(Debug, Clone)]
pub struct NotOnlyFilter<'a> {
    /// For whom it is worded.
    pub words: &'a Words,
    /// What is missing, a sentence each.
    pub missing: &'a [&'a str],
    /// Where it stands what to do, on a page that can be linked to.
    pub what_to_do: Option<Href>,
}

impl Render for NotOnlyFilter<'_> {
    fn render(&self) -> Markup {
        html! {
            section.sg-only-filter aria-label="Warning" {
                h2 { "This must not be your school’s only filter" }
                ul { @for sentence in self.missing { li { (sentence) } } }
                p {
                    "Until this is put right, keep another filter in front of it. Ask your " (self.words.term(Term::ItTeam))
                    " to run “schoolgate doctor”: it says what to do."
                    @if let Some(href) = &self.what_to_do { " " a href=(href) { "How to put it right" } }
                }
            }
        }
    }
}

pub(super) fn examples() -> Vec<Example> {
    let words = Words::new(ReadingAge::Adult, "Hill Top School");
    let missing = ["No source of illegal-content addresses is declared."];
    let plain = NotOnlyFilter { words: &words, missing: &missing, what_to_do: None };
    let linked = NotOnlyFilter { what_to_do: Some(Href::path("help")), ..plain.clone() };
    vec![Example::new("One thing missing", &plain), Example::new("With a way to more", &linked)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_names_what_is_missing_and_whom_to_ask() {
        let mut words = Words::new(ReadingAge::Adult, "Hill Top School");
        words.aliases.insert(Term::ItTeam, "technicians".to_owned());
        let banner = NotOnlyFilter { words: &words, missing: &["No full list."], what_to_do: None }.render().into_string();
        assert!(banner.contains("only filter") && banner.contains("No full list.") && banner.contains("Ask your technicians"), "{banner}");
    }
}
