//! The page of a product. Every variant has its address (`?variant=<number>`), so that choosing works without a script.

mod beside;
mod options;

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, RawQuery, State};

use super::shelf::Shelf;
use super::{moved, parameter};
use crate::app::App;
use crate::base::{Country, Handle, Money, VariantId};
use crate::catalog;
use crate::catalog::{Picture, Product, Variant};
use beside::{Beside, beside};
use options::{OptionView, options};

use crate::delivery::Offer;
use crate::inventory::Shown;
use crate::pricing;
use crate::seo::structured;
use crate::seo::structured::Sold;
use crate::web::filters;
use crate::web::frame::ProductMeta;
use crate::web::jsonld::JsonLd;
use crate::web::limits::MAX_QTY;
use crate::web::{AppError, Frame, Meta, PageResult, markdown, words};

struct VariantView {
    path: String,
    title: String,
    price: String,
    availability: Shown,
    is_chosen: bool,
}

struct DeliveryView {
    name: String,
    days: String,
    most_days: i64,
    /// Empty where it is free.
    price: String,
    free_over: Option<String>,
}

#[derive(Template)]
#[template(path = "catalog/product.html")]
struct ProductView<'a> {
    product: &'a Product,
    /// Its address as it was reached.
    here: String,
    chosen: &'a Variant,
    title: String,
    pictures: Vec<&'a Picture>,
    price: String,
    was: Option<String>,
    availability: Shown,
    most: i64,
    options: Vec<OptionView>,
    variants: Vec<VariantView>,
    tax_rate: Option<String>,
    tax_country: Country,
    delivery: Vec<DeliveryView>,
    return_days: i64,
    /// The maker is the shop itself, so there is nobody to name beside the title.
    is_own_brand: bool,
    weight: Option<String>,
    trail: Vec<(String, String)>,
    beside: Beside,
}

impl ProductView<'_> {
    fn count(&self) -> i64 {
        i64::try_from(self.variants.len()).unwrap_or(i64::MAX)
    }
}

pub async fn show(State(app): State<App>, frame: Frame, Path(handle): Path<String>, RawQuery(query): RawQuery) -> PageResult {
    page(&app, &frame, None, &handle, query.as_deref()).await
}

pub async fn show_in_collection(
    State(app): State<App>,
    frame: Frame,
    Path((collection, handle)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> PageResult {
    page(&app, &frame, Some(&collection), &handle, query.as_deref()).await
}

async fn page(app: &App, frame: &Frame, collection: Option<&str>, handle: &str, query: Option<&str>) -> PageResult {
    let handle = Handle::parse(handle).ok_or(AppError::NotFound)?;
    let shelf = Shelf::of(app, frame)?;
    let mut db = app.reading().await?;
    let product = catalog::by_handle(&mut *db, shelf.language, shelf.market().id, &handle, shelf.as_of).await?.ok_or(AppError::NotFound)?;
    let path = format!("/products/{}", product.handle);
    let number = parameter(query, "variant");
    if product.handle != handle {
        let number = number.filter(|number| number.bytes().all(|b| b.is_ascii_digit()));
        return Ok(moved(&frame.site, &number.map_or(path.clone(), |number| format!("{path}?variant={number}"))));
    }
    let through = match collection {
        Some(wanted) => Some(product.collections.iter().find(|link| link.handle.as_str() == wanted).ok_or(AppError::NotFound)?),
        None => product.collections.first(),
    };
    let here = if collection.is_some() { through.map_or(path.clone(), |link| format!("/collections/{}{path}", link.handle)) } else { path.clone() };
    if let Some(variant) = choices(&product, query).and_then(|choices| product.nearest(&choices.iter().map(String::as_str).collect::<Vec<_>>())) {
        return Ok(frame.see_other(&format!("{here}?variant={}", variant.number)));
    }

    let offers = pricing::offers(&mut *db, shelf.market().price_list.id, product.id, shelf.as_of).await?;
    let mut reads = shelf.rules_until();
    reads.tag(format!("product:{}", product.id));
    reads.ends(product.until);
    offers.iter().for_each(|offer| reads.ends(offer.next_change));
    let sold = sold(&shelf, &product, &offers);
    let chosen = match number {
        None => sold.iter().find(|sold| !sold.availability.is_sold_out()).or_else(|| sold.first()).ok_or(AppError::NotFound)?,
        Some(number) => match sold.iter().find(|sold| sold.variant.number.to_string() == number) {
            Some(chosen) => chosen,
            None if sold.is_empty() => return Err(AppError::NotFound),
            None => return Ok(frame.see_other(&here)),
        },
    };

    // Its trail names it.
    through.iter().for_each(|link| reads.tag(format!("collection:{}", link.id)));
    let beside = beside(&mut db, &shelf, &product, through, &mut reads).await?;
    let mut trail = vec![(frame.text("catalog-trail-home"), String::new())];
    trail.extend(through.map(|link| (link.title.clone(), format!("/collections/{}", link.handle))));
    trail.push((product.title.clone(), path.clone()));

    let about = markdown::plain(&product.description_html);
    let meta = Meta {
        title: if product.seo_title.is_empty() { product.title.clone() } else { product.seo_title.clone() },
        description: description(&shelf, &product, chosen, &about),
        canonical: path.clone(),
        image: product.picture_of(chosen.variant).and_then(|picture| picture.for_head(&frame.site.origin)),
        product: Some(ProductMeta { price: chosen.price, availability: chosen.availability.open_graph(), brand: product.vendor.clone() }),
        is_fallback: !shelf.is_in_all(&product.languages) || shelf.rules.markets.iter().any(|market| !product.markets.contains(&market.id)),
        jsonld: vec![
            shelf.structured(frame, |shop| structured::product(shop, &product, &sold, &markdown::excerpt(&about, 4_900), &frame.site.url(&path))),
            JsonLd::new(&structured::breadcrumb(&trail.iter().map(|(name, path)| (name.clone(), frame.site.url(path))).collect::<Vec<_>>())),
        ],
        ..Meta::default()
    };
    frame.public(meta, view(&shelf, &product, &sold, chosen, &here, (trail, beside)), reads)
}

/// The values chosen by the radio buttons, in the order of the options; `None` where none was sent.
fn choices(product: &Product, query: Option<&str>) -> Option<Vec<String>> {
    let sent: Vec<Option<String>> = (0..product.options.len()).map(|at| parameter(query, &format!("option-{at}"))).collect();
    sent.iter().any(Option::is_some).then(|| sent.into_iter().map(Option::unwrap_or_default).collect())
}

/// The variants that have a price here, with what the page shows of them.
fn sold<'a>(shelf: &Shelf, product: &'a Product, offers: &[pricing::VariantOffer]) -> Vec<Sold<'a>> {
    let offers: HashMap<VariantId, &pricing::VariantOffer> = offers.iter().map(|offer| (offer.variant_id, offer)).collect();
    let currency = shelf.market().price_list.currency;
    product
        .variants
        .iter()
        .filter_map(|variant| {
            let offer = offers.get(&variant.id)?;
            let listed = Money::new(offer.amount_minor?, currency);
            let was = offer.compare_at_minor.filter(|was| *was > listed.minor());
            let availability = Shown::of(offer.available, variant.is_tracked, variant.sells_when_empty, shelf.rules.shop.low_stock);
            Some(Sold {
                variant,
                price: shelf.shown(listed, &product.tax_class),
                was: was.map(|was| shelf.shown(Money::new(was, currency), &product.tax_class)),
                ends_at: offer.ends_at,
                availability,
                // How long it takes to make is not known here, so no day is promised, to people or to machines.
                delivery: if availability == Shown::ToOrder { Vec::new() } else { delivery(shelf, product, variant, listed) },
            })
        })
        .collect()
}

/// How one piece comes to the display country, with the price shown there.
fn delivery(shelf: &Shelf, product: &Product, variant: &Variant, listed: Money) -> Vec<(Offer, Money)> {
    if !variant.requires_shipping {
        return Vec::new();
    }
    let (offers, _) = shelf.rules.delivery.offers(shelf.market().display_country, "", variant.weight_grams, listed, shelf.as_of);
    let shown = |offer: &Offer| {
        let class = if offer.tax_class == "proportional" { &product.tax_class } else { &offer.tax_class };
        shelf.shown(offer.price, class)
    };
    offers.into_iter().map(|offer| (shown(&offer), offer)).map(|(price, offer)| (offer, price)).collect()
}

fn description(shelf: &Shelf, product: &Product, chosen: &Sold<'_>, about: &str) -> String {
    if !product.seo_description.is_empty() {
        return product.seo_description.clone();
    }
    let what = if about.is_empty() { format!("{}.", product.title) } else { markdown::excerpt(about, 120) };
    words::text(shelf.language, "catalog-product-about", &[("what", what.into()), ("amount", shelf.written(chosen.price).into())])
}

fn view<'a>(
    shelf: &Shelf,
    product: &'a Product,
    sold: &[Sold<'a>],
    chosen: &Sold<'a>,
    here: &str,
    (trail, beside): (Vec<(String, String)>, Beside),
) -> ProductView<'a> {
    let first = product.picture_of(chosen.variant);
    let rest = product.pictures.iter().filter(|picture| Some(picture.id) != first.map(|first| first.id));
    let market = shelf.market();
    let handling = shelf.rules.shop.handling_days;
    let delivery = chosen.delivery.iter().map(|(offer, price)| {
        let (from, to) = (handling + i64::from(offer.min_days), handling + i64::from(offer.max_days));
        DeliveryView {
            name: offer.name.clone(),
            days: if from == to { to.to_string() } else { format!("{from}–{to}") },
            most_days: to,
            price: if price.is_zero() { String::new() } else { shelf.written(*price) },
            free_over: offer.free_over.filter(|_| !price.is_zero()).map(|over| shelf.written(shelf.shown(over, &product.tax_class))),
        }
    });
    let stock_limit = match sold_left(chosen) {
        Some(left) => left.min(MAX_QTY),
        None => MAX_QTY,
    };
    ProductView {
        title: product.title.clone(),
        pictures: first.into_iter().chain(rest).collect(),
        price: shelf.written(chosen.price),
        was: chosen.was.map(|was| shelf.written(was)),
        availability: chosen.availability,
        most: stock_limit,
        options: options(shelf, product, sold, chosen.variant),
        variants: sold
            .iter()
            .map(|sold| VariantView {
                path: format!("{here}?variant={}", sold.variant.number),
                title: sold.variant.title(),
                price: shelf.written(sold.price),
                availability: sold.availability,
                is_chosen: sold.variant.id == chosen.variant.id,
            })
            .collect(),
        tax_rate: shelf
            .rules
            .tax
            .rate(&product.tax_class, market.display_country, shelf.as_of)
            .filter(|rate| !rate.percent().is_zero())
            .map(|rate| rate.to_string()),
        tax_country: market.display_country,
        delivery: delivery.collect(),
        return_days: shelf.rules.shop.return_days,
        is_own_brand: product.vendor.eq_ignore_ascii_case(&shelf.rules.shop.name),
        weight: weight(chosen.variant.weight_grams),
        trail,
        beside,
        chosen: chosen.variant,
        here: here.to_owned(),
        product,
    }
}

/// The most that can be bought, where the page says how many are left.
fn sold_left(sold: &Sold<'_>) -> Option<i64> {
    sold.availability.left().filter(|_| !sold.variant.sells_when_empty)
}

/// `350 g`, `1.2 kg`; none where it is not known.
fn weight(grams: i64) -> Option<String> {
    match grams {
        ..=0 => None,
        1..=999 => Some(format!("{grams} g")),
        _ => Some(format!("{} kg", rust_decimal::Decimal::new(grams, 3).normalize())),
    }
}
