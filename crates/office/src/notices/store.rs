//! What the placeholders of the notices stand for, from the records.

use calendar::Date;
use sea_orm::ConnectionTrait;

use crate::document::Values;
use crate::people::{self, Find, Membership, Role, Scope, Standing};
use crate::policies::{self, PoliciesError};

/// What the placeholders stand for. `facts`: what the configuration says, by its word.
///
/// # Errors
/// Where the database refuses.
pub async fn values(
    from: &impl ConnectionTrait,
    scope: Scope,
    school: &str,
    facts: &[(&'static str, String)],
    today: Date,
) -> Result<Values, PoliciesError> {
    let mut values = policies::values(from, scope, school, today).await?;
    for (word, value) in facts {
        values.set(*word, value.clone());
    }
    let here = people::all(from, scope, &Find { state: Standing::Here(today), ..Find::default() }).await?;
    let count = |of: &[Membership]| here.iter().filter(|person| of.iter().any(|one| person.details.memberships.has(*one))).count();
    for (word, of) in [
        ("count.pupils", &[Membership::Pupil][..]),
        ("count.staff", &[Membership::Staff]),
        ("count.parents", &[Membership::Parent]),
        ("count.others", &[Membership::Governor, Membership::Volunteer, Membership::Contractor]),
    ] {
        values.set(word, count(of).to_string());
    }
    // The law asks that the officer can be reached (Article 13(1)(b)); their name is not needed for that.
    let holdings = people::holdings(from, scope).await?;
    let officers = holdings.iter().filter(|holding| holding.role == Role::DataProtectionOfficer && holding.holds(today));
    let mut mails: Vec<_> = officers
        .filter_map(|holding| here.iter().find(|person| person.id == holding.person)?.details.email.as_ref())
        .map(|mail| mail.as_str().to_owned())
        .collect();
    mails.sort();
    values.set("contact.data_protection_officer", mails.join(" or "));
    Ok(values)
}
