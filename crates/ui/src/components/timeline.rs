//! Timeline: what happened, the newest first, with who did it and when. After the timeline of the MOJ Pattern Library.

use maud::{Markup, Render, html};

use super::Example;

/// What happened.
#[derive(Debug, Clone)]
pub struct Timeline<'a> {
    /// What it is about, for those who cannot see it.
    pub label: &'a str,
    /// The happenings, the newest first.
    pub entries: &'a [Entry],
}

/// One happening.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What happened.
    pub title: String,
    /// Who did it, in which role.
    pub by: String,
    /// When, as people write it: "3 March 2026, 14:05".
    pub at: String,
    /// What it says about it: what a field said before and says now.
    pub inside: Option<Markup>,
}

impl Render for Timeline<'_> {
    fn render(&self) -> Markup {
        html! {
            ol.sg-timeline aria-label=(self.label) {
                @for entry in self.entries {
                    li.sg-timeline__item {
                        h3.sg-timeline__title { (entry.title) }
                        p.sg-timeline__by { (entry.at) ", by " (entry.by) }
                        @if let Some(inside) = &entry.inside { div.sg-timeline__inside { (inside) } }
                    }
                }
            }
        }
    }
}

pub(super) fn examples() -> Vec<Example> {
    let entry = |title: &str, by: &str, at: &str, inside| Entry { title: title.to_owned(), by: by.to_owned(), at: at.to_owned(), inside };
    let inside = Some(html! { p.govuk-body { "Year group: Year 4, before Year 3" } });
    let entries = [
        entry("Changed", "Robin Teasel, Headteacher", "3 March 2026, 14:05", inside),
        entry("Added", "the program, on an order at the machine", "1 September 2025, 09:00", None),
    ];
    vec![Example::new("Two happenings", &Timeline { label: "What changed", entries: &entries })]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_and_when_stand_with_what() {
        let entry = Entry { title: "<Added>".to_owned(), by: "Ash".to_owned(), at: "today".to_owned(), inside: None };
        let markup = Timeline { label: "What changed", entries: &[entry] }.render().into_string();
        assert!(markup.contains("&lt;Added&gt;</h3>") && markup.contains("today, by Ash</p>"), "{markup}");
        assert!(!markup.contains("sg-timeline__inside"));
    }
}
