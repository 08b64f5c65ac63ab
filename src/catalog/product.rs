//! A product as a visitor of one market and language sees it, and which of its variants an address means.

use super::collection::CollectionLink;
use super::media::Picture;
use crate::base::{Handle, Instant, Language, MarketId, MediaId, ProductId, VariantId};

/// A product that is for sale, with everything that does not depend on prices and stock.
#[derive(Debug, Clone)]
pub struct Product {
    pub id: ProductId,
    /// The current handle, in the language of the text.
    pub handle: Handle,
    /// Language of the text; another than the reader's where it falls back.
    pub language: Language,
    pub title: String,
    pub description_html: String,
    pub seo_title: String,
    pub seo_description: String,
    pub vendor: String,
    pub product_type: String,
    pub tax_class: String,
    pub updated_at: Instant,
    /// Names of the options, in their order; a variant's values stand in the same order.
    pub options: Vec<String>,
    pub variants: Vec<Variant>,
    pub pictures: Vec<Picture>,
    pub collections: Vec<CollectionLink>,
    /// What goes well with it, as the merchant chose and ordered it; shown here or not.
    pub companions: Vec<ProductId>,
    /// Languages in which the product has this very handle.
    pub languages: Vec<Language>,
    /// Markets that show it now.
    pub markets: Vec<MarketId>,
    /// When it next appears in or leaves a market.
    pub until: Option<Instant>,
}

/// One thing that can be bought.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Variant {
    pub id: VariantId,
    /// Permanent public number: `?variant=…`.
    pub number: i64,
    pub values: Vec<String>,
    pub sku: Option<String>,
    pub barcode: Option<String>,
    pub weight_grams: i64,
    pub requires_shipping: bool,
    pub is_tracked: bool,
    pub sells_when_empty: bool,
    pub media_id: Option<MediaId>,
}

impl Variant {
    /// `Blue / M`; empty for the only variant of a product without options.
    pub fn title(&self) -> String {
        self.values.join(" / ")
    }

    /// What machines know it by: the SKU where it has no blanks, else the number.
    pub fn code(&self) -> String {
        let sku = self.sku.as_deref().filter(|sku| sku.is_ascii() && !sku.contains(char::is_whitespace));
        sku.map_or_else(|| self.number.to_string(), str::to_owned)
    }

    /// The barcode where it is a GTIN (8, 12, 13 or 14 digits with a right check digit, GS1 General Specifications 7.9).
    pub fn gtin(&self) -> Option<&str> {
        let code = self.barcode.as_deref()?;
        let digits: Vec<u32> = code.chars().map(|c| c.to_digit(10)).collect::<Option<_>>()?;
        if !matches!(digits.len(), 8 | 12 | 13 | 14) {
            return None;
        }
        let (check, rest) = digits.split_last()?;
        let sum: u32 = rest.iter().rev().enumerate().map(|(at, digit)| if at % 2 == 0 { digit * 3 } else { *digit }).sum();
        ((10 - sum % 10) % 10 == *check).then_some(code)
    }
}

impl Product {
    /// The variant that agrees with most of the chosen values, the first of equals. Choices stand in the order of the
    /// options; `""` is no choice.
    pub fn nearest(&self, choices: &[&str]) -> Option<&Variant> {
        let agreeing = |variant: &Variant| variant.values.iter().zip(choices).filter(|(value, choice)| value == *choice).count();
        self.variants.iter().rev().max_by_key(|variant| agreeing(variant))
    }

    /// The variant with exactly these values.
    pub fn with_values(&self, values: &[String]) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.values == values)
    }

    /// Different values of one option, in the order of the variants.
    pub fn values_of(&self, option: usize) -> Vec<&str> {
        let mut values: Vec<&str> = Vec::new();
        for value in self.variants.iter().filter_map(|variant| variant.values.get(option)) {
            if !values.contains(&value.as_str()) {
                values.push(value);
            }
        }
        values
    }

    /// Does it leave a choice?
    pub fn has_choices(&self) -> bool {
        self.variants.len() > 1
    }

    /// The picture of a variant, else the first.
    pub fn picture_of(&self, variant: &Variant) -> Option<&Picture> {
        self.pictures.iter().find(|picture| Some(picture.id) == variant.media_id).or_else(|| self.pictures.first())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variant(number: i64, values: &[&str]) -> Variant {
        Variant {
            id: VariantId::from_uuid(uuid::Uuid::from_u128(u128::try_from(number).expect("a number"))),
            number,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            sku: None,
            barcode: None,
            weight_grams: 0,
            requires_shipping: true,
            is_tracked: true,
            sells_when_empty: false,
            media_id: None,
        }
    }

    #[test]
    fn only_right_barcodes_are_gtins() {
        let coded = |code: &str| Variant { barcode: Some(code.into()), ..variant(1, &[]) }.gtin().is_some();
        assert!(coded("4006381333931") && coded("036000291452") && coded("96385074"));
        assert!(!coded("4006381333932") && !coded("12345") && !coded("") && !coded("40063813339x1"));
    }

    #[test]
    fn codes_have_no_blanks() {
        assert_eq!(Variant { sku: Some("TEA 1".into()), ..variant(7, &[]) }.code(), "7");
        assert_eq!(Variant { sku: Some("TEA-1".into()), ..variant(7, &[]) }.code(), "TEA-1");
    }

    #[test]
    fn a_choice_that_does_not_exist_leads_to_the_nearest() {
        let at = Instant::from_unix(0);
        let product = Product {
            id: ProductId::fresh(at),
            handle: Handle::parse("mug").expect("a handle"),
            language: Language::english(),
            title: "Mug".into(),
            description_html: String::new(),
            seo_title: String::new(),
            seo_description: String::new(),
            vendor: String::new(),
            product_type: String::new(),
            tax_class: "standard".into(),
            updated_at: at,
            options: vec!["Colour".into(), "Size".into()],
            variants: vec![variant(1, &["Blue", "S"]), variant(2, &["Blue", "M"]), variant(3, &["Red", "S"])],
            pictures: Vec::new(),
            collections: Vec::new(),
            companions: Vec::new(),
            languages: Vec::new(),
            markets: Vec::new(),
            until: None,
        };
        let nearest = |choices: &[&str]| product.nearest(choices).map(|variant| variant.number);
        assert_eq!(nearest(&["Blue", "M"]), Some(2));
        assert_eq!(nearest(&["Red", "M"]), Some(2));
        assert_eq!(nearest(&["Red", ""]), Some(3));
        assert_eq!(nearest(&[]), Some(1));
        assert_eq!(product.values_of(0), ["Blue", "Red"]);
    }
}
