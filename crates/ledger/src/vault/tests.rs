//! The vault: what goes in comes out, whatever else was done to the file is refused and named.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt as _;

use ids::{EpochId, OrganisationId, RecordId};
use proptest::prelude::*;
use zeroize::Zeroizing;

use super::stream::PIECE;
use super::*;
use crate::keys::{Cost, HolderName, Passphrase, Reader, RecordOpener, RecordSealer, Ring, SealedEpoch, Writer};

const SCHOOL: OrganisationId = OrganisationId::from_bytes([1; 16]);
const EPOCH: EpochId = EpochId::from_bytes([2; 16]);
const LIMIT: u64 = 10 << 20;

struct World {
    folder: tempfile::TempDir,
    vault: Folder,
    reader: Reader,
    writer: Writer,
    epoch: SealedEpoch,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let head = HolderName::parse("head").expect("name");
        let words = Passphrase::new(Zeroizing::new("some words for a test".to_owned())).expect("passphrase");
        let sheets = ["head", "dsl", "dpo"].map(|name| HolderName::parse(name).expect("name"));
        let (ring, reader, _) = Ring::make(SCHOOL, &[(head, words)], &sheets, Cost::LEAST).expect("ring");
        let (writer, epoch) = Writer::begin(SCHOOL, &ring.public(), EPOCH).expect("epoch");
        Self { vault: Folder::open(&folder.path().join("vault")).expect("vault"), folder, reader, writer, epoch }
    }

    fn keys(&self, number: u8) -> (RecordSealer, RecordOpener) {
        let object = RecordId::from_bytes([number; 16]);
        let (sealer, wrapped) = self.writer.new_key(object).expect("key");
        let opener = self.reader.epoch(EPOCH, &self.epoch).and_then(|epoch| epoch.record(object, &wrapped)).expect("opener");
        (sealer, opener)
    }

    fn read(&self, opener: &RecordOpener) -> Result<Vec<u8>, VaultError> {
        let mut read = Vec::new();
        let length = self.vault.read(opener, &mut read)?;
        assert_eq!(length, read.len() as u64);
        Ok(read)
    }

    /// Stores `plain`, changes the file, and says what reading says.
    fn after(&self, plain: &[u8], change: impl FnOnce(&mut Vec<u8>)) -> Result<Vec<u8>, VaultError> {
        let (sealer, opener) = self.keys(7);
        let path = self.vault.path(sealer.record());
        drop(fs::remove_file(&path));
        self.vault.write(&sealer, &mut &*plain, LIMIT).expect("stored");
        let mut file = fs::read(&path).expect("file");
        change(&mut file);
        fs::write(&path, file).expect("changed");
        self.read(&opener)
    }
}

/// Bytes of which no two pieces are alike.
fn plain(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at / PIECE + at % 251) as u8).collect()
}

#[test]
fn objects_of_every_length_come_back() {
    let world = World::new();
    for (number, length) in [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 5].into_iter().enumerate() {
        let (sealer, opener) = world.keys(number as u8);
        let stored = world.vault.write(&sealer, &mut plain(length).as_slice(), LIMIT).expect("stored");
        assert_eq!(world.read(&opener).expect("read"), plain(length), "{length} bytes");
        let file = fs::read(world.vault.path(sealer.record())).expect("file");
        assert_eq!((stored.plain, stored.size), (length as u64, file.len() as u64));
        assert_eq!(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &file).as_ref(), stored.hash);
    }
}

#[test]
fn a_file_is_for_its_owner_and_shows_nothing_of_the_object() {
    let world = World::new();
    let (sealer, _) = world.keys(1);
    let secret = b"the name that nobody may read from the disk";
    world.vault.write(&sealer, &mut secret.repeat(5000).as_slice(), LIMIT).expect("stored");
    let path = world.vault.path(sealer.record());
    assert_eq!(path.metadata().expect("file").permissions().mode() & 0o777, 0o600);
    assert_eq!(path.parent().expect("folder").metadata().expect("folder").permissions().mode() & 0o777, 0o700);
    let file = fs::read(path).expect("file");
    assert!(!file.windows(8).any(|bytes| secret.windows(8).any(|part| part == bytes)));
}

#[test]
fn each_thing_that_can_be_wrong_with_a_file_has_its_own_error() {
    const BODY: usize = Header::LENGTH;
    const WHOLE: usize = PIECE + 16;
    let world = World::new();
    let three = plain(2 * PIECE + 9);
    let check = |what: &str, change: fn(&mut Vec<u8>), expected: &str| {
        let found = world.after(&three, change).map(|plain| plain.len());
        assert_eq!(format!("{found:?}"), expected, "{what}");
    };
    check("nothing", |_| {}, "Ok(131081)");
    check("half a header", |file| file.truncate(BODY - 1), "Err(NotOurs)");
    check("another magic", |file| file[0] = b'X', "Err(NotOurs)");
    check("another version", |file| file[7] = 2, "Err(NotOurs)");
    check("another object's id", |file| file[8] ^= 1, "Err(Swapped)");
    check("another epoch", |file| file[24] ^= 1, "Err(Changed { piece: 0 })");
    check("another salt", |file| file[50] ^= 1, "Err(Changed { piece: 0 })");
    check("no piece", |file| file.truncate(BODY), "Err(CutOff)");
    check("one piece of three", |file| file.truncate(BODY + WHOLE), "Err(CutOff)");
    check("two pieces of three", |file| file.truncate(BODY + 2 * WHOLE), "Err(CutOff)");
    check("a part of a piece", |file| file.truncate(BODY + WHOLE + 100), "Err(Changed { piece: 1 })");
    check("a bit", |file| file[BODY + WHOLE] ^= 1, "Err(Changed { piece: 1 })");
    check("something behind it", |file| file.push(0), "Err(Changed { piece: 2 })");
    check("its first piece taken out", |file| drop(file.drain(BODY..BODY + WHOLE)), "Err(Changed { piece: 0 })");
    check("its first two pieces exchanged", |file| file[BODY..BODY + 2 * WHOLE].rotate_left(WHOLE), "Err(Changed { piece: 0 })");
}

#[test]
fn the_file_of_another_object_is_refused() {
    let world = World::new();
    let ((one, opens_one), (two, opens_two)) = (world.keys(1), world.keys(2));
    for sealer in [&one, &two] {
        world.vault.write(sealer, &mut plain(100).as_slice(), LIMIT).expect("stored");
    }
    fs::rename(world.vault.path(one.record()), world.vault.path(two.record())).expect("renamed");
    assert!(matches!(world.read(&opens_two), Err(VaultError::Swapped)));
    assert!(matches!(world.read(&opens_one), Err(VaultError::Missing)));
    let (_, other_key) = world.keys(2);
    fs::remove_file(world.vault.path(two.record())).expect("removed");
    world.vault.write(&two, &mut plain(100).as_slice(), LIMIT).expect("stored");
    assert!(matches!(world.read(&other_key), Err(VaultError::Changed { piece: 0 })), "with another key");
}

/// A source that breaks off.
struct Broken(usize);

impl Read for Broken {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        let length = buffer.len().min(self.0);
        self.0 -= length;
        buffer[..length].fill(b'x');
        Ok(length)
    }
}

#[test]
fn what_breaks_off_or_is_too_large_leaves_nothing() {
    let world = World::new();
    let (sealer, _) = world.keys(1);
    assert!(matches!(world.vault.write(&sealer, &mut Broken(PIECE + 5), LIMIT), Err(VaultError::Stream { .. })));
    let refused = world.vault.write(&sealer, &mut plain(PIECE + 5).as_slice(), PIECE as u64);
    assert!(matches!(refused, Err(VaultError::TooLarge { limit }) if limit == PIECE as u64));
    assert!(matches!(world.vault.write(&sealer, &mut io::repeat(0), 3 * PIECE as u64), Err(VaultError::TooLarge { .. })));
    assert_eq!(fs::read_dir(world.folder.path().join("vault")).expect("folder").count(), 0);
    world.vault.write(&sealer, &mut plain(PIECE).as_slice(), PIECE as u64).expect("as much as is allowed");
    assert!(matches!(world.vault.write(&sealer, &mut plain(1).as_slice(), LIMIT), Err(VaultError::Disk { .. })), "never over another");
}

#[test]
fn rows_and_files_are_compared_both_ways() {
    let world = World::new();
    let (one, two, lost) = (world.keys(1).0, world.keys(2).0, RecordId::from_bytes([3; 16]));
    for sealer in [&one, &two] {
        world.vault.write(sealer, &mut plain(10).as_slice(), LIMIT).expect("stored");
    }
    fs::write(world.folder.path().join("vault/notes.txt"), "").expect("file");
    let rows = BTreeSet::from([one.record(), lost]);
    let expected = Compared { without_file: vec![lost], without_row: vec![two.record()], strange: vec!["notes.txt".to_owned()] };
    assert_eq!(world.vault.compare(&rows).expect("compared"), expected);
    world.vault.remove(two.record()).expect("removed");
    world.vault.remove(two.record()).expect("twice is in order");
    assert_eq!(world.vault.compare(&rows).expect("compared").without_row, []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_changed_bit_is_always_found(length in 0..2 * PIECE, at: prop::sample::Index) {
        let world = World::new();
        let read = world.after(&plain(length), |file| {
            let bit = at.index(file.len() * 8);
            file[bit / 8] ^= 1 << (bit % 8);
        });
        prop_assert!(read.is_err());
    }

    #[test]
    fn a_file_that_is_cut_off_is_always_found(length in 0..2 * PIECE, at: prop::sample::Index) {
        let world = World::new();
        let read = world.after(&plain(length), |file| file.truncate(at.index(file.len())));
        prop_assert!(read.is_err());
    }
}
