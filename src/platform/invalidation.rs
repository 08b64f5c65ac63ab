//! Which cached pages a change makes stale: writers append tags in their transaction, every node replays them.
//!
//! A transaction that commits late may carry an older sequence number; so a reader goes by transaction ids: it reads
//! from the oldest one that was still running at its last look, and skips what it has seen.

use std::collections::HashSet;

use sqlx::{PgExecutor, PgPool};

/// The channel that wakes listeners; it carries nothing, the table is the truth.
pub const CHANNEL: &str = "wharf_invalidations";

/// Pages that read `tags` are stale once the caller's transaction commits. Call [`wake`] after the commit.
pub async fn append(db: impl PgExecutor<'_>, tags: &[String]) -> sqlx::Result<()> {
    if tags.is_empty() {
        return Ok(());
    }
    sqlx::query("INSERT INTO invalidations (tags) VALUES ($1)").bind(tags).execute(db).await.map(drop)
}

/// Every rule snapshot and every page is stale: a market, rate, method, menu or setting changed.
pub async fn rules_changed(db: &mut sqlx::PgConnection) -> sqlx::Result<()> {
    sqlx::query("UPDATE rules_version SET version = version + 1").execute(&mut *db).await?;
    append(db, &["rules".to_owned()]).await
}

/// Wakes the listeners of all nodes; losing this only costs the moment until their next look.
pub async fn wake(db: &PgPool) {
    if let Err(error) = sqlx::query("SELECT pg_notify($1, '')").bind(CHANNEL).execute(db).await {
        tracing::warn!(%error, "listeners were not woken; they look again within the second");
    }
}

/// Forgets what every node has long replayed; a node that was away longer drops everything.
pub async fn prune(db: impl PgExecutor<'_>) -> sqlx::Result<u64> {
    Ok(sqlx::query("DELETE FROM invalidations WHERE created_at < now() - interval '1 hour'").execute(db).await?.rows_affected())
}

/// Where a node stands in the stream.
#[derive(Debug, Default)]
pub struct Cursor {
    from_xid: Option<i64>,
    seen: HashSet<i64>,
}

impl Cursor {
    /// Tags that became stale since the last look; the first look only sets the mark.
    pub async fn read(&mut self, db: &PgPool) -> sqlx::Result<Vec<String>> {
        let mut tx = db.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let oldest_running: i64 = sqlx::query_scalar("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint").fetch_one(&mut *tx).await?;
        let Some(from) = self.from_xid.replace(oldest_running) else { return Ok(Vec::new()) };
        let rows: Vec<(i64, Vec<String>)> = sqlx::query_as("SELECT seq, tags FROM invalidations WHERE xid >= $1::text::xid8 ORDER BY seq")
            .bind(from.to_string())
            .fetch_all(&mut *tx)
            .await?;
        tx.commit().await?;
        let fresh: Vec<String> = rows.iter().filter(|(seq, _)| !self.seen.contains(seq)).flat_map(|(_, tags)| tags.iter().cloned()).collect();
        self.seen = rows.into_iter().map(|(seq, _)| seq).collect();
        Ok(fresh)
    }
}
