//! What the controls find in what is in force: for the console and for `schoolgate controls`.

use calendar::Date;
use filter::profile::Profile;
use filter::profile::shipped::Shipped;
use ids::OrganisationId;
use jiff::Timestamp;
use office::agreements;
use office::control::{Context, Counted, Found, Owned, Recorded};
use office::filtering::{self, IllegalSource};
use office::people::{self, Scope};
use office::permissions;
use office::policies;
use office::settings;
use office::signin;
use office::understanding;
use office::upkeep::Copies;

use crate::backup::Record;
use crate::config::{Config, IllegalContent};
use crate::data::DataFolder;
use crate::live::InForce;
use crate::records;

/// Asks every control.
pub async fn look(in_force: &InForce, data: &DataFolder, records: Result<Recorded, String>, now: Timestamp) -> Vec<Found> {
    office::control::look(&context(in_force, data, records, now)).await
}

/// What records say that no process needs to have open.
pub async fn read(data: &DataFolder, in_force: &InForce, now: Timestamp) -> Result<Recorded, String> {
    let told = |error: &dyn std::error::Error| error.to_string();
    let reading = records::read(&in_force.config, data).await.map_err(|error| format!("{error:#}"))?;
    let reading = reading.ok_or_else(|| "there are no records yet".to_owned())?;
    let organisation = ledger::organisation_of(&reading).await.map_err(|error| told(&error))?;
    let organisation = organisation.ok_or_else(|| "there are no records yet".to_owned())?;
    let today = today(in_force, now)?;
    recorded(&reading, organisation, &in_force.config.school, today).await
}

/// What controls look at, from these records.
///
/// # Errors
/// Why it cannot be had, for a person.
pub async fn recorded(reader: &ledger::Reading, organisation: OrganisationId, school: &str, today: Date) -> Result<Recorded, String> {
    let (scope, told) = (Scope::of(organisation), |error: people::PeopleError| error.to_string());
    let gaps = people::gaps(reader, scope, today).await.map_err(told)?;
    let owned = |row: people::Row| Owned { word: row.duty.word, title: row.duty.title, roles: row.roles, vacant: row.vacant() };
    let duties = people::matrix(reader, scope, today).await.map_err(told)?.into_iter().map(owned).collect();
    let serving = people::suppliers(reader, scope).await.map_err(told)?.into_iter().filter(|supplier| supplier.serves(today));
    let suppliers = serving.map(|supplier| (supplier.details.name.to_string(), supplier.wants(today))).collect();
    let pupils = people::answered_for(reader, scope, today).await.map_err(told)?;
    let accounts = signin::accounts(reader, organisation).await.map_err(|error| error.to_string())?;
    let users = people::users(reader, scope, today).await.map_err(told)?;
    let settings = settings::read(reader, organisation).await.map_err(|error| error.to_string())?;
    let leading = people::leading(reader, scope, &settings, today).await.map_err(told)?;
    let administrators = signin::administrators(reader, scope, &settings, today).await.map_err(|error| error.to_string())?;
    let able = signin::able(reader, scope, today).await.map_err(|error| error.to_string())?;
    // Looked through once: who has signed what is most of what this takes.
    let stands = agreements::access_with(reader, scope, &settings, today).await.map_err(|error| error.to_string())?;
    let published = policies::published(reader, organisation).await.map_err(|error| error.to_string())?;
    let signed = agreements::counted_of(&stands.iter().collect::<Vec<_>>(), &published, &settings);
    let starters = agreements::started(reader, scope, &stands, today).await.map_err(|error| error.to_string())?;
    let asked = policies::copy_requests(reader, organisation).await.map_err(|error| error.to_string())?;
    let open: Vec<_> = asked.iter().filter(|request| request.sent.is_none()).collect();
    let copies = Counted { all: open.len(), without: open.iter().filter(|request| request.is_late(today)).count() };
    let understood = understanding::counted_understood(reader, scope, &stands).await.map_err(|error| error.to_string())?;
    let asked = understanding::questions(reader, organisation).await.map_err(|error| error.to_string())?;
    let questions = Counted { all: asked.len(), without: asked.iter().filter(|question| question.is_late(today)).count() };
    let declared = understanding::counted_declared(reader, scope, today).await.map_err(|error| error.to_string())?;
    let permitted = permissions::counted(reader, organisation, today).await.map_err(|error| error.to_string())?;
    let policies = policies::in_force(reader, scope, school, today).await.map_err(|error| error.to_string())?;
    Ok(Recorded {
        gaps,
        duties,
        suppliers,
        pupils,
        users,
        leading,
        accounts,
        administrators,
        able,
        starters,
        signed,
        copies,
        understood,
        questions,
        declared,
        permitted,
        policies,
    })
}

/// The day at the school.
///
/// # Errors
/// Where the clock says none that there is.
pub fn today(in_force: &InForce, now: Timestamp) -> Result<Date, String> {
    Date::try_from(now.to_zoned(in_force.config.time_zone.clone()).date()).map_err(|error| error.to_string())
}

fn context<'a>(in_force: &'a InForce, data: &DataFolder, records: Result<Recorded, String>, now: Timestamp) -> Context<'a> {
    let backups = Record::read(data);
    let config = &in_force.config;
    let list = |state: &crate::refresh::ListState| filtering::List {
        name: state.name.clone(),
        is_in_force: state.entries.is_some(),
        news: state.checked_at,
    };
    Context {
        now,
        records,
        copies: Copies { is_set_up: in_force.config.backup.to.is_some(), made: backups.good.map(|good| good.at), read: backups.read },
        filter: filtering::InForce {
            snapshot: &in_force.rules.snapshot,
            pupils: pupils(config),
            illegal: match config.illegal_content {
                IllegalContent::None => IllegalSource::None,
                IllegalContent::Sealed { .. } => IllegalSource::Sealed,
                IllegalContent::Upstream { .. } => IllegalSource::Upstream,
            },
            lists: in_force.lists.iter().map(list).collect(),
            stale_after_days: i64::from(config.lists.stale_after_days),
        },
    }
}

/// The shipped profiles for pupils, the youngest first. A profile that a school has made for itself is a school's own matter until it says
/// whom it is for.
fn pupils(config: &Config) -> Vec<String> {
    let has = |name: &str| config.profiles.iter().any(|profile: &Profile| profile.name() == name);
    Shipped::PUPILS.iter().map(|profile| profile.name()).filter(|name| has(name)).map(str::to_owned).collect()
}
