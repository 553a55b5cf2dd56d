//! Whether what the school has recorded would come back when its machine is lost. No clause of the policies asks for it; the law does (UK
//! GDPR, article 32(1)(c)), and everything else stands on it.

mod controls;

use jiff::Timestamp;

use crate::Capability;

pub(crate) use controls::CONTROLS;

/// This capability.
pub const CAPABILITY: Capability =
    Capability { word: "upkeep", title: "Upkeep", purpose: "Whether what is recorded would come back when the machine is lost." };

/// How the copies of the records stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Copies {
    /// Whether one is to be made each night.
    pub is_set_up: bool,
    /// When the last one was made whole.
    pub made: Option<Timestamp>,
    /// When one was last read from end to end with its private key.
    pub read: Option<Timestamp>,
}
