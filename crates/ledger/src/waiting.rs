//! What is still to be done and to be sent, for whoever looks after the installation.

use sea_orm::ConnectionTrait;

use crate::{LedgerError, jobs, organisation_of, outbox};

/// What is still to be done and to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Waiting {
    /// The queue of jobs, as [`jobs::list()`] has it.
    pub jobs: Vec<jobs::Listed>,
    /// What has not left, as [`outbox::undelivered`] has it.
    pub messages: Vec<outbox::Listed>,
}

/// What is still to be done and to be sent. Nothing before the first start.
///
/// # Errors
/// Where the database refuses.
pub async fn waiting(database: &impl ConnectionTrait) -> Result<Waiting, LedgerError> {
    let Some(organisation) = organisation_of(database).await? else { return Ok(Waiting::default()) };
    Ok(Waiting { jobs: jobs::list(database).await?, messages: outbox::undelivered(database, organisation).await? })
}
