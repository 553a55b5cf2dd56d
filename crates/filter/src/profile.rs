//! Profiles: what each age, the staff and guests get per category.
//!
//! A school starts from a shipped profile ([`shipped`]) and may derive its own. Why each shipped choice is what it is
//! stands in [`matrix`], row by row.

pub mod matrix;
pub mod shipped;

use crate::category::{Category, CategorySet, Kind};
use crate::safesearch::SafeSearch;

/// Longest name or title of a profile, in characters.
const MAX_TEXT: usize = 80;

/// What happens to a category, from mild to strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Opens, and is recorded.
    Allow,
    /// A page asks "do you mean to?", and going on is recorded.
    Warn,
    /// Does not open.
    Block,
}

/// What an address gets that no list names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unlisted {
    /// Opens, and is recorded.
    Allow,
    /// "Ask your teacher": only what stands in one of the profile's open categories ([`Profile::opens`]) opens.
    Ask,
}

/// Whose words the pages of the product use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reader {
    /// About 3 to 7: a picture and two short sentences, no category named.
    Young,
    /// About 7 to 11.
    Child,
    /// About 11 to 18, and guests.
    Teen,
    /// Grown-ups who answer for the filter: the page names list and line.
    Adult,
}

/// One profile: a table category -> action, and what an unlisted address gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    name: Box<str>,
    title: Box<str>,
    reader: Reader,
    unlisted: Unlisted,
    safe_search: SafeSearch,
    opens: CategorySet,
    blocked: CategorySet,
    warned: CategorySet,
}

/// Why a profile cannot be made so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// Illegal categories have no choice.
    #[error("{0} is against the law and stays blocked in every profile")]
    Illegal(Category),
    /// The name is not lower-case words with hyphens.
    #[error("the profile name `{0}` must be lower-case letters, digits and hyphens, at most {MAX_TEXT}, and begin with a letter")]
    Name(Box<str>),
    /// The title is empty, too long or holds control characters.
    #[error("the title of profile `{0}` must be 1 to {MAX_TEXT} characters on one line")]
    Title(Box<str>),
    /// Only a positive category may open addresses where unlisted means "ask".
    #[error("{0} is no list of reviewed sites, so it cannot open what would otherwise be asked for")]
    NotPositive(Category),
}

// === impl Profile ===

impl Profile {
    /// A school's own profile: all choices of `parent` under a new name. A title is what people see.
    pub fn based_on(parent: &Self, name: &str, title: &str) -> Result<Self, ProfileError> {
        let name_is_slug = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if !name_is_slug || !name.starts_with(|first: char| first.is_ascii_lowercase()) || name.len() > MAX_TEXT {
            return Err(ProfileError::Name(name.chars().take(MAX_TEXT).collect()));
        }
        let title = title.trim();
        if title.is_empty() || title.chars().count() > MAX_TEXT || title.chars().any(char::is_control) {
            return Err(ProfileError::Title(name.into()));
        }
        Ok(Self { name: name.into(), title: title.into(), ..parent.clone() })
    }

    /// The same profile with `action` for `category`. Fails for what is illegal unless `action` is Block.
    pub fn with_action(mut self, category: Category, action: Action) -> Result<Self, ProfileError> {
        if category.kind() == Kind::Illegal && action != Action::Block {
            return Err(ProfileError::Illegal(category));
        }
        self.blocked.remove(category);
        self.warned.remove(category);
        match action {
            Action::Allow => {}
            Action::Warn => self.warned.insert(category),
            Action::Block => self.blocked.insert(category),
        }
        Ok(self)
    }

    /// The same profile with another answer for unlisted addresses.
    #[must_use]
    pub fn with_unlisted(self, unlisted: Unlisted) -> Self {
        Self { unlisted, ..self }
    }

    /// The same profile with search engines and video sites held to `safe_search`.
    #[must_use]
    pub fn with_safe_search(self, safe_search: SafeSearch) -> Self {
        Self { safe_search, ..self }
    }

    /// The same profile speaking to another reader.
    #[must_use]
    pub fn with_reader(self, reader: Reader) -> Self {
        Self { reader, ..self }
    }

    /// The same profile where `category` opens addresses under [`Unlisted::Ask`]. Fails for all but positive categories.
    pub fn with_open(mut self, category: Category) -> Result<Self, ProfileError> {
        if category.kind() != Kind::Positive {
            return Err(ProfileError::NotPositive(category));
        }
        self.opens.insert(category);
        Ok(self)
    }

    /// The name in configuration and records, lower-case words with hyphens.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name that people see.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Whose words the pages use.
    pub fn reader(&self) -> Reader {
        self.reader
    }

    /// What an address gets that no list names.
    pub fn unlisted(&self) -> Unlisted {
        self.unlisted
    }

    /// How far search engines and video sites are held to safe results.
    pub fn safe_search(&self) -> SafeSearch {
        self.safe_search
    }

    /// The categories whose addresses open where unlisted means [`Unlisted::Ask`]; all others are asked for, even when their
    /// action is Allow. In shipped profiles only the reviewed list for young children.
    pub fn opens(&self) -> CategorySet {
        self.opens
    }

    /// What happens to one category.
    pub fn action(&self, category: Category) -> Action {
        if self.blocked.contains(category) {
            Action::Block
        } else if self.warned.contains(category) {
            Action::Warn
        } else {
            Action::Allow
        }
    }

    /// The categories that are blocked. Always holds those that are illegal.
    pub fn blocked(&self) -> CategorySet {
        self.blocked
    }

    /// The categories that are warned about; none of them is blocked.
    pub fn warned(&self) -> CategorySet {
        self.warned
    }
}

#[cfg(test)]
mod tests {
    use super::shipped::Shipped;
    use super::*;

    #[test]
    fn a_school_derives_its_own_profile() {
        let ks3 = Shipped::Ks3.profile();
        let own = Profile::based_on(&ks3, "year-9-media", " Year 9 media ").expect("profile");
        assert_eq!(own.safe_search(), SafeSearch::Strict, "what was not named stays as it was");
        assert_eq!(own.clone().with_safe_search(SafeSearch::Moderate).safe_search(), SafeSearch::Moderate);
        let own = own
            .with_action(Category::SocialMedia, Action::Allow)
            .expect("allowed")
            .with_action(Category::News, Action::Warn)
            .expect("warned");
        assert_eq!((own.name(), own.title(), own.reader()), ("year-9-media", "Year 9 media", Reader::Teen));
        assert_eq!(own.action(Category::SocialMedia), Action::Allow);
        assert_eq!(own.action(Category::News), Action::Warn);
        assert_eq!(own.action(Category::Gambling), Action::Block, "what was not named stays as it was");
        assert_eq!(ks3.action(Category::SocialMedia), Action::Block, "the shipped profile is untouched");
        assert!(own.blocked().intersect(own.warned()).is_empty());
    }

    #[test]
    fn nobody_opens_what_is_illegal() {
        for category in CategorySet::of_kind(Kind::Illegal).iter() {
            for action in [Action::Allow, Action::Warn] {
                assert_eq!(Shipped::Staff.profile().with_action(category, action), Err(ProfileError::Illegal(category)));
            }
            assert!(Shipped::Staff.profile().with_action(category, Action::Block).is_ok());
        }
    }

    #[test]
    fn names_and_titles_are_checked() {
        let parent = Shipped::Ks2.profile();
        for name in ["", "Year 5", "5a", "-a", "a_b", &"a".repeat(81)] {
            assert!(matches!(Profile::based_on(&parent, name, "Title"), Err(ProfileError::Name(_))), "{name}");
        }
        for title in ["", "  ", "two\nlines", &"t".repeat(81)] {
            assert!(matches!(Profile::based_on(&parent, "year-5", title), Err(ProfileError::Title(_))), "{title}");
        }
    }

    #[test]
    fn only_reviewed_lists_open_an_asking_profile() {
        let ks1 = Shipped::EarlyYearsKs1.profile();
        assert_eq!(ks1.opens(), Category::YoungChildrenAllow.into());
        assert_eq!(ks1.clone().with_open(Category::Games), Err(ProfileError::NotPositive(Category::Games)));
        assert!(ks1.with_open(Category::Education).expect("positive").opens().contains(Category::Education));
    }
}
