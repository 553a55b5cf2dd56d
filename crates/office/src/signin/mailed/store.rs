//! Mailed links in the database.

use std::collections::BTreeSet;

use calendar::Instant;
use ids::{OrganisationId, PersonId};
use ledger::{Id, LedgerError, Unit, code};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use self::entity::{ActiveModel, Column, Entity};
use super::service::GOOD;
use crate::signin::error::SignInError;
use crate::signin::store::note;
use crate::signin::token::{Hash, Token};

/// A new link for somebody; those from before stay good until they run out, since two letters may cross.
pub(super) async fn add(unit: &mut Unit, person: PersonId, mail: &Hash, now: Instant) -> Result<Token, SignInError> {
    let token = Token::random()?;
    let row = ActiveModel {
        organisation_id: Set(unit.act().organisation.into()),
        hash: Set(token.hash().to_vec()),
        person_id: Set(person.into()),
        address: Set(mail.to_vec()),
        until: Set(now.checked_add(GOOD).unwrap_or(now).micros()),
        used_at: Set(None),
        made_at: Set(now.micros()),
    };
    let made = Entity::insert(row).exec_without_returning(unit.connection()).await;
    made.map_err(LedgerError::database("making a link for a letter"))?;
    note(unit, person, code!("mailed-link.made"))?;
    Ok(token)
}

/// When letters went to an address after `since`. One letter may have several links.
pub(super) async fn letters_since(unit: &Unit, mail: &Hash, since: Instant) -> Result<BTreeSet<Instant>, SignInError> {
    let of = Column::OrganisationId.eq(Id::from(unit.act().organisation)).and(Column::Address.eq(mail.to_vec()));
    let rows = Entity::find().filter(of).filter(Column::MadeAt.gt(since.micros())).all(unit.connection()).await;
    let rows = rows.map_err(LedgerError::database("looking when a letter went"))?;
    Ok(rows.into_iter().filter_map(|row| Instant::from_micros(row.made_at).ok()).collect())
}

/// Whose link that is, while it is good, and to which address it went.
pub(super) async fn holder(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    link: &Token,
    now: Instant,
) -> Result<Option<(PersonId, Hash)>, SignInError> {
    let row = Entity::find_by_id((Id::from(organisation), link.hash().to_vec())).one(from).await;
    let row = row.map_err(LedgerError::database("looking for a link of a letter"))?;
    let good = row.filter(|row| row.used_at.is_none() && row.until > now.micros());
    Ok(good.and_then(|row| Some((row.person_id.into(), row.address.try_into().ok()?))))
}

/// Uses a link up. Of two at once, one is told that it is used.
pub(super) async fn use_up(unit: &Unit, link: &Token, now: Instant) -> Result<(), SignInError> {
    let this = Column::OrganisationId.eq(Id::from(unit.act().organisation)).and(Column::Hash.eq(link.hash().to_vec()));
    let good = Column::UsedAt.is_null().and(Column::Until.gt(now.micros()));
    let used = Entity::update_many().col_expr(Column::UsedAt, Expr::value(now.micros())).filter(this).filter(good);
    let used = used.exec(unit.connection()).await.map_err(LedgerError::database("using a link of a letter"))?;
    if used.rows_affected == 1 { Ok(()) } else { Err(SignInError::Link) }
}

mod entity {
    #![expect(unreachable_pub, reason = "what is derived for an entity is public as it is")]

    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mailed_link")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: Vec<u8>,
        pub person_id: Id,
        pub address: Vec<u8>,
        pub until: i64,
        pub used_at: Option<i64>,
        pub made_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
