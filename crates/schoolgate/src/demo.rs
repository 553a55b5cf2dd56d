//! The demonstration: an invented school that shows what Schoolgate does with nothing downloaded and nothing set up.

use jiff::Timestamp;

use crate::config::{Config, ConfigErrors};
use crate::data::DataFolder;

/// Its configuration, as a school would write it, but for [`TODAY`].
const CONFIG: &str = include_str!("demo.toml");
/// Stands in [`CONFIG`] for the day on which it is read: a lift with a fixed end would lapse and show nothing.
const TODAY: &str = "TODAY";
/// What the messages of a mistake would call it.
const NAME: &str = "demo.toml";

/// What every page says.
pub const NOTICE: &str = "Demonstration: invented school";

/// The configuration of the invented school, as on the day of `now`.
///
/// # Errors
/// Where the shipped file has a mistake: a fault of this program, which a test would find.
pub fn config(now: Timestamp) -> Result<Config, ConfigErrors> {
    let today = now.to_zoned(Config::default().time_zone).date();
    Config::parse(&CONFIG.replace(TODAY, &today.to_string()), NAME)
}

/// Where the demonstration keeps its data: beside that of a real school, never in it.
pub fn data_folder(of_school: &DataFolder) -> DataFolder {
    DataFolder::new(&of_school.root().join("demo"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_invented_school_shows_each_kind_of_rule() {
        let now: Timestamp = "2026-11-23T10:00:00Z".parse().expect("time");
        let config = config(now).expect("the shipped file");
        assert!(config.school.contains("(demo)"));
        assert!(config.sources.is_empty(), "nothing may be downloaded");
        assert!(config.people.len() >= 4 && !config.windows.is_empty());
        assert!(config.overrides.iter().any(|item| item.until.is_some_and(|until| until > now)), "no lift is in force");
        assert!(config.overrides.iter().any(|item| item.until.is_none()));
    }
}
