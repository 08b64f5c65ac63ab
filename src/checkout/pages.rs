//! The checkout page: contact, address, delivery, payment, consents, summary. Works without JavaScript; nothing typed
//! is lost; what changed since it was drawn is said before anything is ordered.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{get, post};

use super::details::{Checked, address, check};
use super::place::{PlaceRefused, Placing, place};
use super::session::{SessionRefused, open_session};
use crate::app::App;
use crate::base::{Address, CartId, Country, MethodId, Money, OrderId};
use crate::cart;
use crate::cart::{Cart, Contents};
use crate::customers;
use crate::delivery::Offer;
use crate::markets::Market;
use crate::orders;
use crate::orders::{Consent, Order, OrderStatus};
use crate::payments;
use crate::payments::Method;
use crate::platform::secrets;
use crate::platform::tokens;
use crate::platform::tokens::Purpose;
use crate::pricing::{Quote, Rules};
use crate::web::cookies::Cookie;
use crate::web::headers::Policy;
use crate::web::limits::Rate;
use crate::web::words;
use crate::web::{AppError, Fields, Frame, Meta, PageResult, Problems, Visitor, filters};

/// Days that a link to an order opens it.
pub const ORDER_LINK_DAYS: i64 = 400;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/checkout", get(show).post(create))
        .route("/checkout/payment", post(resume))
        .route("/checkout/cancellation", post(cancel))
        .route("/checkout/return", get(returned))
}

#[derive(Template)]
#[template(path = "checkout/checkout.html")]
struct CheckoutPage {
    fields: Fields,
    problems: Problems,
    contents: Contents,
    quote: Quote,
    countries: Vec<Country>,
    country: Country,
    billing_country: Country,
    methods: Vec<Method>,
    /// What changed since the shopper looked.
    change: String,
    is_signed_in: bool,
    /// Days until a parcel is handed over; the promise counts them as every page does.
    handling_days: i64,
}

impl CheckoutPage {
    fn has_loose_billing(&self) -> bool {
        super::details::has_loose_billing(&self.fields)
    }

    fn days(&self, offer: &Offer) -> (i64, i64) {
        (i64::from(offer.min_days) + self.handling_days, i64::from(offer.max_days) + self.handling_days)
    }

    fn postcode_need(&self) -> &'static str {
        if self.country.facts().required.contains('Z') { "required" } else { "optional" }
    }

    fn line_total(&self, variant: &crate::base::VariantId) -> Money {
        self.quote.lines.iter().find(|line| line.variant == *variant).map_or(Money::zero(self.quote.currency), |line| line.shown)
    }

    fn is_method(&self, method: &MethodId) -> bool {
        self.quote.delivery.as_ref().is_some_and(|delivery| delivery.offer.method == *method)
    }

    fn is_payment(&self, method: &Method) -> bool {
        self.fields.get("payment") == method.code() || (self.methods.len() == 1 && self.fields.get("payment").is_empty())
    }

    fn needs_region(&self) -> bool {
        self.country.facts().required.contains('S')
    }

    fn is_country(&self, chosen: &Country, country: &Country) -> bool {
        chosen == country
    }
}

#[derive(Template)]
#[template(path = "checkout/waiting.html")]
struct WaitingPage {
    order: Order,
}

async fn show(State(app): State<App>, frame: Frame, visitor: Visitor) -> PageResult {
    let Some(cart) = cart_of(&app, &visitor).await? else { return Ok(frame.see_other("/cart")) };
    if cart.status == "completing" {
        return waiting(&app, &frame, &visitor, &cart).await;
    }
    let mut fields = Fields(cart.draft.0.clone());
    if fields.0.iter().all(|(name, _)| name == "country") {
        fields = first_fields(&app, &visitor, Country::parse(fields.get("country"))).await?;
    }
    page(&app, &frame, &visitor, &cart, fields, StatusCode::OK, Problems::default(), String::new()).await
}

/// The live cart of the visitor.
async fn cart_of(app: &App, visitor: &Visitor) -> Result<Option<Cart>, AppError> {
    match visitor.cart {
        Some(id) => Ok(cart::find(&app.db, id).await?),
        None => Ok(None),
    }
}

/// The order of this cart waits for its payment: go on, or end it and change the cart. Where the payment is over by now,
/// the page it led to: nobody is sent to a payment page that takes nothing any more.
async fn waiting(app: &App, frame: &Frame, visitor: &Visitor, cart: &Cart) -> PageResult {
    let order = orders::of_cart(&app.db, cart.id).await?.ok_or(AppError::NotFound)?;
    // Whoever loads this page again and again does not make us ask a provider as often (T33).
    let may_ask = app.rates.check(Rate::Checkout, visitor.address).is_ok();
    let status = if may_ask { ask_provider(app, &order).await? } else { order.status };
    match status {
        OrderStatus::Pending => {}
        OrderStatus::Expired => return Ok(frame.see_other_saying("/checkout", unpaid(app, &order).await?)),
        _ => return replay(app, frame, visitor).await,
    }
    let policy = Policy { form_action: Some(app.config.stripe_checkout.clone()), hides_address: false };
    frame.page(
        Meta { title: frame.text("checkout-waiting-title"), is_private: true, is_payment: true, policy, ..Meta::default() },
        WaitingPage { order },
    )
}

/// What need not be typed again (WCAG 3.3.7): the country chosen in the cart; of a signed-in customer the name, and the
/// usual address (the one of the last order, while none is saved) where it lies in that country.
async fn first_fields(app: &App, visitor: &Visitor, chosen: Option<Country>) -> Result<Fields, AppError> {
    let fields = chosen.map_or_else(Fields::default, |country| Fields::default().with("country", country.code()));
    let Some(customer) = &visitor.customer else { return Ok(fields) };
    let fields = fields.with("email", customer.email.as_str()).with("name", customer.name.clone());
    let mut db = app.db.acquire().await?;
    let usual = match customers::default_address(&mut db, customer.id).await? {
        Some(saved) => Some(saved.address),
        None => orders::last_address(&mut *db, customer.id).await?,
    };
    let Some(address) = usual.filter(|address| chosen.is_none_or(|country| country == address.country)) else {
        return Ok(fields);
    };
    Ok(fields
        .with("name", address.name)
        .with("company", address.company)
        .with("line1", address.line1)
        .with("line2", address.line2)
        .with("postcode", address.postcode)
        .with("city", address.city)
        .with("region", address.region)
        .with("country", address.country.code())
        .with("phone", address.phone))
}

#[expect(clippy::too_many_arguments, reason = "one page, drawn from five places")]
async fn page(
    app: &App,
    frame: &Frame,
    visitor: &Visitor,
    cart: &Cart,
    fields: Fields,
    status: StatusCode,
    problems: Problems,
    change: String,
) -> PageResult {
    let rules = app.rules();
    let market = rules.market(cart.market_id).ok_or(AppError::NotFound)?;
    let contents = cart::contents(&app.db, cart.id, frame.site.language, market, frame.as_of).await?;
    if !contents.is_orderable() {
        return Ok(frame.see_other("/cart"));
    }
    let shipping = address(&fields, "", market.display_country);
    let billing = address(&fields, "billing_", shipping.country);
    let quote = cart::quote(&rules, market, &contents, shipping.country, &shipping.postcode, fields.get("method").parse().ok(), frame.as_of)
        .ok_or(AppError::NotFound)?;
    let countries = market.countries_by_name();
    let methods = app.providers().offered(&rules.shop, market.currency);
    let form_action = methods.contains(&Method::Stripe).then(|| app.config.stripe_checkout.clone());
    let meta = Meta {
        title: frame.text("checkout-show-title"),
        is_private: true,
        is_payment: true,
        policy: Policy { form_action, hides_address: false },
        ..Meta::default()
    };
    let page = CheckoutPage {
        country: shipping.country,
        billing_country: billing.country,
        fields,
        problems,
        contents,
        quote,
        countries,
        methods,
        change,
        is_signed_in: visitor.customer.is_some(),
        handling_days: rules.shop.handling_days,
    };
    frame.page_with(status, meta, page)
}

async fn create(State(app): State<App>, frame: Frame, visitor: Visitor, fields: Fields) -> PageResult {
    app.rates.check(Rate::Checkout, visitor.address).map_err(AppError::TooMany)?;
    let Some(cart) = cart_of(&app, &visitor).await? else { return replay(&app, &frame, &visitor).await };
    cart::save_draft(&app.db, cart.id, &kept(&fields), frame.as_of).await?;
    if fields.has("update") && cart.status == "active" {
        return Ok(frame.see_other("/checkout#delivery"));
    }
    let rules = app.rules();
    let market = rules.market(cart.market_id).ok_or(AppError::NotFound)?;
    match check(&fields, &frame, market, &app.providers().offered(&rules.shop, market.currency)) {
        Err(problems) if cart.status == "active" => {
            page(&app, &frame, &visitor, &cart, fields, StatusCode::UNPROCESSABLE_ENTITY, problems, String::new()).await
        }
        Err(_) => waiting(&app, &frame, &visitor, &cart).await,
        Ok(checked) => order(&app, &frame, &visitor, &cart, market, fields, &checked).await,
    }
}

/// What is kept of the form: what was typed, not what was confirmed.
fn kept(fields: &Fields) -> Vec<(String, String)> {
    const FORGOTTEN: [&str; 5] = ["terms", "expected_total", "shown_for", "place", "update"];
    fields
        .0
        .iter()
        .filter(|(name, value)| !FORGOTTEN.contains(&name.as_str()) && name.len() <= 40 && value.len() <= 4_000)
        .take(60)
        .cloned()
        .collect()
}

async fn order(app: &App, frame: &Frame, visitor: &Visitor, cart: &Cart, market: &Market, fields: Fields, checked: &Checked) -> PageResult {
    let placing = placing(app, frame, visitor, cart.id, checked);
    let mut rules = app.rules();
    for _ in 0..3 {
        match try_place(app, &rules, &placing, visitor, frame).await {
            Ok(placed) => {
                app.changed().await;
                app.enqueued();
                return pay(app, frame, placed.order).await;
            }
            Err(PlaceRefused::Before(order)) => return pay(app, frame, order).await,
            Err(PlaceRefused::RulesChanged) => {
                app.reload().await?;
                rules = app.rules();
            }
            Err(PlaceRefused::Db(error)) => return Err(error.into()),
            Err(refused) => {
                let (status, sentence) = match refused {
                    PlaceRefused::Changed(quote) => (StatusCode::CONFLICT, changed(frame, &quote, &fields)),
                    PlaceRefused::NoDelivery => (StatusCode::UNPROCESSABLE_ENTITY, frame.text("checkout-no-delivery")),
                    PlaceRefused::NotChargeable => (StatusCode::UNPROCESSABLE_ENTITY, frame.text("checkout-not-chargeable")),
                    _ => (StatusCode::CONFLICT, frame.text("checkout-unavailable")),
                };
                let contents = cart::contents(&app.db, cart.id, frame.site.language, market, frame.as_of).await?;
                if !contents.is_orderable() {
                    return Ok(frame.see_other_saying("/cart", "checkout-unavailable"));
                }
                return page(app, frame, visitor, cart, fields, status, Problems::default(), sentence).await;
            }
        }
    }
    Err(AppError::Conflict("kit-error-outage"))
}

/// Why the total is not the one that was shown: the parcel goes elsewhere, or something changed meanwhile.
fn changed(frame: &Frame, quote: &Quote, fields: &Fields) -> String {
    let language = frame.site.language;
    let amount = filters::written(quote.total, language);
    let was = match fields.get("expected_total").parse::<i64>() {
        Ok(minor) if minor > 0 && minor != quote.total.minor() => filters::written(Money::new(minor, quote.currency), language),
        _ => return frame.text("checkout-changed-delivery"),
    };
    let args = [("amount", amount.into()), ("what", was.into()), ("name", quote.country.name().into())];
    let is_elsewhere = Country::parse(fields.get("shown_for")).is_some_and(|shown| shown != quote.country);
    words::text(language, if is_elsewhere { "checkout-changed-country" } else { "checkout-changed" }, &args)
}

async fn try_place(app: &App, rules: &Rules, placing: &Placing, visitor: &Visitor, frame: &Frame) -> Result<super::Placed, PlaceRefused> {
    let mut tx = app.db.begin().await?;
    let placed = place(&mut tx, rules, placing, visitor.actor(), frame.as_of).await?;
    tx.commit().await?;
    metrics::counter!("wharf_orders_created_total").increment(1);
    Ok(placed)
}

fn placing(app: &App, frame: &Frame, visitor: &Visitor, cart: CartId, checked: &Checked) -> Placing {
    let consent = |kind: &str, key: &str, given: bool| Consent {
        kind: kind.to_owned(),
        text_hash: secrets::fingerprint(frame.text(key).as_bytes()),
        given,
        at: frame.as_of,
        language: frame.site.language,
    };
    Placing {
        cart,
        language: frame.site.language,
        // Only a proven address ties an order to the account that is signed in (CHK01).
        customer: visitor
            .customer
            .as_ref()
            .filter(|customer| customer.email.key() != checked.email.key() || customer.is_verified)
            .map(|customer| customer.id),
        email: checked.email.clone(),
        shipping: upper(checked.shipping.clone()),
        billing: upper(checked.billing.clone()),
        method: checked.method,
        payment: checked.payment,
        expected_total: checked.expected_total,
        consents: vec![consent("terms", "checkout-terms", true), consent("news", "checkout-news", checked.wants_news)],
        note: checked.note.clone(),
        is_test: app.config.is_test(),
    }
}

/// Postcodes are kept as the country writes them.
fn upper(mut address: Address) -> Address {
    address.postcode = address.postcode.to_uppercase();
    address
}

/// From the order to its payment: the provider's page, or the order's own.
async fn pay(app: &App, frame: &Frame, order: OrderId) -> PageResult {
    let order = orders::find(&app.db, order).await?.ok_or(AppError::NotFound)?;
    let payment = payments::latest(&app.db, order.id).await?;
    if let (OrderStatus::Pending, Some(payment)) = (order.status, payment) {
        let shop = format!("{}{}", frame.site.origin, frame.site.prefix);
        return match open_session(&app.db, &app.providers(), &shop, &order, &payment, app.now()).await {
            Ok(url) => Ok(Redirect::to(&url).into_response()),
            Err(SessionRefused::Refused(why)) => {
                tracing::warn!(order.number, why, "the provider refused a session");
                app.changed().await;
                Ok(frame.see_other_saying("/checkout", "checkout-flash-refused"))
            }
            Err(SessionRefused::Unknown(why)) => {
                tracing::warn!(order.number, why, "the provider gave no clear answer");
                Ok(frame.see_other_saying("/checkout", "checkout-flash-unknown"))
            }
            Err(SessionRefused::Db(error)) => Err(error.into()),
        };
    }
    to_order(app, frame, &order).await
}

/// The order's page, under a fresh token.
async fn to_order(app: &App, frame: &Frame, order: &Order) -> PageResult {
    let token = tokens::issue(&app.db, Purpose::Order, order.id.uuid(), "", frame.as_of, frame.as_of.plus_days(ORDER_LINK_DAYS)).await?;
    Ok(frame.see_other(&format!("/orders/{token}")))
}

/// The cart has been ordered already (a form sent twice, a page gone back to): its order is the answer.
async fn replay(app: &App, frame: &Frame, visitor: &Visitor) -> PageResult {
    match visitor.cart_token.as_deref() {
        Some(token) => match cart::find_by_token(&app.db, token).await? {
            Some(cart) => match orders::of_cart(&app.db, cart.id).await? {
                Some(order) => pay(app, frame, order.id).await,
                None => Ok(frame.see_other("/cart")),
            },
            None => Ok(frame.see_other("/cart")),
        },
        None => Ok(frame.see_other("/cart")),
    }
}

/// Goes (back) to the payment page, if it still takes money; else to what became of the payment.
async fn resume(State(app): State<App>, frame: Frame, visitor: Visitor) -> PageResult {
    app.rates.check(Rate::Checkout, visitor.address).map_err(AppError::TooMany)?;
    if let Some(cart) = cart_of(&app, &visitor).await?
        && let Some(order) = orders::of_cart(&app.db, cart.id).await?
        && ask_provider(&app, &order).await? == OrderStatus::Expired
    {
        return Ok(frame.see_other_saying("/checkout", unpaid(&app, &order).await?));
    }
    replay(&app, &frame, &visitor).await
}

/// Ends the payment session and opens the cart again; where it was paid meanwhile, the paid order wins.
async fn cancel(State(app): State<App>, frame: Frame, visitor: Visitor) -> PageResult {
    let cart = cart_of(&app, &visitor).await?.ok_or(AppError::NotFound)?;
    let Some(order) = orders::of_cart(&app.db, cart.id).await? else { return Ok(frame.see_other("/checkout")) };
    let Some(payment) = payments::latest(&app.db, order.id).await?.filter(|payment| payment.state.is_live()) else {
        return Ok(frame.see_other("/checkout"));
    };
    if let Err(error) = orders::end_session(&app.db, &app.providers(), &payment, app.now()).await {
        tracing::warn!(order.number, %error, "a session could not be ended");
        return Ok(frame.see_other_saying("/checkout", "checkout-flash-unknown"));
    }
    app.changed().await;
    app.enqueued();
    replay_or_checkout(&app, &frame, &visitor).await
}

async fn replay_or_checkout(app: &App, frame: &Frame, visitor: &Visitor) -> PageResult {
    match cart_of(app, visitor).await? {
        Some(cart) if cart.status == "active" => Ok(frame.see_other("/cart")),
        _ => replay(app, frame, visitor).await,
    }
}

/// The browser comes back from the provider. What it claims is not believed: the provider is asked.
async fn returned(State(app): State<App>, frame: Frame, headers: HeaderMap) -> PageResult {
    let Some(token) = Cookie::Cart.read(&headers, frame.site.is_https) else { return Ok(frame.see_other_saying("/", "checkout-flash-elsewhere")) };
    let Some(cart) = cart::find_by_token(&app.db, &token).await? else { return Ok(frame.see_other_saying("/", "checkout-flash-elsewhere")) };
    let Some(order) = orders::of_cart(&app.db, cart.id).await? else { return Ok(frame.see_other_saying("/checkout", "checkout-flash-failed")) };
    match ask_provider(&app, &order).await? {
        OrderStatus::Expired => Ok(frame.see_other_saying("/checkout", unpaid(&app, &order).await?)),
        _ => to_order(&app, &frame, &order).await,
    }
}

/// The provider is asked about an order, and what follows from its answer is told.
async fn ask_provider(app: &App, order: &Order) -> Result<OrderStatus, AppError> {
    let status = orders::ask(&app.db, &app.providers(), order, app.now()).await?;
    app.changed().await;
    app.enqueued();
    Ok(status)
}

/// How a payment ended that brought no money: declined, or never finished.
async fn unpaid(app: &App, order: &Order) -> Result<&'static str, AppError> {
    let payment = payments::latest(&app.db, order.id).await?;
    Ok(if payment.is_some_and(|payment| payment.state == payments::State::Failed) {
        "checkout-flash-declined-failed"
    } else {
        "checkout-flash-ended-failed"
    })
}
