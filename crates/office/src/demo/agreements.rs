//! Larkfield has its policies, and nearly everybody has signed: the forms came back on paper, and the office entered them.
//!
//! Nobody has signed for the Ragworts and the Yarrows, nor where no adult is known who may, nor have the contractors; so there is something to
//! see at the gate.

use calendar::{Date, Instant};
use ids::{OrganisationId, PersonId};
use jiff::tz::TimeZone;
use ledger::{Act, Actor, Ledger, Origin, by_program, code};

use super::{DemoError, DemoSchool, NAME};
use crate::agreements::{self, AgreementsError, Answer, Audience, Method, Part, Signing};
use crate::document::Language;
use crate::people::{self, Membership, Role, Scope};
use crate::policies::{self, NewText, NewTranslation, PARENT, PoliciesError, Publish, SHELF, State};
use crate::settings::{self, GATE_PUPILS, Mode, POLICY_REVIEW, SettingsError};

/// Families for whose children nobody has signed.
const UNSIGNED: [&str; 2] = ["Ragwort", "Yarrow"];

impl From<PoliciesError> for DemoError {
    fn from(error: PoliciesError) -> Self {
        AgreementsError::from(error).into()
    }
}

impl From<SettingsError> for DemoError {
    fn from(error: SettingsError) -> Self {
        AgreementsError::from(error).into()
    }
}

/// Puts the policies into force and signs. What an earlier start had begun and not ended is ended.
///
/// # Errors
/// Where the database refuses.
pub async fn sign(ledger: &Ledger, organisation: OrganisationId, school: &DemoSchool, now: Instant) -> Result<(), DemoError> {
    let today = Date::try_from(now.timestamp().to_zoned(TimeZone::UTC).date()).map_err(|_| DemoError::Table { what: "calendar" })?;
    let by = |role: Role| {
        let person = school.person_of(role).ok_or(DemoError::Table { what: "list of people" })?;
        let act = by_program(organisation, now, Origin::Command);
        Ok::<Act, DemoError>(Act { actor: Actor::Person(person), role: role.code(), purpose: code!("demonstration"), ..act })
    };
    for state in [None, Some(State::Draft), Some(State::Approved)] {
        let role = match state {
            None => Role::OnlineSafetyLead,
            Some(State::Draft) => Role::ResponsibleGovernor,
            Some(_) => Role::Headteacher,
        };
        forward(ledger, by(role)?, state, today).await?;
    }
    polish(ledger, &by, today).await?;
    let scope = Scope::of(organisation);
    let all = agreements::access(ledger.reader(), scope, today).await?;
    if all.iter().flat_map(|access| &access.needs).all(|(_, standing)| !matches!(standing, agreements::Standing::Signed { .. })) {
        paper(ledger, by(Role::SupportStaff)?, &all, today).await?;
    }
    given(ledger, by(Role::SupportStaff)?, today).await?;
    if settings::read(ledger.reader(), organisation).await?.changed(&GATE_PUPILS).is_none() {
        let mut unit = ledger.begin(by(Role::Headteacher)?).await.map_err(AgreementsError::from)?;
        settings::set(&mut unit, &GATE_PUPILS, 0, Mode::Enforce.number(), "Our policy promises it.").await?;
        unit.commit().await.map_err(AgreementsError::from)?;
    }
    Ok(())
}

/// Takes each policy that is as far as `state` one step on: it is begun, approved, put into force.
async fn forward(ledger: &Ledger, act: Act, state: Option<State>, today: Date) -> Result<(), DemoError> {
    let (organisation, mut any) = (act.organisation, false);
    let latest = policies::latest(ledger.reader(), organisation).await?;
    let values = policies::values(ledger.reader(), Scope::of(organisation), NAME, today).await?;
    let review_months = settings::read(ledger.reader(), organisation).await?.value(&POLICY_REVIEW);
    let mut unit = ledger.begin(act).await.map_err(AgreementsError::from)?;
    for policy in SHELF {
        let Some(source) = policy.template else { continue };
        let seen = latest.iter().find(|version| version.policy == policy.word);
        match (seen, state) {
            (None, None) => {
                let text = NewText { source, change: "The first text, as it comes with Schoolgate.", today };
                policies::begin(&mut unit, policy.word, text).await?;
            }
            (Some(seen), Some(State::Draft)) if seen.state == State::Draft => {
                policies::approve(&mut unit, seen, today, "Full governing body, first meeting of the year, item 7", today).await?;
            }
            (Some(seen), Some(State::Approved)) if seen.state == State::Approved => {
                let how = Publish { values: values.clone(), today, review_months, must_sign: true, seen };
                policies::publish(&mut unit, how).await?;
            }
            _ => continue,
        }
        any = true;
    }
    if any {
        unit.commit().await.map_err(AgreementsError::from)?;
    }
    Ok(())
}

/// What parents sign is there in Polish too: written by one, checked by another.
async fn polish(ledger: &Ledger, by: &impl Fn(Role) -> Result<Act, DemoError>, today: Date) -> Result<(), DemoError> {
    let (writes, checks) = (by(Role::OnlineSafetyLead)?, by(Role::Headteacher)?);
    let (reader, organisation) = (ledger.reader(), writes.organisation);
    let language = Language::find("pl").ok_or(DemoError::Table { what: "languages" })?;
    let Some(version) = policies::current(reader, organisation, PARENT).await? else { return Ok(()) };
    let there = policies::translations_of(reader, organisation, &[version.id]).await?;
    // The demonstration's, and not that of whoever has written another text since.
    if version.number > 1 || there.iter().any(|translation| !translation.is_unchecked()) {
        return Ok(());
    }
    let mut unchecked = there.into_iter().find(|translation| translation.language == language);
    if unchecked.is_none() {
        let values = policies::values(reader, Scope::of(organisation), NAME, today).await?;
        let values = policies::values_of(values, &version);
        let new = NewTranslation { language, source: include_str!("parent-agreement.pl.md"), values: &values, today, seen: None };
        let mut unit = ledger.begin(writes).await.map_err(AgreementsError::from)?;
        let id = policies::translate(&mut unit, &version, new).await?;
        unit.commit().await.map_err(AgreementsError::from)?;
        unchecked = policies::translation(reader, organisation, id).await?;
    }
    if let Some(seen) = unchecked {
        let mut unit = ledger.begin(checks).await.map_err(AgreementsError::from)?;
        policies::check_translation(&mut unit, &version, &seen, today).await?;
        unit.commit().await.map_err(AgreementsError::from)?;
    }
    Ok(())
}

/// Whoever began lately was given the policy and the agreement on the first day, but for those who have not signed.
async fn given(ledger: &Ledger, act: Act, today: Date) -> Result<(), DemoError> {
    let scope = Scope::of(act.organisation);
    let all = agreements::access(ledger.reader(), scope, today).await?;
    let new = agreements::starters(ledger.reader(), scope, &all, today).await?;
    let asks = |starter: &&agreements::Starter| starter.access.needs.iter().any(|(_, standing)| standing.asks());
    let were: Vec<_> = new.iter().filter(|starter| !asks(starter) && !starter.missing().is_empty()).collect();
    if were.is_empty() {
        return Ok(());
    }
    let mut unit = ledger.begin(act).await.map_err(AgreementsError::from)?;
    for starter in were {
        agreements::give_copies(&mut unit, &[starter], starter.access.person.started, today).await?;
    }
    unit.commit().await.map_err(AgreementsError::from)?;
    Ok(())
}

/// Enters the forms that came back.
async fn paper(ledger: &Ledger, act: Act, all: &[agreements::Access], today: Date) -> Result<(), DemoError> {
    let scope = Scope::of(act.organisation);
    let pupils: Vec<PersonId> = all.iter().filter(|access| access.audience == Audience::Pupils).map(|access| access.person.id).collect();
    let ties = people::ties(ledger.reader(), scope, &pupils, today).await?;
    let carers: Vec<PersonId> = ties.values().flat_map(|ties| ties.carers.first()).copied().collect();
    let adults = people::persons(ledger.reader(), scope, &carers).await?;
    let texts = policies::latest(ledger.reader(), act.organisation).await?;
    let mut unit = ledger.begin(act).await.map_err(AgreementsError::from)?;
    for access in all {
        let details = &access.person.details;
        if UNSIGNED.contains(&details.family.as_str()) || details.memberships.has(Membership::Contractor) {
            continue;
        }
        for (need, _) in &access.needs {
            let adult = ties.get(&access.person.id).and_then(|ties| ties.carers.first());
            let adult = adults.iter().find(|person| Some(&person.id) == adult);
            let signer = if need.part == Part::Own { Some(&access.person) } else { adult };
            let text = texts.iter().find(|version| version.policy == need.policy);
            let (Some(signer), Some(text)) = (signer, text) else { continue };
            let signing = Signing {
                policy: need.policy,
                version: text.id,
                translation: None,
                signer: signer.id,
                for_person: access.person.id,
                answer: Answer::Signed,
                method: Method::Paper,
                name: &signer.details.name(),
                role: if need.part == Part::Adult { Role::Parent.title() } else { access.audience.title() },
                helper: None,
                on: today,
                today,
            };
            agreements::sign(&mut unit, &signing).await?;
        }
    }
    unit.commit().await.map_err(AgreementsError::from)?;
    Ok(())
}
