//! Tag: the state of something, in a word. The word says all; the colour only helps.

use maud::{Markup, Render, html};

use super::Example;

/// A state in a word.
#[derive(Debug, Clone, Copy)]
pub struct Tag<'a> {
    /// The word: "Open", "Overdue".
    pub text: &'a str,
    /// How it looks.
    pub mood: Mood,
}

/// How a state looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Nothing to do.
    Good,
    /// Under way.
    Plain,
    /// Soon something must be done.
    Soon,
    /// Something must be done now.
    Bad,
}

impl Render for Tag<'_> {
    fn render(&self) -> Markup {
        let colour = match self.mood {
            Mood::Good => "green",
            Mood::Plain => "grey",
            Mood::Soon => "yellow",
            Mood::Bad => "red",
        };
        html! { strong class={ "govuk-tag govuk-tag--" (colour) } { (self.text) } }
    }
}

pub(super) fn examples() -> Vec<Example> {
    vec![
        Example::new("Good", &Tag { text: "In force", mood: Mood::Good }),
        Example::new("Plain", &Tag { text: "Draft", mood: Mood::Plain }),
        Example::new("Soon", &Tag { text: "Due Friday", mood: Mood::Soon }),
        Example::new("Bad", &Tag { text: "Overdue", mood: Mood::Bad }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_there() {
        let tag = Tag { text: "Overdue", mood: Mood::Bad }.render().into_string();
        assert_eq!(tag, r#"<strong class="govuk-tag govuk-tag--red">Overdue</strong>"#);
    }
}
