//! A person is added, changed, ended, and comes back.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use calendar::Date;
use ids::{GroupId, PersonId};
use ledger::code;

use super::{as_seen, names, of_staff, the_person};
use crate::access::Action;
use crate::people::view::{EditPage, EndPage};
use crate::people::{
    self, Details, Email, Find, Group, GroupKind, Member, Membership, Memberships, NewPerson, Part, PeopleError, Person, SchoolYear, Slice,
    Standing, YearGroup,
};
use crate::web::{Ask, Caller, Fields, Problem, Route, Shared, long};

/// The fields of a person, and what they are called.
const FIELDS: [(&str, &str); 8] = [
    ("given", "First name"),
    ("family", "Family name"),
    ("known_as", "Known as"),
    ("is", "What they are to the school"),
    ("year", "Year group"),
    ("email", "Mail address"),
    ("language", "Language at home"),
    ("sponsor", "Who answers for them"),
];

pub(super) fn routes() -> Vec<Route> {
    const ADD: Ask = Ask::School(Action::AddPerson);
    const CHANGE: Ask = Ask::Thing(&[Action::ChangePerson]);
    vec![
        Route::page("/people/new", ADD, new),
        Route::form("/people/new", ADD, add),
        Route::page("/people/{person}/change", CHANGE, to_change),
        Route::form("/people/{person}/change", CHANGE, change),
        Route::page("/people/{person}/end", CHANGE, to_end),
        Route::form("/people/{person}/end", CHANGE, end),
        Route::form("/people/{person}/return", CHANGE, come_back),
    ]
}

/// The classes of this school year that somebody may be put into.
pub(super) async fn classes(caller: &Caller) -> Result<Vec<Group>, Problem> {
    let Some(year) = SchoolYear::of(caller.today()) else { return Ok(Vec::new()) };
    let all = people::groups(caller.office().ledger.reader(), caller.office().scope(), year).await?;
    Ok(all.into_iter().filter(|group| group.kind != GroupKind::Club).collect())
}

async fn new(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    let mut fields = Fields::default();
    fields.add_day("started", caller.today());
    new_page(&house, &caller, &fields, StatusCode::OK).await
}

async fn new_page(house: &Shared, caller: &Caller, fields: &Fields, status: StatusCode) -> Result<Response, Problem> {
    let classes = classes(caller).await?;
    let page = EditPage { word: &caller.word(), fields, of: None, classes: &classes, meanwhile: &[] };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

async fn add(State(house): State<Shared>, caller: Caller, mut fields: Fields) -> Result<Response, Problem> {
    let details = details(&caller, &mut fields, None).await?;
    let started = fields.needed_day("started", "Enter the first day here");
    let ended = fields.day("ended");
    if let (Some(started), Some(ended)) = (started, ended)
        && ended < started
    {
        fields.wrong("ended-day", "The last day must not lie before the first one");
    }
    let classes = classes(&caller).await?;
    let class = class_of(&classes, fields.get("class"));
    if let Some(details) = &details {
        if !fields.get("class").is_empty() && (class.is_none() || !details.memberships.has(Membership::Pupil)) {
            fields.wrong("class", "Only a pupil learns in a class; choose none for others");
        }
        said_twice(&caller, &mut fields, details).await?;
    }
    let (Some(details), Some(started), true) = (details, started, fields.are_right()) else {
        return new_page(&house, &caller, &fields, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let office = caller.office();
    let id = people::new_person_id(caller.now())?;
    let mut unit = office.ledger.begin(caller.act(code!("people"))).await?;
    people::add_many(&mut unit, vec![NewPerson { id, details, started, ended }]).await?;
    if let Some(class) = class {
        let from = started.max(caller.today());
        people::enrol(&mut unit, &[Member { group: class.id, person: id, part: Part::Pupil, started: from, ended: None }]).await?;
    }
    unit.commit().await?;
    Ok(Redirect::to(&format!("/people/{id}")).into_response())
}

/// Somebody of that name is here already: it is asked whether this is another person.
async fn said_twice(caller: &Caller, fields: &mut Fields, details: &Details) -> Result<(), Problem> {
    if fields.get("another") == "yes" {
        return Ok(());
    }
    let find = Find { words: format!("{} {}", details.given, details.family), state: Standing::Here(caller.today()), ..Find::default() };
    let found = people::find(caller.office().ledger.reader(), caller.office().scope(), &find, Slice::FIRST).await?;
    let lower = |person: &Details| (person.given.as_str().to_lowercase(), person.family.as_str().to_lowercase());
    let same: Vec<&Person> = found.people.iter().filter(|person| lower(&person.details) == lower(details)).collect();
    if let Some(person) = same.first() {
        caller.looks_at(Action::SeePeople, same.iter().map(|person| person.id)).await?;
        let year = person.details.year.map(|year| format!(", {year}")).unwrap_or_default();
        let text = format!(
            "{} ({}{year}) is here already. Tick the box if this is another person",
            person.details.name(),
            person.details.memberships
        );
        fields.wrong("another", text);
    }
    Ok(())
}

async fn to_change(State(house): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let (person, _) = the_person(&caller, &id, Action::ChangePerson).await?;
    let sponsor = sponsor_of(&caller, &person).await?;
    let mut fields = fields_of(&person, &sponsor);
    fields.add("seen", fields_of(&person, &sponsor).to_text());
    change_page(&house, &caller, &person, &fields, StatusCode::OK, &[]).await
}

async fn change_page(
    house: &Shared,
    caller: &Caller,
    person: &Person,
    fields: &Fields,
    status: StatusCode,
    meanwhile: &[String],
) -> Result<Response, Problem> {
    // Whoever answers for them is named on it.
    caller.looks_at(Action::ChangePerson, [person.id].into_iter().chain(person.details.sponsor)).await?;
    let page = EditPage { word: &caller.word(), fields, of: Some(person), classes: &[], meanwhile };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

async fn change(State(house): State<Shared>, caller: Caller, Path(id): Path<String>, mut fields: Fields) -> Result<Response, Problem> {
    let (person, _) = the_person(&caller, &id, Action::ChangePerson).await?;
    if fields.get("version") != person.version.to_string() {
        return overtaken(&house, &caller, &person, fields).await;
    }
    let details = details(&caller, &mut fields, Some(&person)).await?;
    let (Some(details), true) = (details, fields.are_right()) else {
        return change_page(&house, &caller, &person, &fields, StatusCode::UNPROCESSABLE_ENTITY, &[]).await;
    };
    let to = Redirect::to(&format!("/people/{}", person.id)).into_response();
    if details == person.details {
        return Ok(to);
    }
    let office = caller.office();
    let mut unit = office.ledger.begin(caller.act(code!("people"))).await?;
    match people::change(&mut unit, &office.keys, &person, &details).await {
        Ok(()) => unit.commit().await?,
        Err(error) if error.is_conflict() => {
            drop(unit);
            let (person, _) = the_person(&caller, &id, Action::ChangePerson).await?;
            return overtaken(&house, &caller, &person, fields).await;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(to)
}

/// Somebody else was faster: what they changed is said and taken over, but where both changed the same field; nothing is saved before it is
/// sent again.
async fn overtaken(house: &Shared, caller: &Caller, now: &Person, mut fields: Fields) -> Result<Response, Problem> {
    let current = fields_of(now, &sponsor_of(caller, now).await?);
    let before = Fields::parse(fields.get("seen").as_bytes());
    let said = |fields: &Fields, name: &str| fields.all(name).map(str::to_owned).collect::<Vec<_>>();
    let mut meanwhile = Vec::new();
    for (name, label) in FIELDS {
        let (was, is, typed) = (said(&before, name), said(&current, name), said(&fields, name));
        if was == is {
            continue;
        }
        let shown = |values: &[String]| if values.is_empty() { "nothing".to_owned() } else { format!("“{}”", values.join(", ")) };
        let mut told = format!("{label}: {}, before {}", shown(&is), shown(&was));
        if typed == was {
            fields.clear(name);
            is.iter().for_each(|value| fields.add(name, value));
        } else if typed != is {
            told.push_str(&format!(". You have typed {}", shown(&typed)));
        }
        meanwhile.push(told);
    }
    if let Some(ended) = now.ended {
        meanwhile.push(format!("The last day here is {}", long(ended)));
    }
    fields.set("version", now.version);
    fields.set("seen", current.to_text());
    change_page(house, caller, now, &fields, StatusCode::CONFLICT, &meanwhile).await
}

async fn sponsor_of(caller: &Caller, person: &Person) -> Result<String, Problem> {
    let named = names(caller, person.details.sponsor.as_slice()).await?;
    Ok(named.into_iter().next().map(|(_, name)| name).unwrap_or_default())
}

/// A person as the form shows them.
fn fields_of(person: &Person, sponsor: &str) -> Fields {
    let details = &person.details;
    let mut fields = Fields::default();
    fields.add("given", &details.given);
    fields.add("family", &details.family);
    details.known_as.iter().for_each(|name| fields.add("known_as", name));
    details.memberships.iter().for_each(|membership| fields.add("is", membership));
    details.year.iter().for_each(|year| fields.add("year", year.number()));
    details.email.iter().for_each(|email| fields.add("email", email));
    details.language.iter().for_each(|language| fields.add("language", language));
    fields.add("sponsor", sponsor);
    fields.add("version", person.version);
    fields
}

/// What was typed about a person; nothing where something is missing, which is said at its field.
async fn details(caller: &Caller, fields: &mut Fields, before: Option<&Person>) -> Result<Option<Details>, Problem> {
    let (given, family) = (fields.needed("given", "Enter the first name"), fields.needed("family", "Enter the family name"));
    let known_as = fields.short("known_as");
    let memberships = fields.all("is").filter_map(|word| word.parse::<Membership>().ok()).fold(Memberships::NONE, Memberships::with);
    if memberships.is_empty() {
        fields.wrong("is", "Tick what they are to the school");
    }
    let is_pupil = memberships.has(Membership::Pupil);
    let year = fields.get("year").parse().ok().and_then(YearGroup::new).filter(|_| is_pupil);
    if is_pupil && year.is_none() {
        fields.wrong("year", "Choose the year group of the pupil");
    }
    let typed = fields.get("email").to_owned();
    let email = Email::parse(&typed).ok();
    if email.is_none() && !typed.is_empty() {
        fields.wrong("email", "Enter a mail address, such as name@school.example");
    }
    let language = fields.short("language");
    let sponsor = sponsor(caller, fields, before, memberships).await?;
    let (Some(given), Some(family)) = (given, family) else { return Ok(None) };
    if memberships.is_empty() {
        return Ok(None);
    }
    let (site, source) = before.map(|person| (person.details.site, person.details.source.clone())).unwrap_or_default();
    Ok(Some(Details { given, family, known_as, memberships, email, language, year, site, sponsor, source }))
}

/// Who of the staff answers for a contractor or a visitor (B-006), by their name.
async fn sponsor(
    caller: &Caller,
    fields: &mut Fields,
    before: Option<&Person>,
    memberships: Memberships,
) -> Result<Option<PersonId>, Problem> {
    let is_needed = [Membership::Contractor, Membership::Visitor].iter().any(|membership| memberships.has(*membership));
    if is_needed && fields.get("sponsor").is_empty() {
        fields.wrong("sponsor", "Enter the name of somebody of the staff who answers for them");
    }
    of_staff(caller, fields, "sponsor", before.and_then(|person| person.details.sponsor)).await
}

async fn to_end(State(house): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let (person, _) = the_person(&caller, &id, Action::ChangePerson).await?;
    let mut fields = Fields::default();
    fields.add("version", person.version);
    let day = person.ended.filter(|ended| *ended >= caller.today()).unwrap_or(caller.today());
    fields.add_day("on", day);
    end_page(&house, &caller, &person, &fields, StatusCode::OK).await
}

async fn end_page(house: &Shared, caller: &Caller, person: &Person, fields: &Fields, status: StatusCode) -> Result<Response, Problem> {
    caller.looks_at(Action::ChangePerson, [person.id]).await?;
    let page = EndPage { word: &caller.word(), fields, person, today: caller.today() };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

async fn end(State(house): State<Shared>, caller: Caller, Path(id): Path<String>, mut fields: Fields) -> Result<Response, Problem> {
    let (person, _) = the_person(&caller, &id, Action::ChangePerson).await?;
    let on = fields.needed_day("on", "Enter the last day here").filter(|on| after_start(&mut fields, &person, *on));
    let why = fields.needed("why", "Say why, in a few words");
    let (Some(on), Some(why)) = (on, why) else {
        return end_page(&house, &caller, &person, &fields, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    as_seen(&fields, person.version)?;
    let office = caller.office();
    let mut unit = office.ledger.begin(caller.act(code!("people"))).await?;
    people::end_for(&mut unit, &office.keys, &person, on, why.as_str()).await?;
    unit.commit().await?;
    Ok(Redirect::to(&format!("/people/{}", person.id)).into_response())
}

async fn come_back(State(house): State<Shared>, caller: Caller, Path(id): Path<String>, mut fields: Fields) -> Result<Response, Problem> {
    let (person, _) = the_person(&caller, &id, Action::ChangePerson).await?;
    let from = fields.needed_day("on", "Enter the first day here");
    if let (Some(from), Some(last)) = (from, person.ended)
        && from < last
    {
        fields.wrong("on-day", format!("The first day back must not lie before the last one, {}", long(last)));
    }
    let (Some(from), true) = (from, fields.are_right()) else {
        return end_page(&house, &caller, &person, &fields, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    as_seen(&fields, person.version)?;
    if person.ended.is_none_or(|last| last >= caller.today()) {
        return Err(PeopleError::HasNotLeft.into());
    }
    let office = caller.office();
    let mut unit = office.ledger.begin(caller.act(code!("people"))).await?;
    people::rejoin(&mut unit, &office.keys, &person, from).await?;
    unit.commit().await?;
    Ok(Redirect::to(&format!("/people/{}", person.id)).into_response())
}

fn after_start(fields: &mut Fields, person: &Person, on: Date) -> bool {
    if on < person.started {
        fields.wrong("on-day", format!("The last day must not lie before the first one, {}", long(person.started)));
    }
    on >= person.started
}

/// A class by its id.
pub(super) fn class_of<'a>(classes: &'a [Group], id: &str) -> Option<&'a Group> {
    let id: GroupId = id.parse().ok()?;
    classes.iter().find(|group| group.id == id)
}
