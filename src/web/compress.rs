//! Compresses what is made for one request; shared pages and static files are kept compressed.

use axum::body::{Body, HttpBody, to_bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use super::assets::{accepts, brotli, gzip};

/// Shorter bodies grow, or fit into one packet anyway.
const LEAST_BYTES: u64 = 1_024;
/// Longer ones would hold up the thread.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// The response in the best coding that the request takes. Streams, pictures and what is coded already pass as they are.
pub async fn compressed(request: &HeaderMap, response: Response) -> Response {
    if !gains(&response) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    parts.headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    let accepted = request.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let coding = ["br", "gzip"].into_iter().find(|coding| accepts(accepted, coding));
    let Some(coding) = coding else { return Response::from_parts(parts, body) };
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        parts.status = StatusCode::INTERNAL_SERVER_ERROR;
        return Response::from_parts(parts, Body::empty());
    };
    let bytes = if coding == "br" { brotli(&bytes, 4) } else { gzip(&bytes, 5) };
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    parts.headers.remove(header::CONTENT_LENGTH);
    // A strong tag names exact bytes, and these are others now.
    if let Some(weak) = parts.headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).filter(|tag| tag.starts_with('"')).map(|tag| format!("W/{tag}"))
        && let Ok(weak) = HeaderValue::from_str(&weak)
    {
        parts.headers.insert(header::ETAG, weak);
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn gains(response: &Response) -> bool {
    let has = |name| response.headers().contains_key(name);
    let length = response.body().size_hint().exact().unwrap_or_default();
    is_text(response.headers()) && (LEAST_BYTES..=MOST_BYTES).contains(&length) && !has(header::CONTENT_ENCODING) && !has(header::CONTENT_RANGE)
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.starts_with("text/") || kind.starts_with("application/xml") || kind.starts_with("application/json")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answer(accepted: &'static str, body: String) -> Response {
        let mut request = HeaderMap::new();
        request.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
        let response = Response::builder().header(header::CONTENT_TYPE, "text/html; charset=utf-8").header(header::ETAG, "\"a\"");
        compressed(&request, response.body(Body::from(body)).unwrap()).await
    }

    #[tokio::test]
    async fn long_text_is_coded_and_its_tag_becomes_weak() {
        let response = answer("gzip, br", "wharf ".repeat(1_000)).await;
        assert_eq!((&response.headers()[header::CONTENT_ENCODING], &response.headers()[header::ETAG]), (&HeaderValue::from_static("br"), &HeaderValue::from_static("W/\"a\"")));
        assert!(to_bytes(response.into_body(), 6_000).await.unwrap().len() < 300);
    }

    #[tokio::test]
    async fn short_text_and_modest_clients_get_it_plain() {
        assert!(!answer("br", "short".into()).await.headers().contains_key(header::CONTENT_ENCODING));
        let plain = answer("identity", "x".repeat(2_000)).await;
        assert!(!plain.headers().contains_key(header::CONTENT_ENCODING) && plain.headers()[header::VARY] == "accept-encoding");
    }
}
