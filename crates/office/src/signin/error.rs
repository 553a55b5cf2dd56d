//! Why something about signing in failed. A wrong password is no error but an [`Outcome`](super::Outcome).

use calendar::Instant;
use ledger::LedgerError;

/// Why something about an account or a sign-in failed.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The records refuse.
    #[error(transparent)]
    Records(#[from] LedgerError),
    /// The person of the account cannot be read.
    #[error("looking whether the person of this account is still here")]
    Person(#[from] crate::people::PeopleError),
    /// Another account has the name.
    #[error("making an account: somebody else has this user name; choose another")]
    Taken,
    /// The person has an account, or had one.
    #[error("making an account: this person has one, or had one that was ended, and that never comes back; look at the list of accounts")]
    HasOne,
    /// No such account, or it is ended.
    #[error("there is no account of this person, or it has ended")]
    NoAccount,
    /// A second person is needed.
    #[error("resetting a sign-in: nobody does that for themselves; ask the headteacher, the DSL or whoever keeps the accounts")]
    Oneself,
    /// A link that was used, has run out or never was.
    #[error("this link has been used or has run out; ask for a new one")]
    Link,
    /// Not the password of whoever is signed in.
    #[error("that is not your password; nothing was changed")]
    Password,
    /// Too many wrong ones.
    #[error("there were too many wrong passwords; wait some minutes and try again")]
    Wait {
        /// Until when.
        until: Instant,
    },
    /// Not in the class, or the class signs in otherwise.
    #[error("this pupil is not in this class today, or the class signs in with passwords; look at the class list")]
    NotInClass,
    /// A code that is not the one of now.
    #[error("that is not the code of this moment; look whether the telephone's clock is right, and type the next one")]
    Code,
    /// No random numbers, or the cryptographic library refuses.
    #[error("signing in: the system gives no random numbers; nothing was changed")]
    Chance,
    /// The second factor cannot be opened.
    #[error(
        "signing in: the second factor of this account was sealed under another machine's key; reset the sign-in, or bring back `master.key`"
    )]
    Key,
}
