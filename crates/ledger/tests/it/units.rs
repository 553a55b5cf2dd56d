//! A unit commits with its entry, or nothing of it has happened.

use ledger::LedgerError;
use sea_orm::ConnectionTrait as _;

use crate::world::{act, change, found, number, on_both};

on_both! {
    async fn a_change_and_its_entry_are_there_together(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        assert_eq!(number(&ledger, "SELECT count(*) FROM organisation").await, 1);
        assert_eq!(number(&ledger, "SELECT count(*) FROM audit_entry").await, 1);
        assert_eq!(number(&ledger, "SELECT number FROM revision").await, 1, "whoever compiled it sees that it is stale");
        let mut unit = ledger.begin(act()).await.expect("a unit");
        unit.record(&change("a case")).expect("an entry");
        unit.commit().await.expect("committed");
        assert_eq!(number(&ledger, "SELECT number FROM revision").await, 2);
    }

    async fn a_change_without_an_entry_is_refused_and_undone(world) {
        let ledger = world.open().await;
        let unit = ledger.begin(act()).await.expect("a unit");
        let row = "INSERT INTO organisation (id, name, made_at) SELECT cast('0123456789abcdef' AS ID), 'A', 0";
        let bytes = if unit.connection().get_database_backend() == sea_orm::DbBackend::Postgres { "bytea" } else { "blob" };
        unit.connection().execute_unprepared(&row.replace("ID", bytes)).await.expect("a row");
        assert!(matches!(unit.commit().await, Err(LedgerError::NoEntry)));
        assert_eq!(number(&ledger, "SELECT count(*) FROM organisation").await, 0);
    }

    async fn a_unit_that_is_dropped_has_not_happened(world) {
        let ledger = world.open().await;
        let mut unit = ledger.begin(act()).await.expect("a unit");
        ledger::store::make_organisation(&mut unit, "Hill School").await.expect("the school");
        drop(unit);
        found(&ledger).await;
        assert_eq!(number(&ledger, "SELECT count(*) FROM audit_entry").await, 1);
    }

    async fn what_is_closed_and_opened_again_is_all_there(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        ledger.close().await.expect("closed");
        let ledger = world.open().await;
        assert_eq!(number(&ledger, "SELECT count(*) FROM audit_entry").await, 1);
    }

    async fn a_second_process_is_told_that_the_folder_is_taken(world) {
        let _first = world.open().await;
        let error = world.try_open().await.expect_err("taken");
        assert!(matches!(error, LedgerError::InUse { .. }), "{error}");
        assert!(error.to_string().contains("another Schoolgate is running on this data folder"), "{error}");
    }

    async fn an_entry_is_neither_changed_nor_deleted(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        for sql in ["UPDATE audit_entry SET at = 0", "DELETE FROM audit_entry"] {
            let unit = ledger.begin(act()).await.expect("a unit");
            let error = unit.connection().execute_unprepared(sql).await.expect_err(sql);
            assert!(error.to_string().contains("audit_entry is append-only"), "{error}");
        }
    }
}
