//! Who is to be reminded, and who was.

use std::collections::{BTreeMap, HashMap, HashSet};

use calendar::Date;
use ids::{OrganisationId, PersonId};
use ledger::outbox::MailAddress;
use ledger::{Id, LedgerError, Unit, code};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Select};

use super::access::Access;
use super::day;
use super::entity::reminder::{ActiveModel, Column, Entity};
use super::signature::given;
use super::suspension::note;
use crate::agreements::AgreementsError;
use crate::agreements::need::Audience;
use crate::agreements::reminder::{Asking, Letter, Open, Reminded, open};
use crate::agreements::signature::Answer;
use crate::people::{self, Email, Membership, Person, Scope};

/// Letters that are to be written, and why none goes for others.
#[derive(Default)]
pub(in crate::agreements) struct Plan {
    /// By address.
    pub(in crate::agreements) letters: BTreeMap<String, Letter>,
    /// For whom somebody had a letter already on this day.
    pub(in crate::agreements) told: HashSet<PersonId>,
    /// For whom nobody can be written to.
    pub(in crate::agreements) paper: HashSet<PersonId>,
    pub(in crate::agreements) answered: usize,
    pub(in crate::agreements) own: usize,
}

/// Whether a letter is due, by when the last one went.
pub(in crate::agreements) type Due<'a> = &'a (dyn Fn(Option<Reminded>) -> bool + Send + Sync);

/// Who could sign for a person.
enum Signers {
    /// These. Nobody, where no address may be written to.
    Are(Vec<(PersonId, Email)>),
    /// All of them have said no.
    Answered,
}

/// What letters are to be written for these people on a day. One goes to an address where one of those behind it is due, and asks for all that
/// wait there; none goes where one has gone on that day.
///
/// # Errors
/// Where the database refuses.
pub(in crate::agreements) async fn plan(
    from: &impl ConnectionTrait,
    scope: Scope,
    all: &[&Access],
    grace: i64,
    today: Date,
    is_due: Due<'_>,
) -> Result<Plan, AgreementsError> {
    let mut plan = Plan::default();
    let mut waits: Vec<(&Access, Date)> = Vec::new();
    for access in all {
        match open(access, grace) {
            Open::Nothing => {}
            Open::Answered => plan.answered += 1,
            Open::OwnMark => plan.own += 1,
            Open::Since(since) => waits.push((access, since)),
        }
    }
    if waits.is_empty() {
        return Ok(plan);
    }
    let waiting: Vec<&Access> = waits.iter().map(|(access, _)| *access).collect();
    let mut signers = signers(from, scope, &waiting, today).await?;
    let ids: Vec<PersonId> = waiting.iter().map(|access| access.person.id).collect();
    let before = pairs(from, scope.organisation, &ids).await?;
    let written_to = written_to(from, scope, today).await?;
    let mut due: HashSet<String> = HashSet::new();
    for (access, since) in waits {
        let of = access.person.id;
        let to = match signers.remove(&of) {
            Some(Signers::Answered) => {
                plan.answered += 1;
                continue;
            }
            Some(Signers::Are(to)) => to,
            None => Vec::new(),
        };
        if to.is_empty() {
            plan.paper.insert(of);
        }
        for (to, email) in to {
            let Ok(address) = MailAddress::parse(email.as_str()) else { continue };
            if written_to.contains(email.as_str()) {
                plan.told.insert(of);
                continue;
            }
            // What is asked for since then is another matter, and is counted anew.
            let again = before.get(&(of, to)).copied().filter(|reminded| reminded.last >= since);
            if is_due(again) {
                due.insert(email.to_string());
            }
            let asking = Asking { of, to, times: again.map_or(1, |reminded| reminded.times + 1) };
            let letter = plan.letters.entry(email.to_string()).or_insert_with(|| Letter { to: address, asks: Vec::new() });
            letter.asks.push(asking);
        }
    }
    plan.letters.retain(|address, _| due.contains(address));
    Ok(plan)
}

/// Who could sign for each of these, with an address that letters may go to: themselves; for a pupil, whoever answers for it by law, is here, may
/// be told and has not said no.
async fn signers(
    from: &impl ConnectionTrait,
    scope: Scope,
    all: &[&Access],
    today: Date,
) -> Result<HashMap<PersonId, Signers>, AgreementsError> {
    let pupils: Vec<PersonId> = all.iter().filter(|it| it.audience == Audience::Pupils).map(|access| access.person.id).collect();
    let ties = people::ties(from, scope, &pupils, today).await?;
    // Of what was answered, only what counts here: which version it was is no matter.
    let mut said_no: HashSet<(PersonId, PersonId)> = HashSet::new();
    for ((of, _), answers) in given(from, scope.organisation, Some(&pupils), &[]).await? {
        said_no.extend(answers.iter().filter(|given| given.answer != Answer::Signed).map(|given| (of, given.signer)));
    }
    let mut carers: Vec<PersonId> = ties.values().flat_map(|ties| &ties.carers).copied().collect();
    carers.sort();
    carers.dedup();
    let adults: HashMap<PersonId, Person> =
        people::persons(from, scope, &carers).await?.into_iter().map(|adult| (adult.id, adult)).collect();
    let reached = |person: &Person| Some((person.id, person.details.email.clone()?));
    let of = |access: &&Access| {
        let person = &access.person;
        if access.audience != Audience::Pupils {
            return (person.id, Signers::Are(reached(person).into_iter().collect()));
        }
        let carers = ties.get(&person.id).map(|ties| ties.carers.as_slice()).unwrap_or_default();
        let open: Vec<&PersonId> = carers.iter().filter(|carer| !said_no.contains(&(person.id, **carer))).collect();
        if open.is_empty() && !carers.is_empty() {
            return (person.id, Signers::Answered);
        }
        let adults = open.into_iter().filter_map(|carer| adults.get(carer));
        // Who signs in as a parent is one, and has not left.
        let parents = adults.filter(|adult| adult.is_here(today) && adult.details.memberships.has(Membership::Parent));
        (person.id, Signers::Are(parents.filter_map(reached).collect()))
    };
    Ok(all.iter().map(of).collect())
}

/// When each of those who could sign for these was reminded.
async fn pairs(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    of: &[PersonId],
) -> Result<HashMap<(PersonId, PersonId), Reminded>, AgreementsError> {
    let mut all = HashMap::new();
    for some in of.chunks(10_000) {
        let ids = some.iter().map(|person| Id::from(*person));
        let rows = here(organisation).filter(Column::ForId.is_in(ids)).all(from).await;
        for row in rows.map_err(LedgerError::database("reading who was reminded"))? {
            all.insert((row.for_id.into(), row.to_id.into()), Reminded { last: day(&row.last_on)?, times: row.times });
        }
    }
    Ok(all)
}

/// When and how often letters reminded somebody to sign for each of these.
///
/// # Errors
/// Where the database refuses.
pub async fn reminded(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    of: &[PersonId],
) -> Result<HashMap<PersonId, Reminded>, AgreementsError> {
    let mut all: HashMap<PersonId, Reminded> = HashMap::new();
    for ((of, _), Reminded { last, times }) in pairs(from, organisation, of).await? {
        let known = all.entry(of).or_insert(Reminded { last, times });
        // Two adults were written to on the same days, or one of them has come later.
        *known = Reminded { last: known.last.max(last), times: Ord::max(known.times, times) };
    }
    Ok(all)
}

/// The addresses to which letters went on a day.
async fn written_to(from: &impl ConnectionTrait, scope: Scope, on: Date) -> Result<HashSet<String>, AgreementsError> {
    let rows = here(scope.organisation).filter(Column::LastOn.eq(on.to_string())).all(from).await;
    let rows = rows.map_err(LedgerError::database("reading who was reminded on a day"))?;
    let to: HashSet<PersonId> = rows.into_iter().map(|row| row.to_id.into()).collect();
    let to = people::persons(from, scope, &to.into_iter().collect::<Vec<_>>()).await?;
    Ok(to.into_iter().filter_map(|person| Some(person.details.email?.to_string())).collect())
}

/// Keeps that these letters went on a day.
///
/// # Errors
/// [`LedgerError::Conflict`] where somebody else was faster; where the database refuses.
pub(in crate::agreements) async fn keep_reminded(unit: &mut Unit, letters: &[&Letter], on: Date) -> Result<(), AgreementsError> {
    let (organisation, now) = (unit.act().organisation, unit.act().at.micros());
    // In one order, so that two at once wait for each other and do not block each other.
    let mut asks: Vec<Asking> = letters.iter().flat_map(|letter| &letter.asks).copied().collect();
    asks.sort();
    let rows = asks.iter().map(|asking| ActiveModel {
        organisation_id: Set(organisation.into()),
        for_id: Set(asking.of.into()),
        to_id: Set(asking.to.into()),
        last_on: Set(on.to_string()),
        times: Set(asking.times),
        made_at: Set(now),
    });
    let is_earlier = Expr::col((Entity, Column::LastOn)).lt(Expr::col((Alias::new("excluded"), Column::LastOn)));
    let again = OnConflict::columns([Column::OrganisationId, Column::ForId, Column::ToId])
        .update_columns([Column::LastOn, Column::Times])
        .action_and_where(is_earlier)
        .to_owned();
    let kept = Entity::insert_many(rows).on_conflict(again).exec_without_returning(unit.connection()).await;
    // Of two at once, the second finds that day there already, and sends nothing.
    if kept.map_err(LedgerError::database("keeping who was reminded"))? != asks.len() as u64 {
        return Err(LedgerError::Conflict.into());
    }
    let mut of: Vec<PersonId> = asks.iter().map(|asking| asking.of).collect();
    of.dedup();
    of.into_iter().try_for_each(|person| note(unit, person, code!("agreement.reminded")))
}

fn here(organisation: OrganisationId) -> Select<Entity> {
    Entity::find().filter(Column::OrganisationId.eq(Id::from(organisation)))
}
