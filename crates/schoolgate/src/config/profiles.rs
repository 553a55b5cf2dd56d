//! `[[profile]]`: the shipped profiles as a school changes them, and its own.

use std::cell::RefCell;

use filter::category::Category;
use filter::profile::shipped::{STRICTEST, Shipped};
use filter::profile::{Action, Profile, Unlisted};
use filter::snapshot::ProfileIndex;
use toml_span::value::Value;

use super::reader::Section;
use super::values;

/// All profiles, by number.
pub(super) struct Profiles {
    pub(super) all: Vec<Profile>,
    /// The names of profiles with mistakes, so that whoever uses one is not told that it is missing too.
    broken: Vec<String>,
}

/// The keys `allow`, `warn` and `block` of a section: what is to happen to each category, none of them named twice.
pub(super) fn actions(section: &Section<'_>) -> Vec<(Category, Action)> {
    let taken: RefCell<Vec<(Category, usize)>> = RefCell::default();
    let read = |value: &Value<'_>| {
        let category = values::category(value)?;
        let mut taken = taken.borrow_mut();
        if let Some((_, first)) = taken.iter().find(|(other, _)| *other == category) {
            return Err(format!("{:?} is named already in this section, on line {first}", category.slug()));
        }
        taken.push((category, section.line(value)));
        Ok(category)
    };
    let with = |key, action| section.each(key, read).into_iter().map(move |category| (category, action));
    let (allow, warn, block) = (with("allow", Action::Allow), with("warn", Action::Warn), with("block", Action::Block));
    allow.chain(warn).chain(block).collect()
}

// === impl Profiles ===

impl Default for Profiles {
    fn default() -> Self {
        Self { all: Shipped::ALL.map(Shipped::profile).into(), broken: Vec::new() }
    }
}

impl Profiles {
    pub(super) fn read(root: &Section<'_>) -> Self {
        let mut profiles = Self::default();
        let mut names = Vec::new();
        for section in root.tables("profile") {
            let name = section.required("name", |value| values::claim(&mut names, values::slug(value)?, section.line(value)));
            match (profiles.one(&section, name.as_deref()), name) {
                (Some(profile), _) => profiles.put(profile),
                (None, Some(name)) => profiles.broken.push(name),
                (None, None) => {}
            }
        }
        profiles
    }

    /// The number of the profile that a value names.
    pub(super) fn find(&self, value: &Value<'_>) -> Result<ProfileIndex, String> {
        self.named(values::text(value)?)
    }

    /// The number of the profile with a name.
    pub(super) fn named(&self, name: &str) -> Result<ProfileIndex, String> {
        if let Some(index) = self.index(name) {
            return Ok(index);
        }
        if self.broken.iter().any(|broken| broken == name) {
            return Ok(self.strictest());
        }
        let names: Vec<&str> = self.all.iter().map(Profile::name).collect();
        let hint = values::nearest(name, names.iter().copied()).unwrap_or_else(|| format!("; there are {}", names.join(", ")));
        Err(format!("there is no profile {}{hint}", values::shown(name)))
    }

    /// What an unknown person gets unless the school says otherwise.
    pub(super) fn strictest(&self) -> ProfileIndex {
        self.index(STRICTEST.name()).unwrap_or(ProfileIndex(0))
    }

    fn index(&self, name: &str) -> Option<ProfileIndex> {
        (0..).zip(&self.all).find(|(_, profile)| profile.name() == name).map(|(number, _)| ProfileIndex(number))
    }

    /// A changed shipped profile takes the old one's place, so that numbers stay.
    fn put(&mut self, profile: Profile) {
        match self.all.iter_mut().find(|old| old.name() == profile.name()) {
            Some(old) => *old = profile,
            None => self.all.push(profile),
        }
    }

    fn one(&self, section: &Section<'_>, name: Option<&str>) -> Option<Profile> {
        let shipped = name.and_then(Shipped::from_name);
        // Only what stands above can be built on, so that no two profiles are built on each other.
        let parent = section.optional("based_on", |value| self.find(value));
        let parent = parent.or_else(|| self.index(shipped?.name()));
        if !section.has("based_on") && shipped.is_none() && name.is_some() {
            section.mistake("based_on", "is missing: a profile of your own needs one to start from");
        }
        let unlisted = section.optional("unlisted", |value| values::choice(value, &[("allow", Unlisted::Allow), ("ask", Unlisted::Ask)]));
        let title = section.optional("title", values::line);
        if !section.has("title") && shipped.is_none() && name.is_some() {
            section.mistake("title", "is missing: people see it instead of the name");
        }
        section.optional("why", values::line);
        let actions = actions(section);
        section.finish();

        let parent = self.all.get(usize::from(parent?.0))?;
        let title = title.or_else(|| Some(shipped?.title().to_owned()))?;
        let made = Profile::based_on(parent, name?, &title).and_then(|profile| {
            let unlisted = unlisted.unwrap_or(profile.unlisted());
            let profile = profile.with_unlisted(unlisted);
            actions.into_iter().try_fold(profile, |profile, (category, action)| profile.with_action(category, action))
        });
        made.map_err(|error| section.mistake("name", error.to_string())).ok()
    }
}
