//! Any text as a configuration: taken or refused with lines, and what is taken makes rules.

use schoolgate::config::Config;
use schoolgate::policy;

/// A configuration that is taken always makes a snapshot; one that is refused says where, within the text.
pub fn config(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Config::parse(text, "school.toml") {
        Ok(config) => {
            let snapshot = policy::snapshot(&config, Vec::new(), Vec::new());
            assert!(snapshot.is_ok(), "{:?}", snapshot.err());
            assert!(config.profile(config.default_profile).is_some());
        }
        Err(mistakes) => assert!(!mistakes.to_string().is_empty()),
    }
}
