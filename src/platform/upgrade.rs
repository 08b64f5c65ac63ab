//! The rehearsal of an upgrade: what the migrations that a database lacks would lock, and for how long. They are run there, in
//! one transaction that is rolled back.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::time::{Duration, Instant};

use sqlx::migrate::{Migrate, MigrateError, Migration, Migrator};
use sqlx::postgres::PgConnection;
use sqlx::postgres::types::Oid;
use sqlx::{Connection, PgPool};

/// Where applied migrations are written down.
const APPLIED: &str = "_sqlx_migrations";
/// Milliseconds that a rehearsal waits for a table that somebody uses. Whoever comes after it waits as well.
const LOCK_MILLIS: u128 = 2_000;

/// Who has to wait while a table is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Waits {
    Nobody,
    RowWriters,
    Writers,
    Everybody,
}

impl Waits {
    /// By the mode of the lock, as `pg_locks` calls it (Postgres' manual, 13.3.1). Upgrades and upkeep of the table wait for more
    /// than is said here; neither readers nor writers do.
    pub fn of(mode: &str) -> Self {
        match mode {
            "AccessShareLock" | "RowShareLock" | "ShareUpdateExclusiveLock" => Self::Nobody,
            "RowExclusiveLock" => Self::RowWriters,
            "ShareLock" | "ShareRowExclusiveLock" | "ExclusiveLock" => Self::Writers,
            _ => Self::Everybody,
        }
    }
}

impl std::fmt::Display for Waits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nobody => "nobody waits",
            Self::RowWriters => "writers of the same rows wait",
            Self::Writers => "writers wait",
            Self::Everybody => "readers and writers wait",
        })
    }
}

/// What became of a migration in the rehearsal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It works, took so long, and locked these tables in a way that somebody waits. A table that an earlier migration of the
    /// rehearsal had locked is named where the text names it, with the strongest lock so far.
    Works { took: Duration, tables: BTreeMap<String, Waits> },
    /// It runs outside a transaction (`-- no-transaction`), so it cannot be taken back, nor tried.
    OutsideTransaction,
    /// It had not ended when the time of the rehearsal was over.
    TooLong,
    /// It was refused, with the reason of Postgres.
    Fails(String),
    /// One before it did not work.
    Untried,
}

/// A migration that the database lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    pub version: i64,
    pub description: String,
    pub outcome: Outcome,
}

/// Tries what the database lacks of `migrations`, in their order, for `at_most` in all, and takes it back. Nothing stays changed;
/// meanwhile the shop waits where it needs a table that is locked, so it is to be done in a quiet hour, or on a copy.
///
/// Errors: [`MigrateError`] where the database holds migrations that are not among these or were changed since, where one stopped
/// half way, and where Postgres cannot be reached.
pub async fn rehearse(db: &PgPool, migrations: &Migrator, at_most: Duration) -> Result<Vec<Pending>, MigrateError> {
    let mut connection = db.acquire().await?;
    let missing = missing(&mut connection, migrations).await?;
    let until = Instant::now() + at_most;
    let mut tx = connection.begin().await?;
    let backend = hold_back(&mut tx, at_most).await?;
    let known = relations(&mut tx).await?;
    let mut pending: Vec<Pending> = Vec::new();
    let mut works = true;
    for migration in missing {
        let outcome = match works {
            false => Outcome::Untried,
            true if migration.no_tx => Outcome::OutsideTransaction,
            true => run(&mut tx, migration, &known, || stop(db, backend), until).await?,
        };
        works = matches!(outcome, Outcome::Works { .. } | Outcome::OutsideTransaction);
        pending.push(Pending { version: migration.version, description: migration.description.to_string(), outcome });
    }
    tx.rollback().await?;
    Ok(pending)
}

/// The migrations that were never applied.
async fn missing<'a>(db: &mut PgConnection, migrations: &'a Migrator) -> Result<Vec<&'a Migration>, MigrateError> {
    let has_any: bool = sqlx::query_scalar("SELECT to_regclass($1) IS NOT NULL").bind(APPLIED).fetch_one(&mut *db).await?;
    let applied = if has_any {
        if let Some(version) = db.dirty_version(APPLIED).await? {
            return Err(MigrateError::Dirty(version));
        }
        db.list_applied_migrations(APPLIED).await?
    } else {
        Vec::new()
    };
    for old in &applied {
        match migrations.iter().find(|migration| migration.version == old.version) {
            None => return Err(MigrateError::VersionMissing(old.version)),
            Some(same) if same.checksum != old.checksum => return Err(MigrateError::VersionMismatch(old.version)),
            Some(_) => {}
        }
    }
    Ok(migrations.iter().filter(|migration| !applied.iter().any(|old| old.version == migration.version)).collect())
}

/// Limits what the transaction may take; its backend's number. Should this program be killed, Postgres ends by itself.
async fn hold_back(db: &mut PgConnection, at_most: Duration) -> sqlx::Result<i32> {
    sqlx::query_scalar(
        "SELECT pg_backend_pid()
           FROM set_config('lock_timeout', $1, true) AS lock, set_config('statement_timeout', $2, true) AS statement,
                set_config('idle_in_transaction_session_timeout', $2, true) AS idle",
    )
    .bind(LOCK_MILLIS.to_string())
    .bind(at_most.as_millis().max(1).to_string())
    .fetch_one(db)
    .await
}

/// The tables that are there, and the indexes, which are locked with their table. What a migration makes, nobody waits for.
async fn relations(db: &mut PgConnection) -> sqlx::Result<HashMap<Oid, String>> {
    let rows: Vec<(Oid, String)> = sqlx::query_as(
        "SELECT c.oid, coalesce(t.relname, c.relname)::text
           FROM pg_class c
           LEFT JOIN pg_index i ON i.indexrelid = c.oid
           LEFT JOIN pg_class t ON t.oid = i.indrelid
          WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'm', 'i', 'I')",
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().collect())
}

/// The strongest lock of this transaction on each relation.
async fn locks(db: &mut PgConnection) -> sqlx::Result<HashMap<Oid, Waits>> {
    let rows: Vec<(Oid, String)> =
        sqlx::query_as("SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted")
            .fetch_all(db)
            .await?;
    let mut strongest = HashMap::new();
    for (relation, mode) in rows {
        let held = strongest.entry(relation).or_insert(Waits::Nobody);
        *held = Waits::of(&mode).max(*held);
    }
    Ok(strongest)
}

/// Ends what another connection is doing. Where that does not work, its `statement_timeout` does it later.
async fn stop(db: &PgPool, backend: i32) {
    drop(sqlx::query("SELECT pg_cancel_backend($1)").bind(backend).execute(db).await);
}

async fn run<F: Future<Output = ()>>(
    db: &mut PgConnection,
    migration: &Migration,
    known: &HashMap<Oid, String>,
    stop: impl FnOnce() -> F,
    until: Instant,
) -> sqlx::Result<Outcome> {
    let before = locks(db).await?;
    let began = Instant::now();
    let left = until.saturating_duration_since(began);
    let done = {
        let mut running = std::pin::pin!(sqlx::raw_sql(migration.sql.clone()).execute(&mut *db));
        match tokio::time::timeout(left, &mut running).await {
            Ok(done) => done,
            Err(_) => {
                stop().await;
                drop(running.await);
                return Ok(Outcome::TooLong);
            }
        }
    };
    let took = began.elapsed();
    if let Err(error) = done {
        return refused(error);
    }
    let mut tables = BTreeMap::new();
    for (relation, waits) in locks(db).await? {
        let Some(table) = known.get(&relation).filter(|_| waits > Waits::Nobody) else { continue };
        if before.get(&relation).is_none_or(|before| *before < waits) || names(migration.sql.as_str(), table) {
            let strongest = tables.entry(table.clone()).or_insert(waits);
            *strongest = waits.max(*strongest);
        }
    }
    Ok(Outcome::Works { took, tables })
}

/// What Postgres refused; an error where it could not be asked.
fn refused(error: sqlx::Error) -> sqlx::Result<Outcome> {
    let code = error.as_database_error().and_then(|error| error.code()).map(|code| code.into_owned());
    match code.as_deref() {
        None => Err(error),
        Some("57014") => Ok(Outcome::TooLong),
        Some("55P03") => Ok(Outcome::Fails(format!("a table that it needs was in use for {LOCK_MILLIS} ms; try again in a quieter moment"))),
        Some(_) => Ok(Outcome::Fails(error.as_database_error().map(|error| error.message().to_owned()).unwrap_or_default())),
    }
}

/// Whether a text of SQL has this word in it.
fn names(sql: &str, table: &str) -> bool {
    sql.split(|letter: char| !letter.is_alphanumeric() && letter != '_').any(|word| word == table)
}

/// A table for a terminal: migration, tables, who waits, how long.
pub fn told(pending: &[Pending]) -> String {
    let heading = ["migration", "table", "while it runs", "time"].map(str::to_owned);
    let rows: Vec<[String; 4]> = std::iter::once(heading).chain(pending.iter().flat_map(rows)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths = [width(0), width(1), width(2), width(3)];
    let mut text = String::new();
    for [migration, table, waits, time] in &rows {
        let line = format!("{migration:0$}  {table:1$}  {waits:2$}  {time:>3$}", widths[0], widths[1], widths[2], widths[3]);
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

fn rows(pending: &Pending) -> Vec<[String; 4]> {
    let name = format!("{} {}", pending.version, pending.description);
    let alone = |words: &str| vec![[name.clone(), "–".into(), words.to_owned(), "–".into()]];
    match &pending.outcome {
        Outcome::Works { took, tables } => {
            let time = format!("{} ms", took.as_millis());
            let mut rows: Vec<[String; 4]> =
                tables.iter().map(|(table, waits)| [String::new(), table.clone(), waits.to_string(), String::new()]).collect();
            if rows.is_empty() {
                rows.push([String::new(), "–".into(), Waits::Nobody.to_string(), String::new()]);
            }
            (rows[0][0], rows[0][3]) = (name, time);
            rows
        }
        Outcome::OutsideTransaction => alone("cannot be tried: it runs outside a transaction"),
        Outcome::TooLong => alone("not known: it takes longer than the rehearsal may"),
        Outcome::Fails(reason) => alone(&format!("fails: {reason}")),
        Outcome::Untried => alone("not tried, for one before it did not work"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_are_told_by_who_waits() {
        let expected = [
            ("AccessShareLock", "nobody waits"),
            ("ShareUpdateExclusiveLock", "nobody waits"),
            ("RowExclusiveLock", "writers of the same rows wait"),
            ("ShareLock", "writers wait"),
            ("ShareRowExclusiveLock", "writers wait"),
            ("ExclusiveLock", "writers wait"),
            ("AccessExclusiveLock", "readers and writers wait"),
        ];
        for (mode, words) in expected {
            assert_eq!(Waits::of(mode).to_string(), words, "{mode}");
        }
        assert!(names("ALTER TABLE orders ADD x int", "orders") && !names("CREATE INDEX orders_x ON order_lines (x)", "orders"));
    }

    #[test]
    fn the_table_has_a_line_a_lock() {
        let pending = |version, outcome| Pending { version, description: "orders add notes".into(), outcome };
        let tables = BTreeMap::from([("carts".to_owned(), Waits::Writers), ("orders".to_owned(), Waits::Everybody)]);
        let works = |tables| Outcome::Works { took: Duration::from_millis(1_234), tables };
        let text = told(&[pending(1, works(tables)), pending(2, works(BTreeMap::new())), pending(3, Outcome::OutsideTransaction)]);
        let expected = "\
migration           table   while it runs                                      time
1 orders add notes  carts   writers wait                                    1234 ms
                    orders  readers and writers wait
2 orders add notes  –       nobody waits                                    1234 ms
3 orders add notes  –       cannot be tried: it runs outside a transaction        –
";
        assert_eq!(text, expected);
    }
}
