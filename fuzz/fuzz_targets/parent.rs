//! See `schoolgate_fuzz::wire::parent`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| schoolgate_fuzz::wire::parent(bytes));
