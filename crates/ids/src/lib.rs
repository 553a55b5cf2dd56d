//! A typed id per kind of thing, so that a group can never be passed where a person is meant.
//!
//! Ids are UUIDs as 16 bytes. Records get version 7 (sorted by time of making); what is named in a configuration file gets
//! version 8, made from the name, so that it stays the same from start to start.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// A text that is not an id of the kind wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseIdError {
    kind: &'static str,
}

impl fmt::Display for ParseIdError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "not the id of a {}: 32 hexadecimal digits are expected, in groups of 8-4-4-4-12", self.kind)
    }
}

impl std::error::Error for ParseIdError {}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident, $kind:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id: UUID version 7 from milliseconds since 1970 (UTC) and ten random bytes, both given by the caller.
            pub fn new(unix_millis: u64, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(unix_millis, &random).into_uuid())
            }

            /// The id of what a configuration file calls `name`: UUID version 8 over kind and name. The same name gives the
            /// same id on every machine; it hides nothing.
            pub fn named(name: &str) -> Self {
                let (mut low, mut high) = (FNV_OFFSET, !FNV_OFFSET);
                for byte in $kind.bytes().chain([0]).chain(name.bytes()) {
                    low = (low ^ u64::from(byte)).wrapping_mul(FNV_PRIME);
                    high = (high.rotate_left(5) ^ u64::from(byte)).wrapping_mul(FNV_PRIME);
                }
                let mut bytes = [0; 16];
                bytes[..8].copy_from_slice(&low.to_be_bytes());
                bytes[8..].copy_from_slice(&high.to_be_bytes());
                Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
            }

            /// The sixteen bytes, as stored.
            pub const fn to_bytes(self) -> [u8; 16] {
                *self.0.as_bytes()
            }

            /// An id from its stored bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, formatter)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!($kind, ":{}"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| ParseIdError { kind: $kind })
            }
        }
    )+};
}

const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

ids! {
    /// A person: pupil, member of staff, governor, parent, visitor.
    PersonId, "person";
    /// A group of persons: a class, a year group, a club.
    GroupId, "group";
    /// A household: who lives at one address.
    HouseholdId, "household";
    /// The time for which somebody holds a role.
    HoldingId, "holding of a role";
    /// A supplier: whoever provides a service to the school.
    SupplierId, "supplier";
    /// A device the school knows.
    DeviceId, "device";
    /// A recorded event.
    EventId, "event";
    /// An organisation: a school, or a trust or an authority with several.
    OrganisationId, "organisation";
    /// A site of an organisation.
    SiteId, "site";
    /// A record of the school: whatever an entry of the audit trail is about.
    RecordId, "record";
    /// An entry of the audit trail.
    EntryId, "entry";
    /// The time from a start to the next: what is written in it is wrapped under one key.
    EpochId, "epoch";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_and_sorts_by_time() {
        let early = PersonId::new(1_700_000_000_000, [7; 10]);
        let late = PersonId::new(1_700_000_000_001, [0; 10]);
        assert!(early < late);
        assert_eq!(early.to_string().parse(), Ok(early));
        assert_eq!(PersonId::from_bytes(early.to_bytes()), early);
        assert!("ada".parse::<PersonId>().is_err());
    }

    #[test]
    fn names_differ_by_name_and_kind() {
        assert_eq!(PersonId::named("ada"), PersonId::named("ada"));
        assert_ne!(PersonId::named("ada"), PersonId::named("adb"));
        assert_ne!(PersonId::named("6B").to_bytes(), GroupId::named("6B").to_bytes());
    }
}
