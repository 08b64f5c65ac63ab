//! Who may see what: guests, other customers, forged forms, other hosts.

use crate::kit::shop_test;
use crate::kit::steps::{ADA, buy, newest_order, with_cart};

#[tokio::test]
async fn an_order_opens_only_with_its_own_token() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "TEAPOT", "1").await;
        buy(shop, &ada).await;
        shop.work().await;
        let link = shop.mail.to(ADA)[0].link("/orders/");
        let stranger = shop.visitor();
        assert_eq!(stranger.get(&link).await.status, 200);
        let number = newest_order(shop).await;
        let cut = &link[..link.len() - 1];
        for path in [
            cut,
            "/orders/",
            "/orders/x",
            &format!("/orders/{number}"),
            &format!("{link}a"),
            &link.to_uppercase(),
            &format!("/account/orders/{number}"),
        ] {
            let page = stranger.get(path).await;
            assert!(page.status != 200, "{path}: {}", page.status);
            assert!(!page.body.contains("Ada Kern"), "{path}");
        }
        shop.app.clock.shift_seconds(401 * 86_400);
        assert_eq!(stranger.get(&link).await.status, 404, "links end");
    })
    .await;
}

#[tokio::test]
async fn forged_forms_are_refused() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "TEAPOT", "1").await;
        let number = crate::kit::steps::number(shop, "TEAPOT").await;
        assert_eq!(ada.forged_post("/cart/lines", &[("variant", &number), ("qty", "5")]).await.status, 403);
        let cookie = format!("cart={}", ada.cookie("cart").expect("a cart"));
        let silent = ada
            .post_raw("/cart/lines", &[("cookie", &cookie), ("content-type", "application/x-www-form-urlencoded")], b"variant=1&qty=1".to_vec())
            .await;
        assert_eq!(silent.status, 403, "neither header, but a session");
        assert_eq!(shop.count("SELECT sum(qty) FROM cart_lines").await, 1);
    })
    .await;
}

#[tokio::test]
async fn another_host_is_not_ours() {
    shop_test(|shop| async move {
        for host in ["evil.example", "127.0.0.1:1", ""] {
            assert_eq!(shop.visitor().get_with("/", &[("host", host)]).await.status, 421, "{host}");
        }
        assert_eq!(shop.visitor().get_with("/healthz", &[("host", "probe")]).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    shop_test(|shop| async move {
        for path in ["/", "/cart", "/nowhere", "/admin/sign-in", "/static/none.css"] {
            let page = shop.visitor().get(path).await;
            let csp = page.header("content-security-policy");
            assert!(
                csp.contains("script-src 'self'")
                    && csp.contains("object-src 'none'")
                    && csp.contains("frame-ancestors 'none'")
                    && !csp.contains("unsafe"),
                "{path}: {csp}"
            );
            assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
            assert!(!page.header("x-request-id").is_empty(), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn pages_that_do_not_exist_say_so_in_the_shops_frame() {
    shop_test(|shop| async move {
        for path in ["/nowhere", "/products/nothing", "/collections/nothing", "/pages/nothing", "/pay/test/x"] {
            let page = shop.visitor().get(path).await;
            assert_eq!(
                (page.status, page.has("header.site-header"), page.attr("meta[name=robots]", "content").as_str()),
                (404, true, "noindex"),
                "{path}"
            );
        }
        assert_eq!(shop.visitor().get("/metrics").await.status, 404);
        assert_eq!(shop.visitor().get("/products/teapot/").await.location().as_deref(), Some("/products/teapot"));
    })
    .await;
}

#[tokio::test]
async fn the_books_and_the_machine_room_are_not_public() {
    shop_test(|shop| async move {
        for path in [
            "/admin",
            "/admin/orders",
            "/admin/products",
            "/admin/settings",
            "/admin/staff",
            "/admin/mails",
            "/admin/jobs",
            "/admin/audit",
            "/admin/customers",
        ] {
            let page = shop.visitor().get(path).await;
            assert_eq!((page.status, page.location().as_deref()), (303, Some("/admin/sign-in")), "{path}");
        }
    })
    .await;
}
