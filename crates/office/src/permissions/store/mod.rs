//! Permissions in the database. Whatever is changed here is changed in a [`Unit`] and has its entry.

mod entity;

use calendar::Date;
use ids::{OrganisationId, PersonId, RecordId};
use ledger::keys::{Keys, OpenedText, SealedText};
use ledger::{Actor, Change, Code, Id, LedgerError, Subject, Unit, code};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select};

use self::entity::permission::{ActiveModel, Column, Entity, Model};
use super::permission::LONGEST;
use super::{Decision, Matter, Permission, PermissionsError, Standing};
use crate::control::Permitted;
use crate::people::new_id;

/// Longest text, in characters.
const ABOUT: usize = 1000;
/// Longest reason, in characters.
const WHY: usize = 500;
/// Under which name the text is sealed.
const FIELD: &str = "permission";

/// What somebody asks to be allowed.
#[derive(Debug, Clone, Copy)]
pub struct NewPermission<'a> {
    /// What it is about.
    pub matter: Matter,
    /// What exactly, and what for.
    pub about: &'a str,
    /// Whether the promise of the matter was made, where it has one.
    pub is_promised: bool,
    /// From this day.
    pub from: Date,
    /// To the end of this day.
    pub until: Date,
    /// By when it is answered.
    pub due: Date,
    /// Today.
    pub today: Date,
}

/// Keeps that somebody asks. What is about somebody else is sealed.
///
/// # Errors
/// Where the text, the days or the promise do not fit, no keys were made for what is sealed, or the database refuses.
pub async fn ask(unit: &mut Unit, keys: &Keys, new: &NewPermission<'_>) -> Result<RecordId, PermissionsError> {
    let act = unit.act().clone();
    let Actor::Person(by) = act.actor else { return Err(PermissionsError::NotThere) };
    let about = new.about.trim();
    if about.is_empty() || about.chars().count() > ABOUT {
        return Err(PermissionsError::NoText);
    }
    let days = new.from.civil().until(new.until.civil()).map_or(i32::MAX, |span| span.get_days());
    if new.until < new.from || new.until < new.today || days > LONGEST {
        return Err(PermissionsError::Days);
    }
    if new.matter.promise().is_some() && !new.is_promised {
        return Err(PermissionsError::NoPromise);
    }
    let id = new_id(act.at, RecordId::new)?;
    let sealed = match new.matter.is_sealed() {
        true => Some(keys.sealer(unit, id).await?.seal(FIELD, about.as_bytes())?.as_bytes().to_vec()),
        false => None,
    };
    let row = ActiveModel {
        organisation_id: Set(act.organisation.into()),
        id: Set(id.into()),
        matter: Set(new.matter.word().to_owned()),
        asked_by: Set(by.into()),
        about: Set(sealed.is_none().then(|| about.to_owned())),
        sealed: Set(sealed),
        from_day: Set(new.from.to_string()),
        until_day: Set(new.until.to_string()),
        asked_on: Set(new.today.to_string()),
        due: Set(new.due.to_string()),
        is_withdrawn: Set(0),
        is_yes: Set(None),
        why: Set(None),
        decided_by: Set(None),
        decided_on: Set(None),
        ended_on: Set(None),
        ended_by: Set(None),
        version: Set(0),
        made_at: Set(act.at.micros()),
    };
    let kept = Entity::insert(row).exec_without_returning(unit.connection()).await;
    kept.map_err(LedgerError::database("keeping that a permission is asked for"))?;
    note(unit, id, code!("permission.asked-for"))?;
    Ok(id)
}

/// Allows it until a day, or refuses it.
///
/// # Errors
/// [`PermissionsError::Own`] where whoever asked decides; where no reason is given for a no, the day does not fit, it waits for nobody any more, or
/// the database refuses; [`LedgerError::Conflict`] where somebody else was faster.
pub async fn decide(unit: &mut Unit, seen: &Permission, until: Option<Date>, why: &str, today: Date) -> Result<(), PermissionsError> {
    let Actor::Person(by) = unit.act().actor else { return Err(PermissionsError::NotThere) };
    if by == seen.asked_by {
        return Err(PermissionsError::Own);
    }
    if !seen.stands(today).is_open() {
        return Err(PermissionsError::NotNow);
    }
    let why = why.trim();
    if why.chars().count() > WHY || (until.is_none() && why.is_empty()) {
        return Err(PermissionsError::NoReason);
    }
    if until.is_some_and(|until| until > seen.until) {
        return Err(PermissionsError::Longer);
    }
    if until.is_some_and(|until| until < seen.from || until < today) {
        return Err(PermissionsError::Days);
    }
    let columns = [
        (Column::IsYes, Expr::value(Some(i16::from(until.is_some())))),
        (Column::Why, Expr::value(Some(why.to_owned()))),
        (Column::DecidedBy, Expr::value(Some(Id::from(by)))),
        (Column::DecidedOn, Expr::value(Some(today.to_string()))),
        (Column::UntilDay, Expr::value(until.unwrap_or(seen.until).to_string())),
    ];
    change(unit, seen, columns).await?;
    note(unit, seen.id, if until.is_some() { code!("permission.given") } else { code!("permission.refused") })
}

/// Whoever asked takes it back before it is decided on.
///
/// # Errors
/// Where somebody else asked, or it is decided on; where the database refuses.
pub async fn withdraw(unit: &mut Unit, seen: &Permission, today: Date) -> Result<(), PermissionsError> {
    if unit.act().actor != Actor::Person(seen.asked_by) {
        return Err(PermissionsError::NotThere);
    }
    if !seen.stands(today).is_open() {
        return Err(PermissionsError::NotNow);
    }
    change(unit, seen, [(Column::IsWithdrawn, Expr::value(1_i16))]).await?;
    note(unit, seen.id, code!("permission.taken-back"))
}

/// It is over before its time, or what had left is back.
///
/// # Errors
/// Where it is not allowed, or over already; where the database refuses.
pub async fn end(unit: &mut Unit, seen: &Permission, today: Date) -> Result<(), PermissionsError> {
    let Actor::Person(by) = unit.act().actor else { return Err(PermissionsError::NotThere) };
    if !seen.stands(today).can_end() {
        return Err(PermissionsError::NotNow);
    }
    let columns = [(Column::EndedOn, Expr::value(Some(today.to_string()))), (Column::EndedBy, Expr::value(Some(Id::from(by))))];
    change(unit, seen, columns).await?;
    note(unit, seen.id, code!("permission.ended"))
}

async fn change<const N: usize>(unit: &mut Unit, seen: &Permission, columns: [(Column, Expr); N]) -> Result<(), PermissionsError> {
    let mut update = Entity::update_many().col_expr(Column::Version, Expr::value(seen.version + 1));
    for (column, value) in columns {
        update = update.col_expr(column, value);
    }
    let changed = update
        .filter(Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(Column::Id.eq(Id::from(seen.id)))
        .filter(Column::Version.eq(seen.version))
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("changing a permission"))?;
    if changed.rows_affected == 1 { Ok(()) } else { Err(LedgerError::Conflict.into()) }
}

/// All that were asked for, the newest first.
///
/// # Errors
/// Where the database refuses.
pub async fn permissions(from: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Vec<Permission>, PermissionsError> {
    read(from, of(organisation)).await
}

/// Those that nobody has decided on, the newest first: for the first page, which many open.
///
/// # Errors
/// Where the database refuses.
pub async fn undecided(from: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Vec<Permission>, PermissionsError> {
    read(from, of(organisation).filter(Column::IsYes.is_null()).filter(Column::IsWithdrawn.eq(0_i16))).await
}

/// What somebody was allowed and has not ended, the newest first.
///
/// # Errors
/// Where the database refuses.
pub async fn held_by(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<Vec<Permission>, PermissionsError> {
    let held = of(organisation).filter(Column::AskedBy.eq(Id::from(person))).filter(Column::IsYes.eq(1_i16));
    read(from, held.filter(Column::EndedOn.is_null())).await
}

fn of(organisation: OrganisationId) -> Select<Entity> {
    Entity::find().filter(Column::OrganisationId.eq(Id::from(organisation)))
}

async fn read(from: &impl ConnectionTrait, query: Select<Entity>) -> Result<Vec<Permission>, PermissionsError> {
    let rows = query.order_by_desc(Column::Id).all(from).await;
    let rows = rows.map_err(LedgerError::database("reading what was asked to be allowed"))?;
    rows.into_iter().map(Permission::try_from).collect()
}

/// What a sealed one says, for whoever may see it, while unlocked.
///
/// # Errors
/// Where nobody has unlocked, or what is stored was changed.
pub async fn text_of(from: &impl ConnectionTrait, keys: &Keys, of: &Permission) -> Result<Option<OpenedText>, PermissionsError> {
    let texts = keys.texts(from, &[of.id]).await?;
    let Some((sealed, texts)) = of.sealed.as_ref().zip(texts.get(&of.id)) else { return Ok(None) };
    Ok(Some(texts.open(FIELD, sealed)?))
}

/// How many wait for an answer and hold, and what is late.
///
/// # Errors
/// Where the database refuses.
pub async fn counted(from: &impl ConnectionTrait, organisation: OrganisationId, today: Date) -> Result<Permitted, PermissionsError> {
    let all = permissions(from, organisation).await?;
    let count = |of: fn(&Permission) -> bool, standing| all.iter().filter(|it| of(it) && it.stands(today) == standing).count();
    Ok(Permitted {
        all: all.len(),
        waiting: count(|_| true, Standing::Asked),
        late: count(|_| true, Standing::Late),
        off_site: all.iter().filter(|it| it.matter.comes_back()).count(),
        away: count(|it| it.matter.comes_back(), Standing::Holds),
        not_back: count(|_| true, Standing::NotBack),
    })
}

fn note(unit: &mut Unit, id: RecordId, what: Code) -> Result<(), PermissionsError> {
    unit.record(&Change::new(Subject { kind: code!("permission"), id }, what))?;
    Ok(())
}

impl TryFrom<Model> for Permission {
    type Error = PermissionsError;

    fn try_from(row: Model) -> Result<Self, PermissionsError> {
        let day = |text: &str| text.parse::<Date>().map_err(|_| PermissionsError::Stored { what: "a day of a permission" });
        let decision = match (row.is_yes, row.decided_by, row.decided_on.as_deref()) {
            (Some(is_yes), Some(by), Some(on)) => {
                Some(Decision { is_yes: is_yes == 1, why: row.why.unwrap_or_default(), by: PersonId::from(by), on: day(on)? })
            }
            _ => None,
        };
        Ok(Self {
            id: row.id.into(),
            matter: Matter::stored(&row.matter)?,
            asked_by: row.asked_by.into(),
            about: row.about,
            sealed: row.sealed.as_deref().map(SealedText::parse).transpose()?,
            from: day(&row.from_day)?,
            until: day(&row.until_day)?,
            asked: day(&row.asked_on)?,
            due: day(&row.due)?,
            is_withdrawn: row.is_withdrawn == 1,
            decision,
            ended: row.ended_on.as_deref().map(day).transpose()?,
            version: row.version,
        })
    }
}
