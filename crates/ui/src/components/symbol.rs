//! Symbols: small pictures by which a child of five knows a name, and of which a picture password is made. Our own drawings of plain
//! shapes, so that no device lacks one.

mod art;

use maud::{Markup, Render, html};

use super::Example;

/// One of the pictures, by its number. What it is stands beside it as text: [`name`](Self::name).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Symbol(u8);

// === impl Symbol ===

impl Symbol {
    /// How many there are.
    pub const COUNT: u8 = 36;

    /// The picture of that number, from 0; behind the last they begin anew.
    #[must_use]
    pub const fn new(number: u8) -> Self {
        Self(number % Self::COUNT)
    }

    /// Its number. It never changes: it is stored.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// What it is, in a word that a child of five has.
    #[must_use]
    pub fn name(self) -> &'static str {
        art::ALL.get(usize::from(self.0)).map_or("", |(name, _)| name)
    }

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT).map(Self)
    }
}

impl Render for Symbol {
    fn render(&self) -> Markup {
        let shapes = art::ALL.get(usize::from(self.0)).map_or("", |(_, shapes)| *shapes);
        html! { svg.sg-symbol viewBox="0 0 48 48" aria-hidden="true" focusable="false" { (drawn(shapes)) } }
    }
}

#[expect(clippy::disallowed_types, reason = "the shapes are ours, and fixed when this is compiled")]
const fn drawn(shapes: &'static str) -> maud::PreEscaped<&'static str> {
    maud::PreEscaped(shapes)
}

/// A few pictures in a row, each with its name.
struct Row(Vec<Symbol>);

impl Render for Row {
    fn render(&self) -> Markup {
        html! {
            ul.sg-pictures { @for symbol in &self.0 { li.sg-pictures__one { (symbol) span { (symbol.name()) } } } }
        }
    }
}

pub(super) fn examples() -> Vec<Example> {
    vec![Example::new("All of them", &Row(Symbol::all().collect()))]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_has_a_name_and_a_drawing_of_its_own() {
        assert_eq!(art::ALL.len(), usize::from(Symbol::COUNT));
        let names: BTreeSet<&str> = Symbol::all().map(Symbol::name).collect();
        let drawings: BTreeSet<String> = Symbol::all().map(|symbol| symbol.render().into_string()).collect();
        assert_eq!((names.len(), drawings.len()), (36, 36));
        assert!(names.iter().all(|name| (2..=9).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_lowercase())), "{names:?}");
    }

    #[test]
    fn a_drawing_needs_no_style_no_script_and_nothing_from_elsewhere() {
        for symbol in Symbol::all() {
            let markup = symbol.render().into_string();
            for foreign in ["style", "script", "href", "url(", " on"] {
                assert!(!markup.contains(foreign), "{}: {foreign}", symbol.name());
            }
        }
        assert_eq!(Symbol::new(37), Symbol::new(1));
    }
}
