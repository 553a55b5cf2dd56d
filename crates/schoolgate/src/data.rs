//! The data folder: what lies where. Everything Schoolgate keeps on a machine is in here.

use std::path::{Path, PathBuf};

use crate::secret_file::Credentials;

/// The data folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFolder {
    root: PathBuf,
    /// Where the machine's key lies, if that is not in here.
    master_key: Option<PathBuf>,
    /// What the service manager has laid out for this process.
    credentials: Credentials,
}

impl DataFolder {
    /// The folder at `root`; it may not exist yet.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), master_key: None, credentials: Credentials::default() }
    }

    /// The same, with the machine's key somewhere else.
    #[must_use]
    pub fn with_master_key(self, elsewhere: Option<PathBuf>) -> Self {
        Self { master_key: elsewhere, ..self }
    }

    /// The same, for a process for which the service manager has laid out these.
    #[must_use]
    pub fn with_credentials(self, credentials: Credentials) -> Self {
        Self { credentials, ..self }
    }

    /// What the service manager has laid out for this process: the machine's key may be among it, or a login.
    pub const fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The same folder by its whole path, for people who stand in other folders.
    ///
    /// # Errors
    /// Where this process stands in no folder.
    pub fn whole(&self) -> std::io::Result<Self> {
        Ok(Self { root: std::path::absolute(&self.root)?, ..self.clone() })
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where downloaded lists are kept, one file a list, under its name.
    pub fn downloads(&self) -> PathBuf {
        self.root.join("downloads")
    }

    /// The pack in force, of all lists together.
    pub fn pack(&self) -> PathBuf {
        self.root.join("lists.sgpack")
    }

    /// The report of the build that made the pack, as JSON.
    pub fn report(&self) -> PathBuf {
        self.root.join("lists-report.json")
    }

    /// Where the letters of the invented school lie.
    pub fn letters(&self) -> PathBuf {
        self.root.join("letters")
    }

    /// The socket at which a running Schoolgate answers `why`.
    pub fn socket(&self) -> PathBuf {
        self.root.join("schoolgate.sock")
    }

    /// The key of the sealed lists: 16 random bytes, readable by the owner only.
    pub fn sealed_key(&self) -> PathBuf {
        self.root.join("sealed.key")
    }

    /// The folder of the page root: its key and its certificate.
    pub fn page_root(&self) -> PathBuf {
        self.root.join("page-root")
    }

    /// The machine's own key: 32 random bytes, readable by the owner only.
    pub fn master_key(&self) -> PathBuf {
        self.master_key.clone().unwrap_or_else(|| self.root.join("master.key"))
    }

    /// Whether that key lies apart from the data, where somebody put it: none is made there.
    pub const fn has_key_elsewhere(&self) -> bool {
        self.master_key.is_some()
    }

    /// What this folder has had, so that what is gone is missed.
    pub fn installation(&self) -> PathBuf {
        self.root.join("installation.txt")
    }

    /// The folder of the vault.
    pub fn vault(&self) -> PathBuf {
        self.root.join("vault")
    }

    /// How the last backup went, as JSON.
    pub fn backup_record(&self) -> PathBuf {
        self.root.join("backup-record.json")
    }

    /// The folder of the journal.
    pub fn journal(&self) -> PathBuf {
        self.root.join("journal")
    }
}
