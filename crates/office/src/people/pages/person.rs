//! One person, and the roles that somebody is given.

use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ids::PersonId;
use ledger::code;
use serde::Deserialize;

use super::{classes, names, the_person, thing};
use crate::access::{Action, Thing};
use crate::emergency::pages::letters;
use crate::people::view::PersonPage;
use crate::people::{self, Duties, Holding, Membership, NewHolding, PeopleError, Role, Ties};
use crate::web::{Ask, Caller, Fields, Problem, Route, Shared};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::page("/people/{person}", Ask::Thing(&[Action::SeePerson]), person),
        Route::form("/people/{person}/role", Ask::Thing(&[Action::GiveRole]), give_role),
        Route::form("/people/{person}/role/end", Ask::Thing(&[Action::EndRole]), end_role),
    ]
}

#[derive(Debug, Deserialize)]
struct OfRole {
    #[serde(default)]
    holding: String,
}

async fn person(State(house): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    person_page(&house, &caller, &id, StatusCode::OK, &Fields::default()).await
}

async fn person_page(house: &Shared, caller: &Caller, id: &str, status: StatusCode, fields: &Fields) -> Result<Response, Problem> {
    let (person, ties) = the_person(caller, id, Action::SeePerson).await?;
    let (id, reader, scope, today) = (person.id, caller.office().ledger.reader(), caller.office().scope(), caller.today());
    let may = |action| caller.may(action, &thing(id, &ties));
    let teachers = names(caller, &ties.teachers).await?;
    let answer_for: Vec<PersonId> =
        people::responsible_for(reader, scope, id).await?.iter().filter(|it| it.holds(today)).map(|it| it.adult).collect();
    let children: Vec<PersonId> =
        people::children_of(reader, scope, id).await?.iter().filter(|it| it.holds(today)).map(|it| it.child).collect();
    // Who answers for whom is shown to those who may see a stranger's contacts, and not to the class teacher of one child's sibling.
    let sees_families = caller.may(Action::SeeContact, &thing(id, &Ties::default()));
    let (adults, children) =
        if sees_families { (names(caller, &answer_for).await?, names(caller, &children).await?) } else { Default::default() };
    let sponsor = names(caller, person.details.sponsor.as_slice()).await?;
    // Whoever is named on the page is seen on it.
    let named = [&teachers, &adults, &children, &sponsor].into_iter().flatten().map(|(person, _)| *person);
    caller.looks_at(Action::SeePerson, [id].into_iter().chain(named)).await?;
    let holdings = people::holdings_of(reader, scope, id).await?;
    let gives = |role: &Role| caller.may(Action::GiveRole, &Thing::Holding { to: id, role: *role });
    let fits = |role: &Role| role.of().iter().any(|membership| person.details.memberships.has(*membership));
    let held = |role: &Role| holdings.iter().any(|holding| holding.role == *role && holding.holds(today));
    // What comes with being here is not given.
    let given: Vec<Role> = Role::ALL.iter().copied().filter(|role| fits(role) && !held(role) && gives(role) && is_given(*role)).collect();
    let ends: Vec<bool> =
        holdings.iter().map(|it| it.holds(today) && caller.may(Action::EndRole, &Thing::Holding { to: id, role: it.role })).collect();
    let page = PersonPage {
        word: &caller.word(),
        person: &person,
        today,
        classes: &classes::current(caller, &person).await?,
        teachers: &teachers,
        adults: &adults,
        children: &children,
        sponsor: &sponsor,
        holdings: &holdings,
        ends: &ends,
        given: &given,
        may_change: may(Action::ChangePerson),
        sees_contacts: may(Action::SeeContact),
        sees_history: may(Action::SeeHistory),
        titles: caller.titles(),
        fields,
    };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

/// Whether somebody gives it, and it does not come with being here.
pub(in crate::people) fn is_given(role: Role) -> bool {
    Membership::ALL.iter().all(|membership| membership.role() != role)
}

async fn give_role(State(house): State<Shared>, caller: Caller, Path(id): Path<String>, mut fields: Fields) -> Result<Response, Problem> {
    let to: PersonId = id.parse().map_err(|_| Problem::NotThere)?;
    let Ok(role) = fields.get("role").parse::<Role>() else {
        fields.wrong("role", "Choose a role");
        return person_page(&house, &caller, &id, StatusCode::UNPROCESSABLE_ENTITY, &fields).await;
    };
    caller.must(Action::GiveRole, &Thing::Holding { to, role })?;
    let (authority, ended) = (fields.short("authority"), fields.day("until"));
    if ended.is_some_and(|ended| ended < caller.today()) {
        fields.wrong("until-day", "The last day must not lie before today");
    }
    if !fields.are_right() {
        return person_page(&house, &caller, &id, StatusCode::UNPROCESSABLE_ENTITY, &fields).await;
    }
    let mut unit = caller.office().ledger.begin(caller.act(code!("roles"))).await?;
    let new = NewHolding { person: to, role, duties: Duties::NONE, authority, started: caller.today(), ended };
    people::give_role(&mut unit, &new).await?;
    if role.sees_safeguarding() {
        // All who hold such a role are told: on their first page, and by a letter that says nothing.
        let seeing: Vec<Role> = Role::ALL.iter().copied().filter(|role| role.sees_safeguarding()).collect();
        letters(&house, &caller, &mut unit, &seeing).await?;
    }
    unit.commit().await?;
    Ok(Redirect::to(&format!("/people/{to}")).into_response())
}

async fn end_role(caller: Caller, Path(id): Path<String>, Form(chosen): Form<OfRole>) -> Result<Response, Problem> {
    let of: PersonId = id.parse().map_err(|_| Problem::NotThere)?;
    let holdings = match people::holdings_of(caller.office().ledger.reader(), caller.office().scope(), of).await {
        // Somebody who is not there is asked about like somebody else's.
        Err(PeopleError::NotThere) => Vec::new(),
        holdings => holdings?,
    };
    let holding: Option<&Holding> = holdings.iter().find(|holding| holding.id.to_string() == chosen.holding);
    let role = holding.map_or(Role::Headteacher, |holding| holding.role);
    caller.must(Action::EndRole, &Thing::Holding { to: of, role })?;
    let holding = holding.ok_or(Problem::NotThere)?;
    if !holding.holds(caller.today()) {
        // Somebody else has ended it, and its last day stays as they set it.
        return Err(Problem::Conflict);
    }
    // At once: the last day is yesterday, for what began today too.
    let last = caller.today().yesterday();
    let mut unit = caller.office().ledger.begin(caller.act(code!("roles"))).await?;
    people::end_role(&mut unit, holding, last).await?;
    unit.commit().await?;
    Ok(Redirect::to(&format!("/people/{of}")).into_response())
}
