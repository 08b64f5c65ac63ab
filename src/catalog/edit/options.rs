//! Options of a product and the variants that their values make together.

use sqlx::PgConnection;

use super::{EditError, EditRefused, VariantEdit, touch};
use crate::base::{Instant, ProductId, VariantId};
use crate::catalog::store::write::variants as store;

/// Variants of a product at most.
pub const MOST_VARIANTS: i64 = 250;

/// An option as it shall be.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct OptionEdit {
    pub name: String,
    /// Its values in their order. The first goes to variants that have none yet.
    pub values: Vec<String>,
    /// Place that the option had among the product's; `None` for a new one.
    pub was: Option<usize>,
}

/// Replaces the options of a product: the values of its variants go with their option, and a new option gives them its
/// first value. Values that are left out stay with the variants that have them.
pub async fn set_options(tx: &mut PgConnection, product: ProductId, options: &[OptionEdit], at: Instant) -> Result<(), EditError> {
    touch(&mut *tx, product, at).await?;
    store::replace_options(&mut *tx, product, &options.iter().map(|option| option.name.clone()).collect::<Vec<_>>(), at).await?;
    let variants = store::values(&mut *tx, product).await?;
    let moved: Vec<(VariantId, Vec<String>)> = variants
        .into_iter()
        .map(|(id, old)| {
            let value = |option: &OptionEdit| option.was.and_then(|was| old.get(was)).or_else(|| option.values.first()).cloned();
            (id, options.iter().map(|option| value(option).unwrap_or_default()).collect())
        })
        .collect();
    Ok(store::set_values(tx, &moved).await?)
}

/// Makes the variants that are missing for all combinations of the options' values, each like `like` but for its SKU
/// and barcode.
pub async fn add_missing_variants(
    tx: &mut PgConnection,
    product: ProductId,
    options: &[OptionEdit],
    like: &VariantEdit,
    at: Instant,
) -> Result<Vec<VariantId>, EditError> {
    store::lock_product(&mut *tx, product).await?;
    let existing: Vec<Vec<String>> = store::values(&mut *tx, product).await?.into_iter().map(|(_, values)| values).collect();
    let wanted: Vec<Vec<String>> = options.iter().map(|option| option.values.clone()).collect();
    let missing = missing(&wanted, &existing).ok_or(EditRefused::TooManyVariants)?;
    let mut made = Vec::new();
    for values in missing {
        let edit = VariantEdit { values, sku: None, barcode: None, ..like.clone() };
        let id = VariantId::fresh(at);
        store::insert(&mut *tx, id, product, &edit, None).await?;
        made.push(id);
    }
    Ok(made)
}

/// The combinations of values that no variant has, in the order of the values; `None` where all together are more than
/// a product may have.
pub fn missing(options: &[Vec<String>], existing: &[Vec<String>]) -> Option<Vec<Vec<String>>> {
    let most = usize::try_from(MOST_VARIANTS).ok()?;
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    for values in options {
        if all.len().checked_mul(values.len())? > most {
            return None;
        }
        all = all.iter().flat_map(|head| values.iter().map(|value| [head.as_slice(), std::slice::from_ref(value)].concat())).collect();
    }
    let missing: Vec<Vec<String>> = all.into_iter().filter(|values| !existing.contains(values)).collect();
    (existing.len() + missing.len() <= most).then_some(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(row: &[&str]) -> Vec<String> {
        row.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn only_missing_combinations_are_made() {
        let options = [texts(&["S", "M"]), texts(&["red", "blue"])];
        let made = missing(&options, &[texts(&["M", "red"]), texts(&["XL", "red"])]);
        assert_eq!(made, Some(vec![texts(&["S", "red"]), texts(&["S", "blue"]), texts(&["M", "blue"])]));
        assert_eq!(missing(&[], &[]), Some(vec![vec![]]), "a product without options is one variant");
        assert_eq!(missing(&[], &[vec![]]), Some(vec![]));
    }

    #[test]
    fn a_matrix_has_an_end() {
        let many: Vec<String> = (0..16).map(|n| n.to_string()).collect();
        assert_eq!(missing(&[many.clone(), many], &[]), None);
    }
}
