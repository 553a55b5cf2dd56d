//! The text files of the checkout, as the rules see them.

use std::path::Path;

use anyhow::Context;

use crate::shell;

/// All text files that git knows or would take.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) files: Vec<SourceFile>,
}

/// One file.
#[derive(Debug)]
pub(super) struct SourceFile {
    /// From the root, with forward slashes.
    pub(super) path: String,
    pub(super) text: String,
}

// === impl Tree ===

impl Tree {
    /// Reads everything that is tracked or not ignored; what is not UTF-8 (pictures, fuzz corpora) is left out.
    pub(super) fn read(root: &Path) -> anyhow::Result<Self> {
        let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
        let names = shell::output(shell::command("git")?.args(list)).context("ask git which files there are")?;
        let mut files = Vec::new();
        for name in names.split('\0').filter(|name| !name.is_empty()) {
            let path = root.join(name);
            // A file that was deleted and not yet committed is still listed.
            if !path.is_file() {
                continue;
            }
            let bytes = std::fs::read(&path).with_context(|| format!("read {}", path.display()))?;
            files.extend(String::from_utf8(bytes).ok().map(|text| SourceFile { path: name.to_owned(), text }));
        }
        Ok(Self { files })
    }

    /// A made tree, for tests of rules.
    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| SourceFile { path: (*path).to_owned(), text: (*text).to_owned() });
        Self { files: files.collect() }
    }

    /// The Rust sources.
    pub(super) fn rust(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter().filter(|file| file.path.ends_with(".rs"))
    }

    /// One file by its path.
    pub(super) fn file(&self, path: &str) -> Option<&SourceFile> {
        self.files.iter().find(|file| file.path == path)
    }
}

// === impl SourceFile ===

impl SourceFile {
    /// Lines with their numbers, from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(at, line)| (at + 1, line))
    }

    /// Lines that are not a comment as a whole.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines().filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// The first line of the unit tests at the end of a file; past the end where there are none. Files that are tests as a
    /// whole start at 1.
    pub(super) fn tests_from(&self) -> usize {
        if self.path.contains("/tests/") || self.path.ends_with("tests.rs") {
            return 1;
        }
        self.lines().find(|(_, line)| line.trim() == "#[cfg(test)]").map_or(usize::MAX, |(number, _)| number)
    }
}
