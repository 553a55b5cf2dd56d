//! Permissions: what the agreement forbids unless somebody else has allowed it (B-183, B-190, B-191, B-193, B-200).
//!
//! Somebody asks, somebody else decides, and the permission holds for a time. [`Matter`] is the list of what can be asked for, with who decides on
//! it and what the asker must promise. Nothing is deleted: the register shows what was refused and what is over as well.

mod controls;
mod error;
mod matter;
pub mod pages;
mod permission;
mod store;
mod view;

pub(crate) use controls::CONTROLS;
pub use error::PermissionsError;
pub use matter::{Decider, Matter};
pub(crate) use pages::{to_be_back, waiting};
pub use permission::{Decision, Permission, Standing};
pub use store::{NewPermission, ask, counted, decide, end, held_by, permissions, text_of, undecided, withdraw};

use crate::Capability;

/// This capability.
pub const CAPABILITY: Capability = Capability {
    word: "permissions",
    title: "Permissions",
    purpose: "What the agreement forbids unless somebody else allows it: who asked, who decided, and until when it holds.",
};
