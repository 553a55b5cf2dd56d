//! See `schoolgate_fuzz::wire::requests`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| schoolgate_fuzz::wire::requests(bytes));
