//! What goes to standard output: answers, with colour where a person can see it.

use std::io::{self, Write};

use anyhow::{Context, Result};

/// How text is marked. Colour never says anything alone: the words say it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Letters only.
    Plain,
    /// With ANSI colours, for a terminal.
    Colour,
}

/// A colour, or weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Must not be overlooked.
    Red,
    /// Should be looked at.
    Yellow,
    /// In order.
    Green,
    /// Stands out.
    Bold,
}

/// Prints `text` to standard output.
///
/// # Errors
/// Where it cannot be written. That a reader such as `head` has had enough is none.
pub fn print(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("writing the answer to standard output"),
    }
}

/// `text` without what a terminal would obey: text of lists and configuration is shown, never carried out.
pub fn harmless(text: &str) -> String {
    text.replace(|letter: char| letter.is_control() && letter != '\n', " ")
}

// === impl Paint ===

impl Paint {
    /// `text` in this ink, where there is colour. Each line by itself, so that a pager that cuts lines keeps the colour.
    pub fn with(self, ink: Ink, text: &str) -> String {
        let code = match ink {
            Ink::Red => "1;31",
            Ink::Yellow => "33",
            Ink::Green => "32",
            Ink::Bold => "1",
        };
        match self {
            Self::Plain => text.to_owned(),
            Self::Colour => text.split('\n').map(|line| format!("\x1b[{code}m{line}\x1b[0m")).collect::<Vec<_>>().join("\n"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_for_terminals_and_ends_with_the_line() {
        assert_eq!(Paint::Plain.with(Ink::Red, "a\nb"), "a\nb");
        assert_eq!(Paint::Colour.with(Ink::Red, "a\nb"), "\x1b[1;31ma\x1b[0m\n\x1b[1;31mb\x1b[0m");
    }

    #[test]
    fn a_list_cannot_command_the_terminal() {
        assert_eq!(harmless("adult\x1b[2J\u{9b}31m.txt"), "adult [2J 31m.txt");
    }
}
