//! Pages from memory never lie and never show one person to another.

use std::time::Duration;

use crate::kit::shop_test;
use crate::kit::steps::{buy, number, with_cart};

#[tokio::test]
async fn a_change_shows_on_both_nodes_within_a_second_and_elsewhere_nothing_is_dropped() {
    shop_test(|shop| async move {
        let (other_app, other) = shop.second_node().await;
        let (here, there) = (shop.visitor(), shop.browser_at(&other));
        for browser in [&here, &there] {
            assert!(browser.get("/products/teapot").await.text(".price").contains("€49.00"));
            browser.get("/search?q=lamp").await;
        }
        let mut tx = shop.db().begin().await.expect("a transaction");
        let (variant, product): (wharf::base::VariantId, wharf::base::ProductId) =
            sqlx::query_as("SELECT id, product_id FROM variants WHERE sku = 'TEAPOT'").fetch_one(&mut *tx).await.expect("the teapot");
        let list = shop.app.rules().markets[0].price_list.id;
        wharf::pricing::set_price(&mut tx, list, variant, 3_900, None, shop.app.now()).await.expect("a price");
        wharf::platform::invalidation::append(&mut *tx, &[format!("product:{product}")]).await.expect("told");
        tx.commit().await.expect("committed");
        shop.app.changed().await;
        tokio::time::sleep(Duration::from_millis(900)).await;
        for browser in [&here, &there] {
            assert!(browser.get("/products/teapot").await.text(".price").contains("€39.00"));
        }
        for app in [&shop.app, &other_app] {
            assert!(app.cache.get(" /search?q=lamp", app.now()).is_some(), "a page that does not show the teapot is still in memory");
        }
    })
    .await;
}

#[tokio::test]
async fn a_sale_begins_and_ends_on_the_instant() {
    shop_test(|shop| async move {
        let ada = shop.visitor();
        assert!(ada.get("/products/teapot").await.text(".price").contains("€49.00"));
        let mut tx = shop.db().begin().await.expect("a transaction");
        let (variant, product): (wharf::base::VariantId, wharf::base::ProductId) =
            sqlx::query_as("SELECT id, product_id FROM variants WHERE sku = 'TEAPOT'").fetch_one(&mut *tx).await.expect("the teapot");
        let (now, list) = (shop.app.now(), shop.app.rules().markets[0].price_list.id);
        wharf::pricing::schedule(&mut tx, list, variant, 2_900, Some(4_900), now.plus_seconds(100), Some(now.plus_seconds(200)))
            .await
            .expect("a sale");
        wharf::platform::invalidation::append(&mut *tx, &[format!("product:{product}")]).await.expect("told");
        tx.commit().await.expect("committed");
        shop.app.changed().await;
        assert!(ada.get("/products/teapot").await.text(".price").contains("€49.00"));
        shop.app.clock.shift_seconds(101);
        let page = ada.get("/products/teapot").await;
        assert!(page.text(".price").contains("€29.00"), "{}", page.text(".price"));
        shop.app.clock.shift_seconds(100);
        assert!(ada.get("/products/teapot").await.text(".price").contains("€49.00"));
    })
    .await;
}

#[tokio::test]
async fn selling_the_last_one_says_sold_out() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "LAST-CUP", "1").await;
        let stranger = shop.visitor();
        assert!(stranger.get("/products/last-cup").await.has("form[action='/cart/lines'] button"));
        buy(shop, &ada).await;
        tokio::time::sleep(Duration::from_millis(900)).await;
        let page = stranger.get("/products/last-cup").await;
        assert!(!page.has("form[action='/cart/lines'] button") && page.body.contains("old out"), "{}", page.text("main"));
    })
    .await;
}

#[tokio::test]
async fn shared_pages_hold_nobody() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "TEAPOT", "1").await;
        for path in ["/", "/products/teapot", "/collections/table", "/search?q=lamp"] {
            ada.get(path).await;
            let page = shop.visitor().get(path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(page.header("set-cookie").is_empty() && page.header("cache-control").starts_with("public"), "{path}");
            assert!(!page.has(".cart-link .count"), "{path}");
            let again = shop.visitor().get_with(path, &[("if-none-match", page.header("etag"))]).await;
            assert_eq!(again.status, 304, "{path}");
            let tracked = shop.visitor().get(&format!("{path}{}utm_source=x&sid=9", if path.contains('?') { "&" } else { "?" })).await;
            assert_eq!(tracked.header("etag"), page.header("etag"), "{path}");
        }
        for path in ["/cart", "/checkout", "/account/sign-in"] {
            assert_eq!(ada.get(path).await.header("cache-control"), "no-store", "{path}");
        }
        assert_eq!(shop.visitor().get("/account/x.css").await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn a_page_costs_three_statements_at_most() {
    shop_test(|shop| async move {
        let visitor = shop.visitor();
        for path in
            ["/", "/collections/table", "/collections/table?f.colour=red", "/products/lamp", "/search?q=lamp", "/pages/shipping", "/sitemap.xml"]
        {
            shop.statements();
            let page = visitor.get(path).await;
            let ran = shop.statements();
            assert!(matches!(page.status, 200 | 404), "{path}: {}", page.status);
            assert!(!ran.is_empty() || page.status == 404, "{path} was cached");
            assert!(ran.len() <= 3, "{path} runs {}:\n{}", ran.len(), ran.join("\n"));
            visitor.get(path).await;
            let again = shop.statements();
            assert!(again.is_empty() || !path.starts_with("/products"), "{path} from memory runs {}", again.join("\n"));
        }
        let number = number(shop, "TEAPOT").await;
        shop.statements();
        assert_eq!(visitor.post("/cart/lines", &[("variant", &number), ("qty", "1")]).await.status, 303);
        let ran: Vec<String> = shop.statements().into_iter().filter(|sql| sql != "COMMIT").collect();
        assert!(ran.len() <= 4, "putting a thing into the cart runs {}:\n{}", ran.len(), ran.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn a_visitor_with_a_cart_reads_shared_pages_without_asking_the_database_and_sees_what_they_did_at_once() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "TEAPOT", "2").await;
        let lamp = number(shop, "LAMP-RED-S").await;
        ada.get("/products/teapot").await;
        shop.statements();
        for path in ["/products/teapot", "/", "/products/teapot"] {
            let page = ada.get(path).await;
            assert_eq!((page.text(".cart-link .count").as_str(), page.header("cache-control")), ("2", "private, no-cache"), "{path}");
        }
        let ran: Vec<String> = shop.statements().into_iter().filter(|sql| sql.contains("cart_lines")).collect();
        assert!(ran.is_empty(), "{}", ran.join("\n"));
        ada.post("/cart/lines", &[("variant", &lamp), ("qty", "3")]).await;
        assert_eq!(ada.get("/products/teapot").await.text(".cart-link .count"), "5", "what one did counts at once");
        // Elsewhere, on another device, the cart is emptied: within a minute the head of every page knows.
        sqlx::query("DELETE FROM cart_lines").execute(shop.db()).await.expect("emptied");
        assert!(!ada.get("/cart").await.has(".cart-link .count"), "the cart itself always knows");
        assert!(!ada.get("/").await.has(".cart-link .count"), "and so does the page after it");
        ada.post("/cart/lines", &[("variant", &lamp), ("qty", "1")]).await;
        ada.get("/").await;
        sqlx::query("DELETE FROM cart_lines").execute(shop.db()).await.expect("emptied");
        assert_eq!(ada.get("/").await.text(".cart-link .count"), "1");
        shop.app.clock.shift_seconds(60);
        assert!(!ada.get("/").await.has(".cart-link .count"));

        let spots = ada.cookie("spots").expect("a cookie of the shop");
        let bo = with_cart(shop, "TEAPOT", "1").await;
        let cart = bo.cookie("cart").expect("a cart");
        for cookie in [format!("cart={cart}; spots={spots}"), format!("cart={cart}; spots=9.99.0.{}", spots.rsplit('.').next().unwrap_or_default())] {
            let page = shop.visitor().get_with("/", &[("cookie", &cookie)]).await;
            assert_eq!(page.text(".cart-link .count"), "1", "spots of somebody else, or made up, are not believed");
        }
        let page = shop.visitor().get_with("/", &[("cookie", &format!("spots={spots}"))]).await;
        assert!(page.header("cache-control").starts_with("public") && page.header("set-cookie").is_empty(), "alone they are nobody's");
    })
    .await;
}

#[tokio::test]
async fn a_page_with_spots_is_the_same_in_every_coding() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "TEAPOT", "2").await;
        ada.get("/products/teapot").await;
        let cookie = format!("cart={}", ada.cookie("cart").expect("a cart"));
        let plain = shop.visitor().get_with("/products/teapot", &[("cookie", &cookie), ("accept-encoding", "identity")]).await;
        assert_eq!((plain.text(".cart-link .count").as_str(), plain.header("content-encoding")), ("2", ""));
        let coded = raw(shop, "/products/teapot", &cookie, "br, gzip").await;
        assert_eq!(coded.0, "gzip", "what is compressed already goes before what would have to be");
        let mut text = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(coded.1.as_slice()), &mut text).expect("sound gzip");
        assert_eq!(text, plain.body);
        assert_eq!(raw(shop, "/products/teapot", &cookie, "br").await.0, "br");
    })
    .await;
}

/// Coding and bytes of an answer as they come over the wire.
async fn raw(shop: &crate::kit::Shop, path: &str, cookie: &str, accepted: &str) -> (String, Vec<u8>) {
    let client = reqwest::Client::builder().no_gzip().build().expect("a client");
    let sent = client.get(format!("{}{path}", shop.origin)).header("cookie", cookie).header("accept-encoding", accepted).send().await;
    let answer = sent.expect("an answer");
    let coding = answer.headers().get("content-encoding").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    (coding, answer.bytes().await.expect("a body").to_vec())
}
