//! Whatever stands in the records comes back, on either database.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

/// Payload, attempts, how often.
type Job = (Option<Vec<u8>>, i16, Option<i64>);

/// Rows that nobody would write.
#[derive(Debug, Clone)]
struct Rows {
    organisations: BTreeMap<[u8; 16], (String, i64)>,
    jobs: BTreeMap<String, Job>,
    file: Vec<u8>,
}

fn rows() -> impl Strategy<Value = Rows> {
    // PostgreSQL keeps no zero in a text, so no record has one.
    let organisations = prop::collection::btree_map(any::<[u8; 16]>(), ("[^\0]{0,40}", any::<i64>()), 0..3);
    let jobs = prop::collection::btree_map("[^\0]{1,20}", (any::<Option<Vec<u8>>>(), any::<i16>(), any::<Option<i64>>()), 0..8);
    (organisations, jobs, any::<Vec<u8>>()).prop_map(|(organisations, jobs, file)| Rows { organisations, jobs, file })
}

async fn put(school: &School, rows: &Rows) {
    let ledger = school.open().await;
    let unit = ledger.begin(act()).await.expect("a unit");
    let founding = "INSERT INTO organisation (id, name, version, made_at) VALUES ($1, $2, $3, $3)";
    school.run(&unit, founding, vec![school_id().to_bytes().to_vec().into(), "ours".into(), 0_i64.into()]).await;
    for (id, (name, number)) in &rows.organisations {
        school.run(&unit, founding, vec![id.to_vec().into(), name.as_str().into(), (*number).into()]).await;
        // As its first entry would have made it.
        school.run(&unit, "INSERT INTO revision (organisation_id, number) VALUES ($1, 1)", vec![id.to_vec().into()]).await;
    }
    for (at, (name, (payload, attempts, every))) in rows.jobs.iter().enumerate() {
        let sql = "INSERT INTO job (id, kind, name, subject_id, state, due_at, again_at, attempts, made_at) VALUES ($1, 'k', $2, $3, 0, 0, $4, $5, 0)";
        let id = (at as u128).to_be_bytes().to_vec();
        let values = vec![id.into(), name.as_str().into(), payload.clone().into(), (*every).into(), (*attempts).into()];
        school.run(&unit, sql, values).await;
    }
    record(unit, "rows").await;
    ledger.close().await.expect("closed");
    school.folder.write("vault/aa/file", &rows.file).expect("a file");
}

#[test]
fn what_goes_in_comes_out_on_either_database() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let mut runner = TestRunner::new(Config { cases: 6, failure_persistence: None, ..Config::default() });
    let tried = runner.run(&rows(), |rows| {
        runtime.block_on(async {
            let identity = Identity::generate();
            let school = School::empty(On::Sqlite);
            put(&school, &rows).await;
            // Through both databases and home again.
            let (bytes, _) = backup(&school, &identity).await;
            let large = School::empty(On::Postgres);
            restored(bytes, &identity, &large, None).await.expect("restored");
            assert_restored(&school, &large).await;
            let (bytes, _) = backup(&large, &identity).await;
            let home = School::empty(On::Sqlite);
            restored(bytes, &identity, &home, None).await.expect("restored");
            assert_restored(&large, &home).await;
            assert_eq!(std::fs::read(home.folder.join("vault/aa/file")).expect("a file"), rows.file);
        });
        Ok(())
    });
    tried.expect("every world comes back");
}
