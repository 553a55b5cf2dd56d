//! The next school year, planned as an import is: year groups go up by one, classes go on, whoever was in the last year leaves.

use std::collections::{HashMap, HashSet};

use calendar::Date;
use ids::PersonId;

use super::plan::{Outcome, Plan, Step, Work};
use super::roster::Note;
use crate::people::group::{Group, GroupKind, Member, Part};
use crate::people::person::{Details, Person};
use crate::people::store::Known;
use crate::people::text::Short;
use crate::people::{Membership, SchoolYear, YearGroup};

/// How the school goes into its next year.
#[derive(Debug, Clone)]
pub struct NextYear {
    /// Which year begins.
    pub to: SchoolYear,
    /// Who is in this year group leaves: year 6 in a primary school.
    pub last: YearGroup,
    /// Classes and tutor groups whose pupils go on as another one: name before and after. The name of any other goes up by itself where it
    /// begins with its year ("5 Kites" to "6 Kites", "R Robins" to "1 Robins"), and stays where it does not.
    pub classes: Vec<(Short, Short)>,
}

/// Why the next year cannot be planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NextYearError {
    /// There is nothing that could go on.
    #[error(
        "going into the school year {to}: there is no class or tutor group in the year before it; look at the year, or take in a file with the classes"
    )]
    NoClasses {
        /// Which.
        to: SchoolYear,
    },
    /// A class is named that is not there.
    #[error("going into the next school year: there is no class or tutor group \"{name}\"; there are {}", .has.join(", "))]
    NoClass {
        /// As it was said.
        name: String,
        /// What is there.
        has: Vec<String>,
    },
    /// Not within the years that can be kept.
    #[error("going into the next school year: this year cannot be kept")]
    Years,
}

/// What is known of the two years.
struct Turn<'a> {
    wish: &'a NextYear,
    last_day: Date,
    first_day: Date,
    /// Who was in which group on the last day.
    before: HashMap<PersonId, Vec<(&'a Group, &'a Member)>>,
    /// Who is in a group of the new year already.
    moved: HashSet<PersonId>,
}

/// Plans it. `before` and `after` are what is [`known`](crate::people::known) on the last day of the year before and on the first day of the
/// new one. Whoever is in a class of the new year already is left alone, so that it can be done again after it was interrupted, and twice does
/// nothing. Nobody is deleted. Teachers are in no class of the new year until it is said of which.
///
/// # Errors
/// Where there are no classes, or one is named that is not there.
pub fn next_year(before: &Known, after: &Known, wish: &NextYear) -> Result<Plan, NextYearError> {
    let last = SchoolYear::beginning(wish.to.number() - 1).and_then(SchoolYear::last_day);
    let (Some(last_day), Some(first_day)) = (last, wish.to.first_day()) else { return Err(NextYearError::Years) };
    let names = || before.groups.iter().filter(|group| group.kind != GroupKind::Club).map(|group| group.name.as_str());
    if names().next().is_none() {
        return Err(NextYearError::NoClasses { to: wish.to });
    }
    for (name, _) in &wish.classes {
        if !names().any(|known| is_same(known, name)) {
            return Err(NextYearError::NoClass { name: name.to_string(), has: names().map(str::to_owned).collect() });
        }
    }
    let turn = Turn { wish, last_day, first_day, before: by_person(&before.groups, &before.members), moved: moved(after) };
    let here = before.people.iter().filter(|person| person.is_here(last_day));
    let steps: Vec<Step> = here.filter_map(|person| turn.step(person)).collect();
    let notes = if steps.iter().any(|step| step.work.is_some()) {
        let text = "nobody teaches the new classes yet: say who does, or take in the file of staff once the year has begun".to_owned();
        vec![Note { line: None, text }]
    } else {
        Vec::new()
    };
    Ok(Plan { steps, notes, today: first_day, groups: after.groups.clone() })
}

fn by_person<'a>(groups: &'a [Group], members: &'a [Member]) -> HashMap<PersonId, Vec<(&'a Group, &'a Member)>> {
    let groups: HashMap<_, _> = groups.iter().map(|group| (group.id, group)).collect();
    let mut all: HashMap<_, Vec<_>> = HashMap::new();
    for member in members {
        if let Some(group) = groups.get(&member.group) {
            all.entry(member.person).or_default().push((*group, member));
        }
    }
    all
}

fn moved(after: &Known) -> HashSet<PersonId> {
    let groups: HashSet<_> = after.groups.iter().filter(|group| group.kind != GroupKind::Club).map(|group| group.id).collect();
    after.members.iter().filter(|member| groups.contains(&member.group)).map(|member| member.person).collect()
}

fn is_same(name: &str, other: &Short) -> bool {
    name.to_lowercase() == other.as_str().to_lowercase()
}

/// What a class is called a year later, where its name begins with its year.
pub(crate) fn a_year_later(name: &str, year: Option<YearGroup>) -> Option<String> {
    let (year, next) = (year?, year?.next()?);
    let goes_on = |rest: &str, is_word: bool| {
        let next = rest.chars().next();
        next.is_none_or(|letter| if is_word { !letter.is_lowercase() } else { !letter.is_ascii_digit() })
    };
    if year == YearGroup::RECEPTION {
        let rest = name.strip_prefix("Reception").filter(|rest| goes_on(rest, true)).map(|rest| format!("Year 1{rest}"));
        return rest.or_else(|| name.strip_prefix('R').filter(|rest| goes_on(rest, true)).map(|rest| format!("1{rest}")));
    }
    ["Year ", "Y", ""].iter().find_map(|word| {
        let rest = name.strip_prefix(&format!("{word}{}", year.number())).filter(|rest| goes_on(rest, false))?;
        Some(format!("{word}{}{rest}", next.number()))
    })
}

// === impl Turn ===

impl Turn<'_> {
    fn step(&self, person: &Person) -> Option<Step> {
        let none = Vec::new();
        let groups = self.before.get(&person.id).unwrap_or(&none);
        let quits: Vec<Member> = groups.iter().filter(|(_, member)| self.is_open(member)).map(|(_, member)| **member).collect();
        if !person.details.memberships.has(Membership::Pupil) {
            let outcome = Outcome::Changed(vec!["class".to_owned()]);
            return (!quits.is_empty()).then(|| self.doing(person, outcome, Work { quits, ..self.nothing(person) }));
        }
        let classes: Vec<&Group> = groups
            .iter()
            .filter(|(group, member)| group.kind != GroupKind::Club && member.part == Part::Pupil)
            .map(|(group, _)| *group)
            .collect();
        if self.moved.contains(&person.id) || person.ended.is_some_and(|ended| ended <= self.last_day) {
            return Some(self.still(person, Outcome::Left));
        }
        let Some(year) = person.details.year.filter(|_| !classes.is_empty()) else {
            let why = "in no class or tutor group, or without a year group, so nobody can tell whether this pupil has gone up already; say which class";
            return Some(self.still(person, Outcome::Refused(why.to_owned())));
        };
        if year >= self.wish.last {
            return Some(self.leaves(person, quits));
        }
        let joins = classes.iter().filter_map(|group| Some((group.kind, self.name_of(group)?, Part::Pupil))).collect();
        let details = Details { year: year.next(), ..person.details.clone() };
        let work = Work { year: details.year, change: Some((person.clone(), details)), joins, quits, ..self.nothing(person) };
        Some(self.doing(person, Outcome::Changed(vec!["year".to_owned(), "class".to_owned()]), work))
    }

    /// Whoever is something else to the school as well stays, and is a pupil no more.
    fn leaves(&self, person: &Person, quits: Vec<Member>) -> Step {
        let memberships = person.details.memberships.without(Membership::Pupil);
        if !memberships.is_empty() {
            let details = Details { memberships, year: None, ..person.details.clone() };
            let work = Work { change: Some((person.clone(), details)), quits, ..self.nothing(person) };
            return self.doing(person, Outcome::Changed(vec!["memberships".to_owned()]), work);
        }
        let change = Some((person.clone(), person.details.clone()));
        let work = Work { change, ends: Some(self.last_day), quits, ..self.nothing(person) };
        self.doing(person, Outcome::Ends(self.last_day), work)
    }

    fn name_of(&self, group: &Group) -> Option<Short> {
        let told = self.wish.classes.iter().find(|(before, _)| is_same(group.name.as_str(), before)).map(|(_, after)| after.clone());
        told.or_else(|| Short::parse(&a_year_later(group.name.as_str(), group.year)?).ok()).or_else(|| Some(group.name.clone()))
    }

    fn is_open(&self, member: &Member) -> bool {
        member.ended.is_none_or(|ended| ended > self.last_day)
    }

    fn still(&self, person: &Person, outcome: Outcome) -> Step {
        Step { line: None, person: Some(person.id), name: person.details.name(), outcome, work: None }
    }

    fn doing(&self, person: &Person, outcome: Outcome, work: Work) -> Step {
        Step { line: None, person: Some(person.id), name: person.details.name(), outcome, work: Some(work) }
    }

    fn nothing(&self, person: &Person) -> Work {
        Work {
            person: person.id,
            add: None,
            change: None,
            returns: None,
            ends: None,
            joins: Vec::new(),
            quits: Vec::new(),
            roles: Vec::new(),
            children: Vec::new(),
            from: self.first_day,
            year: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_that_is_called_after_its_year_goes_up_with_it() {
        let cases = [
            ("5 Kites", 5, Some("6 Kites")),
            ("R Robins", 0, Some("1 Robins")),
            ("Reception", 0, Some("Year 1")),
            ("Reception Blue", 0, Some("Year 1 Blue")),
            ("RB", 0, Some("1B")),
            ("Robins", 0, None),
            ("9A", 9, Some("10A")),
            ("Y9 Owls", 9, Some("Y10 Owls")),
            ("Year 3", 3, Some("Year 4")),
            ("10B", 1, None),
            ("Kites", 5, None),
            ("4 Swifts", 5, None),
            ("13X", 13, None),
        ];
        for (name, year, later) in cases {
            assert_eq!(a_year_later(name, YearGroup::new(year)).as_deref(), later, "{name}");
        }
    }
}
