//! From other people's category names to our taxonomy, by a mapping file that people can read and change.
//!
//! The format is described at the head of the shipped file, `data/mapping.map`.

mod parse;

use std::collections::HashMap;

use filter::category::{Category, CategorySet};

pub use parse::{MappingError, Mistake, MistakeKind};

/// The mapping that comes with the product.
const SHIPPED: &str = include_str!("../data/mapping.map");

/// What every known source category means to us.
#[derive(Debug)]
pub struct Mapping {
    exact: HashMap<Box<str>, Meaning>,
    patterns: Vec<Pattern>,
}

/// What one source category means to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mapped<'a> {
    /// These categories of ours; never an empty set.
    To(CategorySet),
    /// Known, and without meaning for a school: the reason.
    Ignore(&'a str),
    /// Not in the mapping: to be reported, never guessed.
    Unknown,
}

/// The right-hand side of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Meaning {
    To(CategorySet),
    Ignore(Box<str>),
    /// What the star of the pattern stood for.
    Star,
}

/// A name with one star in it.
#[derive(Debug)]
struct Pattern {
    before: Box<str>,
    after: Box<str>,
    meaning: Meaning,
}

// === impl Mapping ===

impl Mapping {
    /// The mapping that comes with the product.
    pub fn shipped() -> Result<Self, MappingError> {
        Self::parse(SHIPPED)
    }

    /// Reads a mapping file. All mistakes are reported at once, each with its line.
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        parse::parse(text)
    }

    /// This mapping with the lines of `own` before its own: a name has the meaning that `own` gives it, and the patterns of `own`
    /// come first.
    #[must_use]
    pub fn with(mut self, own: Self) -> Self {
        self.exact.extend(own.exact);
        self.patterns.splice(..0, own.patterns);
        self
    }

    /// What `label` (a folder, a file's stem, a service id) means: an exact line first, then our own slugs, then patterns
    /// from the top of the file. Case and surrounding white space do not matter.
    pub fn lookup(&self, label: &str) -> Mapped<'_> {
        let label = label.trim().to_lowercase();
        let mut rest = label.as_str();
        // Ends: each turn takes at least one character away, since no pattern is a star alone.
        loop {
            match self.exact.get(rest) {
                Some(Meaning::To(categories)) => return Mapped::To(*categories),
                Some(Meaning::Ignore(reason)) => return Mapped::Ignore(reason),
                Some(Meaning::Star) | None => {}
            }
            if let Some(category) = Category::from_slug(rest) {
                return Mapped::To(category.into());
            }
            let Some((pattern, star)) = self.patterns.iter().find_map(|pattern| Some((pattern, pattern.star(rest)?))) else {
                return Mapped::Unknown;
            };
            match &pattern.meaning {
                Meaning::To(categories) => return Mapped::To(*categories),
                Meaning::Ignore(reason) => return Mapped::Ignore(reason),
                Meaning::Star => rest = star,
            }
        }
    }
}

// === impl Pattern ===

impl Pattern {
    /// What the star stands for in `label`, where the pattern fits.
    fn star<'t>(&self, label: &'t str) -> Option<&'t str> {
        label.strip_prefix(&*self.before)?.strip_suffix(&*self.after)
    }
}

#[cfg(test)]
mod tests {
    use filter::category::Kind;

    use super::*;

    fn shipped() -> Mapping {
        Mapping::shipped().unwrap_or_else(|mistakes| panic!("{mistakes}"))
    }

    fn check(labels: &[&str], slugs: &str) {
        let expected: CategorySet = slugs.split(' ').map(|slug| Category::from_slug(slug).expect("slug")).collect();
        for label in labels {
            assert_eq!(shipped().lookup(label), Mapped::To(expected), "{label}");
        }
    }

    #[test]
    fn one_meaning_whatever_form_the_source_comes_in() {
        check(
            &[
                "drogue",
                "drugs",
                "Drogue",
                " DRUGS ",
                "adguard_drugs-ags",
                "alt-version_drugs-nl",
                "dnsmasq-version_drugs-dnsmasq",
                "ut1-drogue",
                "drugs-ags",
            ],
            "drugs",
        );
        check(&["agressif", "aggressive"], "hate violence");
        check(&["violence"], "violence");
        check(&["publicite", "ads", "easylist", "easylistgermany", "adguard-dns-2017"], "advertising");
        check(&["category-games", "category-games-!cn", "gaming", "roblox", "games"], "games");
        check(&["category-social-media-!cn", "social_network", "tiktok", "social_networks"], "social-media");
        check(&["category-porn", "adult", "porn"], "pornography");
        check(&["coin-miners", "cryptojacking"], "cryptojacking");
    }

    /// The folders of the UT1 tree, from its published index.
    const UT1: &str = "ads adult aggressive agressif ai arjel associations_religieuses astrology audio-video bank bitcoin blog celebrity chat \
        child cleaning cooking cryptojacking dangerous_material dating ddos dialer doh download drogue drugs dynamic-dns educational_games \
        examen_pix exceptions_liste_bu fakenews filehosting financial forums gambling games hacking jobsearch lingerie liste_blanche liste_bu \
        mail malware manga marketingware mixed_adult mobile-phone phishing porn press proxy publicite radio reaffected redirector \
        remote-control residential-proxies sect sexual_education shopping shortener social_networks special sports stalkerware \
        strict_redirector strong_redirector translation tricheur tricheur_pix update violence vpn warez webhosting webmail";

    #[test]
    fn every_ut1_folder_has_a_meaning() {
        for folder in UT1.split_ascii_whitespace() {
            assert_ne!(shipped().lookup(folder), Mapped::Unknown, "{folder}");
        }
    }

    #[test]
    fn lists_of_good_sites_never_block_anyone_for_harm() {
        let white = "child cleaning download educational_games examen_pix liste_blanche liste_bu sexual_education translation update";
        for folder in white.split(' ') {
            match shipped().lookup(folder) {
                Mapped::To(categories) => {
                    assert!(categories.iter().all(|category| matches!(category.kind(), Kind::Positive | Kind::Everyday)), "{folder}");
                    assert!(!categories.contains(Category::YoungChildrenAllow), "{folder}: nobody of ours reviewed it");
                }
                Mapped::Ignore(reason) => assert!(!reason.is_empty()),
                Mapped::Unknown => panic!("{folder} is unknown"),
            }
        }
    }

    #[test]
    fn our_own_slugs_mean_themselves() {
        for category in Category::ALL.iter().copied() {
            assert_eq!(shipped().lookup(category.slug()), Mapped::To(category.into()));
        }
    }

    #[test]
    fn what_is_unknown_is_said_to_be_unknown() {
        for label in ["", "*", "no-such-list", "adguard_no-such-list-ags", "ut1-", "ut1-ut1-"] {
            assert_eq!(shipped().lookup(label), Mapped::Unknown, "{label}");
        }
    }

    #[test]
    fn a_school_may_know_better_than_what_is_shipped() {
        let own = Mapping::parse("[ours]\nagressif = hate\nut1-* = news\nacme = games\n").expect("mapping");
        let mapping = shipped().with(own);
        assert_eq!(mapping.lookup("agressif"), Mapped::To(Category::Hate.into()));
        assert_eq!(mapping.lookup("ut1-anything"), Mapped::To(Category::News.into()));
        assert_eq!(mapping.lookup("acme"), Mapped::To(Category::Games.into()));
        assert_eq!(mapping.lookup("drogue"), Mapped::To(Category::Drugs.into()));
    }

    #[test]
    fn exact_lines_win_over_patterns_and_earlier_patterns_over_later() {
        let mapping = Mapping::parse("[x]\ncat-* = games\ncat-a* = news\ncat-abc = jobs\n").expect("mapping");
        assert_eq!(mapping.lookup("cat-abc"), Mapped::To(Category::Jobs.into()));
        assert_eq!(mapping.lookup("cat-ab"), Mapped::To(Category::Games.into()));
    }
}
