//! How far an import or a roll-over came: moved in the unit that does each batch, so that what it says is so whenever the process ends.

use calendar::Instant;
use ids::{PersonId, RecordId};
use ledger::{Change, Id, LedgerError, Unit, code};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::run::{ActiveModel, Column, Entity, Model};
use super::history;
use super::row::new_id;
use crate::people::PeopleError;
use crate::people::import::{Run, RunKind, RunState};
use crate::people::person::Scope;

/// Begins a run over so many lines.
///
/// # Errors
/// Where the database refuses, or the act is nobody's.
pub async fn begin_run(unit: &mut Unit, kind: RunKind, steps: usize) -> Result<RecordId, PeopleError> {
    let act = unit.act();
    let id = new_id(act.at, RecordId::new)?;
    let row = ActiveModel {
        organisation_id: Set(act.organisation.into()),
        id: Set(id.into()),
        person_id: Set(act.actor.person().ok_or(PeopleError::NotThere)?.into()),
        kind: Set(kind.as_str().to_owned()),
        state: Set(RunState::Begun.number()),
        steps: Set(stored(steps)),
        done: Set(0),
        added: Set(0),
        changed: Set(0),
        left_alone: Set(0),
        refused: Set(0),
        began_at: Set(act.at.micros()),
        changed_at: Set(act.at.micros()),
    };
    Entity::insert(row).exec_without_returning(unit.connection()).await.map_err(LedgerError::database("beginning an import"))?;
    unit.record(&Change::new(history::subject(code!("people.run"), id.to_bytes()), code!("begun")))?;
    Ok(id)
}

/// So many of its lines are done, in this unit.
pub(in crate::people) async fn run_went(unit: &Unit, run: RecordId, done: usize) -> Result<(), PeopleError> {
    let moved = Entity::update_many()
        .col_expr(Column::Done, Expr::value(stored(done)))
        .filter(Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(Column::Id.eq(Id::from(run)))
        .exec(unit.connection())
        .await;
    moved.map_err(LedgerError::database("saying how far an import came"))?;
    Ok(())
}

/// It has come to its end: `counts` are how many were added, changed, left and refused.
///
/// # Errors
/// Where the database refuses.
pub async fn end_run(unit: &mut Unit, run: RecordId, state: RunState, counts: [usize; 4], now: Instant) -> Result<(), PeopleError> {
    let [added, changed, left, refused] = counts.map(stored);
    let mut update = Entity::update_many()
        .col_expr(Column::State, Expr::value(state.number()))
        .col_expr(Column::Added, Expr::value(added))
        .col_expr(Column::Changed, Expr::value(changed))
        .col_expr(Column::LeftAlone, Expr::value(left))
        .col_expr(Column::Refused, Expr::value(refused))
        .col_expr(Column::ChangedAt, Expr::value(now.micros()));
    if state == RunState::Done {
        update = update.col_expr(Column::Done, Expr::col(Column::Steps));
    }
    let ended = update
        .filter(Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(Column::Id.eq(Id::from(run)))
        .exec(unit.connection())
        .await;
    ended.map_err(LedgerError::database("ending an import"))?;
    unit.record(&Change::new(history::subject(code!("people.run"), run.to_bytes()), code!("ended")))?;
    Ok(())
}

/// The runs, the newest first; so many at most.
///
/// # Errors
/// Where the database refuses.
pub async fn runs(from: &impl ConnectionTrait, scope: Scope, most: u64) -> Result<Vec<Run>, PeopleError> {
    let query = Entity::find().filter(Column::OrganisationId.eq(Id::from(scope.organisation)));
    let rows = query.order_by_desc(Column::Id).limit(most).all(from).await;
    rows.map_err(LedgerError::database("reading the imports"))?.into_iter().map(Run::try_from).collect()
}

/// One of them.
///
/// # Errors
/// Where the database refuses.
pub async fn run(from: &impl ConnectionTrait, scope: Scope, id: RecordId) -> Result<Option<Run>, PeopleError> {
    let row = Entity::find_by_id((Id::from(scope.organisation), Id::from(id))).one(from).await;
    row.map_err(LedgerError::database("reading an import"))?.map(Run::try_from).transpose()
}

fn stored(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl TryFrom<Model> for Run {
    type Error = PeopleError;

    fn try_from(row: Model) -> Result<Self, PeopleError> {
        let wrong = || PeopleError::Stored { what: "an import" };
        let count = |number: i64| usize::try_from(number).map_err(|_| wrong());
        let person: PersonId = row.person_id.into();
        Ok(Self {
            id: row.id.into(),
            by: person,
            kind: RunKind::of(&row.kind).ok_or_else(wrong)?,
            state: RunState::of(row.state).ok_or_else(wrong)?,
            steps: count(row.steps)?,
            done: count(row.done)?,
            counts: [count(row.added)?, count(row.changed)?, count(row.left_alone)?, count(row.refused)?],
            began: Instant::from_micros(row.began_at).map_err(|_| wrong())?,
        })
    }
}
