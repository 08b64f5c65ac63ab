//! Pictures of a product: uploaded, described, put in order, deleted.

use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use serde_json::json;

use super::product::{Typed, again, path};
use super::{finish, refused, upload};
use crate::app::App;
use crate::base::{MediaId, ProductId};
use crate::catalog::store::admin as store;
use crate::catalog::store::write::media;
use crate::catalog::{originals, tasks};
use crate::staff::{Catalog, Staff};
use crate::web::frame::AdminFrame;
use crate::web::typed;
use crate::web::{AppError, Fields, PageResult, Problems};

/// Pictures of one upload at most.
const MOST_FILES: usize = 20;

pub async fn create(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, Path(id): Path<ProductId>, multipart: Multipart) -> PageResult {
    let at = app.now();
    store::find(&app.db, id, frame.site.language).await?.ok_or(AppError::NotFound)?;
    let mut problems = Problems::default();
    let upload = upload::read(multipart, MOST_FILES, &mut problems).await;
    let mut keys = Vec::new();
    if problems.is_empty() {
        for (name, bytes) in &upload.files {
            match originals::keep(&app.blobs, bytes.clone()).await? {
                Ok(key) => keys.push(key),
                Err(error) => problems.add("files", if upload.files.len() > 1 { format!("{name}: {error}") } else { error.to_string() }),
            }
        }
    }
    if !problems.is_empty() {
        return again(&app, &frame, id, Typed::Nothing, problems).await;
    }
    let mut tx = app.db.begin().await?;
    for key in &keys {
        let media = media::insert(&mut *tx, Some(id), &upload.alt, Some(key), None, at).await?;
        tasks::enqueue(&mut tx, tasks::PICTURE, media, at).await?;
    }
    let names: Vec<&str> = upload.files.iter().map(|(name, _)| name.as_str()).collect();
    let change = (json!(null), json!({ "files": names, "alt": upload.alt }));
    if let Err(error) = finish(&mut tx, staff.actor(), "add pictures", id, change, at).await {
        refused(error, &mut problems)?;
    }
    tx.commit().await?;
    app.changed().await;
    app.enqueued();
    Ok(frame.see_other_saying(&path(id), "catalog-desk-pictures"))
}

/// What is on a picture, and where it stands.
pub async fn update(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, Path(id): Path<MediaId>, fields: Fields) -> PageResult {
    let at = app.now();
    let found = media::find(&app.db, id).await?.ok_or(AppError::NotFound)?;
    let product: ProductId = found.product_id.ok_or(AppError::NotFound)?;
    let mut problems = Problems::default();
    let alt = typed::line(&fields, "alt", &mut problems);
    if problems.has("alt") {
        let mut beside = Problems::default();
        beside.add(&format!("alt-{id}"), problems.of("alt"));
        return again(&app, &frame, product, Typed::Nothing, beside).await;
    }
    let mut tx = app.db.begin().await?;
    let before = store::pictures(&mut *tx, product).await?.iter().map(|picture| (picture.id, picture.alt.clone())).collect::<Vec<_>>();
    let what = fields.get("do");
    match what {
        "delete" => media::delete(&mut *tx, id).await?,
        "retry" => {
            media::set_pending(&mut *tx, id).await?;
            let kind = if found.original.is_none() && found.source_url.is_some() { tasks::FETCH } else { tasks::PICTURE };
            tasks::enqueue(&mut tx, kind, id, at).await?;
        }
        "up" | "down" => {
            media::set_alt(&mut *tx, id, &alt).await?;
            media::shift(&mut tx, product, id, what == "up").await?;
        }
        _ => media::set_alt(&mut *tx, id, &alt).await?,
    }
    let after = store::pictures(&mut *tx, product).await?.iter().map(|picture| (picture.id, picture.alt.clone())).collect::<Vec<_>>();
    let action = if what == "delete" { "delete a picture" } else { "update pictures" };
    if let Err(error) = finish(&mut tx, staff.actor(), action, product, (json!(before), json!(after)), at).await {
        refused(error, &mut problems)?;
    }
    tx.commit().await?;
    app.changed().await;
    app.enqueued();
    Ok(frame.see_other_saying(&path(product), "catalog-desk-picture"))
}
