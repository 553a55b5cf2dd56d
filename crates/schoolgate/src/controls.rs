//! What the controls find in what is in force: for the console and for `schoolgate controls`.

use filter::profile::Profile;
use filter::profile::shipped::Shipped;
use jiff::Timestamp;
use office::control::{Context, Found};
use office::filtering::{self, IllegalSource};

use crate::config::{Config, IllegalContent};
use crate::live::InForce;

/// Asks every control.
pub async fn look(in_force: &InForce, now: Timestamp) -> Vec<Found> {
    office::control::look(&context(in_force, now)).await
}

fn context(in_force: &InForce, now: Timestamp) -> Context<'_> {
    let config = &in_force.config;
    let list = |state: &crate::refresh::ListState| filtering::List {
        name: state.name.clone(),
        is_in_force: state.entries.is_some(),
        news: state.checked_at,
    };
    Context {
        now,
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
