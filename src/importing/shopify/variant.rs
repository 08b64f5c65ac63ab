//! The variants of one product: which rows hold one, their values, and the combinations that occur twice.

use std::collections::HashMap;

use super::super::cells::Cells;
use super::super::column::Columns;
use super::super::{Column, Problem, ProblemKind, ProductDraft, VariantDraft};
use super::MAX_VARIANTS;
use super::option::NamedOption;
use crate::base::Currency;

/// A row with any of these is a variant; a row with none is an image, or says something of the product only.
const MARKS: [Column; 9] = [
    Column::OptionValue(1),
    Column::OptionValue(2),
    Column::OptionValue(3),
    Column::Sku,
    Column::Barcode,
    Column::Price,
    Column::CompareAt,
    Column::Cost,
    Column::Quantity,
];

/// The variants, and whether none was left out.
pub(super) fn read(
    rows: &[Cells],
    main: &Cells,
    options: &[NamedOption],
    currency: Currency,
    problems: &mut Vec<Problem>,
) -> (Vec<VariantDraft>, bool) {
    let mut marked: Vec<&Cells> = rows.iter().filter(|cells| MARKS.iter().any(|column| !cells.is_blank(*column))).collect();
    if marked.is_empty() {
        marked.push(main);
    }
    let mut variants = Vec::new();
    let mut taken: HashMap<Vec<String>, u64> = HashMap::new();
    for cells in &marked {
        let Some(values) = values(cells, options, problems) else { continue };
        if let Some(line) = taken.get(&values) {
            let what = if values.is_empty() { "a variant without options".to_owned() } else { format!("“{}”", values.join(" / ")) };
            let message = format!("{what} is already on line {line}; this row's variant is left out");
            problems.push(cells.problem(Column::OptionValue(1), ProblemKind::DuplicateOptions, message));
            continue;
        }
        if variants.len() == MAX_VARIANTS {
            let message = format!("a product has at most {MAX_VARIANTS} variants; from this row on they are left out");
            problems.push(cells.problem(Column::OptionValue(1), ProblemKind::TooMany, message));
            break;
        }
        taken.insert(values.clone(), cells.row.line);
        variants.push(variant(cells, values, currency, problems));
    }
    let has_all = variants.len() == marked.len();
    (variants, has_all)
}

fn values(cells: &Cells, options: &[NamedOption], problems: &mut Vec<Problem>) -> Option<Vec<String>> {
    let mut values = Vec::new();
    for option in options {
        let column = Column::OptionValue(option.slot);
        let Some(value) = cells.owned(column) else {
            let message = format!("the variant has no value for “{}” and is left out", option.name);
            problems.push(cells.problem(column, ProblemKind::MissingOptionValue, message));
            return None;
        };
        values.push(value);
    }
    Some(values)
}

fn variant(cells: &Cells, option_values: Vec<String>, currency: Currency, problems: &mut Vec<Problem>) -> VariantDraft {
    if cells.columns.has(Column::Price) && cells.is_blank(Column::Price) {
        let message = "no price; the variant is kept, but cannot be sold".to_owned();
        problems.push(cells.problem(Column::Price, ProblemKind::MissingPrice, message));
    }
    let continues = [("true", true), ("continue", true), ("false", false), ("deny", false)];
    VariantDraft {
        line: cells.row.line,
        option_values,
        sku: cells.code(Column::Sku),
        barcode: cells.code(Column::Barcode),
        price: cells.amount(Column::Price, currency, problems),
        compare_at: cells.amount(Column::CompareAt, currency, problems).filter(|amount| amount.is_positive()),
        cost: cells.amount(Column::Cost, currency, problems),
        taxable: cells.flag(Column::Taxable, true, problems),
        tracked: cells.choice(Column::Tracker, &[("shopify", true)], false, (true, "stock is taken as tracked"), problems),
        quantity: cells.whole(Column::Quantity, problems),
        continue_selling: cells.choice(Column::ContinueSelling, &continues, false, (false, "taken as FALSE"), problems),
        weight_grams: cells.grams(Column::Grams, problems),
        requires_shipping: cells.flag(Column::RequiresShipping, true, problems),
        image_url: cells.url(Column::VariantImage, problems),
        hs_code: cells.code(Column::HsCode),
        country_of_origin: cells.owned(Column::CountryOfOrigin),
    }
}

/// A SKU on several variants is allowed, but then it names none of them.
pub(super) fn report_shared_skus(products: &[ProductDraft], columns: &Columns, problems: &mut Vec<Problem>) {
    let mut taken: HashMap<&str, u64> = HashMap::new();
    for variant in products.iter().flat_map(|product| &product.variants) {
        let Some(sku) = variant.sku.as_deref() else { continue };
        if let Some(first) = taken.get(sku) {
            let message = format!("the SKU “{sku}” is also on line {first}; both are kept");
            problems.push(Problem { line: variant.line, column: columns.name(Column::Sku), kind: ProblemKind::DuplicateSku, message });
        } else {
            taken.insert(sku, variant.line);
        }
    }
}
