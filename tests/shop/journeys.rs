//! Whole stories, as people live them.

use crate::kit::shop_test;
use crate::kit::steps::{ADA, buy, newest_order, number, on_hand, order, order_id, ship_all, statuses, with_cart};

#[tokio::test]
async fn somebody_browses_buys_gets_a_parcel_and_money_back() {
    shop_test(|shop| async move {
        let ada = shop.visitor();
        let home = ada.get("/").await;
        assert_eq!(home.status, 200);
        let collection = ada.get("/collections/table").await;
        assert!(collection.texts(".card-title").iter().any(|title| title.contains("Teapot")), "{:?}", collection.texts(".card-title"));
        let product = ada.get("/products/teapot").await;
        assert_eq!(product.text("h1"), "Teapot");
        let added = ada.submit(&product, "form[action='/cart/lines']", &[("qty", "2")]).await;
        let cart = ada.follow(added).await;
        assert_eq!(cart.text(".summary .total dd"), "€102.95", "two pots and delivery");

        let page = buy(shop, &ada).await;
        assert_eq!(page.text("h1"), "Thank you for your order");
        let number = newest_order(shop).await;
        assert_eq!(statuses(shop, &number).await, ("placed".into(), "paid".into(), "none".into()));
        shop.work().await;
        let letters = shop.mail.to(ADA);
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].header("subject"), format!("Your order {number}"));
        for said in ["4 Quay Street", "D02 X285", "Delivery: ", "Includes 23 % VAT", "/pages/terms", "/pages/returns"] {
            assert!(letters[0].text().contains(said), "what confirms a purchase says {said}: {}", letters[0].text());
        }
        let linked = shop.visitor().get(&letters[0].link("/orders/")).await;
        assert_eq!((linked.status, linked.header("cache-control"), linked.header("referrer-policy")), (200, "no-store", "same-origin"));

        let mei = shop.owner().await;
        let id = order_id(shop, &number).await;
        assert_eq!(ship_all(&mei, &id).await.status, 303);
        shop.work().await;
        assert_eq!(statuses(shop, &number).await.2, "shipped");
        assert_eq!(on_hand(shop, "TEAPOT").await, 8);
        let shipped = shop.mail.to(ADA).pop().expect("a letter");
        assert!(shipped.header("subject").contains("on its way") && shipped.text().contains("3318810025"), "{}", shipped.text());

        let desk = mei.get(&format!("/admin/orders/{id}")).await;
        let line = desk.attrs(&format!("form[action='/admin/orders/{id}/refunds'] input[name^='sent_']"), "name").pop().expect("a line to refund");
        let asked =
            mei.submit(&desk, &format!("form[action='/admin/orders/{id}/refunds']"), &[(&line, "1"), ("restock", "1"), ("reason", "chipped")]).await;
        assert_eq!(asked.text("#sure-title"), "Refund €49.00 to Ada Kern?");
        let refunded = mei.submit(&asked, "form:has(input[name=sure])", &[]).await;
        assert_eq!(refunded.status, 303, "{}", refunded.texts(".errors").join(" "));
        shop.work().await;
        assert_eq!(statuses(shop, &number).await.1, "part_refunded");
        assert_eq!(on_hand(shop, "TEAPOT").await, 9);
        let letter = shop.mail.to(ADA).pop().expect("a letter");
        assert!(letter.header("subject").contains("refund") && letter.text().contains("€49.00"), "{}", letter.text());
        assert!(letter.text().contains("1 × Teapot"), "it says for what: {}", letter.text());
        assert_eq!(shop.mail.to(ADA).len(), 3);
    })
    .await;
}

#[tokio::test]
async fn somebody_pays_on_stripes_page() {
    shop_test(|shop| async move {
        let Some(stripe) = &shop.stripe else { return println!("skipped: shared data absent") };
        let ada = with_cart(shop, "TEAPOT", "1").await;
        let placed = order(&ada, "stripe").await;
        let to = placed.location().expect("on to Stripe");
        assert!(to.starts_with(&stripe.base_url), "{to}");
        let session = stripe.last_session().expect("a session");
        assert!(stripe.pay(&session).await);
        let page = ada.follow(ada.get("/checkout/return").await).await;
        assert_eq!(page.text("h1"), "Thank you for your order");
        shop.work().await;
        let number = newest_order(shop).await;
        assert_eq!(statuses(shop, &number).await, ("placed".into(), "paid".into(), "none".into()));
        assert_eq!((stripe.sessions_created(), stripe.charges(), shop.mail.to(ADA).len()), (1, 1, 1));

        let mei = shop.owner().await;
        let id = order_id(shop, &number).await;
        let desk = mei.get(&format!("/admin/orders/{id}")).await;
        let cancelled = mei.submit(&desk, &format!("form[action='/admin/orders/{id}/cancellation']"), &[("reason", "changed her mind")]).await;
        assert_eq!(cancelled.status, 303, "{}", cancelled.texts(".errors").join(" "));
        shop.work().await;
        assert_eq!(statuses(shop, &number).await, ("cancelled".into(), "refunded".into(), "none".into()));
        assert_eq!(stripe.refunds(), 1);
        assert_eq!(crate::kit::steps::available(shop, "TEAPOT").await, 10);
    })
    .await;
}

#[tokio::test]
async fn somebody_pays_by_bank_transfer() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "TEAPOT", "1").await;
        let page = ada.follow(order(&ada, "bank_transfer").await).await;
        assert!(page.body.contains("IE64 IRCE 9205 0112 3456 78"), "the account is shown");
        shop.work().await;
        let asked = shop.mail.to(ADA)[0].text();
        assert!(asked.contains("IE64IRCE92050112345678") && asked.contains("Please transfer €53.95 by "), "{asked}");
        let mei = shop.owner().await;
        let order_number = newest_order(shop).await;
        let id = order_id(shop, &order_number).await;
        let unpaid = mei.post(&format!("/admin/orders/{id}/parcels"), &[("carrier", "dhl")]).await;
        assert_eq!(unpaid.status, 422, "nothing leaves unpaid");
        let desk = mei.get(&format!("/admin/orders/{id}")).await;
        let paid =
            mei.submit(&desk, &format!("form[action='/admin/orders/{id}/payment']"), &[("amount", "53.95"), ("reference", "statement 12")]).await;
        assert_eq!(paid.status, 303, "{}", paid.texts(".errors").join(" "));
        assert_eq!(statuses(shop, &order_number).await.1, "paid");
        shop.work().await;
        let letters = shop.mail.to(ADA);
        assert_eq!(letters.len(), 2, "the order and the arrival of the money");
        assert!(letters[1].text().contains("your transfer has arrived") && !letters[1].text().contains("IBAN"), "{}", letters[1].text());
        assert_eq!(ship_all(&mei, &id).await.status, 303);
        let _ = number(shop, "TEAPOT").await;
    })
    .await;
}

#[tokio::test]
async fn a_transfer_comes_in_parts_short_or_twice() {
    shop_test(|shop| async move {
        let mei = shop.owner().await;
        let book = async |id: &str, amount: &str, reference: &str| {
            let desk = mei.get(&format!("/admin/orders/{id}")).await;
            let answer = mei.submit(&desk, "form#pay", &[("amount", amount), ("reference", reference)]).await;
            if !answer.has("#sure-title") {
                return answer;
            }
            assert_eq!(answer.text("#sure-title"), format!("Book a transfer of €{amount}?"), "another amount is asked about first");
            mei.submit(&answer, "form:has(input[name=sure])", &[]).await
        };
        let ada = with_cart(shop, "TEAPOT", "1").await;
        let order_page = order(&ada, "bank_transfer").await.location().expect("the order's page");
        let number = newest_order(shop).await;
        let id = order_id(shop, &number).await;
        let old_page = mei.get(&format!("/admin/orders/{id}")).await;
        assert_eq!(book(&id, "20.00", "").await.status, 303);
        assert_eq!(statuses(shop, &number).await.1, "part_paid");
        let page = ada.get(&order_page).await;
        assert_eq!(page.text("h1"), "A part of your transfer has arrived");
        assert!(page.text(".transfer").contains("€33.95 is still missing"), "{}", page.text(".transfer"));
        shop.work().await;
        let letter = shop.mail.to(ADA).pop().expect("a letter").text();
        assert!(letter.contains("€33.95 is still missing") && letter.contains("IE64IRCE92050112345678"), "{letter}");
        let desk = mei.get(&format!("/admin/orders/{id}")).await;
        assert!(!desk.has("form#ship") && desk.text("main").contains("once the rest is paid, or let go"), "nothing leaves before all is paid");
        assert_eq!(mei.post(&format!("/admin/orders/{id}/parcels"), &[("carrier", "dhl")]).await.status, 422);

        let slip = mei.submit(&mei.get(&format!("/admin/orders/{id}")).await, "form#pay", &[("amount", "3395")]).await;
        assert!(
            slip.status == 200 && slip.text("section[aria-labelledby=sure-title]").contains("€3,361.05 more than is to come"),
            "{}",
            slip.text("main")
        );
        assert_eq!(shop.count("SELECT count(*) FROM payment_events WHERE kind = 'captured'").await, 1, "nothing is booked by a slip of the pen");
        let stale = mei.submit(&old_page, "form#pay", &[("amount", "20.00")]).await;
        assert!(stale.status == 422 && stale.text(".errors").contains("Another transfer was booked"), "{}", stale.text(".errors"));
        let same = book(&id, "33.95", &number).await;
        assert!(same.status == 422 && same.has("#pay-reference-error"), "{}", same.text(".errors"));
        assert_eq!(book(&id, "33.95", "").await.status, 303);
        assert_eq!(statuses(shop, &number).await.1, "paid");
        shop.work().await;
        assert!(shop.mail.to(ADA).pop().expect("a letter").text().contains("your transfer has arrived"));
        assert_eq!(book(&id, "33.95", "paid twice").await.status, 303);
        assert_eq!(statuses(shop, &number).await.1, "overpaid");
        let desk = mei.get(&format!("/admin/orders/{id}")).await;
        assert!(desk.text("#payments-title ~ .notice").contains("€33.95 more arrived"), "{}", desk.text("main"));
        let asked = mei.submit(&desk, "form#refund", &[("extra", "33.95"), ("reason", "paid twice")]).await;
        assert_eq!(mei.submit(&asked, "form:has(input[name=sure])", &[]).await.status, 303);
        shop.work().await;
        assert_eq!(ship_all(&mei, &id).await.status, 303);
        assert_eq!(statuses(shop, &number).await.0, "closed", "it all adds up");

        // Four euros short, and not worth asking for.
        let bo = with_cart(shop, "TEAPOT", "1").await;
        order(&bo, "bank_transfer").await;
        let number = newest_order(shop).await;
        let id = order_id(shop, &number).await;
        assert_eq!(book(&id, "49.95", "short").await.status, 303);
        let clerk = shop.staff("cleo@example.com", "Cleo", Some("clerk")).await;
        assert!(!clerk.get(&format!("/admin/orders/{id}")).await.has("form#rest"));
        let desk = mei.get(&format!("/admin/orders/{id}")).await;
        assert_eq!(desk.text("form#rest h3"), "€4.00 missing");
        assert_eq!(mei.submit(&desk, "form#rest", &[("reason", "")]).await.status, 422, "it is said why");
        assert_eq!(mei.submit(&desk, "form#rest", &[("reason", "bank charges")]).await.status, 303);
        assert_eq!(statuses(shop, &number).await.1, "paid");
        assert_eq!(mei.submit(&desk, "form#rest", &[("reason", "again")]).await.status, 422, "once");
        assert!(
            mei.get(&format!("/admin/orders/{id}")).await.texts(".timeline li").iter().any(|text| text.contains("€4.00 of the order was let go"))
        );
        assert_eq!(ship_all(&mei, &id).await.status, 303);
        assert_eq!(statuses(shop, &number).await.0, "closed");

        // What arrives for an order that was cancelled goes back.
        let mo = with_cart(shop, "TEAPOT", "1").await;
        order(&mo, "bank_transfer").await;
        let number = newest_order(shop).await;
        let id = order_id(shop, &number).await;
        assert_eq!(book(&id, "10.00", "first").await.status, 303);
        let desk = mei.get(&format!("/admin/orders/{id}")).await;
        assert_eq!(mei.submit(&desk, "form[action$='/cancellation']", &[("reason", "no longer wanted")]).await.status, 303);
        shop.work().await;
        assert_eq!(statuses(shop, &number).await, ("cancelled".into(), "refunded".into(), "none".into()), "what had come goes back");
        assert_eq!(book(&id, "43.95", "late").await.status, 303);
        let desk = mei.get(&format!("/admin/orders/{id}")).await;
        assert!(desk.text(".notice.bad").contains("Paid after it was cancelled"), "{}", desk.text("main"));
        let asked = mei.submit(&desk, "form#refund", &[("extra", "43.95"), ("reason", "came late")]).await;
        assert_eq!(mei.submit(&asked, "form:has(input[name=sure])", &[]).await.status, 303);
        shop.work().await;
        assert_eq!(statuses(shop, &number).await.1, "refunded");
    })
    .await;
}
