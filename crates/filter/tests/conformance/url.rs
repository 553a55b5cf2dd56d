//! The URL cases of the web platform tests: host, port, path and what must be refused.

use std::net::Ipv6Addr;

use filter::Target;
use filter::host::HostError;
use filter::target::{TargetError, matching_path};
use serde_json::Value;

use crate::{Count, read};

const OTHER_SCHEME: &str = "a scheme that is not judged";
const RELATIVE: &str = "relative to another address, which a request on the wire never is";
const NO_SCHEME: &str = "without a scheme: a person who types a host means http";
const STRICTER: &str = "a host that we refuse by a rule of our own, checked";

#[test]
#[ignore = "needs the shared data folder: set SCHOOLGATE_DATA"]
fn addresses_are_read_as_browsers_read_them() {
    let cases: Vec<Value> = serde_json::from_str(&read("url-wpt/urltestdata.json")).expect("JSON");
    let mut count = Count::default();
    for case in cases.iter().filter(|case| case.is_object()) {
        let input = case["input"].as_str().expect("an input");
        match not_applicable(input, case) {
            Some(why) => count.skip(why),
            None => match check(input, case) {
                Ok(Some(why)) => count.skip(why),
                Ok(None) => count.passed += 1,
                Err(problem) => count.failed.push(format!("{input:?}: {problem}")),
            },
        }
    }
    count.finish("URL");
}

fn not_applicable(input: &str, case: &Value) -> Option<&'static str> {
    let text: String = input.trim_matches(|sign: char| sign <= ' ').chars().filter(|sign| !matches!(sign, '\t' | '\n' | '\r')).collect();
    let scheme = text.split_once(':').map(|(scheme, rest)| (scheme.to_ascii_lowercase(), rest));
    let base = case["base"].as_str();
    let Some((scheme, rest)) = scheme.filter(|(scheme, _)| is_scheme(scheme)) else {
        return Some(if base.is_some() { RELATIVE } else { NO_SCHEME });
    };
    if !matches!(scheme.as_str(), "http" | "https" | "ws" | "wss") {
        return Some(OTHER_SCHEME);
    }
    // `http:page` is relative to a base of the same scheme, and an address of its own elsewhere (URL, "scheme state").
    let is_relative = !rest.starts_with("//") && base.is_some_and(|base| base.starts_with(&format!("{scheme}:")));
    is_relative.then_some(RELATIVE)
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

fn check(input: &str, case: &Value) -> Result<Option<&'static str>, String> {
    let parsed = Target::parse(input);
    if case["failure"].as_bool() == Some(true) {
        return parsed.map_or(Ok(None), |target| Err(format!("must be refused, is {target}")));
    }
    let text = |key: &str| case[key].as_str().unwrap_or_default();
    let target = match parsed {
        Ok(target) => target,
        Err(TargetError::Host(error)) if is_stricter(text("hostname"), error) => return Ok(Some(STRICTER)),
        Err(error) => return Err(format!("must be {}, is refused: {error}", text("href"))),
    };
    let port = match (text("port"), text("protocol")) {
        ("", "https:" | "wss:") => "443",
        ("", _) => "80",
        (port, _) => port,
    };
    let path = matching_path(text("pathname"), text("search").strip_prefix('?'));
    let expected = format!("{} {port} {path}", normal(text("hostname")));
    let found = format!("{} {} {}", target.host, target.port, target.path().unwrap_or_default());
    if found == expected { Ok(None) } else { Err(format!("must be {expected}, is {found}")) }
}

/// The one form in which we hold a host: without brackets and trailing dot, IPv4 inside IPv6 as IPv4.
fn normal(hostname: &str) -> String {
    let bare = hostname.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<Ipv6Addr>() {
        Ok(address) => address.to_canonical().to_string(),
        Err(_) => bare.strip_suffix('.').unwrap_or(bare).to_owned(),
    }
}

/// Whether the host breaks the very rule that is given as the reason (`filter::host`).
fn is_stricter(hostname: &str, error: HostError) -> bool {
    let name = hostname.strip_suffix('.').unwrap_or(hostname);
    match error {
        HostError::Empty => name.is_empty(),
        HostError::EmptyLabel => name.split('.').any(str::is_empty),
        HostError::LabelTooLong => name.split('.').any(|label| label.len() > 63),
        HostError::NameTooLong => name.len() > 253,
        HostError::Invalid => name.contains(['*', '"', '\'', '`', ',', ';', '!', '(', ')', '{', '}', '$', '&', '+', '=']),
    }
}
