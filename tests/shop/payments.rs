//! Money: what a provider says is written down once, in any order, and only if it is the order's.

use std::time::{Duration, Instant};

use crate::kit::shop_test;
use crate::kit::steps::{ADA, available, buy, newest_order, order, statuses, stock, with_cart};

#[tokio::test]
async fn a_message_that_comes_before_between_and_after_changes_nothing_twice() {
    shop_test(|shop| async move {
        let Some(stripe) = &shop.stripe else { return println!("skipped: shared data absent") };
        let ada = with_cart(shop, "TEAPOT", "1").await;
        order(&ada, "stripe").await;
        let session = stripe.last_session().expect("a session");
        stripe.hold_webhooks(true);
        stripe.pay(&session).await;
        let (body, signature) = stripe.webhook_for(&session, "checkout.session.completed");
        for _ in 0..6 {
            let page = shop.visitor().post_raw("/webhooks/stripe", &[("stripe-signature", &signature)], body.clone()).await;
            assert_eq!(page.status, 200);
        }
        shop.work().await;
        ada.get("/checkout/return").await;
        shop.work().await;
        assert_eq!(statuses(shop, &newest_order(shop).await).await, ("placed".into(), "paid".into(), "none".into()));
        assert_eq!(shop.count("SELECT count(*) FROM payment_events WHERE kind = 'captured'").await, 1);
        assert_eq!(shop.mail.to(ADA).len(), 1);
        assert_eq!(shop.count("SELECT count(*) FROM webhooks").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_lost_message_is_made_up_for_by_the_sweeper() {
    shop_test(|shop| async move {
        let Some(stripe) = &shop.stripe else { return println!("skipped: shared data absent") };
        let ada = with_cart(shop, "TEAPOT", "1").await;
        order(&ada, "stripe").await;
        stripe.hold_webhooks(true);
        stripe.pay(&stripe.last_session().expect("a session")).await;
        shop.pass(300).await;
        assert_eq!(statuses(shop, &newest_order(shop).await).await.1, "paid");
    })
    .await;
}

#[tokio::test]
async fn forged_old_and_altered_messages_are_refused() {
    shop_test(|shop| async move {
        let Some(stripe) = &shop.stripe else { return println!("skipped: shared data absent") };
        let ada = with_cart(shop, "TEAPOT", "1").await;
        order(&ada, "stripe").await;
        let session = stripe.last_session().expect("a session");
        let (body, signature) = stripe.webhook_for(&session, "checkout.session.completed");
        let post =
            async |signature: &str, body: Vec<u8>| shop.visitor().post_raw("/webhooks/stripe", &[("stripe-signature", signature)], body).await.status;
        assert_eq!(post("", body.clone()).await, 400);
        assert_eq!(post("t=1,v1=00", body.clone()).await, 400);
        let mut altered = body.clone();
        altered.push(b' ');
        assert_eq!(post(&signature, altered).await, 400);
        shop.app.clock.shift_seconds(400);
        assert_eq!(post(&signature, body.clone()).await, 400, "too old");
        shop.app.clock.shift_seconds(-400);
        // Authentic, but nothing was paid: the provider is asked, and says so.
        assert_eq!(post(&signature, body).await, 200);
        shop.work().await;
        assert_ne!(statuses(shop, &newest_order(shop).await).await.1, "paid");
    })
    .await;
}

#[tokio::test]
async fn another_amount_is_flagged_and_not_booked_as_paid() {
    shop_test(|shop| async move {
        let Some(stripe) = &shop.stripe else { return println!("skipped: shared data absent") };
        let ada = with_cart(shop, "TEAPOT", "1").await;
        order(&ada, "stripe").await;
        stripe.pay_other_amount(&stripe.last_session().expect("a session"), 1).await;
        shop.work().await;
        let number = newest_order(shop).await;
        assert_ne!(statuses(shop, &number).await.1, "paid");
        let flag: Option<String> = sqlx::query_scalar("SELECT flag FROM orders").fetch_one(shop.db()).await.expect("an order");
        assert!(flag.is_some_and(|flag| flag.contains("not the amount")));
        assert_eq!(shop.mail.to(ADA).len(), 0);
    })
    .await;
}

#[tokio::test]
async fn an_unpaid_session_ends_and_the_goods_go_back() {
    shop_test(|shop| async move {
        let Some(stripe) = &shop.stripe else { return println!("skipped: shared data absent") };
        let ada = with_cart(shop, "LAST-CUP", "1").await;
        order(&ada, "stripe").await;
        assert_eq!(available(shop, "LAST-CUP").await, 0);
        shop.pass(40 * 60).await;
        assert_eq!(statuses(shop, &newest_order(shop).await).await.0, "expired");
        assert_eq!(available(shop, "LAST-CUP").await, 1);
        assert_eq!(stripe.charges(), 0);
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_got_lost_is_asked_for_again_with_the_same_key() {
    shop_test(|shop| async move {
        let Some(stripe) = &shop.stripe else { return println!("skipped: shared data absent") };
        let ada = with_cart(shop, "TEAPOT", "1").await;
        stripe.drop_answers(1);
        let page = ada.follow(order(&ada, "stripe").await).await;
        assert!(page.text(".flash").contains("no clear answer"), "{}", page.body);
        let again = ada.submit(&page, "form[action='/checkout/payment']", &[]).await;
        assert!(again.location().is_some_and(|to| to.starts_with(&stripe.base_url)));
        assert_eq!(stripe.sessions_created(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_does_not_answer_holds_nobody_else_up_and_costs_no_order() {
    // More shoppers than the node has connections to Postgres.
    const WAITING: usize = 20;
    shop_test(|shop| async move {
        let Some(stripe) = &shop.stripe else { return println!("skipped: shared data absent") };
        stock(shop.db(), "TEAPOT", 40).await;
        let mut carts = Vec::new();
        for _ in 0..WAITING {
            carts.push(with_cart(shop, "TEAPOT", "1").await);
        }
        let other = with_cart(shop, "TEAPOT", "1").await;
        stripe.answer_after(Duration::from_secs(60));
        let began = Instant::now();
        let waiting = futures::future::join_all(carts.iter().map(async |ada| (ada.follow(order(ada, "stripe").await).await, began.elapsed())));
        let meanwhile = async {
            tokio::time::sleep(Duration::from_secs(2)).await;
            let asked = Instant::now();
            buy(shop, &other).await;
            asked.elapsed()
        };
        let (waited, elsewhere) = futures::join!(waiting, meanwhile);
        assert!(elsewhere < Duration::from_secs(5), "who paid elsewhere waited {elsewhere:?}");
        for (page, took) in &waited {
            assert!(page.text(".flash").contains("no clear answer"), "{}", page.body);
            assert!(*took < Duration::from_secs(25), "told after {took:?}");
        }
        stripe.answer_after(Duration::ZERO);
        for (ada, (page, _)) in carts.iter().zip(&waited) {
            let again = ada.submit(page, "form[action='/checkout/payment']", &[]).await;
            assert!(again.location().is_some_and(|to| to.starts_with(&stripe.base_url)), "{}", again.body);
        }
        assert_eq!(stripe.sessions_created(), WAITING, "every order found the session that had been made for it");
        assert_eq!(shop.count("SELECT count(*) FROM orders").await, 1 + i64::try_from(WAITING).expect("few"));
    })
    .await;
}

#[tokio::test]
async fn every_choice_of_the_test_provider_ends_as_it_says() {
    shop_test(|shop| async move {
        for (choice, status, payment) in [("pay", "placed", "paid"), ("decline", "expired", "none"), ("expire", "expired", "none")] {
            let ada = with_cart(shop, "TEAPOT", "1").await;
            let to = order(&ada, "test").await.location().expect("to the test page");
            let back = ada.post(&to, &[("choice", choice)]).await;
            let page = ada.follow(back).await;
            let said = page.text(".flash");
            match choice {
                "decline" => assert!(said.contains("was declined"), "{said}"),
                "expire" => assert!(said.contains("not finished in time"), "{said}"),
                _ => {}
            }
            let (order_status, payment_status, _) = statuses(shop, &newest_order(shop).await).await;
            assert_eq!((order_status.as_str(), payment_status.as_str()), (status, payment), "{choice}");
            let list = shop.owner().await.get("/admin/orders?view=all").await;
            let told = if choice == "decline" {
                "declined"
            } else if choice == "pay" {
                "paid"
            } else {
                "not paid"
            };
            assert_eq!(list.text("tbody tr:first-child [data-label=Payment]"), told, "{choice}");
        }
        for (choice, status, payment) in [("pending-paid", "placed", "paid"), ("pending-failed", "expired", "none")] {
            let ada = with_cart(shop, "TEAPOT", "1").await;
            let to = order(&ada, "test").await.location().expect("to the test page");
            let page = ada.follow(ada.post(&to, &[("choice", choice)]).await).await;
            assert_eq!(page.text("h1"), "Your payment is on its way", "{choice}");
            let number = newest_order(shop).await;
            shop.pass(240).await;
            let (order_status, payment_status, _) = statuses(shop, &number).await;
            assert_eq!((order_status.as_str(), payment_status.as_str()), (status, payment), "{choice}");
        }
        shop.pass(40 * 60).await;
        // Who waits on the order's page learns of it there, without a job in between.
        let ada = with_cart(shop, "TEAPOT", "1").await;
        let to = order(&ada, "test").await.location().expect("to the test page");
        let waits = ada.post(&to, &[("choice", "pending-paid")]).await;
        let path = ada.get(&waits.location().expect("back to the shop")).await.location().expect("the order's page");
        let there = ada.get(&path).await;
        assert_eq!((there.text("h1").as_str(), there.has("meta[http-equiv=refresh]")), ("Your payment is on its way", true));
        shop.app.clock.shift_seconds(240);
        assert_eq!(ada.get(&path).await.text("h1"), "Thank you for your order");
    })
    .await;
}

#[tokio::test]
async fn a_refund_is_never_more_than_was_paid_however_many_ask() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "TEAPOT", "2").await;
        buy(shop, &ada).await;
        let mei = shop.owner().await;
        let id = crate::kit::steps::order_id(shop, &newest_order(shop).await).await;
        let path = format!("/admin/orders/{id}/refunds");
        let answers =
            futures::future::join_all((0..10).map(|_| mei.post(&path, &[("extra", "60.00"), ("reason", "goodwill"), ("sure", "6000")]))).await;
        assert_eq!(answers.iter().filter(|page| page.status == 303).count(), 1);
        shop.work().await;
        assert_eq!(shop.count("SELECT sum(amount_minor)::bigint FROM refunds").await, 6_000);
        let page = mei.post(&path, &[("extra", "60.00"), ("reason", "again")]).await;
        assert_eq!(page.status, 422);
        assert!(page.text(".errors").contains("€42.95"), "{}", page.text(".errors"));
    })
    .await;
}

#[tokio::test]
async fn paid_after_all_wins_where_the_goods_are_still_there() {
    shop_test(|shop| async move {
        if shop.stripe.is_none() {
            return println!("skipped: shared data absent");
        }
        let ada = with_cart(shop, "LAST-CUP", "1").await;
        order(&ada, "stripe").await;
        let number = newest_order(shop).await;
        shop.pass(40 * 60).await;
        assert_eq!(statuses(shop, &number).await.0, "expired");
        let id = crate::kit::steps::order_id(shop, &number).await.parse().map(wharf::base::OrderId::from_uuid).expect("an id");
        let mut db = shop.db().acquire().await.expect("a connection");
        let payment = wharf::payments::of_order(&mut *db, id).await.expect("read").pop().expect("a payment");
        let paid = wharf::payments::Standing::Paid { amount: payment.amount(), payment_reference: "pi_late".into() };
        wharf::orders::commit(shop.db(), payment.id, &paid, shop.app.now()).await.expect("written down");
        assert_eq!(statuses(shop, &number).await, ("placed".into(), "paid".into(), "none".into()));
        assert_eq!(available(shop, "LAST-CUP").await, 0);
        assert!(ada.get("/cart").await.body.contains("empty"), "the cart is not ordered a second time");
    })
    .await;
}
