//! Word walls: a name that may be written in some files only, so that a concern cannot leak out of its place.

use super::Finding;
use super::tree::Tree;

/// A name and where it may stand.
struct Wall {
    /// As it is written in code, with its `::`.
    word: &'static str,
    may: fn(&str) -> bool,
    why: &'static str,
}

const WALLS: &[Wall] = &[
    Wall {
        word: "maud::",
        may: |path| path.starts_with("crates/ui/") || is_view(path),
        why: "markup is written in `ui` and in `view.rs` only, where the components make it accessible",
    },
    Wall {
        word: "PreEscaped",
        may: |path| path.starts_with("crates/ui/"),
        why: "text that skips escaping is how script gets in: only `ui` may",
    },
    Wall {
        word: "axum::",
        may: |path| {
            is_any_of(path, &["pages.rs", "mod.rs"])
                || has_folder(path, &["pages"])
                || is_office_edge(path)
                || path.starts_with("crates/testkit/")
        },
        why: "web framework types end in `pages.rs`, `pages/` and `mod.rs`, so that a rule can be tested without a request",
    },
    Wall {
        word: "sea_orm::",
        may: |path| path.starts_with("crates/ledger/") || is_any_of(path, &["store.rs"]) || has_folder(path, &["store", "migrations"]),
        why: "the database ends in `ledger` and in stores, so that no change can miss its audit entry",
    },
    Wall {
        word: "std::env::",
        may: |path| {
            path.starts_with("crates/schoolgate/") || is_tool(path) || is_any_of(path, &["build.rs"]) || has_folder(path, &["tests"])
        },
        why: "only the binary reads arguments and environment: take the value as a parameter",
    },
];

/// No name on the wrong side of its wall. xtask is left out: it holds the names as data.
pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust().filter(|file| !file.path.starts_with("xtask/")) {
        for wall in WALLS.iter().filter(|wall| !(wall.may)(&file.path)) {
            let named = file.code().filter(|(_, line)| names(line, wall.word));
            findings.extend(named.map(|(number, _)| Finding::new(&file.path, number, format!("`{}` here: {}", wall.word, wall.why))));
        }
    }
    findings
}

/// Whether `word` stands in the line as a whole name, not as the end of a longer one.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

fn is_any_of(path: &str, names: &[&str]) -> bool {
    path.rsplit('/').next().is_some_and(|name| names.contains(&name))
}

fn has_folder(path: &str, names: &[&str]) -> bool {
    path.rsplit('/').skip(1).any(|folder| names.contains(&folder))
}

fn is_view(path: &str) -> bool {
    is_any_of(path, &["view.rs"]) || has_folder(path, &["view"])
}

/// Where the office meets the web beside its pages.
fn is_office_edge(path: &str) -> bool {
    path.starts_with("crates/office/src/web/")
}

/// Crates that are tools of their own and never ship.
fn is_tool(path: &str) -> bool {
    ["bench/", "crates/private-postgres/", "crates/testkit/"].iter().any(|folder| path.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, code: &str) -> bool {
        !check(&Tree::of(&[(path, code)])).is_empty()
    }

    #[test]
    fn markup_stays_in_ui_and_views() {
        assert!(found("crates/office/src/people/model.rs", "use maud::html;"));
        assert!(!found("crates/office/src/people/view.rs", "use maud::html;"));
        assert!(!found("crates/ui/src/page.rs", "use maud::{PreEscaped, html};"));
        assert!(found("crates/office/src/people/view.rs", "let raw = PreEscaped(text);"));
    }

    #[test]
    fn web_types_stay_at_the_edge() {
        assert!(found("crates/office/src/people/store.rs", "use axum::Router;"));
        assert!(!found("crates/office/src/people/pages.rs", "use axum::Router;"));
        assert!(!found("crates/office/src/people/pages/person.rs", "use axum::Router;"));
        assert!(!found("crates/office/src/web/guard.rs", "use axum::Router;"));
        assert!(found("crates/filter/src/lib.rs", "fn a(router: axum::Router) {}"));
    }

    #[test]
    fn the_database_stays_in_stores() {
        assert!(found("crates/office/src/people/pages.rs", "use sea_orm::Entity;"));
        assert!(!found("crates/office/src/people/store/search.rs", "use sea_orm::Entity;"));
        assert!(!found("crates/ledger/src/lib.rs", "use sea_orm::Entity;"));
    }

    #[test]
    fn only_the_binary_reads_the_environment() {
        assert!(found("crates/lists/src/fetch.rs", "let proxy = std::env::var(\"HTTP_PROXY\");"));
        assert!(!found("crates/schoolgate/src/main.rs", "let proxy = std::env::var(\"HTTP_PROXY\");"));
        assert!(!found("crates/ui/build.rs", "std::env::var_os(\"OUT_DIR\")"));
    }

    #[test]
    fn comments_and_longer_names_do_not_count() {
        assert!(!found("crates/filter/src/lib.rs", "// unlike axum::Router\nuse my_axum::Router;"));
    }
}
