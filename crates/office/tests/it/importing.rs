//! Files of people: what is right is taken, each fault is explained by its line, nothing is lost and nothing that must not be kept is.

use calendar::Date;
use office::people::import::{self, Applied, ManyLeavers, Options, Outcome, Plan, Reading, Roster};
use office::people::{self, Details, Find, Membership, Person, Role, Slice, Standing, YearGroup};

use crate::world::{HEADTEACHER, School, act, day, morning, on_both, scope, short};

const TODAY: &str = "2026-11-24";

fn roster(text: &str, reading: &Reading) -> Roster {
    import::read(text.as_bytes(), reading).expect("a table").1
}

fn pupils(text: &str) -> Roster {
    roster(text, &Reading { membership: Some(Membership::Pupil), ..Reading::default() })
}

fn options(complete: Option<Membership>) -> Options {
    Options { now: morning(), today: day(TODAY), complete, many_leavers: ManyLeavers::Refuse }
}

async fn plan(school: &School, roster: &Roster, options: &Options) -> Plan {
    let known = people::known(school.ledger.reader(), scope(), options.today).await.expect("read");
    import::plan(&known, roster, options).expect("a plan")
}

async fn apply(school: &School, plan: Plan) -> Applied {
    import::apply(&school.ledger, &school.keys, &act(&HEADTEACHER), plan, &|_, _| {}).await.expect("applied")
}

async fn take(school: &School, roster: &Roster) -> Applied {
    apply(school, plan(school, roster, &options(None)).await).await
}

async fn all(school: &School, find: Find) -> Vec<Person> {
    people::all(school.ledger.reader(), scope(), &find).await.expect("read")
}

async fn of_source(school: &School, source: &str) -> Person {
    let mut found = all(school, Find::default()).await;
    found.retain(|person| person.details.source.as_ref().is_some_and(|own| own.as_str() == source));
    assert_eq!(found.len(), 1, "{source} stands there once");
    found.remove(0)
}

/// What is planted: which cell, what stands there, and what the person is told.
const FAULTS: [(usize, &str, &str); 10] = [
    (0, "", "it has no key"),
    (1, "", "the first name is missing"),
    (2, "", "the family name is missing"),
    (3, "Year 19", "is no year group"),
    (4, "nobody at home", "is not a mail address"),
    (5, "31/02/2026", "is no day"),
    (6, "01/09/2020", "lies before the first one"),
    (2, "Sedge, Robin", "needs quotes"),
    (1, "Bell\u{7}", "cannot be printed"),
    (0, "P0007", "stands at line 8 already"),
];

/// 2,000 pupils; every 40th line has one of the faults, 50 in all. Gives the lines with what is told about them.
fn planted() -> (String, Vec<(u64, &'static str)>) {
    let mut text = "Admission Number,Forename,Surname,Year Group,Email,Start Date,Leaving Date,Class,Initial Password\r\n".to_owned();
    let mut faults = Vec::new();
    for number in 1..=2_000_usize {
        let mut cells: Vec<String> = [
            &format!("P{number:04}"),
            "Sam",
            &format!("Name{number}"),
            &format!("Year {}", number % 6 + 1),
            &format!("p{number}@larkfield.example"),
            "01/09/2025",
            "",
            &format!("{} Kites", number % 6 + 1),
            "hunter2-secret",
        ]
        .map(str::to_owned)
        .to_vec();
        if number % 40 == 0 {
            let (at, wrong, told) = FAULTS[number / 40 % FAULTS.len()];
            cells[at] = wrong.to_owned();
            faults.push((u64::try_from(number).expect("small") + 1, told));
        }
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    (text, faults)
}

on_both! {
    async fn of_2000_people_with_50_faults_the_right_ones_are_taken_and_each_fault_is_told(school) {
        let (text, faults) = planted();
        assert_eq!(faults.len(), 50);
        let roster = pupils(&text);
        let planned = plan(&school, &roster, &options(None)).await;
        assert_eq!(planned.counts(), [1_950, 0, 0, 50]);
        let refused: Vec<_> = planned.steps.iter().filter_map(|step| match &step.outcome {
            Outcome::Refused(why) => Some((step.line.expect("a line"), why.clone())),
            _ => None,
        }).collect();
        for ((line, why), (planted, told)) in refused.iter().zip(&faults) {
            assert_eq!(line, planted, "{why}");
            assert!(why.contains(told), "line {line}: {why} is not {told}");
        }
        assert_eq!(all(&school, Find::default()).await.len(), 0, "a dry run changes nothing");

        assert_eq!(apply(&school, planned).await.counts, [1_950, 0, 0, 50]);
        let year = Find { year: YearGroup::new(3), ..Find::default() };
        let found = people::find(school.ledger.reader(), scope(), &year, Slice::FIRST).await.expect("read");
        assert_eq!(found.people[0].started, day("2025-09-01"));
        let groups = people::groups(school.ledger.reader(), scope(), people::SchoolYear::of(day(TODAY)).expect("a year")).await.expect("read");
        assert_eq!(groups.len(), 6, "each class once");
        let class = Find { group: Some(groups[0].id), state: Standing::Here(day(TODAY)), ..Find::default() };
        assert!(people::find(school.ledger.reader(), scope(), &class, Slice::FIRST).await.expect("read").total > 300);
        let again = plan(&school, &roster, &options(None)).await;
        assert_eq!(again.counts(), [0, 0, 1_950, 50], "the same file again changes nothing");
        assert!(!school.bytes().windows(14).any(|window| window == b"hunter2-secret"), "a password was kept");
    }

    async fn joiners_movers_and_leavers_are_told_apart(school) {
        let text = "UPN,Forename,Surname,Year,Class\nA1,Ada,Ash,3,3 Owls\nA2,Ben,Birch,3,3 Owls\nA3,Cai,Cedar,3,3 Owls\nA4,Dee,Dill,3,3 Owls\nA5,Eve,Elm,3,3 Owls\nA6,Fay,Fern,3,3 Owls\n";
        take(&school, &pupils(text)).await;
        // A2 moves, A3 has another name, A6 is gone, A7 is new.
        let next = "UPN,Forename,Surname,Year,Class\nA1,Ada,Ash,3,3 Owls\nA2,Ben,Birch,3,3 Kites\nA3,Cai,Cypress,3,3 owls\nA4,Dee,Dill,3,3 Owls\nA5,Eve,Elm,3,3 Owls\nA7,Gil,Gorse,3,3 Kites\n";
        let planned = plan(&school, &pupils(next), &options(Some(Membership::Pupil))).await;
        let outcomes: Vec<_> = planned.steps.iter().map(|step| (step.line, step.outcome.clone())).collect();
        let changed = |field: &str| Outcome::Changed(vec![field.to_owned()]);
        assert_eq!(outcomes, [
            (Some(2), Outcome::Left),
            (Some(3), changed("class")),
            (Some(4), changed("family")),
            (Some(5), Outcome::Left),
            (Some(6), Outcome::Left),
            (Some(7), Outcome::Added),
            (None, Outcome::Ends(day(TODAY))),
        ]);
        let applied = apply(&school, planned).await;
        let gone = of_source(&school, "A6").await;
        assert_eq!(applied.leavers.iter().map(|leaver| (leaver.person, leaver.on)).collect::<Vec<_>>(), [(gone.id, day(TODAY))]);
        assert!(!gone.is_here(day("2026-11-25")), "the account is closed the day after the last one");
        let mover = of_source(&school, "A2").await;
        let members = people::members(school.ledger.reader(), scope(), Some(mover.id), day(TODAY)).await.expect("read");
        assert_eq!(members.len(), 1, "in the new class and not in the old one");
        let back = plan(&school, &pupils(text), &Options { today: day("2026-12-01"), ..options(None) }).await;
        assert_eq!(back.steps.iter().find(|step| step.line == Some(7)).map(|step| step.outcome.clone()), Some(Outcome::Returns));
        apply(&school, back).await;
        assert!(of_source(&school, "A6").await.is_here(day("2026-12-01")));
    }

    async fn a_file_that_was_cut_short_sends_nobody_away(school) {
        let lines: Vec<String> = (1..=20).map(|number| format!("A{number},Sam,Name{number}")).collect();
        take(&school, &pupils(&format!("id,given,family\n{}\n", lines.join("\n")))).await;
        let cut = pupils(&format!("id,given,family\n{}\n", lines[..10].join("\n")));
        let planned = plan(&school, &cut, &options(Some(Membership::Pupil))).await;
        assert_eq!(planned.counts(), [0, 0, 10, 0]);
        assert!(planned.notes.iter().any(|note| note.text.contains("10 of 20 would leave")));
        let meant = plan(&school, &cut, &Options { many_leavers: ManyLeavers::Take, ..options(Some(Membership::Pupil)) }).await;
        assert_eq!(meant.counts(), [0, 10, 10, 0]);
        let broken = pupils(&format!("id,given,family\n{}\n,Sam,Nobody\n", lines[..19].join("\n")));
        assert_eq!(plan(&school, &broken, &options(Some(Membership::Pupil))).await.counts(), [0, 0, 19, 1], "the line without a key may be theirs");
        let wrong = pupils(&format!("id,given,family\n{}\nA20,,Name20\n", lines[..19].join("\n")));
        assert_eq!(plan(&school, &wrong, &options(Some(Membership::Pupil))).await.counts(), [0, 0, 19, 1], "whoever is refused is not gone");
    }

    async fn parents_come_with_their_children_and_no_message_leaves_yet(school) {
        take(&school, &pupils("id,given,family\nP1,Pip,Ragwort\nP2,Pat,Ragwort\n")).await;
        let text = "id,first name,surname,email,child,relationship,parental responsibility,lives with\n\
            C1,Kit,Ragwort,kit@home.example,P1,Mother,Y,Y\nC1,Kit,Ragwort,kit@home.example,P2,Mother,Y,N\nC2,Jo,Yarrow,,P1;P2,Grandparent,N,N\nC3,No,Child,,P9,Father,Y,Y\n";
        let parents = roster(text, &Reading { membership: Some(Membership::Parent), ..Reading::default() });
        let planned = plan(&school, &parents, &options(None)).await;
        assert_eq!(planned.counts(), [2, 0, 0, 1]);
        assert!(planned.steps.iter().any(|step| matches!(&step.outcome, Outcome::Refused(why) if why.contains("bring in the pupils first"))));
        apply(&school, planned).await;
        let kit = of_source(&school, "C1").await;
        let children = people::children_of(school.ledger.reader(), scope(), kit.id).await.expect("read");
        assert_eq!(children.len(), 2);
        assert!(children.iter().all(|relation| relation.may_message == people::Held::No && relation.may_sign(day(TODAY))));
        assert_eq!(plan(&school, &parents, &options(None)).await.counts(), [0, 0, 2, 1], "the same again changes nothing");
    }

    async fn a_file_gives_no_role_that_sees_safeguarding_data(school) {
        let text = "staff code;forename;surname;job title\nT1;Ash;Sedge;Designated safeguarding lead; \nT2;Wren;Teasel;Teacher\nT3;Bo;Rush;Chair of governors\n";
        let staff = roster(text, &Reading { membership: Some(Membership::Staff), ..Reading::default() });
        assert_eq!(staff.refused.len(), 1, "{:?}", staff.refused);
        let text = text.replace("lead; ", "lead");
        let staff = roster(&text, &Reading { membership: Some(Membership::Staff), ..Reading::default() });
        assert_eq!(staff.notes.iter().filter_map(|note| note.line).collect::<Vec<_>>(), [2, 4]);
        take(&school, &staff).await;
        let reader = school.ledger.reader();
        let roles = async |source: &str| people::roles_of(reader, scope(), of_source(&school, source).await.id, day(TODAY)).await.expect("read");
        assert_eq!(roles("T1").await, [Role::SupportStaff]);
        assert_eq!(roles("T2").await, [Role::Teacher, Role::SupportStaff]);
    }

    async fn whoever_was_changed_between_plan_and_import_is_left_alone(school) {
        take(&school, &pupils("id,given,family\nP1,Pip,Ragwort\nP2,Pat,Sedge\n")).await;
        let planned = plan(&school, &pupils("id,given,family\nP1,Pip,Yarrow\nP2,Pat,Yarrow\n"), &options(None)).await;
        let seen = of_source(&school, "P1").await;
        let mut unit = school.unit().await;
        let after = Details { known_as: Some(short("Pippa")), ..seen.details.clone() };
        people::change(&mut unit, &school.keys, &seen, &after).await.expect("changed");
        unit.commit().await.expect("committed");
        let applied = apply(&school, planned).await;
        assert_eq!((applied.conflicts, applied.counts), (vec![seen.id], [0, 1, 0, 1]));
        assert_eq!(of_source(&school, "P1").await.details.name(), "Pippa Ragwort");
        assert_eq!(of_source(&school, "P2").await.details.name(), "Pat Yarrow");
    }

    async fn an_export_carries_no_formula_and_is_read_again(school) {
        take(&school, &pupils("id,given,family,year\n=1+1,@Sam,'-Name,3\nP2,Zoë,\"O\"\"Neill, Jr\",R\n")).await;
        let text = people::export::csv(&all(&school, Find::default()).await);
        for cell in text.lines().skip(1).flat_map(|line| line.split(',')) {
            assert!(!cell.trim_matches('"').starts_with(['=', '+', '-', '@']), "{cell} is a formula");
        }
        let roster = roster(&text, &Reading::default());
        assert_eq!((roster.refused.len(), roster.notes.len()), (0, 0), "{:?}", roster.refused);
        assert_eq!(plan(&school, &roster, &options(None)).await.counts(), [0, 0, 2, 0], "what was written is read as it was");
    }

    async fn an_export_that_is_read_again_makes_nobody_twice(school) {
        let typed = school.add("Juno Sorrel", Membership::Pupil).await;
        take(&school, &pupils("id,given,family\nP1,Pip,Ragwort\n")).await;
        let text = people::export::csv(&all(&school, Find::default()).await);
        let again = roster(&text, &Reading::default());
        assert_eq!(plan(&school, &again, &options(None)).await.counts(), [0, 0, 2, 0]);
        let changed = roster(&text.replace("Sorrel", "Dock"), &Reading::default());
        assert_eq!(take(&school, &changed).await.counts, [0, 1, 1, 0]);
        let person = school.person(typed).await;
        assert_eq!((person.details.name().as_str(), person.details.source), ("Juno Dock", None), "it is them, and they have no key of a source");
        let parents = format!("id,given,family,child\nC1,Kit,Dock,{typed}\n");
        let parents = roster(&parents, &Reading { membership: Some(Membership::Parent), ..Reading::default() });
        assert_eq!(take(&school, &parents).await.counts, [1, 0, 0, 0], "a child who was typed in is found by it too");
    }

    /// Lists of staff, parents and pupils often count from one: the seventh parent is not the seventh of the staff, whatever both are called.
    async fn a_key_that_is_known_of_another_kind_of_person_makes_nobody_a_parent(school) {
        take(&school, &pupils("id,given,family\n7,Pip,Ragwort\n8,Pat,Ragwort\n")).await;
        let staff = Reading { membership: Some(Membership::Staff), ..Reading::default() };
        take(&school, &roster("id,given,family\n70,Kit,Ragwort\n", &staff)).await;
        let parents = Reading { membership: Some(Membership::Parent), ..Reading::default() };
        let text = "id,given,family,child,parental responsibility\n7,Jo,Yarrow,8,Y\n70,Kit,Ragwort,7,Y\n71,Lou,Ragwort,7,Y\n";
        let planned = plan(&school, &roster(text, &parents), &options(None)).await;
        let refused: Vec<_> = planned.steps.iter().filter_map(|step| match &step.outcome {
            Outcome::Refused(why) => Some((step.line.expect("a line"), why.clone())),
            _ => None,
        }).collect();
        assert_eq!(refused.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3]);
        assert!(refused[1].1.contains("known here as staff, and this line is about a parent"), "{}", refused[1].1);
        assert_eq!(apply(&school, planned).await.counts, [1, 0, 0, 2]);
        let mixed = roster("id,given,family,type,child\n70,Sam,Sedge,pupil,\n72,Max,Sedge,parent,70\n", &Reading::default());
        assert_eq!(plan(&school, &mixed, &options(None)).await.counts(), [0, 0, 0, 2], "nor is one of the staff anybody's child");
        let (pip, kit) = (of_source(&school, "7").await, of_source(&school, "70").await);
        assert_eq!((pip.details.name().as_str(), pip.details.memberships.to_string().as_str()), ("Pip Ragwort", "pupil"));
        assert_eq!(people::children_of(school.ledger.reader(), scope(), kit.id).await.expect("read"), [], "nobody sees a child by a number");
        let details = Details { memberships: kit.details.memberships.with(Membership::Parent), ..kit.details.clone() };
        let mut unit = school.unit().await;
        people::change(&mut unit, &school.keys, &kit, &details).await.expect("said");
        unit.commit().await.expect("committed");
        assert_eq!(take(&school, &roster(text, &parents)).await.counts, [0, 1, 1, 1], "after it was said that they are both");
        assert_eq!(people::children_of(school.ledger.reader(), scope(), kit.id).await.expect("read").len(), 1);
    }

    async fn a_file_does_not_bring_back_what_somebody_has_ended(school) {
        take(&school, &pupils("id,given,family\nP1,Pip,Ragwort\n")).await;
        let text = "id,given,family,child,parental responsibility\nC1,Kit,Ragwort,P1,Y\n";
        let parents = roster(text, &Reading { membership: Some(Membership::Parent), ..Reading::default() });
        take(&school, &parents).await;
        let kit = of_source(&school, "C1").await;
        let relation = async || people::children_of(school.ledger.reader(), scope(), kit.id).await.expect("read").remove(0);
        let mut unit = school.unit().await;
        people::end_relation(&mut unit, &school.keys, &relation().await, day("2026-11-23")).await.expect("ended");
        unit.commit().await.expect("committed");
        let again = plan(&school, &parents, &options(None)).await;
        assert!(again.notes.iter().any(|note| note.line == Some(2) && note.text.contains("answers no longer")), "{:?}", again.notes);
        apply(&school, again).await;
        assert_eq!(relation().await.ended, Some(day("2026-11-23")));
    }
}

#[test]
fn days_that_can_be_read_both_ways_are_named() {
    let text = "id,given,family,start date\nP1,A,B,03/04/2026\nP2,C,D,05/06/2026\n";
    let roster = pupils(text);
    assert_eq!(roster.notes.iter().map(|note| note.line).collect::<Vec<_>>(), [Some(2)]);
    assert_eq!(roster.entries[0].started.map(|day: Date| day.to_string()).as_deref(), Some("2026-04-03"));
    let said = Reading { membership: Some(Membership::Pupil), dates: Some(import::DateOrder::MonthFirst), ..Reading::default() };
    let roster = import::read(text.as_bytes(), &said).expect("a table").1;
    assert_eq!((roster.notes.len(), roster.entries[0].started.map(|day| day.to_string()).as_deref()), (0, Some("2026-03-04")));
}

#[test]
fn a_file_that_cannot_be_read_says_what_to_do() {
    use import::FileError;
    let read = |text: &str, reading: &Reading| import::read(text.as_bytes(), reading).expect_err("refused");
    assert_eq!(read("given,family\nA,B\n", &Reading::default()), FileError::NoKey);
    assert_eq!(read("id,shoe size\n1,2\n", &Reading::default()), FileError::NoName);
    let mapping = Reading { mapping: vec![("id".to_owned(), "Nummer".to_owned())], ..Reading::default() };
    assert!(read("given,family\nA,B\n", &mapping).to_string().contains("given, family"));
}

#[test]
fn a_hundred_thousand_rows_are_read() {
    let mut text = "id,given,family,year\n".to_owned();
    for number in 0..100_000 {
        text.push_str(&format!("P{number},Sam,Name{number},3\n"));
    }
    let roster = pupils(&text);
    assert_eq!((roster.entries.len(), roster.refused.len()), (100_000, 0));
}

#[test]
fn a_line_is_told_as_an_editor_counts_it() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["id,given,family", "P1,A,\"B\nC\"", "", "P2,,D", "P3,,E", ""].join(end);
        let lines: Vec<u64> = pupils(&text).refused.iter().map(|refused| refused.line).collect();
        assert_eq!(lines, [2, 5, 6], "{end:?}: a name in two lines, then an empty line");
    }
}
