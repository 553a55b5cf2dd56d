//! A private folder for one test.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tempfile::TempDir;

/// An empty folder (mode 0700) that is removed with all it holds when the value is dropped.
#[derive(Debug)]
pub struct Folder(TempDir);

impl Folder {
    /// Makes the folder.
    ///
    /// # Errors
    /// When the system's temporary folder cannot be written.
    pub fn new() -> anyhow::Result<Self> {
        let dir = tempfile::Builder::new().prefix("schoolgate-test-").tempdir().context("cannot make a folder for the test")?;
        Ok(Self(dir))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The path of `name` in it; nothing is made.
    #[must_use]
    pub fn join(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file, with the folders above it, and gives its path.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> anyhow::Result<PathBuf> {
        let path = self.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        }
        std::fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_goes_with_its_value() {
        let folder = Folder::new().expect("folder");
        let file = folder.write("lists/adult/domains", "a.example\n").expect("file");
        assert_eq!(std::fs::read_to_string(&file).expect("read"), "a.example\n");
        drop(folder);
        assert!(!file.exists());
    }
}
