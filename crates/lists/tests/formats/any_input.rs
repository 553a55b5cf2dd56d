//! Every reader ends on any input, and what it gives out is in normal form.

use lists::parse::format::Format;
use lists::parse::{Pattern, Sink, Skip};
use lists::source::{self, Limits};
use proptest::prelude::*;

use crate::support::{Notes, file, gzip, spec, tar};

/// Checks that what a reader gives out is in normal form.
pub(crate) struct Normal;

impl Normal {
    pub(crate) fn check(pattern: &Pattern) {
        let host = match pattern {
            Pattern::Exact(host) | Pattern::Suffix(host) => host,
            Pattern::Url(url) | Pattern::UrlBelow(url) => &url.host,
            Pattern::HostExpression(text) | Pattern::UrlExpression(text) => {
                assert!(regex::Regex::new(text).is_ok(), "{text}");
                return;
            }
        };
        assert_eq!(filter::host::Host::parse(host.as_str()).as_ref(), Ok(host));
        let below = matches!(pattern, Pattern::Suffix(_) | Pattern::UrlBelow(_));
        assert!(!(below && host.is_address()), "{pattern:?}");
    }
}

impl Sink for Normal {
    fn entry(&mut self, line: u32, _: Option<&str>, pattern: Pattern) {
        assert!(line > 0);
        Self::check(&pattern);
    }

    fn except(&mut self, line: u32, _: Option<&str>, pattern: Pattern) {
        assert!(line > 0);
        Self::check(&pattern);
    }

    fn skip(&mut self, line: u32, _: Skip, _: &str) {
        assert!(line > 0);
    }
}

/// Pieces that mean something to one reader or another.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "a.example", "*.", "||", "|", "@@", "^", "$", ",", "/", "\"", "(", ")", ";", "#", "!", "[", "]", "{", "}", ":", "=", "&", "@", " ", "\t", "\n", "\r\n", "\0",
    "0.0.0.0", "::1", "[::1]", "192.168", "www.", "CNAME", "SOA", "$ORIGIN", "$TTL", "rpz-passthru.", ".", "include:", "regexp:", "keyword:", "full:", "domain", "category", "\\", "\u{e9}", "xn--", "%2e", "address=/", "third-party", "document", "#if", "\"rules\"", "http://",
];

/// Text made of what the formats give meaning to, so that more than the first check is reached.
fn hostile_text() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        9 => prop::sample::select(WORDS.to_vec()).prop_map(|word| word.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(word, 0..60).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn readers_are_total_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        for format in Format::ALL {
            format.read(&mut bytes.as_slice(), &mut Normal).expect("memory cannot fail");
        }
        let _ = lists::parse::detect::detect("list.txt", &bytes);
    }

    #[test]
    fn readers_are_total_on_hostile_text(bytes in hostile_text()) {
        for format in Format::ALL {
            format.read(&mut bytes.as_slice(), &mut Normal).expect("memory cannot fail");
        }
        let _ = lists::parse::detect::detect("list.txt", &bytes);
    }

    #[test]
    fn sources_are_total_on_any_archive(bytes in hostile_text(), cut in 0_usize..4_000) {
        let mut whole = tar(&[("data/category-a", &bytes), ("b/domains", &bytes), ("b/usage", &bytes), ("c.txt", &bytes)]);
        whole.truncate(whole.len().saturating_sub(cut));
        let (_folder, path) = file("a.tar.gz", &gzip(&whole));
        let _ = source::read(&spec(&path), &Limits::default(), &mut Notes::default());
    }
}
