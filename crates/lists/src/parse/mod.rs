//! Readers of list formats: text in, [`Pattern`]s and a counted list of what was not understood out.
//!
//! A reader never guesses: a line that it does not fully understand is given to [`Sink::skip`] with its reason.

pub mod adblock;
pub mod csv_list;
pub mod detect;
pub mod domains;
pub mod expression;
pub mod format;
pub mod hosts;
pub mod lines;
pub mod rpz;
pub mod services;
pub mod squidguard;
#[cfg(test)]
mod testing;
pub mod v2fly;

use filter::host::{Host, HostError};
use filter::target::{TargetError, UrlPrefix};

/// What one line of a list names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pattern {
    /// This host and nothing below it (hosts files, v2fly `full:`, RPZ names without `*.`). Addresses are always exact.
    Exact(Host),
    /// This host and everything below it (squidGuard `domains`, AdGuard `||host^`, v2fly `domain:`).
    Suffix(Host),
    /// Pages of exactly this host whose path begins so; ends at a segment edge (`/`, `?`, `&`, `;`, `=` or the end).
    Url(UrlPrefix),
    /// The same for the host and everything below it.
    UrlBelow(UrlPrefix),
    /// A regular expression (syntax of the `regex` crate, case-insensitive) over the host alone (v2fly `regexp:`, `keyword:` escaped).
    HostExpression(String),
    /// A regular expression over `host/path?query` in matching form (squidGuard `expressions`).
    UrlExpression(String),
}

/// Why a line was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Skip {
    /// The host is not one.
    #[error("not a host: {0}")]
    Host(HostError),
    /// The address is not one.
    #[error("not an address: {0}")]
    Target(TargetError),
    /// A rule of the format that says more than hosts and paths (reason in a few words, the same for all lines of its kind).
    #[error("not taken: {0}")]
    NotTaken(&'static str),
    /// A line that the format does not have.
    #[error("not understood: {0}")]
    Syntax(&'static str),
    /// Longer than [`MAX_LINE`] bytes.
    #[error("the line is too long")]
    TooLong,
}

/// Longest line that is read, in bytes; the rest of a longer one is passed over.
pub const MAX_LINE: usize = 16 * 1024;

/// Where a reader's findings go. `line` counts from 1. `label` is the category as the file itself names it (a v2fly list
/// or attribute, a CSV column, a service group), where the format has such a thing.
pub trait Sink {
    /// A pattern that belongs to the list.
    fn entry(&mut self, line: u32, label: Option<&str>, pattern: Pattern);
    /// A pattern that the list itself excepts (AdGuard `@@`, RPZ `rpz-passthru.`).
    fn except(&mut self, line: u32, label: Option<&str>, pattern: Pattern);
    /// A line left out. Never called for comments and empty lines.
    fn skip(&mut self, line: u32, why: Skip, text: &str);
}

// === impl Pattern ===

impl Pattern {
    /// A host and what is below it; an address, below which nothing is, alone.
    ///
    /// # Errors
    /// [`Skip::Host`] where the text is no host.
    pub fn below(text: &str) -> Result<Self, Skip> {
        Host::parse(text).map(Self::below_host).map_err(Skip::Host)
    }

    /// The same for a host already parsed.
    pub fn below_host(host: Host) -> Self {
        if host.is_address() { Self::Exact(host) } else { Self::Suffix(host) }
    }

    /// One host alone.
    ///
    /// # Errors
    /// [`Skip::Host`] where the text is no host.
    pub fn exact(text: &str) -> Result<Self, Skip> {
        Host::parse(text).map(Self::Exact).map_err(Skip::Host)
    }

    /// Pages of a host and of what is below it; of an address, those of the address.
    pub fn url_below(url: UrlPrefix) -> Self {
        if url.host.is_address() { Self::Url(url) } else { Self::UrlBelow(url) }
    }
}

/// Hears of nothing, for passes over a file that look for something else.
struct Nowhere;

impl Sink for Nowhere {
    fn entry(&mut self, _: u32, _: Option<&str>, _: Pattern) {}
    fn except(&mut self, _: u32, _: Option<&str>, _: Pattern) {}
    fn skip(&mut self, _: u32, _: Skip, _: &str) {}
}

/// Gives a parsed line to the sink: its entry, or why there is none.
fn put(sink: &mut dyn Sink, line: u32, text: &str, parsed: Result<Pattern, Skip>) {
    match parsed {
        Ok(pattern) => sink.entry(line, None, pattern),
        Err(why) => sink.skip(line, why, text),
    }
}
