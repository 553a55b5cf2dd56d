//! The table of what leaves the school.

use sea_orm::entity::prelude::*;

use crate::Id;

/// Not delivered yet.
pub(crate) const WAITING: i16 = 0;
/// Handed over.
pub(crate) const DELIVERED: i16 = 1;
/// Given up.
pub(crate) const FAILED: i16 = 2;
/// Came back with a restored backup: it may have been delivered since, so a person decides.
pub(crate) const HELD: i16 = 3;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Id,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    pub channel: String,
    pub purpose: String,
    /// Empty once it is delivered.
    pub sealed: Vec<u8>,
    pub state: i16,
    pub due_at: i64,
    pub attempts: i16,
    pub error: Option<String>,
    pub made_at: i64,
    pub delivered_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
