//! Nothing is sold twice, nothing is charged that was not shown, nothing typed is lost.

use futures::future::join_all;

use crate::kit::shop_test;
use crate::kit::steps::{ADA, DUBLIN, available, newest_order, order, order_with, put, statuses, with_cart};

#[tokio::test]
async fn of_fifty_parallel_checkouts_for_five_lamps_five_win() {
    shop_test(|shop| async move {
        let browsers = join_all((0..50).map(|_| with_cart(shop, "LAMP-RED-S", "1"))).await;
        let answers = join_all(browsers.iter().map(|browser| order(browser, "test"))).await;
        let won = answers.iter().filter(|page| page.location().is_some_and(|to| to.contains("/pay/test/"))).count();
        assert_eq!(won, 5);
        assert_eq!(shop.count("SELECT count(*) FROM orders").await, 5);
        assert_eq!(available(shop, "LAMP-RED-S").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_form_sent_twenty_times_is_one_order_one_charge_one_letter() {
    shop_test(|shop| async move {
        let Some(stripe) = &shop.stripe else { return println!("skipped: shared data absent") };
        let ada = with_cart(shop, "TEAPOT", "1").await;
        let page = ada.get("/checkout").await;
        let mut fields = DUBLIN.to_vec();
        fields.extend([("payment", "stripe"), ("place", "1")]);
        let answers = join_all((0..20).map(|_| ada.submit(&page, "form.checkout", &fields))).await;
        let places: std::collections::BTreeSet<Option<String>> = answers.iter().map(|page| page.location()).collect();
        assert_eq!(places.len(), 1, "all twenty lead to the same page: {places:?}");
        let session = stripe.last_session().expect("a session");
        stripe.pay(&session).await;
        join_all((0..5).map(|_| ada.get("/checkout/return"))).await;
        shop.work().await;
        assert_eq!(shop.count("SELECT count(*) FROM orders").await, 1);
        assert_eq!((stripe.sessions_created(), stripe.charges(), shop.mail.to(ADA).len()), (1, 1, 1));
        assert_eq!(available(shop, "TEAPOT").await, 9);
    })
    .await;
}

#[tokio::test]
async fn what_is_put_in_twice_counts_together() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "LAMP-BLUE-L", "3").await;
        put(shop, &ada, "LAMP-BLUE-L", "3").await;
        let cart = ada.get("/cart").await;
        assert!(cart.text(".notice.bad").contains("Only 5 are left"), "{}", cart.body);
        assert_eq!(ada.get("/checkout").await.location().as_deref(), Some("/cart"));
    })
    .await;
}

#[tokio::test]
async fn prices_and_discounts_from_the_client_are_ignored() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "TEAPOT", "1").await;
        let placed = order_with(
            &ada,
            "test",
            &[("price", "1"), ("discount", "4800"), ("currency", "JPY"), ("unit_minor", "1"), ("qty", "100"), ("total", "1")],
        )
        .await;
        assert!(placed.location().is_some());
        let (total, currency, discount): (i64, String, i64) =
            sqlx::query_as("SELECT total_minor, currency, items_minor FROM orders").fetch_one(shop.db()).await.expect("one order");
        assert_eq!((total, currency.as_str(), discount), (5_395, "EUR", 4_900));
    })
    .await;
}

#[tokio::test]
async fn a_total_that_changed_is_shown_before_anything_is_ordered() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "TEAPOT", "1").await;
        let page = order_with(&ada, "test", &[("expected_total", "100")]).await;
        assert_eq!(page.status, 409);
        assert!(page.text(".errors").contains("The total has changed"));
        assert_eq!(page.attr("input[name=email]", "value"), ADA, "what was typed is still there");
        assert_eq!(shop.count("SELECT count(*) FROM orders").await, 0);
    })
    .await;
}

#[tokio::test]
async fn the_country_is_chosen_in_the_cart_or_the_other_total_is_explained() {
    shop_test(|shop| async move {
        // Without a script, an order to another country than the total was shown for says both totals.
        let ada = with_cart(shop, "LAMP-BLUE-L", "1").await;
        let page = ada.get("/checkout").await;
        let mut fields = DUBLIN.to_vec();
        fields.retain(|(name, _)| !matches!(*name, "country" | "postcode"));
        fields.extend([("country", "DE"), ("postcode", "10115"), ("payment", "test"), ("place", "1"), ("expected_total", "1"), ("news", "1")]);
        let refused = ada.submit(&page, "form.checkout", &fields).await;
        assert_eq!(refused.status, 409);
        let said = refused.text(".errors");
        assert!(said.contains("Germany") && said.contains("another country") && said.contains("€0.01"), "{said}");
        assert!(refused.has("#terms[checked]"), "what was agreed to stays agreed to");
        assert!(
            ada.submit(&refused, "form.checkout", &[("payment", "test"), ("place", "1")]).await.location().is_some_and(|to| to.contains("/pay/"))
        );

        let bob = with_cart(shop, "TEAPOT", "1").await;
        let cart = bob.get("/cart").await;
        assert_eq!(cart.attr("#deliver-to option[selected]", "value"), "IE");
        let wrong = bob.submit(&cart, "form.deliver-to", &[("country", "US")]).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text(".errors").contains("do not deliver"));
        assert_eq!(bob.submit(&cart, "form.deliver-to", &[("country", "DE")]).await.location().as_deref(), Some("/cart"));
        assert_eq!(bob.get("/cart").await.attr("#deliver-to option[selected]", "value"), "DE");
        let page = bob.get("/checkout").await;
        assert_eq!((page.attr("#country option[selected]", "value").as_str(), page.attr("input[name=shown_for]", "value").as_str()), ("DE", "DE"));
    })
    .await;
}

#[tokio::test]
async fn what_is_more_than_there_is_is_said_as_it_is_put_in() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "LAST-CUP", "1").await;
        let page = ada.follow(ada.post("/cart/lines", &[("variant", &crate::kit::steps::number(shop, "LAST-CUP").await), ("qty", "20")]).await).await;
        assert!(page.text(".flash.is-sorry").contains("not all of it"), "{}", page.body);
        assert!(page.text(".notice.bad").contains("Only 1 is left") || page.text(".notice.bad").contains("left"));
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_the_form_is_named_beside_its_field() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "TEAPOT", "1").await;
        let page = ada.get("/checkout").await;
        let fields =
            [("email", "ada@"), ("name", "Ada Kern"), ("line1", ""), ("city", "Galway"), ("country", "DE"), ("postcode", "123"), ("place", "1")];
        let page = ada.submit(&page, "form.checkout", &fields).await;
        assert_eq!(page.status, 422);
        for field in ["email", "line1", "postcode", "payment", "terms"] {
            assert!(page.has(&format!("#{field}-error")), "{field}");
            assert!(page.has(&format!(".errors a[href='#{field}']")), "{field}");
        }
        assert_eq!((page.attr("#name", "value").as_str(), page.attr("#city", "value").as_str()), ("Ada Kern", "Galway"));
        let again = ada.get("/checkout").await;
        assert_eq!(again.attr("#city", "value"), "Galway", "nothing typed is lost");
    })
    .await;
}

#[tokio::test]
async fn an_invoice_address_is_never_dropped_in_silence() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "TEAPOT", "1").await;
        let page = ada.get("/checkout").await;
        let mut fields = DUBLIN.to_vec();
        fields.extend([("payment", "test"), ("place", "1"), ("billing_name", "Kern Ltd"), ("billing_line1", "9 Dock Road")]);
        fields.extend([("billing_postcode", "D02 X285"), ("billing_city", "Dublin"), ("billing_country", "IE")]);
        let asked = ada.submit(&page, "form.checkout", &fields).await;
        assert_eq!(asked.status, 422);
        assert!(asked.text("#billing_differs-error").contains("Tick the box"), "{}", asked.texts(".errors").join(" "));
        assert!(asked.has("details[open] #billing_name[value='Kern Ltd']"), "it stands open, with what was typed");
        assert_eq!(shop.count("SELECT count(*) FROM orders").await, 0);
        let spanish = [("billing_country", "ES"), ("billing_postcode", "28001"), ("billing_city", "Madrid")];
        let fields = [&spanish[..], &[("billing_differs", "1"), ("place", "1")]].concat();
        let asked = ada.submit(&asked, "form.checkout", &fields).await;
        assert!(asked.has("#billing_region[aria-invalid]"), "Spain has provinces, and there is a field for one: {}", asked.text(".errors"));
        let placed = ada.submit(&asked, "form.checkout", &[("billing_region", "Madrid"), ("place", "1")]).await;
        assert!(placed.location().is_some_and(|to| to.contains("/pay/test/")), "{}", placed.texts(".errors").join(" "));
        assert_eq!(shop.count("SELECT count(*) FROM orders WHERE billing_address ->> 'region' = 'Madrid'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn somewhere_we_do_not_deliver_is_said_in_words() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "TEAPOT", "1").await;
        let page = ada.get("/checkout").await;
        let mut fields = DUBLIN.to_vec();
        fields.retain(|(name, _)| !matches!(*name, "country" | "postcode"));
        fields.extend([("country", "US"), ("postcode", "10001"), ("region", "NY"), ("payment", "test"), ("place", "1")]);
        let page = ada.submit(&page, "form.checkout", &fields).await;
        assert_eq!(page.status, 422);
        assert!(page.text("#country-error").contains("do not deliver"));
    })
    .await;
}

#[tokio::test]
async fn cancelling_the_payment_opens_the_cart_again() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "LAST-CUP", "1").await;
        order(&ada, "test").await;
        assert_eq!(available(shop, "LAST-CUP").await, 0);
        let number = newest_order(shop).await;
        let cart = ada.get("/cart").await;
        assert!(cart.body.contains("waiting for its payment"));
        let waiting = ada.get("/checkout").await;
        let back = ada.submit(&waiting, "form[action='/checkout/cancellation']", &[]).await;
        assert_eq!(back.location().as_deref(), Some("/cart"));
        assert_eq!(statuses(shop, &number).await.0, "expired");
        assert_eq!(available(shop, "LAST-CUP").await, 1);
        assert!(order(&ada, "test").await.location().is_some_and(|to| to.contains("/pay/test/")), "and it can be ordered again");
    })
    .await;
}

#[tokio::test]
async fn who_comes_back_without_paying_goes_on_where_they_were() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "TEAPOT", "1").await;
        let to = order(&ada, "test").await.location().expect("to the payment page");
        let waiting = ada.get(&ada.get(&to).await.attr("main a[href$='/checkout']", "href")).await;
        assert_eq!(waiting.text("h1"), "Your payment is open");
        let again = ada.submit(&waiting, "form[action='/checkout/payment']", &[]).await;
        assert_eq!(again.location().as_deref(), Some(to.as_str()), "the same payment page");
        assert!(ada.get(&to).await.has("button[value=pay]"), "and it still takes the payment");
    })
    .await;
}

#[tokio::test]
async fn a_payment_that_ran_out_leads_back_to_an_open_checkout() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "LAST-CUP", "1").await;
        order(&ada, "test").await;
        let waiting = ada.get("/checkout").await;
        sqlx::query("UPDATE test_sessions SET state = 'expired'").execute(shop.db()).await.expect("the provider lets it run out");
        let back = ada.submit(&waiting, "form[action='/checkout/payment']", &[]).await;
        assert_eq!(back.location().as_deref(), Some("/checkout"));
        let page = ada.follow(back).await;
        assert!(page.text(".flash").contains("nothing was charged"), "{}", page.body);
        assert_eq!((page.text("h1").as_str(), page.attr("input[name=email]", "value").as_str()), ("Checkout", ADA));
        let to = order(&ada, "test").await.location().expect("ordered again");
        sqlx::query("UPDATE test_sessions SET state = 'paid' WHERE state = 'open'").execute(shop.db()).await.expect("paid, and nobody told us");
        assert!(ada.get("/checkout").await.location().is_some_and(|to| to.starts_with("/orders/")), "{to}");
    })
    .await;
}

#[tokio::test]
async fn a_price_that_changed_in_the_cart_is_said() {
    shop_test(|shop| async move {
        let ada = with_cart(shop, "TEAPOT", "1").await;
        ada.get("/cart").await;
        sqlx::query("UPDATE prices SET amount_minor = 5500 WHERE variant_id = (SELECT id FROM variants WHERE sku = 'TEAPOT')")
            .execute(shop.db())
            .await
            .expect("a new price");
        let cart = ada.get("/cart").await;
        assert!(cart.body.contains("When you last looked it was €49.00"), "{}", cart.body);
    })
    .await;
}
