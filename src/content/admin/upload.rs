//! A picture that staff upload for an article or for the home page.

use axum::body::Bytes;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::http::StatusCode;
use sqlx::PgConnection;

use crate::app::App;
use crate::base::{Instant, MediaId};
use crate::catalog;
use crate::catalog::picture::PictureError;
use crate::web::{AppError, limits};

/// Takes the picture of a form (`file`, and `alt`: what is on it). The inner error is a sentence for who uploaded it.
pub async fn one(app: &App, db: &mut PgConnection, multipart: Multipart, at: Instant) -> Result<Result<MediaId, String>, AppError> {
    let (bytes, alt) = match receive(multipart).await {
        Ok(sent) => sent,
        Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => return Ok(Err(PictureError::TooManyBytes.to_string())),
        Err(_) => return Ok(Err("The upload broke off. Please try again.".into())),
    };
    if bytes.is_empty() {
        return Ok(Err("Choose a picture first.".into()));
    }
    if alt.chars().count() > limits::LINE || alt.contains('\0') {
        return Ok(Err(format!("What is on it: at most {} characters.", limits::LINE)));
    }
    Ok(catalog::originals::adopt_upload(&app.blobs, db, &alt, bytes, at).await?.map_err(|error| error.to_string()))
}

async fn receive(mut multipart: Multipart) -> Result<(Bytes, String), MultipartError> {
    let (mut bytes, mut alt) = (Bytes::new(), String::new());
    while let Some(field) = multipart.next_field().await? {
        match field.name() {
            Some("file") => bytes = field.bytes().await?,
            Some("alt") => alt = field.text().await?.trim().to_owned(),
            _ => {}
        }
    }
    Ok((bytes, alt))
}
