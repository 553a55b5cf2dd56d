//! Whoever is to sign is reminded now, at somebody's wish.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use ids::PersonId;
use ledger::code;
use serde::Deserialize;

use super::school::{Look, found};
use crate::access::Action;
use crate::agreements::{Access, Letters, Reminding, Whom, access_kept, remind as write};
use crate::web::{Caller, Fields, Problem, Shared};

/// What came of it, as the list says it afterwards.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub(in crate::agreements) struct Done {
    /// Letters that have left; nothing where nobody was reminded just now.
    pub(in crate::agreements) letters: Option<usize>,
    #[serde(default)]
    pub(in crate::agreements) people: usize,
    #[serde(default)]
    pub(in crate::agreements) told: usize,
    #[serde(default)]
    pub(in crate::agreements) paper: usize,
    #[serde(default)]
    pub(in crate::agreements) answered: usize,
    #[serde(default)]
    pub(in crate::agreements) own: usize,
}

/// Those of the people found for whom something is to be signed, and whose paper the caller enters.
pub(super) async fn remindable(caller: &Caller, found: &[&Access]) -> Result<Vec<PersonId>, Problem> {
    let theirs = super::seen(caller, Action::EnterSignature).await?;
    let is_theirs = |access: &&&Access| theirs.as_ref().is_none_or(|theirs| theirs.contains(&access.person.id));
    Ok(found.iter().filter(|access| access.asks()).filter(is_theirs).map(|access| access.person.id).collect())
}

pub(in crate::agreements) async fn remind(State(house): State<Shared>, caller: Caller, fields: Fields) -> Result<Response, Problem> {
    let office = caller.office();
    if office.policies.sight_of(&caller.who(), Action::EnterSignature).is_blind() {
        return Err(Problem::NotThere);
    }
    if !house.sends_mail() {
        return Err(Problem::Told("No letter has left: the school has set up no mail server yet.".to_owned()));
    }
    let text = |name: &str| fields.get(name).to_owned();
    let look = Look { show: text("show"), who: text("who"), find: text("find"), from: 0 };
    let all = access_kept(office, caller.today()).await?;
    let chosen = remindable(&caller, &found(&caller, &look, &all).await?).await?;
    let (school, console, calendar) = (house.words().school, house.address(), house.clone());
    let school_days = move |day, days| calendar.after_school_days(day, days);
    let how = Letters { key: &office.outbox, school: &school, console: &console, school_days: &school_days };
    let act = caller.act(code!("agreements"));
    let Reminding { letters, people, told, paper, answered, own } =
        write(&office.ledger, &act, how, Whom::These(&chosen), caller.today()).await?;
    let counts = [("letters", letters), ("people", people), ("told", told), ("paper", paper), ("answered", answered), ("own", own)];
    let mut query = form_urlencoded::Serializer::new(look.query(0));
    query.extend_pairs(counts.map(|(name, count)| (name, count.to_string())));
    Ok(Redirect::to(&format!("/agreements?{}", query.finish())).into_response())
}
