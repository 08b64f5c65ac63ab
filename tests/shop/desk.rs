//! The admin's search, its keys, its bulk actions and its first page.

use crate::kit::steps::{ADA, buy, newest_order, order_with, with_cart};
use crate::kit::{Browser, Page, Shop, shop_test};

async fn search(desk: &Browser, words: &str) -> Page {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", words).finish();
    let page = desk.get(&format!("/admin/search?{query}")).await;
    assert_eq!(page.status, 200, "{words}: {}", page.body);
    page
}

fn hrefs(page: &Page, group: &str) -> Vec<String> {
    page.attrs(&format!("section[aria-labelledby=hits-{group}] a"), "href")
}

/// Orders of somebody with umlauts and of somebody without.
async fn two_orders(shop: &Shop) -> (String, String) {
    let joerg = with_cart(shop, "TEAPOT", "1").await;
    let placed = order_with(
        &joerg,
        "bank_transfer",
        &[("name", "Jörg Müßig-Ångström"), ("email", "joerg@example.de"), ("country", "DE"), ("postcode", "10115")],
    )
    .await;
    assert_eq!(placed.status, 303, "{}", placed.texts(".error").join(" "));
    let first = newest_order(shop).await;
    let ada = with_cart(shop, "LAMP-RED-S", "1").await;
    buy(shop, &ada).await;
    (first, newest_order(shop).await)
}

#[tokio::test]
async fn everything_is_found_from_one_field() {
    shop_test(|shop| async move {
        let (joerg, ada) = two_orders(shop).await;
        let desk = shop.owner().await;
        let his = ["jörg", "JÖRG MÜSS", "ångström jörg", "jorg mussig-angstrom"].map(|words| (words, &joerg));
        for (words, number) in his.into_iter().chain([(ADA, &ada), ("kern", &ada), ("Kérn", &ada), (ada.as_str(), &ada)]) {
            let page = search(&desk, words).await;
            assert_eq!(page.texts("section[aria-labelledby=hits-orders] .hit-title"), [number.as_str()], "{words}");
        }
        let lamp = search(&desk, "lamp").await;
        assert_eq!((hrefs(&lamp, "products").len(), hrefs(&lamp, "stock").len()), (1, 4));
        let blue = search(&desk, "blue lamp").await;
        assert_eq!(blue.texts("section[aria-labelledby=hits-stock] .hit-title"), ["Lamp, Blue / S", "Lamp, Blue / L"]);
        assert!(blue.text("section[aria-labelledby=hits-stock] small").contains("LAMP-BLUE-S, 5 to sell"), "{}", blue.body);
        let sku = search(&desk, "lamp-red-s").await;
        assert_eq!(desk.get(&hrefs(&sku, "stock")[0]).await.status, 200);
        let delivery = search(&desk, "deliv").await;
        assert_eq!(delivery.attr(".results a", "href"), "/admin/settings/delivery", "the name of a place comes first");
        let none = search(&desk, "nothing of that kind").await;
        assert!(none.text(".empty").contains("nothing of that kind") && !none.has(".hits"));
    })
    .await;
}

#[tokio::test]
async fn an_empty_search_is_a_list_of_places_and_none_of_them_refuses() {
    shop_test(|shop| async move {
        for (email, role) in [("mei@example.com", None), ("max@example.com", Some("manager")), ("cleo@example.com", Some("clerk"))] {
            let desk = shop.staff(email, "Somebody", role).await;
            for words in ["", "   "] {
                let page = search(&desk, words).await;
                let all = [hrefs(&page, "go"), hrefs(&page, "do")].concat();
                assert!(all.len() > 2, "{all:?}");
                for path in all {
                    assert_eq!(desk.get(&path).await.status, 200, "{role:?} {path}");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_clerk_finds_orders_and_stock_and_nothing_else() {
    shop_test(|shop| async move {
        two_orders(shop).await;
        let clerk = shop.staff("cleo@example.com", "Cleo", Some("clerk")).await;
        for words in ["lamp", "ada", "e", "new", "settings", "page", "staff", "mail"] {
            let page = search(&clerk, words).await;
            assert!(!page.has("section[aria-labelledby=hits-products]") && !page.has("section[aria-labelledby=hits-pages]"), "{words}");
            for path in page.attrs(".results a", "href") {
                assert_eq!(clerk.get(&path).await.status, 200, "{words}: {path}");
            }
        }
        assert_eq!(hrefs(&search(&clerk, "lamp").await, "stock").len(), 4);
        assert_eq!(shop.visitor().get("/admin/search?q=ada").await.location().as_deref(), Some("/admin/sign-in"));
    })
    .await;
}

#[tokio::test]
async fn whatever_is_typed_is_looked_for_as_it_stands() {
    shop_test(|shop| async move {
        two_orders(shop).await;
        let desk = shop.owner().await;
        for words in ["%", "_", "\\", "'; DROP TABLE orders; --", "<script>alert(1)</script>", "{{ 1 }}", "\u{0}", "\u{202e}", &"漢 ".repeat(400)] {
            let page = search(&desk, words).await;
            assert!(!page.has(".hits-list .hit-title") || words.trim_matches('\u{0}').is_empty(), "{words}: {:?}", page.texts(".hit-title"));
            assert!(!page.body.contains("<script>alert"), "{words}");
        }
        assert_eq!(shop.count("SELECT count(*) FROM orders").await, 2);
    })
    .await;
}

#[tokio::test]
async fn the_palette_gets_the_same_results_without_the_frame() {
    shop_test(|shop| async move {
        let (_, ada) = two_orders(shop).await;
        let desk = shop.owner().await;
        let part = desk.get(&format!("/admin/search?q={ada}&fragment=1")).await;
        assert_eq!((part.status, part.header("cache-control"), part.has("header"), part.has("main")), (200, "no-store", false, false));
        assert_eq!(part.texts(".hit-title"), [ada]);
        let page = desk.get("/admin/orders").await;
        assert_eq!(page.attrs("nav.admin-nav [aria-current]", "href"), ["/admin/orders"], "the menu shows where one is");
        assert!(page.has("header form[action='/admin/search'] input[name=q]") && page.has("dialog.palette:not([open])"));
    })
    .await;
}

#[tokio::test]
async fn the_keys_are_listed_and_lead_where_one_may_go() {
    shop_test(|shop| async move {
        let owner = shop.owner().await;
        let page = owner.get("/admin/keys").await;
        let keys = page.texts("section[aria-labelledby=keys-go] dt");
        assert!(keys.contains(&"g o".to_owned()) && keys.contains(&"g p".to_owned()), "{keys:?}");
        assert_eq!(keys.len(), page.attrs(".menu a[data-key]", "href").len(), "each is a link of the menu");
        let clerk = shop.staff("cleo@example.com", "Cleo", Some("clerk")).await;
        let sheet = clerk.get("/admin/keys?fragment=1").await;
        assert_eq!(sheet.texts("section[aria-labelledby=keys-go] dd"), ["Today", "Orders", "Customers"]);
        assert!(!sheet.has("header"));
    })
    .await;
}

async fn product_id(shop: &Shop, handle: &'static str) -> String {
    let id: wharf::base::ProductId =
        sqlx::query_scalar("SELECT product_id FROM product_handles WHERE handle = $1").bind(handle).fetch_one(shop.db()).await.expect("a product");
    id.to_string()
}

#[tokio::test]
async fn marked_products_are_put_away_together_and_come_back_as_they_were() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let (teapot, lamp) = (product_id(shop, "teapot").await, product_id(shop, "lamp").await);
        let list = desk.get("/admin/products?q=").await;
        assert_eq!(list.attrs("form.bulk td.mark input", "name"), ["product"; 4]);
        let drafted = desk.submit(&list, "form.bulk", &[("product", &lamp), ("do", "draft")]).await;
        assert_eq!(drafted.location().as_deref(), Some("/admin/products?q=&status="));
        let both = [("product", teapot.as_str()), ("product", &lamp), ("product", "no-id"), ("do", "archived"), ("q", "l & m"), ("shown", "")];
        let away = desk.post("/admin/products/status", &both).await;
        assert_eq!(away.location().as_deref(), Some("/admin/products?q=l+%26+m&status="), "the list is narrowed as before");
        assert_eq!(shop.visitor().get("/products/teapot").await.status, 404);
        assert!(!shop.visitor().get("/search?q=teapot").await.body.contains("/products/teapot"));

        let page = desk.get("/admin/products").await;
        assert!(page.text(".flash").contains("was changed"), "{}", page.text(".flash"));
        let undone = desk.submit(&page, ".flash form.undo", &[]).await;
        assert_eq!(undone.status, 303);
        assert_eq!(shop.visitor().get("/products/teapot").await.status, 200);
        assert!(shop.visitor().get("/search?q=teapot").await.body.contains("/products/teapot"));
        assert_eq!(shop.visitor().get("/products/lamp").await.status, 404, "it was a draft before");
        assert!(!desk.get("/admin/products").await.has("form.undo") || desk.get("/admin/products").await.status == 200);
        assert!(!desk.get("/admin/products").await.has(".flash"), "the way back is offered once");

        let none = desk.post("/admin/products/status", &[("do", "archived")]).await;
        assert!(desk.follow(none).await.text(".flash").contains("mark"));
        assert_eq!(desk.get("/admin/products/status").await.location().as_deref(), Some("/admin/products"));
        assert_eq!(desk.get("/admin/audit?entity=product").await.texts("tbody tr").len(), 5, "each product has its line in the log");
    })
    .await;
}

#[tokio::test]
async fn an_archived_product_comes_back_on_sale_by_undo() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let path = format!("/admin/products/{}", product_id(shop, "teapot").await);
        let page = desk.get(&path).await;
        assert_eq!(desk.submit(&page, "form[action$='/archive']", &[]).await.location().as_deref(), Some(path.as_str()));
        assert_eq!(shop.visitor().get("/products/teapot").await.status, 404);
        let page = desk.get(&path).await;
        assert_eq!(desk.submit(&page, "form.undo", &[]).await.location().as_deref(), Some(path.as_str()));
        assert_eq!(shop.visitor().get("/products/teapot").await.status, 200, "active as before, not a draft");
        let clerk = shop.staff("cleo@example.com", "Cleo", Some("clerk")).await;
        assert_eq!(clerk.post("/admin/products/status", &[("product", "x"), ("do", "draft")]).await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn the_slips_of_marked_orders_are_one_print() {
    shop_test(|shop| async move {
        two_orders(shop).await;
        let desk = shop.owner().await;
        let list = desk.get("/admin/orders").await;
        let ids = list.attrs("form.bulk td.mark input[name=order]", "value");
        assert_eq!(ids.len(), 2);
        let slips = desk.get(&format!("/admin/orders/packing-slips?order={}&order={}&order=x", ids[1], ids[0])).await;
        assert_eq!(slips.texts(".slip address").len(), 2);
        assert!(slips.texts(".slip address")[0].contains("Jörg") && !slips.text("main").contains('€'));
        for nothing in ["", "?order=", "?order=x", "?order=0198c0de-0000-7000-8000-000000000000"] {
            let page = desk.get(&format!("/admin/orders/packing-slips{nothing}")).await;
            assert!(desk.follow(page).await.text(".flash").contains("mark the orders"), "{nothing}");
        }
        let order = desk.get(&format!("/admin/orders/{}", ids[0])).await;
        assert_eq!(desk.submit(&order, "form[action$='/cancellation']", &[("reason", "no longer wanted")]).await.status, 303);
        let slips = desk.get(&format!("/admin/orders/packing-slips?order={}&order={}", ids[1], ids[0])).await;
        assert_eq!(slips.texts(".slip address").len(), 1, "what was cancelled goes into no box");
        let page = desk.get(&format!("/admin/orders/packing-slips?order={}", ids[0])).await;
        assert!(desk.follow(page).await.text(".flash").contains("were cancelled"));
        assert!(desk.get(&format!("/admin/orders/{}/packing-slip", ids[0])).await.text(".slip .notice").contains("Nothing of it is to be sent"));
    })
    .await;
}

/// Moves an order so many days and minutes into the past.
async fn aged(shop: &Shop, number: &str, days: i32, minutes: i32) {
    sqlx::query("UPDATE orders SET placed_at = placed_at - make_interval(days => $2, mins => $3) WHERE number = $1")
        .bind(number)
        .bind(days)
        .bind(minutes)
        .execute(shop.db())
        .await
        .expect("an older order");
}

#[tokio::test]
async fn the_first_page_counts_by_the_shops_days() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let empty = desk.get("/admin").await;
        assert!(empty.text(".sales .empty").contains("There are no orders yet") && !empty.has("svg") && !empty.has(".latest"));
        assert_eq!(empty.texts(".figures b"), ["0", "€0.00"]);
        assert_eq!(empty.texts(".tasks li a"), ["1 variant sold out", "1 variant running low"]);
        assert_eq!(empty.texts("#low li a"), ["Gone bowl", "Last cup"]);
        assert_eq!(desk.get(&empty.attr("#low li a", "href")).await.status, 200);

        // Eight in the evening in Dublin: seven days and some minutes before is the day that is compared with.
        let evening: wharf::base::Instant = "2026-12-09T20:00:00Z".parse().expect("an instant");
        shop.app.clock.shift_seconds((evening.micros() - shop.app.now().micros()) / 1_000_000);
        let desk = shop.staff("max@example.com", "Max", Some("manager")).await;
        for (days, minutes) in [(0, 0), (7, 5), (7, -60), (27, 0), (28, 0), (55, 0), (56, 0)] {
            let ada = with_cart(shop, "TEAPOT", "1").await;
            buy(shop, &ada).await;
            let number = newest_order(shop).await;
            aged(shop, &number, days, minutes).await;
        }
        let page = desk.get("/admin").await;
        assert_eq!(page.texts(".figures b"), ["1", "€53.95"]);
        assert_eq!(page.texts(".figures small"), ["1 by 20:00 last Wednesday", "€53.95 by 20:00 last Wednesday"]);
        let rows = page.texts(".numbers tbody tr");
        assert_eq!((rows.len(), rows[0].as_str(), rows[7].as_str()), (56, "Wed 9 Dec1€53.95", "Wed 2 Dec2€107.90"));
        assert!(rows[55].ends_with("1€53.95"), "{}", rows[55]);
        assert_eq!(page.text(".sales .hint"), "€323.70 in 6 orders");
        assert_eq!(page.attr(".chart svg", "role"), "img");
        assert!(page.text("#chart-desc").contains("Wed 2 Dec with €107.90"), "{}", page.text("#chart-desc"));
        let heights = page.attrs(".chart .bar", "height");
        assert_eq!((heights.len(), heights[48].as_str(), heights[47].as_str()), (56, "89", "0"), "{heights:?}");
        assert_eq!(page.texts("ol.rows li"), ["Teapot 4 × €196.00"], "of 28 days, without the delivery");
        assert_eq!(page.texts(".latest tbody tr").len(), 6);
        let tasks = page.texts(".tasks li a");
        assert!(tasks.contains(&"7 orders to ship".to_owned()) && !tasks.iter().any(|task| task.contains("awaiting")), "{tasks:?}");
    })
    .await;
}

#[tokio::test]
async fn what_waits_leads_to_where_it_is_done() {
    shop_test(|shop| async move {
        two_orders(shop).await;
        let flagged = newest_order(shop).await;
        sqlx::query("UPDATE orders SET flag = 'Look' WHERE number = $1").bind(&flagged).execute(shop.db()).await.expect("a flag");
        let desk = shop.owner().await;
        let page = desk.get("/admin").await;
        let tasks = page.texts(".tasks li a");
        assert_eq!(tasks[..3], ["1 order to look at", "1 order to ship", "1 order awaiting payment"]);
        for href in page.attrs(".tasks li a", "href") {
            assert_eq!(desk.get(&href).await.status, 200, "{href}");
        }
        let list = desk.get(&page.attr(".tasks .is-bad a", "href")).await;
        assert!(list.texts("table.list tbody th").concat().contains(&flagged) && list.texts("table.list tbody tr").len() == 1);

        let clerk = shop.staff("cleo@example.com", "Cleo", Some("clerk")).await;
        let page = clerk.get("/admin").await;
        let links = page.attrs("main a", "href");
        assert!(!links.is_empty());
        for href in links {
            assert_eq!(clerk.get(&href).await.status, 200, "{href}");
        }
        sqlx::query("UPDATE orders SET flag = NULL").execute(shop.db()).await.expect("no flag");
    })
    .await;
}

#[tokio::test]
async fn what_was_counted_wrongly_moves_back_by_undo() {
    shop_test(|shop| async move {
        let clerk = shop.staff("cleo@example.com", "Cleo", Some("clerk")).await;
        let stock = hrefs(&search(&clerk, "TEAPOT").await, "stock").swap_remove(0);
        let levels = async || clerk.get(&stock).await.texts(".levels dd");
        assert_eq!(levels().await, ["10", "10", "0"]);
        for (field, value, after) in [("counted", "4", "4"), ("delta", "-3", "7"), ("delta", "5", "15")] {
            let page = clerk.get(&stock).await;
            let sent = clerk.submit(&page, "form.panel", &[(field, value), ("reason", "Counted in the dark")]).await;
            assert_eq!(sent.status, 303, "{}", sent.texts(".error").join(" "));
            let page = clerk.get(&stock).await;
            assert_eq!(page.text(".levels dd"), after);
            assert_eq!(clerk.submit(&page, "form.undo", &[]).await.status, 303);
            assert_eq!(levels().await[0], "10", "{field} {value}");
        }
        let page = clerk.get(&stock).await;
        assert!(page.texts("table tbody td:last-child").contains(&"Undone: Counted in the dark".to_owned()), "{}", page.text("table"));
        clerk.submit(&page, "form.panel", &[("counted", "10"), ("reason", "As it was")]).await;
        assert!(!clerk.get(&stock).await.has("form.undo"), "nothing moved");
    })
    .await;
}

#[tokio::test]
async fn a_product_comes_back_to_its_place_in_a_collection_and_an_address_to_its_list() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let page = desk.get("/admin/collections").await;
        let collection = page.attr("tbody th a", "href");
        let names = async || desk.get(&collection).await.texts("form[action$='/products'] tbody th");
        let before = names().await;
        let remove = desk.get(&collection).await.attrs("button[value^='remove:']", "value").swap_remove(1);
        assert_eq!(desk.post(&format!("{collection}/products"), &[("do", &remove)]).await.status, 303);
        assert_eq!(names().await.len(), before.len() - 1);
        // The sentence was shown once, so the way back is asked for again.
        let add = remove.replace("remove:", "add:");
        desk.post(&format!("{collection}/products"), &[("do", &add)]).await;
        desk.post(&format!("{collection}/products"), &[("do", &remove)]).await;
        let page = desk.get(&collection).await;
        assert_eq!(desk.submit(&page, "form.undo", &[("at", "1")]).await.status, 303);
        assert_eq!(names().await, before);

        desk.post("/admin/newsletter/suppressions", &[("email", ADA), ("why", "A complaint")]).await;
        let page = desk.get("/admin/newsletter/suppressions").await;
        assert!(page.text("tbody").contains(ADA));
        desk.submit(&page, "form.undo", &[]).await;
        let page = desk.get("/admin/newsletter/suppressions").await;
        assert!(page.has(".empty"));
        desk.submit(&page, "form.undo", &[]).await;
        assert!(desk.get("/admin/newsletter/suppressions").await.text("tbody").contains("A complaint"), "taking back is taken back");
    })
    .await;
}
