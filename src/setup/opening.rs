//! What a shop is opened with, and writing it down: all of it in one transaction, once.

use sqlx::PgConnection;

use crate::base::{Country, Currency, Instant, Language, MarketId, MethodId, PriceListId, TaxRate, ZoneId};
use crate::delivery;
use crate::delivery::{Band, Method, Zone};
use crate::inventory;
use crate::markets;
use crate::markets::{Market, Pair, PriceList, ShopSettings};
use crate::platform::{invalidation, settings};
use crate::tax;
use crate::tax::DatedRate;

/// Where the shop sells to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    Home,
    /// All members of the European Union, home included.
    Union,
    /// These countries and home.
    Chosen(Vec<Country>),
}

/// A parcel's price in minor units, and how long it travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Carriage {
    pub minor: i64,
    pub min_days: i32,
    pub max_days: i32,
}

/// The answers of the page.
#[derive(Debug, Clone)]
pub struct Opening {
    pub shop: ShopSettings,
    pub country: Country,
    pub reach: Reach,
    pub includes_tax: bool,
    /// The standard rate at home, where the project's own table does not know it.
    pub home_rate: Option<TaxRate>,
    pub at_home: Carriage,
    /// To all other countries; `None` where there are none.
    pub abroad: Option<Carriage>,
}

impl Opening {
    pub fn currency(&self) -> Currency {
        self.shop.currency
    }

    /// All countries that are sold to.
    pub fn countries(&self) -> Vec<Country> {
        let mut countries = match &self.reach {
            Reach::Home => Vec::new(),
            Reach::Union => Country::of_eu(),
            Reach::Chosen(chosen) => chosen.clone(),
        };
        countries.push(self.country);
        countries.sort();
        countries.dedup();
        countries
    }

    fn market(&self, at: Instant) -> Market {
        let id = MarketId::fresh(at);
        let name = match self.reach {
            Reach::Home => self.country.name().to_owned(),
            Reach::Union => "Europe".to_owned(),
            Reach::Chosen(_) => "Everywhere".to_owned(),
        };
        Market {
            id,
            code: self.country.code().to_lowercase(),
            name,
            currency: self.currency(),
            display_country: self.country,
            countries: self.countries(),
            pairs: vec![Pair { market: id, language: Language::english(), prefix: String::new(), hreflang: "en".into() }],
            price_list: PriceList { id: PriceListId::fresh(at), currency: self.currency(), includes_tax: self.includes_tax },
        }
    }

    fn rates(&self) -> Vec<DatedRate> {
        let own = self.home_rate.map(|rate| DatedRate { class: "standard".into(), country: self.country, rate, from: None, until: None });
        let known = tax::standard_rates().into_iter().filter(|row| own.is_none() || row.country != self.country);
        known.chain(own.clone()).collect()
    }

    fn method(&self, zone: ZoneId, carriage: Carriage, at: Instant) -> Method {
        Method {
            id: MethodId::fresh(at),
            zone,
            name: "Standard".into(),
            carrier: String::new(),
            currency: self.currency(),
            bands: vec![Band(None, carriage.minor)],
            free_over: None,
            tax_class: "proportional".into(),
            min_days: carriage.min_days,
            max_days: carriage.max_days,
            position: 1,
            from: None,
            until: None,
            version: 1,
        }
    }
}

/// Opens the shop; false where it has a market already.
pub async fn open(db: &mut PgConnection, opening: &Opening, at: Instant) -> sqlx::Result<bool> {
    let (_, version): (ShopSettings, i32) = settings::load(&mut *db, ShopSettings::KEY).await?;
    // Of two that open at once, the second finds the settings saved and stops here.
    if !markets::load(&mut *db).await?.is_empty() || !settings::save(&mut *db, ShopSettings::KEY, &opening.shop, version).await? {
        return Ok(false);
    }
    for rate in opening.rates() {
        tax::insert(&mut *db, &rate, at).await?;
    }
    markets::insert(&mut *db, &opening.market(at), 1).await?;
    inventory::open_location(&mut *db, "Main", opening.country, at).await?;
    let whole = |countries: Vec<Country>| countries.into_iter().map(|country| (country, String::new())).collect();
    let home = Zone { id: ZoneId::fresh(at), name: opening.country.name().into(), areas: whole(vec![opening.country]) };
    delivery::insert_zone(&mut *db, &home, 1).await?;
    delivery::insert_method(&mut *db, &opening.method(home.id, opening.at_home, at)).await?;
    let others: Vec<Country> = opening.countries().into_iter().filter(|country| *country != opening.country).collect();
    if let Some(carriage) = opening.abroad.filter(|_| !others.is_empty()) {
        let abroad = Zone { id: ZoneId::fresh(at), name: "Abroad".into(), areas: whole(others) };
        delivery::insert_zone(&mut *db, &abroad, 2).await?;
        delivery::insert_method(&mut *db, &opening.method(abroad.id, carriage, at)).await?;
    }
    let sold_to = opening.countries();
    let apart: Vec<(Country, String)> = delivery::outside_vat().into_iter().filter(|(country, _)| sold_to.contains(country)).collect();
    if !apart.is_empty() {
        // A zone without a method: nothing is sent there until the merchant says so.
        let apart = Zone { id: ZoneId::fresh(at), name: "Outside the EU VAT area".into(), areas: apart };
        delivery::insert_zone(&mut *db, &apart, 3).await?;
    }
    invalidation::rules_changed(db).await?;
    Ok(true)
}
