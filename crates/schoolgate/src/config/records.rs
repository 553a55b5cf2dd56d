//! `[records]`: where the records are kept, and how it shows that nobody has changed them.

use std::path::PathBuf;

use ledger::Place;
use toml_span::value::Value;

use super::reader::Section;
use super::values;

/// `[records]`: where the records are kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordsConfig {
    /// The database. Default: a SQLite file in the data folder.
    pub database: Option<Place>,
    /// The file to which the head of the audit trail is written. Default: `audit-heads.txt` in the data folder.
    pub heads_file: Option<PathBuf>,
    /// The key file that unlocks at each start. Default none: somebody unlocks.
    pub key_file: Option<PathBuf>,
    /// The machine's key, where it lies apart from its data. Default: `master.key` in the data folder.
    pub master_key: Option<PathBuf>,
}

impl RecordsConfig {
    pub(super) fn read(root: &Section<'_>) -> Self {
        let section = root.table("records");
        let records = Self {
            database: section.optional("database_url", database),
            heads_file: section.optional("heads_file", |value| values::path(value, root.base())),
            key_file: section.optional("key_file", |value| values::path(value, root.base())),
            master_key: section.optional("master_key", |value| values::path(value, root.base())),
        };
        section.finish();
        records
    }
}

/// The text may hold a password, so no message repeats it.
fn database(value: &Value<'_>) -> Result<Place, String> {
    Place::parse(values::text(value)?).map_err(|error| format!("must name a database: {error}"))
}
