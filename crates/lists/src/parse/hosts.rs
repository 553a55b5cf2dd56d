//! Hosts files: an address that leads nowhere, then the names that it is given.

use std::io::{self, BufRead};
use std::net::IpAddr;

use super::{Pattern, Sink, Skip, lines, put};

/// Names that a computer's own hosts file holds and no list means to block.
const OWN_NAMES: [&str; 13] = [
    "localhost",
    "localhost.localdomain",
    "localhost4",
    "localhost6",
    "local",
    "broadcasthost",
    "ip6-localhost",
    "ip6-loopback",
    "ip6-localnet",
    "ip6-mcastprefix",
    "ip6-allnodes",
    "ip6-allrouters",
    "ip6-allhosts",
];

/// Reads a hosts file: every name is that host alone, as in the hosts file of a computer.
///
/// # Errors
/// Only what `input` itself returns.
pub fn read(input: &mut dyn BufRead, sink: &mut dyn Sink) -> io::Result<()> {
    lines::each(input, sink, read_line)
}

/// One line of a hosts file; also what AdGuard takes among its own rules.
pub(super) fn read_line(sink: &mut dyn Sink, number: u32, text: &str) {
    let mut words = text.split('#').next().unwrap_or_default().split_whitespace().peekable();
    let Some(first) = words.next() else { return };
    let Some(address) = address(first) else {
        return sink.skip(number, Skip::Syntax("no address before the name"), text);
    };
    if words.peek().is_none() {
        return sink.skip(number, Skip::Syntax("an address without a name"), text);
    }
    for name in words.filter(|name| !is_own(name)) {
        let parsed = if !leads_nowhere(address) {
            Err(Skip::NotTaken("leads the name to another address"))
        } else {
            Pattern::exact(name).and_then(|pattern| match pattern {
                Pattern::Exact(host) if host.is_address() => Err(Skip::NotTaken("an address where a name belongs")),
                other => Ok(other),
            })
        };
        put(sink, number, text, parsed);
    }
}

/// The address that begins a line; `fe80::1%lo0` names an interface too.
pub(super) fn address(word: &str) -> Option<IpAddr> {
    word.split('%').next()?.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

fn leads_nowhere(address: IpAddr) -> bool {
    address.is_unspecified() || address.is_loopback()
}

fn is_own(name: &str) -> bool {
    OWN_NAMES.iter().any(|own| name.eq_ignore_ascii_case(own)) || address(name).is_some_and(leads_nowhere)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::testing::Found;

    #[test]
    fn sinks_names_and_the_computers_own_lines() {
        let mut found = Found::default();
        let text = "127.0.0.1 localhost\n::1 ip6-localhost ip6-loopback\nfe80::1%lo0 localhost\n255.255.255.255 broadcasthost\n\
                    0.0.0.0 0.0.0.0\n0.0.0.0 One.example two.example # both\n:: three.example\n127.0.1.1\tfour.example\n\
                    192.0.2.9 local-server.example\nlonely.example\n0.0.0.0\n0.0.0.0 192.0.2.1\n0.0.0.0 bad/name ok.example\n# end\n";
        read(&mut text.as_bytes(), &mut found).expect("reading");
        assert_eq!(found.entries(), ["6 =one.example", "6 =two.example", "7 =three.example", "8 =four.example", "13 =ok.example"]);
        assert_eq!(
            found.skips(),
            [
                "9 not taken: leads the name to another address: 192.0.2.9 local-server.example",
                "10 not understood: no address before the name: lonely.example",
                "11 not understood: an address without a name: 0.0.0.0",
                "12 not taken: an address where a name belongs: 0.0.0.0 192.0.2.1",
                "13 not a host: the text is not a host name or an address: 0.0.0.0 bad/name ok.example",
            ]
        );
    }
}
