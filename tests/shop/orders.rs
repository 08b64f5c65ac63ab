//! What happens to an order after it was placed: parcels, money back, cancelling, finding it again.

use futures::future::join_all;

use crate::kit::steps::{ADA, available, buy, newest_order, on_hand, order, order_id, ship_all, statuses, with_cart};
use crate::kit::{Browser, Page, Shop, shop_test};

/// A paid order of so many pieces; gives number and id.
async fn paid(shop: &Shop, sku: &str, qty: &str) -> (String, String) {
    let ada = with_cart(shop, sku, qty).await;
    buy(shop, &ada).await;
    shop.work().await;
    let number = newest_order(shop).await;
    let id = order_id(shop, &number).await;
    (number, id)
}

async fn desk_of(desk: &Browser, id: &str) -> Page {
    desk.get(&format!("/admin/orders/{id}")).await
}

/// Ships so many pieces of the only line.
async fn ship(desk: &Browser, page: &Page, qty: &str) -> Page {
    let line = page.attr("form#ship input[name^='ship_']", "name");
    desk.submit(page, "form#ship", &[(&line, qty), ("carrier", "dhl"), ("tracking", "")]).await
}

/// Gives so many pieces of the only line back: of those that were `sent`, or were not (`unsent`).
async fn refund(desk: &Browser, id: &str, which: &str, qty: &str, restock: bool) -> Page {
    let page = desk_of(desk, id).await;
    let line = page.attr(&format!("form#refund input[name^='{which}_']"), "name");
    let mut fields = vec![(line.as_str(), qty), ("reason", "chipped")];
    if restock {
        fields.push(("restock", "yes"));
    }
    let asked = desk.submit(&page, "form#refund", &fields).await;
    sure(desk, asked).await
}

/// Says yes to the amount that is asked about; where nothing is asked, the page as it is.
async fn sure(desk: &Browser, page: Page) -> Page {
    if !page.has("input[name=sure]") {
        return page;
    }
    desk.submit(&page, "form:has(input[name=sure])", &[]).await
}

fn owned((order, payment, fulfilment): (&str, &str, &str)) -> (String, String, String) {
    (order.into(), payment.into(), fulfilment.into())
}

#[tokio::test]
async fn an_order_leaves_in_two_parcels_and_arrives_in_two() {
    shop_test(|shop| async move {
        let (number, id) = paid(shop, "TEAPOT", "3").await;
        let mei = shop.owner().await;
        let page = desk_of(&mei, &id).await;
        assert_eq!(page.attr("form#ship input[name^='ship_']", "value"), "3", "all of it is the first choice");
        assert_eq!(ship(&mei, &page, "4").await.status, 422, "no more than is open");
        assert_eq!(ship(&mei, &page, "0").await.status, 422, "no empty parcel");
        assert_eq!(ship(&mei, &page, "2").await.status, 303);
        assert_eq!(statuses(shop, &number).await, owned(("placed", "paid", "part_shipped")));
        assert_eq!((on_hand(shop, "TEAPOT").await, available(shop, "TEAPOT").await), (8, 7));
        shop.work().await;
        let first = shop.mail.to(ADA).pop().expect("a letter");
        assert!(
            first.header("subject").starts_with("A part of your order") && first.text().contains("The rest of your order follows"),
            "{}",
            first.text()
        );
        let twice = ship(&mei, &page, "1").await;
        assert_eq!(twice.status, 422);
        assert!(twice.text("#ship-form").contains("Another parcel left"), "an old page ships nothing");

        let page = desk_of(&mei, &id).await;
        assert_eq!(page.attr("form#ship input[name^='ship_']", "value"), "1");
        assert_eq!(ship(&mei, &page, "1").await.status, 303);
        assert_eq!(statuses(shop, &number).await.2, "shipped");
        assert_eq!((on_hand(shop, "TEAPOT").await, available(shop, "TEAPOT").await), (7, 7));
        shop.work().await;
        assert_eq!(shop.mail.to(ADA).iter().filter(|letter| letter.header("subject").contains("on its way")).count(), 2, "a letter for each parcel");

        let page = desk_of(&mei, &id).await;
        assert!(!page.has("form#ship"), "nothing is left to ship");
        let arrivals = page.attrs("form[action$='/delivery']", "action");
        assert_eq!(arrivals.len(), 2);
        assert_eq!(mei.submit(&page, &format!("form[action='{}']", arrivals[0]), &[]).await.status, 303);
        assert_eq!(statuses(shop, &number).await.2, "shipped", "one is still on its way");
        for _ in 0..2 {
            assert_eq!(mei.submit(&page, &format!("form[action='{}']", arrivals[1]), &[]).await.status, 303, "noting it twice does no harm");
        }
        assert_eq!(statuses(shop, &number).await.2, "delivered");
    })
    .await;
}

#[tokio::test]
async fn refunds_of_a_line_add_up_to_the_line() {
    shop_test(|shop| async move {
        sqlx::query("UPDATE prices SET amount_minor = 3333 WHERE variant_id = (SELECT id FROM variants WHERE sku = 'TEAPOT')")
            .execute(shop.db())
            .await
            .expect("an odd price");
        let (number, id) = paid(shop, "TEAPOT", "3").await;
        let mei = shop.owner().await;
        for qty in ["1", "2"] {
            let page = refund(&mei, &id, "unsent", qty, false).await;
            assert_eq!(page.status, 303, "{}", page.texts(".error").join(" "));
            shop.work().await;
        }
        assert_eq!(shop.count("SELECT sum(amount_minor)::bigint FROM refunds").await, 9_999);
        assert_eq!(statuses(shop, &number).await.1, "part_refunded", "delivery was not given back");
        let page = desk_of(&mei, &id).await;
        assert!(!page.has("form#refund input[name*='sent_']"), "no piece is left");
        let too_much = mei.submit(&page, "form#refund", &[("extra", "100"), ("reason", "kind")]).await;
        assert_eq!((too_much.status, too_much.has("#refund-extra-error")), (422, true), "never more than was taken");
        let delivery = shop.count("SELECT delivery_minor FROM orders").await;
        let rest = format!("{}.{:02}", delivery / 100, delivery % 100);
        let asked = mei.submit(&page, "form#refund", &[("extra", &rest), ("reason", "kind")]).await;
        assert!(asked.text("#sure-title").contains(&rest), "the amount is said first: {}", asked.text("#sure-title"));
        assert_eq!(shop.count("SELECT sum(amount_minor)::bigint FROM refunds").await, 9_999, "and nothing is done before the answer");
        assert_eq!(sure(&mei, asked).await.status, 303);
        shop.work().await;
        assert_eq!(statuses(shop, &number).await.1, "refunded");
        assert!(!desk_of(&mei, &id).await.has("form#refund"));
    })
    .await;
}

#[tokio::test]
async fn a_refund_sent_twice_pays_once() {
    shop_test(|shop| async move {
        let (_, id) = paid(shop, "TEAPOT", "2").await;
        let mei = shop.owner().await;
        let page = desk_of(&mei, &id).await;
        let line = page.attr("form#refund input[name^='unsent_']", "name");
        let fields = [(line.as_str(), "1"), ("reason", "chipped")];
        let asked = mei.submit(&page, "form#refund", &fields).await;
        let answers = join_all((0..5).map(|_| mei.submit(&asked, "form:has(input[name=sure])", &[]))).await;
        assert_eq!(answers.iter().filter(|page| page.status == 303).count(), 1);
        shop.work().await;
        assert_eq!(shop.count("SELECT sum(amount_minor)::bigint FROM refunds WHERE state = 'succeeded'").await, 4_900);
    })
    .await;
}

#[tokio::test]
async fn what_was_sent_comes_back_on_the_shelf_and_what_was_not_stays_there() {
    shop_test(|shop| async move {
        let (number, id) = paid(shop, "TEAPOT", "3").await;
        let mei = shop.owner().await;
        let page = desk_of(&mei, &id).await;
        ship(&mei, &page, "1").await;
        assert_eq!((on_hand(shop, "TEAPOT").await, available(shop, "TEAPOT").await), (9, 7));
        assert_eq!(refund(&mei, &id, "sent", "2", true).await.status, 422, "one was sent");
        assert_eq!(refund(&mei, &id, "sent", "1", true).await.status, 303);
        assert_eq!((on_hand(shop, "TEAPOT").await, available(shop, "TEAPOT").await), (10, 8), "the shipped one is back");
        assert_eq!(refund(&mei, &id, "unsent", "1", true).await.status, 303);
        assert_eq!((on_hand(shop, "TEAPOT").await, available(shop, "TEAPOT").await), (10, 9), "it never left, and is free again");

        let page = desk_of(&mei, &id).await;
        assert!(!page.has("form#refund input[name^='sent_']"), "none of those sent is left");
        assert_eq!(page.attr("form#ship input[name^='ship_']", "max"), "1", "what was refunded is not sent");
        assert_eq!(ship(&mei, &page, "2").await.status, 422);
        assert_eq!(ship(&mei, &page, "1").await.status, 303);
        shop.work().await;
        assert_eq!(statuses(shop, &number).await, owned(("closed", "part_refunded", "shipped")));
        assert_eq!((on_hand(shop, "TEAPOT").await, available(shop, "TEAPOT").await), (9, 9));
    })
    .await;
}

#[tokio::test]
async fn what_arrived_counts_when_the_rest_will_not_be_sent() {
    shop_test(|shop| async move {
        let (number, id) = paid(shop, "TEAPOT", "2").await;
        let mei = shop.owner().await;
        let page = desk_of(&mei, &id).await;
        ship(&mei, &page, "1").await;
        let arrival = desk_of(&mei, &id).await.attr("form[action$='/delivery']", "action");
        assert_eq!(mei.post(&arrival, &[]).await.status, 303);
        assert_eq!(statuses(shop, &number).await, owned(("placed", "paid", "part_shipped")));
        assert_eq!(refund(&mei, &id, "unsent", "1", false).await.status, 303);
        shop.work().await;
        assert_eq!(statuses(shop, &number).await, owned(("closed", "part_refunded", "delivered")));
    })
    .await;
}

#[tokio::test]
async fn an_order_refunded_before_anything_left_is_over() {
    shop_test(|shop| async move {
        let (number, id) = paid(shop, "TEAPOT", "2").await;
        let mei = shop.owner().await;
        assert_eq!(refund(&mei, &id, "unsent", "2", false).await.status, 303);
        shop.work().await;
        assert_eq!(statuses(shop, &number).await, owned(("closed", "part_refunded", "none")));
        assert_eq!(available(shop, "TEAPOT").await, 10);
        let page = desk_of(&mei, &id).await;
        assert!(!page.has("form#ship"));
        assert!(mei.get("/admin/orders?view=to-ship").await.texts("tbody th a").is_empty());
    })
    .await;
}

#[tokio::test]
async fn of_ten_simultaneous_cancellations_one_wins() {
    shop_test(|shop| async move {
        let (number, id) = paid(shop, "TEAPOT", "2").await;
        let mei = shop.owner().await;
        let page = desk_of(&mei, &id).await;
        let answers = join_all((0..10).map(|_| mei.submit(&page, "form[action$='/cancellation']", &[("reason", "no longer wanted")]))).await;
        assert_eq!(answers.iter().filter(|page| page.status == 303).count(), 1);
        assert!(
            answers.iter().filter(|page| page.status != 303).all(|page| page.status == 422 && page.text("#cancel-form").contains("over already"))
        );
        shop.work().await;
        assert_eq!(statuses(shop, &number).await, owned(("cancelled", "refunded", "none")));
        assert_eq!(shop.count("SELECT sum(amount_minor)::bigint FROM refunds").await, shop.count("SELECT total_minor FROM orders").await);
        assert_eq!((available(shop, "TEAPOT").await, on_hand(shop, "TEAPOT").await), (10, 10));
        assert_eq!(shop.mail.to(ADA).iter().filter(|letter| letter.header("subject").contains("cancelled")).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_has_left_is_not_cancelled() {
    shop_test(|shop| async move {
        let (number, id) = paid(shop, "TEAPOT", "2").await;
        let mei = shop.owner().await;
        let page = desk_of(&mei, &id).await;
        ship(&mei, &page, "1").await;
        let refused = mei.submit(&page, "form[action$='/cancellation']", &[("reason", "no longer wanted")]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text("#cancel-form").contains("has left the house"), "{}", refused.texts(".errors").join(" "));
        assert_eq!(statuses(shop, &number).await, owned(("placed", "paid", "part_shipped")));
        assert!(!desk_of(&mei, &id).await.has("form[action$='/cancellation']"));
    })
    .await;
}

#[tokio::test]
async fn a_flagged_order_stays_in_the_house_until_somebody_settles_it() {
    shop_test(|shop| async move {
        let (number, id) = paid(shop, "TEAPOT", "1").await;
        let mei = shop.owner().await;
        let before = desk_of(&mei, &id).await;
        sqlx::query("UPDATE orders SET flag = 'Compare the amounts.'").execute(shop.db()).await.expect("flagged");
        let refused = ship(&mei, &before, "1").await;
        assert_eq!((refused.status, refused.has("form#ship")), (422, false));
        assert!(refused.text(".errors").contains("flagged"), "{}", refused.text(".errors"));
        let clerk = shop.staff("cleo@example.com", "Cleo", Some("clerk")).await;
        assert!(!desk_of(&clerk, &id).await.has("form[action$='/flag/clear']"));
        let page = desk_of(&mei, &id).await;
        assert!(page.text(".notice.bad").contains("Compare the amounts."));
        assert_eq!(mei.submit(&page, "form[action$='/flag/clear']", &[("reason", "")]).await.status, 422, "it is said how");
        assert_eq!(mei.submit(&page, "form[action$='/flag/clear']", &[("reason", "the bank confirmed")]).await.status, 303);
        assert_eq!(ship_all(&mei, &id).await.status, 303);
        assert_eq!(statuses(shop, &number).await.2, "shipped");
        assert!(desk_of(&mei, &id).await.texts(".timeline li").iter().any(|text| text.contains("the bank confirmed") && text.contains("Mei")));
    })
    .await;
}

#[tokio::test]
async fn an_order_that_is_over_or_unpaid_is_not_shipped() {
    shop_test(|shop| async move {
        let (_, id) = paid(shop, "TEAPOT", "1").await;
        let mei = shop.owner().await;
        let page = desk_of(&mei, &id).await;
        mei.submit(&page, "form[action$='/cancellation']", &[("reason", "no longer wanted")]).await;
        let over = ship(&mei, &page, "1").await;
        assert_eq!((over.status, over.has("form#ship")), (422, false), "the page was old");
        let bo = with_cart(shop, "TEAPOT", "1").await;
        order(&bo, "bank_transfer").await;
        let unpaid = desk_of(&mei, &order_id(shop, &newest_order(shop).await).await).await;
        assert_eq!((unpaid.status, unpaid.has("form#ship")), (200, false));
        shop.work().await;
        assert_eq!((on_hand(shop, "TEAPOT").await, available(shop, "TEAPOT").await), (10, 9));
    })
    .await;
}

#[tokio::test]
async fn a_packing_slip_shows_what_is_inside_and_no_prices() {
    shop_test(|shop| async move {
        let (number, id) = paid(shop, "LAMP-RED-S", "3").await;
        let mei = shop.owner().await;
        let page = desk_of(&mei, &id).await;
        ship(&mei, &page, "2").await;
        let slips = desk_of(&mei, &id).await.attrs("a[href*='packing-slip']", "href");
        assert_eq!(slips.len(), 2, "one of what is left, one of the parcel");
        for slip in &slips {
            let page = mei.get(slip).await;
            let text = page.text("main");
            assert!(
                text.contains(&number) && text.contains("Ada Kern") && text.contains("4 Quay Street") && text.contains("Lamp – Red / S"),
                "{text}"
            );
            assert_eq!(page.text("tbody td.number"), if slip.contains("parcel=") { "2" } else { "1" });
            assert!(!text.contains('€') && !text.contains("120") && !page.has(".price"), "a parcel may be a present: {text}");
        }
        assert_eq!(refund(&mei, &id, "unsent", "1", false).await.status, 303);
        let whole = mei.get(&format!("/admin/orders/{id}/packing-slip")).await;
        assert_eq!(whole.texts("tbody td.number"), ["2"], "what was given back before it left is in no box");
    })
    .await;
}

#[tokio::test]
async fn orders_are_found_by_what_is_to_do_and_by_what_is_known() {
    shop_test(|shop| async move {
        let (shipped, id) = paid(shop, "TEAPOT", "1").await;
        let mei = shop.owner().await;
        ship_all(&mei, &id).await;
        let (open, _) = paid(shop, "TEAPOT", "1").await;
        let bo = with_cart(shop, "TEAPOT", "1").await;
        order(&bo, "bank_transfer").await;
        let unpaid = newest_order(shop).await;
        let list = async |query: &str| mei.get(&format!("/admin/orders?{query}")).await.texts("tbody th a");
        assert_eq!(list("").await, [unpaid.as_str(), &open, &shipped], "the newest first");
        assert_eq!(list("view=to-ship").await, [open.as_str()]);
        assert_eq!(list("view=awaiting-payment").await, [unpaid.as_str()]);
        assert_eq!(list("fulfilment=shipped").await, [shipped.as_str()]);
        assert_eq!(list("payment=paid&fulfilment=none").await, [open.as_str()]);
        assert_eq!(list(&format!("q={}", open.to_lowercase())).await, [open.as_str()]);
        assert_eq!(list("q=ADA@exam").await.len(), 3);
        assert_eq!(list("q=kern&view=to-ship").await, [open.as_str()]);
        assert!(list("q=%25").await.is_empty() && list("q=a_a").await.is_empty(), "signs are meant as typed");
        let none = mei.get("/admin/orders?q=nobody").await;
        assert!(none.text(".empty").contains("No order fits"));
        for odd in ["status=odd", "before=odd", "q=%00", "view=odd"] {
            assert_eq!(mei.get(&format!("/admin/orders?{odd}")).await.status, 200, "{odd}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_long_list_of_orders_is_read_page_by_page_without_gap_or_repetition() {
    let shop = Shop::open().await;
    paid(&shop, "TEAPOT", "1").await;
    // Copies, many of them of one moment: only the id tells those apart.
    sqlx::query(
        "INSERT INTO orders
         SELECT (jsonb_populate_record(o, jsonb_build_object('id', gen_random_uuid(), 'number', 'C' || n, 'status', 'expired',
                                                            'placed_at', o.placed_at - make_interval(mins => n / 40)))).*
           FROM orders o, generate_series(1, 119) n",
    )
    .execute(shop.db())
    .await
    .expect("copies");
    let mei = shop.owner().await;
    let (mut seen, mut path, mut pages) = (Vec::new(), "/admin/orders?q=ada".to_owned(), 0);
    while !path.is_empty() {
        let page = mei.get(&path).await;
        seen.extend(page.texts("tbody th a"));
        path = page.attr("nav.pager a[rel=next]", "href");
        assert!(path.is_empty() || path.contains("q=ada"), "the search goes along: {path}");
        pages += 1;
        if pages == 1 {
            // An order that comes in meanwhile moves nothing.
            sqlx::query("UPDATE orders SET placed_at = placed_at + interval '1 hour' WHERE number = 'C119'").execute(shop.db()).await.expect("newer");
        }
    }
    let different: std::collections::BTreeSet<&String> = seen.iter().collect();
    assert_eq!((pages, seen.len(), different.len()), (3, 119, 119), "all but the one that moved to the front");
    shop.close().await;
}
