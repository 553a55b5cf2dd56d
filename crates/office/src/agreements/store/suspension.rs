//! Suspensions: ordered, and lifted before their time; never deleted.

use calendar::Date;
use ids::{OrganisationId, PersonId, RecordId};
use ledger::keys::{Keys, OpenedText, SealedText};
use ledger::{Actor, Change, Code, Id, LedgerError, Subject, Unit, code};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::day;
use super::entity::suspension::{ActiveModel, Column, Entity, Model};
use crate::agreements::AgreementsError;
use crate::agreements::suspension::{NewSuspension, Suspension};
use crate::people::new_id;

/// Longest suspension, in days.
const LONGEST: i32 = 90;
/// Longest reason, in characters.
const REASON: usize = 2000;

/// Takes the internet from somebody for a time. The reason is sealed.
///
/// # Errors
/// [`LedgerError::Conflict`] where one is under way; where the days do not fit, no reason is given, no keys were made, or the database refuses.
pub async fn suspend(unit: &mut Unit, keys: &Keys, new: &NewSuspension<'_>) -> Result<(), AgreementsError> {
    let act = unit.act().clone();
    let Actor::Person(by) = act.actor else { return Err(AgreementsError::NotThere) };
    let reason = new.reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON {
        return Err(AgreementsError::NoReason);
    }
    let days = new.from.civil().until(new.until.civil()).map(|span| span.get_days()).unwrap_or(i32::MAX);
    if new.until < new.from || days > LONGEST || new.review < new.from || new.review > new.until {
        return Err(AgreementsError::Days);
    }
    // One at a time: of a form that was sent twice the second is told so.
    let before = suspensions_of(unit.connection(), act.organisation, new.person).await?;
    if before.iter().any(|other| other.ended.is_none() && other.until >= new.from) {
        return Err(LedgerError::Conflict.into());
    }
    let sealed = keys.sealer(unit, subject(new.person).id).await?.seal("suspension", reason.as_bytes())?;
    let row = ActiveModel {
        organisation_id: Set(act.organisation.into()),
        id: Set(new_id(act.at, RecordId::new)?.into()),
        person_id: Set(new.person.into()),
        reason: Set(Some(sealed.as_bytes().to_vec())),
        from_day: Set(new.from.to_string()),
        until_day: Set(new.until.to_string()),
        review_day: Set(new.review.to_string()),
        ordered_by: Set(by.into()),
        ended_on: Set(None),
        ended_by: Set(None),
        version: Set(0),
        made_at: Set(act.at.micros()),
    };
    Entity::insert(row).exec_without_returning(unit.connection()).await.map_err(LedgerError::database("keeping a suspension"))?;
    note(unit, new.person, code!("internet.suspended"))
}

/// Gives the internet back before the time is over.
///
/// # Errors
/// [`LedgerError::Conflict`] where somebody else was faster, or its time is over; where the database refuses.
pub async fn end_suspension(unit: &mut Unit, seen: &Suspension, today: Date) -> Result<(), AgreementsError> {
    let act = unit.act().clone();
    let Actor::Person(by) = act.actor else { return Err(AgreementsError::NotThere) };
    let changed = Entity::update_many()
        .col_expr(Column::EndedOn, Expr::value(today.to_string()))
        .col_expr(Column::EndedBy, Expr::value(Id::from(by)))
        .col_expr(Column::Version, Expr::value(seen.version + 1))
        .filter(Column::OrganisationId.eq(Id::from(act.organisation)))
        .filter(Column::Id.eq(Id::from(seen.id)))
        .filter(Column::Version.eq(seen.version))
        .filter(Column::EndedOn.is_null())
        .filter(Column::UntilDay.gte(today.to_string()))
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("lifting a suspension"))?;
    if changed.rows_affected != 1 {
        return Err(LedgerError::Conflict.into());
    }
    note(unit, seen.person, code!("internet.given_back"))
}

/// All suspensions of a person, the newest first.
///
/// # Errors
/// Where the database refuses.
pub async fn suspensions_of(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<Vec<Suspension>, AgreementsError> {
    let query = Entity::find().filter(Column::OrganisationId.eq(Id::from(organisation))).filter(Column::PersonId.eq(Id::from(person)));
    let rows = query.order_by_desc(Column::Id).all(from).await.map_err(LedgerError::database("reading suspensions"))?;
    rows.into_iter().map(Suspension::try_from).collect()
}

/// Why, for whoever may see it, while unlocked. The look is to be recorded with `Ledger::view` first.
///
/// # Errors
/// Where nobody has unlocked, or what is stored was changed.
pub async fn reason_of(from: &impl ConnectionTrait, keys: &Keys, of: &Suspension) -> Result<Option<OpenedText>, AgreementsError> {
    let record = subject(of.person).id;
    let texts = keys.texts(from, &[record]).await?;
    let Some((sealed, texts)) = of.reason.as_ref().zip(texts.get(&record)) else { return Ok(None) };
    Ok(Some(texts.open("suspension", sealed)?))
}

/// All that hold on a day.
pub(super) async fn holding(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    on: Date,
) -> Result<Vec<Suspension>, AgreementsError> {
    let query = Entity::find()
        .filter(Column::OrganisationId.eq(Id::from(organisation)))
        .filter(Column::FromDay.lte(on.to_string()))
        .filter(Column::UntilDay.gte(on.to_string()));
    let rows = query.all(from).await.map_err(LedgerError::database("reading who is suspended"))?;
    let all = rows.into_iter().map(Suspension::try_from).collect::<Result<Vec<_>, _>>()?;
    Ok(all.into_iter().filter(|suspension| suspension.holds(on)).collect())
}

const fn subject(person: PersonId) -> Subject {
    Subject { kind: code!("person"), id: RecordId::from_bytes(person.to_bytes()) }
}

pub(super) fn note(unit: &mut Unit, of: PersonId, what: Code) -> Result<(), AgreementsError> {
    unit.record(&Change::new(subject(of), what))?;
    Ok(())
}

impl TryFrom<Model> for Suspension {
    type Error = AgreementsError;

    fn try_from(row: Model) -> Result<Self, AgreementsError> {
        Ok(Self {
            id: row.id.into(),
            person: row.person_id.into(),
            reason: row.reason.as_deref().map(SealedText::parse).transpose()?,
            from: day(&row.from_day)?,
            until: day(&row.until_day)?,
            review: day(&row.review_day)?,
            by: row.ordered_by.into(),
            ended: row.ended_on.as_deref().map(day).transpose()?,
            version: row.version,
        })
    }
}
