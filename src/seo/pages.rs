//! `sitemap.xml` of a pair, and `robots.txt` of the shop.

use std::fmt::Write;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::App;
use crate::base::Instant;
use crate::platform::secrets;
use crate::seo;
use crate::seo::Entry;
use crate::web::frame::Site;
use crate::web::{AppError, Frame, PageResult};

/// Products in one file; the protocol allows 50,000 addresses and 50 MB.
const PER_FILE: i64 = 10_000;

/// Plain files, the same for everybody, never with the frame round them.
pub fn routes() -> Router<App> {
    Router::new().route("/sitemap.xml", get(sitemap)).route("/robots.txt", get(robots))
}

/// Everything in one file; a shop with more products gets an index of parts (`?part=1` …, part 0 is all but products).
async fn sitemap(State(app): State<App>, frame: Frame, RawQuery(query): RawQuery, headers: HeaderMap) -> PageResult {
    let rules = app.rules();
    let site = &frame.site;
    let market = rules.markets.iter().find(|market| market.pairs.iter().any(|pair| pair.prefix == site.prefix)).ok_or(AppError::NotFound)?;
    let (language, place, as_of) = (site.language, (market.id, market.price_list.id), frame.as_of);
    let mut db = app.reading().await?;
    let total = seo::products_count(&mut *db, language, place.0, place.1, as_of).await?;
    let parts = total.div_euclid(PER_FILE) + i64::from(total.rem_euclid(PER_FILE) > 0);
    let part: Option<i64> =
        form_urlencoded::parse(query.unwrap_or_default().as_bytes()).find(|(key, _)| key == "part").map(|(_, value)| value.parse().unwrap_or(-1));
    let xml = match part {
        None if parts > 1 => index(site, parts),
        None => {
            let mut all = seo::entries(&mut *db, language, market.id, as_of).await?;
            all.extend(seo::products(&mut *db, language, place, as_of, (PER_FILE, 0)).await?);
            file(site, &home(&all, as_of), &all)
        }
        Some(0) => {
            let all = seo::entries(&mut *db, language, market.id, as_of).await?;
            file(site, &home(&all, as_of), &all)
        }
        Some(part) if (1..=parts).contains(&part) => {
            file(site, &[], &seo::products(&mut *db, language, place, as_of, (PER_FILE, (part - 1) * PER_FILE)).await?)
        }
        Some(_) => return Err(AppError::NotFound),
    };
    Ok(plain(&headers, "application/xml; charset=utf-8", xml))
}

/// The home page and the list of collections change when what they list does.
fn home(listed: &[Entry], otherwise: Instant) -> Vec<Entry> {
    let changed_at = listed.iter().map(|entry| entry.changed_at).max().unwrap_or(otherwise);
    let entry = |path: &str| Entry { path: path.into(), changed_at, pictures: Vec::new() };
    vec![entry(""), entry("/collections")]
}

fn index(site: &Site, parts: i64) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for part in 0..=parts {
        push(&mut xml, format_args!("<sitemap><loc>{}?part={part}</loc></sitemap>\n", escaped(&site.url("/sitemap.xml"))));
    }
    xml.push_str("</sitemapindex>\n");
    xml
}

fn file(site: &Site, first: &[Entry], rest: &[Entry]) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:image=\"http://www.google.com/schemas/sitemap-image/1.1\">\n",
    );
    for entry in first.iter().chain(rest) {
        push(&mut xml, format_args!("<url><loc>{}</loc><lastmod>{}</lastmod>", escaped(&site.url(&entry.path)), entry.changed_at));
        for (hash, width) in &entry.pictures {
            push(&mut xml, format_args!("<image:image><image:loc>{}/media/{hash}/{width}.jpg</image:loc></image:image>", escaped(&site.origin)));
        }
        xml.push_str("</url>\n");
    }
    xml.push_str("</urlset>\n");
    xml
}

fn push(xml: &mut String, text: std::fmt::Arguments<'_>) {
    xml.write_fmt(text).expect("writing to memory does not fail");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Everything may be crawled: pages that are not to be indexed say so themselves, which a robot must be able to read. Except
/// choices and orders of lists, of which there are more than a robot has time for:
/// <https://developers.google.com/crawling/docs/faceted-navigation>.
async fn robots(frame: Frame, headers: HeaderMap) -> Response {
    let site = &frame.site;
    let mut text = String::from("User-agent: *\nAllow: /\nDisallow: /admin\nDisallow: /api/\n");
    for choice in ["?f.", "&f.", "?*sort=", "?*available=", "?*sale=", "?*from=", "?*to=", "search/suggestions"] {
        push(&mut text, format_args!("Disallow: /*{choice}\n"));
    }
    text.push('\n');
    let prefixes: Vec<&str> = if site.alternates.is_empty() { vec![""] } else { site.alternates.iter().map(|(_, prefix)| prefix.as_str()).collect() };
    for prefix in prefixes {
        push(&mut text, format_args!("Sitemap: {}{prefix}/sitemap.xml\n", site.origin));
    }
    plain(&headers, "text/plain; charset=utf-8", text)
}

fn plain(request: &HeaderMap, content_type: &'static str, text: String) -> Response {
    let etag = format!("\"{}\"", secrets::fingerprint(text.as_bytes()));
    let fixed = [(header::CACHE_CONTROL, "public, max-age=0, must-revalidate".to_owned()), (header::ETAG, etag.clone())];
    let is_known = request.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).is_some_and(|sent| sent.contains(&etag));
    if is_known {
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    (fixed, [(header::CONTENT_TYPE, content_type)], text).into_response()
}
