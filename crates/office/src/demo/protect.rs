//! What of Larkfield is protected, and its suppliers: some telephone numbers and addresses, a court order, a father who must not be
//! contacted, a mother who must not learn where the child lives. Invented, like everybody: the numbers are those that are kept for stories.

use calendar::{Date, Instant};
use ids::{OrganisationId, PersonId};
use jiff::Span;
use jiff::tz::TimeZone;
use ledger::keys::Keys;
use ledger::{Act, Ledger, Origin, Unit, by_program, code};

use super::{DemoError, DemoSchool};
use crate::people::{self, Care, PeopleError, Role, Scope, Short, SupplierDetails};

/// A family of which more is known: the name, a child, the adults with their numbers, and the address of the child.
type Reached = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

const REACHED: &[Reached] = &[
    ("Ragwort", "Rowan", &[("Kit", "01632 960101"), ("Sam", "01632 960102")], "2 Mill Lane\nLarkfield"),
    ("Alder", "Poppy", &[("Tom", "01632 960103"), ("Nia", "01632 960104")], "17 Orchard Way\nLarkfield"),
    ("Mallow", "Pip", &[("Tess", "01632 960105")], "5 Duck Street\nLarkfield"),
    ("Yarrow", "Juniper", &[("Jo", "01632 960106"), ("Kit", "01632 960107")], "Flat 3, The Old Bakery\nLarkfield"),
];

/// Child, adult and what is to be heeded: court order, do not contact, address withheld.
const HEEDED: &[(&str, &str, &str, [&str; 3])] = &[
    (
        "Ragwort",
        "Rowan",
        "Sam",
        [
            "Prohibited steps order: the child is not to leave with this adult. The order lies in the office.",
            "Under the order only the other parent is told.",
            "",
        ],
    ),
    ("Alder", "Poppy", "Nia", ["", "", "The family has moved, and asks that the new address is not passed on."]),
];

/// Name, services, contact, accepted policy, months since it accepted, months until the review (below 0: late).
type SupplierLine = (&'static str, &'static str, &'static str, Option<(&'static str, i32)>, Option<i32>);

const SUPPLIERS: &[SupplierLine] = &[
    (
        "Broadmead IT",
        "IT support, network, filtering",
        "helpdesk@broadmead.example",
        Some(("Online safety policy, edition 3", 14)),
        Some(-2),
    ),
    (
        "Fernbank Learning",
        "Homework site for Key Stage 2",
        "schools@fernbank.example",
        Some(("Online safety policy, edition 3", 2)),
        Some(10),
    ),
    ("Pennyroyal Photos", "Class photographs", "01632 960120", None, None),
];

/// Keeps it, if it is not kept yet. The keys must be unlocked.
///
/// # Errors
/// Where the school is not filled, or the records refuse.
pub async fn protect(
    ledger: &Ledger,
    keys: &Keys,
    organisation: OrganisationId,
    school: &DemoSchool,
    now: Instant,
) -> Result<(), DemoError> {
    let scope = Scope::of(organisation);
    if !people::suppliers(ledger.reader(), scope).await?.is_empty() {
        return Ok(());
    }
    let today = Date::try_from(now.timestamp().to_zoned(TimeZone::UTC).date()).map_err(|_| DemoError::Table { what: "calendar" })?;
    let act = Act { purpose: code!("demonstration"), ..by_program(organisation, now, Origin::Command) };
    let mut unit = ledger.begin(act).await.map_err(PeopleError::from)?;
    for line in SUPPLIERS {
        people::add_supplier(&mut unit, &supplier(line, school.person_of(Role::Headteacher), today)?, months(today, -20)?).await?;
    }
    for (family, child, adults, address) in REACHED {
        for (given, number) in *adults {
            let person = known(&unit, scope, school, given, family).await?;
            people::set_phone(&mut unit, keys, &person, number).await?;
        }
        let child = known(&unit, scope, school, child, family).await?.id;
        let homes = people::household_of(unit.connection(), scope, child, today).await?;
        let home = homes.first().map(|(home, _)| *home).ok_or(DemoError::Table { what: "list of homes" })?;
        people::set_address(&mut unit, keys, home, 0, address).await?;
    }
    for (family, child, adult, [court_order, do_not_contact, address_withheld]) in HEEDED {
        let (child, adult) = (person(school, child, family)?, person(school, adult, family)?);
        let relations = people::responsible_for(unit.connection(), scope, child).await?;
        let relation = relations.into_iter().find(|it| it.adult == adult).ok_or(DemoError::Table { what: "list of families" })?;
        let [court_order, do_not_contact, address_withheld] =
            [court_order, do_not_contact, address_withheld].map(|text| (*text).to_owned());
        let care = Care { court_order, do_not_contact, address_withheld };
        people::change_relation(&mut unit, keys, &relation, relation.bond, &care).await?;
    }
    unit.commit().await.map_err(PeopleError::from)?;
    Ok(())
}

fn person(school: &DemoSchool, given: &str, family: &str) -> Result<PersonId, DemoError> {
    school.person(given, family).ok_or(DemoError::Table { what: "list of families" })
}

async fn known(unit: &Unit, scope: Scope, school: &DemoSchool, given: &str, family: &str) -> Result<people::Person, DemoError> {
    let found = people::person(unit.connection(), scope, person(school, given, family)?).await?;
    found.ok_or(DemoError::Table { what: "list of families" })
}

fn supplier(line: &SupplierLine, owner: Option<PersonId>, today: Date) -> Result<SupplierDetails, DemoError> {
    let (name, services, contact, policy, review) = line;
    let short = |text: &str| Short::parse(text).map_err(|_| DemoError::Table { what: "list of suppliers" });
    Ok(SupplierDetails {
        name: short(name)?,
        services: short(services)?,
        contact: Some(short(contact)?),
        policy: policy.map(|(policy, _)| short(policy)).transpose()?,
        accepted: policy.map(|(_, ago)| months(today, -ago)).transpose()?,
        review: review.map(|ahead| months(today, ahead)).transpose()?,
        owner: owner.filter(|_| policy.is_some()),
    })
}

/// So many months later, or before.
fn months(day: Date, months: i32) -> Result<Date, DemoError> {
    Date::try_from(day.civil().saturating_add(Span::new().months(months))).map_err(|_| DemoError::Table { what: "calendar" })
}
