//! Which format a file has, by its name and its beginning.

use std::net::IpAddr;

use filter::host::Host;

use super::format::Format;
use super::{csv_list, lines};

/// How much of a file is looked at, in bytes.
pub const HEAD: usize = 64 * 1024;
/// How many lines of that.
const MAX_LINES: usize = 1_000;

/// Why a file is not read as a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Refusal {
    /// HTML or XML; often the error page of a download.
    #[error("this is a web page, not a list")]
    WebPage,
    /// Compressed, compiled or UTF-16.
    #[error("this is not text; unpack or convert it first")]
    Binary,
    /// A `.rpl` test of the Unbound name server.
    #[error("this is a test scenario of Unbound, not a zone")]
    UnboundScenario,
    /// JSON of another kind.
    #[error("this is JSON, but not a catalogue of services")]
    OtherJson,
    /// No line that says anything.
    #[error("the file has no entries")]
    Empty,
    /// Text that is like no format.
    #[error("the format was not recognised; name it (FORMAT:PATH)")]
    Unknown,
}

/// Detects the format from the file's name (without folders) and its first [`HEAD`] bytes.
///
/// # Errors
/// Why it is none; never a guess.
pub fn detect(name: &str, head: &[u8]) -> Result<Format, Refusal> {
    let head = head.get(..HEAD).unwrap_or(head);
    if is_binary(head) {
        return Err(Refusal::Binary);
    }
    let text = lines::decode(head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head));
    let start: String = text.trim_start().chars().take(16).collect::<String>().to_ascii_lowercase();
    if ["<!doctype", "<html", "<head", "<?xml", "<body"].iter().any(|tag| start.starts_with(tag)) {
        return Err(Refusal::WebPage);
    }
    if name.ends_with(".rpl") || text.lines().any(|line| line.starts_with("SCENARIO_BEGIN") || line.trim_end() == "CONFIG_END") {
        return Err(Refusal::UnboundScenario);
    }
    match name {
        "domains" => return Ok(Format::SquidGuardDomains),
        "urls" => return Ok(Format::SquidGuardUrls),
        "expressions" => return Ok(Format::SquidGuardExpressions),
        _ => {}
    }
    if start.starts_with('{') || start.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with(['{', ']'])) {
        return if text.contains("\"rules\"") { Ok(Format::Services) } else { Err(Refusal::OtherJson) };
    }
    by_lines(&text, head.len() == HEAD)
}

fn is_binary(head: &[u8]) -> bool {
    const MAGIC: [&[u8]; 9] =
        [b"\x1f\x8b", b"PK\x03\x04", b"\xfd7zXZ", b"BZh", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"\x7fELF", b"\xff\xfe", b"\xfe\xff"];
    let control = head.iter().filter(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace()).count();
    MAGIC.iter().any(|magic| head.starts_with(magic)) || control * 50 > head.len()
}

/// What a line looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Look {
    /// Empty, or a remark in any format.
    Nothing,
    /// A line that only this format has, and that says it for the whole file.
    Certain(Format),
    /// A line of this format.
    Like(Format),
    /// A line of none.
    Strange,
}

/// The format that most lines have, if that is more than half of those that say anything.
fn by_lines(text: &str, is_cut: bool) -> Result<Format, Refusal> {
    let cut = if is_cut { text.rfind('\n').unwrap_or(text.len()) } else { text.len() };
    let looks = text.get(..cut).unwrap_or_default().lines().map(look).filter(|look| *look != Look::Nothing).take(MAX_LINES);
    let looks: Vec<Look> = looks.collect();
    if looks.is_empty() {
        return Err(Refusal::Empty);
    }
    // A header of a table says so only as the first line; the others wherever they stand.
    let certain = looks.iter().enumerate().find_map(|(at, look)| match look {
        Look::Certain(Format::Csv) if at > 0 => None,
        Look::Certain(format) => Some(*format),
        _ => None,
    });
    if let Some(format) = certain {
        return Ok(format);
    }
    let count = |wanted: Format| looks.iter().filter(|look| **look == Look::Like(wanted)).count();
    let plain = count(Format::Domains);
    let (format, votes) = [Format::Hosts, Format::Dnsmasq, Format::Adblock, Format::V2fly, Format::Rpz, Format::SquidGuardUrls]
        .into_iter()
        .map(|format| (format, count(format)))
        // The first of equals; plain names are the rest of a v2fly list or of a list of pages.
        .fold((Format::Domains, 0), |best, this| if this.1 > best.1 { this } else { best });
    let (format, votes) = match format {
        Format::V2fly | Format::SquidGuardUrls if votes > 0 => (format, votes + plain),
        _ if votes > plain => (format, votes),
        _ => (Format::Domains, plain),
    };
    if votes * 2 > looks.len() { Ok(format) } else { Err(Refusal::Unknown) }
}

fn look(line: &str) -> Look {
    let text = line.trim();
    let mut words = text.split_whitespace();
    let Some(first) = words.next() else { return Look::Nothing };
    let rest: Vec<&str> = words.take(6).collect();
    if text.starts_with("[Adblock") {
        return Look::Certain(Format::Adblock);
    }
    if matches!(first, "$TTL" | "$ORIGIN") || rest.iter().take(3).any(|word| word.eq_ignore_ascii_case("SOA")) {
        return Look::Certain(Format::Rpz);
    }
    if csv_list::is_header(text) {
        return Look::Certain(Format::Csv);
    }
    if text.starts_with(['#', '!', ';']) && !text.starts_with("##") || text.starts_with("//") {
        return Look::Nothing;
    }
    if ["address=/", "server=/", "local=/"].iter().any(|option| text.starts_with(option)) {
        return Look::Like(Format::Dnsmasq);
    }
    if ["include:", "full:", "regexp:", "keyword:", "domain:"].iter().any(|kind| text.starts_with(kind)) {
        return Look::Like(Format::V2fly);
    }
    if ["||", "@@", "|http", "##"].iter().any(|mark| text.starts_with(mark)) || text.contains("##") || text.ends_with('^') {
        return Look::Like(Format::Adblock);
    }
    let remark = rest.first().is_some_and(|word| word.starts_with('#'));
    if first.split('%').next().is_some_and(|address| address.parse::<IpAddr>().is_ok()) && !rest.is_empty() && !remark {
        return Look::Like(Format::Hosts);
    }
    if rest.iter().take(3).any(|word| word.eq_ignore_ascii_case("CNAME")) {
        return Look::Like(Format::Rpz);
    }
    match rest.first() {
        Some(word) if word.starts_with(['@', '&']) => Look::Like(Format::V2fly),
        Some(_) if !remark => Look::Strange,
        _ => look_of_name(first),
    }
}

fn look_of_name(word: &str) -> Look {
    let name = word.strip_prefix("*.").or_else(|| word.strip_prefix('.')).unwrap_or(word);
    if name.contains('.') && Host::parse(name).is_ok() || name.parse::<IpAddr>().is_ok() {
        return Look::Like(Format::Domains);
    }
    let address = word.strip_prefix("https://").or_else(|| word.strip_prefix("http://")).unwrap_or(word);
    match address.split_once('/') {
        Some((host, bits)) if host.parse::<IpAddr>().is_ok() && bits.parse::<u8>().is_ok() => Look::Like(Format::Domains),
        Some((host, _)) if host.contains('.') && Host::parse(host).is_ok() => Look::Like(Format::SquidGuardUrls),
        _ => Look::Strange,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, text: &str, expected: Result<Format, Refusal>) {
        assert_eq!(detect(name, text.as_bytes()), expected, "{name}: {text:?}");
    }

    #[test]
    fn formats_by_their_lines() {
        check("x.txt", "# c\n0.0.0.0 a.example\n127.0.0.1 b.example\n", Ok(Format::Hosts));
        check("x.txt", "# c\na.example\nb.example # why\n192.0.2.1\n", Ok(Format::Domains));
        check("x.txt", "*.a.example\n*.b.example\n", Ok(Format::Domains));
        check("x.ip", "192.0.2.1\n192.0.2.0/24\n", Ok(Format::Domains));
        check("x.conf", "server=/a.example/\n", Ok(Format::Dnsmasq));
        check("x.txt", "! c\n||a.example^\n@@||b.example^\nc.example##.ad\n", Ok(Format::Adblock));
        check("x.txt", "[Adblock Plus 2.0]\n-ad-\n.ads/\n", Ok(Format::Adblock));
        check("x", "$TTL 60\n@ SOA a. b. 1 2 3 4 5\n", Ok(Format::Rpz));
        check("x", "a.example CNAME .\n*.a.example CNAME .\n", Ok(Format::Rpz));
        check("x.csv", "domain,category\na.example,games\n", Ok(Format::Csv));
        check("x.json", "[\n{\"id\":\"x\",\"rules\":[]}]", Ok(Format::Services));
        check("x", "a.example\nb.example @ads\nc.example\nfull:d.example\n", Ok(Format::V2fly));
        check("pages.txt", "a.example/x\nhttps://b.example/y\nc.example\n", Ok(Format::SquidGuardUrls));
        check("x.txt", "\u{feff}a.example\r\nb.example\r\n", Ok(Format::Domains));
    }

    #[test]
    fn squidguard_files_by_their_names() {
        check("domains", "", Ok(Format::SquidGuardDomains));
        check("urls", "a.example/x\n", Ok(Format::SquidGuardUrls));
        check("expressions", "(a|b)\n", Ok(Format::SquidGuardExpressions));
    }

    #[test]
    fn what_is_no_list_is_refused_with_a_reason() {
        check("x.txt", "\n <!DOCTYPE html><p>Not found", Err(Refusal::WebPage));
        check("domains", "<html>", Err(Refusal::WebPage));
        check("x.rpl", "; c\nserver:\n", Err(Refusal::UnboundScenario));
        check("x", "; config\nCONFIG_END\nSCENARIO_BEGIN x\n", Err(Refusal::UnboundScenario));
        check("x.json", "{\"a\": 1}", Err(Refusal::OtherJson));
        check("x", "\n# only remarks\n", Err(Refusal::Empty));
        check("x", "", Err(Refusal::Empty));
        check("notes.txt", "Dear colleagues,\nplease block games.example today.\nThank you\n", Err(Refusal::Unknown));
        for bytes in [&b"PK\x03\x04..."[..], b"\x1f\x8b\x08\0", b"\xff\xfea\0.\0", b"\0\0\0\0"] {
            assert_eq!(detect("x", bytes), Err(Refusal::Binary));
        }
    }

    #[test]
    fn a_line_cut_by_the_end_of_what_is_looked_at_does_not_count() {
        let text = "0.0.0.0 a.example\n".repeat(HEAD / 18 + 2);
        check("x", &text, Ok(Format::Hosts));
    }
}
