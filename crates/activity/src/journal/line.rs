//! One event as one line of JSON, and back. The order of the fields is the order here; `docs/journal.md` describes them.

use std::net::IpAddr;

use event::{Address, Event, Flags, Known, Seen, Via};
use filter::category::Category;
use filter::judge::Step;
use filter::{Action, Host};
use ids::{DeviceId, EventId, PersonId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Appends the line of `event`, with its line break. Only a fault of the program can make this fail.
pub(super) fn write(event: &Event, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    EventRow::serialize(event, &mut serde_json::Serializer::new(&mut *out))?;
    out.push(b'\n');
    Ok(())
}

/// Reads one line, with or without its line break.
pub(super) fn read(line: &[u8]) -> Result<Event, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_slice(line);
    let event = EventRow::deserialize(&mut reader)?;
    reader.end()?;
    Ok(event)
}

/// The rows mirror the types of `event` and `filter`: were a field or variant added there, this would not compile.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Event", deny_unknown_fields)]
struct EventRow {
    #[serde(with = "text")]
    at: Timestamp,
    #[serde(with = "text")]
    id: EventId,
    #[serde(with = "ViaRow")]
    via: Via,
    source: IpAddr,
    #[serde(with = "text_or_null")]
    device: Option<DeviceId>,
    #[serde(with = "text_or_null")]
    person: Option<PersonId>,
    /// Lines of the first version do not have it.
    #[serde(with = "KnownRow", default = "not_said")]
    known: Known,
    profile: Box<str>,
    listener: Box<str>,
    method: Box<str>,
    #[serde(with = "AddressRow")]
    address: Address,
    #[serde(with = "ActionRow")]
    action: Action,
    #[serde(with = "StepRow")]
    step: Step,
    #[serde(with = "category")]
    category: Option<Category>,
    list: Option<Box<str>>,
    rule: Option<Box<str>>,
    #[serde(with = "SeenRow")]
    seen: Seen,
    #[serde(with = "FlagsRow")]
    flags: Flags,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Address", rename_all = "snake_case", deny_unknown_fields)]
enum AddressRow {
    Shown {
        #[serde(with = "host")]
        host: Host,
        port: u16,
        path: Option<Box<str>>,
    },
    Sealed,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Via", rename_all = "snake_case")]
enum ViaRow {
    Http,
    Connect,
    Sni,
    Page,
}

const fn not_said() -> Known {
    Known::Nothing
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Known", rename_all = "snake_case")]
enum KnownRow {
    Password,
    Own,
    Card,
    Class,
    Network,
    Range,
    Listener,
    Nothing,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Action", rename_all = "snake_case")]
enum ActionRow {
    Allow,
    Warn,
    Block,
    Ask,
    Gate,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Step", rename_all = "snake_case")]
enum StepRow {
    Sealed,
    Protected,
    Gate,
    Lifts,
    Overrides,
    Categories,
    Unlisted,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Seen", rename_all = "snake_case")]
enum SeenRow {
    Plain,
    HostOnly,
    Opaque,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Flags", deny_unknown_fields)]
struct FlagsRow {
    ech: bool,
    name_mismatch: bool,
    background: bool,
}

/// Values that are written as they are displayed. An error says nothing of the value: it may be personal.
mod text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::Serializer;

    pub(super) fn serialize<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(|_| D::Error::custom("a text of another form was expected"))
    }
}

/// As [`text`], where the value may be missing.
mod text_or_null {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::Serializer;

    pub(super) fn serialize<T: Display, S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(|_| D::Error::custom("a text of another form was expected"))).transpose()
    }
}

/// A category by its slug.
mod category {
    use filter::category::Category;
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::Serializer;

    pub(super) fn serialize<S: Serializer>(value: &Option<Category>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(category) => serializer.serialize_str(category.slug()),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Category>, D::Error> {
        let slug = Option::<String>::deserialize(deserializer)?;
        slug.map(|slug| Category::from_slug(&slug).ok_or_else(|| D::Error::custom("a category was expected"))).transpose()
    }
}

/// A host in its normal form.
mod host {
    use filter::Host;
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::Serializer;

    pub(super) fn serialize<S: Serializer>(value: &Host, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(value.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Host, D::Error> {
        Host::parse(&String::deserialize(deserializer)?).map_err(|_| D::Error::custom("a host was expected"))
    }
}
