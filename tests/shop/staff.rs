//! The staff's doors: one way in for the owner, none for strangers, and who moves money. Which door opens to whom: `permissions`.

use crate::kit::shop_test;
use crate::kit::steps::{buy, newest_order, order_id, with_cart};
use crate::kit::{Browser, Shop};

const PASSWORD: &str = "twelve kettles and a half";

async fn staff_id(shop: &Shop, email: &str) -> String {
    let id: wharf::base::StaffId =
        sqlx::query_scalar("SELECT id FROM staff WHERE email_key = $1").bind(email).fetch_one(shop.db()).await.expect("staff");
    id.to_string()
}

async fn sign_in(browser: &Browser, email: &str, password: &str) -> u16 {
    let page = browser.get("/admin/sign-in").await;
    browser.submit(&page, "form[action='/admin/sign-in']", &[("email", email), ("password", password)]).await.status
}

#[tokio::test]
async fn the_terminals_link_makes_the_owner_once() {
    shop_test(|shop| async move {
        let token = wharf::staff::owner_link(shop.db(), shop.app.now()).await.expect("a link");
        let link = format!("/admin/open/{token}");
        let mei = shop.visitor();
        for _ in 0..2 {
            let page = mei.get(&link).await;
            assert_eq!((page.status, page.header("referrer-policy")), (200, "same-origin"), "looking at it uses nothing up");
        }
        let page = mei.get(&link).await;
        let weak = mei.submit(&page, "form[action^='/admin/open/']", &[("name", "Mei"), ("email", "mei@example.com"), ("password", "short")]).await;
        assert_eq!((weak.status, weak.has("#password-error"), weak.attr("#name", "value").as_str()), (422, true, "Mei"));
        let fields = [("name", "Mei"), ("email", "mei@example.com"), ("password", PASSWORD), ("repeated", PASSWORD)];
        let opened = mei.submit(&weak, "form[action^='/admin/open/']", &fields).await;
        assert_eq!(opened.location().as_deref(), Some("/admin"));
        assert_eq!(mei.get("/admin").await.status, 200);

        let stranger = shop.visitor();
        assert_eq!(stranger.get(&link).await.status, 410);
        assert_eq!((stranger.post(&link, &fields).await.status, stranger.cookie("staff")), (410, None));
        assert_eq!(shop.count("SELECT count(*) FROM staff").await, 1);

        let second = wharf::staff::owner_link(shop.db(), shop.app.now()).await.expect("a link");
        let elsewhere = shop.visitor();
        let page = elsewhere.get(&format!("/admin/open/{second}")).await;
        assert!(page.text("h1").contains("Mei") && !page.has("#password"), "it signs the owner in");
        assert_eq!(elsewhere.submit(&page, "form[action^='/admin/open/']", &[]).await.status, 303);
        assert_eq!(elsewhere.get("/admin").await.status, 200);
        let old = wharf::staff::owner_link(shop.db(), shop.app.now()).await.expect("a link");
        shop.app.clock.shift_seconds(86_401);
        assert_eq!(stranger.get(&format!("/admin/open/{old}")).await.status, 410, "a day later it is over");
        assert_eq!(sign_in(&shop.visitor(), "mei@example.com", PASSWORD).await, 303);
    })
    .await;
}

#[tokio::test]
async fn a_clerk_moves_no_money() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "TEAPOT", "1").await;
        buy(shop, &ada).await;
        let id = order_id(shop, &newest_order(shop).await).await;
        let clerk = shop.staff("cleo@example.com", "Cleo", Some("clerk")).await;
        let desk = clerk.get(&format!("/admin/orders/{id}")).await;
        assert_eq!((desk.status, desk.has("form[action$='/refunds']"), desk.has("form[action$='/cancellation']")), (200, false, false));
        assert!(desk.text("main").contains("Please ask somebody who may refund"), "nothing is offered that is then refused");
        assert_eq!(clerk.post(&format!("/admin/orders/{id}/refunds"), &[("extra", "5"), ("reason", "kind")]).await.status, 403);
        assert_eq!(clerk.post(&format!("/admin/orders/{id}/flag/clear"), &[("reason", "fine")]).await.status, 403);
        let cancelled = clerk.post(&format!("/admin/orders/{id}/cancellation"), &[("reason", "no longer wanted")]).await;
        assert_eq!(cancelled.status, 422);
        assert!(cancelled.text("#cancel-form").contains("somebody who may refund"), "{}", cancelled.texts(".error").join(" "));
        assert_eq!(shop.count("SELECT count(*) FROM refunds").await, 0);
        let manager = shop.staff("max@example.com", "Max", Some("manager")).await;
        let desk = manager.get(&format!("/admin/orders/{id}")).await;
        let asked = manager.submit(&desk, "form[action$='/refunds']", &[("extra", "5"), ("reason", "kind")]).await;
        assert_eq!(manager.submit(&asked, "form:has(input[name=sure])", &[]).await.status, 303);
    })
    .await;
}

#[tokio::test]
async fn a_manager_does_not_touch_owners_and_makes_none() {
    shop_test(|shop| async move {
        let mei = shop.owner().await;
        let manager = shop.staff("max@example.com", "Max", Some("manager")).await;
        let owner = staff_id(shop, "mei@example.com").await;
        let fields = [("name", "Mei"), ("role", "clerk"), ("version", "1")];
        assert_eq!(manager.post(&format!("/admin/staff/{owner}"), &fields).await.status, 403);
        assert!(!manager.get(&format!("/admin/staff/{owner}")).await.has("main form"));
        let page = manager.get("/admin/staff").await;
        assert!(!page.attrs("#role option", "value").contains(&"owner".to_owned()));
        let invited = manager.submit(&page, "form[action='/admin/staff']", &[("name", "Eve"), ("email", "eve@example.com"), ("role", "owner")]).await;
        assert_eq!(invited.status, 422);
        let own = staff_id(shop, "max@example.com").await;
        let page = manager.get(&format!("/admin/staff/{own}")).await;
        let raised = manager.submit(&page, &format!("form[action='/admin/staff/{own}']"), &[("role", "owner")]).await;
        assert_eq!(raised.status, 403, "nobody raises themselves");
        assert_eq!((mei.get("/admin").await.status, shop.count("SELECT count(*) FROM staff WHERE role = 'owner'").await), (200, 1));
    })
    .await;
}

#[tokio::test]
async fn an_invitation_sets_a_password_once() {
    shop_test(|shop| async move {
        let mei = shop.owner().await;
        let page = mei.get("/admin/staff").await;
        let fields = [("name", "Cleo"), ("email", "cleo@example.com"), ("role", "clerk")];
        assert_eq!(mei.submit(&page, "form[action='/admin/staff']", &fields).await.status, 303);
        let twice = mei.submit(&page, "form[action='/admin/staff']", &fields).await;
        assert_eq!((twice.status, twice.has("#email-error")), (422, true), "one person, one account");
        shop.work().await;
        let link = shop.mail.to("cleo@example.com").pop().expect("an invitation").link("/admin/invitation/");
        let cleo = shop.visitor();
        assert_eq!(sign_in(&cleo, "cleo@example.com", "").await, 422, "without a password nobody signs in");
        let page = cleo.get(&link).await;
        let different = cleo.submit(&page, "main form", &[("password", PASSWORD), ("repeated", "something else here")]).await;
        assert_eq!((different.status, different.has("#repeated-error")), (422, true));
        assert_eq!(
            cleo.submit(&different, "main form", &[("password", PASSWORD), ("repeated", PASSWORD)]).await.location().as_deref(),
            Some("/admin")
        );
        assert_eq!((cleo.get("/admin/orders").await.status, cleo.get("/admin/staff").await.status), (200, 403));
        assert_eq!(shop.visitor().get(&link).await.status, 410);
        assert_eq!(sign_in(&shop.visitor(), "cleo@example.com", PASSWORD).await, 303);
    })
    .await;
}

#[tokio::test]
async fn who_is_let_go_is_out_at_once_and_an_owner_always_stays() {
    shop_test(|shop| async move {
        let mei = shop.owner().await;
        let cleo = shop.staff("cleo@example.com", "Cleo", Some("clerk")).await;
        assert_eq!(cleo.get("/admin/orders").await.status, 200);
        let id = staff_id(shop, "cleo@example.com").await;
        let page = mei.get(&format!("/admin/staff/{id}")).await;
        let form = format!("form[action='/admin/staff/{id}']");
        assert_eq!(mei.submit(&page, &form, &[("is_active", "")]).await.status, 303);
        assert_eq!(cleo.get("/admin/orders").await.location().as_deref(), Some("/admin/sign-in"));
        assert_eq!(sign_in(&shop.visitor(), "cleo@example.com", "a long test password").await, 422);
        let stale = mei.submit(&page, &form, &[("name", "Cleopatra")]).await;
        assert_eq!((stale.status, stale.attr("#name", "value").as_str()), (409, "Cleopatra"), "an old page does not undo it, and loses nothing");

        let own = staff_id(shop, "mei@example.com").await;
        for change in [("is_active", ""), ("role", "manager")] {
            let page = mei.get(&format!("/admin/staff/{own}")).await;
            let refused = mei.submit(&page, &format!("form[action='/admin/staff/{own}']"), &[change]).await;
            assert_eq!(refused.status, 422);
            assert!(refused.text("#role-error").contains("last owner"), "{}", refused.texts(".error").join(" "));
        }
        assert_eq!(mei.get("/admin").await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn the_log_says_who_changed_what_from_what_to_what() {
    shop_test(|shop| async move {
        let mei = shop.owner().await;
        let page = mei.get("/admin/settings/shop").await;
        let saved = mei.submit(&page, "form[action='/admin/settings/shop']", &[("claim", "Pots, lamps and cups")]).await;
        assert_eq!(saved.status, 303, "{}", saved.texts(".error").join(" "));
        let log = mei.get("/admin/audit").await;
        let newest = "tbody tr:first-child";
        assert_eq!(log.text(&format!("{newest} td:nth-child(2)")), "Mei");
        assert!(log.text(&format!("{newest} td:nth-child(3)")).contains("settings"), "{}", log.text(newest));
        assert_eq!(log.texts(&format!("{newest} del")), ["Pots and lamps"], "only what changed");
        assert_eq!(log.texts(&format!("{newest} ins")), ["Pots, lamps and cups"]);
        assert!(!mei.get("/admin/audit?entity=no-such-thing").await.has("tbody tr"));
        let raw: String = sqlx::query_scalar("SELECT string_agg(audit_log::text, ' ') FROM audit_log").fetch_one(shop.db()).await.expect("text");
        assert!(!raw.contains("argon2"), "no password is ever in the log");
    })
    .await;
}

#[tokio::test]
async fn guessing_a_password_of_the_staff_is_slowed_down() {
    shop_test(|shop| async move {
        shop.owner().await;
        let guesser = shop.visitor();
        for guess in 0..10 {
            assert_eq!(sign_in(&guesser, "mei@example.com", &format!("guess number {guess}")).await, 422);
        }
        assert_eq!(sign_in(&guesser, "mei@example.com", "a long test password").await, 429);
        shop.app.clock.shift_seconds(901);
        assert_eq!(sign_in(&guesser, "mei@example.com", "a long test password").await, 303);
    })
    .await;
}

#[tokio::test]
async fn staff_end_their_own_sessions() {
    shop_test(|shop| async move {
        let here = shop.owner().await;
        let elsewhere = shop.owner().await;
        let page = here.get("/admin/me").await;
        let end = page.attr("form[action$='/end']", "action");
        assert_eq!(here.post(&end, &[]).await.status, 303);
        assert_eq!(elsewhere.get("/admin").await.location().as_deref(), Some("/admin/sign-in"));
        let again = [("email", "mei@example.com"), ("password", "a long test password")];
        assert_eq!(here.post("/admin/sign-in", &again).await.status, 303);
        assert_eq!(shop.count("SELECT count(*) FROM staff_sessions").await, 1, "a new session takes the place of this browser's old one");
        let page = here.get("/admin").await;
        assert_eq!(here.submit(&page, "form[action='/admin/sign-out']", &[]).await.status, 303);
        assert_eq!(here.get("/admin").await.location().as_deref(), Some("/admin/sign-in"));
    })
    .await;
}
