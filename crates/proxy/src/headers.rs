//! Headers that end at the proxy (RFC 9110, 7.6.1) and those that it adds.

use hyper::header::{
    CONNECTION, CONTENT_LENGTH, EXPECT, HOST, HeaderMap, HeaderName, HeaderValue, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRANSFER_ENCODING, UPGRADE, VIA,
};

/// Headers about this connection only, besides those that `Connection` names. `Trailer` stays: hyper sends only trailers that it names.
const HOP_BY_HOP: [HeaderName; 8] = [
    CONNECTION,
    HeaderName::from_static("proxy-connection"),
    HeaderName::from_static("keep-alive"),
    TE,
    TRANSFER_ENCODING,
    UPGRADE,
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
];

/// Headers that `Connection` may not take away: they frame the message or say whom it is for.
const KEPT: [HeaderName; 2] = [HOST, CONTENT_LENGTH];

/// Takes away what ends here. Gives back the protocol that an upgrade asks for.
pub(crate) fn strip_hop_by_hop(headers: &mut HeaderMap) -> Option<HeaderValue> {
    let named: Vec<HeaderName> = tokens(headers, &CONNECTION).filter_map(|token| HeaderName::from_bytes(token.as_bytes()).ok()).collect();
    let upgrade = named.contains(&UPGRADE).then(|| headers.get(UPGRADE).cloned()).flatten();
    for name in named.iter().filter(|name| !KEPT.contains(name)).chain(&HOP_BY_HOP) {
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

/// Adds our name to `Via` (RFC 9110, 7.6.3).
pub(crate) fn add_via(headers: &mut HeaderMap, name: &str) {
    if let Ok(value) = HeaderValue::from_str(&format!("1.1 {name}")) {
        headers.append(VIA, value);
    }
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
        let mut map = headers(&[("upgrade", "websocket")]);
        assert_eq!(strip_hop_by_hop(&mut map), None);
        assert!(map.is_empty());
    }

    #[test]
    fn a_loop_is_seen() {
        let mut map = headers(&[("via", "1.0 other, 1.1 gate-1 (comment)")]);
        assert!(has_been_here(&map, "gate-1"));
        assert!(!has_been_here(&map, "gate-2"));
        add_via(&mut map, "gate-2");
        assert!(has_been_here(&map, "gate-2"));
    }
}
