//! A text as it goes to the printer.

use reports::{Block as Printed, Item as PrintedItem, Picture, Span as PrintedSpan, Style as PrintedStyle};
use ui::components::picture::Motif;

use super::{Document, Item, Kind, Span, Style};

/// A text in the values of `reports`.
pub fn printed(document: &Document) -> reports::Document {
    let blocks = document.blocks.iter().map(|block| match &block.kind {
        Kind::Heading(spans) => Printed::Heading(line(spans)),
        Kind::Subheading(spans) => Printed::Subheading(line(spans)),
        Kind::Paragraph(spans) => Printed::Paragraph(line(spans)),
        Kind::List { is_numbered, items } => Printed::List { is_numbered: *is_numbered, items: items.iter().map(item).collect() },
    });
    reports::Document { title: document.title.clone(), blocks: blocks.collect() }
}

fn item(item: &Item) -> PrintedItem {
    let motif = item.picture.as_deref().and_then(|word| word.parse::<Motif>().ok());
    let picture = motif.map(|motif| Picture { svg: motif.svg(), label: motif.label().to_owned() });
    PrintedItem { spans: line(&item.spans), picture }
}

fn line(spans: &[Span]) -> Vec<PrintedSpan> {
    spans.iter().map(span).collect()
}

fn span(span: &Span) -> PrintedSpan {
    let text = span.text.clone();
    match &span.style {
        Style::Plain => PrintedSpan { text, style: PrintedStyle::Plain },
        Style::Strong => PrintedSpan { text, style: PrintedStyle::Strong },
        Style::Emphasis => PrintedSpan { text, style: PrintedStyle::Emphasis },
        // A path leads nowhere from a paper.
        Style::Link(to) if to.starts_with('/') => PrintedSpan { text, style: PrintedStyle::Plain },
        Style::Link(to) => PrintedSpan { text, style: PrintedStyle::Link(to.clone()) },
        Style::Gap => PrintedSpan { text: format!("[Missing: {text}]"), style: PrintedStyle::Strong },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_can_be_read_is_printed_and_marks_are_not() {
        let source = "# T\n\n## One\n\nA **b** *c* [d](https://museum.example) [e](/privacy) {{open}}. {{clauses A-001}}\n\n\
                      1. first {{clauses A-002}}\n\n### Two\n\n- {{picture ask}} I ask.\n- I stop.";
        let printed = printed(&crate::document::parse(source).expect("a text"));
        let said = |spans: &[PrintedSpan]| spans.iter().map(|span| span.text.as_str()).collect::<String>();
        let [
            Printed::Heading(one),
            Printed::Paragraph(line),
            Printed::List { is_numbered: true, items: first },
            Printed::Subheading(two),
            Printed::List { is_numbered: false, items },
        ] = printed.blocks.as_slice()
        else {
            panic!("{printed:?}");
        };
        assert_eq!((said(one), said(line), said(two)), ("One".into(), "A b c d e [Missing: open].".into(), "Two".into()));
        let styles: Vec<&PrintedStyle> = line.iter().map(|span| &span.style).filter(|style| **style != PrintedStyle::Plain).collect();
        let link = PrintedStyle::Link("https://museum.example".to_owned());
        assert_eq!(styles, [&PrintedStyle::Strong, &PrintedStyle::Emphasis, &link, &PrintedStyle::Strong]);
        assert_eq!(
            (said(&first[0].spans), said(&items[0].spans), said(&items[1].spans)),
            ("first".into(), "I ask.".into(), "I stop.".into())
        );
        let picture = items[0].picture.as_ref().expect("a picture");
        assert!(picture.svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\"") && picture.label == Motif::Ask.label(), "{picture:?}");
        assert!(items[1].picture.is_none());
    }
}
