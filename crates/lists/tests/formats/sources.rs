//! Folders of lists, single files, and how a source is named.

use std::path::Path;

use lists::parse::format::Format;
use lists::source::{Limits, SourceError, SourceSpec};

use crate::support::{file, folder, gzip, read, refused, spec};

#[test]
fn a_folder_of_lists_is_read_file_by_file() {
    let folder = folder(&[
        ("b/drugs.txt", b"0.0.0.0 pills.example\n"),
        ("a.txt.gz", &gzip(b"# ours\none.example\ntwo.example\n")),
        ("c.tar.gz", b"whatever"),
        ("d.txt", b"<!doctype html><title>404</title>"),
        ("e.rpl", b"server:\nCONFIG_END\n"),
        ("f.json", b"[{\"id\":\"chat\",\"group\":\"messenger\",\"rules\":[\"||chat.example^\"]}]"),
        ("g.csv", b"domain,category\nshop.example,shopping;games\n"),
        (".git/config.txt", b"hidden.example\n"),
    ]);
    let expected = [
        "a.txt.gz = a domains Black",
        "  2 +*.one.example",
        "  3 +*.two.example",
        "  end",
        "b/drugs.txt = drugs hosts Black",
        "  1 +=pills.example",
        "  end",
        "c.tar.gz: an archive; name it as a source of its own",
        "d.txt: this is a web page, not a list",
        "e.rpl: this is a test scenario of Unbound, not a zone",
        "f.json = f services Black",
        "  1 +messenger/chat: *.chat.example",
        "  end",
        "g.csv = g csv Black",
        "  2 +shopping: *.shop.example",
        "  2 +games: *.shop.example",
        "  end",
    ];
    assert_eq!(read(&spec(folder.path())), expected);
    let labelled: SourceSpec = format!("{}#ours", folder.path().display()).parse().expect("a source");
    let notes = read(&labelled);
    assert!(
        notes.iter().any(|note| note == "g.csv = ours csv Black") && notes.iter().any(|note| note == "  2 +*.shop.example"),
        "{notes:?}"
    );
}

#[test]
fn a_single_file_must_be_a_list() {
    let (_folder, path) = file("drugs.txt", b"<html>");
    let error = refused(&spec(&path), &Limits::default());
    assert_eq!(error.to_string(), format!("reading {}: this is a web page, not a list", path.display()));
    // Named, it is read, and every line reported.
    let named = SourceSpec { format: Some(Format::Domains), ..spec(&path) };
    assert_eq!(
        read(&named),
        ["drugs.txt = drugs domains Black", "  1 ?not a host: the text is not a host name or an address: <html>", "  end"]
    );
    let missing = refused(&spec(&path.with_file_name("missing")), &Limits::default());
    assert!(
        matches!(&missing, SourceError::Read { path, source } if path.ends_with("missing") && source.kind() == std::io::ErrorKind::NotFound)
    );
    assert!(matches!(refused(&spec(folder(&[]).path()), &Limits::default()), SourceError::NoLists { .. }));
}

#[test]
fn sources_are_named_in_one_line() {
    let parse = |text: &str| text.parse::<SourceSpec>().map_err(|error| error.to_string());
    let expected =
        SourceSpec { path: "lists/a.txt".into(), format: Some(Format::Hosts), label: Some("ads".to_owned()), ..SourceSpec::default() };
    assert_eq!(parse("hosts:lists/a.txt#ads"), Ok(expected));
    assert_eq!(parse("lists/a.txt"), Ok(spec(Path::new("lists/a.txt"))));
    assert_eq!(parse("./a:b.txt"), Ok(spec(Path::new("./a:b.txt"))));
    assert_eq!(parse("v2fly:data#a, b").map(|spec| spec.roots), Ok(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(parse(""), Err("\"\" names no file or folder; write [FORMAT:]PATH[#CATEGORY]".to_owned()));
    assert_eq!(parse("a.txt#"), Err("\"a.txt#\" has nothing after \"#\"; write [FORMAT:]PATH[#CATEGORY]".to_owned()));
    assert!(parse("host:a.txt").is_err_and(|error| error.starts_with("\"host\" is no list format; the formats are squidguard-domains,")));
}

#[test]
fn a_file_that_lies_here_under_another_name_is_still_what_it_was_called() {
    let (_folder, path) = file("download", b"play.example\n");
    let named = SourceSpec { name: Some("games.txt".to_owned()), ..spec(&path) };
    assert_eq!(read(&named), ["games.txt = games domains Black", "  1 +*.play.example", "  end"]);
}
