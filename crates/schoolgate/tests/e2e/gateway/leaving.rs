//! Who has gone from a device is not judged there any more.

use event::Known;

use super::class::School;
use super::pupils::{BY_NOBODY, PICTURES, between, children, press};

#[test]
fn a_grown_up_who_signs_in_at_a_childs_tablet_is_not_judged_under_the_childs_name() {
    let school = School::start();
    let (_, code) = school.sign_ins(&school.browser("headteacher"), "1 Wrens");
    let child = school.tablet(0);
    let (ada, _) = children(&child, &code)[0].clone();
    for role in ["teacher", "parent"] {
        assert_eq!(press(&child, &code, ada, PICTURES).header("Location"), Some("/here"));
        assert_eq!(school.at(0), (Some(ada), Known::Own));
        assert_eq!(school.tablet(0).post("/sign-in", &format!("visitor={role}")).status, 303);
        assert_eq!(school.at(0), BY_NOBODY, "{role}");
        assert_eq!(child.get("/here").status, 303, "the child signs in anew");
    }
    // With a link from a letter too.
    assert_eq!(press(&child, &code, ada, PICTURES).header("Location"), Some("/here"));
    let parent = school.tablet(0);
    assert_eq!(parent.post("/parents", "email=tom.alder%40home.example").status, 200);
    let link = crate::doors::link_in(&school.gate.folder.join("data/letters"));
    assert_eq!(school.at(0), (Some(ada), Known::Own), "to ask for a letter is not to sign in");
    assert_eq!(parent.post(&link, "").header("Location"), Some("/"));
    assert_eq!(school.at(0), BY_NOBODY);
    // Of two pupils with passwords the later one has it.
    assert_eq!(press(&child, &code, ada, PICTURES).header("Location"), Some("/here"));
    let older = school.tablet(0).signed_in_as("pupil");
    let (who, how) = school.at(0);
    assert!(who.is_some_and(|who| who != ada) && how == Known::Own);
    assert_eq!(older.form("/sign-out", "").status, 303);
}

#[test]
fn whoever_signs_out_after_thirty_five_minutes_is_gone_from_the_device() {
    let school = School::start();
    let (_, code) = school.sign_ins(&school.browser("headteacher"), "1 Wrens");
    let teacher = school.browser("teacher");
    let pass = teacher.form("/guests", "given=Odd&family=Thrift&reason=visit&stay=morning").body;
    let pass = between(&pass, "sg-code\">", '<').expect("a code").replace(' ', "");
    let (child, guest, pupil) = (school.tablet(0), school.tablet(1), school.tablet(2).signed_in_as("pupil"));
    let (ada, _) = children(&child, &code)[0].clone();
    assert_eq!(press(&child, &code, ada, PICTURES).header("Location"), Some("/here"));
    assert_eq!(guest.post("/guest", &format!("code={pass}&accepted=yes")).header("Location"), Some("/here"));
    // They look at pages, and the console sees nothing of it.
    for minutes in [0, 12, 12, 11] {
        school.wait_minutes(minutes);
        assert!((0..3).all(|number| school.at(number).1 == Known::Own), "it is used");
    }
    assert_eq!((child.get("/here").status, guest.get("/here").status, pupil.get("/").status), (200, 200, 303), "a password runs out");
    let forged = "Host: evil.example\r\nOrigin: https://evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    assert_eq!(pupil.send(&format!("POST /sign-out HTTP/1.1\r\n{forged}")).status, 421);
    let forged = forged.replace("Host: evil.example", &format!("Host: {}", school.console));
    assert_eq!(pupil.send(&format!("POST /sign-out HTTP/1.1\r\n{forged}")).status, 403, "another site signs nobody out");
    assert_eq!(school.at(2).1, Known::Own);
    for (number, device) in [child, guest, pupil].iter().enumerate() {
        assert_eq!(device.form("/sign-out", "").status, 303);
        assert_eq!(school.at(number), BY_NOBODY, "device {number}");
    }
}

#[test]
fn a_pupil_whose_sign_in_is_taken_away_is_not_known_at_the_tablet_any_more() {
    let school = School::start();
    let head = school.browser("headteacher");
    let accounts = head.get("/accounts").body;
    let row = accounts.split("<tr").find(|row| row.contains(">pupil</th>")).expect("the pupil");
    let account = format!("/accounts/{}", between(row, "action=\"/accounts/", '/').expect("an id"));
    let (tablet, other) = (school.tablet(2), school.tablet(3).signed_in_as("pupil"));
    let known = || assert_eq!(school.at(2).1, Known::Own);
    let gone = |what: &str| assert_eq!(school.at(2), BY_NOBODY, "{what}");

    // By themselves, from another device.
    let tablet = tablet.signed_in_as("pupil");
    known();
    let page = other.get("/my/sign-in").body;
    let id = between(&page, "name=\"session\" value=\"", '"').expect("another session").to_owned();
    assert_eq!(other.form("/my/sessions/end", &format!("session={id}")).status, 303);
    gone("the session was ended");
    assert_eq!(tablet.get("/").status, 303);

    assert_eq!(tablet.post("/sign-in", "visitor=pupil").status, 303);
    known();
    assert_eq!(head.form(&format!("{account}/sign-out"), "").status, 303);
    gone("signed out everywhere");

    assert_eq!(tablet.post("/sign-in", "visitor=pupil").status, 303);
    known();
    let changed = other.sign_in("pupil", "lantern kettle moss", "");
    assert_eq!((changed.status, school.at(2)), (303, BY_NOBODY), "nobody sits at two devices");
    assert_eq!(tablet.post("/sign-in", "visitor=pupil").status, 303);
    known();
    let new = other.form("/my/password", "password=lantern+kettle+moss&new=nine+grey+herons+wade&again=nine+grey+herons+wade");
    assert_eq!(new.status, 303, "{}", new.body);
    gone("another password, chosen elsewhere");

    assert_eq!(tablet.sign_in("pupil", "nine grey herons wade", "").status, 303);
    known();
    let reset = head.form(&format!("{account}/reset"), "").body;
    gone("reset");
    let link = format!("/link/{}", between(&reset, "/link/", '<').and_then(|link| link.split('"').next()).expect("a link").trim());
    assert_eq!(tablet.post(&link, "new=five+brown+owls+hoot&again=five+brown+owls+hoot").status, 200);
    assert_eq!(tablet.sign_in("pupil", "five brown owls hoot", "").status, 303);
    known();
    assert_eq!(head.form(&format!("{account}/end"), "").status, 303);
    gone("the account has ended");
}
