//! For whom a page is worded: language, reading age, the school and the terms it uses. A parameter of every view.

use std::collections::BTreeMap;

/// The wording of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The language of the text.
    pub language: Language,
    /// How easy the text must be.
    pub reading_age: ReadingAge,
    /// The school's name as it is to be shown.
    pub school: String,
    /// The school's own words for ours; those not named here are ours.
    pub aliases: BTreeMap<Term, String>,
}

/// A language the product speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// British English.
    #[default]
    English,
}

/// How easy a text must be for its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReadingAge {
    /// Early years and Key Stage 1, about 3 to 7: a picture and two short sentences, perhaps read out by someone else.
    Young,
    /// Key Stage 2, about 7 to 11.
    Child,
    /// Key Stages 3 and 4 and sixth form, about 11 to 18.
    Teen,
    /// Staff, governors, parents, guests.
    Adult,
}

/// A term that a school may call by another name on screen. The code has one word for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// Who stands before the class.
    Teacher,
    /// The designated safeguarding lead.
    Dsl,
    /// Who looks after the machines.
    ItTeam,
}

impl Words {
    /// English for this reader, with our own terms.
    pub fn new(reading_age: ReadingAge, school: impl Into<String>) -> Self {
        Self { language: Language::English, reading_age, school: school.into(), aliases: BTreeMap::new() }
    }

    /// What the school calls this, in lower case as it stands inside a sentence.
    #[must_use]
    pub fn term(&self, term: Term) -> &str {
        self.aliases.get(&term).map_or_else(|| term.default_word(), String::as_str)
    }
}

impl Language {
    /// The BCP 47 tag, for `lang`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en-GB",
        }
    }
}

impl Term {
    fn default_word(self) -> &'static str {
        match self {
            Self::Teacher => "teacher",
            Self::Dsl => "designated safeguarding lead",
            Self::ItTeam => "IT team",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_school_has_its_own_words() {
        let mut words = Words::new(ReadingAge::Adult, "Hill Top School");
        words.aliases.insert(Term::Teacher, "class adult".to_owned());
        assert_eq!(words.term(Term::Teacher), "class adult");
        assert_eq!(words.term(Term::ItTeam), "IT team");
    }
}
