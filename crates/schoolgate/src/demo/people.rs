//! People of the invented school as whom one may look round, one for each role. Their passwords are told to everybody, and open nothing
//! else.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Context as _, Result, bail};
use calendar::{Date, Instant};
use jiff::tz::TimeZone;
use ledger::keys::{Access, Cost, HolderName, KeysError, Passphrase, Standing};
use ledger::{Act, Origin, by_program};
use office::demo::DemoSchool;
use office::gate::Class;
use office::people::{Role, SecondFactor};
use office::signin::pupil::{Pictures, Way};
use office::signin::{Attempt, Outcome, Seed, SignIns, Token, account};
use office::web::{Office, Visit, Visitor};
use zeroize::Zeroizing;

/// Everybody's password.
const PASSWORD: &str = "lantern kettle moss";
/// The passphrase of its keys.
const KEYS: &str = "lantern kettle moss heron";

/// The classes whose children sign in with pictures.
const YOUNG: [&str; 3] = ["R Robins", "1 Wrens", "2 Larks"];
/// Every child's: sun, cat, boat, apple.
const PICTURES: [u8; Pictures::LENGTH] = [0, 1, 2, 3];

/// As whom one may look round.
pub fn visitors() -> Vec<Visitor> {
    let visitor = |role: &Role| Visitor { title: role.title().to_owned(), user_name: role.as_str().to_owned() };
    Role::ALL.iter().map(visitor).collect()
}

/// What whoever presses a button would have typed. A code is good once, so the next one is taken where that of now has been given out.
pub fn visit(user_name: &str, now: Instant) -> Option<Visit> {
    static GIVEN: [AtomicI64; Role::ALL.len()] = [const { AtomicI64::new(0) }; Role::ALL.len()];
    let (at, role) = Role::ALL.iter().enumerate().find(|(_, role)| role.as_str() == user_name)?;
    let step = now.micros() / 1_000_000 / 30;
    let next = |given: i64| step.max(given + 1).min(step + 1);
    let given = GIVEN.get(at)?.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |given| Some(next(given))).ok()?;
    let code = seed(*role).map(|seed| seed.code(now, next(given) - step)).unwrap_or_default();
    Some(Visit { password: PASSWORD.to_owned(), code, role: *role })
}

/// Fills the school and makes an account for somebody in each role. What an earlier start had begun and not ended is ended.
///
/// # Errors
/// Where the records refuse, or hold other people.
pub async fn people(office: &Office, now: Instant) -> Result<()> {
    let (ledger, organisation) = (&office.ledger, office.organisation);
    let school = match office::demo::find(ledger, organisation, None).await? {
        Some(school) => school,
        None => office::demo::fill(ledger, organisation, None, now).await?,
    };
    office::demo::sign(ledger, organisation, &school, now).await?;
    office::demo::understanding(ledger, organisation, &school, now).await?;
    office::demo::permissions(ledger, &office.keys, organisation, &school, now).await?;
    let by_machine = || by_program(organisation, now, Origin::Command);
    if unlock(office, by_machine()).await? {
        office::demo::protect(ledger, &office.keys, organisation, &school, now).await?;
    }
    for (role, person) in school.roles() {
        let link = match account(ledger.reader(), organisation, person).await? {
            None => {
                office.sign_ins.make(by_machine(), person, &role.as_str().parse().context("naming somebody of the demonstration")?).await?
            }
            Some(account) if account.has_password && (account.has_second_factor || seed(role).is_none()) => continue,
            Some(_) => office.sign_ins.reset(by_machine(), person).await?,
        };
        accept(&office.sign_ins, role, &link, now).await?;
    }
    for name in YOUNG {
        children(office, &school, name, now).await?;
    }
    Ok(())
}

/// Lets a class sign in with pictures, the same ones for everybody.
async fn children(office: &Office, school: &DemoSchool, name: &str, now: Instant) -> Result<()> {
    let group = school.class(name).context("finding a class of the demonstration")?;
    if office.sign_ins.class_door(group).await?.is_some() {
        return Ok(());
    }
    let today = Date::try_from(now.timestamp().to_zoned(TimeZone::UTC).date())?;
    let class = Class::on(&office.ledger, office.scope(), group, today).await?;
    let act = || by_program(office.organisation, now, Origin::Command);
    let given: Vec<_> = class.pupils.iter().map(|person| (*person, Pictures::invented(PICTURES))).collect();
    office.sign_ins.set_pictures(act(), group, &class.pupils, &given).await?;
    office.sign_ins.open_class(act(), group, Way::Pictures).await?;
    Ok(())
}

/// Makes keys, if there are none, and unlocks: what is protected in an invented school may be looked at by everybody who may see it there.
/// False where somebody has changed the passphrase; it stays locked then.
async fn unlock(office: &Office, act: Act) -> Result<bool> {
    let holder = || HolderName::parse("headteacher").context("naming who holds the keys of the demonstration");
    let words = || Passphrase::new(Zeroizing::new(KEYS.to_owned())).context("the passphrase of the demonstration");
    if office.keys.standing() == Standing::NotMade {
        let sheets = [HolderName::parse("headteacher")?, HolderName::parse("dsl")?, HolderName::parse("governors")?];
        // The sheets are for nobody: the passphrase is told to everybody.
        let _sheets = office.keys.make(&office.ledger, act.clone(), vec![(holder()?, words()?)], sheets, Cost::LEAST).await?;
    }
    match office.keys.unlock(&office.ledger, act, Access::Passphrase(holder()?, words()?)).await {
        Ok(()) => Ok(true),
        Err(KeysError::Ring(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// What their telephone holds, if their role needs one.
fn seed(role: Role) -> Option<Seed> {
    let mut bytes = [b'.'; 20];
    bytes.iter_mut().zip(role.as_str().bytes()).for_each(|(byte, letter)| *byte = letter);
    (role.second_factor() == SecondFactor::Needed).then(|| Seed::invented(&bytes).ok())?
}

/// Does what a person does who has been given a link.
async fn accept(sign_ins: &SignIns, role: Role, link: &Token, now: Instant) -> Result<()> {
    let password = || Zeroizing::new(PASSWORD.to_owned());
    let from = Ipv4Addr::LOCALHOST.into();
    sign_ins.choose(link, password(), from, now).await?.context("choosing the password of the demonstration")?;
    let Some(seed) = seed(role) else { return Ok(()) };
    let attempt = Attempt { name: role.as_str(), password: password(), code: "", from, device: None };
    let Outcome::In { session, .. } = sign_ins.sign_in(attempt, now).await? else {
        bail!("signing in as somebody of the demonstration: it was refused");
    };
    // With the code of half a minute ago, so that the one of now is still good.
    let (_, session) = sign_ins.turn_on(&session, &seed, &seed.code(now, -1), from, now).await?;
    sign_ins.sign_out(&session, from, now).await?;
    Ok(())
}
