//! How values stand in rows, and how rows become values again.

use calendar::{Date, Instant};
use ledger::keys::SealedText;
use ledger::{Act, Id, LedgerError};

use sea_orm::{ColumnTrait, Condition};

use super::entity::person;
use crate::people::person::{Details, Person, Scope};
use crate::people::text::{Email, Short};
use crate::people::{Memberships, PeopleError, YearGroup};

/// Time and chance for a new id.
pub(super) fn new_id<I>(at: Instant, make: fn(u64, [u8; 10]) -> I) -> Result<I, LedgerError> {
    let mut random = [0; 10];
    getrandom::fill(&mut random).map_err(|_| LedgerError::Random)?;
    Ok(make(u64::try_from(at.micros() / 1000).unwrap_or(0), random))
}

/// Whose records an act may change.
pub(super) const fn scope_of(act: &Act) -> Scope {
    Scope { organisation: act.organisation, site: act.site }
}

/// Rows of a scope, by the columns that say whose they are.
pub(super) fn within<C: ColumnTrait>(scope: Scope, organisation: C, site: C) -> Condition {
    let own = Condition::all().add(organisation.eq(Id::from(scope.organisation)));
    match scope.site {
        None => own,
        Some(one) => own.add(Condition::any().add(site.eq(Id::from(one))).add(site.is_null())),
    }
}

/// A stored day.
pub(super) fn day(text: &str) -> Result<Date, PeopleError> {
    text.parse().map_err(|_| PeopleError::Stored { what: "a day" })
}

/// A stored day that may be missing.
pub(super) fn some_day(text: Option<&str>) -> Result<Option<Date>, PeopleError> {
    text.map(day).transpose()
}

/// The day before a moment, wherever in the world the school is: on it nobody acts any more.
pub(super) fn day_before(at: Instant) -> Result<Date, PeopleError> {
    let today = at.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date();
    Ok(Date::try_from(today).map_err(|_| PeopleError::Stored { what: "today's date" })?.yesterday())
}

/// A stored short text.
pub(super) fn short(text: &str) -> Result<Short, PeopleError> {
    Short::parse(text).map_err(|_| PeopleError::Stored { what: "a name" })
}

/// One that may be missing.
pub(super) fn some_short(text: Option<&str>) -> Result<Option<Short>, PeopleError> {
    text.map(short).transpose()
}

/// A stored sealed text.
pub(super) fn sealed(bytes: Option<&[u8]>) -> Result<Option<SealedText>, PeopleError> {
    Ok(bytes.map(SealedText::parse).transpose()?)
}

impl TryFrom<person::Model> for Person {
    type Error = PeopleError;

    fn try_from(row: person::Model) -> Result<Self, PeopleError> {
        let year = |number: i16| i8::try_from(number).ok().and_then(YearGroup::new).ok_or(PeopleError::Stored { what: "a year group" });
        let email = |text: &str| Email::parse(text).map_err(|_| PeopleError::Stored { what: "a mail address" });
        let details = Details {
            given: short(&row.given)?,
            family: short(&row.family)?,
            known_as: some_short(row.known_as.as_deref())?,
            memberships: Memberships::of_bits(row.memberships),
            email: row.email.as_deref().map(email).transpose()?,
            language: some_short(row.language.as_deref())?,
            year: row.year.map(year).transpose()?,
            site: row.site_id.map(Into::into),
            sponsor: row.sponsor_id.map(Into::into),
            source: some_short(row.source.as_deref())?,
        };
        let (started, ended) = (day(&row.started)?, some_day(row.ended.as_deref())?);
        Ok(Self { id: row.id.into(), details, started, ended, version: row.version })
    }
}
