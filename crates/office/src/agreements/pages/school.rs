//! Who has signed, who is without the internet, since when and why; and one person's answers.

use std::collections::{BTreeSet, HashMap};

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use ids::PersonId;
use ledger::code;
use serde::Deserialize;

use super::remind::{Done, remindable};
use super::{PART, opened_for, things};
use crate::access::{Action, Thing};
use crate::agreements::view::{ClassLink, ListPage, PersonPage, why};
use crate::agreements::{
    self, Access, AgreementsError, Audience, NewSuspension, Signature, access_kept, access_of, counted_of, history_of, need_paper,
    reason_of, reminded, suspensions_of,
};
use crate::gate::Class;
use crate::people::{self, Held, Role, SchoolYear};
use crate::policies;
use crate::settings;
use crate::web::{Caller, Fields, Problem, Shared, sentence};

/// What is looked for. A link with it can be passed on.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::agreements) struct Look {
    /// `without`: who has no internet; `asks`: who is to sign; `paper`: those of them for whom nobody can be written to; empty: everybody.
    #[serde(default)]
    pub(in crate::agreements) show: String,
    #[serde(default)]
    pub(in crate::agreements) who: String,
    /// Words of the name.
    #[serde(default)]
    pub(in crate::agreements) find: String,
    /// How many stand on the parts before.
    #[serde(default)]
    pub(in crate::agreements) from: usize,
}

/// The headings of the table for spreadsheets.
const HEADINGS: [&str; 8] = ["Name", "Who", "Year group", "Internet", "Since", "Why", "Reminded last", "Times reminded"];

// === impl Look ===

impl Look {
    /// Whether somebody is looked for.
    fn finds(&self, access: &Access) -> bool {
        let shows = match self.show.as_str() {
            "without" => access.is_gated(),
            "asks" | "paper" => access.needs.iter().any(|(_, standing)| standing.asks()),
            _ => true,
        };
        let name = || access.person.details.name().to_lowercase();
        shows
            && (self.who.is_empty() || word(access.audience) == self.who)
            && (self.find.is_empty() || self.find.to_lowercase().split_whitespace().all(|word| name().contains(word)))
    }

    /// The same, beginning elsewhere.
    pub(in crate::agreements) fn query(&self, from: usize) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("show", &self.show), ("who", &self.who), ("find", &self.find)] {
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

/// Those whose answers the caller may see, as they are looked for. Who is shown of them is still to be recorded.
pub(super) async fn found<'a>(caller: &Caller, look: &Look, all: &'a [Access]) -> Result<Vec<&'a Access>, Problem> {
    let mut found = theirs(caller, all).await?;
    found.retain(|access| look.finds(access));
    if look.show == "paper" {
        let office = caller.office();
        let paper = need_paper(&office.ledger, office.scope(), all, caller.today()).await?;
        found.retain(|access| paper.contains(&access.person.id));
    }
    Ok(found)
}

/// Those whose answers the caller may see.
async fn theirs<'a>(caller: &Caller, all: &'a [Access]) -> Result<Vec<&'a Access>, Problem> {
    let seen = super::seen(caller, Action::SeeAgreement).await?;
    Ok(all.iter().filter(|access| seen.as_ref().is_none_or(|seen| seen.contains(&access.person.id))).collect())
}

pub(in crate::agreements) const fn word(audience: Audience) -> &'static str {
    match audience {
        Audience::Pupils => "pupils",
        Audience::Staff => "staff",
        Audience::Governors => "governors",
        Audience::Helpers => "helpers",
    }
}

pub(in crate::agreements) async fn list(
    State(house): State<Shared>,
    caller: Caller,
    look: Query<Look>,
    done: Query<Done>,
) -> Result<Response, Problem> {
    let office = caller.office();
    let reader = office.ledger.reader();
    let all = access_kept(office, caller.today()).await?;
    let found = found(&caller, &look, &all).await?;
    let part = found.get(look.from..).unwrap_or_default();
    let part = part.get(..PART).unwrap_or(part);
    let ids: Vec<PersonId> = part.iter().map(|access| access.person.id).collect();
    caller.looks_at(Action::SeeAgreement, ids.clone()).await?;
    let (settings, published) =
        (settings::read(reader, office.organisation).await?, policies::published(reader, office.organisation).await?);
    let page = ListPage {
        word: &caller.word(),
        look: &look,
        done: &done,
        counted: &counted_of(&theirs(&caller, &all).await?, &published, &settings),
        part,
        reminded: &reminded(reader, office.organisation, &ids).await?,
        before: look.from.saturating_sub(PART),
        total: found.len(),
        to_remind: remindable(&caller, &found).await?.len(),
        sends_mail: house.sends_mail(),
        classes: &links(&caller).await?,
        may_change_gate: caller.may(Action::ChangeGate, &Thing::School),
    };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}

/// The classes whose paper the caller may enter.
async fn links(caller: &Caller) -> Result<Vec<ClassLink>, Problem> {
    let office = caller.office();
    let enters = office.policies.sight_of(&caller.who(), Action::EnterSignature);
    let is_own = |class: &Class| enters.own_class == Held::Yes && class.teachers.contains(&caller.person());
    let classes = Class::kept(office, caller.today()).await?;
    let classes: Vec<&Class> = classes.iter().filter(|class| enters.strangers == Held::Yes || is_own(class)).collect();
    let groups = match SchoolYear::of(caller.today()) {
        Some(year) => people::groups(office.ledger.reader(), office.scope(), year).await?,
        None => Vec::new(),
    };
    let links = groups.iter().filter(|group| classes.iter().any(|class| class.group == group.id));
    Ok(links.map(|group| ClassLink { id: group.id.to_string(), name: group.name.to_string() }).collect())
}

pub(in crate::agreements) async fn csv(caller: Caller, look: Query<Look>) -> Result<Response, Problem> {
    let all = access_kept(caller.office(), caller.today()).await?;
    let found = found(&caller, &look, &all).await?;
    let ids: Vec<PersonId> = found.iter().map(|access| access.person.id).collect();
    caller.looks_at(Action::SeeAgreement, ids.clone()).await?;
    let reminded = reminded(caller.office().ledger.reader(), caller.office().organisation, &ids).await?;
    let rows = found.iter().map(|access| {
        let (since, why) = why(access);
        let reminded = reminded.get(&access.person.id);
        vec![
            access.person.details.name(),
            access.audience.title().to_owned(),
            access.person.details.year.map(|year| year.to_string()).unwrap_or_default(),
            if access.is_gated() { "no" } else { "yes" }.to_owned(),
            since.map(|day| day.to_string()).unwrap_or_default(),
            why,
            reminded.map(|reminded| reminded.last.to_string()).unwrap_or_default(),
            reminded.map(|reminded| reminded.times.to_string()).unwrap_or_default(),
        ]
    });
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, "attachment; filename=\"agreements.csv\"")];
    Ok((headers, people::export::table(&HEADINGS, rows)).into_response())
}

pub(in crate::agreements) async fn person(
    State(house): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    person_page(&house, &caller, &id, StatusCode::OK, Fields::default()).await
}

async fn person_page(house: &Shared, caller: &Caller, id: &str, status: StatusCode, fields: Fields) -> Result<Response, Problem> {
    let id: PersonId = id.parse().map_err(|_| Problem::NotThere)?;
    let thing = things(caller, &[id]).await?.remove(&id).unwrap_or(Thing::School);
    caller.must(Action::SeeAgreement, &thing)?;
    let office = caller.office();
    let (reader, scope) = (office.ledger.reader(), office.scope());
    let access = access_of(reader, scope, id, caller.today()).await?.ok_or(Problem::NotThere)?;
    let history = history_of(reader, office.organisation, id).await?;
    let suspensions = suspensions_of(reader, office.organisation, id).await?;
    // Whoever answers for the child sees their own name, and not how another adult signs.
    let is_parent = caller.role() == Role::Parent;
    let is_shown = |signature: &Signature| !is_parent || [caller.person(), id].contains(&signature.signer);
    let signers = history.iter().filter(|signature| is_shown(signature)).map(|signature| signature.signer);
    caller.looks_at(Action::SeeAgreement, signers.chain([id]).collect::<BTreeSet<_>>()).await?;
    let names: Vec<Option<&str>> = history.iter().map(|signature| is_shown(signature).then_some(signature.name.as_str())).collect();
    let may_suspend = caller.may(Action::Suspend, &thing);
    let reminded = reminded(reader, office.organisation, &[id]).await?.remove(&id).filter(|_| !is_parent);
    let opened = opened_for(house.as_ref(), caller, &HashMap::from([(id, thing)])).await?.remove(&id).unwrap_or_default();
    let reason = match suspensions.iter().find(|suspension| suspension.holds(caller.today())).filter(|_| may_suspend) {
        Some(suspension) => {
            caller.looks_at(Action::Suspend, [id]).await?;
            Some(reason_of(reader, &office.keys, suspension).await)
        }
        None => None,
    };
    let reason = match reason {
        None => None,
        Some(Ok(text)) => text.map(|text| String::from_utf8_lossy(text.as_bytes()).into_owned()),
        Some(Err(AgreementsError::Keys(_))) => Some("It is sealed, and can be read once the records are unlocked.".to_owned()),
        Some(Err(error)) => return Err(error.into()),
    };
    let page = PersonPage {
        word: &caller.word(),
        access: &access,
        opened: &opened,
        reminded,
        history: &history,
        names: &names,
        suspensions: &suspensions,
        reason: reason.as_deref(),
        today: caller.today(),
        may_suspend,
        fields: &fields,
    };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

pub(in crate::agreements) async fn suspend(
    State(house): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let person: PersonId = id.parse().map_err(|_| Problem::NotThere)?;
    let thing = things(&caller, &[person]).await?.remove(&person).unwrap_or(Thing::School);
    caller.must(Action::Suspend, &thing)?;
    let until = fields.needed_day("until", "Enter the last day of it");
    let review = fields.needed_day("review", "Enter the day on which it is looked at again");
    let reason = fields.text("reason");
    if reason.is_empty() {
        fields.wrong("reason", sentence(&AgreementsError::NoReason.to_string()));
    }
    let (Some(until), Some(review), true) = (until, review, fields.are_right()) else {
        return person_page(&house, &caller, &id, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
    };
    let new = NewSuspension { person, reason: &reason, from: caller.today(), until, review };
    let mut unit = caller.office().ledger.begin(caller.act(code!("agreements"))).await?;
    match agreements::suspend(&mut unit, &caller.office().keys, &new).await {
        Ok(()) => unit.commit().await?,
        Err(error @ AgreementsError::Days) => {
            drop(unit);
            fields.wrong("until-day", sentence(&error.to_string()));
            return person_page(&house, &caller, &id, StatusCode::UNPROCESSABLE_ENTITY, fields).await;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(Redirect::to(&format!("/agreements/person/{person}")).into_response())
}

pub(in crate::agreements) async fn give_back(caller: Caller, Path(id): Path<String>, fields: Fields) -> Result<Response, Problem> {
    let person: PersonId = id.parse().map_err(|_| Problem::NotThere)?;
    let thing = things(&caller, &[person]).await?.remove(&person).unwrap_or(Thing::School);
    caller.must(Action::Suspend, &thing)?;
    let office = caller.office();
    let all = suspensions_of(office.ledger.reader(), office.organisation, person).await?;
    let seen = all.iter().find(|suspension| suspension.id.to_string() == fields.get("suspension")).ok_or(Problem::NotThere)?;
    if seen.version.to_string() != fields.get("seen") {
        return Err(Problem::Conflict);
    }
    let mut unit = office.ledger.begin(caller.act(code!("agreements"))).await?;
    agreements::end_suspension(&mut unit, seen, caller.today()).await?;
    unit.commit().await?;
    Ok(Redirect::to(&format!("/agreements/person/{person}")).into_response())
}
