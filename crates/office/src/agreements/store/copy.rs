//! Copies that new starters were given.

use std::collections::HashMap;

use calendar::Date;
use ids::{OrganisationId, PersonId, RecordId};
use ledger::{Actor, Code, Id, LedgerError, Unit, code};
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::access::Access;
use super::day;
use super::entity::copy::{ActiveModel, Column, Entity, Model};
use super::suspension::note;
use crate::agreements::AgreementsError;
use crate::agreements::need::{Audience, rules_of};
use crate::agreements::starter::{Copy, Starter, is_new};
use crate::control::Started;
use crate::people::{Scope, new_id};
use crate::policies::{self, ONLINE_SAFETY, Published};

/// Those of these people who have begun lately, the latest first.
///
/// # Errors
/// Where the database refuses.
pub async fn starters(from: &impl ConnectionTrait, scope: Scope, all: &[Access], today: Date) -> Result<Vec<Starter>, AgreementsError> {
    let mut new: Vec<&Access> = all.iter().filter(|access| is_new(access.person.started, today)).collect();
    new.sort_by_key(|access| {
        (std::cmp::Reverse(access.person.started), access.person.details.family.to_string(), access.person.details.name())
    });
    let published = policies::published(from, scope.organisation).await?;
    let ids: Vec<PersonId> = new.iter().map(|access| access.person.id).collect();
    let mut copies = copies_of(from, scope.organisation, &ids).await?;
    let starter = |access: &Access| Starter {
        texts: texts(access, &published),
        given: copies.remove(&access.person.id).unwrap_or_default(),
        access: access.clone(),
    };
    Ok(new.into_iter().map(starter).collect())
}

/// How many of each audience are new among these, and how many of them wait for something or should have it by now.
///
/// # Errors
/// Where the database refuses.
pub async fn started(from: &impl ConnectionTrait, scope: Scope, all: &[Access], today: Date) -> Result<Vec<Started>, AgreementsError> {
    let all = starters(from, scope, all, today).await?;
    let of = |audience: Audience| {
        let of = || all.iter().filter(move |starter| starter.access.audience == audience);
        let late = of().filter(|starter| starter.is_late(today)).count();
        Started { audience, all: of().count(), late, waiting: of().filter(|starter| !starter.missing().is_empty()).count() - late }
    };
    Ok(Audience::ALL.into_iter().map(of).collect())
}

/// The newest version in force of the policy, and of each text that is theirs.
fn texts(access: &Access, published: &[Published]) -> Vec<(&'static str, i64)> {
    // The rules of the youngest go home too, who do not sign them.
    let rules = (access.audience == Audience::Pupils).then(|| rules_of(&access.person.details));
    let words = [ONLINE_SAFETY].into_iter().chain(access.needs.iter().map(|(need, _)| need.policy)).chain(rules);
    let newest = |word: &'static str| published.iter().rfind(|version| version.policy == word).map(|version| (word, version.number));
    let mut texts: Vec<(&'static str, i64)> = Vec::new();
    for text in words.filter_map(newest) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

/// These people were given what was missing, on this day.
///
/// # Errors
/// [`AgreementsError::Day`] where the day lies ahead or more than a year before they began; where nothing was missing, or the database refuses.
pub async fn give_copies(unit: &mut Unit, to: &[&Starter], on: Date, today: Date) -> Result<(), AgreementsError> {
    let act = unit.act().clone();
    let Actor::Person(by) = act.actor else { return Err(AgreementsError::NotThere) };
    let mut rows = Vec::new();
    for starter in to {
        let person = &starter.access.person;
        let days = on.civil().until(person.started.civil()).map_or(i32::MAX, |span| span.get_days());
        if on > today || days > 366 {
            return Err(AgreementsError::Given);
        }
        let missing = starter.missing();
        for (policy, number) in &missing {
            rows.push(ActiveModel {
                organisation_id: Set(act.organisation.into()),
                id: Set(new_id(act.at, RecordId::new)?.into()),
                policy: Set((*policy).to_owned()),
                number: Set(*number),
                person_id: Set(person.id.into()),
                given_on: Set(on.to_string()),
                given_by: Set(by.into()),
                made_at: Set(act.at.micros()),
            });
        }
        if !missing.is_empty() {
            note(unit, person.id, code!("copies.given"))?;
        }
    }
    if rows.is_empty() {
        return Err(AgreementsError::HaveAll);
    }
    let kept = Entity::insert_many(rows).exec_without_returning(unit.connection()).await;
    Ok(kept.map(|_| ()).map_err(LedgerError::database("keeping who was given a copy"))?)
}

/// They were not given after all what was entered so.
///
/// # Errors
/// Where nothing was entered, or the database refuses.
pub async fn take_back_copies(unit: &mut Unit, person: PersonId) -> Result<(), AgreementsError> {
    const WHAT: Code = code!("copies.taken-back");
    let of = Column::OrganisationId.eq(Id::from(unit.act().organisation)).and(Column::PersonId.eq(Id::from(person)));
    let gone = Entity::delete_many().filter(of).exec(unit.connection()).await;
    if gone.map_err(LedgerError::database("taking back that somebody was given a copy"))?.rows_affected == 0 {
        return Err(LedgerError::Conflict.into());
    }
    note(unit, person, WHAT)
}

async fn copies_of(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    ids: &[PersonId],
) -> Result<HashMap<PersonId, Vec<Copy>>, AgreementsError> {
    let mut all: HashMap<PersonId, Vec<Copy>> = HashMap::new();
    for some in ids.chunks(10_000) {
        let of = Column::OrganisationId.eq(Id::from(organisation)).and(Column::PersonId.is_in(some.iter().map(|person| Id::from(*person))));
        let rows: Vec<Model> = Entity::find().filter(of).all(from).await.map_err(LedgerError::database("reading who was given a copy"))?;
        for row in rows {
            let copy = Copy::try_from(row)?;
            all.entry(copy.person).or_default().push(copy);
        }
    }
    Ok(all)
}

impl TryFrom<Model> for Copy {
    type Error = AgreementsError;

    fn try_from(row: Model) -> Result<Self, AgreementsError> {
        Ok(Self { policy: row.policy, number: row.number, person: row.person_id.into(), on: day(&row.given_on)? })
    }
}
