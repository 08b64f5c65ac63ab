//! The made-up goods, as plain values.

mod house;
mod kitchen;
mod table;

/// A product: its variants are every look in every size.
#[derive(Debug)]
pub struct Good {
    pub handle: &'static str,
    pub title: &'static str,
    pub kind: &'static str,
    pub tags: &'static [&'static str],
    /// Markdown.
    pub text: &'static str,
    /// For search engines.
    pub summary: &'static str,
    /// Part of the SKU.
    pub code: &'static str,
    pub hs_code: &'static str,
    /// ISO country where it is made.
    pub origin: &'static str,
    /// Name in `art::Shape::ALL`.
    pub shape: &'static str,
    /// Name of the option that the looks are; `None` where there is one look.
    pub look_option: Option<&'static str>,
    pub looks: &'static [Look],
    /// Name of the option that the sizes are; `None` where there is one size.
    pub size_option: Option<&'static str>,
    pub sizes: &'static [Size],
}

/// How it looks; each look has a picture.
#[derive(Debug)]
pub struct Look {
    pub name: &'static str,
    pub code: &'static str,
    /// Name in `art::Palette::ALL`.
    pub palette: &'static str,
    /// Pieces fewer than the size says.
    pub fewer: i32,
}

#[derive(Debug)]
pub struct Size {
    pub name: &'static str,
    pub code: &'static str,
    /// With tax, in cents.
    pub cents: i64,
    pub reduced_to: Option<i64>,
    /// Packed, in grams.
    pub grams: i32,
    /// Pieces on the shelf.
    pub stock: i32,
}

/// Products that are shown together.
#[derive(Debug)]
pub struct Collection {
    pub title: &'static str,
    pub text: &'static str,
    /// Handles, in order.
    pub goods: &'static [&'static str],
}

pub const COLLECTIONS: [Collection; 3] = [
    Collection {
        title: "At the table",
        text: "Stoneware for every day, thrown or pressed in the workshop and glazed to be used: dishwasher, microwave, warm oven.",
        goods: &["tide-mug", "breakfast-bowl", "slip-plate", "quay-carafe", "ash-spoon"],
    },
    Collection {
        title: "In the kitchen",
        text: "Things that stand on the worktop because they are needed there: jars that seal, boards that can be planed again, cloths that dry.",
        goods: &["larder-jar", "bread-board", "kitchen-cloth", "ash-spoon", "turf-tray", "breakfast-bowl"],
    },
    Collection {
        title: "Around the house",
        text: "A light, a candle, a few stems in water. Small pieces from the same clay and the same four hands.",
        goods: &["harbour-lamp", "bud-vase", "workshop-candle", "turf-tray", "quay-carafe"],
    },
];

/// All goods, those to be shown first in front.
pub fn all() -> impl Iterator<Item = &'static Good> {
    table::GOODS.iter().chain(&kitchen::GOODS).chain(&house::GOODS)
}

const fn size(name: &'static str, code: &'static str, cents: i64, grams: i32, stock: i32) -> Size {
    Size { name, code, cents, reduced_to: None, grams, stock }
}

const fn look(name: &'static str, code: &'static str, palette: &'static str, fewer: i32) -> Look {
    Look { name, code, palette, fewer }
}

#[cfg(test)]
mod tests {
    use super::super::art::{Palette, Shape};
    use super::*;
    use crate::catalog::edit::VariantEdit;
    use std::collections::HashSet;

    #[test]
    fn there_are_twelve_goods_in_forty_variants() {
        assert_eq!(all().count(), 12);
        assert_eq!(all().map(|good| good.looks.len() * good.sizes.len()).sum::<usize>(), 40);
        let handles: HashSet<_> = all().map(|good| good.handle).collect();
        assert_eq!(handles.len(), 12);
        for collection in &COLLECTIONS {
            assert!(collection.goods.iter().all(|handle| handles.contains(handle)), "{}", collection.title);
        }
        let shown: HashSet<_> = COLLECTIONS.iter().flat_map(|collection| collection.goods).copied().collect();
        assert_eq!(shown, handles);
    }

    #[test]
    fn every_good_is_whole() {
        for good in all() {
            assert!(Shape::named(good.shape).is_some() && good.looks.iter().all(|look| Palette::named(look.palette).is_some()), "{}", good.title);
            assert!(VariantEdit::is_hs_code(good.hs_code), "{}", good.title);
            assert_eq!(good.look_option.is_some(), good.looks.len() > 1, "{}", good.title);
            assert_eq!(good.size_option.is_some(), good.sizes.len() > 1, "{}", good.title);
            assert!(good.text.contains("**Care**") && good.text.contains("**Weight**"), "{}", good.title);
            assert!((70..=160).contains(&good.summary.len()), "{}: {}", good.title, good.summary.len());
        }
    }
}
