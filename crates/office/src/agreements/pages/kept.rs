//! One answer as it is kept: the text as it was shown then, by whom it was signed, for whom, how and when. It can be printed.

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use ids::{PersonId, RecordId};
use sha2::{Digest as _, Sha256};

use super::things;
use crate::access::{Action, Thing};
use crate::agreements::view::{KeptPage, ShownText};
use crate::agreements::{self, AgreementsError, Audience, Signature};
use crate::document::Document;
use crate::people::{self, Person, Role};
use crate::policies;
use crate::web::{Caller, Problem, Shared, moment};

/// What the caller is shown of an answer besides the text.
struct Sight {
    /// As what they look.
    action: Action,
    /// Whether the name under it is theirs to see: whoever answers for a child does not see how another adult signs.
    signer: bool,
    /// Whether they may see for whom it was given, as that person is known today.
    person: bool,
}

async fn sight(caller: &Caller, signature: &Signature) -> Result<Sight, Problem> {
    let (me, child) = (caller.person(), signature.for_person);
    let mut things = things(caller, &[child, me]).await?;
    let mut thing = |who: PersonId| things.remove(&who).unwrap_or(Thing::School);
    let of_child = thing(child);
    // A governor sees nobody's agreements, and signs the own ones.
    let may = [Action::SeeAgreement, Action::SignAgreement].into_iter().find(|action| caller.may(*action, &of_child));
    if let Some(action) = may {
        let is_parent = caller.role() == Role::Parent;
        return Ok(Sight { action, signer: !is_parent || [me, child].contains(&signature.signer), person: true });
    }
    // Whoever signed has what they signed, also where they answer for the child no longer; what the child is called today is not theirs then.
    if signature.signer != me {
        return Err(Problem::NotThere);
    }
    let action = Action::SignAgreement;
    caller.must(action, &thing(me))?;
    Ok(Sight { action, signer: true, person: false })
}

pub(in crate::agreements) async fn page(State(house): State<Shared>, caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    let office = caller.office();
    let (reader, organisation) = (office.ledger.reader(), office.organisation);
    let id: RecordId = id.parse().map_err(|_| Problem::NotThere)?;
    let signature = agreements::signature(reader, organisation, id).await?.ok_or(Problem::NotThere)?;
    let sight = sight(&caller, &signature).await?;
    let seen = [(signature.for_person, sight.person), (signature.signer, sight.signer)];
    let mut seen: Vec<PersonId> = seen.into_iter().filter(|(_, is_seen)| *is_seen).map(|(person, _)| person).collect();
    seen.dedup();
    let found = people::persons(reader, office.scope(), &seen).await?;
    caller.looks_at(sight.action, seen.iter().copied()).await?;
    let person = found.iter().find(|person| person.id == signature.for_person).filter(|_| sight.person);
    let text = text(&caller, &signature, person).await?;
    let page = KeptPage {
        signature: &signature,
        name: sight.signer.then_some(signature.name.as_str()),
        person,
        is_mine: [signature.signer, signature.for_person].contains(&caller.person()) || caller.role() == Role::Parent,
        text: &text,
        entered: &moment(&house, signature.at),
    };
    Ok(Html(house.page(&page, Some(&caller))).into_response())
}

/// The text that was shown, with what shows that it is the same one still.
async fn text(caller: &Caller, signature: &Signature, person: Option<&Person>) -> Result<ShownText, Problem> {
    let (reader, organisation) = (caller.office().ledger.reader(), caller.office().organisation);
    let missing = || AgreementsError::Stored { what: "the text that was signed" };
    let version = policies::version(reader, organisation, signature.version).await?.ok_or_else(missing)?;
    let publication = version.publication.as_ref().ok_or_else(missing)?;
    let is_same = |text: &str, hash: &[u8]| Sha256::digest(text.as_bytes()).as_slice() == hash;
    let english_is_same = is_same(&publication.text, &signature.hash);
    let Some((id, hash)) = &signature.translation else {
        let document = for_reader(version.document()?, signature, person);
        return Ok(ShownText { number: version.number, document, english_is_same, translation: None });
    };
    let translation = policies::translation(reader, organisation, *id).await?.ok_or_else(missing)?;
    let is_same = translation.wording.as_ref().is_some_and(|wording| is_same(&wording.text, hash));
    let document = for_reader(translation.document()?, signature, person);
    Ok(ShownText { number: version.number, document, english_is_same, translation: Some((translation.number, is_same)) })
}

/// What of it is for whoever signed. Of somebody for whom no agreement is today, all of it.
fn for_reader(document: Document, signature: &Signature, person: Option<&Person>) -> Document {
    if signature.signer != signature.for_person {
        return document.for_audience("parent");
    }
    match person.and_then(|person| Audience::of(&person.details)) {
        Some(audience) => document.for_audience(audience.reader()),
        None => document,
    }
}
