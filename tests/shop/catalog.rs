//! What is for sale: every variant has its page, machines read what people read, old links lead on, words find things.

use serde_json::Value;
use wharf::base::{Actor, CollectionId, Handle, Language, LocationId, ProductId};
use wharf::catalog::edit::{ProductEdit, Status, VariantEdit, add_variant, create, publish, set_products};
use wharf::inventory::{Note, set_on_hand};
use wharf::platform::invalidation;
use wharf::{pricing, search};

use crate::kit::steps::{buy, newest_order, number, order, order_id, put, ship_all, with_cart};
use crate::kit::{Page, Shop, shop_test};

/// The document of a kind.
fn document(page: &Page, kind: &str) -> Value {
    page.structured().into_iter().find(|document| document["@type"] == kind).unwrap_or_else(|| panic!("no {kind} on {}", page.path))
}

/// Values of the radio buttons that are chosen.
fn chosen(page: &Page) -> Vec<String> {
    page.attrs(".options input[type=radio][checked]", "value")
}

/// So many more things on the table.
async fn fill_the_table(shop: &Shop, count: usize) {
    let (at, rules) = (shop.app.now(), shop.app.rules());
    let market = &rules.markets[0];
    let mut tx = shop.db().begin().await.expect("a transaction");
    let location: LocationId = sqlx::query_scalar("SELECT location_id FROM stock_levels LIMIT 1").fetch_one(&mut *tx).await.expect("a location");
    let table: CollectionId = sqlx::query_scalar("SELECT id FROM collections").fetch_one(&mut *tx).await.expect("the table");
    let mut all: Vec<ProductId> =
        sqlx::query_scalar("SELECT product_id FROM collection_products ORDER BY position").fetch_all(&mut *tx).await.expect("the cast");
    for nth in 1..=count {
        let title = format!("Plate {nth:02}");
        let edit = ProductEdit {
            handle: Some(Handle::of_title(&title, "plate")),
            title,
            description: String::new(),
            description_html: String::new(),
            vendor: String::new(),
            status: Status::Active,
            tax_class: "standard".into(),
            product_type: String::new(),
            tags: Vec::new(),
            seo_title: String::new(),
            seo_description: String::new(),
        };
        let product = create(&mut tx, Language::english(), &edit, at).await.expect("a product");
        let edit = VariantEdit {
            sku: Some(format!("PLATE-{nth:02}")),
            weight_grams: 300,
            requires_shipping: true,
            is_tracked: true,
            ..VariantEdit::default()
        };
        let variant = add_variant(&mut tx, product, &edit, None, at).await.expect("a variant");
        pricing::set_price(&mut tx, market.price_list.id, variant, 900, None, at).await.expect("a price");
        set_on_hand(&mut tx, variant, location, 7, &Note { reason: "first count", actor: Actor::System, at, low_stock: 3 }).await.expect("stock");
        publish(&mut tx, product, market.id, at, None).await.expect("published");
        search::refresh(&mut tx, product).await.expect("findable");
        all.push(product);
    }
    set_products(&mut tx, table, &all, at).await.expect("on the table");
    invalidation::rules_changed(&mut tx).await.expect("told");
    tx.commit().await.expect("committed");
    shop.app.changed().await;
}

#[tokio::test]
async fn a_variant_is_chosen_by_radio_buttons_and_has_an_address() {
    shop_test(|shop| async move {
        let ada = shop.visitor();
        let page = ada.get("/products/lamp").await;
        assert_eq!(page.texts(".options legend"), ["Colour", "Size"]);
        assert_eq!(page.attrs(".options input[name=option-0]", "value"), ["Red", "Blue"]);
        assert_eq!(page.attrs(".options input[name=option-1]", "value"), ["S", "L"]);
        assert_eq!(chosen(&page), ["Red", "S"]);
        assert_eq!(page.attr("form.buy input[name=variant]", "value"), number(shop, "LAMP-RED-S").await);

        let blue = number(shop, "LAMP-BLUE-L").await;
        let address = format!("/products/lamp?variant={blue}");
        let asked = ada.get("/products/lamp?option-0=Blue&option-1=L").await;
        assert_eq!((asked.status, asked.location()), (303, Some(address.clone())), "without a script, choosing leads to the address");
        let page = ada.get(&address).await;
        assert_eq!((chosen(&page), page.attr("form.buy input[name=variant]", "value")), (vec!["Blue".into(), "L".into()], blue.clone()));
        let cart = ada.follow(ada.submit(&page, "form.buy", &[]).await).await;
        assert_eq!(cart.text(".line-variant"), "Blue / L");
        // Without a script somebody picks another and adds it at once: that one is meant, not the one that was shown.
        let bo = shop.visitor();
        let cart = bo.follow(bo.submit(&page, "form.buy", &[("option-0", "Red"), ("option-1", "S")]).await).await;
        assert_eq!((cart.text(".line-variant"), cart.text(".flash")), ("Red / S".into(), "It is in your cart.".into()));
        let odd = bo.submit(&page, "form.buy", &[("option-0", "Green"), ("option-1", "S")]).await;
        assert_eq!(odd.location().as_deref(), Some("/products/lamp?option-0=Green&option-1=S"), "the nearest is shown");
        assert!(bo.follow(bo.follow(odd).await).await.text(".flash.is-sorry").contains("nothing was put into your cart"));
        assert_eq!(bo.post("/cart/lines", &[("variant", &blue), ("option-0", "Green")]).await.status, 422, "without the product's name");
        assert_eq!(bo.get("/cart").await.texts(".line-variant"), ["Red / S"]);

        for unknown in ["999999", "abc", "-1", ""] {
            let page = ada.get(&format!("/products/lamp?variant={unknown}")).await;
            assert_eq!(page.location().as_deref(), Some("/products/lamp"), "{unknown:?}");
        }
        let other = number(shop, "TEAPOT").await;
        assert_eq!(ada.get(&format!("/products/lamp?variant={other}")).await.location().as_deref(), Some("/products/lamp"), "of another product");
        assert!(!ada.get("/products/teapot").await.has(".options"), "where there is nothing to choose, nothing is asked");
    })
    .await;
}

#[tokio::test]
async fn a_sold_out_variant_says_so_and_another_is_shown_first() {
    shop_test(|shop| async move {
        let ada = shop.visitor();
        assert_eq!(chosen(&ada.get("/products/lamp").await), ["Red", "S"]);
        let bo = with_cart(shop, "LAMP-RED-S", "5").await;
        assert_eq!(order(&bo, "bank_transfer").await.status, 303);
        shop.work().await;
        shop.app.changed().await;
        let first = ada.get("/products/lamp").await;
        assert_eq!((chosen(&first), first.has("form.buy")), (vec!["Red".into(), "L".into()], true), "one that can be bought");
        assert_eq!(first.text(".options label[for=option-1-0] .sold-out"), "(sold out)", "before it is chosen");
        let gone = ada.get(&format!("/products/lamp?variant={}", number(shop, "LAMP-RED-S").await)).await;
        assert_eq!((gone.status, gone.text(".product-buy > .badge").as_str(), gone.has("form.buy")), (200, "Sold out", false));
        assert_eq!(chosen(&gone), ["Red", "S"]);
        let number = number(shop, "LAMP-RED-S").await;
        let forced = ada.post("/cart/lines", &[("variant", &number), ("qty", "1")]).await;
        assert!(forced.status == 422 || ada.follow(forced).await.has(".notice.bad"), "and it is refused or said");

        let bowl = ada.get("/products/gone-bowl").await;
        assert_eq!((bowl.status, bowl.has("form.buy")), (200, false), "a product that is sold out keeps its page");
    })
    .await;
}

#[tokio::test]
async fn machines_read_the_prices_and_stock_that_people_read() {
    shop_test(|shop| async move {
        let bo = with_cart(shop, "LAMP-BLUE-S", "5").await;
        assert_eq!(order(&bo, "bank_transfer").await.status, 303);
        shop.work().await;
        sqlx::query("UPDATE prices SET amount_minor = 13050 WHERE variant_id = (SELECT id FROM variants WHERE sku = 'LAMP-RED-L')")
            .execute(shop.db())
            .await
            .expect("another price");
        let ada = shop.visitor();
        let page = ada.get("/products/lamp").await;
        let group = document(&page, "ProductGroup");
        assert_eq!(group["name"], page.text("h1").as_str());
        assert_eq!(group["url"], format!("{}/products/lamp", shop.origin));
        assert_eq!(group["variesBy"], serde_json::json!(["https://schema.org/color", "https://schema.org/size"]));
        let variants = group["hasVariant"].as_array().expect("variants");
        assert_eq!(variants.len(), 4);
        let mut sold_out = 0;
        for variant in variants {
            let offer = &variant["offers"];
            let own = ada.get(offer["url"].as_str().expect("an address")).await;
            assert_eq!(own.status, 200, "{offer}");
            assert_eq!(format!("€{}", offer["price"].as_str().expect("text")), own.text(".product-buy .price"), "{offer}");
            assert_eq!(offer["priceCurrency"], "EUR");
            let is_gone = own.has(".product-buy > .sold-out");
            sold_out += usize::from(is_gone);
            assert_eq!(offer["availability"], if is_gone { "https://schema.org/OutOfStock" } else { "https://schema.org/InStock" });
            assert_eq!(chosen(&own), [variant["color"].as_str().expect("a colour"), variant["size"].as_str().expect("a size")]);
            assert_eq!(own.attr("link[rel=canonical]", "href"), format!("{}/products/lamp", shop.origin), "one address for search engines");
        }
        assert_eq!(sold_out, 1);
        let teapot = ada.get("/products/teapot").await;
        let product = document(&teapot, "Product");
        assert_eq!((&product["offers"]["price"], &product["sku"]), (&"49.00".into(), &"TEAPOT".into()));
        assert!(product["offers"]["shippingDetails"].is_array(), "{product}");
    })
    .await;
}

#[tokio::test]
async fn the_way_to_a_product_is_the_same_for_people_and_machines() {
    shop_test(|shop| async move {
        for path in ["/products/lamp", "/collections/table/products/lamp"] {
            let page = shop.visitor().get(path).await;
            assert_eq!((page.status, page.attr("link[rel=canonical]", "href")), (200, format!("{}/products/lamp", shop.origin)), "{path}");
            let trail = document(&page, "BreadcrumbList");
            let names: Vec<&str> = trail["itemListElement"].as_array().expect("a trail").iter().filter_map(|item| item["name"].as_str()).collect();
            assert_eq!(names, page.texts("nav.breadcrumb li"), "{path}");
            assert_eq!(names, ["Home", "Table", "Lamp"]);
            for item in trail["itemListElement"].as_array().expect("a trail") {
                assert_eq!(shop.visitor().get(item["item"].as_str().expect("an address")).await.status, 200, "{item}");
            }
        }
        assert_eq!(shop.visitor().get("/collections/nothing/products/lamp").await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn an_old_address_of_a_product_leads_to_the_new_one_in_one_step() {
    shop_test(|shop| async move {
        sqlx::query(
            "INSERT INTO product_handles (language, handle, product_id, is_current)
             SELECT language, 'lampe-für-drinnen', product_id, false FROM product_handles WHERE handle = 'lamp'",
        )
        .execute(shop.db())
        .await
        .expect("an old handle");
        let ada = shop.visitor();
        let old = "/products/lampe-f%C3%BCr-drinnen";
        for (from, to) in [
            (old.to_owned(), "/products/lamp"),
            (format!("{old}/"), old),
            (format!("/collections/table{old}"), "/products/lamp"),
            (format!("{old}?variant=12"), "/products/lamp?variant=12"),
        ] {
            let page = ada.get(&from).await;
            let status = if from.ends_with('/') { 308 } else { 301 };
            assert_eq!((page.status, page.location().as_deref()), (status, Some(to)), "{from}");
        }
        let evil = ada.get(&format!("{old}?variant=1%0d%0aX-Evil:1")).await;
        assert_eq!((evil.location().as_deref(), evil.header("x-evil")), (Some("/products/lamp"), ""));
    })
    .await;
}

#[tokio::test]
async fn names_with_signs_stay_names() {
    shop_test(|shop| async move {
        let odd = r#"Lamp </script><script>alert(1)</script> & "sons""#;
        sqlx::query("UPDATE product_texts SET title = $1, seo_title = '' WHERE title = 'Lamp'").bind(odd).execute(shop.db()).await.expect("renamed");
        for path in ["/products/lamp", "/collections/table", "/", "/search?q=lamp"] {
            let page = shop.visitor().get(path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(!page.texts("script").iter().any(|text| text.starts_with("alert")), "{path}");
            page.structured();
        }
        let page = shop.visitor().get("/products/lamp").await;
        assert_eq!((page.text("h1"), document(&page, "ProductGroup")["name"].as_str()), (odd.to_owned(), Some(odd)));
    })
    .await;
}

#[tokio::test]
async fn a_long_collection_has_pages_with_addresses_of_their_own() {
    shop_test(|shop| async move {
        fill_the_table(shop, 30).await;
        let ada = shop.visitor();
        let (first, second) = (ada.get("/collections/table").await, ada.get("/collections/table?page=2").await);
        assert_eq!((first.texts(".card-title").len(), second.texts(".card-title").len()), (24, 10));
        let mut all = [first.texts(".card-title"), second.texts(".card-title")].concat();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 34, "nothing twice, nothing lost");
        assert_eq!(first.attr("link[rel=canonical]", "href"), format!("{}/collections/table", shop.origin));
        assert_eq!(second.attr("link[rel=canonical]", "href"), format!("{}/collections/table?page=2", shop.origin), "a page of its own, not a copy");
        assert_ne!(first.text("title"), second.text("title"));
        assert_eq!(
            (first.attr("a[rel=next]", "href").as_str(), second.attr("a[rel=prev]", "href").as_str()),
            ("/collections/table?page=2", "/collections/table")
        );
        assert!(!second.has("a[rel=next]"));
        let numbered = ada.get("/collections/table?page=1&utm_source=x").await;
        assert_eq!(numbered.attr("link[rel=canonical]", "href"), format!("{}/collections/table", shop.origin));
        for beyond in ["3", "0", "-1", "x", "99999999999999999999"] {
            assert_eq!(ada.get(&format!("/collections/table?page={beyond}")).await.status, 404, "{beyond}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_list_is_narrowed_and_sorted_by_links_that_nobody_indexes() {
    shop_test(|shop| async move {
        let ada = shop.visitor();
        let whole = ada.get("/collections/table").await;
        assert!(whole.has("link[rel=canonical]") && whole.attr("meta[name=robots]", "content") != "noindex");
        let (colours, sizes) = (whole.texts(".filter:nth-of-type(1) .filter-values a"), whole.texts(".filter:nth-of-type(2) .filter-values a"));
        assert_eq!((colours, sizes), (vec!["Red 1".to_owned(), "Blue 1".into()], vec!["S 1".to_owned(), "L 1".into()]));
        assert_eq!(whole.texts(".filter-switch"), ["In stock 3"], "the gone bowl is gone, and nothing is reduced");

        let blue = ada.get("/collections/table?f.colour=blue").await;
        assert_eq!(blue.texts(".card-title"), ["Lamp"]);
        assert_eq!(
            blue.attr("link[rel=canonical]", "href"),
            format!("{}/collections/table", shop.origin),
            "a view of the whole, which is found instead"
        );
        let link = blue.attr(".card-title a", "href");
        assert!(ada.get(&link).await.attrs(".options input[checked]", "value").contains(&"Blue".to_owned()), "{link} is the blue one");
        assert_eq!(blue.texts(".chip"), ["Colour: Blue"]);
        assert_eq!((blue.attr(".chip", "href").as_str(), blue.attr(".chip", "rel").as_str()), ("/collections/table", "nofollow"));
        let both: Vec<String> = blue.attrs(".filter-values a", "href");
        assert!(both.contains(&"/collections/table?f.colour=blue%7Ered".to_owned()), "one more of the same option: {both:?}");
        assert!(both.contains(&"/collections/table?f.colour=blue&f.size=s".to_owned()), "one of another: {both:?}");
        assert_eq!(blue.texts(".filter:nth-of-type(1) .filter-values a"), ["Red 1", "Blue 1"], "red is counted as if blue were not chosen");

        for (query, wanted) in [
            ("sort=cheapest", vec!["Last cup", "Gone bowl", "Teapot", "Lamp"]),
            ("sort=dearest", vec!["Lamp", "Teapot", "Gone bowl", "Last cup"]),
            ("available=yes&sort=cheapest", vec!["Last cup", "Teapot", "Lamp"]),
            ("f.colour=red~blue&f.size=l", vec!["Lamp"]),
            ("F.Colour=red&f.colour=%00&sort=upwards", vec!["Teapot", "Lamp", "Last cup", "Gone bowl"]),
        ] {
            let page = ada.get(&format!("/collections/table?{query}")).await;
            assert_eq!((page.status, page.texts(".card-title")), (200, wanted.into_iter().map(str::to_owned).collect()), "{query}");
        }
        for nothing in ["f.colour=green", "f.colour=red&f.size=xl", "f.weight=red", "sale=yes", "f.colour=%27%20OR%201%3D1--"] {
            let page = ada.get(&format!("/collections/table?{nothing}")).await;
            assert_eq!((page.status, page.has(".empty a[href='/collections/table']")), (404, true), "{nothing} leaves a way back");
        }
        for (query, wanted) in [
            ("to=15", vec!["Last cup"]),
            ("from=49&to=49,00", vec!["Teapot"]),
            ("from=60&to=20&sort=cheapest", vec!["Gone bowl", "Teapot"]),
            ("f.size=l&from=100", vec!["Lamp"]),
            ("from=-5&to=1e9&sort=newest", vec!["Gone bowl", "Last cup", "Lamp", "Teapot"]),
        ] {
            let page = ada.get(&format!("/collections/table?{query}")).await;
            let mut titles = page.texts(".card-title");
            let mut wanted: Vec<String> = wanted.into_iter().map(str::to_owned).collect();
            if query.contains("newest") {
                titles.sort();
                wanted.sort();
            }
            assert_eq!((page.status, titles), (200, wanted), "{query}");
        }
        let priced = ada.get("/collections/table?f.colour=red&from=12,50").await;
        let form = |name: &str| priced.attr(&format!(".filter-price input[name='{name}']"), "value");
        assert_eq!((form("f.colour"), form("from"), form("to")), ("red".into(), "12.5".into(), String::new()));
        assert_eq!(priced.texts(".chip"), ["Colour: Red", "At least €12.50"]);
        let odd = ada.get("/collections/table?f.colour=red&from=abc").await;
        assert!(odd.text(".notice").contains("“abc” could not be read"), "{}", odd.text("main"));
        assert_eq!((odd.status, odd.texts(".chip")), (200, vec!["Colour: Red".to_owned()]));
        assert!(!ada.get("/collections/table?f.colour=red").await.has(".notice"), "an answer for another address");
        assert_eq!(priced.attrs(".chip", "href")[1], "/collections/table?f.colour=red");
        assert!(whole.text(".filter-price .hint").contains("€"), "{}", whole.text(".filter-price .hint"));
        assert!(ada.get("/search?q=day").await.text(".filter.sort summary").contains("Best match"));
        let found = ada.get("/search?q=lamp&f.size=s").await;
        assert_eq!((found.texts(".card-title"), found.attr(".chip", "href").as_str()), (vec!["Lamp".to_owned()], "/search?q=lamp"));
        assert!(ada.get("/robots.txt").await.body.contains("Disallow: /*?f."), "no robot wastes its time on choices");
    })
    .await;
}

#[tokio::test]
async fn what_leaves_most_often_stands_on_the_home_page_from_the_next_day_on() {
    shop_test(|shop| async move {
        fill_the_table(shop, 1).await;
        let ada = with_cart(shop, "TEAPOT", "3").await;
        for (sku, qty) in [("LAMP-RED-S", "2"), ("LAST-CUP", "1"), ("PLATE-01", "4")] {
            put(shop, &ada, sku, qty).await;
        }
        buy(shop, &ada).await;
        let desk = shop.owner().await;
        assert_eq!(ship_all(&desk, &order_id(shop, &newest_order(shop).await).await).await.status, 303);
        let visitor = shop.visitor();
        assert!(!visitor.get("/").await.has("#best"), "a day is counted when it is over");
        shop.app.clock.shift_seconds(86_400);
        shop.work().await;
        assert_eq!(
            visitor.get("/").await.texts("section[aria-labelledby=best] .card-title"),
            ["Plate 01", "Teapot", "Lamp", "Last cup"],
            "most pieces first"
        );
        assert_eq!(visitor.get("/").await.texts("section[aria-labelledby=newest] .card-title"), ["Gone bowl"], "nothing stands there twice");
        let (market, now) = (shop.app.rules().markets[0].clone(), shop.app.now());
        let earlier = search::Query {
            language: Language::english(),
            market: market.id,
            price_list: market.price_list.id,
            which: search::Which::Best(now.plus_days(-60), now.plus_days(-2)),
            filter: None,
            prices: (None, None),
            page_size: 4,
            page: 1,
        };
        assert_eq!(search::listing(shop.db(), &earlier, now).await.expect("a list").total, 0, "only what left in those days counts");
    })
    .await;
}

#[tokio::test]
async fn what_is_being_typed_is_answered_with_a_few_things() {
    shop_test(|shop| async move {
        let ada = shop.visitor();
        let page = ada.get("/search/suggestions?q=la").await;
        assert_eq!((page.status, page.texts(".suggestions a").len(), page.has("html head title")), (200, 2, false), "{}", page.body);
        assert!(page.attrs(".suggestions a", "href").contains(&"/products/lamp".to_owned()), "{}", page.body);
        assert_eq!(page.attr(".more", "href"), "/search?q=la");
        let table = ada.get("/search/suggestions?q=tab").await;
        assert!(table.attrs(".suggestions a", "href").contains(&"/collections/table".to_owned()), "{}", table.body);
        for nothing in ["", "%00", "xyzzyplugh", "%3Cscript%3E"] {
            let page = ada.get(&format!("/search/suggestions?q={nothing}")).await;
            assert_eq!((page.status, page.has("a"), page.has("script")), (200, false, false), "{nothing}");
        }
        let etag = page.headers["etag"].to_str().expect("text").to_owned();
        assert!(!etag.is_empty(), "kept like every public page");
    })
    .await;
}

#[tokio::test]
async fn words_find_things_even_unfinished_or_misspelt() {
    shop_test(|shop| async move {
        let ada = shop.visitor();
        for (words, wanted) in [
            ("teapot", "Teapot"),
            ("teap", "Teapot"),
            ("TEAPOTS", "Teapot"),
            ("teapto", "Teapot"),
            ("LAMP-RED-S", "Lamp"),
            ("lampreds", "Lamp"),
            ("blue lamp", "Lamp"),
            ("last+c", "Last cup"),
            ("Téàpot", "Teapot"),
            ("tëap", "Teapot"),
        ] {
            let page = ada.get(&format!("/search?q={}", words.replace(' ', "+"))).await;
            assert_eq!((page.status, page.text(".card-title").as_str()), (200, wanted), "{words}: {:?}", page.texts(".card-title"));
            assert_eq!(
                (page.attr("meta[name=robots]", "content").as_str(), page.attr("#q", "value")),
                ("noindex", words.replace('+', " ")),
                "{words}"
            );
        }
        for misspelt in ["teapto", "tepot"] {
            assert_eq!(ada.get(&format!("/search?q={misspelt}")).await.texts(".card-title"), ["Teapot"], "{misspelt}");
        }
        let long = ada.get(&format!("/search?q={}", "x".repeat(300))).await;
        assert_eq!((long.status, long.text("[role=status]").contains("xxxxx")), (200, true), "what was looked for is said: {}", long.text("main"));
        let nothing = ada.get("/search?q=xyzzyplugh").await;
        assert_eq!((nothing.status, nothing.has(".card a[href^='/products/']")), (200, false));
        assert!(
            nothing.has("section.empty a[href='/collections/table']") && nothing.text("[role=status]").contains("xyzzyplugh"),
            "somewhere to go on"
        );
        for odd in [
            "",
            "%00",
            "%22",
            "%27+OR+1%3D1--",
            "%26%26%26",
            "a%3A*%7C!",
            "%3Cscript%3Ealert(1)%3C/script%3E",
            "%F0%9F%AB%96",
            "x%C5%89",
            "%EF%BC%85%EF%BC%87",
        ] {
            let page = ada.get(&format!("/search?q={odd}")).await;
            assert_eq!((page.status, page.texts("script").iter().any(|text| text.starts_with("alert"))), (200, false), "{odd}");
        }
        assert_eq!(ada.get("/search?q=teapot&page=2").await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn the_sitemap_lists_pages_by_the_address_that_they_give_themselves() {
    shop_test(|shop| async move {
        sqlx::query("UPDATE products SET status = 'draft' WHERE id = (SELECT product_id FROM product_handles WHERE handle = 'gone-bowl')")
            .execute(shop.db())
            .await
            .expect("a draft");
        let ada = shop.visitor();
        let map = ada.get("/sitemap.xml").await;
        assert_eq!((map.status, map.header("content-type")), (200, "application/xml; charset=utf-8"));
        let listed: Vec<String> = map.body.split("<loc>").skip(1).map(|rest| rest.split("</loc>").next().unwrap_or_default().to_owned()).collect();
        for known in ["/products/teapot", "/products/lamp", "/collections/table", "/collections"] {
            assert!(listed.contains(&format!("{}{known}", shop.origin)), "{known}: {listed:?}");
        }
        for url in &listed {
            let page = ada.get(url).await;
            assert_eq!((page.status, page.attr("link[rel=canonical]", "href")), (200, url.clone()));
            assert_ne!(page.attr("meta[name=robots]", "content"), "noindex", "{url}");
        }
        assert!(
            !listed.iter().any(|url| url.contains('?') || url.contains("gone-bowl") || url.contains("/cart") || url.contains("/search")),
            "{listed:?}"
        );
        let draft = ada.get("/products/gone-bowl").await;
        assert_eq!(draft.status, 404, "a draft is not there");

        let robots = ada.get("/robots.txt").await;
        assert!(robots.header("content-type").starts_with("text/plain"));
        assert!(robots.body.lines().any(|line| line == format!("Sitemap: {}/sitemap.xml", shop.origin)), "{}", robots.body);
        let cached = ada.get_with("/sitemap.xml", &[("if-none-match", map.header("etag"))]).await;
        assert_eq!(cached.status, 304);
    })
    .await;
}
