//! squidGuard trees as folders and as archives.

use lists::parse::format::Format;
use lists::source::SourceSpec;

use crate::support::{file, folder, gzip, read, spec, tar};

pub(crate) const SQUIDGUARD: [(&str, &[u8]); 14] = [
    ("lists/README", b"Our lists\n"),
    ("lists/bets/domains", b"wager.example\n192.0.2.7\nplay.example\n"),
    ("lists/bets/expressions", b"(^|/)wager\n"),
    ("lists/bets/urls", b"www.news.example/odds\n"),
    ("lists/bets/usage", b"black\nbets\n"),
    ("lists/bets/very_restrictive_expression", b".\n"),
    ("lists/gambling", b"bets"),
    ("lists/games/domains", b"play.example\nd\xe9fi.example\n"),
    ("lists/games/usage", b"white\nblack\njeux d'\xe9veil\n"),
    ("lists/global_usage", b"NAME: bets\nDEFAULT_TYPE: white\n"),
    ("lists/museums/domains", b"museum.example\n"),
    ("lists/museums/usage", b"white\n"),
    ("lists/nowhere", b"absent"),
    ("lists/unsaid/domains", b"unsaid.example\n"),
];

fn squidguard_notes() -> Vec<&'static str> {
    vec![
        "lists/README: not a list",
        "lists/bets/domains = bets squidguard-domains Black",
        "  1 +*.wager.example",
        "  2 +=192.0.2.7",
        "  3 +*.play.example",
        "  end",
        "lists/bets/expressions = bets squidguard-expressions Black",
        "  1 +url~(^|/)wager",
        "  end",
        "lists/bets/urls = bets squidguard-urls Black",
        "  1 +*.news.example/odds",
        "  end",
        "lists/bets/very_restrictive_expression: not a list",
        "lists/gambling -> lists/bets",
        "lists/games/domains = games squidguard-domains Both",
        "  1 +*.play.example",
        "  2 +*.xn--dfi-bma.example",
        "  end",
        "lists/global_usage: not a list",
        "lists/museums/domains = museums squidguard-domains White",
        "  1 +*.museum.example",
        "  end",
        "lists/nowhere: not a list",
        "lists/unsaid/domains = unsaid squidguard-domains Unstated",
        "  1 +*.unsaid.example",
        "  end",
    ]
}

#[test]
fn a_squidguard_tree_says_what_each_folder_is_for() {
    assert_eq!(read(&spec(folder(&SQUIDGUARD).path())), squidguard_notes());
}

#[test]
fn an_archive_reads_like_the_folder_whatever_its_order() {
    let mut backwards = SQUIDGUARD;
    backwards.reverse();
    for (name, bytes) in [
        ("a.tar.gz", gzip(&tar(&SQUIDGUARD))),
        ("a.tgz", gzip(&tar(&backwards))),
        ("a.tar", tar(&backwards)),
        ("unnamed", gzip(&tar(&SQUIDGUARD))),
    ] {
        let (_folder, path) = file(name, &bytes);
        assert_eq!(read(&spec(&path)), squidguard_notes(), "{name}");
    }
}

#[test]
fn one_file_of_a_white_category_stays_white() {
    let folder = folder(&SQUIDGUARD);
    let notes = read(&spec(&folder.path().join("lists/museums/domains")));
    assert_eq!(notes, ["domains = museums squidguard-domains White", "  1 +*.museum.example", "  end"]);
    let notes = read(&spec(&folder.path().join("lists/museums")));
    assert_eq!(notes.first().map(String::as_str), Some("domains = museums squidguard-domains White"));
    // A file that is named with its format is read so, and still belongs to its folder.
    let named = SourceSpec { format: Some(Format::Domains), ..spec(&folder.path().join("lists/museums/domains")) };
    assert_eq!(read(&named).first().map(String::as_str), Some("domains = museums domains White"));
}

#[cfg(unix)]
#[test]
fn links_are_aliases_or_left_out_and_never_followed() {
    use std::os::unix::fs::symlink;
    let folder =
        folder(&[("lists/bets/domains", b"wager.example\n"), ("lists/bets/usage", b"black\n"), ("secret.txt", b"secret.example\n")]);
    let lists = folder.path().join("lists");
    symlink("bets", lists.join("gambling")).expect("a link");
    symlink("./bets/", lists.join("wagers")).expect("a link");
    symlink("../secret.txt", lists.join("out.txt")).expect("a link");
    symlink("..", lists.join("up")).expect("a link");
    let _socket = std::os::unix::net::UnixListener::bind(lists.join("socket")).expect("a socket");
    assert_eq!(
        read(&spec(&lists)),
        [
            "bets/domains = bets squidguard-domains Black",
            "  1 +*.wager.example",
            "  end",
            "gambling -> bets",
            "out.txt: a link; name the file itself as a source",
            "socket: neither a file nor a folder",
            "up: a link; name the file itself as a source",
            "wagers -> bets",
        ]
    );
}

#[test]
fn archives_keep_links_and_hostile_names_inside() {
    let mut builder = tar::Builder::new(Vec::new());
    let long = format!("lists/{}.txt", "x".repeat(150));
    let mut append = |name: &str, kind: tar::EntryType, target: &str, bytes: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(bytes.len() as u64);
        header.as_mut_bytes()[..name.len().min(100)].copy_from_slice(&name.as_bytes()[..name.len().min(100)]);
        header.as_mut_bytes()[157..157 + target.len()].copy_from_slice(target.as_bytes());
        header.set_cksum();
        builder.append(&header, bytes).expect("in memory");
    };
    let kinds = [tar::EntryType::Regular, tar::EntryType::Symlink, tar::EntryType::Link, tar::EntryType::Fifo];
    append("./lists/bets/domains", kinds[0], "", b"wager.example\n");
    append("lists/alias", kinds[1], "bets", b"");
    append("lists/out", kinds[1], "../../etc/passwd", b"");
    append("lists/hard.txt", kinds[2], "lists/bets/domains", b"");
    append("lists/pipe", kinds[3], "", b"");
    append("../evil.txt", kinds[0], "", b"evil.example\n");
    append("/abs.txt", kinds[0], "", b"evil.example\n");
    append("././@LongLink", tar::EntryType::GNULongName, "", format!("{long}\0").as_bytes());
    append(&long, kinds[0], "", b"a.example\nb.example\n");
    let (_folder, path) = file("a.tar", &builder.into_inner().expect("in memory"));
    assert_eq!(
        read(&spec(&path)),
        [
            "../evil.txt: a path that leads out of the archive",
            "abs.txt: a path that leads out of the archive",
            "lists/alias -> lists/bets",
            "lists/bets/domains = bets squidguard-domains Unstated",
            "  1 +*.wager.example",
            "  end",
            "lists/hard.txt: a hard link",
            "lists/out: a link; name the file itself as a source",
            "lists/pipe: neither a file nor a folder",
            format!("{long} = {} domains Black", "x".repeat(150)).as_str(),
            "  1 +*.a.example",
            "  2 +*.b.example",
            "  end",
        ]
    );
}
