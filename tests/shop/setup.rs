//! A real shop from nothing: the owner's link, a page of questions, a product, a sale.

use futures::future::join_all;

use crate::kit::steps::{buy, newest_order, statuses, with_cart};
use crate::kit::{Browser, Shop};

const PASSWORD: &str = "a long test password";
const ANSWERS: [(&str, &str); 12] = [
    ("name", "Quay Teapots"),
    ("email", "hello@teapots.example"),
    ("country", "IE"),
    ("currency", "EUR"),
    ("zone", "Europe/Dublin"),
    ("reach", "union"),
    ("home_price", "5.90"),
    ("home_min", "1"),
    ("home_max", "3"),
    ("abroad_price", "9.90"),
    ("abroad_min", "3"),
    ("abroad_max", "6"),
];

/// The owner, made by the link of the terminal.
async fn owner(shop: &Shop) -> Browser {
    let token = wharf::staff::owner_link(shop.db(), shop.app.now()).await.expect("a link");
    let mei = shop.visitor();
    let page = mei.get(&format!("/admin/open/{token}")).await;
    let fields = [("name", "Mei"), ("email", "mei@example.com"), ("password", PASSWORD), ("repeated", PASSWORD)];
    assert_eq!(mei.submit(&page, "form[action^='/admin/open/']", &fields).await.location().as_deref(), Some("/admin"));
    mei
}

#[tokio::test]
async fn an_empty_database_becomes_a_shop_that_sells() {
    let shop = Shop::open_empty().await;
    let closed = shop.visitor().get("/").await;
    assert_eq!((closed.status, closed.header("retry-after")), (503, "600"));
    assert!(closed.text("main").contains("not open yet"), "{}", closed.text("main"));
    assert!(!closed.has("main a"), "no way leads anywhere yet");
    assert_eq!(shop.visitor().get("/cart").await.status, 503);

    let mei = owner(&shop).await;
    assert_eq!(mei.get("/admin").await.location().as_deref(), Some("/admin/set-up"), "there is nothing else to do");
    let page = mei.get("/admin/set-up").await;
    let mut wrong = ANSWERS;
    wrong[6].1 = "cheap";
    let refused = mei.submit(&page, "form.panel", &wrong).await;
    assert_eq!((refused.status, refused.has("#home_price-error")), (422, true));
    assert_eq!(
        (refused.attr("#name", "value").as_str(), refused.attr("#home_price", "value").as_str()),
        ("Quay Teapots", "cheap"),
        "nothing typed is lost"
    );

    let opened = join_all((0..4).map(|_| mei.submit(&page, "form.panel", &ANSWERS))).await;
    assert!(opened.iter().all(|page| page.location().as_deref() == Some("/admin")));
    assert_eq!(shop.count("SELECT count(*) FROM markets").await, 1, "sent four times, opened once");
    assert_eq!(shop.count("SELECT count(*) FROM market_countries").await, 27);
    assert_eq!(mei.get("/admin/set-up").await.location().as_deref(), Some("/admin"));
    assert_eq!(shop.visitor().get("/").await.text("title"), "Quay Teapots");
    let today = mei.get("/admin").await;
    assert!(today.text(".steps").contains("Add a product") && today.text(".steps").contains("imprint"), "{}", today.text(".steps"));

    let form = mei.get("/admin/products/new").await;
    let typed = [("title", "Teapot"), ("description", "For tea."), ("price", "49.00"), ("sku", "TEAPOT"), ("stock", "5")];
    let product = mei.submit(&form, "form.panel", &typed).await.location().expect("the page of the product");
    let page = mei.get(&product).await;
    assert_eq!(mei.submit(&page, "form.words", &[("status", "active")]).await.status, 303);
    assert_eq!(shop.visitor().get("/products/teapot").await.status, 200);
    let ada = with_cart(&shop, "TEAPOT", "1").await;
    buy(&shop, &ada).await;
    shop.work().await;
    assert_eq!(statuses(&shop, &newest_order(&shop).await).await.1, "paid");
    assert_eq!(shop.count("SELECT total_minor FROM orders").await, 5_490);
    assert_eq!(shop.count("SELECT tax_minor FROM orders").await, 1_027, "23 % of Ireland are in it");
    assert!(wharf::books::examine(shop.db()).await.expect("examined").is_empty());
    shop.close().await;
}

#[tokio::test]
async fn a_shop_outside_the_union_says_its_own_rate() {
    let shop = Shop::open_empty().await;
    let mei = owner(&shop).await;
    let page = mei.get("/admin/set-up").await;
    let mut swiss = ANSWERS.to_vec();
    swiss.retain(|(name, _)| !["country", "currency", "reach"].contains(name));
    swiss.extend([("country", "CH"), ("currency", "CHF"), ("home_rate", "8.1")]);
    let wrong: Vec<_> = swiss.iter().copied().chain([("reach", "union")]).collect();
    assert!(mei.submit(&page, "form.panel", &wrong).await.has("#reach-error"), "Switzerland is not in the Union");
    let right: Vec<_> = swiss.iter().copied().chain([("reach", "chosen"), ("to", "LI")]).collect();
    assert_eq!(mei.submit(&page, "form.panel", &right).await.status, 303);
    assert_eq!(shop.count("SELECT count(*) FROM tax_rates WHERE country = 'CH' AND percent = 8.1").await, 1);
    assert_eq!(shop.count("SELECT count(*) FROM market_countries").await, 2);
    let clerk = shop.staff("cleo@example.com", "Cleo", Some("clerk")).await;
    assert_eq!(clerk.get("/admin/set-up").await.status, 403);
    shop.close().await;
}

#[tokio::test]
async fn the_demo_opens_once_and_can_be_cleared_for_a_real_shop() {
    let shop = Shop::open_empty().await;
    wharf::demo::open(&shop.app).await.expect("the demo opens");
    wharf::demo::open(&shop.app).await.expect("a second start keeps everything");
    assert_eq!(shop.visitor().get("/").await.status, 200);
    let mug = shop.visitor().get("/products/tide-mug").await;
    assert!(mug.has(".promise") && mug.body.contains("shippingDetails"));
    assert_eq!(shop.visitor().get(&mug.attr(".product-gallery img", "src")).await.status, 200, "its picture is there at once");
    let bench = shop.visitor().get("/products/quay-bench").await;
    assert!(!bench.has(".promise") && !bench.body.contains("shippingDetails"), "what is made to order promises no day");
    assert!(wharf::books::examine(shop.db()).await.expect("examined").is_empty());
    wharf::demo::remove(&shop.app).await.expect("the demo is cleared");
    for table in ["products", "orders", "markets", "stock_moves", "media", "jobs"] {
        let left: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"))).fetch_one(shop.db()).await.expect("a count");
        assert_eq!(left, 0, "{table}");
    }
    assert_eq!(shop.visitor().get("/").await.status, 503, "the shop waits to be set up");
    assert!(wharf::demo::remove(&shop.app).await.is_err(), "what is not a demo is not cleared");
    let mei = owner(&shop).await;
    assert_eq!(mei.get("/admin").await.location().as_deref(), Some("/admin/set-up"));
    shop.close().await;
}
