//! Opening a ring: by one holder, or by two sheets.

use aws_lc_rs::hmac;

use super::{HOLDER, Holder, HolderKind, Lock, PAIRS, RECOVERY, Ring, RingError, sheet_number, whole_key};
use crate::keys::code::{Code, CodeKind};
use crate::keys::holder::HolderName;
use crate::keys::pair::PrivateHalf;
use crate::keys::passphrase::Passphrase;
use crate::keys::read::Reader;
use crate::keys::secret::Secret;

impl Ring {
    /// Opens with a holder's passphrase. Takes as long as the cost of the passphrase says, right or wrong.
    ///
    /// # Errors
    /// Where there is no such holder, the passphrase is wrong, or the ring was changed.
    pub fn unlock(&self, name: &HolderName, passphrase: &Passphrase) -> Result<Reader, RingError> {
        let holder = self.holders.iter().find(|holder| holder.name == *name);
        let Some((holder, Lock::Passphrase { salt, cost })) = holder.map(|holder| (holder, &holder.lock)) else {
            return Err(self.no_holder(name, |holder| holder.kind() == HolderKind::Passphrase));
        };
        let key = PrivateHalf::from_secret(passphrase.stretch(salt, *cost)?);
        if key.public()? != holder.public {
            return Err(RingError::WrongPassphrase { name: name.clone() });
        }
        self.open(&key, holder)
    }

    /// Opens with a key file.
    ///
    /// # Errors
    /// Where it is none of this ring, or the ring was changed.
    pub fn unlock_with_file(&self, file: &Code) -> Result<Reader, RingError> {
        let key = PrivateHalf::from_secret(file.key()?);
        let public = key.public()?;
        let holder = self.holders.iter().find(|holder| holder.kind() == HolderKind::KeyFile && holder.public == public);
        self.open(&key, holder.ok_or(RingError::WrongKeyFile)?)
    }

    /// Opens with two of the three sheets, in whatever order.
    ///
    /// # Errors
    /// Where a code is of something else, both are the same sheet, one is not in force, or the ring was changed.
    pub fn recover(&self, one: &Code, other: &Code) -> Result<Reader, RingError> {
        let [one, other] = [self.sheet(one)?, self.sheet(other)?];
        if one.0 == other.0 {
            return Err(RingError::SameSheet { number: sheet_number(one.0) });
        }
        let (first, second) = if one.0 < other.0 { (one, other) } else { (other, one) };
        let pair = (first.0, second.0);
        let place = self.recovery_place(pair);
        let sealed = PAIRS.iter().zip(&self.recovery).find(|(known, _)| **known == pair).ok_or(RingError::Altered)?.1;
        let inner = first.1.open(RECOVERY, &place, sealed).ok_or(RingError::Altered)?;
        let secret = second.1.open(RECOVERY, &place, &inner).ok_or(RingError::Altered)?;
        self.reader(&secret)
    }

    fn sheet(&self, code: &Code) -> Result<(usize, PrivateHalf), RingError> {
        let CodeKind::Sheet(number) = code.kind() else { return Err(RingError::NotASheet) };
        let at = usize::from(number.saturating_sub(1));
        let key = PrivateHalf::from_secret(code.key()?);
        let public = key.public()?;
        match self.sheets.get(at).filter(|sheet| sheet.public == public) {
            Some(_) => Ok((at, key)),
            None => Err(RingError::OldSheet { number }),
        }
    }

    fn open(&self, key: &PrivateHalf, holder: &Holder) -> Result<Reader, RingError> {
        let secret = key.open(HOLDER, &self.holder_place(&holder.name), &holder.sealed).ok_or(RingError::Altered)?;
        self.reader(&secret)
    }

    fn reader(&self, secret: &[u8]) -> Result<Reader, RingError> {
        let private = PrivateHalf::from_secret(Secret::copied(secret).ok_or(RingError::Altered)?);
        self.check(&private)?;
        Ok(Reader { organisation: self.organisation, private })
    }

    /// The private half is of this ring, and the ring is as it was made.
    pub(super) fn check(&self, private: &PrivateHalf) -> Result<(), RingError> {
        let fits = private.public()? == self.public && hmac::verify(&whole_key(private)?, &self.covered(), &self.code).is_ok();
        if fits { Ok(()) } else { Err(RingError::Altered) }
    }
}
