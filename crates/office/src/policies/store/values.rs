//! What the placeholders of a text stand for: titles and holders of roles, the school's own words, settings, dates.

use calendar::Date;
use sea_orm::ConnectionTrait;

use super::early::early_reviews;
use super::look::latest;
use crate::document::{self, Values};
use crate::people::{self, Role, Scope, TERMS};
use crate::policies::{InForce, PoliciesError, State, Version, review_by};
use crate::settings;

/// What the records say today. `school`: what it is called.
///
/// # Errors
/// Where the database refuses.
pub async fn values(from: &impl ConnectionTrait, scope: Scope, school: &str, today: Date) -> Result<Values, PoliciesError> {
    let mut values = Values::default();
    values.set("school", school);
    let aliases = people::aliases(from, scope).await?;
    let alias = |word: &str| aliases.iter().find(|(known, _)| known == word).map(|(_, title)| title.clone());
    for term in TERMS {
        values.set(format!("term.{term}"), alias(term).unwrap_or_else(|| term.replace('_', " ")));
    }
    let holdings = people::holdings(from, scope).await?;
    let held: Vec<_> = holdings.into_iter().filter(|holding| holding.holds(today)).collect();
    let ids: Vec<_> = held.iter().map(|holding| holding.person).collect();
    let here: Vec<_> = people::persons(from, scope, &ids).await?.into_iter().filter(|person| person.is_here(today)).collect();
    for role in Role::ALL {
        values.set(format!("role.{}", role.as_str()), alias(role.as_str()).unwrap_or_else(|| role.title().to_owned()));
        let mut names: Vec<String> = here
            .iter()
            .filter(|person| held.iter().any(|holding| holding.role == *role && holding.person == person.id))
            .map(|person| person.details.name())
            .collect();
        names.sort();
        values.set(format!("holder.{}", role.as_str()), names.join(", "));
    }
    let set = settings::read(from, scope.organisation).await?;
    for setting in settings::ALL {
        values.set(format!("setting.{}", setting.word), set.words(setting));
    }
    let deputies = people::minimums(from, scope).await?.get(&Role::Ddsl).copied().unwrap_or_else(|| Role::Ddsl.least());
    values.set("setting.deputy_leads", deputies.to_string());
    Ok(values)
}

/// What is in force, as controls look at it.
///
/// # Errors
/// Where the database refuses.
pub async fn in_force(from: &impl ConnectionTrait, scope: Scope, school: &str, today: Date) -> Result<Vec<InForce>, PoliciesError> {
    let values = values(from, scope, school, today).await?;
    let called_for = early_reviews(from, scope.organisation).await?;
    let one = |version: Version| {
        let publication = version.publication.as_ref()?;
        let approval = version.approval.as_ref()?;
        let review_by = review_by(publication.review_by, &called_for, &version.policy);
        let then = values_of(values.clone(), &version);
        Some(InForce {
            is_approved: !version.writers.contains(&approval.by) && !approval.minute.is_empty(),
            review_by,
            is_overdue: review_by < today,
            drifts: document::fill(&version.source, &then).text != publication.text,
            clauses: version.document().ok()?.clauses().into_iter().map(str::to_owned).collect(),
            policy: version.policy,
        })
    };
    let latest = latest(from, scope.organisation).await?;
    Ok(latest.into_iter().filter(|version| version.state == State::Current).filter_map(one).collect())
}

/// What the records say today, with what was true of a version when it came into force.
pub fn values_of(mut values: Values, version: &Version) -> Values {
    let approved = version.approval.as_ref().map(|approval| approval.on);
    of_version(&mut values, version.number, approved, version.publication.as_ref().map(|publication| publication.review_by));
    values
}

/// The same for one that is not in force: both dates are known when it is put into force, and are no gap of the text.
pub(in crate::policies) fn values_now(mut values: Values, version: &Version, today: Date) -> Values {
    let approved = version.approval.as_ref().map_or(today, |approval| approval.on);
    of_version(&mut values, version.number, Some(approved), Some(today));
    values
}

/// Beside them, what is true of one version.
pub(super) fn of_version(values: &mut Values, number: i64, approved: Option<Date>, review: Option<Date>) {
    let long = |day: Date| day.civil().strftime("%-d %B %Y").to_string();
    values.set("version", number.to_string());
    if let Some(day) = approved {
        values.set("date.approved", long(day));
    }
    if let Some(day) = review {
        values.set("date.review", long(day));
    }
}
