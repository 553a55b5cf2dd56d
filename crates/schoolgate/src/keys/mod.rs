//! The records of this installation with their keys, and what can be ordered about keys: by a command that has the records to itself, or
//! over the control socket by one that asks the Schoolgate that is running.

mod order;

use std::path::Path;

use anyhow::{Context, Result};
use calendar::Instant;
use ids::OrganisationId;
use ledger::keys::{Access, Change, Code, Cost, HolderName, Keys, Passphrase, Standing};
use ledger::{Ledger, Origin, by_program};
use tracing::{info, warn};

pub use order::{Done, HolderReport, Order, Report, Secret, With};

use crate::config::Config;
use crate::data::DataFolder;
use crate::records;
use crate::secret_file::{self, Credentials};

/// Longest key file, in bytes.
const MAX_FILE: u64 = 1024;

/// The records of this installation, with their keys.
#[derive(Debug, Clone)]
pub struct Protected {
    ledger: Ledger,
    keys: Keys,
    organisation: OrganisationId,
}

// === impl Protected ===

impl Protected {
    /// Opens the records for this process alone, locked. Makes them, and the organisation, if there are none.
    ///
    /// # Errors
    /// Where another process has them, or the database cannot be opened.
    pub async fn open(config: &Config, data: &DataFolder, now: Instant) -> Result<Self> {
        let (ledger, organisation) = records::open(config, data, now).await?;
        let keys = Keys::open(&ledger, by_program(organisation, now, Origin::Job)).await?;
        Ok(Self { ledger, keys, organisation })
    }

    /// Unlocks with the key file that the configuration names. What goes wrong is logged, and it stays locked: the gate must not stand
    /// still for it.
    pub async fn unlock_by_file(&self, config: &Config, credentials: &Credentials, now: Instant) {
        let Some(path) = &config.records.key_file else { return };
        let unlocked = async {
            let code = read_key_file(path, credentials)?;
            Ok::<_, anyhow::Error>(self.keys.unlock(&self.ledger, self.act(now, Origin::Job), Access::KeyFile(code)).await?)
        };
        match unlocked.await {
            Ok(()) => info!("the key file unlocked protected text"),
            Err(error) => warn!(error = format!("{error:#}"), "the key file does not unlock; protected text stays locked"),
        }
    }

    /// The records themselves.
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Whose they are.
    pub const fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// What opens what is protected in them.
    pub const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// How things stand.
    pub fn standing(&self) -> Standing {
        self.keys.standing()
    }

    /// Does what was ordered. The text of an error is for the person who gave the order.
    ///
    /// # Errors
    /// Says what is wrong, what still holds and what to do.
    pub async fn carry_out(&self, order: Order, now: Instant) -> Result<Done, String> {
        self.obey(order, now).await.map_err(|error| {
            warn!("an order about keys was refused");
            let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
            causes.join(": ")
        })
    }

    /// Closes the records.
    ///
    /// # Errors
    /// Where the database refuses; nothing is lost then either.
    pub async fn close(self) -> Result<()> {
        Ok(self.ledger.close().await?)
    }

    async fn obey(&self, order: Order, now: Instant) -> Result<Done> {
        let (ledger, keys, act) = (&self.ledger, &self.keys, self.act(now, Origin::Command));
        match order {
            Order::Status => return Ok(Done::Report(self.report())),
            Order::Make { holders, sheets } => {
                let holders = holders.into_iter().map(|(name, words)| Ok((holder(&name)?, passphrase(words)?)));
                let holders = holders.collect::<Result<Vec<_>>>()?;
                let [one, two, three] = &sheets;
                let sheets = [holder(one)?, holder(two)?, holder(three)?];
                return Ok(Done::sheets(keys.make(ledger, act, holders, sheets, Cost::STANDARD).await?));
            }
            Order::Unlock { with } => keys.unlock(ledger, act, access(with)?).await?,
            Order::Lock => keys.lock(ledger, act).await?,
            Order::Holder { with, name, words } => {
                let (name, words) = (holder(&name)?, passphrase(words)?);
                keys.set_passphrase(ledger, act, access(with)?, name, words, Cost::STANDARD).await?;
            }
            Order::KeyFile { with, name } => {
                let code = keys.make_key_file(ledger, act, access(with)?, &holder(&name)?).await?;
                return Ok(Done::KeyFile(Secret(code.text())));
            }
            Order::Rotate { with, leaving, new_sheets } => {
                let leaving = leaving.iter().map(|name| holder(name)).collect::<Result<Vec<_>>>()?;
                let sheets = if new_sheets { Change::NewSheets } else { Change::KeepSheets };
                if let Some(sheets) = keys.rotate(ledger, act, access(with)?, &leaving, sheets).await? {
                    return Ok(Done::sheets(sheets));
                }
            }
        }
        Ok(Done::Report(self.report()))
    }

    fn report(&self) -> Report {
        Report::of(self.keys.standing(), self.keys.ring().as_ref())
    }

    const fn act(&self, now: Instant, origin: Origin) -> ledger::Act {
        by_program(self.organisation, now, origin)
    }
}

/// How things stand where no Schoolgate is running, without taking the records from one that starts.
///
/// # Errors
/// Where the database cannot be read.
pub async fn report_of_stopped(config: &Config, data: &DataFolder) -> Result<Report> {
    let Some(reader) = records::read(config, data).await? else { return Ok(Report::of(Standing::NotMade, None)) };
    let ring = match ledger::organisation_of(&reader).await? {
        Some(organisation) => ledger::keys::ring_of(&reader, organisation).await?,
        None => None,
    };
    Ok(Report::of(if ring.is_some() { Standing::Locked } else { Standing::NotMade }, ring.as_ref()))
}

/// Reads a key file.
///
/// # Errors
/// Where it cannot be read, others may read it, or it is none.
pub fn read_key_file(path: &Path, credentials: &Credentials) -> Result<Code> {
    let doing = || format!("reading the key file {}", path.display());
    let bytes = secret_file::read(path, MAX_FILE, credentials).map_err(|refused| refused.while_doing(doing))?;
    code(str::from_utf8(&bytes).with_context(doing)?).with_context(doing)
}

fn access(with: With) -> Result<Access> {
    Ok(match with {
        With::Passphrase { name, words } => Access::Passphrase(holder(&name)?, existing(words)?),
        With::KeyFile(text) => Access::KeyFile(code(&text.0)?),
        With::Sheets(one, other) => {
            Access::Sheets(code(&one.0).context("the first recovery code")?, code(&other.0).context("the second recovery code")?)
        }
    })
}

fn holder(name: &str) -> Result<HolderName> {
    HolderName::parse(name).with_context(|| format!("reading the name \"{}\"", name.escape_debug()))
}

fn passphrase(words: Secret) -> Result<Passphrase> {
    Passphrase::new(words.0).context("this passphrase cannot be taken")
}

/// One that cannot have been taken is wrong, and is told so in those words.
fn existing(words: Secret) -> Result<Passphrase> {
    Passphrase::new(words.0).context("the passphrase is wrong; nothing has changed, try again")
}

fn code(text: &str) -> Result<Code> {
    Code::parse(text).context("reading a code")
}
