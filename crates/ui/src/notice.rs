//! A short page of the gate itself: where to go, what to do. Like the block page it is complete in itself, since it may be shown
//! where nothing else can be loaded.

use maud::html;

use crate::block_page::{HelpLine, Rendered, help};
use crate::{Href, ReadingAge, Words, complete};

/// The page.
#[derive(Debug, Clone)]
pub struct Notice<'a> {
    /// For whom it is worded.
    pub words: &'a Words,
    /// Its heading and title.
    pub heading: &'a str,
    /// What it says, a paragraph each.
    pub paragraphs: &'a [&'a str],
    /// Where one can go from here, the first standing out.
    pub links: &'a [(&'a str, Href)],
    /// Help from outside the school; none for no section.
    pub help_lines: &'a [HelpLine<'a>],
}

/// Makes the page. It cannot fail.
#[must_use]
pub fn render(notice: &Notice<'_>) -> Rendered {
    let content = html! {
        h1 { (notice.heading) }
        @for paragraph in notice.paragraphs { p { (paragraph) } }
        @if !notice.links.is_empty() {
            ul.do {
                @for (place, (text, href)) in notice.links.iter().enumerate() {
                    li.first[place == 0] { a href=(href) { (text) } }
                }
            }
        }
        @if !notice.help_lines.is_empty() {
            h2 { "Someone outside school to talk to" }
            (help(notice.help_lines))
            p { "If anyone is in danger now, ring " a href=(Href::phone("999")) { "999" } "." }
        }
    };
    complete::page(notice.words, notice.heading, notice.words.reading_age == ReadingAge::Young, &content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_it_is_given_and_escapes_it() {
        let words = Words::new(ReadingAge::Adult, "A <school>");
        let links = [("Go", Href::path("/go"))];
        let page = render(&Notice { words: &words, heading: "Hello", paragraphs: &["1 < 2"], links: &links, help_lines: &[] });
        assert!(page.html.contains("A &lt;school&gt;") && page.html.contains("1 &lt; 2") && page.html.contains("href=\"/go\""));
        assert!(!page.html.contains("999"));
    }

    #[test]
    fn young_readers_get_large_print() {
        let draw = |age| {
            render(&Notice { words: &Words::new(age, "A school"), heading: "Hello", paragraphs: &[], links: &[], help_lines: &[] }).html
        };
        let is_large = |age| draw(age).split_once("<main").is_some_and(|(_, rest)| rest.starts_with(" class=\"young\""));
        assert!(is_large(ReadingAge::Young));
        assert!(!is_large(ReadingAge::Child));
    }
}
