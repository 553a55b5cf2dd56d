//! Sealed lists on disk: the key, the file, and the feed from which it is made.

use anyhow::Result;
use filter::sealed::SealedList;

use crate::config::Config;
use crate::data::DataFolder;

/// The sealed list that the configuration names; none where it names none.
///
/// # Errors
/// Where one is configured and cannot be read, or its key: nothing may start without it. The error names the file and what to do.
pub fn load(_config: &Config, _data: &DataFolder) -> Result<Vec<SealedList>> {
    anyhow::bail!("being written")
}
