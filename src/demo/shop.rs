//! The invented workshop itself: its facts, its market, how it delivers.

use sqlx::PgConnection;

use super::goods;
use crate::app::MENU;
use crate::base::{Country, Currency, Instant, Language, LocationId, MarketId, MethodId, Money, PriceListId, ZoneId};
use crate::delivery;
use crate::delivery::{Band, Method, Zone};
use crate::inventory;
use crate::markets;
use crate::markets::{BankAccount, Market, Pair, PriceList, ShopSettings};
use crate::platform::{invalidation, settings};
use crate::tax;
use crate::web::Link;

/// Goods of so much travel free with the standard method, in cents.
const FREE_OVER: i64 = 9000;

/// Balearics, Corsica, Sardinia and Sicily, where parcels go by ship.
const ISLANDS: [(&str, &str); 14] = [
    ("ES", "07"),
    ("FR", "20"),
    ("IT", "07"),
    ("IT", "08"),
    ("IT", "09"),
    ("IT", "90"),
    ("IT", "91"),
    ("IT", "92"),
    ("IT", "93"),
    ("IT", "94"),
    ("IT", "95"),
    ("IT", "96"),
    ("IT", "97"),
    ("IT", "98"),
];

/// Writes the shop's facts and opens its one market.
pub async fn open(db: &mut PgConnection, at: Instant) -> anyhow::Result<Market> {
    settings::save(&mut *db, ShopSettings::KEY, &facts(), 0).await?;
    for rate in tax::standard_rates() {
        tax::insert(&mut *db, &rate, at).await?;
    }
    let id = MarketId::fresh(at);
    let market = Market {
        id,
        code: "eu".into(),
        name: "Europe".into(),
        currency: Currency::EUR,
        display_country: ireland(),
        countries: Country::of_eu(),
        pairs: vec![Pair { market: id, language: Language::english(), prefix: String::new(), hreflang: "en".into() }],
        price_list: PriceList { id: PriceListId::fresh(at), currency: Currency::EUR, includes_tax: true },
    };
    markets::insert(db, &market, 1).await?;
    Ok(market)
}

fn facts() -> ShopSettings {
    ShopSettings {
        name: "Rossavarna".into(),
        claim: "Stoneware and linen from the west of Ireland".into(),
        email: "hello@rossavarna.example".into(),
        zone: "Europe/Dublin".into(),
        currency: Currency::EUR,
        legal_name: "Rossavarna Workshop Ltd (an invented company)".into(),
        legal_address: "2 Quay Lane\nRossavarna\nCo. Mayo\nIreland".into(),
        vat_id: "IE0000000A".into(),
        order_prefix: "RV".into(),
        low_stock: 3,
        bank: BankAccount { holder: "Rossavarna Workshop Ltd".into(), iban: "IE64IRCE92050112345678".into(), bic: "IRCEIE2D".into() },
        transfer_days: 7,
        welcome: "We throw, glaze and fire in one room on the quay, and weave and sew in the loft above it. What you see here is on the shelf \
                  behind us: everyday things for the table, the kitchen and the rooms around them."
            .into(),
        handling_days: 2,
        return_days: 30,
        returns_are_free: false,
        swatches: goods::swatches(),
        // Invented, so it is nowhere else.
        profiles: Vec::new(),
    }
}

fn ireland() -> Country {
    Country::parse("IE").expect("Ireland is in the table of countries")
}

/// Zones and methods. A zone without a method is one that nothing is sent to.
pub async fn deliver(db: &mut PgConnection, at: Instant) -> anyhow::Result<()> {
    let whole = |countries: Vec<Country>| countries.into_iter().map(|country| (country, String::new())).collect();
    let mainland = Country::of_eu().into_iter().filter(|country| *country != ireland()).collect();
    let zones = [
        ("Ireland", whole(vec![ireland()])),
        ("EU mainland", whole(mainland)),
        ("EU islands", delivery::areas(&ISLANDS)),
        ("Not served (outside the EU VAT area)", delivery::outside_vat()),
    ]
    .map(|(name, areas)| Zone { id: ZoneId::fresh(at), name: name.into(), areas });
    for (position, zone) in (1..).zip(&zones) {
        delivery::insert_zone(&mut *db, zone, position).await?;
    }
    let [home, mainland, islands, _] = zones.map(|zone| zone.id);
    let standard = |zone, bands: [i64; 4], min_days, max_days, free_over: Option<i64>| Method {
        id: MethodId::fresh(at),
        zone,
        name: "Standard".into(),
        carrier: "dpd_de".into(),
        currency: Currency::EUR,
        bands: bands.into_iter().zip([2_000, 8_000, 25_000, 90_000]).map(|(minor, grams)| Band(Some(grams), minor)).collect(),
        free_over: free_over.map(|minor| Money::new(minor, Currency::EUR)),
        tax_class: "proportional".into(),
        min_days,
        max_days,
        position: 1,
        from: None,
        until: None,
        version: 1,
    };
    let express = |zone, bands: [i64; 4], min_days, max_days| Method {
        name: "Express".into(),
        carrier: "dhl".into(),
        position: 2,
        ..standard(zone, bands, min_days, max_days, None)
    };
    let methods = [
        standard(home, [590, 890, 1490, 3900], 1, 3, Some(FREE_OVER)),
        express(home, [1190, 1590, 2490, 6900], 1, 1),
        standard(mainland, [990, 1490, 2490, 7900], 3, 6, Some(FREE_OVER)),
        express(mainland, [2190, 2990, 4490, 14_900], 1, 2),
        standard(islands, [1490, 2190, 3690, 12_900], 5, 9, None),
    ];
    for method in &methods {
        delivery::insert_method(&mut *db, method).await?;
    }
    Ok(())
}

/// The place where everything lies.
pub async fn locate(db: &mut PgConnection, at: Instant) -> sqlx::Result<LocationId> {
    inventory::open_location(db, "Quay Lane", ireland(), at).await
}

/// The main menu: the collections, then the journal and who is behind it all.
pub async fn hang_menu(db: &mut PgConnection, collections: &[Link]) -> sqlx::Result<()> {
    let journal = Link { title: "Journal".into(), href: "/blogs/journal".into() };
    let about = Link { title: "About".into(), href: "/pages/about".into() };
    let menu: Vec<&Link> = collections.iter().chain([&journal, &about]).collect();
    settings::save(&mut *db, MENU, &menu, 0).await?;
    invalidation::append(db, &["listing".to_owned()]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_islands_are_in_the_union() {
        let islands = delivery::areas(&ISLANDS);
        assert_eq!(islands.len(), ISLANDS.len());
        assert!(islands.iter().all(|(country, _)| country.facts().eu));
    }
}
