//! When texts were opened. Only ever added.

use std::collections::{BTreeMap, HashMap};

use calendar::{Date, Instant};
use ids::{OrganisationId, PersonId, RecordId};
use jiff::tz::TimeZone;
use ledger::{Act, Actor, Id, Ledger, LedgerError, code};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use super::entity::opened::{ActiveModel, Column, Entity};
use super::suspension::note;
use crate::agreements::AgreementsError;
use crate::agreements::opened::Opened;
use crate::policies::Published;

/// Whoever acts has opened a version. Kept the first time; from then on nothing is written.
///
/// # Errors
/// Where no person acts, or the database refuses.
pub async fn open_text(ledger: &Ledger, act: Act, version: RecordId) -> Result<(), AgreementsError> {
    let Actor::Person(person) = act.actor else { return Err(AgreementsError::NotThere) };
    if has_opened(ledger.reader(), act.organisation, version, person).await? {
        return Ok(());
    }
    let row = ActiveModel {
        organisation_id: Set(act.organisation.into()),
        version_id: Set(version.into()),
        person_id: Set(person.into()),
        opened_at: Set(act.at.micros()),
    };
    let mut unit = ledger.begin(act).await?;
    let once = OnConflict::new().do_nothing().to_owned();
    match Entity::insert(row).on_conflict(once).exec_without_returning(unit.connection()).await {
        // Opened twice at once.
        Ok(0) | Err(DbErr::RecordNotInserted) => return Ok(()),
        kept => kept.map_err(LedgerError::database("keeping when a text was opened"))?,
    };
    note(&mut unit, person, code!("agreement.opened"))?;
    Ok(unit.commit().await?)
}

/// Whether somebody has opened a version.
///
/// # Errors
/// Where the database refuses.
pub async fn has_opened(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    version: RecordId,
    person: PersonId,
) -> Result<bool, AgreementsError> {
    let found = Entity::find_by_id((Id::from(organisation), Id::from(version), Id::from(person))).one(from).await;
    Ok(found.map_err(LedgerError::database("asking whether a text was opened"))?.is_some())
}

/// What was opened for each of these people by those beside them: of each policy the last version that one of them has opened, and when the
/// first of them did. `published`: all versions; `zone`: the school's.
///
/// # Errors
/// Where the database refuses.
pub async fn opened(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    published: &[Published],
    readers: &HashMap<PersonId, Vec<PersonId>>,
    zone: &TimeZone,
) -> Result<HashMap<PersonId, Vec<Opened>>, AgreementsError> {
    let mut ids: Vec<PersonId> = readers.values().flatten().copied().collect();
    ids.sort();
    ids.dedup();
    let mut by: HashMap<PersonId, Vec<(&Published, Instant)>> = HashMap::new();
    for some in ids.chunks(10_000) {
        let of = Entity::find().filter(Column::OrganisationId.eq(Id::from(organisation)));
        let rows = of.filter(Column::PersonId.is_in(some.iter().map(|person| Id::from(*person)))).all(from).await;
        for row in rows.map_err(LedgerError::database("reading when texts were opened"))? {
            let Some(version) = published.iter().find(|version| version.id == row.version_id.into()) else { continue };
            let at = Instant::from_micros(row.opened_at).map_err(|_| AgreementsError::Stored { what: "when a text was opened" })?;
            by.entry(row.person_id.into()).or_default().push((version, at));
        }
    }
    let of = |(person, readers): (&PersonId, &Vec<PersonId>)| {
        let mut last: BTreeMap<&str, (i64, Instant)> = BTreeMap::new();
        for (version, at) in readers.iter().filter_map(|reader| by.get(reader)).flatten() {
            let known = last.entry(&version.policy).or_insert((version.number, *at));
            if version.number > known.0 || (version.number == known.0 && *at < known.1) {
                *known = (version.number, *at);
            }
        }
        let opened = last.into_iter().filter_map(|(policy, (number, at))| {
            let on = Date::try_from(at.timestamp().to_zoned(zone.clone()).date()).ok()?;
            Some(Opened { policy: policy.to_owned(), number, on })
        });
        (*person, opened.collect())
    };
    Ok(readers.iter().map(of).collect())
}
