//! The records compiled for the wire.

use std::collections::HashMap;

use calendar::Date;
use filter::snapshot::Gated;
use ids::{GroupId, PersonId};
use sea_orm::ConnectionTrait;

use crate::gate::directory::{Directory, GroupName, NamedBy, Somebody};
use crate::gate::error::GateError;
use crate::gate::profile::profile_of;
use crate::people::{self, Find, PeopleError, SchoolYear, Scope};
use crate::signin;

/// Everybody who is here on a day, with their profiles, groups and names. `gated`: to whom the internet is shut on that day.
///
/// # Errors
/// Where the database refuses.
pub async fn directory(
    from: &impl ConnectionTrait,
    scope: Scope,
    today: Date,
    gated: &HashMap<PersonId, Gated>,
) -> Result<Directory, GateError> {
    let here = Find { state: people::Standing::Here(today), ..Find::default() };
    let everybody = people::all(from, scope, &here).await?;
    let mut groups = groups_of(from, scope, today).await?;
    let accounts = signin::accounts(from, scope.organisation).await?;
    let mut user_names: HashMap<PersonId, String> =
        accounts.into_iter().filter(|account| !account.is_ended).map(|account| (account.person, account.user_name)).collect();
    let (mut all, mut names) = (Vec::with_capacity(everybody.len()), Vec::new());
    for person in everybody {
        let (id, details) = (person.id, person.details);
        let user_name = user_names.remove(&id).map(|name| (NamedBy::UserName, name));
        let mail = details.email.map(|mail| (NamedBy::Mail, mail.to_string()));
        let source = details.source.map(|source| (NamedBy::Source, source.to_string()));
        names.extend([user_name, mail, source].into_iter().flatten().map(|(by, name)| (by, name, id)));
        let profile = profile_of(details.memberships, details.year);
        all.push(Somebody { person: id, profile, groups: groups.remove(&id).unwrap_or_default(), gated: gated.get(&id).copied() });
    }
    Ok(Directory::new(all, names))
}

/// The groups of each person on a day, always in the same order.
async fn groups_of(from: &impl ConnectionTrait, scope: Scope, today: Date) -> Result<HashMap<PersonId, Vec<GroupName>>, GateError> {
    let year = SchoolYear::of(today).ok_or(PeopleError::Stored { what: "today's date" })?;
    let names: HashMap<GroupId, String> =
        people::groups(from, scope, year).await?.into_iter().map(|group| (group.id, group.name.to_string())).collect();
    let mut all: HashMap<PersonId, Vec<GroupName>> = HashMap::new();
    for member in people::members(from, scope, None, today).await? {
        // A group of another school year is over, whatever its rows say.
        if let Some(name) = names.get(&member.group) {
            all.entry(member.person).or_default().push(GroupName { id: member.group, name: name.clone() });
        }
    }
    for groups in all.values_mut() {
        groups.sort_by_key(|group| group.id);
        groups.dedup();
    }
    Ok(all)
}
