//! What may be opened by whom. So far: the controls over the filter in force, which the configuration makes.

mod controls;
#[cfg(test)]
pub(crate) mod controls_testing;

use filter::Snapshot;
use jiff::Timestamp;

use crate::Capability;

pub(crate) use controls::CONTROLS;

/// This capability.
pub const CAPABILITY: Capability =
    Capability { word: "filtering", title: "Filtering", purpose: "What opens for whom, by age and by list, and who agreed to it." };

/// The filter in force, as controls look at it.
#[derive(Debug)]
pub struct InForce<'a> {
    /// What requests are judged by.
    pub snapshot: &'a Snapshot,
    /// Names of the profiles that are for pupils, the youngest first.
    pub pupils: Vec<String>,
    /// Where illegal material is known from.
    pub illegal: IllegalSource,
    /// Each list that is set up.
    pub lists: Vec<List>,
    /// Days without news after which a list is stale.
    pub stale_after_days: i64,
}

/// Where illegal material is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IllegalSource {
    /// Nowhere.
    None,
    /// A sealed feed that is judged first here.
    Sealed,
    /// A filter further up the line, of which somebody said so.
    Upstream,
}

/// A list that is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// As configured.
    pub name: String,
    /// Whether what it names is closed now.
    pub is_in_force: bool,
    /// When its publisher last said that what we have is the newest; nothing for a list that lies on this machine.
    pub news: Option<Timestamp>,
}
