//! Where PostgreSQL's programs are, and as whom they run.

use std::ffi::OsString;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

/// Debian keeps the programs of each version in a folder of its own here, off the search path.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The account that Debian's package makes.
const ACCOUNT: &str = "postgres";

/// The folders with PostgreSQL's programs that lie off the search path, the newest version first.
#[must_use]
pub fn folders() -> Vec<PathBuf> {
    let versions = std::fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").is_file())
        .collect();
    found.sort_unstable_by(|a, b| b.cmp(a));
    found.into_iter().map(|(_, folder)| folder).collect()
}

/// A search path on which PostgreSQL's programs are.
#[derive(Debug)]
pub(crate) struct Programs {
    path: OsString,
}

// === impl Programs ===

impl Programs {
    pub(crate) fn find() -> anyhow::Result<Self> {
        #[expect(clippy::disallowed_methods, reason = "for tests and tools only: programs are found as a shell finds them")]
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let mut all = folders();
        all.extend(std::env::split_paths(&inherited));
        if !all.iter().any(|folder| folder.join("initdb").is_file()) {
            bail!("PostgreSQL is not installed, and the tests need it; on Debian: apt install postgresql");
        }
        let path = std::env::join_paths(all).context("put PostgreSQL on the search path")?;
        Ok(Self { path })
    }

    /// A command with nothing in its environment that could send it to another server.
    pub(crate) fn command(&self, program: &str, account: Option<&Account>) -> Command {
        let file = std::env::split_paths(&self.path).map(|folder| folder.join(program)).find(|file| file.is_file());
        let mut command = Command::new(file.unwrap_or_else(|| PathBuf::from(program)));
        command.env_clear().env("PATH", &self.path).env("LC_ALL", "C");
        if let Some(account) = account {
            command.uid(account.user).gid(account.group);
        }
        command
    }
}

/// Another account than our own.
#[derive(Debug)]
pub(crate) struct Account {
    user: u32,
    group: u32,
}

// === impl Account ===

impl Account {
    /// The one to run as: our own, unless that is root.
    pub(crate) fn to_use() -> anyhow::Result<Option<Self>> {
        let entry = Path::new("/proc/self");
        let we_are = std::fs::metadata(entry).with_context(|| format!("ask who owns {}", entry.display()))?.uid();
        if we_are != 0 {
            return Ok(None);
        }
        let accounts = std::fs::read_to_string("/etc/passwd").context("read /etc/passwd")?;
        let found = Self::in_list(&accounts, ACCOUNT);
        Ok(Some(found.with_context(|| format!("there is no account `{ACCOUNT}`, which PostgreSQL's package makes; root it refuses"))?))
    }

    /// Looks up a name in the text of `/etc/passwd` (passwd(5)).
    fn in_list(accounts: &str, name: &str) -> Option<Self> {
        let fields = accounts.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|fields| fields.first() == Some(&name))?;
        Some(Self { user: fields.get(2)?.parse().ok()?, group: fields.get(3)?.parse().ok()? })
    }

    /// Gives it a file or folder.
    pub(crate) fn own(&self, path: &Path) -> std::io::Result<()> {
        chown(path, Some(self.user), Some(self.group))
    }
}

#[cfg(test)]
mod tests {
    use super::Account;

    #[test]
    fn an_account_is_found_by_its_name() {
        let text = "root:x:0:0:root:/root:/bin/bash\npostgres:x:101:104:PostgreSQL:/var/lib/postgresql:/bin/bash\n";
        let account = Account::in_list(text, "postgres").expect("listed");
        assert_eq!((account.user, account.group), (101, 104));
        assert!(Account::in_list(text, "post").is_none());
        assert!(Account::in_list("postgres:x:many\n", "postgres").is_none());
    }
}
