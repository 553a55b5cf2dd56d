//! Headers that end at the proxy (RFC 9110, 7.6.1) and those that it adds.

use hyper::header::{CONNECTION, CONTENT_LENGTH, EXPECT, HOST, HeaderMap, HeaderName, HeaderValue, TE, TRANSFER_ENCODING, UPGRADE, VIA};

/// Headers about this connection only, besides those that `Connection` names. `Trailer` stays: hyper sends only trailers that it names.
const HOP_BY_HOP: [HeaderName; 5] = [CONNECTION, HeaderName::from_static("keep-alive"), TE, TRANSFER_ENCODING, UPGRADE];

/// What is between a reader and a proxy begins so: the login above all, which must never leave the machine.
const BETWEEN: &str = "proxy-";

/// The one protocol that may be changed to. Others (`h2c`) would carry further requests that nobody judges.
const UPGRADES: &str = "websocket";

/// Headers that `Connection` may not take away: they frame the message or say whom it is for.
const KEPT: [HeaderName; 2] = [HOST, CONTENT_LENGTH];

/// Whether the body comes as we understand it. hyper undoes the last coding only, so that of `gzip, chunked` the first would be
/// left over with nothing to say so (RFC 9112, 6.1 and 7).
pub(crate) fn is_plainly_framed(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    codings.next().is_none_or(|coding| coding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked")) && codings.next().is_none()
}

/// Takes away what ends here. Gives back the protocol that an upgrade asks for, where it may be had.
pub(crate) fn strip_hop_by_hop(headers: &mut HeaderMap) -> Option<HeaderValue> {
    let named: Vec<HeaderName> = tokens(headers, &CONNECTION)
        // What most connections say takes nothing away.
        .filter(|token| !token.eq_ignore_ascii_case("keep-alive") && !token.eq_ignore_ascii_case("close"))
        .filter_map(|token| HeaderName::from_bytes(token.as_bytes()).ok())
        .collect();
    let upgrade = headers
        .get(UPGRADE)
        .filter(|wanted| named.contains(&UPGRADE) && wanted.as_bytes().eq_ignore_ascii_case(UPGRADES.as_bytes()))
        .cloned();
    let between: Vec<HeaderName> = headers.keys().filter(|name| name.as_str().starts_with(BETWEEN)).cloned().collect();
    for name in named.iter().filter(|name| !KEPT.contains(name)).chain(&HOP_BY_HOP).chain(&between) {
        headers.remove(name);
    }
    // 100-continue is between each pair of neighbours: hyper answers it here and needs none from the origin.
    headers.remove(EXPECT);
    upgrade
}

/// Puts an upgrade back for the next hop.
pub(crate) fn ask_upgrade(headers: &mut HeaderMap, protocol: HeaderValue) {
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, protocol);
}

/// What `Via` says of us (RFC 9110, 7.6.3). A name of letters, digits and hyphens always makes a header.
pub(crate) fn via(name: &str) -> HeaderValue {
    HeaderValue::try_from(format!("1.1 {name}")).unwrap_or(HeaderValue::from_static("1.1 schoolgate"))
}

/// Whether the message has been here before.
pub(crate) fn has_been_here(headers: &HeaderMap, name: &str) -> bool {
    tokens(headers, &VIA).any(|token| token.split_ascii_whitespace().nth(1) == Some(name))
}

fn tokens<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(rows: &[(&'static str, &'static str)]) -> HeaderMap {
        rows.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn what_ends_here_goes() {
        let mut map = headers(&[
            ("connection", "close, X-Private , host, content-length"),
            ("x-private", "1"),
            ("host", "a.example"),
            ("content-length", "5"),
            ("proxy-authorization", "Basic c2VjcmV0"),
            ("te", "trailers"),
            ("expect", "100-continue"),
            ("trailer", "x-sum"),
            ("accept", "text/html"),
        ]);
        assert_eq!(strip_hop_by_hop(&mut map), None);
        let mut left: Vec<_> = map.keys().map(HeaderName::as_str).collect();
        left.sort_unstable();
        assert_eq!(left, ["accept", "content-length", "host", "trailer"]);
    }

    #[test]
    fn an_upgrade_is_handed_on_only_when_asked_for() {
        let mut map = headers(&[("connection", "Upgrade"), ("upgrade", "websocket")]);
        assert_eq!(strip_hop_by_hop(&mut map), Some(HeaderValue::from_static("websocket")));
        let mut map = headers(&[("connection", "Upgrade, HTTP2-Settings"), ("upgrade", "h2c"), ("http2-settings", "AA")]);
        assert_eq!(strip_hop_by_hop(&mut map), None);
        assert!(map.is_empty());
        let mut map = headers(&[("upgrade", "websocket")]);
        assert_eq!(strip_hop_by_hop(&mut map), None);
        assert!(map.is_empty());
    }

    #[test]
    fn only_one_layer_of_framing_is_understood() {
        for (value, plain) in
            [("chunked", true), ("Chunked", true), ("gzip, chunked", false), ("chunked, chunked", false), ("identity", false), ("", false)]
        {
            let mut map = HeaderMap::new();
            map.insert(TRANSFER_ENCODING, HeaderValue::from_static(value));
            assert_eq!(is_plainly_framed(&map), plain, "{value}");
            map.append(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
            assert!(!is_plainly_framed(&map), "{value}, twice");
        }
        assert!(is_plainly_framed(&HeaderMap::new()));
    }

    #[test]
    fn a_loop_is_seen() {
        let mut map = headers(&[("via", "1.0 other, 1.1 gate-1 (comment)")]);
        assert!(has_been_here(&map, "gate-1"));
        assert!(!has_been_here(&map, "gate-2"));
        map.append(VIA, via("gate-2"));
        assert!(has_been_here(&map, "gate-2"));
    }
}
