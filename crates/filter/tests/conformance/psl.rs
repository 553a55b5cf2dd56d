//! The Public Suffix List: the project's own vectors, and each rule of a list of its time.

use filter::Host;

use crate::{Count, read};

const GONE: &str = "a rule that the newer list of the crate no longer has, checked";
const MOVED: &str = "a rule that the newer list of the crate has among those of companies, checked";

#[test]
#[ignore = "needs the shared data folder: set SCHOOLGATE_DATA"]
fn registrable_domains_are_those_of_the_vectors() {
    let mut count = Count::default();
    for line in read("psl/tests.txt").lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")) {
        let (input, expected) = line.split_once(' ').expect("two words");
        if input == "null" {
            count.skip("nothing given");
            continue;
        }
        let found = Host::parse(input).ok().and_then(|host| host.registrable().map(str::to_owned));
        let expected = Host::parse(expected).ok().filter(|_| expected != "null").map(|host| host.to_string());
        if found == expected { count.passed += 1 } else { count.failed.push(format!("{input}: must be {expected:?}, is {found:?}")) }
    }
    count.finish("PSL vectors");
}

#[test]
#[ignore = "needs the shared data folder: set SCHOOLGATE_DATA"]
fn public_suffixes_are_those_of_the_list() {
    let text = read("psl/public_suffix_list.dat");
    let (icann, private) = text.split_once("===BEGIN PRIVATE DOMAINS===").expect("two parts");
    let rules = |part: &'static str, text: &str| -> Vec<(&'static str, String)> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
        lines.map(|line| (part, line.to_owned())).collect()
    };
    let mut count = Count::default();
    for (part, rule) in rules("icann", icann).into_iter().chain(rules("private", private)) {
        let (name, is_suffix) = match (rule.strip_prefix('!'), rule.strip_prefix("*.")) {
            (Some(name), _) => (name.to_owned(), false),
            (_, Some(below)) => (format!("any.{below}"), part == "icann"),
            _ => (rule.clone(), part == "icann"),
        };
        let host = Host::parse(&name).expect("a host");
        match (host.is_public_suffix(), is_suffix) {
            (found, expected) if found == expected => count.passed += 1,
            (false, true) if is_unknown(&host) && !name.ends_with(".uk") => count.skip(GONE),
            (false, true) if is_private(&host) => count.skip(MOVED),
            _ => count.failed.push(format!("{part} {rule}: must be {is_suffix}")),
        }
    }
    let gone = count.not_applicable.get(GONE).copied().unwrap_or_default();
    assert!(gone * 10 < count.passed, "{gone} of {} rules are gone: look whether the crate's list is whole", count.passed);
    count.finish("PSL rules");
}

/// Whether the crate's list has no rule for exactly this name, neither of states nor of companies.
fn is_unknown(host: &Host) -> bool {
    psl::suffix(host.as_str().as_bytes()).is_none_or(|suffix| !suffix.is_known() || suffix.as_bytes() != host.as_str().as_bytes())
}

fn is_private(host: &Host) -> bool {
    psl::suffix(host.as_str().as_bytes())
        .is_some_and(|suffix| suffix.as_bytes() == host.as_str().as_bytes() && suffix.typ() == Some(psl::Type::Private))
}
