//! The reader's rules on small files, and on real ones where they are at hand.

mod real;

use super::*;
use crate::base::Money;
use crate::importing::VariantDraft;

fn read_text(text: &str) -> Catalogue {
    read(&Table::parse(text.as_bytes()).expect("a table"), Currency::EUR).expect("products")
}

/// Each problem as its line, column and kind.
fn problems(catalogue: &Catalogue) -> Vec<(u64, &str, ProblemKind)> {
    catalogue.problems.iter().map(|problem| (problem.line, problem.column.as_str(), problem.kind)).collect()
}

fn eur(minor: i64) -> Option<Money> {
    Some(Money::new(minor, Currency::EUR))
}

fn only_variant(catalogue: &Catalogue) -> &VariantDraft {
    let [product] = catalogue.products.as_slice() else { panic!("one product, not {:?}", catalogue.products) };
    let [variant] = product.variants.as_slice() else { panic!("one variant, not {:?}", product.variants) };
    variant
}

#[test]
fn both_dialects_in_any_order_and_case_say_the_same() {
    let old = read_text(
        "Handle,Title,Body (HTML),Variant Price,Variant Inventory Policy,Variant Inventory Tracker\ncup,Cup,<p>x</p>,9.5,continue,shopify\n",
    );
    let new =
        read_text("PRICE,Inventory tracker,title,Continue selling when out of stock,URL handle,description\n9.50,shopify,Cup,TRUE,cup,<p>x</p>\n");
    assert_eq!((old.dialect, new.dialect), (Dialect::Legacy, Dialect::New));
    assert_eq!(old.products, new.products);
    assert_eq!((only_variant(&old).price, only_variant(&old).continue_selling, only_variant(&old).tracked), (eur(950), true, true));
}

#[test]
fn rows_of_a_handle_are_one_product_wherever_they_stand() {
    let catalogue = read_text(
        "Handle,Title,Option1 Name,Option1 Value,Variant Price,Image Src,Image Position\n\
         pot,Pot,Size,S,1,https://x.test/b.jpg,2\n\
         cup,Cup,Title,Default Title,2,,\n\
         POT,,,L,3,,\n\
         pot,,,,,https://x.test/a.jpg,1\n\
         ,,,,,,\n",
    );
    let pot = &catalogue.products[0];
    assert_eq!((catalogue.products.len(), pot.variants.len(), catalogue.counts.rows), (2, 2, 4));
    assert_eq!(pot.options, ["Size"]);
    assert_eq!(pot.images.iter().map(|image| image.url.as_str()).collect::<Vec<_>>(), ["https://x.test/a.jpg", "https://x.test/b.jpg"]);
    assert!(catalogue.products[1].options.is_empty());
    assert_eq!(problems(&catalogue), [(4, "Handle", ProblemKind::ChangedHandle)]);
}

#[test]
fn title_is_a_real_option_when_it_has_other_values() {
    let catalogue = read_text("Handle,Title,Option1 Name,Option1 Value,Variant Price\nhat,Hat,Title,Grey,1\n");
    assert_eq!(catalogue.products[0].options, ["Title"]);
    assert_eq!(only_variant(&catalogue).option_values, ["Grey"]);
}

#[test]
fn a_title_alone_is_a_product() {
    let catalogue = read_text("Title,Description,Charge tax\nBlue & White Cup,,\nBlue and White Cup,,\n,lost,\n");
    assert_eq!(catalogue.products[0].handle, "blue-and-white-cup");
    assert_eq!((only_variant(&catalogue).price, only_variant(&catalogue).taxable), (None, true));
    assert_eq!(problems(&catalogue), [(3, "Title", ProblemKind::DuplicateHandle), (4, "", ProblemKind::MissingHandle)]);
}

#[test]
fn blank_and_absent_columns_can_be_told_apart() {
    let catalogue = read_text("Handle,Title,Vendor,Published\na,A,,\n");
    assert_eq!(catalogue.products[0].vendor, None);
    assert_eq!(catalogue.products[0].published, Some(true));
    assert!(catalogue.present.contains(&Column::Vendor) && !catalogue.present.contains(&Column::Tags));
    assert_eq!(read_text("Handle,Title\na,A\n").products[0].published, None);
}

#[test]
fn apostrophes_of_exports_are_taken_away() {
    let catalogue = read_text("Handle,Title,Variant SKU,Variant Barcode,Vendor\na,'=A,'0012,'0400,'s Hertog\n");
    let variant = only_variant(&catalogue);
    assert_eq!((variant.sku.as_deref(), variant.barcode.as_deref()), (Some("0012"), Some("0400")));
    assert_eq!((catalogue.products[0].title.as_str(), catalogue.products[0].vendor.as_deref()), ("=A", Some("'s Hertog")));
}

#[test]
fn duplicates_are_reported_and_never_merged() {
    let catalogue = read_text(
        "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\n\
         a,A,Size,S,x,1\n\
         a,,,S,y,2\n\
         a,,,M,x,3\n\
         b,B,,,z,4\n\
         b,,,,z,5\n",
    );
    let found = [
        (3, "Option1 Value", ProblemKind::DuplicateOptions),
        (4, "Variant SKU", ProblemKind::DuplicateSku),
        (6, "Option1 Value", ProblemKind::DuplicateOptions),
    ];
    assert_eq!(problems(&catalogue), found);
    assert_eq!(catalogue.products[0].variants.iter().map(|variant| variant.price).collect::<Vec<_>>(), [eur(100), eur(300)]);
    assert!(catalogue.products.iter().all(|product| product.is_incomplete));
}

#[test]
fn what_is_no_amount_is_reported_and_not_rounded() {
    let catalogue = read_text(
        "Handle,Title,Variant Price,Variant Compare At Price,Cost per item\n\
         a,A,,0,\n\
         b,B,9.999,\"1,50\",-1\n\
         c,C,1.000,,€ 3\n",
    );
    let found = [
        (2, "Variant Price", ProblemKind::MissingPrice),
        (3, "Variant Price", ProblemKind::InvalidAmount),
        (3, "Variant Compare At Price", ProblemKind::InvalidAmount),
        (3, "Cost per item", ProblemKind::InvalidAmount),
        (4, "Variant Price", ProblemKind::InvalidAmount),
        (4, "Cost per item", ProblemKind::InvalidAmount),
    ];
    assert_eq!(problems(&catalogue), found);
    assert_eq!(catalogue.counts.variants, 3);
    assert!(catalogue.products.iter().all(|product| product.variants[0].price.is_none() && product.variants[0].compare_at.is_none()));
    assert_eq!(catalogue.problems[1].message, "“9.999” has too many decimals for EUR; read as blank");
}

#[test]
fn a_currency_without_decimals_takes_zeros_only() {
    let yen = Currency::parse("JPY").expect("a currency");
    let table = Table::parse(b"Handle,Title,Variant Price\na,A,1200.00\nb,B,1200.50\nc,C,1.000\n").expect("a table");
    let catalogue = read(&table, yen).expect("products");
    assert_eq!(catalogue.products[0].variants[0].price, Some(Money::new(1200, yen)));
    assert_eq!(problems(&catalogue), [(3, "Variant Price", ProblemKind::InvalidAmount), (4, "Variant Price", ProblemKind::InvalidAmount)]);
}

#[test]
fn ragged_rows_are_left_out_and_the_rest_is_read() {
    let catalogue = read_text(
        "Handle,Title,Option1 Name,Option1 Value,Variant Price\n\
         a,A,Size,S,1,,\n\
         a,,,M\n\
         a,,,L,3,surplus\n\
         a,,,XL,4\n",
    );
    assert_eq!(problems(&catalogue), [(3, "", ProblemKind::RaggedRow), (4, "", ProblemKind::RaggedRow)]);
    assert_eq!((catalogue.counts.variants, catalogue.products[0].is_incomplete), (2, true));
}

#[test]
fn options_that_do_not_make_sense_are_not_guessed() {
    let catalogue = read_text(
        "Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant Price\n\
         a,A,,Red,,,1\n\
         b,B,Size,S,size,L,1\n\
         c,C,Size,S,Colour,,1\n\
         c,,,S,,Red,1\n\
         d,D,,,,,1\n",
    );
    let found = [
        (2, "Option1 Value", ProblemKind::InvalidOption),
        (3, "Option2 Name", ProblemKind::InvalidOption),
        (4, "Option2 Value", ProblemKind::MissingOptionValue),
    ];
    assert_eq!(problems(&catalogue), found);
    assert_eq!(catalogue.products.iter().map(|product| product.handle.as_str()).collect::<Vec<_>>(), ["c", "d"]);
}

#[test]
fn handles_and_titles_are_checked() {
    let catalogue = read_text("Handle,Title,Tags\na b,A,\nc,,x\nd,D,\"x, y,x,\"\nd,Other,\n");
    let found = [(2, "Handle", ProblemKind::InvalidHandle), (3, "Title", ProblemKind::MissingTitle), (5, "Title", ProblemKind::Contradiction)];
    assert_eq!(problems(&catalogue), found);
    assert_eq!((catalogue.products[0].title.as_str(), catalogue.products[0].tags.len()), ("D", 2));
}

#[test]
fn words_numbers_and_addresses_that_are_not_known_are_reported() {
    let catalogue = read_text(
        "Handle,Title,Published,Status,Variant Taxable,Variant Inventory Tracker,Variant Inventory Qty,Variant Grams,Image Src,Image Position,Gift Card\n\
         a,A,maybe,unlisted,no,shipwire,1.5,-3,//cdn.test/x.jpg,,true\n\
         b,B,false,Archived,FALSE,,-3.0,453.6,HTTPS://x.test/x.jpg,0,\n",
    );
    let found: Vec<(u64, &str)> = catalogue.problems.iter().map(|problem| (problem.line, problem.column.as_str())).collect();
    let second = ["Variant Taxable", "Variant Inventory Tracker", "Variant Inventory Qty", "Variant Grams", "Image Src", "Published", "Status"];
    assert_eq!(found, second.iter().map(|column| (2, *column)).chain([(3, "Image Position")]).collect::<Vec<_>>());
    let (a, b) = (&catalogue.products[0], &catalogue.products[1]);
    assert_eq!(
        (a.published, a.status, a.gift_card, a.variants[0].tracked, a.variants[0].quantity),
        (Some(false), Some(Status::Draft), true, true, None)
    );
    assert_eq!(
        (b.status, b.variants[0].tracked, b.variants[0].quantity, b.variants[0].weight_grams),
        (Some(Status::Archived), false, Some(-3), Some(454))
    );
    assert_eq!(b.images[0].position, 1);
}

#[test]
fn descriptions_keep_every_character() {
    let catalogue = read_text("Handle,Title,Body (HTML)\na,A,\" <p class=\"\"x\"\">a\u{a0}b\u{2028}c\nd</p> \"\n");
    assert_eq!(catalogue.products[0].description_html.as_deref(), Some(" <p class=\"x\">a\u{a0}b\u{2028}c\nd</p> "));
}

#[test]
fn more_than_the_limits_is_left_out_with_a_word() {
    let mut text = "Handle,Title,Option1 Name,Option1 Value,Variant Price,Image Src\n".to_owned();
    for n in 0..=MAX_VARIANTS {
        text.push_str(&format!("a,A,No,{n},1,https://x.test/{n}.jpg\n"));
    }
    let catalogue = read_text(&text);
    assert_eq!((catalogue.counts.variants, catalogue.counts.images), (MAX_VARIANTS, MAX_IMAGES));
    assert_eq!(problems(&catalogue), [(252, "Image Src", ProblemKind::TooMany), (2050, "Option1 Value", ProblemKind::TooMany)]);
}

#[test]
fn a_foreign_file_is_refused() {
    let table = Table::parse(b"id,title,description,price\n1,a,b,2\n").expect("a table");
    assert_eq!(recognise(&table), None);
    assert_eq!(read(&table, Currency::EUR), Err(ReadError::NotRecognised));
}
