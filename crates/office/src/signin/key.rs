//! The machine's own key, from which the keys of single uses are derived.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{hkdf, hmac, rand};
use zeroize::Zeroizing;

use super::error::SignInError;

/// 32 random bytes in a file that only its owner reads. Whoever has it and the database can make codes of the second factor; neither
/// alone is enough.
#[expect(missing_debug_implementations, reason = "a secret is never shown")]
pub struct MachineKey(Zeroizing<[u8; 32]>);

/// Why there is no machine key.
#[derive(Debug, thiserror::Error)]
pub enum MachineKeyError {
    /// The disk refuses.
    #[error("{what} {path}; look at the disk and at who owns the file")]
    File {
        /// What was tried.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Others may read it.
    #[error("reading {path}: others than its owner may read it; `chmod 600` it, and think about who has had it")]
    Open {
        /// The file.
        path: PathBuf,
    },
    /// Not 32 bytes.
    #[error("reading {path}: it is no key of ours, which has 32 bytes; bring back the right one from where you keep it")]
    Form {
        /// The file.
        path: PathBuf,
    },
}

// === impl MachineKey ===

impl MachineKey {
    /// The key in the file at `path`; it is made if there is none.
    ///
    /// # Errors
    /// Where the disk refuses, others may read the file, or it is none of ours. A wrong one is never written over.
    pub fn open(path: &Path) -> Result<Self, MachineKeyError> {
        match Self::read(path) {
            Err(MachineKeyError::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => Self::made(path),
            other => other,
        }
    }

    fn read(path: &Path) -> Result<Self, MachineKeyError> {
        let failed = |source| MachineKeyError::File { what: "reading", path: path.to_owned(), source };
        let mut file = File::open(path).map_err(failed)?;
        if file.metadata().map_err(failed)?.permissions().mode() & 0o077 != 0 {
            return Err(MachineKeyError::Open { path: path.to_owned() });
        }
        let mut key = Self(Zeroizing::new([0; 32]));
        let form = |_| MachineKeyError::Form { path: path.to_owned() };
        file.read_exact(key.0.as_mut_slice()).map_err(form)?;
        match file.read(&mut [0]).map_err(failed)? {
            0 => Ok(key),
            _ => Err(MachineKeyError::Form { path: path.to_owned() }),
        }
    }

    /// Written beside and moved into place without replacing: an interrupted start leaves no half a key.
    fn made(path: &Path) -> Result<Self, MachineKeyError> {
        let failed = |source| MachineKeyError::File { what: "making", path: path.to_owned(), source };
        let mut key = Self(Zeroizing::new([0; 32]));
        rand::fill(key.0.as_mut_slice()).map_err(|_| failed(io::Error::other("no random numbers")))?;
        let beside = path.with_extension("new");
        let _ = std::fs::remove_file(&beside);
        let mut file = File::options().write(true).create_new(true).mode(0o600).open(&beside).map_err(failed)?;
        file.write_all(key.0.as_slice()).and_then(|()| file.sync_all()).map_err(failed)?;
        std::fs::hard_link(&beside, path).map_err(failed)?;
        std::fs::remove_file(&beside).map_err(failed)?;
        Ok(key)
    }

    /// HKDF-SHA-256 (RFC 5869) for one `purpose` of ours.
    fn derived(&self, purpose: &'static str) -> Result<Zeroizing<[u8; 32]>, SignInError> {
        let info = [purpose.as_bytes()];
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"schoolgate v1");
        let secret = salt.extract(self.0.as_slice());
        let out = secret.expand(&info, hkdf::HKDF_SHA256).map_err(|_| SignInError::Chance)?;
        let mut bytes = Zeroizing::new([0; 32]);
        out.fill(bytes.as_mut_slice()).map_err(|_| SignInError::Chance)?;
        Ok(bytes)
    }

    /// Seals `plain` to `place`: what was moved to another row does not open.
    pub(super) fn seal(&self, place: &[u8], plain: &[u8]) -> Result<Vec<u8>, SignInError> {
        let key = RandomizedNonceKey::new(&AES_256_GCM, self.derived("second factor")?.as_slice()).map_err(|_| SignInError::Chance)?;
        let mut body = plain.to_vec();
        let nonce = key.seal_in_place_append_tag(Aad::from(place), &mut body).map_err(|_| SignInError::Chance)?;
        Ok([nonce.as_ref().as_slice(), &body].concat())
    }

    pub(super) fn unseal(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SignInError> {
        let key = RandomizedNonceKey::new(&AES_256_GCM, self.derived("second factor")?.as_slice()).map_err(|_| SignInError::Chance)?;
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or(SignInError::Key)?;
        let mut body = Zeroizing::new(body.to_vec());
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SignInError::Key)?;
        let length = key.open_in_place(nonce, Aad::from(place), &mut body).map_err(|_| SignInError::Key)?.len();
        body.truncate(length);
        Ok(body)
    }

    /// A keyed hash of `parts`, for words that we give out and know again.
    pub(super) fn mark(&self, parts: &[&[u8]]) -> Result<[u8; 32], SignInError> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.derived("device")?.as_slice());
        let mut mark = [0; 32];
        mark.copy_from_slice(hmac::sign(&key, &super::token::hash(parts)).as_ref());
        Ok(mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_once_and_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("master.key");
        let sealed = MachineKey::open(&path).expect("made").seal(b"row", b"a seed").expect("sealed");
        assert_eq!(std::fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        let again = MachineKey::open(&path).expect("read");
        assert_eq!(again.unseal(b"row", &sealed).expect("opened").as_slice(), b"a seed");
        assert!(matches!(again.unseal(b"another row", &sealed), Err(SignInError::Key)));
        assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 1);
    }

    #[test]
    fn one_that_others_may_read_or_that_is_none_is_refused_and_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("master.key");
        MachineKey::open(&path).expect("made");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("set");
        assert!(matches!(MachineKey::open(&path), Err(MachineKeyError::Open { .. })));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("set");
        for content in [&[][..], &[1; 31], &[1; 33]] {
            std::fs::write(&path, content).expect("written");
            assert!(matches!(MachineKey::open(&path), Err(MachineKeyError::Form { .. })));
            assert_eq!(std::fs::read(&path).expect("kept"), content);
        }
    }
}
