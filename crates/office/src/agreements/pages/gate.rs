//! How strictly the internet hangs on the signature: the headteacher tries it out first, and sees by name who would be without.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use ledger::code;
use serde::Deserialize;

use super::school::word;
use crate::access::Action;
use crate::agreements::view::{GatePage, GateRow};
use crate::agreements::{Access, AgreementsError, Audience, access, has_text};
use crate::policies;
use crate::settings::{self, Mode, SettingsError};
use crate::web::{Caller, Fields, Problem, Shared, sentence};

#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::agreements) struct Try {
    #[serde(default)]
    who: String,
}

pub(in crate::agreements) async fn page(State(house): State<Shared>, caller: Caller, attempt: Query<Try>) -> Result<Response, Problem> {
    shown(&house, &caller, &attempt.who, StatusCode::OK, Fields::default()).await
}

/// Those of an audience who would be without the internet.
fn without(all: &[Access], audience: Audience) -> Vec<&Access> {
    all.iter().filter(|access| access.audience == audience && access.is_unsigned()).collect()
}

async fn shown(house: &Shared, caller: &Caller, who: &str, status: StatusCode, fields: Fields) -> Result<Response, Problem> {
    let office = caller.office();
    let settings = settings::read(office.ledger.reader(), office.organisation).await?;
    let all = access(office.ledger.reader(), office.scope(), caller.today()).await?;
    let published = policies::published(office.ledger.reader(), office.organisation).await?;
    let row = |audience: Audience| GateRow {
        audience,
        word: word(audience),
        mode: audience.mode(&settings),
        seen: settings.changed(audience.setting()).map_or(0, |changed| changed.number),
        all: all.iter().filter(|access| access.audience == audience).count(),
        without: without(&all, audience).len(),
        has_text: has_text(&published, audience, &settings),
    };
    let rows: Vec<GateRow> = Audience::ALL.into_iter().map(row).collect();
    let tried = Audience::ALL.into_iter().find(|audience| word(*audience) == who);
    let names: Vec<&Access> = tried.map(|audience| without(&all, audience)).unwrap_or_default();
    caller.looks_at(Action::SeeAgreement, names.iter().map(|access| access.person.id)).await?;
    let page = GatePage { word: &caller.word(), rows: &rows, tried, names: &names, fields: &fields };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

pub(in crate::agreements) async fn set(State(house): State<Shared>, caller: Caller, mut fields: Fields) -> Result<Response, Problem> {
    let audience = Audience::ALL.into_iter().find(|audience| word(*audience) == fields.get("who")).ok_or(Problem::NotReadable)?;
    let who = word(audience);
    let mode = Mode::ALL.into_iter().find(|mode| mode.word() == fields.get("mode"));
    if mode.is_none() {
        fields.wrong("mode", "Choose how it is to be");
    }
    if fields.get("reason").is_empty() {
        fields.wrong("reason", sentence(&SettingsError::NoReason.to_string()));
    }
    let Some(mode) = mode.filter(|_| fields.are_right()) else {
        return shown(&house, &caller, who, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
    };
    let office = caller.office();
    if mode == Mode::Enforce {
        let all = access(office.ledger.reader(), office.scope(), caller.today()).await?;
        let settings = settings::read(office.ledger.reader(), office.organisation).await?;
        if !has_text(&policies::published(office.ledger.reader(), office.organisation).await?, audience, &settings) {
            return Err(AgreementsError::NoText.into());
        }
        // What was looked at is what is decided on: somebody may have joined meanwhile.
        if fields.get("without") != without(&all, audience).len().to_string() {
            fields.wrong("mode", "Who would be without the internet has changed since this page was opened. Look at the names again");
            return shown(&house, &caller, who, StatusCode::CONFLICT, fields).await;
        }
    }
    let seen = fields.get("seen").parse().map_err(|_| Problem::NotReadable)?;
    let mut unit = office.ledger.begin(caller.act(code!("agreements"))).await?;
    match settings::set(&mut unit, audience.setting(), seen, mode.number(), fields.get("reason")).await {
        Ok(()) => unit.commit().await?,
        Err(error @ (SettingsError::Same | SettingsError::NoReason)) => {
            drop(unit);
            fields.wrong(if matches!(error, SettingsError::Same) { "mode" } else { "reason" }, sentence(&error.to_string()));
            return shown(&house, &caller, who, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(Redirect::to("/agreements/gate").into_response())
}
