//! The queue as people see it.

use calendar::Instant;
use ids::{OrganisationId, RecordId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};

use super::entity::{Column, Entity, FAILED, Model, RUNNING, WAITING};
use crate::{Change, Code, Id, LedgerError, Subject, Unit, code};

/// A job and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Which.
    pub id: RecordId,
    /// What kind of work.
    pub kind: String,
    /// Whose, if not the whole installation's.
    pub organisation: Option<OrganisationId>,
    /// What it is about, if about one record.
    pub subject: Option<RecordId>,
    /// How it stands.
    pub state: State,
    /// How often it was begun since it last went well.
    pub attempts: u16,
    /// What the last attempt met, without a word about a person.
    pub error: Option<String>,
    /// When it last went well, for one that recurs.
    pub done: Option<Instant>,
}

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It waits until then. With an error it failed and is tried again.
    Waiting(Instant),
    /// It runs.
    Running,
    /// It was given up. Somebody should look, and may have it tried [`again`].
    Failed,
}

/// The whole queue: given up first, then what runs, then what waits, the soonest first.
///
/// # Errors
/// When the database refuses.
pub async fn list(database: &impl ConnectionTrait) -> Result<Vec<Listed>, LedgerError> {
    let query = Entity::find().order_by_desc(Column::State).order_by_asc(Column::DueAt).order_by_asc(Column::Id);
    let rows = query.all(database).await.map_err(LedgerError::database("listing the jobs"))?;
    Ok(rows.into_iter().map(Listed::from).collect())
}

/// Has a job that was given up tried again at once. False when there is none such.
///
/// # Errors
/// When the database refuses.
pub async fn again(unit: &mut Unit, job: RecordId) -> Result<bool, LedgerError> {
    let now = unit.act().at.micros();
    let query = Entity::update_many()
        .col_expr(Column::State, Expr::value(WAITING))
        .col_expr(Column::DueAt, Expr::value(now))
        .col_expr(Column::Attempts, Expr::value(0_i16))
        .filter(Column::Id.eq(Id::from(job)))
        .filter(Column::State.eq(FAILED));
    let result = query.exec(unit.connection()).await.map_err(LedgerError::database("trying a job again"))?;
    if result.rows_affected == 1 {
        const JOB: Code = code!("job");
        unit.record(&Change::new(Subject { kind: JOB, id: job }, code!("job.again")))?;
    }
    Ok(result.rows_affected == 1)
}

impl From<Model> for Listed {
    fn from(row: Model) -> Self {
        // What was written is an instant: a number out of range is shown as 1970.
        let instant = |micros| Instant::from_micros(micros).unwrap_or(Instant::EPOCH);
        Self {
            id: row.id.into(),
            kind: row.kind,
            organisation: row.organisation_id.map(OrganisationId::from),
            subject: row.subject_id.map(RecordId::from),
            state: match row.state {
                RUNNING => State::Running,
                FAILED => State::Failed,
                _ => State::Waiting(instant(row.due_at)),
            },
            attempts: u16::try_from(row.attempts).unwrap_or(0),
            error: row.error,
            done: row.done_at.map(instant),
        }
    }
}
