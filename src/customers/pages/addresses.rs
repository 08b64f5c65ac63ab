//! The address book.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use super::private;
use crate::app::App;
use crate::base::{AddressId, Country, CustomerId};
use crate::customers::address_book::{SavedAddress, delete_address, save_address};
use crate::customers::store::addresses;
use crate::web::address_form::{address, fields_of};
use crate::web::filters;
use crate::web::{AppError, Customer, Fields, Frame, PageResult, Problems};

#[derive(Template)]
#[template(path = "customers/addresses.html")]
struct Page<'a> {
    addresses: Vec<SavedAddress>,
    countries: Vec<Country>,
    fields: &'a Fields,
    problems: &'a Problems,
}

/// GET /account/addresses
pub async fn index(State(app): State<App>, frame: Frame, Customer(customer): Customer) -> PageResult {
    let fields = Fields::default().with("name", &customer.name);
    list(&app, &frame, customer.id, StatusCode::OK, &fields, &Problems::default()).await
}

async fn list(app: &App, frame: &Frame, customer: CustomerId, status: StatusCode, fields: &Fields, problems: &Problems) -> PageResult {
    let page = Page { addresses: addresses::list(&app.db, customer).await?, countries: countries(app, fields), fields, problems };
    frame.page_with(status, private(frame, "customers-addresses-title"), page)
}

/// The countries that any market sells to, by name, and the one that was chosen before.
fn countries(app: &App, fields: &Fields) -> Vec<Country> {
    let rules = app.rules();
    let mut countries: Vec<Country> = rules.markets.iter().flat_map(|market| market.countries.iter().copied()).collect();
    countries.extend(Country::parse(fields.get("country")));
    countries.sort_by_key(|country| (country.name(), *country));
    countries.dedup();
    countries
}

/// POST /account/addresses
pub async fn create(State(app): State<App>, frame: Frame, Customer(customer): Customer, fields: Fields) -> PageResult {
    let mut problems = Problems::default();
    if let Some(address) = address(&fields, &frame.site, &mut problems) {
        let mut tx = app.db.begin().await?;
        if save_address(&mut tx, customer.id, None, &address, fields.has("is_default"), app.now()).await? {
            tx.commit().await?;
            return Ok(frame.see_other_saying("/account/addresses", "customers-flash-address-saved"));
        }
        problems.add("name", frame.text("customers-addresses-full"));
    }
    list(&app, &frame, customer.id, StatusCode::UNPROCESSABLE_ENTITY, &fields, &problems).await
}

#[derive(Template)]
#[template(path = "customers/address_edit.html")]
struct EditPage<'a> {
    id: AddressId,
    countries: Vec<Country>,
    fields: &'a Fields,
    problems: &'a Problems,
}

/// GET /account/addresses/{id}/edit
pub async fn edit(State(app): State<App>, frame: Frame, Customer(customer): Customer, Path(id): Path<String>) -> PageResult {
    let known = find(&app, customer.id, &id).await?;
    let mut fields = fields_of(&known.address);
    if known.is_default {
        fields = fields.with("is_default", "1");
    }
    let page = EditPage { id: known.id, countries: countries(&app, &fields), fields: &fields, problems: &Problems::default() };
    frame.page(private(&frame, "customers-addresses-edit-title"), page)
}

/// POST /account/addresses/{id}/edit
pub async fn update(State(app): State<App>, frame: Frame, Customer(customer): Customer, Path(id): Path<String>, fields: Fields) -> PageResult {
    let known = find(&app, customer.id, &id).await?;
    let mut problems = Problems::default();
    let Some(address) = address(&fields, &frame.site, &mut problems) else {
        let page = EditPage { id: known.id, countries: countries(&app, &fields), fields: &fields, problems: &problems };
        return frame.page_with(StatusCode::UNPROCESSABLE_ENTITY, private(&frame, "customers-addresses-edit-title"), page);
    };
    let mut tx = app.db.begin().await?;
    if !save_address(&mut tx, customer.id, Some(known.id), &address, fields.has("is_default"), app.now()).await? {
        return Err(AppError::NotFound);
    }
    tx.commit().await?;
    Ok(frame.see_other_saying("/account/addresses", "customers-flash-address-saved"))
}

/// POST /account/addresses/{id}/delete
pub async fn destroy(State(app): State<App>, frame: Frame, Customer(customer): Customer, Path(id): Path<String>) -> PageResult {
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    let mut tx = app.db.begin().await?;
    if !delete_address(&mut tx, customer.id, id).await? {
        return Err(AppError::NotFound);
    }
    tx.commit().await?;
    Ok(frame.see_other_saying("/account/addresses", "customers-flash-address-deleted"))
}

async fn find(app: &App, customer: CustomerId, id: &str) -> Result<SavedAddress, AppError> {
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    addresses::find(&app.db, customer, id).await?.ok_or(AppError::NotFound)
}
