//! Walks the trail and names the first thing that is not as it was written.
//!
//! Three questions for each organisation: does every link follow from the one before and from its entry; is every text the one
//! its entry was written with; is every entry linked or waiting to be. And, with heads that were kept elsewhere: is this the chain
//! they were taken from, and does it still reach so far.

mod links;
mod loose;
mod page;
mod report;
mod texts;

use calendar::Instant;
use ids::OrganisationId;
use sea_orm::{DatabaseConnection, EntityTrait, QueryOrder};

use super::heads::{self, Head};
pub use report::{Broken, Chain, Report};

use crate::store::organisation;
use crate::{Id, LedgerError};

/// How far it is: called now and then with entries looked at, and entries in all.
pub type Progress<'a> = &'a (dyn Fn(u64, u64) + Sync);

/// Walks the trails of all organisations. `heads`: what was kept elsewhere, of any time. What is added meanwhile is left for the
/// next time. Needs no unlocking.
///
/// # Errors
/// Where the database cannot be read. What is broken is no error but in the report.
pub async fn verify(database: &DatabaseConnection, kept: &[Head], now: Instant, progress: Progress<'_>) -> Result<Report, LedgerError> {
    let failed = LedgerError::database("reading the audit trail");
    let organisations = organisation::Entity::find().order_by_asc(organisation::Column::Id).all(database).await.map_err(&failed)?;
    let last = heads::heads(database, now).await?;
    let total = last.iter().map(|head| head.seq.unsigned_abs()).sum();
    let mut chains: Vec<Chain> = Vec::new();
    let mut done = 0;
    for organisation in organisations {
        let id = OrganisationId::from(organisation.id);
        let head = last.iter().find(|head| head.organisation == id).copied();
        let links = links::walk(database, organisation.id, head, &|here| progress(done + here, total)).await.map_err(&failed)?;
        done += links.count;
        let kept: Vec<&Head> = kept.iter().filter(|head| head.organisation == id).collect();
        let mut broken = links.broken;
        if broken.is_none() {
            broken = against(database, &kept, head).await.map_err(&failed)?;
        }
        if broken.is_none() {
            broken = texts::walk(database, organisation.id).await.map_err(&failed)?;
        }
        let loose = loose::look(database, organisation.id).await.map_err(&failed)?;
        chains.push(Chain {
            organisation: id,
            name: organisation.name,
            links: links.count,
            unsealed: loose.unsealed,
            erased: loose.erased,
            clock_went_back: links.clock_went_back,
            head,
            broken: broken.or(loose.broken),
        });
    }
    // An organisation that was kept elsewhere and is not here at all.
    for head in kept {
        if chains.iter().all(|chain| chain.organisation != head.organisation) {
            chains.push(Chain::missing(*head));
        }
    }
    Ok(Report { chains })
}

/// The first kept head that is not in the chain.
async fn against(database: &DatabaseConnection, kept: &[&Head], head: Option<Head>) -> Result<Option<Broken>, sea_orm::DbErr> {
    let reached = head.map_or(0, |head| head.seq);
    let mut kept = kept.to_vec();
    kept.sort_unstable_by_key(|head| head.seq);
    for head in kept {
        if head.seq > reached {
            return Ok(Some(Broken::Rewound { kept: *head, reached }));
        }
        let link = super::entity::link::Entity::find_by_id((Id::from(head.organisation), head.seq)).one(database).await?;
        if link.is_none_or(|link| link.hash != head.hash) {
            return Ok(Some(Broken::Rewritten { kept: *head }));
        }
    }
    Ok(None)
}
