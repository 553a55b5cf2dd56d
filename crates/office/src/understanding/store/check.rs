//! What a teacher has gone through with pupils, and who has understood it.

use std::collections::HashMap;

use calendar::Date;
use ids::{OrganisationId, PersonId, RecordId};
use ledger::{Actor, Change, Code, Id, LedgerError, Subject, Unit, code};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::day;
use super::entity::check::{ActiveModel, Column, Entity, Model};
use crate::agreements::{Access, AgreementsError, Audience, rules_of};
use crate::control::Counted;
use crate::people::{Scope, new_id};
use crate::policies::{self, Published};
use crate::understanding::UnderstandingError;

/// A pupil, the rules that are theirs, and whether they have understood them.
#[derive(Debug, Clone)]
pub struct Understood {
    /// Who.
    pub person: PersonId,
    /// The rules, by the word of the policy.
    pub policy: &'static str,
    /// The newest version in force that everybody signs anew: its number, and since when. Nothing where none is in force.
    pub rules: Option<(i64, Date)>,
    /// When it was found that they have understood that version or a later one.
    pub on: Option<Date>,
}

/// How it stands with these people, as far as they are pupils.
///
/// # Errors
/// Where the database refuses.
pub async fn understood(from: &impl ConnectionTrait, scope: Scope, all: &[Access]) -> Result<Vec<Understood>, UnderstandingError> {
    let published = policies::published(from, scope.organisation).await.map_err(AgreementsError::from)?;
    let pupils: Vec<&Access> = all.iter().filter(|access| access.audience == Audience::Pupils).collect();
    let ids: Vec<PersonId> = pupils.iter().map(|access| access.person.id).collect();
    let checks = checks_of(from, scope.organisation, &ids).await?;
    let one = |access: &&Access| {
        let policy = rules_of(&access.person.details);
        let rules = asked(&published, policy);
        let of = checks.get(&access.person.id).into_iter().flatten();
        let good = of.filter(|check| check.policy == policy && rules.is_some_and(|(asked, _)| check.number >= asked));
        Understood { person: access.person.id, policy, rules, on: good.map(|check| check.on).max() }
    };
    Ok(pupils.iter().map(one).collect())
}

/// The newest version that everybody signs anew.
fn asked(published: &[Published], policy: &str) -> Option<(i64, Date)> {
    published.iter().rfind(|version| version.policy == policy && version.must_sign).map(|version| (version.number, version.from))
}

/// How many pupils are among these, and how many of them have not understood the rules that are in force.
///
/// # Errors
/// Where the database refuses.
pub async fn counted_understood(from: &impl ConnectionTrait, scope: Scope, all: &[Access]) -> Result<Counted, UnderstandingError> {
    let found = understood(from, scope, all).await?;
    let asked: Vec<_> = found.iter().filter(|it| it.rules.is_some()).collect();
    Ok(Counted { all: asked.len(), without: asked.iter().filter(|it| it.on.is_none()).count() })
}

/// On this day it was found that these pupils have understood the rules that are theirs. Those of whom it is known are left as they are.
///
/// # Errors
/// Where there are no rules, nobody is new among them, the day does not fit, or the database refuses.
pub async fn check(unit: &mut Unit, pupils: &[&Understood], on: Date, today: Date) -> Result<(), UnderstandingError> {
    let act = unit.act().clone();
    let Actor::Person(by) = act.actor else { return Err(UnderstandingError::NotThere) };
    let mut rows = Vec::new();
    for pupil in pupils.iter().filter(|pupil| pupil.on.is_none()) {
        let (number, from) = pupil.rules.ok_or(UnderstandingError::NoRules)?;
        if on > today || on < from {
            return Err(UnderstandingError::Day);
        }
        rows.push(ActiveModel {
            organisation_id: Set(act.organisation.into()),
            id: Set(new_id(act.at, RecordId::new)?.into()),
            person_id: Set(pupil.person.into()),
            policy: Set(pupil.policy.to_owned()),
            number: Set(number),
            checked_on: Set(on.to_string()),
            checked_by: Set(by.into()),
            made_at: Set(act.at.micros()),
        });
        note(unit, pupil.person, code!("rules.understood"))?;
    }
    if rows.is_empty() {
        return Err(UnderstandingError::Nobody);
    }
    let kept = Entity::insert_many(rows).exec_without_returning(unit.connection()).await;
    kept.map_err(LedgerError::database("keeping who has understood the rules"))?;
    Ok(())
}

/// What was entered of this pupil and their rules was a mistake.
///
/// # Errors
/// [`LedgerError::Conflict`] where nothing was entered; where the database refuses.
pub async fn take_back_check(unit: &mut Unit, pupil: &Understood) -> Result<(), UnderstandingError> {
    let gone = Entity::delete_many()
        .filter(Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(Column::PersonId.eq(Id::from(pupil.person)))
        .filter(Column::Policy.eq(pupil.policy))
        .filter(Column::Number.gte(pupil.rules.map_or(0, |(number, _)| number)))
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("taking back that somebody has understood the rules"))?;
    if gone.rows_affected == 0 {
        return Err(LedgerError::Conflict.into());
    }
    note(unit, pupil.person, code!("rules.not-understood"))
}

/// What was found of a pupil on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The rules, by the word of the policy.
    pub policy: String,
    /// The number of their version.
    pub number: i64,
    /// The day.
    pub on: Date,
}

type Checks = HashMap<PersonId, Vec<Check>>;

async fn checks_of(from: &impl ConnectionTrait, organisation: OrganisationId, ids: &[PersonId]) -> Result<Checks, UnderstandingError> {
    let mut all = Checks::new();
    for some in ids.chunks(10_000) {
        let of = Column::OrganisationId.eq(Id::from(organisation)).and(Column::PersonId.is_in(some.iter().map(|person| Id::from(*person))));
        let rows = Entity::find().filter(of).all(from).await.map_err(LedgerError::database("reading who has understood the rules"))?;
        for row in rows {
            all.entry(row.person_id.into()).or_default().push(Check::try_from(row)?);
        }
    }
    Ok(all)
}

fn note(unit: &mut Unit, of: PersonId, what: Code) -> Result<(), UnderstandingError> {
    let subject = Subject { kind: code!("person"), id: RecordId::from_bytes(of.to_bytes()) };
    unit.record(&Change::new(subject, what))?;
    Ok(())
}

impl TryFrom<Model> for Check {
    type Error = UnderstandingError;

    fn try_from(row: Model) -> Result<Self, UnderstandingError> {
        Ok(Self { on: day(&row.checked_on)?, policy: row.policy, number: row.number })
    }
}
