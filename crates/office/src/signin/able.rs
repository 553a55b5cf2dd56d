//! Who is here and has something to sign in with, counted.

use std::collections::HashSet;

use calendar::Date;
use ids::PersonId;
use ledger::Reading;

use super::error::SignInError;
use super::pupil::young;
use super::store::accounts;
use crate::control::{Able, Administrators, Counted};
use crate::people::{self, Find, Membership, Role, Scope, Standing};
use crate::settings::{ADMIN_PASSWORD, Settings};

/// When those who keep the machines chose their passwords, and after how many days it is to be another. Whoever has none yet signs in nowhere.
///
/// # Errors
/// Where the database refuses.
pub async fn administrators(from: &Reading, scope: Scope, settings: &Settings, on: Date) -> Result<Administrators, SignInError> {
    let holdings = people::holdings(from, scope).await?;
    let is_one = |person| holdings.iter().any(|it| it.person == person && it.role == Role::ItTechnician && it.holds(on));
    let open = accounts(from, scope.organisation).await?.into_iter().filter(|account| !account.is_ended && is_one(account.person));
    Ok(Administrators { chosen: open.filter_map(|account| account.chosen).collect(), days: settings.value(&ADMIN_PASSWORD) })
}

/// How many of those who work or learn here have something of their own to sign in with: an account, or a password of pictures. Parents and
/// guests need none, since they come by a letter or a code; a card alone is a thing that anybody may hold.
///
/// # Errors
/// Where the database refuses.
pub async fn able(from: &Reading, scope: Scope, on: Date) -> Result<Able, SignInError> {
    let here = async |membership| {
        let find = Find { state: Standing::Here(on), membership: Some(membership), ..Find::default() };
        let people = people::all(from, scope, &find).await?;
        Ok::<Vec<PersonId>, SignInError>(people.into_iter().map(|person| person.id).collect())
    };
    let (staff, pupils) = (here(Membership::Staff).await?, here(Membership::Pupil).await?);
    let open = accounts(from, scope.organisation).await?.into_iter().filter(|account| !account.is_ended);
    let mut able: HashSet<PersonId> = open.map(|account| account.person).collect();
    let by_pictures = young(from, scope.organisation, &pupils).await?.into_iter().filter(|young| young.has_pictures);
    able.extend(by_pictures.map(|young| young.person));
    let count = |who: &[PersonId]| Counted { all: who.len(), without: who.iter().filter(|person| !able.contains(person)).count() };
    Ok(Able { staff: count(&staff), pupils: count(&pupils) })
}
