//! The code of a class, and a password of pictures.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::rand;
use ids::{GroupId, PersonId};
use ui::components::symbol::Symbol;

use crate::signin::error::SignInError;

/// The letters of a code: no vowels, so that no word comes of them, and none that look like a figure.
const LETTERS: &[u8; 20] = b"bcdfghjkmnpqrstvwxyz";

/// What a child types to see the own class: six letters, one of 64 million. It opens a page with pictures and first names, and no more.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ClassCode(String);

/// A text that is no code of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the code of a class has six letters")]
pub struct NotACode;

/// How the children of a class sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// With pictures.
    Pictures,
    /// With user name and password, as grown-ups do.
    Words,
}

/// How a class comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassDoor {
    /// Which class.
    pub group: GroupId,
    /// What its children type.
    pub code: ClassCode,
    /// How they go on.
    pub way: Way,
}

/// A child, as far as signing in goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Young {
    /// Who.
    pub person: PersonId,
    /// The picture beside the name.
    pub symbol: Symbol,
    /// Whether the child has pictures for a password.
    pub has_pictures: bool,
    /// Whether there is a card that is good.
    pub has_card: bool,
}

/// A password of pictures: four different ones of twenty, in order. One of 116,280.
#[derive(Clone, PartialEq, Eq)]
#[expect(missing_debug_implementations, reason = "a secret is never shown")]
pub struct Pictures([u8; Self::LENGTH]);

/// The pictures that a child has pressed so far.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_debug_implementations, reason = "a secret is never shown")]
pub struct Chosen(Vec<u8>);

// === impl ClassCode ===

impl ClassCode {
    /// A new one.
    ///
    /// # Errors
    /// Where the system has no chance to give.
    pub fn random() -> Result<Self, SignInError> {
        letters(6).map(Self)
    }

    /// As it is kept, and as it stands in an address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people read it, in two halves.
    pub fn shown(&self) -> String {
        let (first, second) = self.0.split_at_checked(3).unwrap_or((&self.0, ""));
        format!("{first} {second}").to_uppercase()
    }
}

impl FromStr for ClassCode {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Self, NotACode> {
        let code: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_lowercase()).collect();
        if code.len() == 6 && code.bytes().all(is_letter) { Ok(Self(code)) } else { Err(NotACode) }
    }
}

/// It leads to names of children, so no log gets it.
impl fmt::Debug for ClassCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ClassCode(..)")
    }
}

// === impl Way ===

impl Way {
    /// Its word, in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pictures => "pictures",
            Self::Words => "words",
        }
    }

    /// From its word.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Pictures, Self::Words].into_iter().find(|way| way.as_str() == word)
    }
}

// === impl Pictures ===

impl Pictures {
    /// How many.
    pub const LENGTH: usize = 4;
    /// Of how many to choose from: as many as a child can look over.
    pub const FIELD: u8 = 20;

    /// New ones, all different. They are given and not chosen: children choose what they like, and friends know what that is.
    ///
    /// # Errors
    /// Where the system has no chance to give.
    pub fn random() -> Result<Self, SignInError> {
        let mut left: Vec<u8> = (0..Self::FIELD).collect();
        let mut pictures = [0; Self::LENGTH];
        for picture in &mut pictures {
            *picture = left.remove(below(left.len())?);
        }
        Ok(Self(pictures))
    }

    /// From numbers that are known to others: for an invented school alone.
    pub const fn invented(pictures: [u8; Self::LENGTH]) -> Self {
        Self(pictures)
    }

    /// What they show, in order.
    pub fn symbols(&self) -> impl Iterator<Item = Symbol> {
        self.0.into_iter().map(Symbol::new)
    }

    /// As bytes, to be stretched.
    pub(super) const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

// === impl Chosen ===

impl Chosen {
    /// What stands in the form, and the picture that was pressed now. What is none of the field is left out.
    pub fn read(before: &str, pressed: &str) -> Self {
        let all = before.split('-').chain([pressed]).filter_map(|text| text.parse::<u8>().ok()).filter(|number| *number < Pictures::FIELD);
        Self(all.take(Pictures::LENGTH).collect())
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// For the next form.
    pub fn to_text(&self) -> String {
        self.0.iter().map(u8::to_string).collect::<Vec<_>>().join("-")
    }

    /// The password, once it is whole.
    pub fn whole(&self) -> Option<Pictures> {
        Some(Pictures(self.0.as_slice().try_into().ok()?))
    }
}

/// Letters of codes, by chance.
pub(in crate::signin) fn letters(count: usize) -> Result<String, SignInError> {
    let letter = |_| Ok(char::from(*LETTERS.get(below(LETTERS.len())?).ok_or(SignInError::Chance)?));
    (0..count).map(letter).collect()
}

/// Whether a letter stands in codes.
pub(in crate::signin) fn is_letter(letter: u8) -> bool {
    LETTERS.contains(&letter)
}

/// A number below `end` by chance, each as likely as the next.
fn below(end: usize) -> Result<usize, SignInError> {
    let end = u8::try_from(end).ok().filter(|end| *end > 0).ok_or(SignInError::Chance)?;
    // The largest multiple of `end` that a byte reaches: what lies above would make the small numbers likelier.
    let fair = u8::MAX - u8::MAX % end;
    loop {
        let mut byte = [0];
        rand::fill(&mut byte).map_err(|_| SignInError::Chance)?;
        if byte[0] < fair {
            return Ok(usize::from(byte[0] % end));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_code_is_read_as_children_type_it() {
        let check =
            |text: &str, expected: Option<&str>| assert_eq!(text.parse().ok().as_ref().map(ClassCode::as_str), expected, "{text:?}");
        check("KTM rdn", Some("ktmrdn"));
        check(" ktm-rdn ", Some("ktmrdn"));
        check("ktmrd", None);
        check("ktmrdna", None);
        check("ktmr0n", None);
        check("köm rdn", None);
        let code = ClassCode::random().expect("chance");
        assert_eq!(code.shown().parse(), Ok(code));
    }

    #[test]
    fn pictures_are_four_different_ones_and_each_is_given_somewhere() {
        let mut seen = BTreeSet::new();
        for _ in 0..400 {
            let pictures: BTreeSet<Symbol> = Pictures::random().expect("chance").symbols().collect();
            assert_eq!(pictures.len(), 4);
            seen.extend(pictures);
        }
        assert_eq!(seen, Symbol::all().take(20).collect());
    }

    #[test]
    fn what_was_pressed_is_read_and_nothing_else_is() {
        let chosen = Chosen::read("3-12-0", "19");
        assert_eq!((chosen.count(), chosen.to_text().as_str()), (4, "3-12-0-19"));
        assert!(chosen.whole() == Some(Pictures::invented([3, 12, 0, 19])));
        assert!(Chosen::read("", "7").whole().is_none());
        assert_eq!(Chosen::read("x-20--1", "255").count(), 1, "only the 1 is a picture");
        assert_eq!(Chosen::read("1-2-3-4-5-6", "7").count(), 4);
    }
}
