//! SQL of the subscribers.

use sqlx::PgExecutor;

use crate::base::{Instant, Language, SubscriberId};
use crate::newsletter::subscriber::{Reason, Status, Subscriber};
use crate::newsletter::tasks::Asked;

/// Keeps a wording that people were shown.
pub async fn insert_text(db: impl PgExecutor<'_>, hash: &str, text: &str, at: Instant) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO consent_texts (hash, text, first_shown) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING")
        .bind(hash)
        .bind(text)
        .bind(at)
        .execute(db)
        .await
        .map(drop)
}

/// Notes that somebody asked, unless the address is subscribed or was asked for since `quiet_since`. Who left stays
/// gone until they confirm.
pub async fn ask(
    db: impl PgExecutor<'_>,
    asked: &Asked,
    language: Language,
    text_hash: &str,
    quiet_since: Instant,
) -> sqlx::Result<Option<SubscriberId>> {
    sqlx::query_scalar(
        "INSERT INTO subscribers AS s (id, email, email_key, language, status, source, text_hash, asked_at, asked_ip)
         VALUES ($1, $2, $3, $4, 'pending', $5, $6, $7, $8)
         ON CONFLICT (email_key) DO UPDATE
            SET email = excluded.email, language = excluded.language, source = excluded.source, text_hash = excluded.text_hash,
                asked_at = excluded.asked_at, asked_ip = excluded.asked_ip
          WHERE s.status <> 'confirmed' AND s.asked_at <= $9
      RETURNING s.id",
    )
    .bind(SubscriberId::fresh(asked.at))
    .bind(&asked.email)
    .bind(asked.email.key())
    .bind(language)
    .bind(&asked.source)
    .bind(text_hash)
    .bind(asked.at)
    .bind(&asked.ip)
    .bind(quiet_since)
    .fetch_optional(db)
    .await
}

macro_rules! subscribers {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, s.email, s.email_key, s.language, s.status, s.source, t.text, s.asked_at, s.asked_ip, s.confirmed_at, s.confirmed_ip,
                    s.unsubscribed_at, s.reason, EXISTS (SELECT 1 FROM suppressions x WHERE x.email_key = s.email_key) AS is_suppressed
               FROM subscribers s
               JOIN consent_texts t ON t.hash = s.text_hash ",
            $rest
        )
    };
}

pub async fn find(db: impl PgExecutor<'_>, id: SubscriberId) -> sqlx::Result<Option<Subscriber>> {
    sqlx::query_as(subscribers!("WHERE s.id = $1")).bind(id).fetch_optional(db).await
}

pub async fn find_by_key(db: impl PgExecutor<'_>, key: &str) -> sqlx::Result<Option<Subscriber>> {
    sqlx::query_as(subscribers!("WHERE s.email_key = $1")).bind(key).fetch_optional(db).await
}

/// The newest whose address contains `part`, older than `before`.
pub async fn search(
    db: impl PgExecutor<'_>,
    part: &str,
    status: Option<Status>,
    before: Option<SubscriberId>,
    limit: Option<i64>,
) -> sqlx::Result<Vec<Subscriber>> {
    let escaped = part.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    sqlx::query_as(subscribers!(
        "WHERE s.email_key LIKE $1
            AND ($2::text IS NULL OR s.status = $2)
            AND ($3::uuid IS NULL OR s.id < $3)
          ORDER BY s.id DESC
          LIMIT $4"
    ))
    .bind(format!("%{escaped}%"))
    .bind(status)
    .bind(before)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// Subscribes whoever is not yet, unless the address is suppressed; says whether it did.
pub async fn confirm(db: impl PgExecutor<'_>, id: SubscriberId, key: &str, ip: &str, at: Instant) -> sqlx::Result<bool> {
    let done = sqlx::query(
        "UPDATE subscribers
            SET status = 'confirmed', confirmed_at = $4, confirmed_ip = $3, unsubscribed_at = NULL, reason = NULL
          WHERE id = $1 AND email_key = $2 AND status <> 'confirmed' AND NOT EXISTS (SELECT 1 FROM suppressions WHERE email_key = $2)",
    )
    .bind(id)
    .bind(key)
    .bind(ip)
    .bind(at)
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Says whether there was a subscription, or the beginning of one.
pub async fn leave(db: impl PgExecutor<'_>, id: SubscriberId, reason: Reason, at: Instant) -> sqlx::Result<bool> {
    let done =
        sqlx::query("UPDATE subscribers SET status = 'unsubscribed', unsubscribed_at = $3, reason = $2 WHERE id = $1 AND status <> 'unsubscribed'")
            .bind(id)
            .bind(reason)
            .bind(at)
            .execute(db)
            .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn delete_pending(db: impl PgExecutor<'_>, asked_before: Instant) -> sqlx::Result<u64> {
    Ok(sqlx::query("DELETE FROM subscribers WHERE status = 'pending' AND asked_at < $1").bind(asked_before).execute(db).await?.rows_affected())
}

/// How many stand where.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Numbers {
    /// Confirmed and not suppressed: who would get an issue now.
    pub readers: i64,
    pub pending: i64,
    pub unsubscribed: i64,
    pub suppressed: i64,
}

pub async fn numbers(db: impl PgExecutor<'_>) -> sqlx::Result<Numbers> {
    sqlx::query_as(
        "SELECT count(*) FILTER (WHERE s.status = 'confirmed' AND x.email_key IS NULL) AS readers,
                count(*) FILTER (WHERE s.status = 'pending') AS pending,
                count(*) FILTER (WHERE s.status = 'unsubscribed') AS unsubscribed,
                (SELECT count(*) FROM suppressions) AS suppressed
           FROM subscribers s
           LEFT JOIN suppressions x ON x.email_key = s.email_key",
    )
    .fetch_one(db)
    .await
}
