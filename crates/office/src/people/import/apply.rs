//! A plan is done, some hundred people at a time. Each batch is there as a whole with its entries, or not at all; whatever stops it between
//! two batches, the same file may be given again, and goes on where it stopped.

use std::collections::HashMap;

use calendar::Date;
use ids::{GroupId, PersonId, RecordId};
use ledger::keys::Keys;
use ledger::{Act, Ledger, Unit};

use super::plan::{Outcome, Plan, Step, Work};
use crate::people::group::{GroupKind, Member};
use crate::people::person::Leaver;
use crate::people::store::{self, NewHolding};
use crate::people::{Duties, PeopleError, SchoolYear, YearGroup};

/// People in a batch. On SQLite the next change waits as long as a batch takes.
const BATCH: usize = 500;

/// What was done.
#[derive(Debug, Default)]
pub struct Applied {
    /// How many were added, changed (leavers and returners with them), left as they were, and refused.
    pub counts: [usize; 4],
    /// Who was refused only now, since somebody had changed them meanwhile.
    pub conflicts: Vec<PersonId>,
    /// Who leaves: for whoever keeps accounts, loans or consents.
    pub leavers: Vec<Leaver>,
}

/// Groups by kind and name in small letters.
type Groups = HashMap<(GroupKind, String), GroupId>;

/// Does a plan. `progress` is told how many steps of how many are done.
///
/// # Errors
/// Where the database refuses, or something is to be changed and no keys were made. The batches before are done.
pub async fn apply(
    ledger: &Ledger,
    keys: &Keys,
    act: &Act,
    plan: Plan,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Applied, PeopleError> {
    apply_run(ledger, keys, act, plan, None, progress).await
}

/// The same for a run that was begun: each batch says in its own unit how far it is.
///
/// # Errors
/// As [`apply`].
pub async fn apply_run(
    ledger: &Ledger,
    keys: &Keys,
    act: &Act,
    plan: Plan,
    run: Option<RecordId>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Applied, PeopleError> {
    let all = plan.steps.len();
    let mut applied = Applied { counts: plan.counts(), ..Applied::default() };
    let mut groups: Groups = plan.groups.iter().map(|group| ((group.kind, group.name.as_str().to_lowercase()), group.id)).collect();
    let mut done = 0;
    let mut steps = plan.steps.into_iter().peekable();
    while steps.peek().is_some() {
        let batch: Vec<Step> = steps.by_ref().take(BATCH).collect();
        done += batch.len();
        if batch.iter().any(|step| step.work.is_some()) {
            let mut unit = ledger.begin(act.clone()).await?;
            let changed = one_batch(&mut unit, keys, batch, plan.today, &mut groups, &mut applied).await?;
            if changed {
                if let Some(run) = run {
                    store::run_went(&unit, run, done).await?;
                }
                unit.commit().await?;
            }
        }
        progress(done, all);
    }
    Ok(applied)
}

/// One batch. False where all of it met a conflict, and nothing is to be committed.
async fn one_batch(
    unit: &mut Unit,
    keys: &Keys,
    batch: Vec<Step>,
    today: Date,
    groups: &mut Groups,
    applied: &mut Applied,
) -> Result<bool, PeopleError> {
    let works = batch.into_iter().filter_map(|step| Some((step.outcome, step.work?)));
    let (mut new, mut joining, mut roles, mut relations) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut changed = false;
    for (outcome, mut work) in works {
        if let Some(person) = work.add.take() {
            applied.leavers.extend(person.ended.map(|on| Leaver { person: person.id, on }));
            new.push(person);
        }
        match change(unit, keys, &mut work).await {
            Ok(leaver) => applied.leavers.extend(leaver),
            Err(error) if error.is_conflict() => {
                applied.conflicts.push(work.person);
                moved(&mut applied.counts, &outcome);
                continue;
            }
            Err(error) => return Err(error),
        }
        for member in &work.quits {
            store::withdraw(unit, member.group, member.person, today.yesterday()).await?;
        }
        for (kind, name, part) in &work.joins {
            let group = group(unit, groups, *kind, name, today, work.year).await?;
            joining.push(Member { group, person: work.person, part: *part, started: work.from, ended: None });
        }
        let holding =
            |role| NewHolding { person: work.person, role, duties: Duties::NONE, authority: None, started: work.from, ended: None };
        roles.extend(work.roles.iter().copied().map(holding));
        relations.extend(work.children.iter().map(|(child, bond)| (work.person, *child, *bond)));
        changed = true;
    }
    store::add_many(unit, new).await?;
    store::enrol(unit, &joining).await?;
    store::insert_many(unit, &roles).await?;
    store::relate_many(unit, &relations, today).await?;
    Ok(changed)
}

/// Returns, changes, ends: in this order, each on the row as the one before left it.
async fn change(unit: &mut Unit, keys: &Keys, work: &mut Work) -> Result<Option<Leaver>, PeopleError> {
    let Some((mut seen, details)) = work.change.take() else { return Ok(None) };
    if let Some(from) = work.returns {
        store::rejoin(unit, keys, &seen, from).await?;
        (seen.version, seen.started, seen.ended) = (seen.version + 1, from, None);
    }
    if seen.details != details {
        store::change(unit, keys, &seen, &details).await?;
        seen.version += 1;
    }
    match work.ends {
        Some(on) => store::end(unit, keys, &seen, on).await.map(Some),
        None => Ok(None),
    }
}

/// The group of that name, made if there is none.
async fn group(
    unit: &mut Unit,
    groups: &mut Groups,
    kind: GroupKind,
    name: &crate::people::Short,
    today: Date,
    year: Option<YearGroup>,
) -> Result<GroupId, PeopleError> {
    let key = (kind, name.as_str().to_lowercase());
    if let Some(id) = groups.get(&key) {
        return Ok(*id);
    }
    let school_year = SchoolYear::of(today).ok_or(PeopleError::Stored { what: "today's date" })?;
    let id = store::make_group(unit, kind, name, school_year, year).await?;
    groups.insert(key, id);
    Ok(id)
}

/// A line counts as refused after all.
fn moved(counts: &mut [usize; 4], outcome: &Outcome) {
    let from = usize::from(*outcome != Outcome::Added);
    for (at, by) in [(from, -1_isize), (3, 1)] {
        if let Some(count) = counts.get_mut(at) {
            *count = count.saturating_add_signed(by);
        }
    }
}
