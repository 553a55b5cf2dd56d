//! The folder of backups: their names, which is the newest, and which are kept.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jiff::{SignedDuration, Timestamp, fmt::strtime};
use lists::whole_file;

/// What is kept beside the backups: how far the trail had come, and what was erased.
pub const KEPT: &str = "schoolgate-kept.json";

/// `schoolgate-2026-11-24T021500Z.tar.age`: what it is, and how to open it by hand.
const PATTERN: &str = "schoolgate-%Y-%m-%dT%H%M%SZ.tar.age";

/// The name of a backup made at this time. In order of name they are in order of time.
pub fn name(at: Timestamp) -> String {
    at.strftime(PATTERN).to_string()
}

/// When the backup of this name was made; nothing for another file.
fn made_at(name: &str) -> Option<Timestamp> {
    let civil = strtime::parse(PATTERN, name).ok()?.to_datetime().ok()?;
    let at = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    (self::name(at) == name).then_some(at)
}

/// Makes the folder, for its owner only, and removes what a killed run left half-written.
pub(super) fn prepare(folder: &Path) -> Result<()> {
    let doing = || format!("preparing the folder of backups {}", folder.display());
    DirBuilder::new().recursive(true).mode(0o700).create(folder).with_context(doing)?;
    whole_file::remove_leftovers(folder).with_context(doing)?;
    Ok(())
}

/// The newest backup in a folder, and when it was made; none where there is none or the folder cannot be read.
pub fn newest(folder: &Path) -> Option<(Timestamp, PathBuf)> {
    all(folder).ok()?.into_iter().max()
}

/// Removes those made longer than `keep_days` ago, but never the newest. Says how many.
pub(super) fn remove_old(folder: &Path, now: Timestamp, keep_days: u32) -> Result<u64> {
    let doing = || format!("removing old backups from {}", folder.display());
    let kept_from = now - SignedDuration::from_hours(24 * i64::from(keep_days));
    let mut found = all(folder).with_context(doing)?;
    found.sort_unstable();
    found.pop();
    let mut removed = 0;
    for (_, path) in found.into_iter().filter(|(at, _)| *at < kept_from) {
        fs::remove_file(&path).with_context(doing)?;
        removed += 1;
    }
    Ok(removed)
}

fn all(folder: &Path) -> std::io::Result<Vec<(Timestamp, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        found.extend(entry.file_name().to_str().and_then(made_at).map(|at| (at, entry.path())));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn a_name_says_when() {
        let name = name(at("2026-11-24T02:15:00Z"));
        assert_eq!(name, "schoolgate-2026-11-24T021500Z.tar.age");
        assert_eq!(made_at(&name), Some(at("2026-11-24T02:15:00Z")));
        for other in ["schoolgate-kept.json", "schoolgate-2026-11-24T021500Z.tar.age.part", "schoolgate-2026-13-24T021500Z.tar.age", "x"] {
            assert_eq!(made_at(other), None, "{other}");
        }
    }

    #[test]
    fn old_ones_go_and_the_newest_stays_whatever_its_age() {
        let folder = tempfile::tempdir().expect("a folder");
        let days = ["2026-10-01T02:15:00Z", "2026-10-25T02:15:00Z", "2026-10-26T02:15:00Z"];
        for day in days {
            fs::write(folder.path().join(name(at(day))), "").expect("a file");
        }
        fs::write(folder.path().join("somebody-elses"), "").expect("a file");
        assert_eq!(remove_old(folder.path(), at("2026-11-24T02:15:00Z"), 30).expect("removed"), 1);
        assert_eq!(remove_old(folder.path(), at("2027-11-24T02:15:00Z"), 30).expect("removed"), 1);
        assert_eq!(newest(folder.path()).map(|(at, _)| at), Some(at(days[2])));
        assert!(folder.path().join("somebody-elses").exists());
    }
}
