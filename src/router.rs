//! The roof: every room's doors under one set of layers, and the frame round every page.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;

use crate::app::App;
use crate::base::Instant;
use crate::cart;
use crate::platform::telemetry;
use crate::web::cache::Page;
use crate::web::cookies::Cookie;
use crate::web::error::Failure;
use crate::web::frame::{AdminFrame, Frame, Personal, Rendered, Site};
use crate::web::headers::{Policy, REPORTS, secure};
use crate::web::limits::{REQUEST_SECONDS, Rate};
use crate::web::spots::LIVES_SECONDS;
use crate::web::visitor::{SignedIn, Visitor};
use crate::web::{AppError, Meta, assets, client, compress, filters};
use crate::{
    analytics, books, catalog, checkout, content, customers, delivery, desk, fulfillment, machinery, markets, newsletter, orders, payments, seo,
    setup, staff, tax,
};

/// Every door of the shop.
pub fn router(app: App) -> Router {
    let public = Router::new().merge(catalog::public_routes()).merge(content::public_routes()).layer(from_fn_with_state(app.clone(), public_page));
    let private = Router::new()
        .merge(cart::routes())
        .merge(checkout::routes())
        .merge(payments::routes())
        .merge(orders::routes())
        .merge(customers::routes())
        .merge(newsletter::routes())
        .layer(from_fn_with_state(app.clone(), private_page));
    let admin = admin_doors().layer(from_fn_with_state(app.clone(), staff::admit));
    let machines = Router::new()
        .merge(payments::hook_routes())
        .merge(machinery::hook_routes())
        .merge(seo::routes().layer(from_fn_with_state(app.clone(), framed)))
        .merge(catalog::media_routes())
        .route("/static/{*rest}", get(assets::show))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(numbers));
    let inner = public.merge(private).merge(admin).merge(machines).fallback(|| async { AppError::NotFound }).with_state(app.clone());
    // Layers of the outer router run before the inner one looks at the path: that is where a pair's prefix is taken off.
    Router::new()
        .fallback_service(inner)
        .layer(CatchPanicLayer::custom(|_| AppError::Internal(anyhow::anyhow!("a panic")).into_response()))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(REQUEST_SECONDS)))
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(app.clone(), enter))
}

/// Every door of the admin, as yet without the guard in front of them. `docs/permissions.md` says of each who may use it.
pub fn admin_doors() -> Router<App> {
    Router::new()
        .merge(analytics::admin_routes())
        .merge(desk::admin_routes())
        .merge(catalog::admin_routes())
        .merge(content::admin_routes())
        .merge(newsletter::admin_routes())
        .merge(orders::admin_routes())
        .merge(fulfillment::admin_routes())
        .merge(customers::admin_routes())
        .merge(books::admin_routes())
        .merge(machinery::admin_routes())
        .merge(markets::admin_routes())
        .merge(delivery::admin_routes())
        .merge(tax::admin_routes())
        .merge(staff::admin_routes())
        .merge(setup::admin_routes())
}

async fn ready(State(app): State<App>) -> StatusCode {
    let answers = sqlx::query_scalar::<_, i32>("SELECT 1").fetch_one(&app.db).await.is_ok();
    if answers && app.is_ready.load(Ordering::Relaxed) { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}

/// Prometheus' numbers, for whoever holds the token; for everybody else there is no such page.
async fn numbers(State(app): State<App>, request: Request) -> Response {
    use secrecy::ExposeSecret;
    let sent = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default();
    let is_right = app
        .config
        .metrics_token
        .as_ref()
        .is_some_and(|token| crate::platform::secrets::hash(token.expose_secret()) == crate::platform::secrets::hash(sent));
    if !is_right {
        return AppError::NotFound.into_response();
    }
    if let Ok((waiting, dead)) = crate::platform::jobs::counts(&app.db).await {
        metrics::gauge!("wharf_jobs_waiting").set(f64::from(i32::try_from(waiting).unwrap_or(i32::MAX)));
        metrics::gauge!("wharf_jobs_dead").set(f64::from(i32::try_from(dead).unwrap_or(i32::MAX)));
    }
    crate::platform::telemetry::metrics().render().into_response()
}

/// What the outermost layer found out about a request.
#[derive(Clone)]
struct Entered {
    site: Arc<Site>,
}

/// First in, last out: request id, host, pair, rate, headers, error pages, log line.
async fn enter(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let began = std::time::Instant::now();
    let request_id = telemetry::request_id();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let is_http_1 = request.version() < axum::http::Version::HTTP_2;
    let address = client::address(&request, &app.config.trusted_proxies);
    let snapshot = app.snapshot();
    let site = snapshot.site_of(&path).map_or_else(|| snapshot.default_site(), |(site, _)| site);
    let entered = Entered { site: site.clone() };
    request.extensions_mut().insert(entered.clone());
    request.extensions_mut().insert(address);
    let accepted: HeaderMap =
        request.headers().get(header::ACCEPT_ENCODING).map(|value| (header::ACCEPT_ENCODING, value.clone())).into_iter().collect();

    let mut response = if let Some(refused) = refusal(&app, &request, address) {
        refused
    } else if let Some(elsewhere) = one_form(&request) {
        elsewhere
    } else if let Some(kept) = from_memory(&app, (request.method(), request.uri(), request.headers()), &site, address).await {
        kept
    } else {
        strip_prefix(&mut request, &site);
        let admin = path.starts_with("/admin");
        let mut response = next.run(request).await;
        if response.status().is_client_error() || response.status().is_server_error() {
            response = drawn(&app, &site, response, admin);
        }
        response
    };
    if response.extensions().get::<Failure>().is_some() && !response.headers().contains_key(header::CONTENT_TYPE) {
        response = drawn(&app, &site, response, path.starts_with("/admin"));
    }
    let policy = response.extensions().get::<Policy>().cloned().unwrap_or_default();
    // The length of a compressed page that holds a token would tell of it.
    if !policy.hides_address {
        response = compress::compressed(&accepted, response).await;
    }
    let status = response.status();
    let headers = response.headers_mut();
    secure(headers, &policy, app.config.is_https());
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        headers.insert("x-request-id", value);
    }
    // A node that is about to stop ends its connections in good order, each after an answer (R13).
    if is_http_1 && !app.is_ready.load(Ordering::Relaxed) {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    // What a shopper does may change every page's personal spots: pages fetched ahead are then old.
    if method == Method::POST && !path.starts_with("/admin") && path != REPORTS && !status.is_server_error() {
        headers.insert("clear-site-data", HeaderValue::from_static("\"prefetchCache\", \"prerenderCache\""));
    }
    let millis = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    telemetry::answered(status.as_u16(), began.elapsed());
    // Addresses may hold a token: only the first part of them is logged.
    let room = path.split('/').nth(1).unwrap_or_default();
    tracing::debug!(request.id = request_id, http.method = %method, http.room = room, http.status = status.as_u16(), duration_ms = millis, "answered");
    response
}

/// Requests that go no further: another host, an address that nothing can have, too many, a forged form.
fn refusal(app: &App, request: &Request, address: IpAddr) -> Option<Response> {
    let path = request.uri().path();
    if !matches!(path, "/healthz" | "/readyz") && !is_our_host(app, request) {
        return Some((StatusCode::MISDIRECTED_REQUEST, "This host name is not ours.\n").into_response());
    }
    // No text of Postgres holds a zero byte, so nothing has such an address. (In forms `web::form` refuses it.)
    if path.contains("%00") {
        return Some(AppError::NotFound.into_response());
    }
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if is_safe {
        return None;
    }
    let is_report = path == REPORTS;
    if let Err(seconds) = app.rates.check(if is_report { Rate::Reports } else { Rate::Writes }, address) {
        return Some(AppError::TooMany(seconds).into_response());
    }
    // Some browsers send cookies along with a report and say nothing of where it comes from. Nobody looks at them.
    if is_report {
        return None;
    }
    let headers = request.headers();
    let says_nothing = !headers.contains_key("sec-fetch-site") && !headers.contains_key(header::ORIGIN);
    let https = app.config.is_https();
    let has_session = [Cookie::Staff, Cookie::StaffCode, Cookie::Customer, Cookie::Cart].iter().any(|cookie| cookie.read(headers, https).is_some());
    (says_nothing && has_session).then(|| AppError::Forbidden.into_response())
}

fn is_our_host(app: &App, request: &Request) -> bool {
    let sent = request
        .headers()
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .or_else(|| request.uri().authority().map(|authority| authority.as_str()))
        .unwrap_or_default();
    let ours = &*app.host;
    if sent.eq_ignore_ascii_case(ours) {
        return true;
    }
    // On loopback both names of this machine are ours.
    let split = |host: &str| host.rsplit_once(':').map(|(name, port)| (name.to_owned(), port.to_owned()));
    match (app.config.is_loopback(), split(sent), split(ours)) {
        (true, Some((name, port)), Some((_, our_port))) => port == our_port && matches!(name.as_str(), "localhost" | "127.0.0.1" | "[::1]"),
        _ => false,
    }
}

/// One address, one form: no slash at the end, no doubled slashes.
fn one_form(request: &Request) -> Option<Response> {
    let path = request.uri().path();
    if !matches!(*request.method(), Method::GET | Method::HEAD) || path == "/" || !(path.ends_with('/') || path.contains("//")) {
        return None;
    }
    let clean: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(Redirect::permanent(&format!("/{}{query}", clean.join("/"))).into_response())
}

fn strip_prefix(request: &mut Request, site: &Site) {
    if site.prefix.is_empty() {
        return;
    }
    let uri = request.uri();
    let rest = uri.path().strip_prefix(site.prefix.as_str()).unwrap_or_default();
    let rest = if rest.is_empty() { "/" } else { rest };
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    if let Ok(uri) = format!("{rest}{query}").parse::<Uri>() {
        *request.uri_mut() = uri;
    }
}

/// The only parameters that a public page may look at, and the choices of lists (`f.colour` …); others do not enter the key.
const ALLOWED: [&str; 11] = ["available", "from", "option-0", "option-1", "option-2", "page", "q", "sale", "sort", "to", "variant"];

fn allowed_query(uri: &Uri) -> String {
    let mut pairs: Vec<(String, String)> = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .filter(|(key, value)| {
            let is_known = ALLOWED.contains(&key.as_ref()) || key.starts_with("f.") && key.len() <= 100;
            // What was typed into the search is cut, not dropped: the page says what it looked for.
            is_known && (value.len() <= 200 || key == "q")
        })
        .map(|(key, value)| (key.into_owned(), value.chars().take(200).collect()))
        .collect();
    pairs.sort();
    pairs.dedup_by(|a, b| a.0 == b.0);
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Pages that are the same for everybody: from memory if possible, with this visitor's spots filled where there are any.
async fn public_page(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let Some(entered) = request.extensions().get::<Entered>().cloned() else { return AppError::NotFound.into_response() };
    if app.rules().markets.is_empty() {
        return AppError::NotOpen.into_response();
    }
    let site = entered.site;
    let query = allowed_query(request.uri());
    let key = key_of(&site, request.uri().path(), &query);
    let headers = request.headers().clone();
    let address = caller(&request);
    let now = app.now();
    let (personal, spots) = match spots(&app, &headers, address, now).await {
        Ok(found) => found,
        Err(error) => return error.into_response(),
    };
    let page = match app.cache.get(&key, now) {
        Some(page) => page,
        None => {
            if let Err(seconds) = app.rates.check(Rate::Pages, address) {
                return AppError::TooMany(seconds).into_response();
            }
            let generation = app.cache.generation();
            if let Ok(uri) = format!("{}{}{query}", request.uri().path(), if query.is_empty() { "" } else { "?" }).parse::<Uri>() {
                *request.uri_mut() = uri;
            }
            request.extensions_mut().insert(Frame { site: site.clone(), as_of: now, personal: Personal::default() });
            let response = next.run(request).await;
            let Some(rendered) = response.extensions().get::<Rendered>() else { return response };
            let page = Arc::new(Page::new(rendered, &site));
            app.cache.store(key, page.clone(), generation);
            page
        }
    };
    with_spots(&page, personal, spots, &site, &headers)
}

/// A shared page that is in memory, before anything else looks at the request: only such pages are kept under these keys.
async fn from_memory(app: &App, (method, uri, headers): (&Method, &Uri, &HeaderMap), site: &Site, address: IpAddr) -> Option<Response> {
    if *method != Method::GET {
        return None;
    }
    let path = uri.path().strip_prefix(site.prefix.as_str()).unwrap_or_default();
    let now = app.now();
    let page = app.cache.get(&key_of(site, if path.is_empty() { "/" } else { path }, &allowed_query(uri)), now)?;
    Some(match spots(app, headers, address, now).await {
        Ok((personal, spots)) => with_spots(&page, personal, spots, site, headers),
        Err(error) => error.into_response(),
    })
}

fn key_of(site: &Site, path: &str, query: &str) -> String {
    format!("{} {path}?{query}", site.prefix)
}

/// A shared page for one visitor, or for anybody.
fn with_spots(page: &Page, personal: Option<Personal>, spots: Option<String>, site: &Site, headers: &HeaderMap) -> Response {
    let mut response = match &personal {
        Some(personal) => page.respond_to(personal, site, headers),
        None => page.respond(headers),
    };
    if let Some(value) = spots {
        response.headers_mut().append(header::SET_COOKIE, Cookie::Spots.set(&value, LIVES_SECONDS, site.is_https));
    }
    if personal.is_some_and(|personal| personal.flash.is_some()) {
        response.headers_mut().append(header::SET_COOKIE, Cookie::Flash.clear(site.is_https));
    }
    response.extensions_mut().insert(page.policy.clone());
    response
}

/// The caller's address, as the outermost layer found it.
fn caller(request: &Request) -> IpAddr {
    request.extensions().get().copied().unwrap_or(IpAddr::from([127, 0, 0, 1]))
}

/// Files for machines that are drawn like pages: they get a frame, and no visitor.
async fn framed(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let Some(entered) = request.extensions().get::<Entered>().cloned() else { return AppError::NotFound.into_response() };
    request.extensions_mut().insert(Frame { site: entered.site, as_of: app.now(), personal: Personal::default() });
    next.run(request).await
}

/// The personal spots of a shared page, and the cookie that keeps them for the next one where they were read just now.
async fn spots(app: &App, headers: &HeaderMap, address: IpAddr, now: Instant) -> Result<(Option<Personal>, Option<String>), AppError> {
    let https = app.config.is_https();
    let (cart, session) = (Cookie::Cart.read(headers, https), Cookie::Customer.read(headers, https));
    let kept = Cookie::Spots.read(headers, https).filter(|_| cart.is_some() || session.is_some());
    if let Some(kept) = kept.and_then(|value| app.spots.read(&value, cart.as_deref(), session.as_deref(), now)) {
        return Ok((Some(Personal { flash: Cookie::Flash.read(headers, https), ..kept }), None));
    }
    let Some((personal, visitor)) = personal(app, headers, address).await? else { return Ok((None, None)) };
    let is_somebody = visitor.cart_token.is_some() || visitor.session_token.is_some();
    let value = is_somebody.then(|| app.spots.write(&personal, visitor.cart_token.as_deref(), visitor.session_token.as_deref(), now)).flatten();
    Ok((Some(personal), value))
}

/// The visitor behind the cookies; `None` (and no SQL) where there are none.
async fn personal(app: &App, headers: &HeaderMap, address: IpAddr) -> Result<Option<(Personal, Visitor)>, AppError> {
    let https = app.config.is_https();
    let (cart_token, session_token, flash) =
        (Cookie::Cart.read(headers, https), Cookie::Customer.read(headers, https), Cookie::Flash.read(headers, https));
    if cart_token.is_none() && session_token.is_none() && flash.is_none() {
        return Ok(None);
    }
    let found = if cart_token.is_some() || session_token.is_some() {
        cart::resolve(&app.db, cart_token.as_deref(), session_token.as_deref(), app.now()).await?
    } else {
        cart::Resolved::default()
    };
    if let (Some(token), Some(seen_at)) = (&session_token, found.seen_at) {
        customers::note_use(&app.db, &crate::platform::secrets::hash(token), seen_at, app.now()).await?;
    }
    let customer = match (found.customer_id, found.customer_email) {
        (Some(id), Some(email)) => Some(SignedIn { id, email, name: found.customer_name.unwrap_or_default(), is_verified: found.is_verified }),
        _ => None,
    };
    let personal = Personal { cart_count: found.count, name: customer.as_ref().map(|customer| customer.name.clone()), flash };
    Ok(Some((personal, Visitor { address, cart: found.cart, customer, cart_token, session_token })))
}

/// Pages and forms of one visitor.
async fn private_page(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let Some(entered) = request.extensions().get::<Entered>().cloned() else { return AppError::NotFound.into_response() };
    if app.rules().markets.is_empty() {
        return AppError::NotOpen.into_response();
    }
    let address = caller(&request);
    let headers = request.headers().clone();
    let (personal, visitor) = match personal(&app, &headers, address).await {
        Ok(found) => {
            found.unwrap_or_else(|| (Personal::default(), Visitor { address, cart: None, customer: None, cart_token: None, session_token: None }))
        }
        Err(error) => return error.into_response(),
    };
    let shows_flash = personal.flash.is_some() && *request.method() == Method::GET;
    let https = entered.site.is_https;
    request.extensions_mut().insert(visitor);
    request.extensions_mut().insert(Frame { site: entered.site, as_of: app.now(), personal });
    let mut response = next.run(request).await;
    // Whatever was done here, the next shared page reads its spots anew.
    if Cookie::Spots.read(&headers, https).is_some() {
        response.headers_mut().append(header::SET_COOKIE, Cookie::Spots.clear(https));
    }
    if shows_flash && response.status() != StatusCode::SEE_OTHER {
        response.headers_mut().append(header::SET_COOKIE, Cookie::Flash.clear(https));
    }
    response
}

#[derive(Template)]
#[template(path = "kit/error.html")]
struct ErrorPage {
    reason: &'static str,
    reference: Option<String>,
    is_admin: bool,
}

/// Draws the page of a failure in the shop's frame; answers that have a body of their own are left alone.
fn drawn(app: &App, site: &Arc<Site>, response: Response, is_admin: bool) -> Response {
    let status = response.status();
    let failure = response.extensions().get::<Failure>().cloned();
    // A bare sentence in English is axum's own refusal (a bad id or query): it gets a page like any other.
    let has_own_body = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"));
    if failure.is_none() && has_own_body {
        return response;
    }
    let failure = failure.unwrap_or(Failure {
        status,
        reason: match status {
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::BAD_REQUEST => "kit-error-not-found",
            StatusCode::FORBIDDEN => "kit-error-forbidden",
            StatusCode::PAYLOAD_TOO_LARGE => "kit-error-too-large",
            StatusCode::SERVICE_UNAVAILABLE => "kit-error-outage",
            status if status.is_client_error() => "kit-error-bad-form",
            _ => "kit-error-internal",
        },
        reference: None,
    });
    let page = ErrorPage { reason: failure.reason, reference: failure.reference, is_admin };
    let drawn = if is_admin {
        let frame = AdminFrame {
            site: site.clone(),
            as_of: app.now(),
            name: String::new(),
            role: String::new(),
            menu: Vec::new(),
            path: "/admin".into(),
            flash: None,
            undo: None,
        };
        frame.page_with(failure.status, "Sorry", page)
    } else {
        let frame = Frame { site: site.clone(), as_of: app.now(), personal: Personal::default() };
        frame.page_with(failure.status, Meta { title: site.text("kit-error-title"), is_private: true, ..Meta::default() }, page)
    };
    match drawn {
        Ok(mut page) => {
            // A layer's bare refusal has none of its own.
            if failure.status == StatusCode::SERVICE_UNAVAILABLE {
                page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            }
            for name in [header::RETRY_AFTER, header::ALLOW] {
                if let Some(value) = response.headers().get(&name) {
                    page.headers_mut().insert(name, value.clone());
                }
            }
            page
        }
        Err(_) => (failure.status, "Sorry, something went wrong.\n").into_response(),
    }
}
