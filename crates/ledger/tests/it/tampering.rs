//! Whoever has the database can change it; the walk names what was changed.

use ids::EntryId;
use ledger::audit::{self, Broken, Head, heads};
use ledger::{Ledger, code};

use crate::world::{World, act, found, make, morning, on_both, sealed, subject};

/// Closed records with six links (the school's, and five cases'), and the entries of the cases.
async fn kept(world: &World) -> (Vec<EntryId>, Vec<Head>) {
    let ledger = world.open().await;
    found(&ledger).await;
    let mut entries = Vec::new();
    for name in ["a", "b", "c", "d", "e"] {
        entries.push(make(&ledger, name).await);
        sealed(&ledger).await;
    }
    let heads = heads(ledger.reader(), morning()).await.expect("heads");
    ledger.close().await.expect("closed");
    (entries, heads)
}

async fn broken(world: &World, kept: &[Head]) -> Option<Broken> {
    let reader = Ledger::read(world.place()).await.expect("to read");
    let report = audit::verify(&reader, kept, morning(), &|_, _| {}).await.expect("walked");
    reader.close().await.expect("closed");
    report.chains.into_iter().find_map(|chain| chain.broken)
}

/// The entry of link 3, which is the second case.
const THIRD: &str = "(SELECT entry_id FROM audit_link WHERE seq = 3)";

on_both! {
    async fn untouched_records_hold(world) {
        let (_, heads) = kept(&world).await;
        assert_eq!(broken(&world, &heads).await, None);
    }

    async fn an_edited_entry_is_named(world) {
        let (entries, _) = kept(&world).await;
        world.tamper(&[&format!("UPDATE audit_entry SET action = 'closed' WHERE id = {THIRD}")]).await;
        assert_eq!(broken(&world, &[]).await, Some(Broken::EntryChanged { seq: 3, entry: entries[1], at: Some(morning()) }));
    }

    async fn two_entries_exchanged_are_named_at_the_first(world) {
        let (entries, _) = kept(&world).await;
        let (third, fifth) = (THIRD, "(SELECT entry_id FROM audit_link WHERE seq = 5)");
        // By a table of its own: SQLite would read the first as it is after the change.
        let before = format!("CREATE TABLE held AS SELECT id, subject_id FROM audit_entry WHERE id IN ({third}, {fifth})");
        let exchanged = "UPDATE audit_entry SET subject_id = (SELECT b.subject_id FROM held b WHERE b.id <> audit_entry.id)
            WHERE id IN (SELECT id FROM held)";
        world.tamper(&[&before, exchanged]).await;
        assert_eq!(broken(&world, &[]).await, Some(Broken::EntryChanged { seq: 3, entry: entries[1], at: Some(morning()) }));
    }

    async fn an_entry_taken_away_is_named(world) {
        let (entries, _) = kept(&world).await;
        world.tamper(&[&format!("DELETE FROM audit_entry WHERE id = {THIRD}")]).await;
        assert_eq!(broken(&world, &[]).await, Some(Broken::EntryMissing { seq: 3, entry: entries[1] }));
    }

    async fn a_link_taken_away_is_named(world) {
        kept(&world).await;
        world.tamper(&["DELETE FROM audit_link WHERE seq = 4"]).await;
        assert_eq!(broken(&world, &[]).await, Some(Broken::Gap { seq: 4 }));
    }

    async fn an_entry_and_its_link_at_the_end_taken_away_show_against_a_head(world) {
        let (_, heads) = kept(&world).await;
        world
            .tamper(&[
                "DELETE FROM audit_entry WHERE id = (SELECT entry_id FROM audit_link WHERE seq = 6)",
                "DELETE FROM audit_link WHERE seq = 6",
            ])
            .await;
        assert_eq!(broken(&world, &[]).await, None, "an earlier state holds in itself");
        assert_eq!(broken(&world, &heads).await, Some(Broken::Rewound { kept: heads[0], reached: 5 }));
    }

    async fn an_entry_put_in_past_the_program_is_named(world) {
        kept(&world).await;
        let columns = "organisation_id, kind, at, role, purpose, origin, subject_kind, subject_id, action";
        world
            .tamper(&[&format!("INSERT INTO audit_entry (id, {columns}) SELECT subject_id, {columns} FROM audit_entry WHERE id = {THIRD}")])
            .await;
        assert!(matches!(broken(&world, &[]).await, Some(Broken::Loose { .. })));
    }

    async fn a_link_at_the_end_taken_away_leaves_a_loose_entry(world) {
        let (entries, _) = kept(&world).await;
        world.tamper(&["DELETE FROM audit_link WHERE seq = 6"]).await;
        assert_eq!(broken(&world, &[]).await, Some(Broken::Loose { entry: entries[4] }));
    }

    async fn something_that_waits_twice_is_named(world) {
        let (entries, _) = kept(&world).await;
        let again = "INSERT INTO audit_unsealed (organisation_id, entry_id) SELECT organisation_id, entry_id FROM audit_link WHERE seq = 2";
        world.tamper(&[again]).await;
        assert_eq!(broken(&world, &[]).await, Some(Broken::WaitsInVain { entry: entries[0] }));
    }

    async fn a_chain_made_anew_shows_against_a_head(world) {
        let (_, heads) = kept(&world).await;
        world
            .tamper(&[
                &format!("UPDATE audit_entry SET action = 'closed' WHERE id = {THIRD}"),
                "INSERT INTO audit_unsealed (organisation_id, entry_id) SELECT organisation_id, entry_id FROM audit_link ORDER BY seq",
                "DELETE FROM audit_link",
            ])
            .await;
        // The program itself links it again.
        let ledger = world.open().await;
        sealed(&ledger).await;
        ledger.close().await.expect("closed");
        assert_eq!(broken(&world, &[]).await, None, "it holds in itself");
        assert_eq!(broken(&world, &heads).await, Some(Broken::Rewritten { kept: heads[0] }));
    }

    async fn an_organisation_taken_away_whole_shows_against_a_head(world) {
        let (_, heads) = kept(&world).await;
        world.tamper(&["DELETE FROM audit_link", "DELETE FROM audit_entry", "DELETE FROM organisation"]).await;
        assert_eq!(broken(&world, &heads).await, Some(Broken::Rewound { kept: heads[0], reached: 0 }));
    }
}

/// SQLite keeps in a column whatever is written there.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_as_another_type_are_named() {
    let world = World::on_sqlite();
    let (entries, _) = kept(&world).await;
    world.tamper(&[&format!("UPDATE audit_entry SET action = CAST(action AS BLOB) WHERE id = {THIRD}")]).await;
    assert_eq!(broken(&world, &[]).await, Some(Broken::EntryChanged { seq: 3, entry: entries[1], at: None }));
    world.tamper(&["UPDATE audit_link SET hash = CAST(hash AS TEXT) WHERE seq = 2"]).await;
    assert_eq!(broken(&world, &[]).await, Some(Broken::EntryChanged { seq: 2, entry: entries[0], at: Some(morning()) }));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_copy_of_the_database_shows_against_a_head() {
    let world = World::on_sqlite();
    kept(&world).await;
    let copy = std::fs::read(world.folder().join("records.sqlite")).expect("a copy");
    let ledger = world.open().await;
    ledger.view(&act(), code!("read"), &[subject("a")]).await.expect("recorded");
    sealed(&ledger).await;
    let newer = heads(ledger.reader(), morning()).await.expect("heads");
    ledger.close().await.expect("closed");
    std::fs::write(world.folder().join("records.sqlite"), copy).expect("put in its place");
    let found = broken(&world, &newer).await;
    assert_eq!(found, Some(Broken::Rewound { kept: newer[0], reached: 6 }));
    assert!(found.expect("found").to_string().contains("an old copy of the database was put in its place"));
}
