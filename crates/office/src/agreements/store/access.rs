//! How everybody stands on a day, and who has the internet because of it.

use std::collections::{HashMap, HashSet};

use calendar::Date;
use ids::{OrganisationId, PersonId};
use sea_orm::ConnectionTrait;

use super::signature::given;
use super::suspension::holding;
use crate::agreements::need::{Audience, Need, needs};
use crate::agreements::standing::{Facts, Given, Standing, stand};
use crate::agreements::suspension::Suspension;
use crate::agreements::{AgreementsError, Part};
use crate::control::Signed;
use crate::people::{self, Find, Person, Scope};
use crate::policies;
use crate::settings::{self, AGREEMENT_GRACE, Mode, Settings};

/// How somebody stands.
#[derive(Debug, Clone)]
pub struct Access {
    /// Who.
    pub person: Person,
    /// Where they belong.
    pub audience: Audience,
    /// How strictly their internet hangs on it.
    pub mode: Mode,
    /// What they must have signed, and how that stands.
    pub needs: Vec<(Need, Standing)>,
    /// The suspension that holds.
    pub suspension: Option<Suspension>,
}

// === impl Access ===

impl Access {
    /// Whether the internet is shut to them today.
    pub fn is_gated(&self) -> bool {
        self.suspension.is_some() || (self.mode == Mode::Enforce && self.is_unsigned())
    }

    /// Whether it would be, were the agreement enforced.
    pub fn is_unsigned(&self) -> bool {
        self.needs.iter().any(|(_, standing)| standing.closes())
    }

    /// Whether somebody is to sign for them, or they themselves.
    pub fn asks(&self) -> bool {
        self.mode != Mode::Off && self.needs.iter().any(|(_, standing)| standing.asks())
    }
}

/// What is in force of each agreement, by the word of the policy.
///
/// # Errors
/// Where the database refuses.
pub async fn facts(from: &impl ConnectionTrait, organisation: OrganisationId) -> Result<HashMap<String, Facts>, AgreementsError> {
    let mut all: HashMap<String, Facts> = HashMap::new();
    for published in policies::published(from, organisation).await? {
        let facts = all.entry(published.policy).or_insert(Facts {
            version: published.id,
            sign_number: published.number,
            sign_from: published.from,
        });
        if published.must_sign {
            (facts.sign_number, facts.sign_from) = (published.number, published.from);
        }
        facts.version = published.id;
    }
    Ok(all)
}

/// How everybody stands who is here on a day and for whom there is an agreement, by name.
///
/// # Errors
/// Where the database refuses.
pub async fn access(from: &impl ConnectionTrait, scope: Scope, today: Date) -> Result<Vec<Access>, AgreementsError> {
    let here = Find { state: people::Standing::Here(today), ..Find::default() };
    let everybody = people::all(from, scope, &here).await?;
    stands(from, scope, everybody, None, today).await
}

/// The same of one person; nothing where there is none here, or no agreement is for them.
///
/// # Errors
/// Where the database refuses.
pub async fn access_of(
    from: &impl ConnectionTrait,
    scope: Scope,
    person: PersonId,
    today: Date,
) -> Result<Option<Access>, AgreementsError> {
    let Some(found) = people::person(from, scope, person).await?.filter(|person| person.is_here(today)) else { return Ok(None) };
    Ok(stands(from, scope, vec![found], Some(person), today).await?.pop())
}

/// To whom the internet is shut on a day.
///
/// # Errors
/// Where the database refuses.
pub async fn gated(from: &impl ConnectionTrait, scope: Scope, today: Date) -> Result<HashSet<PersonId>, AgreementsError> {
    let all = access(from, scope, today).await?;
    Ok(all.iter().filter(|access| access.is_gated()).map(|access| access.person.id).collect())
}

/// How many answers wait for somebody: their own, and those for the children that they answer for.
///
/// # Errors
/// Where the database refuses.
pub async fn waiting(from: &impl ConnectionTrait, scope: Scope, person: PersonId, today: Date) -> Result<usize, AgreementsError> {
    let mut all: Vec<Access> = access_of(from, scope, person, today).await?.into_iter().collect();
    // What an adult signs for a pupil does not wait for the pupil.
    all.iter_mut().for_each(|access| access.needs.retain(|(need, _)| need.part == Part::Own));
    let children: Vec<PersonId> = people::children_of(from, scope, person)
        .await?
        .iter()
        .filter(|relation| relation.holds(today))
        .map(|relation| relation.child)
        .collect();
    let ties = people::ties(from, scope, &children, today).await?;
    for child in children {
        if ties.get(&child).is_some_and(|ties| ties.carers.contains(&person)) {
            all.extend(access_of(from, scope, child, today).await?);
        }
    }
    let asks = |access: &Access| access.needs.iter().filter(|(_, standing)| access.mode != Mode::Off && standing.asks()).count();
    Ok(all.iter().map(asks).sum())
}

/// How the agreements of each audience stand, in numbers.
///
/// # Errors
/// Where the database refuses.
pub async fn counted(from: &impl ConnectionTrait, scope: Scope, today: Date) -> Result<Vec<Signed>, AgreementsError> {
    let all = access(from, scope, today).await?;
    let of = |audience: Audience| {
        let of: Vec<&Access> = all.iter().filter(|access| access.audience == audience).collect();
        let mode = of.first()?.mode;
        let has_text = of.iter().flat_map(|access| &access.needs).all(|(_, standing)| *standing != Standing::NoText);
        Some(Signed { audience, all: of.len(), unsigned: of.iter().filter(|access| access.is_unsigned()).count(), has_text, mode })
    };
    Ok(Audience::ALL.into_iter().filter_map(of).collect())
}

async fn stands(
    from: &impl ConnectionTrait,
    scope: Scope,
    people: Vec<Person>,
    only: Option<PersonId>,
    today: Date,
) -> Result<Vec<Access>, AgreementsError> {
    let settings: Settings = settings::read(from, scope.organisation).await?;
    let (facts, given) = (facts(from, scope.organisation).await?, given(from, scope.organisation, only).await?);
    let mut suspended: HashMap<PersonId, Suspension> =
        holding(from, scope.organisation, today).await?.into_iter().map(|suspension| (suspension.person, suspension)).collect();
    let grace = settings.value(&AGREEMENT_GRACE);
    let mut all = Vec::with_capacity(people.len());
    for person in people {
        let Some(audience) = Audience::of(&person.details) else { continue };
        let one = |need: Need| {
            let answers: Vec<Given> = given.get(&(person.id, need.policy.to_owned())).cloned().unwrap_or_default();
            // What an adult signed for a child is no promise of the child's, and the other way round.
            let answers: Vec<Given> = answers.into_iter().filter(|given| (given.signer == person.id) == (need.part == Part::Own)).collect();
            let standing = stand(&need, facts.get(need.policy).copied(), &answers, person.started, grace, today);
            (need, standing)
        };
        let needs = needs(&person.details, &settings, today).into_iter().map(one).collect();
        let suspension = suspended.remove(&person.id);
        all.push(Access { audience, mode: audience.mode(&settings), needs, suspension, person });
    }
    Ok(all)
}
