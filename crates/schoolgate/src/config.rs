//! The configuration: one TOML file, read into types that cannot be wrong.
//!
//! Every mistake in a file is reported at once, with its line, the key, what is wrong and what is allowed. An unknown key is a
//! mistake. `docs/config.toml` shows every key with its unit, default and meaning, and a test holds it to what is read here.

mod backup;
mod console;
mod doctor;
mod error;
mod gateway;
mod illegal;
mod lists;
mod log;
mod mail;
mod metrics;
mod outbound;
mod overrides;
mod people;
mod profiles;
mod pupils;
mod radius;
mod reader;
mod records;
mod timetable;
mod values;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use ::lists::fetch::Address;
use filter::host::Host;
use filter::profile::{Profile, shipped};
use filter::snapshot::ProfileIndex;
use filter::timetable::Window;
use jiff::tz::TimeZone;

pub use backup::BackupConfig;
pub use console::{CertificateFiles, ConsoleConfig};
pub use doctor::DoctorConfig;
pub use error::{ConfigErrors, Mistake};
pub use gateway::{GatewayConfig, JournalConfig, ListenerConfig, PagesConfig, RangeConfig};
pub use illegal::{Confirmation, IllegalContent};
pub use lists::{ListPlace, ListSource, ListsConfig};
pub use log::{LogConfig, LogForm};
pub use mail::{MailConfig, MailServer};
pub use metrics::MetricsConfig;
pub use outbound::{HostConfig, OutboundConfig, ParentConfig};
pub use overrides::{For, OverrideConfig};
pub use people::{Agreement, PersonConfig};
pub use pupils::PupilsConfig;
pub use radius::{RadiusClient, RadiusConfig};
pub use records::RecordsConfig;

use profiles::Profiles;
use reader::{Notes, Section};

/// Largest configuration file that is read, in bytes: room for a list of every pupil of a very large school.
const MAX_FILE: u64 = 8 * 1024 * 1024;

/// The school's name where the configuration gives none.
const SCHOOL: &str = "Our school";
/// The school's time zone where the configuration gives none.
const TIME_ZONE: &str = "Europe/London";
/// Everything that a school sets. [`Config::default`] is what an empty file gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The school's name, for pages and reports.
    pub school: String,
    /// The time zone of everything that has an hour. Default Europe/London.
    pub time_zone: TimeZone,
    /// Where lists and records are kept; [`Config::data_folder`] says where it is if nothing is set.
    pub data: Option<PathBuf>,
    /// The address at which people reach the console.
    pub public_url: Option<Address>,
    /// The profile of people who are not known. Default: the strictest pupil profile.
    pub default_profile: ProfileIndex,
    /// Where people reach the console.
    pub console: ConsoleConfig,
    /// Where the whole world reads what is published. Default nowhere but on the console.
    pub public: Option<ConsoleConfig>,
    /// How lists are kept up to date.
    pub lists: ListsConfig,
    /// The category lists.
    pub sources: Vec<ListSource>,
    /// Where the list of illegal material comes from.
    pub illegal_content: IllegalContent,
    /// The shipped profiles as the school changed them, then its own. [`ProfileIndex`] is a place in here.
    pub profiles: Vec<Profile>,
    /// Known people.
    pub people: Vec<PersonConfig>,
    /// The school's exceptions.
    pub overrides: Vec<OverrideConfig>,
    /// The timetable.
    pub windows: Vec<Window>,
    /// Hosts that are never blocked and never gated.
    pub protect: ProtectConfig,
    /// The proxy, and what it keeps.
    pub gateway: GatewayConfig,
    /// Where and when children sign in by themselves.
    pub pupils: PupilsConfig,
    /// What the school's network says of who is where.
    pub radius: RadiusConfig,
    /// Where the records are kept.
    pub records: RecordsConfig,
    /// The copy of the records that outlives this machine.
    pub backup: BackupConfig,
    /// Figures for whoever watches machines.
    pub metrics: MetricsConfig,
    /// Where the log goes.
    pub log: LogConfig,
    /// How letters leave.
    pub mail: MailConfig,
    /// What `schoolgate doctor` may try.
    pub doctor: DoctorConfig,
}

/// `[protect]`: what must always open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProtectConfig {
    /// The school's own sign-in and safeguarding pages, each with everything below it. Default none.
    pub hosts: Vec<Host>,
}

// === impl Config ===

impl Config {
    /// How people reach the console: `https://school.example`, without a slash at the end. None where neither `public_url` says it nor
    /// a fixed port.
    pub fn console_address(&self) -> Option<String> {
        let public = self.public_url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned());
        let listen = self.console.listen;
        public.or_else(|| (listen.port() != 0 && !listen.ip().is_unspecified()).then(|| format!("https://{listen}")))
    }

    /// Reads the file at `path`. Relative paths in it start from its folder.
    ///
    /// # Errors
    /// Where the file cannot be read, or with every mistake in it.
    pub fn load(path: &Path) -> Result<Self, ConfigErrors> {
        let unreadable = |source| ConfigErrors::Unreadable { path: path.to_owned(), source };
        let mut bytes = Vec::new();
        File::open(path).map_err(unreadable)?.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > MAX_FILE {
            return Err(ConfigErrors::TooLarge { path: path.to_owned(), limit: MAX_FILE });
        }
        let text = String::from_utf8(bytes).map_err(|error| ConfigErrors::not_utf8(path, &error))?;
        Self::parse(&text, &path.to_string_lossy())
    }

    /// Reads a configuration from text. `name` is the file's path, for messages and as the start of relative paths.
    ///
    /// # Errors
    /// With every mistake in it; of mistakes in the grammar of TOML itself, only the first can be told.
    pub fn parse(text: &str, name: &str) -> Result<Self, ConfigErrors> {
        let notes = Notes::new(text, name);
        let config = match toml_span::parse(text) {
            Ok(root) => Self::from_root(&Section::root(&notes, &root)),
            Err(error) => {
                notes.syntax(&error);
                None
            }
        };
        notes.into_result(config)
    }

    /// The folder for lists and records: what is set, else `schoolgate` in the user's data folder (`$XDG_DATA_HOME`, else
    /// `$HOME/.local/share`), else `schoolgate-data` in the present folder. The caller reads the two variables.
    pub fn data_folder(&self, xdg_data_home: Option<&Path>, home: Option<&Path>) -> PathBuf {
        // The XDG rules say to ignore a path that is not absolute.
        let of_user = xdg_data_home.filter(|path| path.is_absolute()).map(Path::to_owned);
        let of_user = of_user.or_else(|| home.filter(|path| path.is_absolute()).map(|home| home.join(".local/share")));
        match (&self.data, of_user) {
            (Some(data), _) => data.clone(),
            (None, Some(folder)) => folder.join("schoolgate"),
            (None, None) => PathBuf::from("schoolgate-data"),
        }
    }

    /// The profile with this number, as every [`ProfileIndex`] in this configuration has one.
    pub fn profile(&self, index: ProfileIndex) -> Option<&Profile> {
        self.profiles.get(usize::from(index.0))
    }

    fn from_root(root: &Section<'_>) -> Option<Self> {
        let school = root.or("school", SCHOOL.to_owned(), values::line);
        let time_zone = root.optional("time_zone", values::zone).or_else(|| TimeZone::get(TIME_ZONE).ok());
        let data = root.optional("data", |value| values::path(value, root.base()));
        let public_url = root.optional("public_url", values::address);
        let profiles = Profiles::read(root);
        let default_profile = root.or("default_profile", profiles.strictest(), |value| profiles.find(value));
        let console = ConsoleConfig::read(root);
        let public = ConsoleConfig::read_public(root);
        let lists = ListsConfig::read(root);
        let sources = lists::sources(root);
        let illegal_content = IllegalContent::read(root);
        let people = people::read(root, &profiles);
        let overrides = overrides::read(root, &profiles, &people, time_zone.as_ref());
        let windows = timetable::read(root, &profiles);
        let protect = root.table("protect");
        let hosts = protect.each("hosts", values::host);
        protect.finish();
        let gateway = GatewayConfig::read(root, &profiles);
        let pupils = PupilsConfig::read(root);
        let radius = RadiusConfig::read(root);
        let records = RecordsConfig::read(root);
        let backup = BackupConfig::read(root);
        let metrics = MetricsConfig::read(root);
        let log = LogConfig::read(root);
        let mail = MailConfig::read(root);
        let doctor = DoctorConfig::read(root);
        root.finish();
        Some(Self {
            school,
            time_zone: time_zone?,
            data,
            public_url,
            default_profile,
            console,
            public,
            lists,
            sources,
            illegal_content: illegal_content?,
            profiles: profiles.all,
            people: people.all,
            overrides,
            windows,
            protect: ProtectConfig { hosts },
            gateway,
            pupils,
            radius,
            records,
            backup,
            metrics,
            log,
            mail,
            doctor,
        })
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            school: SCHOOL.to_owned(),
            time_zone: TimeZone::get(TIME_ZONE).unwrap_or(TimeZone::UTC),
            data: None,
            public_url: None,
            default_profile: Profiles::default().strictest(),
            console: ConsoleConfig::default(),
            public: None,
            lists: ListsConfig::default(),
            sources: Vec::new(),
            illegal_content: IllegalContent::default(),
            profiles: shipped::Shipped::ALL.map(shipped::Shipped::profile).into(),
            people: Vec::new(),
            overrides: Vec::new(),
            windows: Vec::new(),
            protect: ProtectConfig::default(),
            gateway: GatewayConfig::default(),
            pupils: PupilsConfig::default(),
            radius: RadiusConfig::default(),
            records: RecordsConfig::default(),
            backup: BackupConfig::default(),
            metrics: MetricsConfig::default(),
            log: LogConfig::default(),
            mail: MailConfig::default(),
            doctor: DoctorConfig::default(),
        }
    }
}
