//! The request for a hosted Checkout Session: the frozen total and nothing that Stripe could change about it.

use std::collections::HashMap;

use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionAdaptivePricing, CreateCheckoutSessionAutomaticTax, CreateCheckoutSessionLineItems,
    CreateCheckoutSessionLineItemsPriceData, CreateCheckoutSessionPaymentIntentData, ProductData,
};
use stripe_checkout::{CheckoutSessionLocale, CheckoutSessionMode};

use crate::base::{Currency, Language};
use crate::payments::amount::{from_stripe_amount, stripe_amount, stripe_units};
use crate::payments::provider::{ProviderError, SessionLine, SessionRequest};

/// The most lines that Stripe takes in a payment.
const MOST_LINES: usize = 100;
/// Longer product names are refused.
const LONGEST_NAME: usize = 250;

pub(super) fn build(request: &SessionRequest) -> Result<CreateCheckoutSession, ProviderError> {
    let amount = stripe_amount(request.amount).map_err(|error| ProviderError::NotOffered(error.to_string()))?;
    if from_stripe_amount(amount, request.amount.currency()) != request.amount {
        return Err(ProviderError::NotOffered("Stripe would charge a rounded amount, not the one that was shown".into()));
    }
    let metadata = HashMap::from([
        ("order".to_owned(), request.order.to_string()),
        ("payment".to_owned(), request.payment.to_string()),
        ("order_number".to_owned(), request.order_number.clone()),
    ]);
    let mut payment = CreateCheckoutSessionPaymentIntentData::new();
    payment.metadata = Some(metadata.clone());
    payment.description = Some(request.order_number.clone());
    let mut no_conversion = CreateCheckoutSessionAdaptivePricing::new();
    no_conversion.enabled = Some(false);
    let call = CreateCheckoutSession::new()
        .mode(CheckoutSessionMode::Payment)
        .line_items(lines(request, amount)?)
        .client_reference_id(request.order.to_string())
        .metadata(metadata)
        .payment_intent_data(payment)
        .success_url(request.success_url.as_str())
        .cancel_url(request.cancel_url.as_str())
        .expires_at(request.expires_at.unix())
        .locale(locale(request.language))
        .automatic_tax(CreateCheckoutSessionAutomaticTax::new(false))
        .allow_promotion_codes(false)
        .adaptive_pricing(no_conversion);
    Ok(match &request.email {
        Some(email) => call.customer_email(email.as_str()),
        None => call,
    })
}

/// The lines as Stripe shows them. Where it cannot show them so that they sum to the total (a discount below zero, too
/// many, fractions of its unit), one line stands for the whole order.
fn lines(request: &SessionRequest, total: i64) -> Result<Vec<CreateCheckoutSessionLineItems>, ProviderError> {
    let currency = request.amount.currency();
    let sum = request
        .lines
        .iter()
        .try_fold(0_i64, |sum, line| (line.amount.currency() == currency).then(|| sum.checked_add(line.amount.minor())).flatten());
    if sum != Some(request.amount.minor()) {
        return Err(ProviderError::NotOffered("the lines do not sum to the total".into()));
    }
    let parts: Option<Vec<(i64, &SessionLine)>> =
        request.lines.iter().map(|line| stripe_units(line.amount).ok().filter(|units| *units >= 0).map(|units| (units, line))).collect();
    match parts {
        Some(parts) if parts.len() <= MOST_LINES && parts.iter().map(|(units, _)| units).sum::<i64>() == total => {
            Ok(parts.into_iter().map(|(units, line)| item(line, units, currency)).collect())
        }
        _ => Ok(vec![item(&SessionLine { name: request.order_number.clone(), qty: 1, amount: request.amount }, total, currency)]),
    }
}

/// Several pieces keep their quantity when the line divides evenly; otherwise the quantity goes into the name.
fn item(line: &SessionLine, units: i64, currency: Currency) -> CreateCheckoutSessionLineItems {
    let qty = line.qty.max(1);
    let (name, qty, each) = if units % qty == 0 { (line.name.clone(), qty, units / qty) } else { (format!("{qty} × {}", line.name), 1, units) };
    let short: String = name.chars().take(LONGEST_NAME).collect();
    let Ok(code) = currency.code().to_ascii_lowercase().parse();
    let price = CreateCheckoutSessionLineItemsPriceData {
        currency: code,
        product: None,
        product_data: Some(ProductData::new(if short.trim().is_empty() { "–".to_owned() } else { short })),
        recurring: None,
        tax_behavior: None,
        unit_amount: Some(each),
        unit_amount_decimal: None,
    };
    let mut item = CreateCheckoutSessionLineItems::new();
    item.price_data = Some(price);
    item.quantity = u64::try_from(qty).ok();
    item
}

/// The nearest language of Stripe's pages; the browser's where there is none.
fn locale(language: Language) -> CheckoutSessionLocale {
    let tag = language.tag();
    let base = tag.split('-').next().unwrap_or(tag);
    let known = |tag: &str| match tag.parse() {
        Ok(CheckoutSessionLocale::Unknown(_)) | Err(_) => None,
        Ok(locale) => Some(locale),
    };
    match tag {
        "zh-Hant" => Some(CheckoutSessionLocale::ZhMinusTw),
        "no" | "nn" => Some(CheckoutSessionLocale::Nb),
        _ => known(tag).or_else(|| known(base)),
    }
    .unwrap_or(CheckoutSessionLocale::Auto)
}
