//! Versions of policies, read.

use calendar::Date;
use ids::{OrganisationId, PersonId, RecordId};
use ledger::{Id, LedgerError};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::entity::version::{Column, Entity, Model};
use crate::policies::PoliciesError;
use crate::policies::version::{Approval, Publication, State, Version};

/// The version that holds.
///
/// # Errors
/// Where the database refuses.
pub async fn current(from: &impl ConnectionTrait, organisation: OrganisationId, policy: &str) -> Result<Option<Version>, PoliciesError> {
    Ok(versions(from, organisation, policy).await?.into_iter().find(|version| version.state == State::Current))
}

/// All versions of a policy, the newest first.
///
/// # Errors
/// Where the database refuses.
pub async fn versions(from: &impl ConnectionTrait, organisation: OrganisationId, policy: &str) -> Result<Vec<Version>, PoliciesError> {
    let query = Entity::find().filter(Column::OrganisationId.eq(Id::from(organisation))).filter(Column::Policy.eq(policy));
    let rows = query.order_by_desc(Column::Number).all(from).await.map_err(LedgerError::database("reading the versions of a policy"))?;
    rows.into_iter().map(Version::try_from).collect()
}

/// All versions that hold or are under way, of all policies.
///
/// # Errors
/// Where the database refuses.
pub async fn latest(from: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Vec<Version>, PoliciesError> {
    let live = [State::Draft, State::Consulting, State::Approved, State::Current].map(State::number);
    let query = Entity::find().filter(Column::OrganisationId.eq(Id::from(organisation))).filter(Column::State.is_in(live));
    let rows = query.order_by_asc(Column::Number).all(from).await.map_err(LedgerError::database("reading the policies"))?;
    rows.into_iter().map(Version::try_from).collect()
}

/// A version that is or was in force, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Which.
    pub id: RecordId,
    /// Of which policy, by its word.
    pub policy: String,
    /// Its number.
    pub number: i64,
    /// Whether everybody signed anew.
    pub must_sign: bool,
    /// Since when.
    pub from: Date,
}

/// All versions that are or were in force, by their numbers.
///
/// # Errors
/// Where the database refuses.
pub async fn published(from: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Vec<Published>, PoliciesError> {
    let states = [State::Current, State::Superseded].map(State::number);
    let query = Entity::find().filter(Column::OrganisationId.eq(Id::from(organisation))).filter(Column::State.is_in(states));
    let query = query.select_only().columns([Column::Id, Column::Policy, Column::Number, Column::MustSign, Column::InForceFrom]);
    let rows: Vec<(Id, String, i64, i16, Option<String>)> = query
        .order_by_asc(Column::Number)
        .into_tuple()
        .all(from)
        .await
        .map_err(LedgerError::database("reading which policies are in force"))?;
    let stored = || PoliciesError::Stored { what: "since when a policy holds" };
    let one = |(id, policy, number, must_sign, from): (Id, String, i64, i16, Option<String>)| {
        let from = from.and_then(|day| day.parse().ok()).ok_or_else(stored)?;
        Ok(Published { id: id.into(), policy, number, must_sign: must_sign != 0, from })
    };
    rows.into_iter().map(one).collect()
}

/// One version.
///
/// # Errors
/// Where the database refuses.
pub async fn version(from: &impl ConnectionTrait, organisation: OrganisationId, id: RecordId) -> Result<Option<Version>, PoliciesError> {
    let row = Entity::find_by_id((Id::from(organisation), Id::from(id))).one(from).await;
    row.map_err(LedgerError::database("reading a version of a policy"))?.map(Version::try_from).transpose()
}

impl TryFrom<Model> for Version {
    type Error = PoliciesError;

    fn try_from(row: Model) -> Result<Self, PoliciesError> {
        let stored = |what| move || PoliciesError::Stored { what };
        let day = |text: &str| text.parse::<Date>().map_err(|_| PoliciesError::Stored { what: "a day of a policy" });
        let at = |micros: i64| calendar::Instant::from_micros(micros).map_err(|_| PoliciesError::Stored { what: "a moment of a policy" });
        let approval = match (row.approved_on, row.minute, row.approved_by) {
            (Some(on), Some(minute), Some(by)) => Some(Approval { on: day(&on)?, minute, by: by.into() }),
            _ => None,
        };
        let publication = match (row.filled, row.hash, row.published_at) {
            (Some(text), Some(hash), Some(published)) => Some(Publication {
                text,
                hash: hash.try_into().map_err(|_| PoliciesError::Stored { what: "the hash of a policy" })?,
                at: at(published)?,
                from: day(&row.in_force_from.ok_or_else(stored("since when a policy holds"))?)?,
                review_by: day(&row.review_by.ok_or_else(stored("the next review of a policy"))?)?,
            }),
            _ => None,
        };
        Ok(Self {
            id: row.id.into(),
            policy: row.policy,
            number: row.number,
            state: State::of(row.state)?,
            source: row.source,
            must_sign: row.must_sign != 0,
            change: row.change,
            writers: row.writers.chunks_exact(16).filter_map(|id| Some(PersonId::from_bytes(id.try_into().ok()?))).collect(),
            written_on: day(&row.written_on)?,
            approval,
            publication,
            made_at: at(row.made_at)?,
            version: row.version,
        })
    }
}
