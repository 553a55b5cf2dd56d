//! Letters with links, and what a link opens.

use std::collections::BTreeSet;
use std::net::IpAddr;

use calendar::{Date, Instant};
use ids::PersonId;
use jiff::SignedDuration;
use ledger::outbox::{self, Line, Mail, MailAddress, Message, OutboxKey};
use ledger::{Act, Origin, by_program, code};

use super::store;
use crate::people::{self, Email, Find, Held, Membership, Person, Scope, Standing};
use crate::signin::error::SignInError;
use crate::signin::service::{SignIns, Wrong};
use crate::signin::session::Signed;
use crate::signin::store::note;
use crate::signin::throttle::Buckets;
use crate::signin::token::{Hash, Token};

/// How long a link is good.
pub(super) const GOOD: SignedDuration = SignedDuration::from_mins(30);
/// The least time between two letters to one address: nobody fills another's letter box.
pub(super) const PAUSE: SignedDuration = SignedDuration::from_mins(5);
/// And how many go to one address in an hour.
pub(super) const IN_AN_HOUR: usize = 3;

/// Somebody asks for a letter.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "it holds an address")]
pub struct MailRequest<'a> {
    /// The address that was typed.
    pub email: &'a Email,
    /// How people reach the console, without a slash at the end.
    pub console: &'a str,
    /// The school's name.
    pub school: &'a str,
    /// From where.
    pub from: IpAddr,
}

// === impl SignIns ===

impl SignIns {
    /// Whether somebody may ask for a letter from there just now. Each one counts, whether or not the address is known.
    ///
    /// # Errors
    /// [`SignInError::Wait`] after too many.
    pub fn may_ask_for_mail(&self, from: IpAddr, now: Instant) -> Result<(), SignInError> {
        let begun = self.throttle.begin(Buckets::of_address("mailed link", &self.spot(from)), now);
        begun.map(drop).map_err(|until| SignInError::Wait { until })
    }

    /// Writes a letter with a link to whoever has this address and may have one; says to how many. Nobody who waits for an answer may be
    /// told, nor be able to tell from how long it takes.
    ///
    /// # Errors
    /// Where the records refuse.
    pub async fn mail_links(&self, request: MailRequest<'_>, key: &OutboxKey, now: Instant) -> Result<usize, SignInError> {
        let mut holders = Vec::new();
        for person in self.called(request.email, now).await? {
            if self.may_be_written_to(person.id, now).await? {
                holders.push(person);
            }
        }
        let Ok(to) = MailAddress::parse(request.email.as_str()) else { return Ok(0) };
        if holders.is_empty() {
            return Ok(0);
        }
        let act = Act { purpose: code!("sign-in"), ..by_program(self.organisation, now, Origin::Address(request.from)) };
        let mail = self.mail_mark(request.email)?;
        // One after the other, so that of many who ask at once the second finds the letter of the first.
        let _turn = self.mailing.lock().await;
        let mut unit = self.ledger.begin(act).await?;
        if rests(&store::letters_since(&unit, &mail, before(now, SignedDuration::from_hours(1))).await?, now) {
            return Ok(0);
        }
        let mut links = Vec::with_capacity(holders.len());
        for person in &holders {
            let token = store::add(&mut unit, person.id, &mail, now).await?;
            links.push((person.details.name(), format!("{}/parents/{}", request.console, token.expose())));
        }
        let subject = Line::parse("Your link to sign in").map_err(|_| SignInError::Chance)?;
        let mail = Mail { to, subject, text: letter(request.school, &links) };
        outbox::put(&unit, key, code!("sign-in.link"), &Message::Mail(mail)).await?;
        unit.commit().await?;
        Ok(holders.len())
    }

    /// Whether a link is good. It stays so.
    ///
    /// # Errors
    /// Where the records refuse.
    pub async fn is_good_mailed(&self, link: &Token, now: Instant) -> Result<bool, SignInError> {
        Ok(store::holder(self.ledger.reader(), self.organisation, link, now).await?.is_some())
    }

    /// Uses a link up and signs its holder in. Whether they may be written to, and at that address, is asked once more: somebody may have
    /// been barred meanwhile.
    ///
    /// # Errors
    /// [`SignInError::Link`] where it is used, has run out or never was; where the records refuse.
    pub async fn in_by_mail(&self, link: &Token, from: IpAddr, now: Instant) -> Result<Token, SignInError> {
        let buckets = Buckets::of_address("link", &self.spot(from));
        let number = self.throttle.begin(buckets, now).map_err(|until| SignInError::Wait { until })?;
        let holder = store::holder(self.ledger.reader(), self.organisation, link, now).await?;
        let Some((person, mail)) = holder else {
            drop(self.wrong(Wrong { whose: None, number, from }, now).await?);
            return Err(SignInError::Link);
        };
        if self.has_left(person, now).await? || !self.is_reached_at(person, &mail, now).await? {
            return Err(SignInError::Link);
        }
        let mut unit = self.ledger.begin(self.act(person, from, now)).await?;
        store::use_up(&unit, link, now).await?;
        note(&mut unit, person, code!("signed-in.mailed-link"))?;
        unit.commit().await?;
        self.throttle.was_right(buckets, now);
        self.sessions.begin_mailed(person, mail, from, now)
    }

    /// Whether a session goes on. One that began with a letter does as long as its holder would get that letter still: until the last child
    /// about whom the school may write to them is not theirs any more, they are barred, or have another address. All others do.
    ///
    /// # Errors
    /// Where the records refuse.
    pub async fn goes_on(&self, signed: &Signed, now: Instant) -> Result<bool, SignInError> {
        match signed.mail {
            Some(mail) => self.is_reached_at(signed.person, &mail, now).await,
            None => Ok(true),
        }
    }

    /// Whether a letter to that address would go to this adult today.
    async fn is_reached_at(&self, adult: PersonId, mail: &Hash, now: Instant) -> Result<bool, SignInError> {
        let person = people::person(self.ledger.reader(), Scope::of(self.organisation), adult).await?;
        let Some(email) = person.and_then(|person| person.details.email) else { return Ok(false) };
        Ok(self.mail_mark(&email)? == *mail && self.may_be_written_to(adult, now).await?)
    }

    /// By what a mail address is known again. It stands beside the links under the machine's key.
    fn mail_mark(&self, email: &Email) -> Result<Hash, SignInError> {
        self.key.mark("mail address", &[email.as_str().as_bytes()])
    }

    /// The parents who have this address. Two may share one.
    async fn called(&self, email: &Email, now: Instant) -> Result<Vec<Person>, SignInError> {
        let Some(today) = self.today(now) else { return Ok(Vec::new()) };
        let find = Find {
            words: email.as_str().to_owned(),
            membership: Some(Membership::Parent),
            state: Standing::Here(today),
            ..Find::default()
        };
        let mut found = people::all(self.ledger.reader(), Scope::of(self.organisation), &find).await?;
        found.retain(|person| person.details.email.as_ref() == Some(email));
        Ok(found)
    }

    /// Whether a message about some child may go to this adult today.
    async fn may_be_written_to(&self, adult: PersonId, now: Instant) -> Result<bool, SignInError> {
        let Some(today) = self.today(now) else { return Ok(false) };
        let children = people::children_of(self.ledger.reader(), Scope::of(self.organisation), adult).await?;
        Ok(children.iter().any(|relation| relation.holds(today) && relation.may_message == Held::Yes))
    }

    fn today(&self, now: Instant) -> Option<Date> {
        Date::try_from(now.timestamp().to_zoned(self.zone.clone()).date()).ok()
    }
}

/// Whether an address to which letters went at these moments of the last hour gets none now.
fn rests(letters: &BTreeSet<Instant>, now: Instant) -> bool {
    letters.len() >= IN_AN_HOUR || letters.last().is_some_and(|last| *last > before(now, PAUSE))
}

fn before(now: Instant, by: SignedDuration) -> Instant {
    now.checked_add(-by).unwrap_or(Instant::EPOCH)
}

fn letter(school: &str, links: &[(String, String)]) -> String {
    let list: String = match links {
        [(_, link)] => format!("{link}\n"),
        // One address for two parents: each has a link, and what they see may differ.
        several => several.iter().map(|(name, link)| format!("{name}: {link}\n")).collect(),
    };
    format!(
        "Somebody, most likely you, asked to sign in to {school}. This link signs you in:\n\n{list}\n\
         It works once, within half an hour. Do not pass it on. If you did not ask for it, you need not do anything.\n"
    )
}
