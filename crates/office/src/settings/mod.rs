//! Periods and numbers of the policy, each with its clause, what it is shipped with, who changed it and why.
//!
//! [`ALL`] is the one list. A text of the policy names a setting by its word, `{{setting.agreement_grace}}`, so that text and behaviour
//! cannot drift apart. A value is never overwritten: [`history`] gives all that ever held.

mod error;
mod kind;
pub mod pages;
mod store;
mod table;
mod view;

pub use error::SettingsError;
pub use kind::{Kind, Mode};
pub use store::{Changed, Settings, history, read, set};
pub(crate) use table::{
    ADMIN_PASSWORD, AGREEMENT_GRACE, AGREEMENT_REMINDERS, AGREEMENT_YEARLY, COPY_ON_REQUEST, DECLARATION_BY, DEPUTY_IS_DDSL,
    GATE_GOVERNORS, GATE_HELPERS, GATE_LED, GATE_PUPILS, GATE_STAFF, HEADTEACHER_IS_DSL, LOG_RELEASE, PERMISSION_ANSWER, POLICY_REVIEW,
    PUPIL_MARK_FROM, QUESTION_ANSWER,
};
pub use table::{ALL, Setting, Theme, find};

use crate::Capability;

/// This capability.
pub const CAPABILITY: Capability = Capability {
    word: "settings",
    title: "Settings",
    purpose: "The periods and numbers of the policy, each with its clause, its usual value, who changed it and why.",
};
