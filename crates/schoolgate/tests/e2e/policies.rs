//! Policies, settings and agreements through the console: who reads, who writes, what a wrong form is told.

use crate::console::Console;
use crate::run::Running;

#[test]
fn anybody_reads_what_is_in_force_and_nothing_else() {
    let running = Running::start(&["--demo"]);
    let (nobody, lead) = (running.browser(), running.browser().signed_in_as("online_safety_lead"));
    let list = nobody.get("/published");
    assert_eq!(list.status, 200);
    assert!(list.body.contains("Online safety policy") && list.body.contains("/published/parent-agreement"), "{}", list.body);
    assert!(!list.body.contains("Behaviour policy"), "what is missing is not published");
    let policy = nobody.get("/published/online-safety-policy");
    assert_eq!(policy.status, 200);
    assert!(policy.body.contains("Version 1"), "{}", policy.body);
    let staff = lead.get("/policies/staff-agreement/1").body;
    assert!(staff.contains("Priti Larkspur"), "whoever works here reads whom to ask");
    assert_eq!(nobody.get("/published/staff-agreement").status, 404, "it names people");
    assert!(!list.body.contains("staff-agreement") && !list.body.contains("volunteer-agreement"), "{}", list.body);
    assert!(!policy.body.contains("(A-0"), "the marks of clauses are for those who check it");
    assert_eq!(nobody.get("/published/online-safety-policy/1").status, 200);
    assert!(nobody.get("/published/online-safety-policy?large=yes").body.contains("sg-large"));
    let draft = lead.upload(
        "/policies/online-safety-policy/write",
        &[("source", "# A secret draft"), ("change", "x"), ("seen", &seen(&lead, "online-safety-policy"))],
    );
    assert_eq!(draft.status, 303, "{}", draft.body);
    for path in ["/published/online-safety-policy/2", "/published/behaviour", "/published/nothing", "/published/online-safety-policy/0"] {
        let answer = nobody.get(path);
        assert!(!answer.body.contains("secret draft") && answer.status == 404, "{path}: {}", answer.status);
    }
    for path in ["/policies", "/policies/online-safety-policy", "/settings", "/agreements", "/my/agreements"] {
        let answer = nobody.get(path);
        assert_eq!((answer.status, answer.header("location").is_some_and(|to| to.starts_with("/sign-in"))), (303, true), "{path}");
    }
}

/// What everybody may read can be printed by everybody, also in large letters; what is not in force yet, by nobody.
#[test]
fn anybody_prints_what_is_in_force_and_no_draft() {
    let running = Running::start(&["--demo"]);
    let (nobody, lead) = (running.browser(), running.browser().signed_in_as("online_safety_lead"));
    let seen = seen(&lead, "online-safety-policy");
    let draft = lead.upload("/policies/online-safety-policy/write", &[("source", "# A secret draft"), ("change", "x"), ("seen", &seen)]);
    assert_eq!(draft.status, 303, "{}", draft.body);
    for (path, name) in [
        ("/published/online-safety-policy/in-force/text.pdf", "online-safety-policy-version-1.pdf"),
        ("/published/online-safety-policy/1/text.pdf", "online-safety-policy-version-1.pdf"),
        ("/published/online-safety-policy/in-force/text.pdf?large=yes", "online-safety-policy-version-1-large-print.pdf"),
        ("/published/pupil-ks1/1/text.pdf", "pupil-ks1-version-1.pdf"),
    ] {
        let link = path.replace("/in-force/", "/1/");
        let page = nobody.get(link.split_once("/1/").map_or("", |(page, _)| page));
        assert!(page.body.contains(&format!("href=\"{link}\"")), "{link} is offered: {}", page.body);
        let answer = nobody.get(path);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/pdf")), "{path}");
        assert_eq!(answer.header("content-disposition"), Some(format!("inline; filename=\"{name}\"").as_str()));
        assert!(answer.body.starts_with("%PDF-") && answer.header("content-security-policy").is_some(), "{path}");
    }
    for path in [
        "/published/online-safety-policy/2/text.pdf",
        "/published/online-safety-policy/0/text.pdf",
        "/published/staff-agreement/in-force/text.pdf",
        "/published/staff-agreement/1/text.pdf",
        "/published/behaviour/in-force/text.pdf",
    ] {
        assert_eq!(nobody.get(path).status, 404, "{path}");
    }
    assert_eq!(lead.get("/policies/online-safety-policy/1/text.pdf").header("content-type"), Some("application/pdf"));
    assert_eq!(lead.get("/policies/online-safety-policy/2/text.pdf").status, 404, "a draft is on no paper");
}

#[test]
fn an_incident_asks_for_a_review_before_its_time_and_the_first_page_says_so() {
    let running = Running::start(&["--demo"]);
    let lead = running.browser().signed_in_as("online_safety_lead");
    let (page, path) = ("/policies/online-safety-policy", "/policies/online-safety-policy/early");
    let wrong = lead.form(path, "cause=&happened=&due-day=1&due-month=1&due-year=2001");
    assert!(
        wrong.status == 422 && wrong.body.contains("Choose what asks for it") && wrong.body.contains("Say what happened"),
        "{}",
        wrong.body
    );
    let past = lead.form(path, "cause=incident&happened=A+link+was+passed+on.&due-day=1&due-month=1&due-year=2001");
    assert!(past.status == 422 && past.body.contains("between today and the usual review") && past.body.contains("A link was passed on."));
    let usual =
        lead.get(page).body.split("Its usual review is by ").nth(1).and_then(|rest| rest.split(". ").next()).expect("a day").to_owned();
    let soon = jiff::civil::Date::strptime("%d %B %Y", &usual).expect(&usual).yesterday().expect("a day");
    let due = format!("due-day={}&due-month={}&due-year={}", soon.day(), soon.month(), soon.year());
    assert_eq!(lead.form(path, &format!("cause=incident&happened=A+link+was+passed+on.&{due}")).status, 303);
    let shown = lead.get(page).body;
    assert!(
        shown.contains("sooner than usual") && shown.contains("Something happened") && shown.contains("A link was passed on."),
        "{shown}"
    );
    assert!(lead.get("/").body.contains("Online safety policy: it is to be looked at sooner"));
    let teacher = running.browser().signed_in_as("teacher");
    assert!(teacher.get(page).body.contains("A link was passed on."), "whoever works here sees why");
    assert_eq!(teacher.form(path, &format!("cause=threat&happened=x&{due}")).status, 404, "but does not call for it");
    let id = shown.split("name=\"review\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an id").to_owned();
    let empty = lead.form(&format!("{path}/stays"), &format!("review={id}&seen=0&why-{id}="));
    assert!(empty.status == 422 && empty.body.contains("why nothing changes"), "{}", empty.body);
    let stays = format!("review={id}&seen=0&why-{id}=The+text+covers+it.");
    assert_eq!(lead.form(&format!("{path}/stays"), &stays).status, 303);
    assert_eq!(lead.form(&format!("{path}/stays"), &stays).status, 409, "sent twice");
    let shown = lead.get(page).body;
    assert!(!shown.contains("sooner than usual") && shown.contains("The text covers it."), "{shown}");
}

/// What the form of a text says that it was opened on.
fn seen(console: &Console, policy: &str) -> String {
    let page = console.get(&format!("/policies/{policy}/write")).body;
    let found = page.split_once("name=\"seen\" value=\"").and_then(|(_, rest)| rest.split('"').next());
    found.unwrap_or_default().to_owned()
}

#[test]
fn a_wrong_text_is_told_with_its_line_and_kept_to_be_mended() {
    let running = Running::start(&["--demo"]);
    let lead = running.browser().signed_in_as("online_safety_lead");
    let path = "/policies/behaviour/write";
    let wrong = lead.upload(path, &[("source", "# T\n\n<script>alert(1)</script>"), ("change", "x"), ("seen", "")]);
    assert!(wrong.status == 422 && wrong.body.contains("Line 3: HTML"), "{}", wrong.body);
    assert!(wrong.body.contains("&lt;script&gt;") && !wrong.body.contains("<script>alert"), "kept, and only as text");
    let empty = lead.upload(path, &[("source", "# T"), ("change", " "), ("seen", "")]);
    assert!(empty.status == 422 && empty.body.contains("Say what is new"), "{}", empty.body);
    assert_eq!(lead.upload(path, &[("source", "# T"), ("change", "x"), ("seen", "")]).status, 303);
    let second = lead.upload(path, &[("source", "# U"), ("change", "mine"), ("seen", "")]);
    assert_eq!(second.status, 409, "somebody else was faster");
    assert!(second.body.contains("# U") && second.body.contains("Yours is kept below"), "{}", second.body);
    assert_eq!(lead.upload(path, &[("source", "# U"), ("change", "mine"), ("seen", &seen(&lead, "behaviour"))]).status, 303);
    for (role, status) in [("teacher", 404), ("governor", 404), ("parent", 404), ("pupil", 404), ("dsl", 200)] {
        assert_eq!(running.browser().signed_in_as(role).get(path).status, status, "{role}");
    }
}

#[test]
fn a_setting_is_changed_by_few_with_a_reason_and_never_past_another() {
    let running = Running::start(&["--demo"]);
    let (head, technician) = (running.browser().signed_in_as("headteacher"), running.browser().signed_in_as("it_technician"));
    let path = "/settings/agreement_grace";
    assert!(head.get("/settings").body.contains("Grace after a new version of an agreement"));
    assert!(technician.get(path).status == 200 && !technician.get(path).body.contains("Change it"));
    let dsl = running.browser().signed_in_as("dsl");
    for other in [&technician, &dsl] {
        assert_eq!(other.form(path, "value=7&reason=x&seen=0").status, 404, "the internet of people hangs on it");
    }
    let reviews = "/settings/policy_review";
    assert_eq!(
        (dsl.form(reviews, "value=6&reason=x&seen=0").status, technician.form(reviews, "value=6&reason=x&seen=0").status),
        (303, 404)
    );
    for (fields, told) in [
        ("value=soon&reason=x&seen=0", "Enter a whole number from 0 to 90"),
        ("value=91&reason=x&seen=0", "It must be from 0 days to 90 days"),
        ("value=7&reason=&seen=0", "Say why"),
        ("value=14&reason=x&seen=0", "This is what holds already"),
    ] {
        let answer = head.form(path, fields);
        assert!(answer.status == 422 && answer.body.contains(told), "{fields}: {}", answer.body);
    }
    assert_eq!(head.form(path, "value=7&reason=Half+term+is+near.&seen=0").status, 303);
    assert_eq!(head.form(path, "value=9&reason=x&seen=0").status, 409);
    let page = head.get(path).body;
    assert!(page.contains("7 days") && page.contains("Half term is near."), "{page}");
    assert_eq!(head.form("/settings/gate_pupils", "value=0&reason=x&seen=1").status, 404, "the gate is tried out first");
    assert_eq!(head.get("/settings/nothing").status, 404);
}

#[test]
fn a_setting_that_shuts_the_internet_to_people_says_to_how_many() {
    let running = Running::start(&["--demo"]);
    let head = running.browser().signed_in_as("headteacher");
    let path = "/settings/pupil_mark_from";
    let asked = head.form(path, "value=1&reason=They+can+write.&seen=0");
    assert!(asked.status == 422 && asked.body.contains("more people would be without the internet at once"), "{}", asked.body);
    let more = asked.body.split_once("name=\"shut\" value=\"").and_then(|(_, rest)| rest.split('"').next()).expect("how many").to_owned();
    assert_eq!(head.form(path, "value=1&reason=They+can+write.&seen=0&shut=1").status, 422, "another number");
    assert_eq!(head.form(path, &format!("value=1&reason=They+can+write.&seen=0&shut={more}")).status, 303);
}

#[test]
fn the_gate_is_the_headteachers_and_shows_by_name_who_would_be_without() {
    let running = Running::start(&["--demo"]);
    let head = running.browser().signed_in_as("headteacher");
    for role in ["dsl", "it_technician", "governor", "teacher"] {
        assert_eq!(running.browser().signed_in_as(role).get("/agreements/gate").status, 404, "{role}");
    }
    let page = head.get("/agreements/gate?who=helpers").body;
    assert!(page.contains("would be without the internet") && page.contains("waits for the person since"), "{page}");
    let field = |name: &str| {
        let found = page.split_once(&format!("name=\"{name}\" value=\"")).and_then(|(_, rest)| rest.split('"').next());
        found.expect("a field").to_owned()
    };
    let stale = head.form("/agreements/gate", &format!("who=helpers&mode=enforce&reason=x&seen={}&without=0", field("seen")));
    assert!(stale.status == 409 && stale.body.contains("has changed since this page was opened"), "{}", stale.body);
    let form = format!("who=helpers&mode=enforce&reason=Our+policy.&seen={}&without={}", field("seen"), field("without"));
    assert_eq!(head.form("/agreements/gate", &form).status, 303);
    assert!(head.get("/settings/gate_helpers").body.contains("Our policy."));
}

#[test]
fn a_teacher_sees_the_own_class_and_a_parent_signs_for_no_other_child() {
    let running = Running::start(&["--demo"]);
    let (head, teacher) = (running.browser().signed_in_as("headteacher"), running.browser().signed_in_as("teacher"));
    let ids = |page: &str| -> Vec<String> {
        page.split("href=\"/agreements/person/").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    let (all, own) = (ids(&head.get("/agreements?who=pupils").body), ids(&teacher.get("/agreements").body));
    assert!(own.len() < all.len() && !own.is_empty(), "{} of {}", own.len(), all.len());
    let other = all.iter().find(|id| !own.contains(id)).expect("another class");
    assert_eq!(teacher.get(&format!("/agreements/person/{other}")).status, 404);
    assert_eq!(teacher.get(&format!("/agreements/person/{}", own[0])).status, 200);
    let parent = running.browser().signed_in_as("parent");
    let mine = parent.get("/my/agreements").body;
    let child = mine.split("href=\"/my/agreements/parent-agreement/").nth(1).and_then(|rest| rest.split('"').next()).expect("a child");
    let stranger = all.iter().find(|id| id.as_str() != child).expect("another");
    for path in [format!("/my/agreements/parent-agreement/{stranger}"), "/my/agreements/parent-agreement/x".to_owned()] {
        assert_eq!((parent.get(&path).status, parent.form(&path, "answer=yes&read=yes&name=x").status), (404, 404), "{path}");
    }
    let paths = [format!("/agreements/person/{child}"), format!("/agreements/person/{stranger}"), "/agreements".to_owned()];
    assert_eq!(paths.map(|path| parent.get(&path).status), [200, 404, 404], "the own child's answers, and no list");
    let path = format!("/my/agreements/parent-agreement/{child}");
    let unread = parent.form(&path, "version=00000000-0000-0000-0000-000000000000&answer=yes&name=Sorrel");
    assert!(unread.status == 422 && unread.body.contains("Tick the box"), "{}", unread.body);
    let old = parent.form(&path, "version=00000000-0000-0000-0000-000000000000&answer=yes&read=yes&name=Sorrel");
    assert!(old.status == 422 && old.body.contains("The text has changed since this page was opened"), "{}", old.body);
}
