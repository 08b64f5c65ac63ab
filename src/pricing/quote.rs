//! `quote`: lines, delivery, tax and total for an address at an instant, each with the reason it is what it is.
//!
//! Tax is computed per rate on the sum of its lines and delivery share (the method `total` of shared data
//! `vectors/vat_line_vs_total.json`), then shared over lines by largest remainder (`vectors/orders.json`), so that
//! lines, tax rows and total always reconcile.

use super::rules::Rules;
use crate::base::{Country, Currency, Instant, MarketId, MethodId, Money, TaxRate, VariantId};
use crate::delivery::{Offer, Refusal};

/// What is to be priced. Prices come from the price list, never from the client.
#[derive(Debug, Clone)]
pub struct Input {
    pub market: MarketId,
    pub country: Country,
    pub postcode: String,
    pub lines: Vec<LineInput>,
    /// The method chosen; the first on offer where it is `None` or no longer offered.
    pub method: Option<MethodId>,
}

#[derive(Debug, Clone)]
pub struct LineInput {
    pub variant: VariantId,
    pub qty: i64,
    /// As the price list has it: with or without tax.
    pub unit: Money,
    pub tax_class: String,
    pub weight_grams: i64,
    pub requires_shipping: bool,
}

/// A priced line. `net + tax = gross`; `unit` is as the list has it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct QuotedLine {
    pub variant: VariantId,
    pub qty: i64,
    pub unit: Money,
    /// What the line shows: unit × quantity.
    pub shown: Money,
    pub net: Money,
    pub tax: Money,
    pub gross: Money,
    pub tax_class: String,
    pub rate: TaxRate,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct QuotedDelivery {
    pub offer: Offer,
    pub net: Money,
    pub tax: Money,
    pub gross: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TaxRow {
    pub class: String,
    pub country: Country,
    pub rate: TaxRate,
    pub net: Money,
    pub tax: Money,
}

/// Why something is what it is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Reason {
    pub about: String,
    pub because: String,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Quote {
    pub market: MarketId,
    pub country: Country,
    pub currency: Currency,
    pub includes_tax: bool,
    pub lines: Vec<QuotedLine>,
    /// Sum of what the lines show.
    pub items: Money,
    pub needs_delivery: bool,
    pub delivery: Option<QuotedDelivery>,
    pub offers: Vec<Offer>,
    pub refusals: Vec<Refusal>,
    pub taxes: Vec<TaxRow>,
    pub tax: Money,
    pub total: Money,
    pub as_of: Instant,
    pub rules_version: i64,
    pub reasons: Vec<Reason>,
}

/// A part of the sum that is taxed: a line, or a share of delivery.
struct Part {
    class: String,
    rate: TaxRate,
    amount: Money,
    of: Of,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Line(usize),
    Delivery,
}

/// Prices everything. The same input, rules and instant give the same quote.
pub fn quote(rules: &Rules, input: &Input, as_of: Instant) -> Option<Quote> {
    let market = rules.market(input.market)?;
    let (currency, includes_tax) = (market.price_list.currency, market.price_list.includes_tax);
    let mut reasons = Vec::new();
    let mut rate_of = |class: &str| {
        rules.tax.rate(class, input.country, as_of).unwrap_or_else(|| {
            reasons.push(Reason { about: format!("tax {class}"), because: format!("no rate on file for {}: 0 %", input.country) });
            TaxRate::ZERO
        })
    };
    let mut parts: Vec<Part> = input
        .lines
        .iter()
        .enumerate()
        .map(|(at, line)| Part { class: line.tax_class.clone(), rate: rate_of(&line.tax_class), amount: line.unit.times(line.qty), of: Of::Line(at) })
        .collect();
    let items = sum(parts.iter().map(|part| part.amount), currency);

    let needs_delivery = input.lines.iter().any(|line| line.requires_shipping);
    let grams = input.lines.iter().filter(|line| line.requires_shipping).map(|line| line.weight_grams * line.qty).sum();
    let (offers, refusals) =
        if needs_delivery { rules.delivery.offers(input.country, &input.postcode, grams, items, as_of) } else { (Vec::new(), Vec::new()) };
    let offer = offers.iter().find(|offer| Some(offer.method) == input.method).or_else(|| offers.first()).cloned();
    if let Some(offer) = &offer {
        parts.extend(delivery_parts(offer, &parts, &mut rate_of));
    }
    if let Some(offer) = &offer {
        reasons.push(Reason { about: format!("delivery {}", offer.name), because: offer.because.clone() });
    }

    let (taxes, tax_of) = tax_rows(&parts, includes_tax, input.country, currency);
    for row in &taxes {
        let place = if includes_tax { "inside" } else { "on top of" };
        reasons.push(Reason {
            about: format!("tax {}", row.class),
            because: format!("{} % of {} {place} the prices, on the sum per rate, rounded half up", row.rate, input.country),
        });
    }
    let taxed = |at: usize| {
        let (amount, tax) = (parts[at].amount, tax_of[at]);
        if includes_tax { (amount.minus(tax), tax, amount) } else { (amount, tax, amount.plus(tax)) }
    };
    let lines: Vec<QuotedLine> = input
        .lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let (net, tax, gross) = taxed(at);
            QuotedLine {
                variant: line.variant,
                qty: line.qty,
                unit: line.unit,
                shown: parts[at].amount,
                net,
                tax,
                gross,
                tax_class: line.tax_class.clone(),
                rate: parts[at].rate,
            }
        })
        .collect();
    let delivery = offer.map(|offer| {
        let mine: Vec<(Money, Money, Money)> =
            parts.iter().enumerate().filter(|(_, part)| part.of == Of::Delivery).map(|(at, _)| taxed(at)).collect();
        QuotedDelivery {
            offer,
            net: sum(mine.iter().map(|m| m.0), currency),
            tax: sum(mine.iter().map(|m| m.1), currency),
            gross: sum(mine.iter().map(|m| m.2), currency),
        }
    });
    let tax = sum(taxes.iter().map(|row| row.tax), currency);
    let net = sum(taxes.iter().map(|row| row.net), currency);
    Some(Quote {
        market: market.id,
        country: input.country,
        currency,
        includes_tax,
        lines,
        items,
        needs_delivery,
        delivery,
        offers,
        refusals,
        taxes,
        tax,
        total: net.plus(tax),
        as_of,
        rules_version: rules.version,
        reasons,
    })
}

/// Delivery is taxed at its class's rate, or shares the goods' rates in proportion to their sums.
fn delivery_parts(offer: &Offer, goods: &[Part], rate_of: &mut impl FnMut(&str) -> TaxRate) -> Vec<Part> {
    if offer.tax_class != "proportional" {
        return vec![Part { class: offer.tax_class.clone(), rate: rate_of(&offer.tax_class), amount: offer.price, of: Of::Delivery }];
    }
    let mut groups: Vec<(String, TaxRate, i64)> = Vec::new();
    for part in goods {
        match groups.iter_mut().find(|(class, rate, _)| *class == part.class && *rate == part.rate) {
            Some((_, _, weight)) => *weight += part.amount.minor(),
            None => groups.push((part.class.clone(), part.rate, part.amount.minor())),
        }
    }
    let shares = offer.price.split(&groups.iter().map(|(_, _, weight)| *weight).collect::<Vec<_>>());
    groups.into_iter().zip(shares).map(|((class, rate, _), amount)| Part { class, rate, amount, of: Of::Delivery }).collect()
}

/// One row per class and rate, and each part's share of its row's tax.
fn tax_rows(parts: &[Part], includes_tax: bool, country: Country, currency: Currency) -> (Vec<TaxRow>, Vec<Money>) {
    let mut rows: Vec<(String, TaxRate, Vec<usize>)> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        match rows.iter_mut().find(|(class, rate, _)| *class == part.class && *rate == part.rate) {
            Some((_, _, members)) => members.push(at),
            None => rows.push((part.class.clone(), part.rate, vec![at])),
        }
    }
    let mut tax_of = vec![Money::zero(currency); parts.len()];
    let taxes = rows
        .into_iter()
        .map(|(class, rate, members)| {
            let amount = sum(members.iter().map(|at| parts[*at].amount), currency);
            let tax = if includes_tax { rate.contained_in(amount) } else { rate.on_top_of(amount) };
            let weights: Vec<i64> = members.iter().map(|at| parts[*at].amount.minor()).collect();
            for (at, share) in members.iter().zip(tax.split(&weights)) {
                tax_of[*at] = share;
            }
            TaxRow { class, country, rate, net: if includes_tax { amount.minus(tax) } else { amount }, tax }
        })
        .collect();
    (taxes, tax_of)
}

fn sum(amounts: impl Iterator<Item = Money>, currency: Currency) -> Money {
    amounts.fold(Money::zero(currency), Money::plus)
}

impl Quote {
    /// What the shopper pays for goods on its own, tax included.
    pub fn goods_gross(&self) -> Money {
        sum(self.lines.iter().map(|line| line.gross), self.currency)
    }

    /// What delivery costs as shown, zero where there is none.
    pub fn delivery_shown(&self) -> Money {
        self.delivery.as_ref().map_or(Money::zero(self.currency), |delivery| delivery.offer.price)
    }
}
