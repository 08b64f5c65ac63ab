//! The frame round every fragment: head, menu, footer, and the few personal spots as holes that are filled last.

use std::sync::Arc;

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::cookies::{Cookie, LONGEST_UNDO};
use super::error::PageResult;
use super::filters::{self, Locale};
use super::headers::Policy;
use super::jsonld::JsonLd;
use super::words;
use crate::base::{Currency, Instant, Language, Money};

/// A place to go.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Link {
    pub title: String,
    pub href: String,
}

/// What every page of one (market, language) pair shows.
#[derive(Debug, Clone)]
pub struct Site {
    pub shop_name: String,
    pub claim: String,
    /// `https://shop.example`
    pub origin: String,
    /// `""` or `/de`.
    pub prefix: String,
    pub language: Language,
    pub hreflang: String,
    /// (hreflang, prefix) of all pairs, this one included.
    pub alternates: Vec<(String, String)>,
    pub zone: String,
    pub currency: Currency,
    pub is_test: bool,
    pub is_https: bool,
    pub menu: Vec<Link>,
    pub footer: Vec<Link>,
    pub contact_email: String,
}

impl Site {
    pub fn locale(&self) -> Locale {
        Locale { language: self.language, prefix: self.prefix.clone(), zone: self.zone.clone() }
    }

    /// A path inside the pair: `/products/mug` → `/de/products/mug`.
    pub fn path(&self, rest: &str) -> String {
        format!("{}{rest}", self.prefix)
    }

    /// The absolute address of a path inside the pair.
    pub fn url(&self, rest: &str) -> String {
        let path = self.path(rest);
        if path.is_empty() { format!("{}/", self.origin) } else { format!("{}{path}", self.origin) }
    }

    /// The sentence of a key in the pair's language.
    pub fn text(&self, key: &str) -> String {
        words::text(self.language, key, &[])
    }
}

/// What the head of a page says.
#[derive(Debug, Clone, Default)]
pub struct Meta {
    pub title: String,
    pub description: String,
    /// Path inside the pair that this page is known under; empty for pages that are not to be indexed.
    pub canonical: String,
    pub is_private: bool,
    /// Absolute address of a picture, with its size.
    pub image: Option<(String, u32, u32)>,
    pub product: Option<ProductMeta>,
    pub jsonld: Vec<JsonLd>,
    pub policy: Policy,
    /// Somebody pays from here: only the scripts of the payment page run.
    pub is_payment: bool,
    /// The page asks to be loaded again after so many seconds (waiting for a payment).
    pub refresh_seconds: Option<u32>,
    /// Set where the page exists in this language only by falling back.
    pub is_fallback: bool,
}

/// Open Graph's view of a product.
#[derive(Debug, Clone)]
pub struct ProductMeta {
    pub price: Money,
    pub availability: &'static str,
    pub brand: String,
}

/// The personal spots of one visitor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Personal {
    pub cart_count: i64,
    pub name: Option<String>,
    /// Key of a sentence to show once.
    pub flash: Option<String>,
}

/// What a rendered page read: change one of these and it is stale; at `until` a dated row begins or ends.
#[derive(Debug, Clone, Default)]
pub struct Reads {
    pub tags: Vec<String>,
    pub until: Option<Instant>,
}

impl Reads {
    pub fn tag(&mut self, tag: impl Into<String>) {
        self.tags.push(tag.into());
    }

    /// Keeps the earliest boundary.
    pub fn ends(&mut self, at: Option<Instant>) {
        self.until = match (self.until, at) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
}

/// A page with holes, on its way to the cache.
#[derive(Debug, Clone)]
pub struct Rendered {
    pub html: Arc<str>,
    pub reads: Reads,
    pub policy: Policy,
}

/// The holes as they stand in a rendered page. Text of people cannot form one: comments are escaped or cleaned away.
const HOLES: [(&str, Hole); 3] = [("<!--hole:account-->", Hole::Account), ("<!--hole:cart-->", Hole::Cart), ("<!--hole:flash-->", Hole::Flash)];

/// How every hole begins.
const HOLE: &str = "<!--hole:";

/// What stands between the holes of a rendered page, one part more than there are holes, and the holes in their order.
pub fn parts(html: &str) -> (Vec<&str>, Vec<Hole>) {
    let (mut parts, mut holes, mut from, mut at) = (Vec::new(), Vec::new(), 0, 0);
    while let Some(found) = html[at..].find(HOLE).map(|offset| at + offset) {
        at = found + HOLE.len();
        if let Some((mark, hole)) = HOLES.iter().find(|(mark, _)| html[found..].starts_with(mark)) {
            parts.push(&html[from..found]);
            holes.push(*hole);
            (from, at) = (found + mark.len(), found + mark.len());
        }
    }
    parts.push(&html[from..]);
    (parts, holes)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hole {
    Account,
    Cart,
    Flash,
}

/// One request's view of the shop; the roof fills it, handlers read it.
#[derive(Debug, Clone)]
pub struct Frame {
    pub site: Arc<Site>,
    pub as_of: Instant,
    pub personal: Personal,
}

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Frame {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &S) -> Result<Self, StatusCode> {
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

#[derive(Template)]
#[template(path = "kit/layout.html")]
struct Layout<'a> {
    site: &'a Site,
    meta: &'a Meta,
    body: &'a str,
    jsonld: &'a [JsonLd],
}

impl Layout<'_> {
    fn title(&self) -> String {
        match (self.meta.title.as_str(), self.site.claim.as_str()) {
            ("", "") => self.site.shop_name.clone(),
            ("", claim) => format!("{} – {claim}", self.site.shop_name),
            (title, _) => format!("{title} – {}", self.site.shop_name),
        }
    }

    fn canonical(&self) -> String {
        self.site.url(&self.meta.canonical)
    }

    fn scripts_of_payment(&self) -> [&'static str; 4] {
        super::assets::PAYMENT_SCRIPTS
    }

    fn alternate(&self, prefix: &str) -> String {
        let path = format!("{prefix}{}", self.meta.canonical);
        if path.is_empty() { format!("{}/", self.site.origin) } else { format!("{}{path}", self.site.origin) }
    }
}

impl Frame {
    /// A page for this visitor alone: holes filled, never stored.
    pub fn page(&self, meta: Meta, fragment: impl Template) -> PageResult {
        self.page_with(StatusCode::OK, meta, fragment)
    }

    /// The same with another status (422 for a refused form, 404 …).
    pub fn page_with(&self, status: StatusCode, mut meta: Meta, fragment: impl Template) -> PageResult {
        if !status.is_success() {
            meta.is_private = true;
        }
        let html = self.site.fill(&self.render(&meta, fragment)?, &self.personal);
        let mut response = (
            status,
            [
                (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ],
            html,
        )
            .into_response();
        response.extensions_mut().insert(meta.policy);
        Ok(response)
    }

    /// A page that is the same for everybody: rendered with holes and handed to the cache with what it read.
    pub fn public(&self, meta: Meta, fragment: impl Template, reads: Reads) -> PageResult {
        let html = self.render(&meta, fragment)?;
        let mut response = StatusCode::OK.into_response();
        response.extensions_mut().insert(Rendered { html: html.into(), reads, policy: meta.policy });
        Ok(response)
    }

    /// Part of a page in the words of the pair, to be put into one.
    pub fn draw(&self, fragment: &impl Template) -> Result<String, askama::Error> {
        let locale = self.site.locale();
        fragment.render_with_values(&("locale", &locale as &dyn std::any::Any))
    }

    /// Part of a page, the same for everybody, that a script puts into one; without the frame round it.
    pub fn fragment(&self, fragment: impl Template, reads: Reads) -> PageResult {
        let html = self.draw(&fragment)?;
        let mut response = StatusCode::OK.into_response();
        response.extensions_mut().insert(Rendered { html: html.into(), reads, policy: Policy::default() });
        Ok(response)
    }

    fn render(&self, meta: &Meta, fragment: impl Template) -> Result<String, askama::Error> {
        let locale = self.site.locale();
        let values: (&str, &dyn std::any::Any) = ("locale", &locale);
        let body = fragment.render_with_values(&values)?;
        Layout { site: &self.site, meta, body: &body, jsonld: &meta.jsonld }.render_with_values(&values)
    }

    /// Where to go after a form, inside the pair.
    pub fn see_other(&self, rest: &str) -> Response {
        axum::response::Redirect::to(&self.site.path(rest)).into_response()
    }

    /// The same, with a sentence to show there once.
    pub fn see_other_saying(&self, rest: &str, flash: &str) -> Response {
        let mut response = self.see_other(rest);
        response.headers_mut().append(header::SET_COOKIE, Cookie::Flash.set(flash, 60, self.site.is_https));
        response
    }

    /// The sentence of a key in the reader's language.
    pub fn text(&self, key: &str) -> String {
        self.site.text(key)
    }
}

impl Site {
    /// Fills the holes of a rendered page.
    pub fn fill(&self, html: &str, personal: &Personal) -> String {
        let (parts, holes) = parts(html);
        let mut filled = String::with_capacity(html.len() + 1_024);
        for (part, hole) in parts.iter().zip(holes.iter().map(Some).chain([None])) {
            filled.push_str(part);
            filled.extend(hole.map(|hole| self.hole(*hole, personal)));
        }
        filled
    }

    /// The HTML of one personal spot.
    pub fn hole(&self, hole: Hole, personal: &Personal) -> String {
        let escape = |text: &str| askama::filters::escape(text, askama::filters::Html).map(|safe| safe.to_string()).unwrap_or_default();
        match hole {
            Hole::Cart => {
                let label = words::text(self.language, "kit-cart-label", &[("count", personal.cart_count.into())]);
                if personal.cart_count <= 0 {
                    return format!(
                        "<a class=\"tool cart-link\" href=\"{}\" aria-label=\"{}\">{}</a>",
                        self.path("/cart"),
                        escape(&label),
                        escape(&self.text("kit-cart"))
                    );
                }
                // What is read aloud stands as text: a label that leaves out the visible number would not match it.
                format!(
                    "<a class=\"tool cart-link\" href=\"{}\">{}<span class=\"count\" aria-hidden=\"true\">{}</span><span class=\"visually-hidden\">{}</span></a>",
                    self.path("/cart"),
                    escape(&self.text("kit-cart")),
                    personal.cart_count,
                    escape(&words::text(self.language, "kit-cart-count", &[("count", personal.cart_count.into())]))
                )
            }
            Hole::Account => {
                // The first word of a name is enough beside the cart.
                let label = personal.name.as_deref().and_then(|name| name.split_whitespace().next());
                let label = label.map_or_else(|| self.text("kit-sign-in"), str::to_owned);
                let target = if personal.name.is_some() { "/account" } else { "/account/sign-in" };
                format!("<a class=\"tool account-link\" href=\"{}\">{}</a>", self.path(target), escape(&label))
            }
            Hole::Flash => personal.flash.as_deref().filter(|key| words::has("en", key)).map_or_else(String::new, |key| {
                format!("<div class=\"{}\" role=\"status\"><p>{}</p></div>", flash_class(key), escape(&self.text(key)))
            }),
        }
    }
}

/// Ends of the keys of sentences that tell of something that was not done, or not as it was meant.
const SORRY: [&str; 8] = ["-failed", "-refused", "-unknown", "-unavailable", "-elsewhere", "-none-marked", "-mismatch", "-test-suppressed"];

/// The class of what is said after a redirect.
fn flash_class(key: &str) -> &'static str {
    if SORRY.iter().any(|end| key.ends_with(end)) { "flash is-sorry" } else { "flash" }
}

/// A part of the admin's menu.
#[derive(Debug, Clone)]
pub struct MenuGroup {
    pub title: &'static str,
    pub entries: Vec<MenuEntry>,
}

/// A room in the admin's menu.
#[derive(Debug, Clone, Copy)]
pub struct MenuEntry {
    pub path: &'static str,
    pub title: &'static str,
    /// The letter after `g` that leads there; empty where there is none.
    pub key: &'static str,
}

/// The signed-in member of staff, as the admin's frame shows them.
#[derive(Debug, Clone)]
pub struct AdminFrame {
    pub site: Arc<Site>,
    pub as_of: Instant,
    pub name: String,
    pub role: String,
    /// The rooms that this member of staff may enter.
    pub menu: Vec<MenuGroup>,
    /// Path of the page, to mark the entry of the menu.
    pub path: String,
    pub flash: Option<String>,
    /// How what the sentence speaks of is taken back.
    pub undo: Option<Undo>,
}

/// The form that takes a change back: the door that undoes it, and what to say there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    pub path: String,
    pub fields: Vec<(String, String)>,
}

impl Undo {
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), fields: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.fields.push((name.to_owned(), value.into()));
        self
    }

    /// As it travels in a cookie.
    fn written(&self) -> String {
        format!("{}?{}", self.path, form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.fields).finish())
    }

    /// What [`Undo::written`] wrote; only doors of the admin take anything back.
    pub fn read(text: &str) -> Option<Self> {
        let (path, fields) = text.split_once('?')?;
        let is_door = path.starts_with("/admin/") && !path.contains("//");
        is_door.then(|| Self { path: path.to_owned(), fields: form_urlencoded::parse(fields.as_bytes()).into_owned().collect() })
    }
}

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for AdminFrame {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &S) -> Result<Self, StatusCode> {
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

#[derive(Template)]
#[template(path = "kit/admin.html")]
struct AdminLayout<'a> {
    frame: &'a AdminFrame,
    title: &'a str,
    body: &'a str,
}

impl AdminLayout<'_> {
    fn is_here(&self, section: &str) -> bool {
        let path = &self.frame.path;
        path == section || section != "/admin" && path.strip_prefix(section).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The room of this page, for the menu that is closed on a phone.
    fn here(&self) -> &'static str {
        self.frame.menu.iter().flat_map(|group| &group.entries).find(|entry| self.is_here(entry.path)).map_or("", |entry| entry.title)
    }

    fn tone(&self) -> &'static str {
        self.frame.flash.as_deref().map_or("flash", flash_class)
    }

    fn sentence(&self) -> String {
        self.frame.flash.as_deref().filter(|key| words::has("en", key)).map(|key| words::text(Language::english(), key, &[])).unwrap_or_default()
    }
}

impl AdminFrame {
    pub fn page(&self, title: &str, fragment: impl Template) -> PageResult {
        self.page_with(StatusCode::OK, title, fragment)
    }

    pub fn page_with(&self, status: StatusCode, title: &str, fragment: impl Template) -> PageResult {
        let locale = self.locale();
        let values: (&str, &dyn std::any::Any) = ("locale", &locale);
        let body = fragment.render_with_values(&values)?;
        let html = AdminLayout { frame: self, title, body: &body }.render_with_values(&values)?;
        Ok(Self::answer(status, html))
    }

    /// Part of a page that a script puts into one; without the frame round it.
    pub fn fragment(&self, fragment: impl Template) -> PageResult {
        let html = fragment.render_with_values(&("locale", &self.locale() as &dyn std::any::Any))?;
        Ok(Self::answer(StatusCode::OK, html))
    }

    /// Admin words are English for now, and its links never carry a pair's prefix.
    fn locale(&self) -> Locale {
        Locale { language: Language::english(), prefix: String::new(), zone: self.site.zone.clone() }
    }

    fn answer(status: StatusCode, html: String) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
        (status, headers, html).into_response()
    }

    /// Back to a page of the admin, with a sentence to show there once.
    pub fn see_other_saying(&self, path: &str, flash: &str) -> Response {
        let mut response = axum::response::Redirect::to(path).into_response();
        let headers = response.headers_mut();
        headers.append(header::SET_COOKIE, Cookie::Flash.set(flash, 60, self.site.is_https));
        headers.append(header::SET_COOKIE, Cookie::Undo.clear(self.site.is_https));
        response
    }

    /// The same, and beside the sentence the way back.
    pub fn see_other_undoable(&self, path: &str, flash: &str, undo: &Undo) -> Response {
        let mut response = self.see_other_saying(path, flash);
        let written = undo.written();
        if written.len() <= LONGEST_UNDO {
            response.headers_mut().append(header::SET_COOKIE, Cookie::Undo.set(&written, 60, self.site.is_https));
        }
        response
    }
}

/// A site for unit tests.
#[cfg(test)]
pub fn tests_site() -> Site {
    Site {
        shop_name: "Test".into(),
        claim: String::new(),
        origin: "http://localhost".into(),
        prefix: String::new(),
        language: Language::english(),
        hreflang: "en".into(),
        alternates: Vec::new(),
        zone: "UTC".into(),
        currency: Currency::EUR,
        is_test: true,
        is_https: false,
        menu: Vec::new(),
        footer: Vec::new(),
        contact_email: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::Undo;

    #[test]
    fn a_way_back_survives_its_cookie_and_leads_nowhere_else() {
        let undo = Undo::new("/admin/products/status").with("active", "a.b").with("q", "Krüge & co; x=1");
        assert!(undo.written().is_ascii() && !undo.written().contains([';', ',', ' ', '"']));
        assert_eq!(Undo::read(&undo.written()), Some(undo));
        for elsewhere in ["/checkout?a=b", "//evil.example/admin/?a=b", "/admin//evil.example?a=b", "https://evil.example/admin/?a=b", "/admin/x"] {
            assert_eq!(Undo::read(elsewhere), None, "{elsewhere}");
        }
    }
}
