//! Who is here, printed or written into a file.

use std::io::ErrorKind;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use lists::whole_file::WholeFile;
use office::people::{self, Find, Group, Membership, Person, SchoolYear, Scope, Short, Standing};
use serde_json::json;

use super::super::lists::counted;
use super::{Export, List, Target, Which};
use crate::people::today;
use crate::records;
use crate::terminal::{self, harmless};
use crate::world::World;

/// People, and the classes they are in today.
struct Found {
    people: Vec<Person>,
    /// In the order of `people`.
    classes: Vec<Vec<String>>,
}

pub(super) fn list(args: &List, world: &World) -> Result<ExitCode> {
    let target = Target::of(&args.place, world)?;
    let found = target.find(&args.which, &args.words.join(" "))?;
    let text = if args.json {
        format!("{}\n", serde_json::to_string_pretty(&as_json(&found))?)
    } else if args.csv {
        people::export::csv(&found.people)
    } else {
        written(&found)
    };
    terminal::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn export(args: &Export, world: &World) -> Result<ExitCode> {
    let doing = || format!("writing people to {}", args.file.display());
    let target = Target::of(&args.place, world)?;
    let found = target.find(&args.which, "")?;
    let mut file = WholeFile::beside(&args.file).with_context(doing)?;
    file.write(people::export::csv(&found.people).as_bytes()).with_context(doing)?;
    match file.keep_new() {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{}: a file of that name is there; choose another, or move it away", doing())
        }
        kept => kept.with_context(doing)?,
    }
    terminal::print(&format!(
        "{} written to {}, without addresses and telephone numbers. It holds names: keep it where few can read it, and delete it when it is done with.\n",
        counted(found.people.len() as u64, "person was", "people were"),
        args.file.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn as_json(found: &Found) -> serde_json::Value {
    let text = |text: &Option<Short>| text.as_ref().map(Short::to_string);
    let person = |(person, classes): (&Person, &Vec<String>)| {
        let details = &person.details;
        json!({
            "id": person.id.to_string(),
            "source": text(&details.source),
            "name": details.name(),
            "given": details.given.as_str(),
            "family": details.family.as_str(),
            "memberships": details.memberships.iter().map(Membership::as_str).collect::<Vec<_>>(),
            "year": details.year.map(|year| year.to_string()),
            "classes": classes,
            "email": details.email.as_ref().map(ToString::to_string),
            "language": text(&details.language),
            "started": person.started.to_string(),
            "ended": person.ended.map(|day| day.to_string()),
        })
    };
    found.people.iter().zip(&found.classes).map(person).collect()
}

fn written(found: &Found) -> String {
    let mut text = String::new();
    for (person, classes) in found.people.iter().zip(&found.classes) {
        let details = &person.details;
        let year = details.year.map(|year| year.to_string()).unwrap_or_default();
        let ended = person.ended.map(|day| format!("  last day {day}")).unwrap_or_default();
        text.push_str(&format!(
            "{:<28} {:<18} {:<10} {:<14} {}{ended}\n",
            harmless(&format!("{}, {}", details.family, details.known_as.as_ref().unwrap_or(&details.given))),
            details.memberships.to_string(),
            year,
            harmless(&classes.join(", ")),
            person.id
        ));
    }
    text.push_str(&format!("{}.\n", counted(found.people.len() as u64, "person", "people")));
    text
}

// === impl Target ===

impl Target {
    fn find(&self, which: &Which, words: &str) -> Result<Found> {
        let today = today(self.world.now().into(), self.zone())?;
        let membership = which.kind.as_deref().map(str::parse::<Membership>).transpose().context("reading --kind")?;
        let state = if which.leavers { Standing::Left(today) } else { Standing::Here(today) };
        records::runtime()?.block_on(async {
            let reader = self.reader().await?;
            let Some(organisation) = ledger::organisation_of(&reader).await? else {
                return Ok(Found { people: Vec::new(), classes: Vec::new() });
            };
            let scope = Scope::of(organisation);
            let year = SchoolYear::of(today).context("reading today's school year")?;
            let groups = people::groups(&reader, scope, year).await?;
            let group = which.class.as_deref().map(|name| called(&groups, name)).transpose()?;
            let find = Find { words: words.to_owned(), membership, group, state, ..Find::default() };
            let people = people::all(&reader, scope, &find).await?;
            let members = people::members(&reader, scope, None, today).await?;
            let name = |id| groups.iter().find(|group| group.id == id).map(|group| group.name.to_string());
            let of = |person: &Person| {
                let own = members.iter().filter(|member| member.person == person.id);
                own.filter_map(|member| name(member.group)).collect()
            };
            let classes = people.iter().map(of).collect();
            Ok(Found { people, classes })
        })
    }
}

fn called(groups: &[Group], name: &str) -> Result<ids::GroupId> {
    let found = groups.iter().find(|group| group.name.as_str().to_lowercase() == name.trim().to_lowercase());
    found.map(|group| group.id).with_context(|| {
        let names: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
        format!("there is no class \"{}\" this school year; there are: {}", name.escape_debug(), names.join(", "))
    })
}
