//! Questions about a text, and their answers.

use calendar::Date;
use ids::{OrganisationId, RecordId};
use ledger::{Actor, Change, Code, Id, LedgerError, Subject, Unit, code};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::day;
use super::entity::question::{ActiveModel, Column, Entity, Model};
use crate::people::new_id;
use crate::understanding::{Question, UnderstandingError};

/// Longest question and answer, in characters.
const LONGEST: usize = 1000;

/// Keeps a question about a policy, which is answered by `due`.
///
/// # Errors
/// [`UnderstandingError::NoText`] where nothing is asked, or too much; where the database refuses.
pub async fn ask(unit: &mut Unit, policy: &str, text: &str, due: Date, today: Date) -> Result<RecordId, UnderstandingError> {
    let act = unit.act().clone();
    let Actor::Person(by) = act.actor else { return Err(UnderstandingError::NotThere) };
    let id = new_id(act.at, RecordId::new)?;
    let row = ActiveModel {
        organisation_id: Set(act.organisation.into()),
        id: Set(id.into()),
        policy: Set(policy.to_owned()),
        asked_by: Set(by.into()),
        asked: Set(bounded(text)?.to_owned()),
        asked_on: Set(today.to_string()),
        due: Set(due.to_string()),
        answer: Set(None),
        answered_by: Set(None),
        answered_on: Set(None),
        version: Set(0),
        made_at: Set(act.at.micros()),
    };
    Entity::insert(row).exec_without_returning(unit.connection()).await.map_err(LedgerError::database("keeping a question"))?;
    note(unit, id, code!("question.asked"))?;
    Ok(id)
}

/// Keeps the answer to a question.
///
/// # Errors
/// [`UnderstandingError::Answered`] where it has one; where nothing is said, or too much, or the database refuses.
pub async fn answer(unit: &mut Unit, seen: &Question, text: &str, today: Date) -> Result<(), UnderstandingError> {
    let Actor::Person(by) = unit.act().actor else { return Err(UnderstandingError::NotThere) };
    let changed = Entity::update_many()
        .col_expr(Column::Answer, Expr::value(Some(bounded(text)?.to_owned())))
        .col_expr(Column::AnsweredBy, Expr::value(Some(Id::from(by))))
        .col_expr(Column::AnsweredOn, Expr::value(Some(today.to_string())))
        .col_expr(Column::Version, Expr::value(seen.version + 1))
        .filter(Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(Column::Id.eq(Id::from(seen.id)))
        .filter(Column::Version.eq(seen.version))
        .filter(Column::Answer.is_null())
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("keeping the answer to a question"))?;
    if changed.rows_affected != 1 {
        return Err(UnderstandingError::Answered);
    }
    note(unit, seen.id, code!("question.answered"))
}

/// Those that wait for an answer, the newest first: for the first page, which many open.
///
/// # Errors
/// Where the database refuses.
pub async fn unanswered(from: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Vec<Question>, UnderstandingError> {
    let query = Entity::find().filter(Column::OrganisationId.eq(Id::from(organisation))).filter(Column::Answer.is_null());
    let rows = query.order_by_desc(Column::Id).all(from).await.map_err(LedgerError::database("reading open questions"))?;
    rows.into_iter().map(Question::try_from).collect()
}

/// All questions, the newest first.
///
/// # Errors
/// Where the database refuses.
pub async fn questions(from: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Vec<Question>, UnderstandingError> {
    let query = Entity::find().filter(Column::OrganisationId.eq(Id::from(organisation))).order_by_desc(Column::Id);
    let rows = query.all(from).await.map_err(LedgerError::database("reading questions"))?;
    rows.into_iter().map(Question::try_from).collect()
}

fn bounded(text: &str) -> Result<&str, UnderstandingError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST { Err(UnderstandingError::NoText) } else { Ok(text) }
}

fn note(unit: &mut Unit, id: RecordId, what: Code) -> Result<(), UnderstandingError> {
    unit.record(&Change::new(Subject { kind: code!("policy_question"), id }, what))?;
    Ok(())
}

impl TryFrom<Model> for Question {
    type Error = UnderstandingError;

    fn try_from(row: Model) -> Result<Self, UnderstandingError> {
        let answer = match (row.answer, row.answered_by, row.answered_on) {
            (Some(text), Some(by), Some(on)) => Some((text, by.into(), day(&on)?)),
            _ => None,
        };
        Ok(Self {
            id: row.id.into(),
            policy: row.policy,
            asked_by: row.asked_by.into(),
            text: row.asked,
            asked: day(&row.asked_on)?,
            due: day(&row.due)?,
            answer,
            version: row.version,
        })
    }
}
