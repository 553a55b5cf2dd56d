//! What Larkfield's staff have asked to be allowed: one that was decided on, one that waits for the headteacher, one for the technician.

use calendar::{Date, Instant};
use ids::OrganisationId;
use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use ledger::keys::Keys;
use ledger::{Act, Actor, Ledger, Origin, by_program, code};

use super::{DemoError, DemoSchool};
use crate::people::Role;
use crate::permissions::{self, Matter, NewPermission, PermissionsError};

/// Who asks, for what, and for how many days.
const ASKED: [(Role, Matter, &str, i32); 3] = [
    (Role::Teacher, Matter::OffSite, "Reading records of my class on the school laptop, to write the reports at home.", 30),
    (Role::SupportStaff, Matter::Use, "The hall projector for the choir of the parents’ association, on Thursday evenings.", 90),
    (Role::OnlineSafetyLead, Matter::Install, "The magnifier for the screen in the library, for two pupils of Year 4.", 360),
];

/// Keeps it, if nothing was asked for yet.
///
/// # Errors
/// Where the database refuses.
pub async fn permissions(
    ledger: &Ledger,
    keys: &Keys,
    organisation: OrganisationId,
    school: &DemoSchool,
    now: Instant,
) -> Result<(), DemoError> {
    if !permissions::permissions(ledger.reader(), organisation).await?.is_empty() {
        return Ok(());
    }
    let calendar = || DemoError::Table { what: "calendar" };
    let today = Date::try_from(now.timestamp().to_zoned(TimeZone::UTC).date()).map_err(|_| calendar())?;
    let later = |days: i32| Date::try_from(today.civil().saturating_add(days.days())).map_err(|_| calendar());
    let by = |role: Role| {
        let person = school.person_of(role).ok_or(DemoError::Table { what: "list of people" })?;
        let act = by_program(organisation, now, Origin::Command);
        Ok::<Act, DemoError>(Act { actor: Actor::Person(person), role: role.code(), purpose: code!("demonstration"), ..act })
    };
    for (role, matter, about, days) in ASKED {
        let mut unit = ledger.begin(by(role)?).await.map_err(PermissionsError::from)?;
        let new = NewPermission { matter, about, is_promised: true, from: today, until: later(days)?, due: later(7)?, today };
        permissions::ask(&mut unit, keys, &new).await?;
        unit.commit().await.map_err(PermissionsError::from)?;
    }
    let all = permissions::permissions(ledger.reader(), organisation).await?;
    if let Some(seen) = all.iter().find(|permission| permission.matter == Matter::OffSite) {
        let mut unit = ledger.begin(by(Role::Headteacher)?).await.map_err(PermissionsError::from)?;
        permissions::decide(&mut unit, seen, Some(seen.until), "On the school laptop only.", today).await?;
        unit.commit().await.map_err(PermissionsError::from)?;
    }
    Ok(())
}
