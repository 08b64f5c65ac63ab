//! Pictures of a product: uploaded, described, put in order, deleted.

use axum::body::Bytes;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::json;

use super::product::{Typed, again, path};
use super::{finish, refused};
use crate::app::App;
use crate::base::{MediaId, ProductId};
use crate::catalog::picture::PictureError;
use crate::catalog::store::admin as store;
use crate::catalog::store::write::media;
use crate::catalog::{originals, tasks};
use crate::staff::{Catalog, Staff};
use crate::web::frame::AdminFrame;
use crate::web::typed;
use crate::web::{AppError, Fields, PageResult, Problems, limits};

/// Pictures of one upload at most.
const MOST_FILES: usize = 20;

/// What came with an upload: named files, and what is on them.
#[derive(Default)]
struct Upload {
    files: Vec<(String, Bytes)>,
    alt: String,
}

pub async fn create(State(app): State<App>, frame: AdminFrame, staff: Staff<Catalog>, Path(id): Path<ProductId>, multipart: Multipart) -> PageResult {
    let at = app.now();
    store::find(&app.db, id, frame.site.language).await?.ok_or(AppError::NotFound)?;
    let mut problems = Problems::default();
    let upload = match receive(multipart).await {
        Ok(upload) => upload,
        Err(error) => {
            let too_large = error.status() == StatusCode::PAYLOAD_TOO_LARGE;
            let sentence = if too_large { PictureError::TooManyBytes.to_string() } else { "The upload broke off. Please try again.".to_owned() };
            problems.add("files", sentence);
            Upload::default()
        }
    };
    if upload.files.is_empty() {
        problems.add("files", "Choose a picture first.");
    } else if upload.files.len() > MOST_FILES {
        problems.add("files", format!("Upload at most {MOST_FILES} pictures at a time."));
    }
    if upload.alt.chars().count() > limits::LINE || upload.alt.contains('\0') {
        problems.add("alt", format!("At most {} characters.", limits::LINE));
    }
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

async fn receive(mut multipart: Multipart) -> Result<Upload, MultipartError> {
    let mut upload = Upload::default();
    while let Some(field) = multipart.next_field().await? {
        let name = field.file_name().unwrap_or_default().chars().filter(|c| !c.is_control()).take(100).collect();
        if field.name() == Some("files") {
            let bytes = field.bytes().await?;
            // A browser sends an empty file where none was chosen.
            if !bytes.is_empty() {
                upload.files.push((name, bytes));
            }
        } else if field.name() == Some("alt") {
            upload.alt = field.text().await?.trim().to_owned();
        }
    }
    Ok(upload)
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
            media::set_alt(&mut *tx, product, id, &alt).await?;
            media::shift(&mut tx, product, id, what == "up").await?;
        }
        _ => media::set_alt(&mut *tx, product, id, &alt).await?,
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
