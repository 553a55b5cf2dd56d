//! Rules for lints: nobody opts out in silence.

use super::Finding;
use super::tree::Tree;

/// Spelled in halves, here and below, so that this file keeps its own rules.
const ALLOW: &[&str] = &[concat!("#[al", "low("), concat!("#![al", "low(")];
const EXPECT: &[&str] = &[concat!("#[ex", "pect("), concat!("#![ex", "pect(")];
/// An attribute that spans more lines than this is not looked through.
const ATTRIBUTE_LINES: usize = 8;

/// No lint is switched off for good: `expect` warns once it is no longer needed.
pub(super) fn no_allow(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust() {
        let allowed = file.code().filter(|(_, line)| {
            let conditional = line.contains("cfg_attr(") && line.contains(concat!("al", "low("));
            conditional || ALLOW.iter().any(|opening| line.contains(opening))
        });
        let message = format!("write `{}lint, reason = \"..\")]` in place of allow", concat!("#[ex", "pect("));
        findings.extend(allowed.map(|(number, _)| Finding::new(&file.path, number, message.clone())));
    }
    findings
}

/// Each exception says why.
pub(super) fn expect_has_reason(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust() {
        for (number, line) in file.code().filter(|(_, line)| EXPECT.iter().any(|opening| line.contains(opening))) {
            let rest: Vec<&str> = file.text.lines().skip(number - 1).take(ATTRIBUTE_LINES).collect();
            let start = EXPECT.iter().filter_map(|opening| line.find(opening)).min().unwrap_or(0);
            let text = rest.join("\n");
            let attribute = text.get(start..).and_then(|text| text.split_once(")]")).map(|(attribute, _)| attribute);
            if !attribute.is_some_and(|attribute| attribute.contains("reason = \"")) {
                findings.push(Finding::new(&file.path, number, "say why: `reason = \"..\"`"));
            }
        }
    }
    findings
}

/// Every crate takes the lints of the workspace; one that cannot says why in a line `# lints: reason`.
pub(super) fn workspace_lints(tree: &Tree) -> Vec<Finding> {
    let is_crate = |path: &str| path.ends_with("/Cargo.toml") && !path.starts_with("fuzz/");
    let takes_them = |text: &str| {
        let mut lines = text.lines().skip_while(|line| line.trim() != "[lints]").skip(1).take_while(|line| !line.starts_with('['));
        lines.any(|line| line.trim() == "workspace = true")
    };
    let gives_reason = |text: &str| text.lines().any(|line| line.strip_prefix("# lints:").is_some_and(|reason| !reason.trim().is_empty()));
    let crates = tree.files.iter().filter(|file| is_crate(&file.path));
    let without = crates.filter(|file| !takes_them(&file.text) && !gives_reason(&file.text));
    without.map(|file| Finding::new(&file.path, 0, "take the lints of the workspace: `[lints]`, `workspace = true`")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(findings: &[Finding]) -> Vec<(&str, usize)> {
        findings.iter().map(|finding| (finding.path.as_str(), finding.line)).collect()
    }

    #[test]
    fn an_allow_is_found_in_each_of_its_forms() {
        let code = format!(
            "{}dead_code)]\n// {}dead_code)] in a comment\n#[cfg_attr(unix, {}dead_code))]\nfn a() {{}}\n",
            concat!("#![al", "low("),
            concat!("#[al", "low("),
            concat!("al", "low(")
        );
        assert_eq!(lines_of(&no_allow(&Tree::of(&[("a.rs", &code)]))), [("a.rs", 1), ("a.rs", 3)]);
    }

    #[test]
    fn an_expect_without_reason_is_found() {
        let expect = concat!("#[ex", "pect(");
        let code =
            format!("{expect}dead_code)]\n{expect}dead_code, reason = \"kept\")]\n{expect}\n    dead_code,\n    reason = \"kept\"\n)]\n");
        assert_eq!(lines_of(&expect_has_reason(&Tree::of(&[("a.rs", &code)]))), [("a.rs", 1)]);
    }

    #[test]
    fn a_crate_with_lints_of_its_own_needs_a_reason() {
        let tree = Tree::of(&[
            ("crates/a/Cargo.toml", "[package]\n[lints]\nworkspace = true\n"),
            ("crates/b/Cargo.toml", "[package]\nversion.workspace = true\n"),
            ("crates/c/Cargo.toml", "# lints: maps a file into memory\n[lints.rust]\nunsafe_code = \"deny\"\n"),
            ("Cargo.toml", "[workspace]\n"),
        ]);
        assert_eq!(lines_of(&workspace_lints(&tree)), [("crates/b/Cargo.toml", 0)]);
    }
}
