//! The machine's own key: `master.key` in the data folder, from which each use has a key of its own. It works while the records are
//! locked, so it guards what must go out by itself: messages that wait to be sent.

use std::io;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use ledger::outbox::OutboxKey;
use lists::whole_file::WholeFile;
use zeroize::Zeroizing;

use crate::data::DataFolder;
use crate::installation::Installation;
use crate::secret_file::{self, Credentials};

/// Bytes of the key.
const KEY: usize = 32;
/// What separates our use of the derivation from everybody else's.
const SALT: &[u8] = b"schoolgate v1 master key";
/// What the key of the outbox is called in it.
const OUTBOX: &[u8] = b"outbox";
/// What its fingerprint is made of.
const FINGERPRINT: &[u8] = b"fingerprint";
/// What the key of signing in is called in it.
const SIGN_IN: &[u8] = b"sign-in";

/// The machine's key.
#[expect(missing_debug_implementations, reason = "a secret is never shown, not even by its type's name in a log")]
pub struct MasterKey(Zeroizing<[u8; KEY]>);

/// Length of a derived key.
struct Length;

impl KeyType for Length {
    fn len(&self) -> usize {
        KEY
    }
}

// === impl MasterKey ===

impl MasterKey {
    /// The key of this data folder. Made of random bytes, for its owner only, where there has never been one.
    ///
    /// # Errors
    /// Where the file cannot be read or written, is no key, or others may read it; where this data folder had one that is gone, or another.
    pub fn of(data: &DataFolder) -> Result<Self> {
        let key = match Self::existing(data)? {
            Some(key) => key,
            None if data.has_key_elsewhere() => bail!(
                "the machine's key {} is not there; put it there, or take master_key out of [records] to have one made in the data folder",
                data.master_key().display()
            ),
            None => {
                make(&data.master_key())?;
                read(&data.master_key(), data.credentials())?
            }
        };
        let print = key.fingerprint()?;
        Installation::note(data, |known| known.master_key = Some(print))?;
        Ok(key)
    }

    /// The same, and none is made.
    ///
    /// # Errors
    /// The same.
    pub fn existing(data: &DataFolder) -> Result<Option<Self>> {
        let (path, had) = (data.master_key(), Installation::of(data)?.master_key);
        let key = if path.exists() { Some(read(&path, data.credentials())?) } else { None };
        let found = key.as_ref().map(Self::fingerprint).transpose()?;
        if had.is_some() && had != found {
            let what = if found.is_none() { "is gone" } else { "is another than this data folder had" };
            bail!(
                "the machine's key {} {what}, so what was sealed under it cannot be opened: messages that wait to be sent, and second factors;                  bring back your copy. If there is none, remove the line of the master-key from {} to go on with a new one",
                path.display(),
                data.installation().display()
            );
        }
        Ok(key)
    }

    /// The key of what waits to be sent.
    ///
    /// # Errors
    /// Where the library refuses, which it does for no key.
    pub fn outbox(&self) -> Result<OutboxKey> {
        Ok(OutboxKey::new(&*self.derived(OUTBOX)?)?)
    }

    /// By which it is known again. Nothing can be opened with it.
    fn fingerprint(&self) -> Result<String> {
        let derived = self.derived(FINGERPRINT)?;
        Ok(derived.iter().take(8).map(|byte| format!("{byte:02x}")).collect())
    }

    /// What second factors are sealed under, and devices known again by.
    ///
    /// # Errors
    /// Where the library refuses, which it does for no key.
    pub fn sign_in(&self) -> Result<Zeroizing<[u8; KEY]>> {
        self.derived(SIGN_IN)
    }

    /// HKDF (RFC 5869) over SHA-256.
    fn derived(&self, what: &[u8]) -> Result<Zeroizing<[u8; KEY]>> {
        let mut key = Zeroizing::new([0; KEY]);
        let secret = Salt::new(HKDF_SHA256, SALT).extract(self.0.as_slice());
        let filled = secret.expand(&[what], Length).and_then(|derived| derived.fill(key.as_mut_slice()));
        filled.map_err(|_| anyhow!("making a key from the machine's key: the library refuses"))?;
        Ok(key)
    }
}

fn make(path: &Path) -> Result<()> {
    let doing = || format!("making the machine's key {}", path.display());
    let mut key = Zeroizing::new([0; KEY]);
    getrandom::fill(key.as_mut_slice()).map_err(io::Error::other).with_context(doing)?;
    let mut file = WholeFile::beside(path).with_context(doing)?;
    file.write(key.as_slice()).with_context(doing)?;
    match file.keep_new() {
        // Another process was faster: its key is the one.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        done => done.with_context(doing),
    }
}

fn read(path: &Path, credentials: &Credentials) -> Result<MasterKey> {
    let doing = || format!("reading the machine's key {}", path.display());
    let bytes = secret_file::read(path, KEY as u64 + 1, credentials).map_err(|refused| refused.while_doing(doing))?;
    let key = <[u8; KEY]>::try_from(bytes.as_slice());
    let key = key.map_err(|_| anyhow!("{}: it is no key, which has {KEY} bytes; bring your copy of it", doing()))?;
    Ok(MasterKey(Zeroizing::new(key)))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use lists::whole_file;
    use testkit::folder::Folder;

    use super::*;

    #[test]
    fn it_is_made_once_and_read_again() {
        let folder = Folder::new().expect("folder");
        let data = DataFolder::new(folder.path());
        let first = MasterKey::of(&data).expect("made");
        assert_eq!(fs::metadata(data.master_key()).expect("file").permissions().mode() & 0o777, 0o600);
        let again = MasterKey::of(&data).expect("read");
        assert!(first.0 == again.0 && first.0.iter().any(|byte| *byte != 0));
        assert!(first.derived(OUTBOX).expect("a key") == again.derived(OUTBOX).expect("a key"));
        assert!(first.derived(OUTBOX).expect("a key") != first.derived(b"other").expect("a key"));
    }

    #[test]
    fn one_that_is_gone_or_exchanged_is_missed_and_not_made_anew() {
        let folder = Folder::new().expect("folder");
        let data = DataFolder::new(folder.path());
        MasterKey::of(&data).expect("made");
        let key = fs::read(data.master_key()).expect("the key");
        let refusal = || MasterKey::of(&data).map(drop).expect_err("refused").to_string();
        fs::remove_file(data.master_key()).expect("lost");
        assert!(refusal().contains("is gone") && refusal().contains("bring back your copy"), "{}", refusal());
        assert!(!data.master_key().exists(), "made anew");
        whole_file::write(&data.master_key(), &[7; KEY]).expect("another");
        assert!(refusal().contains("is another than this data folder had"), "{}", refusal());
        whole_file::write(&data.master_key(), &key).expect("brought back");
        assert!(MasterKey::of(&data).is_ok());
        fs::remove_file(data.master_key()).expect("lost");
        fs::remove_file(data.installation()).expect("told to go on");
        assert!(MasterKey::of(&data).is_ok());
    }

    #[test]
    fn one_that_others_may_read_or_that_is_none_is_refused() {
        let folder = Folder::new().expect("folder");
        let data = DataFolder::new(folder.path());
        folder.write("master.key", "short").expect("file");
        let refusal = |data| MasterKey::of(data).map(drop).expect_err("refused").to_string();
        fs::set_permissions(data.master_key(), fs::Permissions::from_mode(0o600)).expect("mode");
        assert!(refusal(&data).contains("it is no key, which has 32 bytes"), "{}", refusal(&data));
        fs::set_permissions(data.master_key(), fs::Permissions::from_mode(0o640)).expect("mode");
        assert!(refusal(&data).contains("chmod 600"), "{}", refusal(&data));
    }

    #[test]
    fn one_that_the_service_manager_lays_out_is_read_as_it_shows_it() {
        let folder = Folder::new().expect("folder");
        let key = folder.write("credentials/master.key", [7; KEY]).expect("file");
        fs::set_permissions(&key, fs::Permissions::from_mode(0o440)).expect("mode");
        let data = DataFolder::new(&folder.join("data")).with_master_key(Some(key));
        fs::create_dir(data.root()).expect("the data folder");
        assert!(MasterKey::of(&data).is_err(), "any file that a group may read is taken");
        assert!(MasterKey::of(&data.with_credentials(Credentials::at(Some(folder.join("credentials"))))).is_ok());
    }
}
