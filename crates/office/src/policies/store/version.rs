//! Versions of policies: begun, changed while they are open, approved, put into force. What was in force is never changed again.

use calendar::Date;
use ids::{PersonId, RecordId};
use ledger::{Actor, Change, Code, Id, LedgerError, Subject, Unit, code};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, UpdateMany};
use sha2::{Digest as _, Sha256};

use super::entity::version::{ActiveModel, Column, Entity};
use super::look::{current, versions};
use super::values::of_version;
use crate::document::{self, Values};
use crate::policies::version::{State, Version, changes_a_duty};
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
    let mut random = [0; 10];
    getrandom::fill(&mut random).map_err(|_| LedgerError::Random)?;
    let id = RecordId::new(u64::try_from(act.at.micros() / 1000).unwrap_or(0), random);
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
        author_id: Set(author.into()),
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

/// Changes the text of a version that is open. Whoever changes it is its author from then on.
///
/// # Errors
/// [`LedgerError::Conflict`] where somebody else was faster; where it is no longer open, the text cannot be shown, or the database
/// refuses.
pub async fn rewrite(unit: &mut Unit, seen: &Version, text: NewText<'_>) -> Result<(), PoliciesError> {
    if !seen.state.is_open() {
        return Err(PoliciesError::NotNow);
    }
    check(text)?;
    let update = Entity::update_many()
        .col_expr(Column::Source, Expr::value(text.source))
        .col_expr(Column::Change, Expr::value(text.change.trim()))
        .col_expr(Column::AuthorId, Expr::value(Id::from(author(unit)?)));
    apply(unit, update, seen, code!("policy.rewritten")).await
}

/// Others are asked what they think of it.
///
/// # Errors
/// As [`rewrite`].
pub async fn consult(unit: &mut Unit, seen: &Version) -> Result<(), PoliciesError> {
    to(unit, seen, &[State::Draft], State::Consulting, code!("policy.consulted")).await
}

/// It is written on, whatever was said or approved.
///
/// # Errors
/// As [`rewrite`].
pub async fn reopen(unit: &mut Unit, seen: &Version) -> Result<(), PoliciesError> {
    to(unit, seen, &[State::Consulting, State::Approved], State::Draft, code!("policy.reopened")).await
}

/// It will never hold.
///
/// # Errors
/// As [`rewrite`].
pub async fn drop_version(unit: &mut Unit, seen: &Version) -> Result<(), PoliciesError> {
    to(unit, seen, &[State::Draft, State::Consulting, State::Approved], State::Dropped, code!("policy.dropped")).await
}

/// The governing body has said yes, on a real day, and it is minuted.
///
/// # Errors
/// As [`rewrite`]; where whoever enters it wrote it, the day lies ahead or before the version was begun, or no minute is named.
pub async fn approve(unit: &mut Unit, seen: &Version, on: Date, minute: &str, today: Date) -> Result<(), PoliciesError> {
    let (by, minute) = (author(unit)?, minute.trim());
    if by == seen.author {
        return Err(PoliciesError::OwnText);
    }
    let begun = Date::try_from(seen.made_at.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date()).unwrap_or(today);
    if on > today || on < begun.yesterday() {
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

/// Puts a version into force, as its text reads on this day; the one before holds no longer. A version that changes no duty and asks
/// nobody to sign needs no approval of its own: it keeps that of the one before, and the day of the next review.
///
/// # Errors
/// As [`rewrite`]; where something in it is open, or it is not approved and must be.
pub async fn publish(unit: &mut Unit, mut how: Publish<'_>) -> Result<(), PoliciesError> {
    let (seen, act) = (how.seen, unit.act().clone());
    let before = current(unit.connection(), act.organisation, &seen.policy).await?;
    let is_small = match &before {
        Some(before) if !how.must_sign => !changes_a_duty(&document::parse(&before.source)?, &document::parse(&seen.source)?),
        _ => false,
    };
    let kept = before.as_ref().filter(|_| is_small && seen.state.is_open());
    let approval = match (seen.state, &seen.approval, kept.and_then(|before| before.approval.clone())) {
        (State::Approved, Some(approval), _) => approval.clone(),
        (_, _, Some(approval)) => approval,
        _ => return Err(PoliciesError::NotNow),
    };
    let review_by = match kept.and_then(|before| before.publication.as_ref()) {
        Some(publication) => publication.review_by,
        None => months_after(approval.on, how.review_months),
    };
    of_version(&mut how.values, seen.number, Some(approval.on), Some(review_by));
    let text = filled(&seen.source, &how.values)?;
    if let Some(before) = &before {
        let update = Entity::update_many().col_expr(Column::State, Expr::value(State::Superseded.number()));
        apply(unit, update, before, code!("policy.superseded")).await?;
    }
    let update = Entity::update_many()
        .col_expr(Column::State, Expr::value(State::Current.number()))
        .col_expr(Column::Hash, Expr::value(Sha256::digest(text.as_bytes()).to_vec()))
        .col_expr(Column::Filled, Expr::value(text))
        .col_expr(Column::MustSign, Expr::value(i16::from(!is_small)))
        .col_expr(Column::ApprovedOn, Expr::value(approval.on.to_string()))
        .col_expr(Column::Minute, Expr::value(approval.minute))
        .col_expr(Column::ApprovedBy, Expr::value(Id::from(approval.by)))
        .col_expr(Column::PublishedAt, Expr::value(act.at.micros()))
        .col_expr(Column::InForceFrom, Expr::value(how.today.to_string()))
        .col_expr(Column::ReviewBy, Expr::value(review_by.to_string()));
    apply(unit, update, seen, if is_small { code!("policy.corrected") } else { code!("policy.published") }).await
}

/// The text as it is put into force.
fn filled(source: &str, values: &Values) -> Result<String, PoliciesError> {
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

fn author(unit: &Unit) -> Result<PersonId, PoliciesError> {
    match unit.act().actor {
        Actor::Person(person) => Ok(person),
        Actor::Program => Err(PoliciesError::NotThere),
    }
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
