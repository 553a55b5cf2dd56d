//! Markdown becomes a document, or the line is said at which it cannot.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use ui::components::picture::Motif;

use super::{Block, Document, Item, Kind, Span, Style};

/// Longest text, in bytes.
const LONGEST: usize = 256 * 1024;

/// Why a text is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Something that a text may not hold.
    #[error("line {line}: {what} cannot stand in a text; use headings, paragraphs, lists and links")]
    NotHere {
        /// From 1.
        line: usize,
        /// What.
        what: &'static str,
    },
    /// A directive that is none.
    #[error("line {line}: {{{{{what}}}}} is neither a placeholder nor a directive that Schoolgate knows")]
    Directive {
        /// From 1.
        line: usize,
        /// What stands between the braces.
        what: String,
    },
    /// A link that leads nowhere safe.
    #[error("line {line}: a link begins with https://, mailto:, tel: or /")]
    Link {
        /// From 1.
        line: usize,
    },
    /// Not exactly one title.
    #[error("the text begins with one heading of the first level, # and its title, and has no second one")]
    Title,
    /// Too long.
    #[error("the text is longer than 256 KiB")]
    Long,
}

/// Audiences that `{{only …}}` knows.
const AUDIENCES: [&str; 7] = ["staff", "governor", "volunteer", "contractor", "visitor", "parent", "pupil"];

/// Reads a text.
///
/// # Errors
/// Where it holds what it may not, with the line.
pub fn parse(source: &str) -> Result<Document, DocumentError> {
    if source.len() > LONGEST {
        return Err(DocumentError::Long);
    }
    let mut reader = Reader { source, title: None, blocks: Vec::new(), only: Vec::new(), spans: Vec::new(), style: Vec::new(), list: None };
    for (event, at) in Parser::new_ext(source, Options::empty()).into_offset_iter() {
        reader.take(event, &at)?;
    }
    Ok(Document { title: reader.title.ok_or(DocumentError::Title)?, blocks: reader.blocks })
}

/// Whether what stands between braces can be a placeholder: small letters, digits, dots, underscores, hyphens.
pub(super) fn is_placeholder(word: &str) -> bool {
    let word = word.trim();
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte))
}

struct Reader<'a> {
    source: &'a str,
    title: Option<String>,
    blocks: Vec<Block>,
    /// For whom alone the next block is.
    only: Vec<String>,
    spans: Vec<Span>,
    style: Vec<Style>,
    /// Whether it is numbered, and its items so far.
    list: Option<(bool, Vec<Item>)>,
}

/// What the directives of a line said.
#[derive(Default)]
struct Marks {
    clauses: Vec<String>,
    only: Vec<String>,
    picture: Option<String>,
}

// === impl Reader ===

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, at: &Range<usize>) -> Result<(), DocumentError> {
        match event {
            Event::Start(tag) => self.start(tag, at),
            Event::End(tag) => self.end(tag, at),
            Event::Text(text) => {
                self.say(&text);
                Ok(())
            }
            Event::SoftBreak | Event::HardBreak => {
                self.say(" ");
                Ok(())
            }
            Event::Html(_) | Event::InlineHtml(_) => Err(self.not_here("HTML", at)),
            Event::Rule => Err(self.not_here("a rule", at)),
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {
                Err(self.not_here("code", at))
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>, at: &Range<usize>) -> Result<(), DocumentError> {
        match tag {
            Tag::Paragraph | Tag::Heading { .. } => {}
            Tag::List(first) if self.list.is_none() => self.list = Some((first.is_some(), Vec::new())),
            Tag::List(_) => return Err(self.not_here("a list inside a list", at)),
            Tag::Item => self.spans.clear(),
            Tag::Strong => self.style.push(Style::Strong),
            Tag::Emphasis => self.style.push(Style::Emphasis),
            Tag::Link { dest_url, .. } => {
                let safe = ["https://", "mailto:", "tel:"].iter().any(|start| dest_url.starts_with(start))
                    || (dest_url.starts_with('/') && !dest_url.starts_with("//") && !dest_url.starts_with("/\\"));
                if !safe || dest_url.contains(char::is_whitespace) {
                    return Err(DocumentError::Link { line: self.line(at) });
                }
                self.style.push(Style::Link(dest_url.into_string()));
            }
            Tag::HtmlBlock => return Err(self.not_here("HTML", at)),
            Tag::Image { .. } => return Err(self.not_here("a picture", at)),
            Tag::BlockQuote(_) => return Err(self.not_here("a quotation", at)),
            Tag::CodeBlock(_) => return Err(self.not_here("code (begin no line with four spaces)", at)),
            _ => return Err(self.not_here("this", at)),
        }
        Ok(())
    }

    fn end(&mut self, tag: TagEnd, at: &Range<usize>) -> Result<(), DocumentError> {
        match tag {
            TagEnd::Heading(level) => {
                let (spans, marks) = self.finish(at)?;
                if level == HeadingLevel::H1 {
                    let is_first = self.title.is_none() && self.blocks.is_empty();
                    self.title = Some(spans.iter().map(|span| span.text.as_str()).collect());
                    return if is_first { Ok(()) } else { Err(DocumentError::Title) };
                }
                let kind = if level == HeadingLevel::H2 { Kind::Heading(spans) } else { Kind::Subheading(spans) };
                self.push(kind, marks);
            }
            // A paragraph inside an item belongs to the item.
            TagEnd::Paragraph if self.list.is_some() => self.say(" "),
            TagEnd::Paragraph => {
                let (spans, mut marks) = self.finish(at)?;
                if spans.is_empty() {
                    // Directives alone: `only` is about what follows, clauses about what went before.
                    self.only.append(&mut marks.only);
                    if let Some(block) = self.blocks.last_mut() {
                        block.clauses.append(&mut marks.clauses);
                    }
                } else {
                    self.push(Kind::Paragraph(spans), marks);
                }
            }
            TagEnd::Item => {
                let (spans, marks) = self.finish(at)?;
                if let Some((_, items)) = &mut self.list {
                    items.push(Item { spans, clauses: marks.clauses, picture: marks.picture });
                }
            }
            TagEnd::List(_) => {
                if let Some((is_numbered, items)) = self.list.take() {
                    self.push(Kind::List { is_numbered, items }, Marks::default());
                }
            }
            TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link => {
                self.style.pop();
            }
            _ => {}
        }
        Ok(())
    }

    fn push(&mut self, kind: Kind, marks: Marks) {
        let mut only = std::mem::take(&mut self.only);
        only.extend(marks.only);
        self.blocks.push(Block { kind, only, clauses: marks.clauses });
    }

    fn say(&mut self, text: &str) {
        let style = self.style.last().cloned().unwrap_or_default();
        match self.spans.last_mut() {
            Some(last) if last.style == style => last.text.push_str(text),
            _ => self.spans.push(Span { text: text.to_owned(), style }),
        }
    }

    /// The line that ends, with its directives taken out.
    fn finish(&mut self, at: &Range<usize>) -> Result<(Vec<Span>, Marks), DocumentError> {
        let (mut marks, mut spans) = (Marks::default(), Vec::new());
        for span in std::mem::take(&mut self.spans) {
            let mut rest = span.text.as_str();
            while let Some((before, after)) = rest.split_once("{{") {
                let Some((inside, after)) = after.split_once("}}") else { break };
                spans.push(Span { text: before.to_owned(), style: span.style.clone() });
                rest = after;
                if is_placeholder(inside) {
                    spans.push(Span { text: inside.trim().to_owned(), style: Style::Gap });
                } else if !marks.take(inside) {
                    return Err(DocumentError::Directive { line: self.line(at), what: inside.to_owned() });
                }
            }
            spans.push(Span { text: rest.to_owned(), style: span.style });
        }
        spans.retain(|span| !span.text.is_empty());
        // What a directive left behind at the beginning and at the end.
        while let Some(first) = spans.first_mut() {
            first.text = first.text.trim_start().to_owned();
            if !first.text.is_empty() {
                break;
            }
            spans.remove(0);
        }
        while let Some(last) = spans.last_mut() {
            last.text.truncate(last.text.trim_end().len());
            if !last.text.is_empty() {
                break;
            }
            spans.pop();
        }
        Ok((spans, marks))
    }

    fn not_here(&self, what: &'static str, at: &Range<usize>) -> DocumentError {
        DocumentError::NotHere { line: self.line(at), what }
    }

    fn line(&self, at: &Range<usize>) -> usize {
        1 + self.source.as_bytes().iter().take(at.start).filter(|byte| **byte == b'\n').count()
    }
}

// === impl Marks ===

impl Marks {
    /// Takes a directive; false where it is none.
    fn take(&mut self, inside: &str) -> bool {
        let mut words = inside.split_whitespace();
        let first = words.next().unwrap_or_default();
        let rest: Vec<&str> = words.collect();
        match (first, rest.as_slice()) {
            ("clauses", ids) if !ids.is_empty() && ids.iter().all(|id| is_clause(id)) => {
                self.clauses.extend(ids.iter().map(|id| (*id).to_owned()));
            }
            ("only", audiences) if !audiences.is_empty() && audiences.iter().all(|word| AUDIENCES.contains(word)) => {
                self.only.extend(audiences.iter().map(|word| (*word).to_owned()));
            }
            ("picture", [name]) if name.parse::<Motif>().is_ok() => self.picture = Some((*name).to_owned()),
            _ => return false,
        }
        true
    }
}

/// `A-001`, `B-240`.
fn is_clause(id: &str) -> bool {
    let bytes = id.as_bytes();
    bytes.len() == 5 && bytes[0].is_ascii_uppercase() && bytes[1] == b'-' && bytes[2..].iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Span {
        Span { text: text.to_owned(), style: Style::Plain }
    }

    #[test]
    fn a_text_is_read_with_its_marks() {
        let source = "# Our *rules*\n\nFor **all**, by {{role.dsl}}. {{clauses A-001 B-002}}\n\n{{only staff governor}}\nYour contract.\n\n\
                      {{only pupil}}\n\n1. {{picture ask}} I ask. {{clauses B-222}}\n2. I\n   tell.\n\n## Help\n\n[Childline](https://help.example/)";
        let document = parse(source).expect("a text");
        assert_eq!(document.title, "Our rules");
        assert_eq!(document.clauses(), ["A-001", "B-002", "B-222"]);
        assert_eq!(document.gaps(), ["role.dsl"]);
        assert_eq!(document.lines(), ["Our rules", "For all, by role.dsl.", "Your contract.", "I ask.", "I tell.", "Help", "Childline"]);
        assert_eq!(document.blocks[1].only, ["staff", "governor"]);
        let Kind::List { is_numbered: true, items } = &document.blocks[2].kind else { panic!("a list") };
        assert_eq!((items[0].picture.as_deref(), items[1].spans.as_slice()), (Some("ask"), &[plain("I tell.")][..]));
        assert_eq!(document.clone().for_audience("parent").lines().len(), 4, "neither the contract nor the pupils' rules");
        assert_eq!(document.for_audience("pupil").lines().len(), 6);
    }

    #[test]
    fn what_may_not_stand_there_is_refused_with_its_line() {
        let here = |source: &str| parse(source).expect_err("refused").to_string();
        for (source, line) in [
            ("# T\n\n<b>x</b>", "line 3: HTML"),
            ("# T\n\n![x](https://a.example/)", "line 3: a picture"),
            ("# T\n\n\n```\nx\n```", "line 4: code"),
            ("# T\n\n[x](javascript:alert(1))", "line 3: a link"),
            ("# T\n\n[x](//host/)", "line 3: a link"),
            ("# T\n\n- a\n  - b", "line 4: a list inside a list"),
            ("# T\n\n{{only aliens}} x", "line 3: {{only aliens}}"),
            ("# T\n\n- {{picture unicorn}} x", "line 3: {{picture unicorn}}"),
            ("# T\n\n> x", "line 3: a quotation"),
            ("no title", "the text begins with one heading"),
            ("# T\n\n# U", "the text begins with one heading"),
        ] {
            assert!(here(source).starts_with(line), "{source:?}: {}", here(source));
        }
    }

    #[test]
    fn nothing_that_is_typed_brings_it_down() {
        for source in ["", "{{", "}}", "# {{{{}}}}", "# T\n\n{{{{}}}}", "# T\n\n{{clauses}}", "# T\n- \n-", "\u{0}", "# T\n\n*_**"] {
            let _ = parse(source);
        }
    }
}
