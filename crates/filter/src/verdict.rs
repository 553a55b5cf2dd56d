//! What the engine answers.

use crate::category::Category;
use crate::judge::Step;
use crate::pack::EntryRef;

/// What happens to the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// It goes on.
    Allow,
    /// A page asks first whether the reader means it.
    Warn,
    /// It stops, and a page says why.
    Block,
    /// It stops because nobody has looked at the site for readers so young: "ask your teacher".
    Ask,
    /// It stops until an agreement is signed.
    Gate,
}

/// A verdict: what happens, which step decided, and on what ground. Small and copied; [`mod@crate::explain`] puts it in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// What happens.
    pub action: Action,
    /// Who decided, by the order of judgement.
    pub step: Step,
    /// On what ground.
    pub ground: Ground,
}

/// What a verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The number of a sealed list. Nothing else is ever known of such a hit.
    Sealed(u16),
    /// The number of a protected host.
    Protected(u16),
    /// The person's agreement is missing.
    Agreement,
    /// The internet was taken from the person for a time.
    Suspension,
    /// The number of an exception of the school.
    Override(u32),
    /// A category, and the entry that gives it most exactly.
    Listed {
        /// The category that decided.
        category: Category,
        /// The number of the pack.
        pack: u16,
        /// The entry in it.
        entry: EntryRef,
    },
    /// On no list (or on none that decides): the profile's rule for such sites.
    Unlisted,
}

impl Verdict {
    /// Whether the request may go on without asking the reader.
    pub fn is_allowed(&self) -> bool {
        self.action == Action::Allow
    }

    /// Whether this is a sealed hit: nothing may show, store or forward its address.
    pub fn is_sealed(&self) -> bool {
        matches!(self.ground, Ground::Sealed(_))
    }

    /// The category that decided, where one did.
    pub fn category(&self) -> Option<Category> {
        match self.ground {
            Ground::Listed { category, .. } => Some(category),
            Ground::Sealed(_) | Ground::Protected(_) | Ground::Agreement | Ground::Suspension | Ground::Override(_) | Ground::Unlisted => {
                None
            }
        }
    }
}
