//! Who depends on whom, as `cargo metadata` tells it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use serde_json::Value;

use crate::shell;

/// All packages of the workspace and everything they reach.
#[derive(Debug, Default)]
pub(super) struct Graph {
    packages: Vec<Package>,
}

/// One package; a name can stand for several versions.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    /// Whether it is a member of the workspace.
    pub(super) is_own: bool,
    is_built: bool,
    pub(super) arrows: Vec<Arrow>,
}

/// One dependency.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrow {
    /// Place in the list of packages.
    to: usize,
    /// Whether the code that ships depends on it; otherwise tests or a build script do.
    pub(super) is_normal: bool,
}

// === impl Graph ===

impl Graph {
    /// Asks cargo.
    pub(super) fn read() -> anyhow::Result<Self> {
        let text = shell::output(&mut shell::cargo(&["metadata", "--format-version", "1", "--locked"])?)?;
        let metadata: Value = serde_json::from_str(&text).context("read the answer of `cargo metadata`")?;
        let mut graph = Self::from_metadata(&metadata).context("find the packages in the answer of `cargo metadata`")?;
        let edges = ["tree", "--locked", "--workspace", "--target", "all", "--edges", "normal,build,dev"];
        let built = shell::output(shell::cargo(&edges)?.args(["--prefix", "none", "--format", "{p}"]))?;
        graph.keep_only(&built);
        Ok(graph)
    }

    /// Drops what is never built. `cargo metadata` also names optional packages that a feature mentions without turning them
    /// on; the lines of `cargo tree` (`name v1.2.3`, perhaps with more behind it) have only what is.
    fn keep_only(&mut self, tree: &str) {
        let words = |line| -> Option<(&str, &str)> {
            let mut words = str::split_whitespace(line);
            Some((words.next()?, words.next()?.strip_prefix('v')?))
        };
        let built: BTreeSet<(&str, &str)> = tree.lines().filter_map(words).collect();
        for package in &mut self.packages {
            package.is_built = built.contains(&(package.name.as_str(), package.version.as_str()));
        }
    }

    /// Reads the parts that matter (the format is described under "cargo metadata" in the Cargo book); `None` where the answer
    /// lacks one of them.
    fn from_metadata(metadata: &Value) -> Option<Self> {
        let members: BTreeSet<&str> = metadata.get("workspace_members")?.as_array()?.iter().filter_map(Value::as_str).collect();
        let listed = metadata.get("packages")?.as_array()?;
        let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
        let mut packages = Vec::new();
        for package in listed {
            let id = package.get("id")?.as_str()?;
            ids.insert(id, packages.len());
            let text = |key: &str| Some(package.get(key)?.as_str()?.to_owned());
            packages.push(Package {
                name: text("name")?,
                version: text("version")?,
                is_own: members.contains(id),
                is_built: true,
                arrows: Vec::new(),
            });
        }
        for node in metadata.get("resolve")?.get("nodes")?.as_array()? {
            let from = *ids.get(node.get("id")?.as_str()?)?;
            for dependency in node.get("deps")?.as_array()? {
                let to = *ids.get(dependency.get("pkg")?.as_str()?)?;
                let kinds = dependency.get("dep_kinds")?.as_array()?;
                let is_normal = kinds.iter().any(|kind| kind.get("kind").is_some_and(Value::is_null));
                packages.get_mut(from)?.arrows.push(Arrow { to, is_normal });
            }
        }
        Some(Self { packages })
    }

    /// A made graph, for tests of rules: crates of ours with what they use; what is named only as used is foreign, and a name
    /// behind `dev:` is used by tests only.
    #[cfg(test)]
    pub(super) fn of(rows: &[(&str, &[&str])]) -> Self {
        let plain = |name: &str| name.trim_start_matches("dev:").to_owned();
        let mut names: Vec<String> = rows.iter().map(|(name, _)| plain(name)).collect();
        for used in rows.iter().flat_map(|(_, uses)| uses.iter()).map(|name| plain(name)) {
            if !names.contains(&used) {
                names.push(used);
            }
        }
        let place = |name: &str| names.iter().position(|other| *other == plain(name)).expect("every name is listed");
        let packages = names.iter().enumerate().map(|(at, name)| {
            let uses = rows.get(at).map_or(&[][..], |(_, uses)| uses);
            let arrows = uses.iter().map(|used| Arrow { to: place(used), is_normal: !used.starts_with("dev:") }).collect();
            Package { name: name.clone(), version: "1.0.0".to_owned(), is_own: at < rows.len(), is_built: true, arrows }
        });
        Self { packages: packages.collect() }
    }

    pub(super) fn own(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.is_own)
    }

    pub(super) fn foreign(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.is_built && !package.is_own)
    }

    /// What a package names itself.
    pub(super) fn uses<'a>(&'a self, package: &'a Package) -> impl Iterator<Item = (&'a Package, Arrow)> {
        package.arrows.iter().filter_map(|arrow| Some((self.packages.get(arrow.to)?, *arrow))).filter(|(to, _)| to.is_built)
    }

    /// Everything that the shipped code of `package` reaches, each with the chain of names that leads to it.
    pub(super) fn reached<'a>(&'a self, package: &'a Package) -> Vec<(&'a Package, String)> {
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        let mut waiting = vec![(package, package.name.clone())];
        let mut found = Vec::new();
        while let Some((from, chain)) = waiting.pop() {
            for (to, _) in self.uses(from).filter(|(_, arrow)| arrow.is_normal && seen.insert(arrow.to)) {
                let chain = format!("{chain} -> {}", to.name);
                found.push((to, chain.clone()));
                waiting.push((to, chain));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_kinds_of_dependency_are_told_apart() {
        let metadata = serde_json::json!({
            "workspace_members": ["a 1"],
            "packages": [{ "id": "a 1", "name": "a", "version": "1.0.0" }, { "id": "b 2", "name": "b", "version": "2.0.0" }],
            "resolve": { "nodes": [
                { "id": "a 1", "deps": [{ "pkg": "b 2", "dep_kinds": [{ "kind": "dev" }] }] },
                { "id": "b 2", "deps": [] },
            ] },
        });
        let graph = Graph::from_metadata(&metadata).expect("well formed");
        let own: Vec<&Package> = graph.own().collect();
        assert_eq!(own.len(), 1);
        let uses: Vec<(&str, bool)> = graph.uses(own[0]).map(|(to, arrow)| (to.name.as_str(), arrow.is_normal)).collect();
        assert_eq!(uses, [("b", false)]);
        assert!(graph.reached(own[0]).is_empty(), "tests do not ship");
    }

    #[test]
    fn what_is_never_built_does_not_count() {
        let mut graph = Graph::of(&[("a", &["b", "c"])]);
        graph.keep_only("a v1.0.0 (somewhere)\nb v1.0.0\nc v0.9.0 (*)\n");
        let foreign: Vec<&str> = graph.foreign().map(|package| package.name.as_str()).collect();
        assert_eq!(foreign, ["b"], "c is built in another version only");
        assert_eq!(graph.own().flat_map(|package| graph.reached(package)).count(), 1);
    }

    #[test]
    fn an_answer_without_packages_is_refused() {
        assert!(Graph::from_metadata(&serde_json::json!({ "workspace_members": [] })).is_none());
    }
}
