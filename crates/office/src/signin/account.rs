//! The name that somebody types.

use std::fmt;
use std::str::FromStr;

/// A user name: 2 to 64 of `a` to `z`, `0` to `9`, `.`, `-`, `_` and `@`, the first of them a letter or a digit. What is typed in
/// capitals is the same name.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UserName(String);

/// Why a text is no user name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a user name has 2 to 64 letters of the English alphabet, digits, full stops, hyphens, underscores or @, and begins with a letter or a digit"
)]
pub struct NotAUserName;

// === impl UserName ===

impl UserName {
    /// As it is kept: in small letters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name that nobody has, since it does not begin as one does: in place of what cannot be a name.
    pub(super) fn of_nobody() -> Self {
        Self("-".to_owned())
    }
}

impl FromStr for UserName {
    type Err = NotAUserName;

    fn from_str(text: &str) -> Result<Self, NotAUserName> {
        let name = text.trim().to_ascii_lowercase();
        let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let fits = (2..=64).contains(&name.len()) && name.starts_with(letter) && name.chars().all(|c| letter(c) || ".-_@".contains(c));
        if fits { Ok(Self(name)) } else { Err(NotAUserName) }
    }
}

/// Whose it is may be told from it, so no log gets it.
impl fmt::Debug for UserName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("UserName(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_people_type_them() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(text.parse::<UserName>().ok().as_ref().map(UserName::as_str), expected, "{text:?}")
        };
        check(" A.Adeyemi ", Some("a.adeyemi"));
        check("head@hill.example", Some("head@hill.example"));
        check("a", None);
        check(".adeyemi", None);
        check("a adeyemi", None);
        check("adèle", None);
        check(&"a".repeat(65), None);
    }
}
