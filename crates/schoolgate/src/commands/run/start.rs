//! Before the first request: the data folder and the port. Each error says what to do.

use std::fs::{DirBuilder, OpenOptions, remove_file};
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};

use anyhow::{Context, Result};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::TcpListener;

use crate::config::ConsoleConfig;
use crate::data::DataFolder;
use crate::refresh;

/// Makes the data folder if it is not there (mode 0700, since records will be in it), proves that it can be written, and clears
/// what a killed run left behind.
pub(super) fn prepare(data: &DataFolder) -> Result<()> {
    let root = data.root();
    anyhow::ensure!(
        !ledger::backup::is_unfinished(root),
        "starting on {}: a restore into this folder was interrupted, and what it left is of no use; remove the folder and restore again",
        root.display()
    );
    let doing = |what| {
        move || format!("{what} the data folder {}: choose another with --data, or give this user the right to write there", root.display())
    };
    DirBuilder::new().recursive(true).mode(0o700).create(root).with_context(doing("making"))?;
    let probe = root.join(format!(".schoolgate-probe-{}.tmp", std::process::id()));
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&probe).with_context(doing("writing into"))?;
    remove_file(&probe).with_context(doing("writing into"))?;
    ledger::upgrade::clear(root).context("removing a copy of the records that an upgrade left when it was cut off")?;
    refresh::clear_leftovers(data)
}

/// Lets this process have as many files and connections open as the system allows: a service often starts with 1,024, and each reader
/// of the proxy takes two. Says how many that are.
pub(super) fn allow_many_files() -> Option<u64> {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        tracing::warn!(%error, "the system does not let this process open more files, so fewer readers can be served at once");
    }
    getrlimit(Resource::Nofile).current
}

/// Takes the public address, if there is one.
pub(super) async fn listen_in_public(config: Option<&ConsoleConfig>) -> Result<Option<TcpListener>> {
    let Some(config) = config else { return Ok(None) };
    let doing = || format!("listening on {} for what is published: choose another address in [public] of the configuration", config.listen);
    TcpListener::bind(config.listen).await.with_context(doing).map(Some)
}

/// Takes the console's port, and gives which it is.
pub(super) async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address).await.map_err(|error| {
        let what = match error.kind() {
            ErrorKind::AddrInUse => {
                "another program uses this port. Stop it, or choose another port with --listen or in [console] of the configuration"
            }
            ErrorKind::PermissionDenied => "this user may not use this port. Choose one of 1024 or above with --listen",
            _ => "choose another address with --listen",
        };
        anyhow::Error::new(error).context(format!("listening on {address} for the console: {what}"))
    })?;
    let address = listener.local_addr().context("reading the console's own address")?;
    Ok((listener, address))
}
