// long: one request and one reply for each kind of order, in one place, so that nobody misses one
//! The control socket: how `schoolgate why` and `schoolgate doctor` question the Schoolgate that is running, and `schoolgate keys`,
//! `schoolgate jobs`, `schoolgate accounts` and `schoolgate people` give it orders.
//!
//! A Unix socket in the data folder. Each connection carries one request and one reply, each a line of JSON. Only the account that
//! runs Schoolgate may connect.

#[cfg(test)]
mod tests;

use std::fs::{self, File, Permissions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use zeroize::Zeroizing;

use crate::accounts::{self, Link};
use crate::answer::{Answer, Question};
use crate::jobs;
use crate::keys::{Done, Order};
use crate::people;

/// Longest request, in bytes: an address may have 64 KiB, and JSON writes some letters with two.
const MAX_REQUEST: u64 = 128 * 1024;
/// Longest reply, in bytes.
const MAX_REPLY: u64 = 8 * 1024 * 1024;
/// Longest wait for the other side to say the whole of its line, or to take ours.
const PATIENCE: Duration = Duration::from_secs(5);
/// The same for an order about keys: passphrases are slow to try on purpose, and a change of keys reaches every epoch.
const PATIENCE_FOR_KEYS: Duration = Duration::from_secs(120);
/// The same for an order about people: a file of 100,000 is long.
const PATIENCE_FOR_PEOPLE: Duration = Duration::from_secs(1800);
/// How much is read at once, in bytes: most lines whole.
const CHUNK: usize = 16 * 1024;
/// Connections served at once; more are closed unanswered.
const MAX_CONNECTIONS: usize = 16;

/// What answers questions. The text of an error is for the person who asked.
pub type Handler = Arc<dyn Fn(Question) -> Result<Answer, String> + Send + Sync>;

/// What obeys orders about keys. The text of an error is for the person who gave the order.
pub type KeysHandler = Arc<dyn Fn(Order) -> Result<Done, String> + Send + Sync>;

/// What obeys orders about jobs and messages, and says for how many. The text of an error is for the person who gave the order.
pub type JobsHandler = Arc<dyn Fn(jobs::Order) -> Result<u64, String> + Send + Sync>;

/// What obeys orders about accounts, and gives links. The text of an error is for the person who gave the order.
pub type AccountsHandler = Arc<dyn Fn(accounts::Order) -> Result<Vec<Link>, String> + Send + Sync>;

/// What obeys orders about people, and says what came of it. The text of an error is for the person who gave the order.
pub type PeopleHandler = Arc<dyn Fn(people::Order) -> Result<people::Report, String> + Send + Sync>;

/// Whatever stands behind the socket.
#[derive(Clone)]
#[expect(missing_debug_implementations, reason = "a function has nothing to show")]
pub struct Handlers {
    /// Answers questions.
    pub why: Handler,
    /// Obeys orders about keys.
    pub keys: KeysHandler,
    /// Obeys orders about jobs and messages.
    pub jobs: JobsHandler,
    /// Obeys orders about accounts.
    pub accounts: AccountsHandler,
    /// Obeys orders about people.
    pub people: PeopleHandler,
}

/// Why the socket cannot be opened or asked.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// Another Schoolgate holds the folder.
    #[error("a Schoolgate is already running on this data folder ({}): stop it first, or choose another folder with --data", folder.display())]
    AlreadyRunning {
        /// The data folder.
        folder: PathBuf,
    },
    /// Something else lies where the socket belongs.
    #[error("open the control socket {}: there is a file of that name that is no socket; move it away", path.display())]
    NotASocket {
        /// The place.
        path: PathBuf,
    },
    /// The path does not fit into a socket address.
    #[error("open the control socket {}: the path is too long for a socket; choose a data folder with a path of less than 90 letters", path.display())]
    PathTooLong {
        /// The place.
        path: PathBuf,
    },
    /// The system refuses.
    #[error("{doing} the control socket {}: check that this account may write there", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// The place.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Somebody listens but does not answer as a Schoolgate does.
    #[error("ask the running Schoolgate at {}: it gave no answer that can be read; it may be busy stopping, or of another version", path.display())]
    NoAnswer {
        /// The place.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It answered that it cannot answer.
    #[error("{0}")]
    Refused(String),
}

/// Whatever may be asked.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Call {
    /// What happens to an address.
    Why(Question),
    /// Something about keys.
    Keys(Order),
    /// Something about jobs and messages.
    Jobs(jobs::Order),
    /// Something about accounts.
    Accounts(accounts::Order),
    /// Something about people.
    People(people::Order),
    /// The clock is put forward by so many seconds: for tests, and not in the program that ships.
    #[cfg(debug_assertions)]
    Clock(u32),
    /// Whether somebody is there.
    Hello,
}

/// What comes back.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Reply {
    Answer(Box<Answer>),
    Keys(Done),
    Jobs(u64),
    Accounts(Vec<Link>),
    People(Box<people::Report>),
    Hello { version: String },
    Error(String),
}

/// The open socket. Dropping it closes and removes it.
#[derive(Debug)]
pub struct ControlServer {
    path: PathBuf,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    /// Held as long as the process lives; the system lets go of it after a `kill -9` too.
    _lock: File,
}

/// Opens the socket at `path` and answers there until the returned value is dropped. Its folder must exist. What a killed process
/// left behind is replaced.
///
/// # Errors
/// Where another process holds the folder, or the system refuses.
pub fn serve(path: &Path, handlers: Handlers) -> Result<ControlServer, ControlError> {
    let lock = lock(path)?;
    let io = |doing| move |source| ControlError::Io { doing, path: path.to_owned(), source };
    match fs::symlink_metadata(path) {
        Ok(found) if !found.file_type().is_socket() => return Err(ControlError::NotASocket { path: path.to_owned() }),
        Ok(_) | Err(_) => {}
    }
    let listener = bind(path)?;
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let accept = move || accept(&listener, &stopped, &handlers);
    let thread = thread::Builder::new().name("control".to_owned()).spawn(accept).map_err(io("serve"))?;
    Ok(ControlServer { path: path.to_owned(), stop, thread: Some(thread), _lock: lock })
}

/// Asks the Schoolgate that listens at `path`; nothing where none does.
///
/// # Errors
/// Where one does but gives no answer, or refuses the question.
pub fn ask(path: &Path, question: &Question) -> Result<Option<Answer>, ControlError> {
    match call(path, &Call::Why(question.clone()), PATIENCE)? {
        None => Ok(None),
        Some(Reply::Answer(answer)) => Ok(Some(*answer)),
        Some(Reply::Error(why)) => Err(ControlError::Refused(why)),
        Some(Reply::Hello { .. } | Reply::Keys(_) | Reply::Jobs(_) | Reply::Accounts(_) | Reply::People(_)) => Err(not_an_answer(path)),
    }
}

/// Gives the Schoolgate that listens at `path` an order about keys; nothing where none does.
///
/// # Errors
/// Where one does but gives no answer, or cannot carry it out.
pub fn order(path: &Path, order: Order) -> Result<Option<Done>, ControlError> {
    match call(path, &Call::Keys(order), PATIENCE_FOR_KEYS)? {
        None => Ok(None),
        Some(Reply::Keys(done)) => Ok(Some(done)),
        Some(Reply::Error(why)) => Err(ControlError::Refused(why)),
        Some(Reply::Hello { .. } | Reply::Answer(_) | Reply::Jobs(_) | Reply::Accounts(_) | Reply::People(_)) => Err(not_an_answer(path)),
    }
}

/// Gives the Schoolgate that listens at `path` an order about jobs and messages; nothing where none does. Says for how many.
///
/// # Errors
/// Where one does but gives no answer, or cannot carry it out.
pub fn order_jobs(path: &Path, order: &jobs::Order) -> Result<Option<u64>, ControlError> {
    match call(path, &Call::Jobs(order.clone()), PATIENCE_FOR_KEYS)? {
        None => Ok(None),
        Some(Reply::Jobs(count)) => Ok(Some(count)),
        Some(Reply::Error(why)) => Err(ControlError::Refused(why)),
        Some(Reply::Hello { .. } | Reply::Answer(_) | Reply::Keys(_) | Reply::Accounts(_) | Reply::People(_)) => Err(not_an_answer(path)),
    }
}

/// Gives an order about accounts to the Schoolgate that listens at `path`; nothing where none does.
///
/// # Errors
/// Where one does but gives no answer, or cannot carry it out.
pub fn order_accounts(path: &Path, order: &accounts::Order) -> Result<Option<Vec<Link>>, ControlError> {
    match call(path, &Call::Accounts(order.clone()), PATIENCE_FOR_KEYS)? {
        None => Ok(None),
        Some(Reply::Accounts(links)) => Ok(Some(links)),
        Some(Reply::Error(why)) => Err(ControlError::Refused(why)),
        Some(Reply::Hello { .. } | Reply::Answer(_) | Reply::Keys(_) | Reply::Jobs(_) | Reply::People(_)) => Err(not_an_answer(path)),
    }
}

/// Gives the Schoolgate that listens at `path` an order about people; nothing where none does.
///
/// # Errors
/// Where one does but gives no answer, or cannot carry it out.
pub fn order_people(path: &Path, order: &people::Order) -> Result<Option<people::Report>, ControlError> {
    match call(path, &Call::People(order.clone()), PATIENCE_FOR_PEOPLE)? {
        None => Ok(None),
        Some(Reply::People(report)) => Ok(Some(*report)),
        Some(Reply::Error(why)) => Err(ControlError::Refused(why)),
        Some(Reply::Hello { .. } | Reply::Answer(_) | Reply::Keys(_) | Reply::Jobs(_) | Reply::Accounts(_)) => Err(not_an_answer(path)),
    }
}

/// The version of the Schoolgate that listens at `path`; nothing where none does.
///
/// # Errors
/// Where one does but gives no answer.
pub fn running(path: &Path) -> Result<Option<String>, ControlError> {
    match call(path, &Call::Hello, PATIENCE)? {
        None => Ok(None),
        Some(Reply::Hello { version }) => Ok(Some(version)),
        Some(Reply::Answer(_) | Reply::Keys(_) | Reply::Jobs(_) | Reply::Accounts(_) | Reply::People(_) | Reply::Error(_)) => {
            Err(not_an_answer(path))
        }
    }
}

fn not_an_answer(path: &Path) -> ControlError {
    ControlError::NoAnswer { path: path.to_owned(), source: io::ErrorKind::InvalidData.into() }
}

// === Opening ===

/// Takes the folder for this process. A lock, and not a look at whether somebody answers, so that of two that start together one
/// wins. Its file stays: removing it could take it from under another.
fn lock(path: &Path) -> Result<File, ControlError> {
    let file = path.with_extension("lock");
    let io = |source| ControlError::Io { doing: "lock", path: file.clone(), source };
    let lock = File::options().create(true).append(true).mode(0o600).open(&file).map_err(io)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(ControlError::AlreadyRunning { folder: path.parent().unwrap_or(Path::new(".")).to_owned() }),
        Err(TryLockError::Error(source)) => Err(io(source)),
    }
}

/// A socket gets the rights that the umask leaves, and the umask is one for all threads. So it is made in a folder that nobody else may
/// enter, gets its rights there, and is then moved into place, over what a killed process left.
fn bind(path: &Path) -> Result<UnixListener, ControlError> {
    let io = |source| ControlError::Io { doing: "open", path: path.to_owned(), source };
    SocketAddr::from_pathname(path).map_err(|_| ControlError::PathTooLong { path: path.to_owned() })?;
    // Folder and file together have a shorter name than the socket, so that they fit where it fits.
    let private = tempfile::Builder::new().prefix(".s").tempdir_in(path.parent().unwrap_or(Path::new("."))).map_err(io)?;
    let first = private.path().join("s");
    let listener = UnixListener::bind(&first).map_err(io)?;
    fs::set_permissions(&first, Permissions::from_mode(0o600)).map_err(io)?;
    fs::rename(&first, path).map_err(io)?;
    Ok(listener)
}

// === Serving ===

fn accept(listener: &UnixListener, stop: &AtomicBool, handlers: &Handlers) {
    let open = Arc::new(());
    for stream in listener.incoming() {
        if stop.load(Ordering::Acquire) {
            return;
        }
        let Ok(stream) = stream else { continue };
        if Arc::strong_count(&open) > MAX_CONNECTIONS {
            continue;
        }
        let (handlers, guard) = (handlers.clone(), Arc::clone(&open));
        let serve = move || {
            // Whoever asked has gone; there is nobody left to tell.
            drop(converse(&stream, &handlers));
            drop(guard);
        };
        // Without a thread the connection is closed unanswered, and the asker is told so.
        drop(thread::Builder::new().name("control-call".to_owned()).spawn(serve));
    }
}

fn converse(stream: &UnixStream, handlers: &Handlers) -> io::Result<()> {
    let reply = match receive(stream, MAX_REQUEST, PATIENCE) {
        Ok(Call::Keys(order)) => (handlers.keys)(order).map_or_else(Reply::Error, Reply::Keys),
        Ok(Call::Accounts(order)) => (handlers.accounts)(order).map_or_else(Reply::Error, Reply::Accounts),
        Ok(Call::Jobs(order)) => (handlers.jobs)(order).map_or_else(Reply::Error, Reply::Jobs),
        Ok(Call::People(order)) => (handlers.people)(order).map_or_else(Reply::Error, |report| Reply::People(Box::new(report))),
        Ok(Call::Why(question)) => (handlers.why)(question).map_or_else(Reply::Error, |answer| Reply::Answer(Box::new(answer))),
        #[cfg(debug_assertions)]
        Ok(Call::Clock(seconds)) => {
            crate::world::ahead::go(seconds);
            Reply::Hello { version: env!("CARGO_PKG_VERSION").to_owned() }
        }
        Ok(Call::Hello) => Reply::Hello { version: env!("CARGO_PKG_VERSION").to_owned() },
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Reply::Error("the request cannot be read".to_owned()),
        Err(error) => return Err(error),
    };
    send(stream, &reply)
}

impl Drop for ControlServer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        // A last connection wakes the thread. If the socket is gone the thread cannot be woken, and ends with the process.
        if UnixStream::connect(&self.path).is_ok()
            && let Some(thread) = self.thread.take()
        {
            drop(thread.join());
        }
        drop(fs::remove_file(&self.path));
    }
}

// === Asking ===

fn call(path: &Path, call: &Call, patience: Duration) -> Result<Option<Reply>, ControlError> {
    let stream = match UnixStream::connect(path) {
        Ok(stream) => stream,
        // No folder, no socket, a path that no socket can have, or one that a killed process left.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused | io::ErrorKind::InvalidInput) => {
            return Ok(None);
        }
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Ok(None),
        Err(source) => return Err(ControlError::Io { doing: "ask at", path: path.to_owned(), source }),
    };
    let reply = send(&stream, call).and_then(|()| receive(&stream, MAX_REPLY, patience));
    reply.map(Some).map_err(|source| ControlError::NoAnswer { path: path.to_owned(), source })
}

// === Lines ===

/// A stream that is read until a moment, however slowly the other side drips.
struct Patient<'a> {
    stream: &'a UnixStream,
    end: Instant,
}

impl Read for Patient<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        self.stream.read(buffer)
    }
}

/// Lines may hold passphrases, so the bytes of both directions are overwritten.
fn send(mut stream: &UnixStream, what: &impl Serialize) -> io::Result<()> {
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut line = Zeroizing::new(serde_json::to_vec(what)?);
    line.push(b'\n');
    stream.write_all(&line)
}

fn receive<T: DeserializeOwned>(stream: &UnixStream, limit: u64, patience: Duration) -> io::Result<T> {
    let mut line = Zeroizing::new(Vec::with_capacity(CHUNK));
    let mut from = Patient { stream, end: Instant::now() + patience }.take(limit);
    let mut chunk = Zeroizing::new([0; CHUNK]);
    loop {
        let length = from.read(chunk.as_mut_slice())?;
        let read = chunk.get(..length).unwrap_or_default();
        line.extend_from_slice(read);
        if read.is_empty() || read.contains(&b'\n') {
            break;
        }
    }
    if line.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    serde_json::from_slice(&line).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}
