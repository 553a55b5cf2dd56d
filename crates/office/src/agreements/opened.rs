//! When somebody first opened a text where it is signed.

use calendar::Date;

/// That a text was opened, by whoever signs it for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Of which policy, by its word.
    pub policy: String,
    /// Of which version.
    pub number: i64,
    /// On which day the first of them opened it the first time.
    pub on: Date,
}
