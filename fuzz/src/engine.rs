//! Any bytes as a host, an address, a pack, a sealed list or a request.

use std::sync::{Arc, LazyLock};

use filter::category::{Category, CategorySet};
use filter::judge::Step;
use filter::overrides::{Effect, Override, Scope};
use filter::pack::format::{HEADER_LEN, Section};
use filter::profile::shipped::Shipped;
use filter::sealed::{SealedEntry, SealedList};
use filter::snapshot::{Gated, Parts, Person, Protected};
use filter::target::{UrlPrefix, matching_path};
use filter::timetable::Window;
use filter::{Action, Host, Pack, ProfileIndex, Request, Snapshot, Target, Who};
use ids::{GroupId, PersonId};
use jiff::Timestamp;
use jiff::civil::{Time, Weekday};
use jiff::tz::{Offset, TimeZone};
use lists::build::Builder;
use lists::mapping::Mapping;
use lists::parse::Pattern;
use xxhash_rust::xxh3::xxh3_64;

/// A host that is taken is in its one normal form: reading it again changes nothing, and it is within itself and its domains.
pub fn host(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(host) = Host::parse(text) else { return };
    assert_eq!(Host::parse(&host.to_string()).as_ref(), Ok(&host));
    assert!(host.is_within(&host));
    assert!(host.as_str().len() <= 253 && host.as_str().is_ascii(), "{host}");
    assert!(
        host.as_str().bytes().all(|byte| !byte.is_ascii_uppercase() && !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'?' | b'#'))
    );
    assert_eq!(host.is_address(), host.to_address().is_some());
    if let Some(address) = host.to_address() {
        assert_eq!(Host::from(address), host);
    }
    if let Some(domain) = host.registrable() {
        assert!(Host::parse(domain).is_ok_and(|domain| host.is_within(&domain)), "{domain} of {host}");
    }
    if let Some((_, parent)) = host.as_str().split_once('.').filter(|_| !host.is_address()) {
        // What is left of a name may read as an address (`a.1`); then it is no domain.
        assert!(Host::parse(parent).map_or(true, |parent| parent.is_address() || host.is_within(&parent)), "{host}");
    }
}

/// An address that is taken is in its one matching form: reading that form again changes nothing.
pub fn target(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    drop(UrlPrefix::parse(text));
    drop(SealedEntry::parse(text));
    let Ok(target) = Target::parse(text) else { return };
    assert_eq!(Host::parse(target.host.as_str()).as_ref(), Ok(&target.host));
    let Some(path) = target.path() else { panic!("an address has a path: {target}") };
    assert!(path.starts_with('/') && path.is_ascii() && !path.contains(['#', ' ', '\n']), "{path}");
    assert!(!path.bytes().any(|byte| byte.is_ascii_uppercase()), "{path}");
    let (before, query) = path.split_once('?').map_or((path, None), |(before, query)| (before, Some(query)));
    assert!(!before.contains("//"), "{path}");
    assert_eq!(&*matching_path(before, query), path, "the matching form of {text:?}");
    let host = if target.host.as_str().contains(':') { format!("[{}]", target.host) } else { target.host.to_string() };
    let again = Target::parse(&format!("http://{host}:{}{path}", target.port));
    assert_eq!(
        again.map(|again| (again.host.clone(), again.port, again.path().map(str::to_owned))),
        Ok((target.host.clone(), target.port, Some(path.to_owned())))
    );
}

/// The first byte says whether the rest is a pack, or changes to a whole one (two bytes where, one byte what) under checksums
/// that fit, as only a hostile writer makes them. What is taken can be looked up and shown without a panic.
pub fn pack(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let file = if first & 1 == 0 { rest.to_vec() } else { resealed(edited(&SMALL.0, rest)) };
    let Ok(pack) = Pack::parse(&file.into()) else { return };
    for target in SMALL.1.iter() {
        pack.look_up(target, |hit| drop(pack.entry(hit.entry)));
    }
    pack.each_entry(|_, _, _| {});
}

/// The same for sealed lists.
pub fn sealed(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let mut file = if first & 1 == 0 { rest.to_vec() } else { edited(&seal().to_bytes(), rest) };
    if first & 2 != 0
        && let Some((body, checksum)) = file.split_last_chunk_mut::<8>()
    {
        *checksum = xxh3_64(body).to_le_bytes();
    }
    let Ok(list) = SealedList::parse(KEY, &file) else { return };
    assert!(!list.is_empty());
    assert_eq!(list.to_bytes(), file, "what is taken is written as it was");
    for target in &SMALL.1 {
        assert_eq!(list.covers(target), list.covers(target));
    }
}

/// Eight bytes of time, one of who asks, one of what is seen, and the address. There is a verdict, the same each time, and
/// explaining says the same.
pub fn judge(bytes: &[u8]) {
    let Some((time, rest)) = bytes.split_first_chunk::<8>() else { return };
    let Some(([who, seen], text)) = rest.split_first_chunk::<2>() else { return };
    let Ok(when) = Timestamp::from_second(i64::from_le_bytes(*time) % 100_000_000_000) else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let Ok(target) = Target::parse(text) else { return };
    let target = if seen & 1 == 0 { target } else { Target::of_host(target.host, target.port) };
    let person = [None, Some(PersonId::named("ada")), Some(PersonId::named("bob")), Some(PersonId::named("nobody"))];
    let profile = Some(ProfileIndex(u16::from(who >> 2 & 15))).filter(|_| who & 64 != 0);
    let request = Request {
        who: Who { person: person.get(usize::from(who & 3)).copied().flatten(), profile, is_led: who & 128 != 0 },
        target: &target,
        when,
    };
    let verdict = filter::judge(&SNAPSHOT, request);
    assert_eq!(filter::judge(&SNAPSHOT, request), verdict);
    let explanation = filter::explain(&SNAPSHOT, request);
    assert_eq!(explanation.verdict, verdict);
    let deciding: Vec<Step> = explanation.steps.iter().filter(|step| step.decided).map(|step| step.step).collect();
    assert_eq!(deciding, [verdict.step]);
    assert!(explanation.steps.iter().all(|step| !step.finding.is_empty() || step.step == Step::Unlisted));
    let help = Host::parse("help.example").is_ok_and(|help| target.host.is_within(&help));
    assert!(!help || verdict.action == Action::Allow || verdict.is_sealed(), "a help line is open: {verdict:?}");
    assert!(!verdict.is_sealed() || explanation.listings.is_empty());
}

const KEY: [u8; 16] = [7; 16];

/// A pack with each kind of entry, and addresses that ask for each.
static SMALL: LazyLock<(Vec<u8>, Vec<Target>)> = LazyLock::new(|| {
    let addresses = [
        "http://bets.example/",
        "http://a.daily.example/x",
        "http://blogs.example/smoke/now?x=1",
        "http://192.0.2.1/lewd",
        "http://a.b.c.d.e.f.g.h.i.example/",
    ];
    (small_pack(), addresses.iter().filter_map(|address| Target::parse(address).ok()).collect())
});

static SNAPSHOT: LazyLock<Snapshot> = LazyLock::new(|| match Snapshot::new(parts()) {
    Ok(snapshot) => snapshot,
    Err(error) => panic!("{error}"),
});

fn small_pack() -> Vec<u8> {
    let rows = [
        ("gambling", below("bets.example")),
        ("games", below("bets.example")),
        ("news", Pattern::exact("daily.example")),
        ("drugs", page("blogs.example/smoke")),
        ("pornography", below("adult.example")),
        ("sex-education", below("health.adult.example")),
        ("young-children-allow", below("museum.example")),
        ("malware", Pattern::exact("192.0.2.1")),
        ("hate", Ok(Pattern::UrlExpression("(^|/)lewd".to_owned()))),
        ("scams", Ok(Pattern::HostExpression("^win[0-9]".to_owned()))),
        ("terrorism", below("help.example")),
    ];
    let Ok(mapping) = Mapping::shipped() else { panic!("the shipped mapping is in order") };
    let mut builder = Builder::new(&mapping);
    builder.begin_list("a list");
    builder.begin_file("a file", "", "test", false);
    for (line, (label, pattern)) in (1..).zip(rows) {
        assert!(pattern.is_ok_and(|pattern| builder.entry(line, &[label], &pattern).is_ok()));
    }
    builder.end_list();
    match builder.finish(&mut |_, _| {}) {
        Ok(built) => built.bytes,
        Err(error) => panic!("{error}"),
    }
}

fn below(host: &str) -> Result<Pattern, lists::parse::Skip> {
    Pattern::below(host)
}

fn page(text: &str) -> Result<Pattern, lists::parse::Skip> {
    UrlPrefix::parse(text).map(Pattern::url_below).map_err(lists::parse::Skip::Target)
}

fn seal() -> SealedList {
    SealedList::seal(KEY, ["sealed.example", "help.example/sealed"].into_iter().filter_map(|line| SealedEntry::parse(line).ok()))
}

fn edited(whole: &[u8], edits: &[u8]) -> Vec<u8> {
    let mut file = whole.to_vec();
    for [low, high, value] in edits.as_chunks::<3>().0 {
        let at = usize::from(u16::from_le_bytes([*low, *high]));
        if let Some(byte) = file.get_mut(at) {
            *byte = *value;
        }
    }
    file
}

/// Writes checksums that fit, wherever the sections now claim to be.
fn resealed(mut file: Vec<u8>) -> Vec<u8> {
    let number = |file: &[u8], at: usize| {
        file.get(at..at + 8).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u64::from_le_bytes(*bytes)) as usize
    };
    for section in Section::ALL {
        let at = section.header_at();
        let (offset, length) = (number(&file, at), number(&file, at + 8));
        let checksum = offset.checked_add(length).and_then(|end| file.get(offset..end)).map(xxh3_64);
        write(&mut file, at + 16, checksum);
    }
    let checksum = file.get(..HEADER_LEN - 8).map(xxh3_64);
    write(&mut file, HEADER_LEN - 8, checksum);
    file
}

fn write(file: &mut [u8], at: usize, number: Option<u64>) {
    if let (Some(place), Some(number)) = (file.get_mut(at..at + 8), number) {
        place.copy_from_slice(&number.to_le_bytes());
    }
}

fn parts() -> Parts {
    let group = GroupId::named("6B");
    let (ada, bob) = (PersonId::named("ada"), PersonId::named("bob"));
    let ks2 = ProfileIndex(1);
    let person = |profile, gated: bool| Person { profile, groups: vec![group], gated: gated.then_some(Gated::Unsigned) };
    let name = |text| Host::parse(text).into_iter();
    let pack = match Pack::parse(&small_pack().into()) {
        Ok(pack) => Arc::new(pack),
        Err(error) => panic!("{error}"),
    };
    let item = |effect, scope, host, path: Option<&str>, until| Override {
        effect,
        scope,
        host,
        path: path.map(Into::into),
        reason: "a reason".into(),
        author: "DSL".into(),
        until,
    };
    let noon = Timestamp::from_second(1_795_000_000).ok();
    let overrides = name("bets.example")
        .map(|host| item(Effect::Allow, Scope::Group(group), host, None, noon))
        .chain(name("blogs.example").map(|host| item(Effect::Block, Scope::Everyone, host, Some("/chat"), None)))
        .chain(name("example").map(|host| item(Effect::Allow, Scope::Person(bob), host, None, None)))
        .chain(name("help.example").map(|host| item(Effect::Block, Scope::Profile(ks2), host, None, None)));
    Parts {
        sealed: vec![seal()],
        protected: name("help.example").map(|host| Protected { host, name: "A help line".into() }).collect(),
        packs: vec![pack],
        profiles: Shipped::ALL.map(Shipped::profile).into(),
        unknown: ProfileIndex(0),
        people: vec![(ada, person(ks2, true)), (bob, person(ProfileIndex(4), false))],
        overrides: overrides.collect(),
        windows: vec![Window {
            profile: ks2,
            days: vec![Weekday::Monday, Weekday::Sunday],
            from: Time::MIN,
            to: Time::midnight(),
            allow: CategorySet::from(Category::Games),
            warn: CategorySet::from(Category::Gambling),
            block: CategorySet::from(Category::News),
            why: "wet play".into(),
        }],
        zone: TimeZone::fixed(Offset::constant(1)),
    }
}
