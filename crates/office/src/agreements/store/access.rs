//! How everybody stands on a day, and who has the internet because of it.

use std::collections::HashMap;
use std::sync::Arc;

use calendar::Date;
use filter::snapshot::Gated;
use ids::PersonId;
use sea_orm::ConnectionTrait;

use super::signature::given;
use super::suspension::holding;
use crate::agreements::need::{Audience, Need, needs};
use crate::agreements::standing::{Facts, Given, Standing, stand};
use crate::agreements::suspension::Suspension;
use crate::agreements::{AgreementsError, Part};
use crate::control::Signed;
use crate::people::{self, Find, Person, Scope};
use crate::policies::{self, PUPIL_KS1, Published};
use crate::settings::{self, AGREEMENT_GRACE, GATE_LED, Mode, PUPIL_MARK_FROM, Settings};
use crate::web::Office;

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
    /// Why the internet is shut to them today, where it is.
    pub fn gated(&self) -> Option<Gated> {
        let unsigned = || (self.mode == Mode::Enforce && self.is_unsigned()).then_some(Gated::Unsigned);
        self.suspension.as_ref().map(|_| Gated::Suspended).or_else(unsigned)
    }

    /// Whether it is shut to them today.
    pub fn is_gated(&self) -> bool {
        self.gated().is_some()
    }

    /// Whether it would be, were the agreement enforced.
    pub fn is_unsigned(&self) -> bool {
        self.needs.iter().any(|(_, standing)| standing.closes())
    }

    /// Whether somebody is to sign for them, or they themselves.
    pub fn asks(&self) -> bool {
        self.mode != Mode::Off && self.needs.iter().any(|(_, standing)| standing.asks())
    }

    /// Whether an adult is still to sign for this child.
    pub fn asks_adult(&self) -> bool {
        self.needs.iter().any(|(need, standing)| need.part == Part::Adult && standing.asks())
    }

    /// What they themselves are still to sign, by the word of the policy; the first of it.
    pub fn asks_child(&self) -> Option<&'static str> {
        let open = self.needs.iter().find(|(need, standing)| need.part == Part::Own && standing.asks());
        open.map(|(need, _)| need.policy)
    }
}

/// What is in force of each agreement, by the word of the policy.
fn facts(published: &[Published]) -> HashMap<&str, Facts> {
    let mut all: HashMap<&str, Facts> = HashMap::new();
    for version in published.iter().filter(|version| version.must_sign) {
        all.entry(&version.policy).or_default().asked.push((version.number, version.from));
    }
    all
}

/// How everybody stands who is here on a day and for whom there is an agreement, by name.
///
/// # Errors
/// Where the database refuses.
pub async fn access(from: &impl ConnectionTrait, scope: Scope, today: Date) -> Result<Vec<Access>, AgreementsError> {
    access_with(from, scope, &settings::read(from, scope.organisation).await?, today).await
}

/// The same from what is kept of it: for pages that many open.
///
/// # Errors
/// Where the database refuses.
pub async fn access_kept(office: &Office, today: Date) -> Result<Arc<Vec<Access>>, AgreementsError> {
    let (reader, scope) = (office.ledger.reader(), office.scope());
    office.stands.get(reader, scope.organisation, today, access(reader, scope, today)).await
}

/// The same with other settings, to see what they would bring.
///
/// # Errors
/// Where the database refuses.
pub async fn access_with(
    from: &impl ConnectionTrait,
    scope: Scope,
    settings: &Settings,
    today: Date,
) -> Result<Vec<Access>, AgreementsError> {
    let here = Find { state: people::Standing::Here(today), ..Find::default() };
    stands(from, scope, people::all(from, scope, &here).await?, None, settings, today).await
}

/// The same of these people, as far as they are here and an agreement is for them.
///
/// # Errors
/// Where the database refuses.
pub async fn access_of_all(
    from: &impl ConnectionTrait,
    scope: Scope,
    ids: &[PersonId],
    today: Date,
) -> Result<Vec<Access>, AgreementsError> {
    let mut found = people::persons(from, scope, ids).await?;
    found.retain(|person| person.is_here(today));
    let settings = settings::read(from, scope.organisation).await?;
    stands(from, scope, found, Some(ids), &settings, today).await
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
    Ok(access_of_all(from, scope, &[person], today).await?.pop())
}

/// To whom the internet is shut on a day, and why. Where the headteacher allows it, pupils who have not signed work on in a class that its teacher
/// has signed in; what was taken from somebody by the headteacher stays taken there.
///
/// # Errors
/// Where the database refuses.
pub async fn gated(from: &impl ConnectionTrait, scope: Scope, today: Date) -> Result<HashMap<PersonId, Gated>, AgreementsError> {
    let settings = settings::read(from, scope.organisation).await?;
    let all = access_with(from, scope, &settings, today).await?;
    let is_led = settings.value(&GATE_LED) == 1;
    let why = |access: &Access| match access.gated()? {
        Gated::Unsigned if is_led && access.audience == Audience::Pupils => Some(Gated::UnsignedUnlessLed),
        gated => Some(gated),
    };
    Ok(all.iter().filter_map(|access| Some((access.person.id, why(access)?))).collect())
}

/// How many answers wait for somebody: their own, and those for the children that they answer for.
///
/// # Errors
/// Where the database refuses.
pub async fn waiting(from: &impl ConnectionTrait, scope: Scope, person: PersonId, today: Date) -> Result<usize, AgreementsError> {
    let children: Vec<PersonId> = people::children_of(from, scope, person)
        .await?
        .iter()
        .filter(|relation| relation.holds(today))
        .map(|relation| relation.child)
        .collect();
    let ties = people::ties(from, scope, &children, today).await?;
    let mut ids = vec![person];
    ids.extend(children.into_iter().filter(|child| ties.get(child).is_some_and(|ties| ties.carers.contains(&person))));
    // What an adult signs for a pupil does not wait for the pupil.
    let is_theirs = |access: &Access, need: &Need| need.part == Part::Own || access.person.id != person;
    let asks = |access: &Access| {
        let open = access.needs.iter().filter(|(need, standing)| standing.asks() && is_theirs(access, need)).count();
        if access.mode == Mode::Off { 0 } else { open }
    };
    Ok(access_of_all(from, scope, &ids, today).await?.iter().map(asks).sum())
}

/// How the agreements of each audience stand, in numbers.
///
/// # Errors
/// Where the database refuses.
pub async fn counted(from: &impl ConnectionTrait, scope: Scope, today: Date) -> Result<Vec<Signed>, AgreementsError> {
    let settings = settings::read(from, scope.organisation).await?;
    let all = access_with(from, scope, &settings, today).await?;
    let published = policies::published(from, scope.organisation).await?;
    Ok(counted_of(&all.iter().collect::<Vec<_>>(), &published, &settings))
}

/// The same of these people, for each audience of which there is somebody among them.
pub fn counted_of(all: &[&Access], published: &[Published], settings: &Settings) -> Vec<Signed> {
    let of = |audience: Audience| {
        let of: Vec<&&Access> = all.iter().filter(|access| access.audience == audience).collect();
        let unsigned = of.iter().filter(|access| access.is_unsigned()).count();
        let asked = of.iter().filter(|access| access.needs.iter().any(|(_, standing)| standing.asks())).count();
        let (mode, has_text) = (of.first()?.mode, has_text(published, audience, settings));
        Some(Signed { audience, all: of.len(), unsigned, grace: asked - unsigned, has_text, mode })
    };
    Audience::ALL.into_iter().filter_map(of).collect()
}

/// Whether there is a text in force for all that an audience may have to sign. The youngest read the rules of Key Stage 1 without signing
/// them, unless the school has set that they do.
pub fn has_text(published: &[Published], audience: Audience, settings: &Settings) -> bool {
    let is_signed = |policy: &str| policy != PUPIL_KS1 || settings.value(&PUPIL_MARK_FROM) < 3;
    audience.policies().iter().all(|policy| !is_signed(policy) || published.iter().any(|version| version.policy == *policy))
}

async fn stands(
    from: &impl ConnectionTrait,
    scope: Scope,
    people: Vec<Person>,
    only: Option<&[PersonId]>,
    settings: &Settings,
    today: Date,
) -> Result<Vec<Access>, AgreementsError> {
    let published = policies::published(from, scope.organisation).await?;
    let (facts, given) = (facts(&published), given(from, scope.organisation, only, &published).await?);
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
            let standing = stand(&need, facts.get(need.policy), &answers, person.started, grace, today);
            (need, standing)
        };
        let needs = needs(&person.details, settings, today).into_iter().map(one).collect();
        let suspension = suspended.remove(&person.id);
        all.push(Access { audience, mode: audience.mode(settings), needs, suspension, person });
    }
    Ok(all)
}
