//! See `schoolgate_fuzz::files::root`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| schoolgate_fuzz::files::root(bytes));
