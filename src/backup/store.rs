//! SQL of a backup: what there is, and in which order.

use sqlx::{PgConnection, PgExecutor, QueryBuilder};

use super::{Sequence, Table};

/// Kept by the migrations themselves.
const OURS: &str = "_sqlx_migrations";

/// From now on this connection sees the database as it is at this moment.
pub(super) async fn freeze(db: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql(
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0",
    )
    .execute(db)
    .await
    .map(drop)
}

/// Has any migration been here?
pub(super) async fn has_schema(db: impl PgExecutor<'_>) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").fetch_one(db).await
}

/// The newest migration.
/// Ends what [`freeze`] or [`begin`] began: what was written stays, or nothing does.
pub(super) async fn end(db: &mut PgConnection, stays: bool) -> sqlx::Result<()> {
    sqlx::raw_sql(if stays { "COMMIT" } else { "ROLLBACK" }).execute(db).await.map(drop)
}

/// Begins a transaction that may take as long as it needs.
pub(super) async fn begin(db: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql("BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0").execute(db).await.map(drop)
}

/// Tells the planner what is there now.
pub(super) async fn analyze(db: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql("ANALYZE").execute(db).await.map(drop)
}

/// `name` is made of lower-case letters, digits and underscores.
pub(super) async fn create_database(db: impl PgExecutor<'_>, name: &str) -> sqlx::Result<()> {
    QueryBuilder::new("CREATE DATABASE ").push(quoted(name)).build().execute(db).await.map(drop)
}

pub(super) async fn drop_database(db: impl PgExecutor<'_>, name: &str) -> sqlx::Result<()> {
    QueryBuilder::new("DROP DATABASE IF EXISTS ").push(quoted(name)).push(" WITH (FORCE)").build().execute(db).await.map(drop)
}

pub(super) async fn schema_version(db: impl PgExecutor<'_>) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success").fetch_one(db).await
}

/// All tables with their columns, those first that others refer to.
pub(super) async fn tables(db: &mut PgConnection) -> sqlx::Result<Vec<Table>> {
    let found: Vec<(String, Vec<String>)> = sqlx::query_as(
        "SELECT c.relname::text, array_agg(a.attname::text ORDER BY a.attnum)
           FROM pg_class c
           JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
          WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname <> $1
          GROUP BY c.relname
          ORDER BY c.relname",
    )
    .bind(OURS)
    .fetch_all(&mut *db)
    .await?;
    let references: Vec<(String, String)> = sqlx::query_as(
        "SELECT DISTINCT f.relname::text, t.relname::text
           FROM pg_constraint k
           JOIN pg_class f ON f.oid = k.conrelid
           JOIN pg_class t ON t.oid = k.confrelid
          WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace AND k.conrelid <> k.confrelid",
    )
    .fetch_all(db)
    .await?;
    Ok(in_order(found, &references).into_iter().map(|(name, columns)| Table { name, columns }).collect())
}

/// Each after everything that it refers to. What refers to itself in a circle comes last; there is no such thing today, and
/// a test would tell.
fn in_order(mut tables: Vec<(String, Vec<String>)>, references: &[(String, String)]) -> Vec<(String, Vec<String>)> {
    let mut ordered: Vec<(String, Vec<String>)> = Vec::new();
    while !tables.is_empty() {
        let waits = |name: &str| references.iter().any(|(from, to)| from == name && !ordered.iter().any(|(done, _)| done == to));
        let (ready, rest): (Vec<_>, Vec<_>) = tables.into_iter().partition(|(name, _)| !waits(name));
        if ready.is_empty() {
            ordered.extend(rest);
            break;
        }
        ordered.extend(ready);
        tables = rest;
    }
    ordered
}

pub(super) async fn sequences(db: &mut PgConnection) -> sqlx::Result<Vec<Sequence>> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class WHERE relkind = 'S' AND relnamespace = current_schema()::regnamespace ORDER BY relname",
    )
    .fetch_all(&mut *db)
    .await?;
    let mut found = Vec::new();
    for name in names {
        let (last_value, is_called) =
            QueryBuilder::new("SELECT last_value, is_called FROM ").push(quoted(&name)).build_query_as().fetch_one(&mut *db).await?;
        found.push(Sequence { name, last_value, is_called });
    }
    Ok(found)
}

pub(super) async fn set_sequence(db: impl PgExecutor<'_>, sequence: &Sequence) -> sqlx::Result<()> {
    sqlx::query("SELECT setval(quote_ident($1)::regclass, $2, $3)")
        .bind(&sequence.name)
        .bind(sequence.last_value)
        .bind(sequence.is_called)
        .execute(db)
        .await
        .map(drop)
}

/// Has nobody opened a shop here? Rows that migrations write do not count.
pub(super) async fn is_empty(db: impl PgExecutor<'_>) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "SELECT NOT EXISTS (SELECT 1 FROM markets) AND NOT EXISTS (SELECT 1 FROM staff) AND NOT EXISTS (SELECT 1 FROM products)
            AND NOT EXISTS (SELECT 1 FROM orders)",
    )
    .fetch_one(db)
    .await
}

/// Empties tables, whatever refers to what.
pub(super) async fn empty(db: &mut PgConnection, tables: &[Table]) -> sqlx::Result<()> {
    let names: Vec<String> = tables.iter().map(|table| quoted(&table.name)).collect();
    QueryBuilder::new("TRUNCATE ").push(names.join(", ")).push(" CASCADE").build().execute(db).await.map(drop)
}

pub(super) fn copy_out(table: &Table) -> String {
    format!("COPY {} TO STDOUT", named(table))
}

pub(super) fn copy_in(table: &Table) -> String {
    format!("COPY {} FROM STDIN", named(table))
}

fn named(table: &Table) -> String {
    let columns: Vec<String> = table.columns.iter().map(|column| quoted(column)).collect();
    format!("{} ({})", quoted(&table.name), columns.join(", "))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_referred_to_comes_first() {
        let table = |name: &str| (name.to_owned(), Vec::new());
        let refers = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        let order = in_order(vec![table("a"), table("b"), table("c")], &[refers("a", "b"), refers("b", "c")]);
        assert_eq!(order.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["c", "b", "a"]);
        assert_eq!(in_order(vec![table("a"), table("b")], &[refers("a", "b"), refers("b", "a")]).len(), 2, "a circle ends");
        assert_eq!(quoted("a\"b"), "\"a\"\"b\"");
    }
}
