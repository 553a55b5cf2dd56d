//! Pictures for those who do not read yet: one for each rule that a young child signs, and a few more for a school that words its own.
//!
//! Our own drawings. Thick outlines and shapes say all; colour only helps. A picture stands beside its words, never in their place.

use std::str::FromStr;

use maud::{Markup, Render, html};

use super::Example;

/// Outlines, eyes and letters.
const INK: &str = "#123c4a";
const YELLOW: &str = "#ffc145";
const BLUE: &str = "#5aa9ba";
const RED: &str = "#b10e1e";
const WHITE: &str = "#ffffff";

/// A picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    /// What it says.
    pub motif: Motif,
    /// How large it stands there.
    pub size: Size,
}

/// How large a picture stands on the page, in its own pixels; an enlarged page enlarges it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// 48 pixels: in a list that an adult reads.
    Small,
    /// 96 pixels: beside a rule that a child is read.
    Medium,
    /// 160 pixels: alone on a page or a poster.
    Large,
}

/// What a picture says. Its word stands in the text of an agreement: `{{picture ask}}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motif {
    /// Ask first.
    Ask,
    /// Do the task that was set.
    Work,
    /// Look after things.
    Careful,
    /// Be yourself: sign in as you.
    Own,
    /// Keep what is about you to yourself.
    Private,
    /// Be kind.
    Kind,
    /// Stop.
    Stop,
    /// Tell a grown-up.
    Tell,
    /// At home.
    Home,
    /// Somebody helps.
    Help,
}

/// A word that names no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no such picture; the pictures are {}", Motif::ALL.map(Motif::word).join(", "))]
pub struct NotAPicture;

/// How a picture is drawn: layers from the back to the front, on a square of 96.
struct Drawing {
    word: &'static str,
    label: &'static str,
    layers: &'static [(Paint, &'static str)],
}

/// What a layer is drawn with. The filled ones have an outline of ink, so that they can be told apart without their colours.
#[derive(Clone, Copy)]
enum Paint {
    Yellow,
    Blue,
    Red,
    White,
    /// A line of ink.
    Line,
    /// White within a thick line of ink.
    Thick,
    /// A patch of ink.
    Ink,
    /// A white patch on a colour.
    Pale,
    /// A white line on a colour.
    PaleLine,
}

// === impl Picture ===

impl Render for Picture {
    fn render(&self) -> Markup {
        let Drawing { label, layers, .. } = self.motif.drawing();
        let size = self.size.pixels();
        html! {
            svg.sg-picture role="img" aria-label=(label) viewBox="0 0 96 96" width=(size) height=(size) stroke-linejoin="round" {
                // Paper of its own, so that it stays what it is on a dark page.
                rect width="96" height="96" rx="10" fill=(WHITE) {}
                @for (paint, path) in *layers { (stroke(*paint, path)) }
            }
        }
    }
}

fn stroke(paint: Paint, path: &str) -> Markup {
    let (fill, line, width) = match paint {
        Paint::Yellow => (YELLOW, INK, "4"),
        Paint::Blue => (BLUE, INK, "4"),
        Paint::Red => (RED, INK, "4"),
        Paint::White => (WHITE, INK, "4"),
        Paint::Line => ("none", INK, "4"),
        Paint::Thick => (WHITE, INK, "8"),
        Paint::Ink => (INK, "none", "0"),
        Paint::Pale => (WHITE, "none", "0"),
        Paint::PaleLine => ("none", WHITE, "6"),
    };
    html! { path fill=(fill) stroke=(line) stroke-width=(width) d=(path) {} }
}

// === impl Size ===

impl Size {
    const fn pixels(self) -> u8 {
        match self {
            Self::Small => 48,
            Self::Medium => 96,
            Self::Large => 160,
        }
    }
}

// === impl Motif ===

impl Motif {
    /// All of them.
    pub const ALL: [Self; 10] =
        [Self::Ask, Self::Work, Self::Careful, Self::Own, Self::Private, Self::Kind, Self::Stop, Self::Tell, Self::Home, Self::Help];

    /// Its word in a text.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.drawing().word
    }

    /// What is to be seen on it, for those who cannot see it.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.drawing().label
    }

    /// The drawing alone, as a file of its own.
    #[must_use]
    pub fn svg(self) -> String {
        let layers = html! { @for (paint, path) in self.drawing().layers { (stroke(*paint, path)) } };
        format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" stroke-linejoin="round">{}</svg>"#, layers.into_string())
    }

    const fn drawing(self) -> &'static Drawing {
        match self {
            Self::Ask => &ASK,
            Self::Work => &WORK,
            Self::Careful => &CAREFUL,
            Self::Own => &OWN,
            Self::Private => &PRIVATE,
            Self::Kind => &KIND,
            Self::Stop => &STOP,
            Self::Tell => &TELL,
            Self::Home => &HOME,
            Self::Help => &HELP,
        }
    }
}

impl FromStr for Motif {
    type Err = NotAPicture;

    fn from_str(word: &str) -> Result<Self, NotAPicture> {
        Self::ALL.into_iter().find(|motif| motif.word() == word).ok_or(NotAPicture)
    }
}

// === the drawings ===

static ASK: Drawing = Drawing {
    word: "ask",
    label: "A child with a hand up",
    layers: &[
        (Paint::Blue, "M14 94v-8q0-20 20-20h16L62 34l12 4-10 48v8z"),
        (Paint::Yellow, "M23 52a17 17 0 1 0 34 0a17 17 0 1 0-34 0z"),
        (Paint::Ink, "M32 49a2 2 0 1 0 4 0a2 2 0 1 0-4 0zM44 49a2 2 0 1 0 4 0a2 2 0 1 0-4 0z"),
        (Paint::Line, "M33 58q7 6 14 0"),
        (Paint::Yellow, "M61 32l-4-7q-2-4 1-5 2-1 4 2l2 3V9q0-4 3-4t3 4V7q0-4 3-4t3 4v3q0-4 3-4t3 4v16q0 10-9 12z"),
        (Paint::Line, "M70 9v11M76 9v11"),
        (Paint::Line, "M6 15q0-9 9-9t9 8q0 6-5 8-4 2-4 5"),
        (Paint::Ink, "M12 36a3 3 0 1 0 6 0a3 3 0 1 0-6 0z"),
    ],
};

static WORK: Drawing = Drawing {
    word: "work",
    label: "A tablet and a pencil",
    layers: &[
        (Paint::Blue, "M15 8h46a7 7 0 0 1 7 7v64a7 7 0 0 1-7 7h-46a7 7 0 0 1-7-7v-64a7 7 0 0 1 7-7z"),
        (Paint::White, "M19 17h38a3 3 0 0 1 3 3v48a3 3 0 0 1-3 3h-38a3 3 0 0 1-3-3v-48a3 3 0 0 1 3-3z"),
        (Paint::Ink, "M35 79a3 3 0 1 0 6 0a3 3 0 1 0-6 0z"),
        (Paint::Line, "M24 30h26M24 42h18M24 54h12"),
        (Paint::Yellow, "M80 22l12 12-34 36-15 4 3-16z"),
        (Paint::Ink, "M43 74l2-9 7 7z"),
        (Paint::Line, "M73 29l12 12"),
    ],
};

static CAREFUL: Drawing = Drawing {
    word: "careful",
    label: "Two hands that hold a tablet",
    layers: &[
        (Paint::Blue, "M26 18h44a6 6 0 0 1 6 6v34a6 6 0 0 1-6 6h-44a6 6 0 0 1-6-6v-34a6 6 0 0 1 6-6z"),
        (Paint::White, "M31 26h34a3 3 0 0 1 3 3v24a3 3 0 0 1-3 3h-34a3 3 0 0 1-3-3v-24a3 3 0 0 1 3-3z"),
        (Paint::Ink, "M38.5 37a2.5 2.5 0 1 0 5.0 0a2.5 2.5 0 1 0-5.0 0zM52.5 37a2.5 2.5 0 1 0 5.0 0a2.5 2.5 0 1 0-5.0 0z"),
        (Paint::Line, "M38 45q10 8 20 0"),
        (Paint::Yellow, "M4 92V62q0-8 7-12l8-4q1-5 5-7 5-2 6 3v10q6 0 7 6t-3 10l-6 8v16z"),
        (Paint::Yellow, "M92 92V62q0-8-7-12l-8-4q-1-5-5-7-5-2-6 3v10q-6 0-7 6t3 10l6 8v16z"),
    ],
};

static OWN: Drawing = Drawing {
    word: "own",
    label: "A card with a face and a name",
    layers: &[
        (Paint::Red, "M26 4h14l8 20 8-20h14L56 34H40z"),
        (Paint::White, "M21 28h54a7 7 0 0 1 7 7v46a7 7 0 0 1-7 7h-54a7 7 0 0 1-7-7v-46a7 7 0 0 1 7-7z"),
        (Paint::Yellow, "M23 54a13 13 0 1 0 26 0a13 13 0 1 0-26 0z"),
        (Paint::Ink, "M30 52a2 2 0 1 0 4 0a2 2 0 1 0-4 0zM38 52a2 2 0 1 0 4 0a2 2 0 1 0-4 0z"),
        (Paint::Line, "M31 58q5 4 10 0"),
        (Paint::Line, "M56 48h16M56 60h16M24 78h48"),
    ],
};

static PRIVATE: Drawing = Drawing {
    word: "private",
    label: "A name card with a lock on it",
    layers: &[
        (Paint::White, "M13 8h52a7 7 0 0 1 7 7v38a7 7 0 0 1-7 7h-52a7 7 0 0 1-7-7v-38a7 7 0 0 1 7-7z"),
        (Paint::Yellow, "M14 30a12 12 0 1 0 24 0a12 12 0 1 0-24 0z"),
        (Paint::Ink, "M20 28a2 2 0 1 0 4 0a2 2 0 1 0-4 0zM28 28a2 2 0 1 0 4 0a2 2 0 1 0-4 0z"),
        (Paint::Line, "M21 34q5 4 10 0"),
        (Paint::Line, "M46 24h16M46 36h10"),
        (Paint::Thick, "M48 58V48q0-14 15-14t15 14v10z"),
        (Paint::Yellow, "M44 56h38a6 6 0 0 1 6 6v24a6 6 0 0 1-6 6h-38a6 6 0 0 1-6-6v-24a6 6 0 0 1 6-6z"),
        (Paint::Ink, "M58 70a5 5 0 1 0 10 0a5 5 0 1 0-10 0zM60 70h6l2 14h-10z"),
    ],
};

static KIND: Drawing = Drawing {
    word: "kind",
    label: "A heart that smiles",
    layers: &[
        (Paint::Red, "M48 88Q6 58 6 34 6 12 27 12q14 0 21 14 7-14 21-14 21 0 21 22 0 24-42 54z"),
        (Paint::Pale, "M31 38a4 4 0 1 0 8 0a4 4 0 1 0-8 0zM57 38a4 4 0 1 0 8 0a4 4 0 1 0-8 0z"),
        (Paint::PaleLine, "M32 52q16 16 32 0"),
    ],
};

static STOP: Drawing = Drawing {
    word: "stop",
    label: "A hand that says stop",
    layers: &[
        (Paint::Red, "M32 6h32l26 26v32L64 90H32L6 64V32z"),
        (
            Paint::White,
            "M37 70Q28 60 24 50q-2-5 2-6t7 5l3 5V28q0-5 4-5t4 5v-5q0-5 4-5t4 5v5q0-5 4-5t4 5v4q0-4 4-4t4 4v24q0 20-16 20-9 0-15-6z",
        ),
        (Paint::Line, "M44 28v18M52 26v20M60 32v14"),
    ],
};

static TELL: Drawing = Drawing {
    word: "tell",
    label: "A child who talks to a grown-up",
    layers: &[
        (Paint::Blue, "M6 94V84q0-14 16-14t16 14v10z"),
        (Paint::Yellow, "M8 60a14 14 0 1 0 28 0a14 14 0 1 0-28 0z"),
        (Paint::Ink, "M15 58a2 2 0 1 0 4 0a2 2 0 1 0-4 0zM25 58a2 2 0 1 0 4 0a2 2 0 1 0-4 0z"),
        (Paint::Line, "M18 66h9"),
        (Paint::Red, "M46 94V74q0-20 22-20t22 20v20z"),
        (Paint::Yellow, "M52 38a16 16 0 1 0 32 0a16 16 0 1 0-32 0z"),
        (Paint::Ink, "M61 35a2 2 0 1 0 4 0a2 2 0 1 0-4 0zM71 35a2 2 0 1 0 4 0a2 2 0 1 0-4 0z"),
        (Paint::Line, "M62 43q6 5 12 0"),
        (Paint::White, "M8 6h32q6 0 6 6v16q0 6-6 6H32l-6 9-3-9H8q-6 0-6-6V12q0-6 6-6z"),
        (Paint::Line, "M11 16h26M11 25h18"),
    ],
};

static HOME: Drawing = Drawing {
    word: "home",
    label: "A house",
    layers: &[
        (Paint::White, "M18 90V46L48 18l30 28v44z"),
        (Paint::Red, "M48 8 92 48l-6 6L48 20 10 54l-6-6z"),
        (Paint::Yellow, "M40 90V62h16v28z"),
        (Paint::Blue, "M62 58h10v12H62zM24 58h10v12H24z"),
    ],
};

static HELP: Drawing = Drawing {
    word: "help",
    label: "A grown-up who holds the hand of a child",
    layers: &[
        (Paint::Blue, "M10 94V58q0-18 20-18 16 0 19 14l5 20-7 3-6-10v27z"),
        (Paint::Yellow, "M14 24a16 16 0 1 0 32 0a16 16 0 1 0-32 0z"),
        (Paint::Ink, "M23 21a2 2 0 1 0 4 0a2 2 0 1 0-4 0zM33 21a2 2 0 1 0 4 0a2 2 0 1 0-4 0z"),
        (Paint::Line, "M24 29q6 5 12 0"),
        (Paint::Red, "M58 94V80l-5-3 5-10q4-7 14-7 18 0 18 16v18z"),
        (Paint::Yellow, "M58 46a14 14 0 1 0 28 0a14 14 0 1 0-28 0z"),
        (Paint::Ink, "M65 44a2 2 0 1 0 4 0a2 2 0 1 0-4 0zM75 44a2 2 0 1 0 4 0a2 2 0 1 0-4 0z"),
        (Paint::Line, "M67 51q5 5 10 0"),
        (Paint::Yellow, "M48 76a6 6 0 1 0 12 0a6 6 0 1 0-12 0z"),
    ],
};

pub(super) fn examples() -> Vec<Example> {
    let all = html! {
        ul.sg-picture-rules {
            @for motif in Motif::ALL { li { (Picture { motif, size: Size::Medium }) span { (motif.label()) } } }
        }
    };
    vec![
        Example { name: "Beside rules that are read aloud", markup: all },
        Example::new("Small", &Picture { motif: Motif::Ask, size: Size::Small }),
        Example::new("Large", &Picture { motif: Motif::Tell, size: Size::Large }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_picture_is_found_by_its_word_and_says_what_is_on_it() {
        for (at, motif) in Motif::ALL.into_iter().enumerate() {
            assert_eq!(motif.word().parse(), Ok(motif));
            assert!(Motif::ALL[..at].iter().all(|other| other.label() != motif.label()), "{motif:?}");
            let markup = Picture { motif, size: Size::Small }.render().into_string();
            assert!(markup.contains(r#"role="img""#) && markup.contains(&format!(r#"aria-label="{}""#, motif.label())), "{markup}");
            assert!(markup.contains(r#"width="48" height="48""#), "{markup}");
        }
        assert!("secret".parse::<Motif>().is_err_and(|error| error.to_string().contains("ask, work")));
    }

    /// What the eye must tell apart: an outline from each colour within it, and from the paper round it (WCAG 2.2, 1.4.11: 3 to 1).
    #[test]
    fn shapes_are_told_apart_without_colour() {
        for within in [YELLOW, BLUE, WHITE] {
            assert!(contrast(INK, within) >= 3.0, "{within}: {}", contrast(INK, within));
        }
        // A red shape is as dark as its outline: it shows on the paper, and what is on it is white.
        assert!(contrast(RED, WHITE) >= 4.5, "{}", contrast(RED, WHITE));
        let inside_red =
            |motif: Motif| motif.drawing().layers.iter().any(|(paint, _)| matches!(paint, Paint::Pale | Paint::PaleLine | Paint::White));
        assert!(inside_red(Motif::Kind) && inside_red(Motif::Stop));
    }

    /// The contrast of two colours as WCAG reckons it.
    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn luminance(colour: &str) -> f64 {
        let part = |at: usize| {
            let part = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).expect("a colour")) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }
}
