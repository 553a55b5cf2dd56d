//! Wrong configurations, and exactly what the technician is told.

use proptest::prelude::*;

use super::*;

/// The messages for a wrong configuration, without the name of the file.
fn check(text: &str, expected: &[&str]) {
    let errors = Config::parse(text, "school.toml").expect_err(text).to_string();
    let lines: Vec<&str> = errors.lines().map(|line| line.strip_prefix("school.toml:").unwrap_or(line)).collect();
    assert_eq!(lines, expected, "{text}");
}

#[test]
fn keys_that_do_not_exist() {
    check("scool = \"A\"", &["1:1: scool: there is no such key; did you mean \"school\"?"]);
    check(
        "[console]\nhost = \"x\"",
        &["2:1: [console] host: there is no such key; known here: certificate, connections, connections_from_one, key, listen"],
    );
    check(
        "[lists]\nrefresh = \"03:15\"\n[lsits]\n",
        &[
            "2:1: [lists] refresh: there is no such key; known here: download_timeout_s, mapping, max_download_bytes, refresh_at, stale_after_days, starter",
            "3:2: lsits: there is no such key; did you mean \"lists\"?",
        ],
    );
    check(
        "[[person]]\nname = \"a\"\nprofile = \"ks2\"\ngroup = [\"6B\"]",
        &["4:1: [[person]] group: there is no such key; did you mean \"groups\"?"],
    );
}

#[test]
fn values_of_the_wrong_kind() {
    check("school = 7", &["1:10: school: must be a text in quotes, not a number"]);
    check("school = \" \"", &["1:11: school: must not be empty"]);
    check("console = 1", &["1:11: console: must be a section that begins with [console], not a number"]);
    check("[list]\nname = \"a\"", &["1:1: list: must be sections that each begin with [[list]], not a section"]);
    check(
        "[protect]\nhosts = \"a.example\"",
        &["2:10: [protect] hosts: must be a list in square brackets, such as [\"one\", \"two\"], not a text"],
    );
}

#[test]
fn bounds_that_cannot_be() {
    let few = "[console]\nconnections = 100\nconnections_from_one = 200";
    check(few, &["3:24: [console] connections_from_one: must be at most connections, which is 100"]);
    check("[console]\nconnections = 6", &["2:15: [console] connections: must be a whole number from 16 to 1000000"]);
    assert_eq!(parse("[console]\nconnections = 100").console.connections_from_one, 100);
}

#[test]
fn listeners_that_cannot_be() {
    check(
        "[[listen]]\nname = \"a\"\naddress = \"127.0.0.1:8080\"\n[[listen]]\nname = \"a\"\naddress = \"127.0.0.1:8080\"\nsign_in = true\n\
         [[listen]]\nname = \"b\"\naddress = \"8080\"\nprofile = \"ks7\"",
        &[
            "5:9: [[listen]] name: this name is taken already, on line 2",
            "6:12: [[listen]] address: this address and port are taken already, on line 3",
            "7:11: [[listen]] sign_in: needs users_file = ... at the top of the file: who may sign in",
            "10:12: [[listen]] address: must be an IP address and a port, such as \"0.0.0.0:8080\"",
            "11:12: [[listen]] profile: there is no profile \"ks7\"; did you mean \"ks2\"?",
        ],
    );
    check(
        "[[range]]\naddresses = \"10.1\"\nprofile = \"ks2\"\n[proxy]\ntunnel_ports = [443, 0]\n[[host]]\nname = \"a.example\"\naddress = \"b\"\n\
         [parent_proxy]\nauthorization_file = \"login\"",
        &[
            "2:14: [[range]] addresses: must be a range of addresses, such as \"10.1.0.0/16\"",
            "5:22: [proxy] tunnel_ports: must be a port, a whole number from 1 to 65535",
            "8:12: [[host]] address: must be an IP address, such as \"10.0.0.5\"",
            "9:1: [parent_proxy] address: is missing: where the parent proxy is",
        ],
    );
}

#[test]
fn values_that_are_not_allowed() {
    check(
        "time_zone = \"Europe/Lodnon\"",
        &["1:14: time_zone: \"Europe/Lodnon\" is not the name of a time zone, such as \"Europe/London\"; did you mean \"Europe/London\"?"],
    );
    check(
        "[records]\ndatabase_url = \"mysql://me:secret@db\"",
        &["2:17: [records] database_url: must name a database: write postgres://user:password@host/database or sqlite:/path/of/the/file"],
    );
    check(
        "[backup]\nto = \"backups\"\nkeep_days = 0\n",
        &[
            "1:1: [backup] recipients: is missing: whose key opens the backup; `schoolgate backup new-key` makes one",
            "3:13: [backup] keep_days: must be a whole number from 1 to 3660",
        ],
    );
    check(
        "[backup]\nrecipients = [\"age1nobody\", \"AGE-SECRET-KEY-1X\"]",
        &[
            "2:16: [backup] recipients: must be a public key that begins with age1",
            "2:30: [backup] recipients: this is a private key, which belongs into a safe and never here; the public one begins with age1",
        ],
    );
    check("default_profile = \"ks5\"", &["1:20: default_profile: there is no profile \"ks5\"; did you mean \"ks2\"?"]);
    check("[console]\nlisten = \"8480\"", &["2:11: [console] listen: must be an IP address and a port, such as \"0.0.0.0:8080\""]);
    check("[console]\ncertificate = \"a.pem\"", &["1:1: [console] key: is missing: the file with the certificate's key"]);
    let size = "must be a number of bytes, or a text with B, KiB, MiB or GiB such as \"512 MiB\", and at least 1 KiB";
    for value in ["\"512 MB\"", "\"99999999999999999999 GiB\"", "0", "-1", "true"] {
        let errors = Config::parse(&format!("[lists]\nmax_download_bytes = {value}"), "x").expect_err(value).to_string();
        assert!(errors.ends_with(&format!("max_download_bytes: {size}")), "{errors}");
    }
    for value in ["\"24:00\"", "\"3:15\"", "\"0315\"", "\"03:15:00\""] {
        let errors = Config::parse(&format!("[lists]\nrefresh_at = {value}"), "x").expect_err(value).to_string();
        assert!(errors.ends_with("refresh_at: must be a time of day from \"00:00\" to \"23:59\""), "{errors}");
    }
    check("[lists]\nstale_after_days = 0", &["2:20: [lists] stale_after_days: must be a whole number from 1 to 365"]);
    check(
        "[protect]\nhosts = [\"co.uk\", \"https://a.example\", \"a b\"]",
        &[
            "2:11: [protect] hosts: co.uk is no site but a whole part of the internet; name a host below it",
            "2:20: [protect] hosts: must be a host alone, such as \"sign-in.school.example\"; everything below it is meant too",
            "2:41: [protect] hosts: must be a host, such as \"sign-in.school.example\": the text is not a host name or an address",
        ],
    );
}

#[test]
fn lists_need_one_place_each() {
    check(
        "[[list]]\nname = \"A list\"",
        &[
            "1:1: [[list]] url: is missing: a list needs an url, or the path of a file or folder on this machine",
            "2:9: [[list]] name: must be lower-case letters, digits and hyphens, at most 80, such as \"year-6\"",
        ],
    );
    check(
        "[[list]]\nname = \"a\"\npath = \"a\"\nsha256 = \"12\"\n[[list]]\nname = \"a\"\nurl = \"ftp://a.example/\"\nformat = \"host\"",
        &[
            "4:11: [[list]] sha256: a SHA-256 checksum is 64 digits, each 0 to 9 or a to f",
            "4:11: [[list]] sha256: only a list with an url is checked against a checksum",
            "6:9: [[list]] name: this name is taken already, on line 2",
            "7:8: [[list]] url: only http and https addresses can be downloaded",
            "8:11: [[list]] format: \"host\" is not one of \"squidguard-domains\", \"squidguard-urls\", \"squidguard-expressions\", \"hosts\", \
         \"domains\", \"dnsmasq\", \"adblock\", \"rpz\", \"v2fly\", \"csv\", \"services\"; did you mean \"hosts\"?",
        ],
    );
}

#[test]
fn illegal_content_must_be_whole() {
    check(
        "[illegal_content]\nsource = \"upstream\"\nsealed_file = \"f\"",
        &[
            "1:1: [illegal_content] confirmed_by: is missing: a filter further up the line counts only once somebody has checked it",
            "1:1: [illegal_content] confirmed_on: is missing: a filter further up the line counts only once somebody has checked it",
            "1:1: [illegal_content] upstream_provider: is missing: source = \"upstream\" needs it",
            "3:16: [illegal_content] sealed_file: only belongs here with source = \"sealed\"",
        ],
    );
    check(
        "[illegal_content]\nconfirmed_on = \"1 September\"",
        &[
            "1:1: [illegal_content] confirmed_by: is missing: it goes with confirmed_on",
            "2:17: [illegal_content] confirmed_on: must be a date, such as \"2026-09-01\"",
            "2:17: [illegal_content] confirmed_on: there is nothing to confirm with source = \"none\"",
        ],
    );
}

#[test]
fn profiles_start_from_others_and_leave_the_law_alone() {
    check(
        "[[profile]]\nname = \"year-6\"\nallow = [\"gamse\", \"terrorism\"]\nblock = [\"games\", \"games\"]",
        &[
            "1:1: [[profile]] based_on: is missing: a profile of your own needs one to start from",
            "1:1: [[profile]] title: is missing: people see it instead of the name",
            "3:11: [[profile]] allow: \"gamse\" is not a category; did you mean \"games\"?",
            "3:20: [[profile]] allow: \"terrorism\" is against the law; it is blocked for everybody, and nothing here changes that",
            "4:20: [[profile]] block: \"games\" is named already in this section, on line 4",
        ],
    );
    // Whoever uses a profile with a mistake in it is not told that it is missing.
    check(
        "[[profile]]\nname = \"year-6\"\ntitle = \"Y6\"\nbased_on = \"year-7\"\n[[person]]\nname = \"a\"\nprofile = \"year-6\"",
        &["4:13: [[profile]] based_on: there is no profile \"year-7\"; there are early-years-ks1, ks2, ks3, ks4, sixth-form, staff, guest"],
    );
}

#[test]
fn exceptions_name_their_reason_and_what_exists() {
    check(
        "[[override]]\naction = \"open\"\nfor = \"person:ada\"\nsite = \"*.museum.example\"\nreason = \"\"\nexpires = \"18.12.2026\"",
        &[
            "1:1: [[override]] author: is missing",
            "2:11: [[override]] action: \"open\" is not one of \"allow\", \"block\"",
            "3:8: [[override]] for: no [[person]] has this name",
            "4:9: [[override]] site: must be a host alone, such as \"sign-in.school.example\"; everything below it is meant too",
            "5:10: [[override]] reason: must not be empty",
            "6:12: [[override]] expires: must be a date such as \"2026-12-18\", or one with a time such as \"2026-12-18 15:30\", in the school's time",
        ],
    );
    let whom = |text: &str| Config::parse(&format!("[[override]]\nfor = \"{text}\""), "x").expect_err(text).to_string();
    assert!(whom("group:6B").contains("2:8: [[override]] for: nobody is in this group: no [[person]] names it under groups"));
    assert!(whom("profile:ks9").contains("there is no profile \"ks9\"; did you mean \"ks2\"?"));
    assert!(whom("pupils").contains("must be \"everyone\", or \"profile:\", \"group:\" or \"person:\" with a name"));
}

#[test]
fn windows_need_days_hours_and_something_to_do() {
    check(
        "[[window]]\nprofile = \"ks2\"\ndays = [\"monday\"]\nfrom = \"12:00\"",
        &[
            "1:1: [[window]] allow: is missing: a window needs categories under allow, warn or block",
            "1:1: [[window]] to: is missing",
            "3:10: [[window]] days: \"monday\" is not one of \"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"",
        ],
    );
}

#[test]
fn a_person_who_is_named_twice_is_not_named_in_the_message() {
    check(
        "[[person]]\nname = \"ada\"\nprofile = \"ks2\"\n[[person]]\nname = \"ada\"\nprofile = \"ks2\"",
        &["5:9: [[person]] name: this name is taken already, on line 2"],
    );
}

#[test]
fn what_is_not_toml() {
    check(
        "school = Hill",
        &[
            "1:10: this is not TOML: invalid TOML value, did you mean to use a quoted string?; texts, dates, times and sizes stand in quotes, such as \"2026-12-18\"",
        ],
    );
    check("a = 1\na = 2", &["2:1: this is not TOML: \"a\" stands twice in this section, first on line 1; keep one"]);
    check("[lists]\n[lists]", &["2:1: this is not TOML: the section \"lists\" stands twice, first on line 1; put its keys together"]);
    check("school = \"Hill", &["1:10: this is not TOML: a text begins here and its closing quote is missing on this line"]);
}

#[test]
fn files_that_cannot_be_read() {
    let missing = Config::load(Path::new("/nowhere/school.toml")).expect_err("refused").to_string();
    assert_eq!(missing, "read the configuration /nowhere/school.toml: check that it is there and may be read");
    let latin1 = String::from_utf8(b"school = \"A\"\n# caf\xe9".to_vec()).expect_err("not UTF-8");
    let error = ConfigErrors::not_utf8(Path::new("school.toml"), &latin1).to_string();
    assert_eq!(error, "school.toml:2:6: this is not UTF-8 text; save the file as UTF-8");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,400}") {
        let _ = Config::parse(&text, "x");
    }

    #[test]
    fn anything_like_a_configuration_is_read_or_refused(lines in prop::collection::vec(
        prop_oneof![
            "(\\[\\[?)?(console|lists?|illegal_content|profile|person|override|window|protect)(\\]\\]?)?",
            "(name|for|site|expires|from|days|hosts|max_download_bytes|refresh_at|time_zone|url|path) = (\"[^\"]{0,20}\"|-?[0-9]{1,20}|\\[.{0,10}\\]|\\{\\}|true)",
        ], 0..12)) {
        if let Err(errors) = Config::parse(&lines.join("\n"), "x") {
            prop_assert!(!errors.to_string().is_empty());
        }
    }
}
