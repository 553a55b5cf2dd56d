//! Where parents ask for a letter, and what its link opens.

use std::sync::Arc;

use axum::extract::{Form, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::MailRequest;
use super::view::{AskPage, GonePage, OpenPage, SentPage};
use crate::people::Email;
use crate::signin::device::take;
use crate::signin::{SignInError, Token};
use crate::web::{Ask, Peer, Problem, Route, Shared};

/// The routes of parents.
pub fn routes() -> Vec<Route> {
    const DOOR: Ask = Ask::Nothing("a parent who signs in is not signed in yet; whoever asks is told the same");
    const LINK: Ask = Ask::Nothing("whoever has the link of a letter signs in");
    vec![
        Route::page("/parents", DOOR, ask),
        Route::form("/parents", DOOR, send),
        Route::page("/parents/{token}", LINK, link),
        Route::form("/parents/{token}", LINK, open),
    ]
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    email: String,
}

async fn ask(State(house): State<Shared>) -> Response {
    Html(house.page(&AskPage { email: "", error: None }, None)).into_response()
}

async fn send(State(house): State<Shared>, peer: axum::Extension<Peer>, Form(typed): Form<Typed>) -> Result<Response, Problem> {
    let again = |status, error: &str| {
        let page = AskPage { email: &typed.email, error: Some(error) };
        Ok((status, Html(house.page(&page, None))).into_response())
    };
    let Ok(email) = Email::parse(&typed.email) else {
        return again(StatusCode::UNPROCESSABLE_ENTITY, "Enter a mail address, such as name@example.org");
    };
    let office = house.office().map_err(Problem::Records)?;
    match office.sign_ins.may_ask_for_mail(peer.0.0, house.now()) {
        Ok(()) => {}
        Err(SignInError::Wait { until }) => {
            let at = until.timestamp().to_zoned(house.zone()).strftime("%H:%M").to_string();
            return again(StatusCode::TOO_MANY_REQUESTS, &format!("You have asked several times. Try again after {at}."));
        }
        Err(other) => return Err(other.into()),
    }
    // Behind the answer, so that nobody can tell from its time whether the school knows the address.
    let (asked, from, now) = (Arc::clone(&house), peer.0.0, house.now());
    tokio::spawn(async move {
        let (console, school) = (asked.address(), asked.words().school);
        let request = MailRequest { email: &email, console: &console, school: &school, from };
        if let Err(error) = office.sign_ins.mail_links(request, &office.outbox, now).await {
            tracing::error!(error = error.to_string(), "a letter with a link could not be written");
        }
    });
    Ok(Html(house.page(&SentPage, None)).into_response())
}

/// It changes nothing: programs that look through letters open their links.
async fn link(State(house): State<Shared>, Path(token): Path<String>) -> Result<Response, Problem> {
    let office = house.office().map_err(Problem::Records)?;
    let Some(link) = Token::read(&token) else { return Ok(gone(&house)) };
    if !office.sign_ins.is_good_mailed(&link, house.now()).await? {
        return Ok(gone(&house));
    }
    Ok(Html(house.page(&OpenPage { token: link.expose() }, None)).into_response())
}

async fn open(State(house): State<Shared>, peer: axum::Extension<Peer>, Path(token): Path<String>) -> Result<Response, Problem> {
    let office = house.office().map_err(Problem::Records)?;
    let Some(link) = Token::read(&token) else { return Ok(gone(&house)) };
    match office.sign_ins.in_by_mail(&link, peer.0.0, house.now()).await {
        Ok(session) => {
            if let Some(signed) = office.sign_ins.sessions().look(&session, house.now()) {
                take(&house, signed.person, peer.0.0).await?;
            }
            Ok((AppendHeaders([(header::SET_COOKIE, session.cookie())]), Redirect::to("/")).into_response())
        }
        Err(SignInError::Link) => Ok(gone(&house)),
        Err(other) => Err(other.into()),
    }
}

fn gone(house: &Shared) -> Response {
    (StatusCode::NOT_FOUND, Html(house.page(&GonePage, None))).into_response()
}
