//! What a person typed: kept as text until checked, so that a refused form comes back as it was.

use std::borrow::Cow;

use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::limits;

/// The fields of a form, in the order they came; repeated names keep all their values.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// The trimmed value of a field, `""` where it is absent.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// A checkbox.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, value)| key == name && !value.is_empty())
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.retain(|(key, _)| key != name);
        self.0.push((name.to_owned(), value.into()));
        self
    }
}

/// A body that is not a small, well-formed form.
#[derive(Debug)]
pub struct BadForm(StatusCode);

impl IntoResponse for BadForm {
    fn into_response(self) -> Response {
        let mut response = self.0.into_response();
        let reason = if self.0 == StatusCode::PAYLOAD_TOO_LARGE { "kit-error-too-large" } else { "kit-error-bad-form" };
        response.extensions_mut().insert(super::error::Failure { status: self.0, reason, reference: None });
        response
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = BadForm;

    async fn from_request(request: Request, _: &S) -> Result<Self, BadForm> {
        read(request, limits::FORM_BYTES, 2_000).await
    }
}

/// The fields of one of staff's long forms: long texts, or a row for each of many variants.
#[derive(Debug, Clone)]
pub struct LongFields(pub Fields);

impl<S: Send + Sync> FromRequest<S> for LongFields {
    type Rejection = BadForm;

    async fn from_request(request: Request, _: &S) -> Result<Self, BadForm> {
        read(request, limits::LONG_FORM_BYTES, 10_000).await.map(Self)
    }
}

async fn read(request: Request, most_bytes: usize, most_fields: usize) -> Result<Fields, BadForm> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(BadForm(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let bytes = axum::body::to_bytes(request.into_body(), most_bytes).await.map_err(|_| BadForm(StatusCode::PAYLOAD_TOO_LARGE))?;
    let fields: Vec<(String, String)> = form_urlencoded::parse(&bytes).map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
    if fields.len() > most_fields || fields.iter().any(|(key, value)| key.contains('\0') || value.contains('\0')) {
        return Err(BadForm(StatusCode::UNPROCESSABLE_ENTITY));
    }
    Ok(Fields(fields))
}

/// What is wrong with a form: field and sentence, in the reader's language, in the order in which the form was looked through:
/// that of the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Problem {
    field: String,
    sentence: String,
    /// Where the field stands, for those who read the sentence elsewhere; empty where the sentence says it.
    place: String,
}

impl Problems {
    /// Notes a fault; the first one of a field stays.
    pub fn add(&mut self, field: &str, sentence: impl Into<String>) {
        self.add_at(field, "", sentence);
    }

    /// The same for a field that is one of many alike: `place` says which, at the head of the page ("Red, price").
    pub fn add_at(&mut self, field: &str, place: &str, sentence: impl Into<String>) {
        if !self.has(field) {
            self.0.push(Problem { field: field.to_owned(), sentence: sentence.into(), place: place.to_owned() });
        }
    }

    /// Takes over what was found in a part of the form, each with the place that `place` gives its field.
    pub fn take(&mut self, part: Self, place: impl Fn(&str) -> String) {
        for problem in part.0 {
            self.add_at(&problem.field, &place(&problem.field), problem.sentence);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The sentence of a field, `""` where it is fine.
    pub fn of(&self, field: &str) -> &str {
        self.0.iter().find(|problem| problem.field == field).map_or("", |problem| &problem.sentence)
    }

    pub fn has(&self, field: &str) -> bool {
        self.0.iter().any(|problem| problem.field == field)
    }

    /// Field and sentence, which begins with the place.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        self.0.iter().map(|problem| {
            let sentence = match problem.place.as_str() {
                "" => Cow::Borrowed(problem.sentence.as_str()),
                place => Cow::Owned(format!("{place}: {}", problem.sentence)),
            };
            (problem.field.as_str(), sentence)
        })
    }
}

/// A whole number as typed; `None` for anything else (signs, points, other digits, too many of them).
pub fn whole_number(text: &str) -> Option<i64> {
    (!text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}
