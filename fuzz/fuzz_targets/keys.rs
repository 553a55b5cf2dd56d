//! See `schoolgate_fuzz::keys::keys`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| schoolgate_fuzz::keys::keys(bytes));
