//! The HTTP data plane: an ordered chain of steps round `filter`.
//!
//! Begin reading at `chain`. What the proxy is told comes in as [`Rules`], what it did goes out through `event::Recorder`; of records
//! and pages of the console it knows nothing.

mod chain;
pub mod dial;
mod forward;
pub mod gate;
mod headers;
pub mod hello;
mod hold;
mod identify;
mod idle;
mod own;
mod page;
mod passes;
pub mod prefixed;
pub mod ranges;
mod relay;
pub mod root;
pub mod rules;
mod serve;
mod tunnel;
mod workers;

pub use self::gate::{Gate, OWN_HOST, Parts, Settings};
pub use self::rules::Rules;
pub use self::serve::{Listener, serve};
