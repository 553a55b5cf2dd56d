//! A school with its records, and people who sign in.

use std::net::IpAddr;

use calendar::{Instant, SettableClock};
use ids::{OrganisationId, PersonId};
use jiff::SignedDuration;
use ledger::{Act, Actor, Ledger, Origin, Place, code, store};
use office::signin::{Attempt, Cost, Device, MachineKey, Outcome, Seed, SignIns, Token};
use tempfile::TempDir;
use testkit::postgres::Database;
use zeroize::Zeroizing;

/// Writes a test once and runs it on both databases.
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($world:ident) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn test($world: crate::world::World) $body

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                test(crate::world::World::on_sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                test(crate::world::World::on_postgres().await).await;
            }
        }
    )+};
}
pub(crate) use on_both;

pub(crate) const PASSWORD: &str = "lantern kettle moss";

/// A school.
pub(crate) struct World {
    pub(crate) signins: SignIns,
    pub(crate) ledger: Ledger,
    pub(crate) clock: SettableClock,
    folder: TempDir,
    /// Dropped with the world. None on SQLite.
    _postgres: Option<Database>,
}

// === impl World ===

impl World {
    pub(crate) async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::in_folder(folder.path());
        Self::at(folder, &place, None).await
    }

    pub(crate) async fn on_postgres() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let database = Database::cloned("signin", migrated).await.expect("a database");
        let place = Place::parse(database.url()).expect("its address");
        Self::at(folder, &place, Some(database)).await
    }

    async fn at(folder: TempDir, place: &Place, postgres: Option<Database>) -> Self {
        let ledger = Ledger::open(folder.path(), place, morning()).await.expect("the records open");
        let mut unit = ledger.begin(act("Head")).await.expect("a unit");
        store::make_organisation(&mut unit, "Hill School").await.expect("the school");
        unit.commit().await.expect("committed");
        let signins = SignIns::new(&ledger, school(), MachineKey::new(&[7; 32]), Cost::LEAST);
        Self { signins, ledger, clock: SettableClock::at(morning()), folder, _postgres: postgres }
    }

    /// The same records in a new process: nobody is signed in. With another key if `key` is not 7.
    pub(crate) fn again(&self, key: u8) -> SignIns {
        SignIns::new(&self.ledger, school(), MachineKey::new(&[key; 32]), Cost::LEAST)
    }

    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub(crate) fn now(&self) -> Instant {
        self.clock.now()
    }

    pub(crate) fn later(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds)).expect("in range");
    }

    /// Makes an account for the person called `name`, who chooses [`PASSWORD`].
    pub(crate) async fn make(&self, name: &str) {
        let link = self.signins.make(act("Head"), person(name), &name.parse().expect("a name")).await.expect("made");
        self.choose(&link, PASSWORD).await;
    }

    pub(crate) async fn choose(&self, link: &Token, password: &str) {
        let chosen = self.signins.choose(link, Zeroizing::new(password.to_owned()), home(), self.now()).await;
        chosen.expect("the link is good").expect("the password is good");
    }

    /// Turns on the second factor of somebody who has just signed in.
    pub(crate) async fn turn_on(&self, session: &Token) -> (Seed, Vec<String>, Token) {
        let seed = Seed::random().expect("chance");
        let code = code_of(&seed, self.now());
        let (codes, session) = self.signins.turn_on(session, &seed, &code, home(), self.now()).await.expect("turned on");
        (seed, codes.expose().to_vec(), session)
    }

    pub(crate) async fn try_in(&self, name: &str, password: &str, code: &str, from: IpAddr, device: Option<&Device>) -> Outcome {
        let attempt = Attempt { name, password: Zeroizing::new(password.to_owned()), code, from, device };
        self.signins.sign_in(attempt, self.now()).await.expect("judged")
    }

    /// Signs in from home with the right password.
    pub(crate) async fn sign_in(&self, name: &str, code: &str) -> Outcome {
        self.try_in(name, PASSWORD, code, home(), None).await
    }

    /// How many entries of the trail say `action`.
    pub(crate) async fn entries(&self, action: &str) -> i64 {
        let sql = format!("SELECT count(*) FROM audit_entry WHERE action = '{action}'");
        crate::store::number(&self.ledger, &sql).await
    }
}

/// Fills the template that the others copy.
async fn migrated(url: &str) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    Ledger::open(folder.path(), &Place::parse(url)?, morning()).await?.close().await?;
    Ok(())
}

pub(crate) fn school() -> OrganisationId {
    OrganisationId::named("Hill School")
}

pub(crate) fn person(name: &str) -> PersonId {
    PersonId::named(name)
}

pub(crate) fn act(name: &str) -> Act {
    Act {
        organisation: school(),
        site: None,
        actor: Actor::Person(person(name)),
        role: code!("headteacher"),
        on_behalf_of: None,
        purpose: code!("operation"),
        at: morning(),
        origin: Origin::Address(home()),
    }
}

pub(crate) fn home() -> IpAddr {
    [192, 0, 2, 7].into()
}

/// 2026-11-24T09:00:00Z.
pub(crate) fn morning() -> Instant {
    Instant::from_micros(1_795_510_800_000_000).expect("a moment")
}

/// What a telephone shows at that moment, made from what is typed into it.
pub(crate) fn code_of(seed: &Seed, at: Instant) -> String {
    let secret = totp_rs::Secret::Encoded(seed.expose()).to_bytes().expect("base 32");
    let telephone = totp_rs::TOTP::new(totp_rs::Algorithm::SHA1, 6, 1, 30, secret).expect("a telephone");
    telephone.generate(u64::try_from(at.micros() / 1_000_000).expect("after 1970"))
}

/// The session of somebody who is in.
pub(crate) fn session(outcome: Outcome) -> Token {
    match outcome {
        Outcome::In { session, .. } => session,
        Outcome::Wrong => panic!("wrong"),
        Outcome::Wait { .. } => panic!("to wait"),
    }
}

pub(crate) fn is_wrong(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Wrong)
}

pub(crate) fn is_in(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::In { .. })
}

pub(crate) fn must_wait(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Wait { .. })
}
