//! Who has agreed to what, and what hangs on it: access to the internet is granted on signing.
//!
//! [`needs`] says what somebody must have signed, [`stand`] how that stands on a day, both without database or clock.
//! A signature is kept with the version of the text that was signed, for ever; declined, withdrawn and no answer are different, and none of
//! them is a yes. [`gated`] is what the wire is told. An agreement is not consent to the processing of data.

mod controls;
mod error;
mod need;
mod opened;
mod pack;
pub mod pages;
mod remind;
mod reminder;
mod signature;
mod standing;
mod starter;
mod store;
mod suspension;
mod view;

pub(crate) use controls::CONTROLS;
pub use error::AgreementsError;
pub(crate) use need::rules_of;
pub use need::{Audience, Need, Part, needs};
pub use opened::Opened;
pub use remind::{need_paper, remind};
pub use reminder::{Letters, Reminded, Reminding, SchoolDays, Whom};
pub use signature::{Answer, Method, Signature, Signing};
pub use standing::{Facts, Given, Standing, stand};
pub use starter::{Copy, Starter};
pub use store::{
    Access, access, access_kept, access_of, access_of_all, access_with, counted, counted_of, end_suspension, gated, give_copies,
    has_opened, has_text, history_of, open_text, opened, reason_of, reminded, sign, signature, signatures_for, started, starters, suspend,
    suspensions_of, take_back_copies, waiting,
};
pub use suspension::{NewSuspension, Suspension};

use crate::Capability;

/// This capability.
pub const CAPABILITY: Capability = Capability {
    word: "agreements",
    title: "Agreements",
    purpose: "Who has signed which agreement, and who has the internet because of it.",
};
