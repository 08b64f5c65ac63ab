//! The cart's page and forms.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};

use super::contents::{CartLine, Contents, contents, quote};
use super::store;
use crate::app::App;
use crate::base::{CartId, CartLineId, Country, Handle, Money};
use crate::markets::Market;
use crate::pricing::Quote;
use crate::web::cookies::Cookie;
use crate::web::form::whole_number;
use crate::web::limits::MAX_QTY;
use crate::web::{AppError, Fields, Frame, Meta, PageResult, Visitor, filters};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/cart", get(show))
        .route("/cart/lines", post(create))
        .route("/cart/lines/{id}", post(update))
        .route("/cart/country", post(choose_country))
}

#[derive(Template)]
#[template(path = "cart/cart.html")]
struct CartPage {
    contents: Contents,
    quote: Option<Quote>,
    /// What is wrong with what was just sent.
    problem: String,
    is_being_paid: bool,
    /// What was just taken out: number and pieces.
    removed: Option<(i64, i32)>,
    free_delivery_gap: Option<Money>,
    /// Where a parcel may go, and where this one is counted for.
    countries: Vec<Country>,
    country: Country,
}

impl CartPage {
    fn is_country(&self, country: &Country) -> bool {
        self.country == *country
    }

    fn line_total(&self, line: &CartLine) -> Option<Money> {
        self.quote.as_ref()?.lines.iter().find(|quoted| quoted.variant == line.variant_id).map(|quoted| quoted.shown)
    }

    fn unit(&self, line: &CartLine) -> Option<Money> {
        self.quote.as_ref()?.lines.iter().find(|quoted| quoted.variant == line.variant_id).map(|quoted| quoted.unit)
    }

    fn old_price(&self, line: &CartLine) -> Option<Money> {
        line.old_price(self.quote.as_ref()?.currency)
    }
}

/// What the way back to the cart says was taken out.
#[derive(serde::Deserialize)]
struct Removed {
    #[serde(default)]
    removed: String,
    #[serde(default)]
    qty: String,
}

async fn show(State(app): State<App>, frame: Frame, visitor: Visitor, Query(gone): Query<Removed>) -> PageResult {
    let removed = whole_number(&gone.removed).zip(quantity(&gone.qty, 1));
    draw(&app, &frame, visitor.cart, StatusCode::OK, String::new(), removed).await
}

/// The market of the visitor's pair.
fn market_of(app: &App, frame: &Frame) -> Result<Market, AppError> {
    app.rules().market_at(&frame.site.prefix).cloned().ok_or(AppError::NotFound)
}

async fn page(app: &App, frame: &Frame, cart: Option<CartId>, status: StatusCode, problem: String) -> PageResult {
    draw(app, frame, cart, status, problem, None).await
}

async fn draw(app: &App, frame: &Frame, cart: Option<CartId>, status: StatusCode, problem: String, removed: Option<(i64, i32)>) -> PageResult {
    let market = market_of(app, frame)?;
    let (mut inside, mut is_being_paid, mut draft) = (Contents::default(), false, Fields::default());
    if let Some(cart) = cart {
        inside = contents(&app.db, cart, frame.site.language, &market, frame.as_of).await?;
        if let Some(cart) = store::find(&app.db, cart).await? {
            is_being_paid = cart.status == "completing";
            draft = Fields(cart.draft.0);
        }
    }
    let country = Country::parse(draft.get("country")).filter(|country| market.sells_to(*country)).unwrap_or(market.display_country);
    let quote = quote(&app.rules(), &market, &inside, country, draft.get("postcode"), draft.get("method").parse().ok(), frame.as_of)
        .filter(|quote| !quote.lines.is_empty());
    let seen: Vec<(CartLineId, i64)> = inside
        .lines
        .iter()
        .filter_map(|line| line.amount_minor.filter(|now| line.seen_price_minor != Some(*now)).map(|now| (line.id, now)))
        .collect();
    store::mark_seen(&app.db, &seen).await?;
    let free_delivery_gap = quote.as_ref().and_then(|quote| {
        let over = quote.delivery.as_ref()?.offer.free_over?;
        (quote.items.minor() < over.minor()).then(|| over.minus(quote.items))
    });
    let mut frame = frame.clone();
    if !inside.is_orderable() && frame.personal.flash.as_deref() == Some("cart-flash-added") {
        frame.personal.flash = Some("cart-flash-added-unavailable".to_owned());
    }
    let meta = Meta { title: frame.text("cart-show-title"), is_private: true, ..Meta::default() };
    let countries = market.countries_by_name();
    frame.page_with(status, meta, CartPage { contents: inside, quote, problem, is_being_paid, removed, free_delivery_gap, countries, country })
}

async fn create(State(app): State<App>, frame: Frame, visitor: Visitor, form: Fields) -> PageResult {
    let refuse = |key: &str| frame.text(key);
    let Some(qty) = quantity(form.get("qty"), 1) else {
        return page(&app, &frame, visitor.cart, StatusCode::UNPROCESSABLE_ENTITY, refuse("cart-refused-qty")).await;
    };
    let Some(number) = whole_number(form.get("variant")) else {
        return page(&app, &frame, visitor.cart, StatusCode::UNPROCESSABLE_ENTITY, refuse("cart-refused-unknown")).await;
    };
    let mut tx = app.db.begin().await?;
    let (cart, token) = match visitor.cart {
        Some(cart) => (cart, None),
        None => {
            let market = market_of(&app, &frame)?;
            let (cart, token) =
                store::create(&mut *tx, market.id, frame.site.language, visitor.customer.as_ref().map(|customer| customer.id), frame.as_of).await?;
            (cart, Some(token))
        }
    };
    let picked: Vec<(String, String)> =
        (0..3).map(|at| format!("option-{at}")).filter(|name| form.has(name)).map(|name| (name.clone(), form.get(&name).to_owned())).collect();
    let choice: Vec<String> = picked.iter().map(|(_, value)| value.clone()).collect();
    if let Err(refused) = store::add(&mut tx, cart, number, &choice, qty, frame.as_of).await? {
        drop(tx);
        // The product's page leads to the nearest that there is.
        if let (store::AddRefused::NoSuchChoice, Some(product)) = (refused, Handle::parse(form.get("product"))) {
            let picked = form_urlencoded::Serializer::new(String::new()).extend_pairs(&picked).finish();
            return Ok(frame.see_other_saying(&format!("/products/{product}?{picked}"), "cart-flash-elsewhere"));
        }
        return page(&app, &frame, visitor.cart, StatusCode::UNPROCESSABLE_ENTITY, refuse(words(refused))).await;
    }
    tx.commit().await?;
    Ok(with_cart_cookie(frame.see_other_saying("/cart", "cart-flash-added"), token, &frame))
}

async fn update(State(app): State<App>, frame: Frame, visitor: Visitor, Path(line): Path<CartLineId>, form: Fields) -> PageResult {
    let cart = visitor.cart.ok_or(AppError::NotFound)?;
    let qty = if form.has("remove") { Some(0) } else { quantity(form.get("qty"), 0) };
    let Some(qty) = qty else {
        return page(&app, &frame, Some(cart), StatusCode::UNPROCESSABLE_ENTITY, frame.text("cart-refused-qty")).await;
    };
    let mut tx = app.db.begin().await?;
    let removed = match store::set_qty(&mut tx, cart, line, qty, frame.as_of).await? {
        Ok(before) => {
            tx.commit().await?;
            before.filter(|_| qty == 0)
        }
        Err(store::AddRefused::Unknown) => return Err(AppError::NotFound),
        Err(refused) => {
            drop(tx);
            return page(&app, &frame, Some(cart), StatusCode::UNPROCESSABLE_ENTITY, frame.text(words(refused))).await;
        }
    };
    Ok(frame.see_other(&removed.map_or_else(|| "/cart".to_owned(), |(number, qty)| format!("/cart?removed={number}&qty={qty}"))))
}

/// Delivery and tax are counted for another country; checkout begins with it.
async fn choose_country(State(app): State<App>, frame: Frame, visitor: Visitor, form: Fields) -> PageResult {
    let id = visitor.cart.ok_or(AppError::NotFound)?;
    let market = market_of(&app, &frame)?;
    let Some(country) = Country::parse(form.get("country")).filter(|country| market.sells_to(*country)) else {
        return page(&app, &frame, Some(id), StatusCode::UNPROCESSABLE_ENTITY, frame.text("checkout-country")).await;
    };
    let cart = store::find(&app.db, id).await?.ok_or(AppError::NotFound)?;
    let draft = Fields(cart.draft.0).with("country", country.code());
    store::save_draft(&app.db, id, &draft.0, frame.as_of).await?;
    Ok(frame.see_other("/cart"))
}

/// A quantity from `least` to the documented most; anything else is refused with a sentence (T2).
fn quantity(text: &str, least: i64) -> Option<i32> {
    let text = if text.is_empty() && least == 1 { "1" } else { text };
    whole_number(text).filter(|qty| (least..=MAX_QTY).contains(qty)).and_then(|qty| i32::try_from(qty).ok())
}

const fn words(refused: store::AddRefused) -> &'static str {
    match refused {
        store::AddRefused::Unknown | store::AddRefused::NoSuchChoice => "cart-refused-unknown",
        store::AddRefused::TooManyLines => "cart-refused-lines",
        store::AddRefused::BeingPaid => "cart-refused-paying",
    }
}

fn with_cart_cookie(mut response: Response, token: Option<String>, frame: &Frame) -> Response {
    if let Some(token) = token {
        response.headers_mut().append(header::SET_COOKIE, Cookie::Cart.set(&token, store::COOKIE_SECONDS, frame.site.is_https));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::quantity;

    #[test]
    fn only_plain_small_numbers_are_quantities() {
        for bad in ["-1", "0", "1000000000", "1.5", "١", "1e3", "+2", " 1000"] {
            assert_eq!(quantity(bad, 1), None, "{bad}");
        }
        assert_eq!(quantity("", 1), Some(1));
        assert_eq!(quantity("999", 1), Some(999));
        assert_eq!(quantity("0", 0), Some(0));
    }
}
