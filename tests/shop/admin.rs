//! Staff's desks of the catalogue.

use crate::kit::steps::number;
use crate::kit::{Browser, Page, Shop, shop_test};

/// A picture of one colour.
fn png(shade: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(1200, 1500, image::Rgb([shade * 40, 90, 120])).write_to(&mut bytes, image::ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}

/// A product made by hand: its address in the admin.
async fn created(desk: &Browser, title: &str) -> String {
    let page = desk.get("/admin/products/new").await;
    let made = desk
        .submit(&page, "form.panel", &[("title", title), ("description", "**Hand** made."), ("price", "24.50"), ("sku", "JUG"), ("stock", "2")])
        .await;
    assert_eq!(made.status, 303, "{}", made.body);
    made.location().expect("the page of the product")
}

async fn saved(desk: &Browser, path: &str, form: &str, fields: &[(&str, &str)]) -> Page {
    let page = desk.get(path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let done = desk.submit(&page, form, fields).await;
    assert_eq!(done.status, 303, "{form}: {}", done.texts(".errors, .error").join(" "));
    desk.get(path).await
}

async fn product_path(shop: &Shop, handle: &'static str) -> String {
    let id: wharf::base::ProductId =
        sqlx::query_scalar("SELECT product_id FROM product_handles WHERE handle = $1").bind(handle).fetch_one(shop.db()).await.expect("a product");
    format!("/admin/products/{id}")
}

#[tokio::test]
async fn a_product_goes_from_an_idea_into_a_cart() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let path = created(&desk, "Blue jug").await;
        assert_eq!(shop.visitor().get("/products/blue-jug").await.status, 404, "a draft is not shown");

        saved(&desk, &path, "form.options", &[("option-0", "Colour"), ("values-0", "Blue, Red"), ("option-1", "Size"), ("values-1", "S, L")]).await;
        assert_eq!(shop.count("SELECT count(*) FROM variants v JOIN product_handles h USING (product_id) WHERE h.handle = 'blue-jug'").await, 4);
        let blue = number(shop, "JUG").await;
        let page = saved(&desk, &path, "form.variants", &[(&format!("weight-{blue}"), "700"), (&format!("hs-{blue}"), "691110")]).await;
        assert_eq!(page.attr(&format!("#price-eu-{blue}"), "value"), "24.50");

        let stock = page.attr("form.variants tbody td a", "href");
        let form = desk.get(&stock).await;
        let refused = desk.submit(&form, "form.panel", &[("counted", "9"), ("reason", "")]).await;
        assert_eq!(refused.status, 422, "a count needs a reason");
        let below = desk.submit(&form, "form.panel", &[("delta", "-100"), ("reason", "gone")]).await;
        assert_eq!(below.status, 422);
        assert!(below.text("#delta-error").contains("are in the house"), "{}", below.text("main"));
        saved(&desk, &stock, "form.panel", &[("counted", "9"), ("reason", "Counted again")]).await;
        assert!(desk.get(&stock).await.text("table").contains("Counted again"));

        let upload = format!("{path}/pictures");
        let svg = desk
            .upload(&upload, &[("alt", "A jug")], ("files", "jug.svg", "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec()))
            .await;
        assert_eq!(svg.status, 422);
        assert!(svg.text("#files-error").contains("Please upload"), "{}", svg.text("#files-error"));
        let png = desk.upload(&upload, &[("alt", "A jug")], ("files", "jug.png", "image/png", png(1))).await;
        assert_eq!(png.status, 303, "{}", png.body);
        shop.work().await;

        saved(&desk, &path, "form.words", &[("status", "active")]).await;
        let visitor = shop.visitor();
        let seen = visitor.get("/products/blue-jug").await;
        assert_eq!(seen.status, 200);
        assert_eq!(seen.text(".product-buy .price"), "€24.50");
        assert!(seen.body.contains("<strong>Hand</strong>"));
        let picture = visitor.get(&seen.attr(".product-gallery .strip img", "src")).await;
        assert_eq!((picture.status, picture.header("content-type")), (200, "image/jpeg"));
        let put = visitor.submit(&seen, "form.buy", &[("qty", "1")]).await;
        assert_eq!(put.status, 303, "{}", put.body);
        assert!(visitor.get("/search?q=jug").await.body.contains("/products/blue-jug"));

        saved(&desk, &path, "form.variants", &[(&format!("price-eu-{blue}"), "19.90"), (&format!("was-eu-{blue}"), "24.50")]).await;
        let seen = visitor.get(&format!("/products/blue-jug?variant={blue}")).await;
        assert!(seen.text(".product-buy").contains("€19.90") && seen.text(".product-buy").contains("€24.50"), "{}", seen.text(".product-buy"));
        let log = desk.get("/admin/audit").await;
        assert!(log.body.contains("update variants") && log.body.contains("19.90"), "the log names the change");
        assert!(log.text("tbody tr:first-child small").contains("Blue jug"), "and what was changed: {}", log.text("tbody tr:first-child"));
        assert_eq!(desk.get("/admin/audit?entity=product").await.attr("#entity option[selected]", "value"), "product");
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_the_variants_is_told_at_once_and_says_where() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let path = product_path(shop, "lamp").await;
        let (red, blue) = (number(shop, "LAMP-RED-S").await, number(shop, "LAMP-BLUE-L").await);
        let page = desk.get(&path).await;
        let wrong = desk
            .submit(
                &page,
                "form.variants",
                &[
                    (&format!("price-eu-{red}"), "-1"),
                    (&format!("price-eu-{blue}"), "99999999999999"),
                    (&format!("sku-{red}"), "TEAPOT"),
                    (&format!("sku-{blue}"), &"x".repeat(300)),
                ],
            )
            .await;
        assert_eq!(wrong.status, 422);
        let said = wrong.texts(".errors li").join("\n");
        for part in [", price: Enter an amount of nothing or more.", ", price: Enter at most", ", SKU: ", "these are 300"] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(wrong.texts(".errors li").iter().all(|line| line.starts_with("Red / S, ") || line.starts_with("Blue / L, ")), "{said}");
        assert_eq!(wrong.attr(&format!("#sku-{blue}"), "value").len(), 300, "nothing typed is cut");

        let new = desk.get("/admin/products/new").await;
        let taken = desk.submit(&new, "form.panel", &[("title", ""), ("sku", "TEAPOT"), ("price", "x")]).await;
        assert_eq!(taken.status, 422);
        for field in ["title", "sku", "price"] {
            assert!(taken.has(&format!("#{field}-error")), "{field}: {}", taken.texts(".errors li").join(" "));
        }
    })
    .await;
}

#[tokio::test]
async fn an_older_page_does_not_overwrite_a_newer_one() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let path = product_path(shop, "teapot").await;
        let old = desk.get(&path).await;
        saved(&desk, &path, "form.words", &[("vendor", "First hand")]).await;
        let late = desk.submit(&old, "form.words", &[("title", "Teapot of the second hand")]).await;
        assert_eq!(late.status, 409);
        assert_eq!(late.attr("#title", "value"), "Teapot of the second hand", "what was typed is kept");
        assert!(late.text(".errors").contains("Somebody changed this"));
        let rows = desk.submit(&old, "form.variants", &[]).await;
        assert_eq!(rows.status, 409);
        let again = desk.submit(&late, "form.words", &[]).await;
        assert_eq!(again.status, 303, "saving again is a decision");
    })
    .await;
}

#[tokio::test]
async fn a_new_address_takes_the_old_ones_visitors() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let path = product_path(shop, "teapot").await;
        saved(&desk, &path, "form.words", &[("handle", "round-teapot")]).await;
        let old = shop.visitor().get("/products/teapot").await;
        assert_eq!((old.status, old.location().unwrap_or_default().ends_with("/products/round-teapot")), (301, true));
        let page = desk.get(&path).await;
        let taken = desk.submit(&page, "form.words", &[("handle", "lamp")]).await;
        assert_eq!(taken.status, 422);
        assert!(taken.text("#handle-error").contains("another"), "{}", taken.text(".errors"));
    })
    .await;
}

#[tokio::test]
async fn a_price_for_a_while_is_corrected_and_taken_back() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let path = product_path(shop, "teapot").await;
        let local = |days: i64| shop.app.now().plus_days(days).in_zone("Europe/Dublin").strftime("%Y-%m-%dT%H:%M").to_string();
        let shown = async || shop.visitor().get("/products/teapot").await.text(".product-buy");
        // A slip of the pen, corrected: the price before is still the one before both.
        saved(&desk, &path, "form.sale", &[("sale-amount", "1.99"), ("sale-until", &local(3))]).await;
        saved(&desk, &path, "form.sale", &[("sale-amount", "39"), ("sale-until", &local(3))]).await;
        let said = shown().await;
        assert!(said.contains("€39.00") && said.contains("€49.00") && !said.contains("1.99"), "{said}");
        let noted = desk.get("/admin/audit").await.text("tbody tr:first-child dl");
        assert!(noted.contains("€39.00") && noted.contains("Teapot") && !noted.contains("minor") && !noted.contains('Z'), "{noted}");
        // One that is planned, and the one that runs: each has a way back, the first price has none.
        saved(&desk, &path, "form.sale", &[("sale-amount", "29"), ("sale-from", &local(5)), ("sale-until", &local(6))]).await;
        let page = desk.get(&path).await;
        assert_eq!(page.texts("form.sale-end tbody tr").len(), 2, "{}", page.text("form.sale-end"));
        let keys: Vec<String> = page.attrs("form.sale-end tbody button", "value");
        assert_eq!(keys.len(), 2);
        let back = desk.submit(&page, "form.sale-end", &[("take", &keys[1])]).await;
        assert_eq!(back.status, 303, "{}", back.body);
        assert_eq!(desk.get(&path).await.texts("form.sale-end tbody tr").len(), 1);
        shop.app.clock.shift_seconds(5 * 86_400 + 3_600);
        assert_eq!(shop.visitor().get("/products/teapot").await.text(".product-buy .price"), "€49.00", "the planned one does not come");
        shop.app.clock.shift_seconds(-5 * 86_400 - 3_600);
        let page = desk.get(&path).await;
        let back = desk.submit(&page, "form.sale-end", &[("take", &keys[0])]).await;
        assert_eq!(back.status, 303, "{}", back.body);
        assert_eq!(shop.visitor().get("/products/teapot").await.text(".product-buy .price"), "€49.00");
        let page = desk.get(&path).await;
        assert!(!page.has("form.sale-end"), "{}", page.text("form.sale-end"));
        let again = desk.follow(desk.post(&format!("{path}/sale/end"), &[("take", &keys[0])]).await).await;
        assert!(again.text(".flash").contains("not planned any more"), "{}", again.text(".flash"));
    })
    .await;
}

#[tokio::test]
async fn a_price_for_a_while_ends() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let path = product_path(shop, "teapot").await;
        let until = shop.app.now().plus_days(2).in_zone("Europe/Dublin").strftime("%Y-%m-%dT%H:%M").to_string();
        let page = desk.get(&path).await;
        let dear = desk.submit(&page, "form.sale", &[("sale-amount", "60"), ("sale-until", &until)]).await;
        assert_eq!(dear.status, 422);
        saved(&desk, &path, "form.sale", &[("sale-amount", "39"), ("sale-until", &until)]).await;
        assert!(shop.visitor().get("/products/teapot").await.text(".product-buy").contains("€39.00"));
        shop.app.clock.shift_seconds(3 * 86_400);
        assert_eq!(shop.visitor().get("/products/teapot").await.text(".product-buy .price"), "€49.00");
    })
    .await;
}

#[tokio::test]
async fn clerks_count_and_do_not_change_the_catalogue() {
    shop_test(|shop| async move {
        let clerk = shop.staff("cleo@example.com", "Cleo", Some("clerk")).await;
        let path = product_path(shop, "teapot").await;
        for path in ["/admin/products", "/admin/products/new", &path, "/admin/collections", "/admin/pages", "/admin/pages/new"] {
            assert_eq!(clerk.get(path).await.status, 403, "{path}");
        }
        assert_eq!(clerk.post(&path, &[("title", "Mine")]).await.status, 403);
        let variant: wharf::base::VariantId =
            sqlx::query_scalar("SELECT id FROM variants WHERE sku = 'TEAPOT'").fetch_one(shop.db()).await.expect("a variant");
        assert_eq!(clerk.get(&format!("/admin/variants/{variant}/stock")).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn collections_and_pages_are_kept() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let page = desk.get("/admin/collections/new").await;
        let made = desk.submit(&page, "form.panel", &[("title", "For tea")]).await;
        let path = made.location().expect("the collection");
        let found = desk.get(&format!("{path}?q=lamp")).await;
        let add = found.attr("button[value^='add:']", "value");
        assert_eq!(desk.post(&format!("{path}/products"), &[("do", &add)]).await.status, 303);
        assert!(shop.visitor().get("/collections/for-tea").await.body.contains("/products/lamp"));

        let page = desk.get("/admin/pages/new").await;
        let made = desk.submit(&page, "form.panel", &[("title", "Our workshop"), ("body", "Come **in**.")]).await;
        let path = made.location().expect("the page");
        assert!(shop.visitor().get("/pages/our-workshop").await.body.contains("<strong>in</strong>"));
        assert!(shop.visitor().get("/").await.body.contains("/pages/our-workshop"), "the footer names it");
        let old = desk.get(&path).await;
        saved(&desk, &path, "form.panel", &[("title", "The workshop")]).await;
        let late = desk.submit(&old, "form.panel", &[("body", "Late.")]).await;
        assert_eq!((late.status, late.text("#body")), (409, "Late.".to_owned()));
        assert_eq!(desk.post(&format!("{path}/delete"), &[]).await.status, 303);
        assert_eq!(shop.visitor().get("/pages/our-workshop").await.status, 404);
        for path in ["/admin/products", "/admin/products?q=lamp&status=active", "/admin/collections", "/admin/pages"] {
            assert_eq!(desk.get(path).await.status, 200, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn pictures_are_described_put_in_order_and_taken_away() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let path = product_path(shop, "teapot").await;
        for at in [1, 2] {
            let name = format!("{at}.png");
            let sent = desk.upload(&format!("{path}/pictures"), &[("alt", &name)], ("files", &name, "image/png", png(at))).await;
            assert_eq!(sent.status, 303, "{}", sent.body);
        }
        shop.work().await;
        let alts = async || desk.get(&path).await.attrs("ol.pictures input[name=alt]", "value");
        let forms = async || desk.get(&path).await.attrs("ol.pictures form", "action");
        assert_eq!(alts().await, ["1.png", "2.png"]);
        assert_eq!(desk.post(&forms().await[1], &[("alt", "The pot from above"), ("do", "up")]).await.status, 303);
        assert_eq!(alts().await, ["The pot from above", "1.png"]);
        assert_eq!(desk.post(&forms().await[1], &[("alt", "The pot"), ("do", "save")]).await.status, 303);
        assert_eq!(shop.visitor().get("/products/teapot").await.attrs(".product-gallery .strip img", "alt"), ["The pot from above", "The pot"]);
        assert_eq!(desk.post(&forms().await[1], &[("alt", &"x".repeat(300))]).await.status, 422);

        sqlx::query("UPDATE media SET state = 'failed', error = 'torn' WHERE alt = 'The pot'").execute(shop.db()).await.expect("a broken picture");
        assert_eq!(desk.post(&forms().await[1], &[("alt", "The pot"), ("do", "retry")]).await.status, 303);
        shop.work().await;
        assert_eq!(shop.count("SELECT count(*) FROM media WHERE state = 'failed'").await, 0);
        assert_eq!(desk.post(&forms().await[0], &[("do", "delete")]).await.status, 303);
        assert_eq!(alts().await, ["The pot"]);
    })
    .await;
}

#[tokio::test]
async fn a_picture_that_is_fetched_from_elsewhere_may_be_missing() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let path = product_path(shop, "teapot").await;
        let id = path.rsplit('/').next().expect("an id");
        let sent = desk.upload(&format!("{path}/pictures"), &[("alt", "The pot")], ("files", "1.png", "image/png", png(1))).await;
        assert_eq!(sent.status, 303, "{}", sent.body);
        shop.work().await;
        let there = format!("{}{}", shop.origin, shop.visitor().get("/products/teapot").await.attr(".product-gallery .strip img", "src"));
        for (at, (alt, url)) in (2..).zip([("There", there.as_str()), ("Gone", "https://pictures.invalid/a.jpg")]) {
            sqlx::query("INSERT INTO media (id, product_id, position, alt, state, source_url, created_at) VALUES (gen_random_uuid(), $1::uuid, $2, $3, 'failed', $4, now())")
                .bind(id)
                .bind(at)
                .bind(alt)
                .bind(url)
                .execute(shop.db())
                .await
                .expect("a picture from elsewhere");
        }
        let there = desk.get(&path).await.attrs("ol.pictures form", "action").swap_remove(1);
        assert_eq!(desk.post(&there, &[("alt", "There"), ("do", "retry")]).await.status, 303);
        shop.work().await;
        assert_eq!(shop.visitor().get("/products/teapot").await.attrs(".product-gallery .strip img", "alt"), ["The pot", "There"]);
        let form = desk.get(&path).await.attrs("ol.pictures form", "action").pop().expect("its form");
        assert_eq!(desk.post(&form, &[("alt", "Gone"), ("do", "retry")]).await.status, 303);
        shop.work().await;
        assert_eq!(shop.visitor().get("/products/teapot").await.status, 200, "it fails nothing");
        desk.post(&form, &[("do", "delete")]).await;
    })
    .await;
}

#[tokio::test]
async fn a_product_is_archived_and_brought_back() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let path = product_path(shop, "teapot").await;
        let page = desk.get(&path).await;
        assert_eq!(desk.submit(&page, "form[action$='/archive']", &[]).await.status, 303);
        assert_eq!(shop.visitor().get("/products/teapot").await.status, 404);
        let page = desk.get(&path).await;
        assert_eq!(desk.submit(&page, "form[action$='/unarchive']", &[]).await.status, 303);
        saved(&desk, &path, "form.words", &[("status", "active")]).await;
        assert_eq!(shop.visitor().get("/products/teapot").await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn a_collection_is_renamed_and_hidden() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let path = desk.get("/admin/collections").await.attr("tbody a[href^='/admin/collections/']", "href");
        let old = desk.get(&path).await;
        saved(&desk, &path, "form.panel", &[("title", "The table"), ("active", "1")]).await;
        assert_eq!(shop.visitor().get("/collections/table").await.text("h1"), "The table");
        assert_eq!(desk.submit(&old, "form.panel", &[("title", "Late")]).await.status, 409, "somebody was faster");
        let page = desk.get(&path).await;
        let fields: Vec<(String, String)> =
            ["title", "handle", "version"].map(|name| (name.to_owned(), page.attr(&format!("form.panel [name={name}]"), "value"))).to_vec();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(desk.post(&path, &fields).await.status, 303);
        assert_eq!(shop.visitor().get("/collections/table").await.status, 404, "the box was not ticked");
    })
    .await;
}

#[tokio::test]
async fn delivery_is_changed_added_and_ended() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let index = "/admin/settings/delivery";
        let path = desk.get(index).await.attr("tbody a", "href");
        let old = desk.get(&path).await;
        let refused = desk.submit(&old, "form.panel", &[("price-0", "cheap")]).await;
        assert_eq!((refused.status, refused.has("#price-0-error"), refused.attr("#price-0", "value").as_str()), (422, true, "cheap"));
        saved(&desk, &path, "form.panel", &[("up_to-0", ""), ("price-0", ""), ("above", "2.00"), ("free_over", "")]).await;
        assert_eq!(desk.submit(&old, "form.panel", &[("above", "3.00")]).await.status, 409);

        let page = desk.get(index).await;
        let wrong = desk.submit(&page, "form[action$='/zones']", &[("name", "Alps"), ("areas", "XX")]).await;
        assert_eq!((wrong.status, wrong.has("#areas-error"), wrong.attr("#name", "value").as_str()), (422, true, "Alps"));
        assert_eq!(desk.submit(&page, "form[action$='/zones']", &[("name", "Alps"), ("areas", "CH\nLI")]).await.status, 303);
        let page = desk.get(index).await;
        assert!(page.text("main").contains("Alps") && page.text("main").contains("nothing is sent here"));
        let new = page.attrs("a[href*='/new?zone=']", "href").pop().expect("the last zone");
        let form = desk.get(&new).await;
        assert_eq!(desk.submit(&form, "form.panel", &[("name", ""), ("above", "9.00")]).await.status, 422);
        let made = desk
            .submit(
                &form,
                "form.panel",
                &[("name", "Post"), ("up_to-0", "1000"), ("price-0", "9.00"), ("above", "15.00"), ("min_days", "2"), ("max_days", "4")],
            )
            .await;
        assert_eq!(made.status, 303, "{}", made.texts(".error").join(" "));
        let page = desk.get(index).await;
        assert!(page.text("main").contains("Post"));

        // A page of the shop shows the prices as they are just now.
        let page = desk.get("/admin/pages/new").await;
        let body = "We send on working days.\n\n[delivery-prices]\n\nWrite [delivery-prices] alone.";
        assert_eq!(desk.submit(&page, "form.panel", &[("title", "Shipping"), ("body", body)]).await.status, 303);
        let visitor = shop.visitor();
        let shown = visitor.get("/pages/shipping").await;
        let prices = shown.text(".delivery-prices");
        assert!(prices.contains("€2.00") && !prices.contains("Alps"), "only where the shop sells to: {prices}");
        assert!(shown.text("main").contains("Write [delivery-prices] alone."), "only where it stands alone on a line");
        saved(&desk, &path, "form.panel", &[("above", "2.50")]).await;
        assert!(visitor.get("/pages/shipping").await.text(".delivery-prices").contains("€2.50"), "at once");

        let form = desk.get(&path).await;
        assert_eq!(desk.submit(&form, "form[action$='/end']", &[]).await.status, 303);
        assert!(!desk.get(index).await.attrs("tbody a", "href").contains(&path));
        assert_eq!(desk.post(&format!("{path}/end"), &[]).await.status, 303, "ending it twice does no harm");
    })
    .await;
}

#[tokio::test]
async fn a_tax_rate_is_entered_before_it_begins() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let page = desk.get("/admin/settings/taxes").await;
        let form = "form[action='/admin/settings/taxes'][method=post]";
        let new = |from: &'static str, percent: &'static str| [("country", "IE"), ("class", "standard"), ("percent", percent), ("from", from)];
        assert_eq!(desk.submit(&page, form, &new("2027-01-01", "much")).await.status, 422);
        assert_eq!(desk.submit(&page, form, &new("2027-01-01", "24")).await.status, 303);
        let twice = desk.submit(&page, form, &new("2027-01-01", "25")).await;
        assert_eq!((twice.status, twice.has("#from-error")), (422, true), "one begins on that day");
        let now = shop.app.now();
        let ireland = wharf::base::Country::parse("IE").expect("a country");
        let rate = |at| shop.app.rules().tax.rate("standard", ireland, at).map(|rate| rate.to_string());
        assert_eq!((rate(now).as_deref(), rate(now.plus_days(60)).as_deref()), (Some("23"), Some("24")));
    })
    .await;
}

#[tokio::test]
async fn an_article_is_written_shown_at_its_hour_and_illustrated() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let page = desk.get("/admin/pages/new?blog=journal").await;
        assert_eq!((page.text("h1").as_str(), page.attr("#blog", "value").as_str()), ("New article", "journal"));
        let article = |from: &'static str| {
            [("title", "Firing day"), ("body", "It is **hot**."), ("blog", "Journal"), ("summary", "Three days."), ("shown_from", from)]
        };
        let wrong = desk.submit(&page, "form.panel", &article("soon")).await;
        assert_eq!((wrong.status, wrong.has("#shown_from-error"), wrong.attr("#title", "value").as_str()), (422, true, "Firing day"));
        let path = desk.submit(&page, "form.panel", &article("2200-01-01T08:00")).await.location().expect("the article");
        let visitor = shop.visitor();
        assert_eq!(visitor.get("/blogs/journal/firing-day").await.status, 404, "not yet");
        assert_eq!(visitor.get("/blogs/journal").await.status, 404, "a blog without articles is not there");
        assert!(!visitor.get("/search?q=firing").await.has(".found-texts"));
        // It begins as a draft, which its hour does not show.
        assert!(desk.get(&path).await.has("#is_draft[checked]"));
        saved(&desk, &path, "form.panel", &[("shown_from", "2026-01-01T08:00")]).await;
        assert_eq!(visitor.get("/blogs/journal/firing-day").await.status, 404, "a draft");
        assert_eq!(visitor.get("/blogs/journal").await.status, 404, "of drafts alone there is no blog");
        assert!(!visitor.get("/sitemap.xml").await.body.contains("firing-day"));
        assert!(!visitor.get("/search?q=firing").await.has(".found-texts"));
        assert!(desk.get("/admin/pages").await.text("tbody").contains("draft"));
        saved(&desk, &path, "form.panel", &[("is_draft", "")]).await;
        let seen = visitor.get("/blogs/journal/firing-day").await;
        assert!(seen.body.contains("<strong>hot</strong>") && seen.structured().iter().any(|data| data["@type"] == "BlogPosting"), "{}", seen.body);
        assert_eq!(visitor.get("/blogs/journal").await.texts(".story h2"), ["Firing day"]);
        assert_eq!(visitor.get("/pages/firing-day").await.status, 404, "an article is no page");
        assert!(!visitor.get("/").await.text(".site-footer").contains("Firing day"));
        assert!(visitor.get("/sitemap.xml").await.body.contains("/blogs/journal/firing-day"));
        for words in ["firing", "hot", "Firing+day"] {
            let found = visitor.get(&format!("/search?q={words}")).await;
            assert_eq!(found.attr(".found-texts a", "href"), "/blogs/journal/firing-day", "{words}: {}", found.text("main"));
        }

        let upload = format!("{path}/picture");
        let torn = desk.upload(&upload, &[("alt", "The kiln")], ("file", "kiln.png", "image/png", b"no picture".to_vec())).await;
        assert_eq!((torn.status, torn.has("#file-error")), (422, true));
        assert_eq!(desk.upload(&upload, &[("alt", "The kiln")], ("file", "kiln.png", "image/png", png(3))).await.status, 303);
        let seen = visitor.get("/blogs/journal/firing-day").await;
        assert_eq!(seen.attr(".article-picture img", "alt"), "The kiln");
        let picture = visitor.get(&seen.attr(".article-picture img", "src")).await;
        assert_eq!((picture.status, picture.header("content-type")), (200, "image/jpeg"), "made when it is asked for");
        let hash = seen.attr(".article-picture img", "src");
        for other in [hash.replace("640.jpg", "641.jpg"), hash.replace("640.jpg", "640.avif"), hash.replace("/media/", "/media/0")] {
            assert_eq!(visitor.get(&other).await.status, 404, "{other}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_home_page_is_arranged() {
    shop_test(|shop| async move {
        let desk = shop.owner().await;
        let old = desk.get("/admin/pages/home").await;
        let wrong = desk.submit(&old, "form.panel", &[("title-0", "Glass"), ("link-0", "See"), ("href-0", "https://evil.example")]).await;
        assert_eq!((wrong.status, wrong.has("#href-0-error")), (422, true));
        let words = [
            ("title", "Made here"),
            ("line", "By us."),
            ("facts", "Free returns\nMade here"),
            ("title-0", "Glass"),
            ("text-0", "Blown."),
            ("link-0", "See"),
            ("href-0", "/collections/table"),
        ];
        saved(&desk, "/admin/pages/home", "form.panel", &words).await;
        assert_eq!(desk.submit(&old, "form.panel", &[("title", "Late")]).await.status, 409);
        for place in ["opening", "section-0"] {
            let sent = desk.upload(&format!("/admin/pages/home/pictures/{place}"), &[("alt", place)], ("file", "a.png", "image/png", png(4))).await;
            assert_eq!(sent.status, 303, "{}", sent.body);
        }
        assert_eq!(desk.upload("/admin/pages/home/pictures/section-9", &[], ("file", "a.png", "image/png", png(4))).await.status, 404);
        let seen = shop.visitor().get("/").await;
        assert_eq!(seen.text("h1"), "Made here");
        assert_eq!(seen.texts(".promises li"), ["Free returns", "Made here"]);
        assert_eq!(seen.attr(".hero-picture img", "alt"), "opening");
        assert_eq!((seen.text(".editorial h2"), seen.attr(".editorial a", "href")), ("Glass".into(), "/collections/table".into()));
    })
    .await;
}
