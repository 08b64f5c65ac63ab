//! Confirming an address: the link shows a button, only the button confirms, because mail scanners follow links.

use askama::Template;
use axum::extract::{Path, State};

use super::caller::Caller;
use super::guard::Guard;
use super::reset::stale;
use super::secret;
use super::sign_up::LETTERS;
use crate::app::App;
use crate::base::Email;
use crate::customers::tasks::{self, Task};
use crate::customers::{Account, verify};
use crate::orders;
use crate::web::filters;
use crate::web::{Customer, PageResult};

/// Tries at links from one place in 15 minutes.
const TRIES: i32 = 20;

#[derive(Template)]
#[template(path = "customers/verify.html")]
struct Page<'a> {
    account: &'a Account,
    email: &'a Email,
    token: &'a str,
}

/// GET /account/verify/{token}
pub async fn show(State(app): State<App>, caller: Caller, Path(token): Path<String>) -> PageResult {
    Guard::new("verify-link", &token, caller.visitor.address, TRIES).check(&app).await?;
    let mut db = app.db.acquire().await?;
    let Some((account, email)) = verify::pending(&mut db, &token, app.now()).await? else { return stale(&caller.frame) };
    caller.frame.page(secret(&caller.frame, "customers-verify-title"), Page { account: &account, email: &email, token: &token })
}

/// POST /account/verify/{token}
pub async fn update(State(app): State<App>, caller: Caller, Path(token): Path<String>) -> PageResult {
    Guard::new("verify-link", &token, caller.visitor.address, TRIES).check(&app).await?;
    let mut tx = app.db.begin().await?;
    let Some(account) = verify::verify(&mut tx, &token, caller.prefix(), app.now()).await? else { return stale(&caller.frame) };
    orders::attach_guest_orders(&mut tx, account.id, &account.email_key).await?;
    tx.commit().await?;
    app.enqueued();
    let is_signed_in = caller.visitor.customer.is_some_and(|customer| customer.id == account.id);
    let target = if is_signed_in { "/account" } else { "/account/sign-in" };
    Ok(caller.frame.see_other_saying(target, "customers-flash-verified"))
}

/// POST /account/verification: the letter again.
pub async fn create(State(app): State<App>, caller: Caller, Customer(customer): Customer) -> PageResult {
    Guard::new("verification", &customer.id.to_string(), caller.visitor.address, LETTERS).check(&app).await?;
    let now = app.now();
    if !customer.is_verified {
        Task::new(customer.id, caller.prefix(), now).enqueue(&app.db, tasks::VERIFY, now).await?;
        app.enqueued();
    }
    Ok(caller.frame.see_other_saying("/account", "customers-flash-letter-sent"))
}
