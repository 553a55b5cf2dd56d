//! `lists build`: every kind of source, and what is no list.

use std::path::Path;
use std::process::Command;

use testkit::folder::Folder;

use super::run;

const HTML: &str = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form action=\"/login\">Sign in to the guest network</form></body></html>\n";

fn folder() -> Folder {
    Folder::new().expect("folder")
}

/// One source of each kind, with the names that `lists build` takes.
fn sources(folder: &Folder) -> Vec<&'static str> {
    let files = [
        ("tree/gambling/domains", "casino.example\n10.1.2.3\nbad host\n"),
        ("tree/gambling/urls", "shop.example/bets\n"),
        ("tree/gambling/expressions", "(betting|roulette)\n"),
        ("tree/gambling/usage", "black\n"),
        ("tree/liste_bu/domains", "library.example\n"),
        ("tree/liste_bu/usage", "white\n"),
        ("tree/README", "what this is\n"),
        ("games.hosts", "127.0.0.1 localhost\n0.0.0.0 play.example\n0.0.0.0 arcade.example\n"),
        ("dating.txt", "# dates\n*.dates.example\nMeet.Example.\n"),
        ("ads.abp", "[Adblock Plus 2.0]\n||ads.example^\n@@||good.ads.example^\n##.banner\n"),
        ("phishing.zone", "$TTL 60\n@ SOA localhost. root.localhost. 1 60 60 60 60\nphish.example CNAME .\n*.phish.example CNAME .\n"),
        ("v2/category-porn", "domain:adult.example\nfull:www.more.example\ninclude:other\n"),
        ("v2/other", "third.example @ads\n"),
        ("table.csv", "domain,category\nnews.example,news\nwhat.example,no-such-thing\n"),
        ("packed/drugs/domains", "weed.example\n"),
    ];
    for (name, content) in files {
        folder.write(name, content).expect("file");
    }
    let packed = Command::new("tar").args(["-czf", "packed.tar.gz", "packed"]).current_dir(folder.path()).status().expect("tar");
    assert!(packed.success());
    vec![
        "tree",
        "hosts:games.hosts#games",
        "dating.txt",
        "adblock:ads.abp",
        "rpz:phishing.zone",
        "v2fly:v2#category-porn",
        "csv:table.csv",
        "packed.tar.gz",
    ]
}

fn build(folder: &Folder, out: &str) -> String {
    let mut arguments = vec!["lists", "build", "--out", out];
    arguments.extend(sources(folder));
    run(folder.path(), &arguments).ok()
}

#[test]
fn every_kind_of_source_gives_entries_and_a_report() {
    let folder = folder();
    let report = build(&folder, "all.sgpack");
    for words in [
        "List \"tree\": 4 lines taken",
        "gambling/domains (squidguard-domains, category \"gambling\"): 2 taken",
        "line 3: bad host",
        "README: not a list",
        "Categories nobody has mapped",
        "no-such-thing: 1 line not taken",
        "White lists, which block nothing:",
        "liste_bu/domains",
        "List \"games.hosts\": 2 lines taken",
        "Exceptions that took nothing back: 1",
        "all.sgpack",
    ] {
        assert!(report.contains(words), "no {words:?} in\n{report}");
    }
    let stats = run(folder.path(), &["lists", "stats", "all.sgpack"]).ok();
    for words in
        ["Gambling (gambling)", "Games (games)", "Pornography (pornography)", "expressions", "tree", "packed", "on disk", "checksum"]
    {
        assert!(stats.contains(words), "no {words:?} in\n{stats}");
    }
    let why = run(folder.path(), &["lists", "stats", "all.sgpack", "--json"]).ok();
    assert!(why.contains("\"bytes_in_memory\"") && why.contains("\"slug\": \"gambling\""), "{why}");
}

#[test]
fn the_same_lists_give_the_same_bytes_wherever_they_lie() {
    let (one, other) = (folder(), folder());
    build(&one, "a.sgpack");
    build(&one, "b.sgpack");
    build(&other, "a.sgpack");
    let read = |path: &Path| std::fs::read(path).expect("pack");
    assert_eq!(read(&one.join("a.sgpack")), read(&one.join("b.sgpack")));
    assert_eq!(read(&one.join("a.sgpack")), read(&other.join("a.sgpack")));
}

#[test]
fn names_a_mapping_the_starter_list_and_a_report_file() {
    let folder = folder();
    folder.write("mine.txt", "club.example\n").expect("list");
    folder.write("own.map", "[ours]\nmine = games\n").expect("mapping");
    let arguments = [
        "lists",
        "build",
        "mine.txt",
        "--out",
        "p",
        "--mapping",
        "own.map",
        "--name",
        "acme",
        "--starter",
        "--report",
        "r.json",
        "--quiet",
    ];
    let printed = run(folder.path(), &arguments);
    assert_eq!((printed.code, printed.out.as_str(), printed.err.as_str()), (Some(0), "", ""));
    let report = std::fs::read_to_string(folder.join("r.json")).expect("report");
    assert!(report.contains("\"starter\"") && report.contains("\"acme\""), "{report}");
    folder.write("own.map", "[ours]\nmine = gmaes\nnonsense\n").expect("mapping");
    run(folder.path(), &arguments).refused(&["own.map", "line 2: `gmaes` is no category of ours; the nearest is `games`", "line 3"]);
}

/// Each of these is refused with a word on why, and the pack that was there is as it was.
#[test]
fn what_is_no_list_never_replaces_a_pack() {
    let folder = folder();
    folder.write("games.txt", "play.example\n").expect("list");
    run(folder.path(), &["lists", "build", "games.txt", "--out", "p"]).ok();
    let before = std::fs::read(folder.join("p")).expect("pack");
    folder.write("page.txt", HTML).expect("page");
    folder.write("odd.txt", "play.example\n").expect("list");
    folder.write("empty.txt", "# nothing\n").expect("list");
    folder.write("broken.tar.gz", b"\x1f\x8b\x08\x00no gzip").expect("archive");
    let cases: [(&[&str], &[&str]); 10] = [
        (&["page.txt"], &["page.txt"]),
        (&["domains:page.txt#games"], &["gives no entry", "nothing was written"]),
        (&["games.txt", "page.txt"], &["page.txt"]),
        (&["odd.txt"], &["gives no entry", "\"odd\"", "PATH#gambling", "mapping"]),
        (&["domains:empty.txt#games"], &["gives no entry"]),
        (&["nowhere.txt"], &["nowhere.txt: it is not there", "No such file"]),
        (&["tabloid:games.txt"], &["\"tabloid\" is no list format", "squidguard-domains"]),
        (&["broken.tar.gz"], &["broken.tar.gz"]),
        (&[], &["name a source"]),
        (&["games.txt", "--mapping", "nowhere.map"], &["nowhere.map"]),
    ];
    for (sources, words) in cases {
        let mut arguments = vec!["lists", "build", "--out", "p"];
        arguments.extend(sources);
        run(folder.path(), &arguments).refused(words);
        assert!(std::fs::read(folder.join("p")).expect("pack") == before, "{sources:?} changed the pack");
        assert!(super::leftovers(folder.path()).is_empty(), "{sources:?}");
    }
}

#[test]
fn among_others_a_list_without_entries_is_warned_of() {
    let folder = folder();
    folder.write("games.txt", "play.example\n").expect("list");
    folder.write("odd.txt", "play.example\n").expect("list");
    let printed = run(folder.path(), &["lists", "build", "games.txt", "odd.txt", "--out", "p", "--quiet"]);
    assert_eq!(printed.code, Some(0), "{}", printed.err);
    assert!(printed.err.contains("WARNING: 1 list gives no entry at all: \"odd\""), "{}", printed.err);
}

#[test]
fn a_pack_in_a_folder_that_is_not_there_is_said_to_be_so() {
    let folder = folder();
    folder.write("games.txt", "play.example\n").expect("list");
    run(folder.path(), &["lists", "build", "games.txt", "--out", "nowhere/p"]).refused(&["nowhere"]);
}
