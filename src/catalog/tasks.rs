//! Work on pictures that is done later: written into the transaction that causes it, done by `jobs.rs`.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use crate::base::{Instant, MediaId};
use crate::platform::jobs;

/// Makes JPEG and WebP of an original.
pub const PICTURE: &str = "catalog.picture";
/// Adds AVIF to a picture that is ready.
pub const AVIF: &str = "catalog.picture.avif";
/// Fetches the original from where the picture came from.
pub const FETCH: &str = "catalog.fetch";

/// Which picture.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Payload {
    pub media: MediaId,
}

/// Puts the making of a picture on the pile.
pub async fn enqueue(db: &mut PgConnection, kind: &str, media: MediaId, at: Instant) -> sqlx::Result<()> {
    jobs::enqueue(db, kind, &Payload { media }, at).await
}
