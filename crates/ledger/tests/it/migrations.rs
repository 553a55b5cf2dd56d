//! The records are brought up to date from nothing, and refused when they come from a later version.

use ledger::{Ledger, LedgerError};
use sea_orm::ConnectionTrait as _;

use crate::world::{act, found, number, on_both};

on_both! {
    async fn records_that_are_not_there_are_made(world) {
        let world = world.bare();
        assert!(Ledger::read(world.place()).await.is_err(), "reading makes nothing");
        let ledger = world.open().await;
        assert_eq!(number(&ledger, "SELECT count(*) FROM organisation").await, 0);
        Ledger::read(world.place()).await.expect("now there is something to read");
    }

    async fn records_of_a_later_version_are_refused(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        let unit = ledger.begin(act()).await.expect("a unit");
        unit.connection().execute_unprepared("INSERT INTO migration (name, applied_at) VALUES ('9999-later', 0)").await.expect("marked");
        let mut unit = unit;
        unit.record(&crate::world::change("a case")).expect("an entry");
        unit.commit().await.expect("committed");
        ledger.close().await.expect("closed");
        let error = world.try_open().await.expect_err("refused");
        assert!(matches!(&error, LedgerError::Newer { migration } if migration == "9999-later"), "{error}");
    }
}
