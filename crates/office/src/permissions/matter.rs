//! What can be asked for, one table.

use super::PermissionsError;
use crate::settings::{LOG_RELEASE, PERMISSION_ANSWER, Setting};

/// What somebody asks to be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Matter {
    /// To use school equipment or mail for something else than work (B-183).
    Use,
    /// To take personal data off site (B-190).
    OffSite,
    /// To reach personal data from elsewhere (B-191).
    Remote,
    /// To install hardware or software (B-193).
    Install,
    /// To have the usage logs of somebody made available (B-200).
    Logs,
    /// To use a device of one's own at school.
    Device,
}

/// Who decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decider {
    /// The headteacher; on what the headteacher asks for, the chair of governors.
    Headteacher,
    /// Whoever keeps the machines, or the headteacher.
    Technician,
}

// === impl Matter ===

impl Matter {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 6] = [Self::Use, Self::OffSite, Self::Remote, Self::Install, Self::Device, Self::Logs];

    /// Its word in records, forms and the policies of access.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Use => "use",
            Self::OffSite => "off-site",
            Self::Remote => "remote",
            Self::Install => "install",
            Self::Logs => "logs",
            Self::Device => "device",
        }
    }

    /// In words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Use => "Use school equipment for something else than work",
            Self::OffSite => "Take personal data off site",
            Self::Remote => "Reach personal data from elsewhere",
            Self::Install => "Install hardware or software",
            Self::Logs => "Have somebody’s usage logs made available",
            Self::Device => "Use a device of my own at school",
        }
    }

    /// What is to be written.
    pub const fn question(self) -> &'static str {
        match self {
            Self::Use => "For what, and when?",
            Self::OffSite => "What data, on what, and what for?",
            Self::Remote => "What data, from where and what device, and what for?",
            Self::Install => "What, on which machine, and what for?",
            Self::Logs => "Whose, from when to when, and what for?",
            Self::Device => "Which device, where, and what for?",
        }
    }

    /// What whoever asks must promise, where something is.
    pub const fn promise(self) -> Option<&'static str> {
        match self {
            // Data that leaves is encrypted (B-192).
            Self::OffSite => Some("The device or drive is encrypted; paper stays with me or is locked away."),
            //
            Self::Remote => Some(
                "The device has a password, virus protection that is up to date and a firewall, and nothing about pupils is saved on it.",
            ),
            Self::Device => Some("It has a password, and I take no pictures of pupils with it."),
            Self::Use | Self::Install | Self::Logs => None,
        }
    }

    /// Whether what it says is sealed: it is about somebody else.
    pub const fn is_sealed(self) -> bool {
        matches!(self, Self::Logs)
    }

    /// Whether something must come back, and it is asked after when the time is over.
    pub const fn comes_back(self) -> bool {
        matches!(self, Self::OffSite)
    }

    /// Within how many school days it is answered.
    pub(super) const fn answered_within(self) -> &'static Setting {
        match self {
            Self::Logs => &LOG_RELEASE,
            _ => &PERMISSION_ANSWER,
        }
    }

    /// Who decides on it.
    pub const fn decider(self) -> Decider {
        match self {
            Self::Install => Decider::Technician,
            Self::Use | Self::OffSite | Self::Remote | Self::Logs | Self::Device => Decider::Headteacher,
        }
    }

    /// The same word where it is one of ours, else nothing: for addresses.
    pub(super) fn known(word: &str) -> &'static str {
        Self::read(word).map_or("", Self::word)
    }

    pub(super) fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|matter| matter.word() == word)
    }

    pub(super) fn stored(word: &str) -> Result<Self, PermissionsError> {
        Self::read(word).ok_or(PermissionsError::Stored { what: "what is asked to be allowed" })
    }
}

// === impl Decider ===

impl Decider {
    /// In words.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Headteacher => "The headteacher decides; on what the headteacher asks for, the chair of governors.",
            Self::Technician => "The IT technician decides, or the headteacher.",
        }
    }
}
