//! The register as people keep it on pages: added, changed by two at once, moved, ended; families, seen by few.

use office::people::Role;

use crate::console::{Answer, Console};
use crate::roster::page_of;
use crate::signin::School;

/// The value of a hidden field of a page, as it would be sent back.
fn hidden(page: &str, name: &str) -> String {
    let value = page.split(&format!("name=\"{name}\" value=\"")).nth(1).and_then(|rest| rest.split('"').next()).expect(name);
    value.replace("&amp;", "%26").replace("&quot;", "%22").replace('+', "%2B").replace('=', "%3D")
}

/// A form of a person's page that is sent with what the page shows, but for these fields.
fn save(browser: &Console, path: &str, page: &str, fields: &str) -> Answer {
    browser.form(path, &format!("version={}&seen={}&{fields}", hidden(page, "version"), hidden(page, "seen")))
}

/// The value of an option that reads so.
pub(crate) fn option(page: &str, text: &str) -> String {
    let before = page.split(&format!(">{text}</option>")).next().expect("the option");
    before.rsplit("<option value=\"").next().and_then(|rest| rest.split('"').next()).expect("its value").to_owned()
}

#[test]
fn a_person_is_added_and_what_is_wrong_is_told_at_its_field() {
    let school = School::demo();
    let head = school.browser().signed_in_as("headteacher");
    let form = head.get("/people/new").body;
    let told = head.form("/people/new", "given=&family=Sorrel&is=pupil&email=x&started-day=31&started-month=2&started-year=2026");
    assert_eq!(told.status, 422);
    for field in ["given", "year", "email", "started-day"] {
        assert!(told.body.contains(&format!("href=\"#{field}\"")), "{field}: {}", told.body);
    }
    assert!(told.body.contains("value=\"Sorrel\"") && told.body.contains("<title>Error: Add a person"), "what was typed is kept");
    let class = option(&form, "3 Owls");
    let pupil = format!("given=Juno&family=Sorrel&is=pupil&year=3&class={class}&started-day=2&started-month=11&started-year=2026");
    let added = head.form("/people/new", &pupil);
    assert_eq!(added.status, 303, "{}", added.body);
    let page = head.get(added.header("Location").expect("a place")).body;
    assert!(page.contains("Juno Sorrel") && page.contains("Year 3") && page.contains("3 Owls"), "{page}");
    let again = head.form("/people/new", &pupil);
    assert!(again.status == 422 && again.body.contains("Tick the box if this is another person"), "{}", again.body);
    assert_eq!(head.form("/people/new", &format!("{pupil}&another=yes")).status, 303);
    let visitor = "given=Max&family=Dock&is=visitor&started-day=2&started-month=11&started-year=2026";
    let alone = head.form("/people/new", visitor);
    assert!(alone.status == 422 && alone.body.contains("somebody of the staff who answers for them"), "{}", alone.body);
    let sponsored = head.form("/people/new", &format!("{visitor}&sponsor=wren+teasel"));
    assert_eq!(sponsored.status, 303, "{}", sponsored.body);
    assert!(head.get(sponsored.header("Location").expect("a place")).body.contains("Wren Teasel"));
}

#[test]
fn who_changes_second_is_told_what_changed_and_writes_over_nothing() {
    let school = School::demo();
    let (head, deputy) = (school.browser().signed_in_as("headteacher"), school.browser().signed_in_as("deputy_headteacher"));
    let path = page_of(&head, "Pip Mallow");
    let change = format!("{path}/change");
    let (one, other) = (head.get(&change).body, deputy.get(&change).body);
    let first = save(&head, &change, &one, "given=Pip&family=Mallow&is=pupil&year=2&language=Welsh");
    assert_eq!(first.status, 303, "{}", first.body);
    let second = save(&deputy, &change, &other, "given=Philippa&family=Mallow&is=pupil&year=1");
    assert_eq!(second.status, 409);
    assert!(second.body.contains("Somebody else changed this person while you did"), "{}", second.body);
    assert!(second.body.contains("Year group: “2”, before “1”") && second.body.contains("Language at home: “Welsh”, before nothing"));
    assert!(second.body.contains("value=\"Philippa\"") && second.body.contains("value=\"Welsh\""), "theirs is taken over, one's own kept");
    let now = head.get(&path).body;
    assert!(now.contains("Pip Mallow") && !now.contains("Philippa"), "nothing of the second was saved");
    let merged = save(&deputy, &change, &second.body, "given=Philippa&family=Mallow&is=pupil&year=2&language=Welsh");
    assert_eq!(merged.status, 303, "{}", merged.body);
    assert!(head.get(&path).body.contains("Philippa Mallow"));
    let history = head.get(&format!("{path}/history")).body;
    assert!(history.contains("First name</strong>: Philippa, before: Pip"), "{history}");
    assert!(history.contains("by Idris Valerian, Deputy headteacher"), "{history}");
    assert!(history.contains("Language</strong>: Welsh") && history.contains("by Wren Teasel, Headteacher"), "{history}");
}

#[test]
fn a_pupil_is_moved_and_leaves_with_a_reason_and_comes_back() {
    let school = School::demo();
    let head = school.browser().signed_in_as("headteacher");
    let path = page_of(&head, "Rowan Ragwort");
    let teacher = school.browser().signed_in_as("teacher");
    assert_eq!(teacher.get(&path).status, 200, "of the own class");
    let classes = head.get(&format!("{path}/classes")).body;
    let to = option(&classes, "6 Herons");
    assert_eq!(head.form(&format!("{path}/classes"), &format!("class={to}")).status, 303);
    let page = head.get(&path).body;
    assert!(page.contains("6 Herons") && !page.contains("5 Kites"), "{page}");
    assert_eq!(teacher.get(&path).status, 404, "of another class from now on");
    let end = head.get(&format!("{path}/end")).body;
    let version = hidden(&end, "version");
    let day = "on-day=1&on-month=11&on-year=2026";
    assert_eq!(head.form(&format!("{path}/end"), &format!("version={version}&{day}&why=")).status, 422, "no reason");
    assert_eq!(head.form(&format!("{path}/end"), &format!("version={version}&{day}&why=Moved+away")).status, 303);
    assert_eq!(head.form(&format!("{path}/end"), &format!("version={version}&{day}&why=Again")).status, 409, "it was seen before");
    assert!(head.get(&path).body.contains("1 November 2026"));
    assert!(head.get(&format!("{path}/history")).body.contains("Moved away"));
    let back = head.get(&format!("{path}/end")).body;
    assert!(back.contains("Rowan Ragwort comes back"), "{back}");
    let fields = format!("version={}&on-day=27&on-month=11&on-year=2026", hidden(&back, "version"));
    assert_eq!(head.form(&format!("{path}/return"), &fields).status, 303);
    assert!(!head.get(&path).body.contains("Last day"));
}

#[test]
fn what_is_to_be_heeded_is_seen_and_changed_by_few() {
    let school = School::demo();
    let dsl = school.browser().signed_in_as("dsl");
    let path = page_of(&dsl, "Rowan Ragwort");
    let contacts = dsl.get(&format!("{path}/contacts")).body;
    for part in
        ["Prohibited steps order", "only the other parent", "They must not be contacted", "01632 960101", "2 Mill Lane", "Confirmed"]
    {
        assert!(contacts.contains(part), "{part}: {contacts}");
    }
    let sam = contacts
        .split("Sam Ragwort")
        .next()
        .and_then(|before| before.rsplit("href=\"/people/").next())
        .and_then(|rest| rest.split('"').next());
    let sam = sam.expect("the other parent").to_owned();
    let form = dsl.get(&format!("{path}/contacts/{sam}")).body;
    let version = hidden(&form, "version");
    let confirm = |version: &str| dsl.form(&format!("{path}/contacts/{sam}/confirm"), &format!("version={version}")).status;
    assert_eq!(confirm(&version), 422, "they must not be contacted");
    let fields = "kinship=parent&responsibility=no&lives_with=no&court_order=Lifted&do_not_contact=&address_withheld=";
    assert_eq!(dsl.form(&format!("{path}/contacts/{sam}"), &format!("version={version}&{fields}")).status, 303);
    assert_eq!(dsl.form(&format!("{path}/contacts/{sam}"), &format!("version={version}&{fields}")).status, 409, "it was seen before");
    assert_eq!(confirm(&version), 409, "it was seen before");
    assert_eq!(confirm(&hidden(&dsl.get(&format!("{path}/contacts/{sam}")).body, "version")), 303, "now they may be");
    assert!(dsl.get(&format!("{path}/contacts")).body.contains("Lifted"));
    let new = "given=Bryony&family=Ragwort&kinship=relative&responsibility=no&lives_with=no";
    let told = dsl.form(&format!("{path}/contacts/new"), new);
    assert!(told.status == 422 && told.body.contains("Nobody here is called so"), "{}", told.body);
    assert_eq!(dsl.form(&format!("{path}/contacts/new"), &format!("{new}&who=new")).status, 303);
    let contacts = dsl.get(&format!("{path}/contacts")).body;
    assert!(contacts.contains("Bryony Ragwort") && contacts.contains("Not confirmed"), "{contacts}");
    for role in
        [Role::Teacher, Role::Governor, Role::ResponsibleGovernor, Role::Parent, Role::ItTechnician, Role::SeniorLeader, Role::Pupil]
    {
        let browser = school.browser().signed_in_as(role.as_str());
        for page in ["/contacts", "/contacts/new", "/history"]
            .map(str::to_owned)
            .into_iter()
            .chain([format!("/contacts/{sam}"), format!("/contacts/{sam}/end")])
        {
            assert_eq!(browser.get(&format!("{path}{page}")).status, 404, "{page} as {role}");
        }
        for page in ["/phone", "/home", "/contacts/new"].map(str::to_owned).into_iter().chain([format!("/contacts/{sam}/confirm")]) {
            assert_eq!(browser.form(&format!("{path}{page}"), "phone=1").status, 404, "{page} as {role}");
        }
    }
    let numbers = dsl.form(&format!("{path}/phone"), &format!("version={}&phone=01632+960199", hidden(&contacts, "version")));
    assert_eq!(numbers.status, 303, "{}", numbers.body);
    assert!(dsl.get(&format!("{path}/contacts")).body.contains("01632 960199"));
    let export = dsl.get("/people.csv?find=ragwort").body;
    assert!(
        export.contains("Ragwort") && !export.contains("960") && !export.contains("Mill Lane") && !export.contains("Lifted"),
        "{export}"
    );
}

/// Another class's teacher, governors, parents, pupils, IT: nobody reaches the forms of a person that is not theirs.
#[test]
fn the_forms_of_somebody_elses_person_are_not_there() {
    let school = School::demo();
    let head = school.browser().signed_in_as("headteacher");
    let path = page_of(&head, "Pip Mallow");
    let may = [Role::Headteacher, Role::DeputyHeadteacher, Role::SeniorLeader];
    for role in Role::ALL.iter().filter(|role| !may.contains(role)) {
        let browser = school.browser().signed_in_as(role.as_str());
        for page in ["/change", "/end", "/classes"] {
            assert_eq!(browser.get(&format!("{path}{page}")).status, 404, "{page} as {role}");
            assert_eq!(browser.form(&format!("{path}{page}"), "given=X").status, 404, "{page} as {role}");
        }
        assert_eq!(browser.get("/people/new").status, 404, "{role}");
        assert_eq!(browser.form("/people/new", "given=X").status, 404, "{role}");
        assert_eq!(browser.form(&format!("{path}/return"), "").status, 404, "{role}");
        assert_eq!(browser.form(&format!("{path}/classes/end"), "").status, 404, "{role}");
    }
    assert!(head.get(&path).body.contains("Pip Mallow"));
}
