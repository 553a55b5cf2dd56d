//! What was set up by hand: configuration, data folder, console address; and whether Schoolgate runs there.

use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::time::Duration;

use super::Facts;
use super::finding::{Look, Told, Unknown};
use crate::config::ConfigErrors;

/// How long a port of this machine may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// Rights of the group and of others.
const OTHERS: u32 = 0o077;

pub(super) fn configuration(facts: &Facts) -> Look {
    match (&facts.config, &facts.place.config) {
        (Ok(_), None) => Told::good("No file is given, so the built-in settings hold.").into(),
        (Ok(_), Some(path)) => Told::good(format!("{} has no mistakes.", path.display())).into(),
        (Err(ConfigErrors::Mistakes { file, mistakes }), _) => {
            let todo = format!("put {file} right: docs/config.toml shows every setting");
            Ok(mistakes.iter().map(|mistake| Told::bad(format!("{file}:{mistake}"), todo.clone())).collect())
        }
        (Err(error @ (ConfigErrors::Unreadable { .. } | ConfigErrors::TooLarge { .. })), _) => {
            let cause = std::error::Error::source(error).map(|cause| format!(" ({cause})")).unwrap_or_default();
            Told::bad(format!("{error}{cause}."), "name the right file with --config").into()
        }
    }
}

pub(super) fn data_folder(facts: &Facts) -> Look {
    let root = facts.data()?.root();
    let shown = root.display();
    let found = match fs::metadata(root) {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Told::warn(
                format!("{shown} is not there yet."),
                "nothing, if this is new: `schoolgate run` makes it; else check data = ... in the configuration",
            )
            .into();
        }
        Err(error) => {
            return Told::bad(format!("{shown} cannot be looked at ({error})."), "choose a folder that this account may use").into();
        }
    };
    if !found.is_dir() {
        return Told::bad(format!("{shown} is no folder."), "choose another data folder, or move the file away").into();
    }
    if ledger::backup::is_unfinished(root) {
        let says = format!("A restore into {shown} was interrupted, and what it left is of no use.");
        return Told::bad(says, "remove the folder and restore again").into();
    }
    let me = rustix::process::geteuid();
    let mut told = Vec::new();
    if let Err(error) = tempfile::tempfile_in(root) {
        told.push(Told::bad(
            format!("{shown} cannot be written ({error})."),
            "give it to the account that runs Schoolgate, or run as that account",
        ));
    }
    if found.uid() != me.as_raw() && !me.is_root() {
        let says = format!("{shown} belongs to another account (number {}; this is {}).", found.uid(), me.as_raw());
        told.push(Told::warn(says, "run doctor as the account that runs Schoolgate"));
    }
    let mode = found.permissions().mode() & 0o777;
    if mode & OTHERS != 0 {
        told.push(Told::warn(
            format!("Other accounts of this machine may look into {shown} (mode {mode:o})."),
            format!("chmod 700 {shown}"),
        ));
    }
    if told.is_empty() {
        told.push(Told::good(format!("{shown} can be written, and by this account only.")));
    }
    Ok(told)
}

pub(super) fn console(facts: &Facts) -> Look {
    port(facts, facts.config()?.console.listen, "listen = ... under [console]").map(|told| vec![told])
}

/// Whether Schoolgate has this address and port, or can have it. `setting` is where it is chosen.
pub(super) fn port(facts: &Facts, listen: SocketAddr, setting: &str) -> Result<Told, Unknown> {
    let todo = format!("choose another address or port: {setting}");
    match TcpListener::bind(listen) {
        Ok(_) if facts.is_running() => {
            Ok(Told::warn(format!("Schoolgate is running, but not at {listen}."), format!("start it again if {setting} was changed")))
        }
        Ok(_) => Ok(Told::good(format!("{listen} is free."))),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => match facts.running {
            Ok(Some(_)) => Ok(Told::good(format!("{listen} is in use, as it should be: Schoolgate is running."))),
            Ok(None) => Ok(Told::bad(format!("{listen} is in use by another program."), format!("end that program, or {todo}"))),
            Err(_) => Err(Unknown::new(format!("{listen} is in use, and whether by Schoolgate cannot be asked"))),
        },
        Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => {
            Ok(Told::bad(format!("{} is no address of this machine.", listen.ip()), todo))
        }
        // The service may have a right to it that nobody who types a command has.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && facts.is_running() && answers(listen) => {
            Ok(Told::good(format!("{listen} is in use, as it should be: Schoolgate is running.")))
        }
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            Ok(Told::bad(format!("This account may not use port {}.", listen.port()), format!("choose a port from 1024 up: {setting}")))
        }
        Err(error) => Err(Unknown::new(format!("{listen} cannot be tried ({error})"))),
    }
}

/// Whether anybody listens there. All addresses of the machine are asked by the one that is always its own.
fn answers(listen: SocketAddr) -> bool {
    let here = match listen.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    TcpStream::connect_timeout(&SocketAddr::new(here, listen.port()), PATIENCE).is_ok()
}

pub(super) fn running(facts: &Facts) -> Look {
    let root = facts.data()?.root();
    let own = env!("CARGO_PKG_VERSION");
    match &facts.running {
        Ok(Some(version)) if version == own => Told::good(format!("Schoolgate {version} is running.")).into(),
        Ok(Some(version)) => Told::warn(
            format!("Schoolgate {version} is running, but this program is {own}."),
            "start Schoolgate again to run the new version",
        )
        .into(),
        Ok(None) => Told::warn(format!("No Schoolgate is running on {}.", root.display()), "start it with `schoolgate run`").into(),
        Err(error) => Told::bad(format!("{error}."), "if it does not answer in a minute, stop it and start it again").into(),
    }
}
