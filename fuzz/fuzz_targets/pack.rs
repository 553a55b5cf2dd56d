//! See `schoolgate_fuzz::engine::pack`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| schoolgate_fuzz::engine::pack(bytes));
