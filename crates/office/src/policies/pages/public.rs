//! What everybody may read: the policies in force, and those that were. Nothing but published texts is to be had here.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use calendar::Date;
use serde::Deserialize;

use super::print;
use crate::document::{self, Document, Filled};
use crate::policies::store::values_now;
use crate::policies::view::{PublicTextPage, PublishedPage, TextPage};
use crate::policies::{
    PoliciesError, Policy, SHELF, State as Stand, Translation, Version, choose, find, latest, translations_of, values, versions,
};
use crate::web::{Front, Office, OpenPage, Problem, Shared};

/// The pages that anybody may open.
pub(crate) fn open_pages() -> Vec<OpenPage> {
    const WHY: &str = "the school's policies are published (A-048, B-214)";
    vec![
        OpenPage::new("/published", WHY, list),
        OpenPage::new("/published/{policy}", WHY, current),
        OpenPage::new("/published/{policy}/{number}", WHY, past),
        OpenPage::new("/published/{policy}/{number}/text.pdf", WHY, print::published),
    ]
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Look {
    #[serde(default)]
    pub(super) large: String,
    /// In which language, by its tag.
    #[serde(default)]
    lang: String,
}

async fn list(State(front): State<Arc<dyn Front>>) -> Result<Response, Problem> {
    let records = front.records()?;
    let mut all = latest(&records.from, records.scope.organisation).await?;
    all.retain(|version| version.state == Stand::Current && find(&version.policy).is_some_and(Policy::is_public));
    all.sort_by_key(|version| SHELF.iter().position(|policy| policy.word == version.policy));
    let ids: Vec<_> = all.iter().map(|version| version.id).collect();
    let translations = translations_of(&records.from, records.scope.organisation, &ids).await?;
    let translations: Vec<_> = translations.into_iter().filter(Translation::is_offered).collect();
    Ok(Html(front.open_page(&PublishedPage { school: &front.words().school, all: &all, translations: &translations })).into_response())
}

async fn current(State(front): State<Arc<dyn Front>>, Path(word): Path<String>, look: Query<Look>) -> Result<Response, Problem> {
    shown(&*front, &word, |version| version.state == Stand::Current, &look).await
}

async fn past(
    State(front): State<Arc<dyn Front>>,
    Path((word, number)): Path<(String, String)>,
    look: Query<Look>,
) -> Result<Response, Problem> {
    shown(&*front, &word, |version| version.number.to_string() == number && version.publication.is_some(), &look).await
}

async fn shown(front: &dyn Front, word: &str, which: impl Fn(&Version) -> bool, look: &Look) -> Result<Response, Problem> {
    let records = front.records()?;
    let policy = find(word).filter(|policy| policy.is_public()).ok_or(Problem::NotThere)?;
    let all = versions(&records.from, records.scope.organisation, policy.word).await?;
    let version = all.iter().find(|version| which(version)).ok_or(Problem::NotThere)?;
    let translations = translations_of(&records.from, records.scope.organisation, &[version.id]).await?;
    // Nobody knows who reads here, so English opens first.
    let offer = choose(translations, &look.lang, "");
    let document = match &offer.shown {
        Some(translation) => translation.document()?,
        None => version.document()?,
    };
    let past: Vec<&Version> = all.iter().filter(|other| other.publication.is_some() && other.number != version.number).collect();
    let page = PublicTextPage {
        text: TextPage { policy, version, document: &document, said: &[], is_public: true, language: offer.language() },
        offer: &offer,
        past: &past,
        is_large: !look.large.is_empty(),
    };
    Ok(Html(front.open_page(&page)).into_response())
}

/// A version's text with what the records say today, for those that are not in force yet.
pub(super) async fn filled(house: &Shared, office: &Arc<Office>, today: Date, version: &Version) -> Result<Filled, PoliciesError> {
    let values = values(office.ledger.reader(), office.scope(), &house.words().school, today).await?;
    Ok(document::fill(&version.source, &values_now(values, version, today)))
}

/// A version's text as it reads: as it was put into force, or as it would be today.
pub(super) async fn document(house: &Shared, office: &Arc<Office>, today: Date, version: &Version) -> Result<Document, PoliciesError> {
    match &version.publication {
        Some(_) => version.document(),
        None => Ok(document::parse(&filled(house, office, today, version).await?.text)?),
    }
}
