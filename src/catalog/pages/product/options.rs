//! The options of a product as radio buttons.

use crate::catalog::pages::shelf::Shelf;
use crate::catalog::{Product, Variant};
use crate::seo::structured::Sold;

/// One option with its values.
pub struct OptionView {
    pub name: String,
    pub field: String,
    pub values: Vec<ValueView>,
}

pub struct ValueView {
    pub id: String,
    pub value: String,
    /// Its colour, where the shop has named one.
    pub swatch: Option<String>,
    pub is_chosen: bool,
    /// With the other values chosen, this one is sold out.
    pub is_sold_out: bool,
    /// With the other values chosen, there is no such variant; choosing it leads to the nearest.
    pub is_elsewhere: bool,
}

pub fn options(shelf: &Shelf, product: &Product, sold: &[Sold<'_>], chosen: &Variant) -> Vec<OptionView> {
    if !product.has_choices() {
        return Vec::new();
    }
    let with = |at: usize, value: &str| {
        let mut values = chosen.values.clone();
        if let Some(slot) = values.get_mut(at) {
            value.clone_into(slot);
        }
        sold.iter().find(|sold| sold.variant.values == values)
    };
    let value_view = |at: usize, place: usize, value: &str| {
        let there = with(at, value);
        ValueView {
            id: format!("option-{at}-{place}"),
            value: value.to_owned(),
            swatch: shelf.rules.shop.swatches.get(value).cloned(),
            is_chosen: chosen.values.get(at).is_some_and(|own| own == value),
            is_sold_out: there.is_some_and(|sold| sold.availability.is_sold_out()),
            is_elsewhere: there.is_none(),
        }
    };
    let one = |(at, name): (usize, &String)| OptionView {
        name: name.clone(),
        field: format!("option-{at}"),
        values: product.values_of(at).into_iter().enumerate().map(|(place, value)| value_view(at, place, value)).collect(),
    };
    product.options.iter().enumerate().map(one).collect()
}
