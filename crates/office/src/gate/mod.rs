//! Who is at which device, and what the filter is told of the people of the school.
//!
//! [`directory()`] compiles the records into what the wire may know: ids, profiles and groups, and the names by which the school's network
//! calls somebody. [`Class`] is signed in with one press at the devices where its pupils last sat, for a [`Lesson`]. All of it stands in
//! clear, so it works while the records are locked (docs/adr/0014, 0017). Who is where lives in [`presence`] alone, and is forgotten by a start.

mod arrive;
mod class;
mod directory;
mod error;
pub mod pages;
mod profile;
mod seat;
mod store;
mod view;

pub(crate) use pages::the_class;

pub use arrive::{Gone, Ground, Stay, arrive, forget, forget_at, is_here, leave, vacate};
pub use class::Class;
pub use directory::{Directory, GroupName, NamedBy, Somebody};
pub use error::GateError;
pub use seat::{Lesson, Seat, SignedIn};
pub use store::directory;

use crate::Capability;

/// This capability.
pub const CAPABILITY: Capability =
    Capability { word: "gate", title: "Devices", purpose: "Who is at which device, so that the filter knows for whom it decides." };
