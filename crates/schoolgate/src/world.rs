//! What the process is given: clock, variables, terminal. The only place that reads them.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::config::Config;
use crate::data::DataFolder;
use crate::manager::Manager;
use crate::secret_file::Credentials;
use crate::terminal::Paint;

/// What the process is given.
#[derive(Debug, Clone)]
pub struct World {
    xdg_data_home: Option<PathBuf>,
    home: Option<PathBuf>,
    /// What is to be logged (`SCHOOLGATE_LOG`), in the syntax of docs/logging.md.
    pub log: Option<String>,
    /// Whether standard error is a terminal, for progress bars.
    pub is_terminal: bool,
    /// Whether answers on standard output have colours: on a terminal, unless `NO_COLOR` is set.
    pub paint: Paint,
    /// Whoever started this process, where that is a service manager.
    pub manager: Manager,
    /// What it has laid out for this process (`CREDENTIALS_DIRECTORY`).
    pub credentials: Credentials,
}

impl World {
    /// This process's.
    #[expect(clippy::disallowed_methods, reason = "the one place where the binary reads its environment")]
    pub fn of_process() -> Self {
        let variable = |name| std::env::var_os(name).map(PathBuf::from);
        let colour = std::io::stdout().is_terminal() && variable("NO_COLOR").is_none_or(|value| value.as_os_str().is_empty());
        Self {
            xdg_data_home: variable("XDG_DATA_HOME"),
            home: variable("HOME"),
            log: std::env::var("SCHOOLGATE_LOG").ok(),
            is_terminal: std::io::stderr().is_terminal(),
            paint: if colour { Paint::Colour } else { Paint::Plain },
            manager: Manager::at(std::env::var_os("NOTIFY_SOCKET")),
            credentials: Credentials::at(variable("CREDENTIALS_DIRECTORY")),
        }
    }

    /// The time.
    #[expect(clippy::disallowed_methods, reason = "the one place where the binary reads the clock")]
    pub fn now(&self) -> Timestamp {
        ahead::of(Timestamp::now())
    }

    /// The data folder: as the command line says, else as the configuration does.
    pub fn data_folder(&self, given: Option<&Path>, config: &Config) -> DataFolder {
        let folder = match given {
            Some(given) => DataFolder::new(given),
            None => DataFolder::new(&config.data_folder(self.xdg_data_home.as_deref(), self.home.as_deref())),
        };
        folder.with_master_key(config.records.master_key.clone()).with_credentials(self.credentials.clone())
    }
}

/// The clock of a test: the whole process is ahead of time by what was ordered at the control socket. The program that ships has none.
#[cfg(debug_assertions)]
pub(crate) mod ahead {
    use std::sync::atomic::{AtomicI64, Ordering};

    use jiff::{SignedDuration, Timestamp};

    static SECONDS: AtomicI64 = AtomicI64::new(0);

    pub(super) fn of(now: Timestamp) -> Timestamp {
        now.checked_add(SignedDuration::from_secs(SECONDS.load(Ordering::Relaxed))).unwrap_or(now)
    }

    /// By so many seconds more.
    pub(crate) fn go(seconds: u32) {
        SECONDS.fetch_add(seconds.into(), Ordering::Relaxed);
    }
}

#[cfg(not(debug_assertions))]
mod ahead {
    pub(super) const fn of(now: jiff::Timestamp) -> jiff::Timestamp {
        now
    }
}
