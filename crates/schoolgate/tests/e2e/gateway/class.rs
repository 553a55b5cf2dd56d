//! A class is signed in with one press, in a real browser, and the gate knows each pupil at their device.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use event::Known;
use ids::PersonId;
use testkit::browser::thirtyfour::By;
use testkit::browser::thirtyfour::prelude::ElementQueryable as _;
use testkit::browser::{Browser, Options};

use super::client;
use super::{PATIENCE, Running};
use crate::console::Console;

/// Puts each pupil at a device of their own; gives their ids in that order.
const SEATS: &str = r#"
    const fields = [...document.querySelectorAll("input[name^='at-']")];
    fields.forEach((field, at) => { field.value = "127.0.9." + (at + 1); });
    return fields.map(field => field.name.slice(3));
"#;

pub(super) struct School {
    pub(super) gate: Running,
    pub(super) console: String,
    infants: SocketAddr,
}

impl School {
    pub(super) fn start() -> Self {
        Self::of(Running::demo())
    }

    pub(super) fn of(mut gate: Running) -> Self {
        let line = gate.process.wait_for_line("Console ", PATIENCE).expect("console");
        let console = line.split_once("https://").and_then(|(_, rest)| rest.split('/').next()).expect("address").to_owned();
        let infants = gate.listener("infants");
        Self { gate, console, infants }
    }

    /// A browser of this machine at which somebody of the demonstration has signed in.
    pub(super) fn browser(&self, role: &str) -> Console {
        Console::at(&self.console, &self.gate.folder.join("data")).signed_in_as(role)
    }

    /// A browser of this machine at which nobody has signed in.
    pub(super) fn stranger(&self) -> Console {
        Console::at(&self.console, &self.gate.folder.join("data"))
    }

    /// Who asked, as the gate wrote it down, when each of these devices asks for a page.
    pub(super) fn ask(&self, devices: &[IpAddr]) -> HashMap<IpAddr, (Option<PersonId>, Known)> {
        let before = self.gate.events().len();
        let infants = self.infants;
        // In a thread of its own, where no runtime is running.
        std::thread::scope(|scope| {
            let asking = scope.spawn(move || {
                for device in devices {
                    let mut stream = client::open_from(*device, infants);
                    client::ask(&mut stream, "http://museum.example/", "Connection: close\r\n").expect("an answer");
                }
            });
            asking.join().expect("all have asked");
        });
        self.gate.events().into_iter().skip(before).map(|event| (event.source, (event.person, event.known))).collect()
    }
}

pub(super) fn device(number: usize) -> IpAddr {
    Ipv4Addr::new(127, 0, 9, u8::try_from(number + 1).expect("few")).into()
}

/// The path of a class's page in the list of classes.
pub(super) fn class(console: &Console, name: &str) -> String {
    let list = console.get("/classes").body;
    let (before, _) = list.split_once(&format!(">{name}</a>")).expect("the class");
    before.rsplit("href=\"").next().and_then(|rest| rest.split('"').next()).expect("its page").to_owned()
}

#[tokio::test]
async fn browser_a_class_of_thirty_is_signed_in_with_one_press() {
    let mut school = School::start();
    let line = school.gate.process.wait_for_line("spki-list=", PATIENCE).expect("keys");
    let keys = line.split("spki-list=").nth(1).and_then(|rest| rest.split(' ').next()).expect("keys").to_owned();
    let options = Options { trusted_keys: keys.split(',').map(str::to_owned).collect(), ..Options::default() };
    let mut browser = Browser::start(&options).await.expect("browser");
    let press = async |browser: &Browser, button: &str| {
        browser
            .web()
            .query(By::XPath(format!("//button[normalize-space()='{button}']")))
            .first()
            .await
            .expect("the button")
            .click()
            .await
            .expect("pressed");
    };
    browser.open(&format!("https://{}/sign-in", school.console)).await.expect("the door");
    press(&browser, "Headteacher").await;
    browser.web().query(By::Css(".sg-who")).first().await.expect("signed in");
    let path = class(&school.browser("dsl"), "R Robins");
    browser.open(&format!("https://{}{path}", school.console)).await.expect("the class");
    let pupils: Vec<String> = browser.run(SEATS).await.expect("seats");
    assert_eq!(pupils.len(), 30);
    let devices: Vec<IpAddr> = (0..30).map(device).collect();
    press(&browser, "Keep where they sit").await;
    assert!(school.ask(&devices).values().all(|known| *known == (None, Known::Listener)), "nobody has pressed yet");

    press(&browser, "Sign the class in").await;
    browser.web().query(By::XPath("//strong[normalize-space()='30 of 30']")).first().await.expect("all are signed in");
    let known = school.ask(&devices);
    for (number, pupil) in pupils.iter().enumerate() {
        let expected = (Some(pupil.parse().expect("an id")), Known::Class);
        assert_eq!(known.get(&device(number)), Some(&expected), "device {number}");
    }
    for (width, height) in [(1280, 900), (320, 640)] {
        browser.resize(width, height).await.expect("size");
        let faults: String = browser.axe().await.expect("axe").iter().map(ToString::to_string).collect();
        assert_eq!((faults, browser.sideways_overflow().await.expect("width")), (String::new(), 0));
        if let Some(folder) = crate::run::pictures() {
            browser.screenshot(&folder.join(format!("class-{width}.png"))).await.expect("picture");
        }
    }
    press(&browser, "Sign the class out").await;
    browser.web().query(By::XPath("//strong[normalize-space()='0 of 30']")).first().await.expect("all are signed out");
    assert!(school.ask(&devices).values().all(|known| *known == (None, Known::Listener)), "they are known still");
}

#[test]
fn a_teacher_signs_in_the_own_class_and_no_other() {
    let school = School::start();
    let (head, teacher) = (school.browser("headteacher"), school.browser("teacher"));
    let own = teacher.get("/classes").body;
    let mine: Vec<&str> = own.split("href=\"/classes/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(mine.len(), 1, "{own}");
    let mine = format!("/classes/{}", mine[0]);
    let other = ["R Robins", "2 Larks", "5 Kites"].map(|name| class(&head, name)).into_iter().find(|path| *path != mine).expect("another");
    assert_eq!((teacher.get(&mine).status, teacher.get(&other).status), (200, 404));
    for what in ["seats", "sign-in", "sign-out"] {
        assert_eq!(teacher.form(&format!("{other}/{what}"), "minutes=60").status, 404, "{what}");
    }
    let page = teacher.get(&mine).body;
    let pupils: Vec<&str> = page.split("name=\"at-").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let (one, two) = (pupils[0], pupils[1]);
    let wrong = teacher.form(&format!("{mine}/seats"), &format!("at-{one}=tablet+four"));
    assert!(
        wrong.status == 422 && wrong.body.contains("is no address of a device") && wrong.body.contains("tablet four"),
        "{}",
        wrong.body
    );
    // Two pupils at one tablet: nobody knows which of them asks.
    assert_eq!(teacher.form(&format!("{mine}/seats"), &format!("at-{one}=127.0.9.1&at-{two}=127.0.9.1")).status, 303);
    assert_eq!(teacher.form(&format!("{mine}/sign-in"), "minutes=60").status, 303);
    assert_eq!(school.ask(&[device(0)])[&device(0)], (None, Known::Listener));
    assert_eq!(teacher.form(&format!("{mine}/seats"), &format!("at-{one}=127.0.9.1&at-{two}=127.0.9.2")).status, 303);
    assert_eq!(teacher.form(&format!("{mine}/sign-in"), "minutes=60").status, 303);
    let known = school.ask(&[device(0), device(1)]);
    assert_eq!(known[&device(0)], (Some(one.parse().expect("an id")), Known::Class));
    assert_eq!(known[&device(1)], (Some(two.parse().expect("an id")), Known::Class));
    assert_eq!(teacher.form(&format!("{mine}/sign-in"), "minutes=7").status, 400, "no lesson is so long");
    for nobody in ["pupil", "parent", "governor", "it_technician"] {
        assert_eq!(school.browser(nobody).get(&mine).status, 404, "{nobody}");
    }
}
