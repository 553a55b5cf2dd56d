//! Web addresses, normalised once, for judging and for lists.
//!
//! [`Target`] is what a request asks for, [`UrlPrefix`] what a list names; both pass through the same steps, so that no
//! spelling of an address escapes an entry. The form is for matching only: the wire keeps the bytes it was sent.

use std::fmt;

use crate::host::{Host, HostError};

/// Longest address that is judged, in bytes. Longer ones are refused, never cut: a cut address could hide its end.
pub const MAX_ADDRESS: usize = 64 * 1024;

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The host, normalised.
    pub host: Host,
    /// The port; the scheme's own where none was written.
    pub port: u16,
    /// Host, path and query in matching form (see [`matching_path`]), or nothing where only the host can be seen (a CONNECT
    /// tunnel, a DNS question). One text, so that expressions are matched without a copy.
    address: Option<Box<str>>,
}

/// A host with the beginning of a path: one entry of a URL list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UrlPrefix {
    /// The host, normalised.
    pub host: Host,
    /// Beginning with `/` and longer than that, in matching form.
    pub path: Box<str>,
}

/// Why a text is not a web address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum TargetError {
    /// The host part is missing or wrong.
    #[error(transparent)]
    Host(#[from] HostError),
    /// Over [`MAX_ADDRESS`] bytes.
    #[error("the address is longer than {MAX_ADDRESS} bytes")]
    TooLong,
    /// A scheme that is not http, https, ws or wss.
    #[error("only http, https, ws and wss addresses are judged")]
    Scheme,
    /// Not a URL at all.
    #[error("the text is not a web address")]
    Invalid,
    /// A list entry without a path: it names a host, not a page.
    #[error("the entry has no path")]
    NoPath,
}

// === impl Target ===

impl Target {
    /// Parses an absolute address. Without a scheme (`bbc.co.uk/news`), http is meant.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let url = parse_url(text)?;
        let host = host_of(&url)?;
        let port = url.port_or_known_default().ok_or(TargetError::Scheme)?;
        let address = format!("{host}{}", matching_path(url.path(), url.query())).into_boxed_str();
        Ok(Self { host, port, address: Some(address) })
    }

    /// A target of which only host and port are seen.
    pub fn of_host(host: Host, port: u16) -> Self {
        Self { host, port, address: None }
    }

    /// Host, path and query in matching form, where the path is seen.
    pub fn address(&self) -> Option<&str> {
        self.address.as_deref()
    }

    /// Path and query in matching form, where they are seen.
    pub fn path(&self) -> Option<&str> {
        self.address().and_then(|address| address.get(self.host.as_str().len()..))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.address().unwrap_or(self.host.as_str()))
    }
}

// === impl UrlPrefix ===

impl UrlPrefix {
    /// Parses `host/path`, with or without a scheme. Refuses an entry that names a host only ([`TargetError::NoPath`]).
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let url = parse_url(text)?;
        let host = host_of(&url)?;
        let path = matching_path(url.path(), url.query());
        if path.len() < 2 {
            return Err(TargetError::NoPath);
        }
        Ok(Self { host, path })
    }
}

/// Path and query as they are matched: starts with `/`; dot segments resolved; runs of slashes made one; letters in lower
/// case; percent-encoded letters, digits, `-._~` decoded (once: `%2561` stays `%2561`), other escapes with lower-case
/// digits; a `%` of no escape as `%25`; no fragment; a `?` only before a query that is not empty. List entries ignore case as squidGuard's do.
pub fn matching_path(path: &str, query: Option<&str>) -> Box<str> {
    let mut out = String::with_capacity(path.len() + query.map_or(0, |query| query.len() + 1) + 1);
    out.push('/');
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        if !out.ends_with('/') {
            out.push('/');
        }
        push_decoded(&mut out, segment);
    }
    if path.len() > 1 && path.ends_with('/') && !out.ends_with('/') {
        out.push('/');
    }
    if let Some(query) = query.filter(|query| !query.is_empty()) {
        out.push('?');
        push_decoded(&mut out, query);
    }
    out.into_boxed_str()
}

fn push_decoded(out: &mut String, text: &str) {
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        if *byte == b'%'
            && let [high, low, after @ ..] = tail
            && let (Some(high_value), Some(low_value)) = (hex(*high), hex(*low))
        {
            let decoded = high_value * 16 + low_value;
            if decoded.is_ascii_alphanumeric() || matches!(decoded, b'-' | b'.' | b'_' | b'~') {
                out.push(char::from(decoded.to_ascii_lowercase()));
            } else {
                out.push('%');
                out.push(char::from(high.to_ascii_lowercase()));
                out.push(char::from(low.to_ascii_lowercase()));
            }
            rest = after;
        } else if *byte == b'%' {
            // No escape follows. Left alone it could make one with what comes after it: `%%341` would become `%41`.
            out.push_str("%25");
        } else if byte.is_ascii() {
            out.push(char::from(byte.to_ascii_lowercase()));
        } else {
            // `url` escapes what is not ASCII; a caller with raw bytes gets the same form.
            out.push('%');
            out.push(char::from(b"0123456789abcdef"[usize::from(byte >> 4)]));
            out.push(char::from(b"0123456789abcdef"[usize::from(byte & 15)]));
        }
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn parse_url(text: &str) -> Result<url::Url, TargetError> {
    if text.len() > MAX_ADDRESS {
        return Err(TargetError::TooLong);
    }
    let parsed = match url::Url::parse(text) {
        // `bbc.co.uk:8080/x` reads as the scheme `bbc.co.uk`; no scheme that is judged has a dot.
        Ok(url) if !url.cannot_be_a_base() && url.has_host() => Ok(url),
        Ok(url) if url.scheme().len() < text.len() && has_scheme(text) => Ok(url),
        Ok(_) | Err(url::ParseError::RelativeUrlWithoutBase) => url::Url::parse(&format!("http://{text}")),
        // Any other error comes after the scheme: it has one (`http:`), and what follows is wrong.
        Err(error) => Err(error),
    };
    let url = parsed.map_err(|_| TargetError::Invalid)?;
    match url.scheme() {
        "http" | "https" | "ws" | "wss" => Ok(url),
        _ => Err(TargetError::Scheme),
    }
}

fn has_scheme(text: &str) -> bool {
    text.split_once("://")
        .is_some_and(|(scheme, _)| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')))
}

fn host_of(url: &url::Url) -> Result<Host, TargetError> {
    match url.host() {
        None => Err(TargetError::Invalid),
        Some(url::Host::Ipv4(address)) => Ok(Host::from(address)),
        Some(url::Host::Ipv6(address)) => Ok(Host::from(std::net::IpAddr::V6(address))),
        Some(url::Host::Domain(name)) => Ok(Host::parse(name)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let target = Target::parse(text).map(|target| format!("{}:{}{}", target.host, target.port, target.path().unwrap_or_default()));
        assert_eq!(target.as_deref(), Ok(expected), "{text:?}");
    }

    #[test]
    fn one_form_for_every_spelling() {
        for spelling in [
            "http://example.com/adult/page",
            "HTTP://EXAMPLE.COM:80/adult/page#part",
            "http://user:secret@example.com/adult/page",
            "http://example.com./adult/page",
            "http://example.com//adult///page",
            "http://example.com/x/../adult/./page",
            "http://example.com/%61dul%74/p%61ge",
            "http://example.com\\adult\\page",
            "http://example.com/ad\nult/page?",
            "example.com/ADULT/Page",
            "http:example.com/adult/page",
        ] {
            check(spelling, "example.com:80/adult/page");
        }
        check("https://example.com", "example.com:443/");
        check("https://example.com:8443/a/?q=%41+b", "example.com:8443/a/?q=a+b");
        check("example.com:8080/x", "example.com:8080/x");
        check("http://example.com/%2561", "example.com:80/%2561");
        check("http://example.com/100%", "example.com:80/100%25");
        check("http://example.com/%%341", "example.com:80/%2541");
        check("http://0x7f.1/", "127.0.0.1:80/");
    }

    #[test]
    fn refusals() {
        assert_eq!(Target::parse("ftp://example.com/"), Err(TargetError::Scheme));
        for text in ["http://", "http:", "https:/:@/x"] {
            assert_eq!(Target::parse(text), Err(TargetError::Invalid), "{text}");
        }
        assert_eq!(Target::parse(""), Err(TargetError::Invalid));
        assert_eq!(Target::parse(&format!("http://example.com/{}", "a".repeat(MAX_ADDRESS))), Err(TargetError::TooLong));
        assert_eq!(UrlPrefix::parse("example.com/"), Err(TargetError::NoPath));
        assert_eq!(UrlPrefix::parse("example.com/~Bar").map(|prefix| prefix.path), Ok("/~bar".into()));
    }
}
