//! Worked examples computed by others, run through our rules.

use std::path::PathBuf;

use serde_json::Value;
use wharf::base::{Country, Currency, Instant, Money, TaxRate};
use wharf::base::{MarketId, PriceListId, VariantId, ZoneId};
use wharf::delivery::{Band, DeliveryTable, Method, Zone};
use wharf::markets::{Market, Pair, PriceList, ShopSettings};
use wharf::pricing::{Input, LineInput, Rules, quote};
use wharf::tax::{DatedRate, TaxTable};

/// The cases of a file; empty (and said so) where the shared data is absent.
fn cases(name: &str) -> Vec<Value> {
    let folder = std::env::var_os("WHARF_SHARED").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let Ok(text) = std::fs::read_to_string(folder.join(format!("data/vectors/{name}.json"))) else {
        println!("skipped: shared data absent");
        return Vec::new();
    };
    let file: Value = serde_json::from_str(&text).expect("JSON");
    file["cases"].as_array().expect("cases").clone()
}

fn currency(value: &Value) -> Currency {
    Currency::parse(value.as_str().unwrap_or("EUR")).expect("a currency")
}

#[test]
fn amounts_are_read_and_printed_by_the_currency() {
    for case in cases("minor_units") {
        let (given, wanted) = (&case["in"], &case["out"]);
        let Some(currency) = Currency::parse(given["currency"].as_str().expect("a code")) else {
            assert_eq!(wanted["error"], "currency", "{case}");
            continue;
        };
        let Some(text) = given["text"].as_str() else { continue };
        match Money::parse(text, currency) {
            Ok(money) => assert_eq!(
                (money.minor(), money.plain().as_str()),
                (wanted["minor"].as_i64().expect("minor"), wanted["text"].as_str().expect("text")),
                "{case}"
            ),
            Err(error) => assert!(wanted["error"].as_str().is_some_and(|known| known == "syntax" || error == wharf_too_many()), "{case} {error}"),
        }
    }
}

const fn wharf_too_many() -> wharf::base::money::AmountError {
    wharf::base::money::AmountError::TooManyDecimals
}

#[test]
fn tax_inside_a_price_is_taken_out_to_the_cent() {
    for case in cases("vat_extract").iter().filter(|case| case["in"]["gross_minor"].is_i64() && case["in"]["mode"].is_null()) {
        let given = &case["in"];
        let rate = TaxRate::new(given["rate"].as_str().expect("a rate").parse().expect("a number")).expect("a rate");
        let gross = Money::new(given["gross_minor"].as_i64().expect("minor"), currency(&given["currency"]));
        let tax = rate.contained_in(gross);
        assert_eq!(
            (tax.minor(), gross.minus(tax).minor()),
            (case["out"]["tax_minor"].as_i64().expect("tax"), case["out"]["net_minor"].as_i64().expect("net")),
            "{case}"
        );
    }
}

#[test]
fn discounts_are_shared_out_to_the_cent() {
    for case in cases("discount_allocate").iter().filter(|case| case["form"] != "percent" && case["in"]["discount_minor"].is_i64()) {
        let totals: Vec<i64> = case["in"]["line_totals"].as_array().expect("totals").iter().filter_map(Value::as_i64).collect();
        let discount = case["out"]["discount_minor"].as_i64().expect("a discount");
        let shares: Vec<i64> = Money::new(discount, Currency::EUR).split(&totals).into_iter().map(Money::minor).collect();
        assert_eq!(serde_json::json!(shares), case["out"]["shares"], "{case}");
    }
}

#[test]
fn delivery_bands_cost_what_they_say() {
    for case in cases("shipping_rates").iter().filter(|case| case["in"]["type"] == "bands") {
        let bands: Vec<Band> =
            case["in"]["bands"].as_array().expect("bands").iter().map(|band| Band(band[0].as_i64(), band[1].as_i64().expect("minor"))).collect();
        let at = Instant::from_unix(0);
        let germany = Country::parse("DE").expect("a country");
        let zone = ZoneId::fresh(at);
        let method = Method {
            id: wharf::base::MethodId::fresh(at),
            zone,
            name: "Post".into(),
            carrier: String::new(),
            currency: Currency::EUR,
            bands,
            free_over: case["in"]["free_from"].as_i64().map(|minor| Money::new(minor, Currency::EUR)),
            tax_class: "standard".into(),
            min_days: 1,
            max_days: 2,
            position: 0,
            from: None,
            until: None,
            version: 1,
        };
        let table = DeliveryTable::new(vec![Zone { id: zone, name: "All".into(), areas: vec![(germany, String::new())] }], vec![method]);
        let (offers, refusals) = table.offers(
            germany,
            "10115",
            case["in"]["grams"].as_i64().expect("grams"),
            Money::new(case["in"]["goods_minor"].as_i64().unwrap_or(0), Currency::EUR),
            at,
        );
        match case["out"]["rate_minor"].as_i64() {
            Some(rate) => assert_eq!(offers[0].price.minor(), rate, "{case}"),
            None => assert!(offers.is_empty() && refusals.len() == 1, "{case}"),
        }
    }
}

/// A shop with one rate per line of the case and prices of its kind.
fn rules(rates: &[String], includes_tax: bool) -> (Rules, MarketId, Country) {
    let at = Instant::from_unix(0);
    let (market, germany) = (MarketId::fresh(at), Country::parse("DE").expect("a country"));
    let rate = |percent: &String| DatedRate {
        class: percent.clone(),
        country: germany,
        rate: TaxRate::new(percent.parse().expect("a number")).expect("a rate"),
        from: None,
        until: None,
    };
    let list = PriceList { id: PriceListId::fresh(at), currency: Currency::EUR, includes_tax };
    let rules = Rules {
        version: 1,
        shop: ShopSettings::default(),
        markets: vec![Market {
            id: market,
            code: "m".into(),
            name: "M".into(),
            currency: Currency::EUR,
            display_country: germany,
            countries: vec![germany],
            pairs: vec![Pair { market, language: wharf::base::Language::english(), prefix: String::new(), hreflang: "en".into() }],
            price_list: list,
        }],
        tax: TaxTable::new(rates.iter().map(rate).collect()),
        delivery: DeliveryTable::default(),
    };
    (rules, market, germany)
}

#[test]
fn a_quote_adds_up_as_the_worked_examples_do() {
    for case in cases("vat_line_vs_total").iter().filter(|case| case["in"]["currency"] == "EUR") {
        let lines = case["in"]["lines"].as_array().expect("lines");
        let mut rates: Vec<String> = lines.iter().map(|line| line["rate"].as_str().expect("a rate").to_owned()).collect();
        rates.sort();
        rates.dedup();
        let (rules, market, country) = rules(&rates, case["in"]["prices_include_tax"].as_bool().expect("a kind"));
        let at = Instant::from_unix(1_000);
        let input = Input {
            market,
            country,
            postcode: String::new(),
            method: None,
            lines: lines
                .iter()
                .map(|line| LineInput {
                    variant: VariantId::fresh(at),
                    qty: line["qty"].as_i64().expect("a quantity"),
                    unit: Money::new(line["unit_minor"].as_i64().expect("minor"), Currency::EUR),
                    tax_class: line["rate"].as_str().expect("a rate").to_owned(),
                    weight_grams: 0,
                    requires_shipping: false,
                })
                .collect(),
        };
        let quote = quote(&rules, &input, at).expect("a market");
        assert_eq!(
            (quote.tax.minor(), quote.total.minor()),
            (case["out"]["tax"]["total"].as_i64().expect("tax"), case["out"]["payable"]["total"].as_i64().expect("total")),
            "{case}"
        );
        let (net, tax, gross) =
            quote.lines.iter().fold((0, 0, 0), |(n, t, g), line| (n + line.net.minor(), t + line.tax.minor(), g + line.gross.minor()));
        assert_eq!((net + tax, tax, gross), (gross, quote.tax.minor(), quote.total.minor()), "lines reconcile: {case}");
    }
}
