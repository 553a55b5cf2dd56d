//! What the configuration says in the texts about privacy: how long things are kept, and where they go.

use crate::config::Config;

/// By the words that stand in the texts (`crates/office/src/notices`).
pub fn facts(config: &Config) -> Vec<(&'static str, String)> {
    let days = |days: u32| if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    let mut facts = vec![("kept.journal", days(config.gateway.journal.keep_days.into()))];
    match &config.backup.to {
        Some(to) => facts.extend([("kept.backup", days(config.backup.keep_days)), ("place.backup", to.display().to_string())]),
        None => facts.push(("kept.backup", "they are not made yet".to_owned())),
    }
    if let Some(server) = &config.mail.server {
        facts.push(("place.mail", server.host.clone()));
    }
    facts
}
