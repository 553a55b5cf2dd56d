//! The pages as a browser finds them: through the router and its guard, on both databases, with a clock that a test sets.

mod ahead;
mod changes;
mod copies;
mod emergencies;
mod families;
mod intake;
mod paper;
mod people;
mod permissions;
mod reminders;
mod settings;
mod translations;
mod understanding;
mod year;

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Method, Request, header};
use calendar::{Date, Instant, SettableClock};
use ids::{OrganisationId, PersonId};
use jiff::tz::TimeZone;
use ledger::Act;
use ledger::outbox::OutboxKey;
use office::access::Policies;
use office::demo::{self, DemoSchool};
use office::people::Role;
use office::people::import::Imports;
use office::signin::{Attempt, Cost, MachineKey, Outcome, Seed, SignIns, Token, account};
use office::web::{Caller, Content, Front, House, Kept, Office, Press, Reading, Shared, open_router, router};
use presence::Presence;
use tower_service::Service as _;
use ui::{ReadingAge, Words};
use zeroize::Zeroizing;

use crate::world::{HEADTEACHER, School, act, morning};

const PASSWORD: &str = "lantern kettle moss";

/// What stands behind the pages of a test.
struct Rooms {
    office: Arc<Office>,
    clock: SettableClock,
    presence: Presence,
    press: Press,
}

/// Larkfield with its pages, unlocked, on the morning of 24 November 2026.
struct Pages {
    rooms: Arc<Rooms>,
    router: Router,
    larkfield: DemoSchool,
    /// Its folder and its database last as long.
    school: School,
}

/// Somebody who is signed in.
struct Browser<'a> {
    pages: &'a Pages,
    session: Token,
}

/// What came back.
struct Answer {
    status: u16,
    /// Where to go on.
    to: String,
    body: String,
    bytes: Bytes,
}

// === impl Pages ===

impl Pages {
    async fn of(school: School) -> Self {
        school.unlock().await;
        let organisation = OrganisationId::named("Hill School");
        let larkfield = demo::fill(&school.ledger, organisation, None, morning()).await.expect("filled");
        let office = Office {
            ledger: school.ledger.clone(),
            organisation,
            keys: school.keys.clone(),
            sign_ins: SignIns::new(&school.ledger, organisation, MachineKey::new(&[7; 32]), Cost::LEAST),
            outbox: OutboxKey::new(&[1; 32]).expect("a key"),
            policies: Policies::shipped().expect("the policies"),
            imports: Imports::default(),
            classes: Kept::default(),
            stands: Kept::default(),
        };
        let rooms = Arc::new(Rooms {
            office: Arc::new(office),
            clock: SettableClock::at(morning()),
            presence: Presence::default(),
            press: Press::default(),
        });
        let shared: Shared = Arc::<Rooms>::clone(&rooms);
        let router = router(&shared, office::routes());
        Self { rooms, router, larkfield, school }
    }

    fn office(&self) -> &Office {
        &self.rooms.office
    }

    fn at(&self, moment: &str) {
        self.rooms.clock.set(moment.parse().expect("a moment"));
    }

    /// Who holds a role.
    fn person_of(&self, role: Role) -> PersonId {
        self.larkfield.person_of(role).expect("somebody holds it")
    }

    /// Somebody of that role signs in, with a code where they need one.
    async fn signed_in(&self, role: Role) -> Browser<'_> {
        let browser = self.signed_in_as(self.person_of(role), role.as_str()).await;
        self.office().sign_ins.sessions().act_as(&browser.session, role);
        browser
    }

    /// The same for a person, of whom it does not matter whether they have an account already.
    async fn signed_in_as(&self, person: PersonId, name: &str) -> Browser<'_> {
        let (sign_ins, now) = (&self.office().sign_ins, self.rooms.clock.now());
        let user_name = format!("{}{}", name.replace('_', ""), now.micros() / 1_000_000);
        let act = || Act { at: now, ..act(&HEADTEACHER) };
        let known = account(self.office().ledger.reader(), self.office().organisation, person).await.expect("read");
        let link = match &known {
            Some(_) => sign_ins.reset(act(), person).await.expect("a new link"),
            None => sign_ins.make(act(), person, &user_name.parse().expect("a name")).await.expect("an account"),
        };
        let user_name = known.map_or(user_name, |known| known.user_name);
        let password = || Zeroizing::new(PASSWORD.to_owned());
        sign_ins.choose(&link, password(), home(), now).await.expect("the link is good").expect("the password is good");
        let attempt = Attempt { name: &user_name, password: password(), code: "", from: home(), device: None };
        let Outcome::In { session, .. } = sign_ins.sign_in(attempt, now).await.expect("judged") else { unreachable!("not signed in") };
        let seed = Seed::random().expect("chance");
        let (_, session) = sign_ins.turn_on(&session, &seed, &seed.code(now, 0), home(), now).await.expect("turned on");
        Browser { pages: self, session }
    }
}

// === impl Browser ===

impl Browser<'_> {
    async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None, Body::empty()).await
    }

    /// A page that is there.
    async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body
    }

    async fn form(&self, path: &str, fields: &str) -> Answer {
        let body = format!("word={}&{fields}", self.session.form_word());
        self.ask(Method::POST, path, Some("application/x-www-form-urlencoded"), Body::from(body)).await
    }

    /// A form with a file.
    async fn give(&self, fields: &[(&str, &str)], file: &str) -> Answer {
        let head = "Content-Disposition: form-data; name=\"file\"; filename=\"x.csv\"\r\nContent-Type: text/csv";
        self.parts("/people/import", fields, &format!("--cut\r\n{head}\r\n\r\n{file}\r\n")).await
    }

    /// A form with a long text.
    async fn upload(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.parts(path, fields, "").await
    }

    async fn parts(&self, path: &str, fields: &[(&str, &str)], last: &str) -> Answer {
        let word = self.session.form_word();
        let mut body = String::new();
        for (name, value) in fields.iter().chain(&[("word", word.as_str())]) {
            body.push_str(&format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
        }
        body.push_str(&format!("{last}--cut--\r\n"));
        self.ask(Method::POST, path, Some("multipart/form-data; boundary=cut"), Body::from(body)).await
    }

    /// Looks at a run until nothing is on its way any more.
    async fn finished(&self, run: &str) -> String {
        loop {
            let page = self.page(run).await;
            if !page.contains("It is being done") {
                return page;
            }
            tokio::task::yield_now().await;
        }
    }

    async fn ask(&self, method: Method, path: &str, kind: Option<&str>, body: Body) -> Answer {
        let cookie = format!("{}={}", Token::COOKIE, self.session.expose());
        let mut request = Request::builder().method(method).uri(path).header(header::COOKIE, cookie).header(header::HOST, "school.example");
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let mut router = self.pages.router.clone();
        let answer = router.call(request.body(body).expect("a request")).await.expect("an answer");
        let status = answer.status().as_u16();
        let to = answer.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default().to_owned();
        let body = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
        Answer { status, to, body: String::from_utf8_lossy(&body).into_owned(), bytes: body }
    }
}

impl Front for Rooms {
    fn reading(&self) -> Result<Reading, String> {
        Ok(Reading { from: self.office.ledger.reader().clone(), scope: self.office.scope() })
    }

    fn now(&self) -> Instant {
        self.clock.now()
    }

    fn zone(&self) -> TimeZone {
        TimeZone::UTC
    }

    fn words(&self) -> Words {
        Words::new(ReadingAge::Adult, "Hill School")
    }

    fn press(&self) -> &Press {
        &self.press
    }

    fn open_page(&self, content: &dyn Content) -> String {
        content.content().into_string()
    }
}

impl House for Rooms {
    fn office(&self) -> Result<Arc<Office>, String> {
        Ok(Arc::clone(&self.office))
    }

    fn presence(&self) -> &Presence {
        &self.presence
    }

    fn is_of_school(&self, _: IpAddr) -> bool {
        true
    }

    fn is_for_guests(&self, _: IpAddr) -> bool {
        false
    }

    fn day_ends(&self) -> Option<Instant> {
        None
    }

    fn after_school_days(&self, day: Date, days: i64) -> Date {
        // A school that is open every day.
        Date::try_from(day.civil().saturating_add(jiff::Span::new().days(days))).expect("in range")
    }

    fn menu(&self, _: &Caller) -> Vec<(&'static str, &'static str)> {
        Vec::new()
    }

    fn page(&self, content: &dyn Content, _: Option<&Caller>) -> String {
        format!("<title>{}</title>{}", content.title(), content.content().into_string())
    }

    fn address(&self) -> String {
        "https://school.example".to_owned()
    }

    fn sends_mail(&self) -> bool {
        true
    }
}

fn home() -> IpAddr {
    [192, 0, 2, 7].into()
}

/// A page that anybody may open.
async fn published(pages: &Pages, path: &str) -> Answer {
    let front: Arc<dyn Front> = Arc::<Rooms>::clone(&pages.rooms);
    let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
    let answer = open_router(&front, office::open_pages()).call(request).await.expect("an answer");
    let status = answer.status().as_u16();
    let body = to_bytes(answer.into_body(), usize::MAX).await.expect("a body");
    Answer { status, to: String::new(), body: String::from_utf8_lossy(&body).into_owned(), bytes: body }
}

/// The value of a hidden field of a page, as it is sent back.
fn hidden(page: &str, name: &str) -> String {
    let value = page.split(&format!("name=\"{name}\" value=\"")).nth(1).and_then(|rest| rest.split('"').next()).expect(name);
    let value = value.replace("&amp;", "&").replace("&quot;", "\"");
    value.replace('%', "%25").replace('+', "%2B").replace('&', "%26").replace('=', "%3D")
}

/// The value of the choice at which this stands.
fn choice(page: &str, text: &str) -> String {
    let found = page.split("type=\"radio\"").skip(1).find(|part| part.contains(text));
    found.and_then(|part| part.split("value=\"").nth(1)).and_then(|rest| rest.split('"').next()).expect(text).to_owned()
}
