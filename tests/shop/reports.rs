//! What browsers refuse on the shop's pages is reported, folded, shown and forgotten, and never more of it kept than that.

use serde_json::{Value, json};

use crate::kit::steps::{buy, with_cart};
use crate::kit::{Browser, Page, Shop, shop_test};

const DOOR: &str = "/webhooks/browser-reports";
const OLD: &str = "application/csp-report";
const NEW: &str = "application/reports+json";

fn old(document: &str, blocked: &str) -> Value {
    json!({ "csp-report": { "document-uri": document, "effective-directive": "script-src-elem", "violated-directive": "script-src-elem",
        "original-policy": "script-src 'self'", "blocked-uri": blocked, "referrer": document, "status-code": 200, "script-sample": "alert(1)" } })
}

fn new(document: &str, blocked: &[&str]) -> Value {
    let one = |blocked: &&str| {
        json!({ "type": "csp-violation", "age": 5, "url": document, "user_agent": "Mozilla/5.0 (somebody's)", "body": { "documentURL": document,
            "effectiveDirective": "connect-src", "blockedURL": blocked, "disposition": "enforce", "sourceFile": document, "lineNumber": 3 } })
    };
    blocked.iter().map(one).collect()
}

/// As a browser sends it by itself: no word of where it comes from.
async fn send(browser: &Browser, kind: &str, body: &Value) -> Page {
    browser.post_raw(DOOR, &[("content-type", kind)], body.to_string().into_bytes()).await
}

async fn rows(shop: &Shop) -> i64 {
    shop.count("SELECT count(*) FROM browser_reports").await
}

#[tokio::test]
async fn a_report_about_the_payment_page_waits_for_somebody_to_look_at_it() {
    shop_test(|shop| async move {
        let (page, probe, mei) = (format!("{}/checkout", shop.origin), shop.visitor(), shop.owner().await);
        assert!(mei.get("/admin/browser-reports").await.text(".empty").contains("refused nothing"));
        for _ in 0..3 {
            assert_eq!(send(&probe, OLD, &old(&page, "https://evil.example/skim/card.js?v=2")).await.status, 204);
        }
        let batch =
            new(&format!("{}/products/teapot?variant=2", shop.origin), &["https://a.example/x", "https://a.example/x", "moz-extension://0c1d/y"]);
        assert_eq!(send(&probe, NEW, &batch).await.status, 204);

        assert!(
            mei.get("/admin").await.texts(".tasks .is-bad").contains(&"1 report about the payment page".to_owned()),
            "the shop's own page is no task"
        );
        let list = mei.get("/admin/browser-reports").await;
        let shown = list.texts("tbody tr");
        assert_eq!(shown.len(), 3, "{shown:?}");
        for words in ["A script from https://evil.example/skim new", "script-src-elem", "Payment page", "/checkout", "3 ×", "something on the way"] {
            assert!(shown[0].contains(words), "{words}: {}", shown[0]);
        }
        let seen = |words: &[&str]| shown.iter().any(|row| words.iter().all(|word| row.contains(word)));
        assert!(seen(&["A connection to https://a.example/x", "Shop", "/products/teapot", "2 ×"]), "{shown:?}");
        assert!(seen(&["A connection of a browser extension", "Nothing to do"]), "{shown:?}");

        // What comes between looking and saying so stays new.
        shop.app.clock.shift_seconds(60);
        send(&probe, OLD, &old(&page, "inline")).await;
        assert_eq!(mei.submit(&list, "form[action$='/looked']", &[]).await.status, 303);
        assert!(mei.get("/admin").await.texts(".tasks .is-bad").contains(&"1 report about the payment page".to_owned()));
        let list = mei.get("/admin/browser-reports").await;
        assert!(list.text("tbody tr").contains("written into the page new"), "{}", list.text("tbody tr"));
        mei.submit(&list, "form[action$='/looked']", &[]).await;
        assert!(!mei.get("/admin").await.body.contains("about the payment page"));
        let list = mei.get("/admin/browser-reports").await;
        assert!(!list.has("form[action$='/looked']") && list.texts("tbody tr").len() == 4);
        assert_eq!(mei.get("/admin/audit?entity=browser+reports").await.texts("tbody tr").len(), 2);
        // The same again is known already.
        send(&probe, OLD, &old(&page, "inline")).await;
        assert!(!mei.get("/admin").await.body.contains("about the payment page"));
    })
    .await;
}

#[tokio::test]
async fn junk_is_refused_and_holds_no_row() {
    shop_test(|shop| async move {
        let (probe, page) = (shop.visitor(), format!("{}/checkout", shop.origin));
        let good = old(&page, "inline");
        let no_rule = json!({ "csp-report": { "document-uri": page, "effective-directive": "<script>", "blocked-uri": "inline" } });
        for (kind, body) in [
            (OLD, json!({})),
            (OLD, json!([])),
            (OLD, json!({ "csp-report": 7 })),
            (OLD, no_rule),
            (OLD, old("https://another.example/checkout", "inline")),
            (OLD, old("", "inline")),
            (OLD, new(&page, &["inline"])),
            (NEW, good.clone()),
            (NEW, json!([])),
            (NEW, json!([{ "type": "deprecation", "body": {} }])),
            (NEW, json!([{ "type": "csp-violation", "body": "text" }])),
            ("application/json", good.clone()),
            ("text/plain", good.clone()),
            ("application/x-www-form-urlencoded", good.clone()),
        ] {
            assert_eq!(send(&probe, kind, &body).await.status, 400, "{kind} {body}");
        }
        for body in [Vec::new(), b"\xff\xfe".to_vec(), b"{".to_vec(), vec![b'['; 16_000], b"\0\0".to_vec()] {
            assert_eq!(probe.post_raw(DOOR, &[("content-type", NEW)], body).await.status, 400);
        }
        let large = old(&page, &format!("https://evil.example/?{}", "x".repeat(16 * 1024)));
        assert_eq!(send(&probe, OLD, &large).await.status, 413);
        assert_eq!(probe.get(DOOR).await.status, 405);
        assert_eq!(rows(shop).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_flood_is_refused_and_costs_the_flooded_no_purchase() {
    let shop = Shop::open_with(&["--rate-factor=1"]).await;
    let ada = with_cart(&shop, "TEAPOT", "1").await;
    let report = old(&format!("{}/", shop.origin), "inline");
    let mut answers = std::collections::BTreeMap::<u16, i64>::new();
    for _ in 0..300 {
        *answers.entry(send(&ada, OLD, &report).await.status).or_default() += 1;
    }
    let taken = answers[&204];
    assert!((60..100).contains(&taken) && answers.keys().eq([204, 429].iter()), "{answers:?}");
    assert_eq!((rows(&shop).await, shop.count("SELECT times FROM browser_reports").await), (1, taken));
    buy(&shop, &ada).await;
    assert_eq!(shop.count("SELECT count(*) FROM orders").await, 1, "reports do not count as what a shopper does");
    shop.close().await;
}

#[tokio::test]
async fn no_token_and_no_query_is_kept() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "TEAPOT", "1").await;
        let order = buy(shop, &ada).await;
        let path = order.path.split('?').next().unwrap_or_default();
        let token = path.strip_prefix("/orders/").expect("an order's page").to_owned();
        assert_eq!(token.len(), 32);
        let here = format!("{}{path}?secret={token}#{token}", shop.origin);
        for blocked in [here.clone(), format!("https://evil.example/{token}?c={token}"), format!("https://{token}.evil.example"), "inline".into()] {
            assert_eq!(send(&ada, OLD, &old(&here, &blocked)).await.status, 204);
            assert_eq!(send(&ada, NEW, &new(&here, &[&blocked])).await.status, 204);
        }
        let written: String =
            sqlx::query_scalar("SELECT string_agg(r::text, E'\\n') FROM browser_reports r").fetch_one(shop.db()).await.expect("the rows");
        assert!(!written.to_lowercase().contains(&token.to_lowercase()) && !written.contains('?'), "{written}");
        assert!(written.contains("order,script-src-elem,inline,/orders,"), "{written}");
        let list = shop.owner().await.get("/admin/browser-reports").await;
        assert!(list.body.contains("Order page") && !list.body.contains(&token));
    })
    .await;
}

#[tokio::test]
async fn rows_are_few_and_are_forgotten() {
    shop_test(|shop| async move {
        let (probe, at) = (shop.visitor(), |path: &str| format!("{}{path}", shop.origin));
        send(&probe, OLD, &old(&at("/checkout"), "https://first.example")).await;
        for batch in 0..13 {
            shop.app.clock.shift_seconds(1);
            let sources: Vec<String> = (0..10).map(|n| format!("https://s{}.example/", batch * 10 + n)).collect();
            let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
            assert_eq!(send(&probe, NEW, &new(&at("/search?q=x"), &sources)).await.status, 204);
        }
        assert_eq!(rows(shop).await, 101);
        for (pattern, there) in [("first.example", 1), ("s129.example", 1), ("s30.example", 1), ("s29.example", 0), ("s0.example", 0)] {
            let found: i64 = sqlx::query_scalar("SELECT count(*) FROM browser_reports WHERE blocked LIKE 'https://' || $1 || '%'")
                .bind(pattern)
                .fetch_one(shop.db())
                .await
                .expect("counted");
            assert_eq!(found, there, "{pattern}");
        }
        shop.app.clock.shift_seconds(29 * 86_400);
        send(&probe, OLD, &old(&at("/checkout"), "https://first.example")).await;
        shop.app.clock.shift_seconds(2 * 86_400);
        shop.work().await;
        assert_eq!(rows(shop).await, 1, "what came again is kept");
    })
    .await;
}

#[tokio::test]
async fn every_page_says_where_to_report_and_says_it_to_everybody_alike() {
    shop_test(|shop| async move {
        let (ada, stranger) = (with_cart(shop, "TEAPOT", "1").await, shop.visitor());
        for path in ["/", "/products/teapot", "/checkout", "/cart", "/account/sign-in", "/nowhere", "/admin/sign-in"] {
            let (page, again, hers) = (stranger.get(path).await, stranger.get(path).await, ada.get(path).await);
            if path == "/checkout" {
                assert_eq!(hers.status, 200, "it is the payment page");
            }
            for page in [&page, &again, &hers] {
                let policy = page.header("content-security-policy");
                assert!(policy.ends_with("; report-uri /webhooks/browser-reports"), "{path}: {policy}");
                assert_eq!(page.header("reporting-endpoints"), "", "on http it would lead nowhere");
            }
        }

        // A browser that sends cookies along and keeps quiet about itself is heard, and nothing of it is answered.
        let before = ada.cookie("cart");
        let answer = send(&ada, OLD, &old(&format!("{}/checkout", shop.origin), "eval")).await;
        assert_eq!((answer.status, answer.body.as_str(), ada.cookie("cart")), (204, "", before));
        for name in ["set-cookie", "clear-site-data"] {
            assert_eq!(answer.header(name), "", "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn on_https_newer_browsers_are_told_in_their_own_words() {
    let shop = Shop::open_with(&["--base-url=https://shop.example"]).await;
    let host = [("host", "shop.example")];
    for path in ["/", "/", "/cart", "/nowhere"] {
        let page = shop.visitor().get_with(path, &host).await;
        let policy = page.header("content-security-policy");
        assert!(policy.ends_with("; report-uri /webhooks/browser-reports; report-to csp"), "{path}: {policy}");
        assert_eq!(page.header("reporting-endpoints"), "csp=\"/webhooks/browser-reports\"", "{path}");
    }
    let stylesheet = shop.visitor().get_with("/", &host).await.attr("link[rel=stylesheet]", "href");
    let file = shop.visitor().get_with(&stylesheet, &host).await;
    assert_eq!((file.status, file.header("reporting-endpoints")), (200, ""), "files need none");
    shop.close().await;
}
