//! Structured data (schema.org as JSON-LD), built from the same values that the page shows. The builders follow Google's
//! pages on merchant listings, product variants, shipping and return policies.

mod seller;

pub use seller::{store, website};

use serde_json::{Map, Value, json};

use crate::base::{Country, Currency, Instant, Money};
use crate::catalog::{Product, Variant};
use crate::delivery::Offer;
use crate::inventory::Shown;
use crate::markets::{Market, ShopSettings};

/// The shop as its pages name it; `url` is the home page of the market and language.
#[derive(Debug, Clone, Copy)]
pub struct Shop<'a> {
    pub settings: &'a ShopSettings,
    pub market: &'a Market,
    pub origin: &'a str,
    pub url: &'a str,
    /// Absolute address of the logo.
    pub logo: &'a str,
}

impl Shop<'_> {
    fn id(&self, part: &str) -> String {
        format!("{}#{part}", self.url)
    }

    fn seller(&self) -> Value {
        json!({"@type": "OnlineStore", "@id": self.id("shop"), "name": self.settings.name, "url": self.url})
    }

    fn returns(&self) -> Value {
        let mut policy = json!({
            "@type": "MerchantReturnPolicy",
            "@id": self.id("returns"),
            "applicableCountry": self.market.countries.iter().take(50).map(Country::code).collect::<Vec<_>>(),
            "returnPolicyCategory": "https://schema.org/MerchantReturnNotPermitted",
        });
        if self.settings.return_days > 0 {
            policy["returnPolicyCategory"] = "https://schema.org/MerchantReturnFiniteReturnWindow".into();
            policy["merchantReturnDays"] = self.settings.return_days.into();
            let fees = if self.settings.returns_are_free { "FreeReturn" } else { "ReturnFeesCustomerResponsibility" };
            policy["returnFees"] = format!("https://schema.org/{fees}").into();
            policy["returnMethod"] = "https://schema.org/ReturnByMail".into();
            policy["refundType"] = "https://schema.org/FullRefund".into();
        }
        policy
    }
}

fn amount(money: Money) -> Value {
    json!({"@type": "MonetaryAmount", "value": money.plain(), "currency": money.currency().code()})
}

fn days(from: i64, to: i64) -> Value {
    json!({"@type": "QuantitativeValue", "minValue": from, "maxValue": to.max(from), "unitCode": "DAY"})
}

/// The way to a page: (name, absolute address), from the home page on.
pub fn breadcrumb(trail: &[(String, String)]) -> Value {
    let items: Vec<Value> =
        (1..).zip(trail).map(|(position, (name, url))| json!({"@type": "ListItem", "position": position, "name": name, "item": url})).collect();
    json!({"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items})
}

/// An article of a blog (schema.org/BlogPosting).
pub fn article(article: &Article<'_>) -> Value {
    let mut posting = json!({
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": article.title,
        "mainEntityOfPage": article.url,
        "dateModified": article.changed_at,
        "author": {"@type": "Organization", "name": article.author, "url": article.home},
        "publisher": {"@type": "Organization", "name": article.author, "url": article.home},
    });
    if let Some(from) = article.shown_from {
        posting["datePublished"] = json!(from);
    }
    if let Some(picture) = article.picture {
        posting["image"] = json!([picture]);
    }
    if !article.summary.is_empty() {
        posting["description"] = json!(article.summary);
    }
    posting
}

/// What is said of an article; addresses are absolute.
#[derive(Debug, Clone, Copy)]
pub struct Article<'a> {
    pub title: &'a str,
    pub summary: &'a str,
    pub url: &'a str,
    pub picture: Option<&'a str>,
    pub shown_from: Option<Instant>,
    pub changed_at: Instant,
    pub author: &'a str,
    pub home: &'a str,
}

/// What a list shows: absolute addresses in their order.
pub fn item_list(urls: &[String]) -> Value {
    let items: Vec<Value> = (1..).zip(urls).map(|(position, url)| json!({"@type": "ListItem", "position": position, "url": url})).collect();
    json!({"@context": "https://schema.org", "@type": "ItemList", "numberOfItems": items.len(), "itemListElement": items})
}

/// A variant with what its page shows of it.
#[derive(Debug, Clone)]
pub struct Sold<'a> {
    pub variant: &'a Variant,
    pub price: Money,
    pub was: Option<Money>,
    /// When the price ends, if that is known.
    pub ends_at: Option<Instant>,
    pub availability: Shown,
    /// How it comes to the display country, with the price shown there.
    pub delivery: Vec<(Offer, Money)>,
}

/// A product page: one `Product`, or a `ProductGroup` of its variants, each at its own address.
pub fn product(shop: &Shop<'_>, product: &Product, sold: &[Sold<'_>], description: &str, url: &str) -> Value {
    let told = if description.is_empty() { product.title.as_str() } else { description };
    let brand = if product.vendor.is_empty() { &shop.settings.name } else { &product.vendor };
    let category = if product.product_type.is_empty() {
        product.collections.first().map(|link| link.title.as_str())
    } else {
        Some(product.product_type.as_str())
    };
    let mut common = Map::new();
    common.insert("brand".into(), json!({"@type": "Brand", "name": brand}));
    if let Some(category) = category {
        common.insert("category".into(), category.into());
    }
    if let ([only], false) = (sold, product.has_choices()) {
        let mut item = item(shop, product, only, told, url, 3);
        item.insert("@context".into(), "https://schema.org".into());
        item.insert("url".into(), url.into());
        item.append(&mut common);
        return item.into();
    }
    let properties = varying(&product.options);
    let variants: Vec<Value> = sold
        .iter()
        .map(|sold| {
            let mut item = item(shop, product, sold, told, &format!("{url}?variant={}", sold.variant.number), 1);
            for (property, value) in properties.iter().zip(&sold.variant.values) {
                if let Some(property) = property {
                    item.insert((*property).into(), value.as_str().into());
                }
            }
            item.append(&mut common.clone());
            item.into()
        })
        .collect();
    let mut group = json!({
        "@context": "https://schema.org",
        "@type": "ProductGroup",
        "name": product.title,
        "description": told,
        "url": url,
        "productGroupID": product.id.to_string(),
        "variesBy": properties.iter().flatten().map(|property| format!("https://schema.org/{property}")).collect::<Vec<_>>(),
        "hasVariant": variants,
    });
    if let Some(group) = group.as_object_mut() {
        group.append(&mut common);
    }
    group
}

fn item(shop: &Shop<'_>, product: &Product, sold: &Sold<'_>, told: &str, url: &str, most_deliveries: usize) -> Map<String, Value> {
    let variant = sold.variant;
    let name = if variant.values.is_empty() || !product.has_choices() {
        product.title.clone()
    } else {
        format!("{} – {}", product.title, variant.title())
    };
    let mut item = Map::new();
    item.insert("@type".into(), "Product".into());
    item.insert("name".into(), name.into());
    item.insert("description".into(), told.into());
    item.insert("sku".into(), variant.code().into());
    match variant.gtin() {
        Some(gtin) => item.insert("gtin".into(), gtin.into()),
        None => item.insert("mpn".into(), variant.code().into()),
    };
    let first = product.picture_of(variant);
    let others = product.pictures.iter().filter(|picture| Some(picture.id) != first.map(|first| first.id) && !product.has_choices());
    let images: Vec<String> = first.into_iter().chain(others).take(6).map(|picture| format!("{}{}", shop.origin, picture.src(1280))).collect();
    if !images.is_empty() {
        item.insert("image".into(), images.into());
    }
    item.insert("offers".into(), offer(shop, sold, url, most_deliveries));
    item
}

fn offer(shop: &Shop<'_>, sold: &Sold<'_>, url: &str, most_deliveries: usize) -> Value {
    let currency: Currency = sold.price.currency();
    let mut offer = json!({
        "@type": "Offer",
        "url": url,
        "price": sold.price.plain(),
        "priceCurrency": currency.code(),
        "availability": sold.availability.schema(),
        "itemCondition": "https://schema.org/NewCondition",
        "seller": shop.seller(),
        "hasMerchantReturnPolicy": {"@id": shop.id("returns")},
    });
    if let Some(at) = sold.ends_at {
        offer["priceValidUntil"] = at.to_string().into();
    }
    if let Some(was) = sold.was {
        offer["priceSpecification"] = json!([
            {"@type": "UnitPriceSpecification", "price": sold.price.plain(), "priceCurrency": currency.code()},
            {"@type": "UnitPriceSpecification", "priceType": "https://schema.org/StrikethroughPrice", "price": was.plain(), "priceCurrency": currency.code()},
        ]);
    }
    let ways: Vec<Value> = sold
        .delivery
        .iter()
        .take(most_deliveries)
        .map(|(way, price)| {
            json!({
                "@type": "OfferShippingDetails",
                "shippingRate": amount(*price),
                "shippingDestination": {"@type": "DefinedRegion", "addressCountry": shop.market.display_country.code()},
                "deliveryTime": {
                    "@type": "ShippingDeliveryTime",
                    "handlingTime": days(0, shop.settings.handling_days),
                    "transitTime": days(way.min_days.into(), way.max_days.into()),
                },
            })
        })
        .collect();
    if !ways.is_empty() {
        offer["shippingDetails"] = ways.into();
    }
    offer
}

/// What each option is in schema.org's words, each word once. Where none of them has one, the first option is the
/// pattern: a group must say by what its variants differ.
fn varying(options: &[String]) -> Vec<Option<&'static str>> {
    let mut words: Vec<Option<&'static str>> = Vec::new();
    for option in options {
        let word = match option.trim().to_lowercase().as_str() {
            "colour" | "color" | "finish" | "shade" | "farbe" | "couleur" => Some("color"),
            "size" | "volume" | "capacity" | "length" | "width" | "height" | "weight" | "amount" | "pack" | "pack size" | "größe" | "taille" => {
                Some("size")
            }
            "material" | "fabric" | "wood" | "metal" => Some("material"),
            "pattern" | "design" | "style" | "print" | "motif" => Some("pattern"),
            _ => None,
        };
        words.push(word.filter(|word| !words.contains(&Some(*word))));
    }
    if words.iter().all(Option::is_none)
        && let Some(first) = words.first_mut()
    {
        *first = Some("pattern");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_says_by_what_its_variants_differ() {
        let of = |options: &[&str]| varying(&options.iter().map(|option| (*option).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["Colour", "Size"]), [Some("color"), Some("size")]);
        assert_eq!(of(&["Size", "Volume"]), [Some("size"), None]);
        assert_eq!(of(&["Scent"]), [Some("pattern")]);
    }

    #[test]
    fn a_trail_is_counted_from_one() {
        let trail = breadcrumb(&[("Home".into(), "https://shop.example/".into()), ("Mug".into(), "https://shop.example/products/mug".into())]);
        assert_eq!(trail["itemListElement"][1]["position"], 2);
    }
}
