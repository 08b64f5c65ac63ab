//! What a product or variant is after the import: the file's word where the file has the column, else what it was.

use std::collections::BTreeSet;

use crate::base::{Country, Handle, MediaId};
use crate::catalog::edit::{ProductEdit, Status, VariantEdit};
use crate::catalog::store::admin::{Shown, Variant};
use crate::importing::{Column, ProductDraft, Status as FileStatus, VariantDraft};
use crate::web::markdown;

/// Columns that speak of variants.
const OF_VARIANTS: [Column; 14] = [
    Column::OptionValue(1),
    Column::Sku,
    Column::Barcode,
    Column::Price,
    Column::CompareAt,
    Column::Cost,
    Column::Tracker,
    Column::Quantity,
    Column::ContinueSelling,
    Column::Grams,
    Column::RequiresShipping,
    Column::VariantImage,
    Column::HsCode,
    Column::CountryOfOrigin,
];

pub(super) fn speaks_of_variants(present: &BTreeSet<Column>) -> bool {
    OF_VARIANTS.iter().any(|column| present.contains(column))
}

pub(super) fn speaks_of_options(present: &BTreeSet<Column>) -> bool {
    present.contains(&Column::OptionValue(1))
}

pub(super) fn product(draft: &ProductDraft, handle: Handle, present: &BTreeSet<Column>, old: Option<&Shown>) -> ProductEdit {
    let text = |column: Column, said: &Option<String>, was: fn(&Shown) -> &String| match old {
        Some(old) if !present.contains(&column) => was(old).clone(),
        _ => said.clone().unwrap_or_default(),
    };
    let description = match old {
        Some(old) if !present.contains(&Column::Description) => old.description.clone(),
        _ => draft.description_html.as_deref().map(one_block).unwrap_or_default(),
    };
    ProductEdit {
        title: draft.title.clone(),
        description_html: markdown::render(&description),
        description,
        vendor: text(Column::Vendor, &draft.vendor, |old| &old.vendor),
        product_type: text(Column::Type, &draft.product_type, |old| &old.product_type),
        tags: old.filter(|_| !present.contains(&Column::Tags)).map_or_else(|| draft.tags.clone(), |old| old.tags.clone()),
        tax_class: tax_class(draft, old),
        status: status(draft, present, old),
        handle: Some(handle),
        seo_title: text(Column::SeoTitle, &draft.seo_title, |old| &old.seo_title),
        seo_description: text(Column::SeoDescription, &draft.seo_description, |old| &old.seo_description),
    }
}

/// A product as it is, for comparison.
pub(super) fn as_it_is(old: &Shown) -> ProductEdit {
    ProductEdit {
        title: old.title.clone(),
        description: old.description.clone(),
        description_html: old.description_html.clone(),
        vendor: old.vendor.clone(),
        product_type: old.product_type.clone(),
        tags: old.tags.clone(),
        tax_class: old.tax_class.clone(),
        status: old.status,
        handle: old.handle.clone(),
        seo_title: old.seo_title.clone(),
        seo_description: old.seo_description.clone(),
    }
}

/// Shopify's HTML is HTML throughout: without blank and indented lines no part of it is taken for Markdown.
fn one_block(html: &str) -> String {
    if !html.trim_start().starts_with('<') || html.contains("<pre") {
        return html.trim().to_owned();
    }
    html.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn tax_class(draft: &ProductDraft, old: Option<&Shown>) -> String {
    if draft.variants.iter().all(|variant| !variant.taxable) {
        return "zero".to_owned();
    }
    old.map_or_else(|| "standard".to_owned(), |old| old.tax_class.clone())
}

fn status(draft: &ProductDraft, present: &BTreeSet<Column>, old: Option<&Shown>) -> Status {
    let is_said = present.contains(&Column::Status) || present.contains(&Column::Published);
    match (draft.status, draft.published) {
        // A gift card is money, not a thing: it must not be sold as one.
        _ if draft.gift_card => Status::Draft,
        _ if let Some(old) = old.filter(|_| !is_said) => old.status,
        (Some(FileStatus::Archived), _) => Status::Archived,
        (Some(FileStatus::Draft), _) | (_, Some(false)) => Status::Draft,
        (Some(FileStatus::Active) | None, _) => Status::Active,
    }
}

/// The SKU and the picture have been looked up by the caller.
pub(super) fn variant(
    draft: &VariantDraft,
    values: Vec<String>,
    present: &BTreeSet<Column>,
    old: Option<&Variant>,
    sku: Option<String>,
    media: Option<MediaId>,
) -> VariantEdit {
    let said = VariantEdit {
        values,
        sku,
        barcode: draft.barcode.clone(),
        weight_grams: draft.weight_grams.and_then(|grams| i32::try_from(grams).ok()).unwrap_or_default(),
        requires_shipping: draft.requires_shipping,
        is_tracked: draft.tracked,
        sells_when_empty: draft.continue_selling,
        cost_minor: draft.cost.map(|cost| cost.minor()),
        hs_code: hs_code(draft),
        origin_country: origin(draft),
        media,
    };
    let Some(old) = old else { return said };
    let has = |column| present.contains(&column);
    VariantEdit {
        barcode: if has(Column::Barcode) { said.barcode } else { old.barcode.clone() },
        weight_grams: if has(Column::Grams) { said.weight_grams } else { old.weight_grams },
        requires_shipping: if has(Column::RequiresShipping) { said.requires_shipping } else { old.requires_shipping },
        is_tracked: if has(Column::Tracker) { said.is_tracked } else { old.is_tracked },
        sells_when_empty: if has(Column::ContinueSelling) { said.sells_when_empty } else { old.sells_when_empty },
        cost_minor: if has(Column::Cost) { said.cost_minor } else { old.cost_minor },
        hs_code: if has(Column::HsCode) { said.hs_code } else { old.hs_code.clone() },
        origin_country: if has(Column::CountryOfOrigin) { said.origin_country } else { old.origin_country },
        media: if has(Column::VariantImage) { said.media } else { old.media_id },
        values: said.values,
        sku: said.sku,
    }
}

pub(super) fn hs_code(draft: &VariantDraft) -> Option<String> {
    let digits: String = draft.hs_code.as_ref()?.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
    VariantEdit::is_hs_code(&digits).then_some(digits)
}

pub(super) fn origin(draft: &VariantDraft) -> Option<Country> {
    Country::parse(&draft.country_of_origin.as_ref()?.trim().to_uppercase())
}

/// A variant as it is, for comparison.
pub(super) fn variant_as_it_is(old: &Variant) -> VariantEdit {
    VariantEdit {
        values: old.values.clone(),
        sku: old.sku.clone(),
        barcode: old.barcode.clone(),
        weight_grams: old.weight_grams,
        requires_shipping: old.requires_shipping,
        is_tracked: old.is_tracked,
        sells_when_empty: old.sells_when_empty,
        cost_minor: old.cost_minor,
        hs_code: old.hs_code.clone(),
        origin_country: old.origin_country,
        media: old.media_id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_of_a_file_stays_html() {
        let html = "<div>\n\n    <p>One</p>\n\n    <p>Two</p>\n</div>";
        assert_eq!(one_block(html), "<div>\n<p>One</p>\n<p>Two</p>\n</div>");
        assert!(!markdown::render(&one_block(html)).contains("<pre>"));
        assert_eq!(one_block(" 7 chakra bracelet "), "7 chakra bracelet");
    }
}
