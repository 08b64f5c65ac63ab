//! The pool and the schema.

use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgPool};

/// Forward-only migrations, one file per change.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

/// The oldest Postgres the schema is tested with.
const OLDEST_SERVER: i32 = 150_000;

/// What every session of the shop asks of Postgres.
pub const SESSION: [(&str, &str); 5] = [
    // One slow statement does not pile everything up (R8).
    ("statement_timeout", "15000"),
    ("lock_timeout", "8000"),
    ("idle_in_transaction_session_timeout", "30000"),
    // Statements of a few milliseconds gain nothing from being compiled, which takes longer than they do.
    ("jit", "off"),
    // What a shop reads is in memory or on a disk without arms: an index is not four times as dear as a scan, as Postgres
    // believes of itself. A list of eight cards took 3.1 ms with the scans it chose, 2.2 with indexes.
    ("random_page_cost", "1.1"),
];

/// How to reach a database.
pub fn options(url: &str) -> sqlx::Result<PgConnectOptions> {
    Ok(url.parse::<PgConnectOptions>()?.application_name("wharf").options(SESSION))
}

/// What all pools have in common. A connection is asked whether it lives each time it is taken, which is a round trip: so a Postgres
/// that stopped answering is noticed within the wait for a connection, not within that for a page (R8).
pub fn pool(connections: u32) -> PgPoolOptions {
    PgPoolOptions::new().max_connections(connections).acquire_timeout(Duration::from_secs(5))
}

/// Opens the pool.
pub async fn open(url: &str, connections: u32) -> anyhow::Result<PgPool> {
    let pool = pool(connections).connect_with(options(url)?).await?;
    let version: i32 = sqlx::query_scalar("SELECT current_setting('server_version_num')::int").fetch_one(&pool).await?;
    anyhow::ensure!(version >= OLDEST_SERVER, "Postgres 15 or newer is needed; the server at DATABASE_URL is version {}.", version / 10_000);
    Ok(pool)
}

/// Brings the schema up to date; only one node does so at a time (sqlx takes an advisory lock). A migration may take as long
/// as it takes, on a connection of its own, but does not hold up the shop while it waits for a table (`lock_timeout`).
///
/// A schema that is ahead of this version is served as it is: during a deploy, or on the way back, a node of the version before
/// starts beside it (R14). Migrations keep what that version reads and writes.
pub async fn migrate(pool: &PgPool) -> anyhow::Result<()> {
    let mut connection = pool.acquire().await?.detach();
    sqlx::raw_sql("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0").execute(&mut connection).await?;
    let mut migrations = Migrator::with_migrations(MIGRATIONS.iter().cloned().collect());
    migrations.set_ignore_missing(true).run(&mut connection).await?;
    Ok(connection.close().await?)
}
