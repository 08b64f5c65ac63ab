//! Pictures that come with a form.

use axum::body::Bytes;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::http::StatusCode;

use crate::catalog::picture::PictureError;
use crate::web::{Problems, limits};

/// Named files (`files`), and what is on them (`alt`).
#[derive(Default)]
pub struct Upload {
    pub files: Vec<(String, Bytes)>,
    pub alt: String,
}

/// From one file to `most`; what is wrong with them is noted beside the field.
pub async fn read(multipart: Multipart, most: usize, problems: &mut Problems) -> Upload {
    let upload = receive(multipart).await.unwrap_or_else(|error| {
        let too_large = error.status() == StatusCode::PAYLOAD_TOO_LARGE;
        let sentence = if too_large { PictureError::TooManyBytes.to_string() } else { "The upload broke off. Please try again.".to_owned() };
        problems.add("files", sentence);
        Upload::default()
    });
    if upload.files.is_empty() {
        problems.add("files", "Choose a picture first.");
    } else if upload.files.len() > most {
        problems.add("files", if most == 1 { "Upload one picture.".to_owned() } else { format!("Upload at most {most} pictures at a time.") });
    }
    if upload.alt.chars().count() > limits::LINE || upload.alt.contains('\0') {
        problems.add("alt", format!("At most {} characters.", limits::LINE));
    }
    upload
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
