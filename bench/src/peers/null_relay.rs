//! The floor: hands bytes on and looks at none. No filter, no record. One thread that waits for all connections at once (epoll), one
//! connection to the origin for each of a client.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;

use anyhow::Context;
use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};

use super::{Peer, Place, Running, Tunnels, free_address};

/// The row of the table.
pub(super) const PEER: Peer =
    Peer { name: "null", title: "floor: null relay", filters: false, tunnels: Tunnels::None, start, reloads: &[] };

/// Bytes handed on at once.
const BUFFER: usize = 64 * 1024;
/// Connections that are looked at in one turn.
const EVENTS: usize = 512;
/// The listener's mark; connections have their place in the list of all.
const LISTENER: u64 = u64::MAX;

fn start(place: &Place) -> anyhow::Result<Running> {
    let listen = free_address()?;
    let own = std::env::current_exe().context("find this program")?;
    Running::start(Command::new(own).args(["null-relay", &listen.to_string(), &place.web.to_string()]), listen, &place.folder)
}

/// Serves for good; this is what the started program does.
pub(crate) fn serve(listen: &str, origin: &str) -> anyhow::Result<()> {
    let listener = TcpListener::bind(listen).with_context(|| format!("listen on {listen}"))?;
    let poll = epoll::create(CreateFlags::CLOEXEC)?;
    epoll::add(&poll, &listener, EventData::new_u64(LISTENER), EventFlags::IN)?;
    // Both ends of a connection stand side by side: an even place and the odd one behind it.
    let mut ends: Vec<Option<TcpStream>> = Vec::new();
    let mut buffer = vec![0; BUFFER];
    let mut events = Vec::with_capacity(EVENTS);
    loop {
        epoll::wait(&poll, spare_capacity(&mut events), None)?;
        for event in events.drain(..) {
            let at = event.data.u64();
            if at != LISTENER {
                hand_on(&mut ends, at as usize, &mut buffer);
                continue;
            }
            let (client, _) = listener.accept()?;
            let Ok(server) = TcpStream::connect(origin) else { continue };
            for end in [client, server] {
                end.set_nodelay(true)?;
                epoll::add(&poll, &end, EventData::new_u64(ends.len() as u64), EventFlags::IN)?;
                ends.push(Some(end));
            }
        }
    }
}

/// Moves what there is to read at one end to the other. Where either is at an end, both are dropped.
fn hand_on(ends: &mut [Option<TcpStream>], at: usize, buffer: &mut [u8]) {
    let moved = match (&ends[at], &ends[at ^ 1]) {
        (Some(from), Some(to)) => move_once(from, to, buffer).unwrap_or(0),
        _ => 0,
    };
    if moved == 0 {
        ends[at] = None;
        ends[at ^ 1] = None;
    }
}

fn move_once(mut from: &TcpStream, mut to: &TcpStream, buffer: &mut [u8]) -> std::io::Result<usize> {
    let count = from.read(buffer)?;
    to.write_all(&buffer[..count])?;
    Ok(count)
}
