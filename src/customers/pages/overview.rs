//! The front page of an account.

use askama::Template;
use axum::extract::State;

use super::orders::Row;
use super::private;
use crate::app::App;
use crate::orders;
use crate::web::filters;
use crate::web::{Customer, Frame, PageResult, SignedIn};

#[derive(Template)]
#[template(path = "customers/account.html")]
struct Page<'a> {
    customer: &'a SignedIn,
    orders: Vec<Row>,
}

/// GET /account
pub async fn show(State(app): State<App>, frame: Frame, Customer(customer): Customer) -> PageResult {
    let recent = orders::of_customer(&app.db, customer.id, None, 5).await?;
    let page = Page { customer: &customer, orders: recent.into_iter().map(Row::from).collect() };
    frame.page(private(&frame, "customers-account-title"), page)
}
