//! Imports of generated files: twice is once, and the order of rows is nothing.

use fastrand::Rng;
use office::people::import::{self, ManyLeavers, Options, Outcome, Plan, Reading};
use office::people::{self, Find, Membership};

use crate::world::{HEADTEACHER, School, act, day, morning, on_both, scope};

/// Rows with a key each: new people and known ones, classes, days, languages, and what cannot be read.
fn rows(chance: &mut Rng, count: usize) -> Vec<String> {
    let pick = |chance: &mut Rng, all: &[&'static str]| all[chance.usize(..all.len())];
    (0..count)
        .map(|number| {
            let given = pick(chance, &["Pip", "Zoë", "Kit", "=1+1", "O'Neill", ""]);
            let family = pick(chance, &["Ash", "Birch", "\"Cedar, Jr\"", "李"]);
            let (year, class) = (pick(chance, &["R", "1", "Year 2", "", "99"]), pick(chance, &["Owls", "owls", "Kites", ""]));
            let (started, ended) = (pick(chance, &["2025-09-01", "", "31/02/2025"]), pick(chance, &["", "", "2026-12-18", "2026-10-01"]));
            format!("K{number},{given},{family},{year},{class},{started},{ended},{}", pick(chance, &["", "Polish", "Welsh"]))
        })
        .collect()
}

fn file(rows: &[String]) -> String {
    format!("id,given,family,year,class,started,ended,language\n{}\n", rows.join("\n"))
}

async fn plan(school: &School, text: &str) -> Plan {
    let reading = Reading { membership: Some(Membership::Pupil), ..Reading::default() };
    let roster = import::read(text.as_bytes(), &reading).expect("a table").1;
    let options = Options { now: morning(), today: day("2026-11-24"), complete: None, many_leavers: ManyLeavers::Refuse };
    let known = people::known(school.ledger.reader(), scope(), options.today).await.expect("read");
    import::plan(&known, &roster, &options).expect("a plan")
}

async fn apply(school: &School, plan: Plan) {
    import::apply(&school.ledger, &school.keys, &act(&HEADTEACHER), plan, &|_, _| {}).await.expect("taken in");
}

/// Everybody, with the groups they are in, by key: no ids.
async fn told(school: &School) -> Vec<String> {
    let reader = school.ledger.reader();
    let today = day("2026-11-24");
    let groups = people::groups(reader, scope(), people::SchoolYear::of(today).expect("a year")).await.expect("read");
    let members = people::members(reader, scope(), None, today).await.expect("read");
    let all = people::all(reader, scope(), &Find::default()).await.expect("read");
    let mut lines: Vec<String> = people::export::csv(&all)
        .lines()
        .skip(1)
        .zip(&all)
        .map(|(line, person)| {
            let of_person = members.iter().filter(|member| member.person == person.id);
            let mut names: Vec<String> = of_person
                .filter_map(|member| groups.iter().find(|group| group.id == member.group))
                .map(|group| group.name.as_str().to_lowercase())
                .collect();
            names.sort();
            format!("{line} {}", names.join(" "))
        })
        .collect();
    lines.sort();
    lines
}

on_both! {
    async fn the_same_file_twice_is_once_and_the_order_of_rows_is_nothing(school) {
        let other = School::on_sqlite().await;
        let mut chance = Rng::with_seed(11);
        for round in 0..4 {
            // The same keys each time, so that people change, leave and come back from round to round.
            let mut rows = rows(&mut chance, 60);
            apply(&school, plan(&school, &file(&rows)).await).await;
            let again = plan(&school, &file(&rows)).await;
            let changes: Vec<_> =
                again.steps.iter().filter(|step| !matches!(step.outcome, Outcome::Left | Outcome::Refused(_))).map(|step| (step.line, &step.outcome)).collect();
            assert_eq!(changes, [], "round {round}: the same file again changes somebody");
            chance.shuffle(&mut rows);
            apply(&other, plan(&other, &file(&rows)).await).await;
            assert_eq!(told(&school).await, told(&other).await, "round {round}");
        }
    }
}
