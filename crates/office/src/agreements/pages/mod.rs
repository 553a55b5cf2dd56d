//! The pages of agreements: one's own, those of the school, a class's paper, and the gate.

mod class;
mod gate;
mod kept;
mod own;
mod pack;
mod remind;
mod school;
mod starters;

pub(super) use class::PaperText;
pub(crate) use class::class_of;
pub(super) use remind::Done;
pub(super) use school::{Look, word};
pub(super) use starters::Look as StarterLook;

use std::collections::{HashMap, HashSet};

use ids::PersonId;

use super::{AgreementsError, Opened, opened};
use crate::access::{Action, Thing};
use crate::people::{self, Find, Held, Role, Standing, Ties};
use crate::policies;
use crate::web::{Ask, Caller, House, Problem, Route, sentence};

/// How many people stand on one part of a list.
pub(super) const PART: usize = 50;

/// The routes of this capability.
pub fn routes() -> Vec<Route> {
    const SIGN: Ask = Ask::Thing(&[Action::SignAgreement]);
    const ENTER: Ask = Ask::Thing(&[Action::EnterSignature]);
    const SUSPEND: Ask = Ask::Thing(&[Action::Suspend]);
    vec![
        Route::page("/my/agreements", Ask::Own, own::list).in_menu("My agreements"),
        Route::page("/my/agreements/{policy}/{person}", SIGN, own::text),
        Route::form("/my/agreements/{policy}/{person}", SIGN, own::sign),
        Route::page("/agreements", Ask::School(Action::SeePeople), school::list).in_menu("Who has signed"),
        Route::page("/agreements.csv", Ask::School(Action::SeePeople), school::csv),
        Route::form("/agreements/remind", ENTER, remind::remind),
        Route::page("/agreements/gate", Ask::School(Action::ChangeGate), gate::page),
        Route::form("/agreements/gate", Ask::School(Action::ChangeGate), gate::set),
        Route::page("/agreements/starters", Ask::School(Action::SeePeople), starters::list),
        Route::form("/agreements/starters", ENTER, starters::give),
        Route::form("/agreements/starters/undo", ENTER, starters::take_back),
        Route::page("/agreements/class/{group}", ENTER, class::page),
        Route::form("/agreements/class/{group}", ENTER, class::enter),
        Route::page("/agreements/class/{group}/paper", ENTER, class::paper),
        Route::page("/agreements/class/{group}/paper.pdf", ENTER, pack::paper),
        Route::page("/agreements/signature/{signature}", Ask::Thing(&[Action::SeeAgreement, Action::SignAgreement]), kept::page),
        Route::page("/agreements/person/{person}", Ask::Thing(&[Action::SeeAgreement]), school::person),
        Route::form("/agreements/person/{person}/suspend", SUSPEND, school::suspend),
        Route::form("/agreements/person/{person}/give-back", SUSPEND, school::give_back),
    ]
}

impl From<AgreementsError> for Problem {
    fn from(error: AgreementsError) -> Self {
        match error {
            AgreementsError::NotThere | AgreementsError::NotTheirs => Self::NotThere,
            AgreementsError::Policies(error) => error.into(),
            AgreementsError::People(error) => error.into(),
            AgreementsError::Settings(error) => error.into(),
            AgreementsError::Records(error) => error.into(),
            told => Self::Told(sentence(&told.to_string())),
        }
    }
}

/// Those to whom the caller may do this, by which agreements are seen or entered; nothing where they may to everybody.
async fn seen(caller: &Caller, action: Action) -> Result<Option<HashSet<PersonId>>, Problem> {
    let office = caller.office();
    let sight = office.policies.sight_of(&caller.who(), action);
    if sight.strangers == Held::Yes {
        return Ok(None);
    }
    let find = Find { state: Standing::Here(caller.today()), ..Find::default() };
    let seen = people::all_seen(office.ledger.reader(), office.scope(), &sight, &find, caller.today()).await?;
    Ok(Some(seen.iter().map(|person| person.id).collect()))
}

/// Who teaches and who answers for each of these people.
async fn things(caller: &Caller, ids: &[PersonId]) -> Result<HashMap<PersonId, Thing>, Problem> {
    let office = caller.office();
    let mut ties = people::ties(office.ledger.reader(), office.scope(), ids, caller.today()).await?;
    let thing = |who: PersonId| {
        let Ties { teachers, carers, .. } = ties.remove(&who).unwrap_or_default();
        (who, Thing::Person { who, teachers, carers })
    };
    Ok(ids.iter().copied().map(thing).collect())
}

/// When the texts of each of these were opened by whoever signs them: the person, and for a pupil the adults who answer for it. A parent sees
/// nothing of another.
async fn opened_for(
    house: &dyn House,
    caller: &Caller,
    things: &HashMap<PersonId, Thing>,
) -> Result<HashMap<PersonId, Vec<Opened>>, Problem> {
    let office = caller.office();
    let is_shown = |reader: &PersonId| caller.role() != Role::Parent || *reader == caller.person();
    let readers = things.iter().map(|(who, thing)| {
        let carers = if let Thing::Person { carers, .. } = thing { carers.as_slice() } else { &[] };
        (*who, carers.iter().copied().filter(is_shown).chain([*who]).collect())
    });
    let published = policies::published(office.ledger.reader(), office.organisation).await?;
    Ok(opened(office.ledger.reader(), office.organisation, &published, &readers.collect(), &house.zone()).await?)
}
