//! A new password for somebody who forgot theirs.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};

use super::caller::{Caller, after_sign_in, password};
use super::guard::Guard;
use super::sign_up::{LETTERS, check_password, email};
use super::{private, secret};
use crate::app::App;
use crate::base::CustomerId;
use crate::customers::store::accounts;
use crate::customers::tasks::{self, Task};
use crate::customers::{Account, reset};
use crate::orders;
use crate::platform::secrets;
use crate::web::filters;
use crate::web::{Fields, Frame, PageResult, Problems};

/// Tries at links from one place in 15 minutes.
const TRIES: i32 = 20;

#[derive(Template)]
#[template(path = "customers/reset_request.html")]
struct RequestPage<'a> {
    fields: &'a Fields,
    problems: &'a Problems,
}

/// GET /account/reset
pub async fn new(caller: Caller) -> PageResult {
    let page = RequestPage { fields: &Fields::default(), problems: &Problems::default() };
    caller.frame.page(private(&caller.frame, "customers-reset-title"), page)
}

/// POST /account/reset
pub async fn create(State(app): State<App>, caller: Caller, fields: Fields) -> PageResult {
    let mut problems = Problems::default();
    let Some(email) = email(&caller.frame, &fields, "email", &mut problems) else {
        let page = RequestPage { fields: &fields, problems: &problems };
        return caller.frame.page_with(StatusCode::UNPROCESSABLE_ENTITY, private(&caller.frame, "customers-reset-title"), page);
    };
    Guard::new("reset", &email.key(), caller.visitor.address, LETTERS).check(&app).await?;
    let now = app.now();
    let known = accounts::find_by_key(&app.db, &email.key()).await?;
    // For an address without account the letter is ordered for nobody: the same work, the same answer (T30).
    let customer = known.map_or_else(|| CustomerId::fresh(now), |account| account.id);
    Task::new(customer, caller.prefix(), now).enqueue(&app.db, tasks::RESET, now).await?;
    app.enqueued();
    Ok(caller.frame.see_other_saying("/account/sign-in", "customers-flash-reset-sent"))
}

#[derive(Template)]
#[template(path = "customers/reset.html")]
struct Page<'a> {
    account: &'a Account,
    token: &'a str,
    problems: &'a Problems,
}

/// GET /account/reset/{token}
pub async fn edit(State(app): State<App>, caller: Caller, Path(token): Path<String>) -> PageResult {
    Guard::new("reset-link", &token, caller.visitor.address, TRIES).check(&app).await?;
    let mut db = app.db.acquire().await?;
    let Some(account) = reset::pending(&mut db, &token, app.now()).await? else { return stale(&caller.frame) };
    let page = Page { account: &account, token: &token, problems: &Problems::default() };
    caller.frame.page(secret(&caller.frame, "customers-reset-new-title"), page)
}

/// POST /account/reset/{token}
pub async fn update(State(app): State<App>, caller: Caller, Path(token): Path<String>, fields: Fields) -> PageResult {
    Guard::new("reset-link", &token, caller.visitor.address, TRIES).check(&app).await?;
    let now = app.now();
    let Some(account) = reset::pending(&mut *app.db.acquire().await?, &token, now).await? else { return stale(&caller.frame) };
    let chosen = password(&fields, "password");
    let mut problems = Problems::default();
    check_password(&caller.frame, &chosen, &[&account.name, account.email.as_str()], "password", &mut problems);
    if !problems.is_empty() {
        let page = Page { account: &account, token: &token, problems: &problems };
        return caller.frame.page_with(StatusCode::UNPROCESSABLE_ENTITY, secret(&caller.frame, "customers-reset-new-title"), page);
    }
    let hash = secrets::hash_password(chosen).await?;
    let mut tx = app.db.begin().await?;
    let Some(account) = reset::reset(&mut tx, &token, &hash, caller.prefix(), now).await? else { return stale(&caller.frame) };
    orders::attach_guest_orders(&mut tx, account.id, &account.email_key).await?;
    let cookies = after_sign_in(&mut tx, &caller, account.id, now).await?;
    tx.commit().await?;
    app.enqueued();
    Guard::new("sign-in", &account.email_key, caller.visitor.address, 1).clear(&app).await?;
    let mut response = caller.frame.see_other_saying("/account", "customers-flash-password-changed");
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

#[derive(Template)]
#[template(path = "customers/stale.html")]
struct StalePage;

/// A link that was used, ended, or never was.
pub fn stale(frame: &Frame) -> PageResult {
    frame.page_with(StatusCode::NOT_FOUND, secret(frame, "customers-stale-title"), StalePage)
}
