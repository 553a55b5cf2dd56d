//! See `schoolgate_fuzz::parsers::mapping`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| schoolgate_fuzz::parsers::mapping(bytes));
