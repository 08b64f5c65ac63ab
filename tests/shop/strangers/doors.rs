//! Whatever is asked of a running shop, by a stranger or by a member of staff: the answer is a page or a refusal, never a
//! failure of ours, and afterwards the books agree.

use std::fmt::Write;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use wharf::books;

use super::{many, runner};
use crate::kit::doors::doors;
use crate::kit::{Browser, Page, Shop};

/// The doors of the shop; `{}` is what somebody puts there.
const PLACES: &[&str] = &[
    "/",
    "/{}",
    "/products/{}",
    "/collections",
    "/collections/{}",
    "/collections/{}/products/{}",
    "/pages/{}",
    "/blogs/{}",
    "/blogs/{}/{}",
    "/search",
    "/search/suggestions",
    "/cart",
    "/cart/lines",
    "/cart/lines/{}",
    "/cart/country",
    "/checkout",
    "/checkout/return",
    "/checkout/cancellation",
    "/checkout/payment",
    "/pay/test/{}",
    "/orders/{}",
    "/account",
    "/account/sign-in",
    "/account/sign-up",
    "/account/reset",
    "/account/reset/{}",
    "/account/verify/{}",
    "/account/orders",
    "/account/orders/{}",
    "/account/addresses/{}/edit",
    "/newsletter",
    "/newsletter/confirm/{}",
    "/newsletter/unsubscribe/{}",
    "/media/{}/{}",
    "/static/{}",
    "/webhooks/stripe",
    "/webhooks/{}",
    "/sitemap.xml",
    "/robots.txt",
    "/healthz",
    "/metrics",
    "/admin/sign-in",
    "/admin/open/{}",
    "/admin/invitation/{}",
    "/api/v1/{}",
];
/// What is put into addresses, fields and cookies.
const VALUES: &[&str] = &[
    "",
    "0",
    "1",
    "-1",
    "7",
    "999",
    "1000",
    "2147483648",
    "-9223372036854775809",
    "99999999999999999999",
    "1e9",
    "1.5",
    "NaN",
    "٣",
    "true",
    "yes",
    "on",
    "teapot",
    "TEAPOT",
    "lamp",
    "journal",
    "IE",
    "ZZ",
    "EUR",
    "0198c0de-0000-7000-8000-000000000000",
    "00000000-0000-0000-0000-000000000000",
    "\u{0}",
    "a\u{0}b",
    "\u{1}",
    "\r\nX-Evil: 1",
    "\u{feff}",
    "\u{202e}",
    "😀",
    "e\u{301}",
    "ß",
    "İ",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "' OR 1=1 --",
    "\\",
    "%",
    "%%",
    "_",
    "%00",
    "..",
    "../../etc/passwd",
    "//evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "ada@example.com",
    "ada@example.com\r\nBcc: x@example.com",
    "2026-02-30T25:61",
    "2026-11-28T10:00",
    "48,50",
    "1.234,50",
    "[]",
    "{}",
    "{\"a\":1}",
    "null",
    "&",
    "=",
    "~",
    "red~blue",
    "a/b",
    "160.jpg",
    "1.avif",
    "css",
    "delete",
    "save",
    "place",
];
/// Names of parameters and fields, of all rooms.
const NAMES: &[&str] = &[
    "q",
    "page",
    "sort",
    "variant",
    "option-0",
    "option-1",
    "f.colour",
    "f.",
    "available",
    "sale",
    "part",
    "view",
    "before",
    "status",
    "entity",
    "next",
    "session",
    "order",
    "qty",
    "line",
    "country",
    "email",
    "name",
    "company",
    "line1",
    "line2",
    "postcode",
    "city",
    "region",
    "phone",
    "payment",
    "method",
    "terms",
    "place",
    "update",
    "expected_total",
    "note",
    "news",
    "billing_differs",
    "billing_country",
    "coupon",
    "password",
    "current",
    "code",
    "token",
    "choice",
    "title",
    "handle",
    "description",
    "price",
    "version",
    "role",
    "reason",
    "counted",
    "delta",
    "carrier",
    "tracking",
    "amount",
    "quantity",
    "restock",
    "rate",
    "bands",
    "zone",
    "areas",
    "position",
    "profiles",
    "colours",
    "language",
    "subject",
    "body",
    "published",
    "from",
    "until",
    "id",
    "ids",
    "product",
    "option",
    "value",
    "alt",
    "links",
    "undo",
    "",
];

/// One question, as text so that a failure can be asked again.
#[derive(Debug, Clone)]
struct Question {
    /// Whether it changes something.
    posts: bool,
    path: String,
    cookies: Vec<(&'static str, String)>,
    content_type: &'static str,
    body: Vec<u8>,
    header: Option<(&'static str, &'static str)>,
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => select(VALUES).prop_map(str::to_owned),
        1 => ".{0,12}",
        1 => "[a-z0-9-]{1,40}",
        1 => select(VALUES).prop_flat_map(|text| (1..300_usize).prop_map(move |times| text.repeat(times))),
    ]
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut written, byte| {
        let _ = if byte.is_ascii_alphanumeric() || b".-_~".contains(&byte) {
            write!(written, "{}", char::from(byte))
        } else {
            write!(written, "%{byte:02x}")
        };
        written
    })
}

fn pairs(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec((select(NAMES), value()), 0..most)
        .prop_map(|pairs| pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect::<Vec<_>>().join("&"))
}

/// A body as browsers send files and fields together, cut short now and then.
fn parts() -> impl Strategy<Value = Vec<u8>> {
    let file =
        prop_oneof![Just(String::new()), Just("; filename=\"a.png\"\r\nContent-Type: image/png".to_owned()), Just("; filename=\"\"".to_owned())];
    (prop::collection::vec((select(NAMES), file, value()), 0..6), any::<prop::sample::Index>(), 0..4_u8).prop_map(|(parts, cut, cuts)| {
        let mut body: Vec<u8> = parts
            .iter()
            .flat_map(|(name, file, value)| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n").into_bytes())
            .chain(*b"--b--\r\n")
            .collect();
        if cuts == 0 {
            body.truncate(cut.index(body.len()));
        }
        body
    })
}

fn question(places: Vec<String>) -> impl Strategy<Value = Question> {
    let cookies = prop::collection::vec((select(vec!["cart", "session", "spots", "flash", "undo", "pending"]), "[!#-+.-:<-\\[\\]-~]{0,60}"), 0..3);
    let form = |body| ("application/x-www-form-urlencoded", body);
    let other = select(vec![
        "application/x-www-form-urlencoded",
        "application/json",
        "multipart/form-data; boundary=b",
        "multipart/form-data",
        "text/plain",
        "",
    ]);
    let body = prop_oneof![
        6 => pairs(12).prop_map(move |pairs| form(pairs.into_bytes())),
        2 => parts().prop_map(|body| ("multipart/form-data; boundary=b", body)),
        1 => (other, prop::collection::vec(any::<u8>(), 0..300)),
    ];
    let header = select(vec![
        None,
        None,
        Some(("range", "bytes=9-1,0-0,-99999999999")),
        Some(("if-none-match", "\"\", W/\"x\", *")),
        Some(("accept-encoding", "br;q=9, gzip;q=-1, *;q=")),
        Some(("accept-language", "xx-yy;q=abc")),
        Some(("if-modified-since", "Sat, 99 Foo 2026")),
        Some(("x-forwarded-for", "::1, , 999.1.1.1")),
        Some(("stripe-signature", "t=,v1=zz")),
        Some(("purpose", "prefetch")),
    ]);
    (any::<bool>(), select(places), prop::collection::vec(value(), 2), pairs(5), cookies, body, header).prop_map(
        |(posts, place, values, query, cookies, (content_type, body), header)| {
            let mut path = String::new();
            let mut values = values.into_iter().cycle();
            let mut parts = place.split("{}").peekable();
            while let Some(part) = parts.next() {
                path.push_str(part);
                if parts.peek().is_some() {
                    path.push_str(&encoded(&values.next().unwrap_or_default()));
                }
            }
            let path = if query.is_empty() { path } else { format!("{path}?{query}") };
            Question { posts, path, cookies, content_type, body, header }
        },
    )
}

async fn ask(browser: &Browser, question: &Question, origin: &str) -> Page {
    let line = question.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    let mut headers = vec![("sec-fetch-site", "same-origin"), ("origin", origin)];
    // Who is signed in keeps the cookies of the browser.
    headers.extend((!line.is_empty() && browser.cookie("staff").is_none()).then_some(("cookie", line.as_str())));
    headers.extend(question.header);
    if question.posts {
        headers.push(("content-type", question.content_type));
        browser.post_raw(&question.path, &headers, question.body.clone()).await
    } else {
        browser.get_with(&question.path, &headers).await
    }
}

/// What is wrong with an answer.
fn fault(page: &Page) -> Option<String> {
    let is_ours = page.status < 500;
    let is_guarded = page.header("x-content-type-options") == "nosniff" && !page.header("x-request-id").is_empty();
    let reflects = page.header("x-evil").is_empty();
    (!is_ours || !is_guarded || !reflects).then(|| format!("{} with {:?}", page.status, page.headers))
}

/// Asks so many questions; the first that goes wrong is made as short as it can be, and told.
async fn interrogate(shop: &Shop, browser: &Browser, places: Vec<String>, questions: u32) {
    let strategy = question(places);
    let mut runner = runner();
    for _ in 0..questions {
        let mut tree = strategy.new_tree(&mut runner).expect("a question");
        let Some(mut wrong) = fault(&ask(browser, &tree.current(), &shop.origin).await) else { continue };
        let mut shortest = tree.current();
        for _ in 0..300 {
            if !tree.simplify() {
                break;
            }
            match fault(&ask(browser, &tree.current(), &shop.origin).await) {
                Some(still) => (wrong, shortest) = (still, tree.current()),
                None if !tree.complicate() => break,
                None => {}
            }
        }
        panic!("{wrong}\nto {shortest:?}\n{}", String::from_utf8_lossy(&shortest.body));
    }
    let differences = books::examine(shop.db()).await.expect("examined");
    assert!(differences.is_empty(), "{differences:?}");
}

#[tokio::test]
async fn whatever_a_stranger_asks_is_answered() {
    let shop = Shop::open().await;
    let stranger = shop.visitor();
    interrogate(&shop, &stranger, PLACES.iter().map(|place| (*place).to_owned()).collect(), many(300)).await;
    shop.close().await;
}

/// A stranger with a cart sends the checkout and the cart anything.
#[tokio::test]
async fn whatever_a_shopper_types_is_answered() {
    let shop = Shop::open().await;
    let ada = crate::kit::steps::with_cart(&shop, "TEAPOT", "2").await;
    let line: uuid::Uuid = sqlx::query_scalar("SELECT id FROM cart_lines").fetch_one(shop.db()).await.expect("a line");
    let places = ["/checkout", "/cart", "/cart/lines", "/cart/country", "/checkout/payment", "/newsletter"].map(str::to_owned);
    let places = places.into_iter().chain([format!("/cart/lines/{line}")]).collect();
    interrogate(&shop, &ada, places, many(150)).await;
    shop.close().await;
}

/// An owner types anything into every form of the admin, and asks every page for anything.
#[tokio::test]
async fn whatever_the_staff_types_is_answered() {
    let shop = Shop::open().await;
    let mei = shop.owner().await;
    let product: uuid::Uuid = sqlx::query_scalar("SELECT id FROM products ORDER BY id LIMIT 1").fetch_one(shop.db()).await.expect("a product");
    let variant: uuid::Uuid = sqlx::query_scalar("SELECT id FROM variants ORDER BY id LIMIT 1").fetch_one(shop.db()).await.expect("a variant");
    let hole = regex::Regex::new(r"\{[^}]+\}").expect("a pattern");
    // Not what ends the session, or what its owner is known by.
    let is_asked = |path: &String| !["/admin/sign-out", "/admin/me", "/admin/staff"].iter().any(|own| path.starts_with(own));
    let mut places: Vec<String> = doors()
        .into_iter()
        .map(|(_, path)| path)
        .filter(is_asked)
        .flat_map(|path| {
            let known = if path.starts_with("/admin/variants") { variant } else { product };
            [hole.replace_all(&path, "{}").into_owned(), hole.replace_all(&path, known.to_string()).into_owned()]
        })
        .collect();
    places.dedup();
    interrogate(&shop, &mei, places, many(400)).await;
    assert_eq!(mei.get("/admin").await.status, 200, "still signed in");
    shop.close().await;
}
