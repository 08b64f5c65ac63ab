//! `/media/<hash>/<width>.<format>`: a file that never changes, because its address follows its content. One that is not
//! there yet, or was lost, is made from the original by whoever asks first.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;

use crate::app::App;
use crate::catalog::originals;
use crate::web::{AppError, PageResult};

pub async fn show(State(app): State<App>, Path((hash, file)): Path<(String, String)>) -> PageResult {
    let content_type = content_type(&hash, &file).ok_or(AppError::NotFound)?;
    let kept = app.blobs.get(&format!("media/{hash}/{file}")).await.map_err(anyhow::Error::from)?;
    let bytes = match kept {
        Some(bytes) => bytes,
        None => originals::make_file(&app.blobs, &app.db, &hash, &file).await?.ok_or(AppError::NotFound)?,
    };
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Opened on its own, a file is shown and nothing else; mails and other sites may embed it.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    Ok((headers, [("cross-origin-resource-policy", "cross-origin")], bytes).into_response())
}

/// Of a name that we give to files; `None` for all other names.
fn content_type(hash: &str, file: &str) -> Option<&'static str> {
    let (width, format) = file.split_once('.')?;
    let is_ours = (8..=64).contains(&hash.len())
        && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        && (1..=5).contains(&width.len())
        && width.bytes().all(|b| b.is_ascii_digit());
    let content_type = match format {
        "jpg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        _ => return None,
    };
    is_ours.then_some(content_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_are_looked_for() {
        assert_eq!(content_type("0123456789abcdef", "640.webp"), Some("image/webp"));
        for (hash, file) in [
            ("0123456789abcdef", "640.svg"),
            ("..", "640.jpg"),
            ("0123456789ABCDEF", "640.jpg"),
            ("0123456789abcdef", "x.jpg"),
            ("0123456789abcdef", "640"),
        ] {
            assert_eq!(content_type(hash, file), None, "{hash} {file}");
        }
    }
}
