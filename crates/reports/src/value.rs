//! Plain values become values of the typesetter. A text becomes a string there, which is letters and nothing else.

use typst::foundations::{Array, Bytes, Dict, IntoValue, Value, dict};

use crate::mark;
use crate::paper::{Block, Document, Fact, Item, Paper, Part, Picture, Sheet, Span, Style, Whom};

/// What `paper.typ` finds as its paper.
pub(crate) fn of_paper(paper: &Paper<'_>) -> Dict {
    dict! {
        "title" => said(&paper.title),
        "author" => said(paper.author),
        "language" => said(paper.language.code),
        "of" => said(paper.language.of),
        "size" => paper.size.points(),
        "sheets" => array(&paper.sheets, of_sheet),
    }
}

fn of_sheet(sheet: &Sheet<'_>) -> Dict {
    dict! {
        "foot" => said(&sheet.foot),
        "whom" => sheet.whom.as_ref().map_or(Value::None, |whom| of_whom(whom).into_value()),
        "parts" => array(&sheet.parts, of_part),
    }
}

fn of_whom(whom: &Whom<'_>) -> Dict {
    let mark = whom.mark.and_then(|(address, label)| Some(of_picture(&Picture { svg: mark::svg(address)?, label: label.to_owned() })));
    dict! { "name" => said(whom.name), "note" => said(whom.note), "mark" => mark.map_or(Value::None, Dict::into_value) }
}

fn of_part(part: &Part<'_>) -> Dict {
    let Document { title, blocks } = part.document;
    dict! {
        "title" => said(title),
        "facts" => array(&part.facts, |Fact { name, value }| dict! { "name" => said(name), "value" => said(value) }),
        "blocks" => array(blocks, of_block),
        "lines" => part.lines.iter().map(|line| said(line)).collect::<Array>(),
    }
}

fn of_block(block: &Block) -> Dict {
    let of = |kind: &str, spans: &Vec<Span>| dict! { "kind" => kind, "spans" => array(spans, of_span) };
    match block {
        Block::Heading(spans) => of("heading", spans),
        Block::Subheading(spans) => of("subheading", spans),
        Block::Paragraph(spans) => of("paragraph", spans),
        Block::List { is_numbered, items } => {
            dict! { "kind" => if *is_numbered { "numbers" } else { "list" }, "items" => array(items, of_item) }
        }
    }
}

fn of_item(item: &Item) -> Dict {
    let picture = item.picture.as_ref().map_or(Value::None, |picture| of_picture(picture).into_value());
    dict! { "spans" => array(&item.spans, of_span), "picture" => picture }
}

fn of_picture(picture: &Picture) -> Dict {
    dict! { "svg" => Bytes::from_string(picture.svg.clone()), "label" => said(&picture.label) }
}

fn of_span(span: &Span) -> Dict {
    let (style, to) = match &span.style {
        Style::Plain => ("plain", ""),
        Style::Strong => ("strong", ""),
        Style::Emphasis => ("emphasis", ""),
        Style::Link(to) => ("link", to.as_str()),
    };
    dict! { "text" => said(&span.text), "style" => style, "to" => to }
}

/// A text. What controls a terminal and is no letter becomes a space.
fn said(text: &str) -> Value {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect::<String>().into_value()
}

fn array<T>(all: &[T], of: impl Fn(&T) -> Dict) -> Array {
    all.iter().map(|one| of(one).into_value()).collect()
}
