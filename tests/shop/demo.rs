//! The demo's eight weeks: busy, believable, agreed with by the books, and quiet towards the world outside.

use std::collections::{BTreeMap, BTreeSet};

use wharf::base::Instant;
use wharf::demo;

use crate::kit::Shop;

/// A demo as its first start leaves it.
async fn opened() -> Shop {
    let shop = Shop::open_empty().await;
    demo::open(&shop.app).await.expect("the demo opens");
    demo::history(&shop.app).await.expect("its history is written");
    shop
}

/// What can be bought of every variant, and what pages say of the shelf.
async fn shelf(shop: &Shop) -> BTreeMap<String, i64> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT v.sku, sum(l.on_hand - l.allocated)::bigint FROM variants v JOIN stock_levels l ON l.variant_id = v.id GROUP BY v.sku",
    )
    .fetch_all(shop.db())
    .await
    .expect("the levels");
    rows.into_iter().collect()
}

async fn totals(shop: &Shop) -> Vec<(String, i64, String)> {
    sqlx::query_as("SELECT number, total_minor, email FROM orders ORDER BY number").fetch_all(shop.db()).await.expect("the orders")
}

async fn words(shop: &Shop, sql: &'static str) -> BTreeSet<String> {
    sqlx::query_scalar(sql).fetch_all(shop.db()).await.expect("words").into_iter().collect()
}

#[tokio::test]
async fn eight_weeks_of_orders_stand_before_the_opening() {
    let shop = Shop::open_empty().await;
    demo::open(&shop.app).await.expect("the demo opens");
    let promised = shelf(&shop).await;
    demo::history(&shop.app).await.expect("its history is written");

    let differences = wharf::books::examine(shop.db()).await.expect("examined");
    assert!(differences.is_empty(), "{}", differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "));
    assert_eq!(shelf(&shop).await, promised, "the shelf is what the demo shows");
    assert_eq!(promised["RV-MOR"], 0);
    assert_eq!(shop.count("SELECT count(*) FROM stock_levels WHERE on_hand < 0").await, 0);

    let placed = shop.count("SELECT count(*) FROM orders WHERE status <> 'expired'").await;
    assert!((150..=220).contains(&placed), "{placed}");
    let weeks: Vec<i64> =
        sqlx::query_scalar("SELECT count(*) FROM orders GROUP BY floor(extract(epoch FROM $1 - placed_at) / 604800) HAVING count(*) > 4")
            .bind(shop.app.now())
            .fetch_all(shop.db())
            .await
            .expect("weeks");
    assert!((8..=9).contains(&weeks.len()), "{weeks:?}");
    let (least, most) = (weeks.iter().min().copied().unwrap_or_default(), weeks.iter().max().copied().unwrap_or_default());
    assert!(least * 2 < most, "one week was quiet: {weeks:?}");

    let all = |known: &[&str]| known.iter().map(|word| (*word).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(words(&shop, "SELECT DISTINCT status FROM orders").await, all(&["placed", "closed", "cancelled", "expired"]));
    assert_eq!(words(&shop, "SELECT DISTINCT payment_status FROM orders").await, all(&["none", "paid", "part_paid", "part_refunded", "refunded"]));
    assert_eq!(words(&shop, "SELECT DISTINCT fulfilment_status FROM orders").await, all(&["none", "part_shipped", "shipped", "delivered"]));
    assert_eq!(words(&shop, "SELECT DISTINCT payment_method FROM orders").await, all(&["test", "bank_transfer"]));
    assert_eq!(shop.count("SELECT count(*) FROM orders WHERE payment_status = 'part_paid'").await, 1, "a transfer was short");
    assert!((5..=10).contains(&shop.count("SELECT count(*) FROM refunds WHERE state = 'succeeded' AND reason NOT LIKE 'Ordered%'").await));
    assert!(shop.count("SELECT count(DISTINCT shipping_address ->> 'country') FROM orders").await >= 8);
    assert!(shop.count("SELECT count(*) FROM carts WHERE status = 'active'").await >= 5, "some carts are open");
    assert!(shop.count("SELECT count(*) FROM customers WHERE email_verified_at IS NOT NULL").await >= 15);
    assert!(shop.count("SELECT count(*) FROM (SELECT 1 FROM orders WHERE status <> 'expired' GROUP BY email_key HAVING count(*) > 1) x").await >= 15);
    assert!(shop.count("SELECT count(*) FROM subscribers WHERE status = 'confirmed'").await >= 8);

    every_page_of_the_desk_has_something_to_show(&shop).await;
    nothing_of_the_past_is_left_to_be_done(&shop).await;
    shop.close().await;
}

async fn nothing_of_the_past_is_left_to_be_done(shop: &Shop) {
    let at = shop.app.now();
    let late: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM orders WHERE greatest(placed_at, paid_at, cancelled_at) > $1) + (SELECT count(*) FROM order_events WHERE at > $1)
              + (SELECT count(*) FROM stock_moves WHERE occurred_at > $1) + (SELECT count(*) FROM payment_events WHERE occurred_at > $1)
              + (SELECT count(*) FROM fulfilments WHERE greatest(shipped_at, delivered_at) > $1) + (SELECT count(*) FROM outbox WHERE occurred_at > $1)",
    )
    .bind(at)
    .fetch_one(shop.db())
    .await
    .expect("a count");
    assert_eq!(late, 0, "nothing happens after the opening");
    let before = totals(shop).await;
    assert_eq!(shop.count("SELECT count(*) FROM jobs WHERE key IS NULL").await, 0);
    shop.work().await;
    shop.pass(300).await;
    assert_eq!(shop.count("SELECT count(*) FROM mails").await, 0, "no letter of the past is written");
    assert!(shop.mail.to("nuala@example.com").is_empty());
    assert_eq!(shop.count("SELECT count(*) FROM payments WHERE provider = 'test' AND state NOT IN ('paid', 'failed', 'expired')").await, 0);
    demo::open(&shop.app).await.expect("a second start");
    demo::history(&shop.app).await.expect("a second start");
    assert_eq!(totals(shop).await, before, "is not a second history");
}

async fn every_page_of_the_desk_has_something_to_show(shop: &Shop) {
    let mei = shop.owner().await;
    let rows = async |path: &str| mei.get(path).await.texts("tbody tr").len();
    assert_eq!(rows("/admin/orders").await, 50);
    assert!(rows("/admin/orders?view=to-ship").await >= 1);
    assert!(rows("/admin/orders?view=awaiting-payment").await >= 2);
    assert!(rows("/admin/customers").await >= 15);
    assert!(rows("/admin/audit").await >= 20);
    assert!(rows("/admin/newsletter/subscribers").await >= 8);
    assert_eq!(rows("/admin/newsletter").await, 2, "one that was sent, one that is being written");
    assert_eq!(shop.count("SELECT count(*) FROM subscribers WHERE status = 'unsubscribed'").await, 1);
    let today = mei.get("/admin").await;
    assert!(today.texts("svg rect, .chart *").len() > 10, "two weeks stand on the first page");
    let parts: String = sqlx::query_scalar("SELECT id::text FROM orders WHERE fulfilment_status = 'part_shipped' LIMIT 1")
        .fetch_one(shop.db())
        .await
        .expect("an order that left in part");
    let page = mei.get(&format!("/admin/orders/{parts}")).await;
    assert!(page.text("main").contains("Nuala Joyce") && page.text("main").contains("left with"), "{}", page.text("main"));
    assert_eq!(mei.get("/admin/books").await.texts("tbody tr").len(), 0);
}

#[tokio::test]
async fn the_same_day_gives_the_same_orders_and_clearing_takes_them_all() {
    let (one, other) = tokio::join!(opened(), opened());
    let (first, second) = (totals(&one).await, totals(&other).await);
    let same = first.len().min(second.len()) - 3;
    assert_eq!(first[..same], second[..same], "but for what the last moments brought");
    other.close().await;

    demo::remove(&one.app).await.expect("the demo is cleared");
    for table in ["orders", "customers", "carts", "payments", "stock_moves", "subscribers", "staff", "outbox", "audit_log", "settings"] {
        let left: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"))).fetch_one(one.db()).await.expect("a count");
        assert_eq!(left, 0, "{table}");
    }
    demo::history(&one.app).await.expect("nothing to do");
    assert_eq!(one.count("SELECT count(*) FROM orders").await, 0, "no demo, no history");
    one.close().await;
}

#[tokio::test]
async fn the_past_can_be_written_at_other_hours_and_on_other_days() {
    // Another time of day, a weekend or the days before it, and over the turn of the year.
    for hours in [9, 31, 80, 24 * 40 + 5] {
        let shop = Shop::open_empty().await;
        shop.app.clock.shift_seconds(hours * 3_600);
        demo::open(&shop.app).await.expect("the demo opens");
        let promised = shelf(&shop).await;
        demo::history(&shop.app).await.unwrap_or_else(|error| panic!("{hours} hours from now: {error:#}"));
        let differences = wharf::books::examine(shop.db()).await.expect("examined");
        assert!(differences.is_empty(), "{hours} hours from now: {}", differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "));
        assert_eq!(shelf(&shop).await, promised, "{hours} hours from now");
        let newest: Instant = sqlx::query_scalar("SELECT max(placed_at) FROM orders").fetch_one(shop.db()).await.expect("an order");
        assert!(newest <= shop.app.now(), "nothing lies in the future");
        shop.close().await;
    }
}

#[tokio::test]
async fn a_demo_that_has_sold_something_gets_no_history() {
    let shop = Shop::open_empty().await;
    demo::open(&shop.app).await.expect("the demo opens");
    let visitor = crate::kit::steps::with_cart(&shop, "RV-MUG-CHK-25", "1").await;
    crate::kit::steps::buy(&shop, &visitor).await;
    let newest: Instant = sqlx::query_scalar("SELECT max(placed_at) FROM orders").fetch_one(shop.db()).await.expect("an order");
    demo::history(&shop.app).await.expect("nothing to do");
    assert_eq!(totals(&shop).await.len(), 1);
    assert!(newest <= shop.app.now());
    shop.close().await;
}
