//! What is in force: configuration, rules and lists, swapped whole. A reload that fails leaves the old ones and says why.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use arc_swap::{ArcSwap, ArcSwapOption};
use jiff::Timestamp;
use lists::build::Report;
use lists::pack_file;
use office::gate::Directory;
use presence::Presence;
use proxy::Rules;
use tokio::sync::watch;

use crate::answer::{self, Answer, Question, QuestionError};
use crate::config::Config;
use crate::data::DataFolder;
use crate::refresh::{self, ListState};
use crate::{demo, gateway, policy, sealed};

/// Where the configuration comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// No file: the settings that are built in.
    BuiltIn,
    /// A file, read again when it changes.
    File(PathBuf),
    /// The invented school, with its stand-in for the internet.
    Demo(demo::Places),
}

/// Which pack answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackFrom {
    /// The one that was built from the configured lists.
    Lists,
    /// The starter list alone, since no pack has been built yet.
    Starter,
}

/// Everything that is in force at one moment. Never edited.
#[derive(Debug)]
pub struct InForce {
    /// The configuration.
    pub config: Config,
    /// The rules made from it, as the proxy takes them.
    pub rules: Arc<Rules>,
    /// Which pack answers.
    pub pack: PackFrom,
    /// When the pack was built, what was taken into it and what was left out; nothing for a pack that was put there by hand.
    pub report: Option<(Timestamp, Report)>,
    /// How each configured list stood when this came into force.
    pub lists: Vec<ListState>,
    /// What is missing before this may be a school's only filter, a sentence each.
    pub missing: Vec<String>,
    /// Since when.
    pub since: Timestamp,
}

/// Something that went wrong while the old rules stayed in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What failed, and what still works.
    pub what: &'static str,
    /// Why: the error with its causes, a line each.
    pub why: Vec<String>,
    /// When.
    pub at: Timestamp,
}

/// What is in force now, for everyone who asks.
#[derive(Debug)]
pub struct Live {
    origin: Origin,
    data: DataFolder,
    now: ArcSwap<InForce>,
    /// The rules in force, for the proxy, which waits for nothing but new ones.
    rules: watch::Sender<Arc<Rules>>,
    presence: Arc<Presence>,
    /// The people of the records, as they were when the records were last read.
    people: ArcSwap<Directory>,
    /// Held by whoever loads, so that of two that load at once the later does not put an older configuration back.
    loading: Mutex<()>,
    /// Why the last reload failed, if it did.
    pub reload_trouble: ArcSwapOption<Trouble>,
    /// What was found broken in the file of the records.
    damage: ArcSwapOption<Trouble>,
    /// How the daily refresh stands.
    pub refresh: ArcSwap<RefreshState>,
}

/// How the daily refresh stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RefreshState {
    /// Whether one is under way.
    pub running: bool,
    /// When the last one ended, and what came of it in a sentence.
    pub last: Option<(Timestamp, String)>,
    /// When the next one is due. None: no list is configured, so there is nothing to fetch.
    pub next: Option<Timestamp>,
    /// What went wrong the last time, if something did.
    pub trouble: Option<Trouble>,
}

// === impl Origin ===

impl Origin {
    /// Reads the configuration.
    ///
    /// # Errors
    /// With every mistake in it.
    pub fn load(&self, now: Timestamp) -> Result<Config> {
        match self {
            Self::BuiltIn => Ok(Config::default()),
            Self::File(path) => Ok(Config::load(path)?),
            Self::Demo(places) => Ok(demo::config(places, now)?),
        }
    }
}

// === impl InForce ===

impl InForce {
    fn load(origin: &Origin, config: Config, data: &DataFolder, people: &Directory, now: Timestamp) -> Result<Self> {
        let path = data.pack();
        let (pack, from, report) = if path.exists() {
            let pack = pack_file::open(&path).context(
                "the lists cannot be read. If there is no other copy, run `schoolgate lists update`; it builds the file anew. Without \
                 its lists Schoolgate does not start, because it would open what they close",
            )?;
            (pack, PackFrom::Lists, refresh::last_report(data))
        } else {
            let own: &[_] = if matches!(origin, Origin::Demo(_)) { &[demo::LIST] } else { &[] };
            let (pack, report) = policy::starter(own)?;
            (pack, PackFrom::Starter, Some((now, report)))
        };
        let sealed = sealed::load(&config, data)?;
        let snapshot = policy::snapshot(&config, vec![Arc::new(pack)], sealed)?.with_people(policy::people(&config, people))?;
        let lists = refresh::states(&config, data);
        let mut missing = policy::missing_now(&config, &lists);
        missing.extend(policy::missing_for_records(&config, people));
        let rules = Arc::new(gateway::rules(&config, snapshot, missing.clone())?);
        Ok(Self { config, rules, pack: from, report, lists, missing, since: now })
    }

    /// The same with other people of the records.
    fn with_people(&self, people: &Directory) -> Result<Self> {
        let config = self.config.clone();
        let snapshot = self.rules.snapshot.with_people(policy::people(&config, people))?;
        let mut missing = policy::missing_now(&config, &self.lists);
        missing.extend(policy::missing_for_records(&config, people));
        let rules = Arc::new(Rules { snapshot, missing: missing.clone(), ..Rules::clone(&self.rules) });
        Ok(Self { config, rules, pack: self.pack, report: self.report.clone(), lists: self.lists.clone(), missing, since: self.since })
    }

    /// Answers a question by these rules.
    ///
    /// # Errors
    /// Where the question cannot be understood.
    pub fn answer(&self, question: &Question, now: Timestamp) -> Result<Answer, QuestionError> {
        answer::answer(&self.config, &self.rules.snapshot, question, now)
    }

    /// Number of entries in the lists in force.
    pub fn entries(&self) -> u64 {
        self.rules.snapshot.packs().iter().map(|pack| pack.entries()).sum()
    }
}

// === impl Trouble ===

impl Trouble {
    /// From an error with its causes.
    pub fn new(what: &'static str, error: &anyhow::Error, at: Timestamp) -> Self {
        let why = error.chain().flat_map(|cause| cause.to_string().lines().map(str::to_owned).collect::<Vec<_>>()).collect();
        Self { what, why, at }
    }
}

// === impl Live ===

impl Live {
    /// Puts `config` into force for the first time.
    ///
    /// # Errors
    /// Where the lists or the sealed list cannot be read: nothing starts without them.
    pub fn start(origin: Origin, config: Config, data: DataFolder, now: Timestamp) -> Result<Self> {
        let in_force = InForce::load(&origin, config, &data, &Directory::default(), now)?;
        let (rules, _) = watch::channel(Arc::clone(&in_force.rules));
        Ok(Self {
            origin,
            data,
            now: ArcSwap::from_pointee(in_force),
            rules,
            presence: Arc::default(),
            people: ArcSwap::default(),
            loading: Mutex::default(),
            reload_trouble: ArcSwapOption::empty(),
            damage: ArcSwapOption::empty(),
            refresh: ArcSwap::default(),
        })
    }

    /// What is in force. Whoever has it keeps it, whatever is swapped in meanwhile.
    pub fn in_force(&self) -> Arc<InForce> {
        self.now.load_full()
    }

    /// The rules in force, and each later set of them.
    pub fn watch_rules(&self) -> watch::Receiver<Arc<Rules>> {
        self.rules.subscribe()
    }

    /// Who is at which device.
    pub fn presence(&self) -> &Arc<Presence> {
        &self.presence
    }

    fn put(&self, in_force: &Arc<InForce>) {
        self.now.store(Arc::clone(in_force));
        self.rules.send_replace(Arc::clone(&in_force.rules));
    }

    /// Where the configuration comes from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The data folder.
    pub fn data(&self) -> &DataFolder {
        &self.data
    }

    /// Reads configuration and lists again and swaps them in. Whatever fails, the old ones stay.
    ///
    /// # Errors
    /// Why they stay; kept in [`Live::reload_trouble`] too.
    pub fn reload(&self, now: Timestamp) -> Result<Arc<InForce>> {
        let _loading = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        let loaded = self.origin.load(now).and_then(|config| InForce::load(&self.origin, config, &self.data, &self.people.load(), now));
        match loaded {
            Ok(in_force) => {
                let in_force = Arc::new(in_force);
                self.put(&in_force);
                self.reload_trouble.store(None);
                Ok(in_force)
            }
            Err(error) => {
                let what = "The new configuration could not be put into force. The rules from before still hold.";
                self.reload_trouble.store(Some(Arc::new(Trouble::new(what, &error, now))));
                Err(error)
            }
        }
    }

    /// Puts a pack that was just built into force, under the same configuration.
    ///
    /// # Errors
    /// Why the old pack stays.
    pub fn take_pack(&self, now: Timestamp) -> Result<Arc<InForce>> {
        let _loading = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        let in_force = Arc::new(InForce::load(&self.origin, self.in_force().config.clone(), &self.data, &self.people.load(), now)?);
        self.put(&in_force);
        Ok(in_force)
    }

    /// The people of the records, as they were when the records were last read.
    pub fn people(&self) -> Arc<Directory> {
        self.people.load_full()
    }

    /// Puts the people of the records into force. Whoever is signed in at a device stays so, and is judged by what is known of them now.
    ///
    /// # Errors
    /// Why those from before stay.
    pub fn take_people(&self, people: Directory) -> Result<()> {
        let _loading = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        let in_force = Arc::new(self.in_force().with_people(&people)?);
        self.people.store(Arc::new(people));
        self.put(&in_force);
        Ok(())
    }

    /// Says that the file of the records is damaged, or that it was found whole.
    pub fn tell_damage(&self, trouble: Option<Trouble>) {
        self.damage.store(trouble.map(Arc::new));
    }

    /// What is wrong now, for a person to see.
    pub fn troubles(&self) -> Vec<Trouble> {
        let kept = [self.damage.load_full(), self.reload_trouble.load_full()];
        let reload = kept.into_iter().flatten().map(|trouble| (*trouble).clone());
        reload.chain(self.refresh.load().trouble.clone()).collect()
    }
}
