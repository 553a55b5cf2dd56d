//! Why a setting could not be changed.

use ledger::LedgerError;

/// Why a setting could not be changed. Nothing was.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Outside its bounds.
    #[error("it must be from {least} to {most}")]
    OutOfBounds {
        /// The least, in words.
        least: String,
        /// The most, in words.
        most: String,
    },
    /// Nobody says why.
    #[error("say why, in a sentence of at most 500 letters; whoever reads it later was not there")]
    NoReason,
    /// As it was.
    #[error("this is what holds already")]
    Same,
    /// A stored value that this version cannot read.
    #[error("reading the settings: the database holds something that this version did not write; restore a backup, and tell the makers")]
    Stored,
    /// The records refuse, or somebody else was faster.
    #[error(transparent)]
    Records(#[from] LedgerError),
}
