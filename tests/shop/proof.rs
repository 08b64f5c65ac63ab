//! "Is it you?": what is sensitive is asked about when the last proof is older than ten minutes, and nothing typed is lost.

use crate::kit::{Browser, Page, Shop, shop_test};

const PASSWORD: &str = "a long test password";

fn is_asked(page: &Page) -> bool {
    page.status == 422 && page.text("h1") == "Is it you?"
}

async fn id_of(shop: &Shop, email: &str) -> String {
    let id: wharf::base::StaffId =
        sqlx::query_scalar("SELECT id FROM staff WHERE email_key = $1").bind(email).fetch_one(shop.db()).await.expect("staff");
    id.to_string()
}

async fn invite(browser: &Browser, name: &str, email: &str) -> Page {
    let page = browser.get("/admin/staff").await;
    browser.submit(&page, "form[action='/admin/staff']", &[("name", name), ("email", email), ("role", "clerk")]).await
}

#[tokio::test]
async fn a_desk_left_open_invites_nobody_and_the_owner_loses_nothing_typed() {
    shop_test(|shop| async move {
        let mei = shop.owner().await;
        assert_eq!(invite(&mei, "Cleo", "cleo@example.com").await.status, 303, "right after signing in nobody asks");
        shop.app.clock.shift_seconds(601);
        let asked = invite(&mei, "Ann \"the\" Other", "ann@example.com").await;
        assert!(is_asked(&asked) && asked.attr("#proof", "autocomplete") == "current-password", "{}", asked.body);
        assert_eq!(asked.attr("input[name='name']", "value"), "Ann \"the\" Other");
        assert_eq!(shop.count("SELECT count(*) FROM staff").await, 2);
        let form = "form[action='/admin/proof']";
        let wrong = mei.submit(&asked, form, &[("proof", "not the password")]).await;
        assert!(is_asked(&wrong) && wrong.text("#proof-error").contains("not your password") && !wrong.body.contains("not the password"));

        let old = mei.cookie("staff").expect("a session");
        let done = mei.submit(&wrong, form, &[("proof", PASSWORD)]).await;
        assert_eq!(done.location().as_deref(), Some("/admin/staff"), "the form went on by itself");
        assert_eq!(shop.count("SELECT count(*) FROM staff WHERE name = 'Ann \"the\" Other' AND email = 'ann@example.com'").await, 1);
        let stale = shop.visitor().get_with("/admin", &[("cookie", &format!("staff={old}"))]).await;
        assert_eq!((mei.get("/admin").await.status, stale.location().as_deref()), (200, Some("/admin/sign-in")), "a proof makes a new token");
        assert_eq!(invite(&mei, "Eve", "eve@example.com").await.status, 303, "one proof holds for ten minutes");
        shop.app.clock.shift_seconds(601);
        assert!(is_asked(&invite(&mei, "Fay", "fay@example.com").await));
    })
    .await;
}

#[tokio::test]
async fn everything_sensitive_asks() {
    shop_test(|shop| async move {
        let mei = shop.owner().await;
        shop.staff("cleo@example.com", "Cleo", Some("clerk")).await;
        let cleo = id_of(shop, "cleo@example.com").await;
        let page = mei.get(&format!("/admin/staff/{cleo}")).await;
        shop.app.clock.shift_seconds(601);
        let raised = mei.submit(&page, &format!("form[action='/admin/staff/{cleo}']"), &[("role", "owner")]).await;
        assert!(is_asked(&raised) && raised.attr("input[name='role']", "value") == "owner");
        for path in [
            "/admin/staff".to_owned(),
            format!("/admin/staff/{cleo}/invitation"),
            format!("/admin/staff/{cleo}/second-factor/reset"),
            "/admin/me/second-factor".to_owned(),
            "/admin/me/second-factor/new".to_owned(),
            "/admin/me/second-factor/recovery-codes".to_owned(),
            "/admin/me/second-factor/remove".to_owned(),
        ] {
            assert!(is_asked(&mei.post(&path, &[("code", "123456")]).await), "{path}");
        }
        assert_eq!(shop.count("SELECT count(*) FROM staff WHERE role = 'owner'").await + shop.count("SELECT count(*) FROM staff_factors").await, 1);
        let shown = mei.get("/admin/me/second-factor/new").await;
        assert_eq!(shown.location().as_deref(), Some("/admin/me/second-factor"), "nor is a secret shown");

        let own = mei.get("/admin/me").await;
        let change = [("current", "wrong"), ("password", "another long password"), ("repeated", "another long password")];
        assert_eq!(mei.submit(&own, "form[action='/admin/me/password']", &change).await.status, 422, "a password is proved by itself");
        let page = mei.get("/admin/settings/shop").await;
        let form = "form[action='/admin/settings/shop']";
        assert_eq!(mei.submit(&page, form, &[("claim", "Pots and pans")]).await.status, 303, "a claim is not money");
        let page = mei.get("/admin/settings/shop").await;
        let asked = mei.submit(&page, form, &[("bank_iban", "DE89370400440532013000")]).await;
        assert!(is_asked(&asked), "an account is");
        assert_eq!(mei.submit(&asked, "form[action='/admin/proof']", &[("proof", PASSWORD)]).await.status, 303);
        assert!(mei.get("/admin/settings/shop").await.attr("#bank_iban", "value").contains("3704"));
    })
    .await;
}

#[tokio::test]
async fn who_has_a_second_factor_proves_it_by_a_code() {
    shop_test(|shop| async move {
        let mei = shop.owner().await;
        let offered = mei.post("/admin/me/second-factor", &[]).await;
        let page = mei.follow(offered).await;
        let secret = totp_rs::Secret::try_from_base32(page.text("code.secret").replace('-', "")).expect("base32");
        let phone = totp_rs::Builder::new().with_secret(secret).build().expect("an app");
        let shows = || phone.generate(u64::try_from(shop.app.now().unix()).expect("after 1970")).to_string();
        let done = mei.post("/admin/me/second-factor/new", &[("code", &shows())]).await;
        let recovery = done.text(".recovery-codes code");
        shop.app.clock.shift_seconds(601);
        let form = "form[action='/admin/proof']";
        let asked = invite(&mei, "Cleo", "cleo@example.com").await;
        assert!(is_asked(&asked) && asked.attr("#proof", "autocomplete") == "one-time-code" && asked.attr("#proof", "inputmode") == "numeric");
        let by_password = mei.submit(&asked, form, &[("proof", PASSWORD)]).await;
        assert!(is_asked(&by_password), "the password is not enough");
        let code = shows();
        assert_eq!(mei.submit(&by_password, form, &[("proof", &code)]).await.status, 303);
        shop.app.clock.shift_seconds(601);
        let asked = invite(&mei, "Ann", "ann@example.com").await;
        assert!(is_asked(&mei.submit(&asked, form, &[("proof", &code)]).await), "a code counts once");
        assert_eq!(mei.submit(&asked, form, &[("recovery", &recovery)]).await.status, 303);
        assert_eq!(shop.count("SELECT count(*) FROM staff").await, 3);
        shop.work().await;
    })
    .await;
}

#[tokio::test]
async fn a_proof_leads_nowhere_else_and_repeats_no_password() {
    shop_test(|shop| async move {
        let mei = shop.owner().await;
        for elsewhere in ["", "https://evil.example/", "//evil.example", "/checkout", "/admin//x", "/administer"] {
            let page = mei.post("/admin/proof", &[("proof", PASSWORD), ("proof_to", elsewhere)]).await;
            assert_eq!((page.status, page.location()), (404, None), "{elsewhere}");
        }
        let token = wharf::staff::owner_link(shop.db(), shop.app.now()).await.expect("a link");
        sqlx::query("UPDATE staff SET password_hash = NULL").execute(shop.db()).await.expect("forgotten");
        let by_link = shop.visitor();
        let page = by_link.get(&format!("/admin/open/{token}")).await;
        by_link.submit(&page, "form[action^='/admin/open/']", &[]).await;
        let new = [("password", "another long password"), ("repeated", "another long password")];
        shop.app.clock.shift_seconds(601);
        let asked = by_link.post("/admin/me/password", &new).await;
        assert!(is_asked(&asked) && !asked.body.contains("another long") && asked.text("main").contains("wharf link"), "{}", asked.body);
        assert!(is_asked(&by_link.post("/admin/proof", &[("proof", ""), ("proof_to", "/admin/staff")]).await), "nothing is no proof");
        assert_eq!(shop.count("SELECT count(*) FROM staff WHERE password_hash IS NOT NULL").await, 0);
    })
    .await;
}
