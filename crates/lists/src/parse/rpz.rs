//! Response policy zones (draft-vixie-dnsop-dns-rpz), read as the master file that a name server loads.
//!
//! In a zone `x` covers `x` alone and `*.x` only what is below it. Makers of lists write both, which together is the host and
//! all below. So `x` becomes an exact entry; `*.x` becomes "host and below" where the zone also has `x`, and otherwise an expression
//! that leaves `x` itself alone.

mod master;

use std::collections::HashMap;
use std::io::{self, BufRead};

use filter::host::Host;

use super::{Pattern, Sink, Skip};
use master::Record;

/// Names that are remembered to find `x` and `*.x` of one zone. Beyond it (a zone of a million names that does not keep the two
/// together) lone wildcards become expressions or are left out, never widened.
const MAX_REMEMBERED: usize = 1_000_000;
/// Expressions made of lone wildcards: each costs time at every request.
const MAX_EXPRESSIONS: usize = 1_000;

/// Reads a zone: NXDOMAIN (`.`), NODATA (`*.`) and `rpz-drop.` block, `rpz-passthru.` excepts, all else is left out.
///
/// # Errors
/// Only what `input` itself returns.
pub fn read(input: &mut dyn BufRead, sink: &mut dyn Sink) -> io::Result<()> {
    let mut zone = Zone::default();
    master::records(input, sink, |sink, record| match zone.judge(&record) {
        Ok(None) => {}
        Ok(Some((trigger, is_exception))) => zone.take(sink, record.line, trigger, is_exception),
        Err(why) => sink.skip(record.line, why, &record.text),
    })?;
    zone.finish(sink);
    Ok(())
}

/// Which questions a record is for.
enum Trigger {
    Exact(Host),
    Below(Host),
}

#[derive(Default)]
struct Zone {
    /// Absolute name of the zone, without the last dot; known from the first record on.
    apex: Option<String>,
    /// Hosts of which one half was seen: `x` (none), or `*.x` with its line. Exceptions apart from entries.
    halves: HashMap<(Host, bool), Option<u32>>,
}

// === impl Zone ===

impl Zone {
    /// What a record says: nothing of interest, or a trigger and whether it excepts.
    fn judge(&mut self, record: &Record) -> Result<Option<(Trigger, bool)>, Skip> {
        let apex = self.apex.get_or_insert_with(|| if record.kind == "SOA" { record.owner.clone() } else { record.origin.clone() });
        if record.kind == "SOA" || record.kind == "NS" && record.owner == *apex {
            return Ok(None);
        }
        let name = within(&record.owner, apex).ok_or(Skip::Syntax("a name outside the zone"))?;
        let trigger = trigger(name)?;
        if record.kind != "CNAME" {
            return Err(Skip::NotTaken("answers with data of its own"));
        }
        let to_itself = record.target == name;
        match record.target.as_str() {
            "" | "*" | "rpz-drop" => Ok(Some((trigger, false))),
            "rpz-passthru" => Ok(Some((trigger, true))),
            // The first form of the format wrote "let it pass" as an alias of the name to itself.
            _ if to_itself => Ok(Some((trigger, true))),
            "rpz-tcp-only" => Err(Skip::NotTaken("sends the question to TCP")),
            _ => Err(Skip::NotTaken("answers with data of its own")),
        }
    }

    fn take(&mut self, sink: &mut dyn Sink, line: u32, trigger: Trigger, is_exception: bool) {
        let put = |sink: &mut dyn Sink, line, pattern| {
            if is_exception { sink.except(line, None, pattern) } else { sink.entry(line, None, pattern) }
        };
        match trigger {
            Trigger::Exact(host) if host.is_address() => put(sink, line, Pattern::Exact(host)),
            Trigger::Exact(host) => {
                let key = (host, is_exception);
                if let Some(Some(wildcard)) = self.halves.get(&key).copied() {
                    self.halves.remove(&key);
                    put(sink, wildcard, Pattern::Suffix(key.0.clone()));
                } else if self.halves.len() < MAX_REMEMBERED {
                    self.halves.insert(key.clone(), None);
                }
                put(sink, line, Pattern::Exact(key.0));
            }
            Trigger::Below(host) => {
                let key = (host, is_exception);
                if self.halves.get(&key) == Some(&None) {
                    self.halves.remove(&key);
                    put(sink, line, Pattern::Suffix(key.0));
                } else if self.halves.len() < MAX_REMEMBERED {
                    self.halves.insert(key, Some(line));
                } else {
                    sink.skip(line, TOO_MANY, &format!("*.{}", key.0));
                }
            }
        }
    }

    /// Gives out the wildcards whose own name the zone does not have.
    fn finish(self, sink: &mut dyn Sink) {
        let mut lone: Vec<_> =
            self.halves.into_iter().filter_map(|((host, is_exception), line)| Some((line?, is_exception, host))).collect();
        lone.sort_unstable();
        for (at, (line, is_exception, host)) in lone.into_iter().enumerate() {
            let pattern = Pattern::HostExpression(format!("\\.{}$", regex::escape(host.as_str())));
            match (at < MAX_EXPRESSIONS, is_exception) {
                _ if host.is_too_wide_to_list() => sink.skip(line, Skip::NotTaken("covers a whole public suffix"), &format!("*.{host}")),
                (false, _) => sink.skip(line, TOO_MANY, &format!("*.{host}")),
                (true, false) => sink.entry(line, None, pattern),
                (true, true) => sink.except(line, None, pattern),
            }
        }
    }
}

const TOO_MANY: Skip = Skip::NotTaken("covers what is below a name without the name, as over 1000 others");

fn within<'a>(owner: &'a str, apex: &str) -> Option<&'a str> {
    if apex.is_empty() {
        return Some(owner);
    }
    match owner.strip_suffix(apex)? {
        "" => Some(""),
        below => below.strip_suffix('.'),
    }
}

fn trigger(name: &str) -> Result<Trigger, Skip> {
    let last = name.rsplit('.').next().unwrap_or_default();
    match last {
        "" => return Err(Skip::Syntax("a rule for the zone itself")),
        "rpz-ip" => return Err(Skip::NotTaken("judges by the address in the answer")),
        "rpz-client-ip" => return Err(Skip::NotTaken("judges by the address of who asks")),
        "rpz-nsip" => return Err(Skip::NotTaken("judges by the address of a name server")),
        "rpz-nsdname" => return Err(Skip::NotTaken("judges by the name of a name server")),
        "*" if name == "*" => return Err(Skip::NotTaken("covers every name")),
        _ => {}
    }
    match name.strip_prefix("*.") {
        Some(above) => match Host::parse(above).map_err(Skip::Host)? {
            host if host.is_address() => Err(Skip::Syntax("a wildcard below an address")),
            host => Ok(Trigger::Below(host)),
        },
        None => Host::parse(name).map(Trigger::Exact).map_err(Skip::Host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::testing::Found;

    fn found(text: &str) -> Found {
        let mut found = Found::default();
        read(&mut text.as_bytes(), &mut found).expect("reading from memory");
        found
    }

    #[test]
    fn a_zone_as_lists_ship_it() {
        let found = found(
            "$TTL 3600\n@ SOA localhost. root.localhost. 1 2 3 4 5\n  NS localhost.\n; note\nA.example CNAME .\n*.a.example CNAME .\n\
                           *.b.example CNAME .\nb.example CNAME . ; why\nc.example CNAME *.\nd.example IN CNAME rpz-drop.\n\
                           e.example 300 IN CNAME rpz-passthru.\nf.example IN 1h CNAME f.example.\n",
        );
        assert_eq!(found.entries(), ["5 =a.example", "6 *.a.example", "7 *.b.example", "8 =b.example", "9 =c.example", "10 =d.example"]);
        assert_eq!(found.excepts(), ["11 =e.example", "12 =f.example"]);
        assert_eq!(found.skips(), [""; 0]);
    }

    #[test]
    fn a_lone_wildcard_leaves_the_name_itself() {
        let found =
            found("x.example CNAME .\n*.lone.example CNAME .\n*.free.example CNAME rpz-passthru.\n*.192.0.2.1 CNAME .\n*.com CNAME .\n");
        assert_eq!(found.entries(), ["1 =x.example", r"2 host~\.lone\.example$"]);
        assert_eq!(found.excepts(), [r"3 host~\.free\.example$"]);
        assert_eq!(
            found.skips(),
            ["4 not understood: a wildcard below an address: *.192.0.2.1 CNAME .", "5 not taken: covers a whole public suffix: *.com"]
        );
    }

    #[test]
    fn lone_wildcards_are_bounded() {
        let text: String = (0..MAX_EXPRESSIONS + 2).map(|number| format!("*.n{number}.example CNAME .\n")).collect();
        let found = found(&text);
        assert_eq!((found.entries().len(), found.skips().len()), (MAX_EXPRESSIONS, 2));
    }

    #[test]
    fn an_entry_and_an_exception_are_no_pair() {
        let found = found("a.example CNAME .\n*.a.example CNAME rpz-passthru.\n");
        assert_eq!((found.entries(), found.excepts()), (vec!["1 =a.example".to_owned()], vec![r"2 host~\.a\.example$".to_owned()]));
    }

    #[test]
    fn names_are_relative_to_the_origin_and_the_zone() {
        let found = found(
            "$ORIGIN example.com.\nrpz 3600 IN SOA ns1.example.com. admin.example.com. (\n\t1 2 ; serial\n\t3 4 5 )\n\t3600 IN NS ns1.example.com.\n\
                           $ORIGIN rpz.example.com.\na CNAME .\nb.example.rpz.example.com. CNAME .\nelsewhere.example. CNAME .\n\
                           \tCNAME .\n$ORIGIN sub\nc CNAME .\nd CNAME d.sub.\n@ CNAME rpz-passthru.\n",
        );
        assert_eq!(found.entries(), ["7 =a", "8 =b.example", "12 =c.sub"]);
        assert_eq!(found.excepts(), ["13 =d.sub", "14 =sub"]);
        assert_eq!(
            found.skips(),
            [
                "9 not understood: a name outside the zone: elsewhere.example. CNAME .",
                "10 not understood: a name outside the zone: \tCNAME .",
            ]
        );
    }

    #[test]
    fn other_triggers_and_answers_are_reported() {
        for (record, why) in [
            ("a.example TXT \"two; words\"", "not taken: answers with data of its own"),
            ("a.example A 192.0.2.1", "not taken: answers with data of its own"),
            ("a.example CNAME *.garden.example.", "not taken: answers with data of its own"),
            ("a.example CNAME rpz-passthru", "not taken: answers with data of its own"),
            ("a.example CNAME rpz-tcp-only.", "not taken: sends the question to TCP"),
            ("24.0.2.0.192.rpz-ip CNAME .", "not taken: judges by the address in the answer"),
            ("24.0.2.0.192.rpz-client-ip CNAME .", "not taken: judges by the address of who asks"),
            ("24.0.2.0.192.rpz-nsip CNAME .", "not taken: judges by the address of a name server"),
            ("ns.example.rpz-nsdname CNAME .", "not taken: judges by the name of a name server"),
            ("* CNAME .", "not taken: covers every name"),
            ("@ CNAME .", "not understood: a rule for the zone itself"),
            ("a\\.b CNAME .", "not a host: the text is not a host name or an address"),
            ("a.example CNAME", "not understood: a record without an answer"),
            ("a.example", "not understood: a record without a type"),
            ("a.example IN 300", "not understood: a record without a type"),
            ("a.example CNAME . )", "not understood: a bracket that was never opened"),
            ("$INCLUDE more.zone", "not taken: a directive that names other records"),
        ] {
            assert_eq!(found(record).skips(), [format!("1 {why}: {record}")], "{record}");
        }
        assert_eq!(found("\tCNAME .\n").skips(), ["1 not understood: no name before the first record: \tCNAME ."]);
        assert_eq!(found("a.example CNAME (\n.\n").skips(), ["1 not understood: a bracket that is never closed: a.example CNAME ("]);
        let found = found(&format!("a.example TXT (\n{}\nb.example CNAME .\n", "x\n".repeat(2_000)));
        assert_eq!(found.entries(), ["2003 =b.example"]);
    }
}
