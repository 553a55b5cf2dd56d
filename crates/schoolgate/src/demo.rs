//! The demonstration: an invented school that shows what Schoolgate does with nothing downloaded and nothing set up.
//!
//! It brings its own small internet, on this machine alone. Whatever is not part of that leads nowhere, so that nothing leaves the
//! machine.

mod people;
mod sites;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use jiff::Timestamp;
use proxy::rules::PasswordHash;

use crate::config::{Config, ConfigErrors};
use crate::data::DataFolder;
use crate::policy::OwnList;
use crate::users::{self, Entry, UsersError};

pub use people::{people, visit, visitors};
pub use sites::Sites;

/// Its configuration, as a school would write it, but for [`TODAY`].
const CONFIG: &str = include_str!("demo.toml");
/// Stands in [`CONFIG`] for the day on which it is read: a lift with a fixed end would lapse and show nothing.
const TODAY: &str = "TODAY";
/// What the messages of a mistake would call it.
const NAME: &str = "demo.toml";
/// The listeners to its proxy: name, and the setting that says who comes in there.
const LISTENERS: [(&str, &str); 4] = [
    ("infants", "profile = \"early-years-ks1\""),
    ("juniors", "profile = \"ks2\""),
    ("staff", "profile = \"staff\""),
    ("sign-in", "sign_in = true"),
];
/// The users file in its data folder, as the configuration names it.
const USERS: &str = "demo-users";
/// Everybody's password in the invented school. It opens nothing else, and is the same each time so that it can be told.
pub const PASSWORD: &str = "larkfield";

/// What every page says.
pub const NOTICE: &str = "Demonstration: invented school";

/// Names its made-up sites by category, as a list would.
pub const LIST: OwnList = (
    "demonstration",
    &[
        ("gambling", "casino.example\n"),
        ("social-media", "friends.example\n"),
        ("shopping", "toys.example\n"),
        ("news", "news.example\n"),
        ("self-harm", "dark-thoughts.example\n"),
    ],
);

/// Where the parts of a running demonstration are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    data: PathBuf,
    first_listener: u16,
    sites: SocketAddr,
    safe_search: SocketAddr,
}

/// The configuration of the invented school, as on the day of `now`.
///
/// # Errors
/// Where the shipped file has a mistake: a fault of this program, which a test would find.
pub fn config(places: &Places, now: Timestamp) -> Result<Config, ConfigErrors> {
    let today = now.to_zoned(Config::default().time_zone).date();
    let mut text = CONFIG.replace(TODAY, &today.to_string());
    for (number, (name, who)) in (0..).zip(LISTENERS) {
        // Port 0 lets the system choose; so does a port behind the last.
        let port = if places.first_listener == 0 { 0 } else { places.first_listener.checked_add(number).unwrap_or(0) };
        text.push_str(&format!("\n[[listen]]\nname = \"{name}\"\naddress = \"127.0.0.1:{port}\"\n{who}\n"));
    }
    let port = match places.first_listener {
        0 => 0,
        first => u16::try_from(LISTENERS.len()).ok().and_then(|number| first.checked_add(number)).unwrap_or(0),
    };
    text.push_str(&format!("\n[public]\nlisten = \"127.0.0.1:{port}\"\n"));
    for (host, is_safe) in sites::hosts() {
        let at = if is_safe { places.safe_search } else { places.sites };
        text.push_str(&format!("\n[[host]]\nname = \"{host}\"\naddress = \"{}\"\nport = {}\n", at.ip(), at.port()));
    }
    // All the rest of the internet: a proxy that opens nothing.
    text.push_str(&format!("\n[parent_proxy]\naddress = \"{}\"\n", places.sites));
    Config::parse(&text, &places.data.join(NAME).to_string_lossy())
}

/// Where the demonstration keeps its data: beside that of a real school, never in it.
pub fn data_folder(of_school: &DataFolder) -> DataFolder {
    DataFolder::new(&of_school.root().join("demo"))
}

/// Writes the users file of the invented school into its data folder.
///
/// # Errors
/// Where the disk refuses.
pub fn write_users(data: &DataFolder) -> Result<(), UsersError> {
    let entry = |name: &str| Entry { name: name.to_owned(), password: PasswordHash::new([7; 16], PASSWORD) };
    users::write(&data.root().join(USERS), &["rowan", "juniper"].map(entry))
}

// === impl Places ===

impl Places {
    /// The demonstration in `data`, whose console is at `console`: the listeners of its proxy are the ports after that one, what is
    /// published is on the next, and where
    /// the console's port is 0, free ones.
    pub fn new(data: &DataFolder, console: SocketAddr, sites: &Sites) -> Self {
        let first_listener = console.port().checked_add(1).filter(|next| *next > 1).unwrap_or(0);
        Self { data: data.root().to_owned(), first_listener, sites: sites.address(), safe_search: sites.safe_search_address() }
    }

    /// Places where nothing is, for who only wants to read the configuration.
    pub fn nowhere() -> Self {
        let nothing = SocketAddr::from((Ipv4Addr::LOCALHOST, 9));
        Self { data: PathBuf::new(), first_listener: 0, sites: nothing, safe_search: nothing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_invented_school_shows_each_kind_of_rule() {
        let now: Timestamp = "2026-11-23T10:00:00Z".parse().expect("time");
        let config = config(&Places::nowhere(), now).expect("the shipped file");
        assert!(config.school.contains("(demo)"));
        assert!(config.sources.is_empty(), "nothing may be downloaded");
        assert!(config.people.len() >= 4 && !config.windows.is_empty());
        assert!(config.overrides.iter().any(|item| item.until.is_some_and(|until| until > now)), "no lift is in force");
        assert!(config.overrides.iter().any(|item| item.until.is_none()));
    }

    #[test]
    fn nothing_of_it_is_on_a_network() {
        let now: Timestamp = "2026-11-23T10:00:00Z".parse().expect("time");
        let config = config(&Places::nowhere(), now).expect("the shipped file");
        assert!(config.public.is_some_and(|public| public.listen.ip().is_loopback()));
        let gateway = config.gateway;
        assert!(gateway.listeners.len() == 4 && gateway.listeners.iter().all(|listener| listener.address.ip().is_loopback()));
        assert!(gateway.hosts.iter().all(|host| host.address.is_loopback()));
        assert!(gateway.parent.is_some_and(|parent| parent.host.as_str() == "127.0.0.1"), "other hosts would be looked up");
    }
}
