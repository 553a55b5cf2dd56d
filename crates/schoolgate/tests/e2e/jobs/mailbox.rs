//! A mail server on the loopback that keeps what it was given, and may keep a sender waiting in the middle.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// The server.
pub(super) struct Mailbox {
    address: SocketAddr,
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    /// The ids of the letters that were given to it whole, in their order.
    ids: Mutex<Vec<String>>,
    came: Condvar,
    /// Told of the third letter, which then gets no answer.
    third: Mutex<Option<Sender<String>>>,
    silent: AtomicBool,
}

// === impl Mailbox ===

impl Mailbox {
    pub(super) fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let inner = Arc::new(Inner::default());
        let serving = Arc::clone(&inner);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let inner = Arc::clone(&serving);
                // Whoever spoke may be killed in the middle.
                std::thread::spawn(move || drop(inner.converse(&stream)));
            }
        });
        Self { address, inner }
    }

    /// The section of the configuration that leads here.
    pub(super) fn settings(&self) -> String {
        format!(
            "[mail]\nserver = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\nfrom = \"office@hill.school.example\"\n",
            self.address.port()
        )
    }

    /// The third letter is taken whole and gets no answer. Tells its id when it has come.
    pub(super) fn keep_the_third_waiting(&self) -> Receiver<String> {
        let (sender, receiver) = mpsc::channel();
        *self.inner.third.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        receiver
    }

    pub(super) fn answer_again(&self) {
        self.inner.silent.store(false, Ordering::SeqCst);
    }

    /// The ids of the letters so far, in the order in which they came.
    pub(super) fn ids(&self) -> Vec<String> {
        self.inner.ids.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until so many have come.
    pub(super) fn wait_for(&self, count: usize, patience: Duration) {
        let ids = self.inner.ids.lock().unwrap_or_else(PoisonError::into_inner);
        let (ids, waited) = self.inner.came.wait_timeout_while(ids, patience, |ids| ids.len() < count).expect("not poisoned");
        assert!(!waited.timed_out(), "{} letters came, {count} were expected", ids.len());
    }
}

// === impl Inner ===

impl Inner {
    fn converse(&self, stream: &TcpStream) -> std::io::Result<()> {
        let mut writer = stream;
        writer.write_all(b"220 mail.example\r\n")?;
        let (mut is_in_letter, mut id) = (false, String::new());
        for line in BufReader::new(stream).lines() {
            let line = line?;
            if is_in_letter {
                if let Some(message) = line.strip_prefix("Message-ID: <").and_then(|rest| rest.split('@').next()) {
                    message.clone_into(&mut id);
                }
                if line != "." {
                    continue;
                }
                is_in_letter = false;
                self.came(&id);
                if self.silent.load(Ordering::SeqCst) {
                    continue;
                }
            }
            is_in_letter = line == "DATA";
            let reply = match line.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" => "250-mail.example\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n",
                "AUTH" => "235 ok\r\n",
                "DATA" => "354 go on\r\n",
                "QUIT" => "221 bye\r\n",
                _ => "250 ok\r\n",
            };
            writer.write_all(reply.as_bytes())?;
        }
        Ok(())
    }

    fn came(&self, id: &str) {
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        ids.push(id.to_owned());
        if ids.len() == 3
            && let Some(told) = self.third.lock().unwrap_or_else(PoisonError::into_inner).take()
        {
            self.silent.store(true, Ordering::SeqCst);
            // The test has ended when nobody listens.
            let _ = told.send(id.to_owned());
        }
        self.came.notify_all();
    }
}
