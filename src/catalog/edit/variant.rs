//! Variants: what is put into a cart. One that was ever ordered is put away, never deleted.

use sqlx::PgConnection;

use super::{EditError, EditRefused, MOST_VARIANTS};
use crate::base::{Country, Instant, MediaId, ProductId, VariantId};
use crate::catalog::store::write::variants as store;

/// What the merchant says of a variant.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct VariantEdit {
    /// One per option of the product, in their order; none for a product without options.
    pub values: Vec<String>,
    pub sku: Option<String>,
    pub barcode: Option<String>,
    pub weight_grams: i32,
    pub requires_shipping: bool,
    /// Whether pieces are counted at all.
    pub is_tracked: bool,
    pub sells_when_empty: bool,
    /// In minor units of the shop's currency.
    pub cost_minor: Option<i64>,
    /// Six to ten digits.
    pub hs_code: Option<String>,
    pub origin_country: Option<Country>,
    pub media: Option<MediaId>,
}

impl VariantEdit {
    /// Whether a text is a tariff number as customs take it.
    pub fn is_hs_code(text: &str) -> bool {
        (6..=10).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    }
}

/// A new variant at the end of the product's. Give `number` to keep that of an imported one. The front must see that the variant has a
/// stock level and a price.
pub async fn add_variant(
    tx: &mut PgConnection,
    product: ProductId,
    edit: &VariantEdit,
    number: Option<i64>,
    at: Instant,
) -> Result<VariantId, EditError> {
    store::lock_product(&mut *tx, product).await?;
    let (options, variants) = store::counts(&mut *tx, product).await?;
    if usize::try_from(options).is_ok_and(|options| options != edit.values.len()) {
        return Err(EditRefused::ValuesMissing.into());
    }
    if variants >= MOST_VARIANTS {
        return Err(EditRefused::TooManyVariants.into());
    }
    let id = VariantId::fresh(at);
    store::insert(&mut *tx, id, product, edit, number).await?;
    Ok(id)
}

/// Saves a variant; its values are changed with the options. The caller holds the product's version.
pub async fn update_variant(tx: &mut PgConnection, id: VariantId, edit: &VariantEdit) -> Result<(), EditError> {
    Ok(store::update(tx, id, edit).await?)
}

/// Puts a variant away: it can no longer be bought, and its values are free.
pub async fn archive_variant(tx: &mut PgConnection, id: VariantId, at: Instant) -> sqlx::Result<()> {
    store::set_archived(tx, id, Some(at)).await
}

/// Takes a variant out again.
pub async fn restore_variant(tx: &mut PgConnection, id: VariantId) -> Result<(), EditError> {
    Ok(store::set_archived(tx, id, None).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tariff_numbers_are_six_to_ten_digits() {
        assert!(["691110", "6911100000"].iter().all(|code| VariantEdit::is_hs_code(code)));
        assert!(!["", "69111", "69111000000", "6911.10", "６９１１１０"].iter().any(|code| VariantEdit::is_hs_code(code)));
    }
}
