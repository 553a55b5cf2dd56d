//! What this data folder has had: whose records, and which machine's key.
//!
//! A file that is gone is otherwise made anew at the next start, in silence: an empty database, or a key that opens nothing. So a small file
//! beside them says what was there, and what is missed is told. It holds no secret, and guards against accidents, not against somebody
//! who removes it too.

use std::fs;
use std::io;

use anyhow::{Context, Result, bail};
use ids::OrganisationId;
use ledger::Place;
use lists::whole_file;

use crate::data::DataFolder;

/// First line of the file, for whoever finds it.
const TITLE: &str = "# Of Schoolgate: what this data folder has had, so that it is missed when it is gone. No secret.";
const ORGANISATION: &str = "organisation";
const MASTER_KEY: &str = "master-key";

/// What this data folder has had.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Installation {
    /// Whose records. None before the first start.
    pub organisation: Option<OrganisationId>,
    /// The fingerprint of the machine's key. None where none was made yet.
    pub master_key: Option<String>,
}

// === impl Installation ===

impl Installation {
    /// What is known of this data folder.
    ///
    /// # Errors
    /// Where the file cannot be read, or is not as Schoolgate writes it.
    pub fn of(data: &DataFolder) -> Result<Self> {
        let path = data.installation();
        let doing = || format!("reading {}", path.display());
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text)
                .with_context(|| format!("{}: it is not as Schoolgate writes it; remove it, and it is written anew", doing())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(doing),
        }
    }

    /// Changes what is known, if that is a change.
    ///
    /// # Errors
    /// Where the file cannot be read or written.
    pub fn note(data: &DataFolder, change: impl FnOnce(&mut Self)) -> Result<()> {
        let before = Self::of(data)?;
        let mut after = before.clone();
        change(&mut after);
        if after == before {
            return Ok(());
        }
        let path = data.installation();
        whole_file::write(&path, after.text().as_bytes()).with_context(|| format!("writing {}", path.display()))
    }

    /// The records at `place` that this data folder had are gone.
    ///
    /// # Errors
    /// Where it had any.
    pub fn had_no_records(&self, data: &DataFolder, place: &Place) -> Result<()> {
        if self.organisation.is_none() {
            return Ok(());
        }
        bail!(
            "there are no records in {place}, and this data folder had some, so none were made in their place; bring them back, or restore the \
             newest backup (docs/backup.md). To begin with empty records all the same, remove {}",
            data.installation().display()
        )
    }

    /// The records at `place` are those of `found`.
    ///
    /// # Errors
    /// Where this data folder had those of another organisation.
    pub fn had_records_of(&self, found: OrganisationId, data: &DataFolder, place: &Place) -> Result<()> {
        match self.organisation {
            Some(known) if known != found => bail!(
                "{place} holds other records than this data folder had; name the right database under [records], or the right data folder. \
                 To go on with these all the same, remove {}",
                data.installation().display()
            ),
            _ => Ok(()),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut found = Self::default();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            match line.split_once(' ')? {
                (ORGANISATION, id) => found.organisation = Some(id.parse().ok()?),
                (MASTER_KEY, print) => found.master_key = Some(print.to_owned()),
                _ => return None,
            }
        }
        Some(found)
    }

    fn text(&self) -> String {
        let mut text = format!("{TITLE}\n");
        if let Some(organisation) = self.organisation {
            text.push_str(&format!("{ORGANISATION} {organisation}\n"));
        }
        if let Some(print) = &self.master_key {
            text.push_str(&format!("{MASTER_KEY} {print}\n"));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use testkit::folder::Folder;

    use super::*;

    #[test]
    fn what_is_noted_is_read_back() {
        let folder = Folder::new().expect("folder");
        let data = DataFolder::new(folder.path());
        assert_eq!(Installation::of(&data).expect("nothing yet"), Installation::default());
        let school = OrganisationId::named("Hill School");
        Installation::note(&data, |known| known.organisation = Some(school)).expect("noted");
        Installation::note(&data, |known| known.master_key = Some("0a0b".to_owned())).expect("noted");
        let both = Installation { organisation: Some(school), master_key: Some("0a0b".to_owned()) };
        assert_eq!(Installation::of(&data).expect("read"), both);
        folder.write("installation.txt", "organisation nobody\n").expect("file");
        let error = Installation::of(&data).expect_err("no id");
        assert!(error.to_string().contains("remove it, and it is written anew"), "{error}");
    }
}
