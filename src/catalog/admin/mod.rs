//! Staff's pages of the catalogue: products with their variants, prices, pictures and stock, and collections.

mod collection_picture;
mod collections;
mod companions;
mod list;
mod loaded;
mod new;
mod options;
mod pictures;
mod product;
mod sale;
mod save;
mod status;
mod stock;
mod upload;
mod variants;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use serde_json::{Map, Value};
use sqlx::PgConnection;

use super::edit::{self, EditError, EditRefused};
use super::store::admin as store;
use crate::app::App;
use crate::base::{Actor, Instant, ProductId};
use crate::search;
use crate::staff;
use crate::web::limits::UPLOAD_BYTES;
use crate::web::{AppError, Fields, Problems};

pub fn admin_routes() -> Router<App> {
    Router::new()
        .route("/admin/products", get(list::index))
        .route("/admin/products/status", get(list::back).post(status::update))
        .route("/admin/products/new", get(new::new).post(new::create))
        .route("/admin/products/{id}", get(product::show).post(save::update))
        .route("/admin/products/{id}/variants", get(product::back).post(variants::update))
        .route("/admin/products/{id}/options", get(product::back).post(options::update))
        .route("/admin/products/{id}/sale", get(product::back).post(sale::create))
        .route("/admin/products/{id}/sale/end", get(product::back).post(sale::take_back))
        .route("/admin/products/{id}/pictures", get(product::back).post(pictures::create).layer(DefaultBodyLimit::max(UPLOAD_BYTES)))
        .route("/admin/products/{id}/companions", get(product::back).post(companions::update))
        .route("/admin/products/{id}/archive", get(product::back).post(status::archive))
        .route("/admin/products/{id}/unarchive", get(product::back).post(status::unarchive))
        .route("/admin/media/{id}", post(pictures::update))
        .route("/admin/variants/{id}/stock", get(stock::show).post(stock::update))
        .route("/admin/collections", get(collections::index))
        .route("/admin/collections/new", get(collections::new).post(collections::create))
        .route("/admin/collections/{id}", get(collections::show).post(collections::update))
        .route("/admin/collections/{id}/products", post(collections::products))
        .route("/admin/collections/{id}/picture", post(collection_picture::upload).layer(DefaultBodyLimit::max(UPLOAD_BYTES)))
        .route("/admin/collections/{id}/picture/words", post(collection_picture::update))
}

/// Takes the product's lock and checks that nobody saved it since the form was drawn.
async fn held(tx: &mut PgConnection, product: ProductId, fields: &Fields) -> Result<(), EditError> {
    let version = store::lock(tx, product).await?;
    if fields.get("version") == version.to_string() { Ok(()) } else { Err(EditRefused::Stale.into()) }
}

/// What every change of a product ends with: a newer version, stale pages, the search documents, an entry in the log.
async fn finish(tx: &mut PgConnection, actor: Actor, action: &str, product: ProductId, change: (Value, Value), at: Instant) -> Result<(), EditError> {
    edit::touch(&mut *tx, product, at).await?;
    noted(tx, actor, action, product, change, at).await
}

/// The same where the verb made the newer version already.
async fn noted(tx: &mut PgConnection, actor: Actor, action: &str, product: ProductId, change: (Value, Value), at: Instant) -> Result<(), EditError> {
    search::refresh(&mut *tx, product).await?;
    let (before, after) = change;
    Ok(staff::audit(&mut *tx, actor, action, "product", &product.to_string(), Some(before), Some(after), at).await?)
}

/// A refusal becomes a sentence beside its field; what the database could not do ends the request.
fn refused(error: EditError, problems: &mut Problems) -> Result<(), AppError> {
    match error {
        EditError::Refused(refused) => {
            problems.add(refused.field(), refused.to_string());
            Ok(())
        }
        EditError::Db(error) => Err(error.into()),
    }
}

/// The fields that differ, as they were and as they are: what the audit log keeps of a form.
fn difference(before: &Fields, after: &Fields) -> (Value, Value) {
    let (mut was, mut is) = (Map::new(), Map::new());
    let names = before.0.iter().chain(&after.0).map(|(name, _)| name.as_str());
    for name in names.filter(|name| *name != "version") {
        // Browsers send each end of a line as two characters.
        let values = |fields: &Fields| Value::from(fields.all(name).collect::<Vec<_>>().join("\n").replace("\r\n", "\n"));
        if values(before) != values(after) {
            was.insert(name.to_owned(), values(before));
            is.insert(name.to_owned(), values(after));
        }
    }
    (was.into(), is.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_audit_log_keeps_what_differs() {
        let fields = |pairs: &[(&str, &str)]| Fields(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect());
        let (was, is) = difference(
            &fields(&[("title", "Mug"), ("sku", "A"), ("version", "1"), ("text", "a\nb")]),
            &fields(&[("title", "Cup"), ("sku", "A"), ("version", "2"), ("in", "x"), ("text", "a\r\nb")]),
        );
        assert_eq!(was, serde_json::json!({ "title": "Mug", "in": "" }));
        assert_eq!(is, serde_json::json!({ "title": "Cup", "in": "x" }));
    }
}
