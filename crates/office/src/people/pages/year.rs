//! The school goes into its next year: what would happen is looked at first, class by class and pupil by pupil.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::import::{slot, start};
use crate::access::Action;
use crate::people::import::{self, Line, NextYear, Plan, Planned, RunKind};
use crate::people::view::YearPage;
use crate::people::{self, Group, GroupKind, Known, Membership, SchoolYear, Short, YearGroup};
use crate::web::{Ask, Caller, Fields, Problem, Route, Shared, sentence};

/// How many pupils stand on one part.
const PART: usize = 100;

pub(super) fn routes() -> Vec<Route> {
    const IMPORT: Ask = Ask::School(Action::ImportPeople);
    vec![Route::page("/people/year", IMPORT, look), Route::form("/people/year", IMPORT, apply)]
}

/// Which part of those who would go on is shown.
#[derive(Debug, Default, Deserialize)]
struct From {
    #[serde(default)]
    from: usize,
}

/// The two years: what is known of the one on its last day, and of the other on its first.
struct Turn {
    to: SchoolYear,
    before: Known,
    after: Known,
}

// === impl Turn ===

impl Turn {
    /// Into this school year, as long as somebody has not gone up yet: new classes may be there already, or a roll-over have stopped half way.
    /// Else into the next one.
    async fn of(caller: &Caller) -> Result<Self, Problem> {
        let this = SchoolYear::of(caller.today()).ok_or(Problem::Broken)?;
        let turn = Self::into(caller, this).await?;
        let is_under_way = turn.plan(&mut Fields::default()).is_some_and(|plan| plan.does_something());
        if is_under_way {
            return Ok(turn);
        }
        Self::into(caller, SchoolYear::beginning(this.number() + 1).ok_or(Problem::Broken)?).await
    }

    async fn into(caller: &Caller, to: SchoolYear) -> Result<Self, Problem> {
        let (reader, scope) = (caller.office().ledger.reader(), caller.office().scope());
        let (Some(last), Some(first)) = (SchoolYear::beginning(to.number() - 1).and_then(SchoolYear::last_day), to.first_day()) else {
            return Err(Problem::Broken);
        };
        let (before, mut after) = (people::known(reader, scope, last).await?, people::known(reader, scope, first).await?);
        if caller.today() > first {
            // Whoever came into a class of this year later has gone up as well.
            after.members.extend(people::members(reader, scope, None, caller.today()).await?);
        }
        Ok(Self { to, before, after })
    }

    /// The classes that go on.
    fn classes(&self) -> Vec<&Group> {
        self.before.groups.iter().filter(|group| group.kind != GroupKind::Club).collect()
    }

    /// The oldest year group that there is.
    fn oldest(&self) -> YearGroup {
        let pupils = self.before.people.iter().filter(|person| person.details.memberships.has(Membership::Pupil));
        pupils.filter_map(|person| person.details.year).max().unwrap_or(YearGroup::SIX)
    }

    /// What would happen; says at the fields what cannot be read.
    fn plan(&self, fields: &mut Fields) -> Option<Plan> {
        let last = fields.get("last").parse().ok().and_then(YearGroup::new).unwrap_or_else(|| self.oldest());
        let mut classes = Vec::new();
        for (at, group) in self.classes().iter().enumerate() {
            if let Some(name) = fields.short(&format!("class-{at}")) {
                classes.push((group.name.clone(), name));
            }
        }
        let wish = NextYear { to: self.to, last, classes };
        match import::next_year(&self.before, &self.after, &wish) {
            Ok(plan) => Some(plan),
            Err(error) => {
                fields.wrong("last", sentence(&error.to_string()));
                None
            }
        }
    }

    /// What each class is called afterwards, unless somebody says otherwise.
    fn names(&self, fields: &mut Fields) {
        for (at, group) in self.classes().iter().enumerate() {
            let name = format!("class-{at}");
            if fields.get(&name).is_empty() {
                fields.set(&name, import::a_year_later(group.name.as_str(), group.year).unwrap_or_else(|| group.name.to_string()));
            }
        }
        if fields.get("last").is_empty() {
            fields.set("last", self.oldest().number());
        }
    }
}

async fn look(State(house): State<Shared>, caller: Caller, from: Query<From>) -> Result<Response, Problem> {
    page(&house, &caller, &Turn::of(&caller).await?, Fields::default(), from.from, StatusCode::OK).await
}

async fn page(
    house: &Shared,
    caller: &Caller,
    turn: &Turn,
    mut fields: Fields,
    from: usize,
    status: StatusCode,
) -> Result<Response, Problem> {
    turn.names(&mut fields);
    let planned = turn.plan(&mut fields).map(|plan| Planned::of(&plan, None)).unwrap_or_default();
    let shown: Vec<&Line> = planned.lines.iter().skip(from).take(PART).collect();
    caller.looks_at(Action::ImportPeople, shown.iter().filter_map(|line| line.person)).await?;
    let first = turn.to.first_day().ok_or(Problem::Broken)?;
    let classes: Vec<&Short> = turn.classes().iter().map(|group| &group.name).collect();
    let page = YearPage {
        word: &caller.word(),
        fields: &fields,
        to: turn.to,
        first,
        has_begun: caller.today() >= first,
        classes: &classes,
        planned: &planned,
        shown: &shown,
        from,
        size: PART,
    };
    Ok((status, Html(house.page(&page, Some(caller)))).into_response())
}

/// Looks again with other names of classes, or does it.
async fn apply(State(house): State<Shared>, caller: Caller, mut fields: Fields) -> Result<Response, Problem> {
    let slot = if fields.get("do") == "apply" { Some(slot(&caller)?) } else { None };
    let turn = Turn::of(&caller).await?;
    let has_begun = turn.to.first_day().is_some_and(|first| caller.today() >= first);
    match (turn.plan(&mut fields), slot.filter(|_| has_begun)) {
        (Some(plan), Some(slot)) => {
            let planned = Planned::of(&plan, None);
            let run = start(&caller, slot, RunKind::Year, plan, planned).await?;
            Ok(Redirect::to(&format!("/people/imports/{run}")).into_response())
        }
        (Some(_), None) => page(&house, &caller, &turn, fields, 0, StatusCode::OK).await,
        (None, _) => page(&house, &caller, &turn, fields, 0, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}
