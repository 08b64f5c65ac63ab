//! The cellar: work is done at least once and by one hand, what fails is seen, what is wrong is found.

use clap::Parser;
use futures::future::join_all;
use wharf::platform::config::{Config, ConfigError};
use wharf::platform::jobs;

use crate::kit::steps::{ADA, buy, with_cart};
use crate::kit::{Shop, shop_test};

/// A job that nobody does: it always fails.
const NOBODYS: &str = "nobody.does_this";

async fn enqueue(shop: &Shop, kind: &str) {
    jobs::enqueue(shop.db(), kind, &serde_json::json!({}), shop.app.now()).await.expect("enqueued");
}

async fn attempts(shop: &Shop) -> i32 {
    sqlx::query_scalar("SELECT attempts FROM jobs WHERE kind = $1").bind(NOBODYS).fetch_one(shop.db()).await.expect("the job")
}

#[tokio::test]
async fn probes_ask_nothing_and_say_little() {
    shop_test(|shop| async move {
        let probe = shop.visitor();
        for path in ["/healthz", "/readyz"] {
            let page = probe.get(path).await;
            assert_eq!((page.status, page.header("cache-control")), (200, "no-store"), "{path}");
        }
        shop.app.is_ready.store(false, std::sync::atomic::Ordering::Relaxed);
        assert_eq!((probe.get("/readyz").await.status, probe.get("/healthz").await.status), (503, 200), "a node that ends takes no more visitors");
    })
    .await;
}

#[tokio::test]
async fn numbers_are_for_whoever_holds_the_token() {
    let token = "a-token-of-the-tests-0123456789";
    let shop = Shop::open_with(&[&format!("--metrics-token={token}")]).await;
    let probe = shop.visitor();
    probe.get("/").await;
    for authorization in ["", "Bearer", "Bearer ", "Bearer wrong", &format!("Basic {token}"), &format!("Bearer {token}x")] {
        let page = probe.get_with("/metrics", &[("authorization", authorization)]).await;
        assert_eq!((page.status, page.body.contains("wharf_")), (404, false), "{authorization}");
    }
    assert_eq!(probe.get(&format!("/metrics?token={token}")).await.status, 404, "an address is no place for a secret");
    let page = probe.get_with("/metrics", &[("authorization", &format!("Bearer {token}"))]).await;
    assert_eq!(page.status, 200);
    for name in ["wharf_requests_total", "wharf_request_seconds", "wharf_jobs_waiting", "wharf_jobs_dead"] {
        assert!(page.body.contains(name), "{name}: {}", page.body);
    }
    shop.close().await;
    let closed = Shop::open().await;
    assert_eq!(closed.visitor().get_with("/metrics", &[("authorization", "Bearer ")]).await.status, 404, "without a token there is no such page");
    closed.close().await;
}

#[tokio::test]
async fn a_job_that_fails_is_tried_again_after_growing_pauses() {
    shop_test(|shop| async move {
        enqueue(shop, NOBODYS).await;
        shop.work().await;
        assert_eq!(attempts(shop).await, 1);
        for (pause, tries) in [(5, 2), (20, 3), (80, 4)] {
            shop.app.clock.shift_seconds(pause - 2);
            shop.work().await;
            assert_eq!(attempts(shop).await, tries - 1, "not before its time");
            shop.app.clock.shift_seconds(2);
            shop.work().await;
            assert_eq!(attempts(shop).await, tries);
        }
        let mei = shop.owner().await;
        let row = mei.get("/admin/jobs").await;
        assert!(row.texts("tbody tr").iter().any(|text| text.contains(NOBODYS) && text.contains("Tried again")), "{:?}", row.texts("tbody tr"));
        sqlx::query("DELETE FROM jobs WHERE kind = $1").bind(NOBODYS).execute(shop.db()).await.expect("tidied");
    })
    .await;
}

#[tokio::test]
async fn a_job_that_fails_for_days_is_laid_aside_and_can_be_started_again() {
    shop_test(|shop| async move {
        enqueue(shop, NOBODYS).await;
        for _ in 0..jobs::MAX_ATTEMPTS {
            shop.work().await;
            shop.app.clock.shift_seconds(21_600);
        }
        assert_eq!(jobs::counts(shop.db()).await.expect("counted").1, 1);
        shop.work().await;
        assert_eq!(attempts(shop).await, jobs::MAX_ATTEMPTS, "it is left alone");

        let mei = shop.owner().await;
        let page = mei.get("/admin/jobs").await;
        let first = page.text("tbody tr:first-child");
        assert!(first.contains(NOBODYS) && first.contains("Laid aside") && first.contains("nobody does"), "{first}");
        let again = mei.submit(&page, "form[action$='/retry']", &[]).await;
        assert_eq!((again.status, attempts(shop).await), (303, 0));
        assert_eq!(mei.submit(&page, "form[action$='/retry']", &[]).await.status, 404, "it is not dead any more");
        sqlx::query("UPDATE jobs SET kind = 'work.prune_now' WHERE kind = $1").bind(NOBODYS).execute(shop.db()).await.expect("somebody does it now");
        shop.work().await;
        assert_eq!(shop.count("SELECT count(*) FROM jobs WHERE kind = 'work.prune_now'").await, 0, "and it is done");
        assert_eq!(mei.get("/admin/audit?entity=job").await.texts("tbody tr").len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_dead_job_can_be_given_up() {
    shop_test(|shop| async move {
        enqueue(shop, NOBODYS).await;
        sqlx::query("UPDATE jobs SET dead_at = $2 WHERE kind = $1").bind(NOBODYS).bind(shop.app.now()).execute(shop.db()).await.expect("dead");
        let mei = shop.owner().await;
        let page = mei.get("/admin/jobs").await;
        assert_eq!(mei.submit(&page, "form[action$='/delete']", &[]).await.status, 303);
        assert_eq!(shop.count("SELECT count(*) FROM jobs WHERE kind = 'nobody.does_this'").await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_a_dead_worker_held_is_done_after_its_lease() {
    shop_test(|shop| async move {
        shop.work().await;
        enqueue(shop, "work.prune_now").await;
        let held = jobs::claim(shop.db(), &[], shop.app.now()).await.expect("claimed").expect("a job");
        assert_eq!(held.kind, "work.prune_now");
        let is_there = || shop.count("SELECT count(*) FROM jobs WHERE kind = 'work.prune_now'");
        shop.app.clock.shift_seconds(290);
        shop.work().await;
        assert_eq!(is_there().await, 1, "it may still be at work");
        shop.app.clock.shift_seconds(20);
        shop.work().await;
        assert_eq!(is_there().await, 0);
    })
    .await;
}

#[tokio::test]
async fn two_hands_never_take_the_same_job() {
    shop_test(|shop| async move {
        shop.work().await;
        for _ in 0..30 {
            enqueue(shop, "work.prune_now").await;
        }
        let (other, _) = shop.second_node().await;
        let pools = [shop.db(), &other.db];
        let taken = join_all((0..40).map(|hand| jobs::claim(pools[hand % 2], &[], shop.app.now()))).await;
        let ids: Vec<String> = taken.into_iter().filter_map(|job| Some(job.expect("claimed")?.id.to_string())).collect();
        let different: std::collections::BTreeSet<&String> = ids.iter().collect();
        assert_eq!((ids.len(), different.len()), (30, 30));
        sqlx::query("DELETE FROM jobs WHERE kind = 'work.prune_now'").execute(shop.db()).await.expect("tidied");
        other.db.close().await;
    })
    .await;
}

#[tokio::test]
async fn without_a_mail_server_letters_are_kept_for_the_staff() {
    let shop = Shop::open_without_mail().await;
    let ada = with_cart(&shop, "TEAPOT", "1").await;
    buy(&shop, &ada).await;
    shop.work().await;
    assert!(shop.mail.to(ADA).is_empty());
    let mei = shop.owner().await;
    let list = mei.get("/admin/mails").await;
    assert!(list.text(".notice").contains("WHARF_SMTP_URL"), "the staff is told why");
    assert_eq!((list.texts("tbody tr").len(), list.text("tbody tr .status").as_str()), (1, "kept"));
    let letter = mei.get(&list.attr("tbody a", "href")).await;
    assert!(letter.text("pre").contains("€53.95") && letter.text(".summary").contains(ADA), "{}", letter.text("pre"));
    let html = mei.get(&letter.attr(".admin-head a", "href")).await;
    assert_eq!(html.status, 200);
    let policy = html.header("content-security-policy");
    assert!(policy.starts_with("sandbox") && policy.contains("default-src 'none'") && !policy.contains("allow-"), "a letter runs nothing: {policy}");
    assert!(!mei.get("/admin/mails?status=sent").await.has("tbody tr"));
    shop.close().await;
}

#[tokio::test]
async fn a_planted_difference_is_found_and_named() {
    let shop = Shop::open().await;
    assert_eq!(wharf::books::examine(shop.db()).await.expect("examined"), []);
    let mei = shop.owner().await;
    assert!(mei.get("/admin/books").await.text(".notice.good").contains("agree"));
    sqlx::query("UPDATE stock_levels SET on_hand = 99 WHERE variant_id = (SELECT id FROM variants WHERE sku = 'TEAPOT')")
        .execute(shop.db())
        .await
        .expect("planted");
    let found = wharf::books::examine(shop.db()).await.expect("examined");
    assert_eq!(found.len(), 1, "{found:?}");
    let sentence = found[0].to_string();
    assert!(sentence.contains("Teapot") && sentence.contains("99 on hand") && sentence.contains("add up to 10"), "{sentence}");
    let page = mei.get("/admin/books").await;
    assert_eq!(page.texts("tbody tr").len(), 1);
    assert!(page.text("tbody tr").contains("99 on hand"));
    shop.close().await;
}

#[derive(Parser)]
struct Settings {
    #[command(flatten)]
    config: Config,
}

fn faults(settings: &[&str]) -> Vec<ConfigError> {
    Settings::parse_from(["wharf"].iter().chain(settings)).config.faults()
}

#[test]
fn plain_http_is_for_this_machine_only() {
    for fine in ["http://127.0.0.1:8080", "http://localhost:3000", "https://shop.example"] {
        assert!(faults(&[&format!("--base-url={fine}")]).is_empty(), "{fine}");
    }
    for plain in ["http://shop.example", "http://192.168.0.4:8080", "http://localhost.evil.example", "http://127.0.0.1.evil.example:80"] {
        assert!(matches!(faults(&[&format!("--base-url={plain}")])[..], [ConfigError::PlainHttp(_)]), "{plain}");
    }
    for odd in ["shop.example", "https://", "https://shop.example/", "https://shop.example/shop", "https://a@shop.example", "ftp://shop.example"] {
        assert!(matches!(faults(&[&format!("--base-url={odd}")])[..], [ConfigError::BaseUrl(_)]), "{odd}");
    }
    assert!(matches!(faults(&["--listen=0.0.0.0:8080"])[..], [ConfigError::PlainHttp(_)]), "open to the world without https");
}

#[test]
fn half_a_configuration_is_refused_whole_and_at_once() {
    let found = faults(&["--base-url=http://shop.example", "--stripe-secret-key=sk_test_x", "--s3-bucket=b", "--mail-from=nobody"]);
    assert!(
        matches!(found[..], [ConfigError::PlainHttp(_), ConfigError::StripeWebhook, ConfigError::S3Keys, ConfigError::MailFrom(_)]),
        "everything that is wrong is said at once: {found:?}"
    );
    assert!(found.iter().all(|fault| fault.to_string().contains("WHARF_")), "and by its name");
}
