//! Guests: people of the school for a day or some, with a code for their device and a notice that they accept before anything opens.
//!
//! Somebody who works here lets a guest in, or a visitor comes in alone from a network that the school keeps for guests: from a tablet of a
//! class nobody does, since a guest's profile is milder than a child's. Who accepted which text, when and at which device, is kept.

mod model;
pub mod pages;
mod service;
mod store;
mod view;

pub use model::{Guest, GuestCode, NOTICE, NewGuest, Reason};
pub(super) use service::Alone;
pub use service::GuestIn;
