//! What is ordered about keys, and what comes back: what travels over the control socket, which only this account may open.

use ledger::keys::{HolderKind, Ring, Sheets, Standing};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

/// A passphrase or a code, overwritten when dropped.
#[expect(missing_debug_implementations, reason = "a secret is never shown, not even by its type's name in a log")]
pub struct Secret(pub Zeroizing<String>);

/// What is ordered.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_debug_implementations, reason = "a secret is never shown, not even by its type's name in a log")]
pub enum Order {
    /// Say how things stand.
    Status,
    /// Make the first keys.
    Make {
        /// Who opens with a passphrase.
        holders: Vec<(String, Secret)>,
        /// Who has the three recovery sheets.
        sheets: [String; 3],
    },
    /// Unlock.
    Unlock {
        /// With what.
        with: With,
    },
    /// Lock.
    Lock,
    /// Give a holder a passphrase.
    Holder {
        /// Who allows it.
        with: With,
        /// Whose it is.
        name: String,
        /// The new one.
        words: Secret,
    },
    /// Make a key file.
    KeyFile {
        /// Who allows it.
        with: With,
        /// What the holder is called.
        name: String,
    },
    /// Change the keys.
    Rotate {
        /// Who allows it.
        with: With,
        /// Who opens nothing any more.
        leaving: Vec<String>,
        /// Whether the three sheets are made anew.
        new_sheets: bool,
    },
}

/// What somebody opens with.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_debug_implementations, reason = "a secret is never shown, not even by its type's name in a log")]
pub enum With {
    /// A holder's passphrase.
    Passphrase {
        /// The holder.
        name: String,
        /// The passphrase.
        words: Secret,
    },
    /// The code in a key file.
    KeyFile(Secret),
    /// Two of the three recovery codes.
    Sheets(Secret, Secret),
}

/// What came of it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_debug_implementations, reason = "a secret is never shown, not even by its type's name in a log")]
pub enum Done {
    /// How things stand now.
    Report(Report),
    /// New recovery sheets: who has each, and its code. Shown once.
    Sheets(Vec<(String, Secret)>),
    /// The code of a new key file.
    KeyFile(Secret),
}

/// How things stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// `not-made`, `locked` or `unlocked`.
    pub standing: String,
    /// How often the keys were changed, from 1; 0 where there are none.
    pub version: u32,
    /// Who opens alone.
    pub holders: Vec<HolderReport>,
    /// Who has the recovery sheets, in their order.
    pub sheets: Vec<String>,
}

/// Somebody who opens alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolderReport {
    /// The role.
    pub name: String,
    /// `passphrase` or `key-file`.
    pub with: String,
}

// === impl Done ===

impl Done {
    pub(super) fn sheets(Sheets(sheets): Sheets) -> Self {
        Self::Sheets(sheets.into_iter().map(|(name, code)| (name.to_string(), Secret(code.text()))).collect())
    }
}

// === impl Report ===

impl Report {
    pub(super) fn of(standing: Standing, ring: Option<&Ring>) -> Self {
        let standing = match standing {
            Standing::NotMade => "not-made",
            Standing::Locked => "locked",
            Standing::Unlocked => "unlocked",
        };
        let holders = ring.map(Ring::holders).unwrap_or_default().iter().map(|holder| {
            let with = match holder.kind() {
                HolderKind::Passphrase => "passphrase",
                HolderKind::KeyFile => "key-file",
            };
            HolderReport { name: holder.name().to_string(), with: with.to_owned() }
        });
        Self {
            standing: standing.to_owned(),
            version: ring.map_or(0, Ring::version),
            holders: holders.collect(),
            sheets: ring.map(|ring| ring.sheet_holders().map(ToString::to_string).into()).unwrap_or_default(),
        }
    }
}

// === impl Secret ===

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Zeroizing::new(text)))
    }
}
