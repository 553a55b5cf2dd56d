//! The table of jobs.

use sea_orm::entity::prelude::*;

use crate::Id;

/// Not begun; or to be tried again, when it has an error.
pub(crate) const WAITING: i16 = 0;
/// Claimed by a worker.
pub(crate) const RUNNING: i16 = 1;
/// Given up.
pub(crate) const FAILED: i16 = 2;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "job")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    pub organisation_id: Option<Id>,
    pub kind: String,
    /// Unique: never two at once of the same.
    pub name: String,
    pub subject_id: Option<Id>,
    pub state: i16,
    pub due_at: i64,
    /// Asked for again while it ran: then it runs once more.
    pub again_at: Option<i64>,
    pub attempts: i16,
    pub claimed_by: Option<Id>,
    /// Renewed while it runs; past it, the process that claimed it is taken for dead.
    pub claimed_until: Option<i64>,
    pub error: Option<String>,
    /// When it last went well, for those that recur.
    pub done_at: Option<i64>,
    pub made_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
