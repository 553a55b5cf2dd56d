//! Where each of a class sits.

use ids::{GroupId, OrganisationId, RecordId};
use ledger::{Change, Code, Id, LedgerError, Subject, Unit, code};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use self::entity::{Column, Entity};
use crate::gate::error::GateError;
use crate::gate::seat::Seat;

/// The seats of a class, those of former pupils too.
pub(in crate::gate) async fn seats(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    class: GroupId,
) -> Result<Vec<Seat>, GateError> {
    let of_class = Entity::find().filter(Column::OrganisationId.eq(Id::from(organisation))).filter(Column::GroupId.eq(Id::from(class)));
    let rows = of_class.order_by_asc(Column::PersonId).all(from).await;
    let rows = rows.map_err(LedgerError::database("reading where a class sits"))?;
    let seat = |row: entity::Model| Ok(Seat { person: row.person_id.into(), address: row.address.parse().map_err(|_| GateError::Stored)? });
    rows.into_iter().map(seat).collect()
}

/// Says where some of a class sit from now on.
pub(in crate::gate) async fn set_seats(unit: &mut Unit, class: GroupId, seats: &[Seat]) -> Result<(), GateError> {
    let (organisation, now) = (unit.act().organisation, unit.act().at.micros());
    let rows = seats.iter().map(|seat| entity::ActiveModel {
        organisation_id: Set(organisation.into()),
        group_id: Set(class.into()),
        person_id: Set(seat.person.into()),
        address: Set(seat.address.to_canonical().to_string()),
        changed_at: Set(now),
    });
    if !seats.is_empty() {
        let key = [Column::OrganisationId, Column::GroupId, Column::PersonId];
        let again = OnConflict::columns(key).update_columns([Column::Address, Column::ChangedAt]).to_owned();
        let set = Entity::insert_many(rows).on_conflict(again).exec_without_returning(unit.connection()).await;
        set.map_err(LedgerError::database("keeping where a class sits"))?;
    }
    record(unit, class, code!("class.seated"))
}

/// Says in the trail what was done to a class.
pub(in crate::gate) fn record(unit: &mut Unit, class: GroupId, what: Code) -> Result<(), GateError> {
    unit.record(&Change::new(Subject { kind: code!("group"), id: RecordId::from_bytes(class.to_bytes()) }, what))?;
    Ok(())
}

mod entity {
    #![expect(unreachable_pub, reason = "what is derived for an entity is public as it is")]

    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "seat")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub group_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Id,
        pub address: String,
        pub changed_at: i64,
    }

    /// Who sits where is nobody's business in a log.
    impl std::fmt::Debug for Model {
        fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("seat(..)")
        }
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
