//! Reviews before their time, in the database.

use calendar::Date;
use ids::{OrganisationId, RecordId};
use ledger::{Change, Code, Id, LedgerError, Subject, Unit, code};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::early::{ActiveModel, Column, Entity, Model};
use super::version::author;
use crate::people::new_id;
use crate::policies::early::{Cause, Decision, EarlyReview};
use crate::policies::{PoliciesError, Version};

/// Longest word on what happened and on what was decided, in characters.
const LONGEST: usize = 1000;

/// What calls for a review before its time.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// What asks for it.
    pub cause: Cause,
    /// What happened or is new, without anybody's name.
    pub happened: &'a str,
    /// By when.
    pub due: Date,
    /// The day.
    pub today: Date,
}

/// Calls for a review of the version in force.
///
/// # Errors
/// Where nothing is said of what happened, the day is past or not before that of the usual review, the version is not in force, or the database
/// refuses.
pub async fn call_for_review(unit: &mut Unit, current: &Version, call: Call<'_>) -> Result<RecordId, PoliciesError> {
    let happened = call.happened.trim();
    if happened.is_empty() || happened.chars().count() > LONGEST {
        return Err(PoliciesError::NoCause);
    }
    let usual = current.publication.as_ref().map(|publication| publication.review_by).ok_or(PoliciesError::NotNow)?;
    if call.due < call.today || call.due >= usual {
        return Err(PoliciesError::NotSooner(usual));
    }
    let (act, by) = (unit.act().clone(), author(unit)?);
    let id = new_id(act.at, RecordId::new)?;
    let row = ActiveModel {
        organisation_id: Set(act.organisation.into()),
        id: Set(id.into()),
        policy: Set(current.policy.clone()),
        cause: Set(call.cause.word().to_owned()),
        happened: Set(happened.to_owned()),
        due: Set(call.due.to_string()),
        called_by: Set(by.into()),
        called_on: Set(call.today.to_string()),
        is_changed: Set(0),
        why: Set(None),
        decided_by: Set(None),
        decided_on: Set(None),
        version: Set(0),
        made_at: Set(act.at.micros()),
    };
    Entity::insert(row)
        .exec_without_returning(unit.connection())
        .await
        .map_err(LedgerError::database("calling for a review of a policy"))?;
    note(unit, id, code!("policy.review-called"))?;
    Ok(id)
}

/// It was looked at, and the policy stays as it is.
///
/// # Errors
/// [`LedgerError::Conflict`] where something has come of it meanwhile; where no reason is given, or the database refuses.
pub async fn leave_as_it_is(unit: &mut Unit, seen: &EarlyReview, why: &str, today: Date) -> Result<(), PoliciesError> {
    let why = why.trim();
    if why.is_empty() || why.chars().count() > LONGEST {
        return Err(PoliciesError::NoCause);
    }
    decide(unit, seen, false, why, today).await
}

/// A new version is in force: whatever had asked for it is answered.
pub(super) async fn answered_by(unit: &mut Unit, version: &Version, today: Date) -> Result<(), PoliciesError> {
    for open in early_reviews(unit.connection(), unit.act().organisation).await? {
        if open.policy == version.policy && open.decision.is_none() {
            decide(unit, &open, true, &version.change, today).await?;
        }
    }
    Ok(())
}

async fn decide(unit: &mut Unit, seen: &EarlyReview, is_changed: bool, why: &str, today: Date) -> Result<(), PoliciesError> {
    let by = author(unit)?;
    let changed = Entity::update_many()
        .col_expr(Column::IsChanged, Expr::value(i16::from(is_changed)))
        .col_expr(Column::Why, Expr::value(why))
        .col_expr(Column::DecidedBy, Expr::value(Id::from(by)))
        .col_expr(Column::DecidedOn, Expr::value(today.to_string()))
        .col_expr(Column::Version, Expr::value(seen.version + 1))
        .filter(Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(Column::Id.eq(Id::from(seen.id)))
        .filter(Column::Version.eq(seen.version))
        .filter(Column::DecidedOn.is_null())
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("deciding on a review of a policy"))?;
    if changed.rows_affected != 1 {
        return Err(LedgerError::Conflict.into());
    }
    note(unit, seen.id, if is_changed { code!("policy.review-changed") } else { code!("policy.review-stays") })
}

/// All of them, the newest first.
///
/// # Errors
/// Where the database refuses.
pub async fn early_reviews(from: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Vec<EarlyReview>, PoliciesError> {
    let query = Entity::find().filter(Column::OrganisationId.eq(Id::from(organisation))).order_by_desc(Column::Id);
    let rows = query.all(from).await.map_err(LedgerError::database("reading the early reviews of policies"))?;
    rows.into_iter().map(EarlyReview::try_from).collect()
}

fn note(unit: &mut Unit, id: RecordId, what: Code) -> Result<(), PoliciesError> {
    unit.record(&Change::new(Subject { kind: code!("policy_review"), id }, what))?;
    Ok(())
}

impl TryFrom<Model> for EarlyReview {
    type Error = PoliciesError;

    fn try_from(row: Model) -> Result<Self, PoliciesError> {
        let day = |text: &str| text.parse::<Date>().map_err(|_| PoliciesError::Stored { what: "the day of an early review" });
        let decision = match (row.decided_on, row.decided_by) {
            (Some(on), Some(by)) => {
                Some(Decision { is_changed: row.is_changed == 1, why: row.why.unwrap_or_default(), by: by.into(), on: day(&on)? })
            }
            _ => None,
        };
        Ok(Self {
            id: row.id.into(),
            policy: row.policy,
            cause: Cause::read(&row.cause)?,
            happened: row.happened,
            due: day(&row.due)?,
            called_by: row.called_by.into(),
            called_on: day(&row.called_on)?,
            decision,
            version: row.version,
        })
    }
}
