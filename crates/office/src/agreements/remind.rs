//! Letters that remind people to sign. Each is put into the outbox by the unit that keeps that it went, and who gets one is asked within that
//! unit: whatever is killed, nobody has two on a day, and nobody has one who signed, left or was barred meanwhile.

use std::collections::HashSet;

use calendar::Date;
use ids::PersonId;
use ledger::outbox::{self, Line, Mail, Message};
use ledger::{Act, Ledger, code};

use super::reminder::{Letter, Letters, Reminding, Whom, is_due};
use super::store::{Access, Due, Plan, access, access_of_all, keep_reminded, plan};
use super::{AgreementsError, Reminded};
use crate::people::Scope;
use crate::settings::{self, AGREEMENT_GRACE, AGREEMENT_REMINDERS};

/// Shown on locked telephones.
const SUBJECT: &str = "Something from school waits for your signature";
/// So many letters in one unit, so that nobody waits long for their turn to write.
const AT_ONCE: usize = 100;

/// Writes to whoever is to sign, and says what came of it. Asked twice on a day, nobody has a second letter.
///
/// # Errors
/// [`LedgerError::Conflict`](ledger::LedgerError::Conflict) where somebody else did it at the same time, or where the database refuses: letters that left before are kept, and
/// the rest follows when it is asked again.
pub async fn remind(ledger: &Ledger, act: &Act, how: Letters<'_>, whom: Whom<'_>, today: Date) -> Result<Reminding, AgreementsError> {
    let (reader, scope) = (ledger.reader(), Scope::of(act.organisation));
    let settings = settings::read(reader, act.organisation).await?;
    let (every, grace) = (settings.value(&AGREEMENT_REMINDERS), settings.value(&AGREEMENT_GRACE));
    let by_calendar = |before: Option<Reminded>| is_due(before, every, today, how.school_days);
    let (all, due): (_, Due<'_>) = match whom {
        Whom::Due if every == 0 || (how.school_days)(today.yesterday(), 1) != today => return Ok(Reminding::default()),
        Whom::Due => (access(reader, scope, today).await?, &by_calendar),
        Whom::These(ids) => (access_of_all(reader, scope, ids, today).await?, &|_| true),
    };
    let Ok(subject) = Line::parse(SUBJECT) else { return Ok(Reminding::default()) };
    let Plan { letters, mut told, paper, answered, own } = plan(reader, scope, &all.iter().collect::<Vec<_>>(), grace, today, due).await?;
    let (mut people, mut left) = (HashSet::new(), 0);
    let addresses: Vec<(&String, &Letter)> = letters.iter().collect();
    for some in addresses.chunks(AT_ONCE) {
        let ids: HashSet<PersonId> = some.iter().flat_map(|(_, letter)| &letter.asks).map(|asking| asking.of).collect();
        let mut unit = ledger.begin(act.clone()).await?;
        let all = access_of_all(unit.connection(), scope, &ids.into_iter().collect::<Vec<_>>(), today).await?;
        let now = plan(unit.connection(), scope, &all.iter().collect::<Vec<&Access>>(), grace, today, due).await?;
        // Whoever else answers for these children has a letter with all that waits there, in its own turn.
        let letters: Vec<&Letter> = some.iter().filter_map(|(address, _)| now.letters.get(*address)).collect();
        if letters.is_empty() {
            continue;
        }
        for letter in &letters {
            let mail = Mail { to: letter.to.clone(), subject: subject.clone(), text: text(&how) };
            outbox::put(&unit, how.key, code!("agreements.reminder"), &Message::Mail(mail)).await?;
        }
        keep_reminded(&mut unit, &letters, today).await?;
        unit.commit().await?;
        left += letters.len();
        people.extend(letters.iter().flat_map(|letter| &letter.asks).map(|asking| asking.of));
    }
    told.retain(|person| !people.contains(person));
    Ok(Reminding { letters: left, people: people.len(), told: told.len(), paper: paper.len(), answered, own })
}

/// For whom of these something is to be signed, and nobody who could sign has an address that letters may go to.
///
/// # Errors
/// Where the database refuses.
pub async fn need_paper(ledger: &Ledger, scope: Scope, all: &[Access], today: Date) -> Result<HashSet<PersonId>, AgreementsError> {
    let grace = settings::read(ledger.reader(), scope.organisation).await?.value(&AGREEMENT_GRACE);
    Ok(plan(ledger.reader(), scope, &all.iter().collect::<Vec<_>>(), grace, today, &|_| true).await?.paper)
}

/// It says that there is something and where, and no more: neither for whom nor what, since it may lie in any letter box.
fn text(how: &Letters<'_>) -> String {
    format!(
        "Something from {} waits for your signature.\n\n\
         Sign in at {}/my/agreements to read it, and answer there: yes or no. If you have no password, the page can send you a link.\n\n\
         If you have just answered, here or on paper, you need not do anything. If you would rather have paper, ask the school office.\n",
        how.school, how.console
    )
}
