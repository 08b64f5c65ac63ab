//! Static files: embedded, joined (CSS in a listed order), compressed once, served under fingerprinted addresses.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::LazyLock;

use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha384};

#[derive(rust_embed::RustEmbed)]
#[folder = "static/"]
struct Files;

/// Order of the shop's style sheet: what comes later may rely on what came before.
const SHOP_CSS: [&str; 32] = [
    "tokens",
    "base",
    "buttons",
    "fields",
    "notices", // the elements
    "page",
    "header",
    "footer",
    "breadcrumb", // the frame
    "card",
    "price",
    "lines",
    "summary",
    "table",
    "timeline",
    "details",
    "pager",
    "empty",
    "prose",
    "dialog", // on many pages
    "hero",
    "editorial",
    "journal",
    "product",
    "gallery",
    "options",
    "filters",
    "search",
    "newsletter",
    "account",
    "checkout", // on one
    "print",
];
const ADMIN_CSS: [&str; 25] = [
    "tokens",
    "base",
    "buttons",
    "fields",
    "notices",
    "card",
    "price",
    "lines",
    "summary",
    "table",
    "timeline",
    "details",
    "pager",
    "prose",
    "admin/frame",
    "admin/palette",
    "admin/controls",
    "admin/list",
    "admin/variants",
    "admin/status",
    "admin/stock",
    "admin/changes",
    "admin/today",
    "admin/facts",
    "admin/print",
];

/// All that the page from which somebody pays may run, its entry first; `docs/payment-page.md` says why each is there (PCI DSS 6.4.3).
pub const PAYMENT_SCRIPTS: [&str; 4] = ["js/checkout.js", "js/lib/once.js", "js/checkout/count.js", "js/lib/panel.js"];

struct Asset {
    content_type: &'static str,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

struct Store {
    /// name → address
    hrefs: BTreeMap<String, String>,
    /// address → file
    files: BTreeMap<String, Asset>,
    /// name of a script → its hash
    integrities: BTreeMap<String, String>,
}

static STORE: LazyLock<Store> = LazyLock::new(build);

fn build() -> Store {
    let mut store = Store { hrefs: BTreeMap::new(), files: BTreeMap::new(), integrities: BTreeMap::new() };
    for (name, parts) in [("css/shop.css", &SHOP_CSS[..]), ("css/admin.css", &ADMIN_CSS[..]), ("css/design.css", &["design"][..])] {
        let joined: String = parts.iter().filter_map(|part| read(&format!("css/{part}.css"))).collect::<Vec<_>>().join("\n");
        add(&mut store, name, joined.into_bytes());
    }
    let mut names: Vec<String> = Files::iter().map(|name| name.to_string()).filter(|name| !name.starts_with("css/")).collect();
    // Modules that others import come first, so that their addresses are known when the importers are rewritten.
    names.sort_by_key(|name| (name.ends_with(".js"), !name.starts_with("js/lib/"), name.matches('/').count() < 2, name.clone()));
    for name in names {
        let Some(file) = Files::get(&name) else { continue };
        let mut bytes = file.data.into_owned();
        if name.ends_with(".js") {
            let mut text = String::from_utf8_lossy(&bytes).into_owned();
            for (known, href) in &store.hrefs {
                text = text.replace(&format!("\"/static/{known}\""), &format!("\"{href}\""));
            }
            bytes = text.into_bytes();
        }
        add(&mut store, &name, bytes);
    }
    store
}

fn read(name: &str) -> Option<String> {
    Files::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned())
}

fn add(store: &mut Store, name: &str, bytes: Vec<u8>) {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
    let href = format!("/static/{stem}.{}.{extension}", crate::platform::secrets::fingerprint(&bytes));
    if extension == "js" {
        let hash = data_encoding::BASE64.encode(&Sha384::digest(&bytes));
        store.integrities.insert(name.to_owned(), format!("sha384-{hash}"));
    }
    let content_type = if name == "speculation.json" { "application/speculationrules+json" } else { content_type(extension) };
    let is_text = content_type.starts_with("text/") || content_type.contains("svg") || content_type.contains("json");
    let asset = Asset { content_type, brotli: is_text.then(|| brotli(&bytes, 11)), gzip: is_text.then(|| gzip(&bytes, 9)), plain: bytes.into() };
    store.hrefs.insert(name.to_owned(), href.clone());
    store.files.insert(href, asset);
}

fn content_type(extension: &str) -> &'static str {
    match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "json" | "webmanifest" => "application/json",
        _ => "application/octet-stream",
    }
}

/// Compresses text; `quality` 0 to 11.
pub fn brotli(bytes: &[u8], quality: u32) -> Bytes {
    let mut out = Vec::with_capacity(bytes.len() / 4);
    // No farther back than there is text: the encoder clears as much memory as it may look back, which takes longer than a page.
    let window = (usize::BITS - bytes.len().leading_zeros()).clamp(16, 22);
    let mut writer = brotli::CompressorWriter::new(&mut out, 4096, quality, window);
    writer.write_all(bytes).and_then(|()| writer.flush()).expect("writing to memory does not fail");
    drop(writer);
    out.into()
}

/// Compresses text; `level` 1 to 9.
pub fn gzip(bytes: &[u8], level: u32) -> Bytes {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(level));
    writer.write_all(bytes).expect("writing to memory does not fail");
    writer.finish().expect("writing to memory does not fail").into()
}

/// The fingerprinted address of a file of `static/` (`css/shop.css`, `js/gallery.js`).
pub fn href(name: &str) -> Option<String> {
    STORE.hrefs.get(name).cloned()
}

/// The `integrity` of a script.
pub fn integrity(name: &str) -> Option<String> {
    STORE.integrities.get(name).cloned()
}

/// Serves `/static/…`; a fingerprinted file never changes.
pub async fn show(Path(rest): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = STORE.files.get(&format!("/static/{rest}")) else { return StatusCode::NOT_FOUND.into_response() };
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let (body, encoding) = match (&asset.brotli, &asset.gzip) {
        (Some(body), _) if accepts(accepted, "br") => (body, Some("br")),
        (_, Some(body)) if accepts(accepted, "gzip") => (body, Some("gzip")),
        _ => (&asset.plain, None),
    };
    let mut response = Response::builder()
        .header(header::CONTENT_TYPE, asset.content_type)
        .header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
        .header(header::VARY, "accept-encoding");
    if let Some(encoding) = encoding {
        response = response.header(header::CONTENT_ENCODING, encoding);
    }
    response.body(Body::from(body.clone())).unwrap_or_default()
}

/// Does `Accept-Encoding` take this coding (and not with q=0)?
pub fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|part| {
        let mut fields = part.split(';').map(str::trim);
        fields.next() == Some(coding) && !fields.any(|field| matches!(field, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes on the wire of all files whose name fits.
    fn weight(fits: impl Fn(&str) -> bool) -> usize {
        let sizes =
            STORE.hrefs.iter().filter(|(name, _)| fits(name)).map(|(name, href)| (name, STORE.files[href].brotli.as_ref().expect(name).len()));
        sizes.inspect(|(name, size)| println!("{name}: {size}")).map(|(_, size)| size).sum()
    }

    #[test]
    fn styles_and_scripts_of_the_shop_stay_light() {
        let styles = weight(|name| name == "css/shop.css");
        assert!(styles <= 14 * 1024, "{styles} bytes of styles");
        // All modules together, though no page loads all.
        let scripts = weight(|name| name == "js/shop.js" || name.starts_with("js/shop/") || name.starts_with("js/lib/"));
        assert!(scripts <= 6 * 1024, "{scripts} bytes of scripts");
        let at_checkout = weight(|name| PAYMENT_SCRIPTS.contains(&name));
        assert!(at_checkout <= 3 * 1024, "{at_checkout} bytes of scripts on the payment page");
    }

    #[test]
    fn the_payment_page_lists_all_that_its_entry_loads_and_nothing_else() {
        let mut found = vec!["js/checkout.js".to_owned()];
        let mut at = 0;
        while let Some(name) = found.get(at).cloned() {
            let text = read(&name).expect("a script");
            for part in text.split("\"/static/").skip(1).filter_map(|rest| rest.split('"').next()) {
                if !found.iter().any(|known| known == part) {
                    found.push(part.to_owned());
                }
            }
            at += 1;
        }
        found.sort();
        let mut listed = PAYMENT_SCRIPTS.to_vec();
        listed.sort_unstable();
        assert_eq!(found, listed);
    }

    #[test]
    fn every_style_file_is_sent_to_somebody_and_modules_name_their_parts_by_fingerprint() {
        let listed = |name: &str| SHOP_CSS.contains(&name) || ADMIN_CSS.contains(&name) || name == "design";
        for name in Files::iter().filter_map(|name| name.strip_prefix("css/").map(|name| name.trim_end_matches(".css").to_owned())) {
            assert!(listed(&name), "css/{name}.css is in no list");
        }
        for file in STORE.files.iter().filter(|(href, _)| href.ends_with(".js")) {
            let text = String::from_utf8_lossy(&file.1.plain);
            for part in text.split("\"/static/").skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(STORE.files.contains_key(&format!("/static/{part}")), "{} imports /static/{part}", file.0);
            }
        }
    }
}
