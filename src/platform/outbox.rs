//! What leaves the shop is first a row here, written by the transaction that causes it, and kept.

use sqlx::PgExecutor;
use uuid::Uuid;

use crate::base::{Actor, Instant};

/// A fact for the world outside: which entity, what happened, and what a reader needs to know of it.
#[derive(Debug)]
pub struct Fact<'a> {
    /// `order`, `product`, …
    pub entity: &'a str,
    pub id: Uuid,
    /// `placed`, `paid`, `shipped`, …
    pub kind: &'a str,
    pub payload: serde_json::Value,
    pub occurred_at: Instant,
    pub actor: Actor,
}

/// Appends a fact; returns its sequence number.
pub async fn append(db: impl PgExecutor<'_>, fact: Fact<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar("INSERT INTO outbox (entity, entity_id, kind, payload, occurred_at, actor) VALUES ($1, $2, $3, $4, $5, $6) RETURNING seq")
        .bind(fact.entity)
        .bind(fact.id)
        .bind(fact.kind)
        .bind(fact.payload)
        .bind(fact.occurred_at)
        .bind(fact.actor.to_string())
        .fetch_one(db)
        .await
}
