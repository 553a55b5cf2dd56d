//! The steps of a job's row: claimed, renewed, done, failed. Each is one statement that says itself from which state it may be made, so
//! that of two workers one gets nothing, whatever the order.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection, FromQueryResult, Statement, Value};

use super::entity::{self, Model};
use super::retry::{Failure, Retry};
use crate::{Id, LedgerError};

/// How long a claim holds without being renewed.
pub(super) const LEASE: Duration = Duration::from_secs(60);

/// A worker's hold on the database.
#[derive(Debug, Clone)]
pub(super) struct Claims {
    pub(super) writer: DatabaseConnection,
    /// Of this worker, made at its start.
    pub(super) worker: Id,
}

/// What a worker may take: what is due, and what somebody claimed and let lapse. A claim that lies further ahead than any is made is of
/// a clock that was set back.
const FREE: &str = "((state = 0 AND due_at <= $1) OR (state = 1 AND (claimed_until <= $1 OR claimed_until > $2)))";

/// Gives back every claim. Called when a SQLite file is opened: its lock says that no other process has it, so all who claimed are
/// dead. On PostgreSQL the claims lapse by themselves.
pub(crate) async fn release_all(writer: &DatabaseConnection) -> Result<(), LedgerError> {
    let sql = "UPDATE job SET claimed_until = 0 WHERE state = 1";
    writer.execute_unprepared(sql).await.map(|_| ()).map_err(LedgerError::database("giving back the jobs of the last run"))
}

// === impl Claims ===

impl Claims {
    /// Takes the job of these kinds that has been due longest.
    pub(super) async fn take(&self, kinds: &[&'static str], now: i64) -> Result<Option<Model>, LedgerError> {
        let marks: Vec<String> = (0..kinds.len()).map(|at| format!("${}", at + 5)).collect();
        let sql = format!(
            "UPDATE job SET state = 1, claimed_by = $3, claimed_until = $4, attempts = attempts + 1 WHERE {FREE} AND id = \
             (SELECT id FROM job WHERE {FREE} AND kind IN ({}) ORDER BY due_at, id LIMIT 1) RETURNING *",
            marks.join(", ")
        );
        let mut values: Vec<Value> = vec![now.into(), (now + 2 * lease()).into(), self.worker.into(), (now + lease()).into()];
        values.extend(kinds.iter().map(|kind| Value::from(*kind)));
        let statement = Statement::from_sql_and_values(self.writer.get_database_backend(), sql, values);
        let row = self.writer.query_one_raw(statement).await.map_err(LedgerError::database("claiming a job"))?;
        row.map(|row| Model::from_query_result(&row, "")).transpose().map_err(LedgerError::database("reading a job"))
    }

    /// Holds the claim for longer. False when it has lapsed and another worker has it.
    pub(super) async fn renew(&self, job: &Model, now: i64) -> Result<bool, LedgerError> {
        self.step(
            "renewing a job",
            "UPDATE job SET claimed_until = $3 WHERE id = $1 AND claimed_by = $2 AND state = 1",
            job,
            [(now + lease()).into()],
        )
        .await
    }

    /// It went well and is over, unless it was asked for again meanwhile or itself asks for another time.
    pub(super) async fn done(&self, job: &Model, next: Option<i64>, recurs: bool, now: i64) -> Result<bool, LedgerError> {
        if next.is_none() && !recurs {
            let over = "DELETE FROM job WHERE id = $1 AND claimed_by = $2 AND state = 1 AND again_at IS NULL";
            if self.step("finishing a job", over, job, []).await? {
                return Ok(true);
            }
        }
        let sooner = "CASE WHEN again_at IS NULL OR again_at > $3 THEN $3 ELSE again_at END";
        let sql = format!(
            "UPDATE job SET state = 0, due_at = {sooner}, again_at = NULL, attempts = 0, claimed_by = NULL, claimed_until = NULL, \
             error = NULL, done_at = $4 WHERE id = $1 AND claimed_by = $2 AND state = 1"
        );
        self.step("finishing a job", &sql, job, [next.unwrap_or(i64::MAX).into(), now.into()]).await
    }

    /// It went wrong: it waits for its next attempt, or is given up. What recurs is never given up for good: `next` is its time.
    pub(super) async fn failed(
        &self,
        job: &Model,
        failure: Failure,
        retry: Retry,
        next: Option<i64>,
        now: i64,
    ) -> Result<bool, LedgerError> {
        let attempts = u16::try_from(job.attempts).unwrap_or(u16::MAX);
        let is_over = failure.is_final() || attempts >= retry.attempts;
        let wait = i64::try_from(retry.wait(attempts).as_micros()).unwrap_or(i64::MAX);
        let (state, due, attempts): (i16, _, _) = match (is_over, next) {
            (true, Some(next)) => (entity::WAITING, next, 0),
            (true, None) => (entity::FAILED, now, job.attempts),
            (false, _) => (entity::WAITING, now.saturating_add(wait), job.attempts),
        };
        // Asked for again meanwhile: a new cause, so it is not given up.
        let sql = "UPDATE job SET state = CASE WHEN again_at IS NULL THEN $3 ELSE 0 END, \
            due_at = CASE WHEN again_at IS NULL OR (again_at > $4 AND $3 = 0) THEN $4 ELSE again_at END, \
            attempts = CASE WHEN again_at IS NULL THEN $5 ELSE 0 END, \
            again_at = NULL, claimed_by = NULL, claimed_until = NULL, error = $6 WHERE id = $1 AND claimed_by = $2 AND state = 1";
        let values: [Value; 4] = [state.into(), due.into(), attempts.into(), failure.to_string().into()];
        self.step("putting a failed job back", sql, job, values).await
    }

    /// Whether the row was still ours.
    async fn step<const COUNT: usize>(
        &self,
        what: &'static str,
        sql: &str,
        job: &Model,
        more: [Value; COUNT],
    ) -> Result<bool, LedgerError> {
        let values = [job.id.into(), self.worker.into()].into_iter().chain(more);
        let statement = Statement::from_sql_and_values(self.writer.get_database_backend(), sql, values);
        let result = self.writer.execute_raw(statement).await.map_err(LedgerError::database(what))?;
        Ok(result.rows_affected() == 1)
    }
}

fn lease() -> i64 {
    i64::try_from(LEASE.as_micros()).unwrap_or(i64::MAX)
}
