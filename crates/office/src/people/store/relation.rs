//! Adults and the children they answer for.

use calendar::Date;
use ids::PersonId;
use ledger::keys::Keys;
use ledger::{Change, Id, LedgerError, Unit, code};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, UpdateMany};

use super::entity::relation::{ActiveModel, Column, Entity, Model};
use super::find;
use super::history::{self, Said};
use super::person::subject;
use super::row::{day, scope_of, sealed, some_day};
use crate::people::person::Scope;
use crate::people::relation::{Bond, Care, Held, Kinship, Relation};
use crate::people::{Membership, PeopleError};

/// Says that an adult answers for a child. No message goes to the adult before somebody has confirmed the contact.
///
/// # Errors
/// Where they are one person, one of them is not here or the child is no pupil; where they are related already, or the database refuses.
pub async fn relate(unit: &mut Unit, adult: PersonId, child: PersonId, bond: Bond, from: Date) -> Result<(), PeopleError> {
    let (connection, scope) = (unit.connection(), scope_of(unit.act()));
    let pupil = find::person(connection, scope, child).await?.ok_or(PeopleError::NotThere)?;
    find::row(connection, scope, adult).await?.ok_or(PeopleError::NotThere)?;
    if adult == child || !pupil.details.memberships.has(Membership::Pupil) {
        return Err(PeopleError::NotAdultAndChild);
    }
    relate_many(unit, &[(adult, child, bond)], from).await
}

/// The same for many whose persons are known to be there.
pub(crate) async fn relate_many(unit: &mut Unit, new: &[(PersonId, PersonId, Bond)], from: Date) -> Result<(), PeopleError> {
    if new.is_empty() {
        return Ok(());
    }
    let organisation = unit.act().organisation;
    let rows = new.iter().map(|(adult, child, bond)| ActiveModel {
        organisation_id: Set(organisation.into()),
        adult_id: Set((*adult).into()),
        child_id: Set((*child).into()),
        kinship: Set(bond.kinship.as_str().to_owned()),
        responsibility: Set(bond.responsibility.bit()),
        lives_with: Set(bond.lives_with.bit()),
        may_message: Set(Held::No.bit()),
        care: Set(None),
        started: Set(from.to_string()),
        ended: Set(None),
        version: Set(0),
    });
    Entity::insert_many(rows)
        .exec_without_returning(unit.connection())
        .await
        .map_err(LedgerError::database("relating an adult and a child"))?;
    for (_, child, _) in new {
        unit.record(&Change::new(subject(*child), code!("adult.added")))?;
    }
    Ok(())
}

/// An adult who answered for a child before does so again, from that day on. No message goes to them before somebody has confirmed the contact
/// anew; what is to be heeded about the two stays as it was.
///
/// # Errors
/// As [`change_relation`]; [`LedgerError::Conflict`] where it has not ended.
pub async fn relate_again(unit: &mut Unit, keys: &Keys, seen: &Relation, bond: Bond, from: Date) -> Result<(), PeopleError> {
    let Some(ended) = seen.ended else { return Err(LedgerError::Conflict.into()) };
    let update = with(bond)
        .col_expr(Column::MayMessage, Expr::value(Held::No.bit()))
        .col_expr(Column::Started, Expr::value(from.to_string()))
        .col_expr(Column::Ended, Expr::value(Option::<String>::None));
    apply(unit, update, seen).await?;
    let [kinship, responsibility, lives_with] = bonds(seen.bond, bond);
    let said: [Said; 6] = [
        named(seen.adult),
        kinship,
        responsibility,
        lives_with,
        (code!("started"), seen.started.to_string(), from.to_string()),
        (code!("ended"), ended.to_string(), String::new()),
    ];
    history::record(unit, keys, subject(seen.child), code!("adult.again"), &said).await
}

/// Messages may go to these adults about these children: of whom nothing can be known that forbids it, since they were made a moment ago by
/// the same unit. Else it is [`confirm_contact`].
pub(crate) async fn confirm_many(unit: &mut Unit, new: &[(PersonId, PersonId)]) -> Result<(), PeopleError> {
    let organisation = Id::from(unit.act().organisation);
    for (adult, child) in new {
        let changed = Entity::update_many()
            .col_expr(Column::MayMessage, Expr::value(Held::Yes.bit()))
            .filter(Column::OrganisationId.eq(organisation))
            .filter(Column::AdultId.eq(Id::from(*adult)))
            .filter(Column::ChildId.eq(Id::from(*child)))
            .filter(Column::Care.is_null())
            .exec(unit.connection())
            .await
            .map_err(LedgerError::database("confirming contacts"))?;
        if changed.rows_affected != 1 {
            return Err(PeopleError::NotThere);
        }
        unit.record(&Change::new(subject(*child), code!("contact.confirmed")))?;
    }
    Ok(())
}

/// Says something else about an adult and a child. Where the adult must not be contacted, no message leaves from then on. What was to be heeded
/// before is read here, for the trail: so where there is such a thing, it needs unlocking.
///
/// # Errors
/// [`LedgerError::Conflict`] where somebody else was faster; where no keys were made, or nobody has unlocked what stands there; or the database
/// refuses.
pub async fn change_relation(unit: &mut Unit, keys: &Keys, seen: &Relation, bond: Bond, care: &Care) -> Result<(), PeopleError> {
    let before = care_before(unit, keys, seen).await?;
    let sealer = keys.sealer(unit, subject(seen.child).id).await?;
    let sealed = if care.is_empty() { None } else { Some(sealer.seal(&field(seen.adult), &care.to_bytes())?.as_bytes().to_vec()) };
    let mut update = with(bond).col_expr(Column::Care, Expr::value(sealed));
    if !care.do_not_contact.is_empty() {
        update = update.col_expr(Column::MayMessage, Expr::value(Held::No.bit()));
    }
    apply(unit, update, seen).await?;
    let [kinship, responsibility, lives_with] = bonds(seen.bond, bond);
    let said: [Said; 7] = [
        named(seen.adult),
        kinship,
        responsibility,
        lives_with,
        (code!("court_order"), before.court_order, care.court_order.clone()),
        (code!("do_not_contact"), before.do_not_contact, care.do_not_contact.clone()),
        (code!("address_withheld"), before.address_withheld, care.address_withheld.clone()),
    ];
    history::record(unit, keys, subject(seen.child), code!("adult.changed"), &said).await
}

/// Somebody has made sure that this contact is right: messages may leave from now on. What is known about the two is read here, so that
/// nobody confirms past an order; so it needs unlocking.
///
/// # Errors
/// As [`change_relation`]; [`PeopleError::NotToConfirm`] where the adult must not be contacted; where nobody has unlocked.
pub async fn confirm_contact(unit: &mut Unit, keys: &Keys, seen: &Relation) -> Result<(), PeopleError> {
    let care = care(unit.connection(), keys, scope_of(unit.act()), seen.adult, seen.child).await?;
    if !care.do_not_contact.is_empty() {
        return Err(PeopleError::NotToConfirm);
    }
    apply(unit, Entity::update_many().col_expr(Column::MayMessage, Expr::value(Held::Yes.bit())), seen).await?;
    history::record(unit, keys, subject(seen.child), code!("contact.confirmed"), &[named(seen.adult)]).await
}

/// The adult answers for the child no more: `on` is the last day. The day before the first takes back what was said by mistake.
///
/// # Errors
/// [`LedgerError::Conflict`] where somebody else was faster; where the day lies before that, no keys were made, or the database refuses.
pub async fn end_relation(unit: &mut Unit, keys: &Keys, seen: &Relation, on: Date) -> Result<(), PeopleError> {
    if on < seen.started.yesterday() {
        return Err(PeopleError::EndsBeforeStart);
    }
    let update = Entity::update_many()
        .col_expr(Column::Ended, Expr::value(on.to_string()))
        .col_expr(Column::MayMessage, Expr::value(Held::No.bit()));
    apply(unit, update, seen).await?;
    history::record(unit, keys, subject(seen.child), code!("adult.ended"), &[named(seen.adult)]).await
}

/// The adults who answer for a child, ended ones too.
///
/// # Errors
/// Where the database refuses.
pub async fn responsible_for(from: &impl ConnectionTrait, scope: Scope, child: PersonId) -> Result<Vec<Relation>, PeopleError> {
    read(from, scope, Column::ChildId, child).await
}

/// The children an adult answers for, ended ones too.
///
/// # Errors
/// Where the database refuses.
pub async fn children_of(from: &impl ConnectionTrait, scope: Scope, adult: PersonId) -> Result<Vec<Relation>, PeopleError> {
    read(from, scope, Column::AdultId, adult).await
}

/// Every adult and child, for an import to compare with.
pub(in crate::people) async fn pairs(from: &impl ConnectionTrait, scope: Scope) -> Result<Vec<Relation>, PeopleError> {
    let rows = Entity::find().filter(Column::OrganisationId.eq(Id::from(scope.organisation))).all(from).await;
    rows.map_err(LedgerError::database("reading who answers for whom"))?.into_iter().map(Relation::try_from).collect()
}

/// What few may see, while unlocked. The look is to be recorded with `Ledger::view` first.
///
/// # Errors
/// Where the two are not related, nobody has unlocked, or what is stored was changed.
pub async fn care(from: &impl ConnectionTrait, keys: &Keys, scope: Scope, adult: PersonId, child: PersonId) -> Result<Care, PeopleError> {
    let key = (Id::from(scope.organisation), Id::from(adult), Id::from(child));
    let row = Entity::find_by_id(key).one(from).await.map_err(LedgerError::database("reading about an adult and a child"))?;
    let row = row.ok_or(PeopleError::NotThere)?;
    find::row(from, scope, child).await?.ok_or(PeopleError::NotThere)?;
    let record = subject(child).id;
    let texts = keys.texts(from, &[record]).await?;
    let Some((sealed, texts)) = sealed(row.care.as_deref())?.zip(texts.get(&record)) else { return Ok(Care::default()) };
    let opened = texts.open(&field(adult), &sealed)?;
    Care::of_bytes(opened.as_bytes()).ok_or(PeopleError::Stored { what: "what is to be heeded about an adult and a child" })
}

/// Under which name it is sealed: one that was moved to another adult does not open.
fn field(adult: PersonId) -> String {
    format!("care {adult}")
}

/// What was to be heeded before a change. Nothing is opened where nothing stands there.
async fn care_before(unit: &Unit, keys: &Keys, seen: &Relation) -> Result<Care, PeopleError> {
    let scope = scope_of(unit.act());
    let key = (Id::from(scope.organisation), Id::from(seen.adult), Id::from(seen.child));
    let row = Entity::find_by_id(key).one(unit.connection()).await;
    let row = row.map_err(LedgerError::database("reading about an adult and a child"))?;
    match row.ok_or(PeopleError::NotThere)?.care {
        Some(_) => care(unit.connection(), keys, scope, seen.adult, seen.child).await,
        None => Ok(Care::default()),
    }
}

fn with(bond: Bond) -> UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::Kinship, Expr::value(bond.kinship.as_str()))
        .col_expr(Column::Responsibility, Expr::value(bond.responsibility.bit()))
        .col_expr(Column::LivesWith, Expr::value(bond.lives_with.bit()))
}

/// About which adult an entry of the child is: by id, since names change.
fn named(adult: PersonId) -> Said {
    (code!("adult"), String::new(), adult.to_string())
}

fn bonds(before: Bond, after: Bond) -> [Said; 3] {
    [
        (code!("kinship"), before.kinship.as_str().to_owned(), after.kinship.as_str().to_owned()),
        (code!("responsibility"), said(before.responsibility), said(after.responsibility)),
        (code!("lives_with"), said(before.lives_with), said(after.lives_with)),
    ]
}

fn said(held: Held) -> String {
    if held == Held::Yes { "yes" } else { "no" }.to_owned()
}

async fn read(from: &impl ConnectionTrait, scope: Scope, by: Column, person: PersonId) -> Result<Vec<Relation>, PeopleError> {
    find::row(from, scope, person).await?.ok_or(PeopleError::NotThere)?;
    let query = Entity::find().filter(Column::OrganisationId.eq(Id::from(scope.organisation))).filter(by.eq(Id::from(person)));
    let query = query.order_by_asc(Column::Started).order_by_asc(Column::AdultId).order_by_asc(Column::ChildId);
    let rows = query.all(from).await.map_err(LedgerError::database("reading who answers for whom"))?;
    rows.into_iter().map(Relation::try_from).collect()
}

async fn apply(unit: &Unit, update: UpdateMany<Entity>, seen: &Relation) -> Result<(), PeopleError> {
    // The child is within the act's site, or not there.
    find::row(unit.connection(), scope_of(unit.act()), seen.child).await?.ok_or(PeopleError::NotThere)?;
    let changed = update
        .col_expr(Column::Version, Expr::value(seen.version + 1))
        .filter(Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(Column::AdultId.eq(Id::from(seen.adult)))
        .filter(Column::ChildId.eq(Id::from(seen.child)))
        .filter(Column::Version.eq(seen.version))
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("changing what an adult is to a child"))?;
    if changed.rows_affected == 1 { Ok(()) } else { Err(LedgerError::Conflict.into()) }
}

impl TryFrom<Model> for Relation {
    type Error = PeopleError;

    fn try_from(row: Model) -> Result<Self, PeopleError> {
        let kinship = Kinship::of(&row.kinship).ok_or(PeopleError::Stored { what: "what an adult is to a child" })?;
        Ok(Self {
            adult: row.adult_id.into(),
            child: row.child_id.into(),
            bond: Bond { kinship, responsibility: Held::of(row.responsibility), lives_with: Held::of(row.lives_with) },
            may_message: Held::of(row.may_message),
            started: day(&row.started)?,
            ended: some_day(row.ended.as_deref())?,
            version: row.version,
        })
    }
}
