//! What the school tells people about the data that Schoolgate keeps: a notice for each kind of reader, the draft of the data protection
//! impact assessment (UK GDPR, Article 35), and the lines for the record of processing (Article 30). Periods and places in them are what the
//! machine does, roles and numbers what the records say; what nobody has said yet stands in red.

pub mod pages;
mod store;
mod view;

pub use store::values;

use crate::document::{self, Document, Filled, Values};
use crate::policies::PoliciesError;

/// One text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// Its word in addresses and file names.
    pub word: &'static str,
    /// What it is called in a list.
    pub title: &'static str,
    /// For whom it is written.
    pub reader: &'static str,
    /// Whether anybody may read it; the others are for those who answer for it.
    pub is_public: bool,
    /// The text, with placeholders.
    pub text: &'static str,
}

/// All of them, in the order in which they are shown.
pub const ALL: &[Notice] = &[
    Notice {
        word: "pupils-6",
        title: "Your computer at school",
        reader: "Children from 4 to 7, read aloud by an adult",
        is_public: true,
        text: include_str!("texts/pupils-6.md"),
    },
    Notice {
        word: "pupils-10",
        title: "What the school knows about you online",
        reader: "Children from 7 to 11",
        is_public: true,
        text: include_str!("texts/pupils-10.md"),
    },
    Notice {
        word: "pupils",
        title: "How the school uses what it knows about you",
        reader: "Pupils of 11 and older",
        is_public: true,
        text: include_str!("texts/pupils.md"),
    },
    Notice {
        word: "parents",
        title: "Privacy notice for parents and carers",
        reader: "Parents and carers",
        is_public: true,
        text: include_str!("texts/parents.md"),
    },
    Notice {
        word: "staff",
        title: "Privacy notice for staff, governors and volunteers",
        reader: "Whoever works in or for the school",
        is_public: true,
        text: include_str!("texts/staff.md"),
    },
    Notice {
        word: "dpia",
        title: "Data protection impact assessment (draft)",
        reader: "The data protection officer and the headteacher",
        is_public: false,
        text: include_str!("texts/dpia.md"),
    },
    Notice {
        word: "ropa",
        title: "Lines for the record of processing",
        reader: "The data protection officer",
        is_public: false,
        text: include_str!("texts/ropa.md"),
    },
];

/// The text with this word.
pub fn find(word: &str) -> Option<&'static Notice> {
    ALL.iter().find(|notice| notice.word == word)
}

// === impl Notice ===

impl Notice {
    /// With everything filled in that is known.
    pub fn filled(&self, values: &Values) -> Filled {
        document::fill(self.text, values)
    }

    /// The same, to be shown.
    ///
    /// # Errors
    /// Where it cannot be parsed, which a test rules out.
    pub fn document(&self, values: &Values) -> Result<Document, PoliciesError> {
        Ok(document::parse(&self.filled(values).text)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Role;

    /// Placeholders that the school answers itself, on paper: they are not known to any record.
    fn is_answered_by_the_school(word: &str) -> bool {
        !word.contains('.') && word != "school"
    }

    #[test]
    fn each_text_can_be_shown_and_asks_for_nothing_that_nobody_can_give() {
        for notice in ALL {
            let document = document::parse(notice.text).unwrap_or_else(|error| panic!("{}: {error}", notice.word));
            for gap in document.gaps() {
                let known = ["kept.journal", "kept.backup", "place.backup", "place.mail", "contact.data_protection_officer"].contains(&gap)
                    || gap == "school"
                    || gap.strip_prefix("count.").is_some()
                    || gap.strip_prefix("role.").or(gap.strip_prefix("holder.")).is_some_and(|role| role.parse::<Role>().is_ok());
                assert!(known || (!notice.is_public && is_answered_by_the_school(gap)), "{}: {gap}", notice.word);
                assert!(!notice.is_public || !gap.starts_with("holder."), "{}: what anybody may read names nobody", notice.word);
            }
        }
    }

    #[test]
    fn what_the_law_asks_of_a_notice_stands_in_it() {
        // UK GDPR, Articles 13 and 14: controller, officer, purpose and ground, recipients, period, rights, complaint.
        for word in ["parents", "staff"] {
            let text = find(word).expect("a notice").text;
            for expected in [
                "controller",
                "{{contact.data_protection_officer}}",
                "6(1)(e)",
                "9(2)(g)",
                "Schedule 1, paragraph 18",
                "{{kept.journal}}",
                "object",
                "ico.org.uk",
            ] {
                assert!(text.contains(expected), "{word}: {expected}");
            }
        }
        for notice in ALL.iter().filter(|notice| notice.word.starts_with("pupils")) {
            assert!(notice.text.contains("{{kept.journal}}"), "{}", notice.word);
        }
    }

    #[test]
    fn a_small_child_is_not_lost_in_a_sentence() {
        let text = find("pupils-6").expect("a notice").text;
        let (for_child, _) = text.split_once("\n## ").expect("a part for the adult");
        for line in for_child.lines().filter(|line| !line.starts_with('#')) {
            for sentence in line.split(['.', '?']) {
                assert!(sentence.split_whitespace().count() <= 10, "{sentence:?} is long for a child of six");
            }
        }
    }
}
