//! The scheme as a whole: what is written while locked opens when unlocked, in its own place, and nowhere else.

use ids::{EpochId, OrganisationId, RecordId};
use proptest::prelude::*;

use super::pair::PrivateHalf;
use super::secret::Secret;
use super::*;

const SCHOOL: OrganisationId = OrganisationId::from_bytes([1; 16]);
const EPOCH: EpochId = EpochId::from_bytes([2; 16]);
const RECORD: RecordId = RecordId::from_bytes([3; 16]);

/// An organisation without a ring: its two halves.
fn pair() -> (Reader, PublicHalf) {
    let private = PrivateHalf::random().expect("chance");
    let public = private.public().expect("its other half");
    (Reader { organisation: SCHOOL, private }, public)
}

struct World {
    reader: Reader,
    writer: Writer,
    epoch: SealedEpoch,
    sealer: RecordSealer,
    key: WrappedKey,
}

fn world() -> World {
    let (reader, public) = pair();
    let (writer, epoch) = Writer::begin(SCHOOL, &public, EPOCH).expect("an epoch");
    let (sealer, key) = writer.new_key(RECORD).expect("a key");
    World { reader, writer, epoch, sealer, key }
}

impl World {
    fn opener(&self) -> RecordOpener {
        self.reader.epoch(EPOCH, &self.epoch).expect("the epoch").record(RECORD, &self.key).expect("the record")
    }
}

#[test]
fn what_is_written_without_the_private_half_is_read_with_it() {
    let world = world();
    let text = world.sealer.seal("words", "a worry, in the child's words".as_bytes()).expect("sealed");
    let stored = SealedText::parse(text.as_bytes()).expect("its form");
    assert_eq!((text.as_bytes().len(), stored.epoch()), (29 + 45, EPOCH));
    assert_eq!(world.opener().open("words", &stored).expect("opened").as_str(), Ok("a worry, in the child's words"));

    let again = world.writer.resume(RECORD, &world.key).expect("the same key").seal("words", b"and more").expect("sealed");
    assert_eq!(world.opener().open("words", &again).expect("opened").as_bytes(), b"and more");
}

#[test]
fn what_was_moved_does_not_open() {
    let world = world();
    let text = world.sealer.seal("words", b"a worry").expect("sealed");
    assert!(world.opener().open("outcome", &text).is_err(), "to another field");

    let other = RecordId::from_bytes([4; 16]);
    let epoch = world.reader.epoch(EPOCH, &world.epoch).expect("the epoch");
    assert!(epoch.record(other, &world.key).is_err(), "with its key, to another record");
    assert!(world.writer.resume(other, &world.key).is_err(), "nor does writing go on there");
    let (_, other_key) = world.writer.new_key(other).expect("a key");
    assert!(epoch.record(other, &other_key).expect("its own").open("words", &text).is_err(), "without its key");

    assert!(world.reader.epoch(EpochId::from_bytes([5; 16]), &world.epoch).is_err(), "to another epoch");
    let elsewhere = Reader { organisation: OrganisationId::from_bytes([9; 16]), private: pair().0.private };
    assert!(elsewhere.epoch(EPOCH, &world.epoch).is_err(), "to another organisation");
}

#[test]
fn without_its_key_a_text_is_gone() {
    let world = world();
    let text = world.sealer.seal("words", b"to be forgotten").expect("sealed");
    // What erasure leaves: everything but the wrapped key. A new key for the same record opens nothing of the old.
    let (_, new_key) = world.writer.new_key(RECORD).expect("a key");
    let epoch = world.reader.epoch(EPOCH, &world.epoch).expect("the epoch");
    assert!(epoch.record(RECORD, &new_key).expect("the new key").open("words", &text).is_err());
}

#[test]
fn epochs_move_to_a_new_pair_and_leave_the_old_one() {
    let world = world();
    let text = world.sealer.seal("words", b"written before").expect("sealed");
    let (next, public) = pair();
    let moved = world.reader.reseal(EPOCH, &world.epoch, &public).expect("resealed");
    let opener = next.epoch(EPOCH, &moved).and_then(|epoch| epoch.record(RECORD, &world.key)).expect("the new pair opens it");
    assert_eq!(opener.open("words", &text).expect("opened").as_bytes(), b"written before");
    assert!(world.reader.epoch(EPOCH, &moved).is_err() && next.epoch(EPOCH, &world.epoch).is_err());
}

#[test]
fn nothing_secret_is_shown_by_what_can_be_shown() {
    let reader = world().reader;
    let shown = format!("{reader:?}");
    assert!(shown.starts_with("Reader") && !shown.contains("private"), "{shown}");
}

/// The vector for this suite among those of RFC 9180: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, base mode, first
/// message.
#[test]
fn sealing_to_a_public_half_is_the_one_of_the_rfc() {
    let key = |text: &str| Secret::copied(&unhex(text)).expect("a key");
    let private = PrivateHalf::from_secret(key("497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d"));
    let public = private.public().expect("its other half").to_bytes();
    assert_eq!(public.as_slice(), unhex("430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c"));
    let sealed = [
        unhex("6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256"),
        unhex("e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a925cdad859d5b7a"),
    ];
    let opened = private.open("Ode on a Grecian Urn", b"Count-0", &sealed.concat()).expect("it opens");
    assert_eq!(opened.as_slice(), b"Beauty is truth, truth beauty");
}

proptest! {
    #[test]
    fn every_text_comes_back(text: Vec<u8>, field in "[a-z_]{0,20}") {
        let world = world();
        let sealed = world.sealer.seal(&field, &text).expect("sealed");
        let opened = world.opener().open(&field, &SealedText::parse(sealed.as_bytes()).expect("form")).expect("opened");
        prop_assert_eq!(opened.as_bytes(), text.as_slice());
    }

    #[test]
    fn a_changed_bit_opens_nothing(at: prop::sample::Index, which in 0..3) {
        let world = world();
        let text = world.sealer.seal("words", b"a worry").expect("sealed");
        let flip = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            let bit = at.index(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            bytes
        };
        let opened = match which {
            0 => SealedText::parse(&flip(text.as_bytes())).and_then(|text| world.opener().open("words", &text).map(drop)),
            1 => WrappedKey::parse(&flip(world.key.as_bytes()))
                .and_then(|key| world.reader.epoch(EPOCH, &world.epoch)?.record(RECORD, &key).map(drop)),
            _ => SealedEpoch::parse(&flip(world.epoch.as_bytes())).and_then(|epoch| world.reader.epoch(EPOCH, &epoch).map(drop)),
        };
        prop_assert!(opened.is_err());
    }

    #[test]
    fn what_is_cut_off_opens_nothing(length in 0_usize..60) {
        let world = world();
        let text = world.sealer.seal("words", b"a worry, longer than sixty bytes all in all").expect("sealed");
        let cut = SealedText::parse(&text.as_bytes()[..length]);
        prop_assert!(cut.and_then(|text| world.opener().open("words", &text).map(drop)).is_err());
    }
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hexadecimal")).collect()
}
