//! See `schoolgate_fuzz::config::radius`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| schoolgate_fuzz::config::radius(bytes));
