//! Promises of this room: a file of another shop becomes products that can be found, bought and sent.

use std::path::{Path, PathBuf};

use wharf::importing::import_shopify;

use crate::kit::steps::{buy, newest_order, number, on_hand, order_id, ship_all, statuses};
use crate::kit::{Shop, shop_test};

/// File, and how many products, variants and pictures it holds as others counted them.
const FILES: [(&str, i64, i64, i64); 4] = [
    ("shopify/home-and-garden.csv", 20, 21, 21),
    ("shopify/jewelery.csv", 20, 23, 41),
    ("shopify/product_template-2023.csv", 3, 5, 3),
    ("derived/shopify-luma-men.legacy-headers.csv", 72, 910, 326),
];

fn catalogs() -> Option<PathBuf> {
    let folder = std::env::var_os("WHARF_SHARED").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let catalogs = folder.join("data/catalogs");
    if !catalogs.is_dir() {
        println!("skipped: shared data absent");
        return None;
    }
    Some(catalogs)
}

async fn import(shop: &Shop, bytes: &[u8], dry_run: bool) -> String {
    import_shopify(&shop.app, bytes.to_vec(), dry_run).await.expect("a report")
}

/// Products, variants and pictures of the shop.
async fn counts(shop: &Shop) -> [i64; 3] {
    [
        shop.count("SELECT count(*) FROM products").await,
        shop.count("SELECT count(*) FROM variants WHERE archived_at IS NULL").await,
        shop.count("SELECT count(*) FROM media").await,
    ]
}

/// Moves with everything that an import writes.
async fn traces(shop: &Shop) -> [i64; 5] {
    [
        shop.count("SELECT COALESCE(sum(version), 0)::bigint FROM products").await,
        shop.count("SELECT COALESCE(sum(version), 0)::bigint FROM variants").await,
        shop.count("SELECT count(*) FROM prices").await,
        shop.count("SELECT count(*) FROM stock_moves").await,
        shop.count("SELECT count(*) FROM jobs WHERE kind = 'catalog.fetch'").await,
    ]
}

#[tokio::test]
async fn real_files_are_imported_once_and_sold() {
    let Some(catalogs) = catalogs() else { return };
    shop_test(|shop| async move {
        for (name, products, variants, pictures) in FILES {
            let bytes = std::fs::read(catalogs.join(name)).expect("a catalogue");
            let (before, untouched) = (counts(shop).await, traces(shop).await);
            let dry = import(shop, &bytes, true).await;
            assert!(dry.starts_with("Dry run") && dry.contains(&format!("Products: {products} created, 0 changed, 0 left")), "{name}: {dry}");
            assert_eq!((counts(shop).await, traces(shop).await), (before, untouched), "{name}: a dry run writes nothing");

            let report = import(shop, &bytes, false).await;
            let after = counts(shop).await;
            assert_eq!([0, 1, 2].map(|at| after[at] - before[at]), [products, variants, pictures], "{name}: {report}");
            let told = |text: &str| text.split_once("\n").map(|(_, rest)| rest.to_owned());
            assert_eq!(told(&report), told(&dry), "{name}: the dry run said it");

            let settled = traces(shop).await;
            let again = import(shop, &bytes, false).await;
            for (thing, count) in [("Products", products), ("Variants", variants), ("Images", pictures)] {
                assert!(again.contains(&format!("{thing}: 0 created, 0 changed, {count} left as they are")), "{name}: {again}");
            }
            assert_eq!(traces(shop).await, settled, "{name}: the same file again changes nothing");
        }

        let other = std::fs::read(catalogs.join("derived/shopify-luma-men.new-headers.csv")).expect("a catalogue");
        let before = counts(shop).await;
        let report = import(shop, &other, false).await;
        assert_eq!(counts(shop).await, before, "the same products in the other dialect: {report}");

        // One picture stands for all: nobody answers to such a name, so it fails and hurts nothing.
        sqlx::query(
            "DELETE FROM jobs WHERE kind = 'catalog.fetch' AND payload->>'media' <> (SELECT min(id::text) FROM media WHERE source_url LIKE '%example.test%')",
        )
        .execute(shop.db())
        .await
        .expect("deleted");
        shop.work().await;
        assert_eq!(shop.count("SELECT count(*) FROM media WHERE state = 'failed' AND error <> ''").await, 1);

        let ada = shop.visitor();
        let found = ada.get("/search?q=hoodie").await;
        assert!(found.texts(".card-title").iter().any(|title| title.contains("Hoodie")), "{:?}", found.texts(".card-title"));
        let variant = number(shop, "MH01-XS-Black").await;
        let page = ada.get(&format!("/products/chaz-kangeroo-hoodie?variant={variant}")).await;
        assert_eq!((page.status, page.text("h1").as_str()), (200, "Chaz Kangeroo Hoodie"));
        assert!(page.body.contains("€52.00") && page.body.contains("superior warmth"), "{}", page.body);
        assert_eq!(ada.submit(&page, "form[action='/cart/lines']", &[("qty", "1")]).await.status, 303);
        assert_eq!(buy(shop, &ada).await.text("h1"), "Thank you for your order");
        let order = newest_order(shop).await;
        let mei = shop.owner().await;
        assert_eq!(ship_all(&mei, &order_id(shop, &order).await).await.status, 303);
        shop.work().await;
        assert_eq!(statuses(shop, &order).await, ("closed".into(), "paid".into(), "shipped".into()));
        assert_eq!(on_hand(shop, "MH01-XS-Black").await, 99);
    })
    .await;
}

#[tokio::test]
async fn a_file_says_only_what_its_columns_say() {
    shop_test(|shop| async move {
        let first = "Handle,Title,Vendor,Tags,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Compare At Price,Variant Inventory Tracker,Variant Inventory Qty\n\
                     mug,Mug,Kiln,\"blue, cup\",Size,S,MUG-S,9.00,9.00,shopify,4\n\
                     mug,,,,,L,TEAPOT,,,shopify,-2\n\
                     lamp,,,,Size,S,,1,,,\n";
        let report = import(shop, first.as_bytes(), false).await;
        assert!(report.contains("Products: 1 created") && report.contains("another variant of the shop has the SKU “TEAPOT”"), "{report}");
        assert!(report.contains("no price") && report.contains("-2 pieces cannot lie on a shelf"), "{report}");
        assert_eq!(on_hand(shop, "MUG-S").await, 4);
        assert_eq!(shop.count("SELECT count(*) FROM prices p JOIN variants v ON v.id = p.variant_id WHERE v.sku = 'MUG-S' AND compare_at_minor IS NULL").await, 1);
        assert_eq!(shop.visitor().get("/products/mug").await.status, 200);

        let short = import(shop, b"Handle,Title,Tags\nmug,Big mug,\n", false).await;
        assert!(short.contains("Products: 0 created, 1 changed, 0 left") && short.contains("Variants: 0 created, 0 changed, 2 left"), "{short}");
        assert_eq!(shop.count("SELECT count(*) FROM products WHERE vendor = 'Kiln' AND tags = '{}'").await, 1, "blank blanks, absent leaves");
        let page = shop.visitor().get("/products/mug").await;
        assert_eq!(page.text("h1"), "Big mug");

        let fewer = import(shop, b"Handle,Title,Published,Option1 Name,Option1 Value,Variant Price\nmug,Big mug,false,Size,S,12.00\nmug,,,,M,13.00\n", false).await;
        assert!(fewer.contains("Variants: 1 created, 2 changed, 0 left"), "{fewer}");
        assert_eq!(shop.count("SELECT count(*) FROM variants v JOIN product_handles h USING (product_id) WHERE h.handle = 'mug' AND v.archived_at IS NOT NULL").await, 1);
        assert_eq!(shop.visitor().get("/products/mug").await.status, 404, "not published any more");
    })
    .await;
}
