//! The register of suppliers: who provides what, what each has accepted, and when that is looked at again.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use calendar::Date;
use ids::PersonId;
use ledger::code;

use super::{as_seen, csv_file, names, of_staff, xlsx_file};
use crate::access::{Action, Thing};
use crate::people::view::{SupplierPage, SuppliersPage};
use crate::people::{self, Supplier, SupplierDetails, export};
use crate::web::{Ask, Caller, Fields, Problem, Route, Shared};

pub(super) fn routes() -> Vec<Route> {
    const SEE: Ask = Ask::School(Action::SeeHoldings);
    const KEEP: Ask = Ask::School(Action::KeepRegister);
    vec![
        Route::page("/suppliers", SEE, list).in_menu("Suppliers"),
        Route::page("/suppliers.csv", SEE, csv),
        Route::page("/suppliers.xlsx", SEE, xlsx),
        Route::page("/suppliers/new", KEEP, new),
        Route::form("/suppliers/new", KEEP, add),
        Route::page("/suppliers/{supplier}", KEEP, to_change),
        Route::form("/suppliers/{supplier}", KEEP, change),
        Route::form("/suppliers/{supplier}/end", KEEP, end),
    ]
}

/// All suppliers, with who in the school answers for each.
async fn all(caller: &Caller) -> Result<(Vec<Supplier>, Vec<(PersonId, String)>), Problem> {
    let office = caller.office();
    let suppliers = people::suppliers(office.ledger.reader(), office.scope()).await?;
    let mut owners: Vec<PersonId> = suppliers.iter().filter_map(|supplier| supplier.details.owner).collect();
    owners.sort();
    owners.dedup();
    let owners = names(caller, &owners).await?;
    caller.looks_at(Action::SeeHoldings, owners.iter().map(|(id, _)| *id)).await?;
    Ok((suppliers, owners))
}

async fn list(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    let (suppliers, owners) = all(&caller).await?;
    let may_change = caller.may(Action::KeepRegister, &Thing::School);
    let page = SuppliersPage { suppliers: &suppliers, owners: &owners, today: caller.today(), may_change };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}

/// What stands in a table for spreadsheets.
const HEADINGS: [&str; 10] =
    ["name", "services", "contact", "policy", "accepted", "review", "answers_for_it", "since", "ended", "to_put_right"];

async fn rows(caller: &Caller) -> Result<Vec<Vec<String>>, Problem> {
    let (suppliers, owners) = all(caller).await?;
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let short = |text: &Option<people::Short>| text.as_ref().map(ToString::to_string).unwrap_or_default();
    let row = |supplier: &Supplier| {
        let details = &supplier.details;
        let owner = owners.iter().find(|(id, _)| Some(*id) == details.owner).map(|(_, name)| name.clone()).unwrap_or_default();
        vec![
            details.name.to_string(),
            details.services.to_string(),
            short(&details.contact),
            short(&details.policy),
            day(details.accepted),
            day(details.review),
            owner,
            supplier.started.to_string(),
            day(supplier.ended),
            supplier.wants(caller.today()).join("; "),
        ]
    };
    Ok(suppliers.iter().map(row).collect())
}

async fn csv(caller: Caller) -> Result<Response, Problem> {
    Ok(csv_file("suppliers.csv", export::table(&HEADINGS, rows(&caller).await?.into_iter())))
}

async fn xlsx(caller: Caller) -> Result<Response, Problem> {
    xlsx_file("suppliers.xlsx", export::workbook(&HEADINGS, rows(&caller).await?.into_iter()))
}

async fn new(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    Ok(Html(house.page(&SupplierPage { word: &caller.word(), fields: &Fields::default(), of: None }, Some(&caller))).into_response())
}

async fn add(State(house): State<Shared>, caller: Caller, mut fields: Fields) -> Result<Response, Problem> {
    let details = details(&caller, &mut fields, None).await?;
    let (Some(details), true) = (details, fields.are_right()) else {
        let page = SupplierPage { word: &caller.word(), fields: &fields, of: None };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(house.page(&page, Some(&caller)))).into_response());
    };
    let mut unit = caller.office().ledger.begin(caller.act(code!("people"))).await?;
    people::add_supplier(&mut unit, &details, caller.today()).await?;
    unit.commit().await?;
    Ok(Redirect::to("/suppliers").into_response())
}

async fn the_supplier(caller: &Caller, id: &str) -> Result<Supplier, Problem> {
    let office = caller.office();
    let all = people::suppliers(office.ledger.reader(), office.scope()).await?;
    all.into_iter().find(|supplier| supplier.id.to_string() == id).ok_or(Problem::NotThere)
}

async fn to_change(State(house): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let supplier = the_supplier(&caller, &id).await?;
    let details = &supplier.details;
    let owner = names(&caller, details.owner.as_slice()).await?;
    caller.looks_at(Action::SeeHoldings, owner.iter().map(|(id, _)| *id)).await?;
    let mut fields = Fields::default();
    fields.add("name", &details.name);
    fields.add("services", &details.services);
    details.contact.iter().for_each(|contact| fields.add("contact", contact));
    details.policy.iter().for_each(|policy| fields.add("policy", policy));
    details.accepted.iter().for_each(|day| fields.add_day("accepted", *day));
    details.review.iter().for_each(|day| fields.add_day("review", *day));
    owner.iter().for_each(|(_, name)| fields.add("owner", name));
    fields.add("version", supplier.version);
    let page = SupplierPage { word: &caller.word(), fields: &fields, of: Some(&supplier) };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}

async fn change(State(house): State<Shared>, caller: Caller, Path(id): Path<String>, mut fields: Fields) -> Result<Response, Problem> {
    let supplier = the_supplier(&caller, &id).await?;
    as_seen(&fields, supplier.version)?;
    let details = details(&caller, &mut fields, supplier.details.owner).await?;
    let (Some(details), true) = (details, fields.are_right()) else {
        let page = SupplierPage { word: &caller.word(), fields: &fields, of: Some(&supplier) };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(house.page(&page, Some(&caller)))).into_response());
    };
    let office = caller.office();
    let mut unit = office.ledger.begin(caller.act(code!("people"))).await?;
    people::change_supplier(&mut unit, &office.keys, &supplier, &details).await?;
    unit.commit().await?;
    Ok(Redirect::to("/suppliers").into_response())
}

async fn end(caller: Caller, Path(id): Path<String>, fields: Fields) -> Result<Response, Problem> {
    let supplier = the_supplier(&caller, &id).await?;
    as_seen(&fields, supplier.version)?;
    let last = caller.today().yesterday().max(supplier.started);
    let mut unit = caller.office().ledger.begin(caller.act(code!("people"))).await?;
    people::end_supplier(&mut unit, &supplier, last).await?;
    unit.commit().await?;
    Ok(Redirect::to("/suppliers").into_response())
}

/// What was typed; nothing where something is missing, which is said at its field.
async fn details(caller: &Caller, fields: &mut Fields, owner: Option<PersonId>) -> Result<Option<SupplierDetails>, Problem> {
    let (name, services) = (fields.needed("name", "Enter what it is called"), fields.needed("services", "Enter what it provides"));
    let (contact, policy) = (fields.short("contact"), fields.short("policy"));
    let (accepted, review) = (fields.day("accepted"), fields.day("review"));
    if accepted.is_some_and(|day| day > caller.today()) {
        fields.wrong("accepted-day", "It cannot have been accepted in the future");
    }
    if accepted.is_some() && policy.is_none() {
        fields.wrong("policy", "Enter which policy it has accepted, with its edition");
    }
    let owner = of_staff(caller, fields, "owner", owner).await?;
    let (Some(name), Some(services)) = (name, services) else { return Ok(None) };
    Ok(Some(SupplierDetails { name, services, contact, policy, accepted, review, owner }))
}
