//! See `schoolgate_fuzz::config::control`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| schoolgate_fuzz::config::control(bytes));
