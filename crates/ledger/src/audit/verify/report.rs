//! What a walk found.

use std::fmt;

use calendar::Instant;
use ids::{EntryId, OrganisationId};

use crate::audit::Head;

/// What a walk over all trails found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// One for each organisation.
    pub chains: Vec<Chain>,
}

/// What was found in the trail of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Whose.
    pub organisation: OrganisationId,
    /// What it is called.
    pub name: String,
    /// Links that hold, up to the first that does not.
    pub links: u64,
    /// Entries that are not linked yet. They come in within a second while Schoolgate runs.
    pub unsealed: u64,
    /// Records whose keys were destroyed.
    pub erased: u64,
    /// How often an entry says an earlier time than the one before it in the chain by more than a minute: a clock that was set
    /// back. No fault of the chain, whose order is its own.
    pub clock_went_back: u64,
    /// The last link, to be kept elsewhere.
    pub head: Option<Head>,
    /// The first thing that is not as it was written.
    pub broken: Option<Broken>,
}

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// A link is missing: the next one there is later.
    Gap {
        /// The missing place, from 1.
        seq: i64,
    },
    /// A link whose entry is not there.
    EntryMissing {
        /// The place.
        seq: i64,
        /// The entry.
        entry: EntryId,
    },
    /// An entry was changed, exchanged with another, or its link was.
    EntryChanged {
        /// The place.
        seq: i64,
        /// The entry that stands there.
        entry: EntryId,
        /// When it says it was written; none where that cannot be read.
        at: Option<Instant>,
    },
    /// A text of an entry was changed, exchanged, added or taken away.
    TextChanged {
        /// The entry.
        entry: EntryId,
    },
    /// An entry that is neither linked nor waits to be: it was put there past the program, or its link was taken away.
    Loose {
        /// The entry.
        entry: EntryId,
    },
    /// Something waits to be linked that is no entry, or is linked already.
    WaitsInVain {
        /// What it says it is.
        entry: EntryId,
    },
    /// The chain ends before a head that was kept elsewhere: an old copy of the database was put in its place.
    Rewound {
        /// The head that was kept.
        kept: Head,
        /// How far the chain reaches.
        reached: i64,
    },
    /// The chain holds in itself and is not the one a head was taken from: the database was rewritten.
    Rewritten {
        /// The head that was kept.
        kept: Head,
    },
}

// === impl Report ===

impl Report {
    /// Whether everything is as it was written.
    pub fn holds(&self) -> bool {
        self.chains.iter().all(|chain| chain.broken.is_none())
    }
}

// === impl Chain ===

impl Chain {
    /// An organisation that is not in the database, though a head of it was kept.
    pub(super) fn missing(kept: Head) -> Self {
        Self {
            organisation: kept.organisation,
            name: String::new(),
            links: 0,
            unsealed: 0,
            erased: 0,
            clock_went_back: 0,
            head: None,
            broken: Some(Broken::Rewound { kept, reached: 0 }),
        }
    }
}

// === impl Broken ===

impl fmt::Display for Broken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gap { seq } => write!(formatter, "link {seq} is missing"),
            Self::EntryMissing { seq, entry } => write!(formatter, "the entry of link {seq} is missing ({entry})"),
            Self::EntryChanged { seq, entry, at } => {
                write!(formatter, "link {seq} does not hold: its entry {entry}")?;
                if let Some(at) = at {
                    write!(formatter, ", which says it is of {at},")?;
                }
                formatter.write_str(" was changed, or exchanged with another")
            }
            Self::TextChanged { entry } => write!(formatter, "a text of entry {entry} was changed, exchanged, added or taken away"),
            Self::Loose { entry } => {
                write!(formatter, "entry {entry} is in no link: it was put in past the program, or its link was taken away")
            }
            Self::WaitsInVain { entry } => write!(formatter, "{entry} waits for a link, and is no entry or has one already"),
            Self::Rewound { kept, reached } => write!(
                formatter,
                "the trail ends at link {reached}, and on {} it had {}: an old copy of the database was put in its place",
                kept.at, kept.seq
            ),
            Self::Rewritten { kept } => write!(
                formatter,
                "link {} is not the one that was kept on {}: the database was rewritten, or the head is another's",
                kept.seq, kept.at
            ),
        }
    }
}
