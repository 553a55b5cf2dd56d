//! See `schoolgate_fuzz::config::users`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| schoolgate_fuzz::config::users(bytes));
