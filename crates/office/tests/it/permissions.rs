//! Permissions: somebody asks, somebody else decides, and what is sealed is read by nobody while it is locked.

use ids::RecordId;
use ledger::{LedgerError, code};
use office::control::Permitted;
use office::permissions::{self, Matter, NewPermission, Permission, PermissionsError, Standing};

use crate::world::{HEADTEACHER, School, Who, act, day, on_both, scope};

const TEACHER: Who = ("Ada Moss", code!("teacher"));
const TODAY: &str = "2026-11-24";

fn new<'a>(matter: Matter, about: &'a str, until: &str) -> NewPermission<'a> {
    NewPermission { matter, about, is_promised: true, from: day(TODAY), until: day(until), due: day("2026-12-01"), today: day(TODAY) }
}

async fn ask(school: &School, new: &NewPermission<'_>) -> Result<RecordId, PermissionsError> {
    let mut unit = school.ledger.begin(act(&TEACHER)).await.expect("a unit");
    let id = permissions::ask(&mut unit, &school.keys, new).await?;
    unit.commit().await.expect("committed");
    Ok(id)
}

async fn one(school: &School, id: RecordId) -> Permission {
    let all = permissions::permissions(school.ledger.reader(), scope().organisation).await.expect("read");
    all.into_iter().find(|permission| permission.id == id).expect("there")
}

async fn decide(school: &School, who: &Who, id: RecordId, until: Option<&str>, why: &str) -> Result<(), PermissionsError> {
    let seen = one(school, id).await;
    let mut unit = school.ledger.begin(act(who)).await.expect("a unit");
    permissions::decide(&mut unit, &seen, until.map(day), why, day(TODAY)).await?;
    unit.commit().await.expect("committed");
    Ok(())
}

async fn counted(school: &School, on: &str) -> Permitted {
    permissions::counted(school.ledger.reader(), scope().organisation, day(on)).await.expect("counted")
}

on_both! {
    async fn data_leaves_with_somebody_elses_leave_and_is_back_by_its_day(school) {
        school.unlock().await;
        let unpromised = NewPermission { is_promised: false, ..new(Matter::OffSite, "Reading records, on the laptop.", "2026-12-04") };
        assert!(matches!(ask(&school, &unpromised).await, Err(PermissionsError::NoPromise)), "the promise of encryption");
        for (about, until) in [("", "2026-12-04"), (&"x".repeat(1001), "2026-12-04")] {
            assert!(matches!(ask(&school, &new(Matter::OffSite, about, until)).await, Err(PermissionsError::NoText)));
        }
        for until in ["2026-11-23", "2027-11-26"] {
            assert!(matches!(ask(&school, &new(Matter::OffSite, "Records.", until)).await, Err(PermissionsError::Days)), "{until}");
        }
        let id = ask(&school, &new(Matter::OffSite, "Reading records, on the laptop.", "2026-12-04")).await.expect("asked");
        assert_eq!(counted(&school, TODAY).await, Permitted { all: 1, waiting: 1, off_site: 1, ..Permitted::default() });
        assert_eq!(counted(&school, "2026-12-02").await.late, 1, "nobody has answered");

        assert!(matches!(decide(&school, &TEACHER, id, Some("2026-12-04"), "").await, Err(PermissionsError::Own)), "one's own");
        assert!(matches!(decide(&school, &HEADTEACHER, id, None, " ").await, Err(PermissionsError::NoReason)));
        assert!(matches!(decide(&school, &HEADTEACHER, id, Some("2026-12-05"), "").await, Err(PermissionsError::Longer)));
        decide(&school, &HEADTEACHER, id, Some("2026-12-02"), "On the school laptop only.").await.expect("decided");
        let again = decide(&school, &HEADTEACHER, id, None, "No.").await;
        assert!(matches!(again, Err(PermissionsError::NotNow)), "decided once");
        let held = one(&school, id).await;
        assert_eq!((held.until, held.stands(day("2026-12-02"))), (day("2026-12-02"), Standing::Holds), "for a shorter time");
        assert_eq!(counted(&school, "2026-12-02").await, Permitted { all: 1, off_site: 1, away: 1, ..Permitted::default() });
        assert_eq!(counted(&school, "2026-12-03").await, Permitted { all: 1, off_site: 1, not_back: 1, ..Permitted::default() });

        let mut unit = school.ledger.begin(act(&TEACHER)).await.expect("a unit");
        permissions::end(&mut unit, &held, day("2026-12-03")).await.expect("back");
        unit.commit().await.expect("committed");
        assert_eq!(counted(&school, "2026-12-03").await, Permitted { all: 1, off_site: 1, ..Permitted::default() });
        let mut unit = school.ledger.begin(act(&TEACHER)).await.expect("a unit");
        let old = permissions::end(&mut unit, &held, day("2026-12-03")).await;
        assert!(matches!(old, Err(PermissionsError::Records(LedgerError::Conflict))), "an old page");
    }

    async fn whoever_asked_takes_it_back_and_nobody_else(school) {
        let id = ask(&school, &new(Matter::Use, "The kiln on Saturday.", "2026-12-04")).await.expect("asked");
        let seen = one(&school, id).await;
        let mut unit = school.ledger.begin(act(&HEADTEACHER)).await.expect("a unit");
        assert!(matches!(permissions::withdraw(&mut unit, &seen, day(TODAY)).await, Err(PermissionsError::NotThere)));
        drop(unit);
        let mut unit = school.ledger.begin(act(&TEACHER)).await.expect("a unit");
        permissions::withdraw(&mut unit, &seen, day(TODAY)).await.expect("taken back");
        unit.commit().await.expect("committed");
        assert_eq!(one(&school, id).await.stands(day(TODAY)), Standing::Withdrawn);
        assert!(matches!(decide(&school, &HEADTEACHER, id, Some("2026-12-04"), "").await, Err(PermissionsError::NotNow)));
    }

    async fn whose_logs_are_asked_for_is_sealed(school) {
        let asked = new(Matter::Logs, "Those of Ivo Rush, for the hearing.", "2026-12-04");
        let id = ask(&school, &asked).await.expect("asked while locked");
        let seen = one(&school, id).await;
        assert!(seen.about.is_none() && !format!("{seen:?}").contains("Rush"), "{seen:?}");
        let locked = permissions::text_of(school.ledger.reader(), &school.keys, &seen).await;
        assert!(matches!(locked, Err(PermissionsError::Keys(_))), "nobody has unlocked");
        school.unlock().await;
        let text = permissions::text_of(school.ledger.reader(), &school.keys, &seen).await.expect("unlocked").expect("there");
        assert_eq!(text.as_bytes(), "Those of Ivo Rush, for the hearing.".as_bytes());
    }
}
