//! The ring: who can open it, who cannot, and that every change to it is found.

use std::sync::OnceLock;

use ids::{EpochId, RecordId};
use proptest::prelude::*;
use zeroize::Zeroizing;

use super::*;
use crate::keys::{WrappedKey, Writer};

const SCHOOL: OrganisationId = OrganisationId::from_bytes([1; 16]);
const HEAD: &str = "the head's own long words";
const DSL: &str = "the safeguarding lead's words";

fn name(text: &str) -> HolderName {
    HolderName::parse(text).expect("a name")
}

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(Zeroizing::new(text.to_owned())).expect("a passphrase")
}

fn made() -> (Ring, Reader, Sheets) {
    let holders = [(name("head"), passphrase(HEAD)), (name("dsl"), passphrase(DSL))];
    Ring::make(SCHOOL, &holders, &["head", "dsl", "dpo"].map(name), Cost::LEAST).expect("a ring")
}

/// Whether what is written to `ring` opens with `reader`.
fn reads(reader: &Reader, ring: &Ring) -> bool {
    let (epoch, record) = (EpochId::from_bytes([2; 16]), RecordId::from_bytes([3; 16]));
    let (writer, sealed) = Writer::begin(SCHOOL, &ring.public(), epoch).expect("an epoch");
    let (sealer, key) = writer.new_key(record).expect("a key");
    let text = sealer.seal("text", b"what was said").expect("sealed");
    let key = WrappedKey::parse(key.as_bytes()).expect("a key");
    let opened = reader.epoch(epoch, &sealed).and_then(|epoch| epoch.record(record, &key)?.open("text", &text));
    opened.is_ok_and(|opened| opened.as_bytes() == b"what was said")
}

#[test]
fn any_one_holder_opens_and_nobody_else() {
    let (ring, reader, _) = made();
    assert!(reads(&reader, &ring));
    for (holder, words) in [("head", HEAD), ("dsl", DSL)] {
        assert!(reads(&ring.unlock(&name(holder), &passphrase(words)).expect(holder), &ring));
    }
    let refused = |holder: &str, words: &str| ring.unlock(&name(holder), &passphrase(words)).expect_err("refused").to_string();
    assert_eq!(refused("head", DSL), "unlock as head: the passphrase is wrong; nothing has changed, try again");
    assert_eq!(refused("head", &HEAD.to_uppercase()), "unlock as head: the passphrase is wrong; nothing has changed, try again");
    assert_eq!(refused("dpo", HEAD), "unlock as dpo: there is no such holder; there are: head, dsl");
}

#[test]
fn two_of_the_three_sheets_open_and_one_does_not() {
    let (ring, _, Sheets(sheets)) = made();
    let code = |at: usize| Code::parse(&sheets[at].1.text()).expect("a code");
    for (one, other) in [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)] {
        assert!(reads(&ring.recover(&code(one), &code(other)).expect("two sheets"), &ring), "{one} and {other}");
    }
    assert_eq!(ring.recover(&code(1), &code(1)).err(), Some(RingError::SameSheet { number: 2 }));

    let (other_ring, _, Sheets(other)) = made();
    assert_eq!(ring.recover(&code(0), &other[2].1).err(), Some(RingError::OldSheet { number: 3 }));
    assert!(!reads(&other_ring.recover(&other[0].1, &other[1].1).expect("its own sheets"), &ring));
    let file = Code::random(CodeKind::KeyFile).expect("chance");
    assert_eq!(ring.recover(&code(0), &file).err(), Some(RingError::NotASheet));
}

#[test]
fn a_lost_passphrase_is_replaced_by_those_who_can_still_open() {
    let (ring, _, Sheets(sheets)) = made();
    let reader = ring.recover(&sheets[0].1, &sheets[2].1).expect("two sheets");
    let mended = ring.with_passphrase(&reader, &name("head"), &passphrase("quite other words now"), Cost::LEAST).expect("mended");
    assert!(mended.unlock(&name("head"), &passphrase(HEAD)).is_err());
    assert!(mended.unlock(&name("dsl"), &passphrase(DSL)).is_ok());
    assert!(reads(&mended.unlock(&name("head"), &passphrase("quite other words now")).expect("new words"), &ring));
    assert!(mended.recover(&sheets[1].1, &sheets[2].1).is_ok(), "the sheets stay good");
}

#[test]
fn a_key_file_opens_alone_until_it_is_replaced() {
    let (ring, reader, _) = made();
    let (ring, file) = ring.with_key_file(&reader, &name("start")).expect("a file");
    assert!(reads(&ring.unlock_with_file(&Code::parse(&file.text()).expect("a code")).expect("opens"), &ring));
    assert!(ring.unlock(&name("start"), &passphrase(HEAD)).is_err());
    let (replaced, _) = ring.with_key_file(&reader, &name("start")).expect("another file");
    assert_eq!(replaced.unlock_with_file(&file).err(), Some(RingError::WrongKeyFile));
}

#[test]
fn new_keys_leave_out_who_left_and_the_old_pair_opens_nothing_new() {
    let (ring, reader, Sheets(sheets)) = made();
    let (next, next_reader, kept) = ring.rotate(&reader, &[name("head")], Change::KeepSheets).expect("rotated");
    assert!(kept.is_none() && next.version() == 2 && next.public() != ring.public());
    assert!(reads(&next_reader, &next) && !reads(&reader, &next));
    assert!(next.unlock(&name("head"), &passphrase(HEAD)).is_err());
    assert!(reads(&next.unlock(&name("dsl"), &passphrase(DSL)).expect("the other holder"), &next));
    assert!(reads(&next.recover(&sheets[0].1, &sheets[1].1).expect("the sheets in the safe"), &next));

    let (third, _, new) = next.rotate(&next_reader, &[], Change::NewSheets).expect("rotated");
    let Sheets(new) = new.expect("new sheets");
    assert_eq!(third.recover(&sheets[0].1, &sheets[1].1).err(), Some(RingError::OldSheet { number: 1 }));
    assert!(reads(&third.recover(&new[0].1, &new[1].1).expect("the new sheets"), &third));

    assert!(matches!(next.rotate(&reader, &[], Change::KeepSheets).err(), Some(RingError::Altered)), "the old pair's reader");
    let nobody = ring.rotate(&reader, &["head", "dsl"].map(name), Change::KeepSheets);
    assert_eq!(nobody.err(), Some(RingError::Holders("at least one holder must have a passphrase")));
    assert!(matches!(ring.rotate(&reader, &[name("caretaker")], Change::KeepSheets).err(), Some(RingError::NoHolder { .. })));
}

#[test]
fn a_ring_that_cannot_be_held_is_not_made() {
    let make = |holders: &[&str], sheets: [&str; 3]| {
        let holders: Vec<_> = holders.iter().map(|holder| (name(holder), passphrase(HEAD))).collect();
        Ring::make(SCHOOL, &holders, &sheets.map(name), Cost::LEAST).err()
    };
    assert!(make(&["head"], ["head", "dsl", "dpo"]).is_none());
    assert!(make(&[], ["head", "dsl", "dpo"]).is_some());
    assert!(make(&["head", "head"], ["head", "dsl", "dpo"]).is_some());
    assert!(make(&["head"], ["head", "dsl", "head"]).is_some());
    assert!(make(&["head"; 17], ["head", "dsl", "dpo"]).is_some());
}

#[test]
fn a_holder_who_was_slipped_in_is_found_by_the_next_who_unlocks() {
    let (mut ring, ..) = made();
    let (theirs, their_reader, _) = made();
    let intruder = theirs.with_passphrase(&their_reader, &name("dpo"), &passphrase("an intruder's words"), Cost::LEAST).expect("theirs");
    ring.holders.extend(intruder.holders.last().cloned());
    assert_eq!(ring.unlock(&name("head"), &passphrase(HEAD)).err(), Some(RingError::Altered));

    let (mut ring, ..) = made();
    ring.public = theirs.public;
    assert_eq!(ring.unlock(&name("head"), &passphrase(HEAD)).err(), Some(RingError::Altered), "writing was turned to another key");
}

/// A ring is slow to make; the properties look at one.
fn bytes() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let (ring, reader, _) = made();
        ring.with_key_file(&reader, &name("start")).expect("a file").0.to_bytes()
    })
}

#[test]
fn what_is_stored_is_read_back() {
    let ring = Ring::parse(bytes()).expect("a ring");
    assert_eq!(ring.to_bytes(), bytes());
    assert_eq!(ring.holders().iter().map(|holder| holder.name().as_str()).collect::<Vec<_>>(), ["head", "dsl", "start"]);
    assert_eq!(ring.sheet_holders().map(HolderName::as_str), ["head", "dsl", "dpo"]);
}

proptest! {
    #[test]
    fn a_changed_bit_is_found_while_locked(at in 0..bytes().len() * 8) {
        let mut changed = bytes().to_vec();
        changed[at / 8] ^= 1 << (at % 8);
        prop_assert!(Ring::parse(&changed).is_err());
    }

    #[test]
    fn a_ring_that_is_cut_off_is_refused(length in 0..bytes().len()) {
        prop_assert!(Ring::parse(&bytes()[..length]).is_err());
    }

    /// Somebody who makes the checksum right as well is found when it opens.
    #[test]
    fn a_changed_bit_with_a_right_checksum_does_not_open(at in 8 * 8..(bytes().len() - 32) * 8) {
        let mut changed = bytes()[..bytes().len() - 32].to_vec();
        changed[at / 8] ^= 1 << (at % 8);
        let checksum = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &changed);
        changed.extend_from_slice(checksum.as_ref());
        if let Ok(ring) = Ring::parse(&changed) {
            prop_assert!(ring.unlock(&name("head"), &passphrase(HEAD)).is_err());
        }
    }
}
