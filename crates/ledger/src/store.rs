//! What other stores join to: organisations and their sites.

use ids::{EntryId, OrganisationId, RecordId};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder};

use crate::{Change, Id, LedgerError, Subject, Unit, code};

/// All organisations, with what they are called, in the order of their making.
///
/// # Errors
/// Where the database refuses.
pub async fn organisations(database: &impl ConnectionTrait) -> Result<Vec<(OrganisationId, String)>, LedgerError> {
    let all = organisation::Entity::find().order_by_asc(organisation::Column::Id).all(database).await;
    let all = all.map_err(LedgerError::database("reading which organisations there are"))?;
    Ok(all.into_iter().map(|row| (row.id.into(), row.name)).collect())
}

/// How many entries of change the organisation's records have had: whoever has compiled something from them sees by it that it is stale.
///
/// # Errors
/// Where the database refuses.
pub async fn revision(database: &impl ConnectionTrait, organisation: OrganisationId) -> Result<i64, LedgerError> {
    let row = revision::Entity::find_by_id(Id::from(organisation)).one(database).await;
    Ok(row.map_err(LedgerError::database("asking whether the records have changed"))?.map_or(0, |row| row.number))
}

/// Makes the organisation of the unit's act, and records it.
///
/// # Errors
/// Where it is there already, or the database refuses.
pub async fn make_organisation(unit: &mut Unit, name: &str) -> Result<EntryId, LedgerError> {
    let organisation = unit.act().organisation;
    let row = organisation::ActiveModel {
        id: Set(organisation.into()),
        name: Set(name.to_owned()),
        version: Set(0),
        made_at: Set(unit.act().at.micros()),
    };
    let made = organisation::Entity::insert(row).exec_without_returning(unit.connection()).await;
    made.map_err(LedgerError::database("making an organisation"))?;
    let subject = Subject { kind: code!("organisation"), id: RecordId::from_bytes(organisation.to_bytes()) };
    unit.record(&Change::new(subject, code!("made")))
}

/// Organisations.
pub mod organisation {
    use sea_orm::entity::prelude::*;

    use crate::Id;

    /// An organisation: a school, or a trust or an authority with several.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "organisation")]
    pub struct Model {
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id,
        /// What it is called.
        pub name: String,
        /// Of this row, against lost updates.
        pub version: i64,
        /// When, in microseconds since 1970, UTC.
        pub made_at: i64,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Sites.
pub mod site {
    use sea_orm::entity::prelude::*;

    use crate::Id;

    /// A site of an organisation.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "site")]
    pub struct Model {
        /// Whose.
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        /// Which.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id,
        /// What it is called.
        pub name: String,
        /// Of this row, against lost updates.
        pub version: i64,
        /// When, in microseconds since 1970, UTC.
        pub made_at: i64,
    }

    /// None.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Revisions. Only the database writes them.
mod revision {
    #![expect(unreachable_pub, reason = "what is derived for an entity is public as it is")]

    use sea_orm::entity::prelude::*;

    use crate::Id;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "revision")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        pub number: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
