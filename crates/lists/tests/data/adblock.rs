//! Rules of adblock-rust's own tests with requests that they match: a rule that we take must cover its request.

use std::collections::BTreeMap;

use filter::pack::format::is_path_edge;
use filter::{Pack, Target};
use lists::build::Builder;
use lists::mapping::Mapping;
use lists::parse::adblock::{Rule, parse_rule};
use lists::parse::{Pattern, Skip};

use crate::folder;

#[test]
#[ignore = "needs the shared data folder: set SCHOOLGATE_DATA"]
fn a_rule_that_is_taken_covers_what_a_browser_blocks_by_it() {
    let path = folder().join("3-conformance/adblock-matching/matching-test-requests.jsonl");
    let (mut passed, mut left_out, mut failed) = (0, BTreeMap::<String, usize>::new(), Vec::new());
    for line in std::fs::read_to_string(path).expect("a readable file").lines() {
        let case: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let url = case["url"].as_str().expect("a URL");
        for rule in case["filters"].as_array().expect("rules").iter().filter_map(|rule| rule.as_str()) {
            match check(rule, url) {
                Ok(true) => passed += 1,
                Ok(false) => failed.push(format!("{rule} must cover {url}")),
                Err(why) => *left_out.entry(why).or_default() += 1,
            }
        }
    }
    println!("adblock rules: {passed} passed, {} failed, not applicable:", failed.len());
    left_out.iter().for_each(|(why, count)| println!("{count:>6} {why}"));
    assert!(failed.is_empty() && passed > 0, "{}", failed.join("\n"));
}

/// Whether the rule, as we take it, covers the address; or why it says nothing here.
fn check(rule: &str, url: &str) -> Result<bool, String> {
    let pattern = match parse_rule(rule) {
        Ok(Rule::Block(pattern) | Rule::Except(pattern)) => pattern,
        Err(why @ (Skip::NotTaken(_) | Skip::Syntax(_) | Skip::TooLong)) => return Err(why.to_string()),
        Err(why @ (Skip::Host(_) | Skip::Target(_))) => return Err(format!("no host or address in the rule: {why}")),
    };
    let target = Target::parse(url).map_err(|why| format!("no address in the request: {why}"))?;
    if let Pattern::Suffix(host) = &pattern
        && host.is_too_wide_to_list()
    {
        return Err("a whole public suffix, which no list may name".to_owned());
    }
    let mapping = Mapping::shipped().expect("the shipped mapping");
    let mut builder = Builder::new(&mapping);
    builder.begin_list("rules");
    builder.begin_file("rules", "advertising", "adblock", false);
    builder.entry(1, &["advertising"], &pattern).expect("an entry");
    builder.end_list();
    let built = builder.finish(&mut |_, _| {}).expect("a pack");
    let mut is_covered = false;
    Pack::parse(&built.bytes.into()).expect("a pack that reads back").look_up(&target, |_| is_covered = true);
    if !is_covered && ends_inside_a_name(&pattern, &target) {
        return Err("the rule ends inside a name; only what is at its next edge is taken".to_owned());
    }
    Ok(is_covered)
}

fn ends_inside_a_name(pattern: &Pattern, target: &Target) -> bool {
    let (Pattern::Url(prefix) | Pattern::UrlBelow(prefix)) = pattern else { return false };
    let rest = target.path().and_then(|path| path.strip_prefix(&*prefix.path));
    target.host.is_within(&prefix.host) && rest.and_then(|rest| rest.bytes().next()).is_some_and(|byte| !is_path_edge(byte))
}
