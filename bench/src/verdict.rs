//! Verdict by host: time, memory, build and load, beside a plain `HashMap` and adblock-rust on the same names.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;

use adblock::lists::{FilterSet, ParseOptions};
use anyhow::Context as _;
use filter::overrides::{Effect, Override, Scope};
use filter::profile::shipped::Shipped;
use filter::snapshot::{Parts, Protected};
use filter::{Host, ProfileIndex, Request, Snapshot, Target, Who};
use jiff::tz::TimeZone;
use lists::build::Builder;
use lists::mapping::Mapping;
use lists::parse::Pattern;

use crate::domains::{Dice, name};
use crate::figures::{RUNS, anonymous_bytes, file_bytes, middle_ns, seconds, single_ns, spread};

/// Hosts asked for in each run.
const ASKED: usize = 200_000;

/// Sizes measured unless others are asked for.
const SIZES: [usize; 2] = [1_000_000, 5_000_000];

/// Measures with each of the sizes that are named, or the usual ones.
pub(crate) fn each(sizes: &[&str], measure: fn(usize)) -> anyhow::Result<()> {
    let named: Vec<usize> = sizes.iter().map(|size| size.parse()).collect::<Result<_, _>>().context("read the numbers of domains")?;
    let sizes = if named.is_empty() { SIZES.to_vec() } else { named };
    sizes.into_iter().for_each(measure);
    Ok(())
}

/// Measures with `size` listed domains, beside the peers, and prints.
pub(crate) fn run(size: usize) {
    only_ours(size);
    hash_map(size);
    adblock(size);
}

/// The same without the peers.
pub(crate) fn only_ours(size: usize) {
    println!("\n# {size} listed domains (least / middle / most of {RUNS})");
    let Ok(folder) = tempfile::tempdir() else { return };
    let path = folder.path().join("bench.sgpack");
    let (took, bytes) = seconds(|| build(size));
    println!("build: {took:.2} s, file {:.1} MB, {:.1} bytes a domain on disk", bytes.len() as f64 / 1e6, bytes.len() as f64 / size as f64);
    if let Err(error) = lists::pack_file::write(&path, &bytes) {
        println!("{error}");
        return;
    }
    drop(bytes);
    ours(size, &path);
}

fn build(size: usize) -> Vec<u8> {
    let Ok(mapping) = Mapping::shipped() else { return Vec::new() };
    let mut builder = Builder::new(&mapping);
    let labels = ["pornography", "gambling", "malware", "phishing", "games", "social-media"];
    builder.begin_list("bench");
    builder.begin_file("names", "", "domains", false);
    for number in 0..size {
        if let Ok(host) = Host::parse(&name(number)) {
            drop(builder.entry(number as u32 + 1, &[labels[number % labels.len()]], &Pattern::Suffix(host)));
        }
    }
    builder.end_list();
    builder.finish(&mut |_, _| {}).map(|built| built.bytes).unwrap_or_default()
}

/// Hosts to ask for: `share` of a hundred listed (half of those one label below), the rest not.
fn asked(size: usize, share: usize) -> Vec<String> {
    let mut dice = Dice(42);
    (0..ASKED)
        .map(|_| match dice.below(100) < share {
            true if dice.below(2) == 0 => format!("www.{}", name(dice.below(size))),
            true => name(dice.below(size)),
            false => format!("www.{}", name(size + dice.below(size))),
        })
        .collect()
}

fn ours(size: usize, path: &std::path::Path) {
    let before = (anonymous_bytes(), file_bytes());
    let loads = (0..RUNS).map(|_| seconds(|| lists::pack_file::open(path)).0 * 1e3).collect();
    println!("load: {}", spread(loads, "ms"));
    let Ok(pack) = lists::pack_file::open(path) else { return };
    println!(
        "memory: {:.2} bytes a domain held by the pack; process grew by {:.2} (own) + {:.2} (file pages)",
        pack.resident_bytes() as f64 / size as f64,
        anonymous_bytes().saturating_sub(before.0) as f64 / size as f64,
        file_bytes().saturating_sub(before.1) as f64 / size as f64,
    );
    let parts = Parts {
        sealed: Vec::new(),
        protected: own_hosts("help", 64).map(|host| Protected { host, name: "help".into() }).collect(),
        packs: vec![Arc::new(pack)],
        profiles: Shipped::ALL.iter().map(|shipped| shipped.profile()).collect(),
        unknown: ProfileIndex(1),
        people: Vec::new(),
        overrides: own_hosts("own", 200).map(exception).collect(),
        windows: Vec::new(),
        zone: TimeZone::UTC,
    };
    let Ok(snapshot) = Snapshot::new(parts) else { return };
    for (title, share) in [("none listed", 0), ("one of five listed", 20), ("all listed", 100)] {
        let targets: Vec<Target> =
            asked(size, share).iter().filter_map(|name| Host::parse(name).ok()).map(|host| Target::of_host(host, 443)).collect();
        let judge = |target: &Target| {
            black_box(filter::judge(&snapshot, Request { who: Who::UNKNOWN, target, when: jiff::Timestamp::UNIX_EPOCH }));
        };
        let runs = (0..RUNS).map(|_| middle_ns(&targets, judge)).collect();
        println!("ours, whole verdict, {title}: {}", spread(runs, "ns on average"));
        let singles: Vec<_> = (0..RUNS).map(|_| single_ns(&targets, judge)).collect();
        println!("    single verdicts, p50: {}", spread(singles.iter().map(|(middle, _)| *middle).collect(), "ns"));
        println!("    single verdicts, p99: {}", spread(singles.iter().map(|(_, most)| *most).collect(), "ns"));
    }
}

/// As many hosts of its own as a school has help lines and exceptions.
fn own_hosts(kind: &str, count: usize) -> impl Iterator<Item = Host> {
    (0..count).filter_map(move |number| Host::parse(&format!("{kind}{number}.example")).ok())
}

fn exception(host: Host) -> Override {
    Override {
        effect: Effect::Allow,
        scope: Scope::Everyone,
        host,
        path: None,
        reason: "bench".into(),
        author: "bench".into(),
        until: None,
    }
}

fn hash_map(size: usize) {
    let before = anonymous_bytes();
    let (took, map) =
        seconds(|| (0..size).map(|number| (name(number).into_boxed_str(), number as u16)).collect::<HashMap<Box<str>, u16>>());
    println!(
        "HashMap<Box<str>, u16>: build {took:.2} s, {:.1} bytes a domain",
        anonymous_bytes().saturating_sub(before) as f64 / size as f64
    );
    for (title, share) in [("none listed", 0), ("one of five listed", 20), ("all listed", 100)] {
        let hosts = asked(size, share);
        let look_up = |host: &String| {
            let mut name = host.as_str();
            loop {
                if let Some(value) = map.get(name) {
                    black_box(value);
                    break;
                }
                let Some((_, parent)) = name.split_once('.') else { break };
                name = parent;
            }
        };
        let runs = (0..RUNS).map(|_| middle_ns(&hosts, look_up)).collect();
        println!("HashMap, suffix walk only, {title}: {}", spread(runs, "ns"));
    }
}

fn adblock(size: usize) {
    let before = anonymous_bytes();
    let (took, engine) = seconds(|| {
        let mut rules = FilterSet::new(false);
        rules.add_filter_list((0..size).map(|number| format!("||{}^\n", name(number))).collect::<String>(), ParseOptions::default());
        adblock::Engine::new_with_filter_set(rules)
    });
    println!("adblock-rust: build {took:.2} s, {:.1} bytes a domain", anonymous_bytes().saturating_sub(before) as f64 / size as f64);
    for (title, share) in [("none listed", 0), ("one of five listed", 20), ("all listed", 100)] {
        let requests: Vec<_> = asked(size, share)
            .iter()
            .filter_map(|name| adblock::request::Request::new(&format!("https://{name}/"), "https://example.org/", "script", "get").ok())
            .collect();
        let runs = (0..RUNS).map(|_| middle_ns(&requests, |request| drop(black_box(engine.check_network_request(request))))).collect();
        println!("adblock-rust, parsed request, {title}: {}", spread(runs, "ns"));
    }
}
