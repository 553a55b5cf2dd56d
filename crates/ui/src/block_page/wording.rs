//! What the block page says, by outcome and reading age. Short words, no blame, no threat.

use super::{BlockPage, Outcome};
use crate::words::{ReadingAge, Term};

/// The first heading, and the window's title: it tells nothing about the page that was asked for.
pub(super) fn heading(page: &BlockPage<'_>) -> &'static str {
    use ReadingAge::{Adult, Child, Teen, Young};
    match (&page.outcome, page.words.reading_age) {
        (_, _) if page.help_first => "Help is here if you want it",
        (Outcome::Gate { .. }, Young) => "The internet is not ready yet, but you are not in trouble.",
        // One text whatever the cause: anyone in the room may be reading.
        (_, Young) => "This page is closed, but you are not in trouble.",
        (Outcome::Blocked | Outcome::Sealed, Child) => "This page is closed at school",
        (Outcome::Blocked | Outcome::Sealed, Teen | Adult) => "This page is closed on the school network",
        (Outcome::Ask, Child) => "Nobody has checked this page yet",
        (Outcome::Ask, Teen | Adult) => "This page has not been checked yet",
        (Outcome::Warn { .. }, Child) => "Stop and think about this page",
        (Outcome::Warn { .. }, Teen | Adult) => "Take a moment before this page",
        (Outcome::Gate { .. }, Child | Teen | Adult) => "There is something to sign first",
        (Outcome::Suspended { .. }, Child | Teen | Adult) => "The internet is closed to you for a time",
    }
}

/// What happened, in a sentence or two. Not for young readers.
pub(super) fn what_happened(page: &BlockPage<'_>) -> &'static str {
    let child = page.words.reading_age == ReadingAge::Child;
    match page.outcome {
        Outcome::Blocked | Outcome::Sealed if child => "Your school keeps some pages closed to keep everyone safe.",
        Outcome::Blocked | Outcome::Sealed => "The school has chosen not to open it for the group you are in.",
        Outcome::Ask if child => "Pages that are new to the school stay closed until a grown-up has looked at them.",
        Outcome::Ask => "Pages that are new to the school stay closed until somebody has looked at them.",
        Outcome::Warn { .. } if child => "You can open it, but parts of it may not be kind or true.",
        Outcome::Warn { .. } => "You can go on to it. Parts of it may be upsetting or misleading.",
        Outcome::Suspended { .. } => "The headteacher decided it, and it has an end. You can ask why. Help lines stay open.",
        Outcome::Gate { .. } if child => "Before you use the internet at school, you agree to some rules that keep everyone safe.",
        Outcome::Gate { .. } => "Before you use the internet here, read and sign the school’s agreement.",
    }
}

/// That asking is no offence, and who will listen. Not for young readers.
pub(super) fn no_blame(page: &BlockPage<'_>) -> &'static str {
    let a_rule_closed_it = page.outcome == Outcome::Blocked && !page.help_first;
    if a_rule_closed_it && page.words.reading_age >= ReadingAge::Teen {
        "You have done nothing wrong by asking for it. Pages are closed by mistake, too."
    } else {
        "You have done nothing wrong by asking for it."
    }
}

/// Whom to turn to, as a whole sentence.
pub(super) fn who(page: &BlockPage<'_>) -> String {
    let who = page.who_to_talk_to;
    match page.words.reading_age {
        ReadingAge::Young => format!("Please ask your {}.", page.words.term(Term::Teacher)),
        ReadingAge::Child => format!("You can always talk to {who}."),
        ReadingAge::Teen => format!("If anything about it bothers you, you can talk to {who}."),
        ReadingAge::Adult => format!("If something you have seen worries you, talk to {who}."),
    }
}

/// What stands above the help lines when they come first.
pub(super) fn not_alone(age: ReadingAge) -> &'static str {
    match age {
        ReadingAge::Young | ReadingAge::Child => {
            "If something is making you sad or scared, it is not your fault. These people will listen."
        }
        ReadingAge::Teen => "Whatever brought you here, you do not have to deal with it alone. These people listen, and they do not judge.",
        ReadingAge::Adult => "Whether it is for you or for someone else, these people listen.",
    }
}

/// An address fit to be shown: no invisible characters that would turn its order round, and no endless tail.
pub(super) fn visible(address: &str) -> String {
    const LONGEST: usize = 200;
    let disguise =
        |c: char| c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let mut shown: String = address.chars().filter(|c| !disguise(*c)).take(LONGEST + 1).collect();
    if let Some((cut, _)) = shown.char_indices().nth(LONGEST) {
        shown.truncate(cut);
        shown.push('…');
    }
    shown
}
