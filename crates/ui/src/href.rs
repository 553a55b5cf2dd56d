//! An address that may stand in a link: never one that runs script or leaves the page's own host unnoticed.

use std::fmt;

use thiserror::Error;

/// A link target: a path on this host, or a full `https:`, `http:`, `mailto:` or `tel:` address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Href(String);

/// Why an address may not stand in a link.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} may not be linked to: begin with \"/\", \"#\", \"https://\", \"http://\", \"mailto:\" or \"tel:\", without spaces")]
pub struct NotALink(String);

impl Href {
    /// Takes an address if it is one of the kinds above.
    ///
    /// # Errors
    /// Any other scheme (`javascript:`, `data:`), `//host` (which looks like a path and is not), spaces and control characters.
    pub fn parse(address: &str) -> Result<Self, NotALink> {
        let known = ["https://", "http://", "mailto:", "tel:", "#"].iter().any(|start| address.starts_with(start));
        // Browsers read a backslash as a slash, so "/\host" leaves the host as "//host" does.
        let path = address.starts_with('/') && !address.starts_with("//") && !address.starts_with("/\\");
        let clean = !address.contains(|c: char| c.is_whitespace() || c.is_control());
        if (known || path) && clean { Ok(Self(address.to_owned())) } else { Err(NotALink(address.to_owned())) }
    }

    /// A path on this host; other characters than those of a path are left out, so it cannot fail and cannot lead away.
    #[must_use]
    pub fn path(path: &str) -> Self {
        let kept: String = path.trim_start_matches(['/', '\\']).chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        Self(format!("/{}", kept.trim_start_matches(['/', '\\'])))
    }

    /// A place on the same page, by its id.
    #[must_use]
    pub fn fragment(id: &str) -> Self {
        Self(format!("#{id}"))
    }

    /// Dials a number as it is written for people: spaces, brackets and hyphens are left out.
    #[must_use]
    pub fn phone(number: &str) -> Self {
        let dialled: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        Self(format!("tel:{dialled}"))
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Href {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_addresses_are_links() {
        for good in ["/requests/new?x=1", "https://help.example/", "mailto:dsl@school.example", "tel:116123", "#name"] {
            assert_eq!(Href::parse(good).map(|href| href.to_string()), Ok(good.to_owned()));
        }
        for bad in ["javascript:alert(1)", " /x", "//evil.example", "/\\evil.example", "data:text/html,x", "x", "", "/a\nb"] {
            assert!(Href::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_path_never_leaves_the_host() {
        for (given, kept) in [("people", "/people"), ("//evil.example", "/evil.example"), ("/\t/evil.example", "/evil.example"), ("", "/")]
        {
            assert_eq!(Href::path(given).as_str(), kept);
        }
    }

    #[test]
    fn a_phone_number_can_be_dialled() {
        assert_eq!(Href::phone("0800 1111").as_str(), "tel:08001111");
        assert_eq!(Href::phone("+44 (0)20-7946 0000").as_str(), "tel:+4402079460000");
    }
}
