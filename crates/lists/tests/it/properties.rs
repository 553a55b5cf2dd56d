//! What holds for every school: any lists, exceptions, timetable and request.

use filter::category::{Category, CategorySet};
use filter::judge::Step;
use filter::overrides::{Effect, Override, Scope};
use filter::profile::shipped::Shipped;
use filter::snapshot::{Gated, Parts, Person, Protected};
use filter::timetable::Window;
use filter::verdict::Ground;
use filter::{Action, ProfileIndex, Snapshot, Target, Verdict, Who};
use ids::{GroupId, PersonId};
use jiff::Timestamp;
use jiff::civil::{Time, Weekday};
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::{exception, host, judge, judge_at, pack, parts};

/// Rows of a list: the slug of a category and what it names.
type Rows = Vec<(&'static str, String)>;

/// A school as generated.
#[derive(Debug, Clone)]
struct School {
    rows: Rows,
    overrides: Vec<Override>,
    windows: Vec<Window>,
}

/// Who asks for what, and when.
#[derive(Debug, Clone)]
struct Question {
    who: Who,
    address: String,
    when: String,
}

// === What is generated ===

/// Names that are often within each other.
fn name() -> impl Strategy<Value = String> {
    prop::collection::vec(select(vec!["a", "b", "help"]), 0..4)
        .prop_map(|labels| labels.into_iter().chain(["site.example"]).collect::<Vec<_>>().join("."))
}

fn row() -> impl Strategy<Value = (&'static str, String)> {
    let slug = select(Category::ALL.iter().map(|category| category.slug()).collect::<Vec<_>>());
    let text = prop_oneof![3 => name(), 1 => name().prop_map(|name| format!("={name}")), 1 => (name(), "[ab]{1,2}").prop_map(|(name, path)| format!("{name}/{path}"))];
    (slug, text)
}

fn scope() -> impl Strategy<Value = Scope> {
    let profile = (0..7_u16).prop_map(|number| Scope::Profile(ProfileIndex(number)));
    prop_oneof![
        Just(Scope::Everyone),
        profile,
        Just(Scope::Group(GroupId::named("6B"))),
        select(vec!["ada", "bob", "nobody"]).prop_map(|name| Scope::Person(PersonId::named(name)))
    ]
}

fn effect() -> impl Strategy<Value = Effect> {
    select(vec![Effect::Allow, Effect::Block])
}

fn override_() -> impl Strategy<Value = Override> {
    let until = prop::option::of(time().prop_map(|when| when.parse::<Timestamp>().expect("time")));
    (effect(), scope(), name(), prop::option::of("[ab]{1,2}"), until).prop_map(|(effect, scope, name, path, until)| {
        let site = path.map_or(name.clone(), |path| format!("{name}/{path}"));
        Override { until, ..exception(effect, scope, &site) }
    })
}

fn categories() -> impl Strategy<Value = CategorySet> {
    prop::collection::vec(select(Category::ALL), 0..4).prop_map(|all| all.into_iter().collect())
}

fn window() -> impl Strategy<Value = Window> {
    let hours = (0..24_i8, 0..24_i8).prop_map(|(from, to)| [from, to].map(|hour| Time::new(hour, 0, 0, 0).expect("hour")));
    (0..7_u16, select(vec![Weekday::Monday, Weekday::Friday, Weekday::Sunday]), hours, [categories(), categories(), categories()]).prop_map(
        |(profile, day, [from, to], [allow, warn, block])| Window {
            profile: ProfileIndex(profile),
            days: vec![day],
            from,
            to,
            allow,
            warn,
            block,
            why: "".into(),
        },
    )
}

fn school() -> impl Strategy<Value = School> {
    let lists = (prop::collection::vec(row(), 1..12), prop::collection::vec(override_(), 0..6), prop::collection::vec(window(), 0..3));
    lists.prop_map(|(rows, overrides, windows)| School { rows, overrides, windows })
}

fn time() -> impl Strategy<Value = String> {
    (20..27_u8, 0..24_u8).prop_map(|(day, hour)| format!("2026-11-{day}T{hour:02}:30:00Z"))
}

fn who() -> impl Strategy<Value = Who> {
    let place = (0..7_u16).prop_map(|number| Who::profile(ProfileIndex(number)));
    let person = select(vec!["ada", "bob", "nobody"]).prop_map(|name| Who::person(PersonId::named(name)));
    prop_oneof![Just(Who::UNKNOWN), place, person]
}

fn question() -> impl Strategy<Value = Question> {
    (who(), name(), "(/[ab]{1,2}){0,2}", time()).prop_map(|(who, name, path, when)| Question {
        who,
        address: format!("http://{name}{path}"),
        when,
    })
}

// === What is asked ===

impl School {
    fn parts(&self) -> Parts {
        let rows: Vec<_> = self.rows.iter().map(|(slug, text)| (*slug, text.as_str())).collect();
        let person = |profile, gated| Person {
            profile: ProfileIndex(profile),
            groups: vec![GroupId::named("6B")],
            gated: if gated { Some(Gated::Unsigned) } else { None },
        };
        Parts {
            protected: vec![Protected { host: host("help.site.example"), name: "A help line".into() }],
            people: vec![(PersonId::named("ada"), person(2, false)), (PersonId::named("bob"), person(4, true))],
            overrides: self.overrides.clone(),
            windows: self.windows.clone(),
            ..parts(vec![pack(&rows)])
        }
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot::new(self.parts()).expect("snapshot")
    }

    fn ask(&self, question: &Question) -> Verdict {
        judge_at(&self.snapshot(), question.who, &question.address, &question.when)
    }
}

/// How little is open: the greater, the less.
fn strictness(action: Action) -> u8 {
    match action {
        Action::Allow => 0,
        Action::Warn => 1,
        Action::Ask => 2,
        Action::Block | Action::Gate => 3,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn there_is_a_verdict_and_it_is_the_same_each_time(school in school(), question in question()) {
        // `judge_at` asks for the explanation as well and holds it to the same verdict.
        prop_assert_eq!(school.ask(&question), school.ask(&question));
    }

    #[test]
    fn a_longer_name_never_loses_to_a_shorter_one_of_the_same_rank(
        school in school(),
        scope in scope(),
        (effect, short, first) in (effect(), name(), "[ab]{1,3}"),
        question in question(),
    ) {
        let long = format!("{first}.{short}");
        let other = if effect == Effect::Allow { Effect::Block } else { Effect::Allow };
        let overrides = vec![exception(effect, scope, &long), exception(other, scope, &short)];
        for overrides in [overrides.clone(), overrides.into_iter().rev().collect()] {
            let school = School { overrides, ..school.clone() };
            let verdict = school.ask(&Question { address: format!("http://x.{long}/"), ..question.clone() });
            let Ground::Override(number) = verdict.ground else { continue };
            prop_assert_eq!(school.overrides[number as usize].host.as_str(), long.as_str());
        }
    }

    #[test]
    fn a_help_line_is_open_to_everybody(school in school(), question in question(), below in "([ab]{1,2}\\.){0,2}") {
        let verdict = school.ask(&Question { address: format!("http://{below}help.site.example/talk"), ..question });
        prop_assert_eq!((verdict.action, verdict.step), (Action::Allow, Step::Protected));
    }

    #[test]
    fn removing_an_exception_restores_what_was(school in school(), extra in override_(), question in question()) {
        let before = school.ask(&question);
        let mut changed = school.clone();
        changed.overrides.push(extra);
        let with = changed.ask(&question);
        let is_extra = with.ground == Ground::Override(school.overrides.len() as u32);
        prop_assert!(is_extra || with == before, "an exception that does not decide changes nothing: {:?} {:?}", before, with);
        changed.overrides.pop();
        prop_assert_eq!(changed.ask(&question), before);
    }

    #[test]
    fn one_more_entry_never_opens_a_site(school in school(), extra in row(), question in question()) {
        let category = Category::from_slug(extra.0).expect("category");
        prop_assume!(category.lifts().is_empty());
        prop_assume!(Shipped::ALL.iter().all(|shipped| !shipped.profile().opens().contains(category)));
        let mut longer = school.clone();
        longer.rows.push(extra);
        let (before, after) = (school.ask(&question), longer.ask(&question));
        prop_assert!(strictness(after.action) >= strictness(before.action), "{:?} {:?}", before, after);
    }

    #[test]
    fn whoever_is_not_known_gets_what_the_strictest_profile_gives(school in school(), question in question(), place in 0..7_u16) {
        let stranger = Who { person: Some(PersonId::named("stranger")), profile: Some(ProfileIndex(place)), is_led: true };
        let snapshot = school.snapshot();
        let as_profile = |number| judge_at(&snapshot, Who::profile(ProfileIndex(number)), &question.address, &question.when);
        let strictest = as_profile(0);
        for who in [stranger, Who::UNKNOWN] {
            prop_assert_eq!(judge_at(&snapshot, who, &question.address, &question.when), strictest);
        }
    }

    #[test]
    fn no_profile_is_stricter_than_that_of_the_unknown(rows in prop::collection::vec(row(), 1..12), name in name(), place in 0..7_u16) {
        let snapshot = School { rows, overrides: Vec::new(), windows: Vec::new() }.snapshot();
        let address = Target::parse(&name).expect("address").to_string();
        let unknown = judge(&snapshot, Who::UNKNOWN, &address);
        let known = judge(&snapshot, Who::profile(ProfileIndex(place)), &address);
        prop_assert!(strictness(unknown.action) >= strictness(known.action), "{:?} {:?}", unknown, known);
    }
}

#[test]
fn more_entries_than_are_kept_still_lift_nothing_more_exact_than_themselves() {
    // Eleven domains within each other, below them a lifting one, and below that what must not be lifted.
    let names: Vec<String> = (1..=13).map(|depth| format!("{}example", "a.".repeat(depth))).collect();
    let slug = |at| match at {
        11 => "sex-education",
        12 => "pornography",
        _ => "news",
    };
    let rows = names.iter().enumerate().map(|(at, name)| (slug(at), name.clone())).collect();
    let school = School { rows, overrides: Vec::new(), windows: Vec::new() };
    let verdict = judge(&school.snapshot(), Who::profile(ProfileIndex(2)), &format!("http://{}/", names[12]));
    assert_eq!((verdict.action, verdict.category()), (Action::Block, Some(Category::Pornography)));
}
