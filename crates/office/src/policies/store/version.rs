//! Versions of policies: begun, changed while they are open, approved, put into force. What was in force is never changed again.

use calendar::Date;
use ids::{PersonId, RecordId};
use ledger::{Actor, Change, Code, Id, LedgerError, Subject, Unit, code};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, UpdateMany};
use sha2::{Digest as _, Sha256};

use super::early::answered_by;
use super::entity::version::{ActiveModel, Column, Entity};
use super::look::{current, versions};
use super::translation::{come_into_force, look_again};
use super::values::of_version;
use crate::document::{self, Values};
use crate::people::new_id;
use crate::policies::version::{Approval, State, Version, is_correction};
use crate::policies::{PoliciesError, shelf};

/// Longest note on what is new, in characters.
const CHANGE: usize = 500;
/// What is left over from writing.
const LEFT_OVER: [&str; 6] = ["insert date", "insert name", "tbc", "to be confirmed", "lorem ipsum", "xxx"];

/// A text as it is written.
#[derive(Debug, Clone, Copy)]
pub struct NewText<'a> {
    /// With placeholders.
    pub source: &'a str,
    /// What is new in it.
    pub change: &'a str,
    /// The day.
    pub today: Date,
}

/// How a version is put into force.
#[derive(Debug)]
pub struct Publish<'a> {
    /// What placeholders stand for.
    pub values: Values,
    /// The day.
    pub today: Date,
    /// After how many months it is looked at again.
    pub review_months: i64,
    /// Whether everybody signs anew. Where a duty changes, they do in any case.
    pub must_sign: bool,
    /// The version as it was seen.
    pub seen: &'a Version,
}

/// Begins a new version of a policy. One at a time is under way.
///
/// # Errors
/// Where there is no such policy, one is under way already, the text cannot be shown, or the database refuses.
pub async fn begin(unit: &mut Unit, policy: &str, text: NewText<'_>) -> Result<RecordId, PoliciesError> {
    let policy = shelf::find(policy).ok_or(PoliciesError::NotThere)?;
    check(text)?;
    let act = unit.act().clone();
    let all = versions(unit.connection(), act.organisation, policy.word).await?;
    if all.iter().any(|version| version.state.is_open() || version.state == State::Approved) {
        return Err(PoliciesError::NotNow);
    }
    let author = author(unit)?;
    let id = new_id(act.at, RecordId::new)?;
    let row = ActiveModel {
        organisation_id: Set(act.organisation.into()),
        id: Set(id.into()),
        policy: Set(policy.word.to_owned()),
        number: Set(all.iter().map(|version| version.number).max().unwrap_or(0) + 1),
        state: Set(State::Draft.number()),
        source: Set(text.source.to_owned()),
        filled: Set(None),
        hash: Set(None),
        must_sign: Set(1),
        change: Set(text.change.trim().to_owned()),
        writers: Set(author.to_bytes().to_vec()),
        written_on: Set(text.today.to_string()),
        approved_on: Set(None),
        minute: Set(None),
        approved_by: Set(None),
        published_at: Set(None),
        in_force_from: Set(None),
        review_by: Set(None),
        version: Set(0),
        made_at: Set(act.at.micros()),
    };
    Entity::insert(row)
        .exec_without_returning(unit.connection())
        .await
        .map_err(LedgerError::database("beginning a version of a policy"))?;
    note(unit, id, code!("policy.begun"))?;
    Ok(id)
}

/// Changes the text of a version that is open. Whoever changes it is one of its writers from then on, and so does not approve it.
///
/// # Errors
/// [`LedgerError::Conflict`] where somebody else was faster; where it is no longer open, the text cannot be shown, or the database
/// refuses.
pub async fn rewrite(unit: &mut Unit, seen: &Version, text: NewText<'_>) -> Result<(), PoliciesError> {
    if !seen.state.is_open() {
        return Err(PoliciesError::NotNow);
    }
    check(text)?;
    let by = author(unit)?;
    let writers = seen.writers.iter().filter(|writer| **writer != by).chain([&by]).flat_map(|writer| writer.to_bytes());
    let update = Entity::update_many()
        .col_expr(Column::Source, Expr::value(text.source))
        .col_expr(Column::Change, Expr::value(text.change.trim()))
        .col_expr(Column::Writers, Expr::value(writers.collect::<Vec<u8>>()))
        .col_expr(Column::WrittenOn, Expr::value(text.today.to_string()));
    apply(unit, update, seen, code!("policy.rewritten")).await
}

/// Others are asked what they think of it.
///
/// # Errors
/// As [`rewrite`].
pub async fn consult(unit: &mut Unit, seen: &Version) -> Result<(), PoliciesError> {
    to(unit, seen, &[State::Draft], State::Consulting, code!("policy.consulted")).await
}

/// It is written on, whatever was said; what was approved is approved no longer.
///
/// # Errors
/// As [`rewrite`].
pub async fn reopen(unit: &mut Unit, seen: &Version) -> Result<(), PoliciesError> {
    unapproved(unit, seen, &[State::Consulting, State::Approved], State::Draft, code!("policy.reopened")).await
}

/// It will never hold.
///
/// # Errors
/// As [`rewrite`].
pub async fn drop_version(unit: &mut Unit, seen: &Version) -> Result<(), PoliciesError> {
    unapproved(unit, seen, &[State::Draft, State::Consulting, State::Approved], State::Dropped, code!("policy.dropped")).await
}

/// The governing body has said yes, on a real day, and it is minuted.
///
/// # Errors
/// As [`rewrite`]; where whoever enters it is one of the writers, the day lies ahead or before the text was written last, or no minute is named.
pub async fn approve(unit: &mut Unit, seen: &Version, on: Date, minute: &str, today: Date) -> Result<(), PoliciesError> {
    let (by, minute) = (author(unit)?, minute.trim());
    if seen.writers.contains(&by) {
        return Err(PoliciesError::OwnText);
    }
    if on > today || on < seen.written_on {
        return Err(PoliciesError::Approval);
    }
    if minute.is_empty() || minute.chars().count() > 200 {
        return Err(PoliciesError::NoMinute);
    }
    if !seen.state.is_open() {
        return Err(PoliciesError::NotNow);
    }
    let update = Entity::update_many()
        .col_expr(Column::State, Expr::value(State::Approved.number()))
        .col_expr(Column::ApprovedOn, Expr::value(on.to_string()))
        .col_expr(Column::Minute, Expr::value(minute))
        .col_expr(Column::ApprovedBy, Expr::value(Id::from(by)));
    apply(unit, update, seen, code!("policy.approved")).await
}

/// Puts a version into force, as its text reads on this day; the one before holds no longer, and what had asked for an early review is
/// answered. A version that puts typing mistakes right
/// ([`is_correction`]) and asks nobody to sign needs no approval of its own: it keeps that of the one before, and the day of the next review;
/// but another than its writers puts it into force.
///
/// # Errors
/// As [`rewrite`]; where something in it is open, it names people and everybody can read it, or it is not approved and must be.
pub async fn publish(unit: &mut Unit, mut how: Publish<'_>) -> Result<(), PoliciesError> {
    let (seen, by) = (how.seen, author(unit)?);
    let policy = shelf::find(&seen.policy).ok_or(PoliciesError::NotThere)?;
    if policy.is_public() && document::fill(&seen.source, &Values::default()).gaps.iter().any(|gap| gap.starts_with("holder.")) {
        return Err(PoliciesError::Names);
    }
    let before = current(unit.connection(), unit.act().organisation, &seen.policy).await?;
    let kept = match before.as_ref().filter(|_| !how.must_sign) {
        Some(before) => corrected(before, seen, &how.values)?,
        None => None,
    };
    let (approval, review_by) = match (&seen.approval, kept) {
        (Some(approval), _) if seen.state == State::Approved => (approval.clone(), months_after(approval.on, how.review_months)),
        (_, Some(_)) if seen.writers.contains(&by) => return Err(PoliciesError::AloneAtIt),
        (_, Some((approval, review))) if seen.state.is_open() => (approval.clone(), review),
        _ => return Err(PoliciesError::NotNow),
    };
    of_version(&mut how.values, seen.number, Some(approval.on), Some(review_by));
    let text = filled(&seen.source, &how.values)?;
    come_into_force(unit, seen.id, &how.values).await?;
    if let Some(before) = &before {
        let update = Entity::update_many().col_expr(Column::State, Expr::value(State::Superseded.number()));
        apply(unit, update, before, code!("policy.superseded")).await?;
    }
    let is_small = kept.is_some();
    let update = Entity::update_many()
        .col_expr(Column::State, Expr::value(State::Current.number()))
        .col_expr(Column::Hash, Expr::value(Sha256::digest(text.as_bytes()).to_vec()))
        .col_expr(Column::Filled, Expr::value(text))
        .col_expr(Column::MustSign, Expr::value(i16::from(!is_small)))
        .col_expr(Column::ApprovedOn, Expr::value(approval.on.to_string()))
        .col_expr(Column::Minute, Expr::value(approval.minute))
        .col_expr(Column::ApprovedBy, Expr::value(Id::from(approval.by)))
        .col_expr(Column::PublishedAt, Expr::value(unit.act().at.micros()))
        .col_expr(Column::InForceFrom, Expr::value(how.today.to_string()))
        .col_expr(Column::ReviewBy, Expr::value(review_by.to_string()));
    if is_small {
        return apply(unit, update, seen, code!("policy.corrected")).await;
    }
    apply(unit, update, seen, code!("policy.published")).await?;
    answered_by(unit, seen, how.today).await
}

/// What a correction keeps of the version before: its approval and the day of its review. Compared is what people read, filled in alike, so
/// that a number that has changed in the settings is no typing mistake.
fn corrected<'a>(before: &'a Version, seen: &Version, values: &Values) -> Result<Option<(&'a Approval, Date)>, PoliciesError> {
    let (Some(approval), Some(publication)) = (&before.approval, &before.publication) else { return Ok(None) };
    let mut alike = values.clone();
    of_version(&mut alike, before.number, Some(approval.on), Some(publication.review_by));
    let after = document::parse(&document::fill(&seen.source, &alike).text)?;
    Ok(is_correction(&document::parse(&publication.text)?, &after).then_some((approval, publication.review_by)))
}

/// The text as it is put into force.
pub(super) fn filled(source: &str, values: &Values) -> Result<String, PoliciesError> {
    let filled = document::fill(source, values);
    if !filled.gaps.is_empty() {
        return Err(PoliciesError::Open(filled.gaps.join(", ")));
    }
    let lines = document::parse(&filled.text)?.lines().join("\n").to_lowercase();
    let words: Vec<&str> = lines.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let said = format!(" {} ", words.join(" "));
    let stands = |left: &&&str| said.contains(&format!(" {left} "));
    match LEFT_OVER.iter().find(stands) {
        Some(left) => Err(PoliciesError::Open(format!("\"{left}\""))),
        None => Ok(filled.text),
    }
}

fn check(text: NewText<'_>) -> Result<(), PoliciesError> {
    document::parse(text.source)?;
    let change = text.change.trim();
    if change.is_empty() || change.chars().count() > CHANGE { Err(PoliciesError::NoChange) } else { Ok(()) }
}

pub(super) fn author(unit: &Unit) -> Result<PersonId, PoliciesError> {
    match unit.act().actor {
        Actor::Person(person) => Ok(person),
        Actor::Program => Err(PoliciesError::NotThere),
    }
}

/// One step back: no approval stays.
async fn unapproved(unit: &mut Unit, seen: &Version, from: &[State], state: State, what: Code) -> Result<(), PoliciesError> {
    if !from.contains(&seen.state) {
        return Err(PoliciesError::NotNow);
    }
    let update = Entity::update_many()
        .col_expr(Column::State, Expr::value(state.number()))
        .col_expr(Column::ApprovedOn, Expr::value(Option::<String>::None))
        .col_expr(Column::Minute, Expr::value(Option::<String>::None))
        .col_expr(Column::ApprovedBy, Expr::value(Option::<Id>::None));
    look_again(unit, seen.id).await?;
    apply(unit, update, seen, what).await
}

async fn to(unit: &mut Unit, seen: &Version, from: &[State], state: State, what: Code) -> Result<(), PoliciesError> {
    if !from.contains(&seen.state) {
        return Err(PoliciesError::NotNow);
    }
    apply(unit, Entity::update_many().col_expr(Column::State, Expr::value(state.number())), seen, what).await
}

/// Changes the row that was seen, or nothing.
async fn apply(unit: &mut Unit, update: UpdateMany<Entity>, seen: &Version, what: Code) -> Result<(), PoliciesError> {
    let changed = update
        .col_expr(Column::Version, Expr::value(seen.version + 1))
        .filter(Column::OrganisationId.eq(Id::from(unit.act().organisation)))
        .filter(Column::Id.eq(Id::from(seen.id)))
        .filter(Column::Version.eq(seen.version))
        .exec(unit.connection())
        .await
        .map_err(LedgerError::database("changing a version of a policy"))?;
    if changed.rows_affected != 1 {
        return Err(LedgerError::Conflict.into());
    }
    note(unit, seen.id, what)
}

fn note(unit: &mut Unit, id: RecordId, what: Code) -> Result<(), PoliciesError> {
    unit.record(&Change::new(Subject { kind: code!("policy"), id }, what))?;
    Ok(())
}

/// So many months later, on the same day or the last one of that month.
fn months_after(day: Date, months: i64) -> Date {
    let span = jiff::Span::new().try_months(months).unwrap_or_default();
    day.civil().checked_add(span).ok().and_then(|later| Date::try_from(later).ok()).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_is_due_on_the_same_day_or_the_last_of_its_month() {
        let day = |text: &str| text.parse::<Date>().expect("a day");
        assert_eq!(months_after(day("2026-11-24"), 12), day("2027-11-24"));
        assert_eq!(months_after(day("2027-08-31"), 6), day("2028-02-29"));
    }

    #[test]
    fn what_is_left_over_from_writing_is_found() {
        let refused = |body: &str| filled(&format!("# T\n\n{body}"), &Values::default()).is_err();
        for body in ["Approved on Insert Date.", "Owner: TBC", "Reviewed {{date.review}}"] {
            assert!(refused(body), "{body}");
        }
        assert!(!refused("We insert dates into the calendar; an xxxl shirt."), "words in other words");
    }
}
