//! Doors of classes, pictures and cards in the database.

mod entity;

use std::collections::{HashMap, HashSet};

use ids::{GroupId, OrganisationId, PersonId, RecordId};
use ledger::{Change, Code, Id, LedgerError, Subject, Unit, code};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use ui::components::symbol::Symbol;

use self::entity::{class_door, picture_sign_in, sign_in_card};
use super::door::Card;
use super::model::{ClassCode, ClassDoor, Way, Young};
use crate::signin::error::SignInError;
use crate::signin::password::PasswordHash;
use crate::signin::store::note;
use crate::signin::token::Token;

/// The door of a class.
pub(super) async fn door_of(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    group: GroupId,
) -> Result<Option<ClassDoor>, SignInError> {
    let row = class_door::Entity::find_by_id((Id::from(organisation), Id::from(group))).one(from).await;
    Ok(row.map_err(LedgerError::database("looking how a class signs in"))?.as_ref().and_then(door))
}

/// The door that has this code.
pub(super) async fn door_called(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    code: &ClassCode,
) -> Result<Option<ClassDoor>, SignInError> {
    let called = class_door::Column::OrganisationId.eq(Id::from(organisation)).and(class_door::Column::Code.eq(code.as_str()));
    let row = class_door::Entity::find().filter(called).one(from).await;
    Ok(row.map_err(LedgerError::database("looking for a class by its code"))?.as_ref().and_then(door))
}

/// What this version did not write is no door: nobody comes in by it.
fn door(row: &class_door::Model) -> Option<ClassDoor> {
    let way = if row.way == 0 { Way::Pictures } else { Way::Words };
    Some(ClassDoor { group: row.group_id.into(), code: row.code.parse().ok()?, way })
}

/// Gives a class a door, in place of the one it had.
pub(super) async fn set_door(unit: &mut Unit, door: &ClassDoor) -> Result<(), SignInError> {
    let (organisation, now) = (unit.act().organisation, unit.act().at.micros());
    let row = class_door::ActiveModel {
        organisation_id: Set(organisation.into()),
        group_id: Set(door.group.into()),
        code: Set(door.code.as_str().to_owned()),
        way: Set(i16::from(door.way == Way::Words)),
        made_at: Set(now),
    };
    let key = [class_door::Column::OrganisationId, class_door::Column::GroupId];
    let columns = [class_door::Column::Code, class_door::Column::Way, class_door::Column::MadeAt];
    let again = OnConflict::columns(key).update_columns(columns).to_owned();
    let set = class_door::Entity::insert(row).on_conflict(again).exec_without_returning(unit.connection()).await;
    set.map_err(LedgerError::database("giving a class a code"))?;
    said_of_class(unit, door.group, code!("door.opened"))
}

/// What is kept of a child's pictures.
pub(super) async fn pictures_of(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    child: PersonId,
) -> Result<Option<Vec<u8>>, SignInError> {
    let row = picture_sign_in::Entity::find_by_id((Id::from(organisation), Id::from(child))).one(from).await;
    Ok(row.map_err(LedgerError::database("reading how a child signs in"))?.and_then(|row| row.pictures))
}

/// How these children sign in, in no order; those who have nothing of their own are left out.
///
/// # Errors
/// Where the database refuses.
pub async fn young(from: &impl ConnectionTrait, organisation: OrganisationId, who: &[PersonId]) -> Result<Vec<Young>, LedgerError> {
    let failed = LedgerError::database("reading how children sign in");
    let ids = || who.iter().map(|person| Id::from(*person));
    let of = picture_sign_in::Column::OrganisationId.eq(Id::from(organisation)).and(picture_sign_in::Column::PersonId.is_in(ids()));
    let rows = picture_sign_in::Entity::find().filter(of).all(from).await.map_err(&failed)?;
    let good = sign_in_card::Column::OrganisationId
        .eq(Id::from(organisation))
        .and(sign_in_card::Column::PersonId.is_in(ids()))
        .and(sign_in_card::Column::EndedAt.is_null());
    let cards = sign_in_card::Entity::find().filter(good).all(from).await.map_err(&failed)?;
    let cards: HashSet<PersonId> = cards.into_iter().map(|card| card.person_id.into()).collect();
    let one = |row: picture_sign_in::Model| {
        let person = row.person_id.into();
        let has_card = cards.contains(&person);
        Young { person, symbol: symbol(row.symbol), has_pictures: row.pictures.is_some(), has_card }
    };
    Ok(rows.into_iter().map(one).collect())
}

/// The picture beside each child's name.
pub(super) async fn symbols(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    who: &[PersonId],
) -> Result<HashMap<PersonId, Symbol>, SignInError> {
    Ok(young(from, organisation, who).await?.into_iter().map(|young| (young.person, young.symbol)).collect())
}

fn symbol(number: i16) -> Symbol {
    Symbol::new(u8::try_from(number).unwrap_or_default())
}

/// Gives a child pictures, in place of those it had.
pub(super) async fn set_pictures(unit: &mut Unit, child: PersonId, symbol: Symbol, pictures: &PasswordHash) -> Result<(), SignInError> {
    let row = picture_sign_in::ActiveModel {
        organisation_id: Set(unit.act().organisation.into()),
        person_id: Set(child.into()),
        symbol: Set(symbol.number().into()),
        pictures: Set(Some(pictures.to_bytes())),
        version: Set(0),
        made_at: Set(unit.act().at.micros()),
    };
    let key = [picture_sign_in::Column::OrganisationId, picture_sign_in::Column::PersonId];
    let again = OnConflict::columns(key)
        .update_column(picture_sign_in::Column::Pictures)
        .value(picture_sign_in::Column::Version, Expr::col((picture_sign_in::Entity, picture_sign_in::Column::Version)).add(1))
        .to_owned();
    let set = picture_sign_in::Entity::insert(row).on_conflict(again).exec_without_returning(unit.connection()).await;
    set.map_err(LedgerError::database("giving a child pictures"))?;
    note(unit, child, code!("pictures.given"))
}

/// Whose card that is, while it is good.
pub(super) async fn card(from: &impl ConnectionTrait, organisation: OrganisationId, token: &Token) -> Result<Option<Card>, SignInError> {
    let row = sign_in_card::Entity::find_by_id((Id::from(organisation), token.hash().to_vec())).one(from).await;
    let row = row.map_err(LedgerError::database("looking for a card"))?;
    Ok(row.filter(|row| row.ended_at.is_none()).map(|row| Card { group: row.group_id.into(), child: row.person_id.into() }))
}

/// Keeps new cards.
pub(super) async fn add_cards(unit: &mut Unit, group: GroupId, cards: &[(PersonId, Token)]) -> Result<(), SignInError> {
    let (organisation, now) = (unit.act().organisation, unit.act().at.micros());
    let rows = cards.iter().map(|(person, token)| sign_in_card::ActiveModel {
        organisation_id: Set(organisation.into()),
        hash: Set(token.hash().to_vec()),
        group_id: Set(group.into()),
        person_id: Set((*person).into()),
        made_at: Set(now),
        ended_at: Set(None),
    });
    if !cards.is_empty() {
        let kept = sign_in_card::Entity::insert_many(rows).exec_without_returning(unit.connection()).await;
        kept.map_err(LedgerError::database("keeping new cards"))?;
    }
    for (person, _) in cards {
        note(unit, *person, code!("card.made"))?;
    }
    said_of_class(unit, group, code!("cards.made"))
}

/// Cards of these children are good no more, for whatever class they were made. The trail has an entry about each child who had one.
pub(super) async fn end_cards(unit: &mut Unit, who: &[PersonId]) -> Result<(), SignInError> {
    let of = sign_in_card::Column::OrganisationId
        .eq(Id::from(unit.act().organisation))
        .and(sign_in_card::Column::PersonId.is_in(who.iter().map(|person| Id::from(*person))))
        .and(sign_in_card::Column::EndedAt.is_null());
    let failed = LedgerError::database("ending cards");
    let good = sign_in_card::Entity::find().filter(of.clone()).all(unit.connection()).await.map_err(&failed)?;
    let ended = sign_in_card::Entity::update_many().col_expr(sign_in_card::Column::EndedAt, Expr::value(unit.act().at.micros()));
    ended.filter(of).exec(unit.connection()).await.map_err(failed)?;
    for card in good {
        note(unit, card.person_id.into(), code!("card.ended"))?;
    }
    Ok(())
}

/// Says in the trail what was done to how a class signs in.
pub(super) fn said_of_class(unit: &mut Unit, group: GroupId, what: Code) -> Result<(), SignInError> {
    unit.record(&Change::new(Subject { kind: code!("group"), id: RecordId::from_bytes(group.to_bytes()) }, what))?;
    Ok(())
}
