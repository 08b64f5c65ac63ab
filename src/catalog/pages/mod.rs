//! The public pages of the shop: home, collections, product, search, and the files of pictures.

mod collections;
#[cfg(debug_assertions)]
mod design;
mod filters;
mod home;
mod media_files;
mod product;
mod search;
mod shelf;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::App;
use crate::web::Site;

/// Pages that are the same for everybody. What an address may say beside its path: `page`, `variant`, `q`, `option-0`, `f.colour`, `sort` …
pub fn public_routes() -> Router<App> {
    let routes = Router::new();
    #[cfg(debug_assertions)]
    let routes = routes.route("/design", get(design::show));
    routes
        .route("/", get(home::show))
        .route("/collections", get(collections::list))
        .route("/collections/{handle}", get(collections::show))
        .route("/collections/{collection}/products/{handle}", get(product::show_in_collection))
        .route("/products/{handle}", get(product::show))
        .route("/search", get(search::show))
        .route("/search/suggestions", get(search::suggest))
}

/// Files of pictures; outside of every market and language.
pub fn media_routes() -> Router<App> {
    Router::new().route("/media/{hash}/{file}", get(media_files::show))
}

/// 301 to a path inside the pair. Handles may hold letters that a header may not.
fn moved(site: &Site, path: &str) -> Response {
    let mut encoded = String::new();
    for c in site.path(path).chars() {
        if c.is_ascii() {
            encoded.push(c);
        } else {
            encoded.extend(form_urlencoded::byte_serialize(c.to_string().as_bytes()));
        }
    }
    let location = HeaderValue::from_str(&encoded).unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, location)]).into_response()
}

/// The number of a page as the address has it: 1 where it says nothing, `None` where it is not a page's.
fn page_number(query: Option<&str>) -> Option<i64> {
    match parameter(query, "page") {
        None => Some(1),
        Some(text) => crate::web::form::whole_number(&text).filter(|page| (1..=100_000).contains(page)),
    }
}

fn parameter(query: Option<&str>, name: &str) -> Option<String> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_counted_from_one() {
        assert_eq!(page_number(None), Some(1));
        assert_eq!(page_number(Some("utm=x&page=3")), Some(3));
        for wrong in ["page=0", "page=-1", "page=x", "page=", "page=1.5"] {
            assert_eq!(page_number(Some(wrong)), None, "{wrong}");
        }
    }
}
