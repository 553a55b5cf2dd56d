//! What a school does: a backup in the night, and one day a restore.

use std::os::unix::fs::PermissionsExt as _;

use super::*;
use crate::backup::{Age, is_unfinished, verify};
use crate::migrations;

async fn there_and_back(from: On, to: On) {
    let identity = Identity::generate();
    let school = School::filled(from).await;
    let (bytes, kept) = backup(&school, &identity).await;
    let other = School::empty(to);
    let seen = restored(bytes, &identity, &other, Some(kept)).await.expect("restored");
    assert_eq!(seen.age, Some(Age::Newest));
    assert_restored(&school, &other).await;
    let vault: BTreeSet<String> = files(other.folder.path()).into_iter().filter(|name| name.starts_with("vault")).collect();
    assert_eq!(vault, BTreeSet::from(["vault/ab/abcdef".to_owned(), "vault/cd/cdef01".to_owned()]));
    assert_eq!(std::fs::read(other.folder.join("vault/ab/abcdef")).expect("a file"), [0, 1, 2, 255]);
    assert_eq!(std::fs::read(other.folder.join("vault/cd/cdef01")).expect("a file"), vec![7; 300_000]);
    let mode = std::fs::metadata(other.folder.join("vault/cd/cdef01")).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!is_unfinished(other.folder.path()));
    goes_on(&other).await;
}

/// What was restored is at work again: entries are noted, the trail is append-only, counters go on.
async fn goes_on(school: &School) {
    let before = school.content().await;
    let ledger = school.open().await;
    record(ledger.begin(act()).await.expect("a unit"), "after the restore").await;
    let unit = ledger.begin(act()).await.expect("a unit");
    let error = unit.connection().execute_unprepared("DELETE FROM audit_entry").await.expect_err("append-only");
    assert!(error.to_string().contains("append-only"), "{error}");
    drop(unit);
    ledger.close().await.expect("closed");
    let after = school.content().await;
    for table in ["audit_entry", "audit_link"] {
        assert_eq!(after[table].len(), before[table].len() + 1, "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_sqlite_to_sqlite() {
    there_and_back(On::Sqlite, On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_sqlite_to_postgres() {
    there_and_back(On::Sqlite, On::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_postgres_to_sqlite() {
    there_and_back(On::Postgres, On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_postgres_to_postgres() {
    there_and_back(On::Postgres, On::Postgres).await;
}

/// The records of one moment, though people go on working: each unit adds one job and one entry, so there are as many of both.
async fn while_people_work(on: On) {
    let identity = Identity::generate();
    let school = School::filled(on).await;
    let ledger = school.open().await;
    let stop = tokio_stop();
    let mut working = stop.clone();
    let worker = {
        let ledger = ledger.clone();
        tokio::spawn(async move {
            let mut done = 0_u32;
            while !*working.borrow_and_update() {
                let unit = ledger.begin(act()).await.expect("a unit");
                let sql = "INSERT INTO job (id, kind, name, state, due_at, attempts, made_at) VALUES ($1, 'mail', $2, 0, 0, 0, 0)";
                let id = u128::from(done + 100).to_be_bytes().to_vec();
                let values = [id.into(), format!("job {done}").into()];
                let statement = Statement::from_sql_and_values(unit.connection().get_database_backend(), sql, values);
                unit.connection().execute_raw(statement).await.expect("a job");
                record(unit, &format!("work {done}")).await;
                done += 1;
            }
            done
        })
    };
    let mut backups = Vec::new();
    for _ in 0..5 {
        backups.push(backup(&school, &identity).await.0);
    }
    stop.tell();
    assert!(worker.await.expect("the worker ends") > 0, "somebody worked meanwhile");
    ledger.close().await.expect("closed");
    for bytes in backups {
        let other = School::empty(On::Sqlite);
        restored(bytes, &identity, &other, None).await.expect("restored");
        let content = other.content().await;
        // Of the entries, 21 are those of the school as it was filled and one tells of the restore; of the jobs, one is older.
        assert_eq!(content["job"].len() - 1, content["audit_entry"].len() - 22);
    }
}

/// A flag that tells a task to stop.
#[derive(Clone)]
struct Stop(std::sync::Arc<tokio::sync::watch::Sender<bool>>, tokio::sync::watch::Receiver<bool>);

fn tokio_stop() -> Stop {
    let (sender, receiver) = tokio::sync::watch::channel(false);
    Stop(std::sync::Arc::new(sender), receiver)
}

impl Stop {
    fn borrow_and_update(&mut self) -> tokio::sync::watch::Ref<'_, bool> {
        self.1.borrow_and_update()
    }

    fn tell(&self) {
        self.0.send_replace(true);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_moment_of_sqlite_while_people_work() {
    while_people_work(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_moment_of_postgres_while_people_work() {
    while_people_work(On::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_an_earlier_version_is_brought_forward() {
    let identity = Identity::generate();
    let tables = School::filled(On::Sqlite).await.content().await.len();
    for on in [On::Sqlite, On::Postgres] {
        // The first three came out together, with the trail and the erasures that every backup tells of.
        for done in 3..migrations::ALL.len() {
            let old = School::empty(on);
            let database = crate::connect::connect(&old.place, crate::connect::Use::Write).await.expect("a database");
            migrations::run(&database, &migrations::ALL[..done], morning()).await.expect("migrated");
            let recipients = Recipients::parse([identity.recipient().as_str()]).expect("a recipient");
            let made = make::from_database(&database, &old.source(), &recipients, Vec::new(), morning(), &mut |_| {}).await;
            let other = School::empty(On::Sqlite);
            restored(made.expect("a backup").to, &identity, &other, None).await.expect("restored");
            assert_eq!(other.content().await.len(), tables, "{done} of all migrations");
        }
    }
}

/// Gives the record and another one a key and a file, and erases it. A backup from before, and what is kept after.
async fn before_and_after_erasing(school: &School, record_id: RecordId, identity: &Identity) -> (Vec<u8>, Kept) {
    let ledger = school.open().await;
    let unit = ledger.begin(act()).await.expect("a unit");
    let sql = "INSERT INTO record_key (organisation_id, record_id, epoch_id, wrapped) VALUES ($1, $2, $2, $3)";
    for record_id in [record_id, RecordId::named("another")] {
        let id = |bytes: [u8; 16]| Value::Bytes(Some(bytes.to_vec()));
        let values = vec![id(school_id().to_bytes()), id(record_id.to_bytes()), Value::Bytes(Some(vec![9; 60]))];
        school.run(&unit, sql, values).await;
    }
    record(unit, "keys").await;
    school.folder.write(&format!("vault/{record_id}.vault"), "sealed").expect("a file");
    let (before, _) = backup(school, identity).await;
    let mut unit = ledger.begin(act()).await.expect("a unit");
    crate::keys::erase(&mut unit, Subject { kind: code!("case"), id: record_id }, code!("retention")).await.expect("erased");
    unit.commit().await.expect("committed");
    ledger.close().await.expect("closed");
    let (_, kept) = backup(school, identity).await;
    (before, kept)
}

/// What was erased after a backup was made stays erased when it is restored, with its tombstone, its file and its line in the trail.
async fn erased_stays_erased(on: On) {
    let identity = Identity::generate();
    let school = School::filled(on).await;
    let record_id = RecordId::named("a case of long ago");
    let (before, kept) = before_and_after_erasing(&school, record_id, &identity).await;
    assert_eq!((kept.erasures.len(), kept.erasures[0].reason.as_str()), (1, "retention"));

    let other = School::empty(on);
    let seen = restored(before.clone(), &identity, &other, Some(kept)).await.expect("restored");
    assert_eq!(seen.erased, 1);
    let content = other.content().await;
    assert_eq!(content["record_key"].len(), 1, "only the other record has a key");
    assert_eq!(content["erasure"].len(), 1);
    let restored_entry = school.content().await["audit_entry"].len() - 1;
    assert_eq!(content["audit_entry"].len(), restored_entry + 2, "the restore, and the erasure");
    assert!(!other.folder.join(&format!("vault/{record_id}.vault")).exists());
    let database = Ledger::read(&other.place).await.expect("readable");
    assert!(crate::audit::verify(&database, &[], morning(), &|_, _| {}).await.expect("walked").holds());

    // Without what is kept, it comes back: which is why a restore asks for it.
    let other = School::empty(on);
    restored(before, &identity, &other, None).await.expect("restored");
    assert_eq!(other.content().await["record_key"].len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_erased_stays_erased_on_sqlite() {
    erased_stays_erased(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_erased_stays_erased_on_postgres() {
    erased_stays_erased(On::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_through_a_backup_says_what_is_in_it_and_writes_nothing() {
    let identity = Identity::generate();
    let school = School::filled(On::Sqlite).await;
    let (bytes, kept) = backup(&school, &identity).await;
    let before = files(school.folder.path());
    let mut steps = 0;
    let seen = verify(bytes.as_slice(), &identity, Some(&kept), &mut |_| steps += 1).expect("whole");
    assert_eq!((seen.opening.program.as_str(), seen.opening.made_at, seen.closing.files), ("1.2.3", morning(), 2));
    assert_eq!(files(school.folder.path()), before);
    let rows: BTreeMap<&str, u64> =
        seen.opening.tables.iter().map(|table| table.name.as_str()).zip(seen.closing.rows.iter().copied()).collect();
    assert_eq!((rows["audit_entry"], rows["job"], rows["organisation"], rows["outbox"]), (21, 1, 1, 0));
    assert!(steps >= 3, "somebody who watches sees it");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_record_can_be_read_from_a_backup() {
    let identity = Identity::generate();
    let school = School::filled(On::Sqlite).await;
    // In clear in the database, so that it is the backup that hides it.
    school.folder.write("vault/planted", SECRET).expect("a file");
    let ledger = school.open().await;
    let unit = ledger.begin(act()).await.expect("a unit");
    school.run(&unit, "UPDATE organisation SET name = $1", vec![SECRET.into()]).await;
    record(unit, "renamed").await;
    ledger.close().await.expect("closed");
    let (bytes, kept) = backup(&school, &identity).await;
    let holds = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    for text in [SECRET, "audit_entry", "config.toml", "Hill School", &identity.file_text()] {
        assert!(!holds(&bytes, text.as_bytes()), "{text}");
    }
    assert!(!holds(&kept.text(), SECRET.as_bytes()));
    let decrypted = age_decrypted(&bytes, &identity);
    assert!(holds(&decrypted, SECRET.as_bytes()), "it is in there, encrypted");
    assert!(!holds(&decrypted, b"AGE-SECRET-KEY"), "the key is not");
}

pub(super) fn age_decrypted(bytes: &[u8], identity: &Identity) -> Vec<u8> {
    use std::io::Read as _;
    let mut clear = Vec::new();
    let file = age::Decryptor::new(bytes).expect("age").decrypt(std::iter::once(identity.key())).expect("decrypted");
    { file }.read_to_end(&mut clear).expect("whole");
    clear
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ordinary_tools_open_it_too() {
    let identity = Identity::generate();
    let (bytes, _) = backup(&School::filled(On::Sqlite).await, &identity).await;
    let folder = Folder::new().expect("a folder");
    let tar = folder.write("backup.tar", age_decrypted(&bytes, &identity)).expect("a file");
    let run = |program: &str, arguments: &[&str]| {
        let output = std::process::Command::new(program).args(arguments).current_dir(folder.path()).output().expect(program);
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    };
    run("tar", &["xf", &tar.to_string_lossy()]);
    run("sha256sum", &["--check", "--strict", "--quiet", "SHA256SUMS"]);
}
