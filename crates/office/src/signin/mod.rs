//! How people sign in: accounts, passwords, the second factor, sessions, and what slows down somebody who guesses.
//!
//! Begin reading at [`SignIns`], the one door. What it stands on is small and apart: [`NewPassword`] and its hash, the [`Seed`] of the
//! second factor, recovery codes, the [`Throttle`] and the [`Sessions`]. `docs/adr/0016` says why it is built so.
//!
//! Nothing here knows which roles somebody holds. That a role needs a second factor is a never-rule of [`access`](crate::access): who
//! has signed in with a password alone has a session that opens nothing but the page where the second factor is set up.

mod able;
mod account;
mod common;
mod controls;
mod device;
mod error;
pub mod guest;
mod key;
pub mod mailed;
mod own;
pub mod pages;
mod password;
pub mod pupil;
mod recovery;
mod second;
mod service;
mod session;
mod store;
mod throttle;
mod token;
mod view;

pub use able::{able, administrators};
pub use account::{NotAUserName, UserName};
pub(crate) use controls::CONTROLS;
pub use error::SignInError;
pub use key::MachineKey;
pub use own::Confirm;
pub use password::{Cost, NewPassword, PasswordHash, WeakPassword};
pub use recovery::RecoveryCodes;
pub use second::Seed;
pub use service::{Attempt, Outcome, SignIns};
pub use session::{Listed, Sessions, Signed};
use store::LINK;
pub use store::{Standing, account, accounts};
pub use throttle::{Device, Mark, Near, Throttle};
pub use token::Token;

use crate::Capability;

/// This capability.
pub const CAPABILITY: Capability =
    Capability { word: "signin", title: "Signing in", purpose: "Who has an account, and how they prove that it is them." };
