//! Which tables there are, as the database itself says: a table that is added later is in the next backup without a word here.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use super::form::{Column, Kind, Table};

/// Not taken along: what it holds, [`Opening::migrations`](super::Opening::migrations) says.
const MARKS: &str = "migration";

/// All tables, those that others refer to first.
pub(crate) async fn tables(database: &impl ConnectionTrait) -> Result<Vec<Table>, DbErr> {
    let sql = match database.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT c.table_name::text, c.column_name::text, c.data_type::text FROM information_schema.columns c
             JOIN information_schema.tables t USING (table_schema, table_name)
             WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' ORDER BY c.table_name, c.ordinal_position"
        }
        _ => {
            "SELECT t.name, c.name, c.type FROM sqlite_master t, pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY t.name, c.cid"
        }
    };
    let mut found: BTreeMap<String, Vec<Column>> = BTreeMap::new();
    for [table, column, kind] in texts(database, sql).await? {
        if table != MARKS {
            let kind = kind_of(&kind).ok_or_else(|| DbErr::Type(format!("{table}.{column} is of a type that no backup knows: {kind}")))?;
            found.entry(table).or_default().push(Column { name: column, kind });
        }
    }
    let order = parents_first(found.keys().cloned().collect(), &references(database).await?);
    Ok(order.into_iter().map(|name| Table { columns: found.remove(&name).unwrap_or_default(), name }).collect())
}

/// The migrations that were done, in order.
pub(super) async fn migrations(database: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let rows = texts::<1>(database, "SELECT name FROM migration ORDER BY name").await?;
    Ok(rows.into_iter().map(|[name]| name).collect())
}

/// Which table refers to which: (child, parent).
async fn references(database: &impl ConnectionTrait) -> Result<Vec<[String; 2]>, DbErr> {
    let sql = match database.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT c.relname::text, p.relname::text FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid
             JOIN pg_class p ON p.oid = f.confrelid WHERE f.contype = 'f' AND f.connamespace = current_schema()::regnamespace"
        }
        _ => "SELECT t.name, f.\"table\" FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'",
    };
    texts(database, sql).await
}

/// Rows of text.
pub(super) async fn texts<const N: usize>(database: &impl ConnectionTrait, sql: &str) -> Result<Vec<[String; N]>, DbErr> {
    let rows = database.query_all_raw(Statement::from_string(database.get_database_backend(), sql)).await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let mut texts = std::array::from_fn(|_| String::new());
        for (at, text) in texts.iter_mut().enumerate() {
            *text = row.try_get_by_index(at)?;
        }
        all.push(texts);
    }
    Ok(all)
}

/// Each after all that it refers to. A table may refer to itself.
fn parents_first(mut left: Vec<String>, references: &[[String; 2]]) -> Vec<String> {
    let mut order: Vec<String> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |name: &String| {
            references.iter().any(|[child, parent]| child == name && parent != name && left.iter().any(|other| other == parent))
        };
        let ready: Vec<String> = left.iter().filter(|name| !waits(name)).cloned().collect();
        if ready.is_empty() {
            // A circle: no order helps, and the database will say so when they are restored.
            order.append(&mut left);
        }
        left.retain(|name| !ready.contains(name));
        order.extend(ready);
    }
    order
}

fn kind_of(declared: &str) -> Option<Kind> {
    let word = declared.split('(').next().unwrap_or_default().trim().to_ascii_lowercase();
    match word.as_str() {
        "bigint" | "integer" | "smallint" => Some(Kind::Number),
        "text" | "varchar" | "character varying" => Some(Kind::Text),
        "bytea" | "blob" => Some(Kind::Bytes),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_come_first() {
        let names = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let pair = |child: &str, parent: &str| [child.to_owned(), parent.to_owned()];
        let order = parents_first(names("a b c"), &[pair("a", "b"), pair("b", "c"), pair("c", "c"), pair("a", "gone")]);
        assert_eq!(order, names("c b a"));
        assert_eq!(parents_first(names("a b"), &[pair("a", "b"), pair("b", "a")]).len(), 2, "a circle ends");
    }

    #[test]
    fn types_of_both_databases_are_known() {
        for (declared, kind) in [("bigint", Kind::Number), ("blob(16)", Kind::Bytes), ("varchar(40)", Kind::Text), ("bytea", Kind::Bytes)] {
            assert_eq!(kind_of(declared), Some(kind), "{declared}");
        }
        assert_eq!(kind_of("double precision"), None);
    }
}
