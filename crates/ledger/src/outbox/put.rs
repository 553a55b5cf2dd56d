//! A message is put into the outbox in the unit that causes it.

use ids::RecordId;
use sea_orm::{ActiveValue::Set, EntityTrait};

use super::deliver::DELIVERY;
use super::entity::{self, ActiveModel, Entity};
use super::message::Message;
use super::seal::OutboxKey;
use crate::jobs::{self, NewJob};
use crate::{Code, LedgerError, Unit};

/// Puts a message into the outbox: it goes out when the unit commits, and not otherwise. `purpose` says what it is for, in a word of the
/// program. The id is that of the message, which its traces keep.
///
/// # Errors
/// When the database refuses.
pub async fn put(unit: &Unit, key: &OutboxKey, purpose: Code, message: &Message) -> Result<RecordId, LedgerError> {
    let (organisation, now) = (unit.act().organisation, unit.act().at.micros());
    let id = jobs::new_id(now)?;
    let row = ActiveModel {
        organisation_id: Set(organisation.into()),
        id: Set(id.into()),
        channel: Set(message.channel().as_str().to_owned()),
        purpose: Set(purpose.as_str().to_owned()),
        sealed: Set(key.seal(organisation, id, message)?),
        state: Set(entity::WAITING),
        due_at: Set(now),
        attempts: Set(0),
        error: Set(None),
        made_at: Set(now),
        delivered_at: Set(None),
    };
    let failed = LedgerError::database("putting a message into the outbox");
    Entity::insert(row).exec_without_returning(unit.connection()).await.map_err(failed)?;
    jobs::put(unit, NewJob { kind: DELIVERY, subject: None, due: unit.act().at }).await?;
    Ok(id)
}
