//! What holds when things break: processes killed at any moment, Postgres slow, deaf or gone, answers lost, disks full.
//! The short form runs with all tests; `bin/break` runs the long one (`WHARF_BREAK=long`).

mod crashes;
mod outages;
mod races;
mod soak;

use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

use crate::kit::process::command;
use crate::kit::steps::DUBLIN;
use crate::kit::{Browser, Page};

/// Rounds of a test: few with all other tests, many by `bin/break`.
pub fn rounds(short: u32, long: u32) -> u32 {
    if is_long() { long } else { short }
}

fn is_long() -> bool {
    std::env::var("WHARF_BREAK").is_ok_and(|form| form == "long")
}

async fn pool(url: &str) -> PgPool {
    PgPoolOptions::new().max_connections(4).connect(url).await.expect("the database")
}

/// What a shopper was told, before the connection broke.
#[derive(Debug, Default)]
struct Told {
    /// The payment page that an order led to.
    ordered: Vec<String>,
    /// The payment page of an order that was shown as paid.
    paid: Vec<String>,
    /// Answers of 500 and above.
    failures: Vec<(String, u16)>,
}

impl Told {
    fn add(&mut self, other: Self) {
        self.ordered.extend(other.ordered);
        self.paid.extend(other.paid);
        self.failures.extend(other.failures);
    }

    fn note(&mut self, page: &Page) {
        if page.status >= 500 {
            self.failures.push((page.path.clone(), page.status));
        }
    }
}

/// One purchase of one piece, as far as the shop lives; an error where it did not answer.
async fn buy(browser: &Browser, number: i64, told: &mut Told) -> reqwest::Result<()> {
    let number = number.to_string();
    let put = browser.try_post("/cart/lines", &[("variant", &number), ("qty", "1")]).await?;
    told.note(&put);
    let page = browser.try_get("/checkout").await?;
    told.note(&page);
    if page.status != 200 || !page.has("form.checkout") {
        return Ok(());
    }
    let mut fields = DUBLIN.to_vec();
    fields.extend([("payment", "test"), ("place", "1")]);
    let filled = Browser::filled(&page, "form.checkout", &fields);
    let borrowed: Vec<(&str, &str)> = filled.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let placed = browser.try_post("/checkout", &borrowed).await?;
    told.note(&placed);
    let Some(to) = placed.location().filter(|to| to.contains("/pay/test/")) else { return Ok(()) };
    let reference = to.rsplit('/').next().unwrap_or_default().to_owned();
    told.ordered.push(reference.clone());
    let back = browser.try_post(&format!("/pay/test/{reference}"), &[("choice", "pay")]).await?;
    told.note(&back);
    let order = browser.try_get("/checkout/return").await?;
    told.note(&order);
    if order.location().is_some_and(|to| to.contains("/orders/")) {
        told.paid.push(reference);
    }
    Ok(())
}

/// Shoppers who buy one after another until they are stopped or nobody answers.
async fn shoppers(origin: &str, number: i64, how_many: usize, until: tokio::time::Instant) -> Told {
    let crowd = (0..how_many).map(|_| async {
        let mut told = Told::default();
        while tokio::time::Instant::now() < until {
            if buy(&Browser::new(origin), number, &mut told).await.is_err() {
                break;
            }
        }
        told
    });
    let mut all = Told::default();
    futures::future::join_all(crowd).await.into_iter().for_each(|told| all.add(told));
    all
}

/// Everything that was acknowledged is there, once; the letters are written; nothing waits; the books agree.
async fn everything_acknowledged_is_there(db: &PgPool, told: &Told) {
    for reference in &told.ordered {
        let orders: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM test_sessions s JOIN payments p ON p.id = s.payment_id JOIN orders o ON o.id = p.order_id WHERE s.reference = $1",
        )
        .bind(reference)
        .fetch_one(db)
        .await
        .expect("counted");
        assert_eq!(orders, 1, "the order behind {reference}");
    }
    for reference in &told.paid {
        let (status, payment): (String, String) = sqlx::query_as(
            "SELECT o.status, o.payment_status FROM test_sessions s JOIN payments p ON p.id = s.payment_id JOIN orders o ON o.id = p.order_id WHERE s.reference = $1",
        )
        .bind(reference)
        .fetch_one(db)
        .await
        .expect("an order");
        assert_eq!((status.as_str(), payment.as_str()), ("placed", "paid"), "the paid order behind {reference}");
    }
    let twice: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT cart_id FROM orders WHERE status NOT IN ('expired', 'cancelled') GROUP BY cart_id HAVING count(*) > 1) twice",
    )
    .fetch_one(db)
    .await
    .expect("counted");
    assert_eq!(twice, 0, "no cart became two orders");
    let differences = wharf::books::examine(db).await.expect("examined");
    assert!(differences.is_empty(), "{}", differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "));
}

/// The minutes after which what a dead worker held is taken by others have gone by. No worker may be alive.
async fn leases_have_ended(db: &PgPool) {
    sqlx::query("UPDATE jobs SET locked_until = now() - interval '1 second' WHERE locked_until IS NOT NULL").execute(db).await.expect("time passed");
}

/// Waits until the shop has nothing due; none of it may be dead.
async fn nothing_is_due(db: &PgPool) {
    for _ in 0..600 {
        let (due, dead): (i64, i64) = sqlx::query_as("SELECT count(*) FILTER (WHERE run_at <= now() AND dead_at IS NULL), count(dead_at) FROM jobs")
            .fetch_one(db)
            .await
            .expect("counted");
        assert_eq!(dead, 0, "no job died");
        if due == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("jobs are due after a minute");
}

/// `wharf doctor` finds nothing.
fn the_doctor_is_content(url: &str, home: &std::path::Path) {
    let done = command("doctor", url, home).output().expect("the doctor comes");
    assert!(done.status.success(), "{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
}
