//! Who says where a name leads.

use std::fmt;
use std::io;
use std::net::{IpAddr, ToSocketAddrs as _};
use std::sync::Arc;

/// What looks a name up. It may block: it is called on a thread for that.
type LookUp = dyn Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync;

/// Looks names up. What it says is believed by nobody: inner addresses are refused whoever names them.
#[derive(Clone)]
pub struct Resolver(Arc<LookUp>);

// === impl Resolver ===

impl Resolver {
    /// One that asks `look_up`, which is given names with a last dot, but for those without any, and may block.
    pub fn new(look_up: impl Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync + 'static) -> Self {
        Self(Arc::new(look_up))
    }

    pub(super) fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        (self.0)(name)
    }
}

impl Default for Resolver {
    /// The system's own.
    fn default() -> Self {
        Self::new(|name| Ok((name, 0).to_socket_addrs()?.map(|address| address.ip()).collect()))
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Resolver")
    }
}
