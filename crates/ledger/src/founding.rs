//! The organisation of an installation: found, or made at the first start.

use calendar::Instant;
use ids::{OrganisationId, RecordId};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, QueryOrder};

use crate::store::organisation;
use crate::{Act, Actor, Change, Ledger, LedgerError, Origin, Subject, code};

/// The organisation of these records: the first that was made. None before the first start.
///
/// # Errors
/// Where the database refuses.
pub async fn organisation_of(database: &impl ConnectionTrait) -> Result<Option<OrganisationId>, LedgerError> {
    let first = organisation::Entity::find().order_by_asc(organisation::Column::MadeAt).order_by_asc(organisation::Column::Id);
    let first = first.one(database).await.map_err(LedgerError::database("reading whose records these are"))?;
    Ok(first.map(|row| row.id.into()))
}

impl Ledger {
    /// The organisation of these records; it is made, and called `name`, if there is none.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn organisation(&self, name: &str, now: Instant) -> Result<OrganisationId, LedgerError> {
        if let Some(organisation) = organisation_of(self.reader()).await? {
            return Ok(organisation);
        }
        let mut random = [0; 10];
        getrandom::fill(&mut random).map_err(|_| LedgerError::Random)?;
        let organisation = OrganisationId::new(u64::try_from(now.micros() / 1000).unwrap_or_default(), random);
        let mut unit = self.begin(by_program(organisation, now, Origin::Job)).await?;
        let row = organisation::ActiveModel {
            id: Set(organisation.into()),
            name: Set(name.to_owned()),
            version: Set(0),
            made_at: Set(now.micros()),
        };
        let inserted = organisation::Entity::insert(row).exec_without_returning(unit.connection()).await;
        inserted.map_err(LedgerError::database("making the organisation"))?;
        let subject = Subject { kind: code!("organisation"), id: RecordId::from_bytes(organisation.to_bytes()) };
        unit.record(&Change::new(subject, code!("made")))?;
        unit.commit().await?;
        Ok(organisation)
    }
}

/// What the program does of itself, or the machine's administrator has it do.
pub const fn by_program(organisation: OrganisationId, at: Instant, origin: Origin) -> Act {
    Act {
        organisation,
        site: None,
        actor: Actor::Program,
        role: code!("program"),
        on_behalf_of: None,
        purpose: code!("operation"),
        at,
        origin,
    }
}
