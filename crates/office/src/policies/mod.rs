//! The school's policies: what is promised, in which version, who approved it, and when it is looked at again.
//!
//! A version is written with placeholders, others are asked, the governing body approves it, and it is put into force with its
//! placeholders filled in: from then on its text never changes, and whoever signed signed that text. [`SHELF`] is the list of policies;
//! the texts to begin with are our own, and a school edits and approves them. How they are written: `docs/policies.md`.

mod controls;
mod early;
mod error;
pub mod pages;
mod print;
mod request;
mod shelf;
mod store;
mod translation;
mod version;
mod view;

pub(crate) use controls::CONTROLS;
pub use controls::InForce;
pub use early::{Cause, Decision, EarlyReview, review_by};
pub use error::PoliciesError;
pub(crate) use print::ENGLISH;
pub use request::{CopyRequest, Wish};
pub use shelf::{ONLINE_SAFETY, PARENT, PUPIL_KS1, PUPIL_KS2, Part, Policy, SHELF, STAFF, VOLUNTEER, find};
pub use store::{
    Call, Comment, NewRequest, NewText, NewTranslation, Publish, Published, answer, approve, ask_for_copy, begin, call_for_review,
    check_translation, comment, comments, consult, copy_requests, copy_was_sent, current, drop_version, early_reviews, in_force, latest,
    leave_as_it_is, publish, published, reopen, rewrite, translate, translation, translations_of, values, values_of, version, versions,
    withdraw_translation,
};
pub use translation::{Missed, Offer, Translation, Wording, choose};
pub use version::{Approval, Publication, State, Version, is_correction};
pub(crate) use view::Languages;

use crate::Capability;

/// This capability.
pub const CAPABILITY: Capability = Capability {
    word: "policies",
    title: "Policies",
    purpose: "What the school promises, in which version, who approved it, and when it is looked at again.",
};
