//! The cart.

use crate::kit::shop_test;
use crate::kit::steps::{number, with_cart};

#[tokio::test]
async fn odd_quantities_get_a_sentence() {
    shop_test(|shop| async move {
        let number = number(shop, "TEAPOT").await;
        for qty in ["-1", "0", "1000000000", "1.5", "١", "1e3", "99999"] {
            let page = shop.visitor().post("/cart/lines", &[("variant", &number), ("qty", qty)]).await;
            assert_eq!(page.status, 422, "{qty}");
            assert!(page.text(".errors").contains("whole number"), "{qty}");
        }
        let ada = with_cart(shop, "TEAPOT", "1").await;
        let cart = ada.get("/cart").await;
        let page = ada.submit(&cart, "form.qty", &[("qty", "-5")]).await;
        assert_eq!(page.status, 422);
        assert_eq!(shop.count("SELECT sum(qty) FROM cart_lines").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_line_can_be_changed_and_removed_by_its_own_visitor_only() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "TEAPOT", "1").await;
        let cart = ada.get("/cart").await;
        let action = cart.attr("form.qty", "action");
        let bo = with_cart(shop, "TEAPOT", "1").await;
        assert_eq!(bo.post(&action, &[("qty", "7")]).await.status, 404);
        assert_eq!(ada.submit(&cart, "form.qty", &[("qty", "3")]).await.status, 303);
        assert_eq!(ada.get("/cart").await.attr("form.qty input", "value"), "3");
        let empty = ada.follow(ada.post(&action, &[("remove", "1")]).await).await;
        assert!(empty.has(".empty") && ada.get("/cart").await.has(".empty"));
        let back = ada.follow(ada.submit(&empty, "form.removed", &[]).await).await;
        assert_eq!(back.attr("form.qty input", "value"), "3", "one slip takes nothing away");
        assert!(!back.has("form.removed") && !ada.get("/cart?removed=x&qty=0").await.has("form.removed"));
    })
    .await;
}

#[tokio::test]
async fn the_menu_counts_what_is_in_the_cart_on_every_page() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "TEAPOT", "4").await;
        let page = ada.get("/products/teapot").await;
        assert_eq!(page.text(".cart-link .count"), "4");
        assert_eq!(page.header("cache-control"), "private, no-cache");
        let stranger = shop.visitor().get("/products/teapot").await;
        assert!(!stranger.has(".cart-link .count"));
        assert!(stranger.header("cache-control").starts_with("public"));
    })
    .await;
}
