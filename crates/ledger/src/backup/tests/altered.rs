//! Backups that are damaged, forged, or somebody else's: each refused with its own words, and nothing of them kept.

use std::io::Write as _;

use super::*;
use crate::backup::archive::Writer;
use crate::backup::form::{FORMAT, MAGIC, Opening};
use crate::backup::{Age, Head, is_unfinished, verify};

fn refused(bytes: &[u8], identity: &Identity) -> BackupError {
    verify(bytes, identity, None, &mut |_| {}).expect_err("refused")
}

#[tokio::test(flavor = "multi_thread")]
async fn wherever_it_is_cut_it_is_refused_and_nothing_is_kept() {
    let identity = Identity::generate();
    let (bytes, _) = backup(&School::filled(On::Sqlite).await, &identity).await;
    let other = School::empty(On::Sqlite);
    let step = bytes.len() / 40;
    for length in (0..bytes.len()).step_by(step).chain([bytes.len() - 1, bytes.len() - 17]) {
        let error = refused(&bytes[..length], &identity);
        assert!(matches!(error, BackupError::Damaged | BackupError::NotABackup), "cut to {length}: {error:?}");
        restored(bytes[..length].to_vec(), &identity, &other, None).await.expect_err("refused");
        assert_eq!(files(other.folder.path()), BTreeSet::new(), "cut to {length}");
    }
    let error = refused(&[bytes.as_slice(), b"more"].concat(), &identity);
    assert!(matches!(error, BackupError::Damaged), "lengthened: {error:?}");
    restored(bytes, &identity, &other, None).await.expect("the whole one goes into the same folder");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_bit_is_found_wherever_it_is() {
    let identity = Identity::generate();
    let (bytes, _) = backup(&School::filled(On::Sqlite).await, &identity).await;
    for at in (0..bytes.len()).step_by(bytes.len() / 60) {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let error = refused(&changed, &identity);
        let is_named = matches!(error, BackupError::Damaged | BackupError::NotABackup | BackupError::NotForThisKey);
        assert!(is_named, "byte {at}: {error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_schools_key_opens_nothing() {
    let identity = Identity::generate();
    let (bytes, _) = backup(&School::filled(On::Sqlite).await, &identity).await;
    assert!(matches!(refused(&bytes, &Identity::generate()), BackupError::NotForThisKey));
    assert!(matches!(refused(b"PK\x03\x04 no backup at all", &identity), BackupError::NotABackup));
    assert!(matches!(refused(b"", &identity), BackupError::NotABackup));
}

/// What an opening says of a backup without a table.
fn opening() -> Opening {
    Opening {
        magic: MAGIC.to_owned(),
        format: FORMAT,
        program: "1.2.3".to_owned(),
        made_at: morning(),
        migrations: Vec::new(),
        heads: Vec::new(),
        tables: Vec::new(),
    }
}

fn made(opening: &Opening, identity: &Identity) -> Vec<u8> {
    let recipients = Recipients::parse([identity.recipient().as_str()]).expect("a recipient");
    Writer::begin(Vec::new(), &recipients, opening).expect("begun").finish().expect("ended").0
}

/// A tar made by hand, encrypted: whoever knows the public key can do that.
fn forged(members: &[(&str, &[u8])], identity: &Identity) -> Vec<u8> {
    let recipients = Recipients::parse([identity.recipient().as_str()]).expect("a recipient");
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        let field = &mut header.as_mut_bytes()[..name.len()];
        field.copy_from_slice(name.as_bytes());
        header.set_cksum();
        tar.append(&header, *bytes).expect("a member");
    }
    let mut stream = recipients.encryptor().expect("keys").wrap_output(Vec::new()).expect("begun");
    stream.write_all(&tar.into_inner().expect("a tar")).expect("written");
    stream.finish().expect("ended")
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_a_later_version_is_refused_by_name() {
    let identity = Identity::generate();
    let later = made(&Opening { format: FORMAT + 1, program: "9.0.0".to_owned(), ..opening() }, &identity);
    let error = refused(&later, &identity);
    assert!(matches!(error, BackupError::Newer { .. }) && error.to_string().contains("9.0.0"), "{error}");
    let migrated = made(&Opening { migrations: vec!["9999-later".to_owned()], ..opening() }, &identity);
    let error = restored(migrated, &identity, &School::empty(On::Sqlite), None).await.expect_err("refused");
    assert!(matches!(error, BackupError::Newer { .. }) && error.to_string().contains("9999-later"), "{error}");
    let swapped = made(&Opening { migrations: vec!["0002-audit".to_owned()], ..opening() }, &identity);
    let error = restored(swapped, &identity, &School::empty(On::Sqlite), None).await.expect_err("refused");
    assert!(matches!(error, BackupError::Malformed { .. }), "{error}");
}

#[test]
fn a_forged_one_is_refused_with_the_place() {
    let identity = Identity::generate();
    let first = serde_json::to_vec(&opening()).expect("json");
    let check = |members: &[(&str, &[u8])], place: &str| {
        let error = refused(&forged(members, &identity), &identity);
        assert!(matches!(&error, BackupError::Malformed { member, .. } if member == place), "{place}: {error:?}");
    };
    check(&[("vault/a", b"early")], "vault/a");
    check(&[("backup.json", &first), ("../escaped", b"x")], "../escaped");
    check(&[("backup.json", &first), ("/vault/a", b"x")], "/vault/a");
    check(&[("backup.json", &first), ("backup.json", &first)], "backup.json");
    check(&[("backup.json", b"{}")], "backup.json");
    check(&[("backup.json", &first), ("tables/pupils/000000", b"x")], "tables/pupils/000000");
    check(&[("backup.json", &first), ("closing.json", b"{\"rows\":[],\"files\":0,\"bytes\":0}"), ("vault/a", b"x")], "vault/a");
    check(
        &[("backup.json", &first), ("closing.json", b"{\"rows\":[],\"files\":0,\"bytes\":0}"), ("SHA256SUMS", b"ab  backup.json\n")],
        "backup.json",
    );
    let error = refused(&forged(&[("backup.json", &first)], &identity), &identity);
    assert!(matches!(error, BackupError::Damaged), "it has no end: {error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_tables_never_reach_the_database() {
    let identity = Identity::generate();
    let table = super::super::Table { name: "x\"; DROP TABLE organisation; --".to_owned(), columns: Vec::new() };
    let all = crate::migrations::ALL.iter().map(|migration| migration.name.to_owned()).collect();
    let forged = made(&Opening { migrations: all, tables: vec![table], ..opening() }, &identity);
    let other = School::empty(On::Sqlite);
    let error = restored(forged, &identity, &other, None).await.expect_err("refused");
    assert!(matches!(error, BackupError::Malformed { .. }), "{error}");
    assert!(!is_unfinished(other.folder.path()));
}

/// Somebody works, and the trail grows by one link.
async fn work(school: &School, name: &str) {
    let ledger = school.open().await;
    record(ledger.begin(act()).await.expect("a unit"), name).await;
    ledger.close().await.expect("closed and sealed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_backup_says_how_old_it_is() {
    let identity = Identity::generate();
    for on in [On::Sqlite, On::Postgres] {
        let school = School::filled(on).await;
        let (old, _) = backup(&school, &identity).await;
        work(&school, "later").await;
        work(&school, "later still").await;
        let (_, kept) = backup(&school, &identity).await;
        let older = Age::Older { entries: 2, by: jiff::SignedDuration::ZERO };
        let seen = verify(old.as_slice(), &identity, Some(&kept), &mut |_| {}).expect("whole");
        assert_eq!(seen.age.as_ref(), Some(&older));
        let seen = restored(old, &identity, &School::empty(On::Sqlite), Some(kept)).await.expect("restored");
        assert_eq!(seen.age, Some(older));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rewritten_history_is_refused() {
    let identity = Identity::generate();
    let school = School::filled(On::Sqlite).await;
    let (_, kept) = backup(&school, &identity).await;
    let rewritten = School::filled(On::Sqlite).await;
    let (bytes, _) = backup(&rewritten, &identity).await;
    let error = verify(bytes.as_slice(), &identity, Some(&kept), &mut |_| {}).expect_err("another history of the same length");
    assert!(matches!(error, BackupError::OtherHistory { seq: 21, .. }), "{error}");
    work(&rewritten, "later").await;
    let (bytes, _) = backup(&rewritten, &identity).await;
    // Its end is newer than what is kept; the entry that is kept is another one there.
    let other = School::empty(On::Sqlite);
    let error = restored(bytes, &identity, &other, Some(kept)).await.expect_err("refused");
    assert!(matches!(error, BackupError::OtherHistory { seq: 21, .. }), "{error}");
    assert_eq!(files(other.folder.path()), BTreeSet::new());
}

/// A database that was changed by hand, past the program: the backup is whole, and what is in it is not.
#[tokio::test(flavor = "multi_thread")]
async fn a_trail_that_was_tampered_with_is_refused_on_either_database() {
    let identity = Identity::generate();
    let school = School::filled(On::Postgres).await;
    let database = school.postgres.as_ref().expect("PostgreSQL");
    database.sql("ALTER TABLE audit_entry DISABLE TRIGGER USER").expect("as an administrator can");
    database.sql("UPDATE audit_entry SET role = 'head' WHERE id = (SELECT entry_id FROM audit_link WHERE seq = 7)").expect("changed");
    let (bytes, kept) = backup(&school, &identity).await;
    for on in [On::Sqlite, On::Postgres] {
        let other = School::empty(on);
        let error = restored(bytes.clone(), &identity, &other, Some(kept.clone())).await.expect_err("refused");
        assert!(matches!(&error, BackupError::Trail { what } if what.contains("link 7")), "{error}");
        assert_eq!(files(other.folder.path()), BTreeSet::new());
        // Nothing of it stays in the way of an older one.
        let (good, kept) = backup(&School::filled(On::Sqlite).await, &identity).await;
        restored(good, &identity, &other, Some(kept)).await.expect("restored");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_that_do_not_fit_the_trail_are_refused() {
    let identity = Identity::generate();
    let school = School::empty(On::Sqlite);
    school.open().await.close().await.expect("closed");
    let database = Ledger::read(&school.place).await.expect("readable");
    let head = Head { organisation: "00".repeat(16), seq: 3, hash: "11".repeat(32) };
    let tables = catalog::tables(&database).await.expect("tables");
    let all = crate::migrations::ALL.iter().map(|migration| migration.name.to_owned()).collect();
    let forged = made(&Opening { migrations: all, tables, heads: vec![head], ..opening() }, &identity);
    let error = restored(forged, &identity, &School::empty(On::Sqlite), None).await.expect_err("refused");
    assert!(matches!(error, BackupError::Malformed { .. }), "{error}");
}
