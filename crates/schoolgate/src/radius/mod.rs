//! RADIUS accounting: the school's network says who has which address (RFC 2866).
//!
//! Each packet that bears the secret of its client is answered, so that nobody sends it again and again; what it says of somebody unknown
//! is counted and forgotten. Nothing of a packet goes into the log but numbers.

mod packet;
mod sessions;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use ids::PersonId;
use ipnet::IpNet;
use jiff::Timestamp;
use office::gate::NamedBy;
use tokio::net::UdpSocket;
use tracing::{info, warn};

pub use packet::{Accounting, MAX_PACKET, Refused, Secret, Status};
pub use sessions::Sessions;

use crate::config::RadiusConfig;
use crate::live::Live;
use crate::secret_file::{self, Credentials};
use crate::world::World;

/// Between two lines of the log about what came in.
const TELL: Duration = Duration::from_secs(300);

/// Where packets come in, and from whom they are taken.
#[derive(Debug)]
pub struct Listener {
    socket: UdpSocket,
    clients: Vec<(IpNet, Secret)>,
    names: NamedBy,
    sessions: Sessions,
}

/// What came in since this was last told.
#[derive(Debug, Default)]
struct Counts {
    taken: u64,
    unknown: u64,
    refused: u64,
    strangers: u64,
}

/// Takes the port and reads the secrets; nothing where the configuration names no port.
///
/// # Errors
/// Where the port cannot be had or a secret cannot be used.
pub async fn bind(config: &RadiusConfig, credentials: &Credentials) -> Result<Option<Listener>> {
    let Some(address) = config.listen else { return Ok(None) };
    let mut clients =
        config.clients.iter().map(|it| Ok((it.addresses, secret(&it.secret_file, credentials)?))).collect::<Result<Vec<_>>>()?;
    // The narrowest that fits counts.
    clients.sort_by_key(|(range, _)| std::cmp::Reverse(range.prefix_len()));
    let socket = UdpSocket::bind(address).await;
    let socket = socket.with_context(|| {
        format!("listening on {address} for RADIUS accounting: choose an address and port that are free: listen = ... under [radius]")
    })?;
    Ok(Some(Listener { socket, clients, names: config.names, sessions: Sessions::new(config.idle) }))
}

fn secret(path: &Path, credentials: &Credentials) -> Result<Secret> {
    let doing = || format!("reading the secret of a RADIUS client, {}", path.display());
    let line = secret_file::line(path, credentials, doing)?;
    Secret::new(line.into_bytes()).ok_or_else(|| anyhow!("{}: it must hold one line of {} characters or more", doing(), Secret::LEAST))
}

/// Who is called so by the network: somebody of the configuration, else of the records.
fn person(live: &Live, names: NamedBy, name: &str) -> Option<PersonId> {
    let in_force = live.in_force();
    let of_config = names == NamedBy::UserName && in_force.config.people.iter().any(|person| person.name == name);
    if of_config { Some(PersonId::named(name)) } else { live.people().find(names, name) }
}

// === impl Listener ===

impl Listener {
    /// Where it listens.
    ///
    /// # Errors
    /// Where the system does not say.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Takes what comes until `ordered` ends.
    pub fn start(self, live: &Arc<Live>, world: &World, ordered: impl Future<Output = ()> + Send + 'static) {
        let (live, world) = (Arc::clone(live), world.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = self.serve(&live, &world) => {}
                () = ordered => {}
            }
        });
    }

    async fn serve(mut self, live: &Live, world: &World) {
        let (mut buffer, mut counts) = (vec![0; MAX_PACKET], Counts::default());
        let mut tell = tokio::time::interval(TELL);
        loop {
            let received = tokio::select! {
                received = self.socket.recv_from(&mut buffer) => received,
                _ = tell.tick() => {
                    std::mem::take(&mut counts).tell();
                    continue;
                }
            };
            match received {
                Ok((length, from)) => self.packet(live, buffer.get(..length).unwrap_or_default(), from, world.now(), &mut counts).await,
                Err(error) => {
                    warn!(%error, "RADIUS accounting could not be read; trying again");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    async fn packet(&mut self, live: &Live, packet: &[u8], from: SocketAddr, now: Timestamp, counts: &mut Counts) {
        let source = from.ip().to_canonical();
        let Some((_, secret)) = self.clients.iter().find(|(range, _)| range.contains(&source)) else {
            counts.strangers += 1;
            return;
        };
        let Ok(accounting) = Accounting::read(packet, secret) else {
            counts.refused += 1;
            return;
        };
        counts.taken += 1;
        let who = accounting.user.as_deref().and_then(|name| person(live, self.names, name));
        if who.is_none() && accounting.user.is_some() {
            counts.unknown += 1;
        }
        self.sessions.take(live.presence(), &accounting, who, source, now);
        // Who does not get it asks again, which does no harm.
        drop(self.socket.send_to(accounting.answer(), from).await);
    }
}

// === impl Counts ===

impl Counts {
    fn tell(&self) {
        let Self { taken, unknown, refused, strangers } = self;
        if refused + strangers > 0 {
            warn!(
                taken,
                unknown, refused, strangers, "some RADIUS accounting was not taken: look at the clients and secrets under [radius]"
            );
        } else if *taken > 0 {
            info!(taken, unknown, "RADIUS accounting");
        }
    }
}
