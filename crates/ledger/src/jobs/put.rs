//! A job is asked for in the unit that needs it.

use calendar::Instant;
use ids::{OrganisationId, RecordId};
use sea_orm::{ConnectionTrait, Statement};

use crate::{Code, Id, LedgerError, Unit};

/// A job that is wanted. Two of the same kind, organisation and subject are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewJob {
    /// What kind of work.
    pub kind: Code,
    /// What it is about, if about one record.
    pub subject: Option<RecordId>,
    /// Not before.
    pub due: Instant,
}

/// Both databases read this as it stands. What waits already is done when the sooner of the two is due; what runs may not have seen
/// the change, so it runs once more; what was given up has a new cause and begins anew.
const PUT: &str = "INSERT INTO job (id, organisation_id, kind, name, subject_id, state, due_at, attempts, made_at) \
    VALUES ($1, $2, $3, $4, $5, 0, $6, 0, $7) ON CONFLICT (name) DO UPDATE SET \
    due_at = CASE WHEN job.state = 1 OR (job.state = 0 AND job.due_at < excluded.due_at) THEN job.due_at ELSE excluded.due_at END, \
    again_at = CASE WHEN job.state = 1 AND (job.again_at IS NULL OR job.again_at > excluded.due_at) THEN excluded.due_at ELSE job.again_at END, \
    attempts = CASE WHEN job.state = 2 THEN 0 ELSE job.attempts END, \
    state = CASE WHEN job.state = 2 THEN 0 ELSE job.state END";

/// Asks for a job: it is there when the unit commits, and not otherwise.
///
/// # Errors
/// When the database refuses.
pub async fn put(unit: &Unit, job: NewJob) -> Result<(), LedgerError> {
    let organisation = unit.act().organisation;
    insert(unit.connection(), Some(organisation), job, unit.act().at.micros()).await
}

/// The same without an organisation: work of the whole installation.
pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    organisation: Option<OrganisationId>,
    job: NewJob,
    now: i64,
) -> Result<(), LedgerError> {
    let values = [
        Id::from(new_id(now)?).into(),
        organisation.map(Id::from).into(),
        job.kind.as_str().into(),
        name(organisation, job).into(),
        job.subject.map(Id::from).into(),
        job.due.micros().into(),
        now.into(),
    ];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), PUT, values);
    connection.execute_raw(statement).await.map(|_| ()).map_err(LedgerError::database("asking for a job"))
}

/// What makes two jobs the same.
fn name(organisation: Option<OrganisationId>, job: NewJob) -> String {
    let organisation = organisation.map(|id| format!(" {id}")).unwrap_or_default();
    let subject = job.subject.map(|id| format!(" {id}")).unwrap_or_default();
    format!("{}{organisation}{subject}", job.kind)
}

/// A new id of a row.
pub(crate) fn new_id(now: i64) -> Result<RecordId, LedgerError> {
    let mut random = [0; 10];
    getrandom::fill(&mut random).map_err(|_| LedgerError::Random)?;
    Ok(RecordId::new(u64::try_from(now / 1000).unwrap_or(0), random))
}
