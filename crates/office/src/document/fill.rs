//! Placeholders become what the records say.

use std::collections::HashMap;

/// What placeholders stand for, by their words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values(HashMap<String, String>);

/// A text with its placeholders filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The text, still Markdown.
    pub text: String,
    /// Placeholders for which there is no value; they stand in the text as they were.
    pub gaps: Vec<String>,
}

/// What a value may not bring into a text unmarked.
const MARKS: &str = "\\`*_[]<>#~&";

// === impl Values ===

impl Values {
    /// Says what a placeholder stands for. An empty value is none.
    pub fn set(&mut self, word: impl Into<String>, value: impl Into<String>) {
        let value = value.into();
        if !value.trim().is_empty() {
            self.0.insert(word.into(), value);
        }
    }

    /// What a placeholder stands for.
    pub fn get(&self, word: &str) -> Option<&str> {
        self.0.get(word).map(String::as_str)
    }
}

/// Fills in what is known. Directives stay as they are, and so does what is unknown.
pub fn fill(source: &str, values: &Values) -> Filled {
    let (mut text, mut gaps, mut rest) = (String::with_capacity(source.len()), Vec::new(), source);
    while let Some((before, after)) = rest.split_once("{{") {
        text.push_str(before);
        let Some((word, after)) = after.split_once("}}") else {
            text.push_str("{{");
            rest = after;
            continue;
        };
        rest = after;
        match values.get(word.trim()) {
            Some(value) => text.extend(value.chars().flat_map(escaped)),
            None => {
                text.extend(["{{", word, "}}"]);
                if super::parse::is_placeholder(word) && !gaps.iter().any(|gap| gap == word.trim()) {
                    gaps.push(word.trim().to_owned());
                }
            }
        }
    }
    text.push_str(rest);
    Filled { text, gaps }
}

/// A letter of a value, so that it means nothing but itself. Braces and ends of lines are left out: no name has them.
fn escaped(letter: char) -> impl Iterator<Item = char> {
    let (mark, kept) = match letter {
        '{' | '}' => (None, None),
        letter if letter.is_control() => (None, Some(' ')),
        letter => (MARKS.contains(letter).then_some('\\'), Some(letter)),
    };
    mark.into_iter().chain(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_filled_in_and_what_is_not_is_told() {
        let mut values = Values::default();
        values.set("school", "Hill *School*");
        values.set("setting.grace", "14 days");
        values.set("holder.dsl", "");
        let filled = fill("# {{school}}\n\n{{ setting.grace }} {{holder.dsl}} {{holder.dsl}} {{clauses A-001}} {{only staff}} {{", &values);
        assert_eq!(filled.text, "# Hill \\*School\\*\n\n14 days {{holder.dsl}} {{holder.dsl}} {{clauses A-001}} {{only staff}} {{");
        assert_eq!(filled.gaps, ["holder.dsl"]);
    }

    #[test]
    fn a_value_means_nothing_but_itself() {
        let mut values = Values::default();
        values.set("name", "<b>{{clauses A-001}}</b>\n# [x](y) & `z`");
        let filled = fill("# T\n\nI am {{name}}.", &values);
        let document = crate::document::parse(&filled.text).expect("a text");
        assert_eq!(document.lines(), ["T", "I am <b>clauses A-001</b> # [x](y) & `z`."]);
        assert!(document.clauses().is_empty());
    }
}
