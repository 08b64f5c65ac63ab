//! The page of a page, of a blog, of an article.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;

use crate::app::App;
use crate::base::{Handle, Instant, Language, Money};
use crate::content;
use crate::content::Page;
use crate::content::page::DELIVERY_PRICES;
use crate::delivery::Band;
use crate::markets::Market;
use crate::pricing::Rules;
use crate::seo::structured;
use crate::seo::structured::Article;
use crate::web::filters;
use crate::web::frame::Reads;
use crate::web::jsonld::JsonLd;
use crate::web::{AppError, Frame, Meta, PageResult, markdown, words};

pub fn public_routes() -> Router<App> {
    Router::new().route("/pages/{handle}", get(show)).route("/blogs/{blog}", get(blog)).route("/blogs/{blog}/{handle}", get(article))
}

#[derive(Template)]
#[template(path = "content/page.html")]
struct PageView {
    page: Page,
    /// Clean, with what stands in it for the shop's own tables.
    body_html: String,
}

/// One way of delivery: where to, how, and how long it takes.
struct Way {
    zone: String,
    name: String,
    min_days: i64,
    max_days: i64,
    /// Up to so many kilograms, where there is a limit, for so much.
    bands: Vec<(Option<String>, String)>,
    free_over: Option<String>,
}

#[derive(Template)]
#[template(path = "content/_delivery.html")]
struct DeliveryPrices {
    ways: Vec<Way>,
}

/// The ways of delivery in the order of the admin, with prices as the market shows them.
fn ways(rules: &Rules, market: &Market, language: Language, at: Instant) -> Vec<Way> {
    let currency = market.price_list.currency;
    let handling = rules.shop.handling_days;
    let is_on = |from: Option<Instant>, until: Option<Instant>| from.is_none_or(|from| from <= at) && until.is_none_or(|until| at < until);
    let zones = rules.delivery.zones().iter().filter(|zone| zone.areas.iter().any(|(country, _)| market.sells_to(*country)));
    let methods = zones.flat_map(|zone| rules.delivery.methods().iter().filter(|method| method.zone == zone.id).map(move |method| (zone, method)));
    let methods = methods.filter(|(_, method)| method.currency == currency && is_on(method.from, method.until));
    methods
        .map(|(zone, method)| {
            let class = if method.tax_class == "proportional" { "standard" } else { &method.tax_class };
            let written = |amount: Money| filters::written(rules.shown(market, amount, class, market.display_country, at), language);
            let kilograms = |grams: i64| rust_decimal::Decimal::new(grams, 3).normalize().to_string();
            let band = |band: &Band| (band.0.map(kilograms), written(Money::new(band.1, currency)));
            Way {
                zone: zone.name.clone(),
                name: method.name.clone(),
                min_days: handling + i64::from(method.min_days),
                max_days: handling + i64::from(method.max_days),
                bands: method.bands.iter().map(band).collect(),
                free_over: method.free_over.map(written),
            }
        })
        .collect()
}

async fn show(State(app): State<App>, frame: Frame, Path(handle): Path<String>) -> PageResult {
    let handle = Handle::parse(&handle).ok_or(AppError::NotFound)?;
    let mut db = app.reading().await?;
    let page = content::by_handle(&mut *db, frame.site.language, "", &handle, frame.as_of).await?.ok_or(AppError::NotFound)?;
    let path = format!("/pages/{}", page.handle);
    let mut reads = Reads::default();
    reads.tag(format!("page:{}", page.id));
    let mut body = page.body_html.clone();
    let place = format!("<p>{DELIVERY_PRICES}</p>");
    if body.contains(&place) {
        let rules = app.rules();
        let market = rules.market_at(&frame.site.prefix).ok_or(AppError::NotFound)?;
        let table = DeliveryPrices { ways: ways(&rules, market, frame.site.language, frame.as_of) };
        body = body.replace(&place, &frame.draw(&table)?);
        reads.ends(rules.tax.next_change(market.display_country, frame.as_of));
        reads.ends(rules.delivery.next_change(frame.as_of));
    }
    let trail = [(frame.text("catalog-trail-home"), frame.site.url("")), (page.title.clone(), frame.site.url(&path))];
    let meta = Meta {
        title: page.title.clone(),
        description: markdown::excerpt(&markdown::plain(&page.body_html.replace(&place, "")), 155),
        is_fallback: !app.rules().markets.iter().flat_map(|market| &market.pairs).all(|pair| page.languages.contains(&pair.language)),
        jsonld: vec![JsonLd::new(&structured::breadcrumb(&trail))],
        canonical: path,
        ..Meta::default()
    };
    frame.public(meta, PageView { page, body_html: body }, reads)
}

/// Articles on one page of a blog.
const PER_PAGE: i64 = 12;

#[derive(Template)]
#[template(path = "content/blog.html")]
struct BlogView {
    title: String,
    path: String,
    articles: Vec<Page>,
    newer: Option<i64>,
    older: Option<i64>,
}

/// The name of a blog: a word where there is one (`journal`, `news`), else its handle.
fn name(frame: &Frame, blog: &str) -> String {
    let key = format!("content-blog-{blog}");
    if words::has(frame.site.language.tag(), &key) { frame.text(&key) } else { blog.replace('-', " ") }
}

async fn blog(State(app): State<App>, frame: Frame, Path(blog): Path<String>, Query(wanted): Query<Turned>) -> PageResult {
    let blog = Handle::parse(&blog).ok_or(AppError::NotFound)?.to_string();
    let page = wanted.page.unwrap_or(1).clamp(1, 10_000);
    let mut db = app.reading().await?;
    let mut articles = content::articles(&mut *db, frame.site.language, &blog, frame.as_of, (PER_PAGE + 1, (page - 1) * PER_PAGE)).await?;
    if articles.is_empty() {
        return Err(AppError::NotFound);
    }
    let mut reads = reads_of(&articles);
    reads.ends(content::next_article(&mut *db, &blog, frame.as_of).await?);
    let older = (i64::try_from(articles.len()).unwrap_or(0) > PER_PAGE).then_some(page + 1);
    articles.truncate(usize::try_from(PER_PAGE).unwrap_or(12));
    let (title, path) = (name(&frame, &blog), format!("/blogs/{blog}"));
    let trail = [(frame.text("catalog-trail-home"), frame.site.url("")), (title.clone(), frame.site.url(&path))];
    let meta = Meta {
        title: title.clone(),
        description: markdown::excerpt(
            &format!("{title}: {}", articles.iter().map(|article| article.title.as_str()).collect::<Vec<_>>().join("; ")),
            155,
        ),
        canonical: if page > 1 { format!("{path}?page={page}") } else { path.clone() },
        jsonld: vec![JsonLd::new(&structured::breadcrumb(&trail))],
        ..Meta::default()
    };
    frame.public(meta, BlogView { title, path, articles, newer: (page > 1).then_some(page - 1), older }, reads)
}

#[derive(serde::Deserialize)]
struct Turned {
    page: Option<i64>,
}

/// What shows articles is stale when one of them, or the list of all, changes (`rules_changed` drops every page).
fn reads_of(articles: &[Page]) -> Reads {
    let mut reads = Reads::default();
    articles.iter().for_each(|article| reads.tag(format!("page:{}", article.id)));
    reads
}

#[derive(Template)]
#[template(path = "content/article.html")]
struct ArticleView {
    blog_title: String,
    blog_path: String,
    page: Page,
    others: Vec<Page>,
}

async fn article(State(app): State<App>, frame: Frame, Path((blog, handle)): Path<(String, String)>) -> PageResult {
    let (Some(blog), Some(handle)) = (Handle::parse(&blog), Handle::parse(&handle)) else { return Err(AppError::NotFound) };
    let mut db = app.reading().await?;
    let page = content::by_handle(&mut *db, frame.site.language, blog.as_str(), &handle, frame.as_of).await?.ok_or(AppError::NotFound)?;
    let mut others = content::articles(&mut *db, frame.site.language, blog.as_str(), frame.as_of, (4, 0)).await?;
    others.retain(|other| other.id != page.id);
    others.truncate(3);
    let mut reads = reads_of(&others);
    reads.tag(format!("page:{}", page.id));
    let (blog_title, blog_path) = (name(&frame, blog.as_str()), format!("/blogs/{blog}"));
    let path = format!("{blog_path}/{}", page.handle);
    let trail = [
        (frame.text("catalog-trail-home"), frame.site.url("")),
        (blog_title.clone(), frame.site.url(&blog_path)),
        (page.title.clone(), frame.site.url(&path)),
    ];
    let image = page.picture.as_ref().map(|picture| format!("{}{}", frame.site.origin, picture.src(1280)));
    let (url, home) = (frame.site.url(&path), frame.site.url(""));
    let posting = structured::article(&Article {
        title: &page.title,
        summary: &page.summary,
        url: &url,
        picture: image.as_deref(),
        shown_from: page.shown_from,
        changed_at: page.updated_at,
        author: &frame.site.shop_name,
        home: &home,
    });
    let meta = Meta {
        title: page.title.clone(),
        description: if page.summary.is_empty() { markdown::excerpt(&markdown::plain(&page.body_html), 155) } else { page.summary.clone() },
        is_fallback: !app.rules().markets.iter().flat_map(|market| &market.pairs).all(|pair| page.languages.contains(&pair.language)),
        jsonld: vec![JsonLd::new(&posting), JsonLd::new(&structured::breadcrumb(&trail))],
        image: page.picture.as_ref().and_then(|picture| picture.for_head(&frame.site.origin)),
        canonical: path,
        ..Meta::default()
    };
    frame.public(meta, ArticleView { blog_title, blog_path, page, others }, reads)
}
