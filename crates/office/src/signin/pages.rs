//! The pages of signing in: the door, the own sign-in, and the accounts of others.

use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use ids::PersonId;
use ledger::code;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::device::{out, take};
use super::view::{
    AccountRow, AccountsPage, Candidate, ChoosePage, ChosenPage, CodesPage, LinkPage, OwnPage, SecondFactorPage, SessionRow, SignInPage,
};
use super::{Attempt, Confirm, Device, Mark, Outcome, SignInError, Token, account, accounts};
use crate::access::{Action, Proof, Thing};
use crate::gate::{self, Gone};
use crate::people::{self, Find, Held, Role, Slice};
use crate::web::{Ask, Caller, Peer, Problem, Route, SIGN_OUT, Shared, cookie, own_path, sentence};

/// The routes of this capability.
pub fn routes() -> Vec<Route> {
    const DOOR: Ask = Ask::Nothing("whoever signs in is not signed in yet");
    const OTHERS: Ask = Ask::Thing(&[Action::ResetSignIn, Action::EndSessions]);
    vec![
        Route::page("/sign-in", DOOR, door),
        Route::form("/sign-in", DOOR, sign_in),
        Route::page("/link/{token}", Ask::Nothing("whoever has the link chooses the password"), link),
        Route::form("/link/{token}", Ask::Nothing("whoever has the link chooses the password"), choose),
        Route::form(SIGN_OUT, Ask::Own, sign_out),
        Route::page("/my/sign-in", Ask::Own, own),
        Route::form("/my/role", Ask::Own, act_as),
        Route::form("/my/sessions/end", Ask::Own, end_session),
        Route::form("/my/password", Ask::Own, change_password),
        Route::page("/my/second-factor", Ask::Own, second_factor),
        Route::form("/my/second-factor", Ask::Own, turn_on),
        Route::page("/accounts", Ask::School(Action::SeeAccounts), list).in_menu("Accounts"),
        Route::form("/accounts/{person}/make", OTHERS, make),
        Route::form("/accounts/{person}/reset", OTHERS, reset),
        Route::form("/accounts/{person}/sign-out", OTHERS, end_sessions),
        Route::form("/accounts/{person}/end", OTHERS, end),
    ]
}

#[derive(Debug, Default, Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
    /// In the demonstration: as whom, with one press.
    #[serde(default)]
    visitor: String,
}

#[derive(Deserialize)]
struct Passwords {
    #[serde(default)]
    password: String,
    #[serde(default)]
    new: String,
    #[serde(default)]
    again: String,
    #[serde(default)]
    code: String,
}

#[derive(Deserialize)]
struct Chosen {
    #[serde(default)]
    role: String,
    #[serde(default)]
    session: String,
    #[serde(default)]
    user_name: String,
}

#[derive(Debug, Default, Deserialize)]
struct Search {
    #[serde(default)]
    find: String,
}

// === the door ===

async fn door(State(house): State<Shared>, query: Query<Next>) -> Response {
    door_page(&house, StatusCode::OK, "", own_path(&query.next), None)
}

fn door_page(house: &Shared, status: StatusCode, name: &str, next: &str, error: Option<&str>) -> Response {
    let page = SignInPage { name, next, error, visitors: &house.visitors(), is_closed: house.office().is_err() };
    (status, Html(house.page(&page, None))).into_response()
}

async fn sign_in(
    State(house): State<Shared>,
    peer: axum::Extension<Peer>,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let office = house.office().map_err(Problem::Records)?;
    let (name, password, code, role) = match house.visit(&typed.visitor) {
        Some(visit) => (typed.visitor, visit.password, visit.code, Some(visit.role)),
        None => (typed.name, typed.password, typed.code, None),
    };
    let device = cookie(&headers, Mark::Account.cookie()).map(Device::read);
    let attempt = Attempt { name: &name, password: Zeroizing::new(password), code: &code, from: peer.0.0, device: device.as_ref() };
    let next = own_path(&typed.next);
    match office.sign_ins.sign_in(attempt, house.now()).await? {
        Outcome::In { person, session, device, .. } => {
            take(&house, person, peer.0.0).await?;
            if let Some(role) = role {
                office.sign_ins.sessions().act_as(&session, role);
            }
            let cookies = AppendHeaders([(header::SET_COOKIE, session.cookie()), (header::SET_COOKIE, device.cookie(Mark::Account))]);
            Ok((cookies, Redirect::to(next)).into_response())
        }
        Outcome::Wrong => {
            let error =
                "The user name, the password or the code is not right. If you have a code on your telephone, type the one it shows now.";
            Ok(door_page(&house, StatusCode::FORBIDDEN, &name, next, Some(error)))
        }
        Outcome::Wait { until } => {
            let at = until.timestamp().to_zoned(house.zone()).strftime("%H:%M").to_string();
            let error = format!("There were too many wrong tries. Try again after {at}, or on the computer that you always use.");
            Ok(door_page(&house, StatusCode::TOO_MANY_REQUESTS, &name, next, Some(&error)))
        }
    }
}

async fn sign_out(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    gate::leave(house.presence(), caller.person(), caller.from(), caller.now());
    caller.office().sign_ins.sign_out(caller.session(), caller.from(), house.now()).await?;
    let door = if caller.proof() == Proof::Picture && caller.role() == Role::Pupil { "/class" } else { "/sign-in" };
    let gone = format!("{}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0", Token::COOKIE);
    Ok((AppendHeaders([(header::SET_COOKIE, gone)]), Redirect::to(door)).into_response())
}

async fn link(State(house): State<Shared>, Path(token): Path<String>) -> Result<Response, Problem> {
    let office = house.office().map_err(Problem::Records)?;
    let link = Token::read(&token).ok_or(SignInError::Link)?;
    let name = office.sign_ins.named_by(&link, house.now()).await?;
    Ok(Html(house.page(&ChoosePage { token: &token, user_name: name.as_str(), error: None }, None)).into_response())
}

async fn choose(
    State(house): State<Shared>,
    peer: axum::Extension<Peer>,
    Path(token): Path<String>,
    Form(typed): Form<Passwords>,
) -> Result<Response, Problem> {
    let office = house.office().map_err(Problem::Records)?;
    let link = Token::read(&token).ok_or(SignInError::Link)?;
    let name = office.sign_ins.named_by(&link, house.now()).await?;
    let again = |error: String| {
        let page = ChoosePage { token: &token, user_name: name.as_str(), error: Some(&error) };
        Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(house.page(&page, None))).into_response())
    };
    if typed.new != typed.again {
        return again("The two passwords are not the same. Type the same one twice.".to_owned());
    }
    match office.sign_ins.choose(&link, Zeroizing::new(typed.new), peer.0.0, house.now()).await? {
        Ok(person) => {
            out(&house, &office, &[person]);
            Ok(Html(house.page(&ChosenPage { user_name: name.as_str() }, None)).into_response())
        }
        Err(weak) => again(sentence(&weak.to_string())),
    }
}

// === the own sign-in ===

async fn own(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    own_page(&house, &caller, StatusCode::OK, None).await
}

async fn own_page(house: &Shared, caller: &Caller, status: StatusCode, error: Option<&str>) -> Result<Response, Problem> {
    let office = caller.office();
    let account = match caller.proof() {
        Proof::Picture | Proof::Mailed => None,
        Proof::Password | Proof::SecondFactor => account(office.ledger.reader(), office.organisation, caller.person()).await?,
    };
    let zone = house.zone();
    let sessions = office.sign_ins.sessions().list(caller.person(), caller.session(), caller.now());
    let sessions: Vec<SessionRow> = sessions.into_iter().map(|listed| SessionRow::of(listed, &zone)).collect();
    let page = OwnPage {
        word: &caller.word(),
        user_name: account.as_ref().map_or("", |account| &account.user_name),
        has_second_factor: account.as_ref().is_some_and(|account| account.has_second_factor),
        roles: caller.roles(),
        role: caller.role(),
        sessions: &sessions,
        error,
    };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

async fn act_as(caller: Caller, Form(chosen): Form<Chosen>) -> Result<Response, Problem> {
    let role: Role = chosen.role.parse().map_err(|_| Problem::NotReadable)?;
    if !caller.roles().contains(&role) {
        return Err(Problem::NotThere);
    }
    caller.office().sign_ins.sessions().act_as(caller.session(), role);
    Ok(Redirect::to("/").into_response())
}

async fn end_session(State(house): State<Shared>, caller: Caller, Form(chosen): Form<Chosen>) -> Result<Response, Problem> {
    let from = caller.office().sign_ins.sessions().end_one(caller.person(), &chosen.session).ok_or(Problem::NotThere)?;
    gate::forget(house.presence(), &[caller.person()], Gone::From(from), caller.now());
    Ok(Redirect::to("/my/sign-in").into_response())
}

async fn change_password(
    State(house): State<Shared>,
    caller: Caller,
    headers: HeaderMap,
    Form(typed): Form<Passwords>,
) -> Result<Response, Problem> {
    if typed.new != typed.again {
        let error = "The two new passwords are not the same. Type the same one twice.";
        return own_page(&house, &caller, StatusCode::UNPROCESSABLE_ENTITY, Some(error)).await;
    }
    let device = cookie(&headers, Mark::Account.cookie()).map(Device::read);
    let confirm = confirm(&caller, typed.password, device.as_ref());
    let error = match caller.office().sign_ins.change_password(confirm, Zeroizing::new(typed.new), caller.now()).await {
        Ok(Ok(session)) => {
            // All others are out.
            gate::forget(house.presence(), &[caller.person()], Gone::AllBut(caller.from()), caller.now());
            return Ok((AppendHeaders([(header::SET_COOKIE, session.cookie())]), Redirect::to("/my/sign-in")).into_response());
        }
        Ok(Err(weak)) => weak.to_string(),
        Err(error @ (SignInError::Password | SignInError::Wait { .. })) => error.to_string(),
        Err(other) => return Err(other.into()),
    };
    own_page(&house, &caller, StatusCode::UNPROCESSABLE_ENTITY, Some(&sentence(&error))).await
}

fn confirm<'a>(caller: &'a Caller, password: String, device: Option<&'a Device>) -> Confirm<'a> {
    Confirm { session: caller.session(), password: Zeroizing::new(password), from: caller.from(), device }
}

async fn second_factor(State(house): State<Shared>, caller: Caller) -> Result<Response, Problem> {
    second_factor_page(&house, &caller, StatusCode::OK, None).await
}

async fn second_factor_page(house: &Shared, caller: &Caller, status: StatusCode, error: Option<&str>) -> Result<Response, Problem> {
    let office = caller.office();
    let seed = office.sign_ins.seed(caller.session())?;
    let name = account(office.ledger.reader(), office.organisation, caller.person()).await?;
    let address = seed.address(&house.words().school, name.as_ref().map_or("", |account| &account.user_name));
    let page = SecondFactorPage {
        word: &caller.word(),
        secret: &seed.expose(),
        address: &address,
        must: caller.needs_second_factor(),
        replaces: name.is_some_and(|account| account.has_second_factor),
        error,
    };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

async fn turn_on(
    State(house): State<Shared>,
    caller: Caller,
    headers: HeaderMap,
    Form(typed): Form<Passwords>,
) -> Result<Response, Problem> {
    let sign_ins = &caller.office().sign_ins;
    let device = cookie(&headers, Mark::Account.cookie()).map(Device::read);
    let seed = sign_ins.seed(caller.session())?;
    let turned = match sign_ins.confirm(confirm(&caller, typed.password, device.as_ref()), caller.now()).await {
        Ok(_) => sign_ins.turn_on(caller.session(), &seed, &typed.code, caller.from(), caller.now()).await,
        Err(error) => Err(error),
    };
    match turned {
        Ok((codes, session)) => {
            gate::forget(house.presence(), &[caller.person()], Gone::AllBut(caller.from()), caller.now());
            let page = CodesPage { codes: codes.expose() };
            let cookie = AppendHeaders([(header::SET_COOKIE, session.cookie())]);
            Ok((cookie, Html(house.page(&page, None))).into_response())
        }
        Err(error @ (SignInError::Code | SignInError::Password | SignInError::Wait { .. })) => {
            second_factor_page(&house, &caller, StatusCode::UNPROCESSABLE_ENTITY, Some(&sentence(&error.to_string()))).await
        }
        Err(other) => Err(other.into()),
    }
}

// === the accounts of others ===

async fn list(State(house): State<Shared>, caller: Caller, query: Query<Search>) -> Result<Response, Problem> {
    let office = caller.office();
    let (reader, scope, today) = (office.ledger.reader(), office.scope(), caller.today());
    let all = accounts(reader, office.organisation).await?;
    // Whoever mends sign-ins sees user names; names of people stand beside them only for those who may see the people.
    let sight = office.policies.sight(&caller.who());
    let sees_people = sight.strangers == Held::Yes;
    let ids: Vec<PersonId> = if sees_people { all.iter().map(|account| account.person).collect() } else { Vec::new() };
    let people = people::persons(reader, scope, &ids).await?;
    let find = Find { words: query.find.trim().to_owned(), state: people::Standing::Here(today), ..Find::default() };
    let found = match find.words.as_str() {
        "" => Vec::new(),
        _ => people::seen(reader, scope, &sight, &find, Slice { from: 0, most: 20 }, today).await?.people,
    };
    let candidates: Vec<&people::Person> = found.iter().filter(|person| !all.iter().any(|account| account.person == person.id)).collect();
    let seen = people.iter().map(|person| person.id).chain(candidates.iter().map(|person| person.id));
    caller.looks_at(Action::SeeAccounts, seen).await?;
    let name = |person| people.iter().find(|it| it.id == person).map(|it| it.details.name()).unwrap_or_default();
    let zone = house.zone();
    let rows: Vec<AccountRow> = all.iter().map(|account| AccountRow::of(account, name(account.person), &zone)).collect();
    let candidates: Vec<Candidate> = candidates.into_iter().map(Candidate::of).collect();
    let page = AccountsPage { word: &caller.word(), find: &query.find, sees_people, candidates: &candidates, rows: &rows };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}

/// The person whose account it is, if the caller may do `action` to it.
async fn of_other(caller: &Caller, id: &str, action: Action) -> Result<PersonId, Problem> {
    let id: PersonId = id.parse().map_err(|_| Problem::NotThere)?;
    let (reader, scope, today) = (caller.office().ledger.reader(), caller.office().scope(), caller.today());
    let person = people::person(reader, scope, id).await?;
    let roles = people::roles_of(reader, scope, id, today).await.unwrap_or_default();
    let teachers = people::ties(reader, scope, &[id], today).await?.remove(&id).unwrap_or_default().teachers;
    caller.must(action, &Thing::Account { owner: id, teachers, roles })?;
    person.map(|person| person.id).ok_or(Problem::NotThere)
}

async fn make(
    State(house): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Problem> {
    let person = of_other(&caller, &id, Action::ResetSignIn).await?;
    let name = chosen.user_name.parse().map_err(|error: super::NotAUserName| Problem::Told(sentence(&error.to_string())))?;
    let link = caller.office().sign_ins.make(caller.act(code!("accounts")), person, &name).await?;
    link_page(&house, &caller, &link, "/accounts").await
}

async fn reset(State(house): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let person = of_other(&caller, &id, Action::ResetSignIn).await?;
    let link = caller.office().sign_ins.reset(caller.act(code!("accounts")), person).await?;
    out(&house, caller.office(), &[person]);
    link_page(&house, &caller, &link, "/accounts").await
}

async fn end_sessions(State(house): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let person = of_other(&caller, &id, Action::EndSessions).await?;
    out(&house, caller.office(), &[person]);
    caller.office().sign_ins.end_sessions(caller.act(code!("accounts")), person).await?;
    Ok(Redirect::to("/accounts").into_response())
}

async fn end(State(house): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let person = of_other(&caller, &id, Action::ResetSignIn).await?;
    caller.office().sign_ins.end(caller.act(code!("accounts")), person).await?;
    out(&house, caller.office(), &[person]);
    Ok(Redirect::to("/accounts").into_response())
}

/// `back`: to which page.
pub(super) async fn link_page(house: &Shared, caller: &Caller, link: &Token, back: &str) -> Result<Response, Problem> {
    let name = caller.office().sign_ins.named_by(link, caller.now()).await?;
    let address = format!("{}/link/{}", house.address(), link.expose());
    Ok(Html(house.page(&LinkPage { user_name: name.as_str(), address: &address, back }, Some(caller))).into_response())
}
