//! Where an account is signed in, and ending that.

use askama::Template;
use axum::extract::{Path, State};

use super::caller::Caller;
use super::private;
use crate::app::App;
use crate::customers::session::{self, Session};
use crate::customers::store::sessions;
use crate::platform::secrets;
use crate::web::filters;
use crate::web::{AppError, Customer, PageResult};

#[derive(Template)]
#[template(path = "customers/sessions.html")]
struct Page {
    sessions: Vec<Session>,
}

/// GET /account/sessions
pub async fn index(State(app): State<App>, caller: Caller, Customer(customer): Customer) -> PageResult {
    let sessions = session::list(&app.db, customer.id, caller.token(), app.now()).await?;
    caller.frame.page(private(&caller.frame, "customers-sessions-title"), Page { sessions })
}

/// POST /account/sessions/{id}/delete
pub async fn destroy(State(app): State<App>, caller: Caller, Customer(customer): Customer, Path(id): Path<String>) -> PageResult {
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    if !sessions::delete_of(&app.db, customer.id, id).await? {
        return Err(AppError::NotFound);
    }
    Ok(caller.frame.see_other_saying("/account/sessions", "customers-flash-session-ended"))
}

/// POST /account/sessions/delete-others
pub async fn destroy_others(State(app): State<App>, caller: Caller, Customer(customer): Customer) -> PageResult {
    sessions::delete_others(&app.db, customer.id, &secrets::hash(caller.token())).await?;
    Ok(caller.frame.see_other_saying("/account/sessions", "customers-flash-sessions-ended"))
}
