//! What shoppers and clerks do, in a line each.

use sqlx::PgPool;
use wharf::base::{Actor, Instant, VariantId};
use wharf::inventory;

use super::{Browser, Page, Shop};

pub const ADA: &str = "ada@example.com";

/// The address form filled in soundly, for Dublin.
pub const DUBLIN: [(&str, &str); 7] = [
    ("email", ADA),
    ("name", "Ada Kern"),
    ("line1", "4 Quay Street"),
    ("postcode", "D02 X285"),
    ("city", "Dublin"),
    ("country", "IE"),
    ("terms", "1"),
];

/// So many of a thing lie on the shelf from now on.
pub async fn stock(db: &PgPool, sku: &str, pieces: i32) -> i64 {
    let (variant, number): (VariantId, i64) =
        sqlx::query_as("SELECT id, number FROM variants WHERE sku = $1").bind(sku).fetch_one(db).await.expect("a variant");
    let mut tx = db.begin().await.expect("a transaction");
    let location = inventory::default_location(&mut *tx).await.expect("a location");
    let note = inventory::Note { reason: "for a test", actor: Actor::System, at: Instant::new(jiff::Timestamp::now()), low_stock: 3 };
    inventory::set_on_hand(&mut tx, variant, location, pieces, &note).await.expect("counted");
    tx.commit().await.expect("committed");
    number
}

/// The public number of a variant, by SKU.
pub async fn number(shop: &Shop, sku: &str) -> String {
    let number: i64 =
        sqlx::query_scalar("SELECT number FROM variants WHERE sku = $1").bind(sku).fetch_one(shop.db()).await.expect("a variant of the cast");
    number.to_string()
}

/// What is left of a variant to sell.
pub async fn available(shop: &Shop, sku: &str) -> i64 {
    sqlx::query_scalar("SELECT sum(l.on_hand - l.allocated)::bigint FROM stock_levels l JOIN variants v ON v.id = l.variant_id WHERE v.sku = $1")
        .bind(sku)
        .fetch_one(shop.db())
        .await
        .expect("a level")
}

pub async fn on_hand(shop: &Shop, sku: &str) -> i64 {
    sqlx::query_scalar("SELECT sum(l.on_hand)::bigint FROM stock_levels l JOIN variants v ON v.id = l.variant_id WHERE v.sku = $1")
        .bind(sku)
        .fetch_one(shop.db())
        .await
        .expect("a level")
}

/// A visitor with so many of a thing in the cart.
pub async fn with_cart(shop: &Shop, sku: &str, qty: &str) -> Browser {
    let browser = shop.visitor();
    put(shop, &browser, sku, qty).await;
    browser
}

pub async fn put(shop: &Shop, browser: &Browser, sku: &str, qty: &str) {
    let number = number(shop, sku).await;
    let page = browser.post("/cart/lines", &[("variant", &number), ("qty", qty)]).await;
    assert_eq!(page.status, 303, "{}", page.body);
}

/// Fills in the checkout for Dublin and orders; gives the answer to the last form.
pub async fn order(browser: &Browser, payment: &str) -> Page {
    order_with(browser, payment, &[]).await
}

pub async fn order_with(browser: &Browser, payment: &str, other: &[(&str, &str)]) -> Page {
    let page = browser.get("/checkout").await;
    assert_eq!(page.status, 200, "{:?}", page.location());
    // First the address, so that delivery and total are those of the address.
    let mut fields: Vec<(&str, &str)> = DUBLIN.iter().filter(|(name, _)| *name != "terms").copied().collect();
    fields.retain(|(name, _)| !other.iter().any(|(known, _)| known == name));
    fields.extend(other.iter().filter(|(name, _)| !matches!(*name, "expected_total" | "terms")));
    fields.push(("update", "1"));
    let updated = browser.submit(&page, "form.checkout", &fields).await;
    let page = browser.follow(updated).await;
    let mut last: Vec<(&str, &str)> = vec![("payment", payment), ("terms", "1"), ("place", "1")];
    last.retain(|(name, _)| !other.iter().any(|(known, _)| known == name));
    last.extend(other.iter().filter(|(name, _)| matches!(*name, "expected_total" | "terms") && !other.is_empty()));
    browser.submit(&page, "form.checkout", &last).await
}

/// Orders and pays with the test provider; gives the order's page.
pub async fn buy(shop: &Shop, browser: &Browser) -> Page {
    let placed = order(browser, "test").await;
    let to = placed.location().unwrap_or_else(|| panic!("not placed ({}): {}", placed.status, placed.texts(".errors").join(" ")));
    assert!(to.starts_with(&format!("{}/pay/test/", shop.origin)), "{to}");
    let paid = browser.post(&to, &[("choice", "pay")]).await;
    let page = browser.follow(paid).await;
    assert_eq!(page.status, 200);
    page
}

/// The number of the only, or newest, order.
pub async fn newest_order(shop: &Shop) -> String {
    sqlx::query_scalar("SELECT number FROM orders ORDER BY placed_at DESC, id DESC LIMIT 1").fetch_one(shop.db()).await.expect("an order")
}

pub async fn order_id(shop: &Shop, number: &str) -> String {
    let id: wharf::base::OrderId =
        sqlx::query_scalar("SELECT id FROM orders WHERE number = $1").bind(number).fetch_one(shop.db()).await.expect("an order");
    id.to_string()
}

/// (order, payment, fulfilment)
pub async fn statuses(shop: &Shop, number: &str) -> (String, String, String) {
    sqlx::query_as("SELECT status, payment_status, fulfilment_status FROM orders WHERE number = $1")
        .bind(number)
        .fetch_one(shop.db())
        .await
        .expect("an order")
}

/// Everything that is open of an order leaves in one parcel.
pub async fn ship_all(desk: &Browser, id: &str) -> Page {
    let page = desk.get(&format!("/admin/orders/{id}")).await;
    assert_eq!(page.status, 200);
    desk.submit(&page, &format!("form[action='/admin/orders/{id}/parcels']"), &[("carrier", "dhl"), ("tracking", "3318810025")]).await
}
