//! The records are brought up to date from nothing, and refused when they come from a later version.

use ledger::upgrade::{self, Version};
use ledger::{Ledger, LedgerError};
use sea_orm::ConnectionTrait as _;

use crate::world::{act, found, morning, number, on_both};

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

    async fn records_of_an_earlier_version_are_rehearsed_and_stay_as_they_were(world) {
        let world = world.bare();
        assert_eq!(upgrade::version(world.place()).await.expect("asked"), Version::NotMade);
        upgrade::make_as_of(world.place(), 3, morning()).await.expect("made");
        let Version::Older(steps) = upgrade::version(world.place()).await.expect("asked") else { panic!("they are older") };
        assert!(steps.len() == upgrade::steps() - 3 && steps[0] == "0004-vault", "{steps:?}");
        let tried = upgrade::rehearse(world.place(), world.folder(), morning()).await.expect("rehearsed");
        assert!(tried.wrong.is_empty() && tried.tables > 3 && tried.rows > 0, "{tried:?}");
        assert!(tried.new.contains(&"person".to_owned()), "{tried:?}");
        assert_eq!(upgrade::version(world.place()).await.expect("asked"), Version::Older(steps), "a rehearsal changes nothing");
        let error = world.try_open().await.expect_err("changed without a word");
        assert!(matches!(error, LedgerError::Older), "{error}");
        let held = upgrade::hold(world.folder()).expect("held");
        assert!(matches!(world.try_open().await, Err(LedgerError::InUse { .. })), "another has them meanwhile");
        upgrade::carry_out(&held, world.place(), morning()).await.expect("done");
        drop(held);
        world.open().await.close().await.expect("closed");
        assert_eq!(upgrade::version(world.place()).await.expect("asked"), Version::Current);
    }

    async fn a_step_that_cannot_be_done_is_found_by_the_rehearsal(world) {
        let world = world.bare();
        upgrade::make_as_of(world.place(), 3, morning()).await.expect("made");
        world.tamper(&["CREATE TABLE person (mine integer)"]).await;
        let error = upgrade::rehearse(world.place(), world.folder(), morning()).await.expect_err("refused");
        assert!(matches!(&error, LedgerError::Migration { migration, .. } if migration.contains("people")), "{error}");
        assert!(matches!(upgrade::version(world.place()).await, Ok(Version::Older(_))), "it was begun all the same");
    }
}
