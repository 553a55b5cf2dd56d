//! Signing in, and what each role reaches, as a browser does it: real process, HTTPS, cookies and forms.

use std::time::Duration;

use ids::PersonId;
use office::access::{Need, Policies, Proof, Thing, Who};
use office::people::{Role, SecondFactor};
use office::web::Ask;
use testkit::folder::Folder;
use testkit::process::Process;

use crate::console::{Console, code_of};
use crate::support::{output, schoolgate, text};

/// How long anything here may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// A running Schoolgate.
pub(crate) struct School {
    pub(crate) folder: Folder,
    pub(crate) address: String,
    pub(crate) process: Process,
}

impl School {
    fn start(arguments: &[&str]) -> Self {
        let folder = Folder::new().expect("folder");
        folder.write("school.toml", "school = \"Hill Top School\"\n").expect("config");
        let all = [&["run", "--data", "data", "--listen", "127.0.0.1:0"], arguments].concat();
        let mut process = Process::start(schoolgate(folder.path(), &all)).expect("start");
        let line = process.wait_for_line("Console ", PATIENCE).expect("the console's address");
        let address = line.split_once("https://").and_then(|(_, rest)| rest.split('/').next()).expect("an address").to_owned();
        process.wait_for_line("Schoolgate is running", PATIENCE).expect("running");
        Self { folder, address, process }
    }

    pub(crate) fn demo() -> Self {
        Self::start(&["--demo"])
    }

    pub(crate) fn browser(&self) -> Console {
        Console::at(&self.address, &self.folder.join("data"))
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> (bool, String) {
        let all = [arguments, &["--config", "school.toml", "--data", "data"]].concat();
        let output = output(self.folder.path(), &all);
        (output.status.success(), format!("{}{}", text(&output.stdout), text(&output.stderr)))
    }
}

/// The path of the link for `user_name` in what a command printed.
fn link(said: &str, user_name: &str) -> String {
    let after = said.split_once(user_name).and_then(|(_, rest)| rest.split_once("/link/")).expect("a link").1;
    format!("/link/{}", after.split(|c: char| c.is_whitespace() || c == '<' || c == '"').next().expect("its end"))
}

/// The key that the page of the second factor shows.
fn key(page: &str) -> String {
    page.split_once("Key: <code>").and_then(|(_, rest)| rest.split('<').next()).expect("a key").replace(' ', "")
}

#[test]
fn a_school_begins_with_two_accounts_and_roles_that_see_much_need_a_code() {
    let mut school = School::start(&["--config", "school.toml"]);
    let first = ["accounts", "first", "--head", "Hazel Marsh", "--technician", "Ash Patel"];
    let (is_done, said) = school.command(&first);
    assert!(is_done && said.contains("h.marsh") && said.contains("a.patel"), "{said}");
    let (is_done, again) = school.command(&first);
    assert!(!is_done && again.contains("there are accounts already"), "{again}");

    let browser = school.browser();
    let link = link(&said, "h.marsh");
    assert!(browser.get(&link).body.contains("Your user name is <strong>h.marsh</strong>"));
    let weak = browser.post(&link, "new=Password123456&again=Password123456");
    assert!(weak.status == 422 && weak.body.contains("<title>Error: "), "{}", weak.body);
    let differ = browser.post(&link, "new=lantern+kettle+moss&again=lantern+kettle+mos");
    assert!(differ.status == 422 && differ.body.contains("not the same"), "{}", differ.body);
    assert_eq!(browser.post(&link, "new=lantern+kettle+moss&again=lantern+kettle+moss").status, 200);
    let used = browser.get(&link);
    assert!(used.status == 422 && used.body.contains("has been used or has run out"), "{}", used.body);

    assert_eq!(browser.sign_in("h.marsh", "lantern kettle mos", "").status, 403);
    assert_eq!(browser.sign_in("H.Marsh", "lantern kettle moss", "").status, 303);
    // A password alone opens the page where the code is set up, and no other.
    for path in ["/", "/my/sign-in"] {
        assert_eq!(browser.get(path).status, 200, "{path}");
    }
    for path in ["/policy", "/overview", "/accounts"] {
        assert_eq!(browser.get(path).header("Location"), Some("/my/second-factor"), "{path}");
    }
    let page = browser.get("/my/second-factor").body;
    assert!(page.contains("a password alone is not enough") && page.contains("<svg class=\"sg-qr\""), "{page}");
    let key = key(&page);
    assert_eq!(self::key(&browser.get("/my/second-factor").body), key, "looking again must not give another key");
    let wrong = browser.form("/my/second-factor", "code=12&password=lantern+kettle+moss");
    assert!(wrong.status == 422 && wrong.body.contains("not the code of this moment"), "{}", wrong.body);
    let stranger = browser.form("/my/second-factor", &format!("code={}&password=nine+grey+herons", code_of(&key)));
    assert!(stranger.status == 422 && stranger.body.contains("not your password"), "{}", stranger.body);
    let before = browser.session();
    let codes = browser.form("/my/second-factor", &format!("code={}&password=lantern+kettle+moss", code_of(&key)));
    assert!(codes.status == 200 && codes.body.matches("<li>").count() >= 10, "{}", codes.body);
    assert_ne!(browser.session(), before, "the session is another one");
    assert_eq!(school.browser().with_session(&before).get("/").status, 303, "the old one is worth nothing");
    assert_eq!(browser.get("/policy").status, 200);
    assert!(!school.process.printed().contains("arsh"), "no name is in the log");

    lost_telephone(&school, &codes.body);
}

/// Whoever has lost the telephone has the paper; whoever has lost all is helped at the machine.
fn lost_telephone(school: &School, codes: &str) {
    let recovery = codes
        .split_once("sg-codes")
        .and_then(|(_, list)| list.split("<li>").nth(1))
        .and_then(|rest| rest.split('<').next())
        .expect("a code")
        .to_owned();
    let other = school.browser();
    assert_eq!(other.sign_in("h.marsh", "lantern kettle moss", "").status, 403, "no code");
    assert_eq!(other.sign_in("h.marsh", "lantern kettle moss", &recovery).status, 303);
    let (is_done, said) = school.command(&["accounts", "link", "h.marsh"]);
    assert!(is_done && said.contains("/link/"), "{said}");
    assert_eq!(other.get("/").status, 303, "a reset signs out everywhere");
    let (is_done, said) = school.command(&["accounts", "link", "nobody"]);
    assert!(!is_done && said.contains("nobody has this user name"), "{said}");
}

#[test]
fn who_signs_out_is_out_and_a_session_from_elsewhere_is_not_taken_over() {
    let school = School::demo();
    let planted = "A".repeat(43);
    let browser = school.browser().with_session(&planted).signed_in_as("teacher");
    let session = browser.session();
    assert_ne!(session, planted, "somebody else chose the session");
    assert_eq!(browser.get("/").status, 200);
    assert_eq!(browser.form("/sign-out", "").status, 303);
    assert_eq!(school.browser().with_session(&session).get("/").status, 303, "it opens still");
}

#[test]
fn a_form_from_elsewhere_changes_nothing() {
    let school = School::demo();
    let browser = school.browser().signed_in_as("headteacher");
    let (address, cookie) = (&browser.address, format!("Cookie: __Host-schoolgate={}", browser.session()));
    let forms = schoolgate::console::listed().into_iter().filter(|(method, _, ask)| *method == "POST" && !matches!(ask, Ask::Nothing(_)));
    let forms: Vec<&str> = forms.map(|(_, path, _)| path).collect();
    assert!(forms.len() >= 8, "{forms:?}");
    let nobody = PersonId::named("x").to_string();
    let other = school.browser().signed_in_as("pupil").get("/my/sign-in").body;
    let word = other.split_once("name=\"word\" value=\"").and_then(|(_, rest)| rest.split('"').next()).expect("a word");
    // Whatever differs in a path is the id of somebody who is not there.
    let filled =
        |path: &str| path.split('/').map(|part| if part.starts_with('{') { nobody.as_str() } else { part }).collect::<Vec<_>>().join("/");
    for path in forms.iter().map(|path| filled(path)) {
        for (headers, fields) in [
            ("", String::new()),
            ("", "word=".to_owned()),
            ("", format!("word={word}")),
            ("Origin: https://evil.example\r\n", String::new()),
            ("Sec-Fetch-Site: cross-site\r\n", String::new()),
        ] {
            let answer = browser.send(&format!(
                "POST {path} HTTP/1.1\r\nHost: {address}\r\n{headers}{cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                 Content-Length: {}\r\nConnection: close\r\n\r\n{fields}",
                fields.len()
            ));
            // A form with a file is not even read.
            assert!(answer.status == 403 || answer.status == 400, "{path} {headers}{fields}: {}", answer.status);
        }
    }
    assert_eq!(browser.get("/").status, 200, "it was signed out by a stranger");
}

/// Each page, as each of the invented people: it opens exactly where the policies say so, and what does not open is not there.
#[test]
fn each_page_opens_for_the_roles_that_may_see_it_and_no_other() {
    let school = School::demo();
    let policies = Policies::shipped().expect("the policies");
    let pages: Vec<(&str, Ask)> = schoolgate::console::listed()
        .into_iter()
        .filter(|(method, path, _)| *method == "GET" && !path.contains('{'))
        .map(|(_, path, ask)| (path, ask))
        .collect();
    let (mut opened, mut hidden) = (0, 0);
    for role in Role::ALL {
        let user_name = role.as_str();
        let browser = school.browser().signed_in_as(user_name);
        let proof = if role.second_factor() == SecondFactor::Needed { Proof::SecondFactor } else { Proof::Password };
        let who = Who { person: PersonId::named(user_name), role: *role, proof, need: Need::Ordinary };
        for (path, ask) in &pages {
            let may = match ask {
                Ask::School(action) => policies.decide(&who, *action, &Thing::School).is_allowed(),
                Ask::Nothing(_) | Ask::Own => true,
                Ask::Thing(_) => continue,
            };
            let answer = browser.get(path);
            assert_eq!(answer.status, if may { 200 } else { 404 }, "{path} as {user_name}");
            if may {
                opened += 1
            } else {
                hidden += 1
            }
            if path.contains('.') || *path == "/health" || *path == "/sign-in" {
                continue;
            }
            let (menu, _) = answer.body.split_once("<main").expect("a page");
            for (other, ask) in &pages {
                let Ask::School(action) = ask else { continue };
                let shown = menu.contains(&format!("href=\"{other}\""));
                assert!(!shown || policies.decide(&who, *action, &Thing::School).is_allowed(), "the menu of {user_name} names {other}");
            }
        }
        assert_eq!(browser.get("/nowhere").status, 404);
    }
    assert!(opened > 150 && hidden > 100, "{opened} opened, {hidden} hidden");
}

#[test]
fn nobody_takes_a_role_that_is_not_theirs() {
    let school = School::demo();
    let teacher = school.browser().signed_in_as("teacher");
    assert_eq!(teacher.form("/my/role", "role=headteacher").status, 404);
    assert_eq!(teacher.form("/my/role", "role=emperor").status, 400);
    assert_eq!(teacher.get("/policy").status, 404);
    let head = school.browser().signed_in_as("headteacher");
    assert_eq!(head.get("/accounts").status, 200);
    assert_eq!(head.form("/my/role", "role=support_staff").status, 303);
    assert_eq!(head.get("/accounts").status, 404, "in this role there are none");
    assert!(head.get("/").body.contains(", Support staff</a>"));
    assert_eq!(head.form("/my/role", "role=headteacher").status, 303);
    assert_eq!(head.get("/accounts").status, 200);
}

#[test]
fn accounts_are_mended_by_those_who_may_and_by_nobody_for_themselves() {
    let school = School::demo();
    let head = school.browser().signed_in_as("headteacher");
    let page = head.get("/accounts").body;
    let id_of = |user_name: &str| {
        let row = page.split("<tr").find(|row| row.contains(&format!(">{user_name}</th>"))).expect("a row");
        row.split_once("action=\"/accounts/").and_then(|(_, rest)| rest.split('/').next()).expect("an id").to_owned()
    };
    let technician = school.browser().signed_in_as("it_technician");
    let accounts = technician.get("/accounts?find=a").body;
    assert!(accounts.contains(">dsl</th>") && !accounts.contains("Amara") && !accounts.contains("Name of the person"), "{accounts}");
    assert!(page.contains("Amara Bloom"), "the headteacher sees whose it is");
    assert_eq!(technician.form(&format!("/accounts/{}/reset", id_of("dsl")), "").status, 404, "who sees safeguarding data is not for IT");
    assert_eq!(technician.form(&format!("/accounts/{}/end", id_of("headteacher")), "").status, 404);
    assert_eq!(head.form(&format!("/accounts/{}/reset", id_of("headteacher")), "").status, 404, "nobody does it for themselves");
    for user_name in ["teacher", "pupil", "responsible_governor", "parent"] {
        let somebody = school.browser().signed_in_as(user_name);
        assert_eq!(somebody.form(&format!("/accounts/{}/reset", id_of("dsl")), "").status, 404, "{user_name}");
        assert_eq!(somebody.form(&format!("/accounts/{}/sign-out", id_of("dsl")), "").status, 404, "{user_name}");
    }
    let dsl = school.browser().signed_in_as("dsl");
    assert_eq!(dsl.get("/").status, 200);
    let reset = head.form(&format!("/accounts/{}/reset", id_of("dsl")), "");
    assert!(reset.status == 200 && reset.body.contains("Hand over this link"), "{}", reset.body);
    assert_eq!(dsl.get("/").status, 303, "a reset signs out");
    let link = link(&reset.body, "Hand over");
    assert_eq!(dsl.post(&link, "new=nine+grey+herons+wade&again=nine+grey+herons+wade").status, 200);
    assert_eq!(dsl.sign_in("dsl", "nine grey herons wade", "").status, 303);
    assert_eq!(dsl.get("/accounts").header("Location"), Some("/my/second-factor"), "the code is to be set up anew");
    assert_eq!(head.form(&format!("/accounts/{}/end", id_of("parent")), "").status, 303);
    assert_eq!(school.browser().post("/sign-in", "visitor=parent").status, 403, "it has ended");
}

#[test]
fn whoever_guesses_must_wait_and_shuts_nobody_out_of_their_own_computer() {
    let school = School::demo();
    let own = school.browser().signed_in_as("teacher");
    assert_eq!(own.form("/sign-out", "").status, 303);
    let guesser = school.browser();
    for _ in 0..10 {
        assert_eq!(guesser.sign_in("teacher", "a wrong one of some length", "").status, 403);
    }
    let told = guesser.sign_in("teacher", "a wrong one of some length", "");
    assert!(told.status == 429 && told.body.contains("too many wrong tries"), "{}", told.body);
    assert_eq!(own.sign_in("teacher", "lantern kettle moss", "").status, 303, "the computer is known");
}

#[test]
fn sessions_are_listed_and_ended() {
    let school = School::demo();
    let (here, there) = (school.browser().signed_in_as("teacher"), school.browser().signed_in_as("teacher"));
    let page = here.get("/my/sign-in").body;
    let id = page.split_once("name=\"session\" value=\"").and_then(|(_, rest)| rest.split('"').next()).expect("another session");
    assert!(page.contains("This one"));
    let pupil = school.browser().signed_in_as("pupil");
    assert_eq!(pupil.form("/my/sessions/end", &format!("session={id}")).status, 404, "it is not theirs");
    assert_eq!(there.get("/").status, 200);
    assert_eq!(here.form("/my/sessions/end", &format!("session={id}")).status, 303);
    assert_eq!(there.get("/").status, 303);
    assert_eq!(here.get("/").status, 200);
    let wrong = here.form("/my/password", "password=no&new=nine+grey+herons+wade&again=nine+grey+herons+wade");
    assert!(wrong.status == 422 && wrong.body.contains("not your password"), "{}", wrong.body);
    let other = school.browser().signed_in_as("teacher");
    let changed = here.form("/my/password", "password=lantern+kettle+moss&new=nine+grey+herons+wade&again=nine+grey+herons+wade");
    assert_eq!(changed.status, 303, "{}", changed.body);
    assert_eq!(here.get("/").status, 200, "who changed it stays");
    assert_eq!(other.get("/").status, 303, "all others are out");
    assert_eq!(school.browser().sign_in("teacher", "nine grey herons wade", "").status, 303);
}

/// On all addresses of the machine: its certificate is for the one that was called, and it answers to addresses and to no name.
#[test]
fn a_console_for_the_whole_network_answers_to_each_of_its_addresses() {
    let folder = Folder::new().expect("folder");
    folder.write("school.toml", "school = \"Hill Top School\"\n").expect("config");
    let arguments = ["run", "--config", "school.toml", "--data", "data", "--listen", "0.0.0.0:0"];
    let mut process = Process::start(schoolgate(folder.path(), &arguments)).expect("start");
    let line = process.wait_for_line("Console ", PATIENCE).expect("the console's address");
    let port = line.split_once("https://0.0.0.0:").and_then(|(_, rest)| rest.split('/').next()).expect("a port").to_owned();
    process.wait_for_line("Schoolgate is running", PATIENCE).expect("running");
    let browser = Console::at(&format!("127.0.0.1:{port}"), &folder.join("data"));
    assert_eq!(browser.get("/sign-in").status, 200, "the client checks the certificate against the address");
    let by_name = browser.send("GET /sign-in HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assert_eq!(by_name.status, 421);
}

#[test]
fn plain_http_is_sent_to_the_right_address() {
    use std::io::{Read as _, Write as _};
    let school = School::demo();
    let mut stream = std::net::TcpStream::connect(&school.address).expect("connect");
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").expect("asked");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 308 ") && answer.contains(&format!("Location: https://{}/", school.address)), "{answer}");
}
