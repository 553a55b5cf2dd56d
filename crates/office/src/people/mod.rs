//! Who is in the school, what each is to it and to each other, and who answers for what.
//!
//! A person is never deleted, only ended; what was said before a change stays in the audit trail, sealed. Which column is in clear and
//! which is sealed: `docs/adr/0014`.

mod model;
mod role;
mod year;

pub use model::{Membership, Memberships, NotAMembership};
pub use role::{Duties, NotARole, Role, Safeguarding, SecondFactor};
pub use year::{KeyStage, SchoolYear, YearGroup};

use crate::Capability;

/// This capability.
pub const CAPABILITY: Capability = Capability {
    word: "people",
    title: "People",
    purpose: "Who is in the school, in which class, with which responsible adults, and who answers for what.",
};
