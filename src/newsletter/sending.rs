//! Sending an issue: in batches, each one transaction that claims its readers, writes their letters and puts the next
//! batch on the pile. A crash undoes a whole batch or none of it, and the primary key of a delivery says no to a second
//! letter, so a batch may be begun by anybody, as often as they like.

use sqlx::PgConnection;

use super::issue::{Issue, IssueRefused, State};
use super::store::deliveries::{Reader, claim};
use super::store::issues;
use super::tasks::{Batch, SEND};
use crate::base::{Instant, IssueId};
use crate::platform::jobs;

/// Letters that one transaction writes.
pub const BATCH: i64 = 50;

/// From now on an issue goes out, once: it must be a draft of this version.
pub async fn start(db: &mut PgConnection, id: IssueId, version: i32, at: Instant) -> Result<(), IssueRefused> {
    if !issues::start(&mut *db, id, version, at).await? {
        return Err(IssueRefused::Stale);
    }
    Ok(jobs::enqueue(db, SEND, &Batch { issue: id }, at).await?)
}

/// Claims the next readers of an issue. Nobody is left: it is sent. `None` where there is nothing to do.
pub async fn next(db: &mut PgConnection, id: IssueId, at: Instant) -> sqlx::Result<Option<(Issue, Vec<Reader>)>> {
    // The lock makes a second batch of the issue wait for this one.
    let Some(issue) = issues::lock(&mut *db, id).await?.filter(|issue| issue.state == State::Sending) else { return Ok(None) };
    let readers = claim(&mut *db, id, BATCH, at).await?;
    if readers.is_empty() {
        issues::finish(db, id, at).await?;
    } else {
        jobs::enqueue(db, SEND, &Batch { issue: id }, at).await?;
    }
    Ok(Some((issue, readers)))
}
