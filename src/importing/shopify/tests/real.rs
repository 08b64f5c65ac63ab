//! Published files of other shops, where the folder of shared data is at hand; the counts are those of its `facts.json`.

use std::path::PathBuf;

use super::*;
use crate::importing::{Encoding, LineEnd, TableError};

/// `None`, with a line that says so, where the data is absent.
fn file(path: &str) -> Option<Vec<u8>> {
    let root = PathBuf::from(std::env::var_os("WHARF_SHARED").unwrap_or_else(|| "../shared".into()));
    let catalogs = root.join("data/catalogs");
    if !catalogs.is_dir() {
        println!("skipped: shared data absent");
        return None;
    }
    let bytes = std::fs::read(catalogs.join(path)).expect("a file of the shared data");
    if !path.ends_with(".gz") {
        return Some(bytes);
    }
    let mut plain = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes.as_slice()), &mut plain).expect("a gzip file");
    Some(plain)
}

fn catalogue(path: &str) -> Option<Catalogue> {
    let table = Table::parse(&file(path)?).expect("a table");
    Some(read(&table, Currency::EUR).expect("products"))
}

fn sizes(catalogue: &Catalogue) -> (usize, usize, usize, usize) {
    let counts = catalogue.counts;
    (counts.rows, counts.products, counts.variants, counts.images)
}

fn product<'a>(catalogue: &'a Catalogue, handle: &str) -> &'a ProductDraft {
    catalogue.products.iter().find(|product| product.handle == handle).expect("a product of the file")
}

#[test]
fn home_and_garden() {
    let Some(catalogue) = catalogue("shopify/home-and-garden.csv") else { return };
    assert_eq!(sizes(&catalogue), (21, 20, 21, 21));
    assert_eq!(catalogue.problems, []);
    let pot = product(&catalogue, "clay-plant-pot");
    assert_eq!((pot.options.as_slice(), pot.variants[1].option_values.as_slice()), (&["Size".to_owned()][..], &["Large".to_owned()][..]));
    assert_eq!((pot.variants[1].price, pot.variants[1].quantity, pot.variants[1].tracked, pot.status), (eur(1599), Some(3), false, None));
    assert_eq!(catalogue.products.iter().filter(|product| product.options.is_empty()).count(), 19);
    assert!(catalogue.present.contains(&Column::Cost) && catalogue.ignored_columns.contains(&"Variant Tax Code".to_owned()));
}

#[test]
fn jewelery() {
    let Some(catalogue) = catalogue("shopify/jewelery.csv") else { return };
    assert_eq!(sizes(&catalogue), (41, 20, 23, 41));
    assert_eq!(catalogue.problems, []);
    let options: Vec<&str> = catalogue.products.iter().flat_map(|product| &product.options).map(String::as_str).collect();
    assert_eq!(["Color", "Colour"].map(|name| options.iter().filter(|option| **option == name).count()), [2, 1]);
    assert!(catalogue.products.iter().any(|product| product.handle == "dainty-gold-neclace"));
    assert!(catalogue.products.iter().flat_map(|product| &product.variants).all(|variant| variant.sku.is_none()));
    assert_eq!(catalogue.products.iter().flat_map(|product| &product.variants).filter(|variant| variant.image_url.is_some()).count(), 6);
    let descriptions: String = catalogue.products.iter().filter_map(|product| product.description_html.clone()).collect();
    assert!(descriptions.contains('\u{2028}') && descriptions.contains('\u{a0}') && descriptions.contains('\n'));
}

#[test]
fn the_template_of_2023() {
    let Some(catalogue) = catalogue("shopify/product_template-2023.csv") else { return };
    assert_eq!(sizes(&catalogue), (5, 3, 5, 3));
    assert_eq!(catalogue.problems, []);
    let states: Vec<_> = catalogue.products.iter().map(|product| (product.status, product.published)).collect();
    assert_eq!(states, [(Some(Status::Active), Some(true)), (Some(Status::Draft), Some(false)), (Some(Status::Archived), Some(false))]);
    let shirt = product(&catalogue, "example-t-shirt");
    assert_eq!(shirt.options, ["Title"]);
    assert_eq!(shirt.variants[0].option_values, ["Lithograph - Height: 9\" x Width: 12\""]);
    assert_eq!(shirt.variants.iter().map(|variant| variant.tracked).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!((shirt.variants[2].quantity, shirt.variants[1].compare_at), (None, eur(2499)));
    assert!(catalogue.ignored_columns.contains(&"Price / International".to_owned()));
}

#[test]
fn the_same_shop_in_both_dialects() {
    let (Some(legacy), Some(new)) = (catalogue("derived/shopify-luma-men.legacy-headers.csv"), catalogue("derived/shopify-luma-men.new-headers.csv"))
    else {
        return;
    };
    assert_eq!((legacy.dialect, new.dialect), (Dialect::Legacy, Dialect::New));
    assert_eq!(sizes(&legacy), (910, 72, 910, 326));
    assert_eq!(legacy.problems, []);
    assert_eq!((&legacy.products, legacy.counts, &legacy.present), (&new.products, new.counts, &new.present));
    let hoodie = product(&legacy, "chaz-kangeroo-hoodie");
    assert_eq!((hoodie.options.len(), hoodie.variants.len(), hoodie.status), (2, 15, Some(Status::Active)));
    assert_eq!(
        (hoodie.variants[0].sku.as_deref(), hoodie.variants[0].weight_grams, hoodie.variants[0].quantity),
        (Some("MH01-XS-Black"), Some(454), Some(100))
    );
}

#[test]
fn what_a_spreadsheet_makes_of_a_file() {
    let (Some(plain), Some(marked), Some(windows)) =
        (file("shopify/jewelery.csv"), file("derived/reencoded/jewelery.utf8-bom-crlf.csv"), file("derived/reencoded/jewelery.semicolon-cp1252.csv"))
    else {
        return;
    };
    let table = Table::parse(&marked).expect("a table");
    assert_eq!((table.encoding, table.line_end), (Encoding::Utf8WithBom, LineEnd::CrLf));
    let of = |table: &Table| read(table, Currency::EUR).expect("products");
    assert_eq!(of(&table), of(&Table::parse(&plain).expect("a table")));
    // Nothing in the file says which of the many eight-bit codes it is in.
    let Err(TableError::Undecodable { byte, .. }) = Table::parse(&windows) else { panic!("mojibake was read") };
    assert_eq!(byte, 3780);
    let ascii: Vec<u8> = windows.iter().map(|byte| if byte.is_ascii() { *byte } else { b'?' }).collect();
    let table = Table::parse(&ascii).expect("a table");
    assert_eq!((table.delimiter, sizes(&of(&table))), (';', (41, 20, 23, 41)));
}

#[test]
fn hundreds_of_variants_with_duplicates_and_without_prices() {
    let Some(catalogue) = catalogue("derived/shopify-filaments-no-prices.csv.gz") else { return };
    let count = |kind| catalogue.problems.iter().filter(|problem| problem.kind == kind).count();
    assert_eq!(count(ProblemKind::DuplicateOptions), 169);
    assert_eq!(sizes(&catalogue), (18083, 1569, 18083 - 169, 0));
    assert_eq!(count(ProblemKind::MissingPrice), catalogue.counts.variants);
    assert_eq!(catalogue.problems.len(), 169 + catalogue.counts.variants + count(ProblemKind::DuplicateSku));
    assert!(catalogue.products.iter().any(|product| product.variants.len() > 400));
}

#[test]
fn tens_of_thousands_of_products() {
    let Some(catalogue) = catalogue("derived/shopify-tate-artworks.csv.gz") else { return };
    assert_eq!(sizes(&catalogue), (46134, 46134, 46134, 38946));
    let without_price = catalogue.problems.iter().filter(|problem| problem.kind == ProblemKind::MissingPrice).count();
    assert_eq!((without_price, catalogue.problems.len()), (2269, 2269));
}
