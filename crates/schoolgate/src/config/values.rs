//! Single values: text in, a type that cannot be wrong out, or what is wrong and what is allowed.

use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use filter::category::{Category, Kind};
use filter::host::Host;
use ipnet::IpNet;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use lists::fetch::{Address, ChecksumError, Sha256};
use toml_span::value::{Value, ValueInner};

/// Longest line of text that people write, in characters.
const MAX_LINE: usize = 300;
/// Longest name of something in the configuration, in characters.
const MAX_NAME: usize = 80;
/// Most letters in which a misspelt word may differ from the one that was meant.
const MAX_SLIPS: usize = 2;

/// What a value is, for "not a number".
pub(super) fn kind_of(value: &Value<'_>) -> &'static str {
    match value.as_ref() {
        ValueInner::String(_) => "a text",
        ValueInner::Integer(_) => "a number",
        ValueInner::Float(_) => "a number with a point",
        ValueInner::Boolean(_) => "true or false",
        ValueInner::Array(_) => "a list",
        ValueInner::Table(_) => "a section",
    }
}

/// `; did you mean "..."?` for the candidate that is nearest to a misspelt word, if one is near.
pub(super) fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<String> {
    // Distance costs the product of both lengths.
    if word.len() > MAX_NAME {
        return None;
    }
    let near = candidates.into_iter().map(|candidate| (strsim::osa_distance(word, candidate), candidate));
    let (_, best) = near.filter(|(slips, candidate)| *slips <= MAX_SLIPS.min(candidate.len() / 2)).min()?;
    Some(format!("; did you mean {best:?}?"))
}

/// A word of the file as a message shows it: in quotes, cut where it is long.
pub(super) fn shown(word: &str) -> String {
    format!("{:?}", word.chars().take(40).collect::<String>())
}

/// Any text.
pub(super) fn text<'v>(value: &'v Value<'_>) -> Result<&'v str, String> {
    value.as_str().ok_or_else(|| format!("must be a text in quotes, not {}", kind_of(value)))
}

/// One line that people read: not empty, up to 300 characters.
pub(super) fn line(value: &Value<'_>) -> Result<String, String> {
    let text = text(value)?.trim();
    if text.is_empty() {
        return Err("must not be empty".to_owned());
    }
    if text.chars().count() > MAX_LINE || text.chars().any(char::is_control) {
        return Err(format!("must be one line of at most {MAX_LINE} characters"));
    }
    Ok(text.to_owned())
}

/// The name of something: lower-case letters, digits and hyphens.
pub(super) fn slug(value: &Value<'_>) -> Result<String, String> {
    let text = text(value)?;
    let is_slug = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if is_slug && text.starts_with(|first: char| first.is_ascii_alphanumeric()) && text.len() <= MAX_NAME {
        return Ok(text.to_owned());
    }
    Err(format!("must be lower-case letters, digits and hyphens, at most {MAX_NAME}, such as \"year-6\""))
}

/// `true` or `false`.
pub(super) fn flag(value: &Value<'_>) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| format!("must be true or false, not {}", kind_of(value)))
}

/// A whole number in a range.
pub(super) fn whole(value: &Value<'_>, range: RangeInclusive<u32>) -> Result<u32, String> {
    let number = value.as_integer().and_then(|number| u32::try_from(number).ok()).filter(|number| range.contains(number));
    number.ok_or_else(|| format!("must be a whole number from {} to {}", range.start(), range.end()))
}

/// Whole seconds, from 1 to a day.
pub(super) fn seconds(value: &Value<'_>) -> Result<Duration, String> {
    whole(value, 1..=86_400).map(|seconds| Duration::from_secs(seconds.into()))
}

/// A number of bytes: a number, or a text such as "512 MiB". At least 1 KiB.
pub(super) fn bytes(value: &Value<'_>) -> Result<u64, String> {
    let parsed = match value.as_ref() {
        ValueInner::Integer(number) => u64::try_from(*number).ok(),
        ValueInner::String(text) => size(text),
        _ => None,
    };
    let wrong = "must be a number of bytes, or a text with B, KiB, MiB or GiB such as \"512 MiB\", and at least 1 KiB";
    parsed.filter(|bytes| *bytes >= 1024).ok_or_else(|| wrong.to_owned())
}

fn size(text: &str) -> Option<u64> {
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits)?;
    let factor: u64 = match unit.trim() {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

/// One of some words.
pub(super) fn choice<T: Copy>(value: &Value<'_>, choices: &[(&'static str, T)]) -> Result<T, String> {
    let text = text(value)?;
    if let Some((_, chosen)) = choices.iter().find(|(word, _)| *word == text) {
        return Ok(*chosen);
    }
    let words: Vec<String> = choices.iter().map(|(word, _)| format!("{word:?}")).collect();
    let hint = nearest(text, choices.iter().map(|(word, _)| *word)).unwrap_or_default();
    Err(format!("{} is not one of {}{hint}", shown(text), words.join(", ")))
}

/// A time of day, as `HH:MM`.
pub(super) fn time(value: &Value<'_>) -> Result<Time, String> {
    let text = text(value)?;
    // The parser of the time library takes more forms than a person should have to know.
    let time = (text.len() == 5 && text.get(2..3) == Some(":")).then(|| text.parse().ok()).flatten();
    time.ok_or_else(|| "must be a time of day from \"00:00\" to \"23:59\"".to_owned())
}

/// A date, as `YYYY-MM-DD`.
pub(super) fn date(text: &str) -> Option<Date> {
    let is_date = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    is_date.then(|| text.parse().ok()).flatten()
}

/// A time zone of the IANA database.
pub(super) fn zone(value: &Value<'_>) -> Result<TimeZone, String> {
    let text = text(value)?;
    if let Ok(zone) = TimeZone::get(text)
        && !zone.is_unknown()
    {
        return Ok(zone);
    }
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let hint = nearest(text, names.iter().map(String::as_str)).unwrap_or_default();
    Err(format!("{} is not the name of a time zone, such as \"Europe/London\"{hint}", shown(text)))
}

/// An http or https address.
pub(super) fn address(value: &Value<'_>) -> Result<Address, String> {
    Address::parse(text(value)?).map_err(|error| error.to_string())
}

/// A SHA-256 digest.
pub(super) fn digest(value: &Value<'_>) -> Result<Sha256, String> {
    text(value)?.parse().map_err(|error: ChecksumError| error.to_string())
}

/// An IP address and a port.
pub(super) fn socket(value: &Value<'_>) -> Result<SocketAddr, String> {
    text(value)?.parse().map_err(|_| "must be an IP address and a port, such as \"0.0.0.0:8080\"".to_owned())
}

/// An IP address.
pub(super) fn ip(value: &Value<'_>) -> Result<IpAddr, String> {
    text(value)?.parse().map_err(|_| "must be an IP address, such as \"10.0.0.5\"".to_owned())
}

/// A port.
pub(super) fn port(value: &Value<'_>) -> Result<u16, String> {
    let number = value.as_integer().and_then(|number| u16::try_from(number).ok()).filter(|number| *number > 0);
    number.ok_or_else(|| "must be a port, a whole number from 1 to 65535".to_owned())
}

/// A range of addresses, or one.
pub(super) fn network(value: &Value<'_>) -> Result<IpNet, String> {
    let text = text(value)?;
    let net = text.parse().ok().or_else(|| text.parse().ok().map(|address: IpAddr| IpNet::from(address)));
    net.ok_or_else(|| "must be a range of addresses, such as \"10.1.0.0/16\"".to_owned())
}

/// A host and a port, as `host:port`.
pub(super) fn host_and_port(value: &Value<'_>) -> Result<(Host, u16), String> {
    let parsed = text(value)?.rsplit_once(':').and_then(|(host, port)| Some((Host::parse(host).ok()?, port.parse().ok()?)));
    let parsed = parsed.filter(|(_, port): &(Host, u16)| *port > 0);
    parsed.ok_or_else(|| "must be a host and a port, such as \"proxy.trust.example:8080\"".to_owned())
}

/// A path; a relative one starts from `base`.
pub(super) fn path(value: &Value<'_>, base: &Path) -> Result<PathBuf, String> {
    match text(value)? {
        "" => Err("must be a path, not empty".to_owned()),
        text if text.contains('\0') => Err("must be a path without a zero byte".to_owned()),
        text => Ok(base.join(text)),
    }
}

/// A host that may be opened or closed as a whole: not a country.
pub(super) fn host(value: &Value<'_>) -> Result<Host, String> {
    let text = text(value)?;
    if text.contains(['/', '*']) {
        return Err("must be a host alone, such as \"sign-in.school.example\"; everything below it is meant too".to_owned());
    }
    let host = Host::parse(text).map_err(|error| format!("must be a host, such as \"sign-in.school.example\": {error}"))?;
    not_a_country(host)
}

/// Refuses `co.uk` and its like.
pub(super) fn not_a_country(host: Host) -> Result<Host, String> {
    if host.is_public_suffix() {
        return Err(format!("{host} is no site but a whole part of the internet; name a host below it"));
    }
    Ok(host)
}

/// A category that a school may choose about.
pub(super) fn category(value: &Value<'_>) -> Result<Category, String> {
    let text = text(value)?;
    match Category::from_slug(text) {
        Some(category) if category.kind() == Kind::Illegal => {
            Err(format!("{text:?} is against the law; it is blocked for everybody, and nothing here changes that"))
        }
        Some(category) => Ok(category),
        None => {
            let hint = nearest(text, Category::ALL.iter().map(|category| category.slug()));
            Err(format!("{} is not a category{}", shown(text), hint.unwrap_or_else(|| "; docs/config.toml lists them".to_owned())))
        }
    }
}

/// Takes a name for something, unless another took it; `names` holds each with its line.
pub(super) fn claim(names: &mut Vec<(String, usize)>, name: String, line: usize) -> Result<String, String> {
    if let Some((_, first)) = names.iter().find(|(taken, _)| *taken == name) {
        return Err(format!("this name is taken already, on line {first}"));
    }
    names.push((name.clone(), line));
    Ok(name)
}
