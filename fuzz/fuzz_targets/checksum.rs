//! See `schoolgate_fuzz::parsers::checksum`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| schoolgate_fuzz::parsers::checksum(bytes));
