//! Signatures: added, never changed.

use std::collections::HashMap;

use calendar::Instant;
use ids::{OrganisationId, PersonId, RecordId};
use ledger::{Actor, Change, Id, LedgerError, Subject, Unit, code};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::day;
use super::entity::signature::{ActiveModel, Column, Entity, Model};
use crate::agreements::AgreementsError;
use crate::agreements::signature::{Answer, Method, Signature, Signing};
use crate::agreements::standing::Given;
use crate::document::{ENGLISH, Language};
use crate::people::{Short, new_id};
use crate::policies::{self, Published, Translation};

/// Keeps an answer. The same one given twice on a day to the same text is kept once. Whether the signer may sign is asked before.
///
/// # Errors
/// Where the text that was shown is not in force any more (what came back on paper may be signed under an earlier one), no name is given,
/// the day does not fit, or the database refuses.
pub async fn sign(unit: &mut Unit, signing: &Signing<'_>) -> Result<(), AgreementsError> {
    let act = unit.act().clone();
    let Actor::Person(entered_by) = act.actor else { return Err(AgreementsError::NotThere) };
    let version = policies::version(unit.connection(), act.organisation, signing.version).await?;
    let version = version.filter(|version| version.policy == signing.policy).ok_or(AgreementsError::OldText)?;
    let is_paper = matches!(signing.method, Method::Paper | Method::Witnessed);
    let publication = version.publication.as_ref().filter(|_| is_paper || version.state == policies::State::Current);
    let publication = publication.ok_or(AgreementsError::OldText)?;
    let shown = shown(unit, signing, is_paper).await?;
    let name = Short::parse(signing.name).map_err(|_| AgreementsError::NoName)?;
    if signing.on > signing.today || signing.on < publication.from {
        return Err(AgreementsError::Day);
    }
    let before = signatures_for(unit.connection(), act.organisation, signing.for_person).await?;
    let same = |other: &Signature| (other.version, other.answer, other.on) == (signing.version, signing.answer, signing.on);
    let last = before.iter().rfind(|other| other.signer == signing.signer && other.policy == signing.policy);
    if last.is_some_and(same) {
        // A form that was sent twice. It is noted all the same, since a unit does not end without an entry.
        return note(unit, signing.for_person, signing.answer);
    }
    let row = ActiveModel {
        organisation_id: Set(act.organisation.into()),
        id: Set(new_id(act.at, RecordId::new)?.into()),
        version_id: Set(signing.version.into()),
        policy: Set(signing.policy.to_owned()),
        signer_id: Set(signing.signer.into()),
        for_id: Set(signing.for_person.into()),
        answer: Set(signing.answer.code().as_str().to_owned()),
        method: Set(signing.method.code().as_str().to_owned()),
        hash: Set(publication.hash.to_vec()),
        name: Set(name.to_string()),
        role: Set(signing.role.to_owned()),
        language: Set(Some(shown.as_ref().map_or(ENGLISH.tag, |(translation, _)| translation.language.tag).to_owned())),
        translation_id: Set(shown.as_ref().map(|(translation, _)| translation.id.into())),
        translation_hash: Set(shown.map(|(_, hash)| hash)),
        helper_id: Set(signing.helper.map(Id::from)),
        entered_by: Set(entered_by.into()),
        signed_on: Set(signing.on.to_string()),
        made_at: Set(act.at.micros()),
    };
    Entity::insert(row).exec_without_returning(unit.connection()).await.map_err(LedgerError::database("keeping a signature"))?;
    note(unit, signing.for_person, signing.answer)
}

/// The translation that was shown, where one was, with the hash of its text: on a screen one that families are shown now, on paper one that
/// they were shown once.
async fn shown(unit: &Unit, signing: &Signing<'_>, is_paper: bool) -> Result<Option<(Translation, Vec<u8>)>, AgreementsError> {
    let Some(id) = signing.translation else { return Ok(None) };
    let found = policies::translation(unit.connection(), unit.act().organisation, id).await?;
    let fits = |it: &Translation| it.of == signing.version && if is_paper { it.checked.is_some() } else { it.is_offered() };
    let found = found.filter(fits).ok_or(AgreementsError::OldText)?;
    let hash = found.wording.as_ref().ok_or(AgreementsError::OldText)?.hash.to_vec();
    Ok(Some((found, hash)))
}

/// One answer.
///
/// # Errors
/// Where the database refuses.
pub async fn signature(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    id: RecordId,
) -> Result<Option<Signature>, AgreementsError> {
    let row = Entity::find_by_id((Id::from(organisation), Id::from(id))).one(from).await;
    row.map_err(LedgerError::database("reading a signature"))?.map(Signature::try_from).transpose()
}

/// All answers for a person, in the order in which they were entered.
///
/// # Errors
/// Where the database refuses.
pub async fn signatures_for(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<Vec<Signature>, AgreementsError> {
    read(from, organisation, Column::ForId, person).await
}

/// All answers that a person gave or that were given for them, in the order in which they were entered.
///
/// # Errors
/// Where the database refuses.
pub async fn history_of(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<Vec<Signature>, AgreementsError> {
    let mut all = read(from, organisation, Column::ForId, person).await?;
    all.extend(read(from, organisation, Column::SignerId, person).await?.into_iter().filter(|other| other.for_person != person));
    all.sort_by_key(|signature| (signature.at, signature.id));
    Ok(all)
}

/// The last answer of each signer for each person and policy, with the number of the version.
pub(super) async fn given(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    only: Option<&[PersonId]>,
    published: &[Published],
) -> Result<HashMap<(PersonId, String), Vec<Given>>, AgreementsError> {
    let numbers: HashMap<RecordId, i64> = published.iter().map(|version| (version.id, version.number)).collect();
    let mut query = Entity::find().filter(Column::OrganisationId.eq(Id::from(organisation)));
    if let Some(people) = only {
        query = query.filter(Column::ForId.is_in(people.iter().copied().map(Id::from)));
    }
    let columns = [Column::ForId, Column::Policy, Column::SignerId, Column::Answer, Column::SignedOn, Column::VersionId, Column::EnteredBy];
    let mut rows: Vec<(Id, String, Id, String, String, Id, Id)> = query
        .select_only()
        .columns(columns)
        .order_by_asc(Column::SignedOn)
        .order_by_asc(Column::MadeAt)
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(from)
        .await
        .map_err(LedgerError::database("reading who has signed"))?;
    // Of one day, what somebody entered for another came first, so that a no of that day stands.
    rows.sort_by_cached_key(|(_, _, signer, _, on, _, entered_by)| (on.clone(), signer == entered_by));
    let mut all: HashMap<(PersonId, String), Vec<Given>> = HashMap::new();
    for (for_id, policy, signer, answer, on, version, _) in rows {
        let given = Given {
            signer: signer.into(),
            answer: Answer::of(&answer).ok_or(AgreementsError::Stored { what: "an answer" })?,
            on: day(&on)?,
            number: numbers.get(&RecordId::from(version)).copied().unwrap_or(0),
        };
        let answers = all.entry((for_id.into(), policy)).or_default();
        answers.retain(|other| other.signer != given.signer);
        answers.push(given);
    }
    Ok(all)
}

async fn read(
    from: &impl ConnectionTrait,
    organisation: OrganisationId,
    by: Column,
    person: PersonId,
) -> Result<Vec<Signature>, AgreementsError> {
    let query = Entity::find().filter(Column::OrganisationId.eq(Id::from(organisation))).filter(by.eq(Id::from(person)));
    let rows = query.order_by_asc(Column::MadeAt).order_by_asc(Column::Id).all(from).await;
    rows.map_err(LedgerError::database("reading signatures"))?.into_iter().map(Signature::try_from).collect()
}

fn note(unit: &mut Unit, of: PersonId, answer: Answer) -> Result<(), AgreementsError> {
    let what = match answer {
        Answer::Signed => code!("agreement.signed"),
        Answer::Declined => code!("agreement.declined"),
        Answer::Withdrawn => code!("agreement.withdrawn"),
    };
    unit.record(&Change::new(Subject { kind: code!("person"), id: RecordId::from_bytes(of.to_bytes()) }, what))?;
    Ok(())
}

impl TryFrom<Model> for Signature {
    type Error = AgreementsError;

    fn try_from(row: Model) -> Result<Self, AgreementsError> {
        let stored = |what| AgreementsError::Stored { what };
        Ok(Self {
            id: row.id.into(),
            version: row.version_id.into(),
            policy: row.policy,
            signer: row.signer_id.into(),
            for_person: row.for_id.into(),
            answer: Answer::of(&row.answer).ok_or_else(|| stored("an answer"))?,
            method: Method::of(&row.method).ok_or_else(|| stored("how somebody signed"))?,
            hash: row.hash,
            // What was signed before there were translations was signed in English.
            language: match row.language.as_deref() {
                None => &ENGLISH,
                Some(tag) if tag == ENGLISH.tag => &ENGLISH,
                Some(tag) => Language::find(tag).ok_or_else(|| stored("in which language somebody signed"))?,
            },
            translation: row.translation_id.map(Into::into).zip(row.translation_hash),
            name: row.name,
            role: row.role,
            helper: row.helper_id.map(Into::into),
            entered_by: row.entered_by.into(),
            on: day(&row.signed_on)?,
            at: Instant::from_micros(row.made_at).map_err(|_| stored("when somebody signed"))?,
        })
    }
}
