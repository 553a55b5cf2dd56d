//! Crate arrows: who may know whom, and what each crate must never reach. ARCHITECTURE.md says the same in words.

use super::Finding;
use super::graph::{Graph, Package};

/// A crate of ours and the crates of ours it may use. [`FOR_TESTS`] may be used by the tests of every crate.
const OWN: &[(&str, &[&str])] = &[
    ("activity", &["event", "filter", "ids"]),
    ("calendar", &["ids"]),
    ("event", &["filter", "ids"]),
    ("features", &[]),
    ("filter", &["ids"]),
    ("ids", &[]),
    ("ledger", &["calendar", "ids"]),
    ("lists", &["filter", "ids"]),
    ("office", &["calendar", "filter", "ids", "ledger", "presence", "reports", "ui"]),
    ("private-postgres", &[]),
    ("post", &["calendar", "ids", "ledger"]),
    ("presence", &["ids"]),
    ("proxy", &["event", "filter", "ids", "presence", "ui"]),
    ("reports", &[]),
    (
        "schoolgate",
        &["activity", "calendar", "event", "features", "filter", "ids", "ledger", "lists", "office", "post", "presence", "proxy", "ui"],
    ),
    ("testkit", &["private-postgres"]),
    ("ui", &[]),
    ("xtask", &["private-postgres"]),
];

/// What tests of any crate may use: `testkit`, and `lists`, which makes the small packs that a data plane is tried with.
const FOR_TESTS: &[&str] = &["lists", "testkit"];

/// A foreign crate that some of ours must not reach.
struct Never {
    crates: &'static [&'static str],
    /// Ours that must not; empty means all but those in `but`.
    ours: &'static [&'static str],
    but: &'static [&'static str],
    why: &'static str,
}

/// Not even through somebody else.
const NOT_REACHED: &[Never] = &[
    Never {
        crates: &["tokio", "ureq", "hyper", "rustls", "memmap2", "tempfile"],
        ours: &["calendar", "filter", "ids", "presence", "ui"],
        but: &[],
        why: "it is pure: no task, no network, no file",
    },
    Never {
        // The typesetter could map fonts into memory; it is given no file.
        crates: &["tokio", "ureq", "hyper", "rustls", "tempfile"],
        ours: &["reports"],
        but: &[],
        why: "it is pure: values in, bytes out",
    },
    Never { crates: &["tokio"], ours: &["xtask", "lists"], but: &[], why: "it does one thing after the other and is built early" },
    Never {
        crates: &["sea-orm", "datafusion"],
        ours: &["lists", "event", "proxy"],
        but: &[],
        why: "the data planes never see the database",
    },
];

/// Not named in its own manifest.
const NOT_NAMED: &[Never] = &[
    Never { crates: &["typst", "typst-layout", "typst-pdf"], ours: &[], but: &["reports"], why: "papers are set in one crate" },
    Never { crates: &["clap"], ours: &[], but: &["schoolgate"], why: "only a binary has arguments" },
    Never {
        crates: &["anyhow"],
        ours: &[],
        but: &["private-postgres", "schoolgate", "testkit", "xtask"],
        why: "a caller must be able to branch: use a typed error",
    },
    Never { crates: &["tracing-subscriber"], ours: &[], but: &["schoolgate"], why: "the binary decides where logs go" },
];

/// Nowhere, not for tests either.
const NOWHERE: &[(&str, &str)] = &[
    ("ring", "aws-lc-rs is the only TLS provider (docs/adr/0005)"),
    ("openssl", "aws-lc-rs is the only TLS provider (docs/adr/0005)"),
    ("openssl-sys", "aws-lc-rs is the only TLS provider (docs/adr/0005)"),
    ("native-tls", "aws-lc-rs is the only TLS provider (docs/adr/0005)"),
    ("chrono", "time zones and school calendars are done with jiff"),
];

/// Crates of ours use only those they may know, and every crate has its row.
pub(super) fn own_crates(graph: &Graph) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in graph.own() {
        let Some((_, allowed)) = OWN.iter().find(|(name, _)| *name == package.name) else {
            findings.push(about(package, "a new crate: say in xtask/src/tidy/arrows.rs and ARCHITECTURE.md which of ours it may use"));
            continue;
        };
        for (used, arrow) in graph.uses(package).filter(|(used, _)| used.is_own && !allowed.contains(&used.name.as_str())) {
            if arrow.is_normal || !FOR_TESTS.contains(&used.name.as_str()) {
                findings.push(about(package, format!("`{}` must not use `{}` (ARCHITECTURE.md)", package.name, used.name)));
            }
        }
    }
    findings
}

/// Some crates are named by few of ours.
pub(super) fn direct(graph: &Graph) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in graph.own() {
        let used = graph.uses(package).filter(|(_, arrow)| arrow.is_normal).map(|(used, _)| used.name.as_str());
        for (used, why) in used.filter_map(|used| Some((used, forbidden(NOT_NAMED, package, used)?))) {
            findings.push(about(package, format!("`{}` must not use `{used}`: {why}", package.name)));
        }
    }
    findings
}

/// Some crates are not reached at all.
pub(super) fn reached(graph: &Graph) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in graph.own() {
        for (used, chain) in graph.reached(package) {
            if let Some(why) = forbidden(NOT_REACHED, package, &used.name) {
                findings.push(about(package, format!("{chain}: {why}")));
            }
        }
    }
    findings
}

/// Some crates are nowhere in the graph.
pub(super) fn banned(graph: &Graph) -> Vec<Finding> {
    let banned = graph.foreign().filter_map(|package| Some((package, NOWHERE.iter().find(|(name, _)| *name == package.name)?)));
    banned.map(|(package, (name, why))| Finding::new("Cargo.lock", 0, format!("{name} {}: {why}", package.version))).collect()
}

fn forbidden(rules: &[Never], ours: &Package, used: &str) -> Option<&'static str> {
    let name = ours.name.as_str();
    let applies = |rule: &&Never| (rule.ours.is_empty() || rule.ours.contains(&name)) && !rule.but.contains(&name);
    rules.iter().filter(applies).find(|rule| rule.crates.contains(&used)).map(|rule| rule.why)
}

fn about(package: &Package, message: impl Into<String>) -> Finding {
    let path = if package.name == "xtask" { "xtask/Cargo.toml".to_owned() } else { format!("crates/{}/Cargo.toml", package.name) };
    Finding::new(&path, 0, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(findings: &[Finding]) -> Vec<&str> {
        findings.iter().map(|finding| finding.message.as_str()).collect()
    }

    #[test]
    fn arrows_point_one_way() {
        let graph = Graph::of(&[("ids", &[]), ("filter", &["ids", "dev:testkit", "lists"]), ("lists", &["filter"]), ("testkit", &[])]);
        assert_eq!(messages(&own_crates(&graph)), ["`filter` must not use `lists` (ARCHITECTURE.md)"]);
    }

    #[test]
    fn testkit_serves_tests_only_and_knows_no_product() {
        let graph = Graph::of(&[("ids", &[]), ("event", &["testkit"]), ("testkit", &["dev:ids"])]);
        let findings = own_crates(&graph);
        assert_eq!(
            messages(&findings),
            ["`event` must not use `testkit` (ARCHITECTURE.md)", "`testkit` must not use `ids` (ARCHITECTURE.md)"]
        );
    }

    #[test]
    fn a_crate_without_a_row_is_found() {
        assert_eq!(own_crates(&Graph::of(&[("mystery", &[])])).len(), 1);
    }

    #[test]
    fn a_pure_crate_reaches_no_runtime_even_through_others() {
        let graph =
            Graph::of(&[("filter", &["ids", "dev:tokio"]), ("ids", &["helper"]), ("helper", &["tokio"]), ("schoolgate", &["tokio"])]);
        let findings = reached(&graph);
        assert_eq!(findings.len(), 2, "filter and ids, not schoolgate: {findings:?}");
        assert!(findings[0].message.starts_with("filter -> ids -> helper -> tokio"), "{}", findings[0].message);
    }

    #[test]
    fn arguments_are_for_binaries() {
        let graph = Graph::of(&[("schoolgate", &["clap"]), ("lists", &["clap", "dev:anyhow"])]);
        assert_eq!(messages(&direct(&graph)), ["`lists` must not use `clap`: only a binary has arguments"]);
    }

    #[test]
    fn a_second_tls_provider_is_found_anywhere() {
        let graph = Graph::of(&[("schoolgate", &["dev:ring"])]);
        assert_eq!(banned(&graph).len(), 1);
    }
}
