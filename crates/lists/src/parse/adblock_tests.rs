//! Rules of filter lists, by what a filter of whole pages can make of them.

use super::*;
use crate::parse::testing::Found;

fn found(text: &str) -> Found {
    let mut found = Found::default();
    read(&mut text.as_bytes(), &mut found).expect("reading from memory");
    found
}

fn takes(rule: &str, expected: &str) {
    let found = found(rule);
    let all: Vec<_> = found.entries().into_iter().chain(found.excepts().into_iter().map(|row| row.replace("1 ", "1 @@"))).collect();
    assert_eq!(all, [format!("1 {expected}")], "{rule}: {:?}", found.skips());
}

fn leaves(rule: &str, why: &str) {
    let found = found(rule);
    assert_eq!(found.skips(), [format!("1 {why}: {rule}")], "{rule}: {:?} {:?}", found.entries(), found.excepts());
}

#[test]
fn hosts() {
    takes("||a.example^", "*.a.example");
    takes("||A.Example^*", "*.a.example");
    takes("||a.example/", "*.a.example");
    takes("||a.org", "*.a.org");
    takes("||a.org*", "*.a.org");
    takes("||com^", "*.com");
    takes("|a.example^", "=a.example");
    takes("|https://a.example^", "=a.example");
    takes("|http://a.example/", "=a.example");
    takes("||192.0.2.1^", "=192.0.2.1");
    takes("||[2001:db8::1]^", "=2001:db8::1");
    takes("||bücher.example^", "*.xn--bcher-kva.example");
    takes("@@||a.example^", "@@*.a.example");
    takes("@@|a.example^", "@@=a.example");
    takes("bare.example", "=bare.example");
    takes("bare.example # a note", "=bare.example");
    takes("0.0.0.0 bare.example", "=bare.example");
}

#[test]
fn paths() {
    takes("||a.example/Bad/Page", "*.a.example/bad/page");
    takes("||a.example/bad^", "*.a.example/bad");
    takes("||a.example/bad*", "*.a.example/bad");
    takes("||a.example/p?q=1", "*.a.example/p?q=1");
    takes("|http://a.example/bad|", "=a.example/bad");
    takes("|https://a.example/bad", "=a.example/bad");
    takes("||192.0.2.1/x", "=192.0.2.1/x");
    takes("||[2001:db8::1]/x", "=2001:db8::1/x");
    takes("@@||a.example/good", "@@*.a.example/good");
    leaves("@@|http://a.example/good|", "not taken: excepts one address exactly");
}

#[test]
fn options_that_hold_for_whole_pages() {
    for options in ["important", "document", "doc", "all", "popup", "document,popup", "Important"] {
        takes(&format!("||a.example^${options}"), "*.a.example");
    }
    takes("@@||a.example^$document", "@@*.a.example");
    leaves("@@||a.example^$popup", "not taken: holds only for pop-up windows");
}

#[test]
fn options_that_narrow() {
    for (option, why) in [
        ("third-party", "not taken: holds only inside other pages"),
        ("~third-party", "not taken: holds only inside other pages"),
        ("script,image", "not taken: holds only inside other pages"),
        ("~document", "not taken: holds only inside other pages"),
        ("important,xhr", "not taken: holds only inside other pages"),
        ("domain=b.example", "not taken: holds only on some sites"),
        ("denyallow=b.a.example", "not taken: holds only on some sites"),
        ("dnsrewrite=NXDOMAIN;;", "not taken: holds only for some DNS questions"),
        ("client=pc", "not taken: holds only for some DNS questions"),
        ("ctag=device_pc", "not taken: holds only for some DNS questions"),
        ("dnstype=~CNAME", "not taken: holds only for some DNS questions"),
        ("badfilter", "not taken: cancels another rule"),
        ("match-case", "not taken: tells capital letters apart"),
        ("redirect=noopjs", "not taken: changes pages instead of blocking them"),
        ("madeup", "not understood: an option that is not known"),
    ] {
        leaves(&format!("||a.example^${option}"), why);
    }
}

#[test]
fn patterns_that_name_no_host() {
    for rule in [
        "-banner-",
        "/ads/x",
        ".a.example^",
        "a.example^",
        "://a.example",
        "||adserver",
        "||a.example^x",
        "||cdn-",
        "||google.",
        "||192.168",
    ] {
        leaves(rule, "not taken: a pattern that names no host");
    }
    for rule in ["||a*.example^", "||a.*^", "||a.example/*/x", "*a.example", "|http://*.example/", "||a.example/x^y"] {
        leaves(rule, "not taken: a pattern with wildcards");
    }
    leaves("/ad[0-9]+/", "not taken: a regular expression");
    leaves("@@/ad[0-9]+/$document", "not taken: a regular expression");
    leaves("||a.example:8080^", "not taken: holds only for one port");
    leaves("||a.example^|", "not taken: only the first page of a host");
    leaves("||a.example/x$y", "not understood: an option that is not known");
    leaves("||^", "not a host: the host is empty");
}

#[test]
fn rules_for_what_a_page_shows() {
    for rule in [
        "##.banner",
        "a.example##.banner",
        "a.example#@#.x",
        "a.example#?#div",
        "a.example#$#body",
        "#%#script",
        "a.example$$script",
        "[$app=x]a.example",
    ] {
        leaves(rule, "not taken: changes what a page shows");
    }
}

#[test]
fn remarks_and_headers_are_nothing() {
    let found = found("! note\n# note\n#\n####\n## Title\n\n[Adblock Plus 2.0]\n!#safari_cb_affinity\n");
    assert_eq!((found.entries(), found.skips()), (vec![], vec![]));
}

#[test]
fn bare_words_of_a_browser_list_are_no_hosts() {
    let found = found("[Adblock Plus 2.0]\nadframe.js\n||a.example^\n");
    assert_eq!(found.entries(), ["3 *.a.example"]);
    assert_eq!(found.skips(), ["2 not taken: a pattern that names no host: adframe.js"]);
}

#[test]
fn what_stands_under_a_condition_is_left_out() {
    let found = found(
        "!#if (adguard && !ext)\n||a.example^\n!#if x\n||b.example^\n!#endif\n||c.example^\n!#endif\n||d.example^\n!#include more.txt\n",
    );
    assert_eq!(found.entries(), ["8 *.d.example"]);
    assert_eq!(
        found.skips(),
        [
            "2 not taken: holds only for some programs: ||a.example^",
            "4 not taken: holds only for some programs: ||b.example^",
            "6 not taken: holds only for some programs: ||c.example^",
            "9 not taken: includes another list: !#include more.txt",
        ]
    );
}
