//! Whether the database's own file is whole. A disk that loses bytes says nothing, and what it lost is noticed when somebody needs it,
//! perhaps after the last backup that had it is gone.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use crate::{Fault, LedgerError};

/// Most faults that are told.
const MOST: u32 = 20;

/// What is wrong with the file of the records, in the database's words, which name tables and pages and no content; nothing where it is
/// whole. It reads all of a SQLite file (<https://www.sqlite.org/pragma.html#pragma_quick_check>) and holds up nobody. PostgreSQL looks at
/// its own files, by checksums where its cluster was made with them: nothing is asked there.
///
/// # Errors
/// Where the database cannot be asked.
pub async fn damage(reader: &DatabaseConnection) -> Result<Vec<String>, LedgerError> {
    let backend = reader.get_database_backend();
    if backend != DbBackend::Sqlite {
        return Ok(Vec::new());
    }
    let asked = async {
        let rows = reader.query_all_raw(Statement::from_string(backend, format!("PRAGMA quick_check({MOST})"))).await?;
        rows.iter().map(|row| row.try_get_by_index::<String>(0)).collect::<Result<Vec<_>, _>>()
    };
    match asked.await {
        Ok(told) if told == ["ok"] => Ok(Vec::new()),
        Ok(told) => Ok(told),
        // So damaged that it cannot be looked through.
        Err(error) if Fault::of(&error) == Fault::Damaged => Ok(vec![error.to_string()]),
        Err(error) => Err(LedgerError::database("looking whether the file of the records is whole")(error)),
    }
}
