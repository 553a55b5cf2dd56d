//! Whether the rules are understood: what a teacher has gone through with a class, what somebody asks about a text and the answer that is
//! kept (B-181), and what staff and governors say of themselves once a year (B-203).

mod controls;
mod error;
pub mod pages;
mod question;
mod store;
mod view;

pub(crate) use controls::CONTROLS;
pub use error::UnderstandingError;
pub(crate) use pages::{has_declared, open_questions};
pub use question::Question;
pub use store::{
    Check, Declaration, Understood, answer, ask, check, counted_declared, counted_understood, declarations_of, declare, questions,
    take_back_check, unanswered, understood,
};

use crate::Capability;

/// This capability.
pub const CAPABILITY: Capability = Capability {
    word: "understanding",
    title: "Understanding",
    purpose: "Whether the rules are understood: checks with a class, questions and their answers, and a yearly word of one’s own.",
};
