//! The second factor of staff: asked for after the first, each code once, nobody past it, and a way back for who lost it.

use totp_rs::{Builder, Secret, Totp};
use wharf::base::Instant;

use crate::kit::{Browser, Page, Shop, shop_test};

const PASSWORD: &str = "a long test password";
const MEI: &str = "mei@example.com";

/// The app on somebody's phone.
struct Phone(Totp);

impl Phone {
    fn read(page: &Page) -> Self {
        let typed = page.text("code.secret").replace('-', "");
        let secret = Secret::try_from_base32(typed).expect("the key is base32");
        Self(Builder::new().with_secret(secret).build().expect("an app takes it"))
    }

    fn shows(&self, at: Instant) -> String {
        self.0.generate(u64::try_from(at.unix()).expect("after 1970")).to_string()
    }
}

/// Sets a second factor up; returns the app and the recovery codes.
async fn set_up(shop: &Shop, browser: &Browser) -> (Phone, Vec<String>) {
    let page = browser.get("/admin/me/second-factor").await;
    let offered = browser.submit(&page, "form[action='/admin/me/second-factor']", &[]).await;
    let page = browser.follow(offered).await;
    let phone = Phone::read(&page);
    let done = browser.submit(&page, "form[action='/admin/me/second-factor/new']", &[("code", &phone.shows(shop.app.now()))]).await;
    assert_eq!(done.status, 200, "{}", done.texts(".error").join(" "));
    (phone, done.texts(".recovery-codes code"))
}

/// Moves on to just after the beginning of a step of the app, so that no step ends between two lines of a test.
fn next_step(shop: &Shop) {
    shop.app.clock.shift_seconds(31 - shop.app.now().unix().rem_euclid(30));
}

/// The first step of signing in.
async fn first_step(shop: &Shop, email: &str) -> (Browser, Option<String>) {
    let browser = shop.visitor();
    let page = browser.get("/admin/sign-in").await;
    let sent = browser.submit(&page, "form[action='/admin/sign-in']", &[("email", email), ("password", PASSWORD)]).await;
    (browser, sent.location())
}

async fn type_code(browser: &Browser, code: &str) -> Page {
    let page = browser.get("/admin/sign-in/code").await;
    browser.submit(&page, "form[action='/admin/sign-in/code']", &[("code", code)]).await
}

async fn actions(shop: &Shop) -> Vec<String> {
    sqlx::query_scalar("SELECT action FROM audit_log ORDER BY id").fetch_all(shop.db()).await.expect("the log")
}

fn subjects(shop: &Shop, email: &str) -> Vec<String> {
    shop.mail.to(email).iter().map(|letter| letter.header("Subject")).collect()
}

#[tokio::test]
async fn a_password_alone_opens_nothing_once_there_is_a_second_factor() {
    shop_test(|shop| async move {
        let mei = shop.owner().await;
        let elsewhere = shop.owner().await;
        next_step(shop);
        let page = mei.get("/admin/me/second-factor").await;
        let offered = mei.submit(&page, "form[action='/admin/me/second-factor']", &[]).await;
        let page = mei.follow(offered).await;
        assert!(page.attr("svg.qr", "aria-label").contains("QR code") && page.attr("#code", "autocomplete") == "one-time-code");
        assert_eq!(page.attr("#code", "inputmode"), "numeric");
        let phone = Phone::read(&page);
        let wrong = mei.submit(&page, "form[action='/admin/me/second-factor/new']", &[("code", "12345")]).await;
        assert_eq!((wrong.status, wrong.text("code.secret")), (422, page.text("code.secret")), "the same key again");
        let (other, step) = first_step(shop, MEI).await;
        assert_eq!((step.as_deref(), other.get("/admin").await.status), (Some("/admin"), 200), "what was not confirmed is not asked for");

        let old = mei.cookie("staff");
        let done = mei.submit(&wrong, "form[action='/admin/me/second-factor/new']", &[("code", &phone.shows(shop.app.now()))]).await;
        assert_eq!((done.status, done.texts(".recovery-codes code").len(), done.header("cache-control")), (200, 10, "no-store"));
        assert!(mei.get("/admin").await.status == 200 && mei.cookie("staff") != old, "a new session here");
        for ended in [&elsewhere, &other] {
            assert_eq!(ended.get("/admin").await.location().as_deref(), Some("/admin/sign-in"), "and none elsewhere");
        }

        let (thief, step) = first_step(shop, MEI).await;
        assert_eq!((step.as_deref(), thief.cookie("staff")), (Some("/admin/sign-in/code"), None));
        for path in ["/admin", "/admin/orders", "/admin/me", "/admin/me/second-factor"] {
            assert_eq!(thief.get(path).await.location().as_deref(), Some("/admin/sign-in"), "{path}");
        }
        assert_eq!(thief.post("/admin/me/second-factor/remove", &[]).await.location().as_deref(), Some("/admin/sign-in"));
        let stolen = thief.cookie("staff-code").expect("the token of the first step");
        let forged = shop.visitor().get_with("/admin", &[("cookie", &format!("staff={stolen}"))]).await;
        assert_eq!(forged.location().as_deref(), Some("/admin/sign-in"), "that token is no session");

        let refused = type_code(&thief, &phone.shows(shop.app.now())).await;
        assert!(refused.status == 422 && refused.text("#code-error").contains("used already"), "the code that set it up is used");
        next_step(shop);
        let came = type_code(&thief, &phone.shows(shop.app.now())).await;
        assert_eq!((came.location().as_deref(), thief.cookie("staff-code")), (Some("/admin"), None));
        assert_eq!(thief.get("/admin").await.status, 200);
        shop.work().await;
        assert_eq!(subjects(shop, MEI), ["A second factor was set up"]);
        let log = actions(shop).await;
        assert!(log.contains(&"set up second factor".to_owned()) && log.contains(&"wrong code".to_owned()), "{log:?}");
    })
    .await;
}

#[tokio::test]
async fn a_code_counts_once_and_one_step_either_way() {
    shop_test(|shop| async move {
        let mei = shop.owner().await;
        let (phone, _) = set_up(shop, &mei).await;
        shop.app.clock.shift_seconds(90);
        next_step(shop);
        let now = shop.app.now();
        for (shift, taken) in [(-60, false), (60, false), (-30, true), (0, true), (30, true)] {
            let (browser, _) = first_step(shop, MEI).await;
            let page = type_code(&browser, &phone.shows(now.plus_seconds(shift))).await;
            assert_eq!(page.status == 303, taken, "{shift} seconds: {}", page.text("#code-error"));
        }
        let (browser, _) = first_step(shop, MEI).await;
        for shift in [-30, 0, 30] {
            let page = type_code(&browser, &phone.shows(now.plus_seconds(shift))).await;
            assert!(page.status == 422 && page.text("#code-error").contains("used already"), "{shift}");
        }

        shop.app.clock.shift_seconds(90);
        next_step(shop);
        let code = phone.shows(shop.app.now());
        let (one, _) = first_step(shop, MEI).await;
        let (two, _) = first_step(shop, MEI).await;
        let (a, b) = tokio::join!(type_code(&one, &code), type_code(&two, &code));
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422], "of two at the same moment one comes in");
    })
    .await;
}

#[tokio::test]
async fn a_recovery_code_opens_once_and_new_ones_end_the_old() {
    shop_test(|shop| async move {
        let mei = shop.owner().await;
        let (_, codes) = set_up(shop, &mei).await;
        let stored: String =
            sqlx::query_scalar("SELECT string_agg(encode(hash, 'escape'), ' ') FROM staff_recovery_codes").fetch_one(shop.db()).await.expect("text");
        assert!(codes.iter().all(|code| !stored.contains(&code.replace('-', ""))), "they are kept hashed");

        let (browser, _) = first_step(shop, MEI).await;
        assert_eq!(type_code(&browser, &codes[0].to_uppercase()).await.location().as_deref(), Some("/admin"));
        assert!(browser.get("/admin/me/second-factor").await.text("main").contains("9 of 10 are left"));
        let (again, _) = first_step(shop, MEI).await;
        let page = again.get("/admin/sign-in/code").await;
        let used = again.submit(&page, "form[action='/admin/sign-in/code']", &[("recovery", &codes[0])]).await;
        assert!(used.status == 422 && used.has("details[open] #recovery-error"), "once");
        let nothing = again.submit(&page, "form[action='/admin/sign-in/code']", &[]).await;
        assert!(nothing.text("#code-error").contains("six digits") && nothing.status == 422);

        let page = browser.get("/admin/me/second-factor").await;
        let fresh = browser.submit(&page, "form[action$='/recovery-codes']", &[]).await;
        let fresh_codes = fresh.texts(".recovery-codes code");
        assert_eq!((fresh.status, fresh_codes.len()), (200, 10));
        assert_eq!(type_code(&again, &codes[1]).await.status, 422, "the old ones are over");
        assert_eq!(type_code(&again, &fresh_codes[1]).await.status, 303);
        shop.work().await;
        let told = subjects(shop, MEI);
        assert!(told.contains(&"New recovery codes were made".to_owned()), "{told:?}");
        assert_eq!(told.iter().filter(|subject| *subject == "A recovery code was used").count(), 2, "{told:?}");
        assert_eq!(actions(shop).await.iter().filter(|action| *action == "use recovery code").count(), 2);
    })
    .await;
}

#[tokio::test]
async fn guesses_are_few_and_lock_nobody_out_who_has_a_recovery_code() {
    shop_test(|shop| async move {
        let mei = shop.owner().await;
        let (phone, codes) = set_up(shop, &mei).await;
        shop.app.clock.shift_seconds(60);
        let (guesser, _) = first_step(shop, MEI).await;
        for _ in 0..6 {
            let page = type_code(&guesser, "x").await;
            assert!(page.status == 422 && page.text("#code-error").contains("not right"));
        }
        let page = type_code(&guesser, &phone.shows(shop.app.now())).await;
        assert_eq!(page.status, 429);
        assert!(page.text("#code-error").contains("in 15 minutes"), "{}", page.text("#code-error"));
        let (owner, _) = first_step(shop, MEI).await;
        assert_eq!(type_code(&owner, &codes[0]).await.status, 303);
        shop.work().await;
        assert!(subjects(shop, MEI).contains(&"Wrong codes at your account".to_owned()));
        assert_eq!(actions(shop).await.iter().filter(|action| *action == "wrong code").count(), 6);

        shop.app.clock.shift_seconds(601);
        assert_eq!(guesser.get("/admin/sign-in/code").await.location().as_deref(), Some("/admin/sign-in"), "the first step is over in ten minutes");
    })
    .await;
}

#[tokio::test]
async fn who_may_change_the_shop_sets_one_up_before_anything_else() {
    let shop: &'static Shop = Box::leak(Box::new(Shop::open_with(&["--test-mode=false"]).await));
    let clerk = shop.staff("cleo@example.com", "Cleo", Some("clerk")).await;
    assert_eq!(clerk.get("/admin/orders").await.status, 200, "a clerk may do without");
    for (email, role) in [("max@example.com", "manager"), (MEI, "owner")] {
        let browser = shop.staff(email, "Somebody", Some(role)).await;
        for path in ["/admin", "/admin/orders", "/admin/me", "/admin/staff", "/admin/sign-in"] {
            assert_eq!(browser.get(path).await.location().as_deref(), Some("/admin/me/second-factor"), "{role} {path}");
        }
        assert_eq!(browser.post("/admin/me/password", &[("password", "x")]).await.location().as_deref(), Some("/admin/me/second-factor"));
        let page = browser.get("/admin/me/second-factor").await;
        assert!(page.status == 200 && !page.has("nav") && page.has("form[action='/admin/sign-out']"), "no link leads to a refusal");
        set_up(shop, &browser).await;
        assert_eq!(browser.get("/admin/orders").await.status, 200);
        let page = browser.get("/admin/me/second-factor").await;
        assert!(!page.has("form[action$='/remove']"));
        assert_eq!(browser.post("/admin/me/second-factor/remove", &[]).await.status, 403, "replaced, not removed");
    }
    shop.close().await;
}

#[tokio::test]
async fn a_link_does_not_pass_the_second_factor_and_the_terminal_takes_it_away() {
    shop_test(|shop| async move {
        let mei = shop.owner().await;
        let (phone, codes) = set_up(shop, &mei).await;
        shop.app.clock.shift_seconds(60);
        let token = wharf::staff::owner_link(shop.db(), shop.app.now()).await.expect("a link");
        let elsewhere = shop.visitor();
        let page = elsewhere.get(&format!("/admin/open/{token}")).await;
        let opened = elsewhere.submit(&page, "form[action^='/admin/open/']", &[]).await;
        assert_eq!((opened.location().as_deref(), elsewhere.cookie("staff")), (Some("/admin/sign-in/code"), None));
        assert_eq!(type_code(&elsewhere, &phone.shows(shop.app.now())).await.location().as_deref(), Some("/admin"));

        let removed = |email: &'static str| wharf::staff::remove_by_email(shop.db(), email, shop.app.now());
        assert_eq!(removed("nobody@example.com").await.expect("asked"), None);
        assert_eq!(removed(MEI).await.expect("removed"), Some(true));
        assert_eq!(removed(MEI).await.expect("asked"), Some(false));
        assert_eq!(elsewhere.get("/admin").await.location().as_deref(), Some("/admin/sign-in"), "sessions end");
        let (browser, step) = first_step(shop, MEI).await;
        assert_eq!(step.as_deref(), Some("/admin"));
        let log = browser.get("/admin/audit").await;
        assert!(log.text("main").contains("remove second factor"));
        assert_eq!(shop.count("SELECT count(*) FROM audit_log WHERE action = 'remove second factor' AND actor = 'system'").await, 1);
        assert_eq!(shop.count("SELECT count(*) FROM staff_recovery_codes").await, 0, "with it went {codes:?}");
        shop.work().await;
        assert_eq!(subjects(shop, MEI), ["A second factor was set up", "Your second factor was removed"]);
    })
    .await;
}

#[tokio::test]
async fn an_owner_resets_it_for_somebody_else_and_nobody_lower_does() {
    shop_test(|shop| async move {
        let mei = shop.owner().await;
        let max = shop.staff("max@example.com", "Max", Some("manager")).await;
        let cleo = shop.staff("cleo@example.com", "Cleo", Some("clerk")).await;
        set_up(shop, &cleo).await;
        let id: wharf::base::StaffId =
            sqlx::query_scalar("SELECT id FROM staff WHERE email_key = 'cleo@example.com'").fetch_one(shop.db()).await.expect("staff");
        let (path, reset) = (format!("/admin/staff/{id}"), format!("/admin/staff/{id}/second-factor/reset"));
        assert!(!max.get(&path).await.has("form[action$='/reset']"));
        assert_eq!(max.post(&reset, &[]).await.status, 403);
        assert!(mei.get("/admin/staff").await.texts("td[data-label='Second factor']").contains(&"Yes".to_owned()));
        let page = mei.get(&path).await;
        assert_eq!(mei.submit(&page, "form[action$='/reset']", &[]).await.location().as_deref(), Some(path.as_str()));
        assert_eq!(cleo.get("/admin/orders").await.location().as_deref(), Some("/admin/sign-in"));
        let (_, step) = first_step(shop, "cleo@example.com").await;
        assert_eq!(step.as_deref(), Some("/admin"), "the password alone again");
        shop.work().await;
        assert_eq!(subjects(shop, "cleo@example.com"), ["A second factor was set up", "Your second factor was removed"]);

        set_up(shop, &mei).await;
        let own: wharf::base::StaffId =
            sqlx::query_scalar("SELECT id FROM staff WHERE email_key = 'mei@example.com'").fetch_one(shop.db()).await.expect("staff");
        assert_eq!(mei.post(&format!("/admin/staff/{own}/second-factor/reset"), &[]).await.status, 403, "one's own is replaced, not reset");
        let page = mei.get("/admin/me/second-factor").await;
        assert_eq!(mei.submit(&page, "form[action$='/remove']", &[]).await.status, 303, "in test mode it may go");
        assert!(!mei.get("/admin/me/second-factor").await.has("form[action$='/remove']"));
    })
    .await;
}

#[tokio::test]
async fn secrets_are_locked_and_their_keys_can_be_replaced() {
    let key = "--secret-keys=a key of the operator, long enough";
    let shop: &'static Shop = Box::leak(Box::new(Shop::open_with(&[key]).await));
    let mei = shop.owner().await;
    let page = mei.get("/admin/me/second-factor").await;
    let offered = mei.submit(&page, "form[action='/admin/me/second-factor']", &[]).await;
    let page = mei.follow(offered).await;
    let phone = Phone::read(&page);
    let kept: Vec<u8> = sqlx::query_scalar("SELECT offered FROM staff_factors").fetch_one(shop.db()).await.expect("a row");
    let plain = phone.0.secret().as_bytes();
    assert!(!kept.windows(plain.len()).any(|part| part == plain), "what is kept is locked");
    assert_eq!(shop.count("SELECT count(*) FROM settings WHERE key = 'strongbox'").await, 0, "with the operator's key the shop makes none");
    let done = mei.submit(&page, "form[action='/admin/me/second-factor/new']", &[("code", &phone.shows(shop.app.now()))]).await;
    let codes = done.texts(".recovery-codes code");
    shop.app.clock.shift_seconds(60);

    let (_, origin) = shop.second_node().await;
    let stranger = shop.browser_at(&origin);
    let page = stranger.get("/admin/sign-in").await;
    stranger.submit(&page, "form[action='/admin/sign-in']", &[("email", MEI), ("password", PASSWORD)]).await;
    let page = type_code(&stranger, &phone.shows(shop.app.now())).await;
    assert!(page.status == 503 && page.text("#code-error").contains("WHARF_SECRET_KEYS"), "a node without the key says so");
    assert_eq!(type_code(&stranger, &codes[0]).await.status, 303, "and a recovery code needs no key");
    shop.close().await;
}
