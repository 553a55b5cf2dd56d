//! A PostgreSQL database of one's own for a test, and a server of one's own for a test that takes it away.
//!
//! `cargo xtask test` starts one server for the whole run and says in [`private_postgres::VARIABLE`] where it is. Where that is not
//! set, as under a plain `cargo nextest run -p ledger`, the first database that a test process asks for starts a server for that
//! process: two seconds slower, the same otherwise. Nothing is skipped for want of PostgreSQL.
//!
//! Tables are made once: the first test that asks for a template fills it, the others copy it, which takes some 50 ms.
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! use testkit::postgres::Database;
//! let database = Database::cloned("records", async |url| migrate(url).await).await?;
//! connect(database.url()).await?;
//! # Ok(()) }
//! # async fn migrate(url: &str) -> anyhow::Result<()> { Ok(()) }
//! # async fn connect(url: &str) -> anyhow::Result<()> { Ok(()) }
//! ```

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context as _, anyhow};
use private_postgres::{ROLE, sql, url};
pub use private_postgres::{Server, Stop, VARIABLE};

/// A database that only this test knows. Dropping the value closes all connections to it and drops it.
#[derive(Debug)]
pub struct Database {
    folder: PathBuf,
    name: String,
    url: String,
}

// === impl Database ===

impl Database {
    /// A new database without a table, on the shared server.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not start.
    pub fn empty() -> anyhow::Result<Self> {
        Self::make(shared()?, "template1")
    }

    /// A new database without a table, on a server of the test's own.
    ///
    /// # Errors
    /// When the server is stopped.
    pub fn empty_on(server: &Server) -> anyhow::Result<Self> {
        Self::make(server.folder(), "template1")
    }

    /// A copy of the template `template`, on the shared server. The first test of a run that asks for that name makes it: `fill` gets
    /// the address of an empty database and puts tables in. The name must stand for one content; its connections must be closed
    /// when `fill` is done, and are cut if not.
    ///
    /// # Errors
    /// What `fill` says; when PostgreSQL is not installed or does not start.
    pub async fn cloned(template: &str, fill: impl AsyncFnOnce(&str) -> anyhow::Result<()>) -> anyhow::Result<Self> {
        let folder = shared()?;
        let template = format!("template_{template}");
        let lock = folder.join(format!("{template}.lock"));
        let lock = File::create(&lock).with_context(|| format!("cannot make {}", lock.display()))?;
        lock.lock().context("cannot wait for another test that makes the template")?;
        let found = sql(folder, "postgres", &format!("SELECT datistemplate FROM pg_database WHERE datname = '{template}'"))?;
        if found != "t" {
            // One that is there and not finished was left by a test that failed in it.
            drop_database(folder, &template)?;
            sql(folder, "postgres", &format!("CREATE DATABASE {template} OWNER {ROLE}"))?;
            fill(&url(folder, &template)).await.with_context(|| format!("cannot fill {template}"))?;
            sql(folder, "postgres", &format!("ALTER DATABASE {template} WITH ALLOW_CONNECTIONS false IS_TEMPLATE true"))?;
            sql(
                folder,
                "postgres",
                &format!("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{template}'"),
            )?;
        }
        drop(lock);
        Self::make(folder, &template)
    }

    /// Its address, as in a configuration. The role in it owns the database and may nothing beyond.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs one statement as the server's administrator and gives what it returns, a line a row, columns divided by `|`: to look
    /// behind the product's back, or to do what it would refuse.
    ///
    /// # Errors
    /// When PostgreSQL refuses.
    pub fn sql(&self, statement: &str) -> anyhow::Result<String> {
        sql(&self.folder, &self.name, statement)
    }

    fn make(folder: &Path, template: &str) -> anyhow::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        // The id of a process may have been that of another, which was killed and left its own behind.
        drop_database(folder, &name)?;
        sql(folder, "postgres", &format!("CREATE DATABASE {name} TEMPLATE {template} OWNER {ROLE}"))?;
        Ok(Self { folder: folder.to_owned(), url: url(folder, &name), name })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // The server may have been taken away: then the database goes with it.
        let _ = drop_database(&self.folder, &self.name);
    }
}

fn drop_database(folder: &Path, name: &str) -> anyhow::Result<String> {
    sql(folder, "postgres", &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
}

/// The folder of the server that the tests of this process share.
fn shared() -> anyhow::Result<&'static Path> {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    static OWN: OnceLock<Result<Server, String>> = OnceLock::new();
    #[expect(clippy::disallowed_methods, reason = "this is how `cargo xtask test` tells the tests where its server is")]
    if let Some(folder) = std::env::var_os(VARIABLE) {
        return Ok(FOLDER.get_or_init(|| PathBuf::from(folder)));
    }
    // A static value is never dropped; the server notices that this process is gone.
    let own = OWN.get_or_init(|| Server::start(&std::env::temp_dir()).map_err(|error| format!("{error:#}")));
    own.as_ref().map(Server::folder).map_err(|error| anyhow!(error.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(url: &str) -> anyhow::Result<()> {
        let output = std::process::Command::new("psql").args([url, "-qc", "CREATE TABLE pupils (n int)"]).output()?;
        anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    #[tokio::test]
    async fn each_test_has_a_copy_of_its_own() {
        let fresh = Database::cloned("own_tests", async |url| fill(url)).await.expect("first");
        let again = Database::cloned("own_tests", async |_| anyhow::bail!("filled twice")).await.expect("second");
        fresh.sql("INSERT INTO pupils VALUES (1)").expect("written");
        assert_eq!(fresh.sql("SELECT count(*), current_user FROM pupils").expect("read"), "1|postgres");
        assert_eq!(again.sql("SELECT count(*) FROM pupils").expect("read"), "0");
        assert_eq!(again.sql("SELECT tableowner FROM pg_tables WHERE tablename = 'pupils'").expect("read"), "school");
        let (folder, name) = (fresh.folder.clone(), fresh.name.clone());
        drop(fresh);
        let left = sql(&folder, "postgres", &format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'"));
        assert_eq!(left.expect("asked"), "0", "it goes with its value");
    }

    #[tokio::test]
    async fn a_template_that_failed_half_way_is_made_anew() {
        let failed = Database::cloned("own_failed", async |url| fill(url).and_then(|()| anyhow::bail!("no luck"))).await;
        assert!(format!("{:#}", failed.expect_err("it failed")).contains("no luck"));
        let whole = Database::cloned("own_failed", async |url| fill(url)).await.expect("made anew");
        assert_eq!(whole.sql("SELECT count(*) FROM pupils").expect("read"), "0");
    }

    #[test]
    fn a_server_of_the_tests_own_goes_away_and_comes_back() {
        let server = Server::start(&std::env::temp_dir()).expect("starts");
        let database = Database::empty_on(&server).expect("made");
        database.sql("CREATE TABLE pupils (n int)").expect("written");
        server.stop(Stop::Fast).expect("taken away");
        assert!(database.sql("SELECT 1").is_err());
        server.start_again().expect("given back");
        assert_eq!(database.sql("SELECT count(*) FROM pupils").expect("read"), "0");
    }
}
