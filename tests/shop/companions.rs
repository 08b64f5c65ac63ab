//! What goes well with a product: chosen by staff, shown below it, and never out of date.

use crate::kit::{Browser, Page, Shop, shop_test};

async fn id_of(shop: &Shop, handle: &str) -> String {
    let id: wharf::base::ProductId =
        sqlx::query_scalar("SELECT product_id FROM product_handles WHERE handle = $1").bind(handle).fetch_one(shop.db()).await.expect("a product");
    id.to_string()
}

/// Presses a button of the panel on the teapot's page.
async fn pressed(desk: &Browser, teapot: &str, what: &str, product: &str) -> Page {
    desk.post(&format!("/admin/products/{teapot}/companions"), &[("do", &format!("{what}:{product}"))]).await
}

/// Heading and titles below the teapot, as a visitor sees them now.
async fn below(shop: &Shop) -> (String, Vec<String>) {
    let page = shop.visitor().get("/products/teapot").await;
    assert_eq!(page.status, 200);
    (page.text(".related h2"), page.texts(".related .card-title"))
}

fn beside(titles: &[&str]) -> (String, Vec<String>) {
    ("Goes well with".to_owned(), titles.iter().map(|title| (*title).to_owned()).collect())
}

fn of_the_collection(titles: &[&str]) -> (String, Vec<String>) {
    ("From the same collection".to_owned(), titles.iter().map(|title| (*title).to_owned()).collect())
}

/// So many more products that nobody sells, by their ids.
async fn drafts(shop: &Shop, count: i32) -> Vec<String> {
    sqlx::query_scalar(
        "INSERT INTO products (id, status, created_at, updated_at) SELECT gen_random_uuid(), 'draft', now(), now() FROM generate_series(1, $1) RETURNING id::text",
    )
    .bind(count)
    .fetch_all(shop.db())
    .await
    .expect("drafts")
}

#[tokio::test]
async fn companions_are_chosen_ordered_and_removed_by_plain_forms() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let (teapot, lamp, cup) = (id_of(shop, "teapot").await, id_of(shop, "lamp").await, id_of(shop, "last-cup").await);
        let path = format!("/admin/products/{teapot}");
        assert_eq!(below(shop).await, of_the_collection(&["Lamp", "Last cup", "Gone bowl"]));

        let found = desk.get(&format!("{path}?q=p")).await;
        assert_eq!(found.texts("form.found tbody th").len(), 4);
        assert_eq!(found.texts("form.found tbody tr").iter().filter(|row| row.ends_with("Is this product")).count(), 1);
        let button = found.attrs("form.found button", "value").into_iter().find(|value| value.ends_with(&lamp)).expect("a button for the lamp");
        let added = desk.submit(&found, "form.found", &[("do", &button)]).await;
        assert_eq!(added.location(), Some(format!("{path}?q=p#companions")), "{}", added.body);
        assert_eq!(below(shop).await, beside(&["Lamp"]), "the page that was kept shows it at once, in place of the collection");

        assert_eq!(pressed(&desk, &teapot, "add", &cup).await.status, 303);
        assert_eq!(below(shop).await, beside(&["Lamp", "Last cup"]));
        let page = desk.get(&path).await;
        let buttons = page.attrs("form.companions button", "value");
        assert_eq!(
            buttons,
            ["down", "remove", "up", "remove"].iter().zip([&lamp, &lamp, &cup, &cup]).map(|(what, id)| format!("{what}:{id}")).collect::<Vec<_>>()
        );
        assert_eq!(desk.submit(&page, "form.companions", &[("do", &format!("up:{cup}"))]).await.status, 303);
        assert_eq!(below(shop).await, beside(&["Last cup", "Lamp"]));

        assert_eq!(pressed(&desk, &teapot, "remove", &cup).await.status, 303);
        assert_eq!(below(shop).await, beside(&["Lamp"]));
        let said = desk.get(&path).await;
        assert!(said.text(".flash").contains("no longer shown beside"), "{}", said.text(".flash"));
        assert_eq!(desk.submit(&said, ".flash form", &[]).await.status, 303, "and back to where it was");
        assert_eq!(below(shop).await, beside(&["Last cup", "Lamp"]));
        for other in [&lamp, &cup] {
            assert_eq!(pressed(&desk, &teapot, "remove", other).await.status, 303);
        }
        assert_eq!(below(shop).await, of_the_collection(&["Lamp", "Last cup", "Gone bowl"]));
        let log = desk.get("/admin/audit").await;
        assert!(log.body.contains("update companions") && log.text("tbody").contains("Last cup"), "{}", log.text("tbody"));
    })
    .await;
}

#[tokio::test]
async fn what_does_not_go_is_said_in_a_sentence() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let (teapot, lamp) = (id_of(shop, "teapot").await, id_of(shop, "lamp").await);
        assert_eq!(pressed(&desk, &teapot, "add", &lamp).await.status, 303);
        let gone = "0199f0a0-0000-7000-8000-000000000000";
        for (product, sentence) in [
            (teapot.as_str(), "A product does not go with itself."),
            (lamp.as_str(), "This product is among those chosen already."),
            (gone, "There is no such product."),
            ("nothing", "There is no such product."),
        ] {
            let refused = pressed(&desk, &teapot, "add", product).await;
            assert_eq!(refused.status, 422, "{product}");
            assert!(refused.text("#companions-error").starts_with(sentence), "{product}: {}", refused.text("#companions-error"));
        }
        for draft in drafts(shop, 7).await {
            assert_eq!(pressed(&desk, &teapot, "add", &draft).await.status, 303);
        }
        let full = pressed(&desk, &teapot, "add", &id_of(shop, "last-cup").await).await;
        assert_eq!((full.status, full.text("#companions-error").starts_with("At most 8 products")), (422, true));
        assert_eq!(shop.count("SELECT count(*) FROM product_companions").await, 8);
        assert_eq!(pressed(&desk, gone, "add", &lamp).await.status, 404);
        let clerk = shop.staff("cleo@example.com", "Cleo", Some("clerk")).await;
        assert_eq!(pressed(&clerk, &teapot, "remove", &lamp).await.status, 403);
    })
    .await;
}

#[tokio::test]
async fn a_page_shows_companions_as_they_are_now_and_drops_nothing_else() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let (teapot, lamp, bowl) = (id_of(shop, "teapot").await, id_of(shop, "lamp").await, id_of(shop, "gone-bowl").await);
        shop.visitor().get("/products/last-cup").await;
        shop.visitor().get("/search?q=teapot").await;
        for other in [&lamp, &bowl] {
            assert_eq!(pressed(&desk, &teapot, "add", other).await.status, 303);
        }
        for kept in ["/products/last-cup?", "/search?q=teapot"] {
            assert!(shop.app.cache.get(&format!(" {kept}"), shop.app.now()).is_some(), "{kept} shows no companion and is still in memory");
        }
        assert_eq!(below(shop).await, beside(&["Lamp", "Gone bowl"]));

        let status = async |product: &str, status: &str| {
            let page = desk.get(&format!("/admin/products/{product}")).await;
            assert_eq!(desk.submit(&page, "form.words", &[("status", status)]).await.status, 303);
        };
        status(&lamp, "draft").await;
        assert_eq!(below(shop).await, beside(&["Gone bowl"]), "what is not for sale is not shown");
        status(&bowl, "archived").await;
        assert_eq!(below(shop).await, of_the_collection(&["Last cup"]), "none of them can be shown");
        status(&lamp, "active").await;
        assert_eq!(below(shop).await, beside(&["Lamp"]), "it was waited for");
        let page = desk.get(&format!("/admin/products/{lamp}")).await;
        assert_eq!(desk.submit(&page, "form.words", &[("title", "Reading lamp")]).await.status, 303);
        assert_eq!(below(shop).await, beside(&["Reading lamp"]));

        sqlx::query("UPDATE publications SET valid = tstzrange(lower(valid), $1) WHERE product_id = $2::uuid")
            .bind(shop.app.now().plus_seconds(100))
            .bind(&lamp)
            .execute(shop.db())
            .await
            .expect("an end");
        assert_eq!(desk.submit(&desk.get(&format!("/admin/products/{lamp}")).await, "form.words", &[]).await.status, 303);
        assert_eq!(below(shop).await, beside(&["Reading lamp"]));
        shop.app.clock.shift_seconds(101);
        assert_eq!(below(shop).await, of_the_collection(&["Last cup"]), "its time is over");
    })
    .await;
}

#[tokio::test]
async fn companions_cost_no_statement_more() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let (teapot, lamp) = (id_of(shop, "teapot").await, id_of(shop, "lamp").await);
        assert_eq!(pressed(&desk, &teapot, "add", &lamp).await.status, 303);
        let visitor = shop.visitor();
        shop.statements();
        assert!(visitor.get("/products/teapot").await.has(".related .card-title"));
        let ran = shop.statements();
        assert_eq!(ran.len(), 3, "{}", ran.join("\n"));
        sqlx::query("DELETE FROM collection_products").execute(shop.db()).await.expect("an empty collection");
        assert_eq!(pressed(&desk, &lamp, "add", &teapot).await.status, 303);
        shop.statements();
        assert_eq!(visitor.get("/products/lamp").await.texts(".related .card-title"), ["Teapot"], "a product of no collection has companions too");
        assert_eq!(shop.statements().len(), 3);
    })
    .await;
}
