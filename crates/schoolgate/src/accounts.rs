//! What whoever has the machine orders about accounts: the first two, and a new link for somebody whom nobody else can help.

use anyhow::{Context, Result, ensure};
use calendar::{Date, Instant};
use ledger::{Act, Origin, Unit, by_program};
use office::people::{self, Details, Membership, NewHolding, Role, Short};
use office::signin::{SignIns, Token, UserName, accounts};
use office::web::Office;
use serde::{Deserialize, Serialize};

/// What is ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// The first two accounts of a school: who leads it, and who looks after its machines.
    First {
        /// Name of the headteacher.
        head: String,
        /// Name of the technician.
        technician: String,
    },
    /// A new link for somebody who cannot sign in.
    Link {
        /// Their user name.
        user_name: String,
    },
}

/// A one-time link. It opens the account, so it is printed once and kept nowhere.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_debug_implementations, reason = "it opens an account")]
pub struct Link {
    /// For whom.
    pub user_name: String,
    /// The part of the address behind the console's.
    pub path: String,
}

/// Does what was ordered. The text of an error is for the person who gave the order.
///
/// # Errors
/// Says what is wrong and what to do.
pub async fn carry_out(office: &Office, order: Order, today: Date, now: Instant) -> Result<Vec<Link>, String> {
    obey(office, order, today, now).await.map_err(|error| error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": "))
}

async fn obey(office: &Office, order: Order, today: Date, now: Instant) -> Result<Vec<Link>> {
    let act = by_program(office.organisation, now, Origin::Command);
    match order {
        Order::First { head, technician } => first(office, act, &head, &technician, today).await,
        Order::Link { user_name } => {
            let name: UserName = user_name.parse()?;
            let person = office.sign_ins.person_called(&name).await?;
            let person = person.context("giving a new link: nobody has this user name, or their account has ended")?;
            Ok(vec![Link::of(&name, &office.sign_ins.reset(act, person).await?)])
        }
    }
}

/// Both in one unit: a school has both or neither.
async fn first(office: &Office, act: Act, head: &str, technician: &str, today: Date) -> Result<Vec<Link>> {
    let made = accounts(office.ledger.reader(), office.organisation).await?;
    ensure!(made.is_empty(), "making the first accounts: there are accounts already; whoever has one makes the others in the console");
    let mut unit = office.ledger.begin(act).await?;
    let head = somebody(&mut unit, head, Role::Headteacher, today).await?;
    let technician = somebody(&mut unit, technician, Role::ItTechnician, today).await?;
    ensure!(head.user_name != technician.user_name, "making the first accounts: the two must be two people");
    unit.commit().await?;
    Ok(vec![head, technician])
}

async fn somebody(unit: &mut Unit, name: &str, role: Role, today: Date) -> Result<Link> {
    let (given, family) = name.trim().rsplit_once(' ').context("making an account: give first name and family name")?;
    let short = |text: &str| Short::parse(text).with_context(|| "making an account: that cannot be a name");
    let details = Details::new(short(given)?, short(family)?, Membership::Staff);
    let person = people::add(unit, &details, today).await?;
    let duties = people::Duties { accountable: role == Role::Headteacher, lead: false, day_to_day: true };
    people::give_role(unit, &NewHolding { person, role, duties, authority: None, started: today, ended: None }).await?;
    let name = user_name(given, family, role)?;
    let link = SignIns::make_within(unit, person, &name).await?;
    Ok(Link::of(&name, &link))
}

/// `a.adeyemi`; where a name has no letters that may stand in one, the role.
fn user_name(given: &str, family: &str, role: Role) -> Result<UserName> {
    let plain = |text: &str| text.to_lowercase().chars().filter(char::is_ascii_lowercase).collect::<String>();
    let (given, family) = (plain(given), plain(family));
    let name = format!("{}.{family}", given.get(..1).unwrap_or_default());
    let role = role.as_str().replace('_', "-");
    let name = if given.is_empty() || family.is_empty() { role.clone() } else { name };
    Ok(name.parse().or_else(|_| role.parse())?)
}

// === impl Link ===

impl Link {
    fn of(name: &UserName, link: &Token) -> Self {
        Self { user_name: name.as_str().to_owned(), path: format!("/link/{}", link.expose()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_name_is_made_from_a_name_that_has_letters() {
        let check = |given, family, expected: &str| {
            assert_eq!(user_name(given, family, Role::ItTechnician).expect("a name").as_str(), expected);
        };
        check("Ada Maria", "Adeyemi", "a.adeyemi");
        check("Zoë", "O'Brien-Smith", "z.obriensmith");
        check("Лев", "Толстой", "it-technician");
    }
}
