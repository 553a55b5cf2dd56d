//! Attachments: their row, their file, their key, and who may read them.

use std::collections::BTreeSet;
use std::fs;

use ids::RecordId;
use ledger::keys::KeysError;
use ledger::vault::{self, Folder, Object, VaultError};
use ledger::{Ledger, LedgerError, code};

use crate::keys::{DSL, school, with};
use crate::world::{World, act, on_both, school as organisation, subject};

const LIMIT: u64 = 1 << 20;

fn id(number: u8) -> RecordId {
    RecordId::from_bytes([number; 16])
}

fn folder(world: &World) -> Folder {
    Folder::open(&world.folder().join("vault")).expect("a vault")
}

async fn store(ledger: &Ledger, keys: &ledger::keys::Keys, folder: &Folder, number: u8, text: &[u8]) {
    let incoming = vault::take_in(keys, folder, id(number), "a scan of the letter.pdf", &mut &*text, LIMIT).expect("taken in");
    let mut unit = ledger.begin(act()).await.expect("a unit");
    incoming.keep(&mut unit, subject("a case").id, code!("pdf")).await.expect("kept");
    unit.commit().await.expect("committed");
}

async fn readable(ledger: &Ledger, number: u8) -> vault::Readable {
    let found = vault::find(ledger.reader(), organisation(), id(number)).await.expect("asked");
    let readable = found.and_then(|object| if let Object::Readable(readable) = object { Some(readable) } else { None });
    readable.expect("an object that can be read")
}

on_both! {
    async fn an_attachment_is_stored_while_locked_and_read_while_unlocked(world) {
        let (ledger, keys, _) = school(&world).await;
        let folder = folder(&world);
        store(&ledger, &keys, &folder, 1, b"what the letter says").await;
        let object = readable(&ledger, 1).await;
        let mut read = Vec::new();
        let locked = object.read(&keys, ledger.reader(), &folder, &mut read).await;
        assert!(matches!(locked, Err(VaultError::Keys(KeysError::Locked))));

        keys.unlock(&ledger, act(), with("dsl", DSL)).await.expect("unlocked");
        assert_eq!(object.read(&keys, ledger.reader(), &folder, &mut read).await.expect("read"), 20);
        assert_eq!(read, b"what the letter says");
        let name = object.name(&keys, ledger.reader()).await.expect("its name");
        assert_eq!(name.as_str(), Ok("a scan of the letter.pdf"));
        let all = vault::of_record(ledger.reader(), organisation(), subject("a case").id).await.expect("asked");
        assert_eq!(all.iter().map(|object| (object.facts().id, object.facts().media.as_str())).collect::<Vec<_>>(), [(id(1), "pdf")]);
    }

    async fn what_is_in_custody_cannot_be_read_by_anybody(world) {
        let (ledger, keys, _) = school(&world).await;
        let folder = folder(&world);
        store(&ledger, &keys, &folder, 1, b"what nobody may see").await;
        let mut unit = ledger.begin(act()).await.expect("a unit");
        vault::into_custody(&mut unit, id(1)).await.expect("taken");
        unit.commit().await.expect("committed");
        let found = vault::find(ledger.reader(), organisation(), id(1)).await.expect("asked");
        // The type has no way to read it; its file stays, for the police.
        assert!(matches!(&found, Some(Object::Custody(facts)) if facts.size > 0), "{found:?}");
        assert!(folder.path(id(1)).exists());
        let mut unit = ledger.begin(act()).await.expect("a unit");
        let twice = vault::into_custody(&mut unit, id(1)).await;
        assert!(matches!(twice, Err(VaultError::Ledger(LedgerError::Conflict))));
    }

    async fn what_was_not_committed_leaves_nothing_or_is_found(world) {
        let (ledger, keys, _) = school(&world).await;
        let folder = folder(&world);
        drop(vault::take_in(&keys, &folder, id(1), "dropped", &mut &b"x"[..], LIMIT).expect("taken in"));
        assert!(!folder.path(id(1)).exists(), "its file went with it");

        let incoming = vault::take_in(&keys, &folder, id(2), "rolled back", &mut &b"x"[..], LIMIT).expect("taken in");
        let mut unit = ledger.begin(act()).await.expect("a unit");
        incoming.keep(&mut unit, subject("a case").id, code!("pdf")).await.expect("kept");
        drop(unit);
        store(&ledger, &keys, &folder, 3, b"lost").await;
        fs::remove_file(folder.path(id(3))).expect("lost");
        let rows = vault::all(ledger.reader(), organisation()).await.expect("rows");
        let compared = folder.compare(&rows).expect("compared");
        assert_eq!((compared.without_row, compared.without_file), (vec![id(2)], vec![id(3)]));
        keys.unlock(&ledger, act(), with("dsl", DSL)).await.expect("unlocked");
        let missing = readable(&ledger, 3).await.read(&keys, ledger.reader(), &folder, &mut Vec::new()).await;
        assert!(matches!(missing, Err(VaultError::Missing)));
    }

    async fn files_that_were_changed_or_exchanged_are_refused(world) {
        let (ledger, keys, _) = school(&world).await;
        let folder = folder(&world);
        store(&ledger, &keys, &folder, 1, b"one").await;
        store(&ledger, &keys, &folder, 2, b"two").await;
        keys.unlock(&ledger, act(), with("dsl", DSL)).await.expect("unlocked");
        let object = readable(&ledger, 1).await;
        let whole = fs::read(folder.path(id(1))).expect("a file");
        let read = async |bytes: &[u8]| {
            fs::write(folder.path(id(1)), bytes).expect("changed");
            object.read(&keys, ledger.reader(), &folder, &mut Vec::new()).await
        };
        assert!(matches!(read(&fs::read(folder.path(id(2))).expect("a file")).await, Err(VaultError::Swapped)));
        let mut epoch = whole.clone();
        epoch[30] ^= 1;
        assert!(matches!(read(&epoch).await, Err(VaultError::Changed { piece: 0 })));
        assert!(matches!(read(&whole[..whole.len() - 1]).await, Err(VaultError::Changed { piece: 0 })));
        assert!(matches!(read(b"").await, Err(VaultError::NotOurs)));
        assert!(matches!(read(&whole).await, Ok(3)));
    }

    async fn an_erased_attachment_is_gone_and_its_row_says_so(world) {
        let (ledger, keys, _) = school(&world).await;
        let folder = folder(&world);
        store(&ledger, &keys, &folder, 1, b"to be forgotten").await;
        keys.unlock(&ledger, act(), with("dsl", DSL)).await.expect("unlocked");
        let mut unit = ledger.begin(act()).await.expect("a unit");
        vault::erase(&mut unit, id(1), code!("retention")).await.expect("erased");
        unit.commit().await.expect("committed");
        ledger.forget().await.expect("forgotten");
        let object = readable(&ledger, 1).await;
        let gone = object.read(&keys, ledger.reader(), &folder, &mut Vec::new()).await;
        assert!(matches!(gone, Err(VaultError::Keys(KeysError::Erased))), "though its file is still there");
        folder.remove(id(1)).expect("removed");
        assert_eq!(vault::all(ledger.reader(), organisation()).await.expect("rows"), BTreeSet::new());
    }
}
