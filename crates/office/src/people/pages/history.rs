//! What was changed about a person, by whom and when.

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use ids::{PersonId, RecordId};
use ledger::audit::{Entry, EntryText, Side, changes_of, texts_of};
use ledger::keys::RecordTexts;
use ledger::{Subject, code};

use super::{names, the_person};
use crate::access::Action;
use crate::people::view::{Happening, HistoryPage, Said};
use crate::people::{PeopleError, Role, Titles};
use crate::web::{self, Ask, Caller, Problem, Route, Shared, moment};

/// How many changes are shown, the newest.
const MOST: u64 = 100;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::page("/people/{person}/history", Ask::Thing(&[Action::SeeHistory]), history)]
}

async fn history(State(house): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let (person, _) = the_person(&caller, &id, Action::SeeHistory).await?;
    let office = caller.office();
    let subject = Subject { kind: code!("person"), id: RecordId::from_bytes(person.id.to_bytes()) };
    let entries = changes_of(office.ledger.reader(), office.organisation, subject, MOST).await?;
    let mut actors: Vec<PersonId> = entries.iter().filter_map(|entry| entry.actor).collect();
    actors.sort();
    actors.dedup();
    // Before anything sealed is opened.
    caller.looks_at(Action::SeeHistory, [person.id].into_iter().chain(actors.iter().copied())).await?;
    let named = names(&caller, &actors).await?;
    let texts = office.texts(&[subject.id]).await?;
    let texts = texts.as_ref().and_then(|texts| texts.get(&subject.id));
    let mut happenings = Vec::with_capacity(entries.len());
    for entry in entries {
        let said = if entry.has_texts { texts_of(office.ledger.reader(), office.organisation, entry.id).await? } else { Vec::new() };
        happenings.push(Happening {
            by: by(&entry, &named, caller.titles()),
            at: moment(&house, entry.at),
            said: texts.map(|texts| opened(texts, &said)).transpose()?.unwrap_or_default(),
            is_locked: entry.has_texts && texts.is_none(),
            action: entry.action,
        });
    }
    name_others(&caller, &mut happenings).await?;
    Ok(Html(house.page(&HistoryPage { person: &person, happenings: &happenings }, Some(&caller))).into_response())
}

/// Puts names in the place of ids, where a field is about somebody else. They are seen by it.
async fn name_others(caller: &Caller, happenings: &mut [Happening]) -> Result<(), Problem> {
    let mut texts: Vec<&mut String> = happenings
        .iter_mut()
        .flat_map(|happening| &mut happening.said)
        .filter(|said| matches!(said.field.as_str(), "adult" | "sponsor"))
        .flat_map(|said| [&mut said.before, &mut said.after])
        .collect();
    let mut ids: Vec<PersonId> = texts.iter().filter_map(|text| text.parse().ok()).collect();
    ids.sort();
    ids.dedup();
    caller.looks_at(Action::SeeHistory, ids.iter().copied()).await?;
    let named = names(caller, &ids).await?;
    for text in &mut texts {
        let known = named.iter().find(|(id, _)| id.to_string() == **text);
        known.iter().for_each(|(_, name)| name.clone_into(text));
    }
    Ok(())
}

fn by(entry: &Entry, named: &[(PersonId, String)], titles: &Titles) -> String {
    let Some(actor) = entry.actor else { return "the program, on an order at the machine".to_owned() };
    let name = named.iter().find(|(known, _)| *known == actor).map_or("somebody", |(_, name)| name);
    let role = entry.role.parse::<Role>().map(|role| format!(", {}", titles.of(role))).unwrap_or_default();
    format!("{name}{role}")
}

/// What each field said before and says since.
fn opened(texts: &RecordTexts, said: &[EntryText]) -> Result<Vec<Said>, PeopleError> {
    let mut all: Vec<Said> = Vec::new();
    for text in said {
        let words = web::opened(texts, &text.field, &text.sealed)?;
        let at = all.iter().position(|said| said.field == text.field).unwrap_or_else(|| {
            all.push(Said { field: text.field.clone(), before: String::new(), after: String::new() });
            all.len() - 1
        });
        let Some(said) = all.get_mut(at) else { continue };
        match text.side {
            Side::Before => said.before = words,
            Side::After => said.after = words,
        }
    }
    all.retain(|said| said.before != said.after);
    Ok(all)
}
