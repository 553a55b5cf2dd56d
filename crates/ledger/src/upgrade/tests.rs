//! Steps that lose something, that cannot be done, or that take their time: what a rehearsal says of them.

use sea_orm::Value;
use testkit::folder::Folder;
use testkit::postgres::Database;

use super::*;

/// A table of its own with two rows, of which a step may take some.
const BEFORE: Migration = Migration {
    name: "9000-before",
    statements: |_| {
        let statements = ["CREATE TABLE note (number bigint PRIMARY KEY)", "INSERT INTO note VALUES (1)", "INSERT INTO note VALUES (2)"];
        statements.map(str::to_owned).to_vec()
    },
};
const NEW_TABLE: Migration =
    Migration { name: "9001-new", statements: |_| vec!["CREATE TABLE more (number bigint PRIMARY KEY)".to_owned()] };
const LESS: Migration = Migration { name: "9001-less", statements: |_| vec!["DELETE FROM note WHERE number = 2".to_owned()] };
const GONE: Migration = Migration { name: "9001-gone", statements: |_| vec!["DROP TABLE note".to_owned()] };
const IMPOSSIBLE: Migration = Migration { name: "9002-impossible", statements: |_| vec!["DROP TABLE nowhere".to_owned()] };
/// Longer than [`BOUND`].
const SLOW: &str = "SELECT pg_sleep(1.5)";
const SLOW_STEP: Migration = Migration { name: "9001-slow", statements: |_| vec![SLOW.to_owned()] };
/// As whoever looks after a database may set it.
const BOUND: &str = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET statement_timeout = ''1s''', current_database()); END $$";

#[derive(Debug)]
struct School {
    folder: Folder,
    place: Place,
    /// Dropped with the school. None on SQLite.
    database: Option<Database>,
}

fn now() -> Instant {
    "2026-11-24T09:00:00Z".parse().expect("a time")
}

/// The steps of this program, and further ones.
fn steps(further: &[Migration]) -> Vec<Migration> {
    [migrations::ALL, &[BEFORE], further].concat()
}

// === impl School ===

impl School {
    async fn on_sqlite() -> Self {
        let folder = Folder::new().expect("a folder");
        Self { place: Place::in_folder(folder.path()), folder, database: None }.filled().await
    }

    async fn on_postgres() -> Self {
        let (folder, database) = (Folder::new().expect("a folder"), Database::empty().expect("a database"));
        let place = Place::parse(database.url()).expect("its address");
        Self { folder, place, database: Some(database) }.filled().await
    }

    /// With an organisation and the two notes.
    async fn filled(self) -> Self {
        let writer = self.writer().await;
        migrations::run(&writer, &steps(&[]), now()).await.expect("made");
        let values: [Value; 2] = [vec![7_u8; 16].into(), now().micros().into()];
        let made = "INSERT INTO organisation (id, name, version, made_at) VALUES ($1, 'Hill School', 1, $2)";
        let made = Statement::from_sql_and_values(writer.get_database_backend(), made, values);
        writer.execute_raw(made).await.expect("an organisation");
        writer.close().await.expect("closed");
        self
    }

    async fn writer(&self) -> DatabaseConnection {
        connect(&self.place, Use::Write).await.expect("opened")
    }

    async fn rehearsed(&self, further: &[Migration]) -> Result<Rehearsal, LedgerError> {
        rehearse_steps(&self.place, self.folder.path(), &steps(further), now()).await
    }

    async fn carried_out(&self, further: &[Migration]) -> Result<(), LedgerError> {
        let writer = self.writer().await;
        let done = carry_out_steps(&writer, &steps(further), now()).await;
        writer.close().await.expect("closed");
        done
    }

    async fn notes(&self) -> u64 {
        let reader = connect(&self.place, Use::Read).await.expect("opened");
        let rows = counted(&reader).await.expect("counted");
        reader.close().await.expect("closed");
        rows.get("note").copied().unwrap_or_default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_step_would_lose_is_said_and_nothing_is_lost() {
    for school in [School::on_sqlite().await, School::on_postgres().await] {
        let well = school.rehearsed(&[NEW_TABLE]).await.expect("rehearsed");
        assert!(well.wrong.is_empty() && well.new == ["more"] && well.rows >= 3, "{well:?}");
        for (step, expected) in [(LESS, "of 2 rows in note, 1 are left"), (GONE, "the table note with 2 rows is gone")] {
            let tried = school.rehearsed(&[step]).await.expect("rehearsed");
            assert_eq!(tried.wrong, [expected], "{:?}", school.place);
        }
        let error = school.rehearsed(&[LESS, IMPOSSIBLE]).await.expect_err("it cannot be done");
        assert!(matches!(error, LedgerError::Migration { migration: "9002-impossible", .. }), "{error}");
        assert_eq!(school.notes().await, 2, "a rehearsal has changed the records");
        assert!(!school.folder.join(".rehearsal").exists(), "the copy is left");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_points_nowhere_is_found_on_the_copy() {
    let school = School::on_sqlite().await;
    let writer = school.writer().await;
    let stray = "INSERT INTO site (organisation_id, id, name, made_at) VALUES (zeroblob(16), zeroblob(16), 'Hill', 0)";
    for statement in ["PRAGMA foreign_keys = OFF", stray] {
        writer.execute_unprepared(statement).await.expect(statement);
    }
    writer.close().await.expect("closed");
    let tried = school.rehearsed(&[NEW_TABLE]).await.expect("rehearsed");
    assert_eq!(tried.wrong, ["some rows point to others that are not there"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_before_the_one_that_fails_hold_and_nobody_says_otherwise() {
    for school in [School::on_sqlite().await, School::on_postgres().await] {
        let error = school.carried_out(&[LESS, IMPOSSIBLE]).await.expect_err("it cannot be done");
        assert_eq!(school.notes().await, 1, "{:?}", school.place);
        assert!(error.to_string().contains("that step left nothing behind") && !error.to_string().contains("as they were"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bound_that_was_meant_for_pages_does_not_cut_a_step_off() {
    let school = School::on_postgres().await;
    school.database.as_ref().expect("on PostgreSQL").sql(BOUND).expect("bounded");
    school.rehearsed(&[SLOW_STEP]).await.expect("rehearsed");
    school.carried_out(&[SLOW_STEP]).await.expect("done");
    let writer = school.writer().await;
    assert!(writer.execute_unprepared(SLOW).await.is_err(), "nothing is bounded at all");
    writer.close().await.expect("closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_rehearsal_left_goes_and_one_under_way_stays() {
    let school = School::on_sqlite().await;
    let data = school.folder.path();
    let left = || school.folder.write(".rehearsal/rehearsal.sqlite", "half a copy").expect("a copy");
    clear(data).expect("nothing is there");
    left();
    clear(data).expect("cleared");
    assert!(!data.join(".rehearsal").exists(), "a copy of the records is left");
    left();
    school.rehearsed(&[NEW_TABLE]).await.expect("what is left is in nobody's way");

    let scratch = Scratch::make(data).expect("a folder");
    let copy = left();
    clear(data).expect("asked");
    assert!(copy.exists(), "another's copy is taken away");
    assert!(matches!(school.rehearsed(&[NEW_TABLE]).await, Err(LedgerError::Rehearsing { .. })), "two at once");
    drop(scratch);
    assert!(!data.join(".rehearsal").exists(), "it is left");
}
