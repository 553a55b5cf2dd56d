//! Who answers for what, suppliers, the search, and what may be seen when it cannot wait.

use std::time::{Duration, Instant};

use office::people::Role;

use crate::console::Console;
use crate::register::option;
use crate::roster::page_of;
use crate::signin::School;

/// The path of a link that reads so.
fn link(page: &str, text: &str) -> String {
    let before = page.split(&format!(">{text}</a>")).next().expect("the link");
    before.rsplit("href=\"").next().and_then(|rest| rest.split('"').next()).expect("its path").to_owned()
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    page.split(&format!("name=\"{name}\" value=\"")).nth(1).and_then(|rest| rest.split('"').next()).expect(name).to_owned()
}

/// A form that is sent with what its page has shown.
fn save(browser: &Console, path: &str, fields: &str) -> u16 {
    let seen = hidden(&browser.get(path).body, "seen").replace(' ', "+");
    browser.form(path, &format!("seen={seen}&{fields}")).status
}

#[test]
fn a_duty_is_given_to_other_roles_and_one_that_nobody_owns_is_red() {
    let school = School::demo();
    let (head, governor) = (school.browser().signed_in_as("headteacher"), school.browser().signed_in_as("governor"));
    let page = governor.get("/duties").body;
    assert!(page.contains("Online safety in the school") && page.contains("Wren Teasel"), "{page}");
    assert!(!page.contains("href=\"/duties/online_safety\""), "governors look and change nothing");
    assert_eq!(governor.get("/duties/online_safety").status, 404);
    assert_eq!(governor.form("/duties/online_safety", "accountable=headteacher&lead=dsl&day_to_day=dsl").status, 404);
    let duty = "/duties/online_safety";
    assert_eq!(save(&head, duty, "accountable=headteacher&lead=pupil&day_to_day=dsl"), 422, "no role that is given");
    assert_eq!(save(&head, duty, "accountable=headteacher&lead=dsl&day_to_day=system_auditor"), 303);
    assert!(head.get("/duties").body.contains("System auditor: Ravi Dhania"));
    let leads = |duty: &str| {
        let body = head.get("/duties").body;
        let row = body.split("<tr").find(|row| row.contains(duty)).expect("the duty").to_owned();
        row.split("<td").find(|cell| cell.contains("data-label=\"Leads it\"")).expect("who leads it").to_owned()
    };
    for duty in ["Online safety in the school", "Monitoring: somebody looks", "Concerns and incidents reach an outcome"] {
        assert!(leads(duty).contains("Designated safeguarding lead: Amara Bloom"), "{duty}: {}", leads(duty));
    }
    assert_eq!(head.form("/duties/nothing", "accountable=headteacher&lead=dsl&day_to_day=dsl").status, 404);
    assert_eq!(save(&head, "/names/ddsl", "own=Deputy+lead&least=3"), 303);
    let names = head.get("/names").body;
    assert!(names.contains("Deputy lead") && names.contains(">3</td>"), "{names}");
    assert!(head.get("/").body.contains("1 of 3 needed"), "fewer than the school wants");
    assert!(head.get("/roles").body.contains("Deputy lead") && head.get("/duties").body.contains("Deputy lead"), "the school's own name");
    assert!(school.browser().signed_in_as("ddsl").get("/").body.contains(", Deputy lead</a>"));
    assert_eq!(save(&head, "/names/ddsl", "own=&least=many"), 422);
    assert_eq!(save(&head, "/names/ddsl", "own=&least=1"), 303);
    assert!(!head.get("/names").body.contains("Deputy lead"), "the usual name again");
    assert_eq!(save(&head, "/names/pupil", "own=Learner"), 303);
    assert!(head.get("/names").body.contains("Learner"));
}

#[test]
fn a_governor_is_appointed_with_minute_and_term() {
    let school = School::demo();
    let head = school.browser().signed_in_as("headteacher");
    let shown = |name: &str| {
        let body = head.get("/roles").body;
        let row = body.split("<tr").find(|row| row.contains("Governor responsible for online safety")).expect("the role").to_owned();
        row.contains(name) && row.contains("As it must be") == (name != "Farah Aster")
    };
    let governor = school.browser().signed_in_as("responsible_governor");
    let name = governor.get("/").body;
    let name = name.split("Your sign-in: </span>").nth(1).and_then(|rest| rest.split(',').next()).expect("a name").to_owned();
    assert!(shown(&name), "one, and as it must be");
    let pupil = page_of(&head, "Pip Mallow");
    for path in ["", "/contacts", "/history", "/change"] {
        assert_eq!(governor.get(&format!("{pupil}{path}")).status, 404, "{path}: they see totals and no names");
    }
    assert!(!governor.get("/people").body.contains("Pip Mallow"));
    assert_eq!(governor.get("/duties").status, 200);
    let page = page_of(&head, "Farah Aster");
    let past = "role=responsible_governor&until-day=1&until-month=1&until-year=2020";
    let told = head.form(&format!("{page}/role"), past);
    assert!(told.status == 422 && told.body.contains("must not lie before today"), "{}", told.body);
    let given = "role=responsible_governor&authority=Minute+9&until-day=31&until-month=8&until-year=2099";
    assert_eq!(head.form(&format!("{page}/role"), given).status, 303);
    let body = head.get(&page).body;
    assert!(body.contains("Minute 9") && body.contains("31 August 2099"), "{body}");
    assert!(shown("Farah Aster"), "two are one too many");
    assert!(head.get("/").body.contains("2 people are governor responsible for online safety, and only 1 may be"));
}

#[test]
fn suppliers_are_kept_and_a_late_review_is_red() {
    let school = School::demo();
    let (head, teacher) = (school.browser().signed_in_as("headteacher"), school.browser().signed_in_as("teacher"));
    let page = teacher.get("/suppliers").body;
    assert!(page.contains("the arrangement was to be looked at again and was not"), "{page}");
    assert!(
        page.contains("it has not accepted the school&#39;s policy") || page.contains("it has not accepted the school's policy"),
        "{page}"
    );
    assert!(page.contains("In order") && !page.contains("Add a supplier"), "{page}");
    assert_eq!(teacher.get("/suppliers/new").status, 404);
    let told = head.form("/suppliers/new", "name=&services=&accepted-day=1&accepted-month=1&accepted-year=2199&owner=nobody+here");
    for field in ["name", "services", "accepted-day", "policy", "owner"] {
        assert!(told.status == 422 && told.body.contains(&format!("href=\"#{field}\"")), "{field}: {}", told.body);
    }
    let new = "name=%3Dcmd&services=Telephones&owner=wren+teasel&review-day=1&review-month=9&review-year=2199";
    assert_eq!(head.form("/suppliers/new", new).status, 303);
    let list = head.get("/suppliers").body;
    let path = link(&list, "Broadmead IT");
    let form = head.get(&path).body;
    let version = hidden(&form, "version");
    let fields = format!(
        "version={version}&name=Broadmead+IT&services=IT+support&policy=Online+safety+policy&accepted-day=1&accepted-month=9&accepted-year=2026\
         &review-day=1&review-month=9&review-year=2199&owner=Wren+Teasel"
    );
    assert_eq!(teacher.form(&path, &fields).status, 404);
    assert_eq!(head.form(&path, &fields).status, 303);
    assert_eq!(head.form(&path, &fields).status, 409, "it was seen before");
    assert!(!head.get("/suppliers").body.contains("was to be looked at again and was not"));
    assert!(teacher.get("/suppliers.csv").body.contains("'=cmd"), "harmless in a spreadsheet");
    let version = hidden(&head.get(&path).body, "version");
    assert_eq!(head.form(&format!("{path}/end"), &format!("version={version}")).status, 303);
    assert!(head.get("/suppliers").body.contains("Ended"));
}

/// Each finds what they may see, and nothing else is there.
#[test]
fn a_search_finds_what_may_be_seen_and_nothing_else() {
    let school = School::demo();
    let head = school.browser().signed_in_as("headteacher");
    let all = head.get("/search?q=mallow").body;
    assert!(all.contains("Pip Mallow") && all.contains("Tess Mallow"), "{all}");
    assert!(head.get("/search?q=kites").body.contains("5 Kites"));
    assert!(head.get("/search?q=accounts").body.contains("href=\"/accounts\""));
    assert!(head.get("/search?q=%3Cscript%3E").body.contains("Nothing is found"));
    assert!(head.get("/search?q=a").body.contains("at least two letters"));
    assert!(head.get("/search?q=%25%25").body.contains("Nothing is found"), "a letter like others");
    let teacher = school.browser().signed_in_as("teacher");
    let own = teacher.get("/search?q=ragwort").body;
    assert!(own.contains("Rowan Ragwort") && !own.contains("Sam Ragwort"), "the own class: {own}");
    assert!(!teacher.get("/search?q=accounts").body.contains("href=\"/accounts\""));
    assert!(school.browser().signed_in_as("parent").get("/search?q=ragwort").body.contains("Rowan Ragwort"), "the own child");
    let governor = school.browser().signed_in_as("governor");
    assert!(!governor.get("/search?q=kites").body.contains("/classes/"));
    assert!(governor.get("/search?q=broadmead").body.contains("Broadmead IT"));
    let pupil = school.browser().signed_in_as("pupil");
    assert!(!pupil.get("/search?q=broadmead").body.contains("Broadmead IT"));
    for browser in [&teacher, &governor, &pupil] {
        assert!(!browser.get("/search?q=mallow").body.contains("Pip Mallow"));
    }
    for role in ["responsible_governor", "it_technician", "publisher", "system_auditor"] {
        let browser = school.browser().signed_in_as(role);
        assert!(!browser.get("/search?q=mallow").body.contains("Pip Mallow"), "{role}");
    }
}

#[test]
fn in_an_emergency_a_teacher_sees_more_and_two_others_are_told() {
    let school = School::demo();
    let (head, dsl) = (school.browser().signed_in_as("headteacher"), school.browser().signed_in_as("dsl"));
    let teacher = school.browser().signed_in_as("teacher");
    let pupil = page_of(&head, "Pip Mallow");
    assert_eq!(teacher.get(&format!("{pupil}/contacts")).status, 404);
    assert_eq!(teacher.form("/emergency", "reason=help").status, 422, "two others want to read why");
    assert_eq!(teacher.form("/emergency", "reason=Pip+is+hurt+and+the+office+is+empty").status, 303);
    let page = teacher.get("/").body;
    assert!(page.contains("Emergency: until") && page.contains("Everything that you open is recorded"), "{page}");
    let contacts = teacher.get(&format!("{pupil}/contacts")).body;
    assert!(contacts.contains("01632 960105") && !contacts.contains("Add an adult"), "to see, not to change: {contacts}");
    assert_eq!(teacher.form(&format!("{pupil}/phone"), "version=0&phone=1").status, 404);
    assert_eq!(teacher.get(&format!("{pupil}/change")).status, 404);
    assert!(teacher.get("/search?q=mallow").body.contains("Pip Mallow"));
    for (browser, who) in [(&head, "headteacher"), (&dsl, "DSL")] {
        assert!(browser.get("/").body.contains("opened what is not theirs in an emergency"), "{who}");
    }
    let list = head.get("/emergencies").body;
    for part in ["Ada Kingfisher", "Pip is hurt and the office is empty", "Open now", "Pip Mallow", "Nobody yet"] {
        assert!(list.contains(part), "{part}: {list}");
    }
    let seen = list.split("action=\"/emergencies/").nth(1).and_then(|rest| rest.split('"').next()).expect("the form").to_owned();
    let seen = format!("/emergencies/{seen}");
    assert_eq!(teacher.form(&seen, "").status, 404, "whoever did it is no witness");
    assert_eq!(head.form(&seen, "").status, 303);
    assert!(
        !head.get("/").body.contains("in an emergency") && dsl.get("/").body.contains("in an emergency"),
        "each says so for themselves"
    );
    assert_eq!(dsl.form(&seen, "").status, 303);
    assert!(!head.get("/emergencies").body.contains("To be seen"));
    let ddsl = school.browser().signed_in_as("ddsl");
    assert!(!ddsl.get("/").body.contains("in an emergency"), "two have seen it");
    assert_eq!(teacher.form("/emergency/end", "").status, 303);
    assert_eq!(teacher.get(&format!("{pupil}/contacts")).status, 404, "it is over");
    for role in [Role::Governor, Role::Parent, Role::Pupil, Role::ItTechnician, Role::SupportStaff, Role::Headteacher] {
        let browser = school.browser().signed_in_as(role.as_str());
        assert_eq!(browser.form("/emergency", "reason=I+would+like+to+see+it+all").status, 404, "{role}");
    }
    assert_eq!(school.browser().signed_in_as("senior_leader").get("/emergencies").status, 404);
}

#[test]
fn whoever_sees_safeguarding_data_is_told_who_else_does() {
    let school = School::demo();
    let dsl = school.browser().signed_in_as("dsl");
    let page = page_of(&dsl, "Daisy Orchard");
    // What needs somebody; that a role began stands below it too, for whoever sees who holds which.
    let needs = |browser: &Console| browser.get("/").body.split("What changed</h2>").next().unwrap_or_default().to_owned();
    assert!(!needs(&dsl).contains("Daisy Orchard is now"));
    assert_eq!(dsl.form(&format!("{page}/role"), "role=ddsl").status, 303);
    for role in ["headteacher", "dsl", "ddsl", "filtering_lead", "chair_of_governors"] {
        let browser = school.browser().signed_in_as(role);
        let home = needs(&browser);
        assert!(home.contains("Daisy Orchard is now deputy designated safeguarding lead"), "{role}: {home}");
        let told = home.split("action=\"/told/").nth(1).and_then(|rest| rest.split('"').next()).expect("the form").to_owned();
        assert_eq!(browser.form(&format!("/told/{told}"), "").status, 303);
        assert!(!needs(&browser).contains("Daisy Orchard is now"), "{role}");
        assert_eq!(browser.form(&format!("/told/{told}"), "").status, 404, "once");
    }
    for role in ["teacher", "governor", "it_technician", "parent"] {
        let home = needs(&school.browser().signed_in_as(role));
        assert!(home.contains("What needs you today") && !home.contains("Daisy Orchard is now"), "{role}");
    }
    let begun = Instant::now();
    let letters = loop {
        let files = std::fs::read_dir(school.folder.join("data/letters")).into_iter().flatten().flatten();
        let letters: Vec<String> = files.filter_map(|file| std::fs::read_to_string(file.path()).ok()).collect();
        if letters.iter().any(|letter| letter.contains("first page")) {
            break letters.concat();
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "no letter: {letters:?}");
        std::thread::yield_now();
    };
    assert!(
        !letters.contains("Daisy") && !letters.contains("Orchard") && !letters.contains("safeguarding"),
        "a letter says nothing: {letters}"
    );
    let classes = dsl.get("/people/new");
    assert_eq!(classes.status, 404, "the DSL adds nobody");
    let head = school.browser().signed_in_as("headteacher");
    assert!(!option(&head.get("/people/new").body, "5 Kites").is_empty());
}
