//! Lists in, packs out: fetch, verify, parse and compile category lists.

pub mod build;
pub mod fetch;
pub mod import;
pub mod mapping;
pub mod pack_file;
pub mod parse;
pub mod source;
pub mod starter;
pub mod whole_file;
