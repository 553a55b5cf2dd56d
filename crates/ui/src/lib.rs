//! How the product looks and speaks: the shell of a page, accessible components, the block page, and the files they need.
//!
//! Knows nothing of records, policies or the network: plain values in, markup out. Every view takes [`Words`], so that language,
//! reading age and the school's own terms are there from the first. Nothing here needs script or inline style to work.

pub mod block_page;
pub mod components;
pub mod gallery;
pub mod href;
pub mod notice;
pub mod shell;
pub mod words;

mod assets;
mod complete;

pub use assets::{ASSETS_PATH, Asset, assets};
pub use href::Href;
pub use words::{ReadingAge, Words};
