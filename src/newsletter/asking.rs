//! Asking for the newsletter, in two steps: whoever types an address subscribes nobody; the letter that goes there lets
//! its owner confirm. What was asked and confirmed is kept as the proof that GDPR Art. 7(1) wants.

use sqlx::PgConnection;

use super::store::{subscribers, suppressions};
use super::subscriber::{Status, Subscriber};
use super::tasks::Asked;
use crate::base::{Instant, Language, SubscriberId};
use crate::platform::secrets;
use crate::platform::tokens::{self, Purpose};

/// Days that the link of a letter confirms.
pub const CONFIRM_DAYS: i64 = 7;
/// Seconds in which an address gets one such letter, whoever asks and from where: nobody's mailbox is flooded by us.
const QUIET_SECONDS: i64 = 600;
/// Days that an address stays here without being confirmed: proof of nothing (GDPR Art. 5(1)(e)).
const PENDING_DAYS: i64 = 30;

/// Notes that somebody asked; the token of the letter to write, or `None` where none is to be written: the address is
/// suppressed, subscribed already, or was just written to.
pub async fn ask(db: &mut PgConnection, asked: &Asked, language: Language, at: Instant) -> sqlx::Result<Option<(SubscriberId, String)>> {
    let key = asked.email.key();
    if suppressions::has(&mut *db, &key).await? {
        return Ok(None);
    }
    let hash = secrets::fingerprint(asked.text.as_bytes());
    subscribers::insert_text(&mut *db, &hash, &asked.text, asked.at).await?;
    let quiet_since = asked.at.plus_seconds(-QUIET_SECONDS);
    let Some(id) = subscribers::ask(&mut *db, asked, language, &hash, quiet_since).await? else { return Ok(None) };
    let token = tokens::issue(db, Purpose::ConfirmNewsletter, id.uuid(), &key, at, at.plus_days(CONFIRM_DAYS)).await?;
    Ok(Some((id, token)))
}

/// Whom a link would subscribe, without using it up.
pub async fn pending(db: &mut PgConnection, token: &str, at: Instant) -> sqlx::Result<Option<Subscriber>> {
    let Some((owner, key)) = tokens::find(&mut *db, Purpose::ConfirmNewsletter, token, at).await? else { return Ok(None) };
    let found = subscribers::find(db, SubscriberId::from_uuid(owner)).await?;
    Ok(found.filter(|one| one.email_key == key && one.status != Status::Confirmed && !one.is_suppressed))
}

/// Subscribes the owner of the address; `None` where the link is no longer good: the caller must not commit.
pub async fn confirm(db: &mut PgConnection, token: &str, ip: &str, at: Instant) -> sqlx::Result<Option<SubscriberId>> {
    let Some((owner, key)) = tokens::consume(&mut *db, Purpose::ConfirmNewsletter, token, at).await? else { return Ok(None) };
    let id = SubscriberId::from_uuid(owner);
    if !subscribers::confirm(&mut *db, id, &key, ip, at).await? {
        return Ok(None);
    }
    tokens::revoke(db, Purpose::ConfirmNewsletter, owner, at).await?;
    Ok(Some(id))
}

/// Forgets addresses that nobody confirmed.
pub async fn prune(db: &mut PgConnection, at: Instant) -> sqlx::Result<u64> {
    subscribers::delete_pending(db, at.plus_days(-PENDING_DAYS)).await
}
