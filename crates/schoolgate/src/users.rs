//! The users file: who may sign in at the proxy, one `name:salt:hash` a line, salt and hash in hexadecimal. It stands in until
//! people sign in at the console. Passwords in it are made by machine and long, so that a plain salted SHA-256 is enough.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use proxy::rules::PasswordHash;

use crate::secret_file::{self, Credentials, Refused};

/// Largest file that is read, in bytes.
const MAX_FILE: u64 = 8 * 1024 * 1024;
/// Letters and digits that are not mistaken for each other; 32 of them, so that five bits choose one.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz123456789";
/// Letters of a password: 100 bits, in groups of five.
const LENGTH: usize = 20;

/// One who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name of a `[[person]]`.
    pub name: String,
    /// The password's hash.
    pub password: PasswordHash,
}

/// Why the users file cannot be used. No name is part of it.
#[derive(Debug, thiserror::Error)]
pub enum UsersError {
    /// The disk refuses.
    #[error("{doing} the users file {}", path.display())]
    Disk {
        /// `reading` or `writing`.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Others may read it.
    #[error("the users file {} can be read by other accounts of this machine (mode {mode:03o}): run `chmod 600 {}`", path.display(), path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Lines that are not as this program writes them.
    #[error("the users file {}, line {lines}: not `name:salt:hash`, or a name that stands above already; remove it and use `schoolgate users add`", path.display())]
    Lines {
        /// The file.
        path: PathBuf,
        /// The numbers of the lines, from 1, with commas between.
        lines: String,
    },
    /// No chance from the system.
    #[error("making a password: the system gives no random numbers")]
    Random,
}

/// Everybody in the file, in its order; nobody where there is no file.
///
/// # Errors
/// Where it cannot be read, others may read it, or lines in it are wrong.
pub fn read(path: &Path) -> Result<Vec<Entry>, UsersError> {
    let disk = |source| UsersError::Disk { doing: "reading", path: path.to_owned(), source };
    // It is written by this program alone, so no service manager lays it out.
    let bytes = match secret_file::read(path, MAX_FILE, &Credentials::default()) {
        Ok(bytes) => bytes,
        Err(Refused::Disk(error)) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(Refused::Disk(error)) => return Err(disk(error)),
        Err(Refused::Readable { path, mode }) => return Err(UsersError::Open { path, mode }),
    };
    let text = str::from_utf8(&bytes).map_err(|error| disk(io::Error::new(io::ErrorKind::InvalidData, error)))?;
    let (mut entries, mut wrong) = (Vec::<Entry>::new(), Vec::new());
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        match parse(line).filter(|entry| entries.iter().all(|other| other.name != entry.name)) {
            Some(entry) => entries.push(entry),
            None => wrong.push(number.to_string()),
        }
    }
    if wrong.is_empty() { Ok(entries) } else { Err(UsersError::Lines { path: path.to_owned(), lines: wrong.join(", ") }) }
}

/// Writes the file whole, for its owner only.
///
/// # Errors
/// Where the disk refuses; the old file then stays.
pub fn write(path: &Path, entries: &[Entry]) -> Result<(), UsersError> {
    let text: String = entries.iter().map(|it| format!("{}:{}:{}\n", it.name, hex(&it.password.salt), hex(&it.password.hash))).collect();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let put = || -> io::Result<()> {
        // Private from the first moment: that is what this library makes.
        let mut file = tempfile::Builder::new().prefix(".schoolgate-").suffix(".tmp").tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        File::open(folder)?.sync_all()
    };
    put().map_err(|source| UsersError::Disk { doing: "writing", path: path.to_owned(), source })
}

/// A new password, and what is kept of it.
///
/// # Errors
/// Where the system gives no random numbers.
pub fn new_password() -> Result<(String, PasswordHash), UsersError> {
    let (mut chance, mut salt) = ([0; LENGTH], [0; 16]);
    getrandom::fill(&mut chance).and_then(|()| getrandom::fill(&mut salt)).map_err(|_| UsersError::Random)?;
    let letters: Vec<char> =
        chance.iter().filter_map(|byte| LETTERS.get(usize::from(byte % 32))).map(|letter| char::from(*letter)).collect();
    let groups: Vec<String> = letters.chunks(5).map(|group| group.iter().collect()).collect();
    let password = groups.join("-");
    let hash = PasswordHash::new(salt, &password);
    Ok((password, hash))
}

fn parse(line: &str) -> Option<Entry> {
    let mut fields = line.rsplitn(3, ':');
    let (hash, salt, name) = (fields.next()?, fields.next()?, fields.next()?);
    let password = PasswordHash { salt: unhex(salt)?, hash: unhex(hash)? };
    (!name.is_empty()).then(|| Entry { name: name.to_owned(), password })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    let bytes: Option<Vec<u8>> =
        digits.chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok().filter(|_| pair.len() == 2)).collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_is_for_its_owner_only() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("users");
        assert_eq!(read(&path).expect("no file"), []);
        let entries: Vec<Entry> =
            ["ada", "bo:b"].map(|name| Entry { name: name.to_owned(), password: new_password().expect("password").1 }).into();
        write(&path, &entries).expect("write");
        assert_eq!(path.metadata().expect("file").permissions().mode() & 0o777, 0o600);
        assert_eq!(read(&path).expect("read"), entries);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("mode");
        assert!(read(&path).expect_err("open to others").to_string().contains("chmod 600"));
    }

    #[test]
    fn wrong_lines_are_told_all_at_once_and_without_names() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("users");
        let (salt, hash) = ("0".repeat(32), "f".repeat(64));
        let lines = [
            format!("ada:{salt}:{hash}"),
            "# a remark".to_owned(),
            format!("ada:{salt}:{hash}"),
            format!("bo:{salt}:{hash}0"),
            format!(":{salt}:{hash}"),
            "carol".to_owned(),
        ];
        std::fs::write(&path, lines.join("\n")).expect("file");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("mode");
        let error = read(&path).expect_err("wrong").to_string();
        assert!(error.contains("line 3, 4, 5, 6:") && !error.contains("carol") && !error.contains("ada"), "{error}");
    }

    #[test]
    fn passwords_are_long_and_differ() {
        let (one, two) = (new_password().expect("one").0, new_password().expect("two").0);
        assert!(one.len() == 23 && one != two, "{one} {two}");
    }
}
