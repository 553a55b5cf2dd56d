//! `schoolgate audit`, as the person who wants to know whether somebody changed the record.

use std::path::Path;

use ids::{OrganisationId, RecordId};
use ledger::{Act, Actor, Change, Ledger, Origin, Place, Subject, code, store};
use serde_json::Value;
use testkit::folder::Folder;

use crate::support::{output, text};

/// What somebody did in a school, `times` times over.
async fn work(folder: &Path, times: usize) {
    let now = jiff::Timestamp::UNIX_EPOCH.into();
    let ledger = Ledger::open(folder, &Place::in_folder(folder), now).await.expect("opened");
    let school = OrganisationId::named("Hill School");
    let act = Act {
        organisation: school,
        site: None,
        actor: Actor::Program,
        role: code!("setup"),
        on_behalf_of: None,
        purpose: code!("setup"),
        at: now,
        origin: Origin::Command,
    };
    if store::organisations(ledger.reader()).await.expect("asked").is_empty() {
        let mut unit = ledger.begin(act.clone()).await.expect("a unit");
        store::make_organisation(&mut unit, "Hill School").await.expect("made");
        unit.commit().await.expect("committed");
    }
    for _ in 0..times {
        let mut unit = ledger.begin(act.clone()).await.expect("a unit");
        unit.record(&Change::new(Subject { kind: code!("case"), id: RecordId::named("a") }, code!("case.opened"))).expect("an entry");
        unit.commit().await.expect("committed");
    }
    ledger.close().await.expect("closed");
}

/// Changes the file by hand: the first `from`, which no table or column is called, becomes `to`.
fn edit(file: &Path, from: &str, to: &str) {
    let mut bytes = std::fs::read(file).expect("read");
    let at = bytes.windows(from.len()).position(|window| window == from.as_bytes()).expect("found");
    bytes[at..at + from.len()].copy_from_slice(to.as_bytes());
    std::fs::write(file, bytes).expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_honest_record_holds_and_an_edited_one_is_named() {
    let folder = Folder::new().expect("folder");
    work(folder.path(), 3).await;
    let verify = || output(folder.path(), &["audit", "verify", "--data", "."]);

    let holds = verify();
    let said = text(&holds.stdout);
    assert!(holds.status.success(), "{said}{}", text(&holds.stderr));
    assert!(said.contains("Hill School: the audit trail is as it was written, 4 entries"), "{said}");
    assert!(said.contains("No head was kept elsewhere"), "{said}");

    edit(&folder.join("records.sqlite"), "case.opened", "case.closed");
    let broken = verify();
    let said = text(&broken.stdout);
    assert!(!broken.status.success());
    assert!(said.contains("Hill School: THE AUDIT TRAIL IS BROKEN: link 4 does not hold"), "{said}");
    let json = output(folder.path(), &["audit", "verify", "--data", ".", "--json"]);
    let json: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(json["holds"], Value::Bool(false));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_database_put_in_place_of_the_new_one_shows_against_the_kept_head() {
    let folder = Folder::new().expect("folder");
    work(folder.path(), 2).await;
    let old = std::fs::read(folder.join("records.sqlite")).expect("a copy");
    work(folder.path(), 2).await;
    let head = output(folder.path(), &["audit", "head", "--data", ".", "--to", "audit-heads.txt"]);
    assert!(head.status.success(), "{}", text(&head.stderr));
    assert_eq!(std::fs::read(folder.join("audit-heads.txt")).expect("written"), head.stdout);
    assert!(output(folder.path(), &["audit", "verify", "--data", "."]).status.success());

    std::fs::write(folder.join("records.sqlite"), old).expect("exchanged");
    let rewound = output(folder.path(), &["audit", "verify", "--data", "."]);
    let said = text(&rewound.stdout);
    assert!(!rewound.status.success());
    assert!(said.contains("the trail ends at link 3") && said.contains("it had 5: an old copy"), "{said}");

    folder.write("typed.txt", "2026-11-24 somewhere 4\n").expect("written");
    let mistyped = output(folder.path(), &["audit", "verify", "--data", ".", "--heads", "typed.txt"]);
    assert!(text(&mistyped.stderr).contains("line 1 is no head"), "{}", text(&mistyped.stderr));
}

#[test]
fn where_nothing_was_recorded_it_says_so_and_makes_nothing() {
    let folder = Folder::new().expect("folder");
    let verify = output(folder.path(), &["audit", "verify", "--data", "."]);
    assert!(!verify.status.success());
    assert!(text(&verify.stderr).contains("records.sqlite"), "{}", text(&verify.stderr));
    assert!(!folder.join("records.sqlite").exists());
}
