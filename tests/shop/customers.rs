//! Accounts: nobody learns who has one, an address belongs to whom it was proved, and a session ends when it is ended.

use crate::kit::shop_test;
use crate::kit::steps::{ADA, DUBLIN, buy, newest_order, put, with_cart};
use crate::kit::{Browser, Page, Shop};

const BO: &str = "bo@example.com";
const PASSWORD: &str = "copper kettle on the quay";

/// Fills in the sign-up form.
async fn sign_up(browser: &Browser, name: &str, email: &str, password: &str) -> Page {
    let page = browser.get("/account/sign-up").await;
    browser.submit(&page, "form[action='/account/sign-up']", &[("name", name), ("email", email), ("password", password)]).await
}

async fn sign_in(browser: &Browser, email: &str, password: &str) -> Page {
    let page = browser.get("/account/sign-in").await;
    browser.submit(&page, "form[action='/account/sign-in']", &[("email", email), ("password", password)]).await
}

/// An account whose address was proved.
async fn account(shop: &Shop, name: &str, email: &str) {
    let browser = shop.visitor();
    assert_eq!(sign_up(&browser, name, email, PASSWORD).await.status, 303);
    shop.work().await;
    let link = shop.mail.to(email).pop().expect("a letter").link("/account/verify/");
    let page = browser.get(&link).await;
    assert_eq!(browser.submit(&page, "form[action^='/account/verify/']", &[]).await.status, 303);
}

/// Somebody with a proved address, signed in.
async fn member(shop: &Shop, name: &str, email: &str) -> Browser {
    account(shop, name, email).await;
    let browser = shop.visitor();
    assert_eq!(sign_in(&browser, email, PASSWORD).await.location().as_deref(), Some("/account"));
    browser
}

#[tokio::test]
async fn signing_up_answers_the_same_whether_or_not_the_address_is_known() {
    shop_test(|shop| async move {
        account(shop, "Ada Kern", ADA).await;
        let (known, unknown) = (shop.visitor(), shop.visitor());
        let (first, second) = (sign_up(&known, "Eve", ADA, PASSWORD).await, sign_up(&unknown, "Bo", BO, PASSWORD).await);
        assert_eq!((first.status, first.location(), &first.body), (second.status, second.location(), &second.body));
        assert_eq!(known.cookie("flash"), unknown.cookie("flash"));
        assert!(known.cookie("session").is_none() && unknown.cookie("session").is_none(), "typing an address signs nobody in");
        let (first, second) = (known.follow(first).await, unknown.follow(second).await);
        assert_eq!((first.text("[role=status]"), first.status), (second.text("[role=status]"), second.status));
        shop.work().await;
        let letter = shop.mail.to(ADA).pop().expect("Ada is told");
        assert!(letter.text().contains("/account/reset") && !letter.text().contains("/account/verify/"), "{}", letter.text());
        assert_eq!(sign_in(&shop.visitor(), ADA, PASSWORD).await.status, 303, "her password is still hers");
    })
    .await;
}

#[tokio::test]
async fn guest_orders_come_to_the_account_only_once_its_address_is_proved() {
    shop_test(|shop| async move {
        let guest = with_cart(shop, "TEAPOT", "1").await;
        buy(shop, &guest).await;
        shop.work().await;
        let number = newest_order(shop).await;
        let ada = shop.visitor();
        sign_up(&ada, "Ada Kern", ADA, PASSWORD).await;
        sign_in(&ada, ADA, PASSWORD).await;
        shop.work().await;
        let unproved = ada.get("/account/orders").await;
        assert_eq!((unproved.status, unproved.has(".past li")), (200, false), "anybody could have typed this address");
        assert_eq!(ada.get(&format!("/account/orders/{number}")).await.status, 404);

        let link = shop.mail.to(ADA).pop().expect("a letter").link("/account/verify/");
        let scanner = shop.visitor().get(&link).await;
        assert_eq!((scanner.status, scanner.header("referrer-policy")), (200, "same-origin"));
        assert_eq!(shop.count("SELECT count(*) FROM customers WHERE email_verified_at IS NOT NULL").await, 0, "looking at the link proves nothing");

        let page = ada.get(&link).await;
        let proved = ada.submit(&page, "form[action^='/account/verify/']", &[]).await;
        assert_eq!(proved.location().as_deref(), Some("/account"));
        assert_eq!(ada.get("/account/orders").await.attr(".past a", "href"), format!("/account/orders/{number}"));
        assert_eq!(ada.get(&format!("/account/orders/{number}")).await.status, 200);
        assert_eq!(ada.get(&link).await.status, 404, "the link works once");
    })
    .await;
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_read_the_same() {
    shop_test(|shop| async move {
        account(shop, "Ada Kern", ADA).await;
        let wrong = sign_in(&shop.visitor(), ADA, "not the password of Ada").await;
        let unknown = sign_in(&shop.visitor(), BO, "not the password of Ada").await;
        assert_eq!((wrong.status, unknown.status), (422, 422));
        assert_eq!(wrong.text("#email-error"), unknown.text("#email-error"));
        assert!(!wrong.text("#email-error").is_empty());
        assert_eq!(wrong.body.replace(ADA, "x"), unknown.body.replace(BO, "x"), "not a letter differs");
        assert_eq!(sign_in(&shop.visitor(), &ADA.to_uppercase(), PASSWORD).await.status, 303, "capitals do not matter");
    })
    .await;
}

#[tokio::test]
async fn every_sign_in_makes_a_new_session_and_signing_out_ends_it() {
    shop_test(|shop| async move {
        let ada = member(shop, "Ada Kern", ADA).await;
        let first = ada.cookie("session").expect("a session");
        let again = ada.post("/account/sign-in", &[("email", ADA), ("password", PASSWORD)]).await;
        assert_eq!(again.status, 303);
        let second = ada.cookie("session").expect("a session");
        assert_ne!(first, second);
        let with = |token: &str| format!("session={token}");
        assert_eq!(shop.visitor().get_with("/account", &[("cookie", &with(&first))]).await.status, 303, "the old one is dead");
        assert_eq!(shop.visitor().get_with("/account", &[("cookie", &with(&second))]).await.status, 200);

        let page = ada.get("/account").await;
        let out = ada.submit(&page, "form[action='/account/sign-out']", &[]).await;
        assert_eq!((out.status, ada.cookie("session")), (303, None));
        assert_eq!(shop.visitor().get_with("/account", &[("cookie", &with(&second))]).await.status, 303, "not only the cookie is gone");
    })
    .await;
}

#[tokio::test]
async fn a_reset_link_works_once_and_ends_every_other_session() {
    shop_test(|shop| async move {
        let elsewhere = member(shop, "Ada Kern", ADA).await;
        let ada = shop.visitor();
        let mut answers = Vec::new();
        for email in [ADA, BO] {
            let page = ada.get("/account/reset").await;
            let asked = ada.submit(&page, "form[action='/account/reset']", &[("email", email)]).await;
            answers.push((asked.status, asked.location(), ada.cookie("flash")));
        }
        assert_eq!(answers[0], answers[1], "nobody learns who has an account");
        shop.work().await;
        assert!(shop.mail.to(BO).is_empty());
        let link = shop.mail.to(ADA).pop().expect("a letter").link("/account/reset/");

        let page = ada.get(&link).await;
        let short = ada.submit(&page, "form[action^='/account/reset/']", &[("password", "short")]).await;
        assert_eq!((short.status, short.has("#password-error")), (422, true), "and the link still works");
        let chosen = ada.submit(&page, "form[action^='/account/reset/']", &[("password", "another kettle altogether")]).await;
        assert_eq!(chosen.location().as_deref(), Some("/account"));
        assert_eq!(ada.get("/account").await.status, 200);
        assert_eq!(elsewhere.get("/account").await.status, 303, "other sessions end");
        assert_eq!(ada.get(&link).await.status, 404);
        let second = ada.post(&link, &[("password", "a third kettle for good")]).await;
        assert_eq!(second.status, 404);
        assert_eq!(sign_in(&shop.visitor(), ADA, PASSWORD).await.status, 422);
        assert_eq!(sign_in(&shop.visitor(), ADA, "another kettle altogether").await.status, 303);
    })
    .await;
}

#[tokio::test]
async fn what_belongs_to_another_customer_is_not_there() {
    shop_test(|shop| async move {
        let ada = member(shop, "Ada Kern", ADA).await;
        put(shop, &ada, "TEAPOT", "1").await;
        buy(shop, &ada).await;
        let number = newest_order(shop).await;
        let page = ada.get("/account/addresses").await;
        let mut fields = DUBLIN.to_vec();
        fields.retain(|(name, _)| !matches!(*name, "email" | "terms"));
        assert_eq!(ada.submit(&page, "form[action='/account/addresses']", &fields).await.status, 303);
        let edit = ada.get("/account/addresses").await.attr("main a[href$='/edit']", "href");
        assert_eq!((ada.get(&format!("/account/orders/{number}")).await.status, ada.get(&edit).await.status), (200, 200));

        let bo = member(shop, "Bo", BO).await;
        for path in [format!("/account/orders/{number}"), edit.clone()] {
            let page = bo.get(&path).await;
            assert_eq!((page.status, page.body.contains("Quay Street")), (404, false), "{path}");
        }
        assert_eq!(bo.post(&edit, &fields).await.status, 404);
        assert_eq!(bo.post(&edit.replace("/edit", "/delete"), &[]).await.status, 404);
        assert_eq!(ada.get(&edit).await.status, 200, "it is still there");
        assert!(!bo.get("/account/orders").await.has(".past li"));
    })
    .await;
}

#[tokio::test]
async fn signing_in_leads_only_to_pages_of_this_shop() {
    shop_test(|shop| async move {
        account(shop, "Ada Kern", ADA).await;
        for (next, wanted) in [
            ("//evil.example", "/account"),
            ("https://evil.example/", "/account"),
            ("/\\evil.example", "/account"),
            ("/.//evil.example", "/account"),
            ("/account/addresses", "/account/addresses"),
        ] {
            let query: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
            let ada = shop.visitor();
            let page = ada.get(&format!("/account/sign-in?next={query}")).await;
            let through_page = ada.submit(&page, "form[action='/account/sign-in']", &[("email", ADA), ("password", PASSWORD)]).await;
            assert_eq!(through_page.location().as_deref(), Some(wanted), "{next}");
            let direct = shop.visitor().post("/account/sign-in", &[("email", ADA), ("password", PASSWORD), ("next", next)]).await;
            assert_eq!(direct.location().as_deref(), Some(wanted), "{next}");
            let signed_in = ada.get(&format!("/account/sign-in?next={query}")).await;
            assert_eq!(signed_in.location().as_deref(), Some(wanted), "{next}");
        }
        let wanted = shop.visitor().get("/account/addresses").await;
        assert_eq!(wanted.location().as_deref(), Some("/account/sign-in?next=%2Faccount%2Faddresses"));
    })
    .await;
}

#[tokio::test]
async fn the_cart_survives_the_sign_in_and_an_older_one_is_poured_in() {
    shop_test(|shop| async move {
        let desktop = member(shop, "Ada Kern", ADA).await;
        put(shop, &desktop, "LAMP-RED-S", "2").await;
        let phone = with_cart(shop, "TEAPOT", "1").await;
        let before = phone.cookie("cart");
        assert_eq!(sign_in(&phone, ADA, PASSWORD).await.status, 303);
        assert_ne!(phone.cookie("cart"), before, "who knew the cart before does not know it after");
        let mut titles = phone.get("/cart").await.texts(".lines h2");
        titles.sort();
        assert_eq!(titles, ["Lamp", "Teapot"]);
        let stranger = shop.visitor().get_with("/cart", &[("cookie", &format!("cart={}", before.expect("a cart")))]).await;
        assert!(stranger.texts(".lines h2").is_empty());

        let page = phone.get("/account").await;
        phone.submit(&page, "form[action='/account/sign-out']", &[]).await;
        assert!(phone.get("/cart").await.texts(".lines h2").is_empty(), "the next person at this browser sees no cart");
        sign_in(&phone, ADA, PASSWORD).await;
        assert_eq!(phone.get("/cart").await.texts(".lines h2").len(), 2, "it comes back with the next sign-in");
    })
    .await;
}

#[tokio::test]
async fn the_default_of_the_address_book_fills_in_the_checkout() {
    shop_test(|shop| async move {
        let ada = member(shop, "Ada Kern", ADA).await;
        let address = |line1: &'static str| [("name", "Ada Kern"), ("line1", line1), ("postcode", "D02 X285"), ("city", "Dublin"), ("country", "IE")];
        for (line1, is_default) in [("1 First Street", false), ("2 Second Street", true), ("3 Third Street", false)] {
            let page = ada.get("/account/addresses").await;
            let mut fields = address(line1).to_vec();
            if is_default {
                fields.push(("is_default", "1"));
            }
            assert_eq!(ada.submit(&page, "form[action='/account/addresses']", &fields).await.status, 303);
        }
        let page = ada.get("/account/addresses").await;
        assert_eq!(page.texts(".addresses .badge").len(), 1, "one of them is the default");
        let sold_to = shop.app.rules().markets[0].countries.len();
        assert_eq!(page.texts("#country option[value]:not([value=''])").len(), sold_to, "the countries that parcels go to");
        let wrong = ada.submit(&page, "form[action='/account/addresses']", &[("name", "Ada Kern"), ("country", "IE")]).await;
        assert_eq!(wrong.text("#line1-error"), "Please enter street and number.", "in the words of the checkout");
        put(shop, &ada, "TEAPOT", "1").await;
        let page = ada.get("/checkout").await;
        assert_eq!(
            (page.attr("#email", "value").as_str(), page.attr("#line1", "value").as_str(), page.attr("#city", "value").as_str()),
            (ADA, "2 Second Street", "Dublin")
        );
    })
    .await;
}

#[tokio::test]
async fn who_saved_no_address_begins_with_that_of_the_last_order() {
    shop_test(|shop| async move {
        let ada = member(shop, "Ada Kern", ADA).await;
        put(shop, &ada, "TEAPOT", "1").await;
        assert_eq!(ada.get("/checkout").await.attr("#line1", "value"), "");
        buy(shop, &ada).await;
        put(shop, &ada, "TEAPOT", "1").await;
        let page = ada.get("/checkout").await;
        assert_eq!((page.attr("#line1", "value").as_str(), page.attr("#city", "value").as_str()), ("4 Quay Street", "Dublin"));
    })
    .await;
}

#[tokio::test]
async fn guessing_is_slowed_down_and_forgiven_later() {
    shop_test(|shop| async move {
        account(shop, "Ada Kern", ADA).await;
        let guesser = shop.visitor();
        for guess in 0..10 {
            assert_eq!(sign_in(&guesser, ADA, &format!("guess number {guess}")).await.status, 422);
        }
        let refused = sign_in(&guesser, ADA, PASSWORD).await;
        assert_eq!((refused.status, refused.header("retry-after")), (429, "900"), "not even the right one");
        assert!(refused.has("header.site-header"), "said in the shop's frame");
        assert_eq!(sign_in(&shop.visitor(), BO, "whatever it may be").await.status, 422, "others are not locked out");
        shop.app.clock.shift_seconds(901);
        assert_eq!(sign_in(&guesser, ADA, PASSWORD).await.status, 303);
    })
    .await;
}

#[tokio::test]
async fn a_customer_changes_name_password_and_addresses_and_ends_sessions() {
    shop_test(|shop| async move {
        let ada = member(shop, "Ada Kern", ADA).await;
        let page = ada.get("/account/details").await;
        assert_eq!(ada.submit(&page, "form:has([value=name])", &[("name", "Ada K. Kern")]).await.status, 303);
        assert!(ada.get("/account").await.body.contains("Ada K. Kern"));
        let new = "ada.kern@example.com";
        let asked = ada.submit(&page, "form:has([value=email])", &[("email", new), ("email_current", "wrong")]).await;
        assert_eq!((asked.status, asked.has("#email_current-error"), asked.attr("#email", "value").as_str()), (422, true, new));
        shop.work().await;
        assert!(shop.mail.to(new).is_empty(), "without the password no letter asks for a new address");
        let asked = ada.submit(&asked, "form:has([value=email])", &[("email", new), ("email_current", PASSWORD)]).await;
        shop.work().await;
        assert_eq!((asked.status, shop.mail.to(new).len()), (303, 1));
        let form = "form:has([value=password])";
        assert_eq!(ada.submit(&page, form, &[("current", "wrong"), ("password", "another copper kettle")]).await.status, 422);
        assert_eq!(ada.submit(&page, form, &[("current", PASSWORD), ("password", "another copper kettle")]).await.status, 303);

        let elsewhere = shop.visitor();
        assert_eq!(sign_in(&elsewhere, ADA, PASSWORD).await.status, 422, "the old password is over");
        assert_eq!(sign_in(&elsewhere, ADA, "another copper kettle").await.status, 303);
        shop.pass(20 * 60).await;
        assert_eq!(ada.get("/account").await.status, 200);
        let page = ada.get("/account/sessions").await;
        let end = page.attrs("form[action^='/account/sessions/'][action$='/delete']", "action").pop().expect("the other session");
        assert_eq!(ada.post(&end, &[]).await.status, 303);
        assert_eq!(elsewhere.get("/account").await.status, 303, "it is signed out");
        assert_eq!(ada.get("/account").await.status, 200);

        let page = ada.get("/account/addresses").await;
        let address = [("name", "Ada Kern"), ("line1", "1 First Street"), ("postcode", "D02 X285"), ("city", "Dublin"), ("country", "IE")];
        assert_eq!(ada.submit(&page, "form[action='/account/addresses']", &address).await.status, 303);
        let edit = ada.get("/account/addresses").await.attr("a[href$='/edit']", "href");
        let page = ada.get(&edit).await;
        assert_eq!(ada.submit(&page, "form[action$='/edit']", &[("city", "")]).await.status, 422);
        assert_eq!(ada.submit(&page, "form[action$='/edit']", &[("line1", "9 Last Street")]).await.status, 303);
        assert!(ada.get("/account/addresses").await.body.contains("9 Last Street"));
    })
    .await;
}

/// T30: whether an account exists shows neither in words nor in time. Equal work is measured by the median of
/// interleaved tries; the bound is wide, for the difference without it is the whole of argon2 (a factor of ten and more).
#[tokio::test]
async fn an_unknown_address_takes_as_long_as_a_wrong_password() {
    shop_test(|shop| async move {
        account(shop, "Ada Kern", ADA).await;
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for at in 0..9 {
            for (email, times) in [(ADA.to_owned(), &mut known), (format!("nobody{at}@example.com"), &mut unknown)] {
                let browser = shop.visitor();
                let began = std::time::Instant::now();
                let answer = browser.post("/account/sign-in", &[("email", &email), ("password", "wrong wrong wrong")]).await;
                times.push(began.elapsed());
                assert!(matches!(answer.status, 422 | 429), "{}", answer.status);
            }
        }
        known.sort();
        unknown.sort();
        let (known, unknown) = (known[2].as_secs_f64(), unknown[2].as_secs_f64());
        assert!((0.25..4.0).contains(&(known / unknown)), "known {known:.4} s, unknown {unknown:.4} s");
    })
    .await;
}
