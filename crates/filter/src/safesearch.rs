//! Safe search: which host to reach in place of a search engine's own, so that the engine itself leaves out what is not for
//! children.
//!
//! The engines publish a second address each at which safe results cannot be switched off. Whoever dials takes the address of
//! that host and keeps the name the browser asked for, in `Host`, SNI and certificate: nothing is decrypted. The hosts are those
//! that the makers name in their help for schools, and a few of the same service that would else be a way round.

use crate::host::Host;

/// How far results are cut. Search engines know one level; video sites know two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SafeSearch {
    /// As each person sets it.
    Off,
    /// Search engines safe, videos restricted moderately: for those nearly grown up.
    Moderate,
    /// Search engines safe, videos restricted strictly.
    Strict,
}

const GOOGLE: &str = "forcesafesearch.google.com";
/// By name and not by its address, which Yandex may change.
const YANDEX: &str = "familysearch.yandex.ru";

/// Engines with few hosts: each host with the one that enforces.
const HOSTS: &[(&str, &str)] = &[
    ("bing.com", "strict.bing.com"),
    ("www.bing.com", "strict.bing.com"),
    // The side panel of Edge.
    ("edgeservices.bing.com", "strict.bing.com"),
    ("duckduckgo.com", "safe.duckduckgo.com"),
    ("www.duckduckgo.com", "safe.duckduckgo.com"),
    ("start.duckduckgo.com", "safe.duckduckgo.com"),
    // The pages without script are not named by the maker. Better that they fail than that they are the way round.
    ("html.duckduckgo.com", "safe.duckduckgo.com"),
    ("lite.duckduckgo.com", "safe.duckduckgo.com"),
    ("noai.duckduckgo.com", "safe.duckduckgo.com"),
    ("www.ecosia.org", "strict-safe-search.ecosia.org"),
    ("pixabay.com", "safesearch.pixabay.com"),
    // Qwant's page asks its interface, and only that has a safe twin.
    ("api.qwant.com", "safeapi.qwant.com"),
    ("search.brave.com", "forcesafe.search.brave.com"),
    ("startpage.com", "safe.startpage.com"),
    ("www.startpage.com", "safe.startpage.com"),
    ("ya.ru", YANDEX),
    ("www.ya.ru", YANDEX),
    // `com.ru` is no public suffix, so the rule for countries does not see it.
    ("yandex.com.ru", YANDEX),
    ("www.yandex.com.ru", YANDEX),
    // The name of Yandex in Cyrillic letters.
    ("xn--d1acpjx3f.xn--p1ai", YANDEX),
    ("www.xn--d1acpjx3f.xn--p1ai", YANDEX),
];

/// The hosts that carry YouTube's pages and its player on other sites.
const YOUTUBE: &[&str] =
    &["www.youtube.com", "m.youtube.com", "youtubei.googleapis.com", "youtube.googleapis.com", "www.youtube-nocookie.com"];

/// The host whose address to take for `host` at this level, or none where `host` has no safe twin or the level is
/// [`SafeSearch::Off`]. An enforcing host has no twin itself.
pub fn enforcing_host(host: &Host, level: SafeSearch) -> Option<&'static str> {
    let youtube = match level {
        SafeSearch::Off => return None,
        SafeSearch::Moderate => "restrictmoderate.youtube.com",
        SafeSearch::Strict => "restrict.youtube.com",
    };
    let name = host.as_str();
    if YOUTUBE.contains(&name) {
        return Some(youtube);
    }
    if let Some((_, enforcing)) = HOSTS.iter().find(|(searched, _)| *searched == name) {
        return Some(enforcing);
    }
    match brand_of(host)? {
        "google" => Some(GOOGLE),
        "yandex" => Some(YANDEX),
        _ => None,
    }
}

/// The name before the ending of a site under a country's ending or one of a few general ones, with or without `www.`: `google`
/// of `www.google.co.uk`. By rule and not by a table, so that no country is forgotten. New endings (`google.dev`) are other
/// services of the same maker, without a search.
fn brand_of(host: &Host) -> Option<&str> {
    let registrable = host.registrable()?;
    let (brand, ending) = registrable.split_once('.')?;
    let is_known_ending = ending.rsplit('.').next()?.len() == 2 || matches!(ending, "com" | "net" | "org" | "cat");
    let is_front_page = matches!(host.as_str().strip_suffix(registrable)?, "" | "www.");
    // `google.blogspot.com` is somebody's blog: its ending belongs to a company.
    let is_public = psl::suffix(ending.as_bytes()).is_some_and(|suffix| suffix.typ() == Some(psl::Type::Icann));
    (is_known_ending && is_front_page && is_public).then_some(brand)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(host: &str, strict: Option<&str>) {
        let host = Host::parse(host).expect("host");
        assert_eq!(enforcing_host(&host, SafeSearch::Strict), strict, "{host}");
        assert_eq!(enforcing_host(&host, SafeSearch::Off), None, "{host}");
    }

    #[test]
    fn each_engine_has_its_safe_twin() {
        for host in
            ["google.com", "www.google.com", "WWW.Google.co.uk.", "google.de", "www.google.com.tr", "www.google.cat", "google.com.hk"]
        {
            check(host, Some("forcesafesearch.google.com"));
        }
        for host in ["yandex.com", "www.yandex.com.tr", "yandex.kz", "yandex.org", "ya.ru", "яндекс.рф"] {
            check(host, Some("familysearch.yandex.ru"));
        }
        check("bing.com", Some("strict.bing.com"));
        check("duckduckgo.com", Some("safe.duckduckgo.com"));
        check("lite.duckduckgo.com", Some("safe.duckduckgo.com"));
        check("www.ecosia.org", Some("strict-safe-search.ecosia.org"));
        check("pixabay.com", Some("safesearch.pixabay.com"));
        check("search.brave.com", Some("forcesafe.search.brave.com"));
        check("m.youtube.com", Some("restrict.youtube.com"));
    }

    #[test]
    fn other_sites_go_where_they_are() {
        for host in [
            "docs.google.com",
            "classroom.google.com",
            "google.dev",
            "google.blogspot.com",
            "www.google.com.evil.example",
            "notgoogle.com",
            "google",
            "co.uk",
            "www.www.google.com",
            "192.0.2.1",
            "example.org",
        ] {
            check(host, None);
        }
    }

    #[test]
    fn nearly_grown_ups_get_milder_videos_and_the_same_search() {
        let youtube = Host::parse("www.youtube.com").expect("host");
        assert_eq!(enforcing_host(&youtube, SafeSearch::Moderate), Some("restrictmoderate.youtube.com"));
        let google = Host::parse("www.google.co.uk").expect("host");
        assert_eq!(enforcing_host(&google, SafeSearch::Moderate), enforcing_host(&google, SafeSearch::Strict));
    }

    #[test]
    fn an_enforcing_host_is_not_sent_elsewhere() {
        for target in HOSTS.iter().map(|(_, target)| *target).chain([GOOGLE, "restrict.youtube.com", "restrictmoderate.youtube.com"]) {
            check(target, None);
        }
    }
}
