//! What has its day soon, or had it and was not done: for whoever opens the first page, as far as they may see it.

use calendar::Date;
use jiff::ToSpan as _;

use super::view::small;
use crate::access::{Action, Thing};
use crate::agreements;
use crate::people::{self, Held, Membership};
use crate::permissions;
use crate::policies::{self, State, review_by};
use crate::web::{Caller, Problem};

/// How far ahead is looked.
const DAYS: i32 = 60;
/// From so many days before it is said to be soon.
const SOON: i32 = 14;
/// Most lines.
const MOST: usize = 10;

/// Something with a day.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Deadline {
    /// The day by which it is done.
    pub(super) by: Date,
    /// In a line.
    pub(super) what: String,
    /// Where it is done.
    pub(super) to: String,
    /// How near it is.
    pub(super) nearness: Nearness,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nearness {
    /// There is time.
    Early,
    /// It is near.
    Soon,
    /// The day is past.
    Overdue,
}

/// What has its day in the next sixty days, and what is overdue; the earliest first. Whoever is named by it is looked at.
pub(super) async fn ahead(caller: &Caller) -> Result<Vec<Deadline>, Problem> {
    let today = caller.today();
    let last = Date::try_from(today.civil().saturating_add(DAYS.days())).unwrap_or(today);
    let mut found: Vec<(Date, String, String)> = Vec::new();
    if caller.may(Action::SeePolicies, &Thing::School) {
        found.extend(reviews(caller).await?);
    }
    if caller.may(Action::SeeHoldings, &Thing::School) {
        found.extend(suppliers(caller).await?);
        found.extend(terms(caller, last).await?);
    }
    if caller.may(Action::KeepCopies, &Thing::School) {
        found.extend(copies(caller).await?);
    }
    if caller.office().policies.sight_of(&caller.who(), Action::Suspend).strangers == Held::Yes {
        found.extend(suspensions(caller).await?);
    }
    found.extend(to_be_back(caller).await?);
    found.retain(|(by, _, _)| *by <= last);
    found.sort();
    found.truncate(MOST);
    Ok(found.into_iter().map(|(by, what, to)| Deadline { by, what, to, nearness: nearness(by, today) }).collect())
}

fn nearness(by: Date, today: Date) -> Nearness {
    match by {
        by if by < today => Nearness::Overdue,
        by if by.civil() <= today.civil().saturating_add(SOON.days()) => Nearness::Soon,
        _ => Nearness::Early,
    }
}

/// When policies are looked at again.
async fn reviews(caller: &Caller) -> Result<Vec<(Date, String, String)>, Problem> {
    let (reader, organisation) = (caller.office().ledger.reader(), caller.office().organisation);
    let (latest, early) = (policies::latest(reader, organisation).await?, policies::early_reviews(reader, organisation).await?);
    let review = |version: &policies::Version| {
        let usual = version.publication.as_ref().filter(|_| version.state == State::Current)?.review_by;
        let title = policies::find(&version.policy)?.title;
        Some((review_by(usual, &early, &version.policy), format!("{title}: its review"), format!("/policies/{}", version.policy)))
    };
    Ok(latest.iter().filter_map(review).collect())
}

/// When copies leave that were asked for.
async fn copies(caller: &Caller) -> Result<Vec<(Date, String, String)>, Problem> {
    let all = policies::copy_requests(caller.office().ledger.reader(), caller.office().organisation).await?;
    let open = all.iter().filter(|request| request.sent.is_none());
    let title = |request: &policies::CopyRequest| policies::find(&request.policy).map_or("A policy", |policy| policy.title);
    let leaves =
        |request: &policies::CopyRequest| (request.due, format!("{}: a copy is to be sent", title(request)), "/policies/copies".to_owned());
    Ok(open.map(leaves).collect())
}

/// When what they themselves took off site is to be back.
async fn to_be_back(caller: &Caller) -> Result<Vec<(Date, String, String)>, Problem> {
    let away = permissions::to_be_back(caller).await?;
    let back =
        |it: &permissions::Permission| (it.until, "What you took off site is to be back".to_owned(), format!("/permissions/{}", it.id));
    Ok(away.iter().map(back).collect())
}

/// When suppliers are.
async fn suppliers(caller: &Caller) -> Result<Vec<(Date, String, String)>, Problem> {
    let all = people::suppliers(caller.office().ledger.reader(), caller.office().scope()).await?;
    let serving = all.iter().filter(|supplier| supplier.serves(caller.today()));
    let review = |supplier: &people::Supplier| {
        Some((supplier.details.review?, format!("{}: the arrangement is looked at again", supplier.details.name), "/suppliers".to_owned()))
    };
    Ok(serving.filter_map(review).collect())
}

/// When somebody's time in a role ends. A governor sees which role, and nobody's name.
async fn terms(caller: &Caller, last: Date) -> Result<Vec<(Date, String, String)>, Problem> {
    let (reader, scope, today) = (caller.office().ledger.reader(), caller.office().scope(), caller.today());
    let mut ending = people::holdings(reader, scope).await?;
    ending.retain(|holding| holding.holds(today) && holding.ended.is_some_and(|ended| ended <= last));
    let names_nobody = caller.role().of().contains(&Membership::Governor);
    let ids: Vec<_> = ending.iter().map(|holding| holding.person).filter(|_| !names_nobody).collect();
    let people = people::persons(reader, scope, &ids).await?;
    caller.looks_at(Action::SeeHoldings, people.iter().map(|person| person.id)).await?;
    let name = |id| people.iter().find(|person| person.id == id).map_or_else(|| "Somebody".to_owned(), |person| person.details.name());
    let term = |holding: &people::Holding| {
        let role = small(caller.titles().of(holding.role));
        Some((holding.ended?, format!("{}: the last day as {role}", name(holding.person)), "/roles".to_owned()))
    };
    Ok(ending.iter().filter_map(term).collect())
}

/// When it is looked again at whom the internet was taken from.
async fn suspensions(caller: &Caller) -> Result<Vec<(Date, String, String)>, Problem> {
    let all = agreements::access_kept(caller.office(), caller.today()).await?;
    let suspended: Vec<_> = all.iter().filter(|access| access.suspension.is_some()).collect();
    caller.looks_at(Action::SeeAgreement, suspended.iter().map(|access| access.person.id)).await?;
    let review = |access: &&agreements::Access| {
        let what = format!("{}: whether the internet comes back", access.person.details.name());
        Some((access.suspension.as_ref()?.review, what, format!("/agreements/person/{}", access.person.id)))
    };
    Ok(suspended.iter().filter_map(review).collect())
}
