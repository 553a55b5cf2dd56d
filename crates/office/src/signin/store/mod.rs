//! Accounts in the database. Each change stands in the audit trail, under the person whose account it is.

mod entity;

use calendar::Instant;
use ids::{OrganisationId, PersonId, RecordId};
use jiff::SignedDuration;
use ledger::{Change, Code, Fault, Id, LedgerError, Subject, Unit, code};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

pub(super) use self::entity::account::Model as Row;
use self::entity::{account, recovery_code, sign_in_link};
use super::account::UserName;
use super::error::SignInError;
use super::password::PasswordHash;
use super::recovery::{RecoveryCodes, hash_of};
use super::token::Token;

/// How long a one-time link is good: over a weekend.
pub(super) const LINK: SignedDuration = SignedDuration::from_hours(72);

/// How an account stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whose.
    pub person: PersonId,
    /// The name that they type.
    pub user_name: String,
    /// Whether they have chosen a password. Without one nobody signs in.
    pub has_password: bool,
    /// Whether a code is asked for beside it.
    pub has_second_factor: bool,
    /// When they chose it.
    pub chosen: Option<Instant>,
    /// When they last signed in.
    pub signed_in: Option<Instant>,
    /// Whether it has ended. It never comes back, and its name is not given again.
    pub is_ended: bool,
    /// When it was made.
    pub made: Instant,
}

/// All accounts of the organisation, by user name.
///
/// # Errors
/// Where the database refuses.
pub async fn accounts(database: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Vec<Standing>, LedgerError> {
    let of_organisation = account::Entity::find().filter(account::Column::OrganisationId.eq(Id::from(organisation)));
    let rows = of_organisation.order_by_asc(account::Column::UserName).all(database).await;
    let rows = rows.map_err(LedgerError::database("reading the accounts"))?;
    Ok(rows.into_iter().map(standing).collect())
}

/// The account of one person, if it has not ended.
///
/// # Errors
/// Where the database refuses.
pub async fn account(
    database: &impl ConnectionTrait,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<Option<Standing>, LedgerError> {
    Ok(of_person(database, organisation, person).await?.map(standing))
}

fn standing(row: Row) -> Standing {
    Standing {
        person: row.person_id.into(),
        user_name: row.user_name,
        has_password: row.password.is_some(),
        has_second_factor: row.seed.is_some(),
        chosen: row.chosen_at.and_then(|at| Instant::from_micros(at).ok()).filter(|_| row.password.is_some()),
        signed_in: row.signed_in_at.and_then(|at| Instant::from_micros(at).ok()),
        is_ended: row.ended_at.is_some(),
        made: Instant::from_micros(row.made_at).unwrap_or(Instant::EPOCH),
    }
}

/// The account that is called so and has not ended.
pub(super) async fn by_name(
    database: &impl ConnectionTrait,
    organisation: OrganisationId,
    name: &UserName,
) -> Result<Option<Row>, LedgerError> {
    let called = account::Column::OrganisationId.eq(Id::from(organisation)).and(account::Column::UserName.eq(name.as_str()));
    let row = account::Entity::find().filter(called).filter(account::Column::EndedAt.is_null()).one(database).await;
    row.map_err(LedgerError::database("looking for an account"))
}

/// The account of a person, if it has not ended.
pub(super) async fn of_person(
    database: &impl ConnectionTrait,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<Option<Row>, LedgerError> {
    let row = account::Entity::find_by_id((Id::from(organisation), Id::from(person))).one(database).await;
    Ok(row.map_err(LedgerError::database("looking for an account"))?.filter(|row| row.ended_at.is_none()))
}

/// Whose link that is, while it is good.
pub(super) async fn of_link(
    database: &impl ConnectionTrait,
    organisation: OrganisationId,
    link: &Token,
    now: Instant,
) -> Result<Option<Row>, LedgerError> {
    let failed = LedgerError::database("looking for a one-time link");
    let key = (Id::from(organisation), link.hash().to_vec());
    let found = sign_in_link::Entity::find_by_id(key).one(database).await.map_err(&failed)?;
    let Some(link) = found.filter(|link| link.used_at.is_none() && link.until > now.micros()) else { return Ok(None) };
    let row = account::Entity::find_by_id((Id::from(organisation), link.person_id)).one(database).await.map_err(&failed)?;
    Ok(row.filter(|row| row.ended_at.is_none()))
}

/// Makes an account, and the link by which its person chooses a password.
pub(super) async fn make(unit: &mut Unit, person: PersonId, name: &UserName) -> Result<Token, SignInError> {
    let key = (Id::from(unit.act().organisation), Id::from(person));
    let known = account::Entity::find_by_id(key).one(unit.connection()).await.map_err(LedgerError::database("looking for an account"))?;
    if known.is_some() {
        return Err(SignInError::HasOne);
    }
    let row = account::ActiveModel {
        organisation_id: Set(unit.act().organisation.into()),
        person_id: Set(person.into()),
        user_name: Set(name.as_str().to_owned()),
        password: Set(None),
        seed: Set(None),
        step: Set(0),
        signed_in_at: Set(None),
        chosen_at: Set(None),
        ended_at: Set(None),
        version: Set(0),
        made_at: Set(unit.act().at.micros()),
    };
    let made = account::Entity::insert(row).exec_without_returning(unit.connection()).await;
    made.map_err(|error| match Fault::of(&error) {
        Fault::Refused => SignInError::Taken,
        _ => LedgerError::database("making an account")(error).into(),
    })?;
    record(unit, person, code!("account.made"))?;
    link(unit, person).await
}

/// Takes away password, second factor, recovery codes and links, and gives a new link.
pub(super) async fn reset(unit: &mut Unit, person: PersonId) -> Result<Token, SignInError> {
    change(unit, person, |row| {
        row.password = Set(None);
        row.seed = Set(None);
    })
    .await?;
    forget_codes(unit, person).await?;
    record(unit, person, code!("account.reset"))?;
    link(unit, person).await
}

/// Ends an account. Nobody signs in with it any more.
pub(super) async fn end(unit: &mut Unit, person: PersonId) -> Result<(), SignInError> {
    let now = unit.act().at.micros();
    change(unit, person, |row| {
        row.password = Set(None);
        row.seed = Set(None);
        row.ended_at = Set(Some(now));
    })
    .await?;
    forget_codes(unit, person).await?;
    use_links(unit, person).await?;
    record(unit, person, code!("account.ended"))?;
    Ok(())
}

/// Uses a link up, and sets the password that was chosen. Of two at once, one is told that the link is used.
pub(super) async fn accept(unit: &mut Unit, token: &Token, person: PersonId, password: &PasswordHash) -> Result<(), SignInError> {
    let now = unit.act().at.micros();
    let mine = sign_in_link::Column::OrganisationId
        .eq(Id::from(unit.act().organisation))
        .and(sign_in_link::Column::Hash.eq(token.hash().to_vec()));
    let good = sign_in_link::Column::UsedAt.is_null().and(sign_in_link::Column::Until.gt(now));
    let used = sign_in_link::Entity::update_many().col_expr(sign_in_link::Column::UsedAt, Expr::value(now)).filter(mine).filter(good);
    if used.exec(unit.connection()).await.map_err(LedgerError::database("using a one-time link"))?.rows_affected != 1 {
        return Err(SignInError::Link);
    }
    set_password(unit, person, password).await
}

/// Sets a password.
pub(super) async fn set_password(unit: &mut Unit, person: PersonId, password: &PasswordHash) -> Result<(), SignInError> {
    let now = unit.act().at.micros();
    change(unit, person, |row| {
        row.password = Set(Some(password.to_bytes()));
        row.chosen_at = Set(Some(now));
    })
    .await?;
    record(unit, person, code!("account.password"))
}

/// Turns the second factor on, with the codes for when it is lost. `step`: the half minute whose code proved it.
pub(super) async fn turn_on(unit: &mut Unit, person: PersonId, seed: Vec<u8>, step: u64, codes: &RecoveryCodes) -> Result<(), SignInError> {
    change(unit, person, |row| {
        row.seed = Set(Some(seed));
        row.step = Set(i64::try_from(step).unwrap_or(i64::MAX));
    })
    .await?;
    forget_codes(unit, person).await?;
    let organisation = unit.act().organisation;
    let rows = (0..).zip(codes.hashes(person)).map(|(position, hash)| recovery_code::ActiveModel {
        organisation_id: Set(organisation.into()),
        person_id: Set(person.into()),
        position: Set(position),
        hash: Set(hash.to_vec()),
        used_at: Set(None),
    });
    let kept = recovery_code::Entity::insert_many(rows).exec_without_returning(unit.connection()).await;
    kept.map_err(LedgerError::database("keeping recovery codes"))?;
    record(unit, person, code!("account.second-factor"))
}

/// Uses up the code of a half minute. False where it, or a later one, was used before.
pub(super) async fn use_step(unit: &Unit, person: PersonId, step: u64) -> Result<bool, SignInError> {
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    let earlier = of(unit, person).and(account::Column::Step.lt(step));
    let used = account::Entity::update_many().col_expr(account::Column::Step, Expr::value(step)).filter(earlier);
    Ok(used.exec(unit.connection()).await.map_err(LedgerError::database("using a code"))?.rows_affected == 1)
}

/// Uses up a recovery code. False where it is none, or was used before.
pub(super) async fn use_code(unit: &Unit, person: PersonId, code: &str) -> Result<bool, SignInError> {
    let mine = recovery_code::Column::OrganisationId
        .eq(Id::from(unit.act().organisation))
        .and(recovery_code::Column::PersonId.eq(Id::from(person)));
    let this = recovery_code::Column::Hash.eq(hash_of(code, person).to_vec()).and(recovery_code::Column::UsedAt.is_null());
    let used = recovery_code::Entity::update_many().col_expr(recovery_code::Column::UsedAt, Expr::value(unit.act().at.micros()));
    let used = used.filter(mine).filter(this).exec(unit.connection()).await;
    Ok(used.map_err(LedgerError::database("using a recovery code"))?.rows_affected == 1)
}

/// Somebody has signed in, in the way that `how` says.
pub(super) async fn signed_in(unit: &mut Unit, person: PersonId, how: Code) -> Result<(), SignInError> {
    let now = unit.act().at.micros();
    let set = account::Entity::update_many().col_expr(account::Column::SignedInAt, Expr::value(now)).filter(of(unit, person));
    set.exec(unit.connection()).await.map_err(LedgerError::database("recording a sign-in"))?;
    record(unit, person, how)
}

/// Somebody was refused at the door; nobody's name was typed where there is no person.
pub(super) fn failed(unit: &mut Unit, whose: Option<PersonId>) -> Result<(), SignInError> {
    let organisation = unit.act().organisation;
    let nobody = Subject { kind: code!("organisation"), id: RecordId::from_bytes(organisation.to_bytes()) };
    let somebody = |person: PersonId| Subject { kind: code!("account"), id: RecordId::from_bytes(person.to_bytes()) };
    unit.record(&Change::new(whose.map_or(nobody, somebody), code!("sign-in.failed")))?;
    Ok(())
}

/// Somebody has signed in or out in another way than with a password.
pub(super) fn note(unit: &mut Unit, person: PersonId, what: Code) -> Result<(), SignInError> {
    record(unit, person, what)
}

/// Somebody has signed out.
pub(super) fn signed_out(unit: &mut Unit, person: PersonId) -> Result<(), SignInError> {
    record(unit, person, code!("signed-out"))
}

/// Somebody was signed out everywhere by another.
pub(super) fn sessions_ended(unit: &mut Unit, person: PersonId) -> Result<(), SignInError> {
    record(unit, person, code!("sessions.ended"))
}

fn of(unit: &Unit, person: PersonId) -> Expr {
    account::Column::OrganisationId.eq(Id::from(unit.act().organisation)).and(account::Column::PersonId.eq(Id::from(person)))
}

/// Changes the account, if it has not ended.
async fn change(unit: &Unit, person: PersonId, how: impl FnOnce(&mut account::ActiveModel) + Send) -> Result<(), SignInError> {
    let mut values = account::ActiveModel { ..Default::default() };
    how(&mut values);
    let changed = account::Entity::update_many()
        .set(values)
        .col_expr(account::Column::Version, Expr::col(account::Column::Version).add(1))
        .filter(of(unit, person).and(account::Column::EndedAt.is_null()));
    match changed.exec(unit.connection()).await.map_err(LedgerError::database("changing an account"))?.rows_affected {
        1 => Ok(()),
        _ => Err(SignInError::NoAccount),
    }
}

async fn forget_codes(unit: &Unit, person: PersonId) -> Result<(), SignInError> {
    let mine = recovery_code::Column::OrganisationId
        .eq(Id::from(unit.act().organisation))
        .and(recovery_code::Column::PersonId.eq(Id::from(person)));
    let gone = recovery_code::Entity::delete_many().filter(mine).exec(unit.connection()).await;
    gone.map_err(LedgerError::database("taking back recovery codes"))?;
    Ok(())
}

/// A new link; those from before are good no more.
async fn link(unit: &Unit, person: PersonId) -> Result<Token, SignInError> {
    use_links(unit, person).await?;
    let token = Token::random()?;
    let at = unit.act().at;
    let row = sign_in_link::ActiveModel {
        organisation_id: Set(unit.act().organisation.into()),
        hash: Set(token.hash().to_vec()),
        person_id: Set(person.into()),
        until: Set(at.checked_add(LINK).unwrap_or(at).micros()),
        used_at: Set(None),
        made_at: Set(at.micros()),
    };
    let made = sign_in_link::Entity::insert(row).exec_without_returning(unit.connection()).await;
    made.map_err(LedgerError::database("making a one-time link"))?;
    Ok(token)
}

async fn use_links(unit: &Unit, person: PersonId) -> Result<(), SignInError> {
    let mine =
        sign_in_link::Column::OrganisationId.eq(Id::from(unit.act().organisation)).and(sign_in_link::Column::PersonId.eq(Id::from(person)));
    let all = sign_in_link::Entity::update_many().col_expr(sign_in_link::Column::UsedAt, Expr::value(unit.act().at.micros()));
    let all = all.filter(mine).filter(sign_in_link::Column::UsedAt.is_null()).exec(unit.connection()).await;
    all.map_err(LedgerError::database("taking back one-time links"))?;
    Ok(())
}

fn record(unit: &mut Unit, person: PersonId, what: Code) -> Result<(), SignInError> {
    let subject = Subject { kind: code!("account"), id: RecordId::from_bytes(person.to_bytes()) };
    unit.record(&Change::new(subject, what))?;
    Ok(())
}
