//! Host names and addresses, normalised once.
//!
//! Every name that a list, a rule or a request carries becomes a [`Host`] here and nowhere else, so that two spellings of
//! one host can never be judged differently: case, a trailing dot, percent-encoding, Unicode names and the decimal, octal
//! and hexadecimal spellings of an IPv4 address all end in one form (WHATWG URL, "host parsing"; UTS 46).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Longest host name in its ASCII form, in bytes, without the trailing dot (RFC 1035, 2.3.4).
const MAX_NAME: usize = 253;
/// Longest single label, in bytes (RFC 1035, 2.3.4).
const MAX_LABEL: usize = 63;
/// The public suffixes that were set up for pornography, and for nothing else.
const ADULT_SUFFIXES: [&str; 4] = ["adult", "porn", "sex", "xxx"];

/// A host in its one normal form: lower-case ASCII labels (Punycode for other scripts), no trailing dot; an IPv4 address
/// dotted; an IPv6 address in its short form without brackets.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Host {
    text: Box<str>,
    is_address: bool,
}

/// Why a text is not a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum HostError {
    /// Nothing but white space or dots.
    #[error("the host is empty")]
    Empty,
    /// Over 253 bytes in ASCII form.
    #[error("the host name is longer than {MAX_NAME} bytes")]
    NameTooLong,
    /// A label over 63 bytes.
    #[error("a part of the host name is longer than {MAX_LABEL} bytes")]
    LabelTooLong,
    /// Two dots in a row, or a leading dot.
    #[error("the host name has an empty part (two dots in a row)")]
    EmptyLabel,
    /// A character that no host may hold, or a name that IDNA refuses.
    #[error("the text is not a host name or an address")]
    Invalid,
}

// === impl Host ===

impl Host {
    /// Parses a host as it stands in a URL or a list. One trailing dot is dropped; IPv6 may be in brackets or bare.
    pub fn parse(text: &str) -> Result<Self, HostError> {
        if is_plain_name(text) {
            return Self::from_ascii(text.to_ascii_lowercase());
        }
        if let Ok(address) = text.parse::<Ipv6Addr>() {
            return Ok(Self::from(IpAddr::V6(address)));
        }
        // A long text is refused before IDNA sees it: its work grows with the length.
        if text.len() > 4 * MAX_NAME {
            return Err(HostError::NameTooLong);
        }
        if text.is_empty() {
            return Err(HostError::Empty);
        }
        match url::Host::parse(text).map_err(|_| HostError::Invalid)? {
            url::Host::Ipv4(address) => Ok(Self::from(IpAddr::V4(address))),
            url::Host::Ipv6(address) => Ok(Self::from(IpAddr::V6(address))),
            url::Host::Domain(name) => Self::from_ascii(name),
        }
    }

    /// The normal form.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether this is an IP address; an address has no parent domains.
    pub fn is_address(&self) -> bool {
        self.is_address
    }

    /// The address, where this is one.
    pub fn to_address(&self) -> Option<IpAddr> {
        self.is_address.then(|| self.text.parse().ok()).flatten()
    }

    /// Whether `self` is `domain` or stands below it. An address is only ever itself.
    pub fn is_within(&self, domain: &Self) -> bool {
        match self.text.strip_suffix(domain.as_str()) {
            Some("") => true,
            Some(rest) => rest.ends_with('.') && !self.is_address && !domain.is_address,
            None => false,
        }
    }

    /// Number of labels; 1 for an address.
    pub fn depth(&self) -> usize {
        if self.is_address { 1 } else { self.text.bytes().filter(|byte| *byte == b'.').count() + 1 }
    }

    /// Whether the whole name is a public suffix of the ICANN section (`uk`, `co.uk`): blocking it would block a country.
    /// Private suffixes (`blogspot.com`) are ordinary names here, since lists name them with reason.
    pub fn is_public_suffix(&self) -> bool {
        !self.is_address
            && psl::suffix(self.text.as_bytes()).is_some_and(|suffix| {
                suffix.is_known() && suffix.typ() == Some(psl::Type::Icann) && suffix.as_bytes() == self.text.as_bytes()
            })
    }

    /// Whether a list may not name it: a public suffix, as that would close or open a country or a kind of site. The few that
    /// were set up for pornography alone may be named, and lists do.
    pub fn is_too_wide_to_list(&self) -> bool {
        !ADULT_SUFFIXES.contains(&self.as_str()) && self.is_public_suffix()
    }

    /// The registrable domain (`bbc.co.uk` of `news.bbc.co.uk`), by the Public Suffix List with its private section.
    pub fn registrable(&self) -> Option<&str> {
        if self.is_address {
            return None;
        }
        psl::domain_str(&self.text)
    }

    fn from_ascii(mut name: String) -> Result<Self, HostError> {
        if name.ends_with('.') {
            name.pop();
        }
        if name.is_empty() {
            return Err(HostError::Empty);
        }
        if name.len() > MAX_NAME {
            return Err(HostError::NameTooLong);
        }
        for label in name.split('.') {
            match label.len() {
                0 => return Err(HostError::EmptyLabel),
                1..=MAX_LABEL => {}
                _ => return Err(HostError::LabelTooLong),
            }
        }
        // What IDNA lets through and no resolver, log or list line should ever carry.
        if name.bytes().any(|byte| {
            byte.is_ascii_whitespace()
                || byte.is_ascii_control()
                || !byte.is_ascii()
                || matches!(byte, b'*' | b'"' | b'\'' | b'`' | b',' | b';' | b'!' | b'(' | b')' | b'{' | b'}' | b'$' | b'&' | b'+' | b'=')
        }) {
            return Err(HostError::Invalid);
        }
        Ok(Self { text: name.into_boxed_str(), is_address: false })
    }
}

impl From<IpAddr> for Host {
    /// An IPv4 address written inside IPv6 (`::ffff:1.2.3.4`) is the IPv4 address.
    fn from(address: IpAddr) -> Self {
        Self { text: address.to_canonical().to_string().into_boxed_str(), is_address: true }
    }
}

impl From<Ipv4Addr> for Host {
    fn from(address: Ipv4Addr) -> Self {
        Self::from(IpAddr::V4(address))
    }
}

impl fmt::Display for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, formatter)
    }
}

/// Whether `text` is letters, digits, hyphens, underscores and dots that need no IDNA: no `xn--` label to check and no
/// last label that could be a number (which WHATWG reads as an IPv4 address).
fn is_plain_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.is_empty() || !bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')) {
        return false;
    }
    let name = text.strip_suffix('.').unwrap_or(text);
    let last = name.rsplit('.').next().unwrap_or_default();
    last.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && !name.split('.').any(|label| label.as_bytes().get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"xn--")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, HostError>) {
        assert_eq!(Host::parse(text).as_ref().map(Host::as_str), expected.as_ref().copied(), "{text:?}");
    }

    #[test]
    fn one_form_for_every_spelling() {
        for spelling in ["bbc.co.uk", "BBC.co.UK", "bbc.co.uk.", "b%62c.co.uk", "ｂｂｃ.co.uk", "bbc。co。uk", "bbc\u{ad}.co.uk"] {
            check(spelling, Ok("bbc.co.uk"));
        }
        check("bücher.example", Ok("xn--bcher-kva.example"));
        check("BÜCHER.example", Ok("xn--bcher-kva.example"));
        check("XN--BCHER-KVA.example", Ok("xn--bcher-kva.example"));
        check("under_score.example", Ok("under_score.example"));
    }

    #[test]
    fn addresses_in_every_spelling() {
        for spelling in
            ["192.0.2.1", "192.0.2.1.", "0xC0.0.2.1", "0300.0.2.1", "3221225985", "0xc0000201", "192.0.513", "[::ffff:192.0.2.1]"]
        {
            check(spelling, Ok("192.0.2.1"));
        }
        check("[2001:DB8:0:0::1]", Ok("2001:db8::1"));
        check("2001:db8::1", Ok("2001:db8::1"));
    }

    #[test]
    fn refusals_say_what_is_wrong() {
        check("", Err(HostError::Empty));
        check(".", Err(HostError::Empty));
        check("a..b", Err(HostError::EmptyLabel));
        check(".example", Err(HostError::EmptyLabel));
        check(&format!("{}.example", "a".repeat(64)), Err(HostError::LabelTooLong));
        check(&"a.".repeat(200), Err(HostError::NameTooLong));
        check("exa mple.com", Err(HostError::Invalid));
        check("*.example.com", Err(HostError::Invalid));
        check("xn--a", Err(HostError::Invalid));
        check("1.2.3.999", Err(HostError::Invalid));
    }

    #[test]
    fn within_stops_at_label_edges() {
        let domain = Host::parse("bbc.co.uk").expect("host");
        assert!(Host::parse("news.bbc.co.uk").expect("host").is_within(&domain));
        assert!(domain.is_within(&domain));
        assert!(!Host::parse("notbbc.co.uk").expect("host").is_within(&domain));
        assert!(!Host::parse("1.2.3.4").expect("host").is_within(&Host::parse("3.4.example").expect("host")));
    }

    #[test]
    fn whole_countries_are_known() {
        assert!(Host::parse("co.uk").expect("host").is_public_suffix());
        assert!(Host::parse("zip").expect("host").is_public_suffix());
        assert!(!Host::parse("blogspot.com").expect("host").is_public_suffix());
        assert!(Host::parse("co.uk").expect("host").is_too_wide_to_list());
        assert!(!Host::parse("xxx").expect("host").is_too_wide_to_list());
        assert!(!Host::parse("bbc.co.uk").expect("host").is_public_suffix());
        assert_eq!(Host::parse("news.bbc.co.uk").expect("host").registrable(), Some("bbc.co.uk"));
    }
}
