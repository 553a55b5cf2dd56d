//! On each school day letters remind whoever has something to sign, as often as the school has set.

use ledger::jobs::Failure;
use ledger::{Act, Origin, by_program, code};
use office::agreements::{self, Letters, Whom};
use office::people::Scope;
use tracing::info;

use super::Site;
use crate::live;

const UNREAD: Failure = Failure::passing("who is to sign cannot be read from the records");
const UNSENT: Failure = Failure::passing("letters that remind people to sign cannot be put into the outbox");
pub(super) const NOWHERE: Failure = Failure::lasting(
    "letters that remind people to sign must say where, so set public_url to how people reach the console; for how many something is to be signed",
);

pub(super) async fn run(site: Site) -> Result<(), Failure> {
    let in_force = site.live.in_force();
    let (config, now) = (&in_force.config, site.clock.now());
    let is_demo = matches!(site.live.origin(), live::Origin::Demo(_));
    // Letters that wait for a mail server would all leave on the day on which there is one.
    if config.mail.server.is_none() && !is_demo {
        return Ok(());
    }
    let today = crate::controls::today(&in_force, now.timestamp()).map_err(|_| UNREAD)?;
    let (ledger, organisation) = (site.protected.ledger(), site.protected.organisation());
    // An address of this machine alone leads nobody to it.
    let is_reached = config.public_url.is_some() || is_demo || !config.console.listen.ip().is_loopback();
    let Some(console) = config.console_address().filter(|_| is_reached) else {
        let counted = agreements::counted(ledger.reader(), Scope::of(organisation), today).await.map_err(|_| UNREAD)?;
        let open: usize = counted.iter().map(|signed| signed.unsigned + signed.grace).sum();
        return if open == 0 { Ok(()) } else { Err(NOWHERE.numbered(i64::try_from(open).unwrap_or(i64::MAX))) };
    };
    let school_days = |day, days| config.pupils.after(day, days);
    let how = Letters { key: &site.key, school: &config.school, console: &console, school_days: &school_days };
    let act = Act { purpose: code!("agreements"), ..by_program(organisation, now, Origin::Job) };
    let done = agreements::remind(ledger, &act, how, Whom::Due, today).await.map_err(|_| UNSENT)?;
    if done.letters > 0 {
        info!(letters = done.letters, people = done.people, "whoever has something to sign is reminded");
    }
    Ok(())
}
