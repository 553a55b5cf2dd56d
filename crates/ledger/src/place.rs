//! Where the records are kept: which database.

use std::fmt;
use std::path::{Path, PathBuf};

/// The database, chosen by URL.
#[derive(Clone, PartialEq, Eq)]
pub enum Place {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL database: `postgres://user:password@host:port/database`. Never shown whole, since it holds a password.
    Postgres(String),
}

/// A text that names no database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("write postgres://user:password@host/database or sqlite:/path/of/the/file")]
pub struct PlaceError;

// === impl Place ===

impl Place {
    /// The default: a SQLite file in the data folder.
    pub fn in_folder(folder: &Path) -> Self {
        Self::Sqlite(folder.join("records.sqlite"))
    }

    /// From a URL: `postgres://...`, `postgresql://...` or `sqlite:/path`.
    pub fn parse(url: &str) -> Result<Self, PlaceError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() { Err(PlaceError) } else { Ok(Self::Sqlite(path.into())) };
        }
        let postgres = url.starts_with("postgres://") || url.starts_with("postgresql://");
        if postgres && url.parse::<sqlx::postgres::PgConnectOptions>().is_ok() {
            Ok(Self::Postgres(url.to_owned()))
        } else {
            Err(PlaceError)
        }
    }
}

/// Without user and password.
impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(formatter, "{}", path.display()),
            Self::Postgres(url) => match url.parse::<sqlx::postgres::PgConnectOptions>() {
                Ok(options) => {
                    write!(formatter, "PostgreSQL at {}, database {}", options.get_host(), options.get_database().unwrap_or("-"))
                }
                Err(_) => formatter.write_str("PostgreSQL"),
            },
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_chooses_the_database() {
        assert_eq!(Place::parse("sqlite:/var/lib/a.sqlite"), Ok(Place::Sqlite("/var/lib/a.sqlite".into())));
        assert_eq!(Place::parse("sqlite:///var/lib/a.sqlite"), Ok(Place::Sqlite("/var/lib/a.sqlite".into())));
        assert!(matches!(Place::parse("postgres://me:secret@db.school/records"), Ok(Place::Postgres(_))));
        for bad in ["", "sqlite:", "mysql://a/b", "postgres:/", "/var/lib/a.sqlite"] {
            assert_eq!(Place::parse(bad), Err(PlaceError), "{bad}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let place = Place::parse("postgres://me:hunter2@db.school/records").unwrap();
        assert_eq!(format!("{place} {place:?}").matches("hunter2").count(), 0);
        assert!(place.to_string().contains("db.school"));
    }
}
