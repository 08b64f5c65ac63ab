//! The merchant's order desk: find an order, see all that happened, ship it, book and give back money.

mod goods;
mod list;
mod marks;
mod money;
mod show;
mod timeline;
mod typed;

use axum::Router;
use axum::routing::{MethodRouter, get, post};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::order::Order;
use super::store;
use crate::app::App;
use crate::base::{Actor, Instant, OrderId};
use crate::staff;
use crate::web::AppError;

pub fn admin_routes() -> Router<App> {
    // A form's address opened by hand, after a refusal say, leads back to its order.
    let form = |handler: MethodRouter<App>| handler.get(show::back);
    Router::new()
        .route("/admin/orders", get(list::index))
        .route("/admin/orders/{id}", get(show::show))
        .route("/admin/orders/{id}/cancellation", form(post(money::cancellation)))
        .route("/admin/orders/{id}/refunds", form(post(money::refunds)))
        .route("/admin/orders/{id}/payment", form(post(money::payment)))
        .route("/admin/orders/{id}/rest", form(post(money::waive)))
        .route("/admin/orders/{id}/parcels", form(post(goods::parcels)))
        .route("/admin/orders/{id}/flag/clear", form(post(marks::clear_flag)))
        .route("/admin/orders/{id}/note", form(post(marks::note)))
        .route("/admin/orders/{id}/letters", form(post(marks::letters)))
}

fn order_id(text: &str) -> Result<OrderId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

fn path(order: OrderId) -> String {
    format!("/admin/orders/{order}")
}

/// What the audit log keeps of an order.
fn state(order: &Order) -> Value {
    json!({
        "status": order.status,
        "payment_status": order.payment_status,
        "fulfilment_status": order.fulfilment_status,
        "flag": order.flag,
    })
}

/// Notes what was done to `before`, with what it is now and `what` was typed.
async fn audit(db: &mut PgConnection, actor: Actor, action: &str, before: &Order, what: Value, at: Instant) -> sqlx::Result<()> {
    let now = store::find(&mut *db, before.id).await?;
    let mut after = now.as_ref().map_or_else(|| json!({}), state);
    if let Some(after) = after.as_object_mut() {
        after.insert("done".into(), what);
    }
    staff::audit(db, actor, action, "order", &before.id.to_string(), Some(state(before)), Some(after), at).await
}
