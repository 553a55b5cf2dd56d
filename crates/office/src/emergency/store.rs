//! Emergencies in the database, and who has seen what they were told.

use std::collections::HashMap;

use calendar::Instant;
use ids::{OrganisationId, PersonId, RecordId};
use ledger::keys::{Keys, SealedText};
use ledger::{Change, Id, LedgerError, Subject, Unit, code};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Emergency, HOW_LONG};
use crate::people::{self, PeopleError, Role, Scope};

/// Emergencies.
mod emergency {
    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "emergency")]
    pub(in crate::emergency) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(in crate::emergency) organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(in crate::emergency) id: Id,
        pub(in crate::emergency) person_id: Id,
        pub(in crate::emergency) role: String,
        pub(in crate::emergency) reason: Vec<u8>,
        pub(in crate::emergency) began_at: i64,
        pub(in crate::emergency) until_at: i64,
        pub(in crate::emergency) ended_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(in crate::emergency) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Who has seen what they were told.
mod seen {
    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "told")]
    pub(in crate::emergency) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(in crate::emergency) organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(in crate::emergency) record_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(in crate::emergency) person_id: Id,
        pub(in crate::emergency) at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(in crate::emergency) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Somebody was given a role that sees safeguarding data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// The holding, as a record that is told of.
    pub record: RecordId,
    /// Who.
    pub person: PersonId,
    /// Which role.
    pub role: Role,
    /// When it was given.
    pub at: Instant,
}

/// Says that it cannot wait, for whoever acts, in the role in which they act; nothing where they have said so already and it is open. Needs keys, as
/// the reason is sealed.
///
/// # Errors
/// Where no keys were made, or the database refuses.
pub async fn declare(unit: &mut Unit, keys: &Keys, role: Role, reason: &str) -> Result<Option<RecordId>, PeopleError> {
    let act = unit.act();
    let person = act.actor.person().ok_or(PeopleError::NotThere)?;
    let (organisation, began) = (act.organisation, act.at);
    // Whoever presses twice waits here for the first, and finds it then.
    people::hold(unit, person).await?;
    if open_for(unit.connection(), organisation, person, role, began).await?.is_some() {
        return Ok(None);
    }
    let until = began.checked_add(HOW_LONG).map_err(|_| PeopleError::NotThere)?;
    let mut random = [0; 10];
    getrandom::fill(&mut random).map_err(|_| LedgerError::Random)?;
    let id = RecordId::new(u64::try_from(began.micros() / 1000).unwrap_or(0), random);
    let reason = keys.sealer(unit, id).await?.seal("reason", reason.as_bytes())?;
    let row = emergency::ActiveModel {
        organisation_id: Set(organisation.into()),
        id: Set(id.into()),
        person_id: Set(person.into()),
        role: Set(role.as_str().to_owned()),
        reason: Set(reason.as_bytes().to_vec()),
        began_at: Set(began.micros()),
        until_at: Set(until.micros()),
        ended_at: Set(None),
    };
    emergency::Entity::insert(row)
        .exec_without_returning(unit.connection())
        .await
        .map_err(LedgerError::database("saying that it cannot wait"))?;
    unit.record(&Change::new(Subject { kind: code!("emergency"), id }, code!("emergency.begun")))?;
    Ok(Some(id))
}

/// What is open at a moment for somebody in a role.
///
/// # Errors
/// Where the database refuses.
pub async fn open_for(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    person: PersonId,
    role: Role,
    now: Instant,
) -> Result<Option<Emergency>, PeopleError> {
    let query = emergency::Entity::find()
        .filter(emergency::Column::OrganisationId.eq(Id::from(organisation)))
        .filter(emergency::Column::PersonId.eq(Id::from(person)))
        .filter(emergency::Column::Role.eq(role.as_str()))
        .filter(emergency::Column::UntilAt.gt(now.micros()))
        .filter(emergency::Column::EndedAt.is_null());
    let row = query.one(from).await.map_err(LedgerError::database("reading whether it cannot wait"))?;
    row.map(Emergency::try_from).transpose()
}

/// It is over.
///
/// # Errors
/// Where the database refuses.
pub async fn end(unit: &mut Unit, id: RecordId) -> Result<(), PeopleError> {
    let ended = emergency::Entity::update_many()
        .col_expr(emergency::Column::EndedAt, Expr::value(unit.act().at.micros()))
        .filter(emergency::Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(emergency::Column::Id.eq(Id::from(id)))
        .filter(emergency::Column::EndedAt.is_null())
        .exec(unit.connection())
        .await;
    ended.map_err(LedgerError::database("saying that it is over"))?;
    unit.record(&Change::new(Subject { kind: code!("emergency"), id }, code!("emergency.ended")))?;
    Ok(())
}

/// All of them, the newest first; so many at most.
///
/// # Errors
/// Where the database refuses.
pub async fn all(from: &impl ConnectionTrait, organisation: OrganisationId, most: u64) -> Result<Vec<Emergency>, PeopleError> {
    let query = emergency::Entity::find().filter(emergency::Column::OrganisationId.eq(Id::from(organisation)));
    let rows = query.order_by_desc(emergency::Column::Id).limit(most).all(from).await;
    rows.map_err(LedgerError::database("reading what could not wait"))?.into_iter().map(Emergency::try_from).collect()
}

/// Whoever acts says that they have seen what they were told of. Twice is once.
///
/// # Errors
/// Where the database refuses.
pub async fn told(unit: &mut Unit, subject: Subject) -> Result<(), PeopleError> {
    let act = unit.act();
    let row = seen::ActiveModel {
        organisation_id: Set(act.organisation.into()),
        record_id: Set(subject.id.into()),
        person_id: Set(act.actor.person().ok_or(PeopleError::NotThere)?.into()),
        at: Set(act.at.micros()),
    };
    let key = [seen::Column::OrganisationId, seen::Column::RecordId, seen::Column::PersonId];
    // The later time takes the place of the earlier: a statement that changes nothing is refused as one that failed.
    let again = OnConflict::columns(key).update_column(seen::Column::At).to_owned();
    let set = seen::Entity::insert(row).on_conflict(again).exec_without_returning(unit.connection()).await;
    set.map_err(LedgerError::database("saying that somebody has seen it"))?;
    unit.record(&Change::new(subject, code!("seen")))?;
    Ok(())
}

/// Who has said so of each of these records.
///
/// # Errors
/// Where the database refuses.
pub async fn told_of(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    records: &[RecordId],
) -> Result<HashMap<RecordId, Vec<PersonId>>, PeopleError> {
    let query = seen::Entity::find()
        .filter(seen::Column::OrganisationId.eq(Id::from(organisation)))
        .filter(seen::Column::RecordId.is_in(records.iter().map(|record| Id::from(*record))));
    let rows = query.all(from).await.map_err(LedgerError::database("reading who has seen it"))?;
    let mut all: HashMap<RecordId, Vec<PersonId>> = HashMap::new();
    for row in rows {
        all.entry(row.record_id.into()).or_default().push(row.person_id.into());
    }
    Ok(all)
}

/// Roles that see safeguarding data and were given to others since somebody holds one, of which they have not said yet that they have seen it.
///
/// # Errors
/// Where the database refuses.
pub async fn announced(from: &impl ConnectionTrait, scope: Scope, to: PersonId) -> Result<Vec<Announced>, PeopleError> {
    let given = people::given_safeguarding(from, scope).await?;
    // What was so before they came to hold such a role is no news to them.
    let Some(since) = given.iter().filter(|given| given.1 == to).map(|given| given.3).min() else { return Ok(Vec::new()) };
    let new: Vec<Announced> = given
        .into_iter()
        .filter(|(_, person, _, at)| *person != to && *at > since)
        .map(|(holding, person, role, at)| Announced { record: RecordId::from_bytes(holding.to_bytes()), person, role, at })
        .collect();
    let records: Vec<RecordId> = new.iter().map(|announced| announced.record).collect();
    let told = told_of(from, scope.organisation, &records).await?;
    Ok(new.into_iter().filter(|announced| told.get(&announced.record).is_none_or(|people| !people.contains(&to))).collect())
}

impl TryFrom<emergency::Model> for Emergency {
    type Error = PeopleError;

    fn try_from(row: emergency::Model) -> Result<Self, PeopleError> {
        let wrong = || PeopleError::Stored { what: "an emergency" };
        let moment = |micros| Instant::from_micros(micros).map_err(|_| wrong());
        Ok(Self {
            id: row.id.into(),
            person: row.person_id.into(),
            role: row.role.parse().map_err(|_| wrong())?,
            reason: SealedText::parse(&row.reason)?,
            began: moment(row.began_at)?,
            until: moment(row.until_at)?,
            ended: row.ended_at.map(moment).transpose()?,
        })
    }
}
