//! Lists in, packs out: fetch, verify, parse and compile category lists.

pub mod parse;
