//! The outbox: a message goes out when its change is made, at least once, and what does not go out is seen.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use calendar::{Instant, SettableClock};
use ids::RecordId;
use jiff::SignedDuration;
use ledger::jobs::{Failure, Retry, Worker, WorkerSettings};
use ledger::outbox::{self, Carrier, Carrying, Channel, Line, Listed, Mail, MailAddress, Message, OutboxKey, State};
use ledger::{Ledger, code};

use crate::world::{MORNING, act, change, found, morning, number, on_both, school};

const SECRET: &str = "a word that nobody may find";

fn key(byte: u8) -> OutboxKey {
    OutboxKey::new(&[byte; 32]).expect("a key")
}

fn clock() -> SettableClock {
    SettableClock::at(morning())
}

fn letter() -> Message {
    let to = MailAddress::parse("dsl@hill.school.example").expect("an address");
    Message::Mail(Mail { to, subject: Line::parse("Something to read").expect("a line"), text: SECRET.to_owned() })
}

/// Takes everything, or answers as it is told, and remembers.
#[derive(Debug, Default)]
struct Postman {
    answers: Mutex<VecDeque<Failure>>,
    taken: Mutex<Vec<(RecordId, Message)>>,
}

impl Postman {
    fn who_answers(answers: impl IntoIterator<Item = Failure>) -> Arc<Self> {
        Arc::new(Self { answers: Mutex::new(answers.into_iter().collect()), taken: Mutex::default() })
    }

    fn taken(&self) -> Vec<(RecordId, Message)> {
        self.taken.lock().expect("not poisoned").clone()
    }
}

impl Carrier for Postman {
    fn carry<'a>(&'a self, message: &'a Message, id: RecordId, _: Instant) -> Carrying<'a> {
        Box::pin(async move {
            if let Some(failure) = self.answers.lock().expect("not poisoned").pop_front() {
                return Err(failure);
            }
            self.taken.lock().expect("not poisoned").push((id, message.clone()));
            Ok(())
        })
    }
}

async fn send(ledger: &Ledger) -> RecordId {
    let mut unit = ledger.begin(act()).await.expect("a unit");
    let id = outbox::put(&unit, &key(1), code!("alert"), &letter()).await.expect("put");
    unit.record(&change("a case")).expect("an entry");
    unit.commit().await.expect("committed");
    id
}

async fn worker(ledger: &Ledger, clock: &SettableClock, key: OutboxKey, postman: &Arc<Postman>) -> Worker {
    let retry = Retry { first: Duration::from_secs(30), cap: Duration::from_secs(3600), attempts: 3 };
    let kind = outbox::delivery(ledger, key, Arc::clone(postman) as Arc<dyn Carrier>, clock.clock(), retry);
    Worker::new(ledger, clock.clock(), vec![kind], WorkerSettings::default()).await.expect("a worker")
}

async fn waiting(ledger: &Ledger) -> Vec<Listed> {
    outbox::undelivered(ledger.reader(), school()).await.expect("the outbox")
}

on_both! {
    async fn a_letter_goes_out_when_its_change_is_made(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        let unit = ledger.begin(act()).await.expect("a unit");
        outbox::put(&unit, &key(1), code!("alert"), &letter()).await.expect("put");
        drop(unit);
        let id = send(&ledger).await;
        let postman = Arc::new(Postman::default());
        worker(&ledger, &clock(), key(1), &postman).await.do_what_is_due().await.expect("done");
        assert_eq!(postman.taken(), [(id, letter())], "one, since the other unit was dropped");
        assert_eq!(waiting(&ledger).await, []);
    }

    async fn what_is_delivered_leaves_its_traces_and_nothing_it_said(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        send(&ledger).await;
        assert_eq!(number(&ledger, "SELECT count(*) FROM outbox WHERE length(sealed) > 0").await, 1);
        let postman = Arc::new(Postman::default());
        worker(&ledger, &clock(), key(1), &postman).await.do_what_is_due().await.expect("done");
        assert_eq!(number(&ledger, "SELECT count(*) FROM outbox WHERE length(sealed) > 0").await, 0);
        assert_eq!(number(&ledger, "SELECT delivered_at FROM outbox").await, MORNING);
        assert_eq!(number(&ledger, "SELECT count(*) FROM job").await, 0);
    }

    async fn what_nobody_takes_is_tried_again_shown_and_given_up(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        let id = send(&ledger).await;
        let busy = Failure::passing("the mail server is busy").numbered(451);
        let postman = Postman::who_answers([busy; 3]);
        let clock = clock();
        let worker = worker(&ledger, &clock, key(1), &postman).await;
        for (attempt, wait) in [(1, 30), (2, 60)] {
            worker.do_what_is_due().await.expect("done");
            let due = clock.now().checked_add(SignedDuration::from_secs(wait)).expect("in range");
            let row = waiting(&ledger).await.remove(0);
            assert_eq!((row.id, row.channel, row.purpose.as_str()), (id, Some(Channel::Mail), "alert"));
            assert_eq!((row.attempts, row.state), (attempt, State::Waiting(due)));
            assert_eq!(row.error.as_deref(), Some("the mail server is busy (451)"));
            clock.advance(SignedDuration::from_secs(wait)).expect("in range");
        }
        worker.do_what_is_due().await.expect("done");
        assert_eq!(waiting(&ledger).await.remove(0).state, State::Failed);
        // Somebody has mended the server and says: again.
        let mut unit = ledger.begin(act()).await.expect("a unit");
        assert!(outbox::again(&mut unit, id).await.expect("asked"));
        unit.commit().await.expect("committed");
        worker.do_what_is_due().await.expect("done");
        assert_eq!((postman.taken().len(), waiting(&ledger).await), (1, vec![]));
        assert_eq!(number(&ledger, "SELECT count(*) FROM audit_entry WHERE action = 'message.again'").await, 1);
    }

    async fn one_that_nobody_takes_holds_up_no_other(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        let first = send(&ledger).await;
        let second = send(&ledger).await;
        let postman = Postman::who_answers([Failure::lasting("there is no such address")]);
        worker(&ledger, &clock(), key(1), &postman).await.do_what_is_due().await.expect("done");
        let left = waiting(&ledger).await;
        assert_eq!((left.len(), postman.taken().len()), (1, 1));
        assert_eq!([left[0].id, postman.taken()[0].0].iter().collect::<std::collections::BTreeSet<_>>().len(), 2);
        assert!([first, second].contains(&left[0].id));
        assert_eq!(left[0].state, State::Failed);
    }

    async fn more_than_one_run_takes_are_all_delivered(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        let mut unit = ledger.begin(act()).await.expect("a unit");
        for _ in 0..250 {
            outbox::put(&unit, &key(1), code!("alert"), &letter()).await.expect("put");
        }
        unit.record(&change("a case")).expect("an entry");
        unit.commit().await.expect("committed");
        let postman = Arc::new(Postman::default());
        worker(&ledger, &clock(), key(1), &postman).await.do_what_is_due().await.expect("done");
        assert_eq!(postman.taken().len(), 250);
    }

    async fn another_machines_key_opens_nothing_and_says_so(world) {
        let ledger = world.open().await;
        found(&ledger).await;
        send(&ledger).await;
        let postman = Arc::new(Postman::default());
        worker(&ledger, &clock(), key(2), &postman).await.do_what_is_due().await.expect("done");
        let row = waiting(&ledger).await.remove(0);
        assert_eq!((row.state, postman.taken().len()), (State::Failed, 0));
        assert!(row.error.is_some_and(|error| error.contains("the machine's key is another one")));
    }
}

/// Byte for byte: the file and its log hold nothing of a letter that waits.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_the_folder_does_not_hold_what_waits() {
    let world = crate::world::World::on_sqlite();
    let ledger = world.open().await;
    found(&ledger).await;
    send(&ledger).await;
    let mut bytes = 0;
    for file in std::fs::read_dir(world.folder()).expect("the folder") {
        let content = std::fs::read(file.expect("a file").path()).expect("readable");
        bytes += content.len();
        for secret in [SECRET, "dsl@hill.school.example", "Something to read"] {
            assert!(!content.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
        }
    }
    assert!(bytes > 10_000, "the row is somewhere in {bytes} bytes");
}
