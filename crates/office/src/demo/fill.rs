//! The tables become records.

use std::collections::HashMap;

use calendar::{Date, Instant};
use ids::{GroupId, OrganisationId, PersonId, SiteId};
use jiff::tz::TimeZone;
use ledger::{Act, Ledger, Origin, Unit, by_program, code};

use super::families::{FAMILIES, Family, Home};
use super::table::{ADULTS, CLASSES, MORE};
use super::{DemoError, DemoSchool, find, key};
use crate::people::{
    self, Bond, Details, Duties, Email, Find, GroupKind, Held, Kinship, Member, Membership, NewHolding, NewPerson, Part, PeopleError, Role,
    SchoolYear, Scope, Short, Slice, YearGroup,
};

/// Makes the school if there is nobody yet, in one unit, and finds it if it is there already. `now` is when; the school year is the one in
/// which that day lies.
///
/// # Errors
/// Where there are other people already, or the database refuses. Nothing was made then.
pub async fn fill(ledger: &Ledger, organisation: OrganisationId, site: Option<SiteId>, now: Instant) -> Result<DemoSchool, DemoError> {
    if let Some(school) = find(ledger, organisation, site).await? {
        return Ok(school);
    }
    let somebody = people::find(ledger.reader(), Scope::of(organisation), &Find::default(), Slice { from: 0, most: 1 }).await?;
    if somebody.total > 0 {
        return Err(DemoError::NotEmpty);
    }
    let act = Act { site, purpose: code!("demonstration"), ..by_program(organisation, now, Origin::Command) };
    let filling = Filling::plan(now)?;
    let mut unit = ledger.begin(act).await.map_err(PeopleError::from)?;
    filling.write(&mut unit).await?;
    unit.commit().await.map_err(PeopleError::from)?;
    find(ledger, organisation, site).await?.ok_or(DemoError::Table { what: "list of people" })
}

/// Everybody, before anything is written.
struct Filling {
    days: Days,
    ids: HashMap<String, PersonId>,
    new: Vec<NewPerson>,
    /// Who is in the class of which year group, as what.
    classes: Vec<(PersonId, i8, Part)>,
    roles: Vec<(PersonId, Role)>,
    relations: Vec<(PersonId, PersonId, Bond)>,
    homes: Vec<Vec<PersonId>>,
}

/// Its days.
#[derive(Clone, Copy)]
struct Days {
    today: Date,
    year: SchoolYear,
    /// The first day of the school year.
    first: Date,
    /// Before every pupil's first day.
    long_ago: Date,
}

// === impl Filling ===

impl Filling {
    fn plan(now: Instant) -> Result<Self, DemoError> {
        let mut filling = Self {
            days: Days::of(now).ok_or(DemoError::Table { what: "calendar" })?,
            ids: HashMap::new(),
            new: Vec::new(),
            classes: Vec::new(),
            roles: Vec::new(),
            relations: Vec::new(),
            homes: Vec::new(),
        };
        for adult in ADULTS {
            let mut details = Details::new(short(adult.given)?, short(adult.family)?, adult.membership);
            let is_employed_elsewhere = matches!(adult.membership, Membership::Contractor | Membership::Visitor);
            details.sponsor = filling.new.first().filter(|_| is_employed_elsewhere).map(|head| head.id);
            details.email = Some(email(adult.given, adult.family, if is_employed_elsewhere { "elsewhere" } else { "larkfield" })?);
            let started = if adult.membership == Membership::Visitor { filling.days.today } else { filling.days.long_ago };
            let id = filling.add(now, details, started)?;
            filling.roles.extend(adult.roles.iter().map(|role| (id, *role)));
            filling.classes.extend(adult.class.map(|(year, part)| (id, year, part)));
        }
        FAMILIES.iter().try_for_each(|family| filling.family(now, family))?;
        for more in MORE {
            let id = filling.ids.get(&key(more.family, more.given)).copied().ok_or(DemoError::Table { what: "list of families" })?;
            let person = filling.new.iter_mut().find(|person| person.id == id);
            if let (Some(membership), Some(person)) = (more.membership, person) {
                person.details.memberships = person.details.memberships.with(membership);
            }
            filling.roles.extend(more.role.map(|role| (id, role)));
        }
        Ok(filling)
    }

    fn family(&mut self, now: Instant, family: &Family) -> Result<(), DemoError> {
        let language = if family.language.is_empty() { None } else { Some(short(family.language)?) };
        let mut children = Vec::with_capacity(family.children.len());
        for (given, year) in family.children {
            let group = YearGroup::new(*year).ok_or(DemoError::Table { what: "year groups" })?;
            let started = self.days.years_before(*year);
            let details = Details {
                year: Some(group),
                language: language.clone(),
                ..Details::new(short(given)?, short(family.name)?, Membership::Pupil)
            };
            let id = self.add(now, details, started)?;
            self.classes.push((id, *year, Part::Pupil));
            children.push(id);
        }
        let mut home = children.clone();
        for (given, kinship, lives) in family.adults {
            let details = Details {
                email: Some(email(given, family.name, "home")?),
                language: language.clone(),
                ..Details::new(short(given)?, short(family.name)?, Membership::Parent)
            };
            let id = self.add(now, details, self.days.long_ago)?;
            let is = |so: bool| if so { Held::Yes } else { Held::No };
            let bond =
                Bond { kinship: *kinship, responsibility: is(*kinship == Kinship::Parent), lives_with: is(*lives != Home::Elsewhere) };
            self.relations.extend(children.iter().map(|child| (id, *child, bond)));
            match lives {
                Home::Here => home.push(id),
                Home::Elsewhere => self.homes.push(vec![id]),
                Home::Both => self.homes.push(children.iter().copied().chain([id]).collect()),
            }
        }
        self.homes.push(home);
        Ok(())
    }

    fn add(&mut self, now: Instant, mut details: Details, started: Date) -> Result<PersonId, DemoError> {
        let id = people::new_person_id(now).map_err(PeopleError::from)?;
        let key = key(details.family.as_str(), details.given.as_str());
        details.source = Some(short(&key)?);
        if self.ids.insert(key, id).is_some() {
            return Err(DemoError::Table { what: "list of names" });
        }
        self.new.push(NewPerson { id, details, started, ended: None });
        Ok(id)
    }

    async fn write(self, unit: &mut Unit) -> Result<(), DemoError> {
        let days = self.days;
        people::add_many(unit, self.new).await?;
        let mut groups: HashMap<i8, GroupId> = HashMap::new();
        for (name, year) in CLASSES {
            groups.insert(year, people::make_group(unit, GroupKind::Class, &short(name)?, days.year, YearGroup::new(year)).await?);
        }
        let member = |(person, year, part): &(PersonId, i8, Part)| {
            Some(Member { group: *groups.get(year)?, person: *person, part: *part, started: days.first, ended: None })
        };
        people::enrol(unit, &self.classes.iter().filter_map(member).collect::<Vec<_>>()).await?;
        let roles = self.roles.iter().map(|(person, role)| holding(*person, *role, days)).collect::<Result<Vec<_>, _>>()?;
        people::give_many(unit, &roles).await?;
        people::relate_many(unit, &self.relations, days.first).await?;
        // Who lives with a child and answers for it by law; of the others nobody has made sure yet.
        let sure = self.relations.iter().filter(|(_, _, bond)| bond.lives_with == Held::Yes && bond.responsibility == Held::Yes);
        people::confirm_many(unit, &sure.map(|(adult, child, _)| (*adult, *child)).collect::<Vec<_>>()).await?;
        people::settle_many(unit, &self.homes, days.first).await?;
        Ok(())
    }
}

fn holding(person: PersonId, role: Role, days: Days) -> Result<NewHolding, DemoError> {
    let duties = match role {
        Role::Headteacher | Role::ChairOfGovernors => Duties { accountable: true, ..Duties::NONE },
        Role::Dsl | Role::ResponsibleGovernor | Role::OnlineSafetyLead => Duties { lead: true, ..Duties::NONE },
        Role::Ddsl | Role::FilteringLead | Role::ItTechnician => Duties { day_to_day: true, ..Duties::NONE },
        _ => Duties::NONE,
    };
    let is_of_governors = matches!(role, Role::ChairOfGovernors | Role::ResponsibleGovernor);
    let authority = if is_of_governors { Some(short("Minute 7 of the first meeting of the year")?) } else { None };
    Ok(NewHolding { person, role, duties, authority, started: days.first, ended: None })
}

fn short(text: &str) -> Result<Short, DemoError> {
    Short::parse(text).map_err(|_| DemoError::Table { what: "list of names" })
}

fn email(given: &str, family: &str, at: &str) -> Result<Email, DemoError> {
    Email::parse(&format!("{given}.{family}@{at}.example")).map_err(|_| DemoError::Table { what: "mail addresses" })
}

// === impl Days ===

impl Days {
    fn of(now: Instant) -> Option<Self> {
        let today = Date::try_from(now.timestamp().to_zoned(TimeZone::UTC).date()).ok()?;
        let year = SchoolYear::of(today)?;
        let long_ago = Date::new(year.number() - 8, 9, 1).ok()?;
        Some(Self { today, year, first: year.first_day()?, long_ago })
    }

    /// The first day of the school year so many years ago.
    fn years_before(self, years: i8) -> Date {
        Date::new(self.year.number() - i16::from(years.max(0)), 9, 1).unwrap_or(self.first)
    }
}
