//! Files that hold a secret: keys and logins. What other accounts of this machine may read is none, and is refused.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use zeroize::Zeroizing;

/// Where systemd lays out secrets of its services, each in a folder for that service alone.
const SYSTEMD: &str = "/run/credentials";
/// Rights of the group and of others, of which a file of ours gives none.
const OTHERS: u32 = 0o077;
/// From version 254 on, systemd lets a service read its credentials by an access control list, whose mask stands where the group's rights are
/// shown. Nobody else comes into that folder.
const OTHERS_OF_A_CREDENTIAL: u32 = 0o037;
/// Largest file with one line, in bytes.
const MAX_LINE: u64 = 64 * 1024;

/// Where the service manager has laid out secrets for this process: what `CREDENTIALS_DIRECTORY` names, and systemd's own folder in any case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Credentials(Option<PathBuf>);

/// Why a secret was not read.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The disk refuses.
    #[error(transparent)]
    Disk(#[from] io::Error),
    /// Others may read it.
    #[error("other accounts of this machine can read it (mode {mode:03o}): run `chmod 600 {}`", path.display())]
    Readable {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
}

/// What is in the file, up to `limit` bytes.
///
/// # Errors
/// Where it cannot be read, or others may read it.
pub fn read(path: &Path, limit: u64, credentials: &Credentials) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let file = File::open(path)?;
    let mode = file.metadata()?.permissions().mode() & 0o777;
    let others = if mode & OTHERS != 0 && credentials.hold(path) { OTHERS_OF_A_CREDENTIAL } else { OTHERS };
    if mode & others != 0 {
        return Err(Refused::Readable { path: path.to_owned(), mode });
    }
    // With room for all of it from the start: what is moved leaves a copy behind.
    let room = file.metadata()?.len().min(limit);
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(room).unwrap_or_default() + 1));
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The one line of the file. It is never shown in a message; `doing` says what is read.
///
/// # Errors
/// Where it cannot be read, others may read it, or it holds anything but one line.
pub fn line(path: &Path, credentials: &Credentials, doing: impl Fn() -> String) -> Result<String> {
    let bytes = read(path, MAX_LINE, credentials).map_err(|refused| refused.while_doing(&doing))?;
    let text = str::from_utf8(&bytes).map_err(|_| anyhow!("{}: it is no text", doing()))?;
    let line = text.trim_end_matches(['\r', '\n']);
    if line.is_empty() || line.chars().any(char::is_control) {
        bail!("{}: it must hold one line", doing());
    }
    Ok(line.to_owned())
}

// === impl Credentials ===

impl Credentials {
    /// In this folder.
    pub const fn at(folder: Option<PathBuf>) -> Self {
        Self(folder)
    }

    /// Whether the file lies there, wherever links lead.
    fn hold(&self, path: &Path) -> bool {
        let Ok(path) = fs::canonicalize(path) else { return false };
        let is_in = |folder: &Path| fs::canonicalize(folder).is_ok_and(|folder| path.starts_with(folder));
        is_in(Path::new(SYSTEMD)) || self.0.as_deref().is_some_and(is_in)
    }
}

// === impl Refused ===

impl Refused {
    /// As an error of what was being done: that others may read it stands in the same sentence as what to do.
    pub fn while_doing(self, doing: impl Fn() -> String) -> anyhow::Error {
        match self {
            Self::Disk(error) => anyhow::Error::new(error).context(doing()),
            readable @ Self::Readable { .. } => anyhow!("{}: {readable}", doing()),
        }
    }
}

#[cfg(test)]
mod tests {
    use testkit::folder::Folder;

    use super::*;

    fn file(folder: &Folder, name: &str, mode: u32) -> PathBuf {
        let path = folder.write(name, "a secret").expect("file");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("mode");
        path
    }

    #[test]
    fn a_secret_is_for_its_owner_alone_but_where_the_service_manager_laid_it_out() {
        let folder = Folder::new().expect("folder");
        let credentials = Credentials::at(Some(folder.join("credentials")));
        let check = |name: &str, mode: u32, with: &Credentials, readable: bool| {
            let path = file(&folder, name, mode);
            let read = read(&path, 100, with);
            assert_eq!(read.is_ok(), readable, "{name} with mode {mode:03o}");
            match read {
                Ok(bytes) => assert_eq!(bytes.as_slice(), b"a secret"),
                Err(refused) => assert!(refused.to_string().contains(&format!("chmod 600 {}", path.display())), "{refused}"),
            }
        };
        for mode in [0o600, 0o400] {
            check("own", mode, &Credentials::default(), true);
            check("credentials/master.key", mode, &credentials, true);
        }
        // As systemd shows it from version 254 on.
        check("credentials/master.key", 0o440, &credentials, true);
        check("credentials/master.key", 0o440, &Credentials::default(), false);
        for mode in [0o640, 0o440, 0o604] {
            check("own", mode, &credentials, false);
            check("credentials-of-others/master.key", mode, &credentials, false);
        }
        for mode in [0o444, 0o460, 0o404] {
            check("credentials/master.key", mode, &credentials, false);
        }
        let round_about = folder.join("credentials/../own");
        file(&folder, "own", 0o440);
        assert!(read(&round_about, 100, &credentials).is_err(), "it lies beside them");
        assert!(read(&folder.join("own"), 100, &Credentials::at(Some(PathBuf::new()))).is_err(), "an empty variable names no folder");
    }

    #[test]
    fn a_line_is_one() {
        let folder = Folder::new().expect("folder");
        for (content, expected) in [("a line\r\n", Some("a line")), ("", None), ("\n", None), ("two\nlines\n", None)] {
            let path = folder.write("login", content).expect("file");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("mode");
            assert_eq!(line(&path, &Credentials::default(), || "reading".to_owned()).ok().as_deref(), expected, "{content:?}");
        }
    }
}
