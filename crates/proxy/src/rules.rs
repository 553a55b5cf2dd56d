//! What the proxy is told: one immutable value, swapped whole. It says nothing of where it came from.

use std::collections::HashMap;
use std::net::IpAddr;

use filter::{ProfileIndex, Snapshot};
use ids::PersonId;
use ipnet::IpNet;

/// Everything that may change while the proxy runs.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The engine's snapshot.
    pub snapshot: Snapshot,
    /// The school's name, for pages.
    pub school: String,
    /// The profile of whoever comes in by a listener, by the listener's name.
    pub listeners: HashMap<Box<str>, ProfileIndex>,
    /// Profiles of address ranges, the narrowest first (see [`Rules::sort_ranges`]).
    pub ranges: Vec<(IpNet, ProfileIndex)>,
    /// Who may sign in at the proxy, for listeners that ask.
    pub users: HashMap<Box<str>, User>,
    /// Help lines, as block pages show them.
    pub help_lines: Vec<HelpLine>,
    /// Inside a sentence: whom a reader may talk to.
    pub who_to_talk_to: String,
    /// Where whoever is gated signs, at the school's console. None: they are told to ask.
    pub sign_url: Option<String>,
    /// Why this must not be the school's only filter, a sentence each.
    pub missing: Vec<String>,
}

/// Somebody who may sign in at the proxy.
#[derive(Debug, Clone)]
pub struct User {
    /// Who it is.
    pub person: PersonId,
    /// The password, as its hash.
    pub password: PasswordHash,
}

/// SHA-256 over a salt and the password. For the users file that stands in until people sign in at the console (a later issue);
/// passwords in it are made by machine and long.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash {
    /// Random, one a user.
    pub salt: [u8; 16],
    /// SHA-256 of salt and password.
    pub hash: [u8; 32],
}

/// A help line on a block page.
#[derive(Debug, Clone)]
pub struct HelpLine {
    /// "Childline".
    pub name: String,
    /// For whom, in a sentence.
    pub what: String,
    /// The number as it is written for people.
    pub phone: Option<String>,
    /// Its site.
    pub address: Option<String>,
}

// === impl Rules ===

impl Rules {
    /// Puts the narrower ranges first, since the first that fits counts.
    pub fn sort_ranges(&mut self) {
        self.ranges.sort_by_key(|(range, _)| std::cmp::Reverse(range.prefix_len()));
    }

    /// The profile of the narrowest range that has the address.
    pub(crate) fn of_range(&self, source: IpAddr) -> Option<ProfileIndex> {
        let source = source.to_canonical();
        self.ranges.iter().find(|(range, _)| range.contains(&source)).map(|(_, profile)| *profile)
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("PasswordHash(..)")
    }
}
