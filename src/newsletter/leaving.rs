//! Leaving. The link of any letter does it for years, without a session and as often as one likes; staff do it for
//! somebody who wrote to them, or shut an address out for good.

use sqlx::PgConnection;

use super::store::{subscribers, suppressions};
use super::subscriber::{Reason, Subscriber};
use crate::base::{Email, Instant, SubscriberId};
use crate::platform::mail;
use crate::platform::tokens::{self, Purpose};

/// Days that the link of a letter unsubscribes. Letters are found again long after; GDPR Art. 7(3) sets no end to it.
const LINK_DAYS: i64 = 3 * 365;

/// Makes the token of a letter's link.
pub async fn issue_link(db: &mut PgConnection, id: SubscriberId, key: &str, at: Instant) -> sqlx::Result<String> {
    tokens::issue(db, Purpose::LeaveNewsletter, id.uuid(), key, at, at.plus_days(LINK_DAYS)).await
}

/// Whose letter a link came with.
pub async fn behind_link(db: &mut PgConnection, token: &str, at: Instant) -> sqlx::Result<Option<Subscriber>> {
    let Some((owner, key)) = tokens::find(&mut *db, Purpose::LeaveNewsletter, token, at).await? else { return Ok(None) };
    Ok(subscribers::find(db, SubscriberId::from_uuid(owner)).await?.filter(|one| one.email_key == key))
}

/// Ends a subscription; says whether there was one to end.
pub async fn leave(db: &mut PgConnection, one: &Subscriber, reason: Reason, at: Instant) -> sqlx::Result<bool> {
    // A letter that is still in some mailbox must not bring back who has just left.
    tokens::revoke(&mut *db, Purpose::ConfirmNewsletter, one.id.uuid(), at).await?;
    subscribers::leave(db, one.id, reason, at).await
}

/// Never again a letter to this address, whether or not it ever subscribed; says whether that is new.
pub async fn suppress(db: &mut PgConnection, email: &Email, why: &str, at: Instant) -> sqlx::Result<bool> {
    let key = email.key();
    let is_new = suppressions::insert(&mut *db, &key, why, at).await?;
    if let Some(one) = subscribers::find_by_key(&mut *db, &key).await? {
        leave(&mut *db, &one, Reason::Staff, at).await?;
        mail::withhold_all(db, one.id.uuid(), "the address was suppressed before it was sent").await?;
    }
    Ok(is_new)
}

/// Lets an address ask again; it is subscribed to nothing by that.
pub async fn lift(db: &mut PgConnection, key: &str) -> sqlx::Result<Option<String>> {
    suppressions::delete(db, key).await
}
