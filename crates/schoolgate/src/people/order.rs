//! What is ordered about people, planned and carried out.

use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use calendar::{Date, Instant};
use jiff::tz::TimeZone;
use ledger::{Act, Origin, by_program, code};
use office::people::import::{self, DateOrder, ManyLeavers, Mapping, NextYear, Options, Plan, Reading};
use office::people::{self, Find, Known, Membership, SchoolYear, Scope, Short, YearGroup};
use serde::{Deserialize, Serialize};

use super::{Line, Report, one, today};
use crate::keys::Protected;

/// Longest file, in bytes.
const MOST_BYTES: u64 = 64 << 20;

/// What is ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Take a file in.
    Import(Source),
    /// Somebody leaves.
    End {
        /// Name, key or id.
        who: String,
        /// The last day, as `2027-07-20`.
        on: String,
    },
    /// Go into the next school year.
    Year(Wish),
}

/// A file of people, and how it is read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Where it is, from the root.
    pub file: PathBuf,
    /// What columns mean, where the guess is wrong: meaning and heading.
    pub columns: Vec<(String, String)>,
    /// What everybody in it is to the school, where no column says it.
    pub membership: Option<String>,
    /// Whether the month is written first.
    pub month_first: bool,
    /// Of whom the file gives everybody: whoever is in it no more leaves.
    pub complete: Option<String>,
    /// Whether more than one in five may leave by that.
    pub many_leavers: bool,
}

/// How the school goes into its next year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// The year in which the school year begins.
    pub to: i16,
    /// Who leaves, as people write a year group.
    pub last: String,
    /// Names of classes before and after.
    pub classes: Vec<(String, String)>,
}

/// Does what was ordered. `progress` is told how many steps of how many are done. The text of an error is for the person who gave the
/// order.
///
/// # Errors
/// Says what is wrong and what to do.
pub async fn carry_out(
    protected: &Protected,
    order: Order,
    now: Instant,
    zone: &TimeZone,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Report, String> {
    let done = obey(protected, order, now, zone, progress).await;
    done.map_err(|error| error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": "))
}

async fn obey(
    protected: &Protected,
    order: Order,
    now: Instant,
    zone: &TimeZone,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Report> {
    let (ledger, scope, today) = (protected.ledger(), Scope::of(protected.organisation()), today(now, zone)?);
    let act = Act { purpose: code!("people"), ..by_program(protected.organisation(), now, Origin::Command) };
    let known = async |on: Date| people::known(ledger.reader(), scope, on).await;
    let (plan, report) = match &order {
        Order::End { who, on } => return end(protected, &act, scope, who, on).await,
        Order::Import(source) => {
            let (mapping, plan) = plan_import(&known(today).await?, source, now, today)?;
            let report = Report::of(&plan, Some(&mapping));
            (plan, report)
        }
        Order::Year(wish) => {
            let (first, last) = days(wish)?;
            if today < first {
                bail!(
                    "going into the school year: it begins on {first}; everybody would be a year too old before. Until then look at what will happen, without --apply"
                );
            }
            let plan = plan_year(&known(last).await?, &known(first).await?, wish)?;
            let report = Report::of(&plan, None);
            (plan, report)
        }
    };
    let applied = import::apply(ledger, protected.keys(), &act, plan, progress).await?;
    Ok(report.done(&applied))
}

/// What a file would do.
///
/// # Errors
/// Where it cannot be read, or nothing in it tells who is who.
pub fn plan_import(known: &Known, source: &Source, now: Instant, today: Date) -> Result<(Mapping, Plan)> {
    let doing = || format!("reading people from {}", source.file.display());
    let membership = |word: &Option<String>| word.as_deref().map(str::parse::<Membership>).transpose();
    let reading = Reading {
        mapping: source.columns.clone(),
        membership: membership(&source.membership)?,
        dates: source.month_first.then_some(DateOrder::MonthFirst),
        columns: None,
    };
    let complete = membership(&source.complete)?;
    let many_leavers = if source.many_leavers { ManyLeavers::Take } else { ManyLeavers::Refuse };
    let file = File::open(&source.file).with_context(doing)?;
    let mut bytes = Vec::new();
    // One byte more than may be, so that too long a file is told from one that just fits.
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).with_context(doing)?;
    let (mapping, roster) = import::read(&bytes, &reading).with_context(doing)?;
    let plan = import::plan(known, &roster, &Options { now, today, complete, many_leavers })?;
    Ok((mapping, plan))
}

/// What going into a school year would do. `before` and `after`: what is known on the last day of the year before and on the first one.
///
/// # Errors
/// Where the wish cannot be understood, or there are no classes.
pub fn plan_year(before: &Known, after: &Known, wish: &Wish) -> Result<Plan> {
    let last = YearGroup::parse(&wish.last)
        .with_context(|| format!("reading the last year group \"{}\": write 6, Year 6 or R", wish.last.escape_debug()))?;
    let name = |text: &str| Short::parse(text).with_context(|| format!("reading the name of a class, \"{}\"", text.escape_debug()));
    let classes = wish.classes.iter().map(|(before, after)| Ok((name(before)?, name(after)?))).collect::<Result<_>>()?;
    Ok(import::next_year(before, after, &NextYear { to: school_year(wish)?, last, classes })?)
}

/// The first day of the school year that is wished for, and the last one of the year before.
///
/// # Errors
/// Where it is no year that can be kept.
pub(crate) fn days(wish: &Wish) -> Result<(Date, Date)> {
    let last = SchoolYear::beginning(wish.to - 1).and_then(SchoolYear::last_day);
    school_year(wish)?.first_day().zip(last).context("this school year cannot be kept")
}

fn school_year(wish: &Wish) -> Result<SchoolYear> {
    SchoolYear::beginning(wish.to)
        .with_context(|| format!("{} is no school year: give the year in which it begins, such as 2027 for 2027/28", wish.to))
}

async fn end(protected: &Protected, act: &Act, scope: Scope, who: &str, on: &str) -> Result<Report> {
    let on: Date = on.trim().parse().with_context(|| format!("reading the last day \"{}\"", on.escape_debug()))?;
    let ledger = protected.ledger();
    let all = people::all(ledger.reader(), scope, &Find::default()).await?;
    let person = one(&all, who)?;
    let mut unit = ledger.begin(act.clone()).await?;
    people::end(&mut unit, protected.keys(), person, on).await?;
    unit.commit().await?;
    let line = Line { name: person.details.name(), outcome: "ends".to_owned(), detail: format!("last day {on}"), ..Line::default() };
    Ok(Report { applied: true, changed: 1, lines: vec![line], ..Report::default() })
}
