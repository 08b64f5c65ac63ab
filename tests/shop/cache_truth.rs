//! A page from memory is the page that would be made now: after any change, on any node, and whatever is asked how.

use std::fmt::Write;

use crate::kit::steps::{buy, number, put};
use crate::kit::{Browser, Page, Shop, shop_test};

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % sides
    }
}

const HANDLES: [&str; 4] = ["teapot", "lamp", "last-cup", "gone-bowl"];
const SKUS: [&str; 4] = ["TEAPOT", "LAMP-RED-S", "LAST-CUP", "GONE-BOWL"];

async fn product(shop: &Shop, at: usize) -> String {
    let id: wharf::base::ProductId =
        sqlx::query_scalar("SELECT product_id FROM variants WHERE sku = $1").bind(SKUS[at]).fetch_one(shop.db()).await.expect("a product");
    id.to_string()
}

/// One change through a door of the shop; what it was, in words.
async fn change(shop: &Shop, desk: &Browser, dice: &mut Dice) -> String {
    let at = dice.roll(HANDLES.len());
    let (id, sku) = (product(shop, at).await, SKUS[at]);
    let path = format!("/admin/products/{id}");
    let saved = async |form: &str, fields: &[(&str, &str)]| {
        let page = desk.get(&path).await;
        let answer = desk.submit(&page, form, fields).await;
        assert!(answer.status == 303, "{form} {fields:?}: {} {}", answer.status, answer.texts(".errors li").join(" "));
    };
    match dice.roll(9) {
        0 => {
            let (price, was) = (format!("{}.50", 10 + dice.roll(80)), ["", "120.00"][dice.roll(2)]);
            let number = number(shop, sku).await;
            saved("form.variants", &[(&format!("price-eu-{number}"), &price), (&format!("was-eu-{number}"), was)]).await;
            format!("{sku} costs {price}, before {was:?}")
        }
        1 => {
            let title = format!("{sku} the {}", dice.roll(100));
            saved("form.words", &[("title", &title)]).await;
            format!("it is called {title}")
        }
        2 => {
            let counted = dice.roll(3).to_string();
            let variant: wharf::base::VariantId =
                sqlx::query_scalar("SELECT id FROM variants WHERE sku = $1").bind(sku).fetch_one(shop.db()).await.expect("a variant");
            let stock = format!("/admin/variants/{variant}/stock");
            let answer = desk.submit(&desk.get(&stock).await, "form.panel", &[("counted", &counted), ("reason", "counted again")]).await;
            assert!(answer.status == 303, "{}", answer.text("main"));
            format!("{counted} of {sku} are there")
        }
        3 => {
            let status = ["draft", "active", "active"][dice.roll(3)];
            saved("form.words", &[("status", status)]).await;
            format!("{sku} is {status}")
        }
        4 => {
            let other = product(shop, (at + 1) % HANDLES.len()).await;
            let what = ["add", "remove"][dice.roll(2)];
            desk.post(&format!("{path}/companions"), &[("do", &format!("{what}:{other}"))]).await;
            format!("{what} a companion of {sku}")
        }
        5 => {
            let table: wharf::base::CollectionId = sqlx::query_scalar("SELECT id FROM collections").fetch_one(shop.db()).await.expect("a collection");
            let what = ["add", "remove", "up", "down"][dice.roll(4)];
            desk.post(&format!("/admin/collections/{table}/products"), &[("do", &format!("{what}:{id}"))]).await;
            format!("{what} {sku} in the collection")
        }
        6 => {
            let claim = format!("Claim {}", dice.roll(100));
            let page = desk.get("/admin/settings/shop").await;
            assert_eq!(desk.submit(&page, "main form", &[("claim", &claim)]).await.status, 303);
            claim
        }
        7 => {
            let shopper = shop.visitor();
            let is_for_sale = shopper.get(&format!("/products/{}", HANDLES[at])).await.has("form.buy");
            if is_for_sale {
                put(shop, &shopper, sku, "1").await;
                if shopper.get("/checkout").await.status == 200 {
                    buy(shop, &shopper).await;
                }
            }
            format!("somebody buys {sku}, if it is for sale")
        }
        _ => {
            let seconds = i64::try_from(1 + dice.roll(4_000)).expect("few");
            let (from, until) = (shop.app.now().plus_seconds(60), shop.app.now().plus_seconds(60 + seconds));
            let local = |at: wharf::base::Instant| at.in_zone("Europe/Dublin").strftime("%Y-%m-%dT%H:%M").to_string();
            desk.post(
                &format!("{path}/sale"),
                &[("sale-variant", ""), ("sale-market", "eu"), ("sale-amount", "5.00"), ("sale-from", &local(from)), ("sale-until", &local(until))],
            )
            .await;
            format!("{sku} has a sale for {seconds} s")
        }
    }
}

/// The parts of an answer that must not depend on where it came from.
fn essence(page: &Page) -> String {
    let mut text = format!("{} {:?}\n", page.status, page.location());
    for name in ["content-type", "cache-control", "content-security-policy"] {
        let _ = writeln!(text, "{name}: {}", page.header(name));
    }
    text + &page.body
}

#[tokio::test]
async fn after_any_change_a_page_from_memory_is_the_page_made_anew() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let (other, second) = shop.second_node().await;
        let (fresh, anew) = shop.node_with(&["--cache-bytes=0"]).await;
        let mut dice = Dice(20_261_128);
        let lamp = number(shop, "LAMP-BLUE-L").await;
        let paths: Vec<String> = HANDLES
            .iter()
            .map(|handle| format!("/products/{handle}"))
            .chain(
                [
                    "/",
                    "/collections",
                    "/collections/table",
                    "/collections/table?f.colour=red&sort=price",
                    "/search?q=lamp",
                    "/search/suggestions?q=te",
                ]
                .map(str::to_owned),
            )
            .chain(["/collections/table?available=1".to_owned(), format!("/products/lamp?variant={lamp}"), "/sitemap.xml".to_owned()])
            .collect();
        let mut past = Vec::new();
        for _ in 0..crate::breaking::rounds(16, 400) {
            past.push(change(shop, &desk, &mut dice).await);
            if dice.roll(3) == 0 {
                let seconds = i64::try_from(dice.roll(600)).expect("few");
                for app in [&shop.app, &other, &fresh] {
                    app.clock.shift_seconds(seconds);
                }
                past.push(format!("{seconds} s go by"));
            }
            for app in [&shop.app, &other, &fresh] {
                app.catch_up().await.expect("the node hears of it");
            }
            // Some pages, so that others grow old in memory.
            for path in paths.iter().filter(|_| dice.roll(2) == 0) {
                let right = shop.browser_at(&anew).get(path).await;
                for origin in [&shop.origin, &second] {
                    let kept = shop.browser_at(origin).get(path).await;
                    let (kept, right) = (essence(&kept).replace(origin.as_str(), "@"), essence(&right).replace(&anew, "@"));
                    assert!(kept == right, "{path} is old after: {past:#?}\n{}", difference(&kept, &right));
                }
            }
        }
        println!("{} changes", past.len());
    })
    .await;
}

/// The first lines that are not the same.
fn difference(kept: &str, right: &str) -> String {
    kept.lines()
        .zip(right.lines())
        .filter(|(kept, right)| kept != right)
        .take(5)
        .map(|(kept, right)| format!("kept  {kept}\nmade  {right}\n"))
        .collect()
}

#[tokio::test]
async fn however_it_is_asked_for_a_shared_page_holds_nobody() {
    shop_test(|shop| async move {
        let ada = shop.visitor();
        put(shop, &ada, "TEAPOT", "2").await;
        let cookie = format!("cart={}", ada.cookie("cart").expect("a cart"));
        let secret = ada.cookie("cart").expect("a cart");
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let odd: [(&str, &[(&str, &str)]); 9] = [
            ("GET", &[]),
            ("HEAD", &[]),
            ("GET", &[("range", "bytes=0-99")]),
            ("GET", &[("accept-encoding", "identity;q=0, *;q=0")]),
            ("GET", &[("accept-encoding", "zstd, br;q=0, gzip;q=0.001")]),
            ("GET", &[("if-none-match", "*"), ("if-modified-since", "Thu, 01 Jan 2099 00:00:00 GMT")]),
            ("GET", &[("x-forwarded-host", "evil.example"), ("x-original-url", "/account"), ("x-http-method-override", "POST")]),
            ("OPTIONS", &[]),
            ("GET", &[("authorization", "Bearer x"), ("accept", "application/json"), ("accept-language", "xx")]),
        ];
        for path in [
            "/products/teapot",
            "/products/teapot?b=2&a=1",
            "/products/teapot?a=1&b=2",
            "/products/teapot?variant=&q=%00",
            "/",
            "//",
            "/products/teapot/",
            "/PRODUCTS/teapot",
            "/products/teapot;x",
            "/products/teapot%2f..%2f..%2faccount",
        ] {
            for (method, headers) in odd {
                for sent in [Some(&cookie), None] {
                    let mut request = http.request(method.parse().expect("a method"), format!("{}{path}", shop.origin));
                    request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
                    request = sent.iter().fold(request, |request, cookie| request.header("cookie", cookie.as_str()));
                    let answer = request.send().await.expect("an answer");
                    assert!(answer.status().as_u16() < 500, "{method} {path} {headers:?}: {}", answer.status());
                    let control = answer.headers().get("cache-control").map(|value| value.to_str().expect("ASCII").to_owned()).unwrap_or_default();
                    let told = format!("{:?}", answer.headers());
                    let body = answer.text().await.expect("a body");
                    let is_shared = control.starts_with("public");
                    assert!(
                        !(is_shared && sent.is_some() && path.starts_with("/products/teapot") && body.contains("class=\"count\"")),
                        "{method} {path} {headers:?}: a cart in a shared page"
                    );
                    if sent.is_none() {
                        assert!(
                            !body.contains("class=\"count\"") && !body.contains(&secret) && !told.contains(&secret) && !body.contains("evil.example"),
                            "{method} {path} {headers:?}"
                        );
                    }
                    if is_shared {
                        assert!(!told.to_lowercase().contains("set-cookie"), "{method} {path} {headers:?}: {told}");
                    }
                }
            }
        }
    })
    .await;
}
