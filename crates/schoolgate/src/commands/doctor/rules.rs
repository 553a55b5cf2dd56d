//! What must hold whatever a school chooses: illegal material is closed, help lines are open.

use std::sync::Arc;

use filter::{Pack, Request, Target, Who, judge};
use ids::PersonId;
use jiff::{ToSpan, Zoned};
use lists::{pack_file, starter};

use super::Facts;
use super::finding::{Look, Told, Unknown};
use crate::config::{Confirmation, IllegalContent};
use crate::{policy, sealed};

/// How old a confirmation may be, in months: the filter is reviewed each school year (KCSIE, part two).
const MONTHS: i64 = 12;
/// What to do about an old confirmation.
const CONFIRM: &str = "check it with the provider's test page, then set confirmed_on and confirmed_by under [illegal_content]";

pub(super) fn illegal_content(facts: &Facts) -> Look {
    let (config, today) = (facts.config()?, facts.now);
    let today = today.to_zoned(config.time_zone.clone());
    match &config.illegal_content {
        IllegalContent::None => Told::bad(
            "No source of illegal material (IWF, CTIRU) is set up. This must not be your school's only filter.",
            "use a sealed feed, or a filter further up the line that applies these lists, and set [illegal_content]",
        )
        .into(),
        IllegalContent::Sealed { file, confirmed } => {
            let lists = match sealed::load(config, facts.data()?) {
                Ok(lists) => lists,
                Err(error) => {
                    return Told::bad(
                        format!("The sealed list {} is not in force: {error:#}.", file.display()),
                        "put the file back, or seal the feed again with `schoolgate lists seal`",
                    )
                    .into();
                }
            };
            let count: usize = lists.iter().map(filter::sealed::SealedList::len).sum();
            let what = format!("A sealed list of {count} addresses is in force");
            match confirmed {
                Some(confirmed) => confirmation(&what, confirmed, &today).into(),
                None => Told::warn(format!("{what}; nobody has confirmed that it works."), CONFIRM).into(),
            }
        }
        IllegalContent::Upstream { provider, confirmed } => {
            confirmation(&format!("The filter of {provider} applies the lists"), confirmed, &today).into()
        }
    }
}

fn confirmation(what: &str, confirmed: &Confirmation, today: &Zoned) -> Told {
    let Confirmation { on, by } = confirmed;
    if *on > today.date() {
        return Told::warn(format!("{what}, confirmed on {on}, which is still to come."), "correct confirmed_on under [illegal_content]");
    }
    let ends = on.saturating_add(MONTHS.months());
    if ends < today.date() {
        return Told::warn(format!("{what}, but it was last confirmed on {on}, over {MONTHS} months ago."), CONFIRM);
    }
    Told::good(format!("{what}, confirmed on {on} ({by})."))
}

/// Judges every help line for every profile and person, as a request would be.
pub(super) fn help_lines(facts: &Facts) -> Look {
    let (config, data) = (facts.config()?, facts.data()?);
    let unknown = |what: &'static str| move |_| Unknown::new(what);
    let pack: Pack = match pack_file::open(&data.pack()) {
        Ok(pack) => pack,
        Err(_) => policy::starter_pack().map_err(unknown("the starter list cannot be read"))?,
    };
    // What is wrong with the sealed list is said where the list is looked at.
    let sealed = sealed::load(config, data).unwrap_or_default();
    let snapshot =
        policy::snapshot(config, vec![Arc::new(pack)], sealed).map_err(unknown("the rules cannot be made from the configuration"))?;
    let lines = starter::helplines().map_err(|_| Unknown::new("the help lines that come with Schoolgate cannot be read"))?;
    let profiles = (0..).zip(snapshot.profiles()).map(|(number, _)| Who::profile(filter::ProfileIndex(number)));
    let people = config.people.iter().map(|person| Who::person(PersonId::named(&person.name)));
    let askers: Vec<Who> = profiles.chain(people).chain([Who::UNKNOWN]).collect();
    let closed = lines.iter().filter(|line| {
        let target = Target::of_host(line.host.clone(), 443);
        askers.iter().any(|who| !judge(&snapshot, Request { who: *who, target: &target, when: facts.now }).is_allowed())
    });
    // Only a sealed list can close one, so the host is not named.
    match closed.count() {
        0 => Told::good(format!("All {} hosts of help lines open for everybody, signed agreement or not.", lines.len())).into(),
        count => Told::bad(
            format!("{count} of {} hosts of help lines are closed by the sealed list.", lines.len()),
            "the feed is wrong: tell its supplier at once, and seal a corrected one with `schoolgate lists seal`",
        )
        .into(),
    }
}
