//! Why a key operation failed. No secret and no text is ever part of an error.

/// Why something could not be sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The system gives no random numbers.
    #[error("make a key: the system gives no random numbers; nothing was written")]
    Chance,
    /// The cryptographic library refuses: memory, or a text of more than 64 GiB.
    #[error("{doing}: the cryptographic library refuses; nothing was written")]
    Refused {
        /// The operation.
        doing: &'static str,
    },
    /// Not of the form that this program writes.
    #[error("read {what}: {why}; the row or file is damaged, or was written by a later version")]
    Form {
        /// What it should be.
        what: &'static str,
        /// What is wrong.
        why: &'static str,
    },
    /// The key is another, the row was moved or a bit has changed. Which of them, nobody can tell.
    #[error("open {what}: it does not open here; it was changed, moved to another record, or sealed with another key")]
    Closed {
        /// What should have opened.
        what: &'static str,
    },
}
