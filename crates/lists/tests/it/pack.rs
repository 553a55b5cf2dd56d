//! Pack files: reproducible, whole or refused, never a wrong hit.

use std::collections::BTreeMap;

use crate::support::*;
use filter::category::CategorySet;
use filter::pack::PackError;
use filter::pack::format::{HEADER_LEN, Kind, Section};
use filter::{Pack, Target};
use lists::build::{BuildError, Builder};
use lists::mapping::Mapping;
use proptest::prelude::*;

const ROWS: &[(&str, &str)] =
    &[("gambling", "bets.example"), ("news", "=daily.example"), ("drugs", "blogs.example/smoke"), ("hate", "/lewd/")];

fn parse(bytes: &[u8]) -> Result<Pack, PackError> {
    Pack::parse(&bytes.to_vec().into())
}

#[test]
fn the_same_lists_give_the_same_bytes() {
    assert_eq!(build(ROWS).bytes, build(ROWS).bytes);
    assert_ne!(build(ROWS).bytes, build(&ROWS[1..]).bytes);
}

#[test]
fn a_pack_cut_off_anywhere_is_refused() {
    let bytes = build(ROWS).bytes;
    for length in 0..bytes.len() {
        let error = parse(&bytes[..length]).expect_err("cut off");
        assert!(matches!(error, PackError::Truncated { .. }), "{length}: {error}");
    }
    let longer: Vec<u8> = bytes.iter().copied().chain([0]).collect();
    assert_eq!(parse(&longer).expect_err("longer"), PackError::Trailing { extra: 1 });
}

#[test]
fn a_pack_with_any_bit_flipped_is_refused() {
    let bytes = build(ROWS).bytes;
    for bit in 0..bytes.len() * 8 {
        let mut bent = bytes.clone();
        bent[bit / 8] ^= 1 << (bit % 8);
        assert!(parse(&bent).is_err(), "bit {bit}");
    }
}

#[test]
fn a_foreign_file_is_named_as_one() {
    assert_eq!(parse(b"PK\x03\x04 this is a zip, not a pack").expect_err("foreign"), PackError::Foreign);
    assert_eq!(parse(&[0; 4096]).expect_err("foreign"), PackError::Foreign);
    let mut newer = build(ROWS).bytes;
    newer[8] = 9;
    assert_eq!(parse(&newer).expect_err("newer"), PackError::Version { found: 9 });
}

/// Writes checksums that fit, as a hostile writer would.
fn reseal(bytes: &mut [u8]) {
    for section in Section::ALL {
        let at = section.header_at();
        let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight")) as usize;
        let (offset, length) = (number(at), number(at + 8));
        if let Some(part) = offset.checked_add(length).and_then(|end| bytes.get(offset..end)) {
            let checksum = xxhash_rust::xxh3::xxh3_64(part);
            bytes[at + 16..at + 24].copy_from_slice(&checksum.to_le_bytes());
        }
    }
    let checksum = xxhash_rust::xxh3::xxh3_64(&bytes[..HEADER_LEN - 8]);
    bytes[HEADER_LEN - 8..HEADER_LEN].copy_from_slice(&checksum.to_le_bytes());
}

fn use_all_of(pack: &Pack) {
    for address in ["http://bets.example/", "http://blogs.example/smoke?x", "http://daily.example/lewd", "http://192.0.2.1/"] {
        pack.look_up(&Target::parse(address).expect("address"), |hit| drop(pack.entry(hit.entry)));
    }
    pack.each_entry(|_, _, _| {});
}

#[test]
fn nothing_listed_nothing_built() {
    let mapping = Mapping::shipped().expect("mapping");
    let mut builder = Builder::new(&mapping);
    builder.begin_list("empty");
    builder.end_list();
    assert_eq!(builder.finish(&mut |_, _| {}).expect_err("empty"), BuildError::Empty);
}

#[test]
fn a_list_may_take_back_its_own_entries_but_not_another_lists() {
    let mapping = Mapping::shipped().expect("mapping");
    let mut builder = Builder::new(&mapping);
    builder.begin_list("first");
    builder.begin_file("a", "gambling", "test", false);
    for (line, text) in (1..).zip(["bets.example", "www.bets.example", "other.example", "whole.example"]) {
        builder.entry(line, &["gambling"], &pattern(text)).expect("entry");
    }
    builder.except(&pattern("bets.example"));
    builder.except(&pattern("part.whole.example"));
    builder.end_list();
    builder.begin_list("second");
    builder.begin_file("b", "gambling", "test", false);
    builder.entry(1, &["gambling"], &pattern("www.bets.example")).expect("entry");
    builder.end_list();
    let built = builder.finish(&mut |_, _| {}).expect("pack");
    let mut names = Vec::new();
    parse(&built.bytes).expect("pack").each_entry(|_, key, _| names.push(key.to_owned()));
    names.sort();
    assert_eq!(names, ["other.example", "whole.example", "www.bets.example"]);
    assert_eq!((built.report.lists[0].excepted, built.report.lists[0].exceptions_unapplied), (2, 1));
}

#[test]
fn expressions_too_large_together_are_no_fault_of_the_program() {
    let mapping = Mapping::shipped().expect("mapping");
    let mut builder = Builder::new(&mapping);
    builder.begin_list("first");
    builder.begin_file("a", "gambling", "test", false);
    for line in 1..60 {
        let expression = format!("bet\\w{{20}}{line}");
        lists::parse::expression::check(&expression).expect("small enough by itself");
        builder.entry(line, &["gambling"], &lists::parse::Pattern::UrlExpression(expression)).expect("entry");
    }
    builder.end_list();
    assert_eq!(builder.finish(&mut |_, _| {}).expect_err("too large"), BuildError::Expressions);
}

#[test]
fn a_whole_country_is_never_listed() {
    let mapping = Mapping::shipped().expect("mapping");
    let mut builder = Builder::new(&mapping);
    builder.begin_list("first");
    builder.begin_file("a", "gambling", "test", false);
    builder.entry(1, &["gambling"], &pattern("co.uk")).expect("entry");
    builder.entry(2, &["gambling"], &pattern("bets.co.uk")).expect("entry");
    builder.end_list();
    let built = builder.finish(&mut |_, _| {}).expect("pack");
    assert_eq!((built.report.entries, built.report.skipped()), (1, 1));
}

#[test]
fn an_ending_set_up_for_pornography_may_be_listed_whole() {
    let snapshot = snapshot(&[("pornography", "xxx"), ("sex-education", "health.xxx")]);
    assert_eq!(as_profile(&snapshot, "ks2", "https://www.any.xxx/"), filter::Action::Block);
    assert_eq!(as_profile(&snapshot, "ks2", "http://any.example/xxx"), filter::Action::Allow);
    assert_ne!(as_profile(&snapshot, "ks4", "http://health.xxx/"), filter::Action::Block, "named more exactly");
}

#[test]
fn a_white_list_never_blocks_and_an_unknown_category_is_reported() {
    let mapping = Mapping::shipped().expect("mapping");
    let mut builder = Builder::new(&mapping);
    builder.begin_list("first");
    builder.begin_file("white", "", "test", true);
    builder.entry(1, &["gambling"], &pattern("a.example")).expect("entry");
    builder.entry(2, &["sex-education"], &pattern("b.example")).expect("entry");
    builder.begin_file("black", "", "test", false);
    builder.entry(1, &["no-such-category"], &pattern("c.example")).expect("entry");
    builder.entry(2, &["no-such-category", "gambling"], &pattern("d.example")).expect("entry");
    builder.end_list();
    let built = builder.finish(&mut |_, _| {}).expect("pack");
    let mut names = Vec::new();
    parse(&built.bytes).expect("pack").each_entry(|_, key, _| names.push(key.to_owned()));
    names.sort();
    assert_eq!(names, ["b.example", "d.example"]);
    assert_eq!(built.report.unknown_labels, BTreeMap::from([("no-such-category".to_owned(), 1)]));
}

/// What a pack must answer, the slow way.
fn naive(rows: &[(&'static str, String)], address: &Target) -> CategorySet {
    let covers = |text: &str| match pattern(text) {
        lists::parse::Pattern::Exact(name) => address.host == name,
        lists::parse::Pattern::Suffix(name) => address.host.is_within(&name),
        lists::parse::Pattern::UrlBelow(prefix) => {
            address.host.is_within(&prefix.host)
                && address
                    .path()
                    .and_then(|path| path.strip_prefix(&*prefix.path))
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '&', '=', ';']))
        }
        _ => false,
    };
    rows.iter().filter(|(_, text)| covers(text)).filter_map(|(slug, _)| filter::category::Category::from_slug(slug)).collect()
}

fn name() -> impl Strategy<Value = String> {
    proptest::collection::vec("[ab]{1,2}", 1..4).prop_map(|labels| format!("{}.example", labels.join(".")))
}

fn row() -> impl Strategy<Value = (&'static str, String)> {
    let text = prop_oneof![
        name(),
        name().prop_map(|name| format!("={name}")),
        (name(), "[ab]{1,3}(/[ab]{1,2})?").prop_map(|(name, path)| format!("{name}/{path}"))
    ];
    (prop_oneof![Just("gambling"), Just("news"), Just("hate")], text)
}

proptest! {
    #[test]
    fn a_pack_answers_as_its_rows_do(rows in proptest::collection::vec(row(), 1..60), asked in proptest::collection::vec((name(), "(/[ab]{1,3}){0,3}(\\?[ab]=b)?"), 1..20)) {
        let borrowed: Vec<_> = rows.iter().map(|(slug, text)| (*slug, text.as_str())).collect();
        let pack = pack(&borrowed);
        for (name, path) in asked {
            let target = Target::parse(&format!("http://{name}{path}")).expect("address");
            let mut found = CategorySet::EMPTY;
            pack.look_up(&target, |hit| found = found.union(hit.categories));
            prop_assert_eq!(found, naive(&rows, &target), "{}", target);
        }
    }

    #[test]
    fn every_entry_is_found_with_its_origin(rows in proptest::collection::vec(row(), 1..200)) {
        let borrowed: Vec<_> = rows.iter().map(|(slug, text)| (*slug, text.as_str())).collect();
        let pack = pack(&borrowed);
        for (line, (slug, text)) in (1..).zip(&borrowed) {
            let target = Target::parse(text.trim_start_matches('=')).expect("address");
            let mut found = false;
            pack.look_up(&target, |hit| found |= pack.entry(hit.entry).is_some_and(|entry| entry.origins.iter().any(|origin| origin.line == line && origin.category.slug() == *slug)));
            prop_assert!(found, "{} of line {}", text, line);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        drop(parse(&bytes));
    }

    #[test]
    fn a_pack_bent_by_a_hostile_writer_never_panics(bends in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = build(ROWS).bytes;
        for (at, value) in bends {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        reseal(&mut bytes);
        if let Ok(pack) = parse(&bytes) {
            use_all_of(&pack);
        }
    }
}

#[test]
fn kinds_are_told_apart() {
    let pack = pack(&[("news", "=a.example"), ("hate", "a.example"), ("drugs", "a.example/x")]);
    let mut kinds = Vec::new();
    pack.each_entry(|kind, _, _| kinds.push(kind));
    kinds.sort();
    assert_eq!(kinds, [Kind::Exact, Kind::Suffix, Kind::UrlBelow, Kind::HasUrls]);
}
