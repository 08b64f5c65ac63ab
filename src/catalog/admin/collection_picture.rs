//! A collection's own picture: uploaded, replaced, described, taken away.

use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use serde_json::json;

use super::collections::{again, path};
use super::upload;
use crate::app::App;
use crate::base::CollectionId;
use crate::catalog::edit::{set_picture, shown_anew};
use crate::catalog::store::admin as store;
use crate::catalog::store::write::media;
use crate::catalog::{originals, tasks};
use crate::staff;
use crate::staff::{Catalog, Staff};
use crate::web::frame::AdminFrame;
use crate::web::typed;
use crate::web::{AppError, Fields, PageResult, Problems};

const SAVED: &str = "catalog-desk-collection-picture";

/// Shown at once in place of the one there was; a lighter form of it follows.
pub async fn upload(
    State(app): State<App>,
    frame: AdminFrame,
    staff: Staff<Catalog>,
    Path(id): Path<CollectionId>,
    multipart: Multipart,
) -> PageResult {
    let at = app.now();
    store::collection(&app.db, id, frame.site.language).await?.ok_or(AppError::NotFound)?;
    let mut problems = Problems::default();
    let sent = upload::read(multipart, 1, &mut problems).await;
    let Some((name, bytes)) = sent.files.into_iter().next().filter(|_| problems.is_empty()) else {
        return again(&app, &frame, id, &problems).await;
    };
    let mut tx = app.db.begin().await?;
    let before = store::picture_of(&mut *tx, id).await?;
    let media = match originals::adopt_upload(&app.blobs, &mut tx, &sent.alt, bytes, at).await? {
        Ok(media) => media,
        Err(error) => {
            tx.rollback().await?;
            problems.add("files", error.to_string());
            return again(&app, &frame, id, &problems).await;
        }
    };
    tasks::enqueue(&mut tx, tasks::AVIF, media, at).await?;
    set_picture(&mut tx, id, Some(media), at).await?;
    let (was, is) = (before.map(|picture| json!({ "alt": picture.alt })), json!({ "file": name, "alt": sent.alt }));
    staff::audit(&mut *tx, staff.actor(), "set the picture", "collection", &id.to_string(), was, Some(is), at).await?;
    tx.commit().await?;
    app.changed().await;
    app.enqueued();
    Ok(frame.see_other_saying(&path(id), SAVED))
}

/// What is on it (`do=save`), or that it goes (`do=remove`).
pub async fn update(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, Path(id): Path<CollectionId>, fields: Fields) -> PageResult {
    let at = app.now();
    let mut problems = Problems::default();
    let alt = typed::line(&fields, "picture-alt", &mut problems);
    let mut tx = app.db.begin().await?;
    let before = store::picture_of(&mut *tx, id).await?.ok_or(AppError::NotFound)?;
    if !problems.is_empty() {
        tx.rollback().await?;
        return again(&app, &frame, id, &problems).await;
    }
    let (action, after, said) = if fields.get("do") == "remove" {
        set_picture(&mut tx, id, None, at).await?;
        ("remove the picture", None, "catalog-desk-collection-picture-removed")
    } else {
        media::set_alt(&mut *tx, before.id, &alt).await?;
        shown_anew(&mut tx, id).await?;
        ("describe the picture", Some(json!({ "alt": alt })), SAVED)
    };
    staff::audit(&mut *tx, staff.actor(), action, "collection", &id.to_string(), Some(json!({ "alt": before.alt })), after, at).await?;
    tx.commit().await?;
    app.changed().await;
    Ok(frame.see_other_saying(&path(id), said))
}
