//! Rules for each file: what it opens with, how long it is, what must never be written in it.

use super::Finding;
use super::tree::{SourceFile, Tree};

/// Above this a file gives its reason in one of its first lines: `// long: reason`.
const LONG: usize = 400;
/// Above this no reason helps: the file is cut by sub-topic.
const TOO_LONG: usize = 800;
const REASON_WITHIN: usize = 5;

/// Top folders of a machine. Spelled without slashes so that this file keeps its own rule.
const MACHINE_FOLDERS: &[&str] = &["root", "work", "tmp"];

/// What marks something as unfinished. Spelled in halves for the same reason.
const UNFINISHED: &[&str] = &[concat!("to", "do!("), concat!("unimple", "mented!("), concat!("TO", "DO"), concat!("FIX", "ME")];

/// Each Rust file opens with what it is for.
pub(super) fn module_doc(tree: &Tree) -> Vec<Finding> {
    let opens_with_doc = |file: &SourceFile| {
        let first = file.text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("// long:"));
        first.is_some_and(|line| line.starts_with("//!"))
    };
    let bare = tree.rust().filter(|file| !opens_with_doc(file));
    bare.map(|file| Finding::new(&file.path, 1, "begin the file with a `//!` comment that says what it is for")).collect()
}

/// Long files give a reason, very long ones are cut.
pub(super) fn length(tree: &Tree) -> Vec<Finding> {
    tree.rust().filter_map(too_long).collect()
}

fn too_long(file: &SourceFile) -> Option<Finding> {
    let lines = file.text.lines().count();
    let has_reason = || file.text.lines().take(REASON_WITHIN).any(|line| reason_of(line).is_some_and(|reason| !reason.is_empty()));
    if lines <= LONG || (lines <= TOO_LONG && has_reason()) {
        return None;
    }
    let message = if lines <= TOO_LONG {
        format!("{lines} lines: cut the file by sub-topic, or say why not in a line `// long: reason` at its top")
    } else {
        format!("{lines} lines: over {TOO_LONG} a file is always cut by sub-topic")
    };
    Some(Finding::new(&file.path, 0, message))
}

fn reason_of(line: &str) -> Option<&str> {
    line.strip_prefix("// long:").map(str::trim)
}

/// No path that exists on one machine only. A scratch folder may be named in tests.
pub(super) fn machine_paths(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        let tests_from = file.tests_from();
        for folder in MACHINE_FOLDERS {
            let path = format!("/{folder}/");
            let in_tests = |line: usize| *folder == "tmp" && line >= tests_from;
            let named = file.lines().filter(|(number, line)| !in_tests(*number) && names_path(line, &path));
            findings.extend(named.map(|(number, _)| Finding::new(&file.path, number, format!("`{path}` is a folder of one machine"))));
        }
    }
    findings
}

/// Whether a line holds `path` as the start of a path, not in the middle of an address.
fn names_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '*' | '~' | '}' | ')'))
    })
}

/// Nothing is left for later: an issue says what is missing, not a mark in the code.
pub(super) fn unfinished(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| [".rs", ".toml", ".md"].iter().any(|end| file.path.ends_with(end))) {
        for mark in UNFINISHED {
            let marked = file.lines().filter(|(_, line)| line.contains(mark));
            findings.extend(marked.map(|(number, _)| Finding::new(&file.path, number, format!("`{mark}`: finish it, or open an issue"))));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(findings: &[Finding]) -> Vec<(&str, usize)> {
        findings.iter().map(|finding| (finding.path.as_str(), finding.line)).collect()
    }

    #[test]
    fn a_file_without_module_doc_is_found() {
        let tree = Tree::of(&[("a.rs", "//! What for.\n"), ("b.rs", "fn main() {}\n"), ("c.md", "text"), ("d.rs", "")]);
        assert_eq!(lines_of(&module_doc(&tree)), [("b.rs", 1), ("d.rs", 1)]);
    }

    #[test]
    fn a_long_file_needs_a_reason_and_a_very_long_one_is_refused() {
        let long = "x\n".repeat(401);
        let reasoned = format!("// long: one table, read as a whole\n{long}");
        let reasonless = format!("// long:\n{long}");
        let very_long = format!("// long: really\n{}", "x\n".repeat(800));
        let tree = Tree::of(&[
            ("fits.rs", &"x\n".repeat(400)),
            ("long.rs", &long),
            ("reasoned.rs", &reasoned),
            ("reasonless.rs", &reasonless),
            ("very_long.rs", &very_long),
        ]);
        assert_eq!(lines_of(&length(&tree)), [("long.rs", 0), ("reasonless.rs", 0), ("very_long.rs", 0)]);
    }

    #[test]
    fn paths_of_a_machine_are_found_and_addresses_are_not() {
        let [root, work, tmp] = MACHINE_FOLDERS else { panic!("three folders") };
        let code = format!(
            "open(\"/{root}/x\")\n// see /{work}/y\nhttps://example.org/{work}/y\nPath::new(\"/{tmp}/z\")\n#[cfg(test)]\n\"/{tmp}/z\"\n"
        );
        let tree = Tree::of(&[("a.rs", &code)]);
        assert_eq!(lines_of(&machine_paths(&tree)), [("a.rs", 1), ("a.rs", 2), ("a.rs", 4)]);
    }

    #[test]
    fn unfinished_marks_are_found() {
        let code = format!("fn a() {{ {}) }}\n// {}: later\nfn fine() {{}}\n", concat!("to", "do!("), concat!("TO", "DO"));
        let tree = Tree::of(&[("a.rs", &code), ("list.txt", concat!("TO", "DO"))]);
        assert_eq!(lines_of(&unfinished(&tree)), [("a.rs", 1), ("a.rs", 2)]);
    }
}
