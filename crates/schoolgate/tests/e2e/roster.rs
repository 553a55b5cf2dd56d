//! The pages about people, as each role finds them.

use ids::PersonId;
use office::access::{Action, Need, Policies, Proof, Thing, Who};
use office::people::{Role, SecondFactor};

use crate::console::Console;
use crate::signin::School;
use crate::support::output;

/// The path of somebody's page, as the headteacher finds it.
pub(crate) fn page_of(head: &Console, name: &str) -> String {
    let body = head.get(&format!("/people?find={}", name.replace(' ', "+"))).body;
    let row = body.split("href=\"/people/").skip(1).find(|rest| rest.split('<').next().is_some_and(|text| text.ends_with(name)));
    format!("/people/{}", row.and_then(|rest| rest.split('"').next()).expect("in the list"))
}

/// A pupil of another class, and an account that sees safeguarding data: whoever has nothing to do with them finds nothing.
#[test]
fn a_strangers_page_opens_for_those_who_may_see_everybody() {
    let school = School::demo();
    let policies = Policies::shipped().expect("the policies");
    let head = school.browser().signed_in_as("headteacher");
    let pupil = page_of(&head, "Pip Mallow");
    let mut opened = Vec::new();
    for role in Role::ALL {
        let browser = school.browser().signed_in_as(role.as_str());
        let proof = if role.second_factor() == SecondFactor::Needed { Proof::SecondFactor } else { Proof::Password };
        let who = Who { person: PersonId::named("somebody"), role: *role, proof, need: Need::Ordinary };
        let stranger = Thing::Person { who: PersonId::named("pupil"), teachers: Vec::new(), carers: Vec::new() };
        let may = policies.decide(&who, Action::SeePerson, &stranger).is_allowed();
        assert_eq!(browser.get(&pupil).status, if may { 200 } else { 404 }, "{role}");
        for (path, fields) in [("/role", "role=dsl"), ("/role/end", "holding=x")] {
            let answer = browser.form(&format!("{pupil}{path}"), fields);
            assert!(answer.status == 404 || may, "{path} as {role}: {}", answer.status);
        }
        opened.extend(may.then_some(*role));
    }
    assert!(opened.contains(&Role::Headteacher) && !opened.contains(&Role::Teacher) && !opened.contains(&Role::Governor), "{opened:?}");
    assert_eq!(head.get("/people/not-an-id").status, 404);
}

/// What a control finds in the records, asked at the machine.
fn kept(school: &School, control: &str) -> String {
    let output = output(school.folder.path(), &["controls", "--json", "--data", "data"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let found = report["controls"].as_array().expect("controls").iter().find(|it| it["id"] == control).expect("the control");
    found["state"].as_str().expect("a state").to_owned()
}

#[test]
fn a_teacher_finds_the_own_class_and_the_headteacher_everybody() {
    let school = School::demo();
    let (head, teacher) = (school.browser().signed_in_as("headteacher"), school.browser().signed_in_as("teacher"));
    let count = |browser: &Console, query: &str| {
        let body = browser.get(&format!("/people{query}")).body;
        let caption = body.split("govuk-table__caption--m\">").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or("0").to_owned();
        caption.parse::<usize>().expect("a number")
    };
    let (all, own) = (count(&head, "?is=pupil"), count(&teacher, "?is=pupil"));
    assert!(all > 100 && own > 0 && own < 40, "{all} {own}");
    assert!(count(&head, "?is=pupil&year=0") >= 30, "reception");
    assert_eq!(count(&head, "?find=nobody-of-that-name"), 0);
    for wrong in ["/people?is=emperor", "/people?from=many", "/people?year=99"] {
        let told = head.get(wrong);
        assert!(told.status == 400 && told.body.contains("This cannot be read"), "{wrong}: {}", told.body);
    }
    let parts = head.get("/people?is=pupil").body;
    assert!(parts.contains("1 to 50 of") && parts.contains("/people?is=pupil&amp;from=50"), "{parts}");
    let oldest = head.get("/people?is=pupil&sort=-year").body;
    assert!(
        oldest.contains("aria-sort=\"descending\"") && oldest.contains(">Year 6</td>") && !oldest.contains(">Reception</td>"),
        "{oldest}"
    );
    assert!(oldest.contains("/people?is=pupil&amp;sort=-year&amp;from=50"), "the next part keeps the order");
    let file = teacher.get("/people.csv?is=pupil");
    assert_eq!(file.body.lines().count(), own + 1, "one line each, and the headings");
    assert_eq!(file.header("Content-Type"), Some("text/csv; charset=utf-8"));
    let book = teacher.get("/people.xlsx?is=pupil");
    assert!(book.status == 200 && book.body.starts_with("PK"), "{}", book.head);
}

#[test]
fn roles_are_given_and_ended_on_a_persons_page() {
    let school = School::demo();
    let dsl = school.browser().signed_in_as("dsl");
    let page = page_of(&dsl, "Daisy Orchard");
    let before = dsl.get("/roles").body;
    assert!(before.contains("Designated safeguarding lead") && before.contains("As it must be"), "{before}");
    assert_eq!(dsl.form(&format!("{page}/role"), "role=online_safety_lead").status, 303);
    assert!(dsl.get("/roles").body.contains("Daisy Orchard"));
    let body = dsl.get(&page).body;
    let holding = body.rsplit("name=\"holding\" value=\"").next().and_then(|rest| rest.split('"').next()).expect("a holding").to_owned();
    assert_eq!(dsl.form(&format!("{page}/role"), "role=").status, 422, "none was chosen");
    assert_eq!(dsl.form(&format!("{page}/role"), "role=responsible_governor").status, 422, "that is for governors");
    let deputy = school.browser().signed_in_as("deputy_headteacher");
    assert_eq!(deputy.form(&format!("{page}/role"), "role=ddsl").status, 404, "one that sees safeguarding data");
    assert_eq!(dsl.form(&format!("{page}/role/end"), &format!("holding={holding}")).status, 303);
    assert!(dsl.get(&page).body.contains("Taken back"), "what was given today ends today");
    assert_eq!(kept(&school, "people.online-safety-lead"), "met", "Priti Larkspur leads");
    let priti = page_of(&dsl, "Priti Larkspur");
    let body = dsl.get(&priti).body;
    let row = body.split("<tr").find(|row| row.contains(">Online safety lead<")).expect("the role");
    let holding = row.split("name=\"holding\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a holding").to_owned();
    assert_eq!(dsl.form(&format!("{priti}/role/end"), &format!("holding={holding}")).status, 303);
    assert_eq!(kept(&school, "people.online-safety-lead"), "breached", "nobody leads any more");
    let body = dsl.get(&priti).body;
    let row = body.split("<tr").find(|row| row.contains(">Online safety lead<")).expect("it stays on the page");
    assert!(!row.contains("No end set") && !row.contains("name=\"holding\""), "with its last day: {row}");
    let history = dsl.get(&format!("{priti}/history")).body;
    assert!(history.contains("Was given a role") && history.contains("A role ended"), "{history}");
    assert!(school.browser().signed_in_as("headteacher").get("/").body.contains("Nobody is online safety lead"));
    let own =
        page_of(&dsl, dsl.get("/").body.split("Your sign-in: </span>").nth(1).and_then(|rest| rest.split(',').next()).expect("a name"));
    assert_eq!(dsl.form(&format!("{own}/role"), "role=publisher").status, 404, "nobody gives one to themselves");
}
