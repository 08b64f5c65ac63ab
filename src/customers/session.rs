//! Sessions of customers: a random token in a cookie, its hash here. A session ends after 30 days without use, after
//! 180 days in any case, and is replaced by a new one whenever somebody proves who they are (T29).

use sqlx::{PgConnection, PgPool};

use super::store::sessions;
use crate::base::{CustomerId, Instant, SessionId};
use crate::platform::device::device;
use crate::platform::secrets;

/// Days without use after which a session is over.
const IDLE_DAYS: i64 = 30;
/// Days after which a session is over.
const LONGEST_DAYS: i64 = 180;
/// Seconds between two notes of use: reading pages must not write each time.
const NOTE_SECONDS: i64 = 300;
/// Characters kept of what a browser calls itself.
const USER_AGENT: usize = 255;
/// Seconds that a browser keeps the cookie.
pub const COOKIE_SECONDS: i64 = LONGEST_DAYS * 86_400;

/// A session as its owner sees it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Session {
    pub id: SessionId,
    pub user_agent: String,
    pub created_at: Instant,
    pub seen_at: Instant,
    pub is_current: bool,
}

impl Session {
    /// See [`device`].
    pub fn device(&self) -> (&'static str, &'static str) {
        device(&self.user_agent)
    }
}

/// Begins a session and ends the one whose token the browser sent; returns the new token, for the cookie.
pub async fn start(db: &mut PgConnection, customer: CustomerId, replaced: Option<&str>, user_agent: &str, at: Instant) -> sqlx::Result<String> {
    if let Some(token) = replaced {
        sessions::delete(&mut *db, &secrets::hash(token)).await?;
    }
    let token = secrets::token();
    let user_agent: String = user_agent.chars().filter(|c| !c.is_control()).take(USER_AGENT).collect();
    sessions::insert(&mut *db, customer, &secrets::hash(&token), &user_agent, at, at.plus_days(LONGEST_DAYS)).await?;
    Ok(token)
}

/// Notes that a session last noted as used at `seen_at` is in use; writes at most once in five minutes.
pub async fn note_use(db: &PgPool, token_hash: &[u8], seen_at: Instant, at: Instant) -> sqlx::Result<()> {
    let note_before = at.plus_seconds(-NOTE_SECONDS);
    if seen_at < note_before {
        sessions::touch(db, token_hash, at, note_before).await?;
    }
    Ok(())
}

/// The sessions of an account; `current` is the token of the one that asks.
pub async fn list(db: &PgPool, customer: CustomerId, current: &str, at: Instant) -> sqlx::Result<Vec<Session>> {
    sessions::list(db, customer, &secrets::hash(current), at, idle_since(at)).await
}

/// Forgets sessions that are over.
pub async fn prune(db: &PgPool, at: Instant) -> sqlx::Result<u64> {
    sessions::prune(db, at, idle_since(at)).await
}

/// A session that was last used before this is over.
pub fn idle_since(at: Instant) -> Instant {
    at.plus_days(-IDLE_DAYS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_by_its_most_special_mark() {
        let session = |user_agent: &str| Session {
            id: SessionId::fresh(Instant::from_unix(0)),
            user_agent: user_agent.to_owned(),
            created_at: Instant::from_unix(0),
            seen_at: Instant::from_unix(0),
            is_current: false,
        };
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0";
        assert_eq!(session(edge).device(), ("Edge", "Windows"));
        assert_eq!(session("curl/8").device(), ("", ""));
    }
}
