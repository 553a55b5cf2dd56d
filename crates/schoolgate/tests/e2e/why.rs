//! `schoolgate why`: from the starter list, a pack, a configuration, and from a Schoolgate that is running.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use filter::profile::shipped::Shipped;
use filter::sealed::{SealedEntry, SealedList};
use schoolgate::answer::{Answer, Asker};
use schoolgate::{control, policy};
use testkit::folder::Folder;

use crate::support::{output, text};

/// A school with people, exceptions of each kind and a window.
const CONFIG: &str = r#"
[[person]]
name = "ada"
profile = "ks2"
groups = ["6B"]
agreement = "signed"

[[person]]
name = "ben"
profile = "ks2"
agreement = "missing"

[[person]]
name = "staff"
profile = "ks2"
agreement = "signed"

[[override]]
action = "allow"
for = "group:6B"
site = "bet365.com"
reason = "Maths project on chance"
author = "Year 6 lead"
expires = "2026-12-18 15:30"

[[override]]
action = "block"
for = "profile:ks2"
site = "museum.example/shop"
reason = "Only the museum is needed"
author = "Computing lead"

[[window]]
profile = "ks2"
days = ["mon", "tue", "wed", "thu", "fri"]
from = "12:00"
to = "13:00"
allow = ["gambling"]
why = "A window for the test"
"#;

/// A folder of its own, empty of lists.
fn folder() -> Folder {
    Folder::new().expect("folder")
}

/// What `why` prints, which must succeed.
fn why(folder: &Folder, arguments: &[&str]) -> String {
    let out = output(folder.path(), &[&["why"], arguments].concat());
    assert!(out.status.success(), "{arguments:?}: {}", text(&out.stderr));
    assert!(out.stderr.is_empty(), "{arguments:?}: {}", text(&out.stderr));
    text(&out.stdout)
}

fn json(folder: &Folder, arguments: &[&str]) -> Answer {
    serde_json::from_str(&why(folder, &[&["--json"], arguments].concat())).expect("an answer in JSON")
}

/// What `why` complains of, which must fail.
fn refused(folder: &Folder, arguments: &[&str]) -> String {
    let out = output(folder.path(), &[&["why"], arguments].concat());
    assert_eq!(out.status.code(), Some(1), "{arguments:?}: {}", text(&out.stdout));
    assert!(out.stdout.is_empty(), "{arguments:?}: {}", text(&out.stdout));
    text(&out.stderr)
}

/// A folder with the configuration above.
fn school() -> Folder {
    let folder = folder();
    folder.write("school.toml", CONFIG).expect("configuration");
    folder
}

fn at_school(folder: &Folder, arguments: &[&str]) -> Answer {
    json(folder, &[&["--config", "school.toml", "--data", "data"], arguments].concat())
}

// === The starter list ===

#[test]
fn a_betting_site_is_blocked_by_category_with_list_file_and_line() {
    let folder = folder();
    let lines = lists::starter::files().iter().find(|(slug, _)| *slug == "gambling").expect("file").1.lines();
    let line = (1..).zip(lines).find(|(_, line)| line.trim() == "bet365.com").expect("listed").0;
    let printed = why(&folder, &["--as", "ks2", "https://www.bet365.com/"]);
    assert!(printed.starts_with("www.bet365.com is blocked for Key Stage 2: it is listed as Gambling.\n"), "{printed}");
    assert!(printed.contains(&format!("Gambling: starter:gambling.txt:{line}\n")), "{printed}");
    assert!(
        printed.contains("> 6. Categories: Listed as Gambling (gambling), which is blocked for Key Stage 2. (This decided.)"),
        "{printed}"
    );
    assert!(printed.contains("  7. Sites on no list: Not reached."), "{printed}");
    assert!(printed.contains("must not be your school's only filter"), "{printed}");
    assert!(!printed.contains('\u{1b}'), "no colours where nobody sees them: {printed}");
    let answer = json(&folder, &["--as", "ks2", "bet365.com"]);
    assert_eq!(answer.category.expect("category").slug, "gambling");
    assert_eq!(answer.listings[0].origins[0].line, line);
}

#[test]
fn pornography_is_blocked_for_every_pupil() {
    let folder = folder();
    for profile in Shipped::PUPILS {
        for address in ["pornhub.com", "https://any.xxx/", "any.porn"] {
            let answer = json(&folder, &["--as", profile.name(), address]);
            assert_eq!(answer.action, "block", "{}", answer.sentence);
            assert_eq!(answer.profile, profile.name());
        }
    }
}

#[test]
fn help_and_news_are_blocked_for_nobody() {
    let folder = school();
    for address in ["childline.org.uk", "https://www.nhs.uk/mental-health/", "bbc.co.uk"] {
        for profile in Shipped::ALL {
            let answer = at_school(&folder, &["--as", profile.name(), address]);
            assert_eq!(answer.action, "allow", "{}", answer.sentence);
        }
        assert_ne!(at_school(&folder, &["--as", "user:ben", address]).action, "block");
        assert_eq!(at_school(&folder, &[address]).action, "allow", "nobody is known");
    }
    assert_eq!(at_school(&folder, &["--as", "ben", "childline.org.uk"]).action, "allow", "unsigned or not");
    let gated = at_school(&folder, &["--as", "ben", "museum.example"]);
    assert_eq!((gated.action.as_str(), gated.who.as_str()), ("gate", "ben (Key Stage 2)"));
}

#[test]
fn the_youngest_ask_about_what_nobody_has_looked_at() {
    let folder = folder();
    let answer = json(&folder, &["unheard-of.example"]);
    assert_eq!((answer.action.as_str(), answer.profile.as_str()), ("ask", "early-years-ks1"));
    assert!(answer.sentence.contains("somebody unknown (judged as Early years and Key Stage 1)"), "{}", answer.sentence);
    assert_eq!(json(&folder, &["--as", "ks3", "unheard-of.example"]).action, "allow");
}

// === A configuration ===

#[test]
fn exceptions_and_windows_hold_when_and_for_whom_they_are_made() {
    let folder = school();
    // (for whom, when, what, what happens)
    let cases = [
        ("ada", "2026-11-23T10:30", "bet365.com", "allow"),
        ("ada", "2026-12-18T15:29", "bet365.com", "allow"),
        ("ada", "2026-12-18T15:30", "bet365.com", "block"),
        ("ada", "2026-12-18T15:29Z", "bet365.com", "allow"),
        ("ada", "2026-12-18T16:29+01:00[Europe/Paris]", "bet365.com", "allow"),
        ("ks2", "2026-11-23T11:59", "bet365.com", "block"),
        ("ks2", "2026-11-23T12:00", "bet365.com", "allow"),
        ("ks2", "2026-11-22 12:30", "bet365.com", "block"),
        // Summer time: noon at school is 11:00 in Greenwich.
        ("ks2", "2026-06-22T11:30Z", "bet365.com", "allow"),
        ("ks2", "2026-06-22T12:30Z", "bet365.com", "block"),
        ("ks2", "2026-11-23T10:30", "https://museum.example/shop/cart", "block"),
        ("ks3", "2026-11-23T10:30", "https://museum.example/shop/cart", "allow"),
    ];
    for (who, at, address, action) in cases {
        let answer = at_school(&folder, &["--as", who, "--at", at, address]);
        assert_eq!(answer.action, action, "{who} {at}: {}", answer.sentence);
    }
    let answer = at_school(&folder, &["--as", "ada", "--at", "2026-11-23T10:30", "bet365.com"]);
    assert!(answer.sentence.contains("Maths project on chance"), "{}", answer.sentence);
    assert_eq!(answer.at, "Monday 23 November 2026, 10:30 GMT");
}

#[test]
fn a_date_or_a_time_alone_is_filled_up_from_now() {
    let folder = school();
    assert!(at_school(&folder, &["--at", "2026-06-22", "bbc.co.uk"]).at.starts_with("Monday 22 June 2026, "));
    assert!(at_school(&folder, &["--at", "10:30", "bbc.co.uk"]).at.contains(", 10:30 "));
}

#[test]
fn a_name_of_both_kinds_is_the_profile_unless_said_otherwise() {
    let folder = school();
    for (who, profile) in [("staff", "staff"), ("profile:staff", "staff"), ("user:staff", "ks2"), ("person:staff", "ks2")] {
        assert_eq!(at_school(&folder, &["--as", who, "bbc.co.uk"]).profile, profile, "{who}");
    }
}

#[test]
fn a_page_that_https_hides_is_said_to_open() {
    let folder = school();
    let hidden = at_school(&folder, &["--as", "ks2", "https://museum.example/shop"]).host_only.expect("a difference");
    assert_eq!(hidden.action, "allow");
    assert!(
        hidden.sentence.starts_with("Over HTTPS only the host is seen until pages are decrypted: then it opens"),
        "{}",
        hidden.sentence
    );
    assert_eq!(at_school(&folder, &["--as", "ks2", "http://museum.example/shop"]).host_only, None);
    assert_eq!(at_school(&folder, &["--as", "ks2", "https://museum.example/"]).host_only, None);
}

// === Mistakes of whoever asks ===

#[test]
fn mistakes_are_answered_with_what_would_be_right() {
    let folder = school();
    let check = |arguments: &[&str], expected: &str| {
        let error = refused(&folder, &[&["--config", "school.toml", "--data", "data"], arguments].concat());
        assert!(error.contains(expected), "{arguments:?}: {error}");
    };
    check(&["http://"], "the address cannot be judged");
    check(&["ftp://bbc.co.uk/"], "only http, https, ws and wss");
    check(&["bbc..co.uk"], "two dots in a row");
    check(&["--as", "ks22", "bbc.co.uk"], "there is no profile or person \"ks22\"; did you mean \"ks2\"?");
    check(&["--as", "user:adda", "bbc.co.uk"], "did you mean \"ada\"?");
    check(&["--as", "profile:ada", "bbc.co.uk"], "there is no profile \"ada\"");
    check(&["--as", "user:ks2", "bbc.co.uk"], "there is no person \"ks2\"");
    for time in ["", "tomorrow", "25:00", "2026-02-30", "2026-11-23T", "10", "2026-11-23T10:30+99:00"] {
        check(&["--at", time, "bbc.co.uk"], "is not a time");
    }
    let error = refused(&folder, &["--config", "none.toml", "bbc.co.uk"]);
    assert!(error.contains("none.toml"), "{error}");
}

// === Packs ===

/// A pack with one host, as a file.
fn pack(folder: &Folder, name: &str, host: &str) -> Vec<u8> {
    let mapping = lists::mapping::Mapping::shipped().expect("mapping");
    let mut builder = lists::build::Builder::new(&mapping);
    builder.begin_list("county");
    builder.begin_file("bets/domains", "gambling", "domains", false);
    let host = filter::Host::parse(host).expect("host");
    builder.entry(7, &["gambling"], &lists::parse::Pattern::Suffix(host)).expect("entry");
    builder.end_list();
    let bytes = builder.finish(&mut |_, _| {}).expect("built").bytes;
    folder.write(name, &bytes).expect("pack");
    bytes
}

#[test]
fn a_pack_alone_is_judged_with_the_built_in_settings() {
    let folder = folder();
    pack(&folder, "county.sgpack", "tombola.example");
    let printed = why(&folder, &["--pack", "county.sgpack", "--as", "ks2", "www.tombola.example"]);
    assert!(printed.contains("Gambling: county:bets/domains:7"), "{printed}");
    assert!(printed.contains("by the pack county.sgpack alone"), "{printed}");
    assert_eq!(json(&folder, &["--pack", "county.sgpack", "--as", "ks2", "bet365.com"]).action, "allow", "no starter list in it");
    assert!(refused_usage(&folder, &["--pack", "county.sgpack", "--data", "data", "bbc.co.uk"]).contains("cannot be used with"));
}

fn refused_usage(folder: &Folder, arguments: &[&str]) -> String {
    let out = output(folder.path(), &[&["why"], arguments].concat());
    assert_eq!(out.status.code(), Some(2));
    text(&out.stderr)
}

#[test]
fn a_broken_pack_is_refused_with_its_reason() {
    let folder = folder();
    let whole = pack(&folder, "whole.sgpack", "tombola.example");
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for (name, bytes) in
        [("cut.sgpack", &whole[..whole.len() - 9]), ("flipped.sgpack", &flipped), ("empty.sgpack", &[]), ("foreign.sgpack", b"PK\x03\x04")]
    {
        folder.write(name, bytes).expect("pack");
        let error = refused(&folder, &["--pack", name, "bbc.co.uk"]);
        assert!(error.contains(&format!("reading the pack {name}\n  because: the ")), "{error}");
    }
    assert!(refused(&folder, &["--pack", "none.sgpack", "bbc.co.uk"]).contains("none.sgpack"));
    folder.write("data/lists.sgpack", &flipped).expect("pack");
    let error = refused(&folder, &["--data", "data", "bbc.co.uk"]);
    assert!(error.contains("schoolgate lists update"), "{error}");
}

#[test]
fn the_pack_of_the_data_folder_is_in_force_without_anything_running() {
    let folder = folder();
    pack(&folder, "data/lists.sgpack", "tombola.example");
    let answer = json(&folder, &["--data", "data", "--as", "ks2", "tombola.example"]);
    assert_eq!(answer.action, "block");
    assert!(answer.judged_by.contains("no Schoolgate is running there"), "{}", answer.judged_by);
}

// === Sealed lists ===

#[test]
fn a_sealed_address_is_never_printed() {
    let folder = folder();
    let key = folder.write("data/sealed.key", [9; 16]).expect("key");
    fs::set_permissions(key, fs::Permissions::from_mode(0o600)).expect("rights");
    let entries = ["secret-host.example", "https://known.example/secret/page"].map(|line| SealedEntry::parse(line).expect("entry"));
    folder.write("feed.sealed", SealedList::seal([9; 16], entries).to_bytes()).expect("sealed list");
    let config = "data = \"data\"\n[illegal_content]\nsource = \"sealed\"\nsealed_file = \"feed.sealed\"\n";
    folder.write("school.toml", config).expect("configuration");
    for address in ["secret-host.example", "https://www.secret-host.example/x", "https://known.example/secret/page?id=1"] {
        for form in [&["--config", "school.toml"][..], &["--config", "school.toml", "--json"]] {
            let printed = why(&folder, &[form, &["--as", "staff", address]].concat());
            assert!(printed.contains("This address is blocked for Staff: it is on a sealed list"), "{printed}");
            for secret in ["secret", "known.example", "id=1"] {
                assert!(!printed.contains(secret), "{secret}: {printed}");
            }
        }
    }
    let answer = json(&folder, &["--config", "school.toml", "--as", "staff", "https://known.example/secret/page"]);
    assert_eq!((answer.address, answer.listings, answer.category), (None, Vec::new(), None));
    assert_eq!(answer.host_only.expect("only the page is sealed").action, "allow");
    assert_eq!(json(&folder, &["--config", "school.toml", "--as", "staff", "known.example/other"]).action, "allow");
    fs::remove_file(folder.join("feed.sealed")).expect("removed");
    assert!(
        refused(&folder, &["--config", "school.toml", "bbc.co.uk"]).contains("feed.sealed"),
        "without its sealed list nothing is judged"
    );
}

// === A running Schoolgate ===

#[test]
fn the_running_schoolgate_is_asked_first() {
    let folder = school();
    let snapshot =
        policy::snapshot(&schoolgate::config::Config::default(), vec![Arc::new(policy::starter_pack().expect("pack"))], Vec::new());
    let snapshot = snapshot.expect("snapshot");
    let now = "2026-11-23T10:30:00Z".parse().expect("time");
    let handler: control::Handler = Arc::new(move |question| {
        if question.who == Asker::Named("nobody".to_owned()) {
            return Err("there is no profile or person \"nobody\"".to_owned());
        }
        let question = schoolgate::answer::Question { who: Asker::Unknown, ..question };
        let answer = schoolgate::answer::answer(&schoolgate::config::Config::default(), &snapshot, &question, now);
        answer.map(|answer| Answer { sentence: "The running one answers.".to_owned(), ..answer }).map_err(|error| error.to_string())
    });
    folder.write("data/here", "").expect("data folder");
    let handlers = control::Handlers {
        why: handler,
        keys: Arc::new(|_| Err("no keys here".to_owned())),
        jobs: Arc::new(|_| Err("no jobs here".to_owned())),
        accounts: Arc::new(|_| Err("no accounts here".to_owned())),
        people: Arc::new(|_| Err("no people here".to_owned())),
    };
    let server = control::serve(&folder.join("data/schoolgate.sock"), handlers).expect("serve");
    let printed = why(&folder, &["--config", "school.toml", "--data", "data", "--as", "ks2", "bet365.com"]);
    assert!(
        printed.starts_with("The running one answers.\nOn Monday 23 November 2026, 10:30 GMT, by the Schoolgate that is running.\n"),
        "{printed}"
    );
    let error = refused(&folder, &["--config", "school.toml", "--data", "data", "--as", "nobody", "bet365.com"]);
    assert!(error.contains("there is no profile or person \"nobody\""), "{error}");
    drop(server);
    assert!(at_school(&folder, &["bet365.com"]).judged_by.contains("starter list"), "none runs any more");
}
