//! The made-up goods, as plain values.

use std::collections::BTreeMap;

mod bench;
mod companions;
mod flowers;
mod kitchen;
mod light;
mod linen;
mod looks;
mod table;

pub use companions::COMPANIONS;

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
    /// Name of the option that the looks are; `None` where there is one look.
    pub look_option: Option<&'static str>,
    pub looks: &'static [Look],
    /// Name of the option that the sizes are; `None` where there is one size.
    pub size_option: Option<&'static str>,
    pub sizes: &'static [Size],
    /// Nothing lies on the shelf; it is sold all the same.
    pub made_to_order: bool,
}

/// How it looks; each look has a picture.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    pub name: &'static str,
    pub code: &'static str,
    /// Its colour, as `#rrggbb`.
    pub swatch: &'static str,
    /// Pieces fewer than the size says.
    fewer: i32,
    /// Cents more than the size says: brass costs more than ash.
    dearer: i64,
    /// Grams more than the size says.
    heavier: i32,
}

/// How large it is, or how many; with the numbers of a variant.
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

impl Good {
    /// Of the variant that has this look and this size.
    pub fn sku(&self, look: &Look, size: &Size) -> String {
        // A look that is no choice is not told apart.
        let look = self.look_option.map_or("", |_| look.code);
        ["RV", self.code, look, size.code].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
    }
}

impl Size {
    /// The numbers of this size in a look.
    pub fn in_look(&self, look: &Look) -> Self {
        Self {
            cents: self.cents + look.dearer,
            reduced_to: self.reduced_to.map(|cents| cents + look.dearer),
            grams: self.grams + look.heavier,
            stock: self.stock.saturating_sub(look.fewer).max(0),
            ..*self
        }
    }
}

/// Products that are shown together.
#[derive(Debug)]
pub struct Collection {
    pub title: &'static str,
    pub text: &'static str,
    /// Name of its photograph.
    pub picture: &'static str,
    /// Handles, in order.
    pub goods: &'static [&'static str],
}

pub const COLLECTIONS: [Collection; 6] = [
    Collection {
        title: "At the table",
        text: "Stoneware for every day, thrown or pressed in the workshop and glazed to be used: dishwasher, microwave, warm oven.",
        picture: "scene-table",
        goods: &[
            "tide-mug",
            "breakfast-bowl",
            "slip-plate",
            "quay-carafe",
            "tide-cup",
            "harbour-teapot",
            "milk-jug",
            "egg-cup",
            "serving-bowl",
            "soup-plate",
            "supper-for-two",
        ],
    },
    Collection {
        title: "In the kitchen",
        text: "Things that stand on the worktop because they are needed there: jars that seal, boards that can be planed again, cloths that dry.",
        picture: "scene-kitchen",
        goods: &[
            "larder-jar",
            "bread-board",
            "kitchen-cloth",
            "ash-spoon",
            "salt-cellar",
            "butter-dish",
            "pestle-and-mortar",
            "ice-house-tumbler",
            "oil-bottle",
            "glass-jar",
        ],
    },
    Collection {
        title: "Light",
        text: "Lamps that can be repaired, candles that can be refilled, and what holds a flame steady. For the hours after four in winter.",
        picture: "scene-light",
        goods: &["harbour-lamp", "net-pendant", "workshop-candle", "pier-candlestick", "tea-light-bowl"],
    },
    Collection {
        title: "Flowers and green",
        text: "For one stem, for an armful of branches and for the pot of thyme on the sill. Heavy at the foot, so that it stands.",
        picture: "scene-flowers",
        goods: &["bud-vase", "tall-vase", "sill-planter", "quay-carafe", "turf-tray"],
    },
    Collection {
        title: "Bench and wall",
        text: "Ash and oak from trees that fell in storms, dried for two years, joined with wedges and oiled. Made to be sat on, leaned on and hung from.",
        picture: "scene-bench",
        goods: &["net-stool", "quay-bench", "peg-rail", "turf-tray", "pier-candlestick"],
    },
    Collection {
        title: "Linen and paper",
        text: "Woven and dyed in the loft above the pottery, of flax from France and Belgium. What is too short for a cloth becomes the back of a book.",
        picture: "scene-linen",
        goods: &["table-napkins", "table-runner", "kitchen-cloth", "tide-notebook"],
    },
];

/// All goods, those to be shown first in front.
pub fn all() -> impl Iterator<Item = &'static Good> {
    let pots = table::GOODS.iter().chain(&kitchen::GOODS).chain(&light::GOODS);
    pots.chain(&flowers::GOODS).chain(&bench::GOODS).chain(&linen::GOODS)
}

/// The colours of all looks that are a choice.
pub fn swatches() -> BTreeMap<String, String> {
    let looks = all().filter(|good| good.look_option.is_some()).flat_map(|good| good.looks);
    looks.map(|look| (look.name.to_owned(), look.swatch.to_owned())).collect()
}

const fn size(name: &'static str, code: &'static str, cents: i64, grams: i32, stock: i32) -> Size {
    Size { name, code, cents, reduced_to: None, grams, stock }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::edit::VariantEdit;
    use std::collections::HashSet;

    fn variants(good: &Good) -> impl Iterator<Item = (&'static Look, Size)> + use<> {
        let (looks, sizes) = (good.looks, good.sizes);
        looks.iter().flat_map(move |look| sizes.iter().map(move |size| (look, size.in_look(look))))
    }

    /// SKUs of the variants of which it is true.
    fn skus(is_meant: impl Fn(&Good, &Size) -> bool) -> Vec<String> {
        let all = all().flat_map(|good| variants(good).map(move |(look, size)| (good, look, size)));
        all.filter(|(good, _, size)| is_meant(good, size)).map(|(good, look, size)| good.sku(look, &size)).collect()
    }

    #[test]
    fn there_are_36_goods_in_121_variants() {
        assert_eq!(all().count(), 36);
        let skus = skus(|_, _| true);
        assert_eq!(skus.len(), 121);
        assert_eq!(skus.into_iter().collect::<HashSet<_>>().len(), 121, "two variants share a SKU");
    }

    #[test]
    fn all_goods_are_in_six_collections() {
        let handles: HashSet<_> = all().map(|good| good.handle).collect();
        assert_eq!(handles.len(), 36);
        assert_eq!(COLLECTIONS.len(), 6);
        for collection in &COLLECTIONS {
            assert!(collection.goods.iter().all(|handle| handles.contains(handle)), "{}", collection.title);
            assert_eq!(collection.goods.iter().collect::<HashSet<_>>().len(), collection.goods.len(), "{}", collection.title);
            assert!((70..=160).contains(&collection.text.len()), "{}: {}", collection.title, collection.text.len());
        }
        let shown: HashSet<_> = COLLECTIONS.iter().flat_map(|collection| collection.goods).copied().collect();
        assert_eq!(shown, handles);
    }

    #[test]
    fn every_good_is_whole() {
        for good in all() {
            assert!(VariantEdit::is_hs_code(good.hs_code), "{}", good.title);
            assert_eq!(good.look_option.is_some(), good.looks.len() > 1, "{}", good.title);
            assert_eq!(good.size_option.is_some(), good.sizes.len() > 1, "{}", good.title);
            for fact in ["**Size**", "**Weight**", "**Material**", "**Care**", "**Made in**"] {
                assert!(good.text.contains(fact), "{} does not say its {fact}", good.title);
            }
            assert!((70..=160).contains(&good.summary.len()), "{}: {}", good.title, good.summary.len());
            for look in good.looks {
                let digits = look.swatch.strip_prefix('#').unwrap_or_default();
                assert!(digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()), "{}: {}", look.name, look.swatch);
            }
            // The heaviest band of delivery ends at 25 kg.
            assert!(variants(good).all(|(_, size)| size.cents >= 1_000 && (50..25_000).contains(&size.grams)), "{}", good.title);
        }
    }

    #[test]
    fn every_state_of_a_shelf_is_there() {
        assert_eq!(skus(|good, size| !good.made_to_order && size.stock == 0), ["RV-POT-CEL", "RV-MOR"]);
        assert_eq!(skus(|good, size| !good.made_to_order && (1..=3).contains(&size.stock)), ["RV-STK-BRS-T"]);
        assert_eq!(
            skus(|_, size| size.reduced_to.is_some_and(|cents| cents < size.cents)),
            ["RV-CAR-COB", "RV-CAR-BLU", "RV-CAR-CHK", "RV-SIL-CHK-20", "RV-SIL-OCH-20", "RV-RUN-NAT", "RV-RUN-IND"]
        );
        let to_order: Vec<_> = all().filter(|good| good.made_to_order).collect();
        assert_eq!(to_order.iter().map(|good| good.handle).collect::<Vec<_>>(), ["quay-bench"]);
        assert!(to_order.iter().all(|good| good.text.contains("four weeks") && variants(good).all(|(_, size)| size.stock == 0)));
    }

    #[test]
    fn a_set_costs_less_than_its_pieces() {
        let cents = |handle: &str, size: &str| {
            let good = all().find(|good| good.handle == handle).expect("a good of this handle");
            good.sizes.iter().find(|known| known.name == size).expect("a size of this name").cents
        };
        let pieces = 2 * (cents("slip-plate", "27 cm") + cents("breakfast-bowl", "17 cm") + cents("tide-mug", "350 ml"));
        assert!(cents("supper-for-two", "") < pieces);
    }
}
