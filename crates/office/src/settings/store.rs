//! Settings in the database. A value is never overwritten: the last one holds.

use std::collections::HashMap;

use calendar::Instant;
use ids::{OrganisationId, PersonId, RecordId};
use ledger::{Actor, Change, Id, LedgerError, Subject, Unit, code};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use self::entity::{ActiveModel, Column, Entity, Model};
use super::{Setting, SettingsError};

/// Longest reason, in characters.
const REASON: usize = 500;

/// What the school has set. What is not there is as it is shipped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    changed: HashMap<String, Changed>,
    /// What is tried out, over what was set.
    tried: HashMap<&'static str, i64>,
}

/// A value that somebody set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The how manyeth of its setting, from 1.
    pub number: i64,
    /// The value.
    pub value: i64,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Instant,
}

// === impl Settings ===

impl Settings {
    /// The value that holds.
    pub fn value(&self, setting: &Setting) -> i64 {
        let set = || self.changed(setting).map_or(setting.usual, |changed| changed.value);
        self.tried.get(setting.word).copied().unwrap_or_else(set)
    }

    /// The same in words: "14 days".
    pub fn words(&self, setting: &Setting) -> String {
        setting.words(self.value(setting))
    }

    /// Who set it last, if somebody did.
    pub fn changed(&self, setting: &Setting) -> Option<&Changed> {
        self.changed.get(setting.word)
    }

    /// The same with another value, to see what it would bring.
    #[must_use]
    pub fn with(mut self, setting: &Setting, value: i64) -> Self {
        self.tried.insert(setting.word, value);
        self
    }
}

/// What the school has set.
///
/// # Errors
/// Where the database refuses.
pub async fn read(from: &impl ConnectionTrait, organisation: OrganisationId) -> Result<Settings, SettingsError> {
    let rows = Entity::find().filter(Column::OrganisationId.eq(Id::from(organisation))).order_by_asc(Column::Number).all(from).await;
    let rows = rows.map_err(LedgerError::database("reading the settings"))?;
    // In the order of their numbers: the last one stays.
    rows.into_iter()
        .map(|row| Ok((row.setting.clone(), Changed::try_from(row)?)))
        .collect::<Result<_, SettingsError>>()
        .map(|changed| Settings { changed, tried: HashMap::new() })
}

/// All that ever held, the newest first; what it was shipped with is not among them.
///
/// # Errors
/// Where the database refuses.
pub async fn history(from: &impl ConnectionTrait, organisation: OrganisationId, setting: &Setting) -> Result<Vec<Changed>, SettingsError> {
    let of_it = Entity::find().filter(Column::OrganisationId.eq(Id::from(organisation))).filter(Column::Setting.eq(setting.word));
    let rows = of_it.order_by_desc(Column::Number).all(from).await.map_err(LedgerError::database("reading what a setting was"))?;
    rows.into_iter().map(Changed::try_from).collect()
}

/// Sets a value. `seen`: the number of the value that it takes the place of, 0 for the shipped one.
///
/// # Errors
/// [`LedgerError::Conflict`] where somebody else was faster; where the value is out of bounds or as it was, nobody says why, or the
/// database refuses.
pub async fn set(unit: &mut Unit, setting: &Setting, seen: i64, value: i64, reason: &str) -> Result<(), SettingsError> {
    let reason = reason.trim();
    // A number that says nothing, such as 31 June, is out of bounds too.
    if !(setting.least..=setting.most).contains(&value) || setting.words(value).is_empty() {
        return Err(SettingsError::OutOfBounds { least: setting.words(setting.least), most: setting.words(setting.most) });
    }
    if reason.is_empty() || reason.chars().count() > REASON {
        return Err(SettingsError::NoReason);
    }
    let act = unit.act().clone();
    let now = history(unit.connection(), act.organisation, setting).await?;
    let (number, before) = now.first().map_or((0, setting.usual), |changed| (changed.number, changed.value));
    if number != seen {
        return Err(LedgerError::Conflict.into());
    }
    if before == value {
        return Err(SettingsError::Same);
    }
    let Actor::Person(by) = act.actor else { return Err(LedgerError::Conflict.into()) };
    let row = ActiveModel {
        organisation_id: Set(act.organisation.into()),
        setting: Set(setting.word.to_owned()),
        number: Set(number + 1),
        value: Set(value),
        reason: Set(reason.to_owned()),
        changed_by: Set(by.into()),
        changed_at: Set(act.at.micros()),
    };
    // Two at once: the key lets one of them in, and the other's unit is rolled back.
    Entity::insert(row).exec_without_returning(unit.connection()).await.map_err(LedgerError::database("changing a setting"))?;
    let subject = Subject { kind: code!("setting"), id: RecordId::named(setting.word) };
    unit.record(&Change::new(subject, code!("setting.changed")))?;
    Ok(())
}

impl TryFrom<Model> for Changed {
    type Error = SettingsError;

    fn try_from(row: Model) -> Result<Self, SettingsError> {
        let at = Instant::from_micros(row.changed_at).map_err(|_| SettingsError::Stored)?;
        Ok(Self { number: row.number, value: row.value, reason: row.reason, by: row.changed_by.into(), at })
    }
}

mod entity {
    use ledger::Id;
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "setting_change")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub organisation_id: Id,
        #[sea_orm(primary_key, auto_increment = false)]
        pub setting: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub value: i64,
        pub reason: String,
        pub changed_by: Id,
        pub changed_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
