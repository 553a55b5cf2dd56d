//! Each day the head of the audit trail is written down, outside the database: into a file, and to somebody by mail where the
//! configuration names one. Whoever exchanges or rewrites the database cannot take those back.

use ledger::audit::{self, Head};
use ledger::jobs::Failure;
use ledger::outbox::{self, Line, Mail, MailAddress, Message};
use ledger::{Change, Origin, Subject, by_program, code};
use tokio::task::spawn_blocking;

use super::Site;
use crate::records;

const UNREAD: Failure = Failure::passing("the head of the audit trail cannot be read from the records");
const UNWRITTEN: Failure = Failure::passing("the head of the audit trail cannot be added to its file");
const UNSENT: Failure = Failure::passing("the head of the audit trail cannot be put into the outbox");

pub(super) async fn run(site: Site) -> Result<(), Failure> {
    let in_force = site.live.in_force();
    let reader = site.protected.ledger().reader();
    let heads = audit::heads(reader, site.clock.now()).await.map_err(|_| UNREAD)?;
    if heads.is_empty() {
        return Ok(());
    }
    let (path, lines) = (records::heads_file(&in_force.config, site.live.data()), heads.clone());
    let written = spawn_blocking(move || audit::append(&path, &lines)).await;
    written.map_err(|_| UNWRITTEN)?.map_err(|error| match error.raw_os_error() {
        Some(number) => UNWRITTEN.numbered(number.into()),
        None => UNWRITTEN,
    })?;
    match &in_force.config.mail.heads_to {
        Some(to) => send(&site, to, &heads).await.map_err(|_| UNSENT),
        None => Ok(()),
    }
}

async fn send(site: &Site, to: &MailAddress, heads: &[Head]) -> anyhow::Result<()> {
    let text: String = heads.iter().map(|head| format!("{head}\n")).collect();
    let text = format!(
        "Please keep this message. It says how far the record of who did what had come today:\n\n{text}\n\
         You need not do anything with it. If somebody ever doubts that record, whoever looks after Schoolgate runs\n\
         `schoolgate audit verify --heads FILE` with this line in the file. It shows whether the record was exchanged or rewritten since.\n"
    );
    let mail = Mail { to: to.clone(), subject: Line::parse("Please keep: the state of the audit trail")?, text };
    let organisation = site.protected.organisation();
    let mut unit = site.protected.ledger().begin(by_program(organisation, site.clock.now(), Origin::Job)).await?;
    let id = outbox::put(&unit, &site.key, code!("audit.head"), &Message::Mail(mail)).await?;
    unit.record(&Change::new(Subject { kind: code!("message"), id }, code!("audit.head")))?;
    Ok(unit.commit().await?)
}
