//! The ring: one organisation's key pair, with everything that can open its private half.
//!
//! Each holder has a pair of their own, whose private half comes out of the passphrase, the recovery code or the key file. The
//! organisation's private half is sealed to the public halves of holders, and to each two of the three sheets, one seal inside the
//! other. So a change of keys needs nobody but the one who unlocks, and sheets in a safe stay good.
//!
//! A message code made with the private half covers the whole ring: a holder that somebody slipped into the database is found out by
//! the next who unlocks, before anything is sealed to them.

mod form;
mod open;
#[cfg(test)]
mod tests;

use aws_lc_rs::{hmac, rand};
use ids::OrganisationId;

use super::code::{Code, CodeKind};
use super::context;
use super::error::KeyError;
use super::holder::HolderName;
use super::pair::{PrivateHalf, PublicHalf};
use super::passphrase::{Cost, Passphrase, SALT_LEN};
use super::read::Reader;
use super::secret::Secret;

const HOLDER: &str = "schoolgate v1 holder";
const RECOVERY: &str = "schoolgate v1 recovery";
const WHOLE: &str = "schoolgate v1 ring";
/// Each two of three, by their places.
const PAIRS: [(usize, usize); 3] = [(0, 1), (0, 2), (1, 2)];
/// Most holders of an organisation.
const MOST_HOLDERS: usize = 16;

/// A key pair and its holders. All of it may be seen by anybody: what is secret in it is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring {
    organisation: OrganisationId,
    version: u32,
    public: PublicHalf,
    holders: Vec<Holder>,
    sheets: [Sheet; 3],
    recovery: [Vec<u8>; 3],
    code: [u8; 32],
}

/// Somebody, or something, that opens alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    name: HolderName,
    lock: Lock,
    public: PublicHalf,
    sealed: Vec<u8>,
}

/// What a holder opens with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolderKind {
    /// A passphrase, typed by a person.
    Passphrase,
    /// A file, read at each start.
    KeyFile,
}

/// The three recovery codes, in the order of their sheets. They exist until this is dropped, and then on paper only.
#[expect(missing_debug_implementations, reason = "a secret is never shown, not even by its type's name in a log")]
pub struct Sheets(pub [(HolderName, Code); 3]);

/// What becomes of the sheets when keys change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Those in the safes stay good.
    KeepSheets,
    /// Those in the safes open nothing any more.
    NewSheets,
}

/// Why a ring does not open, or cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RingError {
    /// A key operation failed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Nobody of that name opens it this way.
    #[error("unlock as {name}: there is no such holder; there are: {known}")]
    NoHolder {
        /// The name that was given.
        name: HolderName,
        /// Those who could, with commas.
        known: String,
    },
    /// The passphrase is another.
    #[error("unlock as {name}: the passphrase is wrong; nothing has changed, try again")]
    WrongPassphrase {
        /// Who tried.
        name: HolderName,
    },
    /// The key file is of another organisation, or was replaced.
    #[error("unlock with the key file: it is not one of this organisation's holders; it may have been replaced")]
    WrongKeyFile,
    /// A code of another kind.
    #[error("recover: two of the three recovery sheets are needed; this is the code of something else")]
    NotASheet,
    /// Twice the same sheet.
    #[error("recover: sheet {number} was given twice; two different ones are needed")]
    SameSheet {
        /// Its number.
        number: u8,
    },
    /// A sheet of other keys.
    #[error("recover: sheet {number} is not the one in force; it is of another organisation, or new sheets were made since")]
    OldSheet {
        /// Its number.
        number: u8,
    },
    /// It opened, but is not as it was left.
    #[error(
        "the key ring does not hold together: it was changed by something other than Schoolgate; restore it from a backup, and find out who can write to the database"
    )]
    Altered,
    /// A name stands there twice, or there are too many holders or none.
    #[error("make the key ring: {0}")]
    Holders(&'static str),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Lock {
    Passphrase { salt: [u8; SALT_LEN], cost: Cost },
    KeyFile,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Sheet {
    name: HolderName,
    public: PublicHalf,
}

// === impl Ring: making and changing ===

impl Ring {
    /// Makes an organisation's first keys. `cost` is what a guess at a passphrase is to cost.
    ///
    /// # Errors
    /// Where there is no holder, a name twice, or no chance.
    pub fn make(
        organisation: OrganisationId,
        holders: &[(HolderName, Passphrase)],
        sheets: &[HolderName; 3],
        cost: Cost,
    ) -> Result<(Self, Reader, Sheets), RingError> {
        let holders = holders.iter().map(|(name, passphrase)| Holder::with_passphrase(name, passphrase, cost));
        let holders = holders.collect::<Result<Vec<_>, _>>()?;
        let (sheets, codes) = new_sheets(sheets)?;
        let private = PrivateHalf::random()?;
        let ring = Self::seal(organisation, 1, &private, holders, sheets)?;
        Ok((ring, Reader { organisation, private }, codes))
    }

    /// Gives a holder a passphrase: a new holder, or a new passphrase in place of what the holder had.
    ///
    /// # Errors
    /// Where the reader is not of this ring, there are too many holders, or no chance.
    pub fn with_passphrase(&self, reader: &Reader, name: &HolderName, passphrase: &Passphrase, cost: Cost) -> Result<Self, RingError> {
        self.with(reader, Holder::with_passphrase(name, passphrase, cost)?)
    }

    /// Makes a key file for a holder. Whoever has it needs no passphrase.
    ///
    /// # Errors
    /// As [`Ring::with_passphrase`].
    pub fn with_key_file(&self, reader: &Reader, name: &HolderName) -> Result<(Self, Code), RingError> {
        let code = Code::random(CodeKind::KeyFile)?;
        let public = PrivateHalf::from_secret(code.key()?).public()?;
        let holder = Holder { name: name.clone(), lock: Lock::KeyFile, public, sealed: Vec::new() };
        Ok((self.with(reader, holder)?, code))
    }

    /// Changes the keys: a new pair, without the holders in `leaving`. What was written before opens with the new pair once every
    /// epoch is sealed to it ([`Reader::reseal`]); what is written after does not open with the old one.
    ///
    /// # Errors
    /// Where the reader is not of this ring, nobody would be left, or no chance.
    pub fn rotate(&self, reader: &Reader, leaving: &[HolderName], sheets: Change) -> Result<(Self, Reader, Option<Sheets>), RingError> {
        self.check(&reader.private)?;
        if let Some(name) = leaving.iter().find(|name| self.holders.iter().all(|holder| holder.name != **name)) {
            return Err(self.no_holder(name, |_| true));
        }
        let holders = self.holders.iter().filter(|holder| !leaving.contains(&holder.name)).cloned().collect();
        let (sheets, codes) = match sheets {
            Change::KeepSheets => (self.sheets.clone(), None),
            Change::NewSheets => {
                let (sheets, codes) = new_sheets(&self.sheets.each_ref().map(|sheet| sheet.name.clone()))?;
                (sheets, Some(codes))
            }
        };
        let private = PrivateHalf::random()?;
        let version = self.version.checked_add(1).ok_or(RingError::Holders("the keys were changed four thousand million times"))?;
        let ring = Self::seal(self.organisation, version, &private, holders, sheets)?;
        Ok((ring, Reader { organisation: self.organisation, private }, codes))
    }

    fn with(&self, reader: &Reader, holder: Holder) -> Result<Self, RingError> {
        self.check(&reader.private)?;
        let mut holders = self.holders.clone();
        match holders.iter_mut().find(|other| other.name == holder.name) {
            Some(place) => *place = holder,
            None => holders.push(holder),
        }
        Self::seal(self.organisation, self.version, &reader.private, holders, self.sheets.clone())
    }

    fn seal(
        organisation: OrganisationId,
        version: u32,
        private: &PrivateHalf,
        holders: Vec<Holder>,
        sheets: [Sheet; 3],
    ) -> Result<Self, RingError> {
        check_names(&holders, &sheets)?;
        let code = [0; 32];
        let recovery = [Vec::new(), Vec::new(), Vec::new()];
        let mut ring = Self { organisation, version, public: private.public()?, holders, sheets, recovery, code };
        let secret = private.secret().bytes();
        for at in 0..ring.holders.len() {
            let sealed = ring.holders.get(at).map(|holder| holder.public.seal(HOLDER, &ring.holder_place(&holder.name), secret));
            if let (Some(holder), Some(sealed)) = (ring.holders.get_mut(at), sealed) {
                holder.sealed = sealed?;
            }
        }
        let seals = PAIRS.map(|pair| ring.seal_to_pair(pair, secret));
        for (place, sealed) in ring.recovery.iter_mut().zip(seals) {
            *place = sealed?;
        }
        ring.code = hmac::sign(&whole_key(private)?, &ring.covered()).as_ref().try_into().map_err(|_| RingError::Altered)?;
        Ok(ring)
    }

    fn seal_to_pair(&self, pair: (usize, usize), secret: &[u8]) -> Result<Vec<u8>, KeyError> {
        let place = self.recovery_place(pair);
        let [first, second] = [pair.0, pair.1].map(|at| self.sheets.get(at).map(|sheet| sheet.public));
        let (Some(first), Some(second)) = (first, second) else { return Err(KeyError::Refused { doing: "seal to two sheets" }) };
        first.seal(RECOVERY, &place, &second.seal(RECOVERY, &place, secret)?)
    }
}

// === impl Ring: what it says of itself ===

impl Ring {
    /// Whose keys they are.
    pub const fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// How often the keys were made anew, from 1.
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// The half that everybody may know.
    pub const fn public(&self) -> PublicHalf {
        self.public
    }

    /// Who opens alone.
    pub fn holders(&self) -> &[Holder] {
        &self.holders
    }

    /// Who has the recovery sheets, in their order.
    pub fn sheet_holders(&self) -> [&HolderName; 3] {
        self.sheets.each_ref().map(|sheet| &sheet.name)
    }

    fn holder_place(&self, name: &HolderName) -> Vec<u8> {
        context::of(
            HOLDER,
            &[&self.organisation.to_bytes(), &self.version.to_le_bytes(), &self.public.to_bytes(), name.as_str().as_bytes()],
        )
    }

    fn recovery_place(&self, pair: (usize, usize)) -> Vec<u8> {
        let pair = [sheet_number(pair.0), sheet_number(pair.1)];
        context::of(RECOVERY, &[&self.organisation.to_bytes(), &self.version.to_le_bytes(), &self.public.to_bytes(), &pair])
    }

    fn no_holder(&self, name: &HolderName, could: impl Fn(&Holder) -> bool) -> RingError {
        let known: Vec<&str> = self.holders.iter().filter(|holder| could(holder)).map(|holder| holder.name.as_str()).collect();
        RingError::NoHolder { name: name.clone(), known: known.join(", ") }
    }
}

// === impl Holder ===

impl Holder {
    /// The role.
    pub const fn name(&self) -> &HolderName {
        &self.name
    }

    /// What it opens with.
    pub const fn kind(&self) -> HolderKind {
        match self.lock {
            Lock::Passphrase { .. } => HolderKind::Passphrase,
            Lock::KeyFile => HolderKind::KeyFile,
        }
    }

    fn with_passphrase(name: &HolderName, passphrase: &Passphrase, cost: Cost) -> Result<Self, KeyError> {
        let mut salt = [0; SALT_LEN];
        rand::fill(&mut salt).map_err(|_| KeyError::Chance)?;
        let public = PrivateHalf::from_secret(passphrase.stretch(&salt, cost)?).public()?;
        Ok(Self { name: name.clone(), lock: Lock::Passphrase { salt, cost }, public, sealed: Vec::new() })
    }
}

fn new_sheets(names: &[HolderName; 3]) -> Result<([Sheet; 3], Sheets), RingError> {
    let make = |at: usize, name: &HolderName| -> Result<(Sheet, (HolderName, Code)), RingError> {
        let code = Code::random(CodeKind::Sheet(sheet_number(at)))?;
        let public = PrivateHalf::from_secret(code.key()?).public()?;
        Ok((Sheet { name: name.clone(), public }, (name.clone(), code)))
    };
    let [one, two, three] = names;
    let ((one, first), (two, second), (three, third)) = (make(0, one)?, make(1, two)?, make(2, three)?);
    Ok(([one, two, three], Sheets([first, second, third])))
}

fn check_names(holders: &[Holder], sheets: &[Sheet; 3]) -> Result<(), RingError> {
    let twice = |names: &[&HolderName]| names.iter().enumerate().any(|(at, name)| names.iter().skip(at + 1).any(|other| other == name));
    if !holders.iter().any(|holder| holder.kind() == HolderKind::Passphrase) {
        return Err(RingError::Holders("at least one holder must have a passphrase"));
    }
    if holders.len() > MOST_HOLDERS {
        return Err(RingError::Holders("more than 16 holders; each is one more way in"));
    }
    if twice(&holders.iter().map(|holder| &holder.name).collect::<Vec<_>>()) {
        return Err(RingError::Holders("two holders have the same name"));
    }
    if twice(&sheets.each_ref().map(|sheet| &sheet.name)) {
        return Err(RingError::Holders("the three recovery sheets must be held by three different people"));
    }
    Ok(())
}

fn sheet_number(at: usize) -> u8 {
    u8::try_from(at + 1).unwrap_or(u8::MAX)
}

fn whole_key(private: &PrivateHalf) -> Result<hmac::Key, KeyError> {
    let key = Secret::derived(private.secret().bytes(), &[], WHOLE)?;
    Ok(hmac::Key::new(hmac::HMAC_SHA256, key.bytes()))
}
