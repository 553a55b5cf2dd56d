//! The job that hands over what waits, one message after the other.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use calendar::{Clock, Instant};
use ids::{OrganisationId, RecordId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::{Column, DELIVERED, Entity, FAILED, Model, WAITING};
use super::message::Message;
use super::seal::OutboxKey;
use crate::jobs::{Failure, Job, Kind, Next, Retry};
use crate::{Code, Id, Ledger, code};

/// The kind of the job.
pub(super) const DELIVERY: Code = code!("outbox");

/// Messages that one run hands over at the most; the rest follows at once, in another run.
const AT_ONCE: u64 = 100;

const OUT_OF_REACH: Failure = Failure::passing("the outbox cannot be reached in the records");

/// A message that is being handed over.
pub type Carrying<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;

/// Whoever takes messages out of the school: a mail server, a gateway for text messages, a folder.
pub trait Carrier: fmt::Debug + Send + Sync {
    /// Hands a message over; returns when the other side has it. `id` stays the same when it is handed over again.
    fn carry<'a>(&'a self, message: &'a Message, id: RecordId, now: Instant) -> Carrying<'a>;
}

#[derive(Clone)]
struct Delivery {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    key: Arc<OutboxKey>,
    carrier: Arc<dyn Carrier>,
    clock: Clock,
    retry: Retry,
}

/// The kind of work that delivers, for the [`crate::jobs::Worker`]. `retry` is that of each message: one that nobody takes does not hold
/// up the others.
pub fn delivery(ledger: &Ledger, key: OutboxKey, carrier: Arc<dyn Carrier>, clock: Clock, retry: Retry) -> Kind {
    let (reader, writer) = (ledger.reader().clone(), ledger.writer().clone());
    let delivery = Delivery { reader, writer, key: Arc::new(key), carrier, clock, retry };
    Kind::new(DELIVERY, move |job| delivery.clone().run(job))
}

// === impl Delivery ===

impl Delivery {
    async fn run(self, job: Job) -> Result<Next, Failure> {
        let Some(organisation) = job.organisation else { return Ok(Next::Done) };
        let now = self.clock.now().micros();
        let due = Entity::find()
            .filter(Column::OrganisationId.eq(Id::from(organisation)))
            .filter(Column::State.eq(WAITING))
            .filter(Column::DueAt.lte(now))
            .order_by_asc(Column::DueAt)
            .order_by_asc(Column::Id)
            .limit(AT_ONCE);
        for row in due.all(&self.reader).await.map_err(|_| OUT_OF_REACH)? {
            self.hand_over(organisation, &row).await?;
        }
        let next = Entity::find()
            .select_only()
            .column_as(Column::DueAt.min(), "next")
            .filter(Column::OrganisationId.eq(Id::from(organisation)))
            .filter(Column::State.eq(WAITING))
            .into_tuple::<Option<i64>>();
        let next = next.one(&self.reader).await.map_err(|_| OUT_OF_REACH)?.flatten();
        Ok(next.and_then(|due| Instant::from_micros(due).ok()).map_or(Next::Done, Next::At))
    }

    async fn hand_over(&self, organisation: OrganisationId, row: &Model) -> Result<(), Failure> {
        let id = RecordId::from(row.id);
        let outcome = match self.key.open(organisation, id, &row.sealed) {
            Some(message) => self.carrier.carry(&message, id, self.clock.now()).await,
            None => Err(Failure::lasting("it cannot be opened: the machine's key is another one, or the row was altered")),
        };
        let (now, attempts) = (self.clock.now().micros(), row.attempts.saturating_add(1));
        let change = Entity::update_many()
            .col_expr(Column::Attempts, Expr::value(attempts))
            .filter(Column::OrganisationId.eq(row.organisation_id))
            .filter(Column::Id.eq(row.id))
            .filter(Column::State.eq(WAITING));
        let change = match outcome {
            Ok(()) => change
                .col_expr(Column::State, Expr::value(DELIVERED))
                .col_expr(Column::DeliveredAt, Expr::value(now))
                .col_expr(Column::Sealed, Expr::value(Vec::<u8>::new()))
                .col_expr(Column::Error, Expr::value(None::<String>)),
            Err(failure) => {
                tracing::warn!(channel = %row.channel, attempt = attempts, error = %failure, "a message was not delivered");
                let failures = u16::try_from(attempts).unwrap_or(u16::MAX);
                let is_over = failure.is_final() || failures >= self.retry.attempts;
                let wait = i64::try_from(self.retry.wait(failures).as_micros()).unwrap_or(i64::MAX);
                change
                    .col_expr(Column::State, Expr::value(if is_over { FAILED } else { WAITING }))
                    .col_expr(Column::DueAt, Expr::value(now.saturating_add(wait)))
                    .col_expr(Column::Error, Expr::value(failure.to_string()))
            }
        };
        change.exec(&self.writer).await.map(|_| ()).map_err(|_| OUT_OF_REACH)
    }
}
