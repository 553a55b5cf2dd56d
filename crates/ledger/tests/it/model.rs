//! Random work, interrupted and erased at random, against a model of what must be there.

use std::collections::BTreeMap;

use ids::EntryId;
use ledger::audit::{Side, texts_of, verify};
use ledger::keys::{Access, Cost, HolderName, Keys, KeysError, Passphrase, erase};
use ledger::{Change, Ledger, Text, code};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use zeroize::Zeroizing;

use crate::world::{World, act, change, found, morning, number, school, sealed, subject};

/// What somebody does. Records are told apart by a small number.
#[derive(Debug, Clone)]
enum Step {
    Write {
        record: u8,
        text: String,
    },
    Look {
        record: u8,
    },
    /// A unit that is begun and left.
    LeaveOff {
        record: u8,
    },
    Erase {
        record: u8,
    },
    /// The process ends without closing, and starts again: locked, in a new epoch.
    StartAgain,
}

fn step() -> impl Strategy<Value = Step> {
    let record = 0..4_u8;
    prop_oneof![
        6 => (record.clone(), ".{0,40}").prop_map(|(record, text)| Step::Write { record, text }),
        3 => record.clone().prop_map(|record| Step::Look { record }),
        1 => record.clone().prop_map(|record| Step::LeaveOff { record }),
        1 => record.prop_map(|record| Step::Erase { record }),
        1 => Just(Step::StartAgain),
    ]
}

/// What must be there.
#[derive(Debug, Default)]
struct Model {
    entries: i64,
    /// The text of an entry, and whose it is.
    texts: BTreeMap<EntryId, (u8, String)>,
    erased: Vec<u8>,
}

const HEAD: &str = "correct zebra lantern quay";

fn head() -> (HolderName, Passphrase) {
    let name = HolderName::parse("head").expect("a name");
    (name, Passphrase::new(Zeroizing::new(HEAD.to_owned())).expect("a passphrase"))
}

async fn play(world: World, steps: Vec<Step>) {
    let mut ledger = world.open().await;
    found(&ledger).await;
    let mut keys = Keys::open(&ledger, act()).await.expect("no keys yet");
    let sheets = ["head", "dsl", "dpo"].map(|name| HolderName::parse(name).expect("a name"));
    keys.make(&ledger, act(), vec![head()], sheets, Cost::LEAST).await.expect("keys");
    // The school's, the keys'.
    let mut model = Model { entries: 2, ..Model::default() };
    for step in steps {
        match step {
            Step::StartAgain => {
                drop(keys);
                drop(ledger);
                ledger = reopened(&world).await;
                keys = Keys::open(&ledger, act()).await.expect("keys");
                // That an epoch began.
                model.entries += 1;
            }
            other => model.step(&ledger, &keys, other).await,
        }
    }
    model.check(&ledger, &keys).await;
}

/// A handle that was dropped lets go of the folder when its tasks have ended.
async fn reopened(world: &World) -> Ledger {
    let opening = async {
        loop {
            match world.try_open().await {
                Ok(ledger) => return ledger,
                Err(ledger::LedgerError::InUse { .. }) => tokio::task::yield_now().await,
                Err(error) => panic!("the records do not open: {error}"),
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), opening).await.expect("opened again")
}

// === impl Model ===

impl Model {
    async fn step(&mut self, ledger: &Ledger, keys: &Keys, step: Step) {
        match step {
            Step::Write { record, text } => self.write(ledger, keys, record, text).await,
            Step::Look { record } => {
                ledger.view(&act(), code!("read"), &[subject(&record.to_string())]).await.expect("recorded");
                self.entries += 1;
            }
            Step::LeaveOff { record } => {
                let mut unit = ledger.begin(act()).await.expect("a unit");
                unit.record(&change(&record.to_string())).expect("an entry");
            }
            Step::Erase { record } => {
                let mut unit = ledger.begin(act()).await.expect("a unit");
                erase(&mut unit, subject(&record.to_string()), code!("retention")).await.expect("erased");
                unit.commit().await.expect("committed");
                ledger.forget().await.expect("forgotten");
                self.entries += 1;
                self.erased.push(record);
            }
            Step::StartAgain => {}
        }
    }

    async fn write(&mut self, ledger: &Ledger, keys: &Keys, record: u8, text: String) {
        let mut unit = ledger.begin(act()).await.expect("a unit");
        let about = subject(&record.to_string());
        let sealer = match keys.sealer(&unit, about.id).await {
            Err(KeysError::Erased) if self.erased.contains(&record) => return,
            sealer => sealer.expect("a sealer"),
        };
        assert!(!self.erased.contains(&record), "what was erased is written to again");
        let sealed = sealer.seal("words", text.as_bytes()).expect("sealed");
        let texts = vec![Text { field: code!("words"), side: Side::After, sealed }];
        let entry = unit.record(&Change { subject: about, action: code!("written"), texts }).expect("an entry");
        unit.commit().await.expect("committed");
        self.entries += 1;
        self.texts.insert(entry, (record, text));
    }

    async fn check(mut self, ledger: &Ledger, keys: &Keys) {
        let (name, passphrase) = head();
        keys.unlock(ledger, act(), Access::Passphrase(name, passphrase)).await.expect("unlocked");
        self.entries += 1;
        sealed(ledger).await;
        let report = verify(ledger.reader(), &[], morning(), &|_, _| {}).await.expect("walked");
        assert!(report.holds(), "{report:?}");
        assert_eq!(report.chains[0].links as i64, self.entries);
        assert_eq!(number(ledger, "SELECT count(*) FROM audit_entry").await, self.entries);
        for (entry, (record, text)) in &self.texts {
            let about = subject(&record.to_string()).id;
            let stored = texts_of(ledger.reader(), school(), *entry).await.expect("read");
            let opened = keys.texts(ledger.reader(), &[about]).await.expect("keys")[&about].open("words", &stored[0].sealed);
            match opened {
                Ok(opened) => assert_eq!((opened.as_str().expect("text"), self.erased.contains(record)), (text.as_str(), false)),
                Err(KeysError::Erased) => assert!(self.erased.contains(record), "{text:?} cannot be read"),
                Err(error) => panic!("{text:?} cannot be read: {error}"),
            }
        }
    }
}

fn run<F: Future<Output = World>>(cases: u32, world: impl Fn() -> F) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 20, ..Config::default() };
    let steps = proptest::collection::vec(step(), 1..40);
    let outcome = TestRunner::new(config).run(&steps, |steps| {
        runtime.block_on(async { play(world().await, steps).await });
        Ok(())
    });
    outcome.expect("the records are as the model says");
}

#[test]
fn random_work_leaves_what_the_model_says_on_sqlite() {
    run(16, async || World::on_sqlite());
}

#[test]
fn random_work_leaves_what_the_model_says_on_postgres() {
    run(4, World::on_postgres);
}
