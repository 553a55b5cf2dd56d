//! What is done and looked at is in the trail, sealed within a second, and the walk says so.

use std::time::{Duration, Instant};

use ledger::audit::{self, Report};
use ledger::{Act, Ledger, code};

use crate::world::{act, change, found, make, morning, number, on_both, sealed, subject};

/// Walks the trail of open records.
async fn walk(ledger: &Ledger) -> Report {
    audit::verify(ledger.reader(), &[], morning(), &|_, _| {}).await.expect("walked")
}

on_both! {
    async fn changes_and_views_are_sealed_within_a_second(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        make(&ledger, "a case").await;
        let looked = ledger.view(&act(), code!("read"), &[subject("a case"), subject("another")]).await.expect("recorded");
        assert_eq!(looked.len(), 2);
        let since = Instant::now();
        sealed(&ledger).await;
        // A second, and ten more for a machine that does seven other things.
        assert!(since.elapsed() < Duration::from_secs(11), "{:?}", since.elapsed());
        let report = walk(&ledger).await;
        assert!(report.holds(), "{report:?}");
        let chain = &report.chains[0];
        assert_eq!((chain.links, chain.unsealed, chain.clock_went_back), (4, 0, 0));
        assert_eq!(chain.head.expect("a head").seq, 4);
        assert_eq!(number(&ledger, "SELECT number FROM revision").await, 2, "looking changes nothing");
    }

    async fn closing_seals_what_is_left(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        ledger.close().await.expect("closed");
        let reader = Ledger::read(world.place()).await.expect("to read");
        let report = audit::verify(&reader, &[], morning(), &|_, _| {}).await.expect("walked");
        assert_eq!((report.chains[0].links, report.chains[0].unsealed), (1, 0));
    }

    async fn many_people_looking_at_once_are_all_recorded(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        let mut people = Vec::new();
        for number in 0..500 {
            let ledger = ledger.clone();
            people.push(tokio::spawn(async move {
                ledger.view(&act(), code!("read"), &[subject(&format!("case {number}"))]).await
            }));
        }
        for person in people {
            person.await.expect("finished").expect("recorded");
        }
        assert_eq!(number(&ledger, "SELECT count(*) FROM audit_entry WHERE kind = 0").await, 500);
        sealed(&ledger).await;
        assert_eq!(walk(&ledger).await.chains[0].links, 501);
    }

    async fn one_who_names_a_school_that_is_not_there_does_not_spoil_it_for_others(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        let stranger = Act { organisation: ids::OrganisationId::named("nowhere"), ..act() };
        let (good, bad) = (act(), stranger);
        let (here, there) = ([subject("a case")], [subject("a case")]);
        let (good, bad) = tokio::join!(ledger.view(&good, code!("read"), &here), ledger.view(&bad, code!("read"), &there));
        good.expect("recorded");
        assert_eq!(bad.expect_err("refused").fault(), Some(ledger::Fault::Refused));
    }

    async fn a_clock_set_back_is_reported_and_breaks_nothing(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        let hour = |back: i64| calendar::Instant::from_micros(morning().micros() - back * 3_600_000_000).expect("a moment");
        for back in [0, 1, 0, 2] {
            let mut unit = ledger.begin(Act { at: hour(back), ..act() }).await.expect("a unit");
            unit.record(&change("a case")).expect("an entry");
            unit.commit().await.expect("committed");
            sealed(&ledger).await;
        }
        let report = walk(&ledger).await;
        assert!(report.holds(), "{report:?}");
        assert_eq!((report.chains[0].links, report.chains[0].clock_went_back), (5, 2));
    }

    async fn a_walk_over_many_pages_counts_every_link(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        let subjects: Vec<_> = (0..9000).map(|number| subject(&number.to_string())).collect();
        ledger.view(&act(), code!("listed"), &subjects).await.expect("recorded");
        sealed(&ledger).await;
        let seen = std::sync::Mutex::new(Vec::new());
        let progress = |done: u64, all: u64| seen.lock().expect("no panic").push((done, all));
        let report = audit::verify(ledger.reader(), &[], morning(), &progress).await.expect("walked");
        assert_eq!(report.chains[0].links, 9001);
        assert_eq!(seen.lock().expect("no panic").last(), Some(&(9001, 9001)));
    }
}
