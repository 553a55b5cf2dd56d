//! What has not left, as people see it.

use calendar::Instant;
use ids::{OrganisationId, RecordId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::deliver::DELIVERY;
use super::entity::{Column, DELIVERED, Entity, FAILED, Model, WAITING};
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
}

/// What has not left: given up first, then what waits, the oldest first.
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
    const MESSAGE: Code = code!("message");
    let (organisation, now) = (unit.act().organisation, unit.act().at);
    let query = Entity::update_many()
        .col_expr(Column::State, Expr::value(WAITING))
        .col_expr(Column::DueAt, Expr::value(now.micros()))
        .col_expr(Column::Attempts, Expr::value(0_i16))
        .filter(Column::OrganisationId.eq(Id::from(organisation)))
        .filter(Column::Id.eq(Id::from(message)))
        .filter(Column::State.eq(FAILED));
    let result = query.exec(unit.connection()).await.map_err(LedgerError::database("delivering a message again"))?;
    if result.rows_affected != 1 {
        return Ok(false);
    }
    jobs::put(unit, NewJob { kind: DELIVERY, subject: None, due: now }).await?;
    unit.record(&Change::new(Subject { kind: MESSAGE, id: message }, code!("message.again")))?;
    Ok(true)
}

impl From<Model> for Listed {
    fn from(row: Model) -> Self {
        let instant = |micros| Instant::from_micros(micros).unwrap_or(Instant::EPOCH);
        Self {
            id: row.id.into(),
            channel: Channel::parse(&row.channel),
            purpose: row.purpose,
            state: if row.state == FAILED { State::Failed } else { State::Waiting(instant(row.due_at)) },
            attempts: u16::try_from(row.attempts).unwrap_or(0),
            error: row.error,
            made: instant(row.made_at),
        }
    }
}
