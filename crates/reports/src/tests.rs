//! What is on a paper, read from the pages as they are set and from the bytes of the PDF.

use typst::layout::{Frame, FrameItem};

use crate::paper::{Block, Document, Fact, Item, Language, Paper, Part, Picture, Sheet, Size, Span, Style, Whom};
use crate::world::set;
use crate::{MOST, ReportError, pdf};

const ENGLISH: Language<'_> = Language { code: "en", of: "of" };
const PICTURE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1h7v7z"/></svg>"#;

fn plain(text: &str) -> Vec<Span> {
    vec![Span { text: text.to_owned(), style: Style::Plain }]
}

fn text(title: &str, paragraphs: &[&str]) -> Document {
    Document { title: title.to_owned(), blocks: paragraphs.iter().map(|text| Block::Paragraph(plain(text))).collect() }
}

fn paper(document: &Document) -> Paper<'_> {
    let facts = vec![Fact { name: "Version", value: "3".to_owned() }];
    let part = Part { document, facts, lines: Vec::new() };
    let sheet = Sheet { whom: None, foot: "The foot".into(), parts: vec![part] };
    Paper { title: document.title.as_str().into(), author: "Hill School", language: ENGLISH, size: Size::Ordinary, sheets: vec![sheet] }
}

/// The letters of each page in the order in which they are set.
fn pages(paper: &Paper<'_>) -> Vec<String> {
    fn read(frame: &Frame, into: &mut String) {
        for (_, item) in frame.items() {
            match item {
                FrameItem::Group(group) => read(&group.frame, into),
                FrameItem::Text(text) => into.push_str(&text.text),
                _ => {}
            }
        }
    }
    let document = set(paper).expect("set");
    let page = |frame: &Frame| {
        let mut text = String::new();
        read(frame, &mut text);
        text
    };
    document.pages().iter().map(|of| page(&of.frame)).collect()
}

/// Whether the texts stand in the whole one after the other.
fn follow(whole: &str, texts: &[&str]) -> bool {
    let mut rest = Some(whole);
    texts.iter().all(|text| {
        rest = rest.and_then(|rest| rest.split_once(text)).map(|(_, rest)| rest);
        rest.is_some()
    })
}

#[test]
fn a_text_stands_there_in_order_with_what_is_known_of_it() {
    let mut document = text("Our rules", &["First."]);
    document.blocks.push(Block::Heading(plain("At home")));
    document.blocks.push(Block::Subheading(plain("In the evening")));
    let item = |text: &str, picture| Item { spans: plain(text), picture };
    let picture = Picture { svg: PICTURE.to_owned(), label: "A hand".to_owned() };
    document.blocks.push(Block::List { is_numbered: true, items: vec![item("one", None), item("two", None)] });
    document.blocks.push(Block::List { is_numbered: false, items: vec![item("ask", Some(picture)), item("stop", None)] });
    let spans = [("strong", Style::Strong), ("soft", Style::Emphasis), ("there", Style::Link("https://museum.example/rooms".to_owned()))];
    document.blocks.push(Block::Paragraph(spans.map(|(text, style)| Span { text: text.to_owned(), style }).to_vec()));
    let pages = pages(&paper(&document));
    let order =
        ["Our rules", "Version", "3", "First.", "At home", "In the evening", "one", "two", "ask", "stop", "strong", "soft", "there"];
    assert!(follow(&pages[0], &order), "{pages:?}");
    assert!(follow(&pages[0], &["there", "(museum.example/rooms)", "The foot", "1 of 1"]), "{pages:?}");
}

#[test]
fn what_people_wrote_is_letters_and_nothing_else() {
    let hostile = [
        r#"#import "@preview/x:1.0.0": *"#,
        r#"] } ) [ { ( \ \u{41} #panic("no") $x^2$"#,
        "*bold* _soft_ `code` @ref <label> // no comment /* nor this */",
        "= Heading",
        "- item + item / term: said",
        "#sys.inputs #read(\"/etc/passwd\") --- ... 'a' \"b\" ~ https://evil.example",
        "<script>alert(1)</script> &amp; %PDF-1.7 (x) Tj endstream",
    ];
    let document = text(hostile[0], &hostile);
    let mut print = paper(&document);
    print.sheets[0].whom = Some(Whom { name: hostile[1], note: hostile[2], mark: Some((hostile[1], hostile[2])) });
    print.sheets[0].foot = hostile[3].into();
    print.sheets[0].parts[0].lines = vec![hostile[4].into()];
    let all = pages(&print).concat();
    // Where a line ends, a space is not set.
    let near = |text: &str| text.replace(' ', "");
    for text in hostile {
        assert!(near(&all).contains(&near(text)), "{text} in {all}");
    }
    assert!(pdf(&print).is_ok());
}

#[test]
fn a_reader_is_told_title_language_and_that_it_is_tagged() {
    let document = text("Our rules", &["First."]);
    let bytes = pdf(&Paper { language: Language { code: "pl", of: "z" }, ..paper(&document) }).expect("made");
    assert!(bytes.starts_with(b"%PDF-1.7"));
    let written = String::from_utf8_lossy(&bytes);
    for word in
        ["/Lang(pl)", "<pdfuaid:part>1</pdfuaid:part>", "/MarkInfo", "/StructTreeRoot", "/Outlines", "/DisplayDocTitle true", "Our rules"]
    {
        assert!(written.contains(word), "{word}");
    }
    assert_eq!(bytes, pdf(&Paper { language: Language { code: "pl", of: "z" }, ..paper(&document) }).expect("made"), "no clock, no chance");
}

#[test]
fn each_person_gets_pages_of_their_own() {
    let long = vec!["This is a paragraph of some length, so that a few dozen of them are more than a page has room for."; 60];
    let (document, own) = (text("Agreement", &long), text("My rules", &["I ask first."]));
    let sheet = |name: &'static str| Sheet {
        whom: Some(Whom { name, note: "Owls", mark: Some(("https://school.example/a", "Finds the record")) }),
        foot: name.into(),
        parts: vec![
            Part { document: &document, facts: Vec::new(), lines: vec!["Signature".into()] },
            Part { document: &own, facts: Vec::new(), lines: vec!["Own name".into()] },
        ],
    };
    let print = Paper { sheets: ["Ada", "Ben", "Cai"].map(sheet).to_vec(), ..paper(&document) };
    let pages = pages(&print);
    for (name, others) in [("Ada", ["Ben", "Cai"]), ("Ben", ["Ada", "Cai"]), ("Cai", ["Ada", "Ben"])] {
        let theirs: Vec<&String> = pages.iter().filter(|page| page.contains(name)).collect();
        assert!(theirs.len() > 2, "{name}: {}", theirs.len());
        assert!(theirs.iter().all(|page| others.iter().all(|other| !page.contains(other))), "{name}");
        for (at, page) in theirs.iter().enumerate() {
            assert!(page.contains(&format!("{} of {}", at + 1, theirs.len())), "{name}: {page}");
        }
        assert!(follow(
            &theirs.iter().map(|page| page.as_str()).collect::<String>(),
            &[name, "Owls", "Agreement", "Signature", "My rules", "I ask", "Own name"]
        ));
    }
    // Printed on both sides, nobody has the back of somebody else's sheet.
    for (at, page) in pages.iter().enumerate().filter(|(_, page)| page.contains("1 of ")) {
        assert_eq!(at % 2, 0, "{page}");
    }
}

#[test]
fn large_print_is_large_and_its_foot_has_room() {
    /// The size of each text, and where its line stands below the upper edge.
    fn lines(frame: &Frame, from: f64, into: &mut Vec<(f64, f64)>) {
        for (at, item) in frame.items() {
            let y = from + at.y.to_pt();
            match item {
                FrameItem::Group(group) => lines(&group.frame, y, into),
                FrameItem::Text(text) => into.push((text.size.to_pt(), y)),
                _ => {}
            }
        }
    }
    let document = text("Our rules", &["First."]);
    let mut print = Paper { size: Size::Large, ..paper(&document) };
    print.sheets[0].foot = "Somebody with a long name, in a class. Agreement: version 12. The child\u{2019}s own rules: version 7.".into();
    let pages = set(&print).expect("set");
    let mut all = Vec::new();
    lines(&pages.pages()[0].frame, 0.0, &mut all);
    assert!(all.iter().filter(|(size, _)| *size >= 18.0).count() >= 2, "{all:?}");
    assert!(all.iter().all(|(size, _)| *size >= 16.0), "the foot and the facts too: {all:?}");
    // A4, and the quarter of an inch that a printer leaves blank.
    assert!(all.iter().all(|(_, y)| *y < 842.0 - 18.0), "{all:?}");
}

#[test]
fn a_letter_without_a_picture_of_it_is_refused_and_named() {
    for letters in ["Zażółć gęślą jaźń", "Ґанок, їжак, є", "اتفاقية الوالدين", "הסכם הורים", "Συμφωνία", "Thỏa thuận của phụ huynh"]
    {
        let document = text(letters, &[letters]);
        let mut print = paper(&document);
        print.sheets[0].parts[0].document = &document;
        assert!(pdf(&print).is_ok(), "{letters}");
    }
    for (letters, named) in [("অভিভাবক", "U+0985"), ("家长", "U+5BB6"), ("والدین کا معاہدہ ہے", "U+06C1"), ("\u{e000}", "U+E000")]
    {
        let document = text("Our rules", &[letters]);
        let error = pdf(&paper(&document)).expect_err("it would be boxes");
        assert!(matches!(&error, ReportError::Letters { .. }) && error.to_string().contains(named), "{letters}: {error}");
    }
}

#[test]
fn too_much_is_refused_before_it_is_begun() {
    let document = text("Our rules", &vec!["x"; MOST]);
    assert_eq!(pdf(&paper(&document)), Err(ReportError::Long));
    let long = "x".repeat(crate::LONGEST);
    let document = text("Our rules", &[&long]);
    assert_eq!(pdf(&paper(&document)), Err(ReportError::Long));
    let document = Document::default();
    assert_eq!(pdf(&Paper { sheets: Vec::new(), ..paper(&document) }), Err(ReportError::Empty));
}
