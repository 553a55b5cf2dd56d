//! Every page, for every role that may see it: what links lead to, in a real browser at the size of a phone.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use office::access::{Need, Policies, Proof, Thing, Who};
use office::people::{Role, SecondFactor};
use office::web::Ask;
use testkit::browser::Browser;

use super::Running;
use super::browser::{pictures, press, signed_in};

/// So many of the roles are walked by one test: a page takes most of a second with axe on a busy machine, and a leader sees sixty.
const SOME: usize = 4;

/// Pages to which no link leads, and why.
const UNLINKED: [(&str, &str); 3] = [
    ("/people/import/columns", "it comes after a file was given: `intake` goes there"),
    ("/people/import/check", "the same"),
    ("/people/imports/{run}", "the same"),
];

/// Where links lead from a page.
const LINKS: &str = "return [...document.querySelectorAll('a[href]')].map(link => link.getAttribute('href'));";
/// Of what a page is built: whatever axe finds, it finds in one of these.
const BUILT_OF: &str = "return [...new Set([...document.querySelectorAll('body *')].map(part => [part.tagName, part.className, \
    part.getAttribute('role'), part.getAttribute('type'), part.closest('main') !== null].join('|')))].sort().join(' ');";

/// What was found on the way.
#[derive(Default)]
struct Findings {
    wrong: Vec<String>,
    /// What was looked at with axe, by route: the same parts are not looked at twice.
    looked: BTreeSet<(String, String)>,
    pages: usize,
}

/// All pages by their routes, the most special first.
fn routes() -> Vec<(&'static str, Ask)> {
    let mut all: Vec<_> = schoolgate::console::listed().into_iter().filter(|(method, ..)| *method == "GET").collect();
    all.retain(|(_, path, _)| !path.contains('.') && !path.starts_with("/assets/") && *path != "/health");
    all.sort_by_key(|(_, path, _)| path.matches('{').count());
    all.into_iter().map(|(_, path, ask)| (path, ask)).collect()
}

/// The route of a page, if it is one of ours.
fn route_of(routes: &[(&'static str, Ask)], link: &str) -> Option<&'static str> {
    let path = link.split(['?', '#']).next().filter(|path| path.starts_with('/'))?;
    let fits = |route: &str| {
        let (have, want): (Vec<_>, Vec<_>) = (path.split('/').collect(), route.split('/').collect());
        have.len() == want.len() && have.iter().zip(&want).all(|(have, want)| want.starts_with('{') || have == want)
    };
    routes.iter().map(|(route, _)| *route).find(|route| fits(route))
}

/// Follows every link from the first page, to one page of each route, and gives where it came.
async fn walk(
    browser: &Browser,
    address: &str,
    role: Role,
    routes: &[(&'static str, Ask)],
    findings: &mut Findings,
) -> BTreeSet<&'static str> {
    let mut open = VecDeque::from(["/".to_owned()]);
    let mut seen = BTreeSet::new();
    while let Some(link) = open.pop_front() {
        let Some(route) = route_of(routes, &link).filter(|route| seen.insert(*route)) else { continue };
        browser.open(&format!("https://{address}{link}")).await.expect(&link);
        findings.pages += 1;
        let parts: String = browser.run(BUILT_OF).await.expect("the parts");
        let is_new = findings.looked.insert((route.to_owned(), parts));
        if let Some(folder) = pictures().filter(|_| is_new) {
            let name = route.trim_matches('/').replace(['/', '{', '}'], "-");
            browser.screenshot(&folder.join(format!("role-{}-{name}.png", role.as_str()))).await.expect("picture");
        }
        let faults = if is_new { browser.axe().await.expect("axe").iter().map(ToString::to_string).collect() } else { String::new() };
        let too_wide = browser.sideways_overflow().await.expect("width");
        let complaints = browser.complaints().await.expect("console");
        if !faults.is_empty() || too_wide > 0 || !complaints.is_empty() {
            findings.wrong.push(format!("{link} as {role}: {too_wide} px too wide; complaints {complaints:?}; faults:\n{faults}"));
        }
        open.extend(browser.run::<Vec<String>>(LINKS).await.expect("links"));
    }
    seen
}

/// What must have happened so that each page is linked: a text has a second version and a translation, and somebody has declared an emergency.
fn happens(running: &Running) {
    let lead = running.browser().signed_in_as("online_safety_lead");
    let path = "/policies/online-safety-policy/write";
    let seen = lead.get(path).body.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next().map(str::to_owned));
    let written = lead.upload(path, &[("source", "# Online safety policy\n\nAnew."), ("change", "all"), ("seen", &seen.expect("a mark"))]);
    assert_eq!(written.status, 303, "{}", written.body);
    let fields = [("version", "1"), ("language", "ur"), ("source", "# آن لائن حفاظت\n\nسب کے لیے۔"), ("seen", "")];
    let translated = lead.upload("/policies/online-safety-policy/translate", &fields);
    assert_eq!(translated.status, 303, "{}", translated.body);
    let teacher = running.browser().signed_in_as("teacher");
    assert_eq!(teacher.form("/emergency", "reason=A+child+is+missing+from+the+hall.").status, 303);
    // So many are looked at that they stand on a page of their own.
    for page in 1..=3 {
        assert_eq!(teacher.get(&format!("/people?page={page}")).status, 200);
    }
}

/// Each of these roles finds by links whatever the rules open for it, and each such page is fit for everybody.
async fn each_finds_all(roles: &[Role]) -> BTreeSet<&'static str> {
    let mut running = Running::start(&["--demo"]);
    let (routes, policies) = (routes(), Policies::shipped().expect("the policies"));
    happens(&running);
    let first = roles.first().expect("a role");
    let mut browser = signed_in(&mut running, first.as_str()).await;
    browser.resize(320, 640).await.expect("size");
    let (mut findings, mut found) = (Findings::default(), BTreeSet::new());
    let mut missed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for role in roles {
        if role != first {
            press(&browser, &running, role.as_str()).await;
        }
        let seen = walk(&browser, &running.address, *role, &routes, &mut findings).await;
        let proof = if role.second_factor() == SecondFactor::Needed { Proof::SecondFactor } else { Proof::Password };
        let who = Who { person: ids::PersonId::named(role.as_str()), role: *role, proof, need: Need::Ordinary };
        for (route, ask) in &routes {
            let Ask::School(action) = ask else { continue };
            let opens = policies.decide(&who, *action, &Thing::School).is_allowed();
            assert!(opens || !seen.contains(route), "a link led {role} to {route}, which is not theirs");
            if opens && !seen.contains(route) && !UNLINKED.iter().any(|(unlinked, _)| unlinked == route) {
                missed.entry(route).or_default().push(role.as_str());
            }
        }
        found.extend(seen);
    }
    assert!(findings.wrong.is_empty(), "{}", findings.wrong.join("\n"));
    assert!(missed.is_empty(), "no link leads there, as these: {missed:#?}");
    assert!(findings.pages > 5 * roles.len(), "{}", findings.pages);
    found
}

#[tokio::test]
async fn browser_each_page_for_each_role_that_leads() {
    let found = each_finds_all(&Role::ALL[..SOME]).await;
    assert!(found.len() > 40, "{found:?}");
}

#[tokio::test]
async fn browser_each_page_for_each_role_that_leads_online_safety_or_governs() {
    each_finds_all(&Role::ALL[SOME..2 * SOME]).await;
}

#[tokio::test]
async fn browser_each_page_for_each_role_beside_them() {
    each_finds_all(&Role::ALL[2 * SOME..3 * SOME]).await;
}

#[tokio::test]
async fn browser_each_page_for_each_role_that_works_here() {
    each_finds_all(&Role::ALL[3 * SOME..4 * SOME]).await;
}

#[tokio::test]
async fn browser_each_page_for_each_role_of_families_and_helpers() {
    each_finds_all(&Role::ALL[4 * SOME..]).await;
}
