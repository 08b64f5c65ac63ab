//! Where pictures and other files are kept: a folder, or an S3-compatible bucket where the configuration says so.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

pub use axum::body::Bytes;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{Attribute, Attributes, ClientOptions, ObjectStore, ObjectStoreExt, PutOptions, RetryConfig};
use secrecy::{ExposeSecret, SecretString};

/// Longest key in bytes: S3 takes 1024, and every part must be a file name (255 bytes) in a folder.
const LONGEST_KEY: usize = 200;

/// What a health check writes to a folder, or asks a bucket for.
const HEALTH_KEY: &str = "health-check";

/// Where the files are.
#[derive(Debug, Clone)]
pub enum BlobsConfig {
    /// A folder on this machine; made where it is missing.
    Folder(PathBuf),
    /// A bucket of Amazon S3 or of a service that speaks its protocol.
    S3 {
        bucket: String,
        region: String,
        /// Address of the service, for example `https://s3.example.com`; Amazon's own where absent.
        endpoint: Option<String>,
        access_key: SecretString,
        secret_key: SecretString,
    },
}

/// A bucket takes connections at once, or is away.
const CONNECTS_WITHIN: Duration = Duration::from_secs(2);
/// The largest original (25 MB) over a slow line between two data centres.
const ANSWERS_WITHIN: Duration = Duration::from_secs(30);

/// Why a file was not stored, read or removed.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// Keys are made by the shop, never by a visitor: only `a-z 0-9 . -` in parts divided by `/`, no part starting with a dot.
    #[error("\"{0}\" is not a key for a stored file")]
    Key(String),
    #[error("the folder {} for stored files cannot be used: {source}", path.display())]
    Folder { path: PathBuf, source: std::io::Error },
    #[error("the store of files failed: {0}")]
    Store(#[from] object_store::Error),
}

/// The store of files. Clones share it.
#[derive(Debug, Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    is_folder: bool,
}

impl Blobs {
    /// Opens the store. A folder is made where it is missing; a bucket is not contacted before its first use.
    /// S3 needs the process-wide TLS provider to be installed first. Fails where the folder cannot be made or the settings do not fit.
    pub fn open(config: BlobsConfig) -> Result<Self, BlobError> {
        match config {
            BlobsConfig::Folder(path) => {
                if let Err(source) = std::fs::create_dir_all(&path) {
                    return Err(BlobError::Folder { path, source });
                }
                // A row in the database names the file, so the file must outlive a power cut as the row does.
                let store = LocalFileSystem::new_with_prefix(&path)?.with_fsync(true);
                Ok(Self { store: Arc::new(store), is_folder: true })
            }
            BlobsConfig::S3 { bucket, region, endpoint, access_key, secret_key } => {
                let mut builder = AmazonS3Builder::new()
                    // Somebody waits for a picture: two more tries, and an honest answer within seconds.
                    .with_client_options(ClientOptions::new().with_connect_timeout(CONNECTS_WITHIN).with_timeout(ANSWERS_WITHIN))
                    .with_retry(RetryConfig { max_retries: 2, retry_timeout: CONNECTS_WITHIN, ..RetryConfig::default() })
                    .with_bucket_name(bucket)
                    .with_region(region)
                    // Not every service that speaks S3 knows the bulk request, which is the crate's way to remove even one file.
                    .with_disable_bulk_delete(true)
                    .with_access_key_id(access_key.expose_secret())
                    .with_secret_access_key(secret_key.expose_secret());
                if let Some(endpoint) = endpoint {
                    // A store on the same private network often speaks plain http; the operator says so by the address.
                    builder = builder.with_allow_http(endpoint.starts_with("http://")).with_endpoint(endpoint);
                }
                Ok(Self { store: Arc::new(builder.build()?), is_folder: false })
            }
        }
    }

    /// Stores bytes under the key, replacing what was there in one step. The content type is kept by buckets; a folder has no place for it.
    pub async fn put(&self, key: &str, bytes: Bytes, content_type: &str) -> Result<(), BlobError> {
        let path = checked(key)?;
        let mut options = PutOptions::default();
        if !self.is_folder {
            options.attributes = Attributes::from_iter([(Attribute::ContentType, content_type.to_owned())]);
        }
        self.store.put_opts(&path, bytes.into(), options).await?;
        Ok(())
    }

    /// The bytes under the key, or none where nothing is stored there.
    pub async fn get(&self, key: &str) -> Result<Option<Bytes>, BlobError> {
        match self.store.get(&checked(key)?).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes the file under the key; one that is not there is no error.
    pub async fn delete(&self, key: &str) -> Result<(), BlobError> {
        match self.store.delete(&checked(key)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the store answers: a folder must take a file, a bucket must answer a question (writing there costs money each time).
    pub async fn healthy(&self) -> Result<(), BlobError> {
        if self.is_folder {
            self.put(HEALTH_KEY, Bytes::from_static(b"ok"), "text/plain").await?;
            return self.delete(HEALTH_KEY).await;
        }
        match self.store.head(&checked(HEALTH_KEY)?).await {
            Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// A key as a path of the store, where it is one of ours.
fn checked(key: &str) -> Result<Path, BlobError> {
    let refused = || BlobError::Key(key.escape_debug().take(LONGEST_KEY).collect());
    let part_fits =
        |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-'));
    if key.len() > LONGEST_KEY || !key.split('/').all(part_fits) {
        return Err(refused());
    }
    Path::parse(key).map_err(|_| refused())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> PathBuf {
        std::env::temp_dir().join(format!("wharf-blobs-{}", uuid::Uuid::now_v7()))
    }

    #[tokio::test]
    async fn folder_keeps_replaces_and_forgets() {
        let path = folder();
        let blobs = Blobs::open(BlobsConfig::Folder(path.clone())).unwrap();
        blobs.healthy().await.unwrap();
        assert_eq!(blobs.get("p/ab/320.jpg").await.unwrap(), None);
        blobs.put("p/ab/320.jpg", Bytes::from_static(b"one"), "image/jpeg").await.unwrap();
        blobs.put("p/ab/320.jpg", Bytes::from_static(b"two"), "image/jpeg").await.unwrap();
        assert_eq!(blobs.clone().get("p/ab/320.jpg").await.unwrap().unwrap(), "two");
        assert_eq!(std::fs::read(path.join("p/ab/320.jpg")).unwrap(), b"two");
        blobs.delete("p/ab/320.jpg").await.unwrap();
        blobs.delete("p/ab/320.jpg").await.unwrap();
        assert_eq!(blobs.get("p/ab/320.jpg").await.unwrap(), None);
        std::fs::remove_dir_all(path).unwrap();
    }

    #[tokio::test]
    async fn strange_keys_are_refused() {
        let path = folder();
        let blobs = Blobs::open(BlobsConfig::Folder(path.clone())).unwrap();
        let long = "a".repeat(LONGEST_KEY + 1);
        for key in ["", "/", "/etc/passwd", "../x", "a/../b", "a//b", "a/", "a/.hidden", "A", "a b", "a%2e", "a\\b", "a\0", "ä", "a_b", &long] {
            assert!(matches!(blobs.get(key).await, Err(BlobError::Key(_))), "{key:?}");
            assert!(matches!(blobs.put(key, Bytes::new(), "text/plain").await, Err(BlobError::Key(_))), "{key:?}");
            assert!(matches!(blobs.delete(key).await, Err(BlobError::Key(_))), "{key:?}");
        }
        std::fs::remove_dir_all(path).unwrap();
    }

    #[tokio::test]
    async fn unusable_folder_is_told() {
        let path = folder();
        std::fs::write(&path, b"a file").unwrap();
        assert!(matches!(Blobs::open(BlobsConfig::Folder(path.join("x"))), Err(BlobError::Folder { .. })));
        std::fs::remove_file(path).unwrap();
    }

    /// A stand-in for a bucket: remembers what was put, answers 404 to what was not.
    #[tokio::test]
    async fn bucket_speaks_s3() {
        use axum::http::{HeaderMap, StatusCode, Uri, header};
        use axum::response::IntoResponse;
        use std::collections::HashMap;
        use std::sync::Mutex;

        let _ = rustls::crypto::ring::default_provider().install_default();
        let kept: Arc<Mutex<HashMap<String, (Bytes, String)>>> = Arc::default();
        let seen = kept.clone();
        let app = axum::Router::new().fallback(move |method: http::Method, uri: Uri, headers: HeaderMap, body: Bytes| async move {
            let key = uri.path().to_owned();
            let mut kept = kept.lock().unwrap();
            match method {
                http::Method::PUT if headers.contains_key(header::AUTHORIZATION) => {
                    let kind = headers[header::CONTENT_TYPE].to_str().unwrap().to_owned();
                    kept.insert(key, (body, kind));
                    (StatusCode::OK, [(header::ETAG, "\"1\"")]).into_response()
                }
                http::Method::DELETE => {
                    kept.remove(&key);
                    StatusCode::NO_CONTENT.into_response()
                }
                _ => match kept.get(&key) {
                    Some((body, _)) => {
                        ([(header::ETAG, "\"1\""), (header::LAST_MODIFIED, "Wed, 01 Jan 2025 00:00:00 GMT")], body.clone()).into_response()
                    }
                    None => StatusCode::NOT_FOUND.into_response(),
                },
            }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });

        let blobs = Blobs::open(BlobsConfig::S3 {
            bucket: "shop".into(),
            region: "eu-central-1".into(),
            endpoint: Some(endpoint),
            access_key: "key".into(),
            secret_key: "secret".into(),
        })
        .unwrap();
        blobs.healthy().await.unwrap();
        assert_eq!(blobs.get("p/a.webp").await.unwrap(), None);
        blobs.put("p/a.webp", Bytes::from_static(b"picture"), "image/webp").await.unwrap();
        assert_eq!(seen.lock().unwrap()["/shop/p/a.webp"].1, "image/webp");
        assert_eq!(blobs.get("p/a.webp").await.unwrap().unwrap(), "picture");
        blobs.delete("p/a.webp").await.unwrap();
        assert_eq!(blobs.get("p/a.webp").await.unwrap(), None);
    }
}
