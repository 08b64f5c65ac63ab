//! Customers as staff see them: who they are, what they ordered, where it goes.

use askama::Template;
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::routing::get;

use super::account::Account;
use super::address_book::SavedAddress;
use super::store;
use crate::app::App;
use crate::base::CustomerId;
use crate::orders;
use crate::orders::{Filter, Listed, Spent};
use crate::staff::{Orders, Staff};
use crate::web::frame::AdminFrame;
use crate::web::{AppError, Fields, PageResult, filters};

/// Customers on one page.
const PAGE: usize = 50;
/// Longest search, in characters.
const QUERY: usize = 100;
/// Orders shown with a customer; the rest is in the list of orders.
const RECENT: i64 = 100;

pub fn admin_routes() -> Router<App> {
    Router::new().route("/admin/customers", get(index)).route("/admin/customers/{id}", get(show))
}

#[derive(Template)]
#[template(path = "customers/admin/list.html")]
struct List {
    customers: Vec<Account>,
    spent: Vec<Spent>,
    q: String,
    /// Address of the next page.
    older: Option<String>,
    is_first: bool,
}

impl List {
    fn of<'a>(&'a self, customer: &'a Account) -> impl Iterator<Item = &'a Spent> {
        self.spent.iter().filter(|row| row.customer_id == customer.id)
    }

    fn orders(&self, customer: &Account) -> i64 {
        self.of(customer).map(|row| row.orders).sum()
    }
}

async fn index(State(app): State<App>, frame: AdminFrame, _: Staff<Orders>, RawQuery(query): RawQuery) -> PageResult {
    let fields = Fields(form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect());
    let q: String = fields.get("q").replace('\0', "").chars().take(QUERY).collect();
    let before: Option<CustomerId> = fields.get("before").parse().ok();
    let mut customers = store::admin::search(&app.db, &q, before, i64::try_from(PAGE).unwrap_or_default() + 1).await?;
    let has_more = customers.len() > PAGE;
    customers.truncate(PAGE);
    let older = customers.last().filter(|_| has_more).map(|last| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !q.is_empty() {
            query.append_pair("q", &q);
        }
        format!("/admin/customers?{}", query.append_pair("before", &last.id.to_string()).finish())
    });
    let ids: Vec<CustomerId> = customers.iter().map(|customer| customer.id).collect();
    let spent = orders::spent(&app.db, &ids).await?;
    frame.page("Customers", List { customers, spent, q, older, is_first: before.is_none() })
}

#[derive(Template)]
#[template(path = "customers/admin/show.html")]
struct Show {
    customer: Account,
    spent: Vec<Spent>,
    orders: Vec<Listed>,
    addresses: Vec<SavedAddress>,
}

async fn show(State(app): State<App>, frame: AdminFrame, _: Staff<Orders>, Path(id): Path<String>) -> PageResult {
    let id: CustomerId = id.parse().map_err(|_| AppError::NotFound)?;
    let customer = store::accounts::find(&app.db, id).await?.ok_or(AppError::NotFound)?;
    let page = Show {
        spent: orders::spent(&app.db, &[id]).await?,
        orders: orders::search(&app.db, &Filter { customer: Some(id), ..Filter::default() }, RECENT).await?,
        addresses: store::addresses::list(&app.db, id).await?,
        customer,
    };
    let title = page.customer.name.clone();
    frame.page(&title, page)
}
