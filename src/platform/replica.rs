//! A standby that follows the database (streaming replication), for what everybody may read: product pages, lists, texts.
//!
//! It is never asked for anything older than what this node has heard of: a change is told with the place in the log up to
//! which a standby must have replayed, and until it has, the database itself is read. What belongs to one visitor (cart, order,
//! account) is always read there.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres};
use tokio::sync::{Mutex, Notify};

use super::db;

/// How long a page waits for a connection before it turns to the database itself.
const PATIENCE: Duration = Duration::from_millis(250);
/// Between two looks at a standby that is behind, and at one that is not.
const SOON: Duration = Duration::from_millis(50);
const LATER: Duration = Duration::from_secs(1);

/// Nothing was replayed, or nobody knows.
const NOTHING: i64 = -1;
/// It is not known what must have been replayed.
const UNKNOWN: i64 = i64::MAX;

/// The standby as this node knows it. Places are bytes in the database's log.
#[derive(Debug)]
pub struct Replica {
    pool: PgPool,
    needed: AtomicI64,
    replayed: AtomicI64,
    needs: Notify,
    /// Held while the database is asked for its place: an older answer must not be written down after a newer one.
    asking: Mutex<()>,
}

impl Replica {
    /// Connects when it is first asked: a shop whose standby is away opens all the same.
    pub fn open(url: &str, connections: u32) -> anyhow::Result<Self> {
        let pool = db::pool(connections).acquire_timeout(PATIENCE).connect_lazy_with(db::options(url)?);
        Ok(Self { pool, needed: AtomicI64::new(UNKNOWN), replayed: AtomicI64::new(NOTHING), needs: Notify::new(), asking: Mutex::default() })
    }

    /// A connection to read with, if it has replayed all that this node has heard of.
    pub async fn connection(&self) -> Option<PoolConnection<Postgres>> {
        if !self.is_current() {
            return None;
        }
        match self.pool.acquire().await {
            Ok(connection) => Some(connection),
            Err(error) => {
                tracing::warn!(%error, "the standby cannot be read; the database is read instead");
                self.replayed.store(NOTHING, Ordering::Release);
                None
            }
        }
    }

    pub fn is_current(&self) -> bool {
        self.replayed.load(Ordering::Acquire) >= self.needed.load(Ordering::Acquire)
    }

    /// To be called after a change was heard of and before the pages that it makes stale are dropped.
    pub async fn require(&self, db: &PgPool) {
        let _one_at_a_time = self.asking.lock().await;
        let place = sqlx::query_scalar("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint").fetch_one(db).await;
        // Unknown is tried again by `follow`.
        self.needed.store(place.unwrap_or(UNKNOWN), Ordering::Release);
        self.needs.notify_one();
    }

    /// Looks how far the standby is, for ever.
    pub async fn follow(&self, db: &PgPool) {
        let mut was_current = true;
        loop {
            if self.needed.load(Ordering::Acquire) == UNKNOWN {
                self.require(db).await;
            }
            // Of a server that is no standby there is nothing to say.
            let place = sqlx::query_scalar::<_, Option<i64>>(
                "SELECT CASE WHEN pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint END",
            );
            let found = place.fetch_one(&self.pool).await;
            self.replayed.store(found.as_ref().ok().copied().flatten().unwrap_or(NOTHING), Ordering::Release);
            let is_current = self.is_current();
            if was_current && !is_current {
                match found {
                    Err(error) => tracing::warn!(%error, "the standby does not answer; the database is read instead"),
                    Ok(None) => tracing::warn!("DATABASE_REPLICA_URL names a server that is no standby; the database is read instead"),
                    Ok(Some(_)) => {}
                }
            }
            was_current = is_current;
            metrics::gauge!("wharf_replica_is_current").set(f64::from(u8::from(is_current)));
            if is_current {
                let _woken = tokio::time::timeout(LATER, self.needs.notified()).await;
            } else {
                let is_away = self.replayed.load(Ordering::Acquire) == NOTHING;
                tokio::time::sleep(if is_away { LATER } else { SOON }).await;
            }
        }
    }

    pub async fn close(&self) {
        self.pool.close().await;
    }
}
