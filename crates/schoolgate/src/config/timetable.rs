//! `[[window]]`: the timetable. In these hours, categories are treated otherwise.

use filter::category::CategorySet;
use filter::profile::Action;
use filter::timetable::Window;
use jiff::civil::Weekday;

use super::profiles::{Profiles, actions};
use super::reader::Section;
use super::values;

/// The words for days.
pub(super) const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// All windows, in the order of the file: the later wins.
pub(super) fn read(root: &Section<'_>, profiles: &Profiles) -> Vec<Window> {
    root.tables("window").iter().filter_map(|section| window(section, profiles)).collect()
}

fn window(section: &Section<'_>, profiles: &Profiles) -> Option<Window> {
    let profile = section.required("profile", |value| profiles.find(value));
    let days = section.each("days", |value| values::choice(value, &DAYS));
    if !section.has("days") {
        section.mistake("days", "is missing: name the days on which the window opens, such as [\"mon\", \"tue\"]");
    }
    let from = section.required("from", values::time);
    let to = section.required("to", values::time);
    let why = section.optional("why", values::line).unwrap_or_default();
    if !["allow", "warn", "block"].iter().any(|key| section.has(key)) {
        section.mistake("allow", "is missing: a window needs categories under allow, warn or block");
    }
    let actions = actions(section);
    section.finish();
    let having = |action| actions.iter().filter(|(_, other)| *other == action).map(|(category, _)| *category).collect::<CategorySet>();
    Some(Window {
        profile: profile?,
        days,
        from: from?,
        to: to?,
        allow: having(Action::Allow),
        warn: having(Action::Warn),
        block: having(Action::Block),
        why: why.into(),
    })
}
