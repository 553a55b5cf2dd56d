//! Copies that somebody asked for, in the database.

use calendar::Date;
use ids::{OrganisationId, RecordId};
use ledger::{Change, Code, Id, LedgerError, Subject, Unit, code};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::request::{ActiveModel, Column, Entity, Model};
use crate::people::new_id;
use crate::policies::PoliciesError;
use crate::policies::request::{CopyRequest, Wish};

/// Longest note, in characters.
const LONGEST: usize = 200;

/// What somebody asks for.
#[derive(Debug, Clone, Copy)]
pub struct NewRequest<'a> {
    /// Of which policy, by its word.
    pub policy: &'a str,
    /// In which form.
    pub form: Wish,
    /// What else is to be known.
    pub note: &'a str,
    /// When it was asked for.
    pub asked: Date,
    /// By when it leaves.
    pub due: Date,
}

/// Keeps that somebody asked for a copy.
///
/// # Errors
/// [`PoliciesError::LongNote`] where the note is too long; where the database refuses.
pub async fn ask_for_copy(unit: &mut Unit, new: NewRequest<'_>) -> Result<RecordId, PoliciesError> {
    if new.note.chars().count() > LONGEST {
        return Err(PoliciesError::LongNote);
    }
    let act = unit.act().clone();
    let id = new_id(act.at, RecordId::new)?;
    let row = ActiveModel {
        organisation_id: Set(act.organisation.into()),
        id: Set(id.into()),
        policy: Set(new.policy.to_owned()),
        form: Set(new.form.word().to_owned()),
        note: Set(new.note.to_owned()),
        asked_on: Set(new.asked.to_string()),
        due: Set(new.due.to_string()),
        sent_on: Set(None),
        version: Set(0),
        made_at: Set(act.at.micros()),
    };
    let kept = Entity::insert(row).exec_without_returning(unit.connection()).await;
    kept.map_err(LedgerError::database("keeping that a copy was asked for"))?;
    note(unit, id, code!("copy.asked-for"))?;
    Ok(id)
}

/// The copy has left; or, with no day, it has not after all.
///
/// # Errors
/// [`LedgerError::Conflict`] where somebody else was faster; where the day does not fit, or the database refuses.
pub async fn copy_was_sent(unit: &mut Unit, seen: &CopyRequest, on: Option<Date>, today: Date) -> Result<(), PoliciesError> {
    if on.is_some_and(|on| on < seen.asked || on > today) {
        return Err(PoliciesError::Sent);
    }
    let changed = Entity::update_many()
        .col_expr(Column::SentOn, Expr::value(on.map(|on| on.to_string())))
        .col_expr(Column::Version, Expr::value(seen.version + 1))
        .filter(Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(Column::Id.eq(Id::from(seen.id)))
        .filter(Column::Version.eq(seen.version))
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("keeping that a copy was sent"))?;
    if changed.rows_affected != 1 {
        return Err(LedgerError::Conflict.into());
    }
    note(unit, seen.id, if on.is_some() { code!("copy.sent") } else { code!("copy.not-sent") })
}

/// All that were asked for, the newest first.
///
/// # Errors
/// Where the database refuses.
pub async fn copy_requests(from: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Vec<CopyRequest>, PoliciesError> {
    let query = Entity::find().filter(Column::OrganisationId.eq(Id::from(organisation))).order_by_desc(Column::Id);
    let rows = query.all(from).await.map_err(LedgerError::database("reading which copies were asked for"))?;
    rows.into_iter().map(CopyRequest::try_from).collect()
}

fn note(unit: &mut Unit, id: RecordId, what: Code) -> Result<(), PoliciesError> {
    unit.record(&Change::new(Subject { kind: code!("copy_request"), id }, what))?;
    Ok(())
}

impl TryFrom<Model> for CopyRequest {
    type Error = PoliciesError;

    fn try_from(row: Model) -> Result<Self, PoliciesError> {
        let day = |text: &str| text.parse::<Date>().map_err(|_| PoliciesError::Stored { what: "a day of a copy" });
        Ok(Self {
            id: row.id.into(),
            policy: row.policy,
            form: Wish::stored(&row.form)?,
            note: row.note,
            asked: day(&row.asked_on)?,
            due: day(&row.due)?,
            sent: row.sent_on.as_deref().map(day).transpose()?,
            version: row.version,
        })
    }
}
