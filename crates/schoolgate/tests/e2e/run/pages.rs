//! The pages of the console, as a browser asks for them.

use super::Running;

/// Each page that anyone may follow a link to, but those about people.
pub(super) const PAGES: [(&str, &str); 34] = [
    ("home", "/"),
    ("overview", "/overview"),
    ("accounts", "/accounts"),
    ("accounts-found", "/accounts?find=e"),
    ("own-sign-in", "/my/sign-in"),
    ("second-factor", "/my/second-factor"),
    ("why-form", "/why"),
    ("why", "/why?address=https://www.bet365.com/sport&who=ks2"),
    ("why-open", "/why?address=childline.org.uk&who=early-years-ks1"),
    ("why-ask", "/why?address=a-very-long-name-that-nobody-would-choose.and-then-some-more.example&who="),
    ("why-wrong", "/why?address=http://&who=ks2"),
    ("why-wrong-time", "/why?address=bbc.co.uk&who=ks2&at=soon"),
    ("profiles", "/profiles"),
    ("profile", "/profiles/ks2"),
    ("lists", "/lists"),
    ("help-lines", "/help-lines"),
    ("block-pages", "/block-page"),
    ("block-page-young", "/block-page/early-years-ks1?outcome=ask&address=unknown.example"),
    ("block-page", "/block-page/ks2?category=gambling"),
    ("block-page-staff", "/block-page/ks3?outcome=blocked&category=gambling&address=bet365.com&view=staff"),
    ("policy", "/policy"),
    ("policy-filtering", "/policy/filtering"),
    ("settings", "/settings"),
    ("setting", "/settings/agreement_grace"),
    ("policies", "/policies"),
    ("policy-text", "/policies/parent-agreement"),
    ("policy-write", "/policies/behaviour/write"),
    ("policy-version", "/policies/pupil-ks1/1"),
    ("agreements", "/agreements?show=asks"),
    ("agreements-gate", "/agreements/gate?who=pupils"),
    ("agreements-own", "/my/agreements"),
    ("data-protection", "/data-protection"),
    ("data-protection-draft", "/data-protection/dpia"),
    ("not-found", "/nowhere"),
];

/// Each page about people that anyone may follow a link to.
pub(super) const PEOPLE: [(&str, &str); 19] = [
    ("people", "/people"),
    ("people-found", "/people?find=a&is=pupil&year=2"),
    ("people-none", "/people?find=nobody-of-that-name"),
    ("person-new", "/people/new"),
    ("people-sorted", "/people?sort=-year"),
    ("import", "/people/import"),
    ("year", "/people/year"),
    ("roles", "/roles"),
    ("duties", "/duties"),
    ("duty", "/duties/filtering"),
    ("names", "/names"),
    ("name", "/names/dsl"),
    ("suppliers", "/suppliers"),
    ("supplier-new", "/suppliers/new"),
    ("emergencies", "/emergencies"),
    ("search", "/search?q=ragwort"),
    ("search-none", "/search?q=nothing-of-the-kind"),
    ("search-empty", "/search"),
    ("classes", "/classes"),
];

/// Each page that nobody needs to sign in for, beside the doors.
pub(super) const PUBLIC: [(&str, &str); 5] = [
    ("published", "/published"),
    ("published-text", "/published/online-safety-policy?large=yes"),
    ("privacy", "/privacy"),
    ("privacy-child", "/privacy/pupils-6"),
    ("privacy-parents", "/privacy/parents"),
];

#[test]
fn every_page_says_what_is_missing_and_may_not_be_kept_or_framed() {
    let running = Running::start(&["--demo"]);
    for (name, path) in PAGES.into_iter().chain(PEOPLE).chain(PUBLIC) {
        let answer = running.get(path);
        let expected = if name == "not-found" {
            404
        } else if name.starts_with("why-wrong") {
            400
        } else {
            200
        };
        assert_eq!(answer.status, expected, "{path}");
        assert_eq!(answer.header("Cache-Control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("X-Frame-Options"), Some("DENY"), "{path}");
        assert_eq!(answer.header("X-Content-Type-Options"), Some("nosniff"), "{path}");
        let policy = answer.header("Content-Security-Policy").unwrap_or_default();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert!(answer.body.contains("Larkfield Primary School (demo)"), "{path}");
        if !path.starts_with("/block-page/") {
            assert!(answer.body.contains("Demonstration: invented school"), "{path}");
            assert!(answer.body.contains("must not be your school’s only filter"), "{path}");
            // What to do is told to whoever can do it.
            let is_public = PUBLIC.iter().any(|(_, public)| *public == path);
            assert_eq!(answer.body.contains("/overview#what-to-do"), !is_public, "{path}");
        }
    }
}

#[test]
fn an_answer_names_list_file_and_line_and_leads_to_the_pupils_page() {
    let running = Running::start(&["--demo"]);
    let body = running.get("/why?address=bet365.com&who=ks2").body;
    for part in
        ["bet365.com is blocked for Key Stage 2", "This decided", "starter", "gambling.txt", "href=\"/block-page/ks2?outcome=blocked"]
    {
        assert!(body.contains(part), "{part} is not in {body}");
    }
    // The link is the question: whoever opens it gets the form filled in.
    assert!(body.contains("value=\"bet365.com\"") && body.contains("value=\"ks2\" selected"), "{body}");
    let open = running.get("/why?address=nhs.uk").body;
    assert!(open.contains("nhs.uk opens") && !open.contains("See the page that they get"), "{open}");
}

#[test]
fn a_mistake_is_told_at_its_field() {
    let running = Running::start(&["--demo"]);
    let check = |query: &str, field: &str, words: &str| {
        let body = running.get(&format!("/why?{query}")).body;
        assert!(body.contains("<title>Error: ") && body.contains(&format!("href=\"#{field}\"")), "{query}: {body}");
        assert!(body.contains(&format!("id=\"{field}-error\"")) && body.contains(words), "{query}: {body}");
    };
    check("address=", "address", "Enter a web address");
    check("address=ftp://x.example", "address", "only http, https");
    check("address=bbc.co.uk&who=ks22", "who", "did you mean");
    check("address=bbc.co.uk&at=soon", "at", "is not a time");
}

#[test]
fn what_is_typed_is_never_markup() {
    let running = Running::start(&["--demo"]);
    for path in [
        "/why?address=%3Cscript%3Ealert(1)%3C/script%3E",
        "/why?address=x.example&at=%3Cscript%3E",
        "/why?address=x.example&who=%22%3E%3Cscript%3E",
    ] {
        let body = running.get(path).body;
        assert!(!body.contains("<script>"), "{path}: {body}");
    }
}

#[test]
fn without_sign_in_there_is_the_door_and_nothing_else() {
    let running = Running::start(&["--demo"]);
    let browser = running.browser();
    for (name, path) in PAGES.into_iter().chain(PEOPLE) {
        let answer = browser.get(path);
        assert_eq!(answer.status, 303, "{path}");
        assert!(answer.header("Location").is_some_and(|place| place.starts_with("/sign-in")), "{path}");
        assert!(answer.body.is_empty(), "{name}: {}", answer.body);
    }
    for (_, path) in PUBLIC {
        assert_eq!(browser.get(path).status, 200, "{path}");
    }
    let door = browser.get("/sign-in?next=/policy").body;
    assert!(door.contains("<h1 class=\"govuk-heading-l\">Sign in</h1>") && door.contains("value=\"/policy\""), "{door}");
    for name in ["rowan (", "juniper", "mx-teasel", "Hazel", "Teasel"] {
        assert!(!door.contains(name), "the door shows {name}");
    }
    let elsewhere = browser.get("/sign-in?next=//evil.example/").body;
    assert!(!elsewhere.contains("evil.example"), "{elsewhere}");
}

#[test]
fn only_names_of_this_machine_are_answered() {
    let running = Running::with_config("public_url = \"https://gate.school.example\"\n");
    let browser = running.browser();
    let ask = |host: &str| browser.send(&format!("GET /sign-in HTTP/1.1\r\n{host}Connection: close\r\n\r\n")).status;
    for own in ["localhost", "LOCALHOST:1", &running.address, "127.0.0.1", "gate.school.example", "gate.school.example:443"] {
        assert_eq!(ask(&format!("Host: {own}\r\n")), 200, "{own}");
    }
    for foreign in [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "127.0.0.2",
        "gate.school.example.evil.example",
        "",
        "[",
        "a:b:c",
    ] {
        assert_ne!(ask(&format!("Host: {foreign}\r\n")), 200, "{foreign}");
    }
    assert_eq!(ask(""), 400);
    assert_ne!(ask("Host: localhost\r\nHost: evil.example\r\n"), 200);
}

#[test]
fn requests_that_are_no_questions_are_turned_away() {
    let running = Running::start(&["--demo"]);
    let head = running.head();
    let (host, cookie) = (&running.address, format!("Cookie: __Host-schoolgate={}\r\n", head.session()));
    for method in ["POST", "PUT", "DELETE", "BREW"] {
        let answer =
            head.send(&format!("{method} /why HTTP/1.1\r\nHost: {host}\r\n{cookie}Content-Length: 0\r\nConnection: close\r\n\r\n"));
        assert_eq!(answer.status, 405, "{method}");
        assert!(answer.body.contains("Go to your first page"), "{method}");
    }
    let announced = format!("POST / HTTP/1.1\r\nHost: {host}\r\n{cookie}Content-Length: 99999999999\r\nConnection: close\r\n\r\n");
    assert_eq!(head.send(&announced).status, 405, "a huge body is waited for");
    assert_eq!(running.get(&format!("/why?address={}", "a".repeat(20_000))).status, 414);
    assert_eq!(running.get(&format!("/why?address={}", "a.".repeat(5_000))).status, 400);
    assert_eq!(running.get("/why?address=a&address=b").status, 400);
    assert_eq!(running.get("/profiles/%ff").status, 404);
    assert_eq!(running.get("/assets/../../etc/passwd").status, 404);
    for query in ["category=nonsense", "outcome=nonsense", "address=%20"] {
        assert_eq!(running.get(&format!("/block-page/ks2?{query}")).status, 404, "{query}");
    }
    assert_eq!(running.get("/block-page/nobody").status, 404);
    assert_eq!(running.get("/health").status, 200, "it did not survive");
}

#[test]
fn the_profiles_come_as_a_table_for_spreadsheets() {
    let running = Running::start(&["--demo"]);
    let answer = running.get("/profiles.csv");
    assert_eq!(answer.header("Content-Type"), Some("text/csv; charset=utf-8"));
    let mut lines = answer.body.lines();
    assert_eq!(lines.next(), Some("category,early-years-ks1,ks2,ks3,ks4,sixth-form,staff,guest,why,source"));
    assert!(lines.any(|line| line.starts_with("gambling,block,block,block,block,")), "{}", answer.body);
}

#[test]
fn a_sealed_preview_tells_nothing() {
    let running = Running::start(&["--demo"]);
    let body = running.get("/block-page/staff?outcome=sealed&category=gambling&address=secret.example&view=staff").body;
    assert!(!body.contains("secret.example") && !body.contains("Gambling"), "{body}");
}

#[test]
fn files_of_the_pages_may_be_kept_for_ever() {
    let running = Running::start(&["--demo"]);
    let home = running.get("/").body;
    let path = home.split("href=\"").filter_map(|rest| rest.split('"').next()).find(|path| path.ends_with(".css")).expect("a stylesheet");
    let answer = running.get(path);
    assert_eq!(answer.status, 200);
    assert!(answer.header("Cache-Control").is_some_and(|kept| kept.contains("immutable")));
}
