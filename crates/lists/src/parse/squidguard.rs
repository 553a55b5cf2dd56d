//! squidGuard trees: a folder per category with `domains`, `urls`, `expressions` and a `usage` that says what it is for.

use std::io::{self, BufRead};

use filter::host::Host;
use filter::target::{Target, TargetError, UrlPrefix};

use super::{Nowhere, Pattern, Sink, Skip, expression, lines, put};

/// What the makers of a category meant it for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Usage {
    /// To be blocked.
    Black,
    /// To be allowed. Never a block list: blocking UT1's white folders blocks museums and universities.
    White,
    /// Good for either, as the school chooses.
    Both,
    /// Nothing was said.
    #[default]
    Unstated,
}

/// `domains`: a host a line, with all that is below it. An address stands for itself.
///
/// # Errors
/// Only what `input` itself returns.
pub fn read_domains(input: &mut dyn BufRead, sink: &mut dyn Sink) -> io::Result<()> {
    lines::each(input, sink, |sink, number, text| {
        // A host holds no `#`, so what follows one is a remark. `.example.com` is Squid's spelling of `example.com`.
        let entry = text.split('#').next().unwrap_or_default().trim();
        if !entry.is_empty() {
            put(sink, number, text, Pattern::below(entry.strip_prefix('.').unwrap_or(entry)));
        }
    })
}

/// `urls`: the beginning of an address a line, without scheme.
///
/// squidGuard drops a first label `www`, `web`, `www2` ... of what is asked before it looks, so it is dropped here too and the
/// entry holds for the rest and what is below. An entry without a path names its host.
///
/// # Errors
/// Only what `input` itself returns.
pub fn read_urls(input: &mut dyn BufRead, sink: &mut dyn Sink) -> io::Result<()> {
    lines::each(input, sink, |sink, number, text| {
        let entry = text.trim();
        if !entry.is_empty() && !entry.starts_with('#') {
            put(sink, number, text, url(entry));
        }
    })
}

/// `expressions`: a regular expression a line, over host, path and query.
///
/// # Errors
/// Only what `input` itself returns.
pub fn read_expressions(input: &mut dyn BufRead, sink: &mut dyn Sink) -> io::Result<()> {
    lines::each(input, sink, |sink, number, text| {
        let entry = text.trim();
        if !entry.is_empty() && !entry.starts_with('#') {
            put(sink, number, text, expression::check(entry).map(|()| Pattern::UrlExpression(entry.to_owned())));
        }
    })
}

/// `usage`: the words `black` and `white`, each on its line, among other names of the category.
///
/// # Errors
/// Only what `input` itself returns.
pub fn read_usage(input: &mut dyn BufRead) -> io::Result<Usage> {
    let (mut black, mut white) = (false, false);
    lines::each(input, &mut Nowhere, |_, _, text| {
        let word = text.trim();
        black |= word.eq_ignore_ascii_case("black");
        white |= word.eq_ignore_ascii_case("white");
    })?;
    Ok(match (black, white) {
        (true, false) => Usage::Black,
        (false, true) => Usage::White,
        (true, true) => Usage::Both,
        (false, false) => Usage::Unstated,
    })
}

fn url(entry: &str) -> Result<Pattern, Skip> {
    match UrlPrefix::parse(entry) {
        Ok(UrlPrefix { host, path }) => Ok(Pattern::url_below(UrlPrefix { host: without_www(host), path })),
        Err(TargetError::NoPath) => {
            let target = Target::parse(entry).map_err(Skip::Target)?;
            Ok(Pattern::below_host(without_www(target.host)))
        }
        Err(why) => Err(Skip::Target(why)),
    }
}

/// The host without a first label `www`, `web` and digits; as it is where only a whole country would be left (`www.com`).
fn without_www(host: Host) -> Host {
    let rest = host.as_str().split_once('.').and_then(|(first, rest)| {
        let number = first.strip_prefix("www").or_else(|| first.strip_prefix("web"))?;
        number.bytes().all(|byte| byte.is_ascii_digit()).then_some(rest)
    });
    match rest.map(Host::parse) {
        Some(Ok(short)) if short.depth() > 1 && !short.is_public_suffix() && !short.is_address() => short,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::testing::Found;

    #[test]
    fn domains_with_addresses_dots_and_latin_1() {
        let mut found = Found::default();
        let bytes =
            b"# gaming\nPlay.Example\n.dotted.example\n192.0.2.7\nnoted.example # why\ncaf\xe9.example\n\nnot a host\n2001:db8::1\n";
        read_domains(&mut &bytes[..], &mut found).expect("reading");
        let expected =
            ["2 *.play.example", "3 *.dotted.example", "4 =192.0.2.7", "5 *.noted.example", "6 *.xn--caf-dma.example", "9 =2001:db8::1"];
        assert_eq!(found.entries(), expected);
        assert_eq!(found.skips(), ["8 not a host: the text is not a host name or an address: not a host"]);
    }

    #[test]
    fn urls_lose_their_www_and_nothing_else() {
        let mut found = Found::default();
        let text = "www.a.example/Bad\nweb2.b.example/x?q=1\nwww.com/x\nwww.co.uk/x\nwwwx.c.example/y\nwww3.d.example\nwww.e.example/\n\
                    192.0.2.1/x\nhttp://f.example:8080/~u/\n/only/path\n";
        read_urls(&mut text.as_bytes(), &mut found).expect("reading");
        let expected = [
            "1 *.a.example/bad",
            "2 *.b.example/x?q=1",
            "3 *.www.com/x",
            "4 *.www.co.uk/x",
            "5 *.wwwx.c.example/y",
            "6 *.d.example",
            "7 *.e.example",
            "8 =192.0.2.1/x",
            "9 *.f.example/~u/",
        ];
        assert_eq!(found.entries().get(..9), Some(expected.map(str::to_owned).as_slice()));
    }

    #[test]
    fn expressions_are_checked_before_they_are_taken() {
        let mut found = Found::default();
        read_expressions(&mut "# words\n\n(^|/)casino\n(unclosed\n".as_bytes(), &mut found).expect("reading");
        assert_eq!(found.entries(), ["3 url~(^|/)casino"]);
        assert_eq!(found.skips(), ["4 not understood: not an expression that can be run safely: (unclosed"]);
    }

    #[test]
    fn usage_is_two_words_among_others() {
        for (bytes, expected) in [
            (&b"black\ngames\n"[..], Usage::Black),
            (b"white\r\n", Usage::White),
            (b"# a note\nwhite\nblack\n", Usage::Both),
            (b"jeux \xe9ducatifs\nWhite", Usage::White),
            (b"# black\nblackboard\n", Usage::Unstated),
            (b"", Usage::Unstated),
        ] {
            assert_eq!(read_usage(&mut &*bytes).expect("reading"), expected, "{bytes:?}");
        }
    }
}
