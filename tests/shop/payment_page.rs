//! The page from which somebody pays runs what `docs/payment-page.md` lists, unchanged, and nothing else (PCI DSS 6.4.3).

use std::collections::BTreeSet;
use std::path::Path;

use sha2::{Digest, Sha384};

use crate::kit::steps::with_cart;
use crate::kit::{Browser, Page, shop_test};

/// The scripts of the inventory.
fn listed() -> BTreeSet<String> {
    let document = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/payment-page.md")).expect("the inventory");
    document.lines().filter_map(|line| line.strip_prefix("| `js/")?.split_once('`')).map(|(name, _)| format!("js/{name}")).collect()
}

/// The name of a script by its address, without the fingerprint.
fn name(address: &str) -> String {
    let (stem, _) = address.strip_prefix("/static/").and_then(|rest| rest.strip_suffix(".js")?.rsplit_once('.')).expect("a script of ours");
    format!("{stem}.js")
}

/// Loads every script of a page and compares it with its hash.
async fn loaded(browser: &Browser, page: &Page) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (selector, address) in [("script:not([type='application/ld+json'])", "src"), ("link[rel=modulepreload]", "href")] {
        let (addresses, hashes) = (page.attrs(selector, address), page.attrs(selector, "integrity"));
        assert_eq!((addresses.len(), hashes.len()), (page.texts(selector).len(), addresses.len()), "all have an address and a hash");
        for (address, hash) in addresses.iter().zip(hashes) {
            let script = browser.get(address).await;
            let computed = data_encoding::BASE64.encode(&Sha384::digest(script.body.as_bytes()));
            assert_eq!((script.status, hash), (200, format!("sha384-{computed}")), "{address}");
            names.insert(name(address));
        }
    }
    names
}

#[tokio::test]
async fn checkout_runs_what_is_listed_unchanged_and_nothing_else() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "TEAPOT", "1").await;
        let page = ada.get("/checkout").await;
        let refused = ada.submit(&page, "form.checkout", &[("email", "nobody"), ("place", "1")]).await;
        assert_eq!((page.status, refused.status), (200, 422));
        for page in [&page, &refused] {
            assert_eq!(loaded(&ada, page).await, listed());
            assert!(page.texts("script").iter().all(String::is_empty), "no inline script");
            let policy = page.header("content-security-policy");
            let is_strict =
                ["script-src 'self';", "connect-src 'self';", "base-uri 'none'", "frame-ancestors 'none'"].iter().all(|part| policy.contains(part));
            assert!(is_strict && !policy.contains("unsafe") && !policy.contains("script-src-"), "{policy}");
            assert_eq!((page.header("cache-control"), page.header("x-content-type-options")), ("no-store", "nosniff"));
        }
    })
    .await;
}

#[tokio::test]
async fn other_pages_know_their_script_again_too() {
    shop_test(|shop| async move {
        let mei = shop.owner().await;
        for (path, entry) in [("/", "js/shop.js"), ("/cart", "js/shop.js"), ("/admin", "js/admin.js")] {
            assert!(loaded(&mei, &mei.get(path).await).await.contains(entry), "{path}");
        }
    })
    .await;
}
