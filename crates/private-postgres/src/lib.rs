//! A PostgreSQL of one's own, for tests: a fresh cluster in a private folder, reached by a Unix socket in it, and gone afterwards.
//!
//! It is a crate of its own because both `xtask` (one server for a whole run) and `testkit` (a server for a single test) start it,
//! and `xtask` is built before anything else. It is as durable as a real one: `fsync` is on.
//!
//! **It never outlives who started it.** A small shell, the guard, holds one end of a pipe; when the other end is gone, because the
//! value was dropped, the process was killed or somebody pressed Ctrl-C, it stops the server and removes the folder.

mod programs;

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail};

pub use programs::folders as program_folders;
use programs::{Account, Programs};

/// The environment variable by which `cargo xtask test` tells the tests in which folder its server is.
pub const VARIABLE: &str = "SCHOOLGATE_TEST_POSTGRES";

/// The role that tests connect as: it may log in and owns its databases, and may nothing beyond, as in a school.
pub const ROLE: &str = "school";

/// The role that makes and drops databases.
const ADMIN: &str = "postgres";

/// Makes the cluster, starts it, says so, waits until nobody holds the pipe any more, and clears up.
///
/// `$1` is the folder, `$2` the settings. `initdb` need not sync what a power cut may take: the server itself does.
const GUARD: &str = r#"
    trap 'pg_ctl stop -D "$1/data" -m immediate >/dev/null 2>&1; rm -rf "$1"' EXIT
    initdb -D "$1/data" -U postgres --auth=trust --encoding=UTF8 --no-locale --no-sync >"$1/log" 2>&1 </dev/null || exit
    printf '%s\n' "$2" >>"$1/data/postgresql.conf"
    pg_ctl start -D "$1/data" -l "$1/log" -w -t 120 >>"$1/log" 2>&1 </dev/null || exit
    echo ready
    cat >/dev/null
"#;

/// How a server is told to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// As an administrator does: open transactions are rolled back, connections closed, data written out.
    Fast,
    /// As a power cut does: the next start recovers from the write-ahead log.
    Crash,
}

/// A running server. Dropping it stops it and removes its folder.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    programs: Programs,
    account: Option<Account>,
    guard: Child,
}

// === impl Server ===

impl Server {
    /// Makes a cluster in a new folder beneath `parent`, which every account must be able to enter, and starts it: about two
    /// seconds. As root, everything runs as the account `postgres`, since PostgreSQL refuses root.
    ///
    /// # Errors
    /// When PostgreSQL is not installed (on Debian: `apt install postgresql`) or does not start; the error holds its log.
    pub fn start(parent: &Path) -> anyhow::Result<Self> {
        let programs = Programs::find()?;
        let account = Account::to_use()?;
        let folder = new_folder(parent, account.as_ref())?;
        let mut command = programs.command("sh", account.as_ref());
        // A group of its own: Ctrl-C ends who started it, and that ends the guard, in that order.
        command.args(["-c", GUARD, "guard"]).arg(&folder).arg(settings(&folder)).process_group(0);
        command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let guard = command.spawn().context("start the guard of a private PostgreSQL")?;
        let mut server = Self { folder, programs, account, guard };
        server.wait_until_ready()?;
        server.sql("postgres", &format!("CREATE ROLE {ROLE} LOGIN")).context("prepare a private PostgreSQL")?;
        Ok(server)
    }

    /// Its folder, which holds the socket.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs one statement as administrator and gives what it returns, a line a row.
    ///
    /// # Errors
    /// When the server is stopped or refuses.
    pub fn sql(&self, database: &str, statement: &str) -> anyhow::Result<String> {
        sql(&self.folder, database, statement)
    }

    /// Takes the server away; its data stay for [`Server::start_again`].
    ///
    /// # Errors
    /// When it is stopped already.
    pub fn stop(&self, how: Stop) -> anyhow::Result<()> {
        let mode = match how {
            Stop::Fast => "fast",
            Stop::Crash => "immediate",
        };
        self.control(&["stop", "-m", mode])
    }

    /// Gives the server back, at the same place, and waits until it answers.
    ///
    /// # Errors
    /// When it runs already or does not start.
    pub fn start_again(&self) -> anyhow::Result<()> {
        self.control(&["start", "-l", &self.folder.join("log").to_string_lossy()])
    }

    fn control(&self, arguments: &[&str]) -> anyhow::Result<()> {
        let mut command = self.programs.command("pg_ctl", self.account.as_ref());
        command.args(arguments).args(["-w", "-t", "120", "-D"]).arg(self.folder.join("data"));
        // No pipes: the server that it starts would hold them open.
        command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let status = command.status().context("run pg_ctl")?;
        if !status.success() {
            bail!("`pg_ctl {}` ended with {status}; the log of the server:\n{}", arguments.join(" "), self.log());
        }
        Ok(())
    }

    fn wait_until_ready(&mut self) -> anyhow::Result<()> {
        let output = self.guard.stdout.take().context("hear from the guard of a private PostgreSQL")?;
        let mut line = String::new();
        // The log is read through a handle, since the guard removes the folder when it fails.
        let log = std::fs::File::open(self.folder.join("log"));
        BufReader::new(output).read_line(&mut line).context("wait for a private PostgreSQL")?;
        if line.trim() != "ready" {
            let log = log.and_then(std::io::read_to_string).unwrap_or_default();
            bail!("a private PostgreSQL did not start; its log:\n{log}");
        }
        Ok(())
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Closing the pipe is what ends the guard, and the guard ends the rest.
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

/// The address of a database on the server in `folder`, for the role that owns it.
#[must_use]
pub fn url(folder: &Path, database: &str) -> String {
    format!("postgres:///{database}?host={}&user={ROLE}", folder.display())
}

/// Runs one statement as administrator on the server in `folder`, and gives what it returns, a line a row.
///
/// # Errors
/// When the server is not there or refuses; the error holds what it said.
pub fn sql(folder: &Path, database: &str, statement: &str) -> anyhow::Result<String> {
    let mut command = Programs::find()?.command("psql", None);
    command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--username", ADMIN, "--host"]);
    command.arg(folder).args(["--dbname", database, "--command", statement]).stdin(Stdio::null());
    let output = command.output().context("run psql")?;
    if !output.status.success() {
        bail!("PostgreSQL refused `{statement}`: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

/// Whoever may enter the folder is let in, and only its owner and root may.
fn settings(folder: &Path) -> String {
    format!("listen_addresses = ''\nunix_socket_directories = '{}'\nmax_connections = 200\nfsync = on\n", folder.display())
}

/// A folder (mode 0700) with an empty log, both owned by the account that the server runs as.
fn new_folder(parent: &Path, account: Option<&Account>) -> anyhow::Result<PathBuf> {
    use std::os::unix::fs::DirBuilderExt as _;
    #[expect(clippy::disallowed_methods, reason = "only to find a name that is not taken")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    // Short: the path of a Unix socket has 107 bytes at most (unix(7)).
    let folder = parent.join(format!("schoolgate-pg-{}-{:x}", std::process::id(), now & 0xffff_ffff));
    let made = || {
        std::fs::DirBuilder::new().mode(0o700).create(&folder)?;
        std::fs::write(folder.join("log"), "")?;
        account.map_or(Ok(()), |account| account.own(&folder).and_then(|()| account.own(&folder.join("log"))))
    };
    made().with_context(|| format!("make the folder {} for a private PostgreSQL", folder.display()))?;
    Ok(folder)
}

#[cfg(test)]
mod tests;
