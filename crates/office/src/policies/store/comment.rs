//! What others said of a draft, and what became of it.

use calendar::Instant;
use ids::{OrganisationId, RecordId};
use ledger::{Actor, Change, Id, LedgerError, Subject, Unit, code};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::entity::comment::{ActiveModel, Column, Entity, Model};
use crate::people::new_id;
use crate::policies::{PoliciesError, Version};

/// Longest comment and answer, in characters.
const LONGEST: usize = 4000;

/// What a group or somebody said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Which.
    pub id: RecordId,
    /// Who was asked: a group of people, or a role.
    pub who: String,
    /// What they said.
    pub said: String,
    /// What became of it.
    pub answer: Option<String>,
    /// When it was entered.
    pub at: Instant,
}

/// Keeps what somebody said of a version that is under way.
///
/// # Errors
/// Where nothing is said, the version is not under way, or the database refuses.
pub async fn comment(unit: &mut Unit, of: &Version, who: &str, said: &str) -> Result<(), PoliciesError> {
    let (who, said) = (who.trim(), said.trim());
    if who.is_empty() || said.is_empty() || who.chars().count() > 100 || said.chars().count() > LONGEST {
        return Err(PoliciesError::NoComment);
    }
    if !of.state.is_open() {
        return Err(PoliciesError::NotNow);
    }
    let act = unit.act().clone();
    let Actor::Person(by) = act.actor else { return Err(PoliciesError::NotThere) };
    let row = ActiveModel {
        organisation_id: Set(act.organisation.into()),
        id: Set(new_id(act.at, RecordId::new)?.into()),
        version_id: Set(of.id.into()),
        who: Set(who.to_owned()),
        said: Set(said.to_owned()),
        answer: Set(None),
        entered_by: Set(by.into()),
        made_at: Set(act.at.micros()),
    };
    Entity::insert(row).exec_without_returning(unit.connection()).await.map_err(LedgerError::database("keeping a comment"))?;
    unit.record(&Change::new(Subject { kind: code!("policy"), id: of.id }, code!("policy.commented")))?;
    Ok(())
}

/// Says what became of a comment. An answer is given once.
///
/// # Errors
/// [`LedgerError::Conflict`] where it has one; where nothing is said, or the database refuses.
pub async fn answer(unit: &mut Unit, of: &Version, id: RecordId, text: &str) -> Result<(), PoliciesError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(PoliciesError::NoComment);
    }
    let changed = Entity::update_many()
        .col_expr(Column::Answer, Expr::value(text))
        .filter(Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(Column::Id.eq(Id::from(id)))
        .filter(Column::VersionId.eq(Id::from(of.id)))
        .filter(Column::Answer.is_null())
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("answering a comment"))?;
    if changed.rows_affected != 1 {
        return Err(LedgerError::Conflict.into());
    }
    unit.record(&Change::new(Subject { kind: code!("policy"), id: of.id }, code!("policy.answered")))?;
    Ok(())
}

/// What was said of a version, in order.
///
/// # Errors
/// Where the database refuses.
pub async fn comments(from: &impl ConnectionTrait, organisation: OrganisationId, of: RecordId) -> Result<Vec<Comment>, PoliciesError> {
    let query = Entity::find().filter(Column::OrganisationId.eq(Id::from(organisation))).filter(Column::VersionId.eq(Id::from(of)));
    let rows = query.order_by_asc(Column::Id).all(from).await.map_err(LedgerError::database("reading the comments on a policy"))?;
    rows.into_iter().map(Comment::try_from).collect()
}

impl TryFrom<Model> for Comment {
    type Error = PoliciesError;

    fn try_from(row: Model) -> Result<Self, PoliciesError> {
        let at = Instant::from_micros(row.made_at).map_err(|_| PoliciesError::Stored { what: "when something was said" })?;
        Ok(Self { id: row.id.into(), who: row.who, said: row.said, answer: row.answer, at })
    }
}
