//! What a person orders about jobs and messages, by a command that has the records to itself or over the control socket.

use anyhow::{Context, Result};
use calendar::Instant;
use ids::RecordId;
use ledger::{Origin, Unit, by_program, jobs, outbox, waiting};
use serde::{Deserialize, Serialize};

use crate::keys::Protected;

/// What is ordered. Without an id: all there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Try again what was given up.
    Retry {
        /// Of a job or a message.
        id: Option<String>,
    },
    /// Let messages go that are held since they came back with a backup.
    Release {
        /// Of a message.
        id: Option<String>,
    },
}

/// Does what was ordered, and says for how many jobs and messages. The text of an error is for the person who gave the order.
///
/// # Errors
/// Says what is wrong and what to do.
pub async fn carry_out(protected: &Protected, order: Order, now: Instant) -> Result<u64, String> {
    obey(protected, order, now).await.map_err(|error| error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": "))
}

async fn obey(protected: &Protected, order: Order, now: Instant) -> Result<u64> {
    let ledger = protected.ledger();
    let (Order::Retry { id } | Order::Release { id }) = &order;
    let all = match id {
        Some(id) => vec![id.parse::<RecordId>().with_context(|| format!("reading the id \"{}\"", id.escape_debug()))?],
        None => {
            let waiting = waiting(ledger.reader()).await?;
            waiting.jobs.iter().map(|job| job.id).chain(waiting.messages.iter().map(|message| message.id)).collect()
        }
    };
    let mut unit = ledger.begin(by_program(protected.organisation(), now, Origin::Command)).await?;
    let mut count = 0;
    for id in all {
        count += u64::from(one(&mut unit, &order, id).await?);
    }
    if count > 0 {
        unit.commit().await?;
    }
    Ok(count)
}

/// Whether there was something to do.
async fn one(unit: &mut Unit, order: &Order, id: RecordId) -> Result<bool> {
    Ok(match order {
        Order::Retry { .. } => jobs::again(unit, id).await? || outbox::again(unit, id).await?,
        Order::Release { .. } => outbox::release(unit, id).await?,
    })
}
