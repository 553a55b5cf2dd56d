//! Permissions on pages: each reader sees what is theirs, and decides on nobody's own.

use office::people::Role;

use super::{Browser, Pages, hidden};
use crate::world::on_both;

const DAYS: &str = "from-day=24&from-month=11&from-year=2026&until-day=4&until-month=12&until-year=2026";

async fn asked(browser: &Browser<'_>, matter: &str, about: &str) -> String {
    let answer = browser.form("/permissions/new", &format!("matter={matter}&about={about}&promise=yes&{DAYS}")).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.to
}

fn yes(page: &str) -> String {
    format!("seen={}&answer=yes&until-day=3&until-month=12&until-year=2026&why=Only+there", hidden(page, "seen"))
}

on_both! {
    async fn a_teacher_asks_and_the_headteacher_decides(school) {
        let pages = Pages::of(school).await;
        let teacher = pages.signed_in(Role::Teacher).await;
        assert!(teacher.page("/permissions").await.contains("Nothing was asked for yet"));
        let choice = teacher.page("/permissions/new").await;
        assert!(choice.contains("Take personal data off site") && choice.contains("IT technician decides"), "{choice}");
        let form = teacher.page("/permissions/new?matter=off-site").await;
        assert!(form.contains("drive is encrypted") && form.contains("within 5 school days"), "{form}");
        let wrong = teacher.form("/permissions/new", "matter=off-site&about=&from-day=24&from-month=11&from-year=2026").await;
        assert_eq!(wrong.status, 422);
        for said in ["Say what it is about and what for", "Enter the last day for which you need it", "Tick the box to promise it"] {
            assert!(wrong.body.contains(said), "{said}: {}", wrong.body);
        }
        let one = asked(&teacher, "off-site", "Reading+records+%3Cb%3E").await;
        let own = teacher.page(&one).await;
        assert!(own.contains("Reading records &lt;b&gt;") && own.contains("Take the request back") && !own.contains("Keep the decision"), "{own}");
        assert_eq!(teacher.form(&format!("{one}/decide"), &yes(&own)).await.status, 404, "not one's own");

        let head = pages.signed_in(Role::Headteacher).await;
        assert!(head.page("/").await.contains("Somebody asks for a permission"));
        let page = head.page(&one).await;
        let none = head.form(&format!("{one}/decide"), &format!("seen={}", hidden(&page, "seen"))).await;
        assert!(none.status == 422 && none.body.contains("Choose whether it is allowed"), "{}", none.body);
        let no = head.form(&format!("{one}/decide"), &format!("seen={}&answer=no&why=", hidden(&page, "seen"))).await;
        assert!(no.status == 422 && no.body.contains("Say why not"), "{}", no.body);
        assert_eq!(head.form(&format!("{one}/decide"), &yes(&page)).await.status, 303);
        assert_eq!(head.form(&format!("{one}/decide"), &yes(&page)).await.status, 409, "sent twice");
        assert!(!head.page("/").await.contains("Somebody asks for a permission"));
        let held = teacher.page(&one).await;
        assert!(held.contains("Yes, by") && held.contains("3 December 2026") && held.contains("Only there"), "{held}");
        assert!(teacher.page("/").await.contains("What you took off site is to be back"));
        assert_eq!(teacher.form(&format!("{one}/end"), &format!("seen={}", hidden(&held, "seen"))).await.status, 303);
        assert!(teacher.page("/permissions").await.contains("Nothing is found") && teacher.page("/permissions?show=all").await.contains("Over"));
        let table = head.page("/permissions.csv?show=all").await;
        assert!(table.contains("Take personal data off site") && table.contains("Only there"), "{table}");
    }

    async fn each_decides_on_what_is_theirs(school) {
        let pages = Pages::of(school).await;
        let support = pages.signed_in(Role::SupportStaff).await;
        let install = asked(&support, "install", "A+magnifier").await;
        let using = asked(&support, "use", "The+hall").await;
        let remote = asked(&support, "remote", "Registers,+from+home").await;
        let device = asked(&support, "device", "My+tablet,+in+the+hall").await;
        let logs = asked(&support, "logs", "Those+of+Ivo+Rush").await;
        assert!(support.page(&logs).await.contains("Those of Ivo Rush"), "unlocked");
        let head = pages.signed_in(Role::Headteacher).await;
        let of_head = asked(&head, "use", "The+minibus+tablet").await;
        assert!(!head.page(&of_head).await.contains("Keep the decision"));

        let technician = pages.signed_in(Role::ItTechnician).await;
        let list = technician.page("/permissions").await;
        let lists = |one: &str| list.contains(&format!("href=\"{one}\""));
        assert!(lists(&install) && lists(&remote) && lists(&device) && !lists(&using) && !lists(&logs), "{list}");
        let machine = technician.page(&remote).await;
        assert!(machine.contains("virus protection that is up to date") && !machine.contains("Keep the decision"), "{machine}");
        assert!(technician.page(&device).await.contains("no pictures of pupils"));
        assert_eq!((technician.get(&using).await.status, technician.get(&logs).await.status), (404, 404));
        let page = technician.page(&install).await;
        assert_eq!(technician.form(&format!("{install}/decide"), &yes(&page)).await.status, 303);

        let dsl = pages.signed_in(Role::Dsl).await;
        assert_eq!((dsl.get(&using).await.status, dsl.get(&logs).await.status), (200, 404), "whose logs is for the head alone");
        let seen = dsl.page(&using).await;
        assert!(!seen.contains("Keep the decision"));
        assert_eq!(dsl.form(&format!("{using}/decide"), "seen=0&answer=yes").await.status, 404);
        assert_eq!(dsl.form(&format!("{using}/take-back"), "seen=0").await.status, 404);
        assert_eq!(dsl.form(&format!("{using}/end"), "seen=0").await.status, 404);

        let allowed = async |one: &str| {
            let page = head.page(one).await;
            assert_eq!(head.form(&format!("{one}/decide"), &yes(&page)).await.status, 303, "{one}");
        };
        for one in [&using, &remote, &device, &logs] {
            allowed(one).await;
        }
        let register = head.page("/permissions.csv").await;
        for what in ["Use school equipment", "Reach personal data", "Use a device of my own", "usage logs made"] {
            let line = register.lines().find(|line| line.contains(what) && line.contains("Only there")).unwrap_or_default();
            let kept = line.contains("Allowed") && line.contains("2026-11-24,2026-12-03") && line.contains("Wren Teasel");
            assert!(kept, "{what} with who decided and until when: {register}");
        }

        let chair = pages.signed_in(Role::ChairOfGovernors).await;
        assert_eq!(chair.get(&using).await.status, 404);
        let page = chair.page(&of_head).await;
        assert_eq!(chair.form(&format!("{of_head}/decide"), &yes(&page)).await.status, 303);
        let governor = pages.signed_in(Role::Governor).await;
        assert_eq!(governor.get(&of_head).await.status, 404);
        for outside in [Role::Parent, Role::Pupil] {
            assert_eq!(pages.signed_in(outside).await.get("/permissions").await.status, 404, "{outside:?}");
        }
    }
}
