//! The school's own rules, by host: what is protected and what is excepted.

use std::collections::HashMap;

use crate::host::Host;
use crate::overrides::Override;
use crate::snapshot::Protected;

/// Own rules by host. The keys are the school's, so that a fast hash will do: requests only look up.
#[derive(Debug, Clone, Default)]
pub(crate) struct OwnRules {
    by_host: HashMap<Box<str>, Rules, foldhash::fast::FixedState>,
}

/// What holds for one host and all below it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    pub(crate) protected: Option<u16>,
    pub(crate) overrides: Vec<u32>,
}

impl OwnRules {
    pub(crate) fn new(protected: &[Protected], overrides: &[Override]) -> Self {
        let mut rules = Self::default();
        for (number, item) in (0..).zip(protected) {
            rules.at(&item.host).protected = Some(number);
        }
        for (number, item) in (0..).zip(overrides) {
            rules.at(&item.host).overrides.push(number);
        }
        rules
    }

    /// The rules for a host, those of the longest name first.
    pub(crate) fn find(&self, host: &Host) -> impl Iterator<Item = &Rules> {
        suffixes(host).filter_map(|suffix| self.by_host.get(suffix))
    }

    fn at(&mut self, host: &Host) -> &mut Rules {
        self.by_host.entry(host.as_str().into()).or_default()
    }
}

/// The host and each domain above it, the longest first; of an address only itself.
pub(crate) fn suffixes(host: &Host) -> impl Iterator<Item = &str> {
    let name = host.as_str();
    let dots = name.bytes().enumerate().filter(|(_, byte)| *byte == b'.' && !host.is_address());
    std::iter::once(name).chain(dots.filter_map(|(at, _)| name.get(at + 1..)))
}
