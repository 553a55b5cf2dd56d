//! What Larkfield's teachers have gone through with their classes, what a parent has asked, and who has said that their accounts are private.
//!
//! The oldest class has not been through the rules yet, and some staff have not said so yet: there is something to do.

use calendar::{Date, Instant};
use ids::{OrganisationId, PersonId};
use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use ledger::{Act, Actor, Ledger, LedgerError, Origin, by_program, code};

use super::{DemoError, DemoSchool};
use crate::agreements;
use crate::people::{Role, Scope, YearGroup};
use crate::policies::PARENT;
use crate::understanding::{self, Understood};

/// Those who have not made the declaration yet, beside the headteacher.
const NOT_DECLARED: [Role; 2] = [Role::Headteacher, Role::SupportStaff];

const QUESTION: &str = "Does the rule about pictures hold for the summer fair as well?";

/// Keeps it, if nobody has asked anything yet.
///
/// # Errors
/// Where the database refuses.
pub async fn understanding(ledger: &Ledger, organisation: OrganisationId, school: &DemoSchool, now: Instant) -> Result<(), DemoError> {
    if !understanding::questions(ledger.reader(), organisation).await?.is_empty() {
        return Ok(());
    }
    let calendar = || DemoError::Table { what: "calendar" };
    let today = Date::try_from(now.timestamp().to_zoned(TimeZone::UTC).date()).map_err(|_| calendar())?;
    let act = |person: PersonId, role: Role| {
        let act = by_program(organisation, now, Origin::Command);
        Act { actor: Actor::Person(person), role: role.code(), purpose: code!("demonstration"), ..act }
    };
    let of = |role: Role| school.person_of(role).ok_or(DemoError::Table { what: "list of people" });
    let records = |error: LedgerError| DemoError::from(understanding::UnderstandingError::from(error));
    let scope = Scope::of(organisation);
    let all = agreements::access(ledger.reader(), scope, today).await?;
    let oldest = YearGroup::new(6);
    let younger: Vec<agreements::Access> = all.into_iter().filter(|access| access.person.details.year != oldest).collect();
    let found = understanding::understood(ledger.reader(), scope, &younger).await?;
    let open: Vec<&Understood> = found.iter().filter(|it| it.rules.is_some() && it.on.is_none()).collect();
    if !open.is_empty() {
        let mut unit = ledger.begin(act(of(Role::Teacher)?, Role::Teacher)).await.map_err(records)?;
        understanding::check(&mut unit, &open, today, today).await?;
        unit.commit().await.map_err(records)?;
    }
    for (role, person) in school.roles().filter(|(role, _)| !NOT_DECLARED.contains(role)) {
        let is_said = !understanding::declarations_of(ledger.reader(), organisation, person).await?.is_empty();
        if is_said || matches!(role, Role::Pupil | Role::Parent | Role::Visitor) {
            continue;
        }
        let mut unit = ledger.begin(act(person, role)).await.map_err(records)?;
        understanding::declare(&mut unit, today).await?;
        unit.commit().await.map_err(records)?;
    }
    let due = Date::try_from(today.civil().saturating_add(7.days())).map_err(|_| calendar())?;
    let mut unit = ledger.begin(act(of(Role::Parent)?, Role::Parent)).await.map_err(records)?;
    understanding::ask(&mut unit, PARENT, QUESTION, due, today).await?;
    unit.commit().await.map_err(records)?;
    Ok(())
}
