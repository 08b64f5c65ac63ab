//! The admin's own pages, which belong to no room: the search over all of them, and the keys. Has no table; every room offers what can
//! be found in it, and staff are asked about nothing that their role may not see.

mod keys;
mod search;

use axum::Router;
use axum::routing::get;

use crate::app::App;

pub fn admin_routes() -> Router<App> {
    Router::new().route("/admin/search", get(search::show)).route("/admin/keys", get(keys::show))
}
