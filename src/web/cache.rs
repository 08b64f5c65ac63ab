//! Rendered public pages, kept under a byte budget with their compressed forms, dropped exactly when what they read changes.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};

use super::assets::{accepts, brotli, gzip};
use super::frame::{Hole, Personal, Rendered, Site};
use super::headers::Policy;
use super::spliced::Spliced;
use crate::base::Instant;

/// Seconds that a node trusts its pages without hearing from the invalidations.
const DEAF_SECONDS: i64 = 60;
/// How many past invalidations are remembered, to refuse pages that were rendered before and stored after one.
const REMEMBERED: usize = 4_096;

/// Names the file of rules by which a browser may fetch pages ahead (never those of cart, checkout or account):
/// <https://html.spec.whatwg.org/multipage/speculative-loading.html>.
const SPECULATION: HeaderName = HeaderName::from_static("speculation-rules");

static RULES: LazyLock<HeaderValue> = LazyLock::new(|| {
    let quoted = super::assets::href("speculation.json").map(|href| format!("\"{href}\"")).unwrap_or_default();
    HeaderValue::from_str(&quoted).unwrap_or(HeaderValue::from_static(""))
});

fn speculation() -> HeaderValue {
    RULES.clone()
}

/// A page as everybody gets it, and with its holes.
pub struct Page {
    with_holes: Arc<str>,
    plain: Bytes,
    /// Made when the first one asks for it: most pages are read in one coding only, and some but once.
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
    /// For visitors with spots of their own.
    spliced: OnceLock<(Spliced, Vec<Hole>)>,
    etag: String,
    pub policy: Policy,
    tags: Vec<String>,
    until: Option<Instant>,
}

impl Page {
    /// Fills the holes for nobody in particular.
    pub fn new(rendered: &Rendered, site: &Site) -> Self {
        let html = site.fill(&rendered.html, &Personal::default());
        let bytes = html.into_bytes();
        Self {
            etag: crate::platform::secrets::fingerprint(&bytes),
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
            spliced: OnceLock::new(),
            plain: bytes.into(),
            with_holes: rendered.html.clone(),
            policy: rendered.policy.clone(),
            tags: rendered.reads.tags.clone(),
            until: rendered.reads.until,
        }
    }

    /// Bytes in memory. The codings are not made yet when this is asked; together they are about half of the page.
    fn weight(&self) -> usize {
        self.with_holes.len() + self.plain.len() * 7 / 4 + self.tags.len() * 48 + 512
    }

    /// The shared answer: compressed as asked for, 304 where the browser has it.
    pub fn respond(&self, request: &HeaderMap) -> Response<Body> {
        let accepted = request.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let (body, encoding) = if accepts(accepted, "br") {
            (self.brotli.get_or_init(|| brotli(&self.plain, 5)), "br")
        } else if accepts(accepted, "gzip") {
            (self.gzip.get_or_init(|| gzip(&self.plain, 5)), "gzip")
        } else {
            (&self.plain, "")
        };
        let etag = format!("\"{}{}{encoding}\"", self.etag, if encoding.is_empty() { "" } else { "-" });
        let is_known = request
            .get(header::IF_NONE_MATCH)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|sent| sent.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag || tag.trim() == "*"));
        let response = Response::builder()
            .header(header::CACHE_CONTROL, "public, max-age=0, must-revalidate")
            .header(header::ETAG, &etag)
            // No `cookie`: whoever keeps this page asks before every use, and a visitor with spots of their own never hears 304.
            .header(header::VARY, "accept-encoding")
            .header(SPECULATION, speculation());
        if is_known {
            return response.status(StatusCode::NOT_MODIFIED).body(Body::empty()).unwrap_or_default();
        }
        let response = response.header(header::CONTENT_TYPE, "text/html; charset=utf-8");
        let response = if encoding.is_empty() { response } else { response.header(header::CONTENT_ENCODING, encoding) };
        response.body(Body::from(body.clone())).unwrap_or_default()
    }

    /// The same page with this visitor's spots; never shared.
    pub fn respond_to(&self, personal: &Personal, site: &Site, request: &HeaderMap) -> Response<Body> {
        let accepted = request.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let response = Response::builder()
            .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
            .header(header::CACHE_CONTROL, "private, no-cache")
            .header(header::VARY, "accept-encoding")
            .header(SPECULATION, speculation());
        // gzip first: its parts are compressed already. Whoever reads only Brotli gets it made on the spot.
        let response = if accepts(accepted, "gzip") {
            let (parts, holes) = self.spliced.get_or_init(|| splice(&self.with_holes));
            let filled: Vec<String> = holes.iter().map(|hole| site.hole(*hole, personal)).collect();
            response.header(header::CONTENT_ENCODING, "gzip").body(Body::from(parts.with(filled.iter().map(String::as_str))))
        } else if accepts(accepted, "br") {
            let html = site.fill(&self.with_holes, personal);
            response.header(header::CONTENT_ENCODING, "br").body(Body::from(brotli(html.as_bytes(), 1)))
        } else {
            response.body(Body::from(site.fill(&self.with_holes, personal)))
        };
        response.unwrap_or_default()
    }
}

/// The parts of a page between its holes, compressed, and the holes in their order.
fn splice(html: &str) -> (Spliced, Vec<Hole>) {
    let (parts, holes) = super::frame::parts(html);
    (Spliced::new(parts), holes)
}

#[derive(Default)]
struct Index {
    by_tag: HashMap<String, HashSet<String>>,
    generation: u64,
    recent: VecDeque<(u64, String)>,
}

/// The pages of one node.
pub struct PageCache {
    pages: moka::sync::Cache<String, Arc<Page>>,
    index: Mutex<Index>,
    heard_at: AtomicI64,
}

impl PageCache {
    pub fn new(budget_bytes: u64) -> Self {
        let pages = moka::sync::Cache::builder()
            .weigher(|key: &String, page: &Arc<Page>| u32::try_from(page.weight() + key.len()).unwrap_or(u32::MAX))
            .max_capacity(budget_bytes)
            .build();
        Self { pages, index: Mutex::default(), heard_at: AtomicI64::new(i64::MIN) }
    }

    /// The page, unless it is missing, ended, or this node has been deaf for too long.
    pub fn get(&self, key: &str, now: Instant) -> Option<Arc<Page>> {
        if now.unix().saturating_sub(self.heard_at.load(Ordering::Relaxed)) > DEAF_SECONDS {
            return None;
        }
        self.pages.get(key).filter(|page| page.until.is_none_or(|until| now < until))
    }

    /// To be taken before the page is rendered and given to [`Self::store`].
    pub fn generation(&self) -> u64 {
        self.lock().generation
    }

    /// Keeps a page, unless something it read was invalidated since it began to be rendered.
    pub fn store(&self, key: String, page: Arc<Page>, generation: u64) {
        let mut index = self.lock();
        let remembers = index.recent.front().is_none_or(|(oldest, _)| *oldest <= generation + 1) || index.generation == generation;
        let is_stale = index.recent.iter().rev().take_while(|(at, _)| *at > generation).any(|(_, tag)| page.tags.contains(tag) || tag == "rules");
        if !remembers || is_stale {
            return;
        }
        for tag in &page.tags {
            index.by_tag.entry(tag.clone()).or_default().insert(key.clone());
        }
        self.pages.insert(key, page);
    }

    /// Drops every page that read one of the tags; `rules` drops all.
    pub fn invalidate(&self, tags: &[String]) {
        let mut index = self.lock();
        index.generation += 1;
        let generation = index.generation;
        for tag in tags {
            index.recent.push_back((generation, tag.clone()));
            if tag == "rules" {
                index.by_tag.clear();
                self.pages.invalidate_all();
            } else if let Some(keys) = index.by_tag.remove(tag) {
                keys.iter().for_each(|key| self.pages.invalidate(key));
            }
        }
        while index.recent.len() > REMEMBERED {
            index.recent.pop_front();
        }
    }

    /// The listener has read everything up to `now`.
    pub fn heard(&self, now: Instant) {
        self.heard_at.store(now.unix(), Ordering::Relaxed);
    }

    /// Drops everything: the listener was away.
    pub fn clear(&self) {
        self.invalidate(&["rules".to_owned()]);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::frame::Reads;

    fn page(tags: &[&str], until: Option<Instant>) -> Arc<Page> {
        let reads = Reads { tags: tags.iter().map(|t| (*t).to_owned()).collect(), until };
        let rendered = Rendered { html: "<p>".into(), reads, policy: Policy::default() };
        Arc::new(Page::new(&rendered, &crate::web::frame::tests_site()))
    }

    #[test]
    fn a_page_goes_when_what_it_read_changes_and_no_other_goes() {
        let (cache, now) = (PageCache::new(1 << 20), Instant::from_unix(1_000));
        cache.heard(now);
        cache.store("a".into(), page(&["product:1"], None), cache.generation());
        cache.store("b".into(), page(&["product:2"], None), cache.generation());
        cache.invalidate(&["product:1".into()]);
        assert!(cache.get("a", now).is_none() && cache.get("b", now).is_some());
    }

    #[test]
    fn a_page_rendered_before_a_change_is_not_stored_after_it() {
        let (cache, now) = (PageCache::new(1 << 20), Instant::from_unix(1_000));
        cache.heard(now);
        let before = cache.generation();
        cache.invalidate(&["product:1".into()]);
        cache.store("a".into(), page(&["product:1"], None), before);
        assert!(cache.get("a", now).is_none());
    }

    #[test]
    fn a_page_ends_with_the_price_it_shows_and_a_deaf_node_shows_nothing_old() {
        let (cache, now) = (PageCache::new(1 << 20), Instant::from_unix(1_000));
        cache.heard(now);
        cache.store("a".into(), page(&[], Some(now.plus_seconds(10))), cache.generation());
        cache.store("b".into(), page(&[], None), cache.generation());
        assert!(cache.get("a", now.plus_seconds(9)).is_some() && cache.get("a", now.plus_seconds(10)).is_none());
        assert!(cache.get("b", now.plus_seconds(60)).is_some() && cache.get("b", now.plus_seconds(61)).is_none());
    }
}
