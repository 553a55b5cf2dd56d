//! AdGuard and Adblock Plus rules, as far as they name hosts and the beginnings of paths.
//!
//! Most rules of a browser's list say what to leave out *inside* pages. A filter of whole pages takes only those that hold for a
//! page opened by itself; the rest is reported with its reason. Where a rule covers more than can be said here (`||a.example`
//! also matches `a.example.org`), the part that is certain is taken; where it covers less, nothing is.

use std::io::{self, BufRead};

use filter::host::Host;
use filter::target::UrlPrefix;

use super::{Pattern, Sink, Skip, hosts, lines};

/// What a rule does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// Belongs to the list.
    Block(Pattern),
    /// Is excepted from it (`@@`).
    Except(Pattern),
}

const GENERIC: Skip = Skip::NotTaken("a pattern that names no host");
const WILDCARD: Skip = Skip::NotTaken("a pattern with wildcards");
const COSMETIC: Skip = Skip::NotTaken("changes what a page shows");

/// Reads a filter list: rules, bare names (that host alone, as AdGuard DNS reads them) and lines of a hosts file.
///
/// # Errors
/// Only what `input` itself returns.
pub fn read(input: &mut dyn BufRead, sink: &mut dyn Sink) -> io::Result<()> {
    let mut for_browsers = false;
    let mut conditions: u32 = 0;
    lines::each(input, sink, |sink, number, text| {
        let text = text.trim();
        if let Some(directive) = text.strip_prefix("!#") {
            match directive.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_').next() {
                Some("if") => conditions = conditions.saturating_add(1),
                Some("endif") => conditions = conditions.saturating_sub(1),
                Some("include") => sink.skip(number, Skip::NotTaken("includes another list"), text),
                _ => {}
            }
        } else if is_header(text) {
            // A browser reads a bare word of such a list as part of any address, not as a host.
            for_browsers = true;
        } else if is_comment(text) {
        } else if conditions > 0 {
            sink.skip(number, Skip::NotTaken("holds only for some programs"), text);
        } else if text.split_whitespace().nth(1).is_some() && text.split_whitespace().next().and_then(hosts::address).is_some() {
            hosts::read_line(sink, number, text);
        } else {
            match line(text, for_browsers) {
                Ok(Rule::Block(pattern)) => sink.entry(number, None, pattern),
                Ok(Rule::Except(pattern)) => sink.except(number, None, pattern),
                Err(why) => sink.skip(number, why, text),
            }
        }
    })
}

/// Reads one rule.
///
/// # Errors
/// Why it is left out.
pub fn parse_rule(text: &str) -> Result<Rule, Skip> {
    if is_cosmetic(text) {
        return Err(COSMETIC);
    }
    let (is_exception, rest) = text.strip_prefix("@@").map_or((false, text), |rest| (true, rest));
    if rest.len() > 1 && rest.starts_with('/') && (rest.ends_with('/') || rest.contains("/$")) {
        return Err(Skip::NotTaken("a regular expression"));
    }
    // A path may hold `$` itself; then what follows is no option that is known, and the rule is left out.
    let (pattern, options) = rest.split_once('$').unwrap_or((rest, ""));
    for option in options.split(',').map(str::trim).filter(|option| !option.is_empty()) {
        check_option(option, is_exception)?;
    }
    let pattern = anchored(pattern, is_exception)?;
    Ok(if is_exception { Rule::Except(pattern) } else { Rule::Block(pattern) })
}

fn line(text: &str, for_browsers: bool) -> Result<Rule, Skip> {
    let bare = text.split(" #").next().unwrap_or_default().trim_end();
    let is_name = bare.contains('.') && bare.chars().all(|sign| sign.is_alphanumeric() || matches!(sign, '-' | '_' | '.'));
    match is_name && !bare.starts_with('.') && !bare.ends_with('.') {
        true if for_browsers => Err(GENERIC),
        true => written_host(bare).map(|host| Rule::Block(Pattern::Exact(host))),
        false => parse_rule(text),
    }
}

fn is_header(text: &str) -> bool {
    text.starts_with('[') && text.ends_with(']') && !text.starts_with("[$")
}

/// `!` begins a remark, and so does a `#` that begins no cosmetic rule.
fn is_comment(text: &str) -> bool {
    text.is_empty() || text.starts_with('!') || (text.starts_with('#') && !is_cosmetic(text))
}

/// `##`, `#@#`, `#?#`, `#$#`, `#%#` and their kin before a selector; `$$` before an element; `[$...]` before either.
fn is_cosmetic(text: &str) -> bool {
    let is_mark = |(at, _): (usize, &str)| {
        let inner = text.get(at + 1..).unwrap_or_default().trim_start_matches(['@', '?', '$', '%']);
        inner.strip_prefix('#').is_some_and(|selector| !selector.is_empty() && !selector.starts_with(['#', ' ']))
    };
    text.starts_with("[$") || text.contains("$$") || text.contains("$@$") || text.match_indices('#').any(is_mark)
}

/// Passes the options that leave a rule holding for a page opened by itself.
fn check_option(option: &str, is_exception: bool) -> Result<(), Skip> {
    let name = option.split('=').next().unwrap_or_default().to_ascii_lowercase();
    Err(Skip::NotTaken(match name.as_str() {
        "important" | "document" | "doc" | "all" => return Ok(()),
        "popup" if !is_exception => return Ok(()),
        "popup" => "holds only for pop-up windows",
        "domain" | "from" | "denyallow" | "to" | "app" | "url" => "holds only on some sites",
        "client" | "ctag" | "dnstype" | "dnsrewrite" => "holds only for some DNS questions",
        "badfilter" => "cancels another rule",
        "match-case" => "tells capital letters apart",
        "method" | "header" | "network" => "holds only for some requests",
        "csp" | "redirect" | "redirect-rule" | "rewrite" | "removeparam" | "queryprune" | "replace" | "cookie" | "permissions"
        | "removeheader" | "hls" | "jsonprune" | "xmlprune" | "urltransform" | "uritransform" | "urlskip" | "referrerpolicy" | "empty"
        | "mp4" | "inline-script" | "inline-font" | "elemhide" | "ehide" | "generichide" | "ghide" | "specifichide" | "shide"
        | "genericblock" | "jsinject" | "urlblock" | "content" | "extension" | "stealth" => "changes pages instead of blocking them",
        _ if is_inside_page(name.strip_prefix('~').unwrap_or(&name)) => "holds only inside other pages",
        _ => return Err(Skip::Syntax("an option that is not known")),
    }))
}

fn is_inside_page(name: &str) -> bool {
    matches!(
        name,
        "third-party"
            | "3p"
            | "first-party"
            | "1p"
            | "strict3p"
            | "strict1p"
            | "strict-third-party"
            | "strict-first-party"
            | "script"
            | "image"
            | "stylesheet"
            | "css"
            | "object"
            | "object-subrequest"
            | "xmlhttprequest"
            | "xhr"
            | "subdocument"
            | "frame"
            | "ping"
            | "beacon"
            | "websocket"
            | "webrtc"
            | "media"
            | "font"
            | "other"
            | "popup"
            | "popunder"
            | "document"
            | "doc"
            | "background"
            | "xbl"
            | "dtd"
    )
}

/// A pattern tied to the start of a host (`||`, `|`) or of an address (`|https://`).
fn anchored(pattern: &str, is_exception: bool) -> Result<Pattern, Skip> {
    let (rest, and_below) = match (pattern.strip_prefix("||"), pattern.strip_prefix('|')) {
        (Some(rest), _) => (rest, true),
        (None, Some(rest)) => {
            (["http://", "https://", "ws://", "wss://"].iter().find_map(|scheme| rest.strip_prefix(scheme)).unwrap_or(rest), false)
        }
        (None, None) if pattern.contains('*') => return Err(WILDCARD),
        (None, None) => return Err(GENERIC),
    };
    let (rest, is_whole) = rest.strip_suffix('|').map_or((rest, false), |rest| (rest, true));
    let rest = if is_whole { rest } else { rest.trim_end_matches('*') };
    if rest.contains(['*', '|']) {
        return Err(WILDCARD);
    }
    let after_brackets = if rest.starts_with('[') { rest.find(']').unwrap_or(0) } else { 0 };
    let end = rest.get(after_brackets..).and_then(|part| part.find(['/', '^', ':', '?'])).map_or(rest.len(), |at| after_brackets + at);
    let (host, tail) = rest.split_at_checked(end).ok_or(GENERIC)?;
    match tail {
        "" if !ends_like_a_host(host) => Err(GENERIC),
        "" | "^" | "/" if is_whole => Err(Skip::NotTaken("only the first page of a host")),
        "" | "^" | "/" => written_host(host).map(|host| if and_below { Pattern::below_host(host) } else { Pattern::Exact(host) }),
        tail if tail.starts_with(':') => Err(Skip::NotTaken("holds only for one port")),
        tail if tail.starts_with('/') => page(host, tail.strip_suffix('^').unwrap_or(tail), and_below, is_exception && is_whole),
        _ => Err(GENERIC),
    }
}

/// The pages of a host whose path begins so. A rule for one address alone (`|` at its end) is taken with the pages below it, where
/// hardly ever is anything, but an exception is not widened.
fn page(host: &str, path: &str, and_below: bool, would_widen: bool) -> Result<Pattern, Skip> {
    if path.contains('^') {
        return Err(WILDCARD);
    }
    if would_widen {
        return Err(Skip::NotTaken("excepts one address exactly"));
    }
    let host = written_host(host)?;
    // In brackets where it must be: the address is written anew from the parsed host.
    let address = if host.as_str().contains(':') { format!("[{host}]{path}") } else { format!("{host}{path}") };
    let url = UrlPrefix::parse(&address).map_err(Skip::Target)?;
    Ok(if and_below { Pattern::url_below(url) } else { Pattern::Url(url) })
}

/// A host as a rule writes it. `192.168` and `google.` are beginnings of hosts here, not spellings of one.
fn written_host(text: &str) -> Result<Host, Skip> {
    let host = Host::parse(text).map_err(Skip::Host)?;
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let is_spelt_out = if host.is_address() { bare.parse::<std::net::IpAddr>().is_ok() } else { !text.ends_with('.') };
    if is_spelt_out { Ok(host) } else { Err(GENERIC) }
}

/// Without `^` or `/` behind it, a host may be cut off in the middle: it is taken for whole if it ends in a known top-level name.
fn ends_like_a_host(text: &str) -> bool {
    let is_known = |(_, last): (&str, &str)| Host::parse(last).is_ok_and(|last| last.is_public_suffix());
    text.rsplit_once('.').is_some_and(is_known) || Host::parse(text).is_ok_and(|host| host.is_address())
}

#[cfg(test)]
#[path = "adblock_tests.rs"]
mod tests;
