//! How children sign in by themselves: their class by a short code, their own picture, and pictures for a password; or a card.
//!
//! A [`ClassDoor`] is what a class has; begin reading at `door.rs`, which is what a child meets, and go on with `keep.rs`, which is what the
//! teacher does about it. Whoever comes in is known at the device for the filter too, and their session lives as long as that
//! (`docs/adr/0020`). Which people are in a class is the caller's to know.

mod door;
mod keep;
mod model;
pub mod pages;
mod store;
pub mod teacher;
mod view;

pub use door::{Card, PictureAttempt};
pub use model::{Chosen, ClassCode, ClassDoor, Pictures, Way, Young};
pub(super) use model::{is_letter, letters};
pub use store::young;
