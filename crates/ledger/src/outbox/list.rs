//! What has not left, as people see it.

use calendar::Instant;
use ids::{OrganisationId, RecordId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::deliver::DELIVERY;
use super::entity::{Column, DELIVERED, Entity, FAILED, HELD, Model, WAITING};
use super::message::Channel;
use crate::jobs::{self, NewJob};
use crate::{Change, Code, Id, LedgerError, Subject, Unit, code};

/// A message that has not left, by its traces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Which.
    pub id: RecordId,
    /// How it should leave; `None` for a channel of a later version.
    pub channel: Option<Channel>,
    /// What it is for, in a word of the program.
    pub purpose: String,
    /// How it stands.
    pub state: State,
    /// How often it was tried.
    pub attempts: u16,
    /// What the last attempt met, without a word about a person.
    pub error: Option<String>,
    /// When it was written.
    pub made: Instant,
}

/// How an undelivered message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is tried then.
    Waiting(Instant),
    /// It was given up. Somebody should look, tell the person in another way, or have it tried [`again`].
    Failed,
    /// It waited when a backup was made, and came back with it: perhaps it was delivered since. It stays until somebody
    /// [`release`]s it.
    Held,
}

/// What has not left: what is held first, then what was given up, then what waits, the oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn undelivered(database: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Vec<Listed>, LedgerError> {
    let query = Entity::find()
        .filter(Column::OrganisationId.eq(Id::from(organisation)))
        .filter(Column::State.ne(DELIVERED))
        .order_by_desc(Column::State)
        .order_by_asc(Column::MadeAt)
        .order_by_asc(Column::Id);
    let rows = query.all(database).await.map_err(LedgerError::database("listing what is not delivered"))?;
    Ok(rows.into_iter().map(Listed::from).collect())
}

/// Has a message that was given up tried again at once. False when there is none such.
///
/// # Errors
/// When the database refuses.
pub async fn again(unit: &mut Unit, message: RecordId) -> Result<bool, LedgerError> {
    wake(unit, message, FAILED, code!("message.again")).await
}

/// Lets a message go that is held. False when there is none such.
///
/// # Errors
/// When the database refuses.
pub async fn release(unit: &mut Unit, message: RecordId) -> Result<bool, LedgerError> {
    wake(unit, message, HELD, code!("message.released")).await
}

/// Holds everything that waits, and says how many messages that are. For a restored backup.
pub(crate) async fn hold(unit: &mut Unit) -> Result<u64, LedgerError> {
    let organisation = unit.act().organisation;
    let query = Entity::update_many()
        .col_expr(Column::State, Expr::value(HELD))
        .filter(Column::OrganisationId.eq(Id::from(organisation)))
        .filter(Column::State.eq(WAITING));
    let held = query.exec(unit.connection()).await.map_err(LedgerError::database("holding what waits to be sent"))?.rows_affected;
    if held > 0 {
        let all = Subject { kind: code!("outbox"), id: RecordId::from_bytes(organisation.to_bytes()) };
        unit.record(&Change::new(all, code!("messages.held")))?;
    }
    Ok(held)
}

async fn wake(unit: &mut Unit, message: RecordId, from: i16, action: Code) -> Result<bool, LedgerError> {
    const MESSAGE: Code = code!("message");
    let (organisation, now) = (unit.act().organisation, unit.act().at);
    let query = Entity::update_many()
        .col_expr(Column::State, Expr::value(WAITING))
        .col_expr(Column::DueAt, Expr::value(now.micros()))
        .col_expr(Column::Attempts, Expr::value(0_i16))
        .filter(Column::OrganisationId.eq(Id::from(organisation)))
        .filter(Column::Id.eq(Id::from(message)))
        .filter(Column::State.eq(from));
    let result = query.exec(unit.connection()).await.map_err(LedgerError::database("delivering a message"))?;
    if result.rows_affected != 1 {
        return Ok(false);
    }
    jobs::put(unit, NewJob { kind: DELIVERY, subject: None, due: now }).await?;
    unit.record(&Change::new(Subject { kind: MESSAGE, id: message }, action))?;
    Ok(true)
}

impl From<Model> for Listed {
    fn from(row: Model) -> Self {
        let instant = |micros| Instant::from_micros(micros).unwrap_or(Instant::EPOCH);
        Self {
            id: row.id.into(),
            channel: Channel::parse(&row.channel),
            purpose: row.purpose,
            state: match row.state {
                FAILED => State::Failed,
                HELD => State::Held,
                _ => State::Waiting(instant(row.due_at)),
            },
            attempts: u16::try_from(row.attempts).unwrap_or(0),
            error: row.error,
            made: instant(row.made_at),
        }
    }
}
