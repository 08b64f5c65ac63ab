//! Phase 1 of a sale: one transaction that locks the cart, quotes anew, compares with the total the shopper saw,
//! writes the frozen order and, last of all, takes the stock. No provider is asked and nobody is notified in it.

use sqlx::PgConnection;
use sqlx::types::Json;

use crate::base::{Actor, Address, CartId, CustomerId, Email, Instant, Language, MethodId, OrderId, OrderLineId, PaymentId};
use crate::cart;
use crate::cart::{CartLine, Contents};
use crate::inventory;
use crate::inventory::{AllocateError, Item, Note};
use crate::markets::Market;
use crate::orders;
use crate::orders::{Consent, DeliveryChoice, FulfilmentStatus, Line, Order, OrderStatus, PaymentStatus};
use crate::payments;
use crate::payments::{Method, Payment, State};
use crate::pricing;
use crate::pricing::{Quote, Rules};

/// What the shopper decided; no price, currency or discount among it.
#[derive(Debug, Clone)]
pub struct Placing {
    pub cart: CartId,
    pub language: Language,
    pub customer: Option<CustomerId>,
    pub email: Email,
    pub shipping: Address,
    pub billing: Address,
    pub method: Option<MethodId>,
    pub payment: Method,
    /// The total on the page that was confirmed, in minor units.
    pub expected_total: i64,
    pub consents: Vec<Consent>,
    pub note: String,
    pub is_test: bool,
}

#[derive(Debug)]
pub struct Placed {
    pub order: OrderId,
    /// `None` where there is nothing to pay.
    pub payment: Option<PaymentId>,
}

/// Why there is no order. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum PlaceRefused {
    #[error("the cart is empty")]
    Empty,
    /// This cart has become this order before: the same answer again.
    #[error("placed before")]
    Before(OrderId),
    /// Another node changed the rules: load them and try again.
    #[error("the rules changed")]
    RulesChanged,
    /// The total is another one than the shopper confirmed.
    #[error("the total changed")]
    Changed(Box<Quote>),
    /// Something in the cart cannot be bought in this quantity any more.
    #[error("not available")]
    Unavailable,
    #[error("no delivery to this address")]
    NoDelivery,
    /// The total is below what the provider charges, or cannot be charged in this currency.
    #[error("cannot be charged")]
    NotChargeable,
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// Turns a cart into an order. The caller commits, or rolls back on a refusal.
pub async fn place(db: &mut PgConnection, rules: &Rules, placing: &Placing, actor: Actor, at: Instant) -> Result<Placed, PlaceRefused> {
    let cart = cart::lock(&mut *db, placing.cart).await?.ok_or(PlaceRefused::Empty)?;
    if cart.status != "active" {
        let order = orders::of_cart(&mut *db, cart.id).await?.ok_or(PlaceRefused::Empty)?;
        return Err(PlaceRefused::Before(order.id));
    }
    let market = rules.market(cart.market_id).ok_or(PlaceRefused::NoDelivery)?;
    let contents = cart::contents(&mut *db, cart.id, placing.language, market, at).await?;
    if contents.is_empty() {
        return Err(PlaceRefused::Empty);
    }
    if !contents.is_orderable() {
        return Err(PlaceRefused::Unavailable);
    }
    let quote = match quote(rules, market, &contents, placing, at) {
        Ok(quote) => quote,
        // By old rules nothing is refused either.
        Err(_) if pricing::rules_version(&mut *db).await? != rules.version => return Err(PlaceRefused::RulesChanged),
        Err(refused) => return Err(refused),
    };
    let mut order = frozen_order(rules, market, &cart, placing, quote, at);
    let lines = frozen_lines(&order, &contents, at);
    let consents = serde_json::to_value(&placing.consents).unwrap_or_default();
    let by = (rules.shop.order_prefix.as_str(), rules.version);
    order.number = orders::insert(&mut *db, &order, &lines, by, &consents, actor).await?.ok_or(PlaceRefused::RulesChanged)?;

    let payment = if order.total_minor > 0 { Some(first_payment(&mut *db, &order, at).await?) } else { None };
    if placing.payment.is_hosted() && payment.is_some() {
        cart::start_completing(&mut *db, cart.id, at).await?;
    } else {
        orders::place(&mut *db, &order, actor, at).await?;
    }
    let wanted: Vec<Item> = lines.iter().filter_map(|line| Some(Item { variant: line.variant_id?, line: line.id, qty: line.qty })).collect();
    let note = Note { reason: "", actor, at, low_stock: rules.shop.low_stock };
    match inventory::allocate(db, order.id.uuid(), &wanted, &note).await {
        Ok(_) => Ok(Placed { order: order.id, payment }),
        Err(AllocateError::OutOf(_)) => Err(PlaceRefused::Unavailable),
        Err(AllocateError::Db(error)) => Err(error.into()),
    }
}

/// Quotes for the real address and compares with what was confirmed.
fn quote(rules: &Rules, market: &Market, contents: &Contents, placing: &Placing, at: Instant) -> Result<Quote, PlaceRefused> {
    if !market.sells_to(placing.shipping.country) {
        return Err(PlaceRefused::NoDelivery);
    }
    let quote = cart::quote(rules, market, contents, placing.shipping.country, &placing.shipping.postcode, placing.method, at)
        .ok_or(PlaceRefused::NoDelivery)?;
    if quote.needs_delivery && quote.delivery.is_none() {
        return Err(PlaceRefused::NoDelivery);
    }
    let is_other_method = placing.method.is_some() && quote.delivery.as_ref().map(|delivery| delivery.offer.method) != placing.method;
    if quote.total.minor() != placing.expected_total || is_other_method {
        return Err(PlaceRefused::Changed(Box::new(quote)));
    }
    if placing.payment == Method::Stripe && quote.total.is_positive() && payments::stripe_amount(quote.total).is_err() {
        return Err(PlaceRefused::NotChargeable);
    }
    Ok(quote)
}

/// The order as it is written, but for its number, which it gets then.
fn frozen_order(rules: &Rules, market: &Market, cart: &cart::Cart, placing: &Placing, quote: Quote, at: Instant) -> Order {
    let delivery = quote.delivery.as_ref().map(|delivery| DeliveryChoice {
        name: delivery.offer.name.clone(),
        carrier: delivery.offer.carrier.clone(),
        min_days: delivery.offer.min_days + i32::try_from(rules.shop.handling_days).unwrap_or(0),
        max_days: delivery.offer.max_days + i32::try_from(rules.shop.handling_days).unwrap_or(0),
    });
    Order {
        id: OrderId::fresh(at),
        number: String::new(),
        cart_id: cart.id,
        market_id: market.id,
        language: placing.language,
        customer_id: placing.customer,
        email: placing.email.clone(),
        shipping_address: Json(placing.shipping.clone()),
        billing_address: Json(placing.billing.clone()),
        status: OrderStatus::Pending,
        payment_status: if quote.total.is_zero() { PaymentStatus::Paid } else { PaymentStatus::None },
        fulfilment_status: FulfilmentStatus::None,
        payment_method: placing.payment,
        delivery_method: Json(delivery),
        currency: quote.currency,
        items_minor: quote.items.minor(),
        delivery_minor: quote.delivery_shown().minor(),
        tax_minor: quote.tax.minor(),
        total_minor: quote.total.minor(),
        quote: Json(quote),
        note: placing.note.clone(),
        is_test: placing.is_test,
        flag: None,
        stock_held: true,
        placed_at: at,
        paid_at: None,
        cancelled_at: None,
        version: 1,
    }
}

fn frozen_lines(order: &Order, contents: &Contents, at: Instant) -> Vec<Line> {
    let frozen = |(position, (line, priced)): (usize, (&CartLine, &pricing::QuotedLine))| Line {
        id: OrderLineId::fresh(at),
        position: i32::try_from(position).unwrap_or(i32::MAX),
        variant_id: Some(line.variant_id),
        product_id: Some(line.product_id),
        handle: line.handle.clone(),
        title: line.title.clone(),
        variant_title: line.variant_title(),
        sku: line.sku.clone(),
        picture: line.picture.clone(),
        qty: line.qty,
        unit_minor: priced.unit.minor(),
        net_minor: priced.net.minor(),
        tax_minor: priced.tax.minor(),
        gross_minor: priced.gross.minor(),
        tax_class: priced.tax_class.clone(),
        tax_percent: priced.rate.percent(),
        tax_country: order.quote.country,
        weight_grams: line.weight_grams,
        requires_shipping: line.requires_shipping,
        is_tracked: line.is_tracked,
        hs_code: line.hs_code.clone(),
        origin_country: line.origin_country.clone(),
        cost_minor: line.cost_minor,
        cancelled_qty: 0,
        shipped_qty: 0,
        refunded_qty: 0,
    };
    contents.buyable().zip(&order.quote.lines).enumerate().map(frozen).collect()
}

async fn first_payment(db: &mut PgConnection, order: &Order, at: Instant) -> sqlx::Result<PaymentId> {
    let payment = Payment {
        id: PaymentId::fresh(at),
        order_id: order.id,
        provider: order.payment_method,
        attempt: 1,
        amount_minor: order.total_minor,
        currency: order.currency,
        state: State::Created,
        session_reference: None,
        payment_reference: None,
        redirect_url: None,
        expires_at: None,
        flag: None,
        is_test: order.is_test,
        created_at: at,
        updated_at: at,
    };
    payments::insert(db, &payment).await?;
    Ok(payment.id)
}
