//! The seven profiles that come with the product, made from [`super::matrix`].

use super::matrix::{self, Row};
use super::{Action, Profile, Reader, Unlisted};
use crate::category::{Category, CategorySet};
use crate::safesearch::SafeSearch;

/// What an unknown person gets: the strictest pupil profile.
pub const STRICTEST: Shipped = Shipped::EarlyYearsKs1;

/// A profile that comes with the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shipped {
    /// Early years and key stage 1, age 3 to 7. Allow-list only.
    EarlyYearsKs1,
    /// Key stage 2, age 7 to 11.
    Ks2,
    /// Key stage 3, age 11 to 14.
    Ks3,
    /// Key stage 4, age 14 to 16.
    Ks4,
    /// Sixth form, age 16 to 19.
    SixthForm,
    /// People who work at the school.
    Staff,
    /// Visitors: of unknown age, hence never milder than key stage 3.
    Guest,
}

// === impl Shipped ===

impl Shipped {
    /// All of them, pupils by age first.
    pub const ALL: [Self; 7] = [Self::EarlyYearsKs1, Self::Ks2, Self::Ks3, Self::Ks4, Self::SixthForm, Self::Staff, Self::Guest];
    /// Those for pupils, by age.
    pub const PUPILS: [Self; 5] = [Self::EarlyYearsKs1, Self::Ks2, Self::Ks3, Self::Ks4, Self::SixthForm];

    /// The name in configuration and records.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EarlyYearsKs1 => "early-years-ks1",
            Self::Ks2 => "ks2",
            Self::Ks3 => "ks3",
            Self::Ks4 => "ks4",
            Self::SixthForm => "sixth-form",
            Self::Staff => "staff",
            Self::Guest => "guest",
        }
    }

    /// The name that people see.
    pub const fn title(self) -> &'static str {
        match self {
            Self::EarlyYearsKs1 => "Early years and Key Stage 1",
            Self::Ks2 => "Key Stage 2",
            Self::Ks3 => "Key Stage 3",
            Self::Ks4 => "Key Stage 4",
            Self::SixthForm => "Sixth form",
            Self::Staff => "Staff",
            Self::Guest => "Guests",
        }
    }

    /// The shipped profile with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shipped| shipped.name() == name)
    }

    /// The profile itself.
    pub fn profile(self) -> Profile {
        let having =
            |action| matrix::ROWS.iter().filter(|row| self.action_in(row) == action).map(|row| row.category).collect::<CategorySet>();
        let (reader, unlisted) = match self {
            Self::EarlyYearsKs1 => (Reader::Young, Unlisted::Ask),
            Self::Ks2 => (Reader::Child, Unlisted::Allow),
            // A guest may be a visiting parent or a visiting child: words for a teenager suit both.
            Self::Ks3 | Self::Ks4 | Self::SixthForm | Self::Guest => (Reader::Teen, Unlisted::Allow),
            // The grown-ups' page names the list and the line: for whoever answers for the filter, not for pupils.
            Self::Staff => (Reader::Adult, Unlisted::Allow),
        };
        Profile {
            name: self.name().into(),
            title: self.title().into(),
            reader,
            unlisted,
            safe_search: self.safe_search(),
            opens: Category::YoungChildrenAllow.into(),
            blocked: having(Action::Block),
            warned: having(Action::Warn),
        }
    }

    /// Safe search is locked on for pupils (UK Safer Internet Centre, appropriate filtering). Sixth-formers study what strict
    /// video restriction hides; staff choose for themselves, since they must be able to see what children may meet.
    const fn safe_search(self) -> SafeSearch {
        match self {
            Self::EarlyYearsKs1 | Self::Ks2 | Self::Ks3 | Self::Ks4 | Self::Guest => SafeSearch::Strict,
            Self::SixthForm => SafeSearch::Moderate,
            Self::Staff => SafeSearch::Off,
        }
    }

    /// This profile's column in a row of the matrix.
    pub const fn action_in(self, row: &Row) -> Action {
        let [ks1, ks2, ks3, ks4, sixth_form, staff, guest] = row.actions;
        match self {
            Self::EarlyYearsKs1 => ks1,
            Self::Ks2 => ks2,
            Self::Ks3 => ks3,
            Self::Ks4 => ks4,
            Self::SixthForm => sixth_form,
            Self::Staff => staff,
            Self::Guest => guest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::category::Kind;

    fn action(shipped: Shipped, category: Category) -> Action {
        shipped.profile().action(category)
    }

    #[test]
    fn only_staff_get_the_page_for_staff() {
        for shipped in Shipped::ALL {
            assert_eq!(shipped.profile().reader() == Reader::Adult, shipped == Shipped::Staff, "{}", shipped.name());
        }
    }

    #[test]
    fn every_pupil_searches_safely() {
        for shipped in Shipped::PUPILS.into_iter().chain([Shipped::Guest]) {
            assert_ne!(shipped.profile().safe_search(), SafeSearch::Off, "{}", shipped.name());
        }
        let by_age = Shipped::PUPILS.map(|shipped| shipped.profile().safe_search());
        assert!(by_age.is_sorted_by(|younger, older| younger >= older), "{by_age:?}");
    }

    #[test]
    fn strictness_never_rises_with_age() {
        for category in Category::ALL.iter().copied() {
            let by_age = Shipped::PUPILS.map(|shipped| action(shipped, category));
            assert!(by_age.is_sorted_by(|younger, older| younger >= older), "{category}: {by_age:?}");
        }
    }

    #[test]
    fn guests_are_never_freer_than_ks3_and_staff_never_tighter_than_sixth_form() {
        for category in Category::ALL.iter().copied() {
            assert!(action(Shipped::Guest, category) >= action(Shipped::Ks3, category), "{category}");
            assert!(action(Shipped::Staff, category) <= action(Shipped::SixthForm, category), "{category}");
        }
    }

    #[test]
    fn no_harm_is_simply_open_to_a_pupil_and_what_is_illegal_is_shut_for_all() {
        for category in Category::ALL.iter().copied() {
            for shipped in Shipped::ALL {
                if category.kind() == Kind::Illegal {
                    assert_eq!(action(shipped, category), Action::Block, "{category}");
                }
            }
            for shipped in Shipped::PUPILS {
                assert!(category.kind() != Kind::Harm || action(shipped, category) > Action::Allow, "{category}");
            }
        }
    }

    #[test]
    fn the_words_of_the_policies_hold() {
        for category in [Category::Gambling, Category::SocialMedia, Category::Dating, Category::Chat, Category::Pornography] {
            assert_eq!(action(Shipped::Ks2, category), Action::Block, "{category}");
        }
        for shipped in [Shipped::Ks3, Shipped::Ks4, Shipped::SixthForm] {
            for category in [Category::News, Category::Health, Category::SexEducation, Category::Education] {
                assert_eq!(action(shipped, category), Action::Allow, "{category}: over-blocking is a harm too");
            }
        }
        for shipped in Shipped::ALL {
            assert_eq!(action(shipped, Category::YoungChildrenAllow), Action::Allow);
            assert_eq!(action(shipped, Category::EncryptedDns), Action::Block, "it would go round every other line");
        }
        // B-108: the same site, judged by age.
        assert_eq!(
            Shipped::PUPILS.map(|shipped| action(shipped, Category::Games)),
            [Action::Block, Action::Warn, Action::Warn, Action::Warn, Action::Allow]
        );
    }

    #[test]
    fn the_strictest_is_as_strict_as_any_pupil_profile_and_asks() {
        let strictest = STRICTEST.profile();
        assert_eq!(strictest.unlisted(), Unlisted::Ask);
        for shipped in Shipped::PUPILS {
            assert!(shipped.profile().blocked().minus(strictest.blocked()).is_empty(), "{}", shipped.name());
        }
    }

    #[test]
    fn names_lead_back() {
        for shipped in Shipped::ALL {
            assert_eq!(Shipped::from_name(shipped.name()), Some(shipped));
            assert_eq!(shipped.profile().title(), shipped.title());
        }
        assert_eq!(Shipped::from_name("ks9"), None);
    }
}
