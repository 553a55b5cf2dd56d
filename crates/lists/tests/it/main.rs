//! Packs and the engine over them, as a school meets them.

mod engine;
mod pack;
mod support;
