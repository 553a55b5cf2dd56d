//! What of an installation goes into a backup, and what does not, with the reason: one list, which docs/backup.md shows too.

use std::path::PathBuf;

use crate::config::Config;
use crate::live::Origin;

/// Something that lies in the data folder, or beside the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    /// Its name in the data folder; for a folder, with `/`.
    pub name: &'static str,
    /// What becomes of it.
    pub fate: Fate,
    /// Why, or what the one who restores has to bring.
    pub why: &'static str,
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is in the backup.
    Taken,
    /// It is a secret that must not lie in the same place as the backup: keep a copy of it apart.
    KeptApart,
    /// It is made again, or of use for this machine only.
    Left,
}

/// All there is. A name in the data folder that begins with a dot is a file being written.
pub const CONTENTS: &[Content] = &[
    Content { name: "records.sqlite", fate: Fate::Taken, why: "as rows of all tables, from SQLite or PostgreSQL, into either" },
    Content { name: "vault/", fate: Fate::Taken, why: "attachments and scans, each encrypted as it lies there" },
    Content { name: "config/", fate: Fate::Taken, why: "the configuration, with the files it names: mapping and users" },
    Content { name: "master.key", fate: Fate::KeptApart, why: "bring your copy; without it, messages that waited to be sent stay unsent" },
    Content {
        name: "page-root/",
        fate: Fate::KeptApart,
        why: "bring your copy; without it, every device must be told to trust a new page root",
    },
    Content { name: "sealed.key", fate: Fate::KeptApart, why: "bring your copy, or seal the feed again" },
    Content {
        name: "journal/",
        fate: Fate::Left,
        why: "visits to sites have a retention of their own, and would outlive it in every copy",
    },
    Content { name: "downloads/", fate: Fate::Left, why: "lists are fetched again" },
    Content { name: "lists.sgpack", fate: Fate::Left, why: "made of the lists" },
    Content { name: "lists-report.json", fate: Fate::Left, why: "made with the pack" },
    Content { name: "audit-heads.txt", fate: Fate::Left, why: "belongs onto another medium; the newest heads lie beside the backups" },
    Content { name: "backup-record.json", fate: Fate::Left, why: "how the last backup of this machine went" },
    Content { name: "records.sqlite-wal", fate: Fate::Left, why: "part of records.sqlite while it is open" },
    Content { name: "records.sqlite-shm", fate: Fate::Left, why: "part of records.sqlite while it is open" },
    Content { name: "installation.txt", fate: Fate::Left, why: "what this folder has had, so that what is gone is missed" },
    Content { name: "records.lock", fate: Fate::Left, why: "of use while Schoolgate runs" },
    Content { name: "schoolgate.sock", fate: Fate::Left, why: "of use while Schoolgate runs" },
];

/// The files of the configuration, by the name that each has in a backup. What has no file is left out.
pub(super) fn configuration(config: &Config, origin: &Origin) -> Vec<(String, PathBuf)> {
    let file = if let Origin::File(path) = origin { Some(path.clone()) } else { None };
    let all = [("config.toml", file), ("mapping", config.lists.mapping.clone()), ("users", config.gateway.users_file.clone())];
    all.into_iter().filter_map(|(name, path)| Some((format!("config/{name}"), path?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::DataFolder;

    fn is_listed(name: &str) -> bool {
        CONTENTS.iter().any(|content| content.name.trim_end_matches('/') == name)
    }

    #[test]
    fn everything_in_the_data_folder_is_in_the_list() {
        let data = DataFolder::new("/data".as_ref());
        let paths = [
            data.downloads(),
            data.pack(),
            data.report(),
            data.socket(),
            data.sealed_key(),
            data.page_root(),
            data.journal(),
            data.backup_record(),
            data.master_key(),
            data.vault(),
            data.installation(),
        ];
        for path in paths {
            let name = path.strip_prefix("/data").expect("in the data folder").to_string_lossy().into_owned();
            assert!(is_listed(&name), "{name}: say in CONTENTS whether a backup has it");
        }
    }

    #[test]
    fn the_document_for_schools_shows_the_list() {
        let document = include_str!("../../../../docs/backup.md");
        for Content { name, why, .. } in CONTENTS {
            assert!(document.contains(&format!("| `{name}` |")), "{name} is not in docs/backup.md");
            assert!(document.contains(why), "{name}: docs/backup.md gives another reason");
        }
    }
}
