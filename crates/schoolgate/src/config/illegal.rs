//! `[illegal_content]`: where the list of illegal material comes from. The lists are licensed and never shipped with us.

use std::path::PathBuf;

use jiff::civil::Date;

use super::reader::Section;
use super::values;

/// Where the list of illegal material comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum IllegalContent {
    /// From nowhere: this must not be the school's only filter, and every face of the product says so in red.
    #[default]
    None,
    /// A sealed feed on this machine.
    Sealed {
        /// The file.
        file: PathBuf,
        /// Who checked that it works, where somebody did.
        confirmed: Option<Confirmation>,
    },
    /// A filter further up the line applies the list.
    Upstream {
        /// Whose it is.
        provider: String,
        /// Who checked that it works.
        confirmed: Confirmation,
    },
}

/// That somebody checked, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// The day.
    pub on: Date,
    /// The role of whoever checked, such as "network manager"; not a person's name.
    pub by: String,
}

/// The word in the file for each source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    None,
    Sealed,
    Upstream,
}

// === impl IllegalContent ===

impl IllegalContent {
    pub(super) fn read(root: &Section<'_>) -> Option<Self> {
        let section = root.table("illegal_content");
        let words = [("none", Source::None), ("sealed", Source::Sealed), ("upstream", Source::Upstream)];
        let source = section.or("source", Source::None, |value| values::choice(value, &words));
        let file = section.optional("sealed_file", |value| values::path(value, section.base()));
        let provider = section.optional("upstream_provider", values::line);
        let confirmed = confirmation(&section, source);
        let belongs = [("sealed_file", Source::Sealed, "sealed"), ("upstream_provider", Source::Upstream, "upstream")];
        for (key, owner, word) in belongs {
            match (section.has(key), source == owner) {
                (true, false) => section.mistake(key, format!("only belongs here with source = {word:?}")),
                (false, true) => section.mistake(key, format!("is missing: source = {word:?} needs it")),
                (true, true) | (false, false) => {}
            }
        }
        section.finish();
        match source {
            Source::None => Some(Self::None),
            Source::Sealed => Some(Self::Sealed { file: file?, confirmed }),
            Source::Upstream => Some(Self::Upstream { provider: provider?, confirmed: confirmed? }),
        }
    }
}

fn confirmation(section: &Section<'_>, source: Source) -> Option<Confirmation> {
    let on = section.optional("confirmed_on", |value| {
        values::date(values::text(value)?).ok_or_else(|| "must be a date, such as \"2026-09-01\"".to_owned())
    });
    let by = section.optional("confirmed_by", values::line);
    for (key, other) in [("confirmed_on", "confirmed_by"), ("confirmed_by", "confirmed_on")] {
        if !section.has(key) && source == Source::Upstream {
            section.mistake(key, "is missing: a filter further up the line counts only once somebody has checked it");
        } else if !section.has(key) && section.has(other) {
            section.mistake(key, format!("is missing: it goes with {other}"));
        } else if section.has(key) && source == Source::None {
            section.mistake(key, "there is nothing to confirm with source = \"none\"");
        }
    }
    Some(Confirmation { on: on?, by: by? })
}
