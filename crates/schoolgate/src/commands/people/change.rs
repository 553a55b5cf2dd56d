//! What changes people: planned beside whatever runs, done by the one who has the records.

use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use calendar::Instant;
use office::people::{self, Scope};

use super::super::progress::Progress;
use super::{Doing, End, Import, Target, Year, words};
use crate::control;
use crate::keys::Protected;
use crate::people::{Order, Report, carry_out, days, plan_import, plan_year, today};
use crate::records;
use crate::terminal;
use crate::world::World;

pub(super) fn import(args: &Import, world: &World) -> Result<ExitCode> {
    let (target, source) = (Target::of(&args.doing.place, world)?, args.source()?);
    let report = if args.doing.apply {
        target.order(Order::Import(source), args.doing.json)?
    } else {
        target.look(async |target: &Target, now| {
            let today = today(now, target.zone())?;
            let (mapping, plan) = plan_import(&target.known(today).await?, &source, now, today)?;
            Ok(Report::of(&plan, Some(&mapping)))
        })?
    };
    finish(&report, &args.doing)
}

pub(super) fn year(args: &Year, world: &World) -> Result<ExitCode> {
    let (target, wish) = (Target::of(&args.doing.place, world)?, args.wish());
    let report = if args.doing.apply {
        target.order(Order::Year(wish), args.doing.json)?
    } else {
        target.look(async |target: &Target, _| {
            let (first, last) = days(&wish)?;
            let plan = plan_year(&target.known(last).await?, &target.known(first).await?, &wish)?;
            Ok(Report::of(&plan, None))
        })?
    };
    finish(&report, &args.doing)
}

pub(super) fn end(args: &End, world: &World) -> Result<ExitCode> {
    let target = Target::of(&args.place, world)?;
    let report = target.order(Order::End { who: args.who.clone(), on: args.on.clone() }, true)?;
    let name = report.lines.first().map(|line| terminal::harmless(&line.name)).unwrap_or_default();
    terminal::print(&format!(
        "{name} leaves: the last day is {}. From the day after there is no role and no open account; nothing of what is known is deleted.\n",
        args.on.trim()
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn finish(report: &Report, doing: &Doing) -> Result<ExitCode> {
    let text = if doing.json { format!("{}\n", serde_json::to_string_pretty(report)?) } else { words::report(report) };
    terminal::print(&text)?;
    Ok(if report.refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

// === impl Target ===

impl Target {
    /// Looks at the records, without taking them from whoever has them.
    fn look(&self, look: impl AsyncFnOnce(&Self, Instant) -> Result<Report>) -> Result<Report> {
        records::runtime()?.block_on(look(self, self.world.now().into()))
    }

    /// All that is known on a day.
    async fn known(&self, on: calendar::Date) -> Result<people::Known> {
        let reader = self.reader().await?;
        let organisation = ledger::organisation_of(&reader).await?.context("these records belong to no school yet")?;
        Ok(people::known(&reader, Scope::of(organisation), on).await?)
    }

    /// By whoever runs, else by this process.
    fn order(&self, order: Order, quiet: bool) -> Result<Report> {
        let mut progress = Progress::new(&self.world, quiet);
        progress.say(|| "working on the people".to_owned());
        if let Some(report) = control::order_people(&self.data.socket(), &order)? {
            return Ok(report);
        }
        let progress = Mutex::new(progress);
        let say = |done: usize, all: usize| {
            progress.lock().unwrap_or_else(PoisonError::into_inner).say(|| format!("{done} of {all} people"));
        };
        records::runtime()?.block_on(async {
            self.reader().await?;
            let now = self.world.now().into();
            let protected = Protected::open(&self.config, &self.data, now).await?;
            let done = carry_out(&protected, order, now, self.zone(), &say).await.map_err(anyhow::Error::msg);
            protected.close().await?;
            done
        })
    }
}
