//! Keys in the database: locked, unlocked, recovered, changed, and erased for good.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ids::RecordId;
use ledger::keys::{Access, Change as Sheet, Code, Cost, HolderName, Keys, KeysError, Passphrase, RingError, SealedText, Sheets, Standing};
use ledger::{Ledger, Subject, code, keys, vault};
use sea_orm::{ConnectionTrait, Statement, Value};
use zeroize::Zeroizing;

use crate::world::{World, act, found, number, on_both, subject};

const HEAD: &str = "correct zebra lantern quay";
pub(crate) const DSL: &str = "umbrella vortex plinth jam";
/// Planted, and looked for afterwards.
const SECRET: &str = "Robin said that the lodger shouts at night";

fn name(text: &str) -> HolderName {
    HolderName::parse(text).expect("a name")
}

fn words(text: &str) -> Passphrase {
    Passphrase::new(Zeroizing::new(text.to_owned())).expect("a passphrase")
}

pub(crate) fn with(holder: &str, text: &str) -> Access {
    Access::Passphrase(name(holder), words(text))
}

fn sheets(Sheets(sheets): &Sheets, one: usize, other: usize) -> Access {
    let code = |at: usize| Code::parse(&sheets[at].1.text()).expect("a code");
    Access::Sheets(code(one), code(other))
}

/// A school with keys, and a table in which its texts lie.
pub(crate) async fn school(world: &World) -> (Ledger, Keys, Sheets) {
    let ledger = world.open().await;
    found(&ledger).await;
    let keys = Keys::open(&ledger, act()).await.expect("no keys yet");
    let holders = vec![(name("head"), words(HEAD)), (name("dsl"), words(DSL))];
    let made = keys.make(&ledger, act(), holders, ["head", "dsl", "dpo"].map(name), Cost::LEAST).await.expect("keys");
    let unit = ledger.begin(act()).await.expect("a unit");
    unit.connection().execute_unprepared("CREATE TABLE note (id bytea, text bytea)").await.expect("a table");
    let mut unit = unit;
    unit.record(&crate::world::change("notes")).expect("an entry");
    unit.commit().await.expect("committed");
    (ledger, keys, made)
}

async fn write(ledger: &Ledger, keys: &Keys, about: Subject, text: &str) -> Result<(), KeysError> {
    let mut unit = ledger.begin(act()).await?;
    let sealed = keys.sealer(&unit, about.id).await?.seal("text", text.as_bytes())?;
    let values: [Value; 2] = [about.id.to_bytes().to_vec().into(), sealed.as_bytes().to_vec().into()];
    let insert = "INSERT INTO note (id, text) VALUES ($1, $2)";
    let insert = Statement::from_sql_and_values(unit.connection().get_database_backend(), insert, values);
    unit.connection().execute_raw(insert).await.expect("inserted");
    unit.record(&ledger::Change::new(about, code!("written")))?;
    Ok(unit.commit().await?)
}

/// Everything that was written about a record, in order.
async fn read(ledger: &Ledger, keys: &Keys, record: RecordId) -> Result<Vec<String>, KeysError> {
    let select = "SELECT text FROM note WHERE id = $1";
    let select = Statement::from_sql_and_values(ledger.reader().get_database_backend(), select, [Value::from(record.to_bytes().to_vec())]);
    let rows = ledger.reader().query_all_raw(select).await.expect("rows");
    let texts = keys.texts(ledger.reader(), &[record]).await?;
    let open = |row: &sea_orm::QueryResult| {
        let sealed = SealedText::parse(&row.try_get_by_index::<Vec<u8>>(0).expect("bytes"))?;
        Ok(texts[&record].open("text", &sealed)?.as_str()?.to_owned())
    };
    let mut read = rows.iter().map(open).collect::<Result<Vec<_>, KeysError>>()?;
    read.sort();
    Ok(read)
}

on_both! {
    async fn writing_needs_no_unlocking_and_reading_does(world) {
        let (ledger, keys, _) = school(&world).await;
        let about = subject("a case");
        assert_eq!(keys.standing(), Standing::Locked);
        write(&ledger, &keys, about, "first").await.expect("written while locked");
        assert!(matches!(read(&ledger, &keys, about.id).await, Err(KeysError::Locked)));

        keys.unlock(&ledger, act(), with("dsl", DSL)).await.expect("unlocked");
        assert_eq!(read(&ledger, &keys, about.id).await.expect("read"), ["first"]);
        write(&ledger, &keys, about, "second").await.expect("written while unlocked");
        assert_eq!(read(&ledger, &keys, about.id).await.expect("read"), ["first", "second"]);

        keys.lock(&ledger, act()).await.expect("locked");
        assert!(matches!(read(&ledger, &keys, about.id).await, Err(KeysError::Locked)));
        let wrong = keys.unlock(&ledger, act(), with("dsl", HEAD)).await;
        assert!(matches!(wrong, Err(KeysError::Ring(RingError::WrongPassphrase { .. }))));
        assert_eq!(keys.standing(), Standing::Locked);
        assert_eq!(number(&ledger, "SELECT count(*) FROM audit_entry WHERE action LIKE 'keys.%'").await, 3, "made, unlocked, locked");
    }

    async fn each_start_is_locked_and_reads_what_former_ones_wrote(world) {
        let (ledger, keys, _) = school(&world).await;
        let about = subject("a case");
        write(&ledger, &keys, about, "before").await.expect("written");
        keys.unlock(&ledger, act(), with("head", HEAD)).await.expect("unlocked");
        ledger.close().await.expect("closed");

        let ledger = world.open().await;
        let keys = Keys::open(&ledger, act()).await.expect("keys");
        assert_eq!(keys.standing(), Standing::Locked);
        write(&ledger, &keys, about, "after").await.expect("written");
        keys.unlock(&ledger, act(), with("head", HEAD)).await.expect("unlocked");
        assert_eq!(read(&ledger, &keys, about.id).await.expect("read"), ["after", "before"]);
        assert_eq!(number(&ledger, "SELECT count(*) FROM record_key").await, 2, "a key for each start that wrote");
    }

    async fn two_sheets_bring_back_what_no_passphrase_opens(world) {
        let (ledger, keys, made) = school(&world).await;
        write(&ledger, &keys, subject("a case"), "kept").await.expect("written");
        keys.set_passphrase(&ledger, act(), sheets(&made, 0, 2), name("head"), words("quite other words now"), Cost::LEAST)
            .await
            .expect("recovered");
        assert!(keys.unlock(&ledger, act(), with("head", HEAD)).await.is_err());
        keys.unlock(&ledger, act(), with("head", "quite other words now")).await.expect("unlocked");
        assert_eq!(read(&ledger, &keys, subject("a case").id).await.expect("read"), ["kept"]);
        let twice = keys.unlock(&ledger, act(), sheets(&made, 1, 1)).await;
        assert!(matches!(twice, Err(KeysError::Ring(RingError::SameSheet { number: 2 }))));
    }

    async fn changed_keys_read_everything_and_leave_out_who_left(world) {
        let (ledger, keys, made) = school(&world).await;
        let about = subject("a case");
        write(&ledger, &keys, about, "before").await.expect("written");
        let public = keys.ring().expect("a ring").public();
        let new = keys.rotate(&ledger, act(), with("dsl", DSL), &[name("head")], Sheet::NewSheets).await.expect("rotated");
        assert_ne!(keys.ring().expect("a ring").public(), public);
        assert_eq!(keys.standing(), Standing::Locked, "as it was");
        write(&ledger, &keys, about, "after").await.expect("written");
        assert!(keys.unlock(&ledger, act(), with("head", HEAD)).await.is_err());
        assert!(keys.unlock(&ledger, act(), sheets(&made, 0, 1)).await.is_err(), "the old sheets");
        keys.unlock(&ledger, act(), sheets(&new.expect("new sheets"), 1, 2)).await.expect("the new ones");
        assert_eq!(read(&ledger, &keys, about.id).await.expect("read"), ["after", "before"]);

        keys.rotate(&ledger, act(), with("dsl", DSL), &[], Sheet::KeepSheets).await.expect("rotated while unlocked");
        assert_eq!(read(&ledger, &keys, about.id).await.expect("read"), ["after", "before"]);
        ledger.close().await.expect("closed");
        let ledger = world.open().await;
        let keys = Keys::open(&ledger, act()).await.expect("keys");
        keys.unlock(&ledger, act(), with("dsl", DSL)).await.expect("unlocked");
        assert_eq!(read(&ledger, &keys, about.id).await.expect("read"), ["after", "before"]);
    }

    async fn a_change_that_is_interrupted_leaves_the_keys_as_they_were(world) {
        let (ledger, keys, _) = school(&world).await;
        let about = subject("a case");
        write(&ledger, &keys, about, "kept").await.expect("written");
        // The last statement of the change is refused, as if the process had been killed before the commit.
        let stop = match ledger.reader().get_database_backend() {
            sea_orm::DbBackend::Postgres => "ALTER TABLE audit_entry ADD CONSTRAINT stop CHECK (action <> 'keys.changed')",
            _ => "CREATE TRIGGER stop BEFORE INSERT ON audit_entry WHEN NEW.action = 'keys.changed' BEGIN SELECT RAISE(ABORT, 'stop'); END",
        };
        let mut unit = ledger.begin(act()).await.expect("a unit");
        unit.connection().execute_unprepared(stop).await.expect("a fault is planted");
        unit.record(&crate::world::change("fault")).expect("an entry");
        unit.commit().await.expect("committed");
        assert!(keys.rotate(&ledger, act(), with("dsl", DSL), &[], Sheet::NewSheets).await.is_err());
        assert_eq!(keys.ring().expect("a ring").version(), 1);
        write(&ledger, &keys, about, "more").await.expect("written");
        keys.unlock(&ledger, act(), with("dsl", DSL)).await.expect("the old keys hold");
        assert_eq!(read(&ledger, &keys, about.id).await.expect("read"), ["kept", "more"]);
    }

    async fn what_was_erased_is_gone_and_stays_gone(world) {
        let (ledger, keys, _) = school(&world).await;
        let (about, other) = (subject("a case"), subject("another"));
        write(&ledger, &keys, about, SECRET).await.expect("written");
        write(&ledger, &keys, other, "kept").await.expect("written");
        keys.unlock(&ledger, act(), with("head", HEAD)).await.expect("unlocked");
        for _ in 0..2 {
            let mut unit = ledger.begin(act()).await.expect("a unit");
            keys::erase(&mut unit, about, code!("retention")).await.expect("erased");
            unit.commit().await.expect("committed");
        }
        ledger.forget().await.expect("forgotten");
        assert!(matches!(read(&ledger, &keys, about.id).await, Err(KeysError::Erased)));
        assert!(matches!(write(&ledger, &keys, about, "anew").await, Err(KeysError::Erased)));
        assert_eq!(read(&ledger, &keys, other.id).await.expect("read"), ["kept"]);
        assert_eq!(number(&ledger, "SELECT count(*) FROM erasure").await, 1);
    }

    async fn keys_of_another_organisation_are_refused(world) {
        let (ledger, _, _) = school(&world).await;
        let mut unit = ledger.begin(act()).await.expect("a unit");
        let sql = match ledger.reader().get_database_backend() {
            sea_orm::DbBackend::Postgres => "UPDATE key_ring SET public = decode('00', 'hex')",
            _ => "UPDATE key_ring SET public = x'00'",
        };
        unit.connection().execute_unprepared(sql).await.expect("changed");
        unit.record(&crate::world::change("fault")).expect("an entry");
        unit.commit().await.expect("committed");
        assert!(matches!(Keys::open(&ledger, act()).await, Err(KeysError::Exchanged)));
    }
}

/// All files below a folder, with their bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.display().to_string(), fs::read(&path).expect("a file")));
        }
    }
    found
}

/// In which files `needle` stands.
fn holding(folder: &Path, needle: &[u8]) -> BTreeSet<String> {
    let holds = |bytes: &[u8]| bytes.windows(needle.len()).any(|part| part == needle);
    files(folder).into_iter().filter(|(_, bytes)| holds(bytes)).map(|(name, _)| name).collect()
}

/// The promise: whoever has the disk reads nothing, and what was erased is not there for anybody.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_the_data_folder_holds_no_protected_text_and_after_erasure_no_key_to_it() {
    let world = World::on_sqlite();
    let (ledger, keys, made) = school(&world).await;
    let about = subject("a case");
    write(&ledger, &keys, about, SECRET).await.expect("written");
    let vault = vault::Folder::open(&world.folder().join("vault")).expect("a vault");
    let scan = subject("a scan");
    let mut unit = ledger.begin(act()).await.expect("a unit");
    let sealer = keys.sealer(&unit, scan.id).await.expect("a key");
    vault.write(&sealer, &mut SECRET.repeat(3000).as_bytes(), 1 << 20).expect("stored");
    unit.record(&ledger::Change::new(scan, code!("attached"))).expect("an entry");
    unit.commit().await.expect("committed");
    keys.unlock(&ledger, act(), with("dsl", DSL)).await.expect("unlocked");
    assert_eq!(read(&ledger, &keys, about.id).await.expect("read"), [SECRET]);

    let secrets = [SECRET, HEAD, DSL].map(str::as_bytes);
    let codes: Vec<_> = made.0.iter().map(|(_, code)| code.text().replace('-', "")).collect();
    let check = |when: &str| {
        for secret in secrets.iter().copied().chain(codes.iter().map(|code| &code.as_bytes()[..8])) {
            for part in secret.windows(8) {
                assert_eq!(holding(world.folder(), part), BTreeSet::new(), "{when}: {}", String::from_utf8_lossy(part));
            }
        }
    };
    check("while unlocked");

    let wrapped = wrapped_keys(&ledger).await;
    assert_eq!(wrapped.len(), 2);
    assert!(wrapped.iter().all(|key| !holding(world.folder(), key).is_empty()), "the search finds what is there");
    for erased in [about, scan] {
        let mut unit = ledger.begin(act()).await.expect("a unit");
        keys::erase(&mut unit, erased, code!("retention")).await.expect("erased");
        unit.commit().await.expect("committed");
    }
    ledger.forget().await.expect("forgotten");
    for key in &wrapped {
        assert_eq!(holding(world.folder(), key), BTreeSet::new(), "a deleted key is nowhere");
    }
    check("after erasure");
    ledger.close().await.expect("closed");
    check("while stopped");
}

async fn wrapped_keys(ledger: &Ledger) -> Vec<Vec<u8>> {
    let select = Statement::from_string(ledger.reader().get_database_backend(), "SELECT wrapped FROM record_key");
    let rows = ledger.reader().query_all_raw(select).await.expect("rows");
    rows.iter().map(|row| row.try_get_by_index(0).expect("bytes")).collect()
}
