//! Translations in the database. What families were shown is never changed again: another text is another row.

use std::collections::HashSet;

use calendar::Date;
use ids::{OrganisationId, PersonId, RecordId};
use ledger::{Change, Code, Id, LedgerError, Subject, Unit, code};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, UpdateMany};
use sha2::{Digest as _, Sha256};

use super::entity::translation::{ActiveModel, Column, Entity, Model};
use super::version::{author, filled};
use crate::document::{self, Document, Language, Values};
use crate::people::new_id;
use crate::policies::translation::{Translation, Wording};
use crate::policies::{PoliciesError, State, Version};

/// A translation as it is written.
#[derive(Debug)]
pub struct NewTranslation<'a> {
    /// Into which language.
    pub language: &'static Language,
    /// With placeholders, of those that the English has.
    pub source: &'a str,
    /// What placeholders stand for, as [`values_of`](super::values_of) says of the version.
    pub values: &'a Values,
    /// The day.
    pub today: Date,
    /// What is written over: nothing for the first text in this language, and for the next one after families were shown one.
    pub seen: Option<&'a Translation>,
}

/// Keeps a translation of a version that is in force, or approved to be. Nobody is shown it before somebody else has checked it.
///
/// # Errors
/// [`LedgerError::Conflict`] where somebody else was faster; where the version is neither in force nor approved, the text cannot be shown,
/// it has a placeholder or the mark of a clause that the English has not, or the database refuses.
pub async fn translate(unit: &mut Unit, version: &Version, new: NewTranslation<'_>) -> Result<RecordId, PoliciesError> {
    let wording = wording(version, &new)?;
    let (act, by) = (unit.act().clone(), author(unit)?);
    let (text, hash) = (wording.as_ref().map(|it| it.text.clone()), wording.as_ref().map(|it| it.hash.to_vec()));
    if let Some(seen) = new.seen {
        // What was checked has been shown, once its version was in force.
        if seen.withdrawn.is_some() || seen.checked.is_some() && seen.wording.is_some() || seen.language != new.language {
            return Err(PoliciesError::NotNow);
        }
        let writers = seen.writers.iter().filter(|writer| **writer != by).chain([&by]).flat_map(|writer| writer.to_bytes());
        let update = unchecked()
            .col_expr(Column::Source, Expr::value(new.source))
            .col_expr(Column::Filled, Expr::value(text))
            .col_expr(Column::Hash, Expr::value(hash))
            .col_expr(Column::Writers, Expr::value(writers.collect::<Vec<u8>>()))
            .col_expr(Column::WrittenOn, Expr::value(new.today.to_string()));
        apply(unit, update, seen, code!("translation.rewritten")).await?;
        return Ok(seen.id);
    }
    let before = translations_of(unit.connection(), act.organisation, &[version.id]).await?;
    let same = || before.iter().filter(|other| other.language == new.language);
    if same().any(|other| other.is_unchecked() || other.withdrawn.is_none() && other.wording.is_none()) {
        return Err(LedgerError::Conflict.into());
    }
    let id = new_id(act.at, RecordId::new)?;
    let row = ActiveModel {
        organisation_id: Set(act.organisation.into()),
        id: Set(id.into()),
        version_id: Set(version.id.into()),
        language: Set(new.language.tag.to_owned()),
        number: Set(same().map(|other| other.number).max().unwrap_or(0) + 1),
        source: Set(new.source.to_owned()),
        filled: Set(text),
        hash: Set(hash),
        writers: Set(by.to_bytes().to_vec()),
        written_on: Set(new.today.to_string()),
        checked_by: Set(None),
        checked_on: Set(None),
        withdrawn_by: Set(None),
        withdrawn_on: Set(None),
        version: Set(0),
        made_at: Set(act.at.micros()),
    };
    Entity::insert(row).exec_without_returning(unit.connection()).await.map_err(LedgerError::database("keeping a translation"))?;
    note(unit, id, code!("translation.written"))?;
    Ok(id)
}

/// Somebody else says that it says the same as the English. From now on families are shown it, in place of the one before.
///
/// # Errors
/// As [`translate`]; where whoever checks it is one of its writers.
pub async fn check_translation(unit: &mut Unit, version: &Version, seen: &Translation, today: Date) -> Result<(), PoliciesError> {
    let by = author(unit)?;
    if seen.writers.contains(&by) {
        return Err(PoliciesError::OwnTranslation);
    }
    if !is_translated(version) || version.id != seen.of || !seen.is_unchecked() {
        return Err(PoliciesError::NotNow);
    }
    let all = translations_of(unit.connection(), unit.act().organisation, &[version.id]).await?;
    for before in all.iter().filter(|other| other.language == seen.language && other.checked.is_some() && other.withdrawn.is_none()) {
        apply(unit, withdrawn(by, today), before, code!("translation.replaced")).await?;
    }
    let update = Entity::update_many()
        .col_expr(Column::CheckedBy, Expr::value(Id::from(by)))
        .col_expr(Column::CheckedOn, Expr::value(today.to_string()));
    apply(unit, update, seen, code!("translation.checked")).await
}

/// Nobody is shown it any more. Whoever signed under it did, and it stays with their signature.
///
/// # Errors
/// As [`translate`].
pub async fn withdraw_translation(unit: &mut Unit, seen: &Translation, today: Date) -> Result<(), PoliciesError> {
    let by = author(unit)?;
    if seen.withdrawn.is_some() {
        return Err(PoliciesError::NotNow);
    }
    apply(unit, withdrawn(by, today), seen, code!("translation.withdrawn")).await
}

/// Its version comes into force: what was written of it in other languages is filled in as the English is.
pub(super) async fn come_into_force(unit: &mut Unit, version: RecordId, values: &Values) -> Result<(), PoliciesError> {
    for translation in translations_of(unit.connection(), unit.act().organisation, &[version]).await? {
        if translation.withdrawn.is_some() {
            continue;
        }
        let text = filled(&translation.source, values)?;
        let update = Entity::update_many()
            .col_expr(Column::Hash, Expr::value(Sha256::digest(text.as_bytes()).to_vec()))
            .col_expr(Column::Filled, Expr::value(text));
        apply(unit, update, &translation, code!("translation.published")).await?;
    }
    Ok(())
}

/// The English is written on: what said the same as it has to be looked at again.
pub(super) async fn look_again(unit: &mut Unit, version: RecordId) -> Result<(), PoliciesError> {
    for translation in translations_of(unit.connection(), unit.act().organisation, &[version]).await? {
        if translation.checked.is_some() && translation.withdrawn.is_none() {
            apply(unit, unchecked(), &translation, code!("translation.unchecked")).await?;
        }
    }
    Ok(())
}

/// All translations of these versions, withdrawn ones too, in the order in which they were begun.
///
/// # Errors
/// Where the database refuses.
pub async fn translations_of(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    versions: &[RecordId],
) -> Result<Vec<Translation>, PoliciesError> {
    let query = Entity::find().filter(Column::OrganisationId.eq(Id::from(organisation)));
    let query = query.filter(Column::VersionId.is_in(versions.iter().copied().map(Id::from)));
    let rows = query.order_by_asc(Column::Id).all(from).await.map_err(LedgerError::database("reading the translations of a policy"))?;
    rows.into_iter().map(Translation::try_from).collect()
}

/// One of them.
///
/// # Errors
/// Where the database refuses.
pub async fn translation(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: RecordId,
) -> Result<Option<Translation>, PoliciesError> {
    let row = Entity::find_by_id((Id::from(organisation), Id::from(id))).one(from).await;
    row.map_err(LedgerError::database("reading a translation"))?.map(Translation::try_from).transpose()
}

/// Whether a version is one that is translated.
fn is_translated(version: &Version) -> bool {
    matches!(version.state, State::Approved | State::Current)
}

/// How it reads, where its version is in force; and whether it may be kept at all.
fn wording(version: &Version, new: &NewTranslation<'_>) -> Result<Option<Wording>, PoliciesError> {
    if !is_translated(version) {
        return Err(PoliciesError::NotNow);
    }
    document::parse(new.source)?;
    let gaps = |source: &str| document::fill(source, &Values::default()).gaps;
    let (english, own) = (gaps(&version.source), gaps(new.source));
    if let Some(other) = own.iter().find(|gap| !english.contains(gap)) {
        return Err(PoliciesError::Placeholder(other.clone()));
    }
    let (english, own_text) = (document::parse(&version.source)?, document::parse(new.source)?);
    if let Some(other) = unstated(&own_text, &english).first() {
        return Err(PoliciesError::Clause((*other).to_owned()));
    }
    let Some(publication) = &version.publication else { return Ok(None) };
    if !own.is_empty() && document::fill(&version.source, new.values).text != publication.text {
        return Err(PoliciesError::Drifted);
    }
    let text = filled(new.source, new.values)?;
    Ok(Some(Wording { hash: Sha256::digest(text.as_bytes()).into(), text }))
}

/// The clauses of one text that the other does not state, each once.
pub(in crate::policies) fn unstated<'a>(of: &'a Document, by: &'a Document) -> Vec<&'a str> {
    let mut known: HashSet<&str> = by.clauses().into_iter().collect();
    of.clauses().into_iter().filter(|clause| known.insert(*clause)).collect()
}

/// No check stays.
fn unchecked() -> UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::CheckedBy, Expr::value(Option::<Id>::None))
        .col_expr(Column::CheckedOn, Expr::value(Option::<String>::None))
}

fn withdrawn(by: PersonId, today: Date) -> UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::WithdrawnBy, Expr::value(Id::from(by)))
        .col_expr(Column::WithdrawnOn, Expr::value(today.to_string()))
}

/// Changes the row that was seen, or nothing.
async fn apply(unit: &mut Unit, update: UpdateMany<Entity>, seen: &Translation, what: Code) -> Result<(), PoliciesError> {
    let changed = update
        .col_expr(Column::Version, Expr::value(seen.version + 1))
        .filter(Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(Column::Id.eq(Id::from(seen.id)))
        .filter(Column::Version.eq(seen.version))
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("changing a translation"))?;
    if changed.rows_affected != 1 {
        return Err(LedgerError::Conflict.into());
    }
    note(unit, seen.id, what)
}

fn note(unit: &mut Unit, id: RecordId, what: Code) -> Result<(), PoliciesError> {
    unit.record(&Change::new(Subject { kind: code!("translation"), id }, what))?;
    Ok(())
}

impl TryFrom<Model> for Translation {
    type Error = PoliciesError;

    fn try_from(row: Model) -> Result<Self, PoliciesError> {
        let stored = |what| move || PoliciesError::Stored { what };
        let day = |text: &str| text.parse::<Date>().map_err(|_| PoliciesError::Stored { what: "a day of a translation" });
        let by = |who: Option<Id>, on: Option<String>| match who.zip(on) {
            Some((who, on)) => Ok::<_, PoliciesError>(Some((PersonId::from(who), day(&on)?))),
            None => Ok(None),
        };
        let wording = match row.filled.zip(row.hash) {
            Some((text, hash)) => {
                Some(Wording { text, hash: hash.try_into().map_err(|_| PoliciesError::Stored { what: "the hash of a translation" })? })
            }
            None => None,
        };
        Ok(Self {
            id: row.id.into(),
            of: row.version_id.into(),
            language: Language::find(&row.language).ok_or_else(stored("the language of a translation"))?,
            number: row.number,
            source: row.source,
            wording,
            writers: row.writers.chunks_exact(16).filter_map(|id| Some(PersonId::from_bytes(id.try_into().ok()?))).collect(),
            written_on: day(&row.written_on)?,
            checked: by(row.checked_by, row.checked_on)?,
            withdrawn: by(row.withdrawn_by, row.withdrawn_on)?,
            version: row.version,
        })
    }
}
