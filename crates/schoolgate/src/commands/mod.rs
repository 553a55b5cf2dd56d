//! One file a command: its arguments and what it does.

pub mod accounts;
pub mod audit;
pub mod backup;
pub mod controls;
pub mod doctor;
pub mod jobs;
pub mod keys;
pub mod lists;
pub mod man;
pub mod notices;
pub mod people;
mod progress;
pub mod restore;
pub mod root;
pub mod run;
pub mod upgrade;
pub mod users;
pub mod why;

use std::path::PathBuf;

use crate::config::Config;

/// Arguments that most commands take.
#[derive(Debug, Clone, clap::Args)]
pub struct Place {
    /// The configuration file [default: the built-in settings]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The data folder [default: as the configuration says]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

impl Place {
    /// The configuration, from the file where one is given.
    pub fn load(&self) -> anyhow::Result<Config> {
        match &self.config {
            Some(path) => Ok(Config::load(path)?),
            None => Ok(Config::default()),
        }
    }
}
