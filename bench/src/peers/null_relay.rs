//! The floor: hands bytes on and looks at none. No filter, no record. One thread for each direction of each connection.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Command;

use anyhow::Context;

use super::{Peer, Place, Running, free_address};

/// The row of the table.
pub(super) const PEER: Peer = Peer { name: "null", title: "floor: null relay", filters: false, tunnels: false, start };

/// Bytes handed on at once.
const BUFFER: usize = 64 * 1024;

fn start(place: &Place) -> anyhow::Result<Running> {
    let listen = free_address()?;
    let own = std::env::current_exe().context("find this program")?;
    Running::start(Command::new(own).args(["null-relay", &listen.to_string(), &place.web.to_string()]), listen, &place.folder)
}

/// Serves for good; this is what the started program does.
pub(crate) fn serve(listen: &str, origin: &str) -> anyhow::Result<()> {
    let listener = TcpListener::bind(listen).with_context(|| format!("listen on {listen}"))?;
    for client in listener.incoming().flatten() {
        let Ok(server) = TcpStream::connect(origin) else { continue };
        // What breaks is seen by whoever sent the request.
        drop(join(client, server));
    }
    Ok(())
}

fn join(client: TcpStream, server: TcpStream) -> std::io::Result<()> {
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (from, to) = (client.try_clone()?, server.try_clone()?);
    std::thread::spawn(move || copy(from, to));
    std::thread::spawn(move || copy(server, client));
    Ok(())
}

fn copy(mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = vec![0; BUFFER];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    drop(to.shutdown(Shutdown::Write));
}
