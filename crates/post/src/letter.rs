//! A letter as mail servers want it (RFC 5322).

use std::time::{Duration, SystemTime};

use calendar::Instant;
use ids::RecordId;
use ledger::jobs::Failure;
use ledger::outbox::{Mail, MailAddress};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};

use crate::Sender;

const NO_ADDRESS: Failure = Failure::lasting("its address is none that mail servers take");

/// In plain text, with an id that stays the same when it is handed over again.
pub(crate) fn of(sender: &Sender, mail: &Mail, id: RecordId, now: Instant) -> Result<Message, Failure> {
    let from = Mailbox::new(Some(sender.name.as_str().to_owned()), address(&sender.address)?);
    let message = Message::builder()
        .message_id(Some(format!("<{id}@{}>", from.email.domain())))
        .date(SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(now.micros()).unwrap_or(0)))
        .from(from)
        .to(Mailbox::new(None, address(&mail.to)?))
        .subject(mail.subject.as_str())
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
        .header(ContentType::TEXT_PLAIN);
    message.body(mail.text.clone()).map_err(|_| Failure::lasting("it cannot be put into the form of a letter"))
}

fn address(address: &MailAddress) -> Result<lettre::Address, Failure> {
    address.as_str().parse().map_err(|_| NO_ADDRESS)
}
