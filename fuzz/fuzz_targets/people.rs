//! See `schoolgate_fuzz::people::people`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| schoolgate_fuzz::people::people(bytes));
