//! Many at once, also where Postgres is slow to reach (R1, R19).

use futures::future::join_all;

use crate::kit::steps::{DUBLIN, available, put, stock};
use crate::kit::{Browser, Page, Shop};

/// The last form of a checkout, sent.
async fn place(browser: &Browser, page: &Page) -> Page {
    let mut fields = DUBLIN.to_vec();
    fields.extend([("payment", "test"), ("place", "1")]);
    browser.submit(page, "form.checkout", &fields).await
}

#[tokio::test]
async fn of_two_hundred_checkouts_for_ten_pieces_ten_win_also_when_postgres_is_slow() {
    for latency in [0, 20] {
        let (shop, proxy) = Shop::behind_a_proxy().await;
        stock(shop.db(), "TEAPOT", 10).await;
        let mut ready = Vec::new();
        for crowd in (0..200).collect::<Vec<_>>().chunks(20) {
            let pages = join_all(crowd.iter().map(|_| async {
                let browser = shop.visitor();
                put(&shop, &browser, "TEAPOT", "1").await;
                let page = browser.get("/checkout").await;
                (browser, page)
            }));
            ready.extend(pages.await);
        }
        proxy.slow(latency);
        let answers = join_all(ready.iter().map(|(browser, page)| place(browser, page))).await;
        proxy.slow(0);
        let failures: Vec<u16> = answers.iter().map(|page| page.status).filter(|status| *status >= 500).collect();
        assert!(failures.is_empty(), "{} of 200 failed at {latency} ms: {failures:?}", failures.len());
        assert_eq!(answers.iter().filter(|page| page.location().is_some_and(|to| to.contains("/pay/test/"))).count(), 10, "at {latency} ms");
        assert_eq!(shop.count("SELECT count(*) FROM orders").await, 10);
        assert_eq!(available(&shop, "TEAPOT").await, 0);
        let differences = wharf::books::examine(shop.db()).await.expect("examined");
        assert!(differences.is_empty(), "{differences:?}");
        shop.close().await;
    }
}

#[tokio::test]
async fn carts_in_opposite_order_never_lock_each_other_out() {
    let shop = Shop::open().await;
    for sku in ["TEAPOT", "LAMP-RED-S", "LAMP-BLUE-L"] {
        stock(shop.db(), sku, 100).await;
    }
    let orders = [["TEAPOT", "LAMP-RED-S", "LAMP-BLUE-L"], ["LAMP-BLUE-L", "LAMP-RED-S", "TEAPOT"], ["LAMP-RED-S", "TEAPOT", "LAMP-BLUE-L"]];
    let ready = join_all((0..50).map(|at| {
        let (shop, skus) = (&shop, orders[at % orders.len()]);
        async move {
            let browser = shop.visitor();
            for sku in skus {
                put(shop, &browser, sku, "1").await;
            }
            let page = browser.get("/checkout").await;
            (browser, page)
        }
    }))
    .await;
    let answers = join_all(ready.iter().map(|(browser, page)| place(browser, page))).await;
    let statuses: Vec<u16> = answers.iter().map(|page| page.status).collect();
    assert!(statuses.iter().all(|status| *status == 303), "{statuses:?}");
    assert_eq!(shop.count("SELECT count(*) FROM orders").await, 50);
    shop.close().await;
}
