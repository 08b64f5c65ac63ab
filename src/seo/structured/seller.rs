//! The shop itself: who sells, how goods come and go back.

use serde_json::{Value, json};

use super::{Shop, amount, days};
use crate::base::{Country, Instant, Money};
use crate::delivery::{Band, Method};
use crate::markets::Market;
use crate::pricing::Rules;

/// The name of the site, for its home page.
pub fn website(shop: &Shop<'_>) -> Value {
    json!({"@context": "https://schema.org", "@type": "WebSite", "@id": shop.id("site"), "name": shop.settings.name, "url": shop.url})
}

/// Who sells, how goods come and go back: for the home page.
pub fn store(shop: &Shop<'_>, rules: &Rules, as_of: Instant) -> Value {
    let settings = shop.settings;
    let mut store = shop.seller();
    store["@context"] = "https://schema.org".into();
    store["logo"] = shop.logo.into();
    if !settings.claim.is_empty() {
        store["description"] = settings.claim.clone().into();
    }
    if !settings.email.is_empty() {
        store["email"] = settings.email.clone().into();
        store["contactPoint"] = json!({"@type": "ContactPoint", "contactType": "customer service", "email": settings.email});
    }
    if !settings.legal_name.is_empty() {
        store["legalName"] = settings.legal_name.clone().into();
    }
    if !settings.vat_id.is_empty() {
        store["vatID"] = settings.vat_id.clone().into();
    }
    if !settings.legal_address.is_empty() {
        let lines = settings.legal_address.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ");
        store["address"] = json!({"@type": "PostalAddress", "streetAddress": lines});
    }
    if !settings.profiles.is_empty() {
        store["sameAs"] = settings.profiles.clone().into();
    }
    store["hasMerchantReturnPolicy"] = shop.returns();
    let conditions = shipping_conditions(shop.market, rules, as_of);
    if !conditions.is_empty() {
        store["hasShippingService"] = json!({
            "@type": "ShippingService",
            "@id": shop.id("delivery"),
            "name": "Delivery",
            "handlingTime": {"@type": "ServicePeriod", "duration": days(0, settings.handling_days)},
            "shippingConditions": conditions,
        });
    }
    store
}

/// One condition per zone of the market and method, and one more where the method is free from a goods value on.
fn shipping_conditions(market: &Market, rules: &Rules, as_of: Instant) -> Vec<Value> {
    let reaches = |method: &Method, country: Country| rules.delivery.zone(country, "").is_some_and(|zone| zone.id == method.zone);
    let mut conditions = Vec::new();
    for method in rules.delivery.methods() {
        let is_valid = method.from.is_none_or(|from| from <= as_of) && method.until.is_none_or(|until| as_of < until);
        let countries: Vec<&str> = market.countries.iter().filter(|country| reaches(method, **country)).map(Country::code).collect();
        let Some(Band(_, dearest)) = method.bands.iter().max_by_key(|band| band.1) else { continue };
        if !is_valid || countries.is_empty() || method.currency != market.currency {
            continue;
        }
        let mut rate = json!({"@type": "MonetaryAmount", "currency": method.currency.code()});
        rate[if method.bands.len() == 1 { "value" } else { "maxValue" }] = Money::new(*dearest, method.currency).plain().into();
        let condition = json!({
            "@type": "ShippingConditions",
            "shippingDestination": {"@type": "DefinedRegion", "addressCountry": countries},
            "shippingRate": rate,
            "transitTime": {"@type": "ServicePeriod", "duration": days(method.min_days.into(), method.max_days.into())},
        });
        if let Some(over) = method.free_over {
            let mut free = condition.clone();
            free["orderValue"] = json!({"@type": "MonetaryAmount", "minValue": over.plain(), "currency": over.currency().code()});
            free["shippingRate"] = amount(Money::zero(method.currency));
            conditions.push(free);
        }
        conditions.push(condition);
    }
    conditions
}
