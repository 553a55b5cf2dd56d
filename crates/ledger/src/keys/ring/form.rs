//! The ring as bytes: magic, version, the fields in order, the message code, and a checksum that finds damage while locked.

use aws_lc_rs::digest;
use ids::OrganisationId;

use super::{Holder, Lock, MOST_HOLDERS, Ring, Sheet, check_names};
use crate::keys::error::KeyError;
use crate::keys::holder::HolderName;
use crate::keys::pair::{PublicHalf, SEALED_OVERHEAD};
use crate::keys::passphrase::{Cost, SALT_LEN};
use crate::keys::secret::KEY_LEN;

const MAGIC: &[u8; 8] = b"SGKEYS\0\x01";
const CHECKSUM: usize = 32;
/// No ring comes near it, in bytes.
const LONGEST: usize = 16 * 1024;
const WHAT: &str = "the key ring";
const SEALED: usize = KEY_LEN + SEALED_OVERHEAD;
const SEALED_TWICE: usize = SEALED + SEALED_OVERHEAD;
const PASSPHRASE: u8 = 1;
const KEY_FILE: u8 = 2;

impl Ring {
    /// As stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.covered();
        bytes.extend_from_slice(&self.code);
        let checksum = digest::digest(&digest::SHA256, &bytes);
        bytes.extend_from_slice(checksum.as_ref());
        bytes
    }

    /// From its stored bytes.
    ///
    /// # Errors
    /// Where they are not a ring of this version, or damaged. That they are not forged is found out when it opens.
    pub fn parse(bytes: &[u8]) -> Result<Self, KeyError> {
        if bytes.len() > LONGEST {
            return Err(form("it is too long"));
        }
        let body = bytes.strip_prefix(MAGIC).ok_or(form("it does not begin as one of this version"))?;
        let body = body.get(..body.len().saturating_sub(CHECKSUM)).unwrap_or_default();
        let (covered, checksum) = bytes.split_at_checked(MAGIC.len() + body.len()).ok_or(form("it is cut off"))?;
        if digest::digest(&digest::SHA256, covered).as_ref() != checksum {
            return Err(form("its checksum is wrong"));
        }
        let mut left = Left(body);
        let ring = left.ring()?;
        if !left.0.is_empty() {
            return Err(form("something follows it"));
        }
        check_names(&ring.holders, &ring.sheets).map_err(|_| form("its holders cannot be"))?;
        Ok(ring)
    }

    /// What the message code covers: everything but itself.
    pub(super) fn covered(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&self.organisation.to_bytes());
        bytes.extend_from_slice(&self.version.to_le_bytes());
        bytes.extend_from_slice(&self.public.to_bytes());
        bytes.push(u8::try_from(self.holders.len()).unwrap_or(u8::MAX));
        for holder in &self.holders {
            put_name(&mut bytes, &holder.name);
            match &holder.lock {
                Lock::Passphrase { salt, cost } => {
                    bytes.push(PASSPHRASE);
                    bytes.extend_from_slice(salt);
                    bytes.extend_from_slice(&cost.to_bytes());
                }
                Lock::KeyFile => bytes.push(KEY_FILE),
            }
            bytes.extend_from_slice(&holder.public.to_bytes());
            bytes.extend_from_slice(&holder.sealed);
        }
        for sheet in &self.sheets {
            put_name(&mut bytes, &sheet.name);
            bytes.extend_from_slice(&sheet.public.to_bytes());
        }
        self.recovery.iter().for_each(|sealed| bytes.extend_from_slice(sealed));
        bytes
    }
}

fn put_name(bytes: &mut Vec<u8>, name: &HolderName) {
    bytes.push(u8::try_from(name.as_str().len()).unwrap_or(u8::MAX));
    bytes.extend_from_slice(name.as_str().as_bytes());
}

/// What is still to be read.
struct Left<'a>(&'a [u8]);

impl Left<'_> {
    fn ring(&mut self) -> Result<Ring, KeyError> {
        let organisation = OrganisationId::from_bytes(self.array()?);
        let version = u32::from_le_bytes(self.array()?);
        let public = PublicHalf::from_bytes(self.array()?);
        let [count] = self.array()?;
        if usize::from(count) > MOST_HOLDERS || version == 0 {
            return Err(form("a number in it cannot be"));
        }
        let holders = (0..count).map(|_| self.holder()).collect::<Result<_, _>>()?;
        let sheets = [self.sheet()?, self.sheet()?, self.sheet()?];
        let recovery = [self.take(SEALED_TWICE)?, self.take(SEALED_TWICE)?, self.take(SEALED_TWICE)?];
        let code = self.array()?;
        Ok(Ring { organisation, version, public, holders, sheets, recovery, code })
    }

    fn holder(&mut self) -> Result<Holder, KeyError> {
        let name = self.name()?;
        let lock = match self.array()? {
            [PASSPHRASE] => {
                let salt = self.array::<SALT_LEN>()?;
                let cost = Cost::from_bytes(self.array()?).ok_or(form("the cost of a passphrase is out of bounds"))?;
                Lock::Passphrase { salt, cost }
            }
            [KEY_FILE] => Lock::KeyFile,
            _ => return Err(form("a holder is of a kind that this version does not know")),
        };
        Ok(Holder { name, lock, public: PublicHalf::from_bytes(self.array()?), sealed: self.take(SEALED)? })
    }

    fn sheet(&mut self) -> Result<Sheet, KeyError> {
        Ok(Sheet { name: self.name()?, public: PublicHalf::from_bytes(self.array()?) })
    }

    fn name(&mut self) -> Result<HolderName, KeyError> {
        let [length] = self.array()?;
        let bytes = self.take(usize::from(length))?;
        let name = str::from_utf8(&bytes).ok().and_then(|text| HolderName::parse(text).ok());
        name.ok_or(form("a holder has no name"))
    }

    fn take(&mut self, length: usize) -> Result<Vec<u8>, KeyError> {
        let (taken, left) = self.0.split_at_checked(length).ok_or(form("it is cut off"))?;
        self.0 = left;
        Ok(taken.to_vec())
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], KeyError> {
        let (taken, left) = self.0.split_first_chunk::<N>().ok_or(form("it is cut off"))?;
        self.0 = left;
        Ok(*taken)
    }
}

const fn form(why: &'static str) -> KeyError {
    KeyError::Form { what: WHAT, why }
}
