//! Texts that people type, parsed once.

use std::fmt;

use ledger::outbox::MailAddress;

/// A short text in one line: a name, a language, a key of another system. 1 to 100 characters, none of them a control character or
/// one that turns the direction of writing; runs of spaces are one.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Short(String);

/// A text that is no [`Short`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotShort {
    /// Nothing but spaces.
    #[error("it is empty")]
    Empty,
    /// More than 100 characters.
    #[error("it is longer than 100 characters")]
    Long,
    /// A control character.
    #[error("it holds a character that cannot be printed")]
    Control,
}

/// A mail address that the outbox takes, in small letters, since people sign in with it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Email(String);

/// A text that is no mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not a mail address such as name@school.example")]
pub struct NotAnEmail;

// === impl Short ===

impl Short {
    /// Most characters.
    pub const LONGEST: usize = 100;

    /// Takes a text, without the spaces round it.
    ///
    /// # Errors
    /// Where nothing is left, it is too long, or it holds what cannot be printed.
    pub fn parse(text: &str) -> Result<Self, NotShort> {
        let words: Vec<&str> = text.split([' ', '\u{a0}', '\t']).filter(|word| !word.is_empty()).collect();
        let text = words.join(" ");
        if text.is_empty() {
            return Err(NotShort::Empty);
        }
        if text.chars().any(|letter| {
            letter.is_control()
                || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffd}')
        }) {
            return Err(NotShort::Control);
        }
        if text.chars().count() > Self::LONGEST { Err(NotShort::Long) } else { Ok(Self(text)) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

// === impl Email ===

impl Email {
    /// Takes a text, without the spaces round it.
    ///
    /// # Errors
    /// Where it is no mail address.
    pub fn parse(text: &str) -> Result<Self, NotAnEmail> {
        let text = text.trim().to_lowercase();
        if MailAddress::parse(&text).is_ok() { Ok(Self(text)) } else { Err(NotAnEmail) }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

// Personal data: never in a log by way of a derived Debug.
impl fmt::Debug for Short {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Short(..)")
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Email(..)")
    }
}

impl fmt::Display for Short {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for Email {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_kinds_are_taken_and_others_are_not() {
        for (text, kept) in [(" Zoë ", "Zoë"), ("O'Neill", "O'Neill"), ("de  la\u{a0}Cruz", "de la Cruz"), ("李", "李"), ("=1+1", "=1+1")]
        {
            assert_eq!(Short::parse(text).map(|short| short.to_string()).as_deref(), Ok(kept));
        }
        let long = "x".repeat(101);
        for (text, why) in [
            ("", NotShort::Empty),
            (" \t", NotShort::Empty),
            ("a\nb", NotShort::Control),
            ("a\u{202e}b", NotShort::Control),
            (&long, NotShort::Long),
        ] {
            assert_eq!(Short::parse(text), Err(why), "{text:?}");
        }
        assert!(!format!("{:?}", Short::parse("Robin").expect("a name")).contains("Robin"), "no name in a log");
    }

    #[test]
    fn mail_addresses_are_told_from_other_texts() {
        assert_eq!(
            Email::parse(" R.Teasel@Larkfield.Example ").map(|email| email.to_string()).as_deref(),
            Ok("r.teasel@larkfield.example")
        );
        for text in [
            "",
            "@",
            "a@b",
            "a b@c.example",
            "a@b@c.example",
            "a@.example",
            "a@-b.example",
            "a@c.example,d@e.example",
            "a@c.example\r\nBcc: x@y.example",
        ] {
            assert_eq!(Email::parse(text), Err(NotAnEmail), "{text:?}");
        }
    }
}
