//! A version in another language, in the school's own words: written by somebody, checked by somebody else, and never changed once families
//! were shown it. The English text is what counts.

use std::fmt;

use calendar::Date;
use ids::{PersonId, RecordId};

use super::PoliciesError;
use crate::document::{self, Document, ENGLISH, Language};

/// A translation of a version.
#[derive(Clone, PartialEq, Eq)]
pub struct Translation {
    /// Which.
    pub id: RecordId,
    /// Of which version.
    pub of: RecordId,
    /// Into which language.
    pub language: &'static Language,
    /// Which text it is of that version in that language, from 1.
    pub number: i64,
    /// With placeholders.
    pub source: String,
    /// As it is read, once its version is in force.
    pub wording: Option<Wording>,
    /// Who have written it, the last one last.
    pub writers: Vec<PersonId>,
    /// The day on which it was written last.
    pub written_on: Date,
    /// Who said that it says the same as the English, and when.
    pub checked: Option<(PersonId, Date)>,
    /// Who withdrew it, and when.
    pub withdrawn: Option<(PersonId, Date)>,
    /// Of the record: give it back with a change.
    pub version: i64,
}

/// A translation as it is read. It never changes again once it was checked.
#[derive(Clone, PartialEq, Eq)]
pub struct Wording {
    /// The text.
    pub text: String,
    /// SHA-256 of it.
    pub hash: [u8; 32],
}

/// In which language a reader gets a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// All that there is beside the English.
    pub offered: Vec<Translation>,
    /// What is shown of it; the English where there is nothing.
    pub shown: Option<Translation>,
    /// What was asked for and is not there: English is shown in its place.
    pub missed: Option<Missed>,
}

/// A language that was asked for, and in which there is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missed {
    /// One that we know.
    Known(&'static Language),
    /// Another.
    Unknown,
}

// === impl Translation ===

impl Translation {
    /// Whether families are shown it, where its version is shown.
    pub const fn is_offered(&self) -> bool {
        self.wording.is_some() && self.checked.is_some() && self.withdrawn.is_none()
    }

    /// Whether it waits for somebody to check it.
    pub const fn is_unchecked(&self) -> bool {
        self.checked.is_none() && self.withdrawn.is_none()
    }

    /// Its text as people read it, or, before its version is in force, as it is written.
    pub fn text(&self) -> &str {
        self.wording.as_ref().map_or(&self.source, |wording| &wording.text)
    }

    /// The same, parsed.
    ///
    /// # Errors
    /// Where it cannot be shown.
    pub fn document(&self) -> Result<Document, PoliciesError> {
        Ok(document::parse(self.text())?)
    }
}

// === impl Offer ===

impl Offer {
    /// English alone: nothing else is offered.
    pub const ENGLISH: Self = Self { offered: Vec::new(), shown: None, missed: None };

    /// The language of what is shown, where it is not English.
    pub fn language(&self) -> Option<&'static Language> {
        self.shown.as_ref().map(|translation| translation.language)
    }
}

/// In which language a text is shown: the one that was asked for by its tag; else the reader's home language, as it was written down; else
/// English. `all`: the translations of the version, as they are kept.
pub fn choose(mut all: Vec<Translation>, asked: &str, home: &str) -> Offer {
    all.retain(Translation::is_offered);
    all.sort_by_key(|translation| translation.language.english);
    let in_language = |language: &'static Language| all.iter().find(|translation| translation.language == language).cloned();
    let is_english = asked.eq_ignore_ascii_case(ENGLISH.tag);
    let (shown, missed) = match Language::find(asked) {
        Some(language) => {
            let found = in_language(language);
            let missed = if found.is_none() { Some(Missed::Known(language)) } else { None };
            (found, missed)
        }
        None if asked.is_empty() => (Language::spoken(home).into_iter().find_map(in_language), None),
        None => (None, (!is_english).then_some(Missed::Unknown)),
    };
    Offer { offered: all, shown, missed }
}

impl fmt::Debug for Translation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, of, language, number, .. } = self;
        formatter
            .debug_struct("Translation")
            .field("id", id)
            .field("of", of)
            .field("language", &language.tag)
            .field("number", number)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Wording {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Wording(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translation(tag: &str) -> Translation {
        let (somebody, day) = (PersonId::named("Ada"), "2026-11-24".parse().expect("a day"));
        Translation {
            id: RecordId::named(tag),
            of: RecordId::named("version"),
            language: Language::find(tag).expect("a language"),
            number: 1,
            source: "# T".to_owned(),
            wording: Some(Wording { text: "# T".to_owned(), hash: [0; 32] }),
            writers: vec![somebody],
            written_on: day,
            checked: Some((somebody, day)),
            withdrawn: None,
            version: 0,
        }
    }

    #[test]
    fn the_home_language_opens_first_and_what_is_asked_for_goes_before_it() {
        let unchecked = Translation { checked: None, ..translation("so") };
        let withdrawn = Translation { withdrawn: unchecked.checked.or(translation("pl").checked), ..translation("ar") };
        let ahead = Translation { wording: None, ..translation("tr") };
        let all =
            || vec![translation("ur"), unchecked.clone(), withdrawn.clone(), ahead.clone(), translation("pa-Arab"), translation("pl")];
        let shown = |asked: &str, home: &str| {
            let offer = choose(all(), asked, home);
            (offer.language().map(|language| language.tag), offer.missed)
        };
        assert_eq!(shown("", "Polish"), (Some("pl"), None));
        assert_eq!(shown("", "panjabi"), (Some("pa-Arab"), None), "in the script that there is");
        assert_eq!((shown("", ""), shown("", "Klingon"), shown("", "Somali")), ((None, None), (None, None), (None, None)));
        assert_eq!((shown("ur", "Polish"), shown("UR", "")), ((Some("ur"), None), (Some("ur"), None)));
        assert_eq!(shown("en", "Polish"), (None, None), "English is one link away");
        for tag in ["so", "ar", "tr", "fr"] {
            assert_eq!(shown(tag, "Polish"), (None, Some(Missed::Known(Language::find(tag).expect("known")))), "{tag}");
        }
        assert_eq!(shown("x-klingon", "Polish"), (None, Some(Missed::Unknown)));
        let offered: Vec<&str> = choose(all(), "", "").offered.iter().map(|translation| translation.language.tag).collect();
        assert_eq!(offered, ["pl", "pa-Arab", "ur"], "by their English names");
    }
}
