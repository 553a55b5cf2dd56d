//! Random work, interrupted, erased and restored at random, against a model of what must be there.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use ids::EntryId;
use jiff::SignedDuration;
use ledger::audit::{Broken, Head, Side, heads, texts_of, verify};
use ledger::backup::{self, Age, Identity, Kept, Recipients, Source, Target};
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
    BackUp,
    /// The machine is lost, and one of the backups, the newest or an older one, is restored into an empty folder and database.
    Restore {
        which: prop::sample::Index,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let record = 0..4_u8;
    prop_oneof![
        6 => (record.clone(), ".{0,40}").prop_map(|(record, text)| Step::Write { record, text }),
        3 => record.clone().prop_map(|record| Step::Look { record }),
        1 => record.clone().prop_map(|record| Step::LeaveOff { record }),
        1 => record.prop_map(|record| Step::Erase { record }),
        1 => Just(Step::StartAgain),
        2 => Just(Step::BackUp),
        1 => any::<prop::sample::Index>().prop_map(|which| Step::Restore { which }),
    ]
}

/// What must be there.
#[derive(Debug, Clone, Default)]
struct Model {
    entries: i64,
    /// The text of an entry, and whose it is.
    texts: BTreeMap<EntryId, (u8, String)>,
    erased: BTreeSet<u8>,
}

/// A backup, and what the records were when it was made.
#[derive(Debug)]
struct Saved {
    bytes: Vec<u8>,
    model: Model,
}

/// What outlives the machine: the backups of this history, and what is kept beside them, which is written anew with each.
#[derive(Debug)]
struct Shelf {
    folder: tempfile::TempDir,
    backups: Vec<Saved>,
    kept: Option<(Kept, Model)>,
}

const HEAD: &str = "correct zebra lantern quay";

fn head() -> (HolderName, Passphrase) {
    let name = HolderName::parse("head").expect("a name");
    (name, Passphrase::new(Zeroizing::new(HEAD.to_owned())).expect("a passphrase"))
}

async fn play(mut world: World, steps: Vec<Step>) {
    let mut ledger = world.open().await;
    found(&ledger).await;
    let mut keys = Keys::open(&ledger, act()).await.expect("no keys yet");
    let sheets = ["head", "dsl", "dpo"].map(|name| HolderName::parse(name).expect("a name"));
    keys.make(&ledger, act(), vec![head()], sheets, Cost::LEAST).await.expect("keys");
    // The school's, the keys'.
    let mut model = Model { entries: 2, ..Model::default() };
    let mut shelf = Shelf::new();
    for step in steps {
        match step {
            Step::StartAgain => {
                drop(keys);
                drop(ledger);
                ledger = reopened(&world).await;
            }
            Step::Restore { which } => {
                if shelf.backups.is_empty() {
                    continue;
                }
                sealed(&ledger).await;
                let lost = heads(ledger.reader(), morning()).await.expect("heads")[0];
                ledger.close().await.expect("closed");
                let other = world.bare();
                model = shelf.restore(which.index(shelf.backups.len()), &other, lost).await;
                world = other;
                ledger = world.open().await;
            }
            Step::BackUp => {
                shelf.back_up(&world, &ledger, &model).await;
                continue;
            }
            other => {
                model.step(&ledger, &keys, other).await;
                continue;
            }
        }
        keys = Keys::open(&ledger, act()).await.expect("keys");
        // That an epoch began.
        model.entries += 1;
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

// === impl Shelf ===

impl Shelf {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("key"), Identity::generate().file_text()).expect("a key file");
        Self { folder, backups: Vec::new(), kept: None }
    }

    fn identity(&self) -> Identity {
        Identity::read(&self.folder.path().join("key")).expect("the key")
    }

    async fn back_up(&mut self, world: &World, ledger: &Ledger, model: &Model) {
        // What is not linked yet is in the backup, but not told of by the heads in it.
        sealed(ledger).await;
        let source = Source { place: world.place().clone(), folder: world.folder().to_owned(), files: Vec::new(), program: "1.2.3" };
        let recipients = Recipients::parse([self.identity().recipient().as_str()]).expect("a recipient");
        let made = backup::make(&source, &recipients, Vec::new(), morning(), &mut |_| {}).await.expect("a backup");
        self.kept = Some((made.kept, model.clone()));
        self.backups.push(Saved { bytes: made.to, model: model.clone() });
    }

    /// Restores a backup, and gives what must be there then. `lost`: where the trail ended that is lost.
    async fn restore(&mut self, which: usize, into: &World, lost: Head) -> Model {
        // What was made later belongs to a history that is left.
        self.backups.truncate(which + 1);
        let (Saved { bytes, model }, (kept, newest)) = (&self.backups[which], self.kept.as_ref().expect("kept"));
        let target = Target { folder: into.folder().to_owned(), place: into.place().clone() };
        let (from, kept) = (Cursor::new(bytes.clone()), Some(kept.clone()));
        let seen = backup::restore(from, self.identity(), &target, kept, morning(), &mut |_| {}).await.expect("restored");
        let missing = newest.entries - model.entries;
        let age = if missing == 0 { Age::Newest } else { Age::Older { entries: missing, by: SignedDuration::ZERO } };
        assert_eq!(seen.age, Some(age), "an older backup is named as one");
        let again = newest.erased.difference(&model.erased).count();
        assert_eq!(seen.erased, again as u64, "what was erased since");
        // That it was restored, and each record that was erased again.
        let mut restored = Model { entries: model.entries + 1 + again as i64, ..model.clone() };
        restored.erased.extend(&newest.erased);
        assert_eq!(found_by_head(into, lost).await, against(lost.seq, model.entries, restored.entries));
        restored
    }
}

/// What a walk along the restored trail says to a head of the one that was lost: nothing, that it is shorter, or that it is another.
#[derive(Debug, PartialEq, Eq)]
enum Against {
    Holds,
    Rewound,
    Rewritten,
}

fn against(lost: i64, saved: i64, restored: i64) -> Against {
    match lost {
        lost if lost == saved => Against::Holds,
        lost if lost > restored => Against::Rewound,
        _ => Against::Rewritten,
    }
}

async fn found_by_head(world: &World, lost: Head) -> Against {
    let reader = Ledger::read(world.place()).await.expect("readable");
    let report = verify(&reader, &[lost], morning(), &|_, _| {}).await.expect("walked");
    reader.close().await.expect("closed");
    match &report.chains[0].broken {
        None => Against::Holds,
        Some(Broken::Rewound { .. }) => Against::Rewound,
        Some(Broken::Rewritten { .. }) => Against::Rewritten,
        Some(other) => panic!("the restored trail does not hold: {other}"),
    }
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
                self.erased.insert(record);
            }
            Step::StartAgain | Step::BackUp | Step::Restore { .. } => {}
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
    run(12, async || World::on_sqlite());
}

#[test]
fn random_work_leaves_what_the_model_says_on_postgres() {
    run(4, World::on_postgres);
}
