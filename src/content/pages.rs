//! The page of a page.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;

use crate::app::App;
use crate::base::Handle;
use crate::content;
use crate::content::Page;
use crate::seo::structured;
use crate::web::filters;
use crate::web::frame::Reads;
use crate::web::jsonld::JsonLd;
use crate::web::{AppError, Frame, Meta, PageResult, markdown};

pub fn public_routes() -> Router<App> {
    Router::new().route("/pages/{handle}", get(show))
}

#[derive(Template)]
#[template(path = "content/page.html")]
struct PageView {
    page: Page,
}

async fn show(State(app): State<App>, frame: Frame, Path(handle): Path<String>) -> PageResult {
    let handle = Handle::parse(&handle).ok_or(AppError::NotFound)?;
    let page = content::by_handle(&app.db, frame.site.language, &handle).await?.ok_or(AppError::NotFound)?;
    let path = format!("/pages/{}", page.handle);
    let mut reads = Reads::default();
    reads.tag(format!("page:{}", page.id));
    let trail = [(frame.text("catalog-trail-home"), frame.site.url("")), (page.title.clone(), frame.site.url(&path))];
    let meta = Meta {
        title: page.title.clone(),
        description: markdown::excerpt(&markdown::plain(&page.body_html), 155),
        is_fallback: !app.rules().markets.iter().flat_map(|market| &market.pairs).all(|pair| page.languages.contains(&pair.language)),
        jsonld: vec![JsonLd::new(&structured::breadcrumb(&trail))],
        canonical: path,
        ..Meta::default()
    };
    frame.public(meta, PageView { page }, reads)
}
