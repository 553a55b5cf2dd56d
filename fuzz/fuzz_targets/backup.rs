//! See `schoolgate_fuzz::backup::backup`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| schoolgate_fuzz::backup::backup(bytes));
