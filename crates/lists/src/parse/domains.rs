//! Lists of one host a line: plain, with `*.` before it, addresses, and the options of dnsmasq.

use std::io::{self, BufRead};
use std::net::IpAddr;

use super::{Pattern, Sink, Skip, lines, put};

/// Reads a list of hosts, each with all that is below it. `example.com`, `.example.com` and `*.example.com` say the same, as
/// their makers use them. An address stands for itself; a range of addresses is left out.
///
/// # Errors
/// Only what `input` itself returns.
pub fn read(input: &mut dyn BufRead, sink: &mut dyn Sink) -> io::Result<()> {
    lines::each(input, sink, |sink, number, text| {
        let entry = text.split('#').next().unwrap_or_default().trim();
        if !entry.is_empty() && !entry.starts_with(['!', ';']) && !entry.starts_with("//") {
            put(sink, number, text, host(entry));
        }
    })
}

fn host(entry: &str) -> Result<Pattern, Skip> {
    if entry.contains(char::is_whitespace) {
        return Err(Skip::Syntax("more than one word"));
    }
    let is_range = entry.split_once('/').is_some_and(|(address, bits)| address.parse::<IpAddr>().is_ok() && bits.parse::<u8>().is_ok());
    if is_range {
        return Err(Skip::NotTaken("a range of addresses"));
    }
    Pattern::below(entry.strip_prefix("*.").or_else(|| entry.strip_prefix('.')).unwrap_or(entry))
}

/// Reads a dnsmasq configuration: `address=/x/`, `server=/x/` and `local=/x/` without a real answer block `x` and what is below;
/// `server=/x/#` excepts it.
///
/// # Errors
/// Only what `input` itself returns.
pub fn read_dnsmasq(input: &mut dyn BufRead, sink: &mut dyn Sink) -> io::Result<()> {
    lines::each(input, sink, |sink, number, text| {
        // `#` begins a remark only at the start of a word: in `server=/x/#` it is the answer.
        let is_remark = |at: &usize| text.get(..*at).is_some_and(|before| before.is_empty() || before.ends_with(char::is_whitespace));
        let end = text.match_indices('#').map(|(at, _)| at).find(is_remark).unwrap_or(text.len());
        let option = text.get(..end).unwrap_or_default().trim();
        if option.is_empty() {
            return;
        }
        match dnsmasq_option(option) {
            Err(why) => sink.skip(number, why, text),
            Ok((names, except)) => {
                for name in names.split('/') {
                    match dnsmasq_name(name) {
                        Err(why) => sink.skip(number, why, text),
                        Ok(pattern) if except => sink.except(number, None, pattern),
                        Ok(pattern) => sink.entry(number, None, pattern),
                    }
                }
            }
        }
    })
}

/// The names of an option (parted by `/`) and whether it excepts them.
fn dnsmasq_option(option: &str) -> Result<(&str, bool), Skip> {
    let other = Skip::NotTaken("an option of dnsmasq that blocks nothing");
    let (key, value) = option.split_once('=').ok_or(other)?;
    let key = key.trim();
    if !matches!(key, "address" | "server" | "local") {
        return Err(other);
    }
    let value = value.trim().strip_prefix('/').ok_or(other)?;
    let (names, answer) = value.rsplit_once('/').ok_or(Skip::Syntax("no second slash"))?;
    match (key, answer) {
        (_, "") | ("address", "#") => Ok((names, false)),
        ("server" | "local", "#") => Ok((names, true)),
        ("address", answer) if answer.parse::<IpAddr>().is_ok_and(|to| to.is_unspecified() || to.is_loopback()) => Ok((names, false)),
        _ => Err(Skip::NotTaken("leads the name to another address")),
    }
}

fn dnsmasq_name(name: &str) -> Result<Pattern, Skip> {
    match name {
        "#" => Err(Skip::NotTaken("covers every name")),
        "" => Err(Skip::NotTaken("covers names without a dot")),
        name => Pattern::below(name.strip_prefix("*.").unwrap_or(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::testing::Found;

    #[test]
    fn plain_wildcard_and_addresses() {
        let mut found = Found::default();
        let text = "# list\n! list\nplain.example\n*.wild.example # note\n.dot.example\n192.0.2.1\n192.0.2.0/24\n2001:db8::/32\n\
                    two words\nhttps://page.example/\na.*.example\n";
        read(&mut text.as_bytes(), &mut found).expect("reading");
        assert_eq!(found.entries(), ["3 *.plain.example", "4 *.wild.example", "5 *.dot.example", "6 =192.0.2.1"]);
        assert_eq!(
            found.skips(),
            [
                "7 not taken: a range of addresses: 192.0.2.0/24",
                "8 not taken: a range of addresses: 2001:db8::/32",
                "9 not understood: more than one word: two words",
                "10 not a host: the text is not a host name or an address: https://page.example/",
                "11 not a host: the text is not a host name or an address: a.*.example",
            ]
        );
    }

    #[test]
    fn dnsmasq_options() {
        let mut found = Found::default();
        let text = "# list\naddress=/a.example/\naddress=/b.example/c.example/0.0.0.0\naddress=/d.example/#\naddress=/e.example/::\n\
                    server=/f.example/\nlocal=/g.example/ # ours\nserver=/h.example/#\nserver=/i.example/192.0.2.1\n\
                    address=/j.example/192.0.2.1\naddress=/#/0.0.0.0\nserver=192.0.2.53\nno-resolv\naddress=/k.example\n";
        read_dnsmasq(&mut text.as_bytes(), &mut found).expect("reading");
        let expected =
            ["2 *.a.example", "3 *.b.example", "3 *.c.example", "4 *.d.example", "5 *.e.example", "6 *.f.example", "7 *.g.example"];
        assert_eq!(found.entries(), expected);
        assert_eq!(found.excepts(), ["8 *.h.example"]);
        assert_eq!(
            found.skips(),
            [
                "9 not taken: leads the name to another address: server=/i.example/192.0.2.1",
                "10 not taken: leads the name to another address: address=/j.example/192.0.2.1",
                "11 not taken: covers every name: address=/#/0.0.0.0",
                "12 not taken: an option of dnsmasq that blocks nothing: server=192.0.2.53",
                "13 not taken: an option of dnsmasq that blocks nothing: no-resolv",
                "14 not understood: no second slash: address=/k.example",
            ]
        );
    }
}
