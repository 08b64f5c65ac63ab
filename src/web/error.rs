//! The end of the road: six ways a request can fail that say nothing about commerce. The roof draws the page.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::platform::blobs::BlobError;

/// What a handler returns: a response or an error page.
pub type PageResult = Result<Response, AppError>;

/// Why there is no page. A refusal that a person can mend is not here: it is the same page again, 422.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error("not found")]
    NotFound,
    #[error("forbidden")]
    Forbidden,
    /// Somebody must sign in first, at this path.
    #[error("sign in first")]
    SignIn(&'static str),
    /// The thing changed since the person looked; the key names the sentence to show.
    #[error("conflict: {0}")]
    Conflict(&'static str),
    /// Nobody has set the shop up yet.
    #[error("not open yet")]
    NotOpen,
    /// Too many tries; come back after so many seconds.
    #[error("too many requests")]
    TooMany(u64),
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

/// Left in the response's extensions for the roof, which knows the frame.
#[derive(Debug, Clone)]
pub struct Failure {
    pub status: StatusCode,
    /// Key of the sentence that explains it.
    pub reason: &'static str,
    /// What to quote to the shop's people; set for internal errors only.
    pub reference: Option<String>,
}

impl From<sqlx::Error> for AppError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::RowNotFound => Self::NotFound,
            other => Self::Internal(other.into()),
        }
    }
}

impl From<askama::Error> for AppError {
    fn from(error: askama::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<super::letter::LetterError> for AppError {
    fn from(error: super::letter::LetterError) -> Self {
        Self::Internal(error.into())
    }
}

/// Is it the database that cannot just now, so that trying again may help? (Appendix A of Postgres's manual.)
fn is_outage(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) => true,
        // Connection gone; nothing left to connect with; starting, stopping or cancelled for taking too long; a lock not had in time; in
        // each other's way; a standby, for a moment.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            ["08", "53", "57"].iter().any(|class| code.starts_with(class)) || ["55P03", "40001", "40P01", "25006"].contains(&code.as_ref())
        }),
        _ => false,
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let (status, reason, reference) = match &self {
            Self::NotFound => (StatusCode::NOT_FOUND, "kit-error-not-found", None),
            Self::Forbidden => (StatusCode::FORBIDDEN, "kit-error-forbidden", None),
            Self::SignIn(path) => return axum::response::Redirect::to(path).into_response(),
            Self::Conflict(reason) => (StatusCode::CONFLICT, *reason, None),
            Self::NotOpen => (StatusCode::SERVICE_UNAVAILABLE, "kit-error-not-open", None),
            Self::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "kit-error-too-many", None),
            Self::Internal(error) => {
                let reference = crate::platform::secrets::token()[..8].to_owned();
                let outage = error.chain().any(|cause| {
                    cause.downcast_ref::<sqlx::Error>().is_some_and(is_outage)
                        || matches!(cause.downcast_ref::<BlobError>(), Some(BlobError::Store(_)))
                });
                tracing::error!(error = format!("{error:#}"), reference, "a request failed");
                if outage {
                    (StatusCode::SERVICE_UNAVAILABLE, "kit-error-outage", Some(reference))
                } else {
                    (StatusCode::INTERNAL_SERVER_ERROR, "kit-error-internal", Some(reference))
                }
            }
        };
        let mut response = status.into_response();
        if let Self::TooMany(seconds) = self {
            response.headers_mut().insert("retry-after", seconds.into());
        } else if matches!(self, Self::NotOpen) {
            response.headers_mut().insert("retry-after", 600.into());
        } else if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert("retry-after", 5.into());
        }
        response.extensions_mut().insert(Failure { status, reason, reference });
        response
    }
}
