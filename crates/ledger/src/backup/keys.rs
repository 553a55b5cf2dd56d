//! For whom a backup is encrypted, and with what it is opened: key pairs of age (<https://age-encryption.org/v1>, X25519).

use std::path::Path;

use age::secrecy::ExposeSecret as _;
use age::x25519;

use super::BackupError;

/// Largest key file that is read, in bytes.
const MAX_FILE: u64 = 64 << 10;

/// Everybody who can open a backup. Never empty.
#[derive(Debug, Clone)]
pub struct Recipients(Vec<x25519::Recipient>);

/// A private key of a backup.
pub struct Identity(x25519::Identity);

// === impl Recipients ===

impl Recipients {
    /// From their texts, `age1...` each.
    ///
    /// # Errors
    /// Where there is none, or one is none.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, BackupError> {
        let one = |text: &str| text.trim().parse().map_err(|_| BackupError::NotARecipient { text: text.to_owned() });
        let all: Vec<x25519::Recipient> = texts.into_iter().map(one).collect::<Result<_, _>>()?;
        if all.is_empty() { Err(BackupError::NoRecipient) } else { Ok(Self(all)) }
    }

    pub(super) fn encryptor(&self) -> Result<age::Encryptor, BackupError> {
        let all = self.0.iter().map(|recipient| recipient as &dyn age::Recipient);
        // They are of one kind and there is at least one: nothing else can be wrong.
        age::Encryptor::with_recipients(all).map_err(|_| BackupError::NoRecipient)
    }
}

// === impl Identity ===

impl Identity {
    /// A new one, from the system's random numbers.
    #[must_use]
    pub fn generate() -> Self {
        Self(x25519::Identity::generate())
    }

    /// Reads a key file: lines that begin with `#` are remarks, the first other line is the key.
    ///
    /// # Errors
    /// Where the file cannot be read or holds none. What is in it is never shown.
    pub fn read(path: &Path) -> Result<Self, BackupError> {
        use std::io::Read as _;
        let mut text = String::new();
        let opened = std::fs::File::open(path).and_then(|file| file.take(MAX_FILE).read_to_string(&mut text));
        opened.map_err(BackupError::file("reading the key file", path))?;
        let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
        let key = line.and_then(|line| line.parse().ok()).map(Self);
        key.ok_or_else(|| BackupError::NotAnIdentity { path: path.to_owned() })
    }

    /// The public half, `age1...`, to be named as a recipient.
    #[must_use]
    pub fn recipient(&self) -> String {
        self.0.to_public().to_string()
    }

    /// The text of a key file: the private key itself.
    #[must_use]
    pub fn file_text(&self) -> String {
        format!("# Private key of Schoolgate's backups. Public key: {}\n{}\n", self.recipient(), self.0.to_string().expose_secret())
    }

    pub(super) fn key(&self) -> &dyn age::Identity {
        &self.0
    }
}

/// Without the key.
impl std::fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Identity").field(&self.recipient()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_read_back_and_never_shown() {
        let folder = testkit::folder::Folder::new().expect("folder");
        let key = Identity::generate();
        let path = folder.write("key", key.file_text()).expect("written");
        let again = Identity::read(&path).expect("read");
        assert_eq!(again.recipient(), key.recipient());
        assert!(!format!("{again:?}").contains("SECRET"));
        let error = Identity::read(&folder.write("other", "AGE-SECRET-KEY-1HALF\n").expect("written")).expect_err("half a key");
        assert!(matches!(error, BackupError::NotAnIdentity { .. }) && !error.to_string().contains("HALF"), "{error}");
    }

    #[test]
    fn recipients_are_checked() {
        let key = Identity::generate().recipient();
        assert!(Recipients::parse([key.as_str()]).is_ok());
        assert!(matches!(Recipients::parse([]), Err(BackupError::NoRecipient)));
        assert!(matches!(Recipients::parse([key.as_str(), "age1nobody"]), Err(BackupError::NotARecipient { .. })));
    }
}
