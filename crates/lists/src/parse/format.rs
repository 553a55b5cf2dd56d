//! The formats that are read, and their names.

use std::fmt;
use std::io::{self, BufRead};
use std::str::FromStr;

use super::{Sink, adblock, csv_list, domains, hosts, rpz, services, squidguard, v2fly};

/// How a file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// squidGuard `domains`.
    SquidGuardDomains,
    /// squidGuard `urls`.
    SquidGuardUrls,
    /// squidGuard `expressions`.
    SquidGuardExpressions,
    /// A hosts file.
    Hosts,
    /// A host a line, with or without `*.`; addresses.
    Domains,
    /// Options of dnsmasq.
    Dnsmasq,
    /// AdGuard or Adblock Plus rules.
    Adblock,
    /// A response policy zone.
    Rpz,
    /// A list of the v2fly domain-list-community.
    V2fly,
    /// A table with a header.
    Csv,
    /// AdGuard's catalogue of services.
    Services,
}

/// A name that no format has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no list format; the formats are {names}", names = Format::names())]
pub struct UnknownFormat(pub String);

// === impl Format ===

impl Format {
    /// Every format.
    pub const ALL: [Self; 11] = [
        Self::SquidGuardDomains,
        Self::SquidGuardUrls,
        Self::SquidGuardExpressions,
        Self::Hosts,
        Self::Domains,
        Self::Dnsmasq,
        Self::Adblock,
        Self::Rpz,
        Self::V2fly,
        Self::Csv,
        Self::Services,
    ];

    /// The name by which a person chooses it.
    pub fn name(self) -> &'static str {
        match self {
            Self::SquidGuardDomains => "squidguard-domains",
            Self::SquidGuardUrls => "squidguard-urls",
            Self::SquidGuardExpressions => "squidguard-expressions",
            Self::Hosts => "hosts",
            Self::Domains => "domains",
            Self::Dnsmasq => "dnsmasq",
            Self::Adblock => "adblock",
            Self::Rpz => "rpz",
            Self::V2fly => "v2fly",
            Self::Csv => "csv",
            Self::Services => "services",
        }
    }

    /// Reads one file of this format.
    ///
    /// # Errors
    /// Only what `input` itself returns; what is not understood goes to [`Sink::skip`].
    pub fn read(self, input: &mut dyn BufRead, sink: &mut dyn Sink) -> io::Result<()> {
        let read = match self {
            Self::SquidGuardDomains => squidguard::read_domains,
            Self::SquidGuardUrls => squidguard::read_urls,
            Self::SquidGuardExpressions => squidguard::read_expressions,
            Self::Hosts => hosts::read,
            Self::Domains => domains::read,
            Self::Dnsmasq => domains::read_dnsmasq,
            Self::Adblock => adblock::read,
            Self::Rpz => rpz::read,
            Self::V2fly => v2fly::read,
            Self::Csv => csv_list::read,
            Self::Services => services::read,
        };
        read(input, sink)
    }

    fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        Self::ALL.into_iter().find(|format| format.name() == text).ok_or_else(|| UnknownFormat(text.to_owned()))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
