//! Backups there and back: from either database into either, whole, or refused with the reason.

mod altered;
mod faults;
mod journeys;
mod properties;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::Path;

use calendar::Instant;
use ids::{OrganisationId, RecordId};
use sea_orm::{ConnectionTrait as _, Statement, Value};
use testkit::folder::Folder;
use testkit::postgres::Database;

use super::row::{Cell, decode};
use super::{BackupError, Identity, Kept, Made, Recipients, Seen, Source, Step, Target, catalog, dump, make, restore};
use crate::{Act, Actor, Change, Ledger, Origin, Place, Subject, code};

/// 2026-11-24T09:00:00Z.
pub(super) fn morning() -> Instant {
    "2026-11-24T09:00:00Z".parse().expect("a time")
}
/// Stands in protected text, and nowhere else.
pub(super) const SECRET: &str = "the swing behind the bike shed";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum On {
    Sqlite,
    Postgres,
}

/// A data folder and a database, empty at first.
#[derive(Debug)]
pub(super) struct School {
    pub(super) folder: Folder,
    pub(super) place: Place,
    /// Dropped with the school.
    pub(super) postgres: Option<Database>,
}

impl School {
    pub(super) fn empty(on: On) -> Self {
        let folder = Folder::new().expect("a folder");
        match on {
            On::Sqlite => Self { place: Place::in_folder(folder.path()), folder, postgres: None },
            On::Postgres => {
                let database = Database::empty().expect("a database");
                Self { place: Place::parse(database.url()).expect("its address"), folder, postgres: Some(database) }
            }
        }
    }

    /// One with records of every kind and two files in its vault.
    pub(super) async fn filled(on: On) -> Self {
        let school = Self::empty(on);
        let ledger = school.open().await;
        let unit = ledger.begin(act()).await.expect("a unit");
        let organisation = school_id().to_bytes().to_vec();
        school
            .run(
                &unit,
                "INSERT INTO organisation (id, name, version, made_at) VALUES ($1, $2, 3, $3)",
                vec![organisation.clone().into(), "Hill School, with ä, \u{1f3eb} and a 'quote'".into(), morning().micros().into()],
            )
            .await;
        school
            .run(
                &unit,
                "INSERT INTO job (id, kind, name, subject_id, state, due_at, attempts, made_at) VALUES ($1, 'mail', $2, $3, 2, $4, 7, $5)",
                vec![vec![7_u8; 16].into(), "a job".into(), Value::Bytes(Some(vec![0, 255, 1])), i64::MAX.into(), i64::MIN.into()],
            )
            .await;
        record(unit, "found").await;
        for number in 0..20 {
            let unit = ledger.begin(act()).await.expect("a unit");
            record(unit, &format!("case {number}")).await;
        }
        ledger.close().await.expect("closed");
        school.folder.write("vault/ab/abcdef", [0, 1, 2, 255]).expect("a file");
        school.folder.write("vault/cd/cdef01", vec![7; 300_000]).expect("a file");
        school.folder.write("vault/.being-written", "half").expect("a file");
        school
    }

    pub(super) async fn open(&self) -> Ledger {
        Ledger::open(self.folder.path(), &self.place, morning()).await.expect("the records open")
    }

    pub(super) async fn run(&self, unit: &crate::Unit, sql: &str, values: Vec<Value>) {
        let connection = unit.connection();
        let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
        connection.execute_raw(statement).await.expect(sql);
    }

    pub(super) fn source(&self) -> Source {
        let config = self.folder.path().parent().expect("above").join("no-such-file");
        Source {
            place: self.place.clone(),
            folder: self.folder.path().to_owned(),
            files: vec![("config/config.toml".to_owned(), config)],
            program: "1.2.3",
        }
    }

    pub(super) fn target(&self) -> Target {
        Target { folder: self.folder.path().to_owned(), place: self.place.clone() }
    }

    /// All rows of all tables.
    pub(super) async fn content(&self) -> BTreeMap<String, BTreeSet<String>> {
        let database = Ledger::read(&self.place).await.expect("readable");
        let view = dump::begin(&database).await.expect("a view");
        let mut all = BTreeMap::new();
        for table in catalog::tables(&view).await.expect("tables") {
            let mut rows = BTreeSet::new();
            let mut parts = dump::rows(&view, &table).await.expect("rows");
            while let Some(part) = parts.next().await.expect("rows") {
                let mut bytes = part.bytes.as_slice();
                while let Some(mut row) = decode(&mut bytes, table.columns.len()).expect("a row") {
                    // A restore is a change too: it moves the revision of each organisation.
                    for (cell, _) in
                        row.iter_mut().zip(&table.columns).filter(|(_, column)| table.name == "revision" && column.name == "number")
                    {
                        *cell = Cell::Null;
                    }
                    rows.insert(format!("{row:?}"));
                }
            }
            drop(parts);
            all.insert(table.name, rows);
        }
        all
    }
}

pub(super) fn school_id() -> OrganisationId {
    OrganisationId::named("Hill School")
}

pub(super) fn act() -> Act {
    Act {
        organisation: school_id(),
        site: None,
        actor: Actor::Program,
        role: code!("dsl"),
        on_behalf_of: None,
        purpose: code!("safeguarding"),
        at: morning(),
        origin: Origin::Address([192, 0, 2, 7].into()),
    }
}

pub(super) fn change(name: &str) -> Change {
    Change::new(Subject { kind: code!("case"), id: RecordId::named(name) }, code!("opened"))
}

pub(super) async fn record(mut unit: crate::Unit, name: &str) {
    unit.record(&change(name)).expect("an entry");
    unit.commit().await.expect("committed");
}

/// A backup of it, with what is kept beside.
pub(super) async fn backup(school: &School, identity: &Identity) -> (Vec<u8>, Kept) {
    let recipients = Recipients::parse([identity.recipient().as_str()]).expect("a recipient");
    let made = make(&school.source(), &recipients, Vec::new(), morning(), &mut |_| {}).await;
    let Made { to, kept, .. } = made.expect("a backup");
    (to, kept)
}

pub(super) async fn restored(bytes: Vec<u8>, identity: &Identity, into: &School, kept: Option<Kept>) -> Result<Seen, BackupError> {
    restore(Cursor::new(bytes), copy(identity), &into.target(), kept, morning(), &mut |_: Step<'_>| {}).await
}

pub(super) fn copy(identity: &Identity) -> Identity {
    let folder = Folder::new().expect("a folder");
    Identity::read(&folder.write("key", identity.file_text()).expect("a file")).expect("a key")
}

/// All is there as it was, and the trail says in addition that it was restored.
pub(super) async fn assert_restored(before: &School, after: &School) {
    let (before, after) = (before.content().await, after.content().await);
    assert!(before.keys().eq(after.keys()));
    // By the counter PostgreSQL confirms what is on the disk, as often as anything happens.
    for (table, rows) in before.iter().filter(|(table, _)| *table != "confirmation") {
        let added: BTreeSet<_> = after[table].difference(rows).collect();
        assert!(rows.is_subset(&after[table]), "{table}");
        let one_each = if table == "audit_entry" || table == "audit_link" { before["organisation"].len() } else { 0 };
        assert_eq!(added.len(), one_each, "{table}: {added:?}");
    }
}

/// All that lies in a folder, by its path in it.
pub(super) fn files(folder: &Path) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            all.extend(files(&path).into_iter().map(|inner| format!("{name}/{inner}")));
        } else {
            all.insert(name);
        }
    }
    all
}
