//! What stands behind the pages, given by the binary.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use calendar::{Date, Instant};
use ids::{OrganisationId, RecordId};
use ledger::Ledger;
use ledger::keys::{Keys, KeysError, RecordTexts, SealedText};
use ledger::outbox::OutboxKey;
use presence::Presence;

use super::{Caller, Content, Front, Kept};
use crate::access::Policies;
use crate::agreements::Access;
use crate::gate::Class;
use crate::people::import::Imports;
use crate::people::{PeopleError, Role, Scope};
use crate::signin::SignIns;

/// What the binary gives to the pages.
pub trait House: Front {
    /// The records and who is signed in, once the records are open.
    ///
    /// # Errors
    /// Why not, for a person.
    fn office(&self) -> Result<Arc<Office>, String>;
    /// Who is at which device.
    fn presence(&self) -> &Presence;
    /// Whether a device has an address of the school's own network: children, cards and guests are for those alone.
    fn is_of_school(&self, address: IpAddr) -> bool;
    /// Whether an address is of a network that the school keeps for guests, from which visitors come in alone.
    fn is_for_guests(&self, address: IpAddr) -> bool;
    /// When the school day ends that is going on; nothing outside of school hours, in which no card is good.
    fn day_ends(&self) -> Option<Instant>;
    /// The last of so many school days after a day: those of the week on which the school is open, without bank holidays.
    fn after_school_days(&self, day: Date, days: i64) -> Date;
    /// Text and path of each entry of the menu that the caller may open, in order.
    fn menu(&self, caller: &Caller) -> Vec<(&'static str, &'static str)>;
    /// The whole page: menu, who is signed in, banners, and the content.
    fn page(&self, content: &dyn Content, caller: Option<&Caller>) -> String;
    /// How people reach the console: `https://school.example`, without a slash at the end.
    fn address(&self) -> String;
    /// Whether letters leave: whether the school has said by which mail server.
    fn sends_mail(&self) -> bool;
    /// Invented people as whom one may sign in with one press. None but in the demonstration.
    fn visitors(&self) -> Vec<Visitor> {
        Vec::new()
    }
    /// What whoever presses such a button would have typed, at this moment.
    fn visit(&self, _user_name: &str) -> Option<Visit> {
        None
    }
}

/// The house, as handlers get it.
pub type Shared = Arc<dyn House>;

/// The records, and what decides who may do what with them.
#[expect(missing_debug_implementations, reason = "it holds keys")]
pub struct Office {
    /// The records.
    pub ledger: Ledger,
    /// Whose.
    pub organisation: OrganisationId,
    /// What opens protected text.
    pub keys: Keys,
    /// Accounts and sessions.
    pub sign_ins: SignIns,
    /// Under what letters wait.
    pub outbox: OutboxKey,
    /// The rules.
    pub policies: Policies,
    /// Files of people that somebody has given, and how far one is that is taken in.
    pub imports: Imports,
    /// The classes with those who are in them on a day.
    pub classes: Kept<Date, Vec<Class>>,
    /// How the agreements of everybody here stand on a day.
    pub stands: Kept<Date, Vec<Access>>,
}

/// From where a request comes: an extension of each request, put there by the server.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// An invented person of the demonstration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// Who it is: `Headteacher`.
    pub title: String,
    /// Their user name.
    pub user_name: String,
}

/// What whoever presses the button of an invented person would have typed.
#[expect(missing_debug_implementations, reason = "it holds a password")]
pub struct Visit {
    /// Their password.
    pub password: String,
    /// The code of this half minute; empty where they have none.
    pub code: String,
    /// In which role they act.
    pub role: Role,
}

// === impl Office ===

impl Office {
    /// All people of the organisation.
    pub const fn scope(&self) -> Scope {
        Scope { organisation: self.organisation, site: None }
    }

    /// What opens the texts of records; nothing as long as nobody has unlocked, which a page says then.
    ///
    /// # Errors
    /// Where the database refuses, or a key was changed.
    pub(crate) async fn texts(&self, records: &[RecordId]) -> Result<Option<HashMap<RecordId, RecordTexts>>, PeopleError> {
        match self.keys.texts(self.ledger.reader(), records).await {
            Ok(texts) => Ok(Some(texts)),
            Err(KeysError::Locked | KeysError::NotMade) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// What a sealed text says, for a page. Of a record that was erased, that it was.
///
/// # Errors
/// Where it was changed or moved.
pub(crate) fn opened(texts: &RecordTexts, field: &str, sealed: &SealedText) -> Result<String, PeopleError> {
    match texts.open(field, sealed) {
        Ok(opened) => Ok(String::from_utf8_lossy(opened.as_bytes()).into_owned()),
        Err(KeysError::Erased) => Ok("(erased)".to_owned()),
        Err(error) => Err(error.into()),
    }
}
