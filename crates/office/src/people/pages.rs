//! The pages about people: who is here, one person, and who holds which role.

use axum::extract::{Form, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use ids::PersonId;
use ledger::code;
use serde::Deserialize;

use super::view::{ListPage, PersonPage, RoleRow, RolesPage, RowOfList};
use super::{Duties, Find, Holding, Membership, NewHolding, Person, Role, Slice, Standing, YearGroup, export};
use crate::access::{Action, Thing};
use crate::people;
use crate::web::{Ask, Caller, Problem, Route, Shared, sentence};

/// How many people stand on one part of the list.
const PART: u64 = 50;

/// The routes of this capability.
pub fn routes() -> Vec<Route> {
    vec![
        Route::page("/people", Ask::School(Action::SeePeople), list).in_menu("People"),
        Route::page("/people.csv", Ask::School(Action::SeePeople), csv),
        Route::page("/people/{person}", Ask::Thing(&[Action::SeePerson]), person),
        Route::form("/people/{person}/role", Ask::Thing(&[Action::GiveRole]), give_role),
        Route::form("/people/{person}/role/end", Ask::Thing(&[Action::EndRole]), end_role),
        Route::page("/roles", Ask::School(Action::SeeHoldings), roles).in_menu("Roles"),
    ]
}

/// What is looked for. A link with it can be passed on.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Search {
    #[serde(default)]
    pub(super) find: String,
    #[serde(default)]
    pub(super) is: String,
    #[serde(default)]
    pub(super) year: String,
    #[serde(default)]
    pub(super) left: String,
    #[serde(default)]
    pub(super) from: u64,
}

#[derive(Debug, Deserialize)]
struct OfRole {
    #[serde(default)]
    role: String,
    #[serde(default)]
    holding: String,
}

// === impl Search ===

impl Search {
    fn find(&self, caller: &Caller) -> Result<Find, Problem> {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let membership = some(&self.is).map(|word| word.parse::<Membership>()).transpose().map_err(|_| Problem::NotReadable)?;
        let year = some(&self.year).map(|word| word.parse().ok().and_then(YearGroup::new).ok_or(Problem::NotReadable)).transpose()?;
        let state = if self.left.is_empty() { Standing::Here(caller.today()) } else { Standing::Left(caller.today()) };
        Ok(Find { words: self.find.clone(), membership, year, group: None, state })
    }

    /// The same, beginning elsewhere.
    pub(super) fn query(&self, from: u64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("find", &self.find), ("is", &self.is), ("year", &self.year), ("left", &self.left)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if from > 0 {
            query.append_pair("from", &from.to_string());
        }
        query.finish()
    }
}

async fn list(State(house): State<Shared>, caller: Caller, search: Query<Search>) -> Result<Response, Problem> {
    let office = caller.office();
    let (sight, find) = (office.policies.sight(&caller.who()), search.find(&caller)?);
    let slice = Slice { from: search.from, most: PART };
    let found = people::seen(office.ledger.reader(), office.scope(), &sight, &find, slice, caller.today()).await?;
    caller.looks_at(Action::SeePeople, found.people.iter().map(|person| person.id)).await?;
    let rows: Vec<RowOfList> = found.people.iter().map(RowOfList::of).collect();
    let page = ListPage { search: &search, rows: &rows, total: found.total, part: PART };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}

/// All of those who are looked for, as a file.
async fn csv(caller: Caller, search: Query<Search>) -> Result<Response, Problem> {
    let office = caller.office();
    let (sight, find) = (office.policies.sight(&caller.who()), search.find(&caller)?);
    let found = people::all_seen(office.ledger.reader(), office.scope(), &sight, &find, caller.today()).await?;
    caller.looks_at(Action::SeePeople, found.iter().map(|person| person.id)).await?;
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"people.csv\"")];
    Ok((headers, export::csv(&found)).into_response())
}

async fn person(State(house): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    person_page(&house, &caller, &id, StatusCode::OK, None).await
}

async fn person_page(house: &Shared, caller: &Caller, id: &str, status: StatusCode, error: Option<&str>) -> Result<Response, Problem> {
    let id: PersonId = id.parse().map_err(|_| Problem::NotThere)?;
    let (reader, scope, today) = (caller.office().ledger.reader(), caller.office().scope(), caller.today());
    let person = people::person(reader, scope, id).await?;
    let ties = people::ties(reader, scope, &[id], today).await?.remove(&id).unwrap_or_default();
    caller.must(Action::SeePerson, &Thing::Person { who: id, teachers: ties.teachers.clone(), carers: ties.carers })?;
    let person = person.ok_or(Problem::NotThere)?;
    let teachers = names(caller, &ties.teachers).await?;
    let answer_for: Vec<PersonId> =
        people::responsible_for(reader, scope, id).await?.iter().filter(|it| it.holds(today)).map(|it| it.adult).collect();
    let children: Vec<PersonId> =
        people::children_of(reader, scope, id).await?.iter().filter(|it| it.holds(today)).map(|it| it.child).collect();
    // Who answers for whom is shown to those who may see a stranger's page, and not to the class teacher of one child's sibling.
    let sees_families = caller.may(Action::SeeContact, &Thing::Person { who: id, teachers: Vec::new(), carers: Vec::new() });
    let (adults, children) =
        if sees_families { (names(caller, &answer_for).await?, names(caller, &children).await?) } else { Default::default() };
    // Whoever is named on the page is seen on it.
    let named = [&teachers, &adults, &children].into_iter().flatten().map(|(person, _)| *person);
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
        teachers: &teachers,
        adults: &adults,
        children: &children,
        holdings: &holdings,
        ends: &ends,
        given: &given,
        error,
    };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

/// What people are called, in the order of their names.
async fn names(caller: &Caller, ids: &[PersonId]) -> Result<Vec<(PersonId, String)>, Problem> {
    let found = people::persons(caller.office().ledger.reader(), caller.office().scope(), ids).await?;
    let mut named: Vec<(PersonId, String)> = found.into_iter().map(|person| (person.id, person.details.name())).collect();
    named.sort_by(|one, other| one.1.cmp(&other.1));
    Ok(named)
}

/// Whether somebody gives it, and it does not come with being here.
fn is_given(role: Role) -> bool {
    Membership::ALL.iter().all(|membership| membership.role() != role)
}

async fn give_role(
    State(house): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    Form(chosen): Form<OfRole>,
) -> Result<Response, Problem> {
    let to: PersonId = id.parse().map_err(|_| Problem::NotThere)?;
    let Ok(role) = chosen.role.parse::<Role>() else {
        return person_page(&house, &caller, &id, StatusCode::UNPROCESSABLE_ENTITY, Some("Choose a role")).await;
    };
    caller.must(Action::GiveRole, &Thing::Holding { to, role })?;
    let mut unit = caller.office().ledger.begin(caller.act(code!("roles"))).await?;
    let new = NewHolding { person: to, role, duties: Duties::NONE, authority: None, started: caller.today(), ended: None };
    people::give_role(&mut unit, &new).await?;
    unit.commit().await?;
    Ok(Redirect::to(&format!("/people/{to}")).into_response())
}

async fn end_role(caller: Caller, Path(id): Path<String>, Form(chosen): Form<OfRole>) -> Result<Response, Problem> {
    let of: PersonId = id.parse().map_err(|_| Problem::NotThere)?;
    let holdings = people::holdings_of(caller.office().ledger.reader(), caller.office().scope(), of).await.unwrap_or_default();
    let holding: Option<&Holding> = holdings.iter().find(|holding| holding.id.to_string() == chosen.holding);
    let role = holding.map_or(Role::Headteacher, |holding| holding.role);
    caller.must(Action::EndRole, &Thing::Holding { to: of, role })?;
    let holding = holding.ok_or(Problem::NotThere)?;
    // At once: the last day is yesterday, for what began today too.
    let last = caller.today().yesterday();
    let mut unit = caller.office().ledger.begin(caller.act(code!("roles"))).await?;
    people::end_role(&mut unit, holding, last).await.map_err(|error| match error {
        error if error.is_conflict() => Problem::Conflict,
        error => Problem::Told(sentence(&error.to_string())),
    })?;
    unit.commit().await?;
    Ok(Redirect::to(&format!("/people/{of}")).into_response())
}

async fn roles(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    let (reader, scope, today) = (caller.office().ledger.reader(), caller.office().scope(), caller.today());
    let holdings: Vec<Holding> = people::holdings(reader, scope).await?.into_iter().filter(|holding| holding.holds(today)).collect();
    let ids: Vec<PersonId> = holdings.iter().map(|holding| holding.person).collect();
    let here: Vec<Person> = people::persons(reader, scope, &ids).await?.into_iter().filter(|person| person.is_here(today)).collect();
    caller.looks_at(Action::SeeHoldings, here.iter().map(|person| person.id)).await?;
    let gaps = people::gaps(reader, scope, today).await?;
    let rows: Vec<RoleRow> = Role::ALL
        .iter()
        .filter(|role| is_given(**role))
        .map(|role| {
            let of_role = holdings.iter().filter(|holding| holding.role == *role);
            let mut holders: Vec<String> = of_role
                .filter_map(|holding| here.iter().find(|person| person.id == holding.person))
                .map(|person| person.details.name())
                .collect();
            holders.sort();
            holders.dedup();
            RoleRow { role: *role, holders, gap: gaps.iter().find(|gap| gap.role == *role).copied() }
        })
        .collect();
    Ok(Html(house.page(&RolesPage { rows: &rows }, Some(&caller))).into_response())
}
