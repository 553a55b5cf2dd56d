//! `[[override]]`: the school's exceptions, each with its reason and its author.

use filter::host::Host;
use filter::overrides::Effect;
use filter::snapshot::ProfileIndex;
use filter::target::{TargetError, UrlPrefix};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use toml_span::value::Value;

use super::people::People;
use super::profiles::Profiles;
use super::reader::Section;
use super::values;

/// `[[override]]`: one exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverrideConfig {
    /// What it does.
    pub effect: Effect,
    /// For whom.
    pub scope: For,
    /// The host; everything below it is meant too.
    pub host: Host,
    /// The beginning of the path in matching form, where only part of the site is meant.
    pub path: Option<Box<str>>,
    /// Why.
    pub reason: String,
    /// Who decided it.
    pub author: String,
    /// First moment at which it no longer holds. Default: it does not end.
    pub until: Option<Timestamp>,
}

/// For whom an exception is. The names are those of the configuration, and exist in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum For {
    /// The whole school.
    Everyone,
    /// Everybody with this profile.
    Profile(ProfileIndex),
    /// Everybody in this group.
    Group(String),
    /// One person.
    Person(String),
}

/// All exceptions. Without a time zone, which is a mistake of its own, no end can be worked out.
pub(super) fn read(root: &Section<'_>, profiles: &Profiles, people: &People, zone: Option<&TimeZone>) -> Vec<OverrideConfig> {
    let zone = zone.cloned().unwrap_or(TimeZone::UTC);
    root.tables("override").iter().filter_map(|section| one(section, profiles, people, &zone)).collect()
}

fn one(section: &Section<'_>, profiles: &Profiles, people: &People, zone: &TimeZone) -> Option<OverrideConfig> {
    let effect = section.required("action", |value| values::choice(value, &[("allow", Effect::Allow), ("block", Effect::Block)]));
    let scope = section.required("for", |value| scope(value, profiles, people));
    let site = section.required("site", site);
    let reason = section.required("reason", values::line);
    let author = section.required("author", values::line);
    let until = section.optional("expires", |value| end(value, zone));
    section.finish();
    let (host, path) = site?;
    Some(OverrideConfig { effect: effect?, scope: scope?, host, path, reason: reason?, author: author?, until })
}

fn scope(value: &Value<'_>, profiles: &Profiles, people: &People) -> Result<For, String> {
    let text = values::text(value)?;
    match text.split_once(':') {
        None if text == "everyone" => Ok(For::Everyone),
        Some(("profile", name)) => profiles.named(name).map(For::Profile),
        Some(("group", name)) if people.has_group(name) => Ok(For::Group(name.to_owned())),
        Some(("group", _)) => Err("nobody is in this group: no [[person]] names it under groups".to_owned()),
        Some(("person", name)) if people.has_person(name) => Ok(For::Person(name.to_owned())),
        Some(("person", _)) => Err("no [[person]] has this name".to_owned()),
        _ => Err("must be \"everyone\", or \"profile:\", \"group:\" or \"person:\" with a name, such as \"profile:ks2\"".to_owned()),
    }
}

/// A host, or a host with the beginning of a path.
fn site(value: &Value<'_>) -> Result<(Host, Option<Box<str>>), String> {
    let text = values::text(value)?;
    if !text.contains('/') {
        return values::host(value).map(|host| (host, None));
    }
    if text.contains('*') {
        return Err("must not hold a \"*\"; everything below a host and a path is meant anyway".to_owned());
    }
    match UrlPrefix::parse(text) {
        Ok(prefix) => Ok((values::not_a_country(prefix.host)?, Some(prefix.path))),
        Err(TargetError::NoPath) => {
            let target = filter::target::Target::parse(text).map_err(|error| error.to_string())?;
            Ok((values::not_a_country(target.host)?, None))
        }
        Err(error) => Err(format!("must be a host, or a host with a path such as \"example.org/games\": {error}")),
    }
}

/// A date, of which the whole day counts, or a date with a time; both in the school's time.
fn end(value: &Value<'_>, zone: &TimeZone) -> Result<Timestamp, String> {
    let wrong = "must be a date such as \"2026-12-18\", or one with a time such as \"2026-12-18 15:30\", in the school's time";
    moment(values::text(value)?)
        .and_then(|moment| moment.to_zoned(zone.clone()).ok())
        .map(|moment| moment.timestamp())
        .ok_or_else(|| wrong.to_owned())
}

fn moment(text: &str) -> Option<DateTime> {
    let (day, time) = text.split_once([' ', 'T']).map_or((text, None), |(day, time)| (day, Some(time)));
    let day = values::date(day)?;
    match time {
        None => Some(day.tomorrow().ok()?.to_datetime(jiff::civil::Time::midnight())),
        Some(time) if time.len() == 5 => Some(day.to_datetime(time.parse().ok()?)),
        Some(_) => None,
    }
}
