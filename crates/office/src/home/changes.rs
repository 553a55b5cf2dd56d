//! What has changed lately, for whoever opens the first page: what concerns them and what they may see, and no more.

use std::collections::BTreeMap;

use calendar::Date;
use ids::PersonId;
use jiff::ToSpan as _;
use jiff::tz::TimeZone;

use super::view::small;
use crate::access::{Action, Thing};
use crate::agreements;
use crate::people::{self, Membership, Person, Role};
use crate::policies::{self, PARENT, Part, Published};
use crate::settings::{self, GATE_PUPILS, Mode, Setting, Settings};
use crate::web::{Caller, Problem};

/// What counts as lately.
const DAYS: i64 = 30;
/// Most lines.
const MOST: usize = 7;
/// So many people are named in a line; more are counted.
const NAMED: usize = 3;

/// Something that has changed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// The day.
    pub(super) on: Date,
    /// In a line.
    pub(super) what: String,
    /// Where it is seen: a page that opens to them.
    pub(super) to: String,
}

/// The same before anybody is named.
struct Line {
    on: Date,
    what: What,
    to: String,
}

enum What {
    Said(String),
    /// People who began or ended in a role.
    Turn(Role, Turn, Vec<PersonId>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Began,
    Ended,
}

/// How the signature and the internet hang together for somebody who sees no settings.
struct Own {
    setting: &'static Setting,
    /// Who has the internet or not: "You have", "Your child has".
    has: &'static str,
}

/// What has changed in the last 30 days, the newest first. Whoever is named by it is looked at.
pub(super) async fn lately(caller: &Caller, zone: &TimeZone) -> Result<Vec<Change>, Problem> {
    let (reader, scope, today) = (caller.office().ledger.reader(), caller.office().scope(), caller.today());
    let since = Date::try_from(today.civil().saturating_sub(DAYS.days())).unwrap_or(today);
    let is_lately = |day: Date| (since..=today).contains(&day);
    let settings = settings::read(reader, scope.organisation).await?;
    let published = policies::published(reader, scope.organisation).await?;
    let mut lines = Vec::new();
    let sees_policies = caller.may(Action::SeePolicies, &Thing::School);
    let sees_settings = caller.may(Action::SeeSettings, &Thing::School);
    let (asked, own) = if sees_policies && sees_settings { (Vec::new(), None) } else { asked(caller).await? };
    let to = |version: &Published| if sees_policies { Some(format!("/policies/{}", version.policy)) } else { open_to(version, &asked) };
    let mut new: BTreeMap<Date, Vec<(&Published, String)>> = BTreeMap::new();
    for version in published.iter().filter(|version| is_lately(version.from)) {
        if let Some(to) = to(version) {
            new.entry(version.from).or_default().push((version, to));
        }
    }
    lines.extend(new.into_iter().flat_map(|(on, new)| texts(on, new, sees_policies)));
    if sees_settings {
        lines.extend(settings::ALL.iter().filter_map(|setting| set(&settings, setting, zone)));
    } else if let Some(own) = own {
        lines.extend(gate(&settings, &own, zone));
    }
    let mut people = Vec::new();
    if caller.may(Action::SeeHoldings, &Thing::School) {
        let holdings = people::holdings(reader, scope).await?;
        let ids: Vec<PersonId> = holdings.iter().map(|holding| holding.person).collect();
        people = people::persons(reader, scope, &ids).await?;
        lines.extend(turns(&holdings, &people, today));
    }
    lines.retain(|line| is_lately(line.on));
    lines.sort_by_key(|line| std::cmp::Reverse(line.on));
    lines.truncate(MOST);
    said(caller, lines, &people).await
}

/// The lines as they are read. A governor sees how many, and nobody's name.
async fn said(caller: &Caller, lines: Vec<Line>, people: &[Person]) -> Result<Vec<Change>, Problem> {
    let is_governor = caller.role().of().contains(&Membership::Governor);
    let named = |ids: &[PersonId]| !is_governor && ids.len() <= NAMED;
    let shown = lines.iter().filter_map(|line| if let What::Turn(_, _, ids) = &line.what { Some(ids) } else { None });
    let shown: Vec<PersonId> = shown.filter(|ids| named(ids)).flatten().copied().collect();
    caller.looks_at(Action::SeeHoldings, shown).await?;
    let who = |ids: &[PersonId]| {
        let mut names: Vec<String> = people.iter().filter(|person| ids.contains(&person.id)).map(|person| person.details.name()).collect();
        names.sort();
        names.join(" and ")
    };
    let said = |line: Line| {
        let what = match line.what {
            What::Said(what) => what,
            What::Turn(role, turn, ids) => {
                let who = if named(&ids) { who(&ids) } else { people_of(ids.len()) };
                let is = match (ids.len(), turn) {
                    (1, Turn::Began) => "is now",
                    (1, Turn::Ended) => "is no longer",
                    (_, Turn::Began) => "are now",
                    (_, Turn::Ended) => "are no longer",
                };
                format!("{who} {is} {}", small(caller.titles().of(role)))
            }
        };
        Change { on: line.on, what, to: line.to }
    };
    Ok(lines.into_iter().map(said).collect())
}

fn people_of(count: usize) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}

/// What the caller is asked to sign, themselves or for a child, and how their internet hangs on it.
async fn asked(caller: &Caller) -> Result<(Vec<&'static str>, Option<Own>), Problem> {
    if caller.role() == Role::Parent {
        return Ok((vec![PARENT], Some(Own { setting: &GATE_PUPILS, has: "Your child has" })));
    }
    let (reader, scope) = (caller.office().ledger.reader(), caller.office().scope());
    let access = agreements::access_of(reader, scope, caller.person(), caller.today()).await?;
    let Some(access) = access else { return Ok((Vec::new(), None)) };
    let asked = access.needs.iter().map(|(need, _)| need.policy).collect();
    Ok((asked, Some(Own { setting: access.audience.setting(), has: "You have" })))
}

/// Where somebody reads a policy who does not work with it: what they sign among what is theirs, what everybody may read where it is published.
fn open_to(version: &Published, asked: &[&str]) -> Option<String> {
    let policy = policies::find(&version.policy)?;
    if asked.contains(&policy.word) {
        return Some("/my/agreements".to_owned());
    }
    // The agreements of others, and the notice for visitors, do not concern them.
    let is_for_all = policy.is_public() && matches!(policy.part, Part::Policy | Part::Related);
    is_for_all.then(|| format!("/published/{}", policy.word))
}

/// What came into force on a day, in the order of the shelf: one line each, and one for all where a school puts its whole shelf into force.
fn texts(on: Date, mut new: Vec<(&Published, String)>, has_shelf: bool) -> Vec<Line> {
    new.sort_by_key(|(version, _)| policies::SHELF.iter().position(|policy| policy.word == version.policy));
    let title = |version: &Published| policies::find(&version.policy).map_or("", |policy| policy.title);
    match new.as_slice() {
        [(first, _), (second, _), others @ ..] if has_shelf && others.len() > 1 => {
            let what = format!("{}, {} and {} other texts are in force", title(first), title(second), others.len());
            vec![Line { on, what: What::Said(what), to: "/policies".to_owned() }]
        }
        _ => {
            let said = |version: &Published| What::Said(format!("{}: version {} is in force", title(version), version.number));
            new.into_iter().map(|(version, to)| Line { on, what: said(version), to }).collect()
        }
    }
}

/// A setting that was changed.
fn set(settings: &Settings, setting: &Setting, zone: &TimeZone) -> Option<Line> {
    let changed = settings.changed(setting)?;
    let what = What::Said(format!("{}: now {}", setting.title, setting.words(changed.value)));
    Some(Line { on: day_of(changed.at, zone)?, what, to: format!("/settings/{}", setting.word) })
}

/// The gate, for whom it stands.
fn gate(settings: &Settings, own: &Own, zone: &TimeZone) -> Option<Line> {
    let changed = settings.changed(own.setting)?;
    let what = match Mode::of(changed.value) {
        Mode::Off => format!("{} the internet at school, and nobody is asked to sign for it", own.has),
        Mode::Advise => format!("{} the internet at school, and whoever has not signed is reminded", own.has),
        Mode::Enforce => format!("{} the internet at school once the agreement is signed", own.has),
    };
    Some(Line { on: day_of(changed.at, zone)?, what: What::Said(what), to: "/my/agreements".to_owned() })
}

/// Who began and who ended in which role, one line for each role and day. Whoever has left holds none from the day after.
fn turns(holdings: &[people::Holding], people: &[Person], today: Date) -> Vec<Line> {
    let mut all: BTreeMap<(Date, Role, Turn), Vec<PersonId>> = BTreeMap::new();
    for holding in holdings {
        let Some(person) = people.iter().find(|person| person.id == holding.person) else { continue };
        all.entry((holding.started, holding.role, Turn::Began)).or_default().push(person.id);
        let ended = [holding.ended, person.ended].into_iter().flatten().min();
        if let Some(ended) = ended.filter(|ended| *ended < today) {
            all.entry((ended, holding.role, Turn::Ended)).or_default().push(person.id);
        }
    }
    let line = |((on, role, turn), mut ids): ((Date, Role, Turn), Vec<PersonId>)| {
        ids.sort();
        ids.dedup();
        Line { on, what: What::Turn(role, turn, ids), to: "/roles".to_owned() }
    };
    all.into_iter().map(line).collect()
}

fn day_of(at: calendar::Instant, zone: &TimeZone) -> Option<Date> {
    Date::try_from(at.timestamp().to_zoned(zone.clone()).date()).ok()
}
