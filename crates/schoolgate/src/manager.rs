//! What the system's service manager is told: that Schoolgate serves, and that it stops (sd_notify(3)). It names the socket for that
//! in `NOTIFY_SOCKET`; where it names none, nothing is said.
//!
//! No sign of life is sent beside: one that comes from a timer of ours would say only that the timer runs.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};

use tracing::warn;

/// Whoever started this process, if it wants to be told.
#[derive(Debug, Clone, Default)]
pub struct Manager(Option<OsString>);

// === impl Manager ===

impl Manager {
    /// The one that listens at this socket: a path, or `@` and a name in Linux's abstract space.
    pub const fn at(socket: Option<OsString>) -> Self {
        Self(socket)
    }

    /// Every port is open and the rules are in force.
    pub fn serving(&self, listeners: usize) {
        self.tell(&format!("READY=1\nSTATUS=Filtering for {listeners} listeners"));
    }

    /// The order to stop has come.
    pub fn stopping(&self) {
        self.tell("STOPPING=1");
    }

    fn tell(&self, state: &str) {
        let Some(socket) = &self.0 else { return };
        if let Err(error) = send(socket, state) {
            warn!(%error, "the service manager cannot be told how Schoolgate stands; it may end it");
        }
    }
}

fn send(socket: &OsStr, state: &str) -> io::Result<()> {
    let address = match socket.as_bytes().strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(socket)?,
    };
    UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &address).map(drop)
}

#[cfg(test)]
mod tests {
    use testkit::folder::Folder;

    use super::*;

    fn heard(socket: &UnixDatagram) -> String {
        let mut text = [0; 200];
        let length = socket.recv(&mut text).expect("a datagram");
        String::from_utf8_lossy(&text[..length]).into_owned()
    }

    #[test]
    fn who_wants_to_know_is_told_by_path_or_by_name() {
        let folder = Folder::new().expect("folder");
        let path = folder.join("notify");
        let by_path = UnixDatagram::bind(&path).expect("socket");
        Manager::at(Some(path.into())).serving(2);
        assert_eq!(heard(&by_path), "READY=1\nSTATUS=Filtering for 2 listeners");
        let name = format!("schoolgate-test-{}", std::process::id());
        let by_name = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&name).expect("name")).expect("socket");
        Manager::at(Some(format!("@{name}").into())).stopping();
        assert_eq!(heard(&by_name), "STOPPING=1");
    }

    #[test]
    fn where_nobody_listens_it_goes_on() {
        Manager::default().serving(1);
        Manager::at(Some("/nowhere/notify".into())).stopping();
    }
}
