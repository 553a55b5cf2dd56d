//! What the process is given: clock, variables, terminal. The only place that reads them.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::config::Config;
use crate::data::DataFolder;

/// What the process is given.
#[derive(Debug, Clone)]
pub struct World {
    xdg_data_home: Option<PathBuf>,
    home: Option<PathBuf>,
    /// Whether standard error is a terminal, for progress bars.
    pub is_terminal: bool,
}

impl World {
    /// This process's.
    #[expect(clippy::disallowed_methods, reason = "the one place where the binary reads its environment")]
    pub fn of_process() -> Self {
        let variable = |name| std::env::var_os(name).map(PathBuf::from);
        Self { xdg_data_home: variable("XDG_DATA_HOME"), home: variable("HOME"), is_terminal: std::io::stderr().is_terminal() }
    }

    /// The time.
    #[expect(clippy::disallowed_methods, reason = "the one place where the binary reads the clock")]
    pub fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    /// The data folder: as the command line says, else as the configuration does.
    pub fn data_folder(&self, given: Option<&Path>, config: &Config) -> DataFolder {
        match given {
            Some(given) => DataFolder::new(given),
            None => DataFolder::new(&config.data_folder(self.xdg_data_home.as_deref(), self.home.as_deref())),
        }
    }
}
