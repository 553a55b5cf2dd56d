//! A school for one test, on either database.

use std::path::PathBuf;

use calendar::{Date, Instant};
use ids::{OrganisationId, PersonId};
use ledger::keys::{Access, Cost, HolderName, Keys, Passphrase};
use ledger::{Act, Actor, Ledger, Origin, Place, Unit, code, store};
use office::people::{self, Details, Membership, Scope, Short};
use tempfile::TempDir;
use testkit::postgres::Database;
use zeroize::Zeroizing;

/// Writes a test once and runs it on both databases.
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($school:ident) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn test($school: crate::world::School) $body

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                test(crate::world::School::on_sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                test(crate::world::School::on_postgres().await).await;
            }
        }
    )+};
}
pub(crate) use on_both;

const HEAD: &str = "correct zebra lantern quay";

/// A school with keys, locked.
pub(crate) struct School {
    pub(crate) ledger: Ledger,
    pub(crate) keys: Keys,
    folder: TempDir,
    _postgres: Option<Database>,
}

// === impl School ===

impl School {
    pub(crate) async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::in_folder(folder.path());
        Self::open(folder, &place, None).await
    }

    pub(crate) async fn on_postgres() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = Database::cloned("office", migrated).await.expect("a database");
        let place = Place::parse(database.url()).expect("its address");
        Self::open(folder, &place, Some(database)).await
    }

    async fn open(folder: TempDir, place: &Place, postgres: Option<Database>) -> Self {
        let ledger = Ledger::open(folder.path(), place, morning()).await.expect("the records open");
        let mut unit = ledger.begin(act(&HEADTEACHER)).await.expect("a unit");
        store::make_organisation(&mut unit, "Hill School").await.expect("the school");
        unit.commit().await.expect("committed");
        let keys = Keys::open(&ledger, act(&HEADTEACHER)).await.expect("no keys yet");
        let name = |text: &str| HolderName::parse(text).expect("a name");
        let sheets = ["head", "dsl", "dpo"].map(name);
        keys.make(&ledger, act(&HEADTEACHER), vec![(name("head"), passphrase())], sheets, Cost::LEAST).await.expect("keys");
        Self { ledger, keys, folder, _postgres: postgres }
    }

    pub(crate) async fn unlock(&self) {
        let with = Access::Passphrase(HolderName::parse("head").expect("a name"), passphrase());
        self.keys.unlock(&self.ledger, act(&HEADTEACHER), with).await.expect("unlocked");
    }

    /// A unit of the headteacher's.
    pub(crate) async fn unit(&self) -> Unit {
        self.ledger.begin(act(&HEADTEACHER)).await.expect("a unit")
    }

    /// Adds somebody.
    pub(crate) async fn add(&self, name: &str, membership: Membership) -> PersonId {
        let mut unit = self.unit().await;
        let id = people::add(&mut unit, &details(name, membership), day("2026-09-01")).await.expect("added");
        unit.commit().await.expect("committed");
        id
    }

    /// A person as they are now.
    pub(crate) async fn person(&self, id: PersonId) -> people::Person {
        people::person(self.ledger.reader(), scope(), id).await.expect("read").expect("somebody")
    }

    /// Every byte of every file in the data folder, to look for what must not be there.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let files: Vec<PathBuf> =
            std::fs::read_dir(self.folder.path()).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
        files.iter().filter(|path| path.is_file()).flat_map(|path| std::fs::read(path).expect("a file")).collect()
    }
}

/// Fills the template that the others copy.
async fn migrated(url: &str) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    Ledger::open(folder.path(), &Place::parse(url)?, morning()).await?.close().await?;
    Ok(())
}

fn passphrase() -> Passphrase {
    Passphrase::new(Zeroizing::new(HEAD.to_owned())).expect("a passphrase")
}

/// Who acts, as which role.
pub(crate) type Who = (&'static str, ledger::Code);
/// The head.
pub(crate) const HEADTEACHER: Who = ("Mx Teasel", code!("headteacher"));

pub(crate) fn act(who: &Who) -> Act {
    Act {
        organisation: OrganisationId::named("Hill School"),
        site: None,
        actor: Actor::Person(PersonId::named(who.0)),
        role: who.1,
        on_behalf_of: None,
        purpose: code!("people"),
        at: morning(),
        origin: Origin::Address([192, 0, 2, 7].into()),
    }
}

pub(crate) fn scope() -> Scope {
    Scope::of(OrganisationId::named("Hill School"))
}

/// "Given Family".
pub(crate) fn details(name: &str, membership: Membership) -> Details {
    let (given, family) = name.split_once(' ').expect("two names");
    Details::new(short(given), short(family), membership)
}

pub(crate) fn short(text: &str) -> Short {
    Short::parse(text).expect("a short text")
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

/// 2026-11-24T09:00:00Z.
pub(crate) fn morning() -> Instant {
    "2026-11-24T09:00:00Z".parse().expect("a moment")
}
