//! A page of links with their entries, read as one value.
//!
//! A driver hands over each column of each row by itself, which took more time than to find the row and to hash it. So the database
//! strings the values of a page together, each with its type and its length, and they are taken apart here. No two pages have the same
//! bytes, whatever somebody wrote into the columns.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

use crate::Id;
use crate::audit::chain::{Entry, Hash};

/// The columns of a link and of its entry. Read in this order below.
const COLUMNS: [&str; 16] = [
    "l.seq",
    "l.entry_id",
    "l.hash",
    "e.id",
    "e.kind",
    "e.at",
    "e.subject_id",
    "e.site_id",
    "e.actor_id",
    "e.behalf_id",
    "e.role",
    "e.purpose",
    "e.origin",
    "e.subject_kind",
    "e.action",
    "e.text_hash",
];

const ROWS: &str = "FROM audit_link l LEFT JOIN audit_entry e ON e.organisation_id = l.organisation_id AND e.id = l.entry_id
    WHERE l.organisation_id = $1 AND l.seq >= $2 AND l.seq < $3";

/// Links that follow each other, each with its entry.
#[derive(Debug)]
pub(super) struct Page {
    organisation: Id,
    backend: DbBackend,
    bytes: Vec<u8>,
}

/// A link as it is stored.
#[derive(Debug)]
pub(super) struct Link<'a> {
    /// Its place.
    pub(super) seq: i64,
    /// Which entry it links.
    pub(super) entry_id: Id,
    /// Nothing where a hash of another kind stands there.
    pub(super) hash: Option<Hash>,
    pub(super) entry: Result<Entry<'a>, NoEntry>,
}

/// Why there is no entry where that of a link belongs.
#[derive(Debug)]
pub(super) enum NoEntry {
    Missing,
    /// A column has another type than it was written with.
    Strange,
}

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Value<'a> {
    Null,
    Number(i64),
    Bytes(&'a [u8]),
    Text(&'a [u8]),
    /// Of a type that we have nowhere.
    Other,
}

/// What is still to be taken apart.
#[derive(Debug, Clone, Copy)]
struct Rest<'a>(&'a [u8]);

/// The statement that reads a page.
pub(super) fn sql(backend: DbBackend) -> String {
    match backend {
        // As PostgreSQL sends a row to a client: how many columns; of each its type, its length and its bytes.
        DbBackend::Postgres => {
            format!("SELECT string_agg(record_send(ROW({})), ''::bytea ORDER BY l.seq) {ROWS}", COLUMNS.join(", "))
        }
        // The type as a word, the length in bytes as a number, a colon, the bytes. `concat` leaves out the length of what is nothing.
        _ => {
            let values: Vec<String> =
                COLUMNS.iter().map(|column| format!("typeof({column}), octet_length({column}), ':', {column}")).collect();
            let row = values.join(", ");
            format!("SELECT CAST(group_concat(row, '') AS BLOB) FROM (SELECT concat({row}) AS row {ROWS} ORDER BY l.seq)")
        }
    }
}

// === impl Page ===

impl Page {
    /// The links from place `from`, before place `to`, by the statement [`sql`] gives.
    pub(super) async fn read(database: &DatabaseConnection, sql: &str, organisation: Id, from: i64, to: i64) -> Result<Self, DbErr> {
        let backend = database.get_database_backend();
        let values = [organisation.into(), from.into(), to.into()];
        let row = database.query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        let bytes: Option<Vec<u8>> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
        Ok(Self { organisation, backend, bytes: bytes.unwrap_or_default() })
    }

    pub(super) fn links(&self) -> impl Iterator<Item = Result<Link<'_>, DbErr>> {
        let mut rest = Rest(&self.bytes);
        std::iter::from_fn(move || {
            if rest.0.is_empty() {
                return None;
            }
            let link = row(&mut rest, self.backend).and_then(|values| link(self.organisation, &values));
            if link.is_none() {
                rest = Rest(&[]);
            }
            Some(link.ok_or_else(|| DbErr::Type("a link of the audit trail is not as the database strings it together".to_owned())))
        })
    }
}

fn row<'a>(rest: &mut Rest<'a>, backend: DbBackend) -> Option<[Value<'a>; COLUMNS.len()]> {
    let mut values = [Value::Null; COLUMNS.len()];
    match backend {
        DbBackend::Postgres => {
            let columns = rest.big_endian()?;
            if usize::try_from(columns).ok()? != values.len() {
                return None;
            }
            for value in &mut values {
                *value = rest.of_postgres()?;
            }
        }
        _ => {
            for value in &mut values {
                *value = rest.of_sqlite()?;
            }
        }
    }
    Some(values)
}

/// The place and the name of the entry are of the key and cannot be of another type.
fn link<'a>(organisation_id: Id, values: &[Value<'a>; COLUMNS.len()]) -> Option<Link<'a>> {
    let [seq, entry_id, hash, id, of_entry @ ..] = values;
    let entry = match id {
        Value::Null => Err(NoEntry::Missing),
        id => entry(organisation_id, *id, of_entry).ok_or(NoEntry::Strange),
    };
    let hash = hash.bytes().and_then(|hash| Hash::try_from(hash).ok());
    Some(Link { seq: seq.number()?, entry_id: entry_id.id()?, hash, entry })
}

fn entry<'a>(organisation_id: Id, id: Value<'a>, values: &[Value<'a>; COLUMNS.len() - 4]) -> Option<Entry<'a>> {
    let [kind, at, subject_id, site_id, actor_id, behalf_id, role, purpose, origin, subject_kind, action, text_hash] = values;
    Some(Entry {
        organisation_id,
        id: id.id()?,
        kind: kind.number()?.try_into().ok()?,
        at: at.number()?,
        subject_id: subject_id.id()?,
        site_id: site_id.or_null(Value::id)?,
        actor_id: actor_id.or_null(Value::id)?,
        behalf_id: behalf_id.or_null(Value::id)?,
        role: role.text()?,
        purpose: purpose.text()?,
        origin: origin.text()?,
        subject_kind: subject_kind.text()?,
        action: action.text()?,
        text_hash: text_hash.or_null(Value::bytes)?,
    })
}

// === impl Value ===

impl<'a> Value<'a> {
    const fn number(self) -> Option<i64> {
        if let Self::Number(number) = self { Some(number) } else { None }
    }

    const fn bytes(self) -> Option<&'a [u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    const fn text(self) -> Option<&'a [u8]> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    fn id(self) -> Option<Id> {
        <[u8; 16]>::try_from(self.bytes()?).ok().map(Id::from)
    }

    /// Nothing where nothing may stand; none where it is of another type.
    fn or_null<T>(self, read: fn(Self) -> Option<T>) -> Option<Option<T>> {
        if self == Self::Null { Some(None) } else { read(self).map(Some) }
    }
}

// === impl Rest ===

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn big_endian(&mut self) -> Option<i32> {
        Some(i32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// The numbers of types stand in PostgreSQL's `pg_type.dat`.
    fn of_postgres(&mut self) -> Option<Value<'a>> {
        let kind = self.big_endian()?;
        let Ok(length) = usize::try_from(self.big_endian()?) else { return Some(Value::Null) };
        let bytes = self.take(length)?;
        Some(match kind {
            17 => Value::Bytes(bytes),
            20 => Value::Number(i64::from_be_bytes(bytes.try_into().ok()?)),
            21 => Value::Number(i16::from_be_bytes(bytes.try_into().ok()?).into()),
            25 | 1043 => Value::Text(bytes),
            _ => Value::Other,
        })
    }

    fn of_sqlite(&mut self) -> Option<Value<'a>> {
        let kind = self.until(|byte| !byte.is_ascii_lowercase())?;
        let digits = self.until(|byte| byte == b':')?;
        self.take(1)?;
        let length = digits.iter().try_fold(0_usize, |number, digit| {
            let digit = char::from(*digit).to_digit(10)?;
            number.checked_mul(10)?.checked_add(usize::try_from(digit).ok()?)
        });
        let bytes = self.take(length?)?;
        Some(match kind {
            b"null" => Value::Null,
            b"integer" => Value::Number(str::from_utf8(bytes).ok()?.parse().ok()?),
            b"blob" => Value::Bytes(bytes),
            b"text" => Value::Text(bytes),
            _ => Value::Other,
        })
    }

    /// What comes before the first byte that `ends` says.
    fn until(&mut self, ends: fn(u8) -> bool) -> Option<&'a [u8]> {
        let end = self.0.iter().position(|byte| ends(*byte))?;
        self.take(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_sqlite_are_told_apart_by_type_and_length() {
        let read = |bytes: &'static [u8]| Rest(bytes).of_sqlite();
        assert_eq!(read(b"null:"), Some(Value::Null));
        assert_eq!(read(b"integer2:-5"), Some(Value::Number(-5)));
        assert_eq!(read(b"integer1:-5"), None);
        assert_eq!(read(b"blob3:5:\0x"), Some(Value::Bytes(b"5:\0")));
        assert_eq!(read(b"text0:"), Some(Value::Text(b"")));
        assert_eq!(read(b"real3:1.0"), Some(Value::Other));
        for cut in [&b""[..], b"blob", b"blob3", b"blob3:ab", b"blob-:a", b"blob99999999999999999999:a"] {
            assert_eq!(Rest(cut).of_sqlite(), None, "{cut:?}");
        }
    }

    #[test]
    fn values_of_postgres_are_told_apart_by_type_and_length() {
        let read = |kind: i32, length: i32, bytes: &[u8]| {
            let all = [&kind.to_be_bytes()[..], &length.to_be_bytes(), bytes].concat();
            let value = Rest(&all).of_postgres();
            value.map(|value| format!("{value:?}"))
        };
        assert_eq!(read(17, -1, b"").as_deref(), Some("Null"));
        assert_eq!(read(21, 2, &[255, 255]).as_deref(), Some("Number(-1)"));
        assert_eq!(read(20, 8, &[0, 0, 0, 0, 0, 0, 0, 9]).as_deref(), Some("Number(9)"));
        assert_eq!(read(1043, 1, b"a").as_deref(), Some("Text([97])"));
        assert_eq!(read(700, 4, b"abcd").as_deref(), Some("Other"));
        for (kind, length, bytes) in [(17, 3, &b"ab"[..]), (20, 2, b"ab"), (21, 8, b"12345678")] {
            assert_eq!(read(kind, length, bytes), None);
        }
    }
}
